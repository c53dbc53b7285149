//! The parameters of a saved search: those of `/api/search`, but for where a page begins and how long it is.

use serde_json::{Map, Value};

use crate::alerts::pairs;
use crate::http::answer::ApiError;
use crate::http::request::search::{KnownNames, ORDER, Page, Paging, SELECTION, SHOW};
use crate::http::request::{Accepts, Given, Group, Number};
use crate::korean::Language;
use crate::search::types::SearchRequest;

/// Not taken from whoever saves a search: everything that comes is shown.
const PAGING: Paging = Paging {
    size: Number { name: "size", meaning: "", least: 0, most: None, default: 0 },
    page: Page { window: 0 },
    next: "",
};

struct SavedParameters;

impl Accepts for SavedParameters {
    const GROUPS: &'static [Group] = &[SELECTION, ORDER, SHOW];
}

/// The search that `params` make, in a language.
///
/// # Errors
/// As in a search: what is unknown or has a wrong value, by name.
pub(in crate::http) fn request(
    params: &Map<String, Value>,
    language: &Language,
) -> Result<SearchRequest, ApiError> {
    let pairs = pairs(params).map(|(name, value)| Ok((name.to_owned(), text(name, value)?)));
    let pairs = pairs.collect::<Result<Vec<_>, ApiError>>()?;
    let request = Given::of::<SavedParameters>(pairs)?.search(KnownNames::of(language), &PAGING)?;
    // What came is reported article by article.
    Ok(SearchRequest { group: None, facets: Vec::new(), explain: false, ..request })
}

/// Refuses an empty list: whoever sends one has lost what it was to hold, and without it the search would find far more.
///
/// # Errors
/// The first parameter that is one, by name.
pub(super) fn has_values(params: &Map<String, Value>) -> Result<(), ApiError> {
    let empty = params.iter().find(|(_, value)| value.as_array().is_some_and(Vec::is_empty));
    match empty {
        Some((name, _)) => {
            Err(ApiError::bad_parameter(name, "is an empty list; leave it out to save the search without it"))
        }
        None => Ok(()),
    }
}

fn text(name: &str, value: &Value) -> Result<String, ApiError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err(ApiError::bad_parameter(name, "must be a text, a number, true, false, or a list of these")),
    }
}
