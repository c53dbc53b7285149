//! The newsroom's lexicons: plain text that an editor can read and change.
//!
//! | file | content | takes effect |
//! |---|---|---|
//! | `words.txt` | words that the dictionary lacks, with a class | reindex |
//! | `synonyms.txt` | equal groups and one-way rules | reload |
//! | `hanja.txt` | newspaper hanja as words; readings | words: reload, readings: reindex |
//! | `outlets.txt` | canonical outlet names and aliases | filters: reload, articles: reindex |
//! | `outlet-groups.txt` | groups of outlets | reload |
//! | `not-synonyms.txt` | pairs that the archive must not teach | reload |
//!
//! A folder may hold only some of them; the built-in files replace the others. A reindex and a restart load all of
//! them.
//!
//! User words become full dictionary rows, with context ids derived from the dictionary in use (`words`). Synonyms and newspaper
//! hanja act on the query side only, so they never make the index larger, and a reload swaps them at once. Meanwhile queries are cut
//! with the analyzer that the generation was built with, until a reindex (`Language::with_lexicon_of`). For editors: `docs/LEXICON.md`.

mod file;
mod hanja_words;
mod not_synonyms;
mod outlet_groups;
mod synonyms;
mod variants;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::hanja::Reading;
use crate::ingest::OutletNames;
use file::{Warnings, lines, read};

pub use file::{LexiconError, Warning};
pub use not_synonyms::NotSynonyms;
pub use outlet_groups::OutletGroups;
pub use variants::{Variant, VariantKind, Variants};
pub use words::{UserWord, WordKind, compile_words};

const WORDS: (&str, &str) = ("words.txt", include_str!("../../../data/lexicon/words.txt"));
const SYNONYMS: (&str, &str) = ("synonyms.txt", include_str!("../../../data/lexicon/synonyms.txt"));
const HANJA: (&str, &str) = ("hanja.txt", include_str!("../../../data/lexicon/hanja.txt"));
const OUTLETS: (&str, &str) = ("outlets.txt", include_str!("../../../data/lexicon/outlets.txt"));
const OUTLET_GROUPS: (&str, &str) =
    ("outlet-groups.txt", include_str!("../../../data/lexicon/outlet-groups.txt"));
const NOT_SYNONYMS: (&str, &str) =
    ("not-synonyms.txt", include_str!("../../../data/lexicon/not-synonyms.txt"));

/// One lexicon file without its comments, for a reload to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LexiconFile {
    /// The file's name, without its folder.
    pub name: &'static str,
    /// The lines that hold more than a comment, in order.
    pub lines: Vec<String>,
    /// Whether a change takes effect on queries without a reindex.
    pub for_queries: bool,
    /// Hash of the part of the file that an index depends on, hexadecimal; empty where there is no such part.
    pub index_hash: String,
}

/// All lexicons as written, parsed but not compiled.
pub struct Lexicon {
    /// Words that the dictionary lacks.
    pub words: Vec<UserWord>,
    /// The variants that a word of a query also finds.
    pub variants: Variants,
    /// Readings of single hanja; of several for one hanja the last counts.
    pub readings: Vec<(char, Reading)>,
    /// The outlets' canonical names and aliases.
    pub outlets: OutletNames,
    /// Groups of outlets.
    pub outlet_groups: OutletGroups,
    /// Names that do not find each other, whatever the archive teaches.
    pub not_synonyms: NotSynonyms,
    /// The files that this was read from, in a fixed order.
    pub files: Vec<LexiconFile>,
    /// Hash of the files that the analyzer is made of, with the line numbers of words, hexadecimal.
    pub analyzer_hash: String,
    /// Hash of the parts of the files that indexing depends on, hexadecimal.
    pub index_hash: String,
    /// Hash of all files, comments included, hexadecimal.
    pub hash: String,
    /// Lines that were left out or look wrong.
    pub warnings: Vec<Warning>,
}

