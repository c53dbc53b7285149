//! A saved search with what is known of its deliveries.

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
