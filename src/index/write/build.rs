//! Building a generation: all articles of a folder, read, cleaned, analysed and indexed by all cores.
//!
//! One thread reads records in order; cleaner threads turn them into documents; tantivy's threads analyse and
//! index. Where several records have the same id, the last one in reading order (files by path, then lines)
//! wins, whatever thread is faster.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde::Serialize;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexReader, IndexSettings, Searcher};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::sink::{Batch, Sink};
use super::suggestions::{self, Collector};
use super::{book_file, groups, groups_file, learned, learned_file, suggestions_file};
use crate::faults;
use crate::index::error::IndexError;
use crate::index::folder::IndexFolder;
use crate::index::generation::GenerationInfo;
use crate::index::schema::{ANALYZER_VERSION, Fields, STORE_BLOCK_BYTES, schema};
use crate::index::space::DiskSpace;
use crate::index::{directory, tokenizer};
use crate::ingest::{
    Cleaner, FileReport, FilesMore, IngestRules, PUSHED_FOLDER, ReadWatch, RecordReader, RefusedRecord,
    SourceFile, Totals, list_files, shortened,
};
use crate::journal::Missing;
use crate::journal::pushed::JournalView;
use crate::korean::Language;
use crate::learned::Collector as Collected;

pub use super::progress::{Phase, Progress};

/// Records that travel between threads together.
const BATCH: usize = 64;

/// The number of the book of files that a build writes.
const FIRST_BOOK: u64 = 0;

/// How a generation is built.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Indexing threads, and as many cleaner threads.
    pub threads: usize,
    /// Memory for postings before a segment is written, in bytes, over all threads.
    pub memory: usize,
    /// Hash of the lexicon's index-side content, for the generation's payload.
    pub lexicon: String,
    /// Bytes of the disk that stay free.
    pub keep_free: u64,
    /// Whether names are learned from what articles have in brackets.
    pub learn: bool,
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
    /// Persons, places and organisations that the limits of an article left out of the index, over all articles; only a full
    /// build counts them.
    pub names_left_out: u64,
    /// Records and files refused.
    pub refused: u64,
    /// The first 10,000 of them with their reasons.
    pub refusals: Vec<RefusedRecord>,
    /// What became of each file; those first that somebody should look at, at most 1,000.
    pub files: Vec<FileReport>,
    /// The sums of the files that are not listed.
    pub files_more: Option<FilesMore>,
    /// The sums of all files, by format and by reason.
    pub totals: Totals,
    /// Bytes of the files read.
    pub bytes: u64,
    /// Seconds it took.
    pub seconds: f64,
}

/// What a generation is built from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The articles folder.
    pub articles_dir: PathBuf,
    /// What was pushed over HTTP.
    pub journal: JournalView,
    /// What the newsroom says of files.
    pub rules: IngestRules,
}

impl Sources {
    /// The files of `articles_dir` alone.
    pub fn files(articles_dir: &Path) -> Self {
        let journal = JournalView { dir: articles_dir.join(PUSHED_FOLDER), up_to: 0 };
        Self { articles_dir: articles_dir.to_owned(), journal, rules: IngestRules::default() }
    }
}

