//! What the readers of all formats give: records that are not yet cleaned, and why a part of a file is none.

use std::io;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::any_of::AnyOf;
use super::json;
use super::names;
use super::refusal::{Refusal, RefusalCode};
use super::rule::IngestRule;
use super::wrappers::Around;

/// The longest line of a JSONL file and the largest page, row or element, in bytes.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// What a [`RawRecord`] holds, not yet cleaned.
#[derive(Debug, Clone, PartialEq)]
pub enum RecordContent {
    /// One JSON object, not yet decoded.
    Json(Vec<u8>),
    /// The fields of a row, of a tagged story or of an object that lay in another.
    Fields(Map<String, Value>),
    /// The fields of an element of a feed, and the title of the feed.
    Feed {
        /// The element's children.
        fields: Map<String, Value>,
        /// The feed's title, which may name the outlet.
        channel: Option<Arc<str>>,
    },
    /// One page in HTML, not yet decoded.
    Html(Vec<u8>),
    /// One scraped page, not yet decoded.
    ScrapedPage(Vec<u8>),
}

/// One record, for [`Cleaner::read`](super::Cleaner::read).
#[derive(Debug, Clone)]
pub struct RawRecord {
    /// The line or row it begins on, from 1; none for a page.
    pub line: Option<u64>,
    /// The id that the line before it gave.
    pub id: Option<String>,
    /// What it holds.
    pub content: RecordContent,
    /// The rule of its file.
    pub(super) rule: Option<Arc<IngestRule>>,
    /// What stands beside the list that it is in.
    pub(super) around: Option<Arc<Around>>,
}

impl RawRecord {
    /// A record that begins on `line`.
    #[must_use]
    pub(super) fn new(line: Option<u64>, content: RecordContent) -> Self {
        Self { line, id: None, content, rule: None, around: None }
    }

    /// Whether it says that it is a draft, private or deleted: it must not become searchable. Feeds say it in a way of their own.
    pub(super) fn is_unpublished(&self) -> bool {
        match &self.content {
            RecordContent::Fields(fields) => unpublished(fields),
            RecordContent::Json(line) => is_unpublished_json(line),
            RecordContent::Feed { .. } | RecordContent::Html(_) | RecordContent::ScrapedPage(_) => false,
        }
    }
}

/// Whether an article as JSON says that it is a draft, private or deleted. Few lines have such a name at all: only they are parsed twice.
pub fn is_unpublished_json(line: &[u8]) -> bool {
    NAMES_OF_STATES.is_in_bytes(line) && json::parse_fields(line).is_some_and(|fields| unpublished(&fields))
}

/// What every name in [`unpublished`] has in it, but for case.
static NAMES_OF_STATES: AnyOf = AnyOf::new(&["tatus", "TATUS", "raft", "RAFT", "ublished\"", "임시저장"]);

fn unpublished(fields: &Map<String, Value>) -> bool {
    let truth = |value: &Value| match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => number.as_u64().filter(|number| *number < 2).map(|number| number == 1),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "1" => Some(true),
            "false" | "no" | "n" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    };
    fields.iter().any(|(key, value)| {
        // What is longer, or no single value, says neither.
        let long = value.as_str().is_some_and(|text| text.trim().len() > 12);
        if long || value.is_null() || value.is_array() || value.is_object() {
            return false;
        }
        let state =
            value.as_str().filter(|state| state.len() <= 12).map(|state| state.trim().to_ascii_lowercase());
        let state = state.as_deref();
        match names::fold(key).as_str() {
            "poststatus" | "wpstatus" => {
                state.is_some_and(|state| !matches!(state, "" | "publish" | "published"))
            }
            // Other programs have states of their own.
            "status" => state
                .is_some_and(|state| matches!(state, "draft" | "trash" | "private" | "임시저장" | "비공개")),
            "draft" | "isdraft" | "임시저장" => truth(value) == Some(true),
            "ispublished" => truth(value) == Some(false),
            _ => false,
        }
    })
}

/// A record or a refusal, with the line it begins on.
pub(super) type Found = (Option<u64>, Result<RawRecord, Refusal>);

pub(super) fn too_large(what: &str, limit: usize) -> Refusal {
    let detail = format!("the {what} is larger than {} MiB; split it", limit >> 20);
    Refusal::new(RefusalCode::TooLarge, detail)
}

pub(super) fn damaged(error: &io::Error) -> Refusal {
    let code = match error.kind() {
        io::ErrorKind::FileTooLarge => RefusalCode::TooLarge,
        _ => RefusalCode::Damaged,
    };
    let detail = format!(
        "cannot read any further: {error}; the records before this are kept, the rest of the file is skipped"
    );
    Refusal::new(code, detail)
}
