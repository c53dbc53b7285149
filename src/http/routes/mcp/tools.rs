//! The tools: what they take, and what they do.

use std::sync::Arc;

use rmcp::model::{JsonObject, Tool as DescribedTool, ToolAnnotations};
use serde_json::{Value, json};

use super::answers;
use crate::article::ArticleId;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, notes};
use crate::http::request::search::{COMPLETENESS, FACET_SIZE, KnownNames, ORDER, Page, Paging, SELECTION};
use crate::http::request::{Accepts, Choice, Form, Given, Group, Number, Parameter, Text};
use crate::http::routes::articles::missing;
use crate::http::routes::quotes;
use crate::http::routes::related_terms::{TermsParameters, terms};
use crate::http::routes::trends::{TrendsParameters, counted};
use crate::search::types::{FacetField, PAGE_WINDOW, SnippetOptions};
use crate::search::{self, SearchContext};

/// Hits of a page at most: a model reads all of them.
const LARGEST_PAGE: usize = 20;
/// Sentences of a hit, and characters of one.
const SENTENCES: SnippetOptions = SnippetOptions { count: 2, characters: 160 };

const PAGING: Paging = Paging {
    size: Number::up_to("size", "Articles on a page.", LARGEST_PAGE, 10),
    page: Page { window: PAGE_WINDOW },
    next: "the same search with a narrower period",
};
const ID: Text =
    Text { name: "id", meaning: "The article's id.", longest: None, required: true, form: Form::ArticleId };
const START: Number = Number {
    name: "start",
    meaning: "The character of the body to begin with: `next_start` of the answer before.",
    least: 0,
    most: None,
    default: 0,
};
const LENGTH: Number = Number {
    name: "length",
    meaning: "The most characters of the body.",
    least: 1,
    most: Some(20_000),
    default: 4_000,
};
const FIELD: Choice<FacetField> = Choice {
    name: "field",
    meaning: "What to count by.",
    choices: &[
        ("outlet", FacetField::Outlet),
        ("outlet_group", FacetField::OutletGroup),
        ("reporter", FacetField::Reporter),
        ("section", FacetField::Section),
        ("person", FacetField::Person),
        ("place", FacetField::Place),
        ("organisation", FacetField::Organisation),
        ("day", FacetField::Day),
        ("month", FacetField::Month),
        ("year", FacetField::Year),
    ],
    default: Some("outlet"),
};

struct SearchArguments;

impl Accepts for SearchArguments {
    const GROUPS: &'static [Group] =
        &[SELECTION, ORDER, Group::of(&[&PAGING.size, &PAGING.page]), COMPLETENESS];
}

struct ArticleArguments;

impl Accepts for ArticleArguments {
    const GROUPS: &'static [Group] = &[Group::of(&[&ID, &START, &LENGTH])];
}

struct CountArguments;

impl Accepts for CountArguments {
    const GROUPS: &'static [Group] = &[Group::of(&[&FIELD, &FACET_SIZE]), SELECTION, COMPLETENESS];
}

struct QuotesArguments;

impl Accepts for QuotesArguments {
    const GROUPS: &'static [Group] = &[
        SELECTION,
        Group::of(&[&quotes::SPEAKER, &PAGING.size, &PAGING.page, &quotes::SPEAKERS]),
        COMPLETENESS,
    ];
}

/// A tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    Search,
    ReadArticle,
    CountBy,
    Trends,
    RelatedTerms,
    Quotes,
}

