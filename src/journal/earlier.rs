//! What articles said before a push replaced it: earlier texts, kept beside the journal.
//!
//! ```text
//! versions/3f/3f9a…c2.jsonl     one article, named after the hash of its id: a line for each earlier text, the newest first
//! ```
//!
//! A line has the journal's own form, checksum included: `put` is the earlier text as it was stored, `seq` and `at` are the number and the
//! time of the push that replaced it. Whoever applies the journal to an index knows both texts and records the earlier one before the
//! index forgets it. After a crash the same entries are applied again: a text that is there already is not recorded twice, so the two
//! never disagree. A file is replaced as a whole, by one rename, and readers need no lock.
//!
//! What is beyond the number or the size that is kept goes, the oldest first, and the last line says that it did: a `delete` with the number
//! and the time of the newest text that is gone. Without it the oldest text that is left would pass for the first one that was published.
//!
//! Only another title or another body makes a version: a crawler that sends everything again, with a new count of comments, has
//! corrected nothing.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest, Sha256};

use super::record::{decode, encode};
use super::{Change, JournalError, NewEntry, disk};
use crate::article::{Article, ArticleId, Timestamp};
use crate::faults::FaultPoint;

/// The folder of earlier texts, in the journal's folder.
pub const VERSIONS: &str = "versions";

/// Bytes that the earlier texts of one article take at most; the newest of them stays whatever its size.
const MOST_BYTES: usize = 4 << 20;

/// A text that a push replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct EarlierText {
    /// The number of the push that replaced it.
    pub sequence: u64,
    /// When that was.
    pub until: Timestamp,
    /// The article as it was until then.
    pub article: Article,
}

/// What is kept of the earlier texts of an article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// The newest first.
    pub texts: Vec<EarlierText>,
    /// Whether there were still earlier ones, which are gone. `None` where it is not known: files of before this was written down have
    /// as many texts as are kept where older ones went, and where none did.
    pub earlier_dropped: Option<bool>,
}

/// What a change of the journal does to earlier texts.
#[derive(Debug, Clone, PartialEq)]
pub enum Replaced {
    /// A push replaced this text.
    Text(Box<EarlierText>),
    /// The article was deleted by the entry of this number: what it said before is forgotten.
    Deleted(u64),
}

/// The store of earlier texts.
#[derive(Debug)]
pub struct EarlierTexts {
    dir: PathBuf,
    keep: usize,
    /// Two generations may follow the journal at the same time: the one in service, and the one that will replace it.
    writing: Mutex<()>,
}

/// A line of a file.
struct Line {
    bytes: Vec<u8>,
    text: EarlierText,
}

/// What a file holds.
#[derive(Default)]
struct Lines {
    /// The newest first.
    sound: Vec<Line>,
    /// The number and the time of the newest text that was dropped.
    dropped: Option<(u64, Timestamp)>,
    /// Where the damaged lines are: offset and length.
    damaged: Vec<(u64, u64)>,
}

impl EarlierTexts {
    /// The store beside the journal in `journal`. Of each article `keep` texts are kept; 0 keeps none.
    pub fn new(journal: &Path, keep: usize) -> Self {
        Self { dir: journal.join(VERSIONS), keep, writing: Mutex::default() }
    }

    /// Whether earlier texts are kept at all.
    pub fn is_on(&self) -> bool {
        self.keep > 0
    }

    /// Whether `later` has another text than `earlier`, as readers see it: another title or another body.
    pub fn differ(earlier: &Article, later: &Article) -> bool {
        earlier.title != later.title || earlier.body != later.body
    }

