//! Where records become documents: what the cleaner threads share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::{IndexWriter, Term};

use super::book::{Book, BookFile};
use super::progress::Progress;
use super::suggestions::{Collector, TitleReader};
use crate::article::{Article, ArticleId, Timestamp};
use crate::index::document::{ArticleDocument, DocumentRoom};
use crate::index::schema::Fields;
use crate::ingest::{Cleaner, FileReport, FileTally, RawRecord, RecordReader, RefusedRecord, SourceFile};
use crate::journal::Entry;
use crate::journal::pushed;
use crate::korean::Korean;
use crate::learned::{self, Reading};

/// Refused records that a report lists; the rest is only counted.
pub(super) const LISTED_REFUSALS: usize = 10_000;

/// What travels from the reader to the cleaners.
pub(super) enum Batch {
    /// Records of one file, numbered in reading order; `of` is the file's place among all files.
    Records { file: PathBuf, of: u32, first: u64, records: Vec<RawRecord> },
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
    /// The file, for its report; [`PUSHED`] for the journal.
    of: u32,
}

/// In place of a file: the journal.
const PUSHED: u32 = u32::MAX;

/// The last record of each id, and how many others were replaced.
#[derive(Default)]
struct Order {
    newest: FxHashMap<Box<str>, Newest>,
    replaced: u64,
    /// Of each file.
    replaced_of: FxHashMap<u32, u64>,
    /// Ids that a file has too, whose article came from another file when this was noted: the book needs to know.
    also: Vec<(Box<str>, u32)>,
}

/// What the brackets of one article put side by side.
struct Brackets {
    reading: Reading,
    id: ArticleId,
    outlet: Option<String>,
    number: u64,
}

/// What the cleaner threads share.
pub(super) struct Sink<'a> {
    writer: &'a IndexWriter<ArticleDocument>,
    fields: Fields,
    room: DocumentRoom,
    order: Mutex<Order>,
    refusals: Mutex<Vec<RefusedRecord>>,
    unread: Mutex<Vec<u32>>,
    files: Mutex<BTreeMap<PathBuf, FileTally>>,
    suggestions: Collector,
    /// What brackets put side by side; `None` where nothing is to be learned.
    learned: Option<Mutex<learned::Collector>>,
    progress: &'a Progress,
}

/// What the cleaner threads made.
pub(super) struct Cleaned {
    /// Articles in the index.
    pub(super) articles: u64,
    /// Records that a later one with the same id replaced or deleted.
    pub(super) replaced: u64,
    pub(super) refusals: Vec<RefusedRecord>,
    /// What became of each file, in reading order.
    pub(super) files: Vec<FileReport>,
    pub(super) suggestions: Collector,
    pub(super) learned: Option<learned::Collector>,
    /// What each file gave.
    pub(super) book: Book,
}

impl<'a> Sink<'a> {
    /// Nothing yet; `learn` says whether names are to be learned.
    pub(super) fn new(
        writer: &'a IndexWriter<ArticleDocument>,
        fields: Fields,
        learn: bool,
        progress: &'a Progress,
    ) -> Self {
        Self {
            writer,
            fields,
            room: DocumentRoom::default(),
            order: Mutex::default(),
            refusals: Mutex::default(),
            unread: Mutex::default(),
            files: Mutex::default(),
            suggestions: Collector::new(Timestamp::now()),
            learned: learn.then(Mutex::default),
            progress,
        }
    }

    /// What came of it all; `read` are the files that were read, in their order, as they were listed at `listed_ns`. The journal was
    /// read up to the entry `sequence`.
    pub(super) fn finish(self, read: &[SourceFile], listed_ns: i64, sequence: u64) -> Cleaned {
        let order = self.order.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut files = self.files.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (of, count) in &order.replaced_of {
            if let Some(file) = read.get(*of as usize) {
                files.entry(file.path.clone()).or_default().replace(*count);
            }
        }
        let articles = order.newest.values().filter(|newest| newest.there).count() as u64;
        let (replaced, mut unread) = (order.replaced, self.unread);
        let book_of = |file: &SourceFile| BookFile {
            path: file.path.clone(),
            stamp: file.stamp(),
            number: file.number,
            rule: file.rule_number(),
            doubtful: file.stamp().is_doubtful(listed_ns),
        };
        let mut learned =
            self.learned.map(|gathered| gathered.into_inner().unwrap_or_else(PoisonError::into_inner));
        if let Some(gathered) = &mut learned {
            let newest = |id: &str, number| {
                order.newest.get(id).is_some_and(|newest| newest.there && newest.number == number)
            };
            gathered.retain(newest);
        }
        let mut book = Book { sequence, files: read.iter().map(book_of).collect(), ..Book::default() };
        for (id, newest) in order.newest {
            match newest {
                Newest { of: PUSHED, there: true, .. } => {}
                Newest { of: PUSHED, there: false, .. } => _ = book.deleted.insert(id),
                Newest { of, .. } => book.hold(&id, of),
            }
        }
        order.also.iter().for_each(|(id, of)| book.hold(id, *of));
        let unread = unread.get_mut().unwrap_or_else(PoisonError::into_inner);
        unread.drain(..).for_each(|of| book.doubt(of));
        Cleaned {
            articles,
            replaced,
            refusals: self.refusals.into_inner().unwrap_or_else(PoisonError::into_inner),
            files: files.into_iter().map(|(path, tally)| tally.report(&path)).collect(),
            suggestions: self.suggestions,
            learned,
            book,
        }
    }