impl Tool {
    pub(super) const ALL: [Self; 6] =
        [Self::Search, Self::ReadArticle, Self::CountBy, Self::Trends, Self::RelatedTerms, Self::Quotes];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::ReadArticle => "read_article",
            Self::CountBy => "count_by",
            Self::Trends => "trends",
            Self::RelatedTerms => "related_terms",
            Self::Quotes => "quotes",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Search => {
                "Find articles: id, title, outlet, date and the sentences that say most about the query. `total` is exact. An empty query \
                 with filters lists the newest."
            }
            Self::ReadArticle => {
                "Read an article by its id. A long body comes in parts: go on from `next_start`."
            }
            Self::CountBy => {
                "Count the articles of a search, exactly, by outlet, group of outlets, reporter, section, person, place, organisation, day, month or year."
            }
            Self::Trends => {
                "Compare one to five searches over time: exact numbers of articles by day, week, month or year, and of all articles."
            }
            Self::RelatedTerms => {
                "Find the persons, places, organisations and words that stand out of the articles of a search, most telling first, with exact \
                 counts; `pairs` counts which of them stand in one article."
            }
            Self::Quotes => {
                "Find what was said: quotations that hold the query, with speaker, article and date, newest first, and exact counts by speaker. \
                 `speaker` takes full names."
            }
        }
    }

    fn groups(self) -> &'static [Group] {
        match self {
            Self::Search => SearchArguments::GROUPS,
            Self::ReadArticle => ArticleArguments::GROUPS,
            Self::CountBy => CountArguments::GROUPS,
            Self::Trends => TrendsParameters::GROUPS,
            Self::RelatedTerms => TermsParameters::GROUPS,
            Self::Quotes => QuotesArguments::GROUPS,
        }
    }

    /// The tool as a model sees it.
    pub(super) fn described(self) -> DescribedTool {
        let reads = ToolAnnotations::new().read_only(true).idempotent(true).open_world(false);
        DescribedTool::new(self.name(), self.description(), Arc::new(schema(self.groups())))
            .with_annotations(reads)
    }

    /// Does it for whoever asks.
    pub(super) async fn call(self, reader: &Reader, arguments: JsonObject) -> Result<Value, ApiError> {
        let pairs = pairs(arguments)?;
        match self {
            Self::Search => search_articles(reader, &Given::of::<SearchArguments>(pairs)?).await,
            Self::ReadArticle => read_article(reader, &Given::of::<ArticleArguments>(pairs)?).await,
            Self::CountBy => count_by(reader, &Given::of::<CountArguments>(pairs)?).await,
            Self::Trends => {
                let given = Given::of::<TrendsParameters>(pairs)?;
                let trends = counted(reader, &given, given.strict()?).await?;
                serde_json::to_value(trends).map_err(ApiError::internal)
            }
            Self::RelatedTerms => {
                let terms = terms(reader, &Given::of::<TermsParameters>(pairs)?).await?;
                serde_json::to_value(terms).map_err(ApiError::internal)
            }
            Self::Quotes => {
                let found = quotes::found(reader, &Given::of::<QuotesArguments>(pairs)?, &PAGING).await?;
                Ok(answers::quotes(&found))
            }
        }
    }
}

/// The arguments of a tool as JSON Schema, made from the table that checks them.
fn schema(groups: &[Group]) -> JsonObject {
    let parameters = || groups.iter().flat_map(|group| group.parameters());
    let property = |parameter: &dyn Parameter| {
        let mut schema = serde_json::to_value(parameter.schema()).unwrap_or_default();
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), json!(parameter.meaning()));
        }
        (parameter.name().to_owned(), schema)
    };
    let properties: JsonObject = parameters().map(property).collect();
    let required: Vec<&str> =
        parameters().filter(|parameter| parameter.is_required()).map(|parameter| parameter.name()).collect();
    let schema = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    match schema {
        Value::Object(schema) => schema,
        _ => JsonObject::new(),
    }
}

/// Arguments as the parameters of an address: what is a list there is given several times here.
fn pairs(arguments: JsonObject) -> Result<Vec<(String, String)>, ApiError> {
    let mut pairs = Vec::new();
    for (name, value) in arguments {
        match value {
            Value::Array(values) => {
                for value in values {
                    pairs.push((name.clone(), text(&name, value)?));
                }
            }
            // What a model leaves open is not given.
            Value::Null => {}
            value => pairs.push((name.clone(), text(&name, value)?)),
        }
    }
    Ok(pairs)
}

fn text(name: &str, value: Value) -> Result<String, ApiError> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        _ => Err(ApiError::bad_parameter(name, "is neither a text nor a number, nor a list of them")),
    }
}

async fn search_articles(reader: &Reader, given: &Given) -> Result<Value, ApiError> {
    let serving = reader.serving()?;
    let mut request = given.search(KnownNames::of(&serving.language), &PAGING)?;
    request.highlight = true;
    request.snippets = SENTENCES;
    let work = move |context: &SearchContext<'_>| search::search(context, &request);
    let mut response = reader.search_or_partly(serving, given.strict()?, work).await?;
    notes::translate(&mut response.notes);
    Ok(answers::hits(&response))
}

async fn read_article(reader: &Reader, given: &Given) -> Result<Value, ApiError> {
    let id = given.required(&ID)?.to_owned();
    let (start, length) = (given.number(&START)?, given.number(&LENGTH)?);
    ArticleId::new(&id).map_err(|error| ApiError::bad_parameter(ID.name, error))?;
    let wanted = id.clone();
    let article = reader.search(move |context| search::article(context, &wanted)).await?;
    let article = article.ok_or_else(|| missing(&id))?;
    Ok(answers::article(article, start, length))
}

async fn count_by(reader: &Reader, given: &Given) -> Result<Value, ApiError> {
    let field = given.choice(&FIELD)?.unwrap_or(FacetField::Outlet);
    let serving = reader.serving()?;
    let request = given.facet(KnownNames::of(&serving.language))?;
    let work = move |context: &SearchContext<'_>| search::facet(context, field, &request);
    let counted = reader.search_or_partly(serving, given.strict()?, work).await?;
    serde_json::to_value(counted).map_err(ApiError::internal)
}
