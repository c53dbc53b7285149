//! `POST /api/admin/lexicon/reload`: an editor's change of the lexicon, without a restart.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{NoParameters, Params};
use crate::http::state::AppState;
use crate::service::{LexiconReload, ServiceError};

/// Reload the lexicon
///
/// Reads the files of the lexicon folder again and lists the changes line by line. Synonyms, newspaper hanja and the outlet
/// names of filters take effect at once; words, hanja readings and the outlet names of articles take effect with the next
/// reindex, which `reindex_due` asks for. Lines that are not understood are listed as warnings with their numbers; the others
/// take effect. If a file cannot be read, everything stays as it was.
#[utoipa::path(
    post, path = "/api/admin/lexicon/reload", tag = "administration", operation_id = "reload_lexicon",
    security(("token" = [])),
    responses(
        (status = 200, description = "What changed, and whether a reindex is due", body = LexiconReload),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "This server only reads, and takes its lexicon from the cluster", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "A file cannot be read; `detail` names it", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn reload(
    State(state): State<AppState>,
    _: Params<NoParameters>,
) -> Result<Json<LexiconReload>, ApiError> {
    let service = Arc::clone(state.service());
    // Without a search permit, because administration must answer when search is saturated. Reloads wait for each other in
    // the service.
    let writer = service.writer();
    let reloaded = tokio::task::spawn_blocking(move || service.reload_lexicon()).await;
    reloaded.map_err(ApiError::internal)?.map(Json).map_err(|error| match error {
        ServiceError::Lexicon(error) => {
            tracing::error!(%error, "the lexicon was not reloaded");
            ApiError::new(Code::LexiconUnreadable, format!("{error}; the lexicon is unchanged"))
        }
        error @ ServiceError::LexiconElsewhere => {
            ApiError::new(Code::ReadOnly, error.to_string()).with("writer", writer)
        }
        error => ApiError::internal(error),
    })
}