    /// Records what happened to each article, in order. Durable when this returns; recording the same again changes nothing.
    ///
    /// # Errors
    /// [`JournalError`] if the disk fails; each article's file is as it was, or as it should be.
    pub fn record(&self, changes: &BTreeMap<ArticleId, Vec<Replaced>>) -> Result<(), JournalError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        changes.iter().try_for_each(|(id, changes)| self.record_one(id, changes))
    }

    fn record_one(&self, id: &ArticleId, changes: &[Replaced]) -> Result<(), JournalError> {
        let path = self.path(id.as_str());
        let before = self.read(id.as_str())?;
        for (offset, length) in &before.damaged {
            disk::set_aside(&path, 0, *offset, *length)?;
        }
        let mut changed = !before.damaged.is_empty();
        let (mut lines, mut dropped) = (before.sound, before.dropped);
        for change in changes {
            match change {
                // What was replaced later belongs to the article that came after the deletion.
                Replaced::Deleted(sequence) => {
                    let count = lines.len();
                    lines.retain(|line| line.text.sequence > *sequence);
                    dropped = dropped.filter(|(newest, _)| newest > sequence);
                    changed |= lines.len() < count;
                }
                Replaced::Text(text) => {
                    let known = lines.iter().any(|line| line.text.sequence == text.sequence)
                        || dropped.is_some_and(|(newest, _)| text.sequence <= newest);
                    if !known && self.is_on() {
                        lines.extend(line(id, text)?);
                        lines.sort_by_key(|line| std::cmp::Reverse(line.text.sequence));
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            return Ok(());
        }
        dropped = self.trim(&mut lines).or(dropped);
        if lines.is_empty() { self.remove_file(&path) } else { write(&path, id, &lines, dropped) }
    }

    /// Drops the oldest texts beyond what is kept. Returns the number and the time of the newest of them.
    fn trim(&self, lines: &mut Vec<Line>) -> Option<(u64, Timestamp)> {
        let sizes = lines.iter().scan(0, |bytes, line| {
            *bytes += line.bytes.len();
            Some(*bytes)
        });
        let fitting = sizes.take_while(|bytes| *bytes <= MOST_BYTES).count();
        let gone = lines.split_off(fitting.min(self.keep).max(1).min(lines.len()));
        gone.first().map(|newest| (newest.text.sequence, newest.text.until))
    }

    /// The earlier texts of an article, and whether there were others before them; none if there is nothing to tell.
    ///
    /// # Errors
    /// [`JournalError`] if the disk fails. Damaged lines are left out and logged.
    pub fn of(&self, id: &str) -> Result<Kept, JournalError> {
        if !self.is_on() {
            return Ok(Kept { texts: Vec::new(), earlier_dropped: Some(false) });
        }
        let lines = self.read(id)?;
        if !lines.damaged.is_empty() {
            let path = self.path(id);
            tracing::error!(path = %path.display(), lines = lines.damaged.len(), "earlier texts of an article are damaged; they are left out");
        }
        let earlier_dropped = match lines.sound.len().cmp(&self.keep) {
            _ if lines.dropped.is_some() => Some(true),
            Ordering::Less => Some(false),
            Ordering::Equal => None,
            Ordering::Greater => Some(true),
        };
        let texts = lines.sound.into_iter().take(self.keep).map(|line| line.text).collect();
        Ok(Kept { texts, earlier_dropped })
    }

    /// Whether there may be earlier texts of any article. Where nothing was ever corrected, one look spares one for each article.
    pub fn may_hold_any(&self) -> bool {
        let missing = |error: std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
        self.is_on() && !self.dir.symlink_metadata().is_err_and(missing)
    }

    /// Whether there is a file of an article's earlier texts.
    pub fn holds(&self, id: &str) -> bool {
        self.path(id).exists()
    }

    /// Forgets what an article said earlier.
    ///
    /// # Errors
    /// [`JournalError`] if the disk fails.
    pub fn forget(&self, id: &str) -> Result<(), JournalError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.remove_file(&self.path(id))
    }

    fn remove_file(&self, path: &Path) -> Result<(), JournalError> {
        if !path.exists() {
            return Ok(());
        }
        disk::remove(FaultPoint::VersionRemove, path)?;
        disk::sync_folder(path.parent().unwrap_or(&self.dir))
    }

    /// The file of an article.
    fn path(&self, id: &str) -> PathBuf {
        let hash = Sha256::digest(id.as_bytes());
        let name: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        self.dir.join(name.get(..2).unwrap_or_default()).join(format!("{name}.jsonl"))
    }

    fn read(&self, id: &str) -> Result<Lines, JournalError> {
        let path = self.path(id);
        let bytes = match disk::read_whole(&path) {
            Err(error) if error.is_not_found() => return Ok(Lines::default()),
            bytes => bytes?,
        };
        let mut lines = Lines::default();
        let mut offset = 0;
        for bytes in bytes.split_inclusive(|byte| *byte == b'\n') {
            let length = bytes.len() as u64;
            match bytes.strip_suffix(b"\n").and_then(|bytes| told(id, bytes)) {
                Some(Told::Text(text)) => lines.sound.push(Line { bytes: bytes.to_owned(), text: *text }),
                Some(Told::Dropped(sequence, until)) => lines.dropped = Some((sequence, until)),
                None => lines.damaged.push((offset, length)),
            }
            offset += length;
        }
        Ok(lines)
    }
}

/// The line of an earlier text; none where it is too long to be kept, which is logged.
fn line(id: &ArticleId, text: &EarlierText) -> Result<Option<Line>, JournalError> {
    let json: Box<RawValue> = match to_raw_value(&text.article) {
        Ok(json) => json,
        Err(error) => {
            tracing::error!(%id, %error, "an earlier text cannot be written as JSON; it is not kept");
            return Ok(None);
        }
    };
    let entry = NewEntry { id: id.clone(), change: Change::Put { json } };
    let mut bytes = Vec::new();
    match encode(&entry, text.sequence, text.until, &mut bytes) {
        Ok(()) => Ok(Some(Line { bytes, text: text.clone() })),
        Err(error @ JournalError::TooLarge { .. }) => {
            tracing::error!(%id, %error, "an earlier text is too long; it is not kept");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// What a line says.
enum Told {
    Text(Box<EarlierText>),
    /// Texts up to this number are gone, the newest of them since this time.
    Dropped(u64, Timestamp),
}

/// What a line says; none where it is damaged, or not of the article `id`.
fn told(id: &str, line: &[u8]) -> Option<Told> {
    let entry = decode(line).filter(|entry| entry.id.as_str() == id)?;
    let Change::Put { json } = &entry.change else { return Some(Told::Dropped(entry.sequence, entry.at)) };
    let article = serde_json::from_str(json.get()).ok()?;
    Some(Told::Text(Box::new(EarlierText { sequence: entry.sequence, until: entry.at, article })))
}

/// Replaces a file by one rename.
fn write(
    path: &Path,
    id: &ArticleId,
    lines: &[Line],
    dropped: Option<(u64, Timestamp)>,
) -> Result<(), JournalError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    disk::create_folder(folder)?;
    let unfinished = path.with_extension("new");
    let mut bytes: Vec<u8> = lines.iter().flat_map(|line| line.bytes.iter().copied()).collect();
    if let Some((sequence, until)) = dropped {
        encode(&NewEntry { id: id.clone(), change: Change::Delete }, sequence, until, &mut bytes)?;
    }
    disk::write_version(&unfinished, &bytes)?;
    disk::rename(FaultPoint::VersionRename, &unfinished, path)?;
    disk::sync_folder(folder)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn id(id: &str) -> ArticleId {
        ArticleId::new(id).unwrap()
    }

    fn article(own: &str, body: &str) -> Article {
        serde_json::from_value(serde_json::json!({"id": own, "title": "다리 개통", "body": body})).unwrap()
    }

    fn replaced(own: &str, sequence: u64, body: &str) -> Replaced {
        let until = Timestamp::from_seconds(1_764_057_600 + sequence as i64);
        Replaced::Text(Box::new(EarlierText { sequence, until, article: article(own, body) }))
    }

    fn record(texts: &EarlierTexts, own: &str, changes: Vec<Replaced>) {
        texts.record(&BTreeMap::from([(id(own), changes)])).unwrap();
    }

    fn bodies(texts: &EarlierTexts, own: &str) -> Vec<String> {
        texts.of(own).unwrap().texts.into_iter().map(|text| text.article.body).collect()
    }

    #[test]
    fn the_newest_come_first_and_nothing_is_recorded_twice() {
        let folder = tempfile::tempdir().unwrap();
        let texts = EarlierTexts::new(folder.path(), 10);
        assert_eq!(bodies(&texts, "가람/1"), [""; 0]);
        record(&texts, "가람/1", vec![replaced("가람/1", 4, "처음"), replaced("가람/1", 7, "둘째")]);
        // The same entries are applied again after a crash, by an index that was cleaned otherwise perhaps.
        record(&texts, "가람/1", vec![replaced("가람/1", 4, "처음 "), replaced("가람/1", 7, "둘째")]);
        record(&texts, "가람/1", vec![replaced("가람/1", 9, "셋째")]);
        assert_eq!(bodies(&texts, "가람/1"), ["셋째", "둘째", "처음"]);
        let newest = &texts.of("가람/1").unwrap().texts[0];
        assert_eq!((newest.sequence, newest.until.seconds()), (9, 1_764_057_609));
        assert_eq!(bodies(&texts, "가람/2"), [""; 0]);
    }

    #[test]
    fn a_deletion_forgets_what_was_said_before_it_and_nothing_later() {
        let folder = tempfile::tempdir().unwrap();
        let texts = EarlierTexts::new(folder.path(), 10);
        record(&texts, "a", vec![replaced("a", 4, "처음"), Replaced::Deleted(5)]);
        assert_eq!(bodies(&texts, "a"), [""; 0]);
        record(&texts, "a", vec![replaced("a", 8, "다시")]);
        // An older index catches up, and meets the deletion again.
        record(&texts, "a", vec![replaced("a", 4, "처음"), Replaced::Deleted(5)]);
        assert_eq!(bodies(&texts, "a"), ["다시"]);
        record(&texts, "a", vec![Replaced::Deleted(9)]);
        assert_eq!(bodies(&texts, "a"), [""; 0]);
        let files = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
        let shard = std::fs::read_dir(folder.path().join(VERSIONS)).unwrap().next().unwrap().unwrap().path();
        assert_eq!(files(&shard), 0, "an empty file is removed");
        record(&texts, "a", vec![replaced("a", 11, "또")]);
        assert!(texts.holds("a"));
        texts.forget("a").unwrap();
        assert!(!texts.holds("a"));
        assert_eq!(bodies(&texts, "a"), [""; 0]);
    }

    #[test]
    fn so_many_are_kept_and_so_many_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let texts = EarlierTexts::new(folder.path(), 2);
        for sequence in 1..6 {
            record(&texts, "a", vec![replaced("a", sequence, &format!("{sequence}"))]);
        }
        assert_eq!(bodies(&texts, "a"), ["5", "4"]);
        let long = "가".repeat(MOST_BYTES / 3);
        record(&texts, "a", vec![replaced("a", 6, &long)]);
        assert_eq!(texts.of("a").unwrap().texts.len(), 1, "the newest stays whatever its size");
        let off = EarlierTexts::new(folder.path(), 0);
        record(&off, "b", vec![replaced("b", 1, "처음")]);
        assert!(off.of("a").unwrap().texts.is_empty() && bodies(&texts, "b").is_empty());
        // What was recorded before it was turned off goes with the article all the same.
        record(&off, "a", vec![Replaced::Deleted(9)]);
        assert!(texts.of("a").unwrap().texts.is_empty());
    }

    #[test]
    fn what_was_dropped_is_said_and_does_not_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let texts = EarlierTexts::new(folder.path(), 2);
        let dropped = || texts.of("a").unwrap().earlier_dropped;
        assert_eq!(dropped(), Some(false));
        record(&texts, "a", vec![replaced("a", 1, "처음")]);
        assert_eq!(dropped(), Some(false));
        record(&texts, "a", vec![replaced("a", 2, "둘째")]);
        assert_eq!(dropped(), None, "a file of before has as many where older ones are gone");
        record(&texts, "a", vec![replaced("a", 3, "셋째")]);
        assert_eq!(dropped(), Some(true));
        // With more room later, and by a replay after a crash.
        let roomy = EarlierTexts::new(folder.path(), 10);
        record(&roomy, "a", vec![replaced("a", 1, "처음"), replaced("a", 4, "넷째")]);
        assert_eq!(bodies(&roomy, "a"), ["넷째", "셋째", "둘째"]);
        assert_eq!(roomy.of("a").unwrap().earlier_dropped, Some(true));
        // With less room they are hidden.
        assert_eq!(EarlierTexts::new(folder.path(), 1).of("a").unwrap().earlier_dropped, Some(true));
        // An article that came after a deletion has a past of its own.
        record(&roomy, "a", vec![Replaced::Deleted(5), replaced("a", 7, "다시")]);
        assert_eq!(bodies(&roomy, "a"), ["다시"]);
        assert_eq!(roomy.of("a").unwrap().earlier_dropped, Some(false));
        // Beyond what all of them may take together, the same.
        let long = "가".repeat(MOST_BYTES / 3);
        record(&roomy, "a", vec![replaced("a", 8, &long)]);
        assert_eq!((bodies(&roomy, "a").len(), roomy.of("a").unwrap().earlier_dropped), (1, Some(true)));
    }

    #[test]
    fn damage_costs_one_text_and_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let texts = EarlierTexts::new(folder.path(), 10);
        record(
            &texts,
            "a",
            vec![replaced("a", 1, "처음"), replaced("a", 2, "둘째"), replaced("a", 3, "셋째")],
        );
        let path = texts.path("a");
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(bodies(&texts, "a"), ["셋째", "처음"]);
        record(&texts, "a", vec![replaced("a", 4, "넷째")]);
        assert_eq!(bodies(&texts, "a"), ["넷째", "셋째", "처음"]);
        assert_eq!(std::fs::read_dir(path.parent().unwrap().join(disk::DAMAGED)).unwrap().count(), 1);
    }

    #[test]
    fn only_title_and_body_make_a_version() {
        let one = article("a", "처음");
        let mut other = one.clone();
        other.extra.insert("comments".to_owned(), 3.into());
        other.section = Some("사회".to_owned());
        assert!(!EarlierTexts::differ(&one, &other));
        other.body.push('!');
        assert!(EarlierTexts::differ(&one, &other));
    }
}
