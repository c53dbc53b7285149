//! `GET /api/quotes` and `GET /export/quotes.csv`: search inside quotations.

use axum::Json;
use axum::response::Response;

use super::listing::export::{cell, csv_table};
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::search::{COMPLETENESS, KnownNames, Page, Paging, SELECTION};
use crate::http::request::{Accepts, Given, Group, Number, Params, Texts};
use crate::search;
use crate::search::types::PAGE_WINDOW;
use crate::search::{MOST_SPEAKERS, QuotesRequest, QuotesResponse, SearchContext};

/// Whose quotations.
pub(in crate::http::routes) const SPEAKER: Texts = Texts {
    name: "speaker",
    meaning: "Who says it, as the facet `person` writes the name; repeat for several.",
    most: 64,
    longest: 200,
    required: false,
};
const PAGING: Paging = Paging {
    size: Number {
        name: "size",
        meaning: "Quotations on a page; 0: only the counts.",
        least: 0,
        most: Some(100),
        default: 10,
    },
    page: Page { window: PAGE_WINDOW },
    next: "a narrower period",
};
/// How many speakers are counted.
pub(in crate::http::routes) const SPEAKERS: Number =
    Number::up_to("speakers", "The most speakers that are counted in the answer.", MOST_SPEAKERS, 50);

/// The parameters of a search inside quotations.
pub(in crate::http) struct QuotesParameters;

impl Accepts for QuotesParameters {
    const GROUPS: &'static [Group] =
        &[SELECTION, Group::of(&[&SPEAKER, &PAGING.size, &PAGING.page, &SPEAKERS]), COMPLETENESS];
}

/// The parameters of a table of quotations: its rows are the first page.
pub(in crate::http) struct TableParameters;

const ROWS: Number = Number::up_to("size", "The most rows.", PAGE_WINDOW, 1_000);

impl Accepts for TableParameters {
    const GROUPS: &'static [Group] = &[SELECTION, Group::of(&[&SPEAKER, &ROWS])];
}

/// Search inside quotations
///
/// Direct speech in the bodies of articles that holds the whole query, each quotation for itself: newest article first, in each in the order
/// of the text. Words are read as in search and must all be in one quotation (`match=any`: one of them); what asks for outlets,
/// reporters or dates holds for the article. `speakers` counts the quotations of each speaker and leaves the filter `speaker` out.
#[utoipa::path(
    get, path = "/api/quotes", tag = "search", operation_id = "quotes",
    params(Params<QuotesParameters>),
    responses(
        (status = 200, description = "The quotations, with exact counts", body = QuotesResponse),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn quotes(
    reader: Reader,
    params: Params<QuotesParameters>,
) -> Result<Json<QuotesResponse>, ApiError> {
    Ok(Json(found(&reader, &params, &PAGING).await?))
}

/// Export quotations as CSV
///
/// What `/api/quotes` answers as CSV: UTF-8 with byte order mark, CRLF; a row for each quotation with the columns `speaker`, `speaker_text`,
/// `text`, `id`, `title`, `outlet`, `published_at`, `url`, `start` and `end`. At most 10,000 rows.
#[utoipa::path(
    get, path = "/export/quotes.csv", tag = "search", operation_id = "export_quotes",
    params(Params<TableParameters>),
    responses(
        (status = 200, description = "The rows", body = String, content_type = "text/csv; charset=utf-8"),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn csv(
    reader: Reader,
    params: Params<TableParameters>,
) -> Result<Response, ApiError> {
    let mut request = params.chosen(KnownNames::of(&reader.serving()?.language))?;
    request.size = params.number(&ROWS)?;
    let of = QuotesRequest { speakers: params.texts(&SPEAKER)?, most_speakers: 0 };
    let answer = reader.search(move |context| search::quotes(context, &request, &of)).await?;
    csv_table("gisa-quotes", |writer| table(&answer, writer))
}

/// The quotations that the parameters ask for.
pub(in crate::http::routes) async fn found(
    reader: &Reader,
    params: &Given,
    paging: &Paging,
) -> Result<QuotesResponse, ApiError> {
    let serving = reader.serving()?;
    let request = params.search_in_quotes(KnownNames::of(&serving.language), paging)?;
    let of = QuotesRequest { speakers: params.texts(&SPEAKER)?, most_speakers: params.number(&SPEAKERS)? };
    let work = move |context: &SearchContext<'_>| search::quotes(context, &request, &of);
    reader.search_or_partly(serving, params.strict()?, work).await
}

fn table(answer: &QuotesResponse, writer: &mut csv::Writer<&mut Vec<u8>>) -> csv::Result<()> {
    writer.write_record([
        "speaker",
        "speaker_text",
        "text",
        "id",
        "title",
        "outlet",
        "published_at",
        "url",
        "start",
        "end",
    ])?;
    for quote in &answer.quotes {
        let article = &quote.article;
        let published = article.published_at.map(|at| at.to_string()).unwrap_or_default();
        let (start, end) = (quote.start.to_string(), quote.end.to_string());
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let row = [
            text(&quote.speaker),
            text(&quote.speaker_text),
            quote.text.clone(),
            article.id.clone(),
            article.title.clone(),
            text(&article.outlet),
            published,
            text(&article.url),
            start,
            end,
        ];
        writer.write_record(row.iter().map(|value| cell(value).into_owned()))?;
    }
    Ok(())
}
