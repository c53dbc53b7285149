//! The whole middleware stack, in order, and the layers that are our own.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::sensitive_headers::SetSensitiveRequestHeadersLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tracing::Instrument;

use super::code::Code;
use super::error::ApiError;
use crate::config::Config;

/// The name of the request id in requests and answers.
pub(super) const REQUEST_ID: &str = "x-request-id";
/// The longest request id that is taken over, in characters.
const LONGEST_REQUEST_ID: usize = 128;
/// The largest request body, in bytes; handlers that need more say so.
const LARGEST_BODY: usize = 64 * 1024;
/// A body up to so many bytes comes with its request, or just behind it.
const SHORT_BODY: u64 = 4 * 1024;
/// A handler that has not begun to answer by then is given up. Searches have their own, shorter deadline.
const PATIENCE: Duration = Duration::from_secs(90);

tokio::task_local! {
    static CURRENT: HeaderValue;
}

/// The request id of the request that this task works for; empty outside of one.
pub(super) fn current_request_id() -> String {
    CURRENT.try_with(|id| id.to_str().unwrap_or_default().to_owned()).unwrap_or_default()
}

/// Wraps `router` into the stack. A request passes from top to bottom, its answer from bottom to top.
pub(super) fn wrap(router: Router, config: &Config) -> Router {
    let layers = tower::ServiceBuilder::new()
        // Outermost, so that every answer carries an id, also that of a panic.
        .layer(from_fn(request_id))
        .layer(SetSensitiveRequestHeadersLayer::new([axum::http::header::AUTHORIZATION]))
        // Span, log line and metrics: see the final status, so outside of what may change it.
        .layer(from_fn(observe))
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
        // Answers change with every reindex; files that may be kept say so themselves.
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(cors(config))
        .layer(CompressionLayer::new().compress_when(
            // A followed job must show each line at once, not when a gzip block is full.
            DefaultPredicate::new().and(NotForContentType::new("application/x-ndjson")),
        ))
        // Inside of everything that a panic's answer needs: id, metrics and security headers.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(refusals_close))
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    router.layer(layers)
}

/// Takes a well-formed `x-request-id` over, makes one otherwise, and returns it with the answer.
async fn request_id(request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .filter(|id| is_well_formed(id))
        .cloned()
        .unwrap_or_else(new_request_id);
    let mut response = CURRENT.scope(id.clone(), next.run(request)).await;
    response.headers_mut().insert(HeaderName::from_static(REQUEST_ID), id);
    response
}

/// A request may be refused (no token, a wrong type, too large) before its body was read, and then nothing can follow on its
/// connection. A client that is not told sends its next request into it.
async fn refusals_close(request: Request, next: Next) -> Response {
    let long = request.body().size_hint().upper().is_none_or(|bytes| bytes > SHORT_BODY);
    let mut response = next.run(request).await;
    let refused = response.status().is_client_error() || response.status().is_server_error();
    if long && refused {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// What can stand in a log and a header without harm.
fn is_well_formed(id: &HeaderValue) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    (1..=LONGEST_REQUEST_ID).contains(&id.len()) && id.as_bytes().iter().all(allowed)
}

fn new_request_id() -> HeaderValue {
    let mut bytes = [0_u8; 16];
    // Without random numbers all requests share one id; they are served all the same.
    let _ = getrandom::fill(&mut bytes);
    let id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("0"))
}

/// One span, one log line and the metrics of a request. Routes are named by their pattern: the address may hold what a
/// reporter is working on.
async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = current_request_id(), %method, route);
    let in_flight = InFlight::new();
    let response = next.run(request).instrument(span.clone()).await;
    drop(in_flight);
    let seconds = started.elapsed().as_secs_f64();
    let status = response.status();
    metrics::histogram!("http_request_seconds", "route" => route.clone()).record(seconds);
    let probe = matches!(route.as_str(), "/live" | "/ready" | "/metrics");
    let labels = [("route", route), ("method", method.to_string()), ("status", status.as_str().to_owned())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    span.in_scope(|| {
        let (status, milliseconds) = (status.as_u16(), (seconds * 100_000.0).round() / 100.0);
        if status >= 500 && status != StatusCode::SERVICE_UNAVAILABLE.as_u16() {
            tracing::error!(status, milliseconds, "request");
        } else if probe {
            // Every few seconds, for ever.
            tracing::debug!(status, milliseconds, "request");
        } else {
            tracing::info!(status, milliseconds, "request");
        }
    });
    response
}

/// Counts a request as in flight until it is dropped, also when its client goes away.
struct InFlight;

impl InFlight {
    fn new() -> Self {
        metrics::gauge!("http_requests_in_flight").increment(1.0);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics::gauge!("http_requests_in_flight").decrement(1.0);
    }
}

/// A handler that hangs must not hold its client for ever. Ends waiting, not work that already runs on another thread.
///
/// On all routes but that of a bulk, which takes as long as its client sends.
pub(super) async fn patience(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::internal("a handler took longer than its patience").into_response(),
    }
}

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
    ApiError::internal(format_args!("panic: {text}")).into_response()
}

/// Everything from this site itself, nothing inline, nothing from elsewhere; and no script may make markup or code of text,
/// which the pages never do (`trusted-types 'none'`). Frames are for the page that shows how to embed.
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
    // The settings were checked: origins hold nothing that a header cannot.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Scripts of the listed origins may read; none may write, none sends cookies.
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

/// An address that is none.
pub(super) async fn not_found(request: Request) -> ApiError {
    ApiError::new(Code::NotFound, format!("there is no address {}", request.uri().path()))
}

/// An address that does not take this method. The header `Allow` is added by the router.
pub(super) async fn method_not_allowed(request: Request) -> ApiError {
    let detail = format!("{} does not take {}", request.uri().path(), request.method());
    ApiError::new(Code::MethodNotAllowed, detail)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_are_taken_over_only_if_harmless() {
        for good in ["a", "3f2c-11", "req_1.2:3", &"a".repeat(128)] {
            assert!(is_well_formed(&HeaderValue::from_str(good).unwrap()), "{good}");
        }
        for bad in ["", "a b", "가", "a\"b", "<x>", &"a".repeat(129)] {
            assert!(!is_well_formed(&HeaderValue::from_bytes(bad.as_bytes()).unwrap()), "{bad}");
        }
        assert!(is_well_formed(&new_request_id()));
        assert_ne!(new_request_id(), new_request_id());
    }
}
