//! Which group an article joins that arrives after the build.
//!
//! The same rules as in a build, with one difference: a build takes all articles in the order of publication, here those
//! that are there already come first, and the new ones after them. Where articles arrive as they are published, as they do
//! in a newsroom, that is the same order. What shares a hash with a new article is found in the columns of fingerprints: going
//! through 50,000 articles takes some ten milliseconds, once for all that a commit brings.

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocAddress;
use tantivy::columnar::Column;

use super::articles::holds;
use super::compared;
use super::members::SimilarGroups;
use super::publication::{published, sort_by_publication};
use super::segment::{OpenIndex, Segment};
use crate::index::schema::column;
use crate::similar::decision;
use crate::similar::grouping::{Candidates, Counts, Sketches, TOGETHER, mean};
use crate::similar::holders::Holders;
use crate::similar::text::Text;

/// Articles that arrived, and those that may be like them.
pub(super) struct Arrivals {
    candidates: Candidates,
    /// In the order of the sketches: first what was there, then what arrived, each in the order of publication.
    order: Vec<DocAddress>,
    /// Where those that arrived begin.
    first: usize,
}

impl Arrivals {
    /// Finds what may be like the documents `arrived`; with `among`, by segment, only there.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn new(
        segments: &[Segment],
        mut arrived: Vec<DocAddress>,
        among: Option<&[FixedBitSet]>,
    ) -> tantivy::Result<Self> {
        let columns = segments
            .iter()
            .map(|segment| segment.reader.fast_fields().u64(column::FINGERPRINT))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let mut wanted = WantedHashes::default();
        arrived.iter().flat_map(|at| sketch(&columns, *at)).for_each(|hash| wanted.add(hash));
        let numbers = Numbers::of(segments);
        let mut pairs = Vec::new();
        for (ord, segment) in (0_u32..).zip(segments) {
            for doc in segment.reader.doc_ids_alive() {
                let at = DocAddress::new(ord, doc);
                let hashes = sketch(&columns, at).filter(|hash| wanted.has(*hash));
                let (before, number) = (pairs.len(), numbers.number(at));
                pairs.extend(hashes.map(|hash| (hash, number)));
                if pairs.len() > before && !holds(among, at) {
                    pairs.truncate(before);
                }
            }
        }
        let day = |at: &DocAddress| published(at, segments).map(|seconds| seconds / 86_400);
        let by_publication = |number: u32| {
            let time = published(&numbers.at(number), segments);
            (time.is_none(), time, number)
        };
        let holders = Holders::new(pairs, |number| day(&numbers.at(number)), by_publication);
        let (mut alike, mut counts) = (FxHashSet::default(), FxHashMap::default());
        for at in &arrived {
            holders.sharing(sketch(&columns, *at), &mut counts, &mut alike);
        }
        arrived.iter().for_each(|at| _ = alike.remove(&numbers.number(*at)));
        let mut order: Vec<DocAddress> = alike.into_iter().map(|number| numbers.at(number)).collect();
        let first = order.len();
        sort_by_publication(&mut order, segments)?;
        sort_by_publication(&mut arrived, segments)?;
        order.append(&mut arrived);
        let mut sketches = Sketches::default();
        for at in &order {
            sketches.push(day(at), sketch(&columns, *at));
        }
        Ok(Self { candidates: Candidates::of_later(sketches, first, &holders), order, first })
    }

    /// Puts each of them into the group that it belongs to, in the order of publication.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn place(&self, index: OpenIndex<'_>, groups: &mut SimilarGroups) -> tantivy::Result<()> {
        let mut texts = Texts { index, read: FxHashMap::default() };
        let mut counts = Counts::default();
        for (number, at) in (0_u32..).zip(&self.order).skip(self.first) {
            let mut ways: Vec<Vec<DocAddress>> = Vec::new();
            // How likely each is the same text as this one.
            let mut known: FxHashMap<DocAddress, f32> = FxHashMap::default();
            for candidate in self.candidates.of(number, &mut counts) {
                let Some(other) = self.order.get(candidate.article as usize) else { continue };
                let likelihood = texts.likelihood(*at, *other, candidate.pattern)?;
                known.insert(*other, likelihood);
                if likelihood >= decision::SAME {
                    let first = groups.first(*other);
                    if !ways.contains(&first) {
                        ways.push(first);
                    }
                }
            }
            let mut likelihood = |one: DocAddress, other: DocAddress| {
                if let Some(known) = known.get(&other) {
                    return Ok(*known);
                }
                let place = self.order.iter().position(|one| *one == other);
                let pattern = place.is_some_and(|place| self.candidates.is_pattern(number, place as u32));
                texts.likelihood(one, other, pattern)
            };
            let mut best: Option<(f32, DocAddress)> = None;
            for first in &ways {
                let mean = mean(&[*at], first, &mut likelihood)?;
                if mean >= best.map_or(TOGETHER, |(most, _)| most.next_up()) {
                    best = first.first().map(|other| (mean, *other));
                }
            }
            if let Some((_, other)) = best {
                groups.join(*at, other, index.segments)?;
            }
        }
        Ok(())
    }
}

