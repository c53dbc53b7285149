//! Stored articles, reduced to what is compared of them.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use tantivy::{DocAddress, Searcher};

use super::parts::in_parts;
use super::stored::stored;
use crate::article::Timestamp;
use crate::index::schema::Fields;
use crate::similar::decision;
use crate::similar::text::Text;

/// Characters of the texts that are kept when the next are loaded; some 100 MB. What resembles each other was mostly published within
/// days, so nearly all that is asked for again is still here.
const KEPT: usize = 10_000_000;

/// Bytes of a body that are compared, some thirty pages: what is compared of a text takes five times as much memory, and many texts are
/// compared at once. Books that are the same so far are the same.
const COMPARED_BYTES: usize = 150_000;

/// Texts that are compared.
pub(in crate::index) struct Texts<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    kept: FxHashMap<DocAddress, Text>,
    /// Characters in those kept, roughly.
    size: usize,
}

impl<'a> Texts<'a> {
    /// None yet.
    pub(in crate::index) fn new(searcher: &'a Searcher, fields: &'a Fields) -> Self {
        Self { searcher, fields, kept: FxHashMap::default(), size: 0 }
    }

    /// Loads those of the documents `wanted`, each in the order of the store and once, with that many threads. Before, what is not
    /// wanted is dropped where there is too much.
    ///
    /// # Errors
    /// A failing index.
    pub(in crate::index) fn load(
        &mut self,
        mut wanted: Vec<DocAddress>,
        threads: usize,
    ) -> tantivy::Result<()> {
        wanted.sort_unstable();
        wanted.dedup();
        if self.size > KEPT {
            self.kept.retain(|at, _| wanted.binary_search(at).is_ok());
            self.size = self.kept.values().map(Text::len).sum();
        }
        wanted.retain(|at| !self.kept.contains_key(at));
        let this = &*self;
        let loaded = in_parts(&wanted, threads, |part| part.iter().map(|at| this.read(*at)).collect())?;
        for (at, text) in wanted.into_iter().zip(loaded) {
            self.keep(at, text);
        }
        Ok(())
    }

    /// How likely readers call two documents the same text; `None` where one of them is not loaded. `pattern` says that most of what they
    /// have in common recurs.
    pub(in crate::index) fn loaded_likelihood(
        &self,
        one: DocAddress,
        other: DocAddress,
        pattern: bool,
    ) -> Option<f32> {
        let (one, other) = self.kept.get(&one).zip(self.kept.get(&other))?;
        Some(decision::likelihood(one, other, pattern))
    }

    /// The same; what is not loaded is loaded.
    ///
    /// # Errors
    /// A failing index.
    pub(in crate::index) fn likelihood(
        &mut self,
        one: DocAddress,
        other: DocAddress,
        pattern: bool,
    ) -> tantivy::Result<f32> {
        for at in [one, other] {
            if !self.kept.contains_key(&at) {
                let text = self.read(at)?;
                self.keep(at, text);
            }
        }
        Ok(self.loaded_likelihood(one, other, pattern).unwrap_or(0.0))
    }

    fn keep(&mut self, at: DocAddress, text: Text) {
        self.size += text.len();
        self.kept.insert(at, text);
    }

    fn read(&self, at: DocAddress) -> tantivy::Result<Text> {
        text(self.searcher, self.fields, at)
    }
}

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
