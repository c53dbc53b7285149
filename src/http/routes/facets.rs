//! `GET /api/facets/{field}`.

use axum::Json;

use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::search::{COMPLETENESS, FACET_SIZE, GROUP, KnownNames, SELECTION};
use crate::http::request::{Accepts, Choice, Group, Params, PathId};
use crate::search::types::{FacetField, FacetResponse};
use crate::search::{self, SearchContext};

const FOLDING: Choice<bool> =
    Choice { meaning: "`similar`: near-identical articles count once with each value.", ..GROUP };

/// The parameters of a facet.
pub(in crate::http) struct FacetParameters;

impl Accepts for FacetParameters {
    const GROUPS: &'static [Group] = &[SELECTION, Group::of(&[&FACET_SIZE, &FOLDING]), COMPLETENESS];
}

/// Count articles by a field
///
/// Takes the same query and filters as search; the field's own filter is left out. Values are ordered by count; days, months
/// and years by time.
#[utoipa::path(
    get, path = "/api/facets/{field}", tag = "search", operation_id = "facet",
    params(
        ("field" = inline(FacetField), Path, description = "The field to count"),
        Params<FacetParameters>,
    ),
    responses(
        (status = 200, description = "Exact counts", body = FacetResponse),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such field, or no article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn facet(
    reader: Reader,
    PathId(name): PathId,
    params: Params<FacetParameters>,
) -> Result<Json<FacetResponse>, ApiError> {
    let field = FacetField::from_name(&name).ok_or_else(|| {
        let fields = FacetField::ALL.map(FacetField::name).join(", ");
        ApiError::new(Code::NotFound, format!("there is no facet {name:?}; the facets are {fields}"))
    })?;
    let serving = reader.serving()?;
    let request = params.facet(KnownNames::of(&serving.language))?;
    let work = move |context: &SearchContext<'_>| search::facet(context, field, &request);
    Ok(Json(reader.search_or_partly(serving, params.strict()?, work).await?))
}
