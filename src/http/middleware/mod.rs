//! The whole middleware stack, in order.

pub(super) mod audit;
pub(super) mod auth;
mod clients;
mod held;
mod hosts;
pub(super) mod observe;
mod protocol;

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method};
use axum::middleware::{from_fn, from_fn_with_state};
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

pub(super) use held::bound as bound_held_answers;
pub(super) use protocol::{handler_timeout, leave_last_room, turned_away};

/// The largest request body, in bytes; handlers that need more say so.
const LARGEST_BODY: usize = 64 * 1024;

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
        .layer(
            CompressionLayer::new().compress_when(
                // A followed job must show each line at once, not when a gzip block is full.
                DefaultPredicate::new()
                    .and(NotForContentType::new("application/x-ndjson"))
                    // A workbook is packed already.
                    .and(NotForContentType::new("application/vnd.openxmlformats")),
            ),
        )
        // Inside of everything that the answer to a panic needs: id, metrics and security headers.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(protocol::refusals_close))
        .layer(from_fn(protocol::well_formed))
        .layer(from_fn_with_state(state.clone(), hosts::check))
        .layer(from_fn_with_state(state.clone(), auth::identify))
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    router.layer(layers)
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
