//! Building a generation: all articles of a folder, read, cleaned, analysed and indexed by all cores.
//!
//! One thread reads records in order; cleaner threads turn them into documents; tantivy's threads analyse and
//! index. Where several records have the same id, the last one in reading order (files by path, then lines)
//! wins, whatever thread is faster.

use std::path::Path;
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

use super::schema::{ANALYZER_VERSION, Fields, schema};
use super::similar::{file, groups};
use super::suggest::{self, Collector, TitleReader};
use super::{GenerationInfo, IndexError, IndexFolder, tokenizer};
use crate::article::{Article, Timestamp};
use crate::ingest::{Cleaner, RawRecord, RecordKind, RecordReader, RefusedRecord, SourceFile, list_files};
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
    /// Records that a later record with the same id replaced.
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

/// A batch of records from one file, numbered in reading order.
struct Batch {
    file: std::path::PathBuf,
    first: u64,
    records: Vec<RawRecord>,
}

/// Builds a new generation in `folder` from `articles_dir` and returns what it did. The generation is written
/// and synced, but not verified and not in service. On any error nothing of it remains.
pub fn build(
    articles_dir: &Path,
    folder: &IndexFolder,
    cleaner: &Cleaner,
    korean: &KoreanAnalyzer,
    options: &BuildOptions,
    progress: &Progress,
) -> Result<BuildReport, IndexError> {
    let started = Instant::now();
    let name = folder.new_name();
    let path = folder.path_of(&name);
    std::fs::create_dir(&path).map_err(IndexError::io("cannot create", &path))?;
    let builder = Builder { path: &path, articles_dir, cleaner, korean, options, progress };
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
    articles_dir: &'a Path,
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

/// The reading order number of the record that holds each id, and how many were replaced.
#[derive(Default)]
struct Order {
    newest: FxHashMap<Box<str>, u64>,
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
        let files = list_files(self.articles_dir)?;
        let total = files.files.iter().map(|file| file.bytes).sum();
        self.progress.bytes_total.store(total, Ordering::Relaxed);

        let tantivy = |error| IndexError::tantivy(self.path)(error);
        let (schema, fields) = schema();
        let settings = IndexSettings {
            docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(3) }),
            ..IndexSettings::default()
        };
        let index =
            Index::builder().schema(schema).settings(settings).create_in_dir(self.path).map_err(tantivy)?;
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

        let articles = order.newest.len() as u64;
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
                if self.progress.is_cancelled() {
                    return Err(IndexError::Cancelled);
                }
                let record = reader.next_record();
                let ended = record.is_none();
                match record {
                    Some(Ok(record)) => records.push(record),
                    Some(Err(refused)) => sink.refuse(refused),
                    None => {}
                }
                if records.len() == BATCH || ended && !records.is_empty() {
                    let count = records.len() as u64;
                    let batch = Batch {
                        file: file.path.clone(),
                        first: number,
                        records: std::mem::take(&mut records),
                    };
                    if sender.send(batch).is_err() {
                        return Err(IndexError::Thread("all cleaners ended early".to_owned()));
                    }
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
        Ok(())
    }

    fn payload(&self, articles: u64) -> String {
        let info = GenerationInfo {
            analyzer: ANALYZER_VERSION,
            dictionary: crate::korean::dictionary::archive_hash().to_owned(),
            lexicon: self.options.lexicon.clone(),
            articles,
            built_at: OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default(),
        };
        serde_json::to_string(&info).unwrap_or_default()
    }
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
            for (number, record) in (batch.first..).zip(&batch.records) {
                let article = match record.kind {
                    RecordKind::Json => cleaner.article_from_json(&record.bytes),
                    RecordKind::Page => {
                        cleaner.article_from_page(&record.bytes, &batch.file.to_string_lossy())
                    }
                };
                match article {
                    Ok(article) => {
                        titles.read(&article, &self.suggestions);
                        self.add(number, &article)?;
                    }
                    Err(refusal) => {
                        self.refuse(RefusedRecord { file: batch.file.clone(), line: record.line, refusal });
                    }
                }
            }
            titles.hand_over(&self.suggestions);
        }
    }

    fn add(&self, number: u64, article: &Article) -> tantivy::Result<()> {
        let source = serde_json::to_vec(article)
            .map_err(|error| tantivy::TantivyError::InternalError(error.to_string()))?;
        let document = self.fields.document(article, &source);
        // The lock spans adding: a replacement must reach the writer behind what it replaces.
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        match order.newest.get_mut(article.id.as_str()) {
            Some(newest) => {
                let newer = number > *newest;
                *newest = number.max(*newest);
                order.replaced += 1;
                if !newer {
                    return Ok(());
                }
                self.writer.delete_term(Term::from_field_text(self.fields.id, article.id.as_str()));
            }
            None => {
                order.newest.insert(article.id.as_str().into(), number);
            }
        }
        self.writer.add_document(document)?;
        self.progress.articles_indexed.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
