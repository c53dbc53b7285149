//! Which files of the articles folder hold articles.

mod naming;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use naming::{is_named_for_comments, is_unfinished, kind_of};

use super::refusal::{IngestError, Refusal, RefusalCode, RefusedRecord};
use super::rule::{IngestRule, IngestRules};
use super::stamp::{Stamp, number_of};

/// What a file is by its name. Its content counts before that (`formats::sniff`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// `.jsonl`, `.ndjson`: one JSON object a line.
    Lines,
    /// `.json`: one object, an array of objects, or an answer of an API.
    Json,
    /// `.csv`, `.tsv`, `.tab`: a table of text.
    Table,
    /// `.xlsx`, `.xlsm`, `.xls`, `.ods`: a workbook.
    Workbook,
    /// `.xml`, `.rss`, `.atom`, `.rdf`: a feed or an export.
    Xml,
    /// `.html`, `.htm`, `.xhtml`: a page.
    Html,
    /// `.txt`: one scraped page.
    Text,
    /// `.md`: a text below its names, or nothing that is read.
    Markdown,
    /// Nothing: `articleView.html?idxno=7`, `view.php`, or no ending at all. Its content says it, or it is refused.
    Unknown,
}

/// One file that holds articles.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Relative to the articles folder, as reports name it.
    pub path: PathBuf,
    /// What it is by its name.
    pub kind: SourceKind,
    /// Whether its name says that it is compressed: `.gz`, `.zst`.
    pub compressed: bool,
    /// Its size on disk, before decompression.
    pub bytes: u64,
    /// When it was written, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// The file system's number of the file; 0 where it has none.
    pub number: u64,
    /// The path to open, absolute or relative to the working directory.
    pub full_path: PathBuf,
    /// What the newsroom says of it.
    pub rule: Option<Arc<IngestRule>>,
}

impl SourceFile {
    /// Its size and time, as it was listed.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp { bytes: self.bytes, modified_ns: self.modified_ns }
    }

    /// A number that changes with the rule of the file; 0 without one.
    pub fn rule_number(&self) -> u64 {
        self.rule.as_ref().map_or(0, |rule| rule.number())
    }

    /// Whether its name or that of its folder says that it holds comments of readers.
    pub(super) fn is_named_for_comments(&self) -> bool {
        // The folder of a file that was named by itself is in its full path only.
        let folder = self.full_path.parent().and_then(Path::file_name).unwrap_or_default();
        let alone = self.path.parent().is_none_or(|parent| parent.as_os_str().is_empty());
        let path = if alone { Path::new(folder).join(&self.path) } else { self.path.clone() };
        self.kind == SourceKind::Text && is_named_for_comments(&path)
    }

    /// The file at `path`, which may be anywhere; reports name it without its folder.
    ///
    /// # Errors
    /// Why [`list_files`] would not list it: hidden, unknown format, not a regular file, not readable.
    pub fn from_path(path: &Path) -> Result<Self, Refusal> {
        let unreadable = |error: std::io::Error| Refusal::new(RefusalCode::Unreadable, error.to_string());
        let meta = fs::metadata(path).map_err(unreadable)?;
        let name = path.file_name().unwrap_or_default();
        if !meta.is_file() {
            return Err(Refusal::new(RefusalCode::UnknownFormat, "not a regular file"));
        }
        if name.as_encoded_bytes().starts_with(b".") {
            return Err(Refusal::new(RefusalCode::UnknownFormat, "hidden files are skipped; rename it"));
        }
        let (kind, compressed) =
            kind_of(path).map_err(|detail| Refusal::new(RefusalCode::UnknownFormat, detail))?;
        // Resolved, because no link is followed when it is opened.
        let full_path = fs::canonicalize(path).map_err(unreadable)?;
        let (Stamp { bytes, modified_ns }, number) = (Stamp::of(&meta), number_of(&meta));
        let path = PathBuf::from(name);
        Ok(Self { path, kind, compressed, bytes, modified_ns, number, full_path, rule: None })
    }
}