impl Lexicon {
    /// Reads the lexicons of `dir`; the built-in ones where there is no such folder or file.
    ///
    /// # Errors
    /// Only where a file exists and cannot be read; bad lines become [`Lexicon::warnings`].
    pub fn load(dir: Option<&Path>) -> Result<Self, LexiconError> {
        let mut warnings = Warnings::default();
        let words = read(dir, WORDS, &mut warnings)?;
        let synonyms = read(dir, SYNONYMS, &mut warnings)?;
        let hanja = read(dir, HANJA, &mut warnings)?;
        let outlets = read(dir, OUTLETS, &mut warnings)?;
        let groups = read(dir, OUTLET_GROUPS, &mut warnings)?;
        let forbidden = read(dir, NOT_SYNONYMS, &mut warnings)?;

        let parsed_words = words::parse(&words, warnings.about(WORDS.0));
        let mut variants = Variants::default();
        synonyms::parse(&synonyms, &mut variants, warnings.about(SYNONYMS.0));
        let readings = hanja_words::parse(&hanja, &mut variants, warnings.about(HANJA.0));
        variants.finish();
        let (outlet_names, outlet_warnings) = OutletNames::parse(&outlets);
        for warning in outlet_warnings {
            warnings.about(OUTLETS.0).add(warning.line, warning.message);
        }
        let outlet_groups = outlet_groups::parse(&groups, &outlet_names, warnings.about(OUTLET_GROUPS.0));
        let not_synonyms = not_synonyms::parse(&forbidden, &variants, warnings.about(NOT_SYNONYMS.0));
        let readings_hash = readings_hash(&readings);
        let file = |(name, _): (&'static str, &str), text: &str, for_queries, index_hash| LexiconFile {
            name,
            lines: lines(text).map(|(_, line)| line.to_owned()).collect(),
            for_queries,
            index_hash,
        };
        let files = vec![
            file(WORDS, &words, false, hash(&[&without_comments(&words)])),
            file(SYNONYMS, &synonyms, true, String::new()),
            file(HANJA, &hanja, true, readings_hash.clone()),
            file(OUTLETS, &outlets, true, hash(&[&without_comments(&outlets)])),
            file(OUTLET_GROUPS, &groups, true, String::new()),
            file(NOT_SYNONYMS, &forbidden, true, String::new()),
        ];
        // Files that no index depends on are left out, so that a new one of them makes no index out of date.
        let index_side: Vec<&str> = files
            .iter()
            .filter(|file| ![OUTLET_GROUPS.0, NOT_SYNONYMS.0].contains(&file.name))
            .map(|file| file.index_hash.as_str())
            .collect();
        Ok(Self {
            words: parsed_words,
            variants,
            readings,
            outlets: outlet_names,
            outlet_groups,
            not_synonyms,
            analyzer_hash: hash(&[&words, &readings_hash]),
            index_hash: hash(&index_side),
            hash: hash(&[&words, &synonyms, &hanja, &outlets, &groups, &forbidden]),
            files,
            warnings: warnings.list,
        })
    }
}

/// The lines that hold something, joined: comments do not change a hash made of this.
fn without_comments(text: &str) -> String {
    lines(text).map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

/// Hash of the readings in use: of several for one hanja the last counts.
fn readings_hash(readings: &[(char, Reading)]) -> String {
    let used: BTreeMap<char, Reading> = readings.iter().copied().collect();
    let text: String = used.iter().flat_map(|(hanja, r)| [*hanja, r.initial, r.inner]).collect();
    hash(&[&text])
}

/// The first 8 bytes of SHA-256 over `texts` and their lengths, hexadecimal.
fn hash(texts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for text in texts {
        sha.update((text.len() as u64).to_le_bytes());
        sha.update(text.as_bytes());
    }
    sha.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_lexicons_are_sound() {
        let lexicon = Lexicon::load(None).unwrap();
        assert_eq!(lexicon.warnings, [], "every line of the shipped files is understood");
        assert!(lexicon.words.len() >= 100);
        assert!(lexicon.readings.len() >= 400);
        assert!(lexicon.outlets.len() >= 100);
        let groups: Vec<&str> = lexicon.outlet_groups.names().collect();
        assert_eq!(groups, ["종합지", "경제지", "방송", "통신", "지역", "전문지", "인터넷"]);
    }

    #[test]
    fn comments_are_cut_only_at_white_space() {
        let found: Vec<_> = lines("# a\nC#, 시샵 # 언어\n\n가 = 나").collect();
        assert_eq!(found, [(2, "C#, 시샵"), (4, "가 = 나")]);
    }

    #[test]
    fn a_folder_overrides_only_the_files_it_has() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("synonyms.txt"), "가나다, 라마바\n잘못된 줄\n").unwrap();
        let lexicon = Lexicon::load(Some(dir.path())).unwrap();
        assert_eq!(lexicon.warnings.len(), 1);
        assert_eq!((lexicon.warnings[0].file.as_str(), lexicon.warnings[0].line), ("synonyms.txt", 2));
        assert_eq!(lexicon.index_hash, Lexicon::load(None).unwrap().index_hash);
        assert_ne!(lexicon.hash, Lexicon::load(None).unwrap().hash);
    }

    #[test]
    fn only_what_an_index_depends_on_is_in_its_hash() {
        let dir = tempfile::tempdir().unwrap();
        let index_hash = |file: &str, text: &str| {
            std::fs::write(dir.path().join(file), text).unwrap();
            Lexicon::load(Some(dir.path())).unwrap().index_hash
        };
        let plain = index_hash("hanja.txt", "美 | 미 | 미국\n");
        assert_eq!(index_hash("hanja.txt", "# 나라\n美 | 미 | 미국, 미합중국\n"), plain, "words of queries");
        assert_ne!(index_hash("hanja.txt", "美 | 미 | 미국\n[읽기]\n李 | 이/리\n"), plain, "readings");
        index_hash("hanja.txt", "美 | 미 | 미국\n");
        assert_ne!(index_hash("words.txt", "한빛돌 person\n"), plain);
    }

    #[test]
    fn a_file_saved_as_cp949_is_read_and_reported() {
        let dir = tempfile::tempdir().unwrap();
        // 가나, 다라 in CP949, after a line of ASCII.
        let bytes = b"# x\n\xb0\xa1\xb3\xaa, \xb4\xd9\xb6\xf3\n";
        std::fs::write(dir.path().join("synonyms.txt"), bytes).unwrap();
        let lexicon = Lexicon::load(Some(dir.path())).unwrap();
        assert_eq!(&*lexicon.variants.of("가나")[0].text, "다라");
        assert_eq!(lexicon.warnings.len(), 1);
        assert_eq!((lexicon.warnings[0].file.as_str(), lexicon.warnings[0].line), ("synonyms.txt", 2));
    }
}
