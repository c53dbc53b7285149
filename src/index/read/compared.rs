//! Stored articles, reduced to what is compared of them.

use std::borrow::Cow;

use serde::Deserialize;
use tantivy::{DocAddress, Searcher};

use super::stored::stored;
use crate::article::Timestamp;
use crate::index::schema::Fields;
use crate::similar::text::Text;

/// The text of a stored article, reduced to what is compared.
///
/// # Errors
/// A failing index.
pub(in crate::index) fn text(searcher: &Searcher, fields: &Fields, at: DocAddress) -> tantivy::Result<Text> {
    stored(searcher, fields, at, |source| {
        let article: Compared = serde_json::from_slice(source)?;
        let published = article.published_at.map(Timestamp::seconds);
        Ok(Text::of(&article.title, &article.body).printed(article.outlet, published))
    })
}

/// What is compared of a stored article; the rest is skipped, which is several times as fast as reading all of it.
#[derive(Deserialize)]
struct Compared<'a> {
    #[serde(borrow, default)]
    title: Cow<'a, str>,
    #[serde(borrow, default)]
    body: Cow<'a, str>,
    #[serde(default)]
    outlet: Option<Box<str>>,
    #[serde(default)]
    published_at: Option<Timestamp>,
}
