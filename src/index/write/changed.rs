//! A changed run: the files that are new, have changed or are gone are read into the generation that serves.
//!
//! What is in the index afterwards is what a full reindex would give: of one id the last in the order of files and lines, and what was
//! pushed before all. The files that differ are read in that order, and an article is written unless a file that stays, and comes later,
//! has it. Then each id is looked at that a file held before and that came from it: where another file has it, that one is read again for
//! it, else the article goes.
//!
//! Nothing counts before [`LiveIndex::commit_changed`], which writes the book and then the index that names it. Whoever drops the
//! [`LiveIndex`] instead, or dies, leaves both as they were.

use std::sync::Arc;
use std::time::Instant;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::book::Book;
use super::book_file;
use super::build::BuildReport;
use super::changed_run::{ChangedSources, Run, Taken};
use super::live::LiveIndex;
use super::progress::Progress;
use crate::index::error::IndexError;
use crate::index::generation::{Generation, GenerationInfo};
use crate::ingest::Cleaner;

impl LiveIndex {
    /// Reads the files that differ from what this generation has read.
    ///
    /// # Errors
    /// [`IndexError`], [`IndexError::NoBook`] where the generation does not say what it has read; this writer is then of no more
    /// use, the last commit stays.
    pub fn take_changed(
        &mut self,
        sources: &ChangedSources<'_>,
        cleaner: &Cleaner,
        progress: &Progress,
    ) -> Result<Taken, IndexError> {
        let started = Instant::now();
        let generation = Arc::clone(self.generation());
        let number = generation
            .info()
            .book
            .ok_or_else(|| IndexError::NoBook { path: generation.path().to_owned() })?;
        // The files first: most of the time nothing differs, and the ids are not needed.
        let files = book_file::read_files(generation.path(), number)?;
        let plan = Book { files, ..Book::default() }.compare(sources.list, sources.left);
        let book =
            if plan.is_empty() { Book::default() } else { book_file::read(generation.path(), number)? };
        Run::new(self, book, sources, cleaner, progress).take(&plan, started)
    }

    /// Makes what was taken searchable and durable. Gives the generation as it is now, and the report.
    ///
    /// # Errors
    /// [`IndexError`]; this writer is then of no more use, the last commit stays.
    pub fn commit_changed(&mut self, taken: Taken) -> Result<(Arc<Generation>, BuildReport), IndexError> {
        let generation = Arc::clone(self.generation());
        if taken.is_empty() {
            return Ok((generation, taken.report));
        }
        let number = generation.info().book.unwrap_or(0).saturating_add(1);
        book_file::write(generation.path(), number, &taken.book)?;
        let now = || OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
        let changed_since = Some(generation.info().changed_since.clone().unwrap_or_else(now));
        let info = GenerationInfo { book: Some(number), changed_since, ..generation.info().clone() };
        let committed = self.commit_as(info)?;
        book_file::remove_others(generation.path(), number);
        Ok((committed, taken.report))
    }
}
