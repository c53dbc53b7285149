//! What a search asks and what it answers, independent of HTTP and of what holds the articles.

use serde::Serialize;
use utoipa::ToSchema;

use crate::article::{ArticleId, Timestamp};

pub use super::note::{Note, NoteCode};
pub use crate::query::archive::{After, FacetResponse, FacetValue, ScoreParts};
use crate::query::shape::Alternative;

pub use crate::query::request::{FacetField, Filters, MatchMode, Representative, Sort, Strictness};

/// Hits a page may have at most.
pub const LARGEST_PAGE: usize = 100;
/// `page × size` may not exceed this; past it the cursor goes on.
pub const PAGE_WINDOW: usize = 10_000;
/// Rows an export has at most; past them its cursor goes on.
pub const LARGEST_EXPORT: usize = 50_000;
/// Related articles at most.
pub const LARGEST_RELATED: usize = 50;
/// Completions at most.
pub const LARGEST_SUGGEST: usize = 20;
/// Values a facet lists at most.
pub const LARGEST_FACET: usize = 1_000;

/// A search as asked.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest {
    /// The query in gisa's language; empty means all articles.
    pub query: String,
    /// Conditions in addition to the query.
    pub filters: Filters,
    /// Only this article and those of its group of near-identical ones.
    pub similar_to: Option<String>,
    /// Whether near-identical articles are one hit, and which of them it shows.
    pub group: Option<Representative>,
    /// How many of the words must match.
    pub match_mode: MatchMode,
    /// Order of the hits; `None`: relevance with a query, newest without.
    pub sort: Option<Sort>,
    /// Hits wanted, at most [`LARGEST_PAGE`].
    pub size: usize,
    /// Page, from 1.
    pub page: usize,
    /// Goes on after a hit instead of paging.
    pub cursor: Option<Cursor>,
    /// Facets wanted.
    pub facets: Vec<FacetField>,
    /// Values per facet, at most [`LARGEST_FACET`].
    pub facet_size: usize,
    /// Whether titles and snippets are wanted with marks.
    pub highlight: bool,
    /// How many snippets, and how long.
    pub snippets: SnippetOptions,
    /// Whether to tell how the query was read and what the score is made of.
    pub explain: bool,
}

/// How much of a body a hit shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnippetOptions {
    /// Snippets an article has at most; 0 for none.
    pub count: usize,
    /// Characters (code points) a snippet has at most.
    pub characters: usize,
}

impl SnippetOptions {
    /// Most snippets that can be asked for.
    pub const MOST: usize = 10;
    /// Fewest and most characters that can be asked for.
    pub const CHARACTERS: std::ops::RangeInclusive<usize> = 40..=1000;
}

impl Default for SnippetOptions {
    fn default() -> Self {
        Self { count: 3, characters: 160 }
    }
}

/// Where paging through the hits goes on, and which walk (a run of pages) it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// The last hit seen.
    pub after: After,
    /// What must stay the same from page to page.
    pub walk: Walk,
}

/// What the pages of one walk have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// Fingerprint of what was asked: query, filters, match mode, order.
    pub request: u64,
    /// Fingerprint of what answered: generation, lexicons, ranking. See [`super::SearchContext::edition`].
    pub edition: u64,
    /// The present of the first page: scores depend on it.
    pub now: Timestamp,
    /// How many of the words had to match.
    pub strictness: Strictness,
}

impl Walk {
    /// Whether the walk can go on where another generation, lexicon or ranking answers by now: the order must not depend
    /// on other articles (scores do), and neither must what matches (the words that are *most* of a long query do).
    pub fn is_portable(&self, sort: Sort) -> bool {
        sort != Sort::Relevance && self.strictness != Strictness::Most
    }
}

