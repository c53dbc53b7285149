//! Writing to the generation that serves: articles one by one, as the journal tells of them.
//!
//! A commit is all or nothing, and its payload says up to which of the journal's entries it holds everything: a start after
//! a crash goes on with exactly the next one. What is applied and not yet committed is in no search.
//!
//! Every commit makes a segment. Segments of one size are merged six at a time, and rewritten when three tenths of their articles are
//! deleted. Two traps of tantivy 0.27, both found by killing the process, are avoided in `LiveIndex`: a killed commit leaves files that the
//! next one wants to create, and the first operation of a new writer gets the stamp of the last commit, with which a merge can lose a
//! deletion.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::directory::Directory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexWriter, Term};

use crate::article::{Article, ArticleId, Timestamp};
use crate::faults;
use crate::index::document::{ArticleDocument, DocumentRoom};
use crate::index::error::IndexError;
use crate::index::generation::{Generation, GenerationInfo};
use crate::index::read::stored;
use crate::index::tokenizer;
use crate::korean::Language;
use crate::suggest::{ArrivalReader, Suggestions};

/// Bytes for postings: a commit comes long before they are full.
const MEMORY: usize = 32_000_000;
/// Segments of one size that are merged into one. Every commit makes a segment and every search looks into all of them.
const MERGED: usize = 6;
/// Articles below which a segment counts as the smallest size. tantivy's 10,000 would merge half the archive again and
/// again for a few articles.
const SMALLEST: u32 = 32;
/// The share of deleted articles from which a segment is written anew. tantivy's default never does.
const DELETED: f32 = 0.3;

/// The one writer of a generation.
pub struct LiveIndex {
    generation: Arc<Generation>,
    writer: IndexWriter<ArticleDocument>,
    room: DocumentRoom,
    titles: ArrivalReader,
    /// What was typed may lead to what was written since the last commit, too.
    suggestions: Suggestions,
    /// Of each article that was written or deleted since the last commit: whether it is there.
    pending: FxHashMap<Box<str>, bool>,
    /// Articles that the last commit removed.
    removed: Vec<Box<str>>,
    /// The journal's last entry that was applied.
    sequence: u64,
    /// Articles, those since the last commit included.
    articles: u64,
}

impl LiveIndex {
    /// Begins to write to `generation`, which nobody else may write to. Articles are analysed in `language`, and add to `suggestions`.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if tantivy refuses.
    pub fn open(
        generation: Arc<Generation>,
        suggestions: Suggestions,
        language: &Language,
    ) -> Result<Self, IndexError> {
        let korean = language.korean();
        let index = generation.index();
        tokenizer::register(index.tokenizers(), korean);
        tokenizer::register_columns(index.fast_field_tokenizer(), language, &Arc::default());
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .memory_budget_per_thread(MEMORY)
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter<ArticleDocument> =
            index.writer_with_options(options).map_err(IndexError::tantivy(generation.path()))?;
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(MERGED);
        policy.set_min_layer_size(SMALLEST);
        policy.set_del_docs_ratio_before_merge(DELETED);
        writer.set_merge_policy(Box::new(policy));
        // A killed commit leaves files that the next one would want to create. tantivy removes such files some time
        // after a commit, which is too late (tantivy issue 3079).
        writer.garbage_collect_files().wait().map_err(IndexError::tantivy(generation.path()))?;
        // tantivy 0.27 stamps the first operation of a new writer with the stamp of the last commit. A merge to that stamp
        // applies a deletion that has it to those segments only that were not deleted from at that commit, and counts it as
        // applied to all: the article would be there twice. So nobody gets that stamp.
        writer.run(std::iter::empty()).map_err(IndexError::tantivy(generation.path()))?;
        let GenerationInfo { sequence, articles, .. } = *generation.info();
        let (titles, pending) = (ArrivalReader::new(korean), FxHashMap::default());
        let room = DocumentRoom::default();
        Ok(Self {
            generation,
            writer,
            room,
            titles,
            suggestions,
            pending,
            removed: Vec::new(),
            sequence,
            articles,
        })
    }

    /// The generation as of the last commit.
    pub fn generation(&self) -> &Arc<Generation> {
        &self.generation
    }

    /// Articles that the last commit removed.
    pub fn removed(&self) -> &[Box<str>] {
        &self.removed
    }

