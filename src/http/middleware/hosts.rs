//! Names under which the server may be asked.
//!
//! A page on the internet can make a name of its own point to this machine (DNS rebinding): the browser then lets that page read
//! every answer. It sends that name as `Host`, so a list of the right names keeps it out.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::Response;

use crate::http::answer::{ApiError, Code};
use crate::http::client::Client;
use crate::http::state::AppState;

/// Refuses requests for names that are not listed, where any are.
pub(super) async fn check(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let allowed = &state.config().server.allowed_hosts;
    if allowed.is_empty() {
        return Ok(next.run(request).await);
    }
    let host = request.uri().host().or_else(|| request.headers().get(HOST).and_then(|host| host.to_str().ok()));
    let name = name_of(host.unwrap_or_default()).to_ascii_lowercase();
    let local = request.extensions().get::<Client>().is_some_and(|client| client.address.is_loopback());
    let probe = matches!(request.uri().path(), "/live" | "/ready");
    // A name for this machine that nobody else can give: commands and probes use it.
    let own = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if allowed.contains(&name) || local && (probe || own) {
        return Ok(next.run(request).await);
    }
    let shown: String = name.chars().take(100).collect();
    Err(ApiError::new(Code::WrongHost, format!("{shown:?} is not in `server.allowed_hosts`")))
}

/// A host without its port and brackets.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_and_brackets_are_no_part_of_a_name() {
        for (host, name) in
            [("a.example", "a.example"), ("a.example:80", "a.example"), ("[::1]:80", "::1"), ("[::1]", "::1"), ("", "")]
        {
            assert_eq!(name_of(host), name);
        }
    }
}
