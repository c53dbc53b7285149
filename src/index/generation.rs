//! One generation: a complete, immutable index that serves.
//!
//! Its commit names the analyzer's version, the dictionary's hash, and the hash of the part of the lexicon that indexing depends on. If one
//! of them differs at a start, it serves all the same and says that a reindex is due. The commit also says how many articles it holds and
//! up to which entry of the journal it holds everything; opening compares the number.
//!
//! A `Generation` never changes: the next commit makes another, which is swapped in while searches finish with the former one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, Searcher};

use super::directory;
use super::error::IndexError;
use super::folder::IndexFolder;
use super::read::error::ReadError;
use super::read::members::SimilarGroups;
use super::read::names::LazyNames;
use super::read::segment::{OpenIndex, Segment};
use super::read::{regroup, stored};
use super::schema::{ANALYZER_VERSION, Fields, OF_CHANGED_FILE, address_hash, column, fields_of};
use super::view::Views;
use super::write::book::FilesRead;
use super::write::{book_file, groups_file, learned_file, suggestions_file};
use crate::article::Timestamp;
use crate::ingest::common_form;
use crate::journal::Missing;
use crate::korean::Korean;
use crate::learned::LearnedNames;
use crate::query::archive::Deadline;
use crate::suggest::{self, Suggestions};

/// What a generation says of itself: the payload of its commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenerationInfo {
    /// [`ANALYZER_VERSION`] of the program that built it.
    pub analyzer: u32,
    /// SHA-256 of the dictionary archive, hexadecimal.
    pub dictionary: String,
    /// Hash of the lexicon's index-side content, hexadecimal.
    pub lexicon: String,
    /// Articles that it holds.
    pub articles: u64,
    /// When it was built, RFC 3339.
    pub built_at: String,
    /// The journal's sequence number up to which it holds everything that was pushed.
    pub sequence: u64,
    /// `sequence` at build time; later entries were applied one at a time.
    pub built_sequence: u64,
    /// Numbers up to `built_sequence` that were in no file of the journal when it was built: it lacks those articles.
    #[serde(default)]
    pub journal_gaps: Vec<Missing>,
    /// The number of the book that says which files it has read; none where an earlier version built it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book: Option<u64>,
    /// When the first changed run since the build took articles from files or removed some, RFC 3339; none before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_since: Option<String>,
    /// Whether it has a file of the names that its articles teach; not where an earlier version built it, or nothing was to be learned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub learned: bool,
}

/// Where an article of the index came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A file of the articles folder.
    File,
    /// The journal.
    Journal,
}

impl Origin {
    /// That of an article with this number in the column `sequence`.
    pub(super) fn of(sequence: u64) -> Self {
        if sequence == 0 || sequence >= OF_CHANGED_FILE { Self::File } else { Self::Journal }
    }
}

impl GenerationInfo {
    /// What the generation `name` of `folder` says of itself. Also of one that this program cannot open, because another
    /// version built it; `None` where it says nothing.
    pub fn read(folder: &IndexFolder, name: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Meta {
            payload: String,
        }
        let meta = std::fs::read(folder.path_of(name).join("meta.json")).ok()?;
        let meta: Meta = serde_json::from_slice(&meta).ok()?;
        Self::of_payload(Some(&meta.payload))
    }

    /// As the payload of a commit says it.
    pub(super) fn of_payload(payload: Option<&str>) -> Option<Self> {
        payload.and_then(|payload| serde_json::from_str(payload).ok())
    }

