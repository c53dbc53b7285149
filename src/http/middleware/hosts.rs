//! Names under which the server may be asked.
//!
//! A page on the internet can make a name of its own point to this machine (DNS rebinding): the browser then lets that page read
//! every answer. It sends that name as `Host`, so a list of the right names keeps it out.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::answer::{ApiError, Code};
use crate::http::client::{Client, FORWARDED_HOST};
use crate::http::state::AppState;

/// Refuses requests for names that are not listed, where any are.
pub(super) async fn check(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    require_listed(&state.config().server.allowed_hosts, &request)?;
    Ok(next.run(request).await)
}

fn require_listed(allowed: &[String], request: &Request) -> Result<(), ApiError> {
    if allowed.is_empty() {
        return Ok(());
    }
    let client = request.extensions().get::<Client>().copied();
    let name =
        client.and_then(|client| client.asked_name(request.uri(), request.headers())).unwrap_or_default();
    let through_proxy = client.is_some_and(|client| client.through_proxy);
    let forwarded = request.headers().contains_key(FORWARDED_HOST);
    let local = client.is_some_and(|client| client.address.is_loopback());
    let probe = matches!(request.uri().path(), "/live" | "/ready");
    // A name for this machine that nobody elsewhere can use: commands, probes, and proxies on it do.
    let own = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if allowed.contains(&name) || local && (probe || own) || through_proxy && !forwarded && own {
        return Ok(());
    }
    let shown: String = name.chars().take(100).collect();
    Err(ApiError::new(Code::WrongHost, format!("{shown:?} is not in `server.allowed_hosts`")))
}
