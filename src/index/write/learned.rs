//! Which names the articles of a finished index teach: what their brackets put side by side, judged by how many articles hold each.

use std::hash::{BuildHasher, BuildHasherDefault};

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHasher};
use tantivy::{Searcher, TantivyError};

use crate::index::read::articles::Articles;
use crate::index::read::error::ReadError;
use crate::index::read::matching::alive;
use crate::index::read::segment::Segment;
use crate::index::read::vocabulary;
use crate::index::schema::Fields;
use crate::learned::{Collector, Held, LearnedPair, decide};
use crate::query::archive::Deadline;
use crate::query::word::name_shape;

/// Marks the story of an article that is in no group.
const ALONE: u64 = 1 << 63;

/// The pairs of names that the articles of the index teach. `groups` are its near-identical articles, which tell one story. `None` where
/// `go_on` said no.
///
/// # Errors
/// A failing index.
pub(in crate::index) fn learn(
    gathered: Collector,
    groups: &[Vec<String>],
    searcher: &Searcher,
    fields: &Fields,
    go_on: impl Fn() -> bool,
) -> tantivy::Result<Option<Vec<LearnedPair>>> {
    let mut group_of: FxHashMap<&str, u64> = FxHashMap::default();
    for (number, ids) in (0..).zip(groups) {
        group_of.extend(ids.iter().map(|id| (id.as_str(), number)));
    }
    let hashes = BuildHasherDefault::<FxHasher>::default();
    let story = |id: &str| group_of.get(id).copied().unwrap_or_else(|| ALONE | hashes.hash_one(id));
    let segments = searcher.segment_readers().iter().map(|reader| Segment::open(reader, fields));
    let segments: Vec<Segment> = segments.collect::<tantivy::Result<_>>()?;
    let visible: Vec<FixedBitSet> = segments.iter().map(alive).collect();
    let articles = Articles { segments: &segments, visible: Some(&visible) };
    let mut learned = Vec::new();
    for proposed in gathered.finish(story) {
        if !go_on() {
            return Ok(None);
        }
        let decided = holding(articles, &proposed.short).and_then(|short| {
            decide(&proposed, |_, long| {
                let long = holding(articles, long)?;
                let both = short.iter().zip(&long).map(|(short, long)| short.intersection_count(long) as u64);
                Ok(Held { short: count(&short), long: count(&long), both: both.sum() })
            })
        });
        learned.extend(decided.map_err(failure)?);
    }
    Ok(Some(learned))
}

/// The articles that hold `name`, by segment.
fn holding(articles: Articles<'_>, name: &str) -> Result<Vec<FixedBitSet>, ReadError> {
    match name_shape(name) {
        Some(shape) => vocabulary::holding(articles, &shape, Deadline::NONE),
        None => Ok(articles.segments.iter().map(|_| FixedBitSet::new()).collect()),
    }
}

/// Without a deadline nothing but tantivy fails.
fn failure(error: ReadError) -> TantivyError {
    match error {
        ReadError::Tantivy(error) => error,
        ReadError::Archive(error) => TantivyError::InternalError(error.to_string()),
    }
}

fn count(docs: &[FixedBitSet]) -> u64 {
    docs.iter().map(|docs| docs.count_ones(..) as u64).sum()
}
