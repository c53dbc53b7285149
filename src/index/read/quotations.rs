//! Quotations that hold what is asked for.
//!
//! An article that has the words somewhere may have them in no quotation, and one may lack what the article says elsewhere (`-증액`). So
//! posting lists give the articles that may have one, and positions tell which of their quotations hold the whole expression: all are kept
//! indices, and no text is read, but for words near each other where characters cannot tell.

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::StrColumn;
use tantivy::error::DataCorruption;
use tantivy::{DocAddress, DocId, TantivyError};

use super::error::ReadError;
use super::facet::keep_highest;
use super::filter::filter_docs;
use super::holding::Holding;
use super::matching::evaluate;
use super::pace::Pace;
use super::publication::newest;
use super::segment::{QuoteColumns, Segment, name_of, names_of};
use super::select::Selector;
use super::{place, rank};
use crate::index::schema::UNSAID;
use crate::query::archive::{FacetValue, FoundQuote, Quotations, QuotesWanted, Wanted};
use crate::query::plan::Expr;
use crate::quotes::{QuotePlace, SpeakerPlace};

/// The quotations of a segment that were found.
struct Found {
    /// Documents that have one.
    docs: FixedBitSet,
    /// Which of their document each is, document by document.
    numbers: Vec<u32>,
    /// For each of those documents, its number and where its quotations end in `numbers`.
    ends: Vec<(DocId, usize)>,
    /// Quotations by the speaker's number in the segment.
    counts: Vec<u32>,
}

impl Found {
    /// Which quotations of `doc` were found.
    fn of(&self, doc: DocId) -> &[u32] {
        let Ok(at) = self.ends.binary_search_by_key(&doc, |(doc, _)| *doc) else { return &[] };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(_, end)| *end);
        let end = self.ends.get(at).map_or(start, |(_, end)| *end);
        self.numbers.get(start..end).unwrap_or_default()
    }
}