/// The fingerprint of a document.
fn sketch(columns: &[Column<u64>], at: DocAddress) -> impl Iterator<Item = u32> + '_ {
    let column = columns.get(at.segment_ord as usize).into_iter();
    column.flat_map(move |column| column.values_for_doc(at.doc_id)).map(|hash| hash as u32)
}

/// Numbers for the documents of all segments.
struct Numbers {
    /// The first of each segment.
    firsts: Vec<u32>,
}

impl Numbers {
    fn of(segments: &[Segment]) -> Self {
        let next = |first: &mut u32, segment: &Segment| {
            let own = *first;
            *first = first.saturating_add(segment.reader.max_doc());
            Some(own)
        };
        Self { firsts: segments.iter().scan(0, next).collect() }
    }

    fn number(&self, at: DocAddress) -> u32 {
        self.firsts.get(at.segment_ord as usize).map_or(u32::MAX, |first| first.saturating_add(at.doc_id))
    }

    fn at(&self, number: u32) -> DocAddress {
        let ord = self.firsts.partition_point(|first| *first <= number).saturating_sub(1);
        let first = self.firsts.get(ord).copied().unwrap_or(0);
        DocAddress::new(ord as u32, number.saturating_sub(first))
    }
}

/// Hashes that are looked for among those of a large archive.
struct WantedHashes {
    hashes: FxHashSet<u32>,
    /// A bit for each of the last bits that they have: of a million articles with 32 hashes each nearly none need the set.
    last_bits: FixedBitSet,
}

/// Bits of a hash that are looked at first.
const LAST_BITS: u32 = 20;

impl Default for WantedHashes {
    fn default() -> Self {
        Self { hashes: FxHashSet::default(), last_bits: FixedBitSet::with_capacity(1 << LAST_BITS) }
    }
}

impl WantedHashes {
    fn add(&mut self, hash: u32) {
        self.hashes.insert(hash);
        self.last_bits.insert(Self::last_bits(hash));
    }

    fn has(&self, hash: u32) -> bool {
        self.last_bits.contains(Self::last_bits(hash)) && self.hashes.contains(&hash)
    }

    fn last_bits(hash: u32) -> usize {
        (hash & ((1 << LAST_BITS) - 1)) as usize
    }
}

/// Texts that were read.
struct Texts<'a> {
    index: OpenIndex<'a>,
    read: FxHashMap<DocAddress, Text>,
}

impl Texts<'_> {
    /// How likely readers call two documents the same text.
    fn likelihood(&mut self, one: DocAddress, other: DocAddress, pattern: bool) -> tantivy::Result<f32> {
        for at in [one, other] {
            if !self.read.contains_key(&at) {
                self.read.insert(at, compared::text(self.index.searcher, self.index.fields, at)?);
            }
        }
        let pair = self.read.get(&one).zip(self.read.get(&other));
        Ok(pair.map_or(0.0, |(one, other)| decision::likelihood(one, other, pattern)))
    }
}
