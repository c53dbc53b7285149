//! One entry as one line, verifiable by itself:
//!
//! ```text
//! {"crc":"9a3f01bc","seq":17,"at":"2026-11-25T17:00:00+09:00","id":"가람-1","put":{…the article as received…}}
//! {"crc":"5d1c9e02","seq":18,"at":"2026-11-25T17:00:02+09:00","id":"가람-1","delete":true}
//! ```
//!
//! A deletion of [`ArticleId::of_files`] deletes nothing: the numbers from the one before it to its own were given to articles that came
//! from files, so that no push gets them.
//!
//! `crc` comes first, in eight lower-case hexadecimal digits: the CRC-32 of all bytes after `"crc":"…",` up to the line
//! break. So a line is plain JSON for every other tool, and no byte of it can change unnoticed.

use std::io::Write as _;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::value::RawValue;

use super::JournalError;
use crate::article::{ArticleId, Timestamp};
use crate::ingest::MAX_RECORD_BYTES;

/// The longest line, in bytes without its line break: the largest record, and room for the other fields.
pub const MAX_LINE_BYTES: usize = MAX_RECORD_BYTES + 4096;

/// The beginning of every line.
pub(super) const MARK: &[u8] = b"{\"crc\":\"";
/// Where the checksum ends, and where the bytes that it covers begin.
const CRC_END: usize = MARK.len() + 8;
const COVERED: usize = CRC_END + 2;

/// What happens to an article.
#[derive(Debug, Clone)]
pub enum Change {
    /// It is pushed, and replaces an article with the same id.
    Put {
        /// The article as it was received: one JSON object, not yet cleaned.
        json: Box<RawValue>,
    },
    /// It is deleted. The entry is kept for ever, because it also hides the article if a file contains it.
    Delete,
}

impl NewEntry {
    /// Says that the numbers up to its own were given to articles of files.
    pub(super) fn of_files() -> Self {
        Self { id: ArticleId::of_files(), change: Change::Delete }
    }
}

impl PartialEq for Change {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Put { json }, Self::Put { json: other }) => json.get() == other.get(),
            (Self::Delete, Self::Delete) => true,
            _ => false,
        }
    }
}

impl Eq for Change {}

/// One change, as it is in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number: from 1, rising, never given twice. Numbers may be missing.
    pub sequence: u64,
    /// When it was appended.
    pub at: Timestamp,
    /// The article.
    pub id: ArticleId,
    /// What happens to it.
    pub change: Change,
}

/// A change to be appended; only then does it get its number and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The article.
    pub id: ArticleId,
    /// What happens to it.
    pub change: Change,
}

#[derive(Deserialize)]
struct Line<'a> {
    seq: u64,
    at: Timestamp,
    #[serde(deserialize_with = "id_in_journal")]
    id: ArticleId,
    #[serde(borrow, default)]
    put: Option<&'a RawValue>,
    #[serde(default)]
    delete: bool,
}

fn id_in_journal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ArticleId, D::Error> {
    let id = String::deserialize(deserializer)?;
    let of_files = ArticleId::of_files();
    if id == of_files.as_str() { Ok(of_files) } else { ArticleId::new(&id).map_err(D::Error::custom) }
}

