//! An article by what somebody has in the clipboard: its id, or its address.

use serde::Serialize;
use utoipa::ToSchema;

use super::context::SearchContext;
use super::error::SearchError;
use super::types::Hit;
use crate::ingest::common_form;

/// Articles that one address names at most in an answer: the first by id.
const MOST_NAMED: usize = 50;

/// What an id or an address names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LookupResponse {
    /// What was asked for, as it was sent.
    pub asked: String,
    /// How it was read.
    pub read_as: ReadAs,
    /// How many articles it names.
    pub total: u64,
    /// The articles; of several with one address the first 50 by id. None where no article has it.
    pub hits: Vec<Hit>,
}

/// How what was asked for was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadAs {
    /// An article's id.
    Id,
    /// An article's address on the web.
    Address,
}

/// The articles that `asked` names: by id, else by address. `http` and `https`, `www.` and `m.`, a slash at the end, a fragment and
/// parameters that follow readers make no difference in an address.
///
/// # Errors
/// The deadline, or a failing archive.
pub fn lookup(context: &SearchContext<'_>, asked: &str) -> Result<LookupResponse, SearchError> {
    let trimmed = asked.trim();
    let address = common_form(trimmed);
    if let Some((_, article)) = context.find(trimmed)? {
        let hits = vec![Hit::of(article, None)];
        return Ok(LookupResponse { asked: asked.to_owned(), read_as: ReadAs::Id, total: 1, hits });
    }
    let Some(address) = address else {
        return Ok(LookupResponse {
            asked: asked.to_owned(),
            read_as: ReadAs::Id,
            total: 0,
            hits: Vec::new(),
        });
    };
    let mut places = context.archive.find_address(&address, context.deadline())?;
    let total = places.len() as u64;
    places.truncate(MOST_NAMED);
    let hits = context.read(&places)?.into_iter().map(|article| Hit::of(article, None)).collect();
    Ok(LookupResponse { asked: asked.to_owned(), read_as: ReadAs::Address, total, hits })
}
