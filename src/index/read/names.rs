//! What texts name, by number: the names of four columns, numbered over all segments.
//!
//! A segment numbers the names of its column by itself, and looking a name up by its number reads a block of a compressed dictionary. Where
//! matches name a hundred thousand persons, the names are needed of the few that are shown, and only the numbers of the others. So each
//! name has one number in all segments, found by a hash of 64 bits: of ten million names, two would share a number in one of 400,000 archives.
//!
//! A segment never changes, so its numbers are found once and go on over commits.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::sync::{Arc, Mutex, PoisonError};

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use tantivy::index::SegmentId;

use super::articles::Articles;
use super::error::ReadError;
use super::pace::Pace;
use super::segment::{Segment, names_of};
use crate::entities::EntityKind;
use crate::index::schema::column;
use crate::query::archive::Deadline;

/// The names of one kind.
struct Names {
    /// Number by hash.
    numbers: FxHashMap<u64, u32>,
    /// By segment.
    segments: Vec<Arc<SegmentNames>>,
    /// Where each name stands, by number: the last segment that has it, and its number there.
    homes: Vec<(u32, u32)>,
    /// Articles that hold each, by number, of the whole generation; counted when they are first asked for.
    everywhere: Mutex<Option<Arc<Vec<u32>>>>,
}

/// The names of one kind in a segment.
struct SegmentNames {
    segment: SegmentId,
    /// The number of each of the column's own.
    numbers: Vec<u32>,
}

/// Those of all kinds at one commit.
pub(in crate::index) struct NumberedNames {
    kinds: [Names; 4],
}

/// [`NumberedNames`], made when they are first asked for.
#[derive(Default)]
pub(in crate::index) struct LazyNames(Mutex<Known>);

/// What is known of the names of a commit.
enum Known {
    /// Those of an earlier commit, whose numbers stay; kept until they are of use.
    Former(Option<Arc<NumberedNames>>),
    Made(Arc<NumberedNames>),
}

impl Default for Known {
    fn default() -> Self {
        Self::Former(None)
    }
}

impl LazyNames {
    /// The names of `segments`. Making them ignores deadlines: given up, it would begin again with the next search.
    pub(in crate::index) fn get(&self, segments: &[Segment]) -> tantivy::Result<Arc<NumberedNames>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let former = match &*known {
            Known::Made(names) => return Ok(Arc::clone(names)),
            Known::Former(former) => former.as_deref(),
        };
        let names = Arc::new(NumberedNames::new(segments, former)?);
        *known = Known::Made(Arc::clone(&names));
        Ok(names)
    }

    /// For the generation after a commit.
    pub(in crate::index) fn after_commit(&self) -> Self {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let former = match &*known {
            Known::Made(names) => Some(Arc::clone(names)),
            Known::Former(former) => former.clone(),
        };
        Self(Mutex::new(Known::Former(former)))
    }
}

impl NumberedNames {
    fn new(segments: &[Segment], former: Option<&Self>) -> tantivy::Result<Self> {
        let [person, place, organisation, word] = EntityKind::ALL;
        let of = |kind| Names::new(kind, segments, former.map(|former| former.of(kind)));
        let kinds = [of(person)?, of(place)?, of(organisation)?, of(word)?];
        Ok(Self { kinds })
    }

    fn of(&self, kind: EntityKind) -> &Names {
        let [person, place, organisation, word] = &self.kinds;
        match kind {
            EntityKind::Person => person,
            EntityKind::Place => place,
            EntityKind::Organisation => organisation,
            EntityKind::Word => word,
        }
    }

    /// Calls `each` with the numbers of what each of `docs`, documents of segment number `index`, names.
    pub(super) fn each(
        &self,
        kind: EntityKind,
        index: usize,
        segment: &Segment,
        docs: &FixedBitSet,
        deadline: Deadline,
        mut each: impl FnMut(u32, &mut dyn Iterator<Item = u32>),
    ) -> Result<(), ReadError> {
        let mut pace = Pace::new(deadline);
        let column = segment.names(column::of_entities(kind))?;
        let empty = Vec::new();
        let numbers = self.of(kind).segments.get(index).map_or(&empty, |names| &names.numbers);
        for doc in docs.ones() {
            pace.step()?;
            let doc = doc as u32;
            let named = column.ords().values_for_doc(doc);
            each(doc, &mut named.filter_map(|ord| numbers.get(ord as usize).copied()));
        }
        Ok(())
    }