impl Selector<'_> {
    /// The quotations that hold the plan.
    pub(in crate::index) fn quotations(&self, of: &QuotesWanted<'_>) -> Result<Quotations, ReadError> {
        let Wanted { attempts, window, deadline, .. } = *self.wanted;
        let within = self.within()?;
        let mut found = Vec::new();
        for strictness in attempts {
            let expr = self.plan.expr(*strictness);
            found.clear();
            for (segment, within) in self.articles.segments.iter().zip(&within) {
                found.push(self.found_in(segment, within, &expr, of)?);
            }
            if found.iter().any(|found| !found.numbers.is_empty()) {
                break;
            }
        }
        let total = found.iter().map(|found| found.numbers.len() as u64).sum();
        let articles = found.iter().map(|found| found.ends.len() as u64).sum();
        let speakers = self.speakers(&found, of.most_speakers)?;
        let mut quotations = Quotations { total, articles, ..speakers };
        if window.size == 0 {
            return Ok(quotations);
        }
        let docs: Vec<FixedBitSet> = found.iter_mut().map(|found| std::mem::take(&mut found.docs)).collect();
        let segments = self.articles.segments;
        // Each of the articles has a quotation at least.
        let best =
            rank::best(segments, &docs, newest(segments), window.offset + window.size, None, deadline)?;
        let mut passed = 0;
        for candidate in best {
            let at = candidate.at;
            let ord = at.segment_ord as usize;
            let (Some(found), Some(segment)) = (found.get(ord), segments.get(ord)) else { continue };
            let numbers = found.of(at.doc_id);
            let skipped = window.offset.saturating_sub(passed).min(numbers.len());
            passed += numbers.len();
            for number in numbers.get(skipped..).unwrap_or_default() {
                if quotations.quotes.len() == window.size {
                    return Ok(quotations);
                }
                quotations.quotes.push(quote_at(segment, at, *number)?);
            }
        }
        Ok(quotations)
    }

    /// The documents that pass the filters, by segment.
    fn within(&self) -> Result<Vec<FixedBitSet>, ReadError> {
        let alike = self.alike();
        let segments = self.articles.segments.iter().enumerate();
        let within = segments.map(|(index, segment)| {
            let mut within = self.articles.of_segment(index, segment);
            let alike = alike.as_ref().and_then(|alike| alike.get(index));
            alike.iter().for_each(|alike| within.intersect_with(alike));
            filter_docs(segment, self.wanted.filters, &within, self.wanted.deadline)
        });
        within.collect()
    }

    /// The quotations of a segment that hold `expr`, in documents of `within`.
    fn found_in(
        &self,
        segment: &Segment,
        within: &FixedBitSet,
        expr: &Expr,
        of: &QuotesWanted<'_>,
    ) -> Result<Found, ReadError> {
        let deadline = self.wanted.deadline;
        let columns = segment.quotes()?;
        let docs = evaluate(self.plan, &expr.widened(), segment, within, deadline)?.docs;
        let mut conditions = Vec::new();
        for filters in expr.filters() {
            conditions.push(filter_docs(segment, filters, within, deadline)?);
        }
        let wanted_speakers = ords(&columns.speakers, of.speakers)?;
        let unsaid = columns.speakers.dictionary().term_ord(UNSAID.as_bytes())?;

        let mut holding = Holding::open(self, segment, expr)?;
        let mut pace = Pace::new(deadline);
        let mut found = Found {
            docs: FixedBitSet::with_capacity(segment.max_doc()),
            numbers: Vec::new(),
            ends: Vec::new(),
            counts: vec![0; columns.speakers.num_terms()],
        };
        for doc in docs.ones() {
            pace.step()?;
            let id = doc as DocId;
            if columns.places.first(id).is_none() {
                continue;
            }
            let settled = expr.has_filter().then(|| {
                let mut met = conditions.iter().map(|docs| docs.contains(doc));
                expr.settled(&mut |_| met.next().unwrap_or_default())
            });
            holding.read(id, &mut pace)?;
            let begin = found.numbers.len();
            let speakers = columns.speakers.term_ords(id);
            let places = columns.places.values_for_doc(id).map(QuotePlace::unpack);
            for (number, (place, speaker)) in (0_u32..).zip(places.zip(speakers)) {
                pace.step()?;
                if !holding.holds(settled.as_ref().unwrap_or(expr), id, place)? {
                    continue;
                }
                if let Some(count) = found.counts.get_mut(speaker as usize) {
                    *count += 1;
                }
                let of_wanted =
                    of.speakers.is_empty() || Some(speaker) != unsaid && wanted_speakers.contains(&speaker);
                if of_wanted {
                    found.numbers.push(number);
                }
            }
            if found.numbers.len() > begin {
                found.docs.insert(doc);
                found.ends.push((id, found.numbers.len()));
            }
        }
        Ok(found)
    }

    /// The speakers of what was found in each segment, counted.
    ///
    /// Looking names up costs more than counting. Of the segment with the most speakers only those are looked up that may be among the
    /// `most` shown: whoever speaks in no other segment has no more quotations than there.
    fn speakers(&self, found: &[Found], most: usize) -> Result<Quotations, ReadError> {
        let all: u64 = found.iter().flat_map(|found| &found.counts).map(|count| u64::from(*count)).sum();
        let speaking = |found: &Found| found.counts.iter().filter(|count| **count > 0).count();
        let largest = found.iter().enumerate().max_by_key(|(_, found)| speaking(found));
        let largest = largest.map(|(index, _)| index);
        let mut counts: FxHashMap<String, u64> = FxHashMap::default();
        for (index, found) in found.iter().enumerate().filter(|(index, _)| Some(*index) != largest) {
            let ords = found.counts.iter().zip(0_u64..).filter(|(count, _)| **count > 0);
            self.add_names(index, found, ords.map(|(_, ord)| ord), &mut counts)?;
        }
        if let Some((index, found)) = largest.and_then(|index| Some((index, found.get(index)?))) {
            let elsewhere: Vec<String> = counts.keys().cloned().chain([UNSAID.to_owned()]).collect();
            let names = self.articles.segments.get(index).map(Segment::quotes).transpose()?;
            let elsewhere = names.map(|names| ords(&names.speakers, &elsewhere)).transpose()?;
            let elsewhere = elsewhere.unwrap_or_default();
            // One more than is shown: nobody in particular speaks most.
            let mut by_count: Vec<u32> = found.counts.iter().copied().filter(|count| *count > 0).collect();
            by_count.sort_unstable_by(|a, b| b.cmp(a));
            let least = by_count.get(most).copied().unwrap_or(1);
            let ords = found
                .counts
                .iter()
                .zip(0_u64..)
                .filter(|(count, ord)| **count > 0 && (**count >= least || elsewhere.contains(ord)));
            self.add_names(index, found, ords.map(|(_, ord)| ord), &mut counts)?;
        }
        let unnamed = counts.remove(UNSAID).unwrap_or_default();
        let counted = counts.into_iter().map(|(value, count)| FacetValue { value, count });
        let mut speakers: Vec<FacetValue> = counted.collect();
        keep_highest(&mut speakers, most);
        let other = all - unnamed - speakers.iter().map(|speaker| speaker.count).sum::<u64>();
        Ok(Quotations { speakers, other, unnamed, ..Quotations::default() })
    }

    /// Adds the counts of the speakers with these numbers, ascending, in segment number `index`.
    fn add_names(
        &self,
        index: usize,
        found: &Found,
        ords: impl Iterator<Item = u64>,
        counts: &mut FxHashMap<String, u64>,
    ) -> Result<(), ReadError> {
        self.wanted.deadline.check()?;
        let Some(segment) = self.articles.segments.get(index) else { return Ok(()) };
        let ords: Vec<u64> = ords.collect();
        let names = names_of(&segment.quotes()?.speakers, &ords)?;
        for (ord, name) in ords.iter().zip(names) {
            let count = found.counts.get(*ord as usize).copied().unwrap_or_default();
            *counts.entry(name).or_default() += u64::from(count);
        }
        Ok(())
    }
}

/// The numbers that names have in a column.
fn ords(column: &StrColumn, names: &[String]) -> Result<FxHashSet<u64>, ReadError> {
    let mut ords = FxHashSet::default();
    for name in names {
        ords.extend(column.dictionary().term_ord(name.as_bytes())?);
    }
    Ok(ords)
}

/// Quotation `number` of a document.
fn quote_at(segment: &Segment, at: DocAddress, number: u32) -> Result<FoundQuote, ReadError> {
    let QuoteColumns { places, speakers, speaker_places } = segment.quotes()?;
    let (doc, number) = (at.doc_id, number as usize);
    let damaged = || {
        let what = format!("the columns of quotations of document {doc} are not in step");
        TantivyError::from(DataCorruption::comment_only(what))
    };
    let value = |column: &StrColumn| -> Result<Option<String>, ReadError> {
        let ord = column.term_ords(doc).nth(number).ok_or_else(damaged)?;
        Ok(Some(name_of(column, ord)?).filter(|value| value != UNSAID))
    };
    Ok(FoundQuote {
        article: place::of(at),
        place: places.values_for_doc(doc).nth(number).map(QuotePlace::unpack).ok_or_else(damaged)?,
        speaker: value(speakers)?,
        speaker_place: value(speaker_places)?.as_deref().and_then(SpeakerPlace::read),
    })
}
