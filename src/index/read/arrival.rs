//! Which group an article joins that arrives after the build.
//!
//! The same rules as in a build, with one difference: a build takes all articles in the order of publication, here those
//! that are there already come first, and the new ones after them. Where articles arrive as they are published, as they do
//! in a newsroom, that is the same order. What shares a hash with a new article is found in the columns of fingerprints: going
//! through 50,000 articles takes some ten milliseconds, once for all that a commit brings.

use std::ops::Range;

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId};

use super::articles::holds;
use super::compared::Texts;
use super::members::SimilarGroups;
use super::parts::in_parts;
use super::publication::{published, sort_by_publication};
use super::segment::{OpenIndex, Segment};
use crate::index::schema::column;
use crate::similar::decision;
use crate::similar::grouping::{Candidate, Candidates, Counts, Sketches, TOGETHER, mean};
use crate::similar::holders::Holders;

/// Articles from which threads share the work.
const FEW: usize = 100;
/// The most threads that do.
const MOST_THREADS: usize = 4;
/// Documents that a thread looks through in one go.
const STRETCH: DocId = 1 << 16;
/// Articles that are compared before the next are looked at.
const BATCH: usize = 512;

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
        let threads = threads_for(arrived.len());
        let pairs = in_parts(&stretches(segments), threads, |parts| {
            let mut pairs = Vec::new();
            for (ord, docs) in parts {
                let alive = segments.get(*ord as usize).and_then(|segment| segment.reader.alive_bitset());
                for doc in docs.clone().filter(|doc| alive.is_none_or(|alive| alive.is_alive(*doc))) {
                    let at = DocAddress::new(*ord, doc);
                    let hashes = sketch(&columns, at).filter(|hash| wanted.has(*hash));
                    let (before, number) = (pairs.len(), numbers.number(at));
                    pairs.extend(hashes.map(|hash| (hash, number)));
                    if pairs.len() > before && !holds(among, at) {
                        pairs.truncate(before);
                    }
                }
            }
            Ok(pairs)
        })?;
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
        let arrived: Vec<(u32, DocAddress)> =
            (0..).zip(self.order.iter().copied()).skip(self.first).collect();
        let threads = threads_for(arrived.len());
        let mut texts = Texts::new(index.searcher, index.fields);
        for batch in arrived.chunks(BATCH) {
            let found = in_parts(batch, threads, |part| {
                let mut counts = Counts::default();
                Ok(part.iter().map(|(number, at)| self.look_for(*number, *at, &mut counts)).collect())
            })?;
            let compared = found.iter().filter(|one| !one.candidates.is_empty());
            let wanted =
                compared.flat_map(|one| one.candidates.iter().map(|(other, _)| *other).chain([one.at]));
            texts.load(wanted.collect(), threads)?;
            let likelihoods = in_parts(&found, threads, |part| {
                Ok(part.iter().map(|one| one.likelihoods(&texts)).collect())
            })?;
            for (one, known) in found.iter().zip(likelihoods) {
                self.place_one(one, &known, &mut texts, index.segments, groups)?;
            }
        }
        Ok(())
    }

    /// What the article `number` may be the same text as. `counts` saves allocating.
    fn look_for(&self, number: u32, at: DocAddress, counts: &mut Counts) -> Arrived {
        let candidates = self.candidates.of(number, counts).into_iter();
        let at_of =
            |candidate: Candidate| Some((*self.order.get(candidate.article as usize)?, candidate.pattern));
        Arrived { number, at, candidates: candidates.filter_map(at_of).collect() }
    }

    /// Puts one into its group. `known` is how likely each of its candidates is the same text.
    fn place_one(
        &self,
        one: &Arrived,
        known: &[(DocAddress, f32)],
        texts: &mut Texts<'_>,
        segments: &[Segment],
        groups: &mut SimilarGroups,
    ) -> tantivy::Result<()> {
        let mut ways: Vec<Vec<DocAddress>> = Vec::new();
        for (other, _) in known.iter().filter(|(_, likelihood)| *likelihood >= decision::SAME) {
            let first = groups.first(*other);
            if !ways.contains(&first) {
                ways.push(first);
            }
        }
        let mut likelihood = |at: DocAddress, other: DocAddress| {
            if let Some((_, known)) = known.iter().find(|(known, _)| *known == other) {
                return Ok(*known);
            }
            let place = self.order.iter().position(|one| *one == other);
            let pattern = place.is_some_and(|place| self.candidates.is_pattern(one.number, place as u32));
            texts.likelihood(at, other, pattern)
        };
        let mut best: Option<(f32, DocAddress)> = None;
        for first in &ways {
            let mean = mean(&[one.at], first, &mut likelihood)?;
            if mean >= best.map_or(TOGETHER, |(most, _)| most.next_up()) {
                best = first.first().map(|other| (mean, *other));
            }
        }
        match best {
            Some((_, other)) => groups.join(one.at, other, segments),
            None => Ok(()),
        }
    }
}

/// One that arrived.
struct Arrived {
    /// Its number in the order of the sketches.
    number: u32,
    at: DocAddress,
    /// What it may be the same text as, most in common first, and whether most of that recurs.
    candidates: Vec<(DocAddress, bool)>,
}

impl Arrived {
    /// How likely each of its candidates is the same text, once all are loaded.
    fn likelihoods(&self, texts: &Texts<'_>) -> Vec<(DocAddress, f32)> {
        let likelihood = |(other, pattern): &(DocAddress, bool)| {
            Some((*other, texts.loaded_likelihood(self.at, *other, *pattern)?))
        };
        self.candidates.iter().filter_map(likelihood).collect()
    }
}

/// How many threads look for what is like so many articles. A few take less time than starting a thread; those of a file come at idle
/// priority, which takes nothing from searches.
fn threads_for(arrived: usize) -> usize {
    if arrived < FEW {
        1
    } else {
        std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
    }
}

/// The documents of all segments, in stretches that threads share.
fn stretches(segments: &[Segment]) -> Vec<(u32, Range<DocId>)> {
    let of_segment = |(ord, segment): (u32, &Segment)| {
        let end = segment.reader.max_doc();
        (0..end)
            .step_by(STRETCH as usize)
            .map(move |first| (ord, first..end.min(first.saturating_add(STRETCH))))
    };
    (0_u32..).zip(segments).flat_map(of_segment).collect()
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
