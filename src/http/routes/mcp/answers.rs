//! What the tools say: only what a model needs to go on, to tell and to cite.

use serde_json::{Value, json};

use crate::article::Article;
use crate::http::answer::ApiError;
use crate::search::QuotesResponse;
use crate::search::types::{Hit, SearchResponse};

/// What is said of an answer that lacks articles.
const PARTIAL: &str =
    "a part of the archive does not answer at the moment: articles are missing here, and counts are too low";

/// A page of hits.
pub(super) fn hits(response: &SearchResponse) -> Value {
    let seen = response.page.saturating_mul(response.size) as u64;
    let also = response.also.as_ref().map(|also| {
        let hits = also.hits.iter().map(|near| {
            let mut hit = hit(&near.hit);
            if let Some(fields) = hit.as_object_mut() {
                fields.insert("lacks".to_owned(), json!(near.lacks));
            }
            hit
        });
        json!({"total": also.total, "articles": hits.collect::<Vec<_>>()})
    });
    let notes: Vec<&str> = response.notes.iter().map(|note| note.text.as_str()).collect();
    compact(json!({
        "total": response.total,
        "partial": response.partial.map(|_| PARTIAL),
        "relaxed": response.relaxed.then_some("no article holds all words; these hold some of them"),
        "searched_for": response.searched_for,
        "did_you_mean": response.suggestion,
        "notes": (!notes.is_empty()).then_some(notes),
        "without_date": (response.undated > 0).then_some(response.undated),
        "articles": response.hits.iter().map(hit).collect::<Vec<_>>(),
        "next_page": (seen < response.total && !response.hits.is_empty()).then_some(response.page + 1),
        "some_words_missing": also,
    }))
}

fn hit(hit: &Hit) -> Value {
    let sentences = hit.highlight.iter().flat_map(|highlight| &highlight.body);
    let sentences: Vec<&str> = sentences.map(|snippet| snippet.text.as_str()).collect();
    compact(json!({
        "id": hit.id,
        "title": hit.title,
        "outlet": hit.outlet,
        "published_at": hit.published_at,
        "sentences": sentences,
        "near_identical": (hit.similar_count > 0).then_some(hit.similar_count),
    }))
}

/// A page of quotations.
pub(super) fn quotes(response: &QuotesResponse) -> Value {
    let seen = response.page.saturating_mul(response.size) as u64;
    let quotes = response.quotes.iter().map(|quote| {
        compact(json!({
            "text": quote.text,
            "speaker": quote.speaker,
            "speaker_text": quote.speaker_text,
            "article": quote.article.id,
            "title": quote.article.title,
            "outlet": quote.article.outlet,
            "published_at": quote.article.published_at,
        }))
    });
    compact(json!({
        "total": response.total,
        "articles": response.articles,
        "partial": response.partial.map(|_| PARTIAL),
        "quotes": quotes.collect::<Vec<_>>(),
        "next_page": (seen < response.total && !response.quotes.is_empty()).then_some(response.page + 1),
        "speakers": response.speakers,
        "by_further_speakers": (response.other > 0).then_some(response.other),
        "by_nobody_named": (response.unnamed > 0).then_some(response.unnamed),
    }))
}

/// An article, of its body `length` characters from `start` on; of its other fields as much as a hit has.
pub(super) fn article(mut article: Article, start: usize, length: usize) -> Value {
    let body = std::mem::take(&mut article.body);
    let whole = body.chars().count();
    let part: String = body.chars().skip(start).take(length).collect();
    let end = start.saturating_add(length);
    let article = Hit::of(article, None);
    compact(json!({
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "reporters": (!article.reporters.is_empty()).then_some(&article.reporters),
        "section": article.section,
        "published_at": article.published_at,
        "url": article.url,
        "body": part,
        "body_characters": whole,
        "next_start": (end < whole).then_some(end),
        "cut": (!article.cut.is_empty()).then_some(&article.cut),
    }))
}

/// Why a tool gave no answer, and what to do about it.
pub(super) fn failure(error: &ApiError) -> String {
    let info = error.code().info();
    format!("{} ({}): {} {}", info.title, info.name, error.detail(), info.advice)
}

/// Without the fields that say nothing.
fn compact(mut answer: Value) -> Value {
    if let Some(fields) = answer.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    answer
}
