//! What a fixed filter shows of a generation: a set of documents, with groups and suggestions made of these alone.
//!
//! Whoever sees a part of an archive must not learn from an answer what the rest holds. So nothing that was made of all articles may
//! be used for them: groups of near-identical articles would be joined by hidden ones, and suggestions would offer their words. Both
//! are made anew of the visible articles, as a build makes them, when they are first asked for. Groups then follow each commit as those
//! of the whole generation do, by the visible articles that changed. Suggestions only propose, and making them reads every visible
//! title: they go on serving over commits for a while.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocAddress;

use super::read::error::ReadError;
use super::read::filter::filter_docs;
use super::read::matching::alive;
use super::read::members::SimilarGroups;
use super::read::segment::{OpenIndex, Segment};
use super::read::{regroup, stored};
use super::write::groups;
use super::write::suggestions::{self, Collector, TitleReader};
use crate::article::Timestamp;
use crate::korean::Korean;
use crate::query::archive::Deadline;
use crate::query::request::Filters;
use crate::suggest::Suggestions;

/// Filters whose views a generation keeps; the one that was made first goes first.
const KEPT: usize = 16;
/// How long suggestions serve that were made of an earlier commit, and how long a view is kept that nobody uses.
const LASTING: Duration = Duration::from_secs(600);
/// Titles that are read between two hand-overs.
const BATCH: usize = 1024;

/// What a filter shows of a generation at one commit.
pub(super) struct View {
    /// The visible documents, by segment.
    pub(super) docs: Vec<FixedBitSet>,
    similar: Mutex<Option<Arc<SimilarGroups>>>,
    offered: Mutex<Option<Offered>>,
    used: Mutex<Instant>,
}

/// Suggestions of a view.
#[derive(Clone)]
struct Offered {
    suggestions: Suggestions,
    made: Instant,
    /// Whether they are of an earlier commit.
    former: bool,
}

/// The views of a generation, by filter.
#[derive(Default)]
pub(super) struct Views(Mutex<Vec<(Filters, Arc<View>)>>);

impl Views {
    /// The view of `filters`, made if there is none yet.
    pub(super) fn view(
        &self,
        index: OpenIndex<'_>,
        filters: &Filters,
        deadline: Deadline,
    ) -> Result<Arc<View>, ReadError> {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, view)) = views.iter().find(|(known, _)| known == filters) {
            *view.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            return Ok(Arc::clone(view));
        }
        let view = Arc::new(View::new(docs(index, filters, deadline)?));
        if views.len() == KEPT {
            views.remove(0);
        }
        views.push((filters.clone(), Arc::clone(&view)));
        Ok(view)
    }

    /// The views of the same filters after a commit that wrote or deleted the articles `changed`. `before` are the segments that
    /// these views are of, `index` is as the commit made it.
    pub(super) fn after_commit(
        &self,
        before: &[Segment],
        index: OpenIndex<'_>,
        changed: &FxHashSet<Box<str>>,
    ) -> tantivy::Result<Self> {
        let views = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut next = Vec::with_capacity(views.len());
        for (filters, view) in views.into_iter().filter(|(_, view)| view.is_used()) {
            let docs = match docs(index, &filters, Deadline::NONE) {
                Ok(docs) => docs,
                Err(ReadError::Tantivy(error)) => return Err(error),
                // Without a deadline nothing else can happen; the view is made again when it is asked for.
                Err(ReadError::Archive(_)) => continue,
            };
            next.push((filters, Arc::new(view.after_commit(before, index, docs, changed)?)));
        }
        Ok(Self(Mutex::new(next)))
    }
}

/// The documents that a filter lets through, by segment.
fn docs(index: OpenIndex<'_>, filters: &Filters, deadline: Deadline) -> Result<Vec<FixedBitSet>, ReadError> {
    let segments = index.segments.iter();
    segments.map(|segment| filter_docs(segment, filters, &alive(segment), deadline)).collect()
}

impl View {
    fn new(docs: Vec<FixedBitSet>) -> Self {
        let used = Mutex::new(Instant::now());
        Self { docs, similar: Mutex::new(None), offered: Mutex::new(None), used }
    }