    /// Notes that the file `of` could not be opened: it may be read another time.
    pub(super) fn unread(&self, of: u32) {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).push(of);
    }

    /// Notes a record, or a file, that is not an article.
    pub(super) fn refuse(&self, refused: RefusedRecord) {
        let mut tally = FileTally::default();
        tally.refuse(&refused.refusal);
        self.add_tally(&refused.file, tally);
        self.list(refused);
    }

    /// Notes what a file turned out to be, and what of it was passed over.
    pub(super) fn read_as(&self, file: &Path, reader: &RecordReader<'_>) {
        let mut tally = FileTally::default();
        tally.read_as(reader.format(), reader.skipped());
        tally.leave_out(reader.sheets_left_out());
        tally.note_beside(reader.keys_beside());
        self.add_tally(file, tally);
    }

    fn list(&self, refused: RefusedRecord) {
        self.progress.refused.fetch_add(1, Ordering::Relaxed);
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.len() < LISTED_REFUSALS {
            refusals.push(refused);
        }
    }

    fn add_tally(&self, file: &Path, tally: FileTally) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        match files.get_mut(file) {
            Some(whole) => whole.add(tally),
            None => {
                files.insert(file.to_owned(), tally);
            }
        }
    }

    /// A cleaner thread's work: cleans batches until there are no more.
    pub(super) fn clean_batches(
        &self,
        receiver: &Mutex<Receiver<Batch>>,
        cleaner: &Cleaner,
        korean: &Korean,
    ) -> tantivy::Result<()> {
        let mut titles = TitleReader::new(korean);
        let mut brackets = Vec::new();
        loop {
            let batch = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(batch) = batch else { return Ok(()) };
            match batch {
                Batch::Records { file, of, first, records } => {
                    // Counted apart and added once: the threads would wait for each other at each record.
                    let mut tally = FileTally::default();
                    let name = file.to_string_lossy();
                    for (number, record) in (first..).zip(records) {
                        let line = record.line;
                        match cleaner.read(record, &name) {
                            Ok(reading) => {
                                tally.count(&reading);
                                titles.read(&reading.article, &self.suggestions);
                                self.read_brackets(&reading.article, number, &mut brackets);
                                self.add(Newest { number, there: true, of }, 0, &reading.article)?;
                            }
                            Err(refusal) => {
                                tally.refuse(&refusal);
                                self.list(RefusedRecord { file: file.clone(), line, refusal });
                            }
                        }
                    }
                    self.add_tally(&file, tally);
                }
                Batch::Entries(entries) => {
                    for entry in &entries {
                        match pushed::article(entry, cleaner) {
                            Ok(Some(article)) => {
                                titles.read(&article, &self.suggestions);
                                self.read_brackets(&article, AFTER_FILES + entry.sequence, &mut brackets);
                                let newest =
                                    Newest { number: AFTER_FILES + entry.sequence, there: true, of: PUSHED };
                                self.add(newest, entry.sequence, &article)?;
                            }
                            Ok(None) => self.remove(AFTER_FILES + entry.sequence, &entry.id),
                            Err(refused) => self.list(refused),
                        }
                    }
                }
            }
            titles.hand_over(&self.suggestions);
            self.hand_over(&mut brackets);
        }
    }

    /// Notes what the brackets of the article of record `number` put side by side.
    fn read_brackets(&self, article: &Article, number: u64, brackets: &mut Vec<Brackets>) {
        if self.learned.is_some() {
            let reading = Reading::of(&article.title, &article.body);
            if !reading.is_empty() {
                brackets.push(Brackets {
                    reading,
                    id: article.id.clone(),
                    outlet: article.outlet.clone(),
                    number,
                });
            }
        }
    }

    /// Adds what a thread noted, once for many articles.
    fn hand_over(&self, brackets: &mut Vec<Brackets>) {
        let Some(learned) = &self.learned else { return };
        let mut gathered = learned.lock().unwrap_or_else(PoisonError::into_inner);
        for Brackets { reading, id, outlet, number } in brackets.drain(..) {
            gathered.add(reading, id.as_str(), outlet.as_deref(), number);
        }
    }

    fn add(&self, newest: Newest, sequence: u64, article: &Article) -> tantivy::Result<()> {
        let document = ArticleDocument::new(&self.fields, article, sequence)?.with_place(&self.room);
        // The lock spans adding: a replacement must reach the writer after what it replaces.
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        if self.supersede(&mut order, &article.id, newest) {
            self.writer.add_document(document)?;
            self.progress.articles_indexed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn remove(&self, number: u64, id: &ArticleId) {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        self.supersede(&mut order, id, Newest { number, there: false, of: PUSHED });
    }

    /// Deletes what is older of the article `id`. Whether nothing newer was read of it.
    fn supersede(&self, order: &mut Order, id: &ArticleId, record: Newest) -> bool {
        let Some(newest) = order.newest.get_mut(id.as_str()) else {
            order.newest.insert(id.as_str().into(), record);
            return true;
        };
        let replaces = record.number > newest.number;
        let (older, newer) = if replaces { (newest.of, record.of) } else { (record.of, newest.of) };
        // What the journal says of an id holds for ever: no file's article comes back.
        if older != newer && newer != PUSHED {
            order.also.push((id.as_str().into(), older));
        }
        let (lost, of) = if replaces { (newest.there, newest.of) } else { (record.there, record.of) };
        order.replaced += u64::from(lost);
        if lost {
            *order.replaced_of.entry(of).or_default() += 1;
        }
        if replaces {
            if newest.there {
                self.writer.delete_term(Term::from_field_text(self.fields.id, id.as_str()));
            }
            *newest = record;
        }
        replaces
    }
}
