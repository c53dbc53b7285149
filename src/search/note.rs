//! What an answer says about how the query was read, where that may not be what was meant.

use serde::Serialize;
use utoipa::ToSchema;

use super::session::Session;
use crate::query::language::QueryNote;

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteCode {
    /// What stands after `날짜:` is not a date; it was searched for as words.
    UnknownDate,
    /// The query is initial consonants, and what they complete best was searched for.
    InitialConsonants,
}

/// One thing to know about how a query was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Note {
    /// What it is about.
    pub code: NoteCode,
    /// The same in words, with an example of how to write it. In Korean if `Accept-Language` prefers that.
    pub text: String,
    /// The part of the query that it is about, as typed.
    #[serde(skip)]
    #[schema(ignore)]
    pub about: String,
    /// What that was read as, where it was read as something else.
    #[serde(skip)]
    #[schema(ignore)]
    pub read_as: String,
}

impl Note {
    /// In English, which whoever answers people may replace.
    fn new(code: NoteCode, about: &str, read_as: &str) -> Self {
        let text = match code {
            NoteCode::UnknownDate => format!(
                "`{about}` is not a date and was searched for as words: write `date:2026-05-01..2026-05-31`, \
                 `date:yesterday` or `date:last-month`"
            ),
            NoteCode::InitialConsonants => {
                format!("`{about}` was taken for initial consonants, and `{read_as}` was searched for")
            }
        };
        Self { code, text, about: about.to_owned(), read_as: read_as.to_owned() }
    }
}

/// The notes of a search under way.
pub(super) fn notes(session: &Session<'_>) -> Vec<Note> {
    let query = &session.query;
    let of_dates = query.notes().iter().map(|note| match note {
        QueryNote::UnknownDate(range) => {
            Note::new(NoteCode::UnknownDate, query.text().get(range.clone()).unwrap_or_default(), "")
        }
    });
    let typed = session.typed.iter();
    of_dates.chain(typed.map(|typed| Note::new(NoteCode::InitialConsonants, typed, query.text()))).collect()
}
