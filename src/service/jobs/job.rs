//! One job, a reindex, a changed run or a restore: its state and its counts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::article::Timestamp;
use crate::index::Phase;
use crate::ingest::{FileReport, FilesMore, RefusedRecord};

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Accepted, not yet started.
    Queued,
    /// Under way.
    Running,
    /// The new generation is in service, or the changed files are in the one that is.
    Succeeded,
    /// Nothing changed, `error` says why; of a changed run that would have lost much of the archive: only new files were read.
    Failed,
    /// Nothing changed, because somebody or a shutdown stopped it.
    Cancelled,
}

impl JobState {
    /// Whether the job has ended.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// What a job does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Builds the index from the data folder.
    #[default]
    Reindex,
    /// Reads the files that are new, have changed or are gone.
    Changed,
    /// Puts a backup in place of the data folder, and its index into service.
    Restore,
}

impl JobKind {
    /// How ids of such jobs begin.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reindex => "reindex",
            Self::Changed => "changed",
            Self::Restore => "restore",
        }
    }
}

/// One job.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its name in `/api/admin/jobs/{id}`; ids of one kind sort by time.
    pub id: String,
    /// What it does.
    #[serde(default)]
    pub kind: JobKind,
    /// How far it is.
    pub state: JobState,
    /// When it was asked for.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>)]
    pub finished_at: Option<Timestamp>,
    /// The generation it put into service.
    pub generation: Option<String>,
    /// Records read so far.
    pub articles_read: u64,
    /// Articles handed to the index so far; at the end, articles in it.
    pub articles_indexed: u64,
    /// Articles that a later one with the same id replaced.
    pub replaced: u64,
    /// Names that were left out of the index because their article has more than 512 persons, places or organisations; of a full reindex.
    /// Left out where there are none.
    #[serde(default, skip_serializing_if = "crate::ingest::is_zero")]
    pub names_left_out: u64,
    /// Records and files refused.
    pub refused: u64,
    /// Bytes read so far.
    pub bytes: u64,
    /// Bytes to read.
    pub bytes_total: u64,
    /// Seconds since it began, or that it took.
    pub elapsed_s: f64,
    /// Seconds it will probably still take, an estimate; `null` where there is none.
    pub eta_s: Option<f64>,
    /// What a reindex is doing. Left out before it begins and after it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// How much of that is done, from 0 to 1. Left out where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase_share: Option<f64>,
    /// Why it failed.
    pub error: Option<String>,
    /// Further notes for the person who started it: where a restore keeps the former data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Every refused record or file with its reason (the first 10,000; 1,000 for jobs before the last). Left out in
    /// lists of jobs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Refused>>)]
    pub refusals: Option<Vec<RefusedRecord>>,
    /// What became of each file, at most 1,000: first those with a refusal, then those whose articles lack a body, a date or an
    /// outlet, then those with keys that fed no field. Left out in lists of jobs, and for jobs before the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<FileOutcome>>)]
    pub files: Option<Vec<FileReport>>,
    /// The sums of the files that `files` does not list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoreFiles>)]
    pub files_more: Option<FilesMore>,
}

/// What became of one file, as it is written in a job.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileOutcome {
    /// Relative to the articles folder.
    pub file: String,
    /// What it turned out to be: `jsonl`, `csv`, `xlsx`, …; `null` if it was not read.
    pub format: Option<String>,
    /// For each field the key or column that fed it: `{"title": "제목"}`.
    pub fields: std::collections::BTreeMap<String, String>,
    /// Records that became articles.
    pub articles: u64,
    /// Records that did not.
    pub refused: u64,
    /// The same by reason: `bad_json`, `no_header`, …
    pub refused_by: Option<std::collections::BTreeMap<String, u64>>,
    /// Records that a rule passes over.
    pub skipped: u64,
    /// The same by rule: `not_published`, `export_header`, `deletion`, `not_public`, `configured`.
    pub skipped_by: Option<std::collections::BTreeMap<String, u64>>,
    /// Articles that a later one with the same id replaced, here, in another file, or pushed.
    pub replaced: u64,
    /// Articles without body, date or outlet.
    pub without: Lacking,
    /// Articles of which only an extract is there; their `extract` is `true`.
    pub extracts: u64,
    /// Values that could not be read and were kept aside, by field.
    pub unread: Option<std::collections::BTreeMap<String, u64>>,
    /// Articles with characters that could not be decoded, for which `�` stands.
    pub undecoded: Option<u64>,
    /// Sheets of a workbook that hold something and were not read: hidden ones, and those without names of columns.
    pub sheets_left_out: Option<Vec<String>>,
    /// Keys that fed no field, at most 40. They are stored, and not searched; those of a page's JSON-LD and those beside a list of articles
    /// are not stored.
    pub unused: Vec<String>,
    /// Keys that fed no field and are not stored, because an article would have too many or too large ones; at most 40.
    pub cut: Option<Vec<String>>,
}

/// How many articles of a file lack something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Lacking {
    /// Articles without a story.
    pub body: u64,
    /// Articles without a date.
    pub date: u64,
    /// Articles without an outlet.
    pub outlet: u64,
}

/// Sums over files.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MoreFiles {
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

/// A refused record as it is written in a job.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Refused {
    /// Relative to the articles folder.
    pub file: String,
    /// Counted from 1; `null` where the whole file is meant.
    pub line: Option<u64>,
    /// For programs: `bad_json`, `bad_field`, …
    pub code: String,
    /// For people.
    pub detail: String,
}

impl Job {
    /// The job without its lists of refusals and files.
    #[must_use]
    pub fn summary(&self) -> Self {
        let (id, generation, error) = (self.id.clone(), self.generation.clone(), self.error.clone());
        Self { id, generation, error, notes: self.notes.clone(), refusals: None, files: None, ..*self }
    }

    /// A job that was just asked for.
    pub(super) fn new(id: String, kind: JobKind) -> Self {
        Self {
            id,
            kind,
            state: JobState::Queued,
            created_at: Timestamp::now(),
            finished_at: None,
            generation: None,
            articles_read: 0,
            articles_indexed: 0,
            replaced: 0,
            names_left_out: 0,
            refused: 0,
            bytes: 0,
            bytes_total: 0,
            elapsed_s: 0.0,
            eta_s: None,
            phase: None,
            phase_share: None,
            error: None,
            notes: Vec::new(),
            refusals: None,
            files: None,
            files_more: None,
        }
    }
}
