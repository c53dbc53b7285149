//! The work of a changed run: what each file that differs means for what is in the index.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use rustc_hash::{FxHashMap, FxHashSet};

use super::book::{Book, Difference, Left, Plan};
use super::build::BuildReport;
use super::live::LiveIndex;
use super::progress::{Phase, Progress};
use super::sink::LISTED_REFUSALS;
use crate::article::Article;
use crate::index::error::IndexError;
use crate::index::generation::{Generation, Origin};
use crate::index::schema::{OF_CHANGED_FILE, REPLACED_BY_FILE};
use crate::index::space::DiskSpace;
use crate::ingest::{
    Cleaner, FileList, FileTally, RawRecord, ReadWatch, RecordReader, RefusedRecord, SourceFile, Stamp,
    Totals, shortened,
};
use crate::journal::pushed::JournalView;
use crate::journal::{self, Change};

/// Gives numbers, in the order in which articles come, to so many articles; none where there is no such order, because nothing can be
/// pushed.
pub type ReserveNumbers<'a> = dyn Fn(u64) -> Result<Option<RangeInclusive<u64>>, IndexError> + 'a;

/// Numbers that are reserved first; four times as many each time after that.
const FIRST_NUMBERS: u64 = 16;
/// And at most.
const MOST_NUMBERS: u64 = 4096;

/// What a changed run reads.
pub struct ChangedSources<'a> {
    /// The files that are there now.
    pub list: &'a FileList,
    /// Which of their differences are left for another time.
    pub left: Left<'a>,
    /// The journal, up to the last entry that is in the index.
    pub journal: JournalView,
    /// The disk of the index.
    pub space: DiskSpace,
    /// Where numbers come from for what the files bring.
    pub numbers: &'a ReserveNumbers<'a>,
}

/// What a changed run has done, as counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChangedCounts {
    /// Files that were not there before.
    pub new: u64,
    /// Files that were read again.
    pub changed: u64,
    /// Files that are gone.
    pub gone: u64,
    /// Articles that went with what their files held before.
    pub removed: u64,
    /// Articles in the index.
    pub articles: u64,
    /// Articles that have gone with files since the last full reindex, these included.
    pub lost: u64,
    /// Articles of files before this run.
    pub of_files_before: u64,
    /// Articles of files after it.
    pub of_files: u64,
}

/// A changed run that waits for its commit.
pub struct Taken {
    pub(super) book: Book,
    pub(super) report: BuildReport,
    pub(super) counts: ChangedCounts,
}

impl Taken {
    /// What it has done.
    pub fn counts(&self) -> ChangedCounts {
        self.counts
    }

    /// Begins anew to count what has gone: somebody knows of it.
    pub fn accept_losses(&mut self) {
        self.book.lost.clear();
    }

    /// Whether there was nothing to do.
    pub fn is_empty(&self) -> bool {
        self.counts.new + self.counts.changed + self.counts.gone == 0
    }
}

/// An id that a file had, or has now, that differs from the book.
struct Touched {
    /// Its number in the column `sequence` before the run; none where the index does not have it.
    before: Option<u64>,
    /// Whether the journal wrote or deleted it: then no file counts.
    is_pushed: bool,
    /// The file from which its article in the index came, if that file is as it was.
    stayed: Option<u32>,
    /// The file from which it was written in this run.
    written: Option<u32>,
}

/// A run, as far as it has come.
pub(super) struct Run<'a> {
    live: &'a mut LiveIndex,
    /// As it is before the run.
    generation: Arc<Generation>,
    sources: &'a ChangedSources<'a>,
    cleaner: &'a Cleaner,
    progress: &'a Progress,
    book: Book,
    touched: FxHashMap<Box<str>, Touched>,
    tallies: BTreeMap<PathBuf, FileTally>,
    refusals: Vec<RefusedRecord>,
    replaced: u64,
    /// Numbers that were reserved and are not used yet.
    numbers: RangeInclusive<u64>,
    /// How many are reserved next.
    next_numbers: u64,
}

