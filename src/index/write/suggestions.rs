//! A generation's entries: gathered from titles while articles are cleaned, and weighed when the index is written.
//!
//! Titles are short: segmenting them costs a fraction of an article, less than carrying what tantivy's threads segment back
//! to where the article is known. How many articles hold a word, and when they appeared, the finished index tells, for it
//! has a posting list for each; its terms that are names are entries too. Only entries that are not a single term (phrases, words with
//! a hyphen) counts titles. An article that a later record replaces counts twice there: numbers here only order.

use std::sync::Mutex;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED};

use crate::article::{Article, Timestamp};
use crate::index::schema::{Fields, column};
use crate::korean::Korean;
use crate::korean::analysis::{Analysis, Analyzer};
use crate::korean::fold::fold;
use crate::korean::spoken::spoken_form;
use crate::suggest::recency;
use crate::suggest::table::{Entry, EntryKind};
use crate::suggest::titles::{Found, in_title, is_fit, reporters};

/// Up to so many articles a phrase that is in one title is kept; a larger archive keeps those of two or more.
const SMALL_ARCHIVE: u64 = 5_000;
/// A word with its apparent particle is an entry if this share of the titles that hold the word have it so: 우크라이나 is
/// cut 우크라 + 이나.
const NAME_SHARE: f32 = 0.25;
/// From this share on the word without it is none.
const STUB_SHARE: f32 = 0.7;
/// Particles that follow any noun; a word needs as many titles as [`STUB_SHARE`] to end in one.
const PARTICLES: [&str; 14] =
    ["은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "로", "에서", "에게"];
/// Phrases that are held while building; beyond them those of one title are let go, now and then.
const MOST_HELD: usize = 2_000_000;

/// What is known of one text.
#[derive(Debug, Default)]
struct Seen {
    /// The ways in which it is written, and how many titles write it so.
    written: Vec<(Box<str>, u32)>,
    /// Of a word with an apparent particle: the folded word without it.
    core: Option<Box<str>>,
    /// Titles, or articles once they are counted.
    articles: u32,
    /// The same, halved with age.
    recent: f32,
    /// Whether the index counted it.
    counted: bool,
}

impl Seen {
    fn add(&mut self, text: &str, recent: f32) {
        self.articles += 1;
        self.recent += recent;
        match self.written.iter_mut().find(|(known, _)| **known == *text) {
            Some((_, count)) => *count += 1,
            None => self.written.push((text.into(), 1)),
        }
    }

    /// As it is written most often; of equals the first by text, whatever thread was faster.
    fn text(&self) -> Option<&str> {
        let most = self.written.iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        most.map(|(text, _)| &**text)
    }
}

/// Gathers what titles hold; shared by all cleaner threads.
pub(in crate::index) struct Collector {
    reference: i64,
    gathered: Mutex<Gathered>,
}

#[derive(Default)]
struct Gathered {
    texts: FxHashMap<Box<str>, Seen>,
    reporters: FxHashMap<Box<str>, Seen>,
}

/// A cleaner thread's analyzer, and what it found and has not handed over yet.
pub(in crate::index) struct TitleReader<'a> {
    korean: &'a Korean,
    analyzer: Analyzer,
    analysis: Analysis,
    found: Vec<(Found, f32)>,
    reporters: Vec<(Box<str>, f32)>,
}

impl<'a> TitleReader<'a> {
    pub(in crate::index) fn new(korean: &'a Korean) -> Self {
        Self {
            korean,
            analyzer: korean.analyzer(),
            analysis: Analysis::default(),
            found: Vec::new(),
            reporters: Vec::new(),
        }
    }

    /// Reads the title of one article.
    pub(in crate::index) fn read(&mut self, article: &Article, collector: &Collector) {
        let reference = Timestamp::from_seconds(collector.reference);
        // A date in the future is a mistake, and must not outweigh all others.
        let recent =
            recency(article.published_at.map(|published| published.min(reference)), collector.reference);
        self.analyzer.analyze(&article.title, &mut self.analysis);
        let found = in_title(&article.title, &self.analysis, self.korean);
        self.found.extend(found.into_iter().map(|found| (found, recent)));
        self.reporters.extend(reporters(article).map(|name| (name.into(), recent)));
    }

    /// Hands over what was found, to be called once for many articles.
    pub(in crate::index) fn hand_over(&mut self, collector: &Collector) {
        let mut gathered = collector.gathered.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (found, recent) in self.found.drain(..) {
            let seen = gathered.texts.entry(fold(&found.text).into()).or_default();
            seen.add(&found.text, recent);
            // Once it occurs as a word of its own it needs no proof.
            seen.core = if seen.articles == 1 || seen.core.is_some() {
                found.core.map(|core| fold(&core).into())
            } else {
                None
            };
        }
        for (name, recent) in self.reporters.drain(..) {
            gathered.reporters.entry(fold(&name).into()).or_default().add(&name, recent);
        }
        if gathered.texts.len() > MOST_HELD {
            gathered.texts.retain(|_, seen| seen.articles > 1);
        }
    }
}

impl Collector {
    /// Articles count fully if they appeared at `reference`.
    pub(in crate::index) fn new(reference: Timestamp) -> Self {
        Self { reference: reference.seconds(), gathered: Mutex::default() }
    }