/// The answer to a search.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchResponse {
    /// The query as it was typed (NFC).
    pub query: String,
    /// What was searched for instead: initial consonants that no article holds (`ㅇㅈㅁ`) are taken for what they complete best.
    /// `null` where the query itself was searched for.
    pub searched_for: Option<String>,
    /// What whoever asked should know about how the query was read; mostly nothing.
    pub notes: Vec<Note>,
    /// How many articles match, exactly; near-identical ones count once where they fold.
    pub total: u64,
    /// How many articles those are, exactly: more than `total` where near-identical ones fold.
    pub articles: u64,
    /// How many more articles match everything but the period, because they have no date: that of `from` and `to` and of `날짜:` in the
    /// query; 0 without these.
    pub undated: u64,
    /// `true` where a part of the cluster does not answer, so that articles are missing in everything here; left out where none are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<bool>,
    /// Whether fewer words had to match than asked, because nothing held them all.
    pub relaxed: bool,
    /// Milliseconds in the engine.
    pub took_ms: f64,
    /// The generation that answered.
    pub generation: String,
    /// Up to which write (its `sequence`) the generation holds everything that was pushed; 0 for a key with a fixed filter.
    pub sequence: u64,
    /// The page asked for.
    pub page: usize,
    /// The page size asked for.
    pub size: usize,
    /// Goes on after the last hit; `null` at the end.
    pub next_cursor: Option<String>,
    /// The whole query with its slips corrected, where it found nothing, or only some of its words, or a word that looks like a slip
    /// of one that is at least 50 times as frequent; and this finds more under the same conditions. The hits are those of the query
    /// as it was typed.
    pub suggestion: Option<String>,
    /// How many articles the suggestion finds under the same conditions.
    pub suggestion_total: Option<u64>,
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// Articles that hold the weighty part of the words, where those that hold all do not fill the page; in no count, facet,
    /// export or feed. `null` where `match` is not `auto`, the order is not relevance, a single word was asked for, a cursor is
    /// given, the answer is relaxed, or the hits fill the page or ended on an earlier one.
    pub also: Option<Also>,
    /// Counts by facet field; only the fields asked for.
    pub facets: std::collections::BTreeMap<&'static str, Vec<FacetValue>>,
    /// By facet field: how many of the articles counted there have no value (no outlet, no date), and so are in none of its counts.
    pub missing: std::collections::BTreeMap<&'static str, u64>,
    /// How the query was read and where the time went; only if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explanation>,
}

/// Articles that come near what was asked for: they hold the weighty part of the words, and lack some.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Also {
    /// How many there are, exactly; near-identical ones count once where they fold, and not at all where one is among the hits.
    pub total: u64,
    /// The best of them, as many as the page has room for.
    pub hits: Vec<AlsoHit>,
}

/// An article that lacks some of the words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlsoHit {
    /// The article, as other hits.
    #[serde(flatten)]
    pub hit: Hit,
    /// The words that it does not hold, as typed.
    pub lacks: Vec<String>,
}

/// One article of the answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hit {
    /// The article's id.
    #[schema(value_type = String)]
    pub id: ArticleId,
    /// Relevance; 0 where the order is by time. Left out for a key with a fixed filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// Title, plain text.
    pub title: String,
    /// Outlet, canonical name.
    pub outlet: Option<String>,
    /// Reporters.
    pub reporters: Vec<String>,
    /// Section.
    pub section: Option<String>,
    /// Time of publication, RFC 3339 in Korean time.
    #[schema(value_type = Option<String>)]
    pub published_at: Option<Timestamp>,
    /// Where it was published.
    pub url: Option<String>,
    /// How many other matching articles are folded into this hit, exactly; 0 where nothing folds.
    pub similar_count: u64,
    /// How many other near-identical articles there are in all, whether they match or not; 0 where nothing folds.
    pub similar_total: u64,
    /// When a push last gave it another title or body, if earlier texts are kept; left out where that never happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub corrected_at: Option<Timestamp>,
    /// Names of the fields of which the hit shows only the beginning; the article has all of them. Left out where it shows all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<&'static str>,
    /// Marked title and snippets, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highlight: Option<HitHighlight>,
    /// Parts of the score, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_parts: Option<ScoreParts>,
}

/// Marked title and snippets of a hit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HitHighlight {
    /// The title, as the hit has it.
    pub title: MarkedText,
    /// Pieces of the body in reading order, up to three unless asked otherwise: those that say most about the query, or the
    /// lead where only the title matches.
    pub body: Vec<Snippet>,
}

/// Text with marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MarkedText {
    /// Plain text, never markup.
    pub text: String,
    /// `[start, end)` in UTF-16 code units of `text`; ordered and disjoint.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub marks: Vec<[u32; 2]>,
}

