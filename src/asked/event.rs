//! A line of a day's file: something that happened, once or so many times.

use serde::{Deserialize, Serialize};

/// Words of a query that no article holds, as far as they are kept.
const MOST_MISSING: usize = 5;

/// Something that happened, once or so many times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Event {
    /// A query was asked.
    Asked(Asked),
    /// Something that was offered was taken.
    Taken(Taken),
    /// Queries that were asked when the day was full.
    Above {
        /// How often.
        times: u64,
    },
}

/// A query that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The query, with single blanks.
    pub query: String,
    /// How often.
    pub times: u64,
    /// How often no article held all of it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub in_vain: u64,
    /// How many articles it found the last time.
    pub total: u64,
    /// Its words that no article held, the last time that it was asked in vain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What was offered instead, then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

fn is_none(number: &u64) -> bool {
    *number == 0
}

impl Asked {
    /// A query that was asked once and found `total` articles; `None` where it is blank.
    pub fn once(query: &str, total: u64) -> Option<Self> {
        let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
        let asked = Self { query, times: 1, in_vain: 0, total, missing: Vec::new(), suggestion: None };
        Some(asked).filter(|asked| !asked.query.is_empty())
    }

    /// The same where no article held all of it: `missing` are the words that none holds, `suggestion` is what was offered instead.
    #[must_use]
    pub fn in_vain(self, missing: Vec<String>, suggestion: Option<String>) -> Self {
        let missing = missing.into_iter().take(MOST_MISSING).collect();
        Self { in_vain: self.times, missing, suggestion, ..self }
    }
}

/// Something offered that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// What it was.
    pub kind: TakenKind,
    /// What had been typed.
    pub typed: String,
    /// What was taken instead.
    pub chosen: String,
    /// How often.
    pub times: u64,
}

/// What was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenKind {
    /// A correction of a query.
    Correction,
    /// A completion of what was typed.
    Completion,
}