    /// How many of `docs`, documents by segment, name each, by number.
    pub(super) fn count(
        &self,
        kind: EntityKind,
        segments: &[Segment],
        docs: &[FixedBitSet],
        deadline: Deadline,
    ) -> Result<Vec<u32>, ReadError> {
        let mut counts = vec![0_u32; self.of(kind).numbers.len()];
        for (index, (segment, docs)) in segments.iter().zip(docs).enumerate() {
            self.each(kind, index, segment, docs, deadline, |_, named| {
                for number in named {
                    if let Some(count) = counts.get_mut(number as usize) {
                        *count += 1;
                    }
                }
            })?;
        }
        Ok(counts)
    }

    /// How many of `articles` name each, by number. For a whole generation it is counted once.
    pub(super) fn everywhere(
        &self,
        kind: EntityKind,
        articles: Articles<'_>,
        deadline: Deadline,
    ) -> Result<Arc<Vec<u32>>, ReadError> {
        let counted = |deadline| {
            let segments = articles.segments;
            let all = segments.iter().enumerate();
            let all: Vec<_> = all.map(|(index, segment)| articles.of_segment(index, segment)).collect();
            self.count(kind, segments, &all, deadline).map(Arc::new)
        };
        if articles.visible.is_some() {
            return counted(deadline);
        }
        let mut everywhere = self.of(kind).everywhere.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*everywhere {
            return Ok(Arc::clone(known));
        }
        // Given up, it would begin again with the next question.
        let made = counted(Deadline::NONE)?;
        *everywhere = Some(Arc::clone(&made));
        Ok(made)
    }

    /// The names with these numbers.
    pub(super) fn names(
        &self,
        kind: EntityKind,
        segments: &[Segment],
        wanted: &[u32],
    ) -> Result<FxHashMap<u32, String>, ReadError> {
        let names = self.of(kind);
        let homes = wanted.iter().filter_map(|number| Some((*names.homes.get(*number as usize)?, *number)));
        let mut homes: Vec<((u32, u32), u32)> = homes.collect();
        homes.sort_unstable();
        homes.dedup();
        let mut found = FxHashMap::default();
        for here in homes.chunk_by(|((one, _), _), ((other, _), _)| one == other) {
            let segment = here.first().and_then(|((segment, _), _)| segments.get(*segment as usize));
            let Some(segment) = segment else { continue };
            let ords: Vec<u64> = here.iter().map(|((_, ord), _)| u64::from(*ord)).collect();
            let column = segment.names(column::of_entities(kind))?;
            let numbers = here.iter().map(|(_, number)| *number);
            found.extend(numbers.zip(names_of(&column, &ords)?));
        }
        Ok(found)
    }
}

impl Names {
    fn new(kind: EntityKind, segments: &[Segment], former: Option<&Self>) -> tantivy::Result<Self> {
        let mut numbers = former.map(|former| former.numbers.clone()).unwrap_or_default();
        let mut of_segments = Vec::with_capacity(segments.len());
        for segment in segments {
            let id = segment.reader.segment_id();
            let known = former.and_then(|former| former.segments.iter().find(|known| known.segment == id));
            of_segments.push(match known {
                Some(known) => Arc::clone(known),
                None => Arc::new(SegmentNames::new(kind, segment, &mut numbers)?),
            });
        }
        let mut homes = vec![(u32::MAX, 0); numbers.len()];
        for (index, names) in (0_u32..).zip(&of_segments) {
            for (ord, number) in (0_u32..).zip(&names.numbers) {
                if let Some(home) = homes.get_mut(*number as usize) {
                    *home = (index, ord);
                }
            }
        }
        Ok(Self { numbers, segments: of_segments, homes, everywhere: Mutex::default() })
    }
}

impl SegmentNames {
    /// Numbers the names of a segment; new ones get the next of `numbers`.
    fn new(kind: EntityKind, segment: &Segment, numbers: &mut FxHashMap<u64, u32>) -> tantivy::Result<Self> {
        let column = segment.names(column::of_entities(kind))?;
        let mut own = Vec::with_capacity(column.num_terms());
        let mut names = column.dictionary().stream()?;
        while names.advance() {
            let mut hasher = DefaultHasher::new();
            hasher.write(names.key());
            let next = numbers.len() as u32;
            own.push(*numbers.entry(hasher.finish()).or_insert(next));
        }
        Ok(Self { segment: segment.reader.segment_id(), numbers: own })
    }
}
