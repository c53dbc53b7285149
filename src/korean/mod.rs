//! Korean analysis: text → tokens of both lanes, and the lexicons. Total: never fails, never panics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub mod analysis;
pub mod collation;
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
use lexicon::{Lexicon, LexiconError, Variants, Warning};
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
    variants: Arc<Variants>,
    outlets: Arc<OutletNames>,
    index_hash: Arc<str>,
    hash: Arc<str>,
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
        let language = Self {
            korean: KoreanAnalyzer::new(segmenter, readings),
            variants: Arc::new(lexicon.variants),
            outlets: Arc::new(lexicon.outlets),
            index_hash: lexicon.index_hash.into(),
            hash: lexicon.hash.into(),
        };
        Ok((language, lexicon.warnings))
    }

    /// What index and search share.
    pub fn korean(&self) -> &KoreanAnalyzer {
        &self.korean
    }

    /// What words of a query also find.
    pub fn variants(&self) -> &Variants {
        &self.variants
    }

    /// Outlet names and their aliases.
    pub fn outlets(&self) -> &Arc<OutletNames> {
        &self.outlets
    }

    /// Hash of what analysis at index time depends on: a generation with another one is out of date.
    pub fn index_hash(&self) -> &str {
        &self.index_hash
    }

    /// Hash of all lexicons.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}
