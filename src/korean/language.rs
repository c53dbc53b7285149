//! Korean as index and search share it: the analyzer, made of dictionary and lexicon, and the rest of the lexicon.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lindera::dictionary::Dictionary;
use rustc_hash::FxHashMap;

use super::analysis::Analyzer;
use super::fold::fold;
use super::hanja::HanjaReadings;
use super::lexicon::{self, Lexicon, LexiconError, LexiconFile, Variants, Warning};
use super::segmenter::Segmenter;
use crate::ingest::OutletNames;

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
    /// The newsroom's words as they stand in `words.txt`, by folded text.
    words: FxHashMap<Box<str>, Box<str>>,
}

impl KoreanAnalyzer {
    /// Puts the parts together; `words` are the newsroom's own, as written.
    pub fn new<'a>(
        segmenter: Segmenter,
        readings: HanjaReadings,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let words = words.into_iter().map(|word| (fold(word).into(), word.into())).collect();
        Self { shared: Arc::new(Shared { id, segmenter, readings, words }) }
    }

    /// Readings of hanja.
    pub fn readings(&self) -> &HanjaReadings {
        &self.shared.readings
    }

    /// The name whose folded text is `folded`, as it is written: a word of the newsroom's, or what the dictionary has as a
    /// proper noun and nothing else.
    pub fn name<'a>(&'a self, folded: &'a str) -> Option<&'a str> {
        if let Some(word) = self.shared.words.get(folded) {
            return Some(word);
        }
        self.shared.segmenter.is_proper_noun(folded).then_some(folded)
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
    made_of: Arc<MadeOf>,
    lexicon: Arc<LoadedLexicon>,
}

/// What an analyzer was made of.
struct MadeOf {
    /// [`Lexicon::analyzer_hash`].
    hash: String,
    /// Warnings of words that damage dictionary names: found when words are compiled.
    damaging: Vec<Warning>,
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
        Self::compiled(Lexicon::load(lexicon_dir)?, dictionary)
    }

    /// Loads the lexicons anew. Where words and readings are the same as before, so is the analyzer, with what it remembers,
    /// and `dictionary` is not asked for.
    ///
    /// # Errors
    /// As for [`Language::load`], and those of `dictionary`.
    pub fn reload<E: From<LexiconError>>(
        &self,
        dictionary: impl FnOnce() -> Result<Dictionary, E>,
        lexicon_dir: Option<&Path>,
    ) -> Result<(Self, Vec<Warning>), E> {
        let lexicon = Lexicon::load(lexicon_dir)?;
        if lexicon.analyzer_hash == self.made_of.hash {
            return Ok(Self::of(self.korean.clone(), Arc::clone(&self.made_of), lexicon));
        }
        Ok(Self::compiled(lexicon, dictionary()?)?)
    }

    fn compiled(lexicon: Lexicon, dictionary: Dictionary) -> Result<(Self, Vec<Warning>), LexiconError> {
        let (words, damaging) = lexicon::compile(&lexicon.words, &dictionary)?;
        let segmenter = Segmenter::new(dictionary, words);
        let readings = HanjaReadings::new(&segmenter, lexicon.readings.iter().copied());
        let made_of = MadeOf { hash: lexicon.analyzer_hash.clone(), damaging };
        let words = lexicon.words.iter().map(|word| word.text.as_str());
        let korean = KoreanAnalyzer::new(segmenter, readings, words);
        Ok(Self::of(korean, Arc::new(made_of), lexicon))
    }

    fn of(korean: KoreanAnalyzer, made_of: Arc<MadeOf>, lexicon: Lexicon) -> (Self, Vec<Warning>) {
        let mut warnings = lexicon.warnings;
        warnings.extend_from_slice(&made_of.damaging);
        let loaded = LoadedLexicon {
            variants: lexicon.variants,
            outlets: Arc::new(lexicon.outlets),
            files: lexicon.files,
            index_hash: lexicon.index_hash,
            hash: lexicon.hash,
        };
        (Self { korean, made_of, lexicon: Arc::new(loaded) }, warnings)
    }

    /// The language of an index that was built with this one, after the lexicon was loaded anew as `newer`: queries are
    /// still cut into the words that the index holds, and find the newer synonyms, hanja and outlet names. Its hashes are
    /// the newer ones, so that the index is seen to be out of date.
    pub fn with_lexicon_of(&self, newer: &Self) -> Self {
        Self { lexicon: Arc::clone(&newer.lexicon), ..self.clone() }
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
