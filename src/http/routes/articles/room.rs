//! How much is written at once: an article in work takes several times the memory of its bytes, so the bytes of all that are in work
//! have a limit. Small articles have a room of their own, so that a few large ones, or slow ones, do not hold them up.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::http::answer::{ApiError, Code};
use crate::ingest::MAX_RECORD_BYTES;

/// The largest article that goes into the room of small ones, in bytes.
const SMALL: usize = 1 << 20;
/// How long an article waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Both rooms are the process's, because its memory is.
static FOR_SMALL: Room = Room::of(32 << 20);
static FOR_LARGE: Room = Room::of(4 * MAX_RECORD_BYTES);

/// A number of bytes that may be in work at once.
struct Room {
    kilobytes: Semaphore,
}

/// A part of a room; given back when dropped.
pub(in crate::http) struct Place {
    _taken: SemaphorePermit<'static>,
}

impl Room {
    const fn of(bytes: usize) -> Self {
        Self { kilobytes: Semaphore::const_new(bytes >> 10) }
    }

    async fn place(&'static self, bytes: usize, patience: Duration) -> Result<Place, ApiError> {
        let kilobytes = u32::try_from((bytes >> 10) + 1).unwrap_or(u32::MAX);
        match tokio::time::timeout(patience, self.kilobytes.acquire_many(kilobytes)).await {
            Ok(Ok(taken)) => Ok(Place { _taken: taken }),
            Ok(Err(closed)) => Err(ApiError::internal(closed)),
            Err(_) => {
                let detail =
                    "too many large articles are being written at once; nothing of this request was written";
                Err(ApiError::new(Code::NotWritten, detail).retry_after(5))
            }
        }
    }
}

/// A place for `bytes` of articles.
///
/// # Errors
/// [`Code::NotWritten`] if there was none for a while.
pub(in crate::http) async fn place(bytes: usize) -> Result<Place, ApiError> {
    let room = if bytes <= SMALL { &FOR_SMALL } else { &FOR_LARGE };
    room.place(bytes, PATIENCE).await
}

/// The body of an article, which is read once there is room for it.
pub(in crate::http) struct ArticleBody {
    /// What was sent.
    pub(in crate::http) bytes: Bytes,
    /// To be kept while it is in work.
    pub(in crate::http) place: Place,
}

impl<S: Send + Sync> FromRequest<S> for ArticleBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let said =
            request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        // What says nothing may have any length up to the limit; what says more is refused while it is read.
        let place = place(said.unwrap_or(MAX_RECORD_BYTES).min(MAX_RECORD_BYTES)).await?;
        let bytes =
            Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    let detail = format!("an article has at most {} MB", MAX_RECORD_BYTES >> 20);
                    ApiError::new(Code::BodyTooLarge, detail)
                }
                _ => ApiError::new(Code::BadBody, format!("the body broke off: {rejection}")),
            })?;
        Ok(Self { bytes, place })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_in_work_is_bounded_in_bytes() {
        static ROOM: Room = Room::of(4 * MAX_RECORD_BYTES + (64 << 10));
        let patience = Duration::from_millis(20);
        let mut places = Vec::new();
        for _ in 0..4 {
            places.push(ROOM.place(MAX_RECORD_BYTES, patience).await.ok().unwrap());
        }
        let refused = ROOM.place(MAX_RECORD_BYTES, patience).await.err().unwrap();
        assert_eq!(refused.code(), Code::NotWritten);
        places.pop();
        assert!(ROOM.place(MAX_RECORD_BYTES, patience).await.is_ok());
        // The largest article always fits into an empty room.
        assert!(MAX_RECORD_BYTES >> 10 < FOR_LARGE.kilobytes.available_permits());
        assert!(SMALL >> 10 < FOR_SMALL.kilobytes.available_permits());
    }
}
