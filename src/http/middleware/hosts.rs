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
    require_listed(&state.config().server.allowed_hosts, &request)?;
    Ok(next.run(request).await)
}

fn require_listed(allowed: &[String], request: &Request) -> Result<(), ApiError> {
    if allowed.is_empty() {
        return Ok(());
    }
    let client = request.extensions().get::<Client>();
    let through_proxy = client.is_some_and(|client| client.through_proxy);
    let header = |name: &str| request.headers().get(name).and_then(|host| host.to_str().ok());
    // A trusted proxy says which name it was asked by; `Host` is then often that of its own configuration.
    let forwarded = header("x-forwarded-host").filter(|_| through_proxy);
    let host = forwarded.or_else(|| request.uri().host()).or_else(|| header(HOST.as_str()));
    let name = name_of(host.unwrap_or_default()).to_ascii_lowercase();
    let local = client.is_some_and(|client| client.address.is_loopback());
    let probe = matches!(request.uri().path(), "/live" | "/ready");
    // A name for this machine that nobody elsewhere can use: commands, probes, and proxies on it do.
    let own = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if allowed.contains(&name) || local && (probe || own) || through_proxy && forwarded.is_none() && own {
        return Ok(());
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
        for (host, name) in [
            ("a.example", "a.example"),
            ("a.example:80", "a.example"),
            ("[::1]:80", "::1"),
            ("[::1]", "::1"),
            ("", ""),
        ] {
            assert_eq!(name_of(host), name);
        }
    }
}
