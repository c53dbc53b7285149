//! Korean as index and search share it: the analyzer, made of dictionary and lexicon, and the rest of the lexicon.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lindera::dictionary::Dictionary;
use rustc_hash::FxHashMap;

use super::analysis::Analyzer;
use super::fold::fold;
use super::hanja::HanjaReadings;
use super::lexicon::{
    self, Lexicon, LexiconError, LexiconFile, NotSynonyms, OutletGroups, Variants, Warning, WordKind,
};
use super::segmenter::Segmenter;
use crate::ingest::OutletNames;

/// The analyzer that index and search share: the segmenter with the newsroom's words, and the readings of hanja. Cheap to
/// clone; each thread makes an [`Analyzer`] of it.
#[derive(Clone)]
pub struct Korean {
    shared: Arc<Shared>,
}

struct Shared {
    id: u64,
    segmenter: Segmenter,
    readings: HanjaReadings,
    /// The newsroom's words as written in `words.txt`, and their classes, by folded text.
    words: FxHashMap<Box<str>, (Box<str>, WordKind)>,
}

impl Korean {
    /// Puts the parts together; `words` are the newsroom's own, as written, with their classes.
    pub fn new<'a>(
        segmenter: Segmenter,
        readings: HanjaReadings,
        words: impl IntoIterator<Item = (&'a str, WordKind)>,
    ) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let words = words.into_iter().map(|(word, kind)| (fold(word).into(), (word.into(), kind))).collect();
        Self { shared: Arc::new(Shared { id, segmenter, readings, words }) }
    }

    /// The readings of hanja, from lexicon and dictionary.
    pub fn readings(&self) -> &HanjaReadings {
        &self.shared.readings
    }

    /// `text` with its hanja as they are read; `None` where nothing of it is read otherwise.
    pub fn read(&self, text: &str) -> Option<String> {
        self.readings().read(text, self.segmenter())
    }

    /// The name whose folded text is `folded`, as it is written: a word of the newsroom, or a word that the dictionary has as
    /// a proper noun and nothing else.
    pub fn name<'a>(&'a self, folded: &'a str) -> Option<&'a str> {
        if let Some((word, _)) = self.shared.words.get(folded) {
            return Some(word);
        }
        self.shared.segmenter.is_proper_noun(folded).then_some(folded)
    }

    /// The class of a word of the newsroom; `None` where `words.txt` does not have it.
    pub fn word_kind(&self, word: &str) -> Option<WordKind> {
        self.shared.words.get(fold(word).as_str()).map(|(_, kind)| *kind)
    }

    /// A number that no other analyzer of this process has; an analyzer made with other words has another.
    pub fn id(&self) -> u64 {
        self.shared.id
    }

    /// The segmenter that all threads share.
    pub fn segmenter(&self) -> &Segmenter {
        &self.shared.segmenter
    }

    /// An analyzer for one thread; it keeps buffers and a memory of words.
    pub fn analyzer(&self) -> Analyzer {
        Analyzer::new(&self.shared.segmenter, self.shared.readings.clone())
    }
}

/// One state of dictionary and lexicons: the analyzer, and the parts of the lexicons that only queries and cleaning need.
/// Cheap to clone.
#[derive(Clone)]
pub struct Language {
    korean: Korean,
    origin: Arc<AnalyzerOrigin>,
    lexicon: Arc<LoadedLexicon>,
    learns: bool,
}

/// The lexicons that an analyzer was made of.
struct AnalyzerOrigin {
    /// [`Lexicon::analyzer_hash`] of those lexicons.
    hash: String,
    /// Warnings about words that cut names of the dictionary apart: found when words are compiled.
    word_warnings: Vec<Warning>,
}

/// The lexicons without the parts that are compiled into the analyzer.
struct LoadedLexicon {
    variants: Variants,
    outlets: Arc<OutletNames>,
    outlet_groups: Arc<OutletGroups>,
    not_synonyms: NotSynonyms,
    files: Vec<LexiconFile>,
    index_hash: String,
    hash: String,
}

impl Language {
    /// Loads the lexicons of `lexicon_dir` (the built-in ones where it is `None`) on top of `dictionary`. Lines that were left
    /// out or look wrong come back as warnings.
    ///
    /// # Errors
    /// Where a lexicon file cannot be read or compiled.
    pub fn load(
        dictionary: Dictionary,
        lexicon_dir: Option<&Path>,
    ) -> Result<(Self, Vec<Warning>), LexiconError> {
        Self::compiled(Lexicon::load(lexicon_dir)?, dictionary)
    }

