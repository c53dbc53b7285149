//! The book of files: which files a generation has read, and which articles each of them gave.
//!
//! With it a file that is new, has changed or is gone is told from all others by size and time, without reading any. And when the
//! file that gave an article goes, the next one that has an article of that id is known, so that **of one id the last in the order of
//! files and lines counts**, as in a full reindex. What was pushed or deleted over HTTP wins over every file for ever: ids that the
//! journal deleted are in the book, those that it wrote are seen in the index.
//!
//! The book belongs to a commit, which names it ([`GenerationInfo::book`](crate::index::GenerationInfo)): it is written before the
//! commit and under another name than the one before, so a kill leaves the index and its own book.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::ingest::{FileList, RefusalCode, Stamp};

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::index) struct BookFile {
    /// Relative to the articles folder.
    pub(in crate::index) path: PathBuf,
    /// As it was when it was listed, before it was read.
    pub(in crate::index) stamp: Stamp,
    /// The file system's number of it then; 0 where that is not known.
    pub(in crate::index) number: u64,
    /// The number of the rule that it was read by; 0 without one.
    pub(in crate::index) rule: u64,
    /// Whether it is to be read again though its stamp is the same: it had just been written, or could not be read.
    pub(in crate::index) doubtful: bool,
}

/// The numbers of files, in ascending order.
pub(in crate::index) type Holders = SmallVec<[u32; 2]>;

/// Which files were read, and what they gave.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::index) struct Book {
    /// The journal's entry up to which `deleted` is complete.
    pub(in crate::index) sequence: u64,
    /// In the order in which files are read: a file's number is its place.
    pub(in crate::index) files: Vec<BookFile>,
    /// For each id the files that have an article of it.
    pub(in crate::index) holders: FxHashMap<Box<str>, Holders>,
    /// Ids whose last entry in the journal deletes them.
    pub(in crate::index) deleted: FxHashSet<Box<str>>,
    /// Ids that went with files since the last full reindex, and did not come back.
    pub(in crate::index) lost: FxHashSet<Box<str>>,
}

/// Which differences are left for another time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Left<'a> {
    /// Whether files that are gone or have changed are left as they were: only new ones are read.
    pub all_but_new: bool,
    /// Files that are still being written, or have just gone; relative to the articles folder.
    pub unsettled: Option<&'a FxHashSet<PathBuf>>,
}

/// How a file differs from the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) enum Difference {
    /// Not at all, or it is left for another time.
    None,
    New,
    Changed,
}

/// A file of the next book.
#[derive(Debug)]
pub(in crate::index) struct Planned {
    pub(in crate::index) file: BookFile,
    /// Its number in the book so far.
    pub(in crate::index) before: Option<u32>,
    /// Its place in the list; `None` where it is not there and kept all the same.
    pub(in crate::index) listed: Option<usize>,
    pub(in crate::index) difference: Difference,
}

/// What is to be done to bring the book, and the index, up to date.
#[derive(Debug, Default)]
pub(in crate::index) struct Plan {
    /// The files of the next book, in its order.
    pub(in crate::index) files: Vec<Planned>,
    /// How many files of the book are gone.
    pub(in crate::index) gone: u64,
}

impl Plan {
    /// Whether nothing is new, changed or gone.
    pub(in crate::index) fn is_empty(&self) -> bool {
        self.gone == 0 && self.files.iter().all(|file| file.difference == Difference::None)
    }

    /// How many files differ so.
    pub(in crate::index) fn count(&self, difference: Difference) -> u64 {
        self.files.iter().filter(|file| file.difference == difference).count() as u64
    }
}

