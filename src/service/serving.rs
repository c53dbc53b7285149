//! What serves: an archive, and the language that asks it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::article::Timestamp;
use crate::config::Config;
use crate::index::Generation;
use crate::korean::Language;
use crate::korean::dictionary;
use crate::query::archive::Archive;
use crate::search::SearchContext;

/// An archive and the language that asks it: its analyzer is the one that the archive was built with, its synonyms, hanja and
/// outlet names are those that were loaded last.
pub struct Serving {
    archive: Arc<dyn Archive>,
    /// The same archive, where it is the embedded index.
    generation: Option<Arc<Generation>>,
    /// The language.
    pub language: Language,
    /// Whether a paging session began here.
    paged: AtomicBool,
}

impl Serving {
    /// A generation of the embedded index.
    pub(super) fn new(generation: Arc<Generation>, language: Language) -> Self {
        let archive: Arc<dyn Archive> = Arc::clone(&generation) as Arc<dyn Archive>;
        Self { generation: Some(generation), ..Self::of_archive(archive, language) }
    }

    /// An archive that another engine keeps.
    pub(super) fn of_archive(archive: Arc<dyn Archive>, language: Language) -> Self {
        Self { archive, generation: None, language, paged: AtomicBool::new(false) }
    }

    /// The same archive, asked in another language. No paging session has begun there.
    pub(super) fn with_language(&self, language: Language) -> Self {
        Self {
            archive: Arc::clone(&self.archive),
            generation: self.generation.clone(),
            language,
            paged: AtomicBool::new(false),
        }
    }

    /// What is searched.
    pub fn archive(&self) -> &dyn Archive {
        &*self.archive
    }

    /// The generation of the embedded index, as it is at one commit, for whoever writes, verifies or replaces it. `None`
    /// where another engine keeps the articles.
    pub fn generation(&self) -> Option<&Arc<Generation>> {
        self.generation.as_ref()
    }

    /// Notes that a paging session began here: it stays open for a while after a newer one has replaced it.
    pub fn paging_begins(&self) {
        self.paged.store(true, Ordering::Relaxed);
    }

    /// Whether one did.
    pub(super) fn is_paged(&self) -> bool {
        self.paged.load(Ordering::Relaxed)
    }

    /// Why a reindex is due, if it is: this program, or the lexicon as it was loaded last, would build another index.
    pub fn out_of_date(&self) -> Option<&'static str> {
        self.generation()?.out_of_date(dictionary::archive_hash(), self.language.index_hash())
    }

    /// What a search needs, with the time of day.
    pub fn context<'a>(&'a self, config: &'a Config, deadline: Option<Instant>) -> SearchContext<'a> {
        SearchContext {
            archive: self.archive(),
            language: &self.language,
            ranking: &config.ranking,
            deadline,
            now: Timestamp::now(),
            correcting: config.search.correcting,
            filtered: false,
        }
    }
}
