//! [`Code`]: the closed list of failures, as `/docs` shows it.

use axum::http::StatusCode;

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
    /// The page number is too high.
    PageWindow,
    /// The cursor is damaged or belongs to another search.
    BadCursor,
    /// The index that the cursor's order belongs to is gone.
    CursorExpired,
    /// The request is not well-formed HTTP.
    BadRequest,
    /// The request's body cannot be read.
    BadBody,
    /// The body is not a valid article.
    BadArticle,
    /// The token is missing or wrong.
    Unauthorized,
    /// The key does not allow it.
    Forbidden,
    /// No such address.
    NotFound,
    /// No such article.
    ArticleNotFound,
    /// No such earlier text of an article.
    VersionNotFound,
    /// No such job.
    JobNotFound,
    /// No such saved search.
    SearchNotFound,
    /// The address does not take this method.
    MethodNotAllowed,
    /// The request's body did not arrive in time.
    RequestTimeout,
    /// A reindex, or a restore, is already running.
    ReindexRunning,
    /// The job has ended.
    JobFinished,
    /// This server takes nothing in.
    ReadOnly,
    /// The body is too large.
    BodyTooLarge,
    /// The body is not JSON by its content type.
    UnsupportedMediaType,
    /// Another name of the server was asked for.
    WrongHost,
    /// Too many wrong keys.
    WrongKeys,
    /// A lexicon file cannot be read.
    LexiconUnreadable,
    /// A bug.
    Internal,
    /// The engine that holds the articles cannot give this.
    NotOnThisEngine,
    /// The cluster that holds the articles does not answer.
    EngineUnreachable,
    /// It does not let the server in.
    EngineRefuses,
    /// It has too much to do.
    EngineBusy,
    /// A part of it does not answer.
    PartialResults,
    /// What was searched is not kept any more.
    EditionGone,
    /// Too many searches at once.
    Overloaded,
    /// No index serves yet.
    NotReady,
    /// The index was built before it kept what is asked for.
    ReindexDue,
    /// The search took too long.
    Deadline,
    /// The keys of the server that writes are not known here.
    KeysUnavailable,
    /// The write could not be stored.
    NotWritten,
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
    pub const ALL: [Self; 40] = [
        Self::BadParameter,
        Self::UnknownParameter,
        Self::QueryTooLong,
        Self::QueryTooComplex,
        Self::PageWindow,
        Self::BadCursor,
        Self::BadRequest,
        Self::BadBody,
        Self::BadArticle,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::ArticleNotFound,
        Self::VersionNotFound,
        Self::JobNotFound,
        Self::SearchNotFound,
        Self::MethodNotAllowed,
        Self::RequestTimeout,
        Self::ReindexRunning,
        Self::JobFinished,
        Self::ReadOnly,
        Self::CursorExpired,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::WrongHost,
        Self::WrongKeys,
        Self::LexiconUnreadable,
        Self::Internal,
        Self::NotOnThisEngine,
        Self::EngineUnreachable,
        Self::EngineRefuses,
        Self::EngineBusy,
        Self::PartialResults,
        Self::EditionGone,
        Self::Overloaded,
        Self::NotReady,
        Self::ReindexDue,
        Self::Deadline,
        Self::KeysUnavailable,
        Self::NotWritten,
    ];

    /// Its line of the documented list.
    pub fn info(self) -> CodeInfo {
        let (name, status, title, advice) = match self {
            Self::BadParameter => (
                "bad_parameter",
                400,
                "A parameter has a wrong value",
                "`detail` names the parameter and the values allowed.",
            ),
            Self::UnknownParameter => (
                "unknown_parameter",
                400,
                "Unknown parameter",
                "Correct the name. A misspelt filter must not silently find more.",
            ),
            Self::QueryTooLong => ("query_too_long", 400, "The query is too long", "Search for part of it."),
            Self::QueryTooComplex => (
                "query_too_complex",
                400,
                "The query is too complex",
                "Leave out words, or use fewer brackets.",
            ),
            Self::PageWindow => (
                "page_window",
                400,
                "The page number is too high",
                "Continue with `cursor`, or narrow the search with filters.",
            ),
            Self::BadCursor => (
                "bad_cursor",
                400,
                "The cursor is not valid",
                "Start again without it; keep query, filters and order the same from page to page.",
            ),
            Self::BadRequest => {
                ("bad_request", 400, "Not a well-formed request", "`detail` says what is wrong with it.")
            }
            Self::BadBody => {
                ("bad_body", 400, "The body cannot be read", "`detail` says what is wrong with it.")
            }
            Self::BadArticle => (
                "bad_article",
                400,
                "Not a valid article",
                "`detail` says what is wrong with it; `reason` says it for programs.",
            ),
            Self::Unauthorized => (
                "unauthorized",
                401,
                "A key is needed",
                "Send `Authorization: Bearer KEY`, with a key of `gisa key add` or the token whose file the server's log names.",
            ),
            Self::Forbidden => (
                "forbidden",
                403,
                "The key does not allow this",
                "Ask for a key with the scope that `detail` names.",
            ),
            Self::NotFound => ("not_found", 404, "No such address", "`/docs` lists all addresses."),
            Self::ArticleNotFound => (
                "article_not_found",
                404,
                "No such article",
                "Ids must match exactly; in a path, a `/` in an id is written `%2F`.",
            ),
            Self::VersionNotFound => (
                "version_not_found",
                404,
                "No such earlier text",
                "`/api/articles/{id}/versions` lists what is kept: up to `versions.keep` texts of an article.",
            ),
            Self::JobNotFound => {
                ("job_not_found", 404, "No such job", "`GET /api/admin/jobs` lists the last 50.")
            }
            Self::SearchNotFound => {
                ("search_not_found", 404, "No such saved search", "`GET /api/searches` lists all.")
            }
            Self::MethodNotAllowed => (
                "method_not_allowed",
                405,
                "Method not allowed",
                "The header `Allow` lists the methods that are allowed.",
            ),
            Self::RequestTimeout => (
                "request_timeout",
                408,
                "The body did not arrive in time",
                "Send it again, on a faster connection or in smaller parts. Nothing of it was acknowledged but what `accepted` counts.",
            ),
            Self::ReindexRunning => (
                "reindex_running",
                409,
                "A job is already running",
                "Wait for the job named in `job_id`, or cancel it.",
            ),
            Self::JobFinished => ("job_finished", 409, "The job has ended", "It can no longer be cancelled."),
            Self::ReadOnly => (
                "read_only",
                409,
                "This server only reads",
                "Send it to the server that `writer` names, or ask whoever runs this one which that is.",
            ),
            Self::CursorExpired => (
                "cursor_expired",
                410,
                "The cursor has expired",
                "The index was replaced while you paged: start again without it. Cursors of searches ordered by time with `match=all` never expire.",
            ),
            Self::BodyTooLarge => {
                ("body_too_large", 413, "The body is too large", "`detail` names the limit.")
            }
            Self::UnsupportedMediaType => (
                "unsupported_media_type",
                415,
                "Unsupported content type",
                "Send `Content-Type: application/json`, or the type that `detail` names.",
            ),
            Self::WrongHost => (
                "wrong_host",
                421,
                "The server is not asked by this name",
                "Use a name that is listed in `server.allowed_hosts`, or list this one.",
            ),
            Self::WrongKeys => (
                "wrong_keys",
                429,
                "Too many wrong keys",
                "Correct the key; wrong ones are answered again after `Retry-After`. Right keys from the same address are not affected.",
            ),
            Self::LexiconUnreadable => (
                "lexicon_unreadable",
                500,
                "A lexicon file cannot be read",
                "Correct the problem that `detail` names, such as the file's permissions, and reload again.",
            ),
            Self::Internal => (
                "internal",
                500,
                "Internal error",
                "Give the `request_id` to whoever runs the server: the log has the cause.",
            ),
            Self::NotOnThisEngine => (
                "not_on_this_engine",
                501,
                "The engine that holds the articles cannot give this",
                "`detail` says what it cannot do. Narrow the search, or ask without that part.",
            ),
            Self::EngineUnreachable => (
                "engine_unreachable",
                503,
                "The cluster does not answer",
                "Try again later. Whoever runs the server: are its nodes up, and does the network lead there?",
            ),
            Self::EngineRefuses => (
                "engine_refuses",
                503,
                "The cluster does not let the server in",
                "Whoever runs the server: check `user` and password, or the API key, in `[engine]`, and what they may do.",
            ),
            Self::EngineBusy => (
                "engine_busy",
                503,
                "The cluster has too much to do",
                "Try again after the number of seconds in `Retry-After`.",
            ),
            Self::PartialResults => (
                "partial_results",
                503,
                "A part of the cluster does not answer",
                "Nothing is answered rather than too little: that was asked for, or the answer could not say that it lacks articles. Try again later; whoever runs the cluster: see its health, a node may be down.",
            ),
            Self::EditionGone => (
                "edition_gone",
                503,
                "What was searched has been replaced",
                "Search again. A walk with `cursor` starts again without it, unless it is ordered by time.",
            ),
            Self::Overloaded => (
                "overloaded",
                503,
                "Too many searches at once",
                "Try again after the number of seconds in `Retry-After`.",
            ),
            Self::NotReady => {
                ("not_ready", 503, "The index is not ready", "Try again later; `detail` says why.")
            }
            Self::ReindexDue => (
                "reindex_due",
                503,
                "The index must be built again",
                "It was built by an earlier version, which did not keep this. Run a full reindex; everything else goes on serving.",
            ),
            Self::Deadline => {
                ("deadline", 503, "The search took too long", "Narrow the search, or try again later.")
            }
            Self::KeysUnavailable => (
                "keys_unavailable",
                503,
                "Keys cannot be checked",
                "Try again later. Whoever runs the server: does the cluster answer, may this server read `PREFIX-keys` there, and has the server that writes been started?",
            ),
            Self::NotWritten => (
                "not_written",
                503,
                "The write could not be stored",
                "Nothing was acknowledged. Check the disk that `detail` names, then send it again.",
            ),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        CodeInfo { name, status, title, advice }
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
