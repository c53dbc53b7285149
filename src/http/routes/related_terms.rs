//! `GET /api/related-terms`.

use axum::Json;

use crate::entities::EntityKind;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::search::{COMPLETENESS, GROUP, KnownNames, SELECTION};
use crate::http::request::{Accepts, Choice, Flag, Given, Group, List, Number, Params};
use crate::search;
use crate::search::{MOST_TERMS, RelatedTermsResponse, SearchContext, TermsRequest};

const SIZE: Number = Number::up_to("size", "The most terms.", MOST_TERMS, 30);
const KINDS: List<EntityKind> = List {
    name: "kinds",
    meaning: "Kinds of terms, with commas between them; all by default.",
    choices: &EntityKind::ALL,
    word: EntityKind::as_str,
    skips_empty: true,
};
const PAIRS: Flag = Flag {
    name: "pairs",
    meaning: "Whether to count for each two of the terms the articles that hold both: the lines of a map.",
    default: false,
};
const FOLDING: Choice<bool> = Choice {
    meaning: "`similar`: of near-identical articles that match one is looked at, so that a reprint adds nothing.",
    ..GROUP
};

/// The parameters of related terms.
pub(in crate::http) struct TermsParameters;

impl Accepts for TermsParameters {
    const GROUPS: &'static [Group] =
        &[SELECTION, Group::of(&[&SIZE, &KINDS, &PAIRS, &FOLDING]), COMPLETENESS];
}

/// Find related terms
///
/// The persons, places, organisations and words that stand out of the articles of a search: those that they name more often than the whole
/// archive does, by the signed log-likelihood ratio G² (Dunning 1993), which weighs how much more often against how sure that is. Mere
/// frequency would put first what all articles name. A term must stand out more than chance does to one in
/// twenty, and in two of the articles unless fewer than ten match. The words of
/// the query, their variants and parts are left out, and so are the names of the filters. Of more than 20,000 articles the newest 20,000
/// are looked at. Takes the query and filters of search.
#[utoipa::path(
    get, path = "/api/related-terms", tag = "search", operation_id = "related_terms",
    params(Params<TermsParameters>),
    responses(
        (status = 200, description = "The terms", body = RelatedTermsResponse),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn related_terms(
    reader: Reader,
    params: Params<TermsParameters>,
) -> Result<Json<RelatedTermsResponse>, ApiError> {
    Ok(Json(terms(&reader, &params).await?))
}

/// The terms that the parameters ask for.
pub(in crate::http::routes) async fn terms(
    reader: &Reader,
    params: &Given,
) -> Result<RelatedTermsResponse, ApiError> {
    let kinds = params.list(&KINDS)?.filter(|kinds| !kinds.is_empty());
    let wanted = TermsRequest {
        kinds: kinds.unwrap_or_else(|| EntityKind::ALL.to_vec()),
        size: params.number(&SIZE)?,
        pairs: params.flag(&PAIRS)?,
    };
    let serving = reader.serving()?;
    let request = params.chosen(KnownNames::of(&serving.language))?;
    let work = move |context: &SearchContext<'_>| search::related_terms(context, &request, &wanted);
    reader.search_or_partly(serving, params.strict()?, work).await
}
