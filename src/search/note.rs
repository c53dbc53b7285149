//! What an answer says about how the query was read, where that may not be what was meant.

use serde::Serialize;
use utoipa::ToSchema;

use super::error::SearchError;
use super::session::Session;
use crate::korean::lexicon::OutletGroups;
use crate::query::language::{Filter, Node, NodeId, Query, QueryNote};
use crate::query::plan::Plan;
use crate::query::request::Filters;

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteCode {
    /// What stands after `날짜:` is not a date; it was searched for as words.
    UnknownDate,
    /// The query is initial consonants, and what they complete best was searched for.
    InitialConsonants,
    /// What looks like the operator of words near each other (`~10`) is none: no number from 1 to 100, or no space around it.
    BadNear,
    /// There is no group of outlets of that name; the text lists those that there are.
    UnknownOutletGroup,
    /// No article has an outlet of that name, which is the name of a group of outlets.
    OutletGroupWithoutSign,
    /// No text names whoever was asked for, but articles are by a reporter of that name.
    OnlyReporter,
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
    /// What that was read as, where it was read as something else; what there is, where it is unknown.
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
            NoteCode::BadNear => format!(
                "`{about}` does not join the words around it as near each other: write a number from 1 to 100 and spaces, as in \
                 `이재명 ~10 부동산`"
            ),
            NoteCode::UnknownOutletGroup if read_as.is_empty() => {
                format!("there is no group of outlets `{about}`, nor any other")
            }
            NoteCode::UnknownOutletGroup => {
                format!("there is no group of outlets `{about}`; there are {read_as}")
            }
            NoteCode::OutletGroupWithoutSign => {
                format!("`{about}` is a group of outlets, not an outlet: write `outlet:{read_as}`")
            }
            NoteCode::OnlyReporter => {
                format!(
                    "`{about}` is in no text that was searched; articles by a reporter of that name: {read_as}, with `reporter:{about}`"
                )
            }
        };
        Self { code, text, about: about.to_owned(), read_as: read_as.to_owned() }
    }
}

/// The notes of a search under way that found so many articles.
///
/// # Errors
/// The deadline, or a failing archive.
pub(super) fn notes(session: &Session<'_>, articles: u64) -> Result<Vec<Note>, SearchError> {
    let query = &session.query;
    let of_query = query.notes().iter().map(|note| {
        let (code, range) = match note {
            QueryNote::UnknownDate(range) => (NoteCode::UnknownDate, range),
            QueryNote::BadNear(range) => (NoteCode::BadNear, range),
        };
        Note::new(code, query.text().get(range.clone()).unwrap_or_default(), "")
    });
    let mut notes: Vec<Note> = of_query.collect();
    for note in of_groups(query, session.context.language.outlet_groups(), articles) {
        // A group that is named twice is unknown once.
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let typed = session.typed.iter();
    notes.extend(typed.map(|typed| Note::new(NoteCode::InitialConsonants, typed, query.text())));
    if articles == 0 {
        notes.extend(only_reporter(session)?);
    }
    Ok(notes)
}

/// What to say of a query of one word that no text holds, if that is a reporter's name: names above and below an article are not its text.
fn only_reporter(session: &Session<'_>) -> Result<Option<Note>, SearchError> {
    let mut nodes = session.query.post_order();
    let (Some((_, Node::Word { text })), None) = (nodes.next(), nodes.next()) else { return Ok(None) };
    let filters = Filters { reporters: vec![text.clone()], ..Filters::default() };
    let plan = Plan::of_filters(filters);
    let by_reporter = match session.total_of(&plan, plan.attempts()) {
        // The answer is there; what would be said besides is not worth losing it.
        Err(SearchError::Deadline) => return Ok(None),
        counted => counted?,
    };
    Ok((by_reporter > 0).then(|| Note::new(NoteCode::OnlyReporter, text, &by_reporter.to_string())))
}

/// Groups of outlets that there are not, and those that are asked for like an outlet, where that finds nothing.
fn of_groups(query: &Query, groups: &OutletGroups, articles: u64) -> Vec<Note> {
    let excluded: Vec<NodeId> = query
        .post_order()
        .filter_map(|(_, node)| if let Node::Not(child) = node { Some(*child) } else { None })
        .collect();
    let note = |(id, node): (NodeId, &Node)| match node {
        Node::Filter(Filter::OutletGroup(name)) if groups.members(name).is_none() => {
            let known: Vec<String> = groups.names().map(|name| format!("@{name}")).collect();
            Some(Note::new(NoteCode::UnknownOutletGroup, &format!("@{name}"), &known.join(", ")))
        }
        // What is left out may be an outlet after all: nobody can tell by what is found.
        Node::Filter(Filter::Outlet(name)) if articles == 0 && !excluded.contains(&id) => {
            groups.members(name)?;
            let written =
                if name.contains(char::is_whitespace) { format!("\"@{name}\"") } else { format!("@{name}") };
            Some(Note::new(NoteCode::OutletGroupWithoutSign, name, &written))
        }
        _ => None,
    };
    query.leaves().filter_map(note).collect()
}
