//! Groups of near-identical articles, found over a whole index.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use tantivy::{DocAddress, Searcher, SegmentReader, TantivyError};

use crate::index::read::compared::Texts;
use crate::index::read::parts::in_parts;
use crate::index::schema::{Fields, column};
use crate::similar::decision;
use crate::similar::grouping::{Candidate, Candidates, Counts, Groups, Sketches};

/// Articles that are compared before the next are looked at. Their texts are read in the order of the store, each once.
const BATCH: u32 = 2048;

/// Finds the groups of two or more articles of an index, or of those of its documents that are `among` these sets by segment, with
/// that many threads: ids, the first published first (ties by
/// id, articles without a date last), groups in the order of their leaders. `go_on` is told now and then how many more
/// articles are done; the search ends early, with `None`, when it says no.
///
/// # Errors
/// A failing index.
pub(in crate::index) fn find(
    searcher: &Searcher,
    fields: &Fields,
    among: Option<&[FixedBitSet]>,
    threads: usize,
    go_on: impl Fn(u64) -> bool,
) -> tantivy::Result<Option<Vec<Vec<String>>>> {
    let mut articles = Vec::new();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let among = among.map(|sets| sets.get(segment as usize));
        published(segment, reader, among, &mut articles)?;
    }
    articles.sort_unstable_by(|a, b| {
        (a.published.is_none(), a.published, &a.id).cmp(&(b.published.is_none(), b.published, &b.id))
    });
    let mut columns = Vec::new();
    for reader in searcher.segment_readers() {
        columns.push(reader.fast_fields().u64(column::FINGERPRINT)?);
    }
    let mut sketches = Sketches::default();
    for article in &articles {
        let column = columns.get(article.at.segment_ord as usize);
        let hashes = column.into_iter().flat_map(|column| column.values_for_doc(article.at.doc_id));
        sketches.push(article.published.map(|seconds| seconds / 86_400), hashes.map(|hash| hash as u32));
    }
    let candidates = Candidates::new(sketches);
    let texts = Texts::new(searcher, fields);
    let mut compared = Compared { texts, articles: &articles, known: FxHashMap::default() };
    let mut groups = Groups::default();
    let end = articles.len() as u32;
    for first in (0..end).step_by(BATCH as usize) {
        if !go_on(u64::from(first.min(BATCH))) {
            return Ok(None);
        }
        let batch: Vec<u32> = (first..end.min(first + BATCH)).collect();
        let found = in_parts(&batch, threads, |part| {
            let mut counts = Counts::default();
            Ok(part.iter().map(|article| (*article, candidates.of(*article, &mut counts))).collect())
        })?;
        compared.load(&found, threads)?;
        let same = in_parts(&found, threads, |part| part.iter().map(|one| compared.same(one)).collect())?;
        for ((article, _), same) in found.iter().zip(&same) {
            compared.known =
                same.iter().map(|(other, likelihood)| ((*article, *other), *likelihood)).collect();
            let others: Vec<u32> = same.iter().map(|(other, _)| *other).collect();
            groups.place(&others, |one, other| {
                compared.likelihood(one, other, || candidates.is_pattern(one, other))
            })?;
        }
    }
    let id = |number: u32| articles.get(number as usize).map(|article| article.id.clone());
    let groups = groups.into_groups().into_iter();
    Ok(Some(groups.map(|group| group.into_iter().filter_map(id).collect()).collect()))
}

/// An article in the order of publication.
struct Published {
    id: String,
    published: Option<i64>,
    at: DocAddress,
}

/// Appends the articles of a segment.
fn published(
    segment: u32,
    reader: &SegmentReader,
    among: Option<Option<&FixedBitSet>>,
    out: &mut Vec<Published>,
) -> tantivy::Result<()> {
    let missing = || TantivyError::SchemaError("the index has no ids".to_owned());
    let ids = reader.fast_fields().str(column::ID)?.ok_or_else(missing)?;
    let times = reader.fast_fields().i64(column::PUBLISHED)?;
    let mut names = Vec::with_capacity(ids.num_terms());
    let mut stream = ids.dictionary().stream()?;
    while stream.advance() {
        names.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    let wanted = |doc: &u32| among.is_none_or(|set| set.is_some_and(|set| set.contains(*doc as usize)));
    for doc in reader.doc_ids_alive().filter(wanted) {
        let ord = ids.term_ords(doc).next().ok_or_else(missing)?;
        let id = names.get_mut(ord as usize).map(std::mem::take).ok_or_else(missing)?;
        out.push(Published { id, published: times.first(doc), at: DocAddress::new(segment, doc) });
    }
    Ok(())
}

/// What is compared of articles, by their numbers.
struct Compared<'a> {
    texts: Texts<'a>,
    articles: &'a [Published],
    /// Likelihoods that were worked out for the article that is being placed: what joins two groups of one is asked twice.
    known: FxHashMap<(u32, u32), f32>,
}

impl Compared<'_> {
    /// Loads what comparing `found`, articles with their candidates, takes.
    fn load(&mut self, found: &[(u32, Vec<Candidate>)], threads: usize) -> tantivy::Result<()> {
        let compared = found.iter().filter(|(_, candidates)| !candidates.is_empty());
        let numbers = compared
            .flat_map(|(article, candidates)| candidates.iter().map(|one| one.article).chain([*article]));
        let wanted = numbers.map(|number| self.at(number)).collect::<tantivy::Result<_>>()?;
        self.texts.load(wanted, threads)
    }

    /// Those of the candidates of a loaded article that are the same text, and how likely.
    fn same(&self, (article, candidates): &(u32, Vec<Candidate>)) -> tantivy::Result<Vec<(u32, f32)>> {
        let missing = || TantivyError::InternalError("a text that is compared was not loaded".to_owned());
        let mut same = Vec::new();
        for candidate in candidates {
            let (own, other) = (self.at(*article)?, self.at(candidate.article)?);
            let likelihood =
                self.texts.loaded_likelihood(own, other, candidate.pattern).ok_or_else(missing)?;
            if likelihood >= decision::SAME {
                same.push((candidate.article, likelihood));
            }
        }
        Ok(same)
    }

    /// How likely readers call two articles the same text; they may have to be loaded again.
    fn likelihood(
        &mut self,
        one: u32,
        other: u32,
        is_pattern: impl FnOnce() -> bool,
    ) -> tantivy::Result<f32> {
        if let Some(known) = self.known.get(&(one, other)) {
            return Ok(*known);
        }
        let likelihood = self.texts.likelihood(self.at(one)?, self.at(other)?, is_pattern())?;
        self.known.insert((one, other), likelihood);
        Ok(likelihood)
    }

    fn at(&self, number: u32) -> tantivy::Result<DocAddress> {
        let unknown = || TantivyError::InternalError(format!("there is no article {number} to compare"));
        Ok(self.articles.get(number as usize).ok_or_else(unknown)?.at)
    }
}
