//! [`ApiError`]: every failure that a client sees, as `application/problem+json` (RFC 9457).
//!
//! Which error to use where: stages before this one have their own enums and know nothing of HTTP. A handler maps them
//! here, once. What a client may know goes into `detail`; causes that only the engineer can act on are logged where
//! they happen and answered with [`Code::Internal`].

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::layers;
use crate::search::SearchError;
use crate::search::query::QueryError;

/// The closed list of codes; `/docs` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A parameter has a value that is not allowed.
    BadParameter,
    /// A parameter that this address does not know.
    UnknownParameter,
    /// The query is too long.
    QueryTooLong,
    /// The query has too many parts or is nested too deep.
    QueryTooComplex,
    /// The page lies behind the last one that can be reached.
    PageWindow,
    /// The cursor is damaged or belongs to another search.
    BadCursor,
    /// The request's body cannot be read.
    BadBody,
    /// Something that a later version will have.
    NotAvailable,
    /// No token, or the wrong one.
    Unauthorized,
    /// No such address.
    NotFound,
    /// No such article.
    ArticleNotFound,
    /// No such job.
    JobNotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// A reindex runs already.
    ReindexRunning,
    /// The job has ended.
    JobFinished,
    /// The body is too large.
    BodyTooLarge,
    /// The body is not JSON by its content type.
    UnsupportedMediaType,
    /// A bug.
    Internal,
    /// Too many searches at once.
    Overloaded,
    /// No index serves yet.
    NotReady,
    /// The search took too long.
    Deadline,
}

/// One line of the documented list.
#[derive(Debug, Clone, Copy)]
pub struct CodeInfo {
    /// `snake_case`, as in answers.
    pub name: &'static str,
    /// The HTTP status it always comes with.
    pub status: StatusCode,
    /// The same for every occurrence.
    pub title: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

impl Code {
    /// All codes in the order of their status.
    pub const ALL: [Self; 21] = [
        Self::BadParameter,
        Self::UnknownParameter,
        Self::QueryTooLong,
        Self::QueryTooComplex,
        Self::PageWindow,
        Self::BadCursor,
        Self::BadBody,
        Self::NotAvailable,
        Self::Unauthorized,
        Self::NotFound,
        Self::ArticleNotFound,
        Self::JobNotFound,
        Self::MethodNotAllowed,
        Self::ReindexRunning,
        Self::JobFinished,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::Internal,
        Self::Overloaded,
        Self::NotReady,
        Self::Deadline,
    ];

