//! `GET /opensearch.xml`: the description with which a browser offers gisa in its search bar (OpenSearch 1.1, draft 6).
//!
//! Browsers keep the document apart from where they found it, so its addresses are absolute ([`public_address`]). Whoever forges a
//! `Host` gets their own address back, and nobody else does, because the answer must not be stored.

use axum::Extension;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use quick_xml::escape::escape;

use super::suggest::SUGGESTIONS;
use crate::http::answer::{ApiError, Problem};
use crate::http::client::Client;
use crate::http::pages::{self, Language};
use crate::http::public_address;
use crate::http::request::{NoParameters, Params};
use crate::http::state::AppState;

/// Describe this search for browsers
///
/// OpenSearch description with the addresses of the search page and of the suggestions. They are made from `server.public_url`, else
/// from what a trusted proxy forwards (`X-Forwarded-Proto`, `X-Forwarded-Host`, `X-Forwarded-Prefix`), else from `Host`.
#[utoipa::path(
    get, path = "/opensearch.xml", tag = "search", operation_id = "opensearch_description",
    responses(
        (status = 200, description = "The description", body = String, content_type = "application/opensearchdescription+xml"),
        (status = 400, description = "A parameter is unknown, or `Host` or a forwarded header is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn description(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    _: Params<NoParameters>,
) -> Result<Response, ApiError> {
    let address = public_address::of_request(&state.config().server, client, &headers)
        .map_err(ApiError::bad_address)?;
    let base = escape(address.as_str());
    let icon = pages::link("favicon.svg", Language::Korean);
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>gisa</ShortName>
  <Description>기사 검색</Description>
  <InputEncoding>UTF-8</InputEncoding>
  <Language>ko</Language>
  <Image width="16" height="16" type="image/svg+xml">{base}/{icon}</Image>
  <Url type="text/html" template="{base}/?q={{searchTerms}}"/>
  <Url type="{SUGGESTIONS}" template="{base}/api/suggest/opensearch?q={{searchTerms}}"/>
  <Url type="application/opensearchdescription+xml" rel="self" template="{base}/opensearch.xml"/>
</OpenSearchDescription>
"#
    );
    let content = HeaderValue::from_static("application/opensearchdescription+xml; charset=utf-8");
    let vary = HeaderValue::from_static(public_address::VARY_ON);
    let headers =
        [(CONTENT_TYPE, content), (VARY, vary), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((headers, document).into_response())
}
