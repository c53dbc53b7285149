//! What stands out of the articles that match: counts of what they name against those of all articles.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

use super::error::ReadError;
use super::group;
use super::matching::Matches;
use super::names::NumberedNames;
use super::publication::newest;
use super::rank;
use super::select::Selector;
use crate::entities::EntityKind;
use crate::query::archive::{Term, TermPair, Terms, TermsWanted};
use crate::query::request::Representative;
use crate::query::significance::{Counts, LEAST_SIGNIFICANCE, least_count};

/// Names that are read at first beside those that are wanted: the words of the query are among the most telling.
const SPARE: usize = 100;

/// The kind of a name, and its number among those of the kind.
type NameNumber = (EntityKind, u32);

/// A name that may be told.
#[derive(Clone, Copy)]
struct Candidate {
    kind: EntityKind,
    number: u32,
    count: u64,
    score: f64,
}

impl Selector<'_> {
    /// What is wanted of the terms of the articles that the plan finds.
    pub(in crate::index) fn terms(&self, of: &TermsWanted<'_>) -> Result<Terms, ReadError> {
        let Matches { mut docs, strictness, .. } = self.matches()?;
        if self.wanted.group.is_some() {
            group::represent(self.similar, self.articles.segments, &mut docs, Representative::First, &[]);
        }
        let total = count(&docs);
        self.keep_newest(&mut docs, of.most)?;
        let examined = count(&docs);
        let names = self.names.get(self.articles.segments)?;
        let candidates = self.candidates(&names, of.kinds, &docs)?;
        let (terms, numbers) = self.most_telling(&names, candidates, of)?;
        let pairs = if of.pairs { self.pairs(&names, &docs, &numbers)? } else { Vec::new() };
        Ok(Terms { strictness, total, examined, terms, pairs })
    }

    /// Leaves the newest `most` of `docs`.
    fn keep_newest(&self, docs: &mut [FixedBitSet], most: usize) -> Result<(), ReadError> {
        if count(docs) <= most as u64 {
            return Ok(());
        }
        let segments = self.articles.segments;
        let best = rank::best(segments, docs, newest(segments), most, None, self.wanted.deadline)?;
        docs.iter_mut().for_each(FixedBitSet::clear);
        for candidate in best {
            if let Some(docs) = docs.get_mut(candidate.at.segment_ord as usize) {
                docs.insert(candidate.at.doc_id as usize);
            }
        }
        Ok(())
    }

    /// The names that stand out of `docs`.
    fn candidates(
        &self,
        names: &NumberedNames,
        kinds: &[EntityKind],
        docs: &[FixedBitSet],
    ) -> Result<Vec<Candidate>, ReadError> {
        let (articles, deadline) = (self.articles, self.wanted.deadline);
        let all: u64 = match articles.visible {
            None => articles.segments.iter().map(|segment| u64::from(segment.reader.num_docs())).sum(),
            Some(_) => articles.count(),
        };
        let part = count(docs);
        let mut candidates = Vec::new();
        for kind in kinds {
            let everywhere = names.everywhere(*kind, articles, deadline)?;
            let counts = names.count(*kind, articles.segments, docs, deadline)?;
            for (number, (count, everywhere)) in (0_u32..).zip(counts.into_iter().zip(everywhere.iter())) {
                let count = u64::from(count);
                if count < least_count(part) {
                    continue;
                }
                let counts = Counts { count, part, everywhere: u64::from(*everywhere), archive: all };
                let score = counts.significance();
                if score >= LEAST_SIGNIFICANCE {
                    candidates.push(Candidate { kind: *kind, number, count, score });
                }
            }
        }
        Ok(candidates)
    }

    /// The terms that are told, in their order, with their numbers.
    fn most_telling(
        &self,
        names: &NumberedNames,
        mut candidates: Vec<Candidate>,
        of: &TermsWanted<'_>,
    ) -> Result<(Vec<Term>, Vec<NameNumber>), ReadError> {
        if of.size == 0 {
            return Ok((Vec::new(), Vec::new()));
        }
        candidates.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(b.count.cmp(&a.count)));
        let mut taken = of.size + SPARE;
        loop {
            // Of equals the names decide: all of them are read, or none.
            while let (Some(last), Some(next)) = (candidates.get(taken - 1), candidates.get(taken)) {
                if last.score.total_cmp(&next.score).is_ne() || last.count != next.count {
                    break;
                }
                taken += 1;
            }
            let first = candidates.get(..taken).unwrap_or(&candidates);
            let mut told: Vec<(Term, u32)> = Vec::with_capacity(first.len());
            for kind in of.kinds {
                let of_kind = || first.iter().filter(|candidate| candidate.kind == *kind);
                let numbers: Vec<u32> = of_kind().map(|candidate| candidate.number).collect();
                let mut read = names.names(*kind, self.articles.segments, &numbers)?;
                told.extend(of_kind().filter_map(|candidate| {
                    let Candidate { kind, number, count, score } = *candidate;
                    let name = read.remove(&number).filter(|name| !(of.leave_out)(kind, name))?;
                    Some((Term { kind, name, count, score }, number))
                }));
            }
            if told.len() >= of.size || taken >= candidates.len() {
                told.sort_by(|(a, _), (b, _)| a.compare(b));
                told.truncate(of.size);
                let with_kind = |(term, number): (Term, u32)| {
                    let kind = term.kind;
                    (term, (kind, number))
                };
                return Ok(told.into_iter().map(with_kind).unzip());
            }
            taken = taken.saturating_mul(4);
        }
    }

    /// How many of `docs` hold each two of the terms with these numbers.
    fn pairs(
        &self,
        names: &NumberedNames,
        docs: &[FixedBitSet],
        numbers: &[NameNumber],
    ) -> Result<Vec<TermPair>, ReadError> {
        let mut places: FxHashMap<NameNumber, usize> = FxHashMap::default();
        places.extend(numbers.iter().copied().zip(0..));
        let mut together: FxHashMap<(usize, usize), u64> = FxHashMap::default();
        for (index, (segment, docs)) in self.articles.segments.iter().zip(docs).enumerate() {
            let mut held: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
            for kind in EntityKind::ALL {
                if !numbers.iter().any(|(wanted, _)| *wanted == kind) {
                    continue;
                }
                names.each(kind, index, segment, docs, self.wanted.deadline, |doc, named| {
                    let mut here = named.filter_map(|number| places.get(&(kind, number)).copied()).peekable();
                    if here.peek().is_some() {
                        held.entry(doc).or_default().extend(here);
                    }
                })?;
            }
            for mut here in held.into_values() {
                here.sort_unstable();
                for (at, first) in here.iter().enumerate() {
                    for second in here.iter().skip(at + 1) {
                        *together.entry((*first, *second)).or_default() += 1;
                    }
                }
            }
        }
        let pair = |((first, second), count)| TermPair { first, second, count };
        let mut pairs: Vec<TermPair> = together.into_iter().map(pair).collect();
        pairs.sort_unstable_by_key(|pair| (pair.first, pair.second));
        Ok(pairs)
    }
}

fn count(docs: &[FixedBitSet]) -> u64 {
    docs.iter().map(|docs| docs.count_ones(..) as u64).sum()
}
