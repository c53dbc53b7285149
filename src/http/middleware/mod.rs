//! The whole middleware stack, in order.

pub(super) mod audit;
pub(super) mod auth;
mod clients;
mod hosts;
mod observe;

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, COOKIE, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::sensitive_headers::SetSensitiveRequestHeadersLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use super::answer::ApiError;
use super::answer::request_id::{REQUEST_ID, request_id};
use super::state::AppState;
use crate::config::Config;

/// The largest request body, in bytes; handlers that need more say so.
const LARGEST_BODY: usize = 64 * 1024;
/// A body of at most this many bytes arrives with its request or immediately after it.
const SHORT_BODY: u64 = 4 * 1024;
/// How long a handler may take to begin its answer. Searches have their own, shorter deadline.
const HANDLER_TIMEOUT: Duration = Duration::from_secs(90);

/// Wraps `router` in the stack. A request passes from top to bottom, its answer from bottom to top.
pub(super) fn wrap(router: Router, state: &AppState) -> Router {
    let config = state.config();
    let layers = tower::ServiceBuilder::new()
        // Outermost, so that every answer carries an id, even after a panic.
        .layer(from_fn(request_id))
        .layer(from_fn_with_state(state.clone(), clients::identify))
        .layer(SetSensitiveRequestHeadersLayer::new([AUTHORIZATION, COOKIE]))
        // Span, log line and metrics: outside of every layer that may still change the status.
        .layer(from_fn(observe::observe))
        .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, content_security_policy(config)))
        .layer(SetResponseHeaderLayer::overriding(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::overriding(REFERRER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(SetResponseHeaderLayer::overriding(
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
        ))
        // Answers change with every reindex; files that may be cached say so themselves.
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(cors(config))
        .layer(CompressionLayer::new().compress_when(
            // A followed job must show each line at once, not when a gzip block is full.
            DefaultPredicate::new().and(NotForContentType::new("application/x-ndjson")),
        ))
        // Inside of everything that the answer to a panic needs: id, metrics and security headers.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(refusals_close))
        .layer(from_fn_with_state(state.clone(), hosts::check))
        .layer(from_fn_with_state(state.clone(), auth::identify))
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    router.layer(layers)
}

/// Closes the connection after a refusal whose body may not have been read: no token, a wrong type, too large. What is left
/// of the body would be taken for the next request, so nothing can follow on this connection, and the client must be told.
async fn refusals_close(request: Request, next: Next) -> Response {
    let long = request.body().size_hint().upper().is_none_or(|bytes| bytes > SHORT_BODY);
    let mut response = next.run(request).await;
    let refused = response.status().is_client_error() || response.status().is_server_error();
    if long && refused {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Gives up a handler that hangs, so that it does not hold its client for ever. This ends the waiting, not work that
/// already runs on another thread.
///
/// On all routes except bulk writing, which takes as long as its client keeps sending.
pub(super) async fn handler_timeout(request: Request, next: Next) -> Response {
    match tokio::time::timeout(HANDLER_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::internal("a handler did not begin its answer in time").into_response(),
    }
}

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
    ApiError::internal(format_args!("panic: {text}")).into_response()
}

/// Everything comes from this site itself: nothing inline, nothing from elsewhere. No script may turn text into markup or
/// code, which the pages never do (`trusted-types 'none'`). Frames are for the page that shows how to embed the search.
fn content_security_policy(config: &Config) -> HeaderValue {
    let mut policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
         frame-src 'self'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; \
         trusted-types 'none'; frame-ancestors 'self'"
            .to_owned();
    for origin in &config.embed.frame_ancestors {
        policy.push(' ');
        policy.push_str(origin);
    }
    // The settings were checked: an origin holds only what a header can carry.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Scripts of the listed origins may read; none may write, and none sends cookies.
fn cors(config: &Config) -> CorsLayer {
    let origins = config.embed.cors_origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET])
        .expose_headers(
            [REQUEST_ID, "x-total-count", "x-truncated", "x-next-cursor"].map(HeaderName::from_static),
        )
        .max_age(Duration::from_secs(3600))
}