impl<'a> Run<'a> {
    /// Begins with the book of the generation that `live` writes to.
    pub(super) fn new(
        live: &'a mut LiveIndex,
        book: Book,
        sources: &'a ChangedSources<'a>,
        cleaner: &'a Cleaner,
        progress: &'a Progress,
    ) -> Self {
        let generation = Arc::clone(live.generation());
        let (touched, tallies) = (FxHashMap::default(), BTreeMap::new());
        Self {
            live,
            generation,
            sources,
            cleaner,
            progress,
            book,
            touched,
            tallies,
            refusals: Vec::new(),
            replaced: 0,
            numbers: RangeInclusive::new(1, 0),
            next_numbers: FIRST_NUMBERS,
        }
    }

    /// Does what `plan` says.
    pub(super) fn take(mut self, plan: &Plan, started: Instant) -> Result<Taken, IndexError> {
        for refused in &self.sources.list.refused {
            self.refuse(refused.clone());
        }
        let mut counts = ChangedCounts {
            new: plan.count(Difference::New),
            changed: plan.count(Difference::Changed),
            gone: plan.gone,
            ..ChangedCounts::default()
        };
        counts.of_files_before = self.generation.articles_of_files()?;
        counts.of_files = counts.of_files_before;
        if !plan.is_empty() {
            self.follow_journal()?;
            for (id, stayed) in self.book.renew(plan) {
                let touched = self.touch(&id, stayed)?;
                self.touched.insert(id, touched);
            }
            self.read_files(plan)?;
            let (removed, added) = self.settle(plan)?;
            counts.removed = removed;
            counts.of_files = (counts.of_files + added).saturating_sub(removed);
        }
        counts.articles = self.live.articles();
        counts.lost = self.book.lost.len() as u64;
        let tallies = self.tallies.into_iter();
        let files: Vec<_> = tallies.map(|(path, tally)| tally.report(&path)).collect();
        let totals = Totals::of(&files);
        let (files, files_more) = shortened(files);
        let report = BuildReport {
            generation: self.generation.name().to_owned(),
            articles: counts.articles,
            replaced: self.replaced,
            names_left_out: 0,
            refused: self.progress.refused.load(Ordering::Relaxed),
            refusals: self.refusals,
            files,
            files_more,
            totals,
            bytes: self.progress.bytes_read.load(Ordering::Relaxed),
            seconds: started.elapsed().as_secs_f64(),
        };
        Ok(Taken { book: self.book, report, counts })
    }

    /// Notes what the journal deleted since the book was written.
    fn follow_journal(&mut self) -> Result<(), IndexError> {
        let JournalView { dir, up_to } = &self.sources.journal;
        let mut entries = journal::read(dir, self.book.sequence, *up_to);
        while let Some(entry) = entries.next().transpose()? {
            match entry.change {
                Change::Put { .. } => _ = self.book.deleted.remove(entry.id.as_str()),
                Change::Delete => {
                    self.book.lost.remove(entry.id.as_str());
                    self.book.deleted.insert(entry.id.as_str().into());
                }
            }
        }
        self.book.sequence = *up_to;
        Ok(())
    }

    fn touch(&self, id: &str, stayed: Option<u32>) -> Result<Touched, IndexError> {
        let before = self.generation.sequence_of(id).map_err(IndexError::tantivy(self.generation.path()))?;
        let is_pushed = before.map(Origin::of) == Some(Origin::Journal) || self.book.deleted.contains(id);
        Ok(Touched { before, is_pushed, stayed, written: None })
    }

    /// Reads all files that differ, in their order.
    fn read_files(&mut self, plan: &Plan) -> Result<(), IndexError> {
        let differing = (0_u32..).zip(&plan.files).filter(|(_, file)| file.difference != Difference::None);
        let files: Vec<(u32, &SourceFile)> = differing
            .filter_map(|(number, file)| Some((number, self.sources.list.files.get(file.listed?)?)))
            .collect();
        let bytes = files.iter().map(|(_, file)| file.bytes).sum();
        self.progress.bytes_total.store(bytes, Ordering::Relaxed);
        self.progress.begin(Phase::Reading, 0);
        for (number, file) in files {
            self.read_file(number, file)?;
            if has_changed(file) {
                self.book.doubt(number);
            }
        }
        Ok(())
    }

