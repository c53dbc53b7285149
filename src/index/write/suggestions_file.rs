//! The entries of suggestions as a sealed file, compressed (Zstandard).
//!
//! A line with the moment that [`Entry::recent`] is as of, in seconds since 1970, then one line an entry with tabs between
//! kind (`t` text, `r` reporter), articles, recent, text, and how it is said where that differs. Sorted by text, so that the
//! same entries make the same file.

use std::path::Path;

use crate::article::Timestamp;
use crate::index::error::IndexError;
use crate::index::sealed;
use crate::suggest::Suggestions;
use crate::suggest::table::{Entry, EntryKind};

/// The file's name within a generation.
pub const NAME: &str = "suggestions.zst";

/// Writes `entries` into the generation at `folder`, and returns the file's size in bytes; durable when this returns.
///
/// # Errors
/// [`IndexError::Io`] if the file cannot be written.
pub fn write(folder: &Path, mut entries: Vec<Entry>, reference: Timestamp) -> Result<u64, IndexError> {
    entries.sort_unstable_by(|a, b| (&a.text, a.kind).cmp(&(&b.text, b.kind)));
    let mut lines = format!("{}\n", reference.seconds());
    for entry in &entries {
        let kind = match entry.kind {
            EntryKind::Text => 't',
            EntryKind::Reporter => 'r',
        };
        let Entry { text, spoken, articles, recent, .. } = entry;
        lines.push_str(&format!("{kind}\t{articles}\t{recent:.3}\t{text}"));
        if let Some(spoken) = spoken {
            lines.push('\t');
            lines.push_str(spoken);
        }
        lines.push('\n');
    }
    sealed::write_compressed(folder, NAME, lines.as_bytes(), crate::faults::FaultPoint::WriteSuggestions)
}

/// Reads what [`write()`] wrote.
///
/// # Errors
/// [`IndexError::Damaged`] where the file is missing or has changed.
pub fn read(folder: &Path) -> Result<Suggestions, IndexError> {
    let damaged = |what: &str| sealed::damaged(folder, NAME, what);
    let lines = sealed::read_compressed(folder, NAME)?;
    let (reference, lines) = lines.split_once('\n').ok_or_else(|| damaged("it is cut off"))?;
    let reference = reference.parse().map_err(|_| damaged("it does not say as of when it is"))?;
    let entries =
        lines.lines().map(|line| entry(line).ok_or_else(|| damaged("a line of it is not an entry")));
    Ok(Suggestions::of(entries.collect::<Result<_, _>>()?, Timestamp::from_seconds(reference)))
}

/// Compares the file with its checksum.
///
/// # Errors
/// [`IndexError::Damaged`] where it is missing or has changed.
pub fn verify(folder: &Path) -> Result<(), IndexError> {
    sealed::read_compressed(folder, NAME).map(drop)
}

fn entry(line: &str) -> Option<Entry> {
    let mut columns = line.split('\t');
    let kind = match columns.next()? {
        "t" => EntryKind::Text,
        "r" => EntryKind::Reporter,
        _ => return None,
    };
    let articles = columns.next()?.parse().ok()?;
    let recent = columns.next()?.parse().ok().filter(|recent: &f32| recent.is_finite())?;
    let text = columns.next().filter(|text| !text.is_empty())?.into();
    let spoken = columns.next().map(Box::from);
    columns.next().is_none().then_some(Entry { text, spoken, kind, articles, recent })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_any_change_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path()), Err(IndexError::Damaged { .. })), "missing");
        let reference = Timestamp::from_seconds(1_700_000_000);
        write(folder.path(), Vec::new(), reference).unwrap();
        assert_eq!(read(folder.path()).unwrap().entries().count(), 0);

        let entry = |text: &str, spoken: Option<&str>, kind, articles| Entry {
            text: text.into(),
            spoken: spoken.map(Box::from),
            kind,
            articles,
            recent: 0.125,
        };
        let entries = vec![
            entry("기준금리 동결", None, EntryKind::Text, 3),
            entry("한서리", None, EntryKind::Reporter, 1),
            entry("한서리", None, EntryKind::Text, u32::MAX),
            entry("AI칩", Some("에이아이칩"), EntryKind::Text, 7),
        ];
        let bytes = write(folder.path(), entries.clone(), reference).unwrap();
        let mut read_back: Vec<Entry> = read(folder.path()).unwrap().entries().cloned().collect();
        read_back.sort_by(|a, b| (&a.text, a.kind).cmp(&(&b.text, b.kind)));
        let mut expected = entries;
        expected.sort_by(|a, b| (&a.text, a.kind).cmp(&(&b.text, b.kind)));
        assert_eq!(read_back, expected);

        let path = folder.path().join(NAME);
        let sound = std::fs::read(&path).unwrap();
        assert_eq!(sound.len() as u64, bytes);
        for at in [0, 64, 65, sound.len() / 2, sound.len() - 1] {
            let mut changed = sound.clone();
            changed[at] ^= 1;
            for damage in [changed, sound[..at].to_vec()] {
                std::fs::write(&path, damage).unwrap();
                assert!(matches!(read(folder.path()), Err(IndexError::Damaged { .. })), "byte {at}");
                assert!(matches!(verify(folder.path()), Err(IndexError::Damaged { .. })), "byte {at}");
            }
        }
    }
}
