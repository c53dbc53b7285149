//! Who may do what: bearer tokens (RFC 6750).

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::Response;

use crate::http::answer::{ApiError, Code};
use crate::http::state::AppState;
use crate::http::token::Token;

/// Lets a request for administration pass if it carries the token.
pub(in crate::http) async fn require_admin(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    check(request.headers(), &[state.admin_token()])?;
    Ok(next.run(request).await)
}

/// Lets a reading request pass: always, unless `auth.read_token` is set. Who may administer may also read.
pub(in crate::http) async fn require_reader(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if let Some(reader) = state.read_token() {
        check(request.headers(), &[reader, state.admin_token()])?;
    }
    Ok(next.run(request).await)
}

fn check(headers: &HeaderMap, allowed: &[&Token]) -> Result<(), ApiError> {
    let refused = |detail| {
        metrics::counter!("unauthorized_total").increment(1);
        Err(ApiError::new(Code::Unauthorized, detail))
    };
    let Some(header) = headers.get(AUTHORIZATION) else {
        return refused("this address needs a token: send `Authorization: Bearer TOKEN`");
    };
    let Some((scheme, token)) = header.as_bytes().split_at_checked(7) else {
        return refused("the header `Authorization` must have the form `Bearer TOKEN`");
    };
    if !scheme.eq_ignore_ascii_case(b"bearer ") {
        return refused("the header `Authorization` must have the form `Bearer TOKEN`");
    }
    // Every token is compared, even after one that fits, so that the time reveals nothing.
    let fits = allowed.iter().fold(false, |fits, allowed| fits | allowed.matches(token.trim_ascii()));
    if fits { Ok(()) } else { refused("the token is wrong") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;
    use crate::config::Secret;

    #[test]
    fn the_scheme_is_case_insensitive_and_the_token_exact() {
        let token = Token::of(&Secret::new("0123456789abcdef", "test").unwrap());
        let check = |value: &str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
            check(&headers, &[&token]).is_ok()
        };
        assert!(check("Bearer 0123456789abcdef") && check("bearer  0123456789abcdef"));
        for wrong in
            ["Bearer", "Bearer ", "Bearer 0123456789abcde", "Basic 0123456789abcdef", "0123456789abcdef"]
        {
            assert!(!check(wrong), "{wrong}");
        }
        assert!(super::check(&HeaderMap::new(), &[&token]).is_err());
    }
}
