//! `POST /api/admin/restore`: a backup takes the place of what is served, without a restart.

use std::path::PathBuf;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::admin::{JobLine, JobResponse, follows, started};
use crate::http::code::Code;
use crate::http::error::{ApiError, Problem};
use crate::http::extract::ApiJson;
use crate::http::params::Params;
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
/// Verifies a backup that `gisa backup` made, copies it aside, builds an index of it (unless it holds one), and lets all
/// of it take the place of articles, pushed articles and lexicon in one step. Searches go on meanwhile. What was there
/// before stays beside it; the job's `notes` say where. `follow` is as with reindex.
#[utoipa::path(
    post, path = "/api/admin/restore", tag = "administration", operation_id = "restore", security(("token" = [])),
    params(("follow" = Option<bool>, Query, description = "Stream the progress as NDJSON")),
    request_body = RestoreRequest,
    responses(
        (status = 200, description = "With `follow=true`: one line a second", body = JobLine, content_type = "application/x-ndjson"),
        (status = 202, description = "The job was accepted", body = JobResponse),
        (status = 400, description = "There is no backup", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token, or the wrong one", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A job runs already: `job_id`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn restore(
    State(state): State<AppState>,
    params: Params,
    ApiJson(request): ApiJson<RestoreRequest>,
) -> Result<Response, ApiError> {
    let follow = follows(&state, params)?;
    let folder = request.backup.clone();
    let read =
        tokio::task::spawn_blocking(move || read_manifest(&folder)).await.map_err(ApiError::internal)?;
    read.map_err(|error| ApiError::new(Code::BadBody, error.to_string()))?;
    started(&state, state.service().start_restore(request.backup), follow)
}
