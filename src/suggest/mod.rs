//! What the search box offers while someone types: words, phrases and names of an index, with how often and how lately
//! they were in the news.
//!
//! * **Entries** (`titles.rs`): words of titles without their particles, two or three of them next to each other,
//!   nouns within them; names anywhere in an article, which are the terms of the morpheme lane that the newsroom's `words.txt`
//!   has, or the dictionary as proper nouns alone; reporters.
//! * **Keys** ([`crate::korean::jamo`]): an entry is compared as it is typed, stroke by stroke, as it is said (오픈AI:
//!   오픈에이아이) and by its initial consonants. A table holds each kind of key sorted.
//! * **Weight**: each article that holds an entry counts, a recent one more.
//!
//! A generation's build writes its entries to `suggestions.zst`; opening it reads them, and
//! the archive has them for searches. Entries only propose: whoever
//! shows one asks the index how many articles it finds first. So numbers here may be old, and what was deleted stays.
//!
//! Articles that arrive later are added in memory, cheaply, while the former value goes on serving: an [`ArrivalReader`] reads
//! what an article offers, and [`Suggestions::with`] gives a newer value that shares the tables.
//!
//! Arrivals go into tables of growing size, which are merged as they pair up. Nothing needs to be done when an article is deleted or
//! replaced.
//!
//! A word that looks like a stem with a particle is an entry if a quarter of the titles with the stem have it so (우크라이나 is cut
//! 우크라 + 이나). A tenth of the weight is lasting, nine tenths halve every 30 days. Sizes and times: docs/MEASURED.md.

mod alike;
mod patience;
pub mod table;
pub mod titles;
mod typed;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use alike::Alike;
pub use patience::Patience;
pub use table::{Entry, EntryKind};
pub use titles::{ArrivalReader, ArticleEntries};
pub use typed::Typed;

use crate::article::Timestamp;
use crate::korean::fold::fold;
use table::Table;

/// Days after which an article counts half of what it counted.
const HALF_LIFE_DAYS: f64 = 30.0;
/// What an article counts for ever; one of today counts 1.
const LASTING: f32 = 0.1;

/// An entry that fits what was typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The entry as it is written.
    pub text: Box<str>,
    /// What it is.
    pub kind: EntryKind,
    /// How often and how lately it was in the news.
    pub weight: f32,
}

/// Entries of a generation, and of articles that came later. Cheap to clone.
#[derive(Clone, Default)]
pub struct Suggestions {
    /// The generation's table first, then smaller and smaller ones.
    tables: Vec<Arc<Table>>,
    /// The moment at which articles count fully in [`Entry::recent`], in seconds since 1970.
    reference: i64,
}

impl Suggestions {
    /// The suggestions that these entries make, their [`Entry::recent`] being as of `reference`.
    pub fn of(entries: Vec<Entry>, reference: Timestamp) -> Self {
        Self { tables: vec![Arc::new(Table::new(entries))], reference: reference.seconds() }
    }

    /// These suggestions and the entries of one more article. Tables are shared or, where two are about as large, put
    /// together, so that a thousand articles make ten tables.
    #[must_use]
    pub fn with(&self, article: &ArticleEntries, now: Timestamp) -> Self {
        let published = article.published.map(|published| published.min(now));
        let recent = recency(published, self.reference);
        let mut newest = Table::new(article.entries(recent));
        let (first, later) =
            self.tables.split_first().map_or((None, &[][..]), |(first, later)| (Some(first), later));
        let mut later = later.to_vec();
        while let Some(last) = later.last().filter(|last| last.len() <= 2 * newest.len()) {
            newest = Table::new(last.entries().iter().chain(newest.entries()).cloned().collect());
            later.pop();
        }
        let tables = first.cloned().into_iter().chain(later).chain([Arc::new(newest)]).collect();
        Self { tables, reference: self.reference }
    }

    /// The moment at which articles count fully in [`Entry::recent`].
    pub fn reference(&self) -> Timestamp {
        Timestamp::from_seconds(self.reference)
    }

