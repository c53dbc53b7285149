//! Jobs on threads of their own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use super::jobs::{Done, Outcome};
use super::{Engine, EngineError, Job, JobKind, priority};
use crate::index::{IndexError, Progress};

/// Why a job was not started.
#[derive(Debug, thiserror::Error)]
pub enum JobRefused {
    /// One runs already.
    #[error("a job is running already: {}", .0.id)]
    Running(Box<Job>),
    /// Another engine keeps the articles.
    #[error("this server only searches: its articles are kept, indexed and restored elsewhere")]
    KeptElsewhere,
    /// The machine refuses.
    #[error(transparent)]
    Engine(EngineError),
}

impl Engine {
    /// Starts a reindex on its own thread and returns its job.
    ///
    /// # Errors
    /// [`JobRefused::Running`] with the job that runs already, [`JobRefused::KeptElsewhere`].
    pub fn start_reindex(self: &Arc<Self>) -> Result<Job, JobRefused> {
        self.start(JobKind::Reindex, |engine, progress| {
            engine
                .reindex_with(engine.threads_beside_searches(), progress)
                .map(|report| Done { report, notes: Vec::new() })
        })
    }

    /// Starts the restore of the backup in the folder `backup` on its own thread and returns its job.
    ///
    /// # Errors
    /// [`JobRefused::Running`] with the job that runs already, [`JobRefused::KeptElsewhere`].
    pub fn start_restore(self: &Arc<Self>, backup: PathBuf) -> Result<Job, JobRefused> {
        self.start(JobKind::Restore, move |engine, progress| engine.restore(&backup, progress))
    }

    fn start(
        self: &Arc<Self>,
        kind: JobKind,
        work: impl FnOnce(&Arc<Self>, &Progress) -> Result<Done, EngineError> + Send + 'static,
    ) -> Result<Job, JobRefused> {
        if self.serving().is_some_and(|serving| serving.generation().is_none()) {
            return Err(JobRefused::KeptElsewhere);
        }
        let ticket = self.jobs.enter(kind).map_err(JobRefused::Running)?;
        let job = self.jobs.running();
        let engine = Arc::clone(self);
        let id = ticket.id.clone();
        let run = move || {
            // Where nothing is served yet, everybody waits for this.
            let niceness = if engine.serving().is_some() { engine.config.niceness } else { 0 };
            if let Err(error) = priority::give_way(niceness) {
                tracing::warn!(%error, "the job cannot give way to searches");
            }
            engine.jobs.begin(&ticket.id);
            tracing::info!(job = ticket.id, data = %engine.config.data_dir.display(), "job started");
            // A panic must not leave a job that runs for ever and refuses all others.
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&engine, &ticket.progress)));
            engine.jobs.finish(&ticket.id, judged(&ticket.id, kind, outcome));
        };
        if let Err(error) = std::thread::Builder::new().name(format!("gisa-{}", kind.name())).spawn(run) {
            let error = EngineError::Thread(error);
            self.jobs.finish(&id, Outcome::Failed(error.to_string()));
            return Err(JobRefused::Engine(error));
        }
        job.or_else(|| self.jobs.get(&id))
            .ok_or_else(|| JobRefused::Engine(EngineError::Thread(std::io::Error::other("the job was lost"))))
    }
}

/// How a job ended, told to the log too.
fn judged(job: &str, kind: JobKind, outcome: std::thread::Result<Result<Done, EngineError>>) -> Outcome {
    match outcome {
        Ok(Ok(done)) => {
            let report = &done.report;
            tracing::info!(
                job,
                generation = report.generation,
                articles = report.articles,
                refused = report.refused,
                seconds = report.seconds,
                "job succeeded"
            );
            if kind == JobKind::Reindex {
                metrics::gauge!("last_reindex_seconds").set(report.seconds);
                metrics::gauge!("last_reindex_refused").set(report.refused as f64);
            }
            Outcome::Succeeded(done)
        }
        Ok(Err(EngineError::Index(IndexError::Cancelled))) => {
            tracing::info!(job, "job cancelled");
            Outcome::Cancelled
        }
        Ok(Err(error)) => {
            tracing::error!(job, %error, "job failed");
            Outcome::Failed(error.to_string())
        }
        Err(_) => {
            Outcome::Failed("the job ended by a bug in gisa; the server's log has the place".to_owned())
        }
    }
}
