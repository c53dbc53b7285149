//! Copying files of articles into the data folder: each is read as a reindex would read it, then copied under its own name.

use std::fs::{self, File};
use std::hash::BuildHasher as _;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use gisa::article::ArticleId;
use gisa::config::Config;
use gisa::faults::{self, FaultPoint};
use gisa::ingest::{
    Cleaner, FileReport, FileTally, IngestRule, IngestRules, RecordReader, Refusal, RefusedRecord, RuleError,
    RuleSpec, SourceFile,
};
use gisa::journal::{self, Change, JournalError};
use gisa::korean::lexicon::{Lexicon, LexiconError};

/// Refused records, and overridden articles, listed in a report; the rest is only counted.
const MAX_LISTED: usize = 1000;

/// Why a file was not imported. The articles folder is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file could not be read or written.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// What was being done, `cannot write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A reindex would not read a file with this name, or of this kind.
    #[error("{}: {refusal}", path.display())]
    NotReadable {
        /// The file.
        path: PathBuf,
        /// Why.
        refusal: Refusal,
    },
    /// The file does not contain a single article.
    #[error("{} does not contain any articles; {} records were refused, nothing was copied", report.name, report.refused)]
    NoArticle {
        /// What was refused.
        report: Box<ImportReport>,
    },
    /// There is another file of the same name.
    #[error("{} exists with different content; rename the new file, or replace the existing one with --replace", path.display())]
    Exists {
        /// The file in the articles folder.
        path: PathBuf,
    },
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The outlets' names cannot be read.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// What is said of the files cannot be used.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

impl ImportError {
    fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

/// The result of importing one file.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// Its name in the articles folder.
    pub name: String,
    /// Records that are articles.
    pub articles: u64,
    /// Records that are not.
    pub refused: u64,
    /// The first of them, with their reasons.
    pub refusals: Vec<RefusedRecord>,
    /// Its size.
    pub bytes: u64,
    /// Whether the same file was there already; then nothing was copied.
    pub unchanged: bool,
    /// Articles that were pushed or deleted over HTTP, which takes precedence over the file. The first thousand.
    pub overridden: Vec<Overridden>,
    /// How many there are.
    pub overridden_count: u64,
    /// Which key fed which field, what is missing and what was not used.
    pub file: Option<FileReport>,
    /// Where the rule is kept by which the file is read.
    pub rule: Option<PathBuf>,
}

impl ImportReport {
    /// The report, if there is an article in the file.
    fn with_articles(self) -> Result<Self, ImportError> {
        if self.articles == 0 { Err(ImportError::NoArticle { report: Box::new(self) }) } else { Ok(self) }
    }
}

/// An article of a file that the journal overrides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overridden {
    /// The article.
    pub id: ArticleId,
    /// Whether it was deleted over HTTP; else it was pushed.
    pub deleted: bool,
}

/// Imports files into one articles folder.
pub struct Importer {
    articles_dir: PathBuf,
    cleaner: Cleaner,
    replace: bool,
    rules: IngestRules,
    /// What the command line says of the files.
    said: Option<Arc<IngestRule>>,
    /// For each article in the journal, whether it was deleted.
    pushed: FxHashMap<ArticleId, bool>,
}

impl Importer {
    /// Reads outlet names and the journal. With `replace`, existing files of the same name are replaced. `said` is what the command
    /// line says of the files; it is kept beside each.
    ///
    /// # Errors
    /// [`ImportError`] if those cannot be read.
    pub fn new(config: &Config, replace: bool, said: &RuleSpec) -> Result<Self, ImportError> {
        let said = if said.is_empty() { None } else { Some(Arc::new(said.resolve()?)) };
        let outlets = Lexicon::load(config.lexicon_dir().as_deref())?.outlets;
        let articles_dir = config.articles_dir();
        let mut pushed = FxHashMap::default();
        for entry in journal::read(&articles_dir.join("pushed"), 0, u64::MAX) {
            let entry = entry?;
            pushed.insert(entry.id, matches!(entry.change, Change::Delete));
        }
        let (cleaner, rules) = (Cleaner::new(Arc::new(outlets)), config.ingest.rules.clone());
        Ok(Self { articles_dir, cleaner, replace, rules, said, pushed })
    }