    /// All entries; one that several tables have comes as often.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.tables.iter().flat_map(|table| table.entries())
    }

    /// Memory that they take, in bytes, about.
    pub fn bytes(&self) -> usize {
        self.tables.iter().map(|table| table.bytes()).sum()
    }

    /// What an entry weighs at `now`.
    pub fn weight(&self, entry: &Entry, now: Timestamp) -> f32 {
        entry.weight(self.faded(now))
    }

    /// At most `most` entries that fit what was typed, heaviest first, ties by text.
    pub fn completing(&self, typed: &Typed, now: Timestamp, most: usize) -> Vec<Candidate> {
        self.found(now, most, |table, each| typed.find(table, each))
    }

    /// At most `most` entries whose initials are what was typed, to the last, heaviest first; none where anything else was typed.
    pub fn of_initials(&self, typed: &Typed, now: Timestamp, most: usize) -> Vec<Candidate> {
        self.found(now, most, |table, each| typed.find_whole(table, each))
    }

    /// At most `most` of the entries that `find` gives of each table, heaviest first.
    fn found(
        &self,
        now: Timestamp,
        most: usize,
        find: impl Fn(&Table, &mut dyn FnMut(&Entry, u32)),
    ) -> Vec<Candidate> {
        let faded = self.faded(now);
        let mut found: Vec<(f32, usize, u32)> = Vec::new();
        for (number, table) in self.tables.iter().enumerate() {
            find(table, &mut |entry, at| found.push((entry.weight(faded), number, at)));
        }
        self.candidates(found, most)
    }

    /// The `most` heaviest of entries that were found: weight, number of the table, and number in it.
    fn candidates(&self, mut found: Vec<(f32, usize, u32)>, most: usize) -> Vec<Candidate> {
        // An entry may be found by several of its keys and in several tables.
        let read = most.saturating_mul(3 * self.tables.len().max(1));
        if found.len() > read && read > 0 {
            found.select_nth_unstable_by(read - 1, |a, b| b.0.total_cmp(&a.0));
            found.truncate(read);
        }
        found.sort_unstable_by_key(|(_, number, at)| (*number, *at));
        found.dedup_by_key(|(_, number, at)| (*number, *at));
        let entries = found.iter().filter_map(|(weight, number, at)| {
            let entry = self.tables.get(*number)?.entries().get(*at as usize)?;
            Some((entry, *weight))
        });
        heaviest(entries, most, |a, b| a + b)
    }

    /// At most `most` single words that may have been meant where `alike` was typed, likeliest first. None where `patience` was over before
    /// all had been compared: the likeliest may be among the others.
    pub fn alike(&self, alike: &Alike, now: Timestamp, most: usize, patience: Patience) -> Vec<Candidate> {
        let faded = self.faded(now);
        let mut cheapest: FxHashMap<&str, (&Entry, u32, f32)> = FxHashMap::default();
        for table in &self.tables {
            let whole = alike.find(table, patience, |entry, cost| {
                let known = cheapest.entry(&entry.text).or_insert((entry, cost, 0.0));
                known.1 = known.1.min(cost);
                known.2 = known.2.max(entry.weight(faded));
            });
            if !whole {
                return Vec::new();
            }
        }
        // A key that is missed is as unlikely as a word a hundred times rarer (Kernighan, Church & Gale 1990 for the model).
        let likely = |cost: u32, weight: f32| weight.max(f32::MIN_POSITIVE).ln() - 0.46 * cost as f32;
        let likely = cheapest.into_values().map(|(entry, cost, weight)| (entry, likely(cost, weight)));
        heaviest(likely, most, f32::max)
    }

    /// How much of [`Entry::recent`] is left at `now`.
    fn faded(&self, now: Timestamp) -> f32 {
        let days = (now.seconds() - self.reference).max(0) as f64 / 86_400.0;
        (-days / HALF_LIFE_DAYS).exp2() as f32
    }
}

/// What an article of `published` counts at `reference`: 1 at that moment, half a half-life before, more after it.
pub(crate) fn recency(published: Option<Timestamp>, reference: i64) -> f32 {
    let Some(published) = published else { return 0.0 };
    let days = published.seconds().saturating_sub(reference) as f64 / 86_400.0;
    (days / HALF_LIFE_DAYS).min(100.0).exp2() as f32
}

/// The `most` heaviest of `found`, ties by text; those with the same folded text and kind are one.
fn heaviest<'a>(
    found: impl Iterator<Item = (&'a Entry, f32)>,
    most: usize,
    together: impl Fn(f32, f32) -> f32,
) -> Vec<Candidate> {
    let mut merged: FxHashMap<(String, EntryKind), Candidate> = FxHashMap::default();
    for (entry, weight) in found {
        let candidate = Candidate { text: entry.text.clone(), kind: entry.kind, weight };
        merged
            .entry((fold(&entry.text), entry.kind))
            .and_modify(|known| known.weight = together(known.weight, weight))
            .or_insert(candidate);
    }
    let mut found: Vec<Candidate> = merged.into_values().collect();
    found.sort_unstable_by(|a, b| {
        b.weight.total_cmp(&a.weight).then_with(|| a.text.cmp(&b.text)).then_with(|| a.kind.cmp(&b.kind))
    });
    found.truncate(most);
    found
}