    fn read_file(&mut self, number: u32, file: &SourceFile) -> Result<(), IndexError> {
        let watch = ReadWatch { bytes: &self.progress.bytes_read, stop: &self.progress.cancel };
        let mut reader = match RecordReader::open_watched(file, watch) {
            Ok(reader) => reader,
            Err(refused) => {
                self.refuse(refused);
                self.book.doubt(number);
                return Ok(());
            }
        };
        loop {
            let record = reader.next_record();
            // After reading: a file that was stopped is not a refusal.
            self.go_on()?;
            match record {
                Some(Ok(record)) => self.take_record(number, file, record)?,
                Some(Err(refused)) => self.refuse(refused),
                None => break,
            }
        }
        let tally = self.tally(file);
        tally.read_as(reader.format(), reader.skipped());
        tally.leave_out(reader.sheets_left_out());
        tally.note_beside(reader.keys_beside());
        Ok(())
    }

    /// Writes the article of a record, unless a later file or the journal has another.
    fn take_record(&mut self, number: u32, file: &SourceFile, record: RawRecord) -> Result<(), IndexError> {
        self.progress.articles_read.fetch_add(1, Ordering::Relaxed);
        let line = record.line;
        let reading = match self.cleaner.read(record, &file.path.to_string_lossy()) {
            Ok(reading) => reading,
            Err(refusal) => {
                self.refuse(RefusedRecord { file: file.path.clone(), line, refusal });
                return Ok(());
            }
        };
        self.tally(file).count(&reading);
        let id = reading.article.id.as_str();
        let winner = self.book.winner(id);
        self.book.hold(id, number);
        if !self.touched.contains_key(id) {
            let touched = self.touch(id, winner)?;
            self.touched.insert(id.into(), touched);
        }
        let Some(touched) = self.touched.get_mut(id) else { return Ok(()) };
        let (is_pushed, written) = (touched.is_pushed, touched.written);
        if is_pushed || winner.is_some_and(|winner| winner > number) {
            self.replaced += 1;
            self.tally(file).replace(1);
            return Ok(());
        }
        touched.written = Some(number);
        if let Some(former) = written.or(winner) {
            self.replaced += 1;
            // Of files that were not read there is no report.
            let former = self.book.files.get(former as usize).map(|former| former.path.clone());
            if let Some(tally) = former.and_then(|former| self.tallies.get_mut(&former)) {
                tally.replace(1);
            }
        }
        self.write(&reading.article)?;
        self.progress.articles_indexed.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Writes an article of a file, unless the index has the very same: then nothing has come.
    fn write(&mut self, article: &Article) -> Result<(), IndexError> {
        let id = article.id.as_str();
        let before = self.touched.get(id).and_then(|touched| touched.before);
        let mut replaced = 0;
        if let Some(sequence) = before {
            if self.live.committed(&article.id)?.as_ref() == Some(article) {
                // Unless this run has written another of the same id.
                let again = self.live.is_pending_for(id);
                return if again { self.live.write(id, Some(article), sequence) } else { Ok(()) };
            }
            replaced = REPLACED_BY_FILE;
        }
        let number = self.number()?;
        self.live.write(id, Some(article), OF_CHANGED_FILE | replaced | number)
    }

    /// The next number in the order in which articles come; 0 where there is no such order.
    fn number(&mut self) -> Result<u64, IndexError> {
        if self.numbers.is_empty() {
            let Some(numbers) = (self.sources.numbers)(self.next_numbers)? else { return Ok(0) };
            self.numbers = numbers;
            self.next_numbers = MOST_NUMBERS.min(self.next_numbers.saturating_mul(4));
        }
        Ok(self.numbers.next().unwrap_or(0))
    }

    /// Takes from other files what the files that differ gave before, and removes what no file has. Gives how many articles went
    /// and how many came.
    fn settle(&mut self, plan: &Plan) -> Result<(u64, u64), IndexError> {
        let mut again: BTreeMap<u32, FxHashSet<Box<str>>> = BTreeMap::new();
        let mut gone: Vec<Box<str>> = Vec::new();
        for (id, touched) in self.touched.iter().filter(|(_, touched)| !touched.is_pushed) {
            match self.book.winner(id) {
                None => gone.push(id.clone()),
                winner if winner == touched.written || winner == touched.stayed => {}
                Some(winner) => _ = again.entry(winner).or_default().insert(id.clone()),
            }
        }
        for (number, mut wanted) in again {
            let listed = plan.files.get(number as usize).and_then(|file| file.listed);
            let source = listed.and_then(|at| self.sources.list.files.get(at));
            if let Some(source) = source {
                self.read_again(number, source, &mut wanted)?;
            }
            if source.is_none_or(has_changed) || !wanted.is_empty() {
                // It is not what it was when it was listed, or cannot be read now: the next run reads all of it.
                self.book.doubt(number);
            }
            gone.extend(wanted);
        }
        let gone: FxHashSet<Box<str>> = gone.into_iter().collect();
        let (mut removed, mut added) = (0, 0);
        for (id, touched) in self.touched.iter().filter(|(_, touched)| !touched.is_pushed) {
            let was_there = touched.before.is_some();
            if !gone.contains(id) {
                added += u64::from(!was_there);
                self.book.lost.remove(id);
            } else if was_there {
                removed += 1;
                self.live.write(id, None, OF_CHANGED_FILE)?;
                self.book.lost.insert(id.clone());
            }
        }
        Ok((removed, added))
    }

    /// Writes the articles `wanted` of a file that is as it was; what it does not have remains in `wanted`.
    fn read_again(
        &mut self,
        number: u32,
        file: &SourceFile,
        wanted: &mut FxHashSet<Box<str>>,
    ) -> Result<(), IndexError> {
        let watch = ReadWatch { bytes: &self.progress.bytes_read, stop: &self.progress.cancel };
        let Ok(reader) = RecordReader::open_watched(file, watch) else { return Ok(()) };
        let name = file.path.to_string_lossy();
        let mut found: FxHashSet<Box<str>> = FxHashSet::default();
        for record in reader {
            self.go_on()?;
            let Some(reading) = record.ok().and_then(|record| self.cleaner.read(record, &name).ok()) else {
                continue;
            };
            let id = reading.article.id.as_str();
            if wanted.contains(id) {
                self.write(&reading.article)?;
                found.insert(id.into());
            }
        }
        self.go_on()?;
        for id in found {
            wanted.remove(&id);
            if let Some(touched) = self.touched.get_mut(&id) {
                touched.written = Some(number);
            }
        }
        Ok(())
    }

    fn tally(&mut self, file: &SourceFile) -> &mut FileTally {
        self.tallies.entry(file.path.clone()).or_default()
    }

    fn refuse(&mut self, refused: RefusedRecord) {
        self.progress.refused.fetch_add(1, Ordering::Relaxed);
        self.tallies.entry(refused.file.clone()).or_default().refuse(&refused.refusal);
        if self.refusals.len() < LISTED_REFUSALS {
            self.refusals.push(refused);
        }
    }

    /// Ends the run where somebody asks for it, or the disk is nearly full.
    fn go_on(&self) -> Result<(), IndexError> {
        if self.progress.is_cancelled() { Err(IndexError::Cancelled) } else { self.sources.space.check() }
    }
}

/// Whether the file is not what it was when it was listed.
fn has_changed(file: &SourceFile) -> bool {
    std::fs::metadata(&file.full_path).map_or(true, |meta| Stamp::of(&meta) != file.stamp())
}