    /// As the payload of a commit.
    pub(super) fn payload(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A generation as it is at one commit. All its searches see the same articles; those that are pushed later are in the
/// `Generation` that [`super::LiveIndex::commit`] makes of it.
pub struct Generation {
    name: String,
    path: PathBuf,
    info: GenerationInfo,
    fields: Fields,
    index: Index,
    reader: IndexReader,
    searcher: Searcher,
    segments: Vec<Segment>,
    similar: SimilarGroups,
    suggestions: Suggestions,
    learned: Arc<LearnedNames>,
    views: Views,
    names: LazyNames,
}

impl Generation {
    /// Opens generation `name` of `folder`.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where files are missing or the commit says something else than the index holds.
    pub fn open(folder: &IndexFolder, name: &str) -> Result<Self, IndexError> {
        let path = folder.path_of(name);
        let damaged = |what: String| IndexError::Damaged { path: path.clone(), what };
        let index = Index::open(directory::open(&path)?).map_err(|error| damaged(error.to_string()))?;
        let fields = fields_of(&index.schema())
            .ok_or_else(|| damaged("it has the schema of another version of gisa".to_owned()))?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            // One block of the document store holds about 30 articles; the cache serves pages of hits.
            .doc_store_cache_num_blocks(256)
            .try_into()
            .map_err(|error: tantivy::TantivyError| damaged(error.to_string()))?;
        let view = Commit::take(&index, &reader, &fields).map_err(damaged)?;
        let groups = groups_file::read(&path)?;
        let similar = regroup::opened(view.index(&fields), &groups, view.info.built_sequence)
            .map_err(|error| damaged(error.to_string()))?;
        let suggestions = suggestions_file::read(&path)?;
        tracing::debug!(memory = suggestions.bytes(), "opened suggestions");
        let learned = if view.info.learned { Arc::new(learned_file::read(&path)?) } else { Arc::default() };
        let Commit { info, searcher, segments } = view;
        Ok(Self {
            name: name.to_owned(),
            path,
            info,
            fields,
            index,
            reader,
            searcher,
            segments,
            similar,
            suggestions,
            learned,
            views: Views::default(),
            names: LazyNames::default(),
        })
    }

    /// Whether the build of generation `name` of `folder` certainly never came to its end: the file that is written last is not
    /// there. A file that cannot be looked for, on a failing disk, is no proof.
    pub fn is_unfinished(folder: &IndexFolder, name: &str) -> bool {
        matches!(folder.path_of(name).join(suggestions_file::NAME).try_exists(), Ok(false))
    }

    /// Opens generation `name` of `folder` and verifies it thoroughly.
    ///
    /// # Errors
    /// Those of [`Generation::open`] and [`Generation::verify`].
    pub fn open_verified(folder: &IndexFolder, name: &str) -> Result<Self, IndexError> {
        let generation = Self::open(folder, name)?;
        generation.verify()?;
        Ok(generation)
    }

    /// The same generation after a commit that wrote or deleted the articles `changed`, whose titles and names are in
    /// `suggestions`.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where the commit says something else than the index holds.
    pub(super) fn after_commit(
        &self,
        changed: &FxHashSet<Box<str>>,
        suggestions: Suggestions,
    ) -> Result<Self, IndexError> {
        let damaged = |what: String| IndexError::Damaged { path: self.path.clone(), what };
        self.reader.reload().map_err(IndexError::tantivy(&self.path))?;
        let view = Commit::take(&self.index, &self.reader, &self.fields).map_err(damaged)?;
        for segment in &view.segments {
            let id = segment.reader.segment_id();
            if let Some(former) = self.segments.iter().find(|former| former.reader.segment_id() == id) {
                segment.keep(former);
            }
        }
        let index = view.index(&self.fields);
        let similar = regroup::after_commit(&self.similar, &self.segments, index, changed, None)
            .map_err(IndexError::tantivy(&self.path))?;
        let views = self
            .views
            .after_commit(&self.segments, index, changed)
            .map_err(IndexError::tantivy(&self.path))?;
        let Commit { info, searcher, segments } = view;
        Ok(Self {
            name: self.name.clone(),
            path: self.path.clone(),
            info,
            fields: self.fields,
            index: self.index.clone(),
            reader: self.reader.clone(),
            searcher,
            segments,
            similar,
            suggestions,
            learned: Arc::clone(&self.learned),
            views,
            names: self.names.after_commit(),
        })
    }

    /// Whether this is the index as of the last commit on disk. `false` also where the disk does not say.
    pub(crate) fn is_last_commit(&self) -> bool {
        let Ok(meta) = self.index.load_metas() else { return false };
        let own: FxHashSet<_> = self.segments.iter().map(|segment| segment.reader.segment_id()).collect();
        GenerationInfo::of_payload(meta.payload.as_deref()).as_ref() == Some(&self.info)
            && own == meta.segments.iter().map(|segment| segment.id()).collect::<FxHashSet<_>>()
    }

    /// Its name, the folder's too.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it says of itself.
    pub fn info(&self) -> &GenerationInfo {
        &self.info
    }

    /// The fields of its schema.
    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// tantivy's index, for the one who writes to it.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// Where the article `id` is; `None` where there is none.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn locate(&self, id: &str) -> tantivy::Result<Option<DocAddress>> {
        for (ord, segment) in (0..).zip(&self.segments) {
            if let Some(doc) = segment.doc_of(id)? {
                return Ok(Some(DocAddress::new(ord, doc)));
            }
        }
        Ok(None)
    }

    /// Where the documents are whose address has the common form `address`, in the order of their ids.
    pub(super) fn locate_address(
        &self,
        address: &str,
        deadline: Deadline,
    ) -> Result<Vec<DocAddress>, ReadError> {
        let mut found = Vec::new();
        for (ord, segment) in (0..).zip(&self.segments) {
            for doc in segment.docs_of_address(address_hash(address))? {
                deadline.check()?;
                let at = DocAddress::new(ord, doc);
                // Two addresses may have one hash.
                let article = stored::article(&self.searcher, &self.fields, at)?;
                if article.url.as_deref().and_then(common_form).as_deref() == Some(address) {
                    found.push((article.id, at));
                }
            }
        }
        found.sort_unstable();
        Ok(found.into_iter().map(|(_, at)| at).collect())
    }

    /// The number of the article `id` in the column `sequence`; `None` where there is none.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn sequence_of(&self, id: &str) -> tantivy::Result<Option<u64>> {
        let Some(at) = self.locate(id)? else { return Ok(None) };
        let Some(segment) = self.segments.get(at.segment_ord as usize) else { return Ok(None) };
        let sequence = segment.reader.fast_fields().u64(column::SEQUENCE)?;
        Ok(Some(sequence.first(at.doc_id).unwrap_or(0)))
    }

