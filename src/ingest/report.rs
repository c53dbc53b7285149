//! What became of each file: which key fed which field, and how many records came in, were refused or skipped.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::format::Format;
use super::names::Field;
use super::refusal::{Refusal, RefusalCode};
use crate::article::Article;

/// The field of [`Article::extra`] that says that the body is a part of the story only.
pub(super) const EXTRACT: &str = "extract";

/// An article, and how it was read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The article.
    pub article: Article,
    /// Which key fed which field.
    pub(super) taken: SmallVec<[(Field, String); 8]>,
    /// Fields with a value that could not be read, which was kept aside.
    pub(super) unread: SmallVec<[Field; 2]>,
    /// Keys that fed no field and are not stored either: those of a page's JSON-LD, and those beside a list of articles.
    pub(super) unused: Vec<String>,
    /// Keys that fed no field and that the article does not keep: they hold more than one may.
    pub(super) cut: Vec<String>,
}

impl Reading {
    /// Gives the article the outlet that a rule names, if it has none.
    pub(super) fn default_outlet(&mut self, outlet: &str) {
        if self.article.outlet.is_none() {
            self.article.outlet = Some(outlet.to_owned());
            self.taken.push((Field::Outlet, "outlet_default".to_owned()));
        }
    }

    /// A scraped page: everything was read off its text.
    pub(super) fn of_page(article: Article) -> Self {
        let mut taken = SmallVec::new();
        let mut from_page = |field: Field, there: bool| {
            if there {
                taken.push((field, "page".to_owned()));
            }
        };
        from_page(Field::Title, !article.title.is_empty());
        from_page(Field::Body, !article.body.is_empty());
        from_page(Field::Outlet, article.outlet.is_some());
        from_page(Field::Reporters, !article.reporters.is_empty());
        from_page(Field::PublishedAt, article.published_at.is_some());
        Self { article, taken, unread: SmallVec::new(), unused: Vec::new(), cut: Vec::new() }
    }
}

/// The closed list of rules by which a record is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipRule {
    /// A draft, or what is private or deleted; a page, an attachment or a picture of a WordPress export.
    NotPublished,
    /// A line that describes the export: `{"type":"header"}`, `<channel>`.
    ExportHeader,
    /// A deletion in a bulk file.
    Deletion,
    /// A comment of a reader, or a setting of an export of WordPress: they hold addresses of people.
    NotPublic,
    /// A value that `skip` of a rule names.
    Configured,
}

impl SkipRule {
    /// The rule as it is written in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotPublished => "not_published",
            Self::ExportHeader => "export_header",
            Self::Deletion => "deletion",
            Self::NotPublic => "not_public",
            Self::Configured => "configured",
        }
    }
}

/// Keys that a report lists for each file; a table of a thousand columns would fill it.
const LISTED_KEYS: usize = 40;
/// Keys that are counted for each file.
pub(super) const COUNTED_KEYS: usize = 500;

/// How many articles lack what a reader looks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Without {
    /// Articles without a story.
    pub body: u64,
    /// Articles without a date.
    pub date: u64,
    /// Articles without an outlet.
    pub outlet: u64,
}

impl Without {
    fn any(self) -> bool {
        self.body + self.date + self.outlet > 0
    }
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Relative to the articles folder.
    pub file: String,
    /// What it turned out to be; `null` if it was not read.
    pub format: Option<Format>,
    /// For each field the key or the column that fed it; several are separated by a comma, the most frequent first.
    pub fields: BTreeMap<Field, String>,
    /// Records that became articles.
    pub articles: u64,
    /// Records that did not.
    pub refused: u64,
    /// The same by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused_by: BTreeMap<String, u64>,
    /// Records that a rule passes over.
    pub skipped: u64,
    /// The same by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped_by: BTreeMap<SkipRule, u64>,
    /// Articles that a later one with the same id replaced, here or in another file, or that was pushed.
    pub replaced: u64,
    /// Articles without body, date or outlet.
    pub without: Without,
    /// Articles of which only an extract or a summary is there.
    #[serde(default)]
    pub extracts: u64,
    /// Values that could not be read and were kept aside, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unread: BTreeMap<Field, u64>,
    /// Articles with characters that could not be decoded; U+FFFD stands for them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub undecoded: u64,
    /// Sheets of a workbook that hold something and were not read: hidden ones, and those without names of columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets_left_out: Vec<String>,
    /// Keys that fed no field, the most frequent first, at most 40. They are stored and not searched; those that a page has in its
    /// JSON-LD, and those beside a list of articles, are not stored.
    pub unused: Vec<String>,
    /// Keys that fed no field and are not stored, because an article would have too many or too large ones; at most 40.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<String>,
}

