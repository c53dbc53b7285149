//! The HTTP interface: one readable list of routes in [`router`], the whole middleware stack in `layers`, one file per
//! resource. Takes a [`Service`](crate::service::Service), serves until it is told to stop.

mod auth;
mod code;
mod described;
mod docs;
mod error;
mod extract;
mod layers;
mod lines;
mod pages;
mod params;
mod permits;
mod router;
mod routes;
mod serve;
mod state;
mod stream;
mod telemetry;

pub use auth::{Token, TokenError, admin_secret, admin_token};
pub use code::{Code, CodeInfo};
pub use error::ApiError;
pub use router::{document, router};
pub use serve::{DRAIN, serve};
pub use state::AppState;
