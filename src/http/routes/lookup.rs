//! `GET /api/lookup`: an article by its id or its address.

use axum::Json;

use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{Accepts, Form, Group, Params, Text};
use crate::search;
use crate::search::LookupResponse;

/// The longest address that is looked up, in characters.
const LONGEST: usize = 2_000;

const NAMED: Text = Text {
    name: "q",
    meaning: "An article's id, or its address on the web.",
    longest: Some(LONGEST),
    required: true,
    form: Form::Free,
};

/// The parameters of a lookup.
pub(in crate::http) struct LookupParameters;

impl Accepts for LookupParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&NAMED])];
}

/// Find an article by its id or address
///
/// `http` and `https`, `www.` and `m.`, a slash at the end, a fragment and parameters that follow readers (`utm_…`, `fbclid`) make no
/// difference in an address. An address that no article has is answered with `total` 0.
#[utoipa::path(
    get, path = "/api/lookup", tag = "articles", operation_id = "lookup",
    params(Params<LookupParameters>),
    responses(
        (status = 200, description = "What it names; hits without highlights", body = LookupResponse),
        (status = 400, description = "`q` is missing or too long", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn lookup(
    reader: Reader,
    params: Params<LookupParameters>,
) -> Result<Json<LookupResponse>, ApiError> {
    let asked = params.required(&NAMED)?.to_owned();
    if asked.chars().count() > LONGEST {
        let detail = format!("`q` has more than {LONGEST} characters; no article has such an address");
        return Err(ApiError::new(Code::QueryTooLong, detail).with("parameter", NAMED.name));
    }
    let corrections = reader.corrections()?;
    let found = reader.search(move |context| {
        let mut found = search::lookup(context, &asked)?;
        corrections.mark(&mut found.hits)?;
        Ok(found)
    });
    Ok(Json(found.await?))
}
