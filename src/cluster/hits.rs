//! Hits of a query in an order, however many and from wherever.

use serde_json::{Map, Value, json};

use super::archive::ClusterArchive;
use super::document::{UNDATED, place_of};
use super::error::ClusterError;
use super::remembered::Version;
use super::reply::{hits_of, total};
use crate::query::archive::{ArchiveError, Deadline, Place};
use crate::query::request::Sort;

/// Hits that a cluster gives at once (`max_result_window`); the rest is asked for by where the last one stands.
const WINDOW: usize = 10_000;
/// Hits that are asked for at once where many are wanted.
const CHUNK: usize = 5_000;

/// A hit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hit {
    pub(super) place: Place,
    pub(super) version: Version,
    pub(super) id: String,
    /// What it is ordered by, larger first; negative infinity for what comes last.
    pub(super) key: f64,
    /// When it was published, in seconds since 1970.
    pub(super) published: Option<i64>,
    /// The group of near-identical articles that it is in.
    pub(super) group: Option<String>,
}

/// Which hits are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub(super) sort: Sort,
    /// Hits passed over.
    pub(super) skip: usize,
    /// Hits wanted.
    pub(super) size: usize,
    /// Only those after one with this key and id.
    pub(super) after: Option<(f64, &'a str)>,
}

impl ClusterArchive {
    /// The hits of `query` in that stretch, and how many it has in all.
    pub(super) fn hits(
        &self,
        query: &Value,
        stretch: Stretch<'_>,
        deadline: Deadline,
    ) -> Result<(Vec<Hit>, u64), ClusterError> {
        let Stretch { sort, skip, size, after } = stretch;
        let mut after = after.map(|(key, id)| cursor(sort, key, id));
        let at_once = after.is_none() && skip + size <= WINDOW;
        let wanted = skip + size;
        let mut found = Vec::new();
        loop {
            let asked = if at_once { size } else { CHUNK.min(wanted - found.len()) };
            let mut body = Map::new();
            let mut add = |name: &str, value: Value| body.insert(name.to_owned(), value);
            add("query", query.clone());
            add("track_total_hits", json!(true));
            add("sort", order(sort));
            // What is in columns alone: to read the text of a hit takes as long as to find it.
            add("stored_fields", json!("_none_"));
            add("docvalue_fields", json!(["published", "group"]));
            add("seq_no_primary_term", json!(true));
            add("size", json!(asked));
            if at_once {
                add("from", json!(skip));
            }
            if let Some(after) = after {
                add("search_after", after);
            }
            let body = Value::Object(body);
            let answer = match sort {
                Sort::Relevance => self.scored_search(&body, deadline)?,
                Sort::Newest | Sort::Oldest => self.search(&body, deadline)?,
            };
            let total = total(&answer)?;
            let hits = hits_of(&answer);
            for hit in hits {
                found.push(read_hit(sort, hit).ok_or_else(damaged)?);
            }
            let last = hits.last().and_then(|hit| hit.get("sort")).cloned();
            if at_once || hits.len() < asked || found.len() >= wanted || last.is_none() {
                found.drain(..if at_once { 0 } else { skip.min(found.len()) });
                return Ok((found, total));
            }
            after = last;
        }
    }

    /// All articles that meet `query`, in the order of their ids; for queries that few meet.
    pub(super) fn places(&self, query: &Value, deadline: Deadline) -> Result<Vec<Place>, ArchiveError> {
        let stretch = Stretch { sort: Sort::Newest, skip: 0, size: WINDOW, after: None };
        let (mut hits, total) = self.hits(query, stretch, deadline)?;
        if total > hits.len() as u64 {
            return Err(ArchiveError::Unsupported {
                what: format!("{total} articles are too many to be listed"),
            });
        }
        hits.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(hits.into_iter().map(|hit| hit.place).collect())
    }
}

pub(super) fn damaged() -> ClusterError {
    ClusterError::Unreadable { what: "a hit has no id or no version".to_owned() }
}

/// Ties go by id. Every key is one that each article has.
fn order(sort: Sort) -> Value {
    match sort {
        Sort::Newest => json!([{"newest": "desc"}, {"id": "asc"}]),
        Sort::Oldest => json!([{"oldest": "asc"}, {"id": "asc"}]),
        Sort::Relevance => json!([{"_score": "desc"}, {"id": "asc"}]),
    }
}

/// Where a hit with this key and id stands in an order.
fn cursor(sort: Sort, key: f64, id: &str) -> Value {
    match sort {
        Sort::Relevance => json!([key, id]),
        Sort::Newest if key.is_finite() => json!([key as i64, id]),
        Sort::Newest => json!([-UNDATED, id]),
        Sort::Oldest if key.is_finite() => json!([-(key as i64), id]),
        Sort::Oldest => json!([UNDATED, id]),
    }
}

fn read_hit(sort: Sort, hit: &Value) -> Option<Hit> {
    let id = hit.pointer("/sort/1")?.as_str()?.to_owned();
    let place = place_of(&id);
    let (number, term) = (hit.get("_seq_no")?.as_u64()?, hit.get("_primary_term")?.as_u64()?);
    let version = Version { place, number, term };
    let first = hit.pointer("/sort/0")?;
    let key = match sort {
        // A score is a number of 32 bits, written in decimals.
        Sort::Relevance => f64::from(first.as_f64()? as f32),
        Sort::Newest | Sort::Oldest => match first.as_i64()? {
            seconds if seconds.abs() >= UNDATED => f64::NEG_INFINITY,
            seconds if sort == Sort::Newest => seconds as f64,
            seconds => -(seconds as f64),
        },
    };
    let published = hit.pointer("/fields/published/0").and_then(Value::as_i64);
    let group = hit.pointer("/fields/group/0").and_then(Value::as_str).map(str::to_owned);
    Some(Hit { place, version, id, key, published, group })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_says_where_the_next_page_begins() {
        let hit = |first: Value| json!({"_seq_no": 3, "_primary_term": 1, "sort": [first, "기사/1"], "fields": {"published": [5], "group": ["7"]}});
        let newest = read_hit(Sort::Newest, &hit(json!(5))).unwrap();
        assert_eq!((newest.place, newest.key, newest.published), (place_of("기사/1"), 5.0, Some(5)));
        assert_eq!(cursor(Sort::Newest, newest.key, &newest.id), json!([5, "기사/1"]));
        let oldest = read_hit(Sort::Oldest, &hit(json!(5))).unwrap();
        assert_eq!(oldest.key, -5.0);
        assert_eq!(cursor(Sort::Oldest, oldest.key, &oldest.id), json!([5, "기사/1"]));
        for (sort, undated) in [(Sort::Newest, -UNDATED), (Sort::Oldest, UNDATED)] {
            let last = read_hit(sort, &hit(json!(undated))).unwrap();
            assert_eq!(last.key, f64::NEG_INFINITY);
            assert_eq!(cursor(sort, last.key, &last.id), json!([undated, "기사/1"]));
        }
    }
}
