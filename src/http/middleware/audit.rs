//! Every write and administration, for the audit log.

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use crate::http::access::{Caller, Identity, Who};
use crate::http::answer::request_id::current_request_id;
use crate::http::audit::Entry;
use crate::http::client::Client;
use crate::http::state::AppState;

/// Notes who did what, and with which result: whatever may change something, once it is answered. Nobody without a key is noted:
/// whoever tries keys must not push out of the log what happened.
pub(in crate::http) async fn note(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(log) = state.audit().filter(|_| !matches!(*request.method(), Method::GET | Method::HEAD)) else {
        return next.run(request).await;
    };
    let identity = request.extensions().get::<Identity>();
    let caller = identity.and_then(|Identity(caller)| caller.as_ref().ok()).cloned();
    let address = request.extensions().get::<Client>().map(|client| client.address);
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let (method, target) = (request.method().to_string(), request.uri().path().to_owned());
    let response = next.run(request).await;
    // Whoever signs in shows who they are in the request itself.
    let caller =
        response.extensions().get::<Caller>().cloned().or(caller).filter(|caller| caller.who != Who::Nobody);
    if let Some((caller, address)) = caller.zip(address) {
        log.write(Entry {
            who: caller.who.name().to_owned(),
            by: caller.who.kind(),
            person: caller.person,
            signed_in: caller.by_cookie,
            address,
            method,
            route: route.unwrap_or_default(),
            target,
            status: response.status().as_u16(),
            request_id: current_request_id(),
        });
    }
    response
}
