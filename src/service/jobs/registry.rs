//! The job registry: the job that runs, and how earlier ones ended. One runs at a time; the last 50 survive a restart.

use std::collections::VecDeque;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use time::OffsetDateTime;
use time::macros::format_description;
use tokio::sync::watch;

use super::job::{Job, JobKind, JobState};
use crate::article::Timestamp;
use crate::index::{BuildReport, Progress};

const FILE: &str = "jobs.json";
/// Jobs remembered.
const MAX_JOBS: usize = 50;
/// Refused records remembered of each job before the last one.
const MAX_EARLIER_REFUSALS: usize = 1000;

/// Permission to run a job: no other one runs.
pub(super) struct Ticket {
    pub(super) id: String,
    pub(super) progress: Arc<Progress>,
}

/// The result of a job that succeeded.
pub(in crate::service) struct Done {
    pub(in crate::service) report: BuildReport,
    /// [`Job::notes`].
    pub(in crate::service) notes: Vec<String>,
    /// Why only a part of it was done.
    pub(in crate::service) error: Option<String>,
}

/// How a job ended.
pub(super) enum Outcome {
    Succeeded(Box<Done>),
    Cancelled,
    /// Why.
    Failed(String),
}

impl Outcome {
    /// As metrics name it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Succeeded(done) if done.error.is_some() => "withheld",
            Self::Succeeded(_) => "succeeded",
            Self::Cancelled => "cancelled",
            Self::Failed(_) => "failed",
        }
    }
}

