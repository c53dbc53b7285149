//! Queries → answers: reads the query, plans it, asks an [`Archive`](crate::query::archive::Archive), and makes of what that
//! selects the answer: hits, marks, snippets, facets, cursors, suggestions. Knows nothing of HTTP, nor of what holds the
//! articles.

mod analyze;
mod arrived;
mod bounds;
mod bucket;
mod context;
mod cursor;
mod error;
pub mod evaluate;
mod explain;
mod highlight;
mod learned;
mod listing;
mod lookup;
mod marking;
mod note;
mod quotes;
mod reading;
mod related;
mod related_terms;
mod reprint;
mod run;
mod session;
mod snippet;
mod suggest;
mod trends;
pub mod types;
mod word_end;

pub use crate::query::archive::Arrivals;
pub use crate::query::ranking::RankingOptions;
pub use analyze::{AnalyzeResponse, AnalyzedToken, analyze};
pub use arrived::{Arrived, arrived, arrived_articles, arrived_count, arrived_sequences, matcher};
pub(crate) use bounds::{LONGEST_LINE, MOST_REPORTERS};
pub use bucket::Span;
pub use context::{SearchContext, article};
pub use error::SearchError;
pub use learned::{LearnedName, LearnedResponse, learned};
pub use listing::{Listing, listing};
pub use lookup::{LookupResponse, ReadAs, lookup};
pub use marking::{highlight_article, highlight_text};
pub use quotes::{MOST_SPEAKERS, Quote, QuotedArticle, QuotesRequest, QuotesResponse, quotes};
pub use related::related;
pub use related_terms::{
    MOST_TERMS, RelatedPair, RelatedTerm, RelatedTermsResponse, TermsRequest, related_terms,
};
pub use run::{facet, search};
pub use suggest::suggest;
pub use trends::{MOST_BUCKETS, MOST_TRENDS, Trend, TrendsResponse, trends};
pub use types::*;
