//! One generation: a complete, immutable index that serves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::{Index, ReloadPolicy, Searcher, Term};

use super::schema::{ANALYZER_VERSION, Fields, schema};
use super::segments::OpenSegment;
use super::similar::{SimilarGroups, file};
use super::suggest::{self, Suggestions};
use super::{IndexError, IndexFolder};

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
}

/// An open generation. All its searches see the same articles.
pub struct Generation {
    name: String,
    path: PathBuf,
    info: GenerationInfo,
    fields: Fields,
    index: Index,
    searcher: Searcher,
    segments: Vec<OpenSegment>,
    similar: SimilarGroups,
    suggestions: Suggestions,
}

impl Generation {
    /// Opens generation `name` of `folder`.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where files are missing or the commit says something else than the index holds.
    pub fn open(folder: &IndexFolder, name: &str) -> Result<Self, IndexError> {
        let path = folder.path_of(name);
        let damaged = |what: String| IndexError::Damaged { path: path.clone(), what };
        let index = Index::open_in_dir(&path).map_err(|error| damaged(error.to_string()))?;
        let meta = index.load_metas().map_err(|error| damaged(error.to_string()))?;
        let (expected, fields) = schema();
        if meta.schema != expected {
            return Err(damaged("it has the schema of another version of gisa".to_owned()));
        }
        let info: GenerationInfo = meta
            .payload
            .as_deref()
            .and_then(|payload| serde_json::from_str(payload).ok())
            .ok_or_else(|| damaged("its commit does not say what it holds".to_owned()))?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            // One block of the document store holds about 30 articles; the cache serves pages of hits.
            .doc_store_cache_num_blocks(256)
            .try_into()
            .map_err(|error: tantivy::TantivyError| damaged(error.to_string()))?;
        let searcher = reader.searcher();
        if searcher.num_docs() != info.articles {
            return Err(damaged(format!(
                "it holds {} articles instead of {}",
                searcher.num_docs(),
                info.articles
            )));
        }
        let readers = searcher.segment_readers().iter();
        let segments = readers
            .map(|reader| OpenSegment::new(reader, &fields))
            .collect::<tantivy::Result<_>>()
            .map_err(|error| damaged(error.to_string()))?;
        let similar = SimilarGroups::open(&searcher, &fields, &file::read(&path)?)
            .map_err(|error| damaged(error.to_string()))?;
        let suggestions =
            if has_suggestions(&info) { suggest::file::read(&path)? } else { Suggestions::default() };
        tracing::debug!(memory = suggestions.bytes(), "opened suggestions");
        Ok(Self {
            name: name.to_owned(),
            path,
            info,
            fields,
            index,
            searcher,
            segments,
            similar,
            suggestions,
        })
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
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// tantivy's view of it.
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// Its segments, in tantivy's order.
    pub fn segments(&self) -> &[OpenSegment] {
        &self.segments
    }

    /// Its groups of near-identical articles.
    pub fn similar(&self) -> &SimilarGroups {
        &self.similar
    }

    /// What its titles and names offer to whoever types. Empty in a generation of a version that had none.
    pub fn suggestions(&self) -> &Suggestions {
        &self.suggestions
    }

    /// Articles that it holds.
    pub fn articles(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.searcher.space_usage().map_or(0, |usage| usage.total().get_bytes())
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

    /// Verifies it thoroughly: every file present with the right checksum, counts right, and the first article of
    /// each segment found by its id.
    pub fn verify(&self) -> Result<(), IndexError> {
        let damaged = |what: String| IndexError::Damaged { path: self.path.clone(), what };
        let meta = self.index.load_metas().map_err(|error| damaged(error.to_string()))?;
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
        let missing: BTreeSet<PathBuf> = meta
            .list_segment_files()
            .into_iter()
            .filter(|file| expected(file) && !self.path.join(file).exists())
            .collect();
        if let Some(file) = missing.first() {
            return Err(damaged(format!(
                "{} of its files are missing, {} first",
                missing.len(),
                file.display()
            )));
        }
        let broken = self.index.validate_checksum().map_err(|error| damaged(error.to_string()))?;
        if let Some(file) = broken.iter().min() {
            return Err(damaged(format!(
                "{} of its files have a wrong checksum, {} first",
                broken.len(),
                file.display()
            )));
        }
        file::read(&self.path)?;
        if has_suggestions(&self.info) {
            suggest::file::verify(&self.path)?;
        }
        for segment in self.searcher.segment_readers() {
            self.canary(segment).map_err(|what| {
                damaged(format!("segment {}: {what}", segment.segment_id().short_uuid_string()))
            })?;
        }
        Ok(())
    }

    fn canary(&self, segment: &tantivy::SegmentReader) -> Result<(), String> {
        let Some(doc) = segment.doc_ids_alive().next() else { return Ok(()) };
        let ids = segment.fast_fields().str("id").map_err(|error| error.to_string())?.ok_or("no ids")?;
        let ord = ids.term_ords(doc).next().ok_or("an article has no id")?;
        let mut id = String::new();
        ids.ord_to_str(ord, &mut id).map_err(|error| error.to_string())?;
        let inverted = segment.inverted_index(self.fields.id).map_err(|error| error.to_string())?;
        let found = inverted
            .doc_freq(&Term::from_field_text(self.fields.id, &id))
            .map_err(|error| error.to_string())?;
        if found == 0 { Err(format!("article {id} is not found by its id")) } else { Ok(()) }
    }
}

/// Whether the program that built it wrote suggestions.
fn has_suggestions(info: &GenerationInfo) -> bool {
    info.analyzer >= 3
}
