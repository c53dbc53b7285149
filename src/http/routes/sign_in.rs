//! `/sign-in` and `/sign-out`: a key becomes a cookie, for people who read with a browser.
//!
//! Plain forms without scripts. What is changed by them needs no cookie, so a form of another site is known by where it comes from.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, routing};

use crate::access::{Scope, Scopes};
use crate::http::access::{COOKIE, LIFETIME, comes_from_here};
use crate::http::answer::{ApiError, Code};
use crate::http::client::{Client, FORWARDED_PROTO};
use crate::http::pages::{Language, Notice, sign_in_page};
use crate::http::state::AppState;

/// The longest address to go back to, in bytes.
const LONGEST_PLACE: usize = 4096;

/// The routes.
pub(in crate::http) fn routes() -> Router<AppState> {
    Router::new()
        .route("/sign-in", routing::get(form).post(sign_in))
        .route("/sign-out", routing::post(sign_out))
}

async fn form(headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    page(StatusCode::OK, Notice::None, query.as_deref(), &headers)
}

async fn sign_in(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    uri: Uri,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let query = query.as_deref();
    if !comes_from_here(&client, &uri, &headers) {
        return page(StatusCode::FORBIDDEN, Notice::OtherSite, query, &headers);
    }
    let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let of =
        |wanted: &'static str| fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value);
    let wanted: Scopes = of("scope").filter_map(|name| Scope::from_name(name)).collect();
    let key = of("key").next().map(|key| key.trim()).unwrap_or_default();
    match state.gatekeeper().sign_in(&client, key.as_bytes(), wanted).await {
        Ok((session, caller)) => {
            let cookie = cookie(&session, LIFETIME.as_secs(), &client, &headers);
            (Extension(caller), redirect(&place(query), &cookie)).into_response()
        }
        Err(error) => refused(&error, query, &headers),
    }
}

/// The page again, with what went wrong.
fn refused(error: &ApiError, query: Option<&str>, headers: &HeaderMap) -> Response {
    let notice = match error.code() {
        Code::Unauthorized => Notice::Wrong,
        Code::Forbidden => Notice::NoReading,
        Code::WrongKeys => Notice::TooMany,
        _ => Notice::Unavailable,
    };
    let mut response = page(error.code().info().status, notice, query, headers);
    if let Some(seconds) = error.seconds_to_wait() {
        response.headers_mut().insert("retry-after", HeaderValue::from(seconds));
    }
    response
}

async fn sign_out(
    Extension(client): Extension<Client>,
    uri: Uri,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.as_deref();
    if !comes_from_here(&client, &uri, &headers) {
        return page(StatusCode::FORBIDDEN, Notice::OtherSite, query, &headers);
    }
    let language = query.filter(|query| query.starts_with("lang=")).map(|query| format!("?{query}"));
    redirect(&format!("./sign-in{}", language.unwrap_or_default()), &cookie("", 0, &client, &headers))
}

fn page(status: StatusCode, notice: Notice, query: Option<&str>, headers: &HeaderMap) -> Response {
    let mut response = sign_in_page(notice, Language::of_request(query, headers), headers);
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The cookie, for the path that the browser sees, under whatever path a proxy serves gisa: without `Path` it is that of the page.
/// Links from elsewhere must find their reader signed in, so it is not `SameSite=Strict`.
fn cookie(value: &str, seconds: u64, client: &Client, headers: &HeaderMap) -> String {
    let https = client.forwarded(headers, FORWARDED_PROTO) == Ok(Some("https"));
    let secure = if https { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

fn redirect(place: &str, cookie: &str) -> Response {
    let headers = HeaderValue::from_str(place).and_then(|place| Ok((place, HeaderValue::from_str(cookie)?)));
    match headers {
        Ok((place, cookie)) => {
            (StatusCode::SEE_OTHER, [(LOCATION, place), (SET_COOKIE, cookie)]).into_response()
        }
        Err(error) => ApiError::internal(error).into_response(),
    }
}

/// Where a reader wanted to go: an address of this site, below the folder of the sign-in page, whatever `to` says.
fn place(query: Option<&str>) -> String {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let to = pairs.find(|(name, _)| name == "to").map(|(_, to)| to.into_owned()).unwrap_or_default();
    let escaped: String = to.bytes().map(in_address).collect();
    let climbs = to.starts_with(['/', '\\']) || to.contains("..") || escaped.len() > LONGEST_PLACE;
    if climbs { "./".to_owned() } else { format!("./{escaped}") }
}

/// A byte of an address, escaped unless it may stand there as it is.
fn in_address(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~/?&=%+*:;,@!$'()".contains(&byte) {
        return char::from(byte).to_string();
    }
    format!("%{byte:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_to_says_it_leads_to_this_site() {
        for (query, expected) in [
            (None, "./"),
            (Some("to="), "./"),
            (Some("lang=en&to=help"), "./help"),
            (Some("to=%3Fq%3D%25EA%25B0%2580%26lang%3Den"), "./?q=%EA%B0%80&lang=en"),
            (Some("to=docs%2Fembed"), "./docs/embed"),
            (Some("to=https%3A%2F%2Fevil.example"), "./https://evil.example"),
            (Some("to=%2F%2Fevil.example"), "./"),
            (Some("to=%5Cevil.example"), "./"),
            (Some("to=..%2F..%2Fx"), "./"),
            (Some("to=a%0D%0Aset-cookie%3A+x"), "./a%0D%0Aset-cookie:%20x"),
        ] {
            assert_eq!(place(query), expected, "{query:?}");
        }
    }
}
