//! Building a generation: all articles of a folder, read, cleaned, analysed and indexed by all cores.
//!
//! One thread reads records in order; cleaner threads turn them into documents; tantivy's threads analyse and
//! index. Where several records have the same id, the last one in reading order (files by path, then lines)
//! wins, whatever thread is faster.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rustc_hash::FxHashMap;
use serde::Serialize;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, Searcher, TantivyDocument, Term};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::journal::Entry;
use super::pushed::{self, JournalView};
use super::schema::{ANALYZER_VERSION, Fields, schema};
use super::similar::{file, groups};
use super::space::DiskSpace;
use super::suggest::{self, Collector, TitleReader};
use super::{GenerationInfo, IndexError, IndexFolder, directory, tokenizer};
use crate::article::{Article, ArticleId, Timestamp};
use crate::faults;
use crate::ingest::{
    Cleaner, PUSHED, RawRecord, RecordKind, RecordReader, RefusedRecord, SourceFile, list_files,
};
use crate::korean::KoreanAnalyzer;

/// Records that travel between threads together.
const BATCH: usize = 64;

/// Refused records that a report lists; the rest is only counted.
pub const LISTED_REFUSALS: usize = 10_000;

/// How a generation is built.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Indexing threads, and cleaner threads beside them.
    pub threads: usize,
    /// Memory for postings before a segment is written, in bytes, over all threads.
    pub memory: usize,
    /// Hash of the lexicon's index-side content, for the generation's payload.
    pub lexicon: String,
    /// Bytes of the disk that stay free.
    pub keep_free: u64,
}

/// What a running build has done so far; shared with whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes of all files to read.
    pub bytes_total: AtomicU64,
    /// Bytes read of them (compressed, where they are).
    pub bytes_read: AtomicU64,
    /// Records read.
    pub articles_read: AtomicU64,
    /// Articles handed to the index.
    pub articles_indexed: AtomicU64,
    /// Records and files refused.
    pub refused: AtomicU64,
    /// Set to end the build early.
    pub cancel: AtomicBool,
}

impl Progress {
    /// Whether someone asked to end the build.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

/// What a finished build did.
#[derive(Debug, Clone, Serialize)]
pub struct BuildReport {
    /// The new generation.
    pub generation: String,
    /// Articles in it.
    pub articles: u64,
    /// Records that a later record with the same id replaced or deleted.
    pub replaced: u64,
    /// Records and files refused.
    pub refused: u64,
    /// The first [`LISTED_REFUSALS`] of them with their reasons.
    pub refusals: Vec<RefusedRecord>,
    /// Bytes of the files read.
    pub bytes: u64,
    /// Seconds it took.
    pub seconds: f64,
}

/// What travels from the reader to the cleaners.
enum Batch {
    /// Records of one file, numbered in reading order.
    Records { file: PathBuf, first: u64, records: Vec<RawRecord> },
    /// Entries of the journal.
    Entries(Vec<Entry>),
}

/// Entries of the journal count as read behind all files: what was pushed or deleted over HTTP wins over what a file says,
/// because a story that was withdrawn must not come back with a reindex.
const BEHIND_FILES: u64 = 1 << 62;

/// What a generation is built from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The articles folder.
    pub articles_dir: PathBuf,
    /// What was pushed over HTTP.
    pub journal: JournalView,
}

impl Sources {
    /// The files of `articles_dir` alone.
    pub fn files(articles_dir: &Path) -> Self {
        let journal = JournalView { dir: articles_dir.join(PUSHED), up_to: 0 };
        Self { articles_dir: articles_dir.to_owned(), journal }
    }
}

/// Builds a new generation in `folder` from `sources` and returns what it did. The generation is written
/// and synced, but not verified and not in service. On any error nothing of it remains.
pub fn build(
    sources: &Sources,
    folder: &IndexFolder,
    cleaner: &Cleaner,
    korean: &KoreanAnalyzer,
    options: &BuildOptions,
    progress: &Progress,
) -> Result<BuildReport, IndexError> {
    let started = Instant::now();
    let name = folder.new_name();
    let path = folder.path_of(&name);
    faults::point("create generation").map_err(IndexError::io("cannot create", &path))?;
    std::fs::create_dir(&path).map_err(IndexError::io("cannot create", &path))?;
    let space = DiskSpace::of(folder.root(), options.keep_free);
    let builder = Builder { path: &path, sources, cleaner, korean, options, progress, space };
    match builder.run() {
        Ok(outcome) => Ok(BuildReport {
            generation: name,
            articles: outcome.articles,
            replaced: outcome.replaced,
            refused: progress.refused.load(Ordering::Relaxed),
            refusals: outcome.refusals,
            bytes: progress.bytes_total.load(Ordering::Relaxed),
            seconds: started.elapsed().as_secs_f64(),
        }),
        Err(error) => {
            if let Err(leftover) = folder.remove(&name) {
                tracing::warn!(error = %leftover, "a failed build left files behind; the next reindex removes them");
            }
            Err(error)
        }
    }
}

