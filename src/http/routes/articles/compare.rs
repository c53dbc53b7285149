//! `GET /api/articles/{id}/compare`: what differs between two texts, for people to read.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::missing;
use super::shape::IdInPath;
use crate::article::{Article, ArticleId, Timestamp};
use crate::http::access::corrections::{Corrections, version};
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::search::checked_id;
use crate::http::request::{Accepts, Form, Group, Params, PathId, Text, VERSION_LETTERS};
use crate::search::{self, MOST_REPORTERS, SearchContext, SearchError};
use crate::similar::difference::{ComparedCounts, ComparedSentence, Difference, difference};

const WITH: Text = Text {
    name: "with",
    meaning: "The id of another article, such as a reprint; without it the article is compared with its own earlier text.",
    longest: None,
    required: false,
    form: Form::ArticleId,
};
const VERSION: Text = Text {
    name: "version",
    meaning: "Which text of that article, as `versions` names it; without it the present one of another article, the newest earlier one of the same.",
    longest: Some(VERSION_LETTERS),
    required: false,
    form: Form::Version,
};

/// The parameters of a comparison.
pub(in crate::http) struct CompareParameters;

impl Accepts for CompareParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&WITH, &VERSION])];
}

/// What differs between two texts.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct CompareResponse {
    /// The earlier of the two: the text that was replaced; of two articles the one that was published first.
    earlier: ComparedText,
    /// The later of the two.
    later: ComparedText,
    /// The titles.
    title: ComparedSentence,
    /// The bodies, sentence by sentence in reading order.
    body: Vec<ComparedSentence>,
    /// How many sentences of the bodies there are of each kind.
    counts: ComparedCounts,
    /// Whether a text is longer than what is compared of it, its first 300,000 bytes (100,000 syllables), or has more than 100 reporters.
    cut: bool,
}

/// Bytes of a body that are compared, some sixty pages.
const COMPARED_BYTES: usize = 300_000;

/// One of the two texts.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ComparedText {
    /// The article's id.
    #[schema(value_type = String)]
    id: ArticleId,
    /// Names the text.
    version: String,
    /// The outlet.
    outlet: Option<String>,
    /// Reporters.
    reporters: Vec<String>,
    /// Time of publication.
    #[schema(value_type = Option<String>)]
    published_at: Option<Timestamp>,
    /// When a push replaced this text; `null` for a present one.
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
}

/// A text that is compared.
struct Side {
    article: Article,
    until: Option<Timestamp>,
}

impl Side {
    fn described(self) -> ComparedText {
        let Self { article, until } = self;
        ComparedText {
            version: version(&article),
            id: article.id,
            outlet: article.outlet,
            reporters: article.reporters,
            published_at: article.published_at,
            until,
        }
    }
}

/// What was to be compared and is not there.
enum Missing {
    Article(String),
    Version,
}

/// Compare two texts
///
/// An article with an earlier text of its own, or with another article such as a reprint: which sentences were added, dropped or changed,
/// and in a changed sentence which words.
#[utoipa::path(
    get, path = "/api/articles/{id}/compare", tag = "articles", operation_id = "compare",
    params(
        ("id" = inline(IdInPath), Path, description = "The article's id"),
        Params<CompareParameters>,
    ),
    responses(
        (status = 200, description = "What differs", body = CompareResponse),
        (status = 404, description = "No such article, or no such earlier text of it", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn compare(
    reader: Reader,
    PathId(id): PathId,
    params: Params<CompareParameters>,
) -> Result<Json<CompareResponse>, ApiError> {
    let with = params.text(&WITH)?.map(|id| checked_id(&WITH, id)).transpose()?;
    let wanted = params.text(&VERSION)?.map(str::to_owned);
    let is_letter = |letter: u8| matches!(letter, b'0'..=b'9' | b'a'..=b'f');
    if wanted.as_ref().is_some_and(|wanted| wanted.len() != VERSION_LETTERS || !wanted.bytes().all(is_letter))
    {
        return Err(ApiError::bad_parameter(VERSION.name, "names no text; take it from `versions`"));
    }
    let corrections = reader.corrections()?;
    let compared = reader.search(move |context| {
        let sides = sides(context, &corrections, &id, with.as_deref(), wanted.as_deref())?;
        Ok(sides.map(|(earlier, later)| answer(context, earlier, later)))
    });
    compared.await?.map(Json).map_err(|missed| match missed {
        Missing::Article(id) => missing(&id),
        Missing::Version => {
            ApiError::new(Code::VersionNotFound, "there is no such earlier text of the article")
        }
    })
}

/// The two texts, the earlier one first.
fn sides(
    context: &SearchContext<'_>,
    corrections: &Corrections,
    id: &str,
    with: Option<&str>,
    wanted: Option<&str>,
) -> Result<Result<(Side, Side), Missing>, SearchError> {
    let Some(article) = search::article(context, id)? else {
        return Ok(Err(Missing::Article(id.to_owned())));
    };
    let own = Side { article, until: None };
    let other = with.filter(|other| *other != id);
    let of = match other {
        None => own.article.clone(),
        Some(other) => match search::article(context, other)? {
            Some(article) => article,
            None => return Ok(Err(Missing::Article(other.to_owned()))),
        },
    };
    let earlier = || -> Result<Option<Side>, SearchError> {
        let texts = corrections.of(&of)?;
        let found =
            texts.into_iter().find(|text| wanted.is_none_or(|wanted| version(&text.article) == wanted));
        Ok(found.map(|text| Side { article: text.article, until: Some(text.until) }))
    };
    let is_present = wanted.is_some_and(|wanted| version(&of) == wanted);
    let compared = match (other, wanted) {
        (Some(_), None) => Some(Side { article: of, until: None }),
        (Some(_), Some(_)) if is_present => Some(Side { article: of, until: None }),
        _ => earlier()?,
    };
    let Some(compared) = compared else { return Ok(Err(Missing::Version)) };
    // An article without a date is not known to be first.
    let order = |side: &Side| (side.article.published_at.is_none(), side.article.published_at);
    let own_first = other.is_some() && order(&own) < order(&compared);
    Ok(Ok(if own_first { (own, compared) } else { (compared, own) }))
}

fn answer(context: &SearchContext<'_>, mut earlier: Side, mut later: Side) -> CompareResponse {
    let mut cut = false;
    for side in [&mut earlier, &mut later] {
        let Side { article: Article { title, body, outlet, reporters, .. }, .. } = side;
        for text in [title, body].into_iter().chain(outlet) {
            let end = text.floor_char_boundary(COMPARED_BYTES);
            cut |= end < text.len();
            text.truncate(end);
        }
        cut |= reporters.len() > MOST_REPORTERS;
        reporters.truncate(MOST_REPORTERS);
    }
    let Difference { title, body, counts } = difference(&earlier.article, &later.article, context.deadline);
    CompareResponse { earlier: earlier.described(), later: later.described(), title, body, counts, cut }
}
