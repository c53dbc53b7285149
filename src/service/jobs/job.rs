//! One job, a reindex or a restore: its state and its counts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::article::Timestamp;
use crate::ingest::RefusedRecord;

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Accepted, not yet started.
    Queued,
    /// Under way.
    Running,
    /// The new generation is in service.
    Succeeded,
    /// Nothing changed; `error` says why.
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
    /// Puts a backup in place of the data folder, and its index into service.
    Restore,
}

impl JobKind {
    /// How ids of such jobs begin.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reindex => "reindex",
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
    /// Records and files refused.
    pub refused: u64,
    /// Bytes read so far.
    pub bytes: u64,
    /// Bytes to read.
    pub bytes_total: u64,
    /// Seconds since it began, or that it took.
    pub elapsed_s: f64,
    /// Seconds it will probably still take; `null` until that can be estimated.
    pub eta_s: Option<f64>,
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
    /// The job without its list of refusals.
    #[must_use]
    pub fn summary(&self) -> Self {
        let (id, generation, error) = (self.id.clone(), self.generation.clone(), self.error.clone());
        Self { id, generation, error, notes: self.notes.clone(), refusals: None, ..*self }
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
            refused: 0,
            bytes: 0,
            bytes_total: 0,
            elapsed_s: 0.0,
            eta_s: None,
            error: None,
            notes: Vec::new(),
            refusals: None,
        }
    }
}
