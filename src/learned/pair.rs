//! What the archive teaches: pairs of names, and the table that finds one by the other.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::candidate::Reason;
use crate::korean::Language;
use crate::korean::fold::fold;

/// Two names of one thing, as the articles of an archive put them side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LearnedPair {
    /// The short form, or the foreign one: `LH`.
    pub short: String,
    /// The long form: `한국토지주택공사`.
    pub long: String,
    /// What speaks for the pair.
    pub reason: Reason,
    /// Stories that put them side by side; reprints of one story count once.
    pub stories: u64,
    /// Articles that do, reprints included.
    pub articles: u64,
    /// Outlets that do.
    pub outlets: u64,
    /// Ids of the first such articles, at most three.
    pub examples: Vec<String>,
}

/// All pairs of an archive, by either name.
#[derive(Debug, Clone, Default)]
pub struct LearnedNames {
    pairs: Vec<LearnedPair>,
    /// By folded name: the pairs, and whether the name is the long one.
    named: FxHashMap<Box<str>, Vec<(usize, bool)>>,
    longest: usize,
}

impl LearnedNames {
    /// The table of `pairs`, in their order.
    pub fn new(pairs: Vec<LearnedPair>) -> Self {
        let mut named: FxHashMap<Box<str>, Vec<(usize, bool)>> = FxHashMap::default();
        let mut longest = 0;
        for (at, pair) in pairs.iter().enumerate() {
            for (name, long) in [(&pair.short, false), (&pair.long, true)] {
                named.entry(fold(name).into()).or_default().push((at, long));
                longest = longest.max(name.split_whitespace().count());
            }
        }
        Self { pairs, named, longest }
    }

    /// The pairs, in their order.
    pub fn pairs(&self) -> &[LearnedPair] {
        &self.pairs
    }

    /// The words of the longest name.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The other names of `text`, one word or several, that `language` does not forbid.
    pub fn others<'a>(
        &'a self,
        text: &str,
        language: &'a Language,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let named = if language.learns() { self.named.get(fold(text).as_str()) } else { None };
        named.into_iter().flatten().filter_map(|(at, long)| {
            let pair = self.pairs.get(*at)?;
            let allowed = language.not_synonyms().allow(&pair.short, &pair.long);
            allowed.then_some(if *long { pair.short.as_str() } else { pair.long.as_str() })
        })
    }
}
