//! `GET /api/facets/{field}`.

use axum::Json;
use axum::extract::State;

use crate::http::code::Code;
use crate::http::described::Selection;
use crate::http::error::{ApiError, Problem};
use crate::http::extract::PathId;
use crate::http::params::{FILTERS, Params, facet_field};
use crate::http::state::AppState;
use crate::search;
use crate::search::types::FacetResponse;

/// Count articles by a field
///
/// The same query and filters as search; the field's own filter does not count. Values come by count, days, months and
/// years by time.
#[utoipa::path(
    get, path = "/api/facets/{field}", tag = "search", operation_id = "facet",
    params(
        ("field" = String, Path, description = "outlet, reporter, section, day, month or year"),
        Selection,
        ("size" = Option<usize>, Query, description = "Values at most, 1 to 1000, 100 by default"),
        ("group" = Option<String>, Query, description = "`similar`: near-identical articles count once with each value; `none` by default"),
    ),
    responses(
        (status = 200, description = "Exact counts", body = FacetResponse),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such field", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn facet(
    State(state): State<AppState>,
    PathId(name): PathId,
    params: Params,
) -> Result<Json<FacetResponse>, ApiError> {
    let field = facet_field(&name).map_err(|allowed| {
        ApiError::new(Code::NotFound, format!("there is no facet {name:?}; there are {allowed}"))
    })?;
    let params = params.only(&[&FILTERS, &["size", "group"]])?;
    let request = params.facet(state.serving()?.language.outlets())?;
    Ok(Json(state.search(move |context| search::facet(context, field, &request)).await?))
}
