//! The book of files as a sealed file, compressed (Zstandard).
//!
//! In this order, numbers little-endian: the mark, the journal's sequence (8 bytes), the number of files (4), each file with its path,
//! size (8), time (8), its number in the file system (8; not in the first version), the number of its rule (8), whether it is doubtful (1) and how many ids follow for it (4); then the ids of the files one after the other;
//! then how many ids are deleted (4) and those ids, and the same of the lost. Texts have their length before them: 4 bytes for a path, 2
//! for an id. The files come first, so that whoever asks only for them need not read the ids.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::book::{Book, BookFile};
use crate::faults::FaultPoint;
use crate::index::error::IndexError;
use crate::index::sealed;
use crate::ingest::Stamp;

const MARK: &[u8; 8] = b"gisabk2\n";
/// The mark of a book that has no numbers of files.
const FIRST_MARK: &[u8; 8] = b"gisabk1\n";
const PREFIX: &str = "files-";
const SUFFIX: &str = ".zst";
/// No path is longer.
const LONGEST_PATH: usize = 64 << 10;

/// The name of the book `number` within a generation.
pub(in crate::index) fn name_of(number: u64) -> String {
    format!("{PREFIX}{number}{SUFFIX}")
}

/// Writes the book as the one with this number into the generation at `folder`; durable when this returns.
///
/// # Errors
/// [`IndexError::Io`] if the file cannot be written.
pub(in crate::index) fn write(folder: &Path, number: u64, book: &Book) -> Result<(), IndexError> {
    let compressed = zstd::encode_all(encoded(book).as_slice(), 1);
    let name = name_of(number);
    let compressed = compressed.map_err(IndexError::io("cannot write", folder.join(&name)))?;
    sealed::write(folder, &name, &compressed, FaultPoint::WriteBook).map(drop)
}

/// Reads what [`write()`] wrote.
///
/// # Errors
/// [`IndexError::Damaged`] where the file is missing or has changed.
pub(in crate::index) fn read(folder: &Path, number: u64) -> Result<Book, IndexError> {
    let name = name_of(number);
    let sealed = sealed::read(folder, &name)?;
    let decoded = decoder(&sealed).and_then(decoded);
    decoded.map_err(|error| sealed::damaged(folder, &name, error))
}

/// The files of the book alone.
///
/// # Errors
/// [`IndexError::Damaged`] where it is missing or has changed.
pub(in crate::index) fn read_files(folder: &Path, number: u64) -> Result<Vec<BookFile>, IndexError> {
    let name = name_of(number);
    let sealed = sealed::read(folder, &name)?;
    let files = decoder(&sealed).and_then(|mut input| Ok(decoded_files(&mut input)?.1));
    let files = files.map_err(|error| sealed::damaged(folder, &name, error))?;
    Ok(files.into_iter().map(|(file, _)| file).collect())
}

/// Removes every book of the generation at `folder` but the one with this number.
pub(in crate::index) fn remove_others(folder: &Path, number: u64) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let kept = name_of(number);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && name.ends_with(SUFFIX) && name != kept.as_str() {
            // It only takes room, and the next commit tries again.
            if let Err(error) = std::fs::remove_file(entry.path()) {
                tracing::warn!(file = %entry.path().display(), %error, "a former book of files cannot be removed");
            }
        }
    }
}

fn encoded(book: &Book) -> Vec<u8> {
    let mut ids: Vec<Vec<&str>> = vec![Vec::new(); book.files.len()];
    for (id, holders) in &book.holders {
        for holder in holders {
            if let Some(ids) = ids.get_mut(*holder as usize) {
                ids.push(id);
            }
        }
    }
    let mut out = MARK.to_vec();
    out.extend_from_slice(&book.sequence.to_le_bytes());
    out.extend_from_slice(&(book.files.len() as u32).to_le_bytes());
    for (file, ids) in book.files.iter().zip(&mut ids) {
        // The same book makes the same bytes.
        ids.sort_unstable();
        let path = file.path.as_os_str().as_encoded_bytes();
        out.extend_from_slice(&(path.len() as u32).to_le_bytes());
        out.extend_from_slice(path);
        out.extend_from_slice(&file.stamp.bytes.to_le_bytes());
        out.extend_from_slice(&file.stamp.modified_ns.to_le_bytes());
        out.extend_from_slice(&file.number.to_le_bytes());
        out.extend_from_slice(&file.rule.to_le_bytes());
        out.push(u8::from(file.doubtful));
        out.extend_from_slice(&(ids.len() as u32).to_le_bytes());
    }
    ids.iter().flatten().for_each(|id| put_id(&mut out, id));
    for set in [&book.deleted, &book.lost] {
        let mut ids: Vec<&str> = set.iter().map(|id| &**id).collect();
        ids.sort_unstable();
        out.extend_from_slice(&(ids.len() as u32).to_le_bytes());
        ids.iter().for_each(|id| put_id(&mut out, id));
    }
    out
}

/// An id has at most 200 characters.
fn put_id(out: &mut Vec<u8>, id: &str) {
    out.extend_from_slice(&(id.len() as u16).to_le_bytes());
    out.extend_from_slice(id.as_bytes());
}

type Input<'a> = zstd::stream::read::Decoder<'static, &'a [u8]>;