    /// Whether somebody asked for it lately.
    fn is_used(&self) -> bool {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).elapsed() < LASTING
    }

    /// The view after a commit, after which `docs` are visible.
    fn after_commit(
        &self,
        before: &[Segment],
        index: OpenIndex<'_>,
        docs: Vec<FixedBitSet>,
        changed: &FxHashSet<Box<str>>,
    ) -> tantivy::Result<Self> {
        let similar = self.similar.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let similar = match similar {
            Some(similar) => {
                // What is hidden before and after it changed has not changed here.
                let mut own = visible_among(changed, before, &self.docs)?;
                own.extend(visible_among(changed, index.segments, &docs)?);
                Some(Arc::new(regroup::after_commit(&similar, before, index, &own, Some(&docs))?))
            }
            None => None,
        };
        let offered = self.offered.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let offered = offered.map(|offered| Offered { former: true, ..offered });
        let used = *self.used.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Self { docs, similar: Mutex::new(similar), offered: Mutex::new(offered), used: Mutex::new(used) })
    }

    /// What `filters` let through of it.
    pub(super) fn narrower(
        &self,
        index: OpenIndex<'_>,
        filters: &Filters,
        deadline: Deadline,
    ) -> Result<Self, ReadError> {
        let segments = index.segments.iter().zip(&self.docs);
        let docs = segments.map(|(segment, docs)| filter_docs(segment, filters, docs, deadline));
        Ok(Self::new(docs.collect::<Result<_, _>>()?))
    }

    /// How many articles are visible.
    pub(super) fn count(&self) -> u64 {
        self.docs.iter().map(|docs| docs.count_ones(..) as u64).sum()
    }

    /// Whether the document `at` is visible.
    pub(super) fn shows(&self, at: DocAddress) -> bool {
        self.docs.get(at.segment_ord as usize).is_some_and(|docs| docs.contains(at.doc_id as usize))
    }

    /// The groups of near-identical articles among the visible ones. Making them ignores deadlines: given up, it would have to
    /// begin again with the next search.
    pub(super) fn similar(&self, index: OpenIndex<'_>) -> tantivy::Result<Arc<SimilarGroups>> {
        let mut similar = self.similar.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(similar) = &*similar {
            return Ok(Arc::clone(similar));
        }
        let found = groups::find(index.searcher, index.fields, Some(&self.docs), 1, |_| true)?;
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        for (number, ids) in (0_u32..).zip(found.iter().flatten()) {
            known.extend(ids.iter().map(|id| (id.as_str(), number)));
        }
        let made = Arc::new(regroup::known(index.segments, &known, found.as_ref().map_or(0, Vec::len))?);
        *similar = Some(Arc::clone(&made));
        Ok(made)
    }

    /// What titles and names of the visible articles offer.
    pub(super) fn offered(&self, index: OpenIndex<'_>, korean: &Korean) -> tantivy::Result<Suggestions> {
        let mut offered = self.offered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = offered.as_ref().filter(|known| !known.former || known.made.elapsed() < LASTING)
        {
            return Ok(known.suggestions.clone());
        }
        let collector = Collector::new(Timestamp::now());
        let mut titles = TitleReader::new(korean);
        for (number, at) in (1..).zip(self.places()) {
            titles.read(&stored::article(index.searcher, index.fields, at)?, &collector);
            if number % BATCH == 0 {
                titles.hand_over(&collector);
            }
        }
        titles.hand_over(&collector);
        let reference = collector.reference();
        let visible = Some(self.docs.as_slice());
        let entries = suggestions::finish(collector, index.searcher, index.fields, visible, korean, || true)?;
        // Nobody ends it early.
        let entries = entries.unwrap_or_default();
        let made = Suggestions::of(entries, reference);
        *offered = Some(Offered { suggestions: made.clone(), made: Instant::now(), former: false });
        Ok(made)
    }

    /// Where the visible articles are.
    fn places(&self) -> impl Iterator<Item = DocAddress> {
        let by_segment = (0_u32..).zip(&self.docs);
        by_segment.flat_map(|(ord, docs)| docs.ones().map(move |doc| DocAddress::new(ord, doc as u32)))
    }
}

/// Those of `ids` whose articles are visible.
fn visible_among(
    ids: &FxHashSet<Box<str>>,
    segments: &[Segment],
    docs: &[FixedBitSet],
) -> tantivy::Result<FxHashSet<Box<str>>> {
    let mut visible = FxHashSet::default();
    for (segment, docs) in segments.iter().zip(docs) {
        for doc in segment.docs_of(ids)?.into_iter().filter(|doc| docs.contains(*doc as usize)) {
            visible.insert(segment.id_of(doc)?.into_boxed_str());
        }
    }
    Ok(visible)
}
