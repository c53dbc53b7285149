//! `POST /api/admin/restore`: a backup replaces the articles that are served, without a restart.

use std::path::PathBuf;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{JobLine, JobParameters, JobResponse, follows, started};
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{ApiJson, Params};
use crate::http::state::AppState;
use crate::service::backup::read_manifest;

/// What to restore.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RestoreRequest {
    /// The backup's folder, on the server's machine.
    #[schema(value_type = String)]
    backup: PathBuf,
}

/// Restore a backup
///
/// Verifies a backup that `gisa backup` made, copies it aside, builds an index from it (unless it holds one), and replaces
/// articles, pushed articles and lexicon with it in one step. Searches continue meanwhile. The replaced data are kept; the
/// job's `notes` say where. `follow` works as in reindexing.
#[utoipa::path(
    post, path = "/api/admin/restore", tag = "administration", operation_id = "restore", security(("token" = [])),
    params(Params<JobParameters>),
    request_body = RestoreRequest,
    responses(
        (status = 200, description = "With `follow=true`: one line a second", body = JobLine, content_type = "application/x-ndjson"),
        (status = 202, description = "The job was accepted", body = JobResponse),
        (status = 400, description = "The folder does not hold a valid backup", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A job is already running: `job_id`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The server is stopping", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn restore(
    State(state): State<AppState>,
    params: Params<JobParameters>,
    ApiJson(request): ApiJson<RestoreRequest>,
) -> Result<Response, ApiError> {
    let follow = follows(&state, &params)?;
    let folder = request.backup.clone();
    let read =
        tokio::task::spawn_blocking(move || read_manifest(&folder)).await.map_err(ApiError::internal)?;
    read.map_err(|error| ApiError::new(Code::BadBody, error.to_string()))?;
    started(&state, state.service().start_restore(request.backup), follow)
}