/// Appends the line of `entry`, with its line break, to `out`.
///
/// # Errors
/// [`JournalError::TooLarge`]; `out` is as it was.
pub(super) fn encode(
    entry: &NewEntry,
    sequence: u64,
    at: Timestamp,
    out: &mut Vec<u8>,
) -> Result<(), JournalError> {
    let start = out.len();
    out.extend_from_slice(MARK);
    out.extend_from_slice(b"00000000\",");
    // Writing to memory does not fail, and neither does writing a string as JSON.
    let _ = write!(out, "\"seq\":{sequence},\"at\":\"{at}\",\"id\":");
    let _ = serde_json::to_writer(&mut *out, entry.id.as_str());
    match &entry.change {
        Change::Put { json } => {
            out.extend_from_slice(b",\"put\":");
            // In JSON a line break can only be white space between tokens: in strings it is escaped.
            out.extend(
                json.get().bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }),
            );
            out.push(b'}');
        }
        Change::Delete => out.extend_from_slice(b",\"delete\":true}"),
    }
    let bytes = out.len() - start;
    if bytes > MAX_LINE_BYTES {
        out.truncate(start);
        return Err(JournalError::TooLarge { id: entry.id.clone(), bytes, limit: MAX_LINE_BYTES });
    }
    let crc = crc32fast::hash(out.get(start + COVERED..).unwrap_or_default());
    if let Some(place) = out.get_mut(start + MARK.len()..start + CRC_END) {
        place.copy_from_slice(format!("{crc:08x}").as_bytes());
    }
    out.push(b'\n');
    Ok(())
}

/// Reads a line, given without its line break. `None` unless every byte is as it was written.
pub(super) fn decode(line: &[u8]) -> Option<Entry> {
    let digits = line.strip_prefix(MARK)?.get(..8)?;
    let covered = line.get(CRC_END..)?.strip_prefix(b"\",")?;
    if digits != format!("{:08x}", crc32fast::hash(covered)).as_bytes() {
        return None;
    }
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    let change = match (line.put, line.delete) {
        (Some(json), false) => Change::Put { json: json.to_owned() },
        (None, true) => Change::Delete,
        _ => return None,
    };
    Some(Entry { sequence: line.seq, at: line.at, id: line.id, change })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn put(id: &str, json: &str) -> NewEntry {
        let json = RawValue::from_string(json.to_owned()).unwrap();
        NewEntry { id: ArticleId::new(id).unwrap(), change: Change::Put { json } }
    }

    fn line(entry: &NewEntry) -> Vec<u8> {
        let mut out = Vec::new();
        encode(entry, 17, Timestamp::from_seconds(1_764_057_600), &mut out).unwrap();
        out
    }

    #[test]
    fn a_line_is_json_and_reads_back() {
        let json = "{\"title\": \"비 그친 뒤\",\r\n \"no\": 1.50, \"body\": \"첫 줄\\n둘째 줄\"}";
        let entry = put("가람-\"1\"", json);
        let bytes = line(&entry);
        let text = std::str::from_utf8(&bytes).unwrap().strip_suffix('\n').unwrap();
        assert!(!text.contains(['\n', '\r']));
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(value["id"], "가람-\"1\"");
        assert_eq!(value["at"], "2025-11-25T17:00:00+09:00");
        let read = decode(text.as_bytes()).unwrap();
        assert_eq!((read.sequence, &read.id), (17, &entry.id));
        // As it was received, except for the line break between two tokens.
        assert_eq!(read.change, put("x", &json.replace("\r\n", "  ")).change);

        let delete = NewEntry { id: entry.id, change: Change::Delete };
        let bytes = line(&delete);
        assert_eq!(decode(bytes.strip_suffix(b"\n").unwrap()).unwrap().change, Change::Delete);
    }

    #[test]
    fn no_byte_changes_unnoticed() {
        let bytes = line(&put("가람-1", r#"{"title":"제목"}"#));
        let bytes = bytes.strip_suffix(b"\n").unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.to_vec();
                changed[at] ^= 1 << bit;
                assert_eq!(decode(&changed), None, "bit {bit} of byte {at}");
            }
            assert_eq!(decode(&bytes[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn an_entry_that_is_too_long_is_refused_and_leaves_nothing() {
        let mut out = b"before".to_vec();
        let entry = put("x", &format!("\"{}\"", "a".repeat(MAX_LINE_BYTES)));
        let error = encode(&entry, 1, Timestamp::from_seconds(0), &mut out).unwrap_err();
        assert!(matches!(error, JournalError::TooLarge { .. }));
        assert_eq!(out, b"before");
    }
}
