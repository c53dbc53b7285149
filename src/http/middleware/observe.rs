//! The record of every request: a span, a log line and metrics.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::http::answer::request_id::current_request_id;
use crate::http::client::Client;
use crate::http::sampling::Sampler;

/// Lines a second for requests that were turned away: anybody can cause as many of them as the network carries.
static TURNED_AWAY: Sampler = Sampler::new("requests that were turned away");

/// Writes one span, one log line and the metrics of a request. Routes are named by their pattern, because the address may show
/// what a reporter is working on.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = method_label(request.method());
    let client = request.extensions().get::<Client>().map(|client| tracing::field::display(client.address));
    let span = tracing::info_span!("request", id = current_request_id(), method, route, client);
    let in_flight = InFlight::new();
    let response = next.run(request).instrument(span.clone()).await;
    drop(in_flight);
    let seconds = started.elapsed().as_secs_f64();
    let status = response.status();
    metrics::histogram!("http_request_seconds", "route" => route.clone()).record(seconds);
    let probe = matches!(route.as_str(), "/live" | "/ready" | "/metrics");
    let labels = [("route", route), ("method", method.to_owned()), ("status", status.as_str().to_owned())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    span.in_scope(|| {
        let (status, milliseconds) = (status.as_u16(), (seconds * 100_000.0).round() / 100.0);
        if status >= 500 && status != StatusCode::SERVICE_UNAVAILABLE.as_u16() {
            metrics::counter!("http_server_errors_total").increment(1);
            tracing::error!(status, milliseconds, "request");
        } else if probe {
            // Probes come every few seconds for ever and would bury everything else.
            tracing::debug!(status, milliseconds, "request");
        } else if status < 400 || TURNED_AWAY.allows(started) {
            tracing::info!(status, milliseconds, "request");
        }
    });
    response
}

/// The method as a label: a client may send any word as a method, and each label is kept in memory for ever.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Says how many lines were left out since the last one, if any were.
pub(in crate::http) fn say_what_was_left_out() {
    TURNED_AWAY.say(Instant::now());
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
