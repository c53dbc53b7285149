//! Who asks, found out once for each request, and what their routes demand of them.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::access::Scope;
use crate::http::access::{Caller, Identity, Who};
use crate::http::answer::{ApiError, Code};
use crate::http::client::Client;
use crate::http::pages::{Language, Notice, sign_in_page};
use crate::http::share::Share;
use crate::http::state::AppState;

/// Gives every request its [`Identity`].
pub(in crate::http) async fn identify(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = request.extensions().get::<Client>().copied();
    let caller = match client {
        Some(client) => state.gatekeeper().caller(&client, request.method(), request.headers()).await,
        None => Err(ApiError::internal("a request came without its client")),
    };
    // Whoever says who they are has a share of their own, whatever address they share with others.
    let share = caller.as_ref().ok().and_then(|caller| match &caller.who {
        Who::Nobody => None,
        who => Some(Share::named(who.kind(), who.name())),
    });
    request.extensions_mut().insert(Identity(caller));
    match share {
        Some(share) => share.during(next.run(request)).await,
        None => next.run(request).await,
    }
}

/// The caller of a route that asks who it is.
impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        match parts.extensions.get::<Identity>() {
            Some(Identity(caller)) => caller.clone(),
            None => Err(ApiError::internal("a request came to a route without its caller")),
        }
    }
}

/// Lets a request for administration pass.
pub(in crate::http) async fn require_admin(
    State(state): State<AppState>,
    caller: Caller,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    require(&state, &caller, Scope::Admin, &request)?;
    Ok(next.run(request).await)
}

/// Lets a request pass that writes or deletes articles. Reading one under the same address is another route.
pub(in crate::http) async fn require_push(
    State(state): State<AppState>,
    caller: Caller,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    require(&state, &caller, Scope::Push, &request)?;
    Ok(next.run(request).await)
}

/// Lets a request pass that has to do with saved searches. Feed readers are asked for a password.
pub(in crate::http) async fn require_searches(
    State(state): State<AppState>,
    caller: Result<Caller, ApiError>,
    request: Request,
    next: Next,
) -> Response {
    let is_feed = request.uri().path().ends_with(".atom");
    match caller.and_then(|caller| require(&state, &caller, Scope::Searches, &request)) {
        Ok(()) => next.run(request).await,
        Err(error) => refuse(error, is_feed),
    }
}

/// The answer to whoever may not pass; with a demand for a password where that helps.
fn refuse(error: ApiError, asks_for_password: bool) -> Response {
    let mut response = error.into_response();
    if asks_for_password && response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Basic realm=\"gisa\", charset=\"UTF-8\"");
        response.headers_mut().append(WWW_AUTHENTICATE, challenge);
    }
    response
}

fn require(state: &AppState, caller: &Caller, scope: Scope, request: &Request) -> Result<(), ApiError> {
    state.gatekeeper().require(caller, scope)?;
    match *request.method() {
        Method::GET | Method::HEAD => Ok(()),
        _ => state.gatekeeper().require_intent(caller, request.headers()),
    }
}

/// Lets a reading request pass: always, unless reading is closed.
pub(in crate::http) async fn require_reader(
    State(state): State<AppState>,
    caller: Result<Caller, ApiError>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    // Feed readers and spreadsheets ask for a password only where they are told to. The page must not be: the browser would ask
    // its reader in a window of its own.
    let asks_for_password = path.ends_with(".atom")
        || path.ends_with(".csv")
        || path.ends_with(".xlsx") && request.method() == Method::GET;
    let refused = caller.and_then(|caller| state.gatekeeper().require_reading(&caller)).err();
    match refused {
        None => next.run(request).await,
        Some(error) => refuse(error, asks_for_password),
    }
}

/// Lets readers see a page; others go to the sign-in page, which brings them back. Where nobody can sign in, they are told that.
pub(in crate::http) async fn require_page_reader(
    State(state): State<AppState>,
    caller: Result<Caller, ApiError>,
    request: Request,
    next: Next,
) -> Response {
    match caller.and_then(|caller| state.gatekeeper().require_reading(&caller)) {
        Ok(()) => return next.run(request).await,
        Err(error) if error.code() == Code::KeysUnavailable => {
            return nobody_can_sign_in(&error, &request);
        }
        Err(_) => {}
    }
    let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
    let asked = asked.strip_prefix('/').unwrap_or(asked);
    // Relative, so that it works behind a proxy under any path.
    let up = if request.uri().path().matches('/').count() > 1 { "../" } else { "./" };
    let to: String = asked.bytes().map(escaped).collect();
    match HeaderValue::from_str(&format!("{up}sign-in?to={to}")) {
        Ok(place) => (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response(),
        Err(error) => ApiError::internal(error).into_response(),
    }
}

/// The sign-in page where keys are not known.
fn nobody_can_sign_in(error: &ApiError, request: &Request) -> Response {
    let language = Language::of_request(request.uri().query(), request.headers());
    let mut response = sign_in_page(Notice::Unavailable, language, request.headers());
    *response.status_mut() = error.code().info().status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = error.seconds_to_wait() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A byte of an address as the value of a parameter.
fn escaped(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}
