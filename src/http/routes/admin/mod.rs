//! `/api/admin`: reindexing, jobs, the lexicon, and restoring a backup.

pub mod lexicon;
pub mod queries;
pub mod restore;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{Accepts, Flag, Group, NoParameters, Params, PathId};
use crate::http::state::AppState;
use crate::index::Phase;
use crate::ingest::{FileReport, FilesMore};
use crate::service::{ChangedOptions, FileOutcome, Job, JobRefused, JobState, MoreFiles, Service};

/// How often a followed job is reported.
const EVERY: Duration = Duration::from_secs(1);

const FOLLOW: Flag = Flag {
    name: "follow",
    meaning: "Whether to stream the progress as NDJSON, one line a second.",
    default: false,
};

const FORCE: Flag = Flag {
    name: "force",
    meaning: "Whether the new index serves also where it has lost much of the archive: far fewer articles than serve \
              (`index.max_shrink_percent`), no article of a file any more, or entries of the journal that are gone. Otherwise \
              such a job fails and the old index stays.",
    default: false,
};

const CHANGED: Flag = Flag {
    name: "changed",
    meaning: "Whether only the files that are new, have changed or are gone are read, into the index that serves: within seconds. \
              Reprint groups and scores may differ from those of a full reindex until the next one (`/ready`: `changes`).",
    default: false,
};

/// The parameters of starting a job.
pub(in crate::http) struct JobParameters;

impl Accepts for JobParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&FOLLOW])];
}

/// The parameters of a reindex.
pub(in crate::http) struct ReindexParameters;

impl Accepts for ReindexParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&CHANGED, &FOLLOW, &FORCE])];
}

/// A job.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct JobResponse {
    job: Job,
}

/// Jobs, newest first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct JobsResponse {
    jobs: Vec<Job>,
}

/// One line of a followed job.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct JobLine {
    id: String,
    state: JobState,
    articles_read: u64,
    articles_indexed: u64,
    replaced: u64,
    /// In the last line: names that were left out of the index because their article has too many. Left out where there are none.
    #[serde(skip_serializing_if = "crate::ingest::is_zero")]
    names_left_out: u64,
    refused: u64,
    bytes: u64,
    bytes_total: u64,
    elapsed_s: f64,
    eta_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase_share: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    /// In the last line: what became of each file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<FileOutcome>>)]
    files: Option<Vec<FileReport>>,
    /// In the last line: the sums of the files that are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoreFiles>)]
    files_more: Option<FilesMore>,
}

impl From<Job> for JobLine {
    fn from(job: Job) -> Self {
        Self {
            id: job.id,
            state: job.state,
            articles_read: job.articles_read,
            articles_indexed: job.articles_indexed,
            replaced: job.replaced,
            names_left_out: job.names_left_out,
            refused: job.refused,
            bytes: job.bytes,
            bytes_total: job.bytes_total,
            elapsed_s: job.elapsed_s,
            eta_s: job.eta_s,
            phase: job.phase,
            phase_share: job.phase_share,
            generation: job.generation,
            error: job.error,
            notes: job.notes,
            files: job.files,
            files_more: job.files_more,
        }
    }
}

/// Reindex
///
/// Rebuilds the index from the data folder while the old one serves, verifies it, and puts it into service. With
/// `follow=true` the answer is one JSON line a second until the job ends: `curl -N` shows the progress. The job continues if
/// the client disconnects. A new index that has lost much of the archive does not serve by itself: the job fails, with both
/// numbers in its `error`, unless it was asked for with `force=true`.
///
/// With `changed=true` only files that differ by size or time from what the index has read are read, into the index that serves: of
/// one id the last in the order of files and lines counts, as in a full reindex, and pushed articles win. What is gone, or would
/// leave too little (counted over all since the last full reindex), is not removed without `force=true`: new files are read all the
/// same, and the job fails with both numbers in its `error`.
#[utoipa::path(
    post, path = "/api/admin/reindex", tag = "administration", operation_id = "reindex", security(("token" = [])),
    params(Params<ReindexParameters>),
    responses(
        (status = 200, description = "With `follow=true`: one line a second", body = JobLine, content_type = "application/x-ndjson"),
        (status = 202, description = "The job was accepted", body = JobResponse),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A job is already running: `job_id`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server is stopping", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn reindex(
    State(state): State<AppState>,
    params: Params<ReindexParameters>,
) -> Result<Response, ApiError> {
    let force = params.flag(&FORCE)?;
    let follow = follows(&state, &params)?;
    let service = state.service();
    let job = if params.flag(&CHANGED)? {
        service.start_changed(ChangedOptions { force, ..ChangedOptions::default() })
    } else {
        service.start_reindex(force)
    };
    started(&state, job, follow)
}