    /// Articles, those since the last commit included.
    pub(super) fn articles(&self) -> u64 {
        self.articles
    }

    /// The journal's last entry that was applied.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Whether the article `id` was written or deleted since the last commit.
    pub(super) fn is_pending_for(&self, id: &str) -> bool {
        self.pending.contains_key(id)
    }

    /// Whether something waits for a commit.
    pub fn is_pending(&self) -> bool {
        self.sequence > self.generation.info().sequence
    }

    /// The article `id` as it was at the last commit; none where there was none.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if it cannot be read.
    pub fn committed(&self, id: &ArticleId) -> Result<Option<Article>, IndexError> {
        let read = || {
            let Some(at) = self.generation.locate(id.as_str())? else { return Ok(None) };
            let index = self.generation.open_index();
            stored::article(index.searcher, index.fields, at).map(Some)
        };
        read().map_err(IndexError::tantivy(self.generation.path()))
    }

    /// Applies the journal's entry `sequence`: the article `id` is written, or deleted where there is none. Entries that were
    /// applied before are left out.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`]; this writer is then of no more use, the last commit stays.
    pub fn apply(
        &mut self,
        sequence: u64,
        id: &ArticleId,
        article: Option<&Article>,
    ) -> Result<(), IndexError> {
        if sequence <= self.sequence {
            return Ok(());
        }
        self.write(id.as_str(), article, sequence)?;
        self.sequence = sequence;
        Ok(())
    }

    /// Writes the article `id`, with this number in its column `sequence`, or deletes it where there is none.
    pub(super) fn write(
        &mut self,
        id: &str,
        article: Option<&Article>,
        sequence: u64,
    ) -> Result<(), IndexError> {
        let fields = self.generation.fields();
        let tantivy = |error| IndexError::tantivy(self.generation.path())(error);
        let was_there = match self.pending.get(id) {
            Some(there) => *there,
            None => self.generation.locate(id).map_err(tantivy)?.is_some(),
        };
        self.writer.delete_term(Term::from_field_text(fields.id, id));
        if let Some(article) = article {
            let document = ArticleDocument::new(fields, article, sequence).map_err(tantivy)?;
            self.writer.add_document(document.with_place(&self.room)).map_err(tantivy)?;
            self.suggestions = self.suggestions.with(&self.titles.read(article), Timestamp::now());
        }
        self.articles = (self.articles + u64::from(article.is_some())).saturating_sub(u64::from(was_there));
        self.pending.insert(id.into(), article.is_some());
        Ok(())
    }

    /// Notes that there is nothing to apply up to the journal's entry `sequence`.
    pub fn skip_to(&mut self, sequence: u64) {
        self.sequence = self.sequence.max(sequence);
    }

    /// Makes everything that was applied searchable, and durable. Gives the generation as it is now.
    ///
    /// # Errors
    /// [`IndexError`]; this writer is then of no more use, the last commit stays.
    pub fn commit(&mut self) -> Result<Arc<Generation>, IndexError> {
        self.commit_as(self.generation.info().clone())
    }

    /// [`Self::commit`] with a payload that differs in more than the counts.
    pub(super) fn commit_as(&mut self, info: GenerationInfo) -> Result<Arc<Generation>, IndexError> {
        let path = self.generation.path();
        let tantivy = |error| IndexError::tantivy(path)(error);
        let info = GenerationInfo { sequence: self.sequence, articles: self.articles, ..info };
        faults::point(faults::FaultPoint::IndexCommit).map_err(IndexError::io("cannot commit", path))?;
        let mut commit = self.writer.prepare_commit().map_err(tantivy)?;
        commit.set_payload(&info.payload());
        commit.commit().map_err(tantivy)?;
        // tantivy syncs the folder before it renames meta.json, not after.
        let directory = self.generation.index().directory();
        directory.sync_directory().map_err(IndexError::io("cannot sync", path))?;
        faults::point(faults::FaultPoint::IndexCommitted).map_err(IndexError::io("cannot commit", path))?;
        self.removed = self.pending.iter().filter(|(_, there)| !**there).map(|(id, _)| id.clone()).collect();
        let changed: FxHashSet<Box<str>> = self.pending.drain().map(|(id, _)| id).collect();
        self.generation = Arc::new(self.generation.after_commit(&changed, self.suggestions.clone())?);
        Ok(Arc::clone(&self.generation))
    }
}
