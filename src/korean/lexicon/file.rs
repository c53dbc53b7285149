//! Reads one lexicon file: its text, the lines that hold something, and the warnings about them.

use std::path::{Path, PathBuf};

use serde::Serialize;

/// A line of a lexicon that was left out or looks wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Warning {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// Why the lexicons cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// A file could not be read.
    #[error("cannot read the lexicon {path}: {source}")]
    Io {
        /// The file that could not be read.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// The user words could not be compiled.
    #[error("cannot compile words.txt: {0}")]
    Words(String),
}

/// Collects warnings for one file after another.
#[derive(Default)]
pub(super) struct Warnings {
    file: &'static str,
    pub(super) list: Vec<Warning>,
}

impl Warnings {
    /// The warnings, with those to come about `file`.
    pub(super) fn about(&mut self, file: &'static str) -> &mut Self {
        self.file = file;
        self
    }

    pub(super) fn add(&mut self, line: usize, message: impl Into<String>) {
        self.list.push(Warning { file: self.file.to_owned(), line, message: message.into() });
    }
}

/// The text of the lexicon file `name` in `dir`; the built-in text where there is no folder or no such file.
pub(super) fn read(
    dir: Option<&Path>,
    (name, built_in): (&'static str, &str),
    warnings: &mut Warnings,
) -> Result<String, LexiconError> {
    let Some(path) = dir.map(|dir| dir.join(name)) else { return Ok(built_in.to_owned()) };
    match std::fs::read(&path) {
        Ok(bytes) => Ok(decoded(&bytes, warnings.about(name))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(built_in.to_owned()),
        Err(source) => Err(LexiconError::Io { path, source }),
    }
}

/// The text of a file. One that an editor saved as CP949 is read as such, with a warning.
fn decoded(bytes: &[u8], warnings: &mut Warnings) -> String {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return text.to_owned(),
        Err(error) => error,
    };
    let sound = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let line = 1 + sound.iter().filter(|byte| **byte == b'\n').count();
    match crate::ingest::decode(bytes) {
        Ok(text) => {
            warnings.add(line, "the file is not UTF-8 and was read as CP949; save it as UTF-8");
            text.into_owned()
        }
        Err(refusal) => {
            warnings.add(line, format!("words from this line on may be lost: {}", refusal.detail));
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

/// The lines of a lexicon that hold more than a comment, numbered from 1, without their comments (`#` at the beginning of
/// a line or after white space).
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let line = line.trim_start_matches('\u{FEFF}');
        let mut end = line.len();
        let mut after_space = true;
        for (at, ch) in line.char_indices() {
            if ch == '#' && after_space {
                end = at;
                break;
            }
            after_space = ch.is_whitespace();
        }
        let content = line.get(..end).unwrap_or_default().trim();
        (!content.is_empty()).then_some((index + 1, content))
    })
}
