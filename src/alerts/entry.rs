//! A saved search with what is known of its deliveries, and who is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::progress::Progress;
use super::saved::SavedSearch;

/// A saved search, and how far it has been delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The search.
    pub search: SavedSearch,
    /// Grows whenever it is saved again.
    pub revision: u64,
    /// Of each target, by its address, how far it has been told.
    pub targets: BTreeMap<String, Progress>,
}

/// A target of a search, as the search was last saved.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Addressee {
    /// The name of the search.
    pub search: String,
    /// The target's address.
    pub address: String,
    /// The search's revision: what is reported of an earlier one does not count any more.
    pub revision: u64,
}

impl Entry {
    /// Its targets, where it is saved as `name`.
    pub fn addressees(&self, name: &str) -> impl Iterator<Item = Addressee> {
        let each = self.targets.keys().cloned();
        each.map(|address| Addressee { search: name.to_owned(), address, revision: self.revision })
    }
}