/// All jobs, newest last.
#[derive(Debug)]
pub struct Jobs {
    file: PathBuf,
    inner: Mutex<Inner>,
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Inner {
    jobs: VecDeque<Job>,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    id: String,
    progress: Arc<Progress>,
    started: Instant,
}

impl Jobs {
    /// Reads the jobs of earlier processes. A job that had not ended was stopped together with its process. A list that
    /// cannot be read is dropped with a warning: it is history, nothing depends on it.
    pub fn open(index_dir: &Path) -> Self {
        let file = index_dir.join(FILE);
        let mut jobs: VecDeque<Job> = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(file = %file.display(), %error, "the list of earlier jobs cannot be read; a new list begins");
                VecDeque::new()
            }),
            Err(_) => VecDeque::new(),
        };
        for job in jobs.iter_mut().filter(|job| !job.state.is_final()) {
            job.state = JobState::Failed;
            job.error = Some("the server stopped while the job ran; start it again".to_owned());
        }
        let inner = Mutex::new(Inner { jobs, running: None });
        Self { file, inner, changes: watch::Sender::new(0) }
    }

    /// All jobs as they are now, newest first.
    pub fn list(&self) -> Vec<Job> {
        let inner = self.lock();
        inner.jobs.iter().rev().map(|job| inner.now(job).summary()).collect()
    }

    /// One job with everything about it.
    pub fn get(&self, id: &str) -> Option<Job> {
        let inner = self.lock();
        let job = inner.jobs.iter().find(|job| job.id == id)?;
        let (refusals, files) = (job.refusals.clone().unwrap_or_default(), job.files.clone());
        Some(Job { refusals: Some(refusals), files, ..inner.now(job) })
    }

    /// The running job, without its refusals.
    pub fn running(&self) -> Option<Job> {
        let inner = self.lock();
        let running = inner.running.as_ref()?;
        inner.jobs.iter().find(|job| job.id == running.id).map(|job| inner.now(job))
    }

    /// The job that ended last, without its refusals.
    pub fn last_finished(&self) -> Option<Job> {
        self.lock().jobs.iter().rev().find(|job| job.state.is_final()).map(Job::summary)
    }

    /// Asks the job to stop, and gives it as it is now; `None` if there is no such job.
    pub fn cancel(&self, id: &str) -> Option<Job> {
        let inner = self.lock();
        if let Some(running) = inner.running.as_ref().filter(|running| running.id == id) {
            running.progress.cancel.store(true, Ordering::Relaxed);
        }
        inner.jobs.iter().find(|job| job.id == id).map(|job| inner.now(job))
    }

    /// Asks the running job, if there is one, to stop.
    pub fn cancel_running(&self) {
        if let Some(running) = &self.lock().running {
            running.progress.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// Changes whenever a job changes its state.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Enters a new job.
    ///
    /// # Errors
    /// The running job, if there is one.
    pub(super) fn enter(&self, kind: JobKind) -> Result<Ticket, Box<Job>> {
        let mut inner = self.lock();
        if let Some(running) = &inner.running {
            let job = inner.jobs.iter().find(|job| job.id == running.id);
            return Err(Box::new(
                job.map_or_else(|| Job::new(running.id.clone(), kind), |job| inner.now(job)),
            ));
        }
        let id = inner.new_id(kind);
        let progress = Arc::new(Progress::default());
        inner.jobs.push_back(Job::new(id.clone(), kind));
        while inner.jobs.len() > MAX_JOBS {
            // There may be very many changed runs: they do not push out what became of the last reindexes.
            let changed = inner.jobs.iter().filter(|job| job.kind == JobKind::Changed).count();
            let oldest = inner.jobs.iter().position(|job| job.kind == JobKind::Changed);
            let oldest = oldest.filter(|_| changed > MAX_JOBS / 2).unwrap_or(0);
            inner.jobs.remove(oldest);
        }
        inner.running =
            Some(Running { id: id.clone(), progress: Arc::clone(&progress), started: Instant::now() });
        self.changed(&inner);
        Ok(Ticket { id, progress })
    }

    /// Notes that the job's thread has begun.
    pub(super) fn begin(&self, id: &str) {
        let mut inner = self.lock();
        if let Some(job) = inner.jobs.iter_mut().find(|job| job.id == id) {
            job.state = JobState::Running;
        }
        self.changed(&inner);
    }

    /// Notes how the job ended.
    pub(super) fn finish(&self, id: &str, outcome: Outcome) {
        let mut inner = self.lock();
        // Only the last job keeps its whole list: with fifty such lists, saving would take long.
        for job in &mut inner.jobs {
            job.files = None;
            if let Some(refusals) = job.refusals.as_mut() {
                refusals.truncate(MAX_EARLIER_REFUSALS);
            }
        }
        let now = inner.jobs.iter().find(|job| job.id == id).map(|job| inner.now(job));
        if let (Some(now), Some(job)) = (now, inner.jobs.iter_mut().find(|job| job.id == id)) {
            let running = Job { eta_s: None, phase: None, phase_share: None, ..now };
            *job = Job { finished_at: Some(Timestamp::now()), ..running };
            match outcome {
                Outcome::Cancelled => job.state = JobState::Cancelled,
                Outcome::Failed(error) => {
                    job.state = JobState::Failed;
                    job.error = Some(error);
                }
                Outcome::Succeeded(done) => {
                    let Done { report, notes, error } = *done;
                    job.state = if error.is_some() { JobState::Failed } else { JobState::Succeeded };
                    job.error = error;
                    job.generation = Some(report.generation);
                    job.articles_indexed = report.articles;
                    job.replaced = report.replaced;
                    job.names_left_out = report.names_left_out;
                    job.refused = report.refused;
                    job.refusals = Some(report.refusals);
                    job.files = Some(report.files);
                    job.files_more = report.files_more;
                    job.notes = notes;
                }
            }
        }
        inner.running = None;
        self.changed(&inner);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Saves the list and tells everybody who follows it.
    fn changed(&self, inner: &Inner) {
        if let Err(error) = self.save(inner) {
            tracing::warn!(file = %self.file.display(), %error, "cannot save the list of jobs");
        }
        self.changes.send_modify(|version| *version += 1);
    }

    fn save(&self, inner: &Inner) -> std::io::Result<()> {
        let temporary = self.file.with_extension("json.new");
        let mut file = fs::File::create(&temporary)?;
        file.write_all(&serde_json::to_vec(&inner.jobs)?)?;
        file.sync_all()?;
        fs::rename(&temporary, &self.file)
    }
}

impl Inner {
    /// The job with what its build has done so far, without its refusals.
    fn now(&self, job: &Job) -> Job {
        let mut job = job.summary();
        let Some(running) = self.running.as_ref().filter(|running| running.id == job.id) else { return job };
        let progress = &running.progress;
        job.articles_read = progress.articles_read.load(Ordering::Relaxed);
        job.articles_indexed = progress.articles_indexed.load(Ordering::Relaxed);
        job.refused = progress.refused.load(Ordering::Relaxed);
        job.bytes = progress.bytes_read.load(Ordering::Relaxed);
        job.bytes_total = progress.bytes_total.load(Ordering::Relaxed);
        job.elapsed_s = to_millis(running.started.elapsed().as_secs_f64());
        job.eta_s = progress.remaining().map(|left| to_millis(left.as_secs_f64()));
        job.phase = progress.phase();
        job.phase_share = progress.share().map(to_millis);
        job
    }

    /// `reindex-20230609T165300`, followed by a number if a job of that second has the name already.
    fn new_id(&self, kind: JobKind) -> String {
        let format = format_description!("[year][month][day]T[hour][minute][second]");
        let now = OffsetDateTime::now_utc().to_offset(crate::article::KST);
        let base = format!("{}-{}", kind.name(), now.format(&format).unwrap_or_default());
        let taken = |id: &str| self.jobs.iter().any(|job| job.id == id);
        if !taken(&base) {
            return base;
        }
        (2_u32..).map(|number| format!("{base}-{number}")).find(|id| !taken(id)).unwrap_or(base)
    }
}

/// Three decimals.
fn to_millis(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_history_survives() {
        let folder = tempfile::tempdir().unwrap();
        let jobs = Jobs::open(folder.path());
        let first = jobs.enter(JobKind::Reindex).ok().unwrap();
        assert_eq!(jobs.enter(JobKind::Reindex).err().unwrap().id, first.id);
        jobs.begin(&first.id);
        first.progress.articles_read.store(7, Ordering::Relaxed);
        assert_eq!(jobs.get(&first.id).unwrap().articles_read, 7);
        assert!(jobs.cancel("no-such-job").is_none());
        jobs.cancel(&first.id).unwrap();
        assert!(first.progress.cancel.load(Ordering::Relaxed));
        jobs.finish(&first.id, Outcome::Cancelled);
        let second = jobs.enter(JobKind::Reindex).ok().unwrap();
        assert_ne!(second.id, first.id);
        jobs.begin(&second.id);

        let reopened = Jobs::open(folder.path());
        let states: Vec<_> = reopened.list().iter().map(|job| job.state).collect();
        assert_eq!(states, [JobState::Failed, JobState::Cancelled]);
        assert_eq!(reopened.get(&first.id).unwrap().articles_read, 7);
        assert!(reopened.running().is_none());
    }

    #[test]
    fn only_the_last_fifty_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let jobs = Jobs::open(folder.path());
        for _ in 0..MAX_JOBS + 3 {
            let ticket = jobs.enter(JobKind::Reindex).ok().unwrap();
            jobs.finish(&ticket.id, Outcome::Cancelled);
        }
        assert_eq!(jobs.list().len(), MAX_JOBS);
    }
}