/// A text from outside the index with the marks of a query, and whether the query would find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextAnswer {
    /// Plain text, never markup.
    pub text: String,
    /// `[start, end)` in UTF-16 code units of `text`; ordered and disjoint.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub marks: Vec<[u32; 2]>,
    /// Whether an article with this body would be found.
    pub matches: TextMatch,
    /// Whether the query has conditions on outlet, reporter, section or date. A bare text has none of these:
    /// `matches` takes them as met.
    pub conditions: bool,
    /// The words and phrases of the query, as in a search's explanation, excluded ones too.
    pub clauses: Vec<ClauseInText>,
}

/// Whether a query finds a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextMatch {
    /// It does.
    Yes,
    /// Only while no article holds enough of the words, so that the search is content with fewer.
    Relaxed,
    /// It does not.
    No,
}

/// A word or phrase of a query, and whether a text holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClauseInText {
    /// As typed.
    pub text: String,
    /// Whether the text holds it.
    pub found: bool,
    /// Whether it must not be there.
    pub excluded: bool,
}

/// A piece of a body with marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Snippet {
    /// Plain text, never markup.
    pub text: String,
    /// Where it begins in the stored body, in UTF-16 code units.
    pub start: u32,
    /// `[start, end)` in UTF-16 code units of `text`; ordered and disjoint.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub marks: Vec<[u32; 2]>,
}

/// Articles like another one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RelatedResponse {
    /// The articles, most alike first; `score` counts shared terms and compares only within this answer.
    pub hits: Vec<Hit>,
}

/// What the search box offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SuggestResponse {
    /// What the query may become, best first. Each finds at least one article.
    pub completions: Vec<Completion>,
    /// The whole query with its slips corrected, if it finds nothing or nearly nothing and this finds more.
    pub correction: Option<String>,
    /// How many articles the correction finds.
    pub correction_total: Option<u64>,
}

/// A query to go on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Completion {
    /// The whole query, with what was typed before the completed word.
    pub text: String,
    /// Articles that a search for it finds, exactly.
    pub count: u64,
}

/// A whole article with marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MarkedArticle {
    /// The title.
    pub title: MarkedText,
    /// The body.
    pub body: MarkedText,
    /// Places in the article after the first 10,000, which are not marked. Left out where all are.
    #[serde(skip_serializing_if = "crate::ingest::is_zero")]
    pub unmarked: u64,
}

/// How a query was read and where the time went.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Explanation {
    /// The query in canonical form.
    pub read_as: String,
    /// The same in words, in Korean.
    pub description: String,
    /// Each clause with what it looks for.
    pub clauses: Vec<ClauseExplanation>,
    /// What was done to find anything: `all`, `most`, `any`.
    pub matched: &'static str,
    /// Milliseconds per phase.
    pub phases_ms: std::collections::BTreeMap<&'static str, f64>,
}

/// One clause of a query as the engine looks for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClauseExplanation {
    /// As typed.
    pub text: String,
    /// What is looked for, one line a form, best first.
    pub forms: Vec<String>,
    /// Articles that hold it.
    pub articles: u64,
    /// What is looked for beside the word itself, and which line of a lexicon or which rule says so.
    pub also: Vec<AlsoLookedFor>,
    /// The reporter that a word before 기자 and the like was read as: that reporter's articles count as holding both words. Absent for other
    /// words, and where no article is of a reporter of that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
    /// The days that a time word was read as, `2025-01-01..2025-12-31`: articles of that time, and of the month after it, count as
    /// holding it. Absent for other words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

/// Something that is looked for beside what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlsoLookedFor {
    /// What is looked for.
    pub text: String,
    /// Why: `synonym`, `hanja`, `hanja_part` (현대車), `reading` (反對, 반대), `unit`, `money` ($5, 5달러), `amount` (천만), `telephone`,
    /// `age` (김모(34)씨, 김모씨), `inflected` (companies), `learned` (another name, as the articles have it: `/api/lexicon/learned`).
    pub why: &'static str,
    /// The line of the lexicon that says so, `synonyms.txt:12`; `null` where a rule or the archive does.
    pub from: Option<String>,
}

impl From<&Alternative> for AlsoLookedFor {
    fn from(alternative: &Alternative) -> Self {
        let Alternative { text, why } = alternative;
        Self { text: text.clone(), why: why.name(), from: why.source() }
    }
}