    /// Loads the lexicons again. Where words and readings are unchanged, the analyzer stays, with its memory of words, and
    /// `dictionary` is not called.
    ///
    /// # Errors
    /// As for [`Language::load`], and those of `dictionary`.
    pub fn reload<E: From<LexiconError>>(
        &self,
        dictionary: impl FnOnce() -> Result<Dictionary, E>,
        lexicon_dir: Option<&Path>,
    ) -> Result<(Self, Vec<Warning>), E> {
        let lexicon = Lexicon::load(lexicon_dir)?;
        if lexicon.analyzer_hash == self.origin.hash {
            let (language, warnings) = Self::of(self.korean.clone(), Arc::clone(&self.origin), lexicon);
            return Ok((language.learning(self.learns), warnings));
        }
        let (language, warnings) = Self::compiled(lexicon, dictionary()?)?;
        Ok((language.learning(self.learns), warnings))
    }

    fn compiled(lexicon: Lexicon, dictionary: Dictionary) -> Result<(Self, Vec<Warning>), LexiconError> {
        let (words, word_warnings) = lexicon::compile_words(&lexicon.words, &dictionary)?;
        let segmenter = Segmenter::new(dictionary, words);
        let readings = HanjaReadings::new(&segmenter, lexicon.readings.iter().copied());
        let origin = AnalyzerOrigin { hash: lexicon.analyzer_hash.clone(), word_warnings };
        let words = lexicon.words.iter().map(|word| (word.text.as_str(), word.kind));
        let korean = Korean::new(segmenter, readings, words);
        Ok(Self::of(korean, Arc::new(origin), lexicon))
    }

    fn of(korean: Korean, origin: Arc<AnalyzerOrigin>, lexicon: Lexicon) -> (Self, Vec<Warning>) {
        let mut warnings = lexicon.warnings;
        warnings.extend_from_slice(&origin.word_warnings);
        let loaded = LoadedLexicon {
            variants: lexicon.variants,
            outlets: Arc::new(lexicon.outlets),
            outlet_groups: Arc::new(lexicon.outlet_groups),
            not_synonyms: lexicon.not_synonyms,
            files: lexicon.files,
            index_hash: lexicon.index_hash,
            hash: lexicon.hash,
        };
        (Self { korean, origin, lexicon: Arc::new(loaded), learns: true }, warnings)
    }

    /// The language for an index that was built with this one, after the lexicons were loaded again as `newer`: queries are
    /// still cut into the words that the index holds, but find the newer synonyms, hanja and outlet names. The hashes are
    /// the newer ones, which shows that the index is out of date.
    pub fn with_lexicon_of(&self, newer: &Self) -> Self {
        Self { lexicon: Arc::clone(&newer.lexicon), ..self.clone() }
    }

    /// The same language, which uses the names that an archive teaches, or does not.
    pub fn learning(self, learns: bool) -> Self {
        Self { learns, ..self }
    }

    /// Whether it uses the names that an archive teaches.
    pub fn learns(&self) -> bool {
        self.learns
    }

    /// Names that do not find each other, whatever an archive teaches.
    pub fn not_synonyms(&self) -> &NotSynonyms {
        &self.lexicon.not_synonyms
    }

    /// The analyzer that index and search share.
    pub fn korean(&self) -> &Korean {
        &self.korean
    }

    /// The variants that words of a query also find.
    pub fn variants(&self) -> &Variants {
        &self.lexicon.variants
    }

    /// Outlet names and their aliases.
    pub fn outlets(&self) -> &Arc<OutletNames> {
        &self.lexicon.outlets
    }

    /// Groups of outlets.
    pub fn outlet_groups(&self) -> &Arc<OutletGroups> {
        &self.lexicon.outlet_groups
    }

    /// The lexicon files as they were loaded, in a fixed order.
    pub fn files(&self) -> &[LexiconFile] {
        &self.lexicon.files
    }

    /// Hash of the parts of the lexicons that indexing depends on: a generation with another hash is out of date.
    pub fn index_hash(&self) -> &str {
        &self.lexicon.index_hash
    }

    /// Hash of all lexicon files, comments included.
    pub fn hash(&self) -> &str {
        &self.lexicon.hash
    }
}