    /// What is documented about it.
    pub fn info(self) -> CodeInfo {
        let (name, status, title, advice) = match self {
            Self::BadParameter => {
                ("bad_parameter", 400, "A parameter has a wrong value", "The detail names the parameter and what is allowed.")
            }
            Self::UnknownParameter => (
                "unknown_parameter",
                400,
                "Unknown parameter",
                "Correct the name: a filter that is misspelt must not silently find more.",
            ),
            Self::QueryTooLong => ("query_too_long", 400, "The query is too long", "Search for a part of it."),
            Self::QueryTooComplex => {
                ("query_too_complex", 400, "The query is too complex", "Leave words out, or write it with fewer brackets.")
            }
            Self::PageWindow => {
                ("page_window", 400, "The page is too far behind", "Go on with `cursor`, or narrow the search with filters.")
            }
            Self::BadCursor => {
                ("bad_cursor", 400, "The cursor is not valid", "Begin again without it; keep query, filters and order.")
            }
            Self::BadBody => ("bad_body", 400, "The body cannot be read", "The detail says what is wrong with it."),
            Self::NotAvailable => ("not_available", 400, "Not available", "This version does not have it yet."),
            Self::Unauthorized => (
                "unauthorized",
                401,
                "A token is needed",
                "Send `Authorization: Bearer TOKEN`; the server's log says where the token is.",
            ),
            Self::NotFound => ("not_found", 404, "There is nothing here", "`/docs` lists all addresses."),
            Self::ArticleNotFound => (
                "article_not_found",
                404,
                "No such article",
                "Ids are exact; in a path, `/` in an id is written `%2F`.",
            ),
            Self::JobNotFound => ("job_not_found", 404, "No such job", "`GET /api/admin/jobs` lists the last 50."),
            Self::MethodNotAllowed => {
                ("method_not_allowed", 405, "Method not allowed", "The header `Allow` lists the methods that are.")
            }
            Self::ReindexRunning => {
                ("reindex_running", 409, "A reindex is running", "Wait for the job named in `job_id`, or cancel it.")
            }
            Self::JobFinished => ("job_finished", 409, "The job has ended", "There is nothing left to cancel."),
            Self::BodyTooLarge => ("body_too_large", 413, "The body is too large", "The detail names the limit."),
            Self::UnsupportedMediaType => {
                ("unsupported_media_type", 415, "The content type is wrong", "Send `Content-Type: application/json`.")
            }
            Self::Internal => (
                "internal",
                500,
                "Something went wrong in the server",
                "Tell the engineer the `request_id`: the log has the cause.",
            ),
            Self::Overloaded => {
                ("overloaded", 503, "Too many searches at once", "Try again after the seconds in `Retry-After`.")
            }
            Self::NotReady => {
                ("not_ready", 503, "The index is not ready", "Try again later; the detail says what it waits for.")
            }
            Self::Deadline => {
                ("deadline", 503, "The search took too long", "Search for something narrower, or try again later.")
            }
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        CodeInfo { name, status, title, advice }
    }
}

/// A failure as a client sees it.
#[derive(Debug, Clone)]
pub struct ApiError {
    code: Code,
    detail: String,
    members: Map<String, Value>,
    retry_after: Option<u64>,
}

/// The body of every failure, RFC 9457. Some codes add members, for example `job_id`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:gisa:error:` and the code: names the kind of problem for good.
    #[serde(rename = "type")]
    kind: String,
    /// Short, the same for every occurrence of the code.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened this time, and what to do.
    detail: String,
    /// One of the documented codes.
    code: &'static str,
    /// The same as the header `x-request-id`; the log has it too.
    request_id: String,
    #[serde(flatten)]
    #[schema(ignore)]
    members: Map<String, Value>,
}

impl ApiError {
    /// A failure with its own explanation.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), members: Map::new(), retry_after: None }
    }

    /// Adds a member to the problem document.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// Says when to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A bug or a failure of the machine: the cause is logged, not sent.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(cause = %cause, "request failed");
        Self::new(Code::Internal, "the cause is in the server's log under this request_id")
    }

    /// A parameter with a wrong value.
    pub fn bad_parameter(name: &str, reason: impl std::fmt::Display) -> Self {
        Self::new(Code::BadParameter, format!("`{name}` {reason}")).with("parameter", name)
    }

    /// Which code it has.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Its explanation.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let info = self.code.info();
        let problem = Problem {
            kind: format!("urn:gisa:error:{}", info.name),
            title: info.title,
            status: info.status.as_u16(),
            detail: self.detail,
            code: info.name,
            request_id: layers::current_request_id(),
            members: self.members,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let content_type = HeaderValue::from_static("application/problem+json");
        let mut response = (info.status, [(CONTENT_TYPE, content_type)], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == Code::Unauthorized {
            let challenge = HeaderValue::from_static("Bearer realm=\"gisa\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        let code = match error {
            QueryError::TooLong { .. } => Code::QueryTooLong,
            _ => Code::QueryTooComplex,
        };
        Self::new(code, error.to_string()).with("parameter", "q")
    }
}

impl From<SearchError> for ApiError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Query(error) => error.into(),
            SearchError::PageWindow { .. } => Self::new(Code::PageWindow, error.to_string()),
            SearchError::Cursor => Self::new(Code::BadCursor, error.to_string()).with("parameter", "cursor"),
            SearchError::Deadline => {
                metrics::counter!("search_timeouts_total").increment(1);
                Self::new(Code::Deadline, "the search was given up at its deadline (search.deadline_ms)").retry_after(1)
            }
            SearchError::Index(_) => Self::internal(error),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_their_statuses_are_errors() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.info().name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            let info = code.info();
            assert!(info.status.is_client_error() || info.status.is_server_error(), "{}", info.name);
            assert!(info.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        }
    }
}
