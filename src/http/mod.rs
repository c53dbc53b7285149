//! The HTTP interface: one readable list of routes in [`router`], the whole middleware stack in `layers`, one file per
//! resource. Takes an [`Engine`](crate::engine::Engine), serves until it is told to stop.

mod admin;
mod analyze;
mod articles;
mod auth;
mod bulk;
mod code;
mod described;
mod docs;
mod error;
mod export;
mod extract;
mod facets;
mod feed;
mod highlight;
mod layers;
mod lexicon;
mod lines;
mod opensearch;
mod ops;
mod params;
mod permits;
mod related;
mod restore;
mod router;
mod search;
mod serve;
mod state;
mod stream;
mod suggest;
mod telemetry;
mod web;
mod writes;

pub use auth::{Token, TokenError, admin_secret, admin_token};
pub use code::{Code, CodeInfo};
pub use error::ApiError;
pub use router::{document, router};
pub use serve::{DRAIN, serve};
pub use state::AppState;