    /// Names what it holds at this commit: the same segments with the same deletions put the same hits in the same order.
    pub(super) fn commit_name(&self) -> String {
        let mut name = self.name.clone();
        for segment in self.searcher.segment_readers() {
            name.push_str(&format!("/{}-{}", segment.segment_id().uuid_string(), segment.num_deleted_docs()));
        }
        name
    }

    /// tantivy's view of it.
    pub(super) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// Its segments, in tantivy's order.
    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// It as what reads it takes it.
    pub(super) fn open_index(&self) -> OpenIndex<'_> {
        OpenIndex { searcher: &self.searcher, fields: &self.fields, segments: &self.segments }
    }

    /// What fixed filters show of it.
    pub(super) fn views(&self) -> &Views {
        &self.views
    }

    /// What its texts name, by number.
    pub(super) fn names(&self) -> &LazyNames {
        &self.names
    }

    /// Its groups of near-identical articles.
    pub(super) fn similar(&self) -> &SimilarGroups {
        &self.similar
    }

    /// What its titles and names offer to whoever types.
    pub fn suggestions(&self) -> &Suggestions {
        &self.suggestions
    }

    /// The names that its articles taught when it was built.
    pub(super) fn learned(&self) -> &LearnedNames {
        &self.learned
    }

    /// The articles that were pushed or taken from changed files since it was built, the last `most` of them, and what they add to what it offers to
    /// whoever types.
    ///
    /// # Errors
    /// A failing index.
    pub fn recalled(&self, korean: &Korean, now: Timestamp, most: usize) -> Result<Suggestions, IndexError> {
        let arrived = self.arrived(most).map_err(IndexError::tantivy(&self.path))?;
        let (mut suggestions, mut titles) = (self.suggestions.clone(), suggest::ArrivalReader::new(korean));
        for at in arrived {
            let article = stored::article(&self.searcher, &self.fields, at);
            let article = article.map_err(IndexError::tantivy(&self.path))?;
            suggestions = suggestions.with(&titles.read(&article), now);
        }
        Ok(suggestions)
    }

    /// The last `most` articles that came since it was built: in the order of the journal, then those of files.
    fn arrived(&self, most: usize) -> tantivy::Result<Vec<DocAddress>> {
        let mut arrived = Vec::new();
        for (ord, segment) in (0_u32..).zip(&self.segments) {
            let sequence = segment.reader.fast_fields().u64(column::SEQUENCE)?;
            if sequence.max_value() > self.info.built_sequence {
                let numbers =
                    segment.reader.doc_ids_alive().filter_map(|doc| Some((sequence.first(doc)?, doc)));
                let late = numbers.filter(|(number, _)| *number > self.info.built_sequence);
                arrived.extend(late.map(|(number, doc)| (number, DocAddress::new(ord, doc))));
            }
        }
        arrived.sort_unstable();
        let skipped = arrived.len().saturating_sub(most);
        Ok(arrived.into_iter().skip(skipped).map(|(_, at)| at).collect())
    }

    /// The same generation as of its last commit, with other suggestions.
    ///
    /// # Errors
    /// A failing index.
    pub fn with_suggestions(&self, suggestions: Suggestions) -> Result<Self, IndexError> {
        self.after_commit(&FxHashSet::default(), suggestions)
    }

    /// Articles that it holds.
    pub fn articles(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Those of them that came from files, not over HTTP.
    ///
    /// # Errors
    /// A failing index.
    pub fn articles_of_files(&self) -> Result<u64, IndexError> {
        let count = || -> tantivy::Result<usize> {
            let mut count = 0;
            for segment in &self.segments {
                let sequence = segment.reader.fast_fields().u64(column::SEQUENCE)?;
                let of_file = |doc: &u32| Origin::of(sequence.first(*doc).unwrap_or(0)) == Origin::File;
                count += segment.reader.doc_ids_alive().filter(of_file).count();
            }
            Ok(count)
        };
        Ok(count().map_err(IndexError::tantivy(&self.path))? as u64)
    }

    /// The files that it has read; `None` where an earlier version built it, and it does not say.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where the book of files is missing or has changed.
    pub fn files_read(&self) -> Result<Option<FilesRead>, IndexError> {
        let Some(number) = self.info.book else { return Ok(None) };
        let files = book_file::read_files(&self.path, number)?;
        Ok(Some(FilesRead::new(&self.name, number, files)))
    }

    /// Whether `read` are the files that it has read, as of its commit.
    pub fn has_read(&self, read: &FilesRead) -> bool {
        read.are_of(&self.name, self.info.book)
    }

    /// Bytes on disk.
    ///
    /// # Errors
    /// A failing index.
    pub fn bytes(&self) -> Result<u64, IndexError> {
        let usage = self.searcher.space_usage().map_err(IndexError::io("cannot read", &self.path))?;
        Ok(usage.total().get_bytes())
    }

    /// Why a reindex is due, if it is: built by another analyzer, dictionary or lexicon.
    pub fn out_of_date(&self, dictionary: &str, lexicon: &str) -> Option<&'static str> {
        if self.info.analyzer != ANALYZER_VERSION {
            Some("it was built by another version of the analyzer")
        } else if self.info.dictionary != dictionary {
            Some("it was built with another dictionary")
        } else if self.info.lexicon != lexicon {
            Some("the lexicon has changed since it was built")
        } else {
            None
        }
    }
}

/// What an index holds at a commit.
struct Commit {
    info: GenerationInfo,
    searcher: Searcher,
    segments: Vec<Segment>,
}

impl Commit {
    /// The last commit, or what is wrong with it.
    fn take(index: &Index, reader: &IndexReader, fields: &Fields) -> Result<Self, String> {
        let meta = index.load_metas().map_err(|error| error.to_string())?;
        let info = GenerationInfo::of_payload(meta.payload.as_deref())
            .ok_or_else(|| "its commit does not say what it holds".to_owned())?;
        let searcher = reader.searcher();
        if searcher.num_docs() != info.articles {
            return Err(format!("it holds {} articles instead of {}", searcher.num_docs(), info.articles));
        }
        let readers = searcher.segment_readers().iter();
        let segments = readers
            .map(|reader| Segment::open(reader, fields))
            .collect::<tantivy::Result<_>>()
            .map_err(|error| error.to_string())?;
        Ok(Self { info, searcher, segments })
    }

    fn index<'a>(&'a self, fields: &'a Fields) -> OpenIndex<'a> {
        OpenIndex { searcher: &self.searcher, fields, segments: &self.segments }
    }
}
