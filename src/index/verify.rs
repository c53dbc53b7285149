//! Verifying a generation thoroughly: what a swap, a backup and `gisa check` rely on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tantivy::Term;
use tantivy::index::{IndexMeta, SegmentId};

use super::error::IndexError;
use super::generation::{Generation, GenerationInfo};
use super::schema::column;
use super::write::build::Progress;
use super::write::{book_file, groups_file, learned_file, suggestions_file};

impl Generation {
    /// Verifies it thoroughly: every file present with the right checksum, counts right, and the first article of
    /// each segment found by its id.
    ///
    /// Articles may be written meanwhile, and files of merged segments removed: what is found wrong counts only if the
    /// segments are still the same.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] with what is wrong.
    pub fn verify(&self) -> Result<(), IndexError> {
        self.verify_watched(&Progress::default())
    }

    /// [`Self::verify`], which says how far it is and can be cancelled.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] with what is wrong, or [`IndexError::Cancelled`].
    pub(super) fn verify_watched(&self, progress: &Progress) -> Result<(), IndexError> {
        loop {
            let damaged = |error: tantivy::TantivyError| IndexError::Damaged {
                path: self.path().to_owned(),
                what: error.to_string(),
            };
            let meta = self.index().load_metas().map_err(damaged)?;
            let outcome = self.verify_files(&meta, progress);
            if outcome.is_ok()
                || matches!(outcome, Err(IndexError::Cancelled))
                || are_same(&self.index().load_metas().map_err(damaged)?, &meta)
            {
                return outcome;
            }
        }
    }

    fn verify_files(&self, meta: &IndexMeta, progress: &Progress) -> Result<(), IndexError> {
        let damaged = |what: String| IndexError::Damaged { path: self.path().to_owned(), what };
        // tantivy lists candidates: delete bitsets exist only where something was deleted, temporary stores only while
        // a segment is written.
        let deleted_in: Vec<String> = meta
            .segments
            .iter()
            .filter(|segment| segment.has_deletes())
            .map(|s| s.id().uuid_string())
            .collect();
        let expected = |file: &Path| {
            let name = file.to_string_lossy();
            !name.ends_with("temp")
                && (!name.ends_with(".del")
                    || deleted_in.iter().any(|segment| name.starts_with(segment.as_str())))
        };
        let (present, missing): (BTreeSet<PathBuf>, BTreeSet<PathBuf>) = meta
            .list_segment_files()
            .into_iter()
            .filter(|file| expected(file))
            .partition(|file| self.path().join(file).exists());
        if let Some(file) = missing.first() {
            return Err(damaged(format!(
                "{} of its files are missing, {} first",
                missing.len(),
                file.display()
            )));
        }
        let broken = self.broken(&present, progress)?;
        if let Some(file) = broken.first() {
            return Err(damaged(format!(
                "{} of its files have a wrong checksum, {} first",
                broken.len(),
                file.display()
            )));
        }
        groups_file::read(self.path())?;
        suggestions_file::verify(self.path())?;
        if self.info().learned {
            learned_file::read(self.path())?;
        }
        // Of this commit: a later one has another, and removes it.
        if let Some(book) = GenerationInfo::of_payload(meta.payload.as_deref()).and_then(|info| info.book) {
            book_file::read_files(self.path(), book)?;
        }
        for segment in self.searcher().segment_readers() {
            self.canary(segment).map_err(|what| {
                damaged(format!("segment {}: {what}", segment.segment_id().short_uuid_string()))
            })?;
        }
        Ok(())
    }

    /// Which of `files` have not the checksum with which they were written.
    fn broken(&self, files: &BTreeSet<PathBuf>, progress: &Progress) -> Result<Vec<PathBuf>, IndexError> {
        let mut broken = Vec::new();
        for file in files {
            if progress.is_cancelled() {
                return Err(IndexError::Cancelled);
            }
            let sound = self.index().directory().validate_checksum(file).map_err(|error| {
                IndexError::Damaged { path: self.path().to_owned(), what: error.to_string() }
            })?;
            if !sound {
                broken.push(file.clone());
            }
            progress.advance(self.path().join(file).metadata().map_or(0, |meta| meta.len()));
        }
        Ok(broken)
    }

    fn canary(&self, segment: &tantivy::SegmentReader) -> Result<(), String> {
        let Some(doc) = segment.doc_ids_alive().next() else { return Ok(()) };
        let ids =
            segment.fast_fields().str(column::ID).map_err(|error| error.to_string())?.ok_or("no ids")?;
        let ord = ids.term_ords(doc).next().ok_or("an article has no id")?;
        let mut id = String::new();
        ids.ord_to_str(ord, &mut id).map_err(|error| error.to_string())?;
        let inverted = segment.inverted_index(self.fields().id).map_err(|error| error.to_string())?;
        let found = inverted
            .doc_freq(&Term::from_field_text(self.fields().id, &id))
            .map_err(|error| error.to_string())?;
        if found == 0 { Err(format!("article {id} is not found by its id")) } else { Ok(()) }
    }
}

/// Whether two states of an index have the same files. Their commits alone do not tell: a merge keeps the number of the commit that
/// it follows (`opstamp`), replaces its segments, and removes their files.
fn are_same(one: &IndexMeta, other: &IndexMeta) -> bool {
    let segments = |meta: &IndexMeta| -> BTreeSet<(SegmentId, Option<u64>)> {
        meta.segments.iter().map(|segment| (segment.id(), segment.delete_opstamp())).collect()
    };
    one.opstamp == other.opstamp && segments(one) == segments(other)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tantivy::schema::{STRING, Schema};
    use tantivy::{Index, IndexWriter, doc};

    use super::*;

    #[test]
    fn a_merge_is_noticed_though_the_commit_is_the_same() {
        let mut schema = Schema::builder();
        let id = schema.add_text_field("id", STRING);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for name in ["a", "b"] {
            writer.add_document(doc!(id => name)).unwrap();
            writer.commit().unwrap();
        }
        let before = index.load_metas().unwrap();
        assert!(are_same(&before, &index.load_metas().unwrap()));
        let segments: Vec<SegmentId> = before.segments.iter().map(tantivy::SegmentMeta::id).collect();
        assert_eq!(segments.len(), 2);
        writer.merge(&segments).wait().unwrap();
        let after = index.load_metas().unwrap();
        assert_eq!(after.opstamp, before.opstamp);
        assert!(!are_same(&before, &after));
    }
}
