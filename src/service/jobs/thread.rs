//! Running a job on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use super::job::{Job, JobKind};
use super::priority;
use super::registry::{Done, Outcome};
use crate::index::{IndexError, Progress};
use crate::ingest::{Format, RefusalCode, Totals};
use crate::service::{ChangedOptions, ReindexOptions, Service, ServiceError};

/// Why a job was not started.
#[derive(Debug, thiserror::Error)]
pub enum JobRefused {
    /// Another one is running.
    #[error("a job is already running: {}", .0.id)]
    Running(Box<Job>),
    /// Another engine keeps the articles.
    #[error("this server only searches: its articles are kept, indexed and restored elsewhere")]
    KeptElsewhere,
    /// The machine refuses a thread.
    #[error(transparent)]
    Service(ServiceError),
}

impl Service {
    /// Starts a reindex on its own thread and returns its job. With `force` the new index serves also where it has lost much of
    /// the archive.
    ///
    /// # Errors
    /// [`JobRefused::Running`] with the job that runs already, [`JobRefused::KeptElsewhere`].
    pub fn start_reindex(self: &Arc<Self>, force: bool) -> Result<Job, JobRefused> {
        self.start(JobKind::Reindex, move |service, progress| {
            let options = ReindexOptions { threads: service.threads_in_a_server(), force };
            service.reindex_with(options, progress).map(|report| Done {
                report,
                notes: Vec::new(),
                error: None,
            })
        })
    }

    /// Starts a changed run on its own thread and returns its job.
    ///
    /// # Errors
    /// [`JobRefused::Running`] with the job that runs already, [`JobRefused::KeptElsewhere`].
    pub fn start_changed(self: &Arc<Self>, options: ChangedOptions) -> Result<Job, JobRefused> {
        self.start(JobKind::Changed, move |service, progress| {
            let done = service.reindex_changed(&options, progress)?;
            let (notes, error) = (vec![done.summary()], done.withheld.map(|withheld| withheld.to_string()));
            Ok(Done { report: done.report, notes, error })
        })
    }

    /// Starts the restore of the backup in the folder `backup` on its own thread and returns its job.
    ///
    /// # Errors
    /// [`JobRefused::Running`] with the job that runs already, [`JobRefused::KeptElsewhere`].
    pub fn start_restore(self: &Arc<Self>, backup: PathBuf) -> Result<Job, JobRefused> {
        self.start(JobKind::Restore, move |service, progress| service.restore(&backup, progress))
    }

    /// Whether another engine keeps the articles.
    pub(in crate::service) fn is_kept_elsewhere(&self) -> bool {
        self.reads_only() || self.built().is_some_and(|serving| serving.generation().is_none())
    }

    fn start(
        self: &Arc<Self>,
        kind: JobKind,
        work: impl FnOnce(&Arc<Self>, &Progress) -> Result<Done, ServiceError> + Send + 'static,
    ) -> Result<Job, JobRefused> {
        if self.is_kept_elsewhere() {
            return Err(JobRefused::KeptElsewhere);
        }
        let ticket = self.jobs.enter(kind).map_err(JobRefused::Running)?;
        // Before the thread starts: the caller is to see the job as it was accepted.
        let job = self.jobs.running();
        let service = Arc::clone(self);
        let id = ticket.id.clone();
        let run = move || {
            // While nothing is served yet, everybody waits for this job: it gives way to nobody. Nor does one that holds up what is
            // pushed, and that may start the thread which writes it.
            let waited_for = service.serving().is_none() || kind == JobKind::Changed;
            let niceness = if waited_for { 0 } else { service.config.index.niceness };
            if let Err(error) = priority::give_way(niceness) {
                tracing::warn!(%error, "the job cannot give way to searches");
            }
            // Whatever happens here, a job that never ends must not be left over: it would refuse all others.
            let mut end = End { service: &service, job: &ticket.id, outcome: None };
            service.jobs.begin(&ticket.id);
            tracing::info!(job = ticket.id, data = %service.config.data_dir.display(), "job started");
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&service, &ticket.progress)));
            let outcome = outcome_of(&ticket.id, kind, outcome);
            if kind == JobKind::Changed {
                metrics::counter!("changed_runs_total", "outcome" => outcome.name()).increment(1);
            }
            end.outcome = Some(outcome);
        };
        if let Err(error) = std::thread::Builder::new().name(format!("gisa-{}", kind.name())).spawn(run) {
            let error = ServiceError::Thread(error);
            self.jobs.finish(&id, Outcome::Failed(error.to_string()));
            return Err(JobRefused::Service(error));
        }
        job.or_else(|| self.jobs.get(&id)).ok_or_else(|| {
            JobRefused::Service(ServiceError::Thread(std::io::Error::other("the job was lost")))
        })
    }
}

/// Ends a job when dropped, also by a panic.
struct End<'a> {
    service: &'a Service,
    job: &'a str,
    outcome: Option<Outcome>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.service.jobs.finish(self.job, self.outcome.take().unwrap_or_else(bug));
    }
}

/// The outcome of a job that panicked.
fn bug() -> Outcome {
    let error = "the job failed because of a bug in gisa; see the server's log for where it happened";
    Outcome::Failed(error.to_owned())
}

/// Sets the figures of the last reindex for every format and reason: one that has gone must not stay behind.
fn count_by_format_and_reason(totals: &Totals) {
    for format in Format::ALL {
        let articles = totals.articles.get(&format).copied().unwrap_or(0);
        metrics::gauge!("last_reindex_articles", "format" => format.as_str()).set(articles as f64);
    }
    for reason in RefusalCode::ALL {
        let refused = totals.refused.get(reason.as_str()).copied().unwrap_or(0);
        metrics::gauge!("last_reindex_refused_records", "reason" => reason.as_str()).set(refused as f64);
    }
    for (lack, articles) in
        [("body", totals.without.body), ("date", totals.without.date), ("outlet", totals.without.outlet)]
    {
        metrics::gauge!("last_reindex_articles_without", "field" => lack).set(articles as f64);
    }
}

/// How a job ended; also logged.
fn outcome_of(job: &str, kind: JobKind, outcome: std::thread::Result<Result<Done, ServiceError>>) -> Outcome {
    match outcome {
        Ok(Ok(done)) => {
            let report = &done.report;
            tracing::info!(
                job,
                generation = report.generation,
                articles = report.articles,
                replaced = report.replaced,
                names_left_out = report.names_left_out,
                refused = report.refused,
                formats = report.totals.formats(),
                reasons = report.totals.reasons(),
                without_body = report.totals.without.body,
                without_date = report.totals.without.date,
                without_outlet = report.totals.without.outlet,
                seconds = report.seconds,
                notes = ?done.notes,
                error = done.error,
                "{}",
                if done.error.is_none() { "job succeeded" } else { "job succeeded in part" }
            );
            if kind == JobKind::Changed {
                metrics::gauge!("last_changed_seconds").set(report.seconds);
            }
            if kind == JobKind::Reindex {
                metrics::gauge!("last_reindex_seconds").set(report.seconds);
                metrics::gauge!("last_reindex_refused").set(report.refused as f64);
                metrics::gauge!("last_reindex_replaced").set(report.replaced as f64);
                count_by_format_and_reason(&report.totals);
            }
            Outcome::Succeeded(Box::new(done))
        }
        Ok(Err(ServiceError::Index(IndexError::Cancelled))) => {
            tracing::info!(job, "job cancelled");
            Outcome::Cancelled
        }
        Ok(Err(error)) => {
            tracing::error!(job, %error, "job failed");
            Outcome::Failed(error.to_string())
        }
        Err(_) => bug(),
    }
}
