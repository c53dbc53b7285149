//! What a newsroom says of files whose keys nobody could guess: the rules of `[[ingest]]` in `config.toml`, and those that `gisa import`
//! keeps beside a file.
//!
//! A rule says where the articles are (`records`), what the columns of a table without names are (`columns`), which key feeds which field,
//! what is passed over (`skip`), and what the file does not say itself (`outlet_default`, `encoding`). What it does not say is found as
//! without a rule. A key that no record of the file has is reported: a rule that silently does nothing would lose what it was written for.

mod applied;
mod path;
mod spec;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::Encoding;
use glob::{MatchOptions, Pattern};

pub(super) use applied::SeenPaths;
pub(super) use path::FieldPath;
pub use spec::{OneOrMore, RuleError, RuleSpec};

use super::names::Field;

/// What is said of some files. Made by [`RuleSpec::resolve`].
#[derive(Debug, Clone)]
pub struct IngestRule {
    /// Where the list of articles is in a JSON file.
    pub(super) records: Option<FieldPath>,
    /// The columns of a table.
    pub(super) columns: Option<Columns>,
    /// Values of a key whose records are passed over.
    skip: Vec<(FieldPath, Vec<String>)>,
    /// The outlet of articles that name none.
    pub(super) outlet_default: Option<String>,
    /// The encoding of the text, where no byte order mark says otherwise.
    pub(super) encoding: Option<&'static Encoding>,
    /// For a field the keys that feed it, in the order in which they count.
    fields: Vec<(Field, Vec<FieldPath>)>,
    /// What was written: two rules are the same if this is.
    written: RuleSpec,
}

impl IngestRule {
    /// What the rule was made from.
    #[must_use]
    pub fn spec(&self) -> &RuleSpec {
        &self.written
    }

    /// A number that changes with what the rule says: a file is read again when it does. Never 0.
    #[must_use]
    pub(super) fn number(&self) -> u64 {
        use sha2::{Digest, Sha256};
        // The pattern is left out: which files it is for does not change how this one is read.
        let said = RuleSpec { files: String::new(), ..self.written.clone() };
        let text = toml::to_string(&said).unwrap_or_default();
        Sha256::digest(text).iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)) | 1
    }

    /// The keys that feed the id.
    pub(super) fn names_of_ids(&self) -> impl Iterator<Item = &str> {
        let of_id = self.fields.iter().filter(|(field, _)| *field == Field::Id);
        of_id.flat_map(|(_, paths)| paths.iter().map(FieldPath::as_str))
    }

    /// The field for which it gives `key` as the name.
    pub(super) fn field_named(&self, key: &str) -> Option<Field> {
        let given = |paths: &[FieldPath]| paths.iter().any(|path| path.as_str() == key.trim());
        self.fields.iter().find(|(_, paths)| given(paths)).map(|(field, _)| *field)
    }

    /// Whether it names a title or a story itself, so that they are not looked for elsewhere.
    pub(super) fn names_the_text(&self) -> bool {
        self.fields.iter().any(|(field, _)| matches!(field, Field::Title | Field::Body))
    }
}

/// The columns of a table, named by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// The names; `None` for a column that is left out.
    pub(super) names: Vec<Option<String>>,
    /// Whether the first row holds names, which these replace.
    pub(super) header: bool,
}

/// The rules of a newsroom, in the order in which they count: of several that fit a file the first one does.
#[derive(Debug, Clone, Default)]
pub struct IngestRules {
    rules: Arc<Vec<(Pattern, Arc<IngestRule>)>>,
}

/// The rule that belongs to one file is kept beside it, under its name with this after it: `news.csv.ingest.toml`.
const BESIDE: &str = ".ingest.toml";

/// `*` stays within a folder, `**` goes through all.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

impl IngestRules {
    /// The rules that `specs` say.
    ///
    /// # Errors
    /// [`RuleError`] names the key, and says what to write.
    pub fn resolve(specs: &[RuleSpec]) -> Result<Self, RuleError> {
        let rule = |spec: &RuleSpec| {
            if spec.files.is_empty() {
                let reason = "says which files are meant; write a pattern such as \"naver/*.csv\"";
                return Err(RuleError::new("files", reason));
            }
            let pattern = Pattern::new(&spec.files).map_err(|error| {
                RuleError::new("files", format!("{:?} is not a pattern of files: {error}", spec.files))
            })?;
            Ok((pattern, Arc::new(spec.resolve()?)))
        };
        Ok(Self { rules: Arc::new(specs.iter().map(rule).collect::<Result<_, _>>()?) })
    }

