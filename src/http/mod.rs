//! The HTTP interface: one readable list of routes in [`router`], the whole middleware stack in `layers`, one file per
//! resource. Takes an [`Engine`](crate::service::Engine), serves until it is told to stop.
//!
//! The routes are one list in [`router`], which is also the OpenAPI document; the middleware is one list in `layers`. Unknown parameters are
//! refused by name. Errors are RFC 9457 problem documents with a closed list of codes ([`Code`]). Searching is CPU work and runs off the
//! reactor under a permit (`permits`); its deadline reaches into every loop over posting lists. Administration and health never wait for
//! permits. Exports and feeds are the listing of a search (eight bytes a hit), then batches of articles (`stream`).

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
