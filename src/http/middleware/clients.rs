//! Where each request comes from, found out once.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::client::Client;
use crate::http::state::AppState;

/// Gives every request its [`Client`].
pub(super) async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let client = Client::of(peer, request.headers(), &state.config().server);
    request.extensions_mut().insert(client);
    next.run(request).await
}