    /// Reads the file at `path` as a reindex would, and copies it into the articles folder if it contains an article.
    /// Durable when this returns; searchable after a reindex.
    ///
    /// # Errors
    /// [`ImportError`]; nothing was copied.
    pub fn import(&self, path: &Path) -> Result<ImportReport, ImportError> {
        let source = self.source_of(path)?;
        let target = self.articles_dir.join(&source.path);
        let unchanged = match same_bytes(path, &target) {
            Ok(same) => same,
            Err(error) if error.kind() == io::ErrorKind::NotFound && path.exists() => false,
            Err(error) => return Err(ImportError::io("cannot read", path)(error)),
        };
        if target.symlink_metadata().is_ok() && !unchanged && !self.replace {
            return Err(ImportError::Exists { path: target });
        }
        let mut report = ImportReport { unchanged, ..self.check(&source)?.with_articles()? };
        if let Some(rule) = &self.said {
            // Before the file, which no reindex must read without it.
            let beside = IngestRules::beside(&target);
            let text = toml::to_string(rule.spec())
                .map_err(|error| ImportError::io("cannot write", &beside)(io::Error::other(error)))?;
            self.write(&mut text.as_bytes(), &beside)?;
            report.rule = Some(beside);
        }
        if !unchanged {
            let mut from = File::open(path).map_err(ImportError::io("cannot read", path))?;
            self.write(&mut from, &target)?;
        }
        Ok(report)
    }

    /// Reads the file at `path` as a reindex would, and writes nothing.
    ///
    /// # Errors
    /// [`ImportError::NotReadable`], or [`ImportError::NoArticle`]: it would not be imported.
    pub fn look_at(&self, path: &Path) -> Result<ImportReport, ImportError> {
        self.check(&self.source_of(path)?)?.with_articles()
    }

    fn check(&self, source: &SourceFile) -> Result<ImportReport, ImportError> {
        let name = source.path.display().to_string();
        let mut report = ImportReport { name: name.clone(), bytes: source.bytes, ..ImportReport::default() };
        let mut overridden = FxHashSet::default();
        let mut reader = RecordReader::open(source).map_err(|refused| ImportError::NotReadable {
            path: source.full_path.clone(),
            refusal: refused.refusal,
        })?;
        let mut tally = FileTally::default();
        let mut ids = FxHashSet::default();
        while let Some(record) = reader.next_record() {
            let reading = record.and_then(|record| {
                let line = record.line;
                let read = self.cleaner.read(record, &name);
                read.map_err(|refusal| RefusedRecord { file: source.path.clone(), line, refusal })
            });
            match reading {
                Ok(reading) => {
                    tally.count(&reading);
                    let id = reading.article.id;
                    report.articles += 1;
                    // The hash is enough to count, and a file may hold a million ids.
                    if !ids.insert(FxBuildHasher.hash_one(&id)) {
                        tally.replace(1);
                    }
                    if let Some(deleted) = self.pushed.get(&id)
                        && overridden.insert(id.clone())
                        && report.overridden.len() < MAX_LISTED
                    {
                        report.overridden.push(Overridden { id, deleted: *deleted });
                    }
                }
                Err(refused) => {
                    tally.refuse(&refused.refusal);
                    report.refused += 1;
                    if report.refusals.len() < MAX_LISTED {
                        report.refusals.push(refused);
                    }
                }
            }
        }
        tally.read_as(reader.format(), reader.skipped());
        tally.leave_out(reader.sheets_left_out());
        tally.note_beside(reader.keys_beside());
        report.file = Some(tally.report(&source.path));
        report.overridden_count = overridden.len() as u64;
        Ok(report)
    }

    /// The file with its rule: what the command line says, or else the rule that it will have in the articles folder.
    fn source_of(&self, path: &Path) -> Result<SourceFile, ImportError> {
        let source = SourceFile::from_path(path)
            .map_err(|refusal| ImportError::NotReadable { path: path.to_owned(), refusal })?;
        let rule = match &self.said {
            Some(said) => Some(Arc::clone(said)),
            None => self.rules.of(&source.path, &self.articles_dir.join(&source.path))?,
        };
        Ok(SourceFile { rule, ..source })
    }

    /// Writes a file under a hidden name first, which no reindex reads.
    fn write(&self, from: &mut impl Read, to: &Path) -> Result<(), ImportError> {
        let failed = |error| ImportError::io("cannot write", to)(error);
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(to.file_name().unwrap_or_default());
        hidden.push(".import");
        let hidden = to.with_file_name(hidden);
        let mut copied = || -> io::Result<()> {
            fs::create_dir_all(&self.articles_dir)?;
            faults::point(FaultPoint::ImportCopy)?;
            let mut copy = File::create(&hidden)?;
            io::copy(from, &mut copy)?;
            copy.sync_all()?;
            faults::point(FaultPoint::ImportRename)?;
            fs::rename(&hidden, to)
        };
        if let Err(error) = copied() {
            let _ = fs::remove_file(&hidden);
            return Err(failed(error));
        }
        File::open(&self.articles_dir).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

/// Whether two files have the same content.
fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(false);
    }
    let mut buffers = [vec![0; 1 << 16], vec![0; 1 << 16]];
    let [left, right] = &mut buffers;
    loop {
        let read = a.read(left)?;
        if read == 0 {
            return Ok(true);
        }
        let (left, right) = (left.get(..read).unwrap_or_default(), right.get_mut(..read).unwrap_or_default());
        if b.read_exact(right).is_err() || left != right {
            return Ok(false);
        }
    }
}
