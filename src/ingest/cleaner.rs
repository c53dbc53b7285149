//! The one entrance to cleaning: a raw record in, an article or a refusal out.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::encoding::{decode, decode_whole};
use super::json::Beside;
use super::outlets::OutletNames;
use super::raw::{RawRecord, RecordContent};
use super::refusal::Refusal;
use super::report::Reading;
use super::{formats, json, scraped_page};
use crate::article::Article;

/// Makes articles of raw records. Total over any bytes, and shared freely between threads.
#[derive(Debug, Clone)]
pub struct Cleaner {
    outlets: Arc<OutletNames>,
}

impl Cleaner {
    /// A cleaner that replaces aliases of outlets by the canonical names in `outlets`.
    #[must_use]
    pub fn new(outlets: Arc<OutletNames>) -> Self {
        Self { outlets }
    }

    /// One JSON object, as a line of a JSONL file or the body of a request: field aliases, a derived id where there is
    /// none, and gentle cleaning that takes bylines, footers and markup and never a sentence of the story.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field if the line is not an article.
    pub fn article_from_json(&self, line: &[u8]) -> Result<Article, Refusal> {
        json::parse_article(&decode(line)?, Beside::default(), &self.outlets).map(|reading| reading.article)
    }

    /// What [`RecordReader`](super::RecordReader) gave, as an article, with what is to be reported of it. `name` is the file's, for
    /// refusals only.
    ///
    /// # Errors
    /// A [`Refusal`] that says why the record is not an article.
    pub fn read(&self, record: RawRecord, name: &str) -> Result<Reading, Refusal> {
        let (id, rule, around) = (record.id, record.rule.as_deref(), record.around.as_deref());
        let beside = |id, channel| Beside { id, channel, rule, around };
        let mut reading = match record.content {
            RecordContent::Json(bytes) => {
                json::parse_article(&decode(&bytes)?, beside(id, None), &self.outlets)
            }
            RecordContent::Fields(fields) => json::read(fields, beside(id, None), None, &self.outlets),
            RecordContent::Feed { fields, channel } => {
                json::read(fields, beside(id, channel), None, &self.outlets)
            }
            RecordContent::Html(bytes) => formats::read_page(&bytes, name, &self.outlets),
            RecordContent::ScrapedPage(bytes) => {
                self.article_from_scraped_page(&bytes, name).map(Reading::of_page)
            }
        }?;
        if let Some(outlet) = rule.and_then(|rule| rule.outlet_default.as_deref()) {
            reading.default_outlet(&self.outlets.canonical(outlet));
        }
        Ok(reading)
    }

    /// The same for an object that is parsed already, from `line`, where `id` stood beside it: numbers are taken from there as they are written.
    ///
    /// # Errors
    /// A [`Refusal`] with the field's name if the object is not a valid article.
    pub fn read_fields(
        &self,
        fields: Map<String, Value>,
        id: Option<String>,
        line: &str,
    ) -> Result<Reading, Refusal> {
        json::read(fields, Beside { id, ..Beside::default() }, Some(line), &self.outlets)
    }

    /// One scraped page as text. `name` is the file's name, for the refusal only: the id is derived from the text, so
    /// that a renamed file stays the same article.
    ///
    /// # Errors
    /// A [`Refusal`] if the page holds no story.
    pub fn article_from_scraped_page(&self, bytes: &[u8], name: &str) -> Result<Article, Refusal> {
        scraped_page::parse_article(&decode_whole(bytes)?, name, &self.outlets)
    }
}
