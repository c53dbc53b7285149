//! Where each request comes from, found out once.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::client::Client;
use crate::http::share::Share;
use crate::http::state::AppState;

/// Gives every request its [`Client`].
pub(super) async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let client = Client::of(peer, request.headers(), &state.config().server);
    // Probes come from the same machine for ever, and say nothing of readers.
    let probe = matches!(request.uri().path(), "/live" | "/ready" | "/metrics");
    if !client.through_proxy && !probe {
        state.one_address().note(client.address, Instant::now());
    }
    request.extensions_mut().insert(client);
    Share::of(client.address).during(next.run(request)).await
}