/// The files that [`list_files`] found.
#[derive(Debug, Default)]
pub struct FileList {
    /// Sorted by the bytes of the relative path, so that every run reads in the same order.
    pub files: Vec<SourceFile>,
    /// Patterns of rules that fit none of the files.
    pub unused_rules: Vec<String>,
    /// Files that are not read, each with its reason.
    pub refused: Vec<RefusedRecord>,
    /// The articles folder and all folders below it that were listed, resolved.
    pub folders: Vec<PathBuf>,
    /// When the listing began, in nanoseconds since 1970: what is written later has a later time.
    pub began_ns: i64,
}

/// The subfolder of the articles folder for articles that came over HTTP. The journal owns it.
pub const PUSHED_FOLDER: &str = "pushed";

/// Lists `articles_dir` recursively, each file with its rule. Hidden files, the subfolder `pushed/`, and what a program has not finished writing
/// (`~$*`, `*.part`, `*.tmp`) are skipped.
///
/// # Errors
/// [`IngestError::Folder`] if the folder itself cannot be listed. Trouble below it is reported in
/// [`FileList::refused`].
pub fn list_files(articles_dir: &Path, rules: &IngestRules) -> Result<FileList, IngestError> {
    let folder_error = |source| IngestError::Folder { path: articles_dir.to_owned(), source };
    let root = fs::canonicalize(articles_dir).map_err(folder_error)?;
    let entries = fs::read_dir(&root).map_err(folder_error)?;
    let list = FileList { began_ns: Stamp::now_ns(), ..FileList::default() };
    let mut lister = Lister { seen: BTreeSet::from([root.clone()]), root, rules, list };
    lister.visit_folder(entries, Path::new(""));
    let mut list = lister.list;
    list.unused_rules = rules.without_files(list.files.iter().map(|file| file.path.as_path()));
    list.folders = lister.seen.into_iter().collect();
    list.files
        .sort_by(|a, b| a.path.as_os_str().as_encoded_bytes().cmp(b.path.as_os_str().as_encoded_bytes()));
    list.refused
        .sort_by(|a, b| a.file.as_os_str().as_encoded_bytes().cmp(b.file.as_os_str().as_encoded_bytes()));
    Ok(list)
}

/// Lists a folder and the folders below it.
struct Lister<'a> {
    root: PathBuf,
    rules: &'a IngestRules,
    /// Canonical folders already entered: a link back to one of them must not loop.
    seen: BTreeSet<PathBuf>,
    list: FileList,
}

impl Lister<'_> {
    /// Lists `entries`, those of the folder at `below`, relative to the root.
    fn visit_folder(&mut self, entries: fs::ReadDir, below: &Path) {
        for entry in entries {
            match entry {
                Ok(entry) => self.visit_entry(&entry, below),
                Err(error) => self.refuse(below.to_owned(), RefusalCode::Unreadable, error.to_string()),
            }
        }
    }

    fn visit_entry(&mut self, entry: &fs::DirEntry, below: &Path) {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            return;
        }
        let path = below.join(&name);
        if below.as_os_str().is_empty() && name == PUSHED_FOLDER || IngestRules::is_beside(&path) {
            return;
        }
        // Resolved before anything is opened: a link must not bring in files from outside the articles folder.
        let full_path = match fs::canonicalize(entry.path()) {
            Ok(full_path) if full_path.starts_with(&self.root) => full_path,
            Ok(_) => {
                let detail = "the link points outside the articles folder; copy the file into it";
                return self.refuse(path, RefusalCode::OutsideFolder, detail);
            }
            Err(error) if entry.file_type().is_ok_and(|kind| kind.is_symlink()) => {
                return self.refuse(path, RefusalCode::OutsideFolder, format!("the link is broken: {error}"));
            }
            Err(error) => return self.refuse(path, RefusalCode::Unreadable, error.to_string()),
        };
        match fs::metadata(&full_path) {
            Ok(meta) if meta.is_dir() => match fs::read_dir(&full_path) {
                Ok(entries) if self.seen.insert(full_path) => self.visit_folder(entries, &path),
                Ok(_) => self.refuse(
                    path,
                    RefusalCode::OutsideFolder,
                    "the folder is already read under another name",
                ),
                Err(error) => self.refuse(path, RefusalCode::Unreadable, error.to_string()),
            },
            Ok(meta) if meta.is_file() && is_unfinished(name.as_encoded_bytes()) => {}
            Ok(meta) if meta.is_file() => match kind_of(&path) {
                // Beside the name in the folder: where a link leads is somebody else's file.
                Ok((kind, compressed)) => match self.rules.of(&path, &self.root.join(&path)) {
                    Ok(rule) => {
                        let (Stamp { bytes, modified_ns }, number) = (Stamp::of(&meta), number_of(&meta));
                        let file = SourceFile {
                            path,
                            kind,
                            compressed,
                            bytes,
                            modified_ns,
                            number,
                            full_path,
                            rule,
                        };
                        self.list.files.push(file);
                    }
                    Err(error) => self.refuse(path, RefusalCode::MissingPath, error.to_string()),
                },
                Err(detail) => self.refuse(path, RefusalCode::UnknownFormat, detail),
            },
            Ok(_) => self.refuse(path, RefusalCode::UnknownFormat, "not a regular file"),
            Err(error) => self.refuse(path, RefusalCode::Unreadable, error.to_string()),
        }
    }

    fn refuse(&mut self, file: PathBuf, code: RefusalCode, detail: impl Into<String>) {
        self.list.refused.push(RefusedRecord { file, line: None, refusal: Refusal::new(code, detail) });
    }
}