    /// The moment at which articles count fully.
    pub(in crate::index) fn reference(&self) -> Timestamp {
        Timestamp::from_seconds(self.reference)
    }
}

/// The entries of the finished index, or of those of its documents that are `among` these sets by segment. `go_on` is asked now
/// and then; it ends early, with `None`, when that says no.
///
/// # Errors
/// A failing index.
pub(in crate::index) fn finish(
    collector: Collector,
    searcher: &Searcher,
    fields: &Fields,
    among: Option<&[FixedBitSet]>,
    korean: &Korean,
    go_on: impl Fn() -> bool,
) -> tantivy::Result<Option<Vec<Entry>>> {
    let reference = collector.reference;
    let gathered = collector.gathered.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let Gathered { mut texts, reporters } = gathered;
    drop_inflected(&mut texts);
    let articles =
        among.map_or(searcher.num_docs(), |sets| sets.iter().map(|docs| docs.count_ones(..) as u64).sum());
    let least = if articles <= SMALL_ARCHIVE { 1 } else { 2 };
    texts.retain(|_, seen| {
        seen.articles >= least || seen.text().is_some_and(|text| !text.contains(char::is_whitespace))
    });
    for (number, segment) in searcher.segment_readers().iter().enumerate() {
        let recent = recent_by_document(segment, among.map(|sets| sets.get(number)), reference)?;
        if !count(segment, fields, &recent, korean, &mut texts, &go_on)? {
            return Ok(None);
        }
    }
    let entry = |kind: EntryKind| {
        move |seen: &Seen| {
            let text = seen.text()?;
            let spoken = spoken_form(text, korean.readings()).map(String::into_boxed_str);
            let (articles, recent) = (seen.articles, seen.recent);
            (articles > 0).then(|| Entry { text: text.into(), spoken, kind, articles, recent })
        }
    };
    let entries = texts.values().filter_map(entry(EntryKind::Text));
    Ok(Some(entries.chain(reporters.values().filter_map(entry(EntryKind::Reporter))).collect()))
}

/// Leaves out words with particles, unless the particle belongs to a name; then leaves out what is left of the name without
/// it, if that hardly occurs alone.
fn drop_inflected(texts: &mut FxHashMap<Box<str>, Seen>) {
    let mut inflected = Vec::new();
    let mut stubs = Vec::new();
    for (folded, seen) in texts.iter() {
        let Some(core) = &seen.core else { continue };
        let held = texts.get(core).map_or(0, |core| core.articles).max(seen.articles) as f32;
        let share = seen.articles as f32 / held;
        let least =
            if PARTICLES.iter().any(|particle| folded.ends_with(particle)) { STUB_SHARE } else { NAME_SHARE };
        if seen.articles < 2 || share < least {
            inflected.push(folded.clone());
        } else if share >= STUB_SHARE {
            stubs.push(core.clone());
        }
    }
    for text in inflected.iter().chain(&stubs) {
        texts.remove(text);
    }
}

/// Counts the articles of a segment that hold each text that is a term of the morpheme lane, and adds terms that are names.
/// `false` where `go_on` said no before the end.
fn count(
    segment: &SegmentReader,
    fields: &Fields,
    recent: &[Option<f32>],
    korean: &Korean,
    texts: &mut FxHashMap<Box<str>, Seen>,
    go_on: &impl Fn() -> bool,
) -> tantivy::Result<bool> {
    let lane = segment.inverted_index(fields.morph)?;
    let mut terms = lane.terms().stream()?;
    while let Some((term, info)) = terms.next() {
        if !go_on() {
            return Ok(false);
        }
        let Ok(term) = std::str::from_utf8(term) else { continue };
        if !texts.contains_key(term) {
            let Some(name) = korean.name(term).filter(|name| is_fit(name)) else { continue };
            let written = vec![(name.into(), 1)];
            texts.insert(term.into(), Seen { written, counted: true, ..Seen::default() });
        }
        let Some(seen) = texts.get_mut(term) else { continue };
        let mut postings = lane.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            // A document that does not count has no recency.
            if let Some(recent) = recent.get(doc as usize).copied().flatten() {
                // Only now: a term that no article has that counts (금리인상) says nothing of the titles that count (`금리 인상`).
                if !seen.counted {
                    (seen.articles, seen.recent, seen.counted) = (0, 0.0, true);
                }
                seen.articles += 1;
                seen.recent += recent;
            }
            doc = postings.advance();
        }
    }
    Ok(true)
}

/// What each document of a segment counts; `None` for deleted ones, and for those that are not `among` the set.
fn recent_by_document(
    segment: &SegmentReader,
    among: Option<Option<&FixedBitSet>>,
    reference: i64,
) -> tantivy::Result<Vec<Option<f32>>> {
    let published: Column<i64> = segment.fast_fields().i64(column::PUBLISHED)?;
    let recent = |doc| {
        let at = published.first(doc).map(|seconds| Timestamp::from_seconds(seconds.min(reference)));
        let counts = among.is_none_or(|set| set.is_some_and(|set| set.contains(doc as usize)));
        (counts && !segment.is_deleted(doc)).then(|| recency(at, reference))
    };
    Ok((0..segment.max_doc()).map(recent).collect())
}
