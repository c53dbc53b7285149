//! The request id: taken over from the client or made here, returned with every answer, and written to the log. With it goes the
//! language in which the client wants to be told of failures.

use axum::extract::Request;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::language::Language;

/// The name of the request id in requests and answers.
pub(in crate::http) const REQUEST_ID: &str = "x-request-id";
/// The longest request id that is taken over, in characters.
const LONGEST_REQUEST_ID: usize = 128;

tokio::task_local! {
    static CURRENT: HeaderValue;
    static LANGUAGE: Language;
}

/// The language of failures for the request that this task works for. English where none is asked for: scripts know that one.
pub(super) fn current_language() -> Language {
    LANGUAGE.try_with(|language| *language).unwrap_or(Language::English)
}

fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Language::preferred(accepted).unwrap_or(Language::English)
}

/// The request id of the request that this task works for; empty outside of one.
pub(in crate::http) fn current_request_id() -> String {
    CURRENT.try_with(|id| id.to_str().unwrap_or_default().to_owned()).unwrap_or_default()
}

/// Takes a well-formed `x-request-id` over, makes one otherwise, and returns it with the answer.
pub(in crate::http) async fn request_id(request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .filter(|id| is_well_formed(id))
        .cloned()
        .unwrap_or_else(new_request_id);
    let language = language(request.headers());
    let mut response = CURRENT.scope(id.clone(), LANGUAGE.scope(language, next.run(request))).await;
    response.headers_mut().insert(HeaderName::from_static(REQUEST_ID), id);
    response
}

/// Whether the id can be put into a log line and a header without harm.
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
