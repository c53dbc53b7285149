//! [`ApiError`]: every failure that a client sees, as `application/problem+json` (RFC 9457).
//!
//! Which error to use where: stages before this one have their own enums and know nothing of HTTP. A handler maps them
//! here, once. Whatever a client may know goes into `detail`; causes that only the operator can act on are logged where
//! they happen and answered with [`Code::Internal`].

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::code::Code;
use super::fault::Fault;
use super::korean;
use super::request_id::{current_language, current_request_id};
use crate::http::language::Language;
use crate::query::archive::Trouble;
use crate::query::language::QueryError;
use crate::search::SearchError;

/// A failure as a client sees it.
#[derive(Debug, Clone)]
pub struct ApiError {
    code: Code,
    detail: String,
    members: Map<String, Value>,
    retry_after: Option<u64>,
    /// For the Korean text, which is not a translation of `detail`.
    fault: Option<Fault>,
}

/// The body of every failure, RFC 9457. Some codes add members, for example `job_id`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:gisa:error:` and the code: names the kind of problem for good.
    #[serde(rename = "type")]
    kind: String,
    /// A short summary, the same for every occurrence of the code. In Korean if `Accept-Language` prefers that.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened this time, and what to do. In Korean if `Accept-Language` prefers that; then `detail_en` has the English text.
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
        Self { code, detail: detail.into(), members: Map::new(), retry_after: None, fault: None }
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
        Self::new(Code::Internal, "the server's log has the cause under this `request_id`")
    }

    /// The engine that holds the articles cannot answer: what it said names nodes, and is logged.
    fn away(trouble: Trouble, cause: &dyn std::error::Error) -> Self {
        tracing::error!(%cause, "the engine that holds the articles cannot answer");
        let (code, detail, seconds) = match trouble {
            Trouble::Unreachable => {
                (Code::EngineUnreachable, "the cluster that holds the articles does not answer", 5)
            }
            Trouble::NotAllowed => {
                (Code::EngineRefuses, "the cluster that holds the articles does not let this server in", 30)
            }
            Trouble::Incomplete => (
                Code::PartialResults,
                "a part of the cluster that holds the articles does not answer: there would be too few hits",
                5,
            ),
            Trouble::Busy => (Code::EngineBusy, "the cluster that holds the articles has too much to do", 1),
            Trouble::Moved => (Code::EditionGone, "what was searched has just been replaced", 1),
        };
        Self::new(code, detail).retry_after(seconds)
    }

    /// A parameter with a wrong value.
    pub fn bad_parameter(name: &str, reason: impl std::fmt::Display) -> Self {
        Self::new(Code::BadParameter, format!("`{name}` {reason}")).with("parameter", name)
    }

    /// The same where that is not for its value alone.
    pub(in crate::http) fn faulty_parameter(
        name: &str,
        fault: Fault,
        reason: impl std::fmt::Display,
    ) -> Self {
        Self { fault: Some(fault), ..Self::bad_parameter(name, reason) }
    }

    /// A header of the request, from which its address is made, that is missing or wrong.
    pub(in crate::http) fn bad_address(header: &'static str) -> Self {
        let detail = format!("the header `{header}` is missing or is not a valid address");
        Self::new(Code::BadParameter, detail).with("parameter", header)
    }

    /// Seconds after which to try again, if it says so.
    pub fn seconds_to_wait(&self) -> Option<u64> {
        self.retry_after
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
        let language = current_language();
        let mut members = self.members;
        let (title, detail) = match language {
            Language::English => (info.title, self.detail),
            Language::Korean => {
                let detail = korean::detail(self.code, self.fault, &members);
                members.insert("detail_en".to_owned(), self.detail.into());
                (korean::title(self.code), detail)
            }
        };
        let problem = Problem {
            kind: format!("urn:gisa:error:{}", info.name),
            title,
            status: info.status.as_u16(),
            detail,
            code: info.name,
            request_id: current_request_id(),
            members,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let content_type = HeaderValue::from_static("application/problem+json");
        let mut response = (info.status, [(CONTENT_TYPE, content_type)], body).into_response();
        response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        response.headers_mut().append(VARY, HeaderValue::from_static("accept-language"));
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
            SearchError::TooManyBuckets { .. } => {
                Self::new(Code::BadParameter, error.to_string()).with("parameter", "by")
            }
            SearchError::NoSuchArticle { .. } => {
                Self::new(Code::ArticleNotFound, error.to_string()).with("parameter", "similar_to")
            }
            SearchError::Cursor => Self::new(Code::BadCursor, error.to_string()).with("parameter", "cursor"),
            SearchError::CursorExpired => {
                Self::new(Code::CursorExpired, error.to_string()).with("parameter", "cursor")
            }
            SearchError::ReindexDue { .. } => Self::new(Code::ReindexDue, error.to_string()),
            SearchError::Unsupported { .. } => Self::new(Code::NotOnThisEngine, error.to_string()),
            SearchError::Deadline => {
                metrics::counter!("search_timeouts_total").increment(1);
                Self::new(
                    Code::Deadline,
                    "the search did not finish before its deadline (`search.deadline_ms`)",
                )
                .retry_after(1)
            }
            SearchError::Away { trouble, cause } => Self::away(trouble, &*cause),
            SearchError::Archive(_) => Self::internal(error),
        }
    }
}
