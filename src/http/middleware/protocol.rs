//! What HTTP itself demands of a request, and how long its body may take.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::{CONNECTION, CONTENT_ENCODING, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderValue, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};

use crate::http::answer::{ApiError, Code};
use crate::http::connections::Room;

/// How long a handler may take to begin its answer, its body included. Searches have their own, shorter deadline.
const HANDLER_TIMEOUT: Duration = Duration::from_secs(90);
/// A body of at most this many bytes arrives with its request or immediately after it.
const SHORT_BODY: u64 = 4 * 1024;

/// Refuses what cannot be read for certain: a request of HTTP/1.1 without exactly one `Host` (RFC 9112, 3.2), and a body that is
/// packed. Read as it is, a packed body would be a list of broken lines, and a script that looks at the status alone would
/// lose its articles.
pub(super) async fn well_formed(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if request.version() == Version::HTTP_11 && headers.get_all(HOST).iter().count() != 1 {
        let detail = "a request of HTTP/1.1 needs exactly one header `Host`";
        return ApiError::new(Code::BadRequest, detail).into_response();
    }
    // Each may come in a header of its own.
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    if let Some(encoding) = encodings.find(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        let detail = format!(
            "send the body as it is, without `Content-Encoding: {}`",
            encoding.to_str().unwrap_or("…")
        );
        return ApiError::new(Code::UnsupportedMediaType, detail).into_response();
    }
    // The other way to pack a body: `gzip, chunked` (RFC 9112, 6.1).
    let transfers = headers.get_all(TRANSFER_ENCODING).iter();
    let mut codings = transfers.flat_map(|codings| codings.as_bytes().split(|byte| *byte == b','));
    if codings.any(|coding| {
        !coding.trim_ascii().eq_ignore_ascii_case(b"chunked") && !coding.trim_ascii().is_empty()
    }) {
        let detail = "send the body as it is, with no other `Transfer-Encoding` than `chunked`";
        return ApiError::new(Code::UnsupportedMediaType, detail).into_response();
    }
    next.run(request).await
}

/// Turns a search away where only the places are left that are kept for probes and administration.
pub(in crate::http) async fn leave_last_room(request: Request, next: Next) -> Response {
    if request.extensions().get::<Room>() != Some(&Room::Last) {
        return next.run(request).await;
    }
    turned_away()
}

/// The answer to what may not have the last room.
pub(in crate::http) fn turned_away() -> Response {
    metrics::counter!("search_shed_total").increment(1);
    let error =
        ApiError::new(Code::Overloaded, "too many requests are being answered already").retry_after(1);
    let mut response = error.into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Closes the connection after a refusal whose body may not have been read: no token, a wrong type, too large. What is left
/// of the body would be taken for the next request, so nothing can follow on this connection, and the client must be told.
pub(super) async fn refusals_close(request: Request, next: Next) -> Response {
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
pub(in crate::http) async fn handler_timeout(request: Request, next: Next) -> Response {
    answered_within(HANDLER_TIMEOUT, request, |request| next.run(request)).await
}

async fn answered_within<F: Future<Output = Response>>(
    limit: Duration,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let arrived = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let body = Arc::clone(&arrived);
    let request = request.map(|inner| Body::new(Watched { inner, arrived: body }));
    match tokio::time::timeout(limit, answer(request)).await {
        Ok(response) => response,
        Err(_) if arrived.load(Ordering::Relaxed) => {
            ApiError::internal("a handler did not begin its answer in time").into_response()
        }
        // The client's fault, or its network's.
        Err(_) => {
            let detail = format!("the body did not arrive within {} seconds", limit.as_secs());
            let mut response = ApiError::new(Code::RequestTimeout, detail).into_response();
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            response
        }
    }
}

/// A body that notes when all of it has arrived.
struct Watched {
    inner: Body,
    arrived: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.inner).poll_frame(context);
        if self.inner.is_end_stream() || matches!(frame, Poll::Ready(None)) {
            self.arrived.store(true, Ordering::Relaxed);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use futures::{StreamExt as _, stream};

    use super::*;

    #[tokio::test]
    async fn a_body_that_stops_is_the_clients_fault_and_a_handler_that_hangs_is_not() {
        let first = stream::iter([Ok::<_, axum::Error>(Bytes::from_static(b"half"))]);
        let stopped = Request::new(Body::from_stream(first.chain(stream::pending())));
        let whole = Request::new(Body::from("all of it"));
        let hanging = |request: Request| async {
            let _ = to_bytes(request.into_body(), usize::MAX).await;
            std::future::pending().await
        };
        for (request, status) in [(stopped, 408), (whole, 500), (Request::default(), 500)] {
            let response = answered_within(Duration::from_millis(1), request, hanging).await;
            assert_eq!(response.status(), status);
        }
    }
}