    /// The rule for the file at `path`, relative to the articles folder, which lies at `full_path`: the one that was kept beside it, or
    /// else the first that fits.
    ///
    /// # Errors
    /// [`RuleError`] if the rule beside the file cannot be read.
    pub fn of(&self, path: &Path, full_path: &Path) -> Result<Option<Arc<IngestRule>>, RuleError> {
        let beside = Self::beside(full_path);
        // By its name alone: where the folder lies is not for everybody who reads a report.
        let name = beside.file_name().unwrap_or_default().to_string_lossy();
        match fs::read_to_string(&beside) {
            Ok(text) => {
                let spec: RuleSpec = toml::from_str(&text).map_err(|error| {
                    RuleError::new("", format!("{name} is not valid: {}", error.message()))
                })?;
                return spec.resolve().map(|rule| Some(Arc::new(rule)));
            }
            // Beside a file with a name as long as a name may be, none can be kept.
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::InvalidFilename
                ) => {}
            Err(error) => {
                return Err(RuleError::new("", format!("cannot read {name}: {error}")));
            }
        }
        Ok(self
            .rules
            .iter()
            .find(|(pattern, _)| pattern.matches_path_with(path, MATCHING))
            .map(|(_, rule)| Arc::clone(rule)))
    }

    /// Where the rule of the one file at `path` is kept.
    #[must_use]
    pub fn beside(path: &Path) -> PathBuf {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(BESIDE);
        path.with_file_name(name)
    }

    /// Whether a file at `path` is such a rule.
    pub(super) fn is_beside(path: &Path) -> bool {
        path.as_os_str().as_encoded_bytes().ends_with(BESIDE.as_bytes())
    }

    /// The patterns that fit none of `paths`: perhaps misspelt.
    pub fn without_files<'a>(&self, paths: impl Iterator<Item = &'a Path> + Clone) -> Vec<String> {
        let fits = |pattern: &Pattern| paths.clone().any(|path| pattern.matches_path_with(path, MATCHING));
        self.rules
            .iter()
            .filter(|(pattern, _)| !fits(pattern))
            .map(|(pattern, _)| pattern.as_str().to_owned())
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn rules(text: &str) -> IngestRules {
        #[derive(serde::Deserialize)]
        struct File {
            ingest: Vec<RuleSpec>,
        }
        IngestRules::resolve(&toml::from_str::<File>(text).unwrap().ingest).unwrap()
    }

    #[test]
    fn the_first_rule_that_fits_counts() {
        let folder = tempfile::tempdir().unwrap();
        let rules = rules(
            "[[ingest]]\nfiles = \"naver/*.csv\"\noutlet_default = \"가\"\n\
             [[ingest]]\nfiles = \"naver/**\"\noutlet_default = \"나\"\n",
        );
        let outlet = |path: &str| {
            let rule = rules.of(Path::new(path), &folder.path().join(path)).unwrap();
            rule.map(|rule| rule.spec().outlet_default.clone())
        };
        assert_eq!(outlet("naver/a.csv").as_deref(), Some("가"));
        assert_eq!(outlet("naver/2024/a.csv").as_deref(), Some("나"));
        assert_eq!(outlet("a.csv"), None);
        let paths = [Path::new("naver/2024/a.csv")];
        assert_eq!(rules.without_files(paths.into_iter()), ["naver/*.csv"]);
    }

    #[test]
    fn a_rule_beside_its_file_counts_before_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(folder.path().join("a.csv.ingest.toml"), "outlet_default = \"다\"\n").unwrap();
        let rules = rules("[[ingest]]\nfiles = \"*.csv\"\noutlet_default = \"가\"\n");
        let of = |rules: &IngestRules| rules.of(Path::new("a.csv"), &path);
        assert_eq!(of(&rules).unwrap().unwrap().spec().outlet_default, "다");
        fs::write(IngestRules::beside(&path), "outlet = [1]").unwrap();
        let error = of(&rules).unwrap_err().to_string();
        assert!(error.contains("a.csv.ingest.toml"), "{error}");
    }
}
