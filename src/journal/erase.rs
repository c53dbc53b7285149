//! Erasing: what was pushed of an article goes out of every file of the journal; that it was deleted stays.
//!
//! Each put of the article becomes a deletion with the same number and time, so that no number is missing and files of articles that
//! still hold it stay hidden. A file is written anew beside the old one and replaces it by one rename, as in a compaction. The journal must
//! not be open: a writer would go on in the file that was replaced.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::files::{JournalFile, list, unfinished_path};
use super::record::encode;
use super::recover::{Scanned, clear_leftovers, scan};
use super::{Change, Entry, JournalError, NewEntry, disk};
use crate::article::ArticleId;
use crate::faults::FaultPoint;

/// Bytes of lines collected before they are written.
const CHUNK_BYTES: usize = 1 << 20;

/// What erasing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Entries of which the article was erased.
    pub entries: u64,
    /// Files of damaged bytes that were set aside earlier; they may hold the article, and nothing can tell.
    pub set_aside: Vec<PathBuf>,
}

/// Erases the articles `ids` from the journal in `dir`. Durable when this returns; doing it again changes nothing.
///
/// # Errors
/// [`JournalError`]; each file is as it was, or as it should be.
pub fn erase(dir: &Path, ids: &BTreeSet<ArticleId>) -> Result<Erased, JournalError> {
    clear_leftovers(dir)?;
    let mut erased = Erased::default();
    for file in list(dir)?.files {
        let mut puts = 0;
        let scanned = each(&file, |entry, _| {
            puts += u64::from(is_put_of(entry, ids));
            Ok(())
        })?;
        if puts > 0 {
            for damage in scanned.damage(&file).iter().filter(|damage| damage.length > 0) {
                disk::set_aside(&file.path, file.first, damage.offset, damage.length)?;
            }
            rewrite(dir, &file, ids)?;
            erased.entries += puts;
        }
    }
    let damaged = dir.join(disk::DAMAGED);
    let names = match disk::names(&damaged) {
        Err(error) if error.is_not_found() => Vec::new(),
        names => names?,
    };
    erased.set_aside = names.into_iter().map(|name| damaged.join(name)).collect();
    erased.set_aside.sort();
    Ok(erased)
}

fn is_put_of(entry: &Entry, ids: &BTreeSet<ArticleId>) -> bool {
    matches!(entry.change, Change::Put { .. }) && ids.contains(&entry.id)
}

fn each(
    file: &JournalFile,
    mut each: impl FnMut(&Entry, &[u8]) -> Result<(), JournalError>,
) -> Result<Scanned, JournalError> {
    let range = file.first..=file.last.unwrap_or(u64::MAX);
    scan(file, range, |entry, line| each(&entry, line))
}

fn rewrite(dir: &Path, file: &JournalFile, ids: &BTreeSet<ArticleId>) -> Result<(), JournalError> {
    let path = unfinished_path(&file.path);
    let new = disk::create_unfinished(&path)?;
    let mut lines = Vec::new();
    each(file, |entry, line| {
        if is_put_of(entry, ids) {
            let deletion = NewEntry { id: entry.id.clone(), change: Change::Delete };
            encode(&deletion, entry.sequence, entry.at, &mut lines)?;
        } else {
            lines.extend_from_slice(line);
            lines.push(b'\n');
        }
        if lines.len() >= CHUNK_BYTES {
            disk::write_unfinished(&new, &path, &lines)?;
            lines.clear();
        }
        Ok(())
    })?;
    disk::write_unfinished(&new, &path, &lines)?;
    disk::sync_unfinished(&new, &path)?;
    disk::rename(FaultPoint::JournalCompactRename, &path, &file.path)?;
    disk::sync_folder(dir)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::journal::{Journal, JournalOptions, compact, read};

    fn id(id: &str) -> ArticleId {
        ArticleId::new(id).unwrap()
    }

    #[test]
    fn nothing_of_the_article_is_left_and_no_number_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        let options = JournalOptions { roll_bytes: 400, known_sequence: 0 };
        let (mut journal, _) = Journal::open(dir, options.clone()).unwrap();
        for number in 0..20 {
            let own = if number % 3 == 0 { "지울것" } else { "남을것" };
            let json = RawValue::from_string(format!("{{\"title\":\"{own} {number}차 보도\"}}")).unwrap();
            journal.append(&[NewEntry { id: id(own), change: Change::Put { json } }]).unwrap();
            journal.sync().unwrap();
        }
        drop(journal);
        let text = || -> String {
            let files = list(dir).unwrap().files;
            files.iter().map(|file| std::fs::read_to_string(&file.path).unwrap()).collect()
        };
        assert!(text().contains("지울것 18차") && list(dir).unwrap().files.len() > 2);
        let ids = BTreeSet::from([id("지울것")]);
        assert_eq!(erase(dir, &ids).unwrap(), Erased { entries: 7, set_aside: Vec::new() });
        assert_eq!(erase(dir, &ids).unwrap().entries, 0);
        assert!(!text().contains("지울것 ") && text().contains("남을것 19차"));
        let (_, recovery) = Journal::open(dir, options).unwrap();
        assert!(recovery.is_sound() && recovery.torn.is_none(), "{recovery:?}");
        assert_eq!(recovery.last_sequence, 20);
        let entries: Vec<Entry> = read(dir, 0, 20).map(|entry| entry.unwrap()).collect();
        assert_eq!(entries.len(), 20);
        assert!(entries.iter().all(|entry| (entry.change == Change::Delete) == (entry.id == id("지울것"))));
        compact(dir, u64::MAX, || true).unwrap();
        assert!(read(dir, 0, 20).any(|entry| entry.unwrap().change == Change::Delete));
    }
}
