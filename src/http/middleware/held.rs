//! What answers take in memory until their readers have read them.
//!
//! An answer is made whole before its first byte is sent. Two thousand connections that ask for two megabytes each and read nothing would
//! hold gigabytes, so the bytes of all answers that wait have a limit, and those of one client a lower one. Streams (exports, feeds) are
//! made as they are read and are not counted.

use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::http::answer::{ApiError, Code};
use crate::http::client::Client;
use crate::http::share::Share;

/// Bytes of answers that wait, at most.
const ALL: u64 = 256 << 20;
/// Bytes of answers that wait for one client, at most; a single answer may be larger.
const OF_A_CLIENT: u64 = 128 << 20;
/// Smaller answers are not counted: what connections hold without an answer is of this size.
const SMALL: u64 = 64 << 10;
/// Bytes that are handed over at once. A copy, so that the rest of the answer is given back as soon as the last part is handed over.
const PART: usize = 32 << 10;

/// The process's, because its memory is.
static WAITING: Waiting = Waiting::new();

/// Answers that wait, by client.
struct Waiting {
    /// In bytes.
    of_clients: Mutex<FxHashMap<Share, u64>>,
}

impl Waiting {
    const fn new() -> Self {
        Self { of_clients: Mutex::new(FxHashMap::with_hasher(FxBuildHasher)) }
    }

    /// Counts an answer of `bytes` for `client`; `None` where there is no room for it.
    fn enter(&'static self, client: Share, bytes: u64) -> Option<Held> {
        let mut of_clients = self.lock();
        let all: u64 = of_clients.values().sum();
        let own = of_clients.get(&client).copied().unwrap_or(0);
        let is_full = |taken: u64, most: u64| taken > 0 && taken.saturating_add(bytes) > most;
        if is_full(all, ALL) || is_full(own, OF_A_CLIENT) {
            return None;
        }
        of_clients.insert(client, own + bytes);
        Some(Held { client, bytes, waiting: self })
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<Share, u64>> {
        self.of_clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer that is counted; no longer once it is dropped.
struct Held {
    client: Share,
    bytes: u64,
    waiting: &'static Waiting,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut of_clients = self.waiting.lock();
        if let Some(own) = of_clients.get_mut(&self.client) {
            *own = own.saturating_sub(self.bytes);
            if *own == 0 {
                of_clients.remove(&self.client);
            }
        }
    }
}

/// Counts large answers until they are read, and turns a request away where there is no room for its answer.
pub(in crate::http) async fn bound(request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().map(|client| Share::of(client.address));
    let response = next.run(request).await;
    let size = response.body().size_hint().exact().filter(|bytes| *bytes > SMALL);
    let (Some(client), Some(size)) = (client, size) else { return response };
    let Some(held) = WAITING.enter(client, size) else {
        metrics::counter!("search_shed_total").increment(1);
        let detail = "too many large answers wait for their readers already; read those first";
        return ApiError::new(Code::Overloaded, detail).retry_after(5).into_response();
    };
    let (head, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(head, Body::new(InParts { bytes, _held: held })),
        Err(error) => ApiError::internal(error).into_response(),
    }
}

/// A body that is handed over in parts.
struct InParts {
    bytes: Bytes,
    _held: Held,
}

impl HttpBody for InParts {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.bytes.is_empty() {
            return Poll::Ready(None);
        }
        let length = PART.min(self.bytes.len());
        let part = Bytes::copy_from_slice(&self.bytes.split_to(length));
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    #[test]
    fn waiting_answers_are_bounded_in_all_and_for_a_client() {
        static OWN: Waiting = Waiting::new();
        let client = |number| Share::of(IpAddr::V4(Ipv4Addr::new(127, 0, 0, number)));
        let first = OWN.enter(client(1), OF_A_CLIENT - 10).unwrap();
        let second = OWN.enter(client(1), 10).unwrap();
        assert!(OWN.enter(client(1), 1).is_none(), "one client has half of it");
        let other = OWN.enter(client(2), OF_A_CLIENT).unwrap();
        assert!(OWN.enter(client(3), 1).is_none(), "all of it is taken");
        drop((first, second));
        // The largest article there is may have a larger answer than a client's share.
        drop(other);
        let large = OWN.enter(client(1), ALL * 2).unwrap();
        assert!(OWN.enter(client(2), 1).is_none());
        drop(large);
        assert!(OWN.lock().is_empty());
    }

    #[tokio::test]
    async fn a_body_in_parts_is_the_same_body() {
        let bytes: Bytes = (0..200_000_u32).map(|number| number as u8).collect();
        let held = WAITING.enter(Share::current(), 200_000).unwrap();
        let body = Body::new(InParts { bytes: bytes.clone(), _held: held });
        assert_eq!(body.size_hint().exact(), Some(200_000));
        assert_eq!(to_bytes(body, usize::MAX).await.unwrap(), bytes);
    }
}
