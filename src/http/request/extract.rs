//! Extractors whose refusals are problem documents.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::http::answer::{ApiError, Code};

/// The one variable part of a path, percent-decoded: `%2F` is a `/` that belongs to it.
pub(in crate::http) struct PathId(pub(in crate::http) String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(ApiError::new(Code::NotFound, "the path is not UTF-8; percent-encode it as UTF-8")),
        }
    }
}

/// A JSON body.
pub(in crate::http) struct ApiJson<T>(pub(in crate::http) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &JsonRejection) -> ApiError {
    let code = match (rejection, rejection.status()) {
        (_, StatusCode::PAYLOAD_TOO_LARGE) => Code::BodyTooLarge,
        (JsonRejection::MissingJsonContentType(_), _) => Code::UnsupportedMediaType,
        _ => Code::BadBody,
    };
    ApiError::new(code, rejection.body_text())
}
