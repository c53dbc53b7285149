//! Korean analysis: text → tokens of both lanes, and the lexicons. Total: never fails, never panics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub mod analysis;
pub mod dictionary;
pub mod fold;
pub mod hanja;
pub mod lexicon;
pub mod number;
pub mod pos;
pub mod segmenter;
pub mod sentence;

use std::path::Path;

use lindera::dictionary::Dictionary;

use crate::ingest::OutletNames;
use analysis::Analyzer;
use hanja::HanjaReadings;
use lexicon::{Lexicon, LexiconError, LexiconFile, Variants, Warning};
use segmenter::Segmenter;

/// What index and search share of Korean: the segmenter with the newsroom's words, and hanja readings.
/// Cheap to clone.
#[derive(Clone)]
pub struct KoreanAnalyzer {
    shared: Arc<Shared>,
}

struct Shared {
    id: u64,
    segmenter: Segmenter,
    readings: HanjaReadings,
}

impl KoreanAnalyzer {
    /// Puts the parts together.
    pub fn new(segmenter: Segmenter, readings: HanjaReadings) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { shared: Arc::new(Shared { id, segmenter, readings }) }
    }

    /// Tells one analyzer of this process from another, made with other words.
    pub fn id(&self) -> u64 {
        self.shared.id
    }

    /// The shared segmenter.
    pub fn segmenter(&self) -> &Segmenter {
        &self.shared.segmenter
    }

    /// A thread's analyzer.
    pub fn analyzer(&self) -> Analyzer {
        Analyzer::new(&self.shared.segmenter, self.shared.readings.clone())
    }
}

/// Korean as one lexicon state sees it: the analyzer, and what only queries need. Cheap to clone.
#[derive(Clone)]
pub struct Language {
    korean: KoreanAnalyzer,
    lexicon: Arc<LoadedLexicon>,
}

/// A lexicon state without what is compiled into the analyzer.
struct LoadedLexicon {
    variants: Variants,
    outlets: Arc<OutletNames>,
    files: Vec<LexiconFile>,
    index_hash: String,
    hash: String,
}

impl Language {
    /// Loads the lexicons of `lexicon_dir` (the built-in ones where it is `None`) over `dictionary`.
    ///
    /// # Errors
    /// Where a lexicon file cannot be read or compiled. Bad lines are warnings.
    pub fn load(
        dictionary: Dictionary,
        lexicon_dir: Option<&Path>,
    ) -> Result<(Self, Vec<Warning>), LexiconError> {
        let mut lexicon = Lexicon::load(lexicon_dir)?;
        let (words, damaging) = lexicon::compile(&lexicon.words, &dictionary)?;
        lexicon.warnings.extend(damaging);
        let segmenter = Segmenter::new(dictionary, words);
        let readings = HanjaReadings::new(&segmenter, lexicon.readings);
        let loaded = LoadedLexicon {
            variants: lexicon.variants,
            outlets: Arc::new(lexicon.outlets),
            files: lexicon.files,
            index_hash: lexicon.index_hash,
            hash: lexicon.hash,
        };
        let language = Self { korean: KoreanAnalyzer::new(segmenter, readings), lexicon: Arc::new(loaded) };
        Ok((language, lexicon.warnings))
    }

    /// The language of an index that was built with this one, after the lexicon was loaded anew as `newer`: queries are
    /// still cut into the words that the index holds, and find the newer synonyms, hanja and outlet names. Its hashes are
    /// the newer ones, so that the index is seen to be out of date.
    pub fn with_lexicon_of(&self, newer: &Self) -> Self {
        Self { korean: self.korean.clone(), lexicon: Arc::clone(&newer.lexicon) }
    }

    /// What index and search share.
    pub fn korean(&self) -> &KoreanAnalyzer {
        &self.korean
    }

    /// What words of a query also find.
    pub fn variants(&self) -> &Variants {
        &self.lexicon.variants
    }

    /// Outlet names and their aliases.
    pub fn outlets(&self) -> &Arc<OutletNames> {
        &self.lexicon.outlets
    }

    /// The lexicon files as they were loaded, in a fixed order.
    pub fn files(&self) -> &[LexiconFile] {
        &self.lexicon.files
    }

    /// Hash of what analysis at index time depends on: a generation with another one is out of date.
    pub fn index_hash(&self) -> &str {
        &self.lexicon.index_hash
    }

    /// Hash of all lexicons.
    pub fn hash(&self) -> &str {
        &self.lexicon.hash
    }
}
