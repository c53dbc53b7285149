//! What every answer has in common: the request id, and failures with a [`Code`] from a closed list.

mod code;
mod error;
mod fault;
mod korean;
pub(super) mod notes;
pub(super) mod request_id;

pub use code::{Code, CodeInfo};
pub use error::{ApiError, Problem};
pub(super) use fault::Fault;
