//! The HTTP interface. Takes a [`Service`](crate::service::Service) and serves until it is told to stop.
//!
//! `router`: all routes, one readable list. `routes`: the resources, one file or folder each. `request`, `answer`: what comes in
//! and what goes out. `middleware`: the whole stack, in order. `pages`, `docs`: the pages for people. `state`, `permits`: what
//! handlers share, and how many of them may search at once. `client`: who sent a request.
//! `public_address`: the address under which that client reaches gisa.

mod answer;
mod client;
mod docs;
mod middleware;
mod pages;
mod permits;
mod public_address;
mod request;
mod router;
mod routes;
mod serve;
mod state;
mod telemetry;
mod token;

pub use answer::{ApiError, Code, CodeInfo};
pub use router::{document, router};
pub use serve::{DRAIN, serve};
pub use state::AppState;
pub use token::{Token, TokenError, admin_secret, admin_token};