/// Whether the answer is the job's progress; refuses the job if the server is stopping.
fn follows<P: Accepts>(state: &AppState, params: &Params<P>) -> Result<bool, ApiError> {
    let follow = params.flag(&FOLLOW)?;
    if state.is_stopping() {
        return Err(ApiError::new(Code::NotReady, "the server is stopping").retry_after(30));
    }
    Ok(follow)
}

/// The answer to whoever started a job.
fn started(state: &AppState, job: Result<Job, JobRefused>, follow: bool) -> Result<Response, ApiError> {
    let job = job.map_err(|refused| match refused {
        JobRefused::Running(job) => {
            let detail = format!("{} is running; follow it with GET /api/admin/jobs/{}", job.id, job.id);
            ApiError::new(Code::ReindexRunning, detail).with("job_id", job.id)
        }
        JobRefused::KeptElsewhere if state.service().reads_only() => {
            ApiError::new(Code::ReadOnly, refused.to_string()).with("writer", state.service().writer())
        }
        JobRefused::KeptElsewhere => ApiError::new(Code::MethodNotAllowed, refused.to_string()),
        JobRefused::Service(error) => ApiError::internal(error),
    })?;
    if follow {
        return Ok(followed(Arc::clone(state.service()), job.id));
    }
    let location = HeaderValue::from_str(&format!("jobs/{}", job.id)).map_err(ApiError::internal)?;
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], Json(JobResponse { job })).into_response())
}

/// One line immediately, one a second, one at each change of state, and the last one at the end.
fn followed(service: Arc<Service>, id: String) -> Response {
    let changes = service.jobs().changes();
    let lines = stream::unfold(Some((service, id, changes, true)), |following| async {
        let (service, id, mut changes, first) = following?;
        if !first {
            // `changed` cannot fail, because its sender lives in the service, which this stream holds. A second without a
            // change ends the wait as well.
            let _ = tokio::time::timeout(EVERY, changes.changed()).await;
        }
        changes.mark_unchanged();
        let job = service.jobs().get(&id)?;
        let ended = job.state.is_final();
        let mut line = serde_json::to_vec(&JobLine::from(job)).unwrap_or_default();
        line.push(b'\n');
        Some((Ok::<_, Infallible>(Bytes::from(line)), (!ended).then_some((service, id, changes, false))))
    });
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // nginx would otherwise buffer the lines.
        (axum::http::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::from_stream(lines)).into_response()
}

/// List jobs
///
/// The last 50, newest first, without their refused records.
#[utoipa::path(
    get, path = "/api/admin/jobs", tag = "administration", operation_id = "jobs", security(("token" = [])),
    responses(
        (status = 200, description = "Jobs", body = JobsResponse),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn jobs(
    State(state): State<AppState>,
    _: Params<NoParameters>,
) -> Result<Json<JobsResponse>, ApiError> {
    Ok(Json(JobsResponse { jobs: state.service().jobs().list() }))
}

/// Read a job
///
/// Everything about one job, with every refused file or line and its reason, and what became of each file: its format, which key fed
/// which field, and which fed none.
#[utoipa::path(
    get, path = "/api/admin/jobs/{id}", tag = "administration", operation_id = "job", security(("token" = [])),
    params(("id" = String, Path, description = "The job's id")),
    responses(
        (status = 200, description = "The job", body = JobResponse),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such job", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn job(
    State(state): State<AppState>,
    PathId(id): PathId,
    _: Params<NoParameters>,
) -> Result<Json<JobResponse>, ApiError> {
    let job = state.service().jobs().get(&id).ok_or_else(|| missing(&id))?;
    Ok(Json(JobResponse { job }))
}

/// Cancel a job
///
/// Asks the job to stop; the index in service stays as it is. The job's `state` says when it has stopped.
#[utoipa::path(
    delete, path = "/api/admin/jobs/{id}", tag = "administration", operation_id = "cancel_job", security(("token" = [])),
    params(("id" = String, Path, description = "The job's id")),
    responses(
        (status = 202, description = "It was asked to stop", body = JobResponse),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such job", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It has already ended", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn cancel(
    State(state): State<AppState>,
    PathId(id): PathId,
    _: Params<NoParameters>,
) -> Result<(StatusCode, Json<JobResponse>), ApiError> {
    let job = state.service().jobs().cancel(&id).ok_or_else(|| missing(&id))?;
    if job.state.is_final() {
        let detail = format!("{id} has already ended: {}", json!(job.state).as_str().unwrap_or_default());
        return Err(ApiError::new(Code::JobFinished, detail).with("job_id", id));
    }
    Ok((StatusCode::ACCEPTED, Json(JobResponse { job })))
}

fn missing(id: &str) -> ApiError {
    let shown: String = id.chars().take(200).collect();
    ApiError::new(Code::JobNotFound, format!("there is no job {shown:?}; the last 50 are kept"))
}
