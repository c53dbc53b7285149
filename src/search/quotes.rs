//! Search inside quotations: what was said, by whom, and where that stands.

use std::ops::Range;

use serde::Serialize;
use utoipa::ToSchema;

use super::context::SearchContext;
use super::error::SearchError;
use super::highlight::{joined, utf16_length, utf16_marks};
use super::marking::{located, placed};
use super::reading;
use super::session::Session;
use super::types::{MatchMode, SearchRequest, Strictness};
use crate::article::{Article, Timestamp};
use crate::korean::fold::kept_chars;
use crate::query::archive::{FacetValue, FoundQuote, Quotations, QuotesWanted};

/// Speakers that are counted, at most.
pub const MOST_SPEAKERS: usize = 1_000;

/// Which quotations are asked for.
#[derive(Debug, Clone, Default)]
pub struct QuotesRequest {
    /// Only those of one of these speakers; all where there are none.
    pub speakers: Vec<String>,
    /// Speakers that are counted, at most.
    pub most_speakers: usize,
}

/// Quotations that hold a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotesResponse {
    /// The query as it was read (NFC).
    pub query: String,
    /// How many quotations there are, exactly.
    pub total: u64,
    /// How many articles they are in, exactly.
    pub articles: u64,
    /// `true` where a part of the cluster does not answer, so that articles are missing in everything here; left out where none are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<bool>,
    /// The page, from 1.
    pub page: usize,
    /// Quotations on a page.
    pub size: usize,
    /// The quotations of the page: newest article first, in each in the order of the text.
    pub quotes: Vec<Quote>,
    /// How many quotations each speaker has, most first; whichever speakers are asked for.
    pub speakers: Vec<FacetValue>,
    /// Quotations of speakers beyond those.
    pub other: u64,
    /// Quotations of which the text does not say by which person they are: those of institutions and unnamed people too.
    pub unnamed: u64,
}

/// A quotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quote {
    /// Its article.
    pub article: QuotedArticle,
    /// Who says it, as the facet `person` writes the name; null where the text does not say by which person.
    pub speaker: Option<String>,
    /// The words of the text that say who speaks, as they stand (`김하늘 장관은`, `그는`, `경찰은`).
    pub speaker_text: Option<String>,
    /// What stands inside the quotation marks.
    pub text: String,
    /// Where the query is in `text`, in UTF-16 code units.
    pub marks: Vec<[u32; 2]>,
    /// Where it begins in the stored body, in UTF-16 code units.
    pub start: u32,
    /// Where it ends there.
    pub end: u32,
}

/// The article that a quotation is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotedArticle {
    /// Its id.
    pub id: String,
    /// Its headline.
    pub title: String,
    /// Its outlet.
    pub outlet: Option<String>,
    /// When it was published.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Timestamp>,
    /// Its address.
    pub url: Option<String>,
}

/// The quotations that hold all of a query, each for itself. Of `request`, query, filters and page count.
///
/// # Errors
/// A query over the limits, an article that does not exist, an index without quotations, the deadline, or a failing archive.
pub fn quotes(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    of: &QuotesRequest,
) -> Result<QuotesResponse, SearchError> {
    let session = Session::reading(context, request, reading::read)?;
    let strictness = if request.match_mode == MatchMode::Any { Strictness::Any } else { Strictness::All };
    let wanted = QuotesWanted { speakers: &of.speakers, most_speakers: of.most_speakers };
    let found = session.quotations(strictness, &wanted)?;
    let Quotations { total, articles, speakers, other, unnamed, quotes } = found;
    let quotes = shown(context, &session, &quotes)?;
    Ok(QuotesResponse {
        query: session.query.text().to_owned(),
        total,
        articles,
        partial: context.partial(),
        page: request.page.max(1),
        size: request.size,
        quotes,
        speakers,
        other,
        unnamed,
    })
}

/// The quotations with their texts and marks.
fn shown(
    context: &SearchContext<'_>,
    session: &Session<'_>,
    found: &[FoundQuote],
) -> Result<Vec<Quote>, SearchError> {
    let mut places: Vec<_> = found.iter().map(|quote| quote.article).collect();
    places.dedup();
    let articles = context.read(&places)?;
    let placed = placed(context, &session.plan, &places, &articles)?;
    let located = located(context, &articles, &placed)?;
    let mut quotes = Vec::with_capacity(found.len());
    for ((place, article), marks) in places.iter().zip(&articles).zip(located) {
        context.deadline().check()?;
        let marks = joined(&marks.body);
        let kept = kept_chars(&article.body);
        for quote in found.iter().filter(|quote| quote.article == *place) {
            // A place that the body does not have is damage: the columns are of this article.
            let range = quote.place.range(&article.body, &kept).ok_or_else(|| {
                let what = format!("article {} has no quotation where the index has one", article.id);
                SearchError::Archive(what.into())
            })?;
            let words = quote.speaker_place.and_then(|words| words.range(quote.place, &kept));
            quotes.push(of_article(article, quote, &range, words, &marks));
        }
    }
    Ok(quotes)
}

fn of_article(
    article: &Article,
    quote: &FoundQuote,
    range: &Range<usize>,
    words: Option<Range<usize>>,
    marks: &[Range<usize>],
) -> Quote {
    let body = article.body.as_str();
    let text = body.get(range.clone()).unwrap_or_default();
    let inside = marks.iter().filter(|mark| mark.start >= range.start && mark.end <= range.end);
    let inside: Vec<_> = inside.map(|mark| mark.start - range.start..mark.end - range.start).collect();
    let start = utf16_length(body, 0..range.start);
    Quote {
        article: QuotedArticle {
            id: article.id.to_string(),
            title: article.title.clone(),
            outlet: article.outlet.clone(),
            published_at: article.published_at,
            url: article.url.clone(),
        },
        speaker: quote.speaker.clone(),
        speaker_text: words.and_then(|words| body.get(words)).map(str::to_owned),
        text: text.to_owned(),
        marks: utf16_marks(text, &inside),
        start,
        end: start + utf16_length(body, range.clone()),
    }
}