fn decoder(sealed: &[u8]) -> io::Result<Input<'_>> {
    zstd::stream::read::Decoder::with_buffer(sealed)
}

fn decoded(mut input: Input<'_>) -> io::Result<Book> {
    let (sequence, files) = decoded_files(&mut input)?;
    let mut book = Book { sequence, holders: FxHashMap::default(), ..Book::default() };
    let mut id = String::new();
    book.holders.reserve(files.iter().map(|(_, count)| *count as usize).sum());
    for (number, (file, count)) in (0..).zip(files) {
        book.files.push(file);
        for _ in 0..count {
            take_id(&mut input, &mut id)?;
            book.hold(&id, number);
        }
    }
    book.deleted = take_ids(&mut input)?;
    book.lost = take_ids(&mut input)?;
    Ok(book)
}

/// The journal's sequence, and the files with the number of ids of each.
fn decoded_files(input: &mut impl Read) -> io::Result<(u64, Vec<(BookFile, u32)>)> {
    let mark = take::<8>(input)?;
    if &mark != MARK && &mark != FIRST_MARK {
        return Err(io::Error::other("it does not begin as such a file does"));
    }
    let sequence = u64::from_le_bytes(take(input)?);
    let count = u32::from_le_bytes(take(input)?);
    let mut files = Vec::new();
    for _ in 0..count {
        let length = u32::from_le_bytes(take(input)?) as usize;
        if length > LONGEST_PATH {
            return Err(io::Error::other("a path is too long"));
        }
        let mut path = vec![0; length];
        input.read_exact(&mut path)?;
        let stamp =
            Stamp { bytes: u64::from_le_bytes(take(input)?), modified_ns: i64::from_le_bytes(take(input)?) };
        let number = if &mark == MARK { u64::from_le_bytes(take(input)?) } else { 0 };
        let rule = u64::from_le_bytes(take(input)?);
        let doubtful = take::<1>(input)? != [0];
        files.push((
            BookFile { path: path_of(path)?, stamp, number, rule, doubtful },
            u32::from_le_bytes(take(input)?),
        ));
    }
    Ok((sequence, files))
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> io::Result<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    Ok(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> io::Result<PathBuf> {
    String::from_utf8(bytes).map(PathBuf::from).map_err(io::Error::other)
}

fn take_ids(input: &mut impl Read) -> io::Result<FxHashSet<Box<str>>> {
    let count = u32::from_le_bytes(take(input)?);
    let (mut ids, mut id) = (FxHashSet::default(), String::new());
    for _ in 0..count {
        take_id(input, &mut id)?;
        ids.insert(id.as_str().into());
    }
    Ok(ids)
}

fn take_id(input: &mut impl Read, id: &mut String) -> io::Result<()> {
    let mut bytes = std::mem::take(id).into_bytes();
    bytes.resize(usize::from(u16::from_le_bytes(take(input)?)), 0);
    input.read_exact(&mut bytes)?;
    *id = String::from_utf8(bytes).map_err(io::Error::other)?;
    Ok(())
}

fn take<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_any_change_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path(), 0), Err(IndexError::Damaged { .. })), "missing");
        let file = |path: &str, modified_ns| BookFile {
            path: path.into(),
            stamp: Stamp { bytes: 7, modified_ns },
            number: modified_ns as u64,
            rule: 1 << 63,
            doubtful: modified_ns < 0,
        };
        let mut book =
            Book { sequence: 9, files: vec![file("a.jsonl", 5), file("나/b.csv", -1)], ..Book::default() };
        book.hold("x", 0);
        book.hold("x", 1);
        book.hold("기사-1", 1);
        book.deleted.insert("d".into());
        book.lost.extend(["l".into(), "m".into()]);
        write(folder.path(), 3, &book).unwrap();
        assert_eq!(read(folder.path(), 3).unwrap(), book);
        assert_eq!(read_files(folder.path(), 3).unwrap(), book.files);
        write(folder.path(), 4, &Book::default()).unwrap();
        remove_others(folder.path(), 4);
        assert!(matches!(read(folder.path(), 3), Err(IndexError::Damaged { .. })), "removed");
        assert_eq!(read(folder.path(), 4).unwrap(), Book::default());

        write(folder.path(), 4, &book).unwrap();
        let path = folder.path().join(name_of(4));
        let sound = std::fs::read(&path).unwrap();
        for at in [0, 64, 65, sound.len() / 2, sound.len() - 1] {
            let mut changed = sound.clone();
            changed[at] ^= 1;
            for damage in [changed, sound[..at].to_vec()] {
                std::fs::write(&path, damage).unwrap();
                assert!(matches!(read(folder.path(), 4), Err(IndexError::Damaged { .. })), "byte {at}");
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn names_that_are_not_utf8_are_kept() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = Path::new(std::ffi::OsStr::from_bytes(b"\xb1\xe2\xbb\xe7.jsonl")).to_owned();
        let file =
            BookFile { path, stamp: Stamp { bytes: 1, modified_ns: 1 }, number: 0, rule: 0, doubtful: false };
        let book = Book { files: vec![file], ..Book::default() };
        write(folder.path(), 0, &book).unwrap();
        assert_eq!(read(folder.path(), 0).unwrap(), book);
    }
}