struct Builder<'a> {
    path: &'a Path,
    sources: &'a Sources,
    space: DiskSpace,
    cleaner: &'a Cleaner,
    korean: &'a KoreanAnalyzer,
    options: &'a BuildOptions,
    progress: &'a Progress,
}

struct Outcome {
    articles: u64,
    replaced: u64,
    refusals: Vec<RefusedRecord>,
}

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
struct Sink<'a> {
    writer: &'a IndexWriter<TantivyDocument>,
    fields: Fields,
    order: Mutex<Order>,
    refusals: Mutex<Vec<RefusedRecord>>,
    suggestions: Collector,
    progress: &'a Progress,
}

impl Builder<'_> {
    fn run(&self) -> Result<Outcome, IndexError> {
        let files = list_files(&self.sources.articles_dir)?;
        let pushed = self.sources.journal.bytes();
        let total = files.files.iter().map(|file| file.bytes).sum::<u64>() + pushed;
        self.progress.bytes_total.store(total, Ordering::Relaxed);
        self.space.check_for_build(&files.files, pushed)?;

        let tantivy = |error| IndexError::tantivy(self.path)(error);
        let (schema, fields) = schema();
        let settings = IndexSettings {
            docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(3) }),
            ..IndexSettings::default()
        };
        let index =
            Index::builder().schema(schema).settings(settings).open_or_create(directory::open(self.path)?);
        let index = index.map_err(tantivy)?;
        tokenizer::register(index.tokenizers(), self.korean);
        // tantivy wants at least 15 MB a thread and takes at most eight threads.
        let threads = self.options.threads.clamp(1, 8);
        let memory = self.options.memory.max(threads * 16_000_000);
        let mut writer = index.writer_with_num_threads(threads, memory).map_err(tantivy)?;

        let sink = Sink {
            writer: &writer,
            fields,
            order: Mutex::default(),
            refusals: Mutex::default(),
            suggestions: Collector::new(Timestamp::from_seconds(OffsetDateTime::now_utc().unix_timestamp())),
            progress: self.progress,
        };
        for refused in files.refused {
            sink.refuse(refused);
        }
        let (sender, receiver) = sync_channel(threads * 4);
        let receiver = Mutex::new(receiver);
        let added = std::thread::scope(|scope| {
            let cleaners: Vec<_> = (0..threads)
                .map(|_| scope.spawn(|| sink.take(&receiver, self.cleaner, self.korean)))
                .collect();
            let read = self.read(&files.files, &sink, sender);
            for cleaner in cleaners {
                cleaner
                    .join()
                    .map_err(|_| IndexError::Thread("a cleaner panicked".to_owned()))?
                    .map_err(tantivy)?;
            }
            read
        });
        let suggestions = sink.suggestions;
        let order = sink.order.into_inner().unwrap_or_else(PoisonError::into_inner);
        let refusals = sink.refusals.into_inner().unwrap_or_else(PoisonError::into_inner);
        added?;

        let articles = order.newest.values().filter(|newest| newest.there).count() as u64;
        let mut commit = writer.prepare_commit().map_err(tantivy)?;
        commit.set_payload(&self.payload(articles));
        commit.commit().map_err(tantivy)?;
        writer.wait_merging_threads().map_err(tantivy)?;
        // Blocks of some 16 KB, 64 MB of them: leaders that are looked at again lie anywhere in the store.
        let reader = index.reader_builder().doc_store_cache_num_blocks(4096).try_into().map_err(tantivy)?;
        let searcher = IndexReader::searcher(&reader);
        self.group(&searcher, &fields)?;
        self.suggest(suggestions, &searcher, &fields)?;
        Ok(Outcome { articles, replaced: order.replaced, refusals })
    }

    /// Finds near-identical articles, of all that are now in the index.
    fn group(&self, searcher: &Searcher, fields: &Fields) -> Result<(), IndexError> {
        let started = Instant::now();
        let tantivy = |error| IndexError::tantivy(self.path)(error);
        let found = groups::find(searcher, fields, self.options.threads, || !self.progress.is_cancelled());
        let found = found.map_err(tantivy)?;
        let groups = found.ok_or(IndexError::Cancelled)?;
        let seconds = started.elapsed().as_secs_f64();
        tracing::info!(groups = groups.len(), seconds, "grouped near-identical articles");
        file::write(self.path, &groups)
    }

    /// Weighs what titles hold by all that is now in the index, and writes it.
    fn suggest(&self, found: Collector, searcher: &Searcher, fields: &Fields) -> Result<(), IndexError> {
        let started = Instant::now();
        let reference = found.reference();
        let entries = suggest::finish(found, searcher, fields, self.korean);
        let entries = entries.map_err(|error| IndexError::tantivy(self.path)(error))?;
        let count = entries.len();
        let bytes = suggest::file::write(self.path, entries, reference)?;
        let seconds = started.elapsed().as_secs_f64();
        tracing::info!(entries = count, bytes, seconds, "wrote suggestions");
        Ok(())
    }

    /// Reads all files in order and sends their records in batches.
    fn read(
        &self,
        files: &[SourceFile],
        sink: &Sink<'_>,
        sender: SyncSender<Batch>,
    ) -> Result<(), IndexError> {
        let mut number = 0;
        let mut finished_bytes = 0;
        for file in files {
            let mut reader = RecordReader::open(file)?;
            let mut records = Vec::with_capacity(BATCH);
            loop {
                self.go_on()?;
                let record = reader.next_record();
                let ended = record.is_none();
                match record {
                    Some(Ok(record)) => records.push(record),
                    Some(Err(refused)) => sink.refuse(refused),
                    None => {}
                }
                if records.len() == BATCH || ended && !records.is_empty() {
                    let count = records.len() as u64;
                    let (file, records) = (file.path.clone(), std::mem::take(&mut records));
                    send(&sender, Batch::Records { file, first: number, records })?;
                    number += count;
                    self.progress.articles_read.fetch_add(count, Ordering::Relaxed);
                    self.progress.bytes_read.store(finished_bytes + reader.bytes_read(), Ordering::Relaxed);
                }
                if ended {
                    break;
                }
            }
            finished_bytes += file.bytes;
            self.progress.bytes_read.store(finished_bytes, Ordering::Relaxed);
        }
        self.read_journal(&sender)
    }

    /// Reads what was pushed, and sends it in batches.
    fn read_journal(&self, sender: &SyncSender<Batch>) -> Result<(), IndexError> {
        let mut entries = Vec::with_capacity(BATCH);
        let mut journal = self.sources.journal.entries();
        loop {
            self.go_on()?;
            let entry = journal.next().transpose()?;
            let ended = entry.is_none();
            entries.extend(entry);
            if entries.len() == BATCH || ended && !entries.is_empty() {
                self.progress.articles_read.fetch_add(entries.len() as u64, Ordering::Relaxed);
                send(sender, Batch::Entries(std::mem::take(&mut entries)))?;
            }
            if ended {
                let total = self.progress.bytes_total.load(Ordering::Relaxed);
                self.progress.bytes_read.store(total, Ordering::Relaxed);
                return Ok(());
            }
        }
    }

    /// Ends the build where somebody asks for it, or the disk is nearly full.
    fn go_on(&self) -> Result<(), IndexError> {
        if self.progress.is_cancelled() { Err(IndexError::Cancelled) } else { self.space.check() }
    }

    fn payload(&self, articles: u64) -> String {
        let info = GenerationInfo {
            analyzer: ANALYZER_VERSION,
            dictionary: crate::korean::dictionary::archive_hash().to_owned(),
            lexicon: self.options.lexicon.clone(),
            articles,
            built_at: OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default(),
            sequence: self.sources.journal.up_to,
            built_sequence: self.sources.journal.up_to,
        };
        info.payload()
    }
}

fn send(sender: &SyncSender<Batch>, batch: Batch) -> Result<(), IndexError> {
    sender.send(batch).map_err(|_| IndexError::Thread("all cleaners ended early".to_owned()))
}

impl Sink<'_> {
    fn refuse(&self, refused: RefusedRecord) {
        self.progress.refused.fetch_add(1, Ordering::Relaxed);
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.len() < LISTED_REFUSALS {
            refusals.push(refused);
        }
    }

    /// A cleaner thread: takes batches until there are no more.
    fn take(
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
                                self.add(BEHIND_FILES + entry.sequence, entry.sequence, &article)?;
                            }
                            Ok(None) => self.remove(BEHIND_FILES + entry.sequence, &entry.id),
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
        // The lock spans adding: a replacement must reach the writer behind what it replaces.
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_newest(&mut order, &article.id, Newest { number, there: true }) {
            self.writer.add_document(document)?;
            self.progress.articles_indexed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn remove(&self, number: u64, id: &ArticleId) {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_newest(&mut order, id, Newest { number, there: false });
    }

    /// Whether nothing newer was read of the article `id`; what is older is deleted.
    fn is_newest(&self, order: &mut Order, id: &ArticleId, record: Newest) -> bool {
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