/// Why a text is refused whose name says that it holds what readers wrote.
pub(super) fn comments_of_readers() -> Refusal {
    let detail = "by its name or its folder this holds comments of readers, which are not articles; keep it outside of the articles folder, \
                  give it another name, or write a rule of [[ingest]] for it";
    Refusal::new(RefusalCode::UnknownFormat, detail)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> Vec<String> {
        paths.map(|path| path.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn finds_sorted_and_says_what_it_leaves_out() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::NamedTempFile::new().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("2024/a")).unwrap();
        fs::create_dir_all(at("pushed")).unwrap();
        fs::create_dir_all(at("2024/pushed")).unwrap();
        for name in [
            "b.JSONL",
            "a.jsonl.gz",
            "2024/a/page.txt",
            "2024/pushed/x.json",
            "pushed/log.jsonl",
            ".hidden.txt",
            "~$table.xlsx",
            "c.jsonl.part",
            "c.jsonl.TMP",
            "note.docx",
        ] {
            fs::write(at(name), "x").unwrap();
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outside.path(), at("link.txt")).unwrap();
            std::os::unix::fs::symlink(folder.path(), at("2024/loop")).unwrap();
            std::os::unix::fs::symlink(at("missing"), at("dangling.txt")).unwrap();
        }
        let list = list_files(folder.path(), &IngestRules::default()).unwrap();
        let found = ["2024/a/page.txt", "2024/pushed/x.json", "a.jsonl.gz", "b.JSONL"];
        assert_eq!(names(list.files.iter().map(|f| &f.path)), found);
        let refused = names(list.refused.iter().map(|r| &r.file));
        #[cfg(unix)]
        assert_eq!(refused, ["2024/loop", "dangling.txt", "link.txt", "note.docx"]);
        #[cfg(not(unix))]
        assert_eq!(refused, ["note.docx"]);
    }

    #[test]
    #[cfg(unix)]
    fn endings_are_read_of_names_that_are_not_utf8() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (name, _, _) = encoding_rs::EUC_KR.encode("기사.JSONL");
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(&name)), "{}").unwrap();
        let list = list_files(folder.path(), &IngestRules::default()).unwrap();
        assert_eq!((list.files.len(), list.refused.len()), (1, 0));
        assert_eq!(list.files.first().map(|file| file.kind), Some(SourceKind::Lines));
    }

    #[test]
    fn a_missing_folder_is_an_error_that_names_it() {
        let error = list_files(Path::new("no/such/folder"), &IngestRules::default()).unwrap_err().to_string();
        assert!(error.contains("no/such/folder") && error.contains("data_dir"), "{error}");
    }
}
