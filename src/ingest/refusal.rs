//! Why a record, a line or a file did not become an article.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

/// Why the articles folder or a file as a whole cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The articles folder cannot be listed.
    #[error("cannot read the articles folder {path}: {source} (check data_dir in config.toml)", path = path.display())]
    Folder {
        /// The folder, as it is configured.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
}

/// The closed list of reasons for a refusal, in `snake_case` wherever it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The bytes are neither UTF-8 nor UTF-16 nor CP949, or broken in the encoding of the file.
    BadEncoding,
    /// The line is not one JSON object.
    BadJson,
    /// A known field holds a value of the wrong type; the detail names it.
    BadField,
    /// The id is longer than 200 characters, contains control characters, or was rounded.
    BadId,
    /// A row of a table that does not fit its header, or a quote that is not closed.
    BadRow,
    /// XML that is broken here.
    BadXml,
    /// A table without a line that names its columns.
    NoHeader,
    /// A rule of `[[ingest]]` names a key that no record of the file has, or it cannot be read.
    MissingPath,
    /// Neither title nor body holds text after cleaning.
    EmptyArticle,
    /// A line, a page, a table or a file above the size limit.
    TooLarge,
    /// The file is damaged here: the records before this place were read, the rest of the file is lost.
    Damaged,
    /// A file of a format that is not read; the detail says how to convert it.
    UnknownFormat,
    /// A symbolic link that leads out of the articles folder, or nowhere.
    OutsideFolder,
    /// The operating system does not let the file be read.
    Unreadable,
}

impl RefusalCode {
    /// All reasons.
    pub const ALL: [Self; 14] = [
        Self::BadEncoding,
        Self::BadJson,
        Self::BadField,
        Self::BadId,
        Self::BadRow,
        Self::BadXml,
        Self::NoHeader,
        Self::MissingPath,
        Self::EmptyArticle,
        Self::TooLarge,
        Self::Damaged,
        Self::UnknownFormat,
        Self::OutsideFolder,
        Self::Unreadable,
    ];

    /// The code as it is written in reports: `bad_json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadEncoding => "bad_encoding",
            Self::BadJson => "bad_json",
            Self::BadField => "bad_field",
            Self::BadId => "bad_id",
            Self::BadRow => "bad_row",
            Self::BadXml => "bad_xml",
            Self::NoHeader => "no_header",
            Self::MissingPath => "missing_path",
            Self::EmptyArticle => "empty_article",
            Self::TooLarge => "too_large",
            Self::Damaged => "damaged",
            Self::UnknownFormat => "unknown_format",
            Self::OutsideFolder => "outside_folder",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Why one record is not an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}: {detail}", code.as_str())]
pub struct Refusal {
    /// The reason as a code, for programs.
    pub code: RefusalCode,
    /// The reason in English, with advice, for people.
    pub detail: String,
}

impl Refusal {
    pub(crate) fn new(code: RefusalCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Refuses an article without text: no search could find it.
pub(super) fn require_text(title: &str, body: &str) -> Result<(), Refusal> {
    if title.is_empty() && body.is_empty() {
        let detail = "neither `title` nor `body` holds text after cleaning";
        return Err(Refusal::new(RefusalCode::EmptyArticle, detail));
    }
    Ok(())
}

/// A [`Refusal`] with the place of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRecord {
    /// Relative to the articles folder. Written as text: bytes that are not UTF-8 (a name in CP949, out of an archive from
    /// Windows) become `\u{FFFD}`, because a report that cannot be written would hide all the others.
    #[serde(serialize_with = "as_text")]
    pub file: PathBuf,
    /// Counted from 1; none where the whole file is refused.
    pub line: Option<u64>,
    /// Why the record is refused.
    #[serde(flatten)]
    pub refusal: Refusal,
}

fn as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_name_that_is_not_utf8_can_be_written_in_a_report() {
        use std::os::unix::ffi::OsStrExt as _;
        let file = Path::new(std::ffi::OsStr::from_bytes(b"\xb1\xe2\xbb\xe7.jsonl")).to_owned();
        let refusal = Refusal::new(RefusalCode::Damaged, "cut off");
        let json = serde_json::to_value(RefusedRecord { file, line: Some(1), refusal }).unwrap();
        let written = json.get("file").and_then(serde_json::Value::as_str).unwrap();
        assert!(written.ends_with(".jsonl") && written.starts_with('\u{FFFD}'), "{json}");
        serde_json::from_value::<RefusedRecord>(json).unwrap();
    }
}