impl Book {
    /// Compares the book with the files that are there now.
    pub(in crate::index) fn compare(&self, list: &FileList, left: Left<'_>) -> Plan {
        let mut plan = Plan::default();
        let before: FxHashMap<&Path, u32> =
            (0..).zip(&self.files).map(|(number, file)| (file.path.as_path(), number)).collect();
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let numbers: FxHashSet<u64> =
            self.files.iter().map(|file| file.number).filter(|number| *number != 0).collect();
        // Another file of the book has come to this path: two that change places may have the same size and time. A number that is not in
        // the book says nothing: after a move to another disk all of them are new.
        let has_moved_here = |known: &BookFile, number: u64| {
            known.number != 0 && known.number != number && numbers.contains(&number)
        };
        let is_left = |path: &Path| left.unsettled.is_some_and(|unsettled| unsettled.contains(path));
        for (at, source) in list.files.iter().enumerate() {
            let (number, stamp) = (before.get(source.path.as_path()).copied(), source.stamp());
            let rule = source.rule_number();
            seen.extend(number);
            let known = number.and_then(|number| self.files.get(number as usize));
            let difference = match known {
                None if is_left(&source.path) => continue,
                None => Difference::New,
                Some(known)
                    if known.stamp == stamp
                        && known.rule == rule
                        && !known.doubtful
                        && !has_moved_here(known, source.number) =>
                {
                    Difference::None
                }
                Some(_) if left.all_but_new || is_left(&source.path) => Difference::None,
                Some(_) => Difference::Changed,
            };
            let file = match known {
                Some(known) if difference == Difference::None => known.clone(),
                _ => BookFile {
                    path: source.path.clone(),
                    stamp,
                    number: source.number,
                    rule,
                    doubtful: stamp.is_doubtful(list.began_ns),
                },
            };
            plan.files.push(Planned { file, before: number, listed: Some(at), difference });
        }
        for (number, file) in (0..).zip(&self.files).filter(|(number, _)| !seen.contains(number)) {
            // What cannot be looked at is not gone.
            let hidden = || {
                list.refused.iter().any(|refused| {
                    refused.refusal.code == RefusalCode::Unreadable && file.path.starts_with(&refused.file)
                })
            };
            if left.all_but_new || is_left(&file.path) || hidden() {
                let (file, difference) = (file.clone(), Difference::None);
                plan.files.push(Planned { file, before: Some(number), listed: None, difference });
            } else {
                plan.gone += 1;
            }
        }
        plan.files.sort_by(|a, b| bytes_of(&a.file.path).cmp(bytes_of(&b.file.path)));
        plan
    }

    /// Takes the files of `plan` instead of its own: what those that have changed or are gone held is forgotten. Gives the ids
    /// that they held, each with the file that its article in the index came from, if that file stays.
    pub(in crate::index) fn renew(&mut self, plan: &Plan) -> FxHashMap<Box<str>, Option<u32>> {
        let mut stays: Vec<Option<u32>> = vec![None; self.files.len()];
        for (number, file) in (0..).zip(&plan.files) {
            if let (Difference::None, Some(before)) = (file.difference, file.before)
                && let Some(place) = stays.get_mut(before as usize)
            {
                *place = Some(number);
            }
        }
        let now = |before: &u32| stays.get(*before as usize).copied().flatten();
        let mut touched = FxHashMap::default();
        self.holders.retain(|id, holders| {
            let kept: Holders = holders.iter().filter_map(now).collect();
            if kept.len() < holders.len() {
                touched.insert(id.clone(), holders.last().and_then(now));
            }
            *holders = kept;
            !holders.is_empty()
        });
        self.files = plan.files.iter().map(|planned| planned.file.clone()).collect();
        touched
    }

    /// Notes that the file `number` has an article `id`. Files are noted in ascending order, except for those that stayed.
    pub(in crate::index) fn hold(&mut self, id: &str, number: u32) {
        let holders = match self.holders.get_mut(id) {
            Some(holders) => holders,
            None => self.holders.entry(id.into()).or_default(),
        };
        if let Err(at) = holders.binary_search(&number) {
            holders.insert(at, number);
        }
    }

    /// The file that gives the article `id`, if any has it.
    pub(in crate::index) fn winner(&self, id: &str) -> Option<u32> {
        self.holders.get(id).and_then(|holders| holders.last().copied())
    }

    /// Notes that the file `number` is to be read again.
    pub(in crate::index) fn doubt(&mut self, number: u32) {
        if let Some(file) = self.files.get_mut(number as usize) {
            file.doubtful = true;
        }
    }
}

/// The files that a generation has read, as of one commit.
#[derive(Debug)]
pub struct FilesRead {
    generation: String,
    number: u64,
    book: Book,
}

impl FilesRead {
    /// Those of the book `number` of a generation.
    pub(in crate::index) fn new(generation: &str, number: u64, files: Vec<BookFile>) -> Self {
        Self { generation: generation.to_owned(), number, book: Book { files, ..Book::default() } }
    }

    /// Whether they are those of the book `number` of the generation of this name.
    pub(in crate::index) fn are_of(&self, generation: &str, number: Option<u64>) -> bool {
        generation == self.generation && number == Some(self.number)
    }

    /// The files that are to be read, or are gone, each with its stamp now, if it is there.
    pub fn differences(&self, list: &FileList) -> Vec<(PathBuf, Option<Stamp>)> {
        let plan = self.book.compare(list, Left::default());
        let there: FxHashSet<&Path> = plan.files.iter().map(|file| file.file.path.as_path()).collect();
        let gone = self.book.files.iter().filter(|file| !there.contains(file.path.as_path()));
        let gone: Vec<(PathBuf, Option<Stamp>)> = gone.map(|file| (file.path.clone(), None)).collect();
        let differing = plan.files.iter().filter(|file| file.difference != Difference::None);
        differing.map(|file| (file.file.path.clone(), Some(file.file.stamp))).chain(gone).collect()
    }
}

fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::ingest::{Refusal, RefusedRecord, SourceFile, SourceKind};

    fn book(files: &[(&str, i64, &[&str])]) -> Book {
        let mut book = Book::default();
        for (number, (path, modified_ns, ids)) in (0..).zip(files) {
            let stamp = Stamp { bytes: 1, modified_ns: *modified_ns };
            book.files.push(BookFile { path: path.into(), stamp, number: 0, rule: 0, doubtful: false });
            ids.iter().for_each(|id| book.hold(id, number));
        }
        book
    }

    fn list(files: &[(&str, i64)]) -> FileList {
        let source = |(path, modified_ns): &(&str, i64)| SourceFile {
            path: path.into(),
            kind: SourceKind::Lines,
            compressed: false,
            bytes: 1,
            modified_ns: *modified_ns,
            number: 0,
            full_path: path.into(),
            rule: None,
        };
        FileList { files: files.iter().map(source).collect(), began_ns: i64::MAX, ..FileList::default() }
    }

    fn differences(plan: &Plan) -> Vec<(&str, Difference)> {
        plan.files.iter().map(|file| (file.file.path.to_str().unwrap(), file.difference)).collect()
    }

    #[test]
    fn what_is_new_changed_or_gone_is_told_by_size_and_time() {
        let mut book = book(&[("a", 1, &["x", "y"]), ("b", 1, &["y", "z"]), ("c", 1, &["z"])]);
        assert!(book.compare(&list(&[("a", 1), ("b", 1), ("c", 1)]), Left::default()).is_empty());
        let now = list(&[("a", 1), ("aa", 5), ("b", 2)]);
        let plan = book.compare(&now, Left::default());
        assert_eq!(
            differences(&plan),
            [("a", Difference::None), ("aa", Difference::New), ("b", Difference::Changed)]
        );
        assert_eq!((plan.gone, plan.count(Difference::New)), (1, 1));
        let touched = book.renew(&plan);
        let expected = [("y".into(), None), ("z".into(), None)];
        assert_eq!(touched, expected.into_iter().collect::<FxHashMap<Box<str>, _>>());
        assert_eq!((book.winner("x"), book.winner("y"), book.winner("z")), (Some(0), Some(0), None));
    }

    #[test]
    fn what_is_left_stays_as_it_was() {
        let book = book(&[("a", 1, &["x"]), ("b", 1, &["y"]), ("d/c", 1, &["z"])]);
        let mut now = list(&[("b", 2), ("new", 1)]);
        let plan = book.compare(&now, Left { all_but_new: true, ..Left::default() });
        assert_eq!((plan.gone, plan.count(Difference::New), plan.files.len()), (0, 1, 4));
        assert_eq!(plan.count(Difference::Changed), 0);
        let unsettled = ["b", "new", "a"].into_iter().map(PathBuf::from).collect();
        let plan = book.compare(&now, Left { unsettled: Some(&unsettled), ..Left::default() });
        assert_eq!(differences(&plan), [("a", Difference::None), ("b", Difference::None)]);
        assert_eq!(plan.gone, 1, "d/c");
        // A folder that cannot be listed says nothing about what is in it.
        let refusal = Refusal::new(RefusalCode::Unreadable, "x");
        now.refused.push(RefusedRecord { file: "d".into(), line: None, refusal });
        assert_eq!(book.compare(&now, Left::default()).gone, 1, "a, and not d/c");
    }

    #[test]
    fn files_that_change_places_are_read_again() {
        let mut book = book(&[("a", 1, &["x"]), ("b", 1, &["y"]), ("c", 1, &["z"])]);
        let mut now = list(&[("a", 1), ("b", 1), ("c", 1)]);
        let number = |files: &mut FileList, numbers: [u64; 3]| {
            files.files.iter_mut().zip(numbers).for_each(|(file, number)| file.number = number);
        };
        number(&mut now, [1, 2, 3]);
        assert!(book.compare(&now, Left::default()).is_empty(), "a book of before they were noted");
        book.files.iter_mut().zip([1, 2, 3]).for_each(|(file, number)| file.number = number);
        number(&mut now, [2, 1, 3]);
        let plan = book.compare(&now, Left::default());
        assert_eq!(
            differences(&plan),
            [("a", Difference::Changed), ("b", Difference::Changed), ("c", Difference::None)]
        );
        assert_eq!(plan.files[0].file.number, 2);
        number(&mut now, [11, 12, 13]);
        assert!(book.compare(&now, Left::default()).is_empty(), "the archive was moved to another disk");
    }

    #[test]
    fn a_doubtful_file_is_read_again() {
        let mut book = book(&[("a", 1, &["x"])]);
        book.doubt(0);
        let plan = book.compare(&list(&[("a", 1)]), Left::default());
        assert_eq!(plan.count(Difference::Changed), 1);
        assert!(!plan.files[0].file.doubtful, "it was written long ago");
        let young = FileList { began_ns: 2, ..list(&[("a", 1)]) };
        assert!(book.compare(&young, Left::default()).files[0].file.doubtful);
    }
}