/// Builds a new generation in `folder` from `sources` and returns what it did. The generation is written
/// and synced, but not verified and not in service. On any error nothing of it remains.
pub fn build(
    sources: &Sources,
    folder: &IndexFolder,
    cleaner: &Cleaner,
    language: &Language,
    options: &BuildOptions,
    progress: &Progress,
) -> Result<BuildReport, IndexError> {
    let started = Instant::now();
    let name = folder.new_name()?;
    let path = folder.path_of(&name);
    faults::point(faults::FaultPoint::CreateGeneration).map_err(IndexError::io("cannot create", &path))?;
    std::fs::create_dir(&path).map_err(IndexError::io("cannot create", &path))?;
    let space = DiskSpace::of(folder.root(), options.keep_free);
    let builder = Builder { path: &path, sources, cleaner, language, options, progress, space };
    match builder.run() {
        Ok(outcome) => {
            let totals = Totals::of(&outcome.files);
            let (files, files_more) = shortened(outcome.files);
            Ok(BuildReport {
                generation: name,
                articles: outcome.articles,
                replaced: outcome.replaced,
                names_left_out: outcome.names_left_out,
                refused: progress.refused.load(Ordering::Relaxed),
                refusals: outcome.refusals,
                files,
                files_more,
                totals,
                bytes: progress.bytes_read.load(Ordering::Relaxed),
                seconds: started.elapsed().as_secs_f64(),
            })
        }
        Err(error) => {
            if let Err(leftover) = folder.remove(&name) {
                tracing::warn!(error = %leftover, "a failed build left files; the next reindex removes them");
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
    language: &'a Language,
    options: &'a BuildOptions,
    progress: &'a Progress,
}

struct Outcome {
    articles: u64,
    replaced: u64,
    names_left_out: u64,
    refusals: Vec<RefusedRecord>,
    files: Vec<FileReport>,
}

impl Builder<'_> {
    fn run(&self) -> Result<Outcome, IndexError> {
        let files = list_files(&self.sources.articles_dir, &self.sources.rules)?;
        for pattern in &files.unused_rules {
            tracing::warn!(pattern, "a rule of [[ingest]] fits no file; correct its pattern, or remove it");
        }
        let pushed = self.sources.journal.bytes();
        let total = files.files.iter().map(|file| file.bytes).sum::<u64>() + pushed;
        self.progress.bytes_total.store(total, Ordering::Relaxed);
        self.progress.begin(Phase::Reading, 0);
        self.space.check_for_build(&files.files, pushed)?;

        let tantivy = |error| IndexError::tantivy(self.path)(error);
        let (schema, fields) = schema();
        let settings = IndexSettings {
            // A tenth smaller than level 3 in blocks of 16 KB: docs/MEASURED.md.
            docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(6) }),
            docstore_blocksize: STORE_BLOCK_BYTES,
            ..IndexSettings::default()
        };
        let index =
            Index::builder().schema(schema).settings(settings).open_or_create(directory::open(self.path)?);
        let index = index.map_err(tantivy)?;
        tokenizer::register(index.tokenizers(), self.language.korean());
        let names_left_out = Arc::new(AtomicU64::new(0));
        tokenizer::register_columns(index.fast_field_tokenizer(), self.language, &names_left_out);
        // tantivy wants at least 15 MB a thread and takes at most eight threads.
        let threads = self.options.threads.clamp(1, 8);
        let memory = self.options.memory.max(threads * 16_000_000);
        let mut writer = index.writer_with_num_threads(threads, memory).map_err(tantivy)?;

        let sink = Sink::new(&writer, fields, self.options.learn, self.progress);
        for refused in files.refused {
            sink.refuse(refused);
        }
        let (sender, receiver) = sync_channel(threads * 4);
        let receiver = Mutex::new(receiver);
        let added = std::thread::scope(|scope| {
            let cleaners: Vec<_> = (0..threads)
                .map(|_| scope.spawn(|| sink.clean_batches(&receiver, self.cleaner, self.language.korean())))
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
        let cleaned = sink.finish(&files.files, files.began_ns, self.sources.journal.up_to);
        let journal_gaps = added?;

        self.progress.begin(Phase::Writing, 0);
        let mut commit = writer.prepare_commit().map_err(tantivy)?;
        commit.set_payload(&self.payload(cleaned.articles, journal_gaps));
        commit.commit().map_err(tantivy)?;
        writer.wait_merging_threads().map_err(tantivy)?;
        // 64 MB of blocks: leaders that are looked at again lie anywhere in the store.
        let reader = index.reader_builder().doc_store_cache_num_blocks(2048).try_into().map_err(tantivy)?;
        let searcher = IndexReader::searcher(&reader);
        self.progress.begin(Phase::Grouping, searcher.num_docs());
        // Suggestions need nothing of the groups, and both read what is written: side by side they take the time of the longer.
        let found = cleaned.suggestions;
        let (grouped, suggested) = std::thread::scope(|scope| {
            let suggesting = scope.spawn(|| self.suggest(found, &searcher, &fields));
            let grouped = self.group(&searcher, &fields).and_then(|groups| match cleaned.learned {
                Some(gathered) => self.learn(gathered, &groups, &searcher, &fields),
                None => Ok(()),
            });
            let panicked = |_| Err(IndexError::Thread("what writes suggestions panicked".to_owned()));
            (grouped, suggesting.join().unwrap_or_else(panicked))
        });
        grouped.and(suggested)?;
        book_file::write(self.path, FIRST_BOOK, &cleaned.book)?;
        let (articles, replaced) = (cleaned.articles, cleaned.replaced);
        let names_left_out = names_left_out.load(Ordering::Relaxed);
        Ok(Outcome { articles, replaced, names_left_out, refusals: cleaned.refusals, files: cleaned.files })
    }

    /// Finds near-identical articles, of all that are now in the index.
    fn group(&self, searcher: &Searcher, fields: &Fields) -> Result<Vec<Vec<String>>, IndexError> {
        let started = Instant::now();
        let tantivy = |error| IndexError::tantivy(self.path)(error);
        let found = groups::find(searcher, fields, None, self.options.threads, |articles| {
            self.progress.advance(articles);
            !self.progress.is_cancelled()
        });
        let found = found.map_err(tantivy)?;
        let groups = found.ok_or(IndexError::Cancelled)?;
        let seconds = started.elapsed().as_secs_f64();
        tracing::info!(groups = groups.len(), seconds, "grouped near-identical articles");
        groups_file::write(self.path, &groups)?;
        Ok(groups)
    }

    /// Judges what brackets put side by side by all that is now in the index, and writes the names that it teaches.
    fn learn(
        &self,
        gathered: Collected,
        groups: &[Vec<String>],
        searcher: &Searcher,
        fields: &Fields,
    ) -> Result<(), IndexError> {
        let started = Instant::now();
        let pairs = learned::learn(gathered, groups, searcher, fields, || !self.progress.is_cancelled());
        let pairs =
            pairs.map_err(|error| IndexError::tantivy(self.path)(error))?.ok_or(IndexError::Cancelled)?;
        let bytes = learned_file::write(self.path, &pairs)?;
        let seconds = started.elapsed().as_secs_f64();
        tracing::info!(pairs = pairs.len(), bytes, seconds, "learned names");
        Ok(())
    }

    /// Weighs what titles hold by all that is now in the index, and writes it.
    fn suggest(&self, found: Collector, searcher: &Searcher, fields: &Fields) -> Result<(), IndexError> {
        let started = Instant::now();
        let reference = found.reference();
        let go_on = || !self.progress.is_cancelled();
        let entries = suggestions::finish(found, searcher, fields, None, self.language.korean(), go_on);
        let entries = entries.map_err(|error| IndexError::tantivy(self.path)(error))?;
        let entries = entries.ok_or(IndexError::Cancelled)?;
        let count = entries.len();
        let bytes = suggestions_file::write(self.path, entries, reference)?;
        let seconds = started.elapsed().as_secs_f64();
        tracing::info!(entries = count, bytes, seconds, "wrote suggestions");
        Ok(())
    }

    /// Reads all files in order and sends their records in batches; then the journal. Gives what was not in it.
    fn read(
        &self,
        files: &[SourceFile],
        sink: &Sink<'_>,
        sender: SyncSender<Batch>,
    ) -> Result<Vec<Missing>, IndexError> {
        let mut number = 0;
        let watch = ReadWatch { bytes: &self.progress.bytes_read, stop: &self.progress.cancel };
        for (of, file) in (0..).zip(files) {
            let mut reader = match RecordReader::open_watched(file, watch) {
                Ok(reader) => reader,
                Err(refused) => {
                    sink.refuse(refused);
                    sink.unread(of);
                    continue;
                }
            };
            let mut records = Vec::with_capacity(BATCH);
            loop {
                let record = reader.next_record();
                // After reading: a file that was stopped is not a refusal.
                self.go_on()?;
                let ended = record.is_none();
                match record {
                    Some(Ok(record)) => records.push(record),
                    Some(Err(refused)) => sink.refuse(refused),
                    None => {}
                }
                if records.len() == BATCH || ended && !records.is_empty() {
                    let count = records.len() as u64;
                    let (file, records) = (file.path.clone(), std::mem::take(&mut records));
                    send(&sender, Batch::Records { file, of, first: number, records })?;
                    number += count;
                    self.progress.articles_read.fetch_add(count, Ordering::Relaxed);
                }
                if ended {
                    sink.read_as(&file.path, &reader);
                    break;
                }
            }
        }
        self.read_journal(&sender)
    }

    /// Reads what was pushed, and sends it in batches. Gives the numbers that are in no file.
    fn read_journal(&self, sender: &SyncSender<Batch>) -> Result<Vec<Missing>, IndexError> {
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
                self.progress.bytes_read.fetch_add(self.sources.journal.bytes(), Ordering::Relaxed);
                return Ok(journal.lost().to_vec());
            }
        }
    }

    /// Ends the build where somebody asks for it, or the disk is nearly full.
    fn go_on(&self) -> Result<(), IndexError> {
        if self.progress.is_cancelled() { Err(IndexError::Cancelled) } else { self.space.check() }
    }

    fn payload(&self, articles: u64, journal_gaps: Vec<Missing>) -> String {
        let info = GenerationInfo {
            analyzer: ANALYZER_VERSION,
            dictionary: crate::korean::dictionary::archive_hash().to_owned(),
            lexicon: self.options.lexicon.clone(),
            articles,
            built_at: OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default(),
            sequence: self.sources.journal.up_to,
            built_sequence: self.sources.journal.up_to,
            journal_gaps,
            book: Some(FIRST_BOOK),
            changed_since: None,
            learned: self.options.learn,
        };
        info.payload()
    }
}

fn send(sender: &SyncSender<Batch>, batch: Batch) -> Result<(), IndexError> {
    sender.send(batch).map_err(|_| IndexError::Thread("all cleaners ended early".to_owned()))
}