impl FileReport {
    /// Whether a person should look at it: something was refused, is missing, or was not used, or it gave nothing.
    #[must_use]
    pub fn needs_a_look(&self) -> bool {
        self.articles == 0
            || self.refused > 0
            || self.undecoded > 0
            || self.without.any()
            || !self.sheets_left_out.is_empty()
            || !self.unused.is_empty()
            || !self.cut.is_empty()
            || !self.unread.is_empty()
    }

    /// Whether not a single record was in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.articles + self.refused + self.skipped == 0
    }
}

/// The sums over files that a report does not list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesMore {
    /// How many files there are.
    pub files: u64,
    /// Their articles.
    pub articles: u64,
    /// Their refused records.
    pub refused: u64,
    /// Their skipped records.
    pub skipped: u64,
    /// Their replaced articles.
    pub replaced: u64,
}

/// Sums over all files, by the closed lists of formats and reasons: for logs and metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Records that became articles, by format.
    pub articles: BTreeMap<Format, u64>,
    /// Refused records and files, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Records passed over, by rule.
    pub skipped: BTreeMap<SkipRule, u64>,
    /// Articles without body, date or outlet.
    pub without: Without,
}

impl Totals {
    /// The sums of `files`.
    #[must_use]
    pub fn of(files: &[FileReport]) -> Self {
        let mut totals = Self::default();
        for file in files {
            if let Some(format) = file.format {
                *totals.articles.entry(format).or_default() += file.articles;
            }
            for (reason, count) in &file.refused_by {
                *totals.refused.entry(reason.clone()).or_default() += count;
            }
            for (rule, count) in &file.skipped_by {
                *totals.skipped.entry(*rule).or_default() += count;
            }
            totals.without.body += file.without.body;
            totals.without.date += file.without.date;
            totals.without.outlet += file.without.outlet;
        }
        totals
    }

    /// One list of a log: `jsonl 120, csv 3`.
    #[must_use]
    pub fn formats(&self) -> String {
        let counts: Vec<String> =
            self.articles.iter().map(|(format, count)| format!("{} {count}", format.as_str())).collect();
        counts.join(", ")
    }

    /// The same of the reasons for refusals.
    #[must_use]
    pub fn reasons(&self) -> String {
        let counts: Vec<String> =
            self.refused.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        counts.join(", ")
    }
}

/// Files that a report lists one by one.
pub const LISTED_FILES: usize = 1000;

/// Puts the files first that somebody should look at, and sums those after the [`LISTED_FILES`]th.
#[must_use]
pub fn shortened(mut files: Vec<FileReport>) -> (Vec<FileReport>, Option<FilesMore>) {
    // Stable: files of one kind stay in reading order.
    files.sort_by_key(|file| {
        let sound = file.refused == 0 && file.articles > 0 && file.undecoded == 0;
        (sound, !file.without.any(), file.unused.is_empty(), !file.needs_a_look())
    });
    let rest = if files.len() > LISTED_FILES { files.split_off(LISTED_FILES) } else { Vec::new() };
    let more = (!rest.is_empty()).then(|| {
        rest.iter().fold(FilesMore::default(), |more, file| FilesMore {
            files: more.files + 1,
            articles: more.articles + file.articles,
            refused: more.refused + file.refused,
            skipped: more.skipped + file.skipped,
            replaced: more.replaced + file.replaced,
        })
    });
    (files, more)
}

/// The counts of one file while it is read.
#[derive(Debug, Clone, Default)]
pub struct FileTally {
    format: Option<Format>,
    taken: FxHashMap<(Field, String), u64>,
    unused: FxHashMap<String, u64>,
    cut: FxHashMap<String, u64>,
    articles: u64,
    refused: FxHashMap<RefusalCode, u64>,
    skipped: BTreeMap<SkipRule, u64>,
    replaced: u64,
    without: Without,
    extracts: u64,
    unread: BTreeMap<Field, u64>,
    undecoded: u64,
    sheets_left_out: Vec<String>,
}

impl FileTally {
    /// Counts an article.
    pub fn count(&mut self, reading: &Reading) {
        let article = &reading.article;
        self.articles += 1;
        self.without.body += u64::from(article.body.is_empty());
        self.without.date += u64::from(article.published_at.is_none());
        self.without.outlet += u64::from(article.outlet.is_none());
        self.extracts += u64::from(article.extra.contains_key(EXTRACT));
        self.undecoded +=
            u64::from([&article.title, &article.body].iter().any(|text| text.contains('\u{FFFD}')));
        for (field, key) in &reading.taken {
            count_key(&mut self.taken, (*field, key.clone()));
        }
        for key in article.extra.keys().filter(|key| *key != EXTRACT && !key.ends_with("_raw")) {
            count_key(&mut self.unused, key.clone());
        }
        for key in &reading.unused {
            count_key(&mut self.unused, key.clone());
        }
        for key in &reading.cut {
            count_key(&mut self.cut, key.clone());
        }
        for field in &reading.unread {
            *self.unread.entry(*field).or_default() += 1;
        }
    }

