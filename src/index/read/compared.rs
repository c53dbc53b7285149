//! Stored articles, reduced to what is compared of them.

use std::borrow::Cow;

use serde::Deserialize;
use tantivy::{DocAddress, Searcher};

use super::stored::stored;
use crate::article::Timestamp;
use crate::index::schema::Fields;
use crate::similar::text::Text;

/// Bytes of a body that are compared, some thirty pages: what is compared of a text takes five times as much memory, and many texts are
/// compared at once. Books that are the same so far are the same.
const COMPARED_BYTES: usize = 150_000;

/// The text of a stored article, reduced to what is compared.
///
/// # Errors
/// A failing index.
pub(in crate::index) fn text(searcher: &Searcher, fields: &Fields, at: DocAddress) -> tantivy::Result<Text> {
    stored(searcher, fields, at, |source| {
        let article: Compared = serde_json::from_slice(source)?;
        let published = article.published_at.map(Timestamp::seconds);
        let body = &article.body;
        let body = body.get(..body.floor_char_boundary(COMPARED_BYTES)).unwrap_or(body);
        Ok(Text::of(&article.title, body).printed(article.outlet, published))
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
