//! The HTTP interface. Takes a [`Service`](crate::service::Service) and serves until it is told to stop.
//!
//! `router`: all routes, one readable list. `routes`: the resources, one file or folder each. `request`, `answer`: what comes in
//! and what goes out. `middleware`: the whole stack, in order. `pages`, `docs`: the pages for people. `state`, `permits`: what
//! handlers share, and how many of them may search at once. `client`, `access`: where a request comes from, who asks, and what
//! they may do (`one_address`: whether that is a proxy). `public_address`: under which address they reach gisa. `audit`: who wrote and administered what. `connections`: the accept loop and its
//! limits. `share`: what fairness counts by.

mod access;
mod answer;
mod audit;
mod client;
mod connections;
mod docs;
mod language;
mod middleware;
mod one_address;
mod openapi;
mod pages;
mod permits;
mod public_address;
mod request;
mod router;
mod routes;
mod sampling;
mod serve;
mod share;
mod state;
mod telemetry;
mod token;

pub use answer::{ApiError, Code, CodeInfo};
pub use router::{document, router};
pub use serve::serve;
pub use state::AppState;
pub use token::{Token, TokenError, admin_secret, admin_token};