    /// Counts a refused record, or the file as a whole.
    pub fn refuse(&mut self, refusal: &Refusal) {
        *self.refused.entry(refusal.code).or_default() += 1;
    }

    /// Counts articles that later ones replaced.
    pub fn replace(&mut self, count: u64) {
        self.replaced += count;
    }

    /// Notes what the file is, and what of it was skipped.
    pub fn read_as(&mut self, format: Format, skipped: &BTreeMap<SkipRule, u64>) {
        self.format = Some(format);
        for (rule, count) in skipped {
            *self.skipped.entry(*rule).or_default() += count;
        }
    }

    /// Notes the sheets of a workbook that were not read.
    pub fn leave_out(&mut self, sheets: &[String]) {
        self.sheets_left_out.extend_from_slice(sheets);
    }

    /// Notes the keys beside lists of articles that say nothing of these.
    pub fn note_beside(&mut self, keys: &BTreeMap<String, u64>) {
        for (key, count) in keys {
            *self.unused.entry(key.clone()).or_default() += count;
        }
    }

    /// Adds the counts of another part of the same file.
    pub fn add(&mut self, other: Self) {
        self.format = self.format.or(other.format);
        for (key, count) in other.taken {
            *self.taken.entry(key).or_default() += count;
        }
        for (key, count) in other.unused {
            *self.unused.entry(key).or_default() += count;
        }
        for (key, count) in other.cut {
            *self.cut.entry(key).or_default() += count;
        }
        self.articles += other.articles;
        for (code, count) in other.refused {
            *self.refused.entry(code).or_default() += count;
        }
        for (rule, count) in other.skipped {
            *self.skipped.entry(rule).or_default() += count;
        }
        self.replaced += other.replaced;
        self.without.body += other.without.body;
        self.without.date += other.without.date;
        self.without.outlet += other.without.outlet;
        self.extracts += other.extracts;
        self.undecoded += other.undecoded;
        self.sheets_left_out.extend(other.sheets_left_out);
        for (field, count) in other.unread {
            *self.unread.entry(field).or_default() += count;
        }
    }

    /// The refused records by reason.
    pub fn refusals(&self) -> impl Iterator<Item = (RefusalCode, u64)> + '_ {
        self.refused.iter().map(|(code, count)| (*code, *count))
    }

    /// The report, under the file's name.
    #[must_use]
    pub fn report(self, file: &Path) -> FileReport {
        let mut taken: Vec<((Field, String), u64)> = self.taken.into_iter().collect();
        taken.sort_by(|(a, count_a), (b, count_b)| (a.0, count_b, &a.1).cmp(&(b.0, count_a, &b.1)));
        let mut fields: BTreeMap<Field, String> = BTreeMap::new();
        for ((field, key), _) in taken {
            let keys = fields.entry(field).or_default();
            if !keys.is_empty() {
                keys.push_str(", ");
            }
            keys.push_str(&key);
        }
        FileReport {
            file: file.to_string_lossy().into_owned(),
            format: self.format,
            fields,
            articles: self.articles,
            refused: self.refused.values().sum(),
            refused_by: self.refused.iter().map(|(code, count)| (code.as_str().to_owned(), *count)).collect(),
            skipped: self.skipped.values().sum(),
            skipped_by: self.skipped,
            replaced: self.replaced,
            without: self.without,
            extracts: self.extracts,
            unread: self.unread,
            undecoded: self.undecoded,
            sheets_left_out: self.sheets_left_out,
            unused: most_frequent(self.unused),
            cut: most_frequent(self.cut),
        }
    }
}

/// The keys that were counted most often.
fn most_frequent(counts: FxHashMap<String, u64>) -> Vec<String> {
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|(a, count_a), (b, count_b)| (count_b, a).cmp(&(count_a, b)));
    counts.into_iter().take(LISTED_KEYS).map(|(key, _)| key).collect()
}

/// Whether there are none: then serde leaves the count out.
pub(crate) fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Counts `key`, unless there are too many others.
fn count_key<K: std::hash::Hash + Eq>(counts: &mut FxHashMap<K, u64>, key: K) {
    if counts.len() < COUNTED_KEYS {
        *counts.entry(key).or_default() += 1;
    } else if let Some(count) = counts.get_mut(&key) {
        *count += 1;
    }
}
