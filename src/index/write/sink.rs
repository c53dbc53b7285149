//! Where records become documents: what the cleaner threads share.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::progress::Progress;
use super::suggestions::{Collector, TitleReader};
use crate::article::{Article, ArticleId, Timestamp};
use crate::index::schema::Fields;
use crate::ingest::{Cleaner, RawRecord, RecordKind, RefusedRecord};
use crate::journal::Entry;
use crate::journal::pushed;
use crate::korean::KoreanAnalyzer;

/// Refused records that a report lists; the rest is only counted.
const LISTED_REFUSALS: usize = 10_000;

/// What travels from the reader to the cleaners.
pub(super) enum Batch {
    /// Records of one file, numbered in reading order.
    Records { file: PathBuf, first: u64, records: Vec<RawRecord> },
    /// Entries of the journal.
    Entries(Vec<Entry>),
}

/// Entries of the journal count as read after all files: what was pushed or deleted over HTTP wins over what a file says,
/// because a story that was withdrawn must not come back with a reindex.
const AFTER_FILES: u64 = 1 << 62;

/// The last record of an id: its number in reading order, and whether it writes the article or deletes it.
struct Newest {
    number: u64,
    there: bool,
}

/// The last record of each id, and how many others were replaced.
#[derive(Default)]
struct Order {
    newest: FxHashMap<Box<str>, Newest>,
    replaced: u64,
}

/// What the cleaner threads share.
pub(super) struct Sink<'a> {
    writer: &'a IndexWriter<TantivyDocument>,
    fields: Fields,
    order: Mutex<Order>,
    refusals: Mutex<Vec<RefusedRecord>>,
    suggestions: Collector,
    progress: &'a Progress,
}

/// What the cleaner threads made.
pub(super) struct Cleaned {
    /// Articles in the index.
    pub(super) articles: u64,
    /// Records that a later one with the same id replaced or deleted.
    pub(super) replaced: u64,
    pub(super) refusals: Vec<RefusedRecord>,
    pub(super) suggestions: Collector,
}

impl<'a> Sink<'a> {
    /// Nothing yet.
    pub(super) fn new(
        writer: &'a IndexWriter<TantivyDocument>,
        fields: Fields,
        progress: &'a Progress,
    ) -> Self {
        Self {
            writer,
            fields,
            order: Mutex::default(),
            refusals: Mutex::default(),
            suggestions: Collector::new(Timestamp::now()),
            progress,
        }
    }

    /// What came of it all.
    pub(super) fn finish(self) -> Cleaned {
        let order = self.order.into_inner().unwrap_or_else(PoisonError::into_inner);
        Cleaned {
            articles: order.newest.values().filter(|newest| newest.there).count() as u64,
            replaced: order.replaced,
            refusals: self.refusals.into_inner().unwrap_or_else(PoisonError::into_inner),
            suggestions: self.suggestions,
        }
    }

    /// Notes a record, or a file, that is not an article.
    pub(super) fn refuse(&self, refused: RefusedRecord) {
        self.progress.refused.fetch_add(1, Ordering::Relaxed);
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.len() < LISTED_REFUSALS {
            refusals.push(refused);
        }
    }

    /// A cleaner thread's work: cleans batches until there are no more.
    pub(super) fn clean_batches(
        &self,
        receiver: &Mutex<Receiver<Batch>>,
        cleaner: &Cleaner,
        korean: &KoreanAnalyzer,
    ) -> tantivy::Result<()> {
        let mut titles = TitleReader::new(korean);
        loop {
            let batch = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(batch) = batch else { return Ok(()) };
            match batch {
                Batch::Records { file, first, records } => {
                    for (number, record) in (first..).zip(&records) {
                        let article = match record.kind {
                            RecordKind::Json => cleaner.article_from_json(&record.bytes),
                            RecordKind::Page => {
                                cleaner.article_from_page(&record.bytes, &file.to_string_lossy())
                            }
                        };
                        match article {
                            Ok(article) => {
                                titles.read(&article, &self.suggestions);
                                self.add(number, 0, &article)?;
                            }
                            Err(refusal) => {
                                self.refuse(RefusedRecord { file: file.clone(), line: record.line, refusal });
                            }
                        }
                    }
                }
                Batch::Entries(entries) => {
                    for entry in &entries {
                        match pushed::article(entry, cleaner) {
                            Ok(Some(article)) => {
                                titles.read(&article, &self.suggestions);
                                self.add(AFTER_FILES + entry.sequence, entry.sequence, &article)?;
                            }
                            Ok(None) => self.remove(AFTER_FILES + entry.sequence, &entry.id),
                            Err(refused) => self.refuse(refused),
                        }
                    }
                }
            }
            titles.hand_over(&self.suggestions);
        }
    }

    fn add(&self, number: u64, sequence: u64, article: &Article) -> tantivy::Result<()> {
        let document = self.fields.document(article, sequence)?;
        // The lock spans adding: a replacement must reach the writer after what it replaces.
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        if self.supersede(&mut order, &article.id, Newest { number, there: true }) {
            self.writer.add_document(document)?;
            self.progress.articles_indexed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn remove(&self, number: u64, id: &ArticleId) {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        self.supersede(&mut order, id, Newest { number, there: false });
    }

    /// Deletes what is older of the article `id`. Whether nothing newer was read of it.
    fn supersede(&self, order: &mut Order, id: &ArticleId, record: Newest) -> bool {
        let Some(newest) = order.newest.get_mut(id.as_str()) else {
            order.newest.insert(id.as_str().into(), record);
            return true;
        };
        let replaces = record.number > newest.number;
        order.replaced += u64::from(if replaces { newest.there } else { record.there });
        if replaces {
            if newest.there {
                self.writer.delete_term(Term::from_field_text(self.fields.id, id.as_str()));
            }
            *newest = record;
        }
        replaces
    }
}
