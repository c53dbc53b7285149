//! Searches over time: how many articles of each were published in each day, week, month or year.
//!
//! The counts are those of the facet `day`, added up: every archive answers it exactly. Articles are counted, never groups of
//! near-identical ones: whoever compares coverage wants to know how often something was printed.

use rustc_hash::FxHashMap;
use serde::Serialize;
use time::{Date, Month};
use utoipa::ToSchema;

use super::bucket::Span;
use super::context::SearchContext;
use super::error::SearchError;
use super::reading;
use super::session::Session;
use super::types::{FacetField, SearchRequest};
use crate::query::archive::FacetResponse;

/// Searches that are compared at most.
pub const MOST_TRENDS: usize = 5;
/// Buckets at most: ten years of days.
pub const MOST_BUCKETS: usize = 4_000;

/// Searches over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrendsResponse {
    /// What a bucket is.
    pub by: Span,
    /// The buckets in order, none missing in between: `2026-02-05`, `2026-W06`, `2026-02` or `2026`, in Korean time. From `from` to `to`;
    /// where an end is open, from the first or to the last article that passes the filters.
    pub buckets: Vec<String>,
    /// All articles of each bucket that pass the filters, whatever the queries.
    pub all: Vec<u64>,
    /// All articles that pass the filters but for their want of a date: in no bucket.
    pub all_undated: u64,
    /// `true` where a part of the cluster does not answer, so that articles are missing in everything here; left out where none are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<bool>,
    /// The searches, in the order given.
    pub series: Vec<Trend>,
}

/// One search over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Trend {
    /// The query as it was read (NFC).
    pub query: String,
    /// How many articles match, as `/api/search` says.
    pub total: u64,
    /// Articles of each bucket.
    pub counts: Vec<u64>,
    /// Articles that match and have no date: in no bucket. Where there is a period, by `from`, `to` or `날짜:` in
    /// the query, they are not in `total` either.
    pub undated: u64,
    /// Whether fewer words had to match than asked, because nothing held them all.
    pub relaxed: bool,
}

/// The searches for each of `queries`, which have everything else in common, over time. Without `by` the span suits the time.
///
/// # Errors
/// A query over the limits, more than [`MOST_BUCKETS`] buckets, an article that does not exist, the deadline, or a failing archive.
pub fn trends(
    context: &SearchContext<'_>,
    queries: &[String],
    request: &SearchRequest,
    by: Option<Span>,
) -> Result<TrendsResponse, SearchError> {
    let all = Counted::of(context, String::new(), request)?;
    let series = queries.iter().map(|query| Counted::of(context, query.clone(), request));
    let series = series.collect::<Result<Vec<_>, _>>()?;

    let ends = [request.filters.from, request.filters.to].map(|end| end.map(|end| end.kst_date()));
    let first = ends[0].or_else(|| all.days.first().map(|(day, _)| *day));
    let last = ends[1].or_else(|| all.days.last().map(|(day, _)| *day));
    let (by, buckets) = match (first, last) {
        (Some(first), Some(last)) => {
            let by = by.unwrap_or_else(|| Span::fitting(first, last));
            (by, by.all(first, last, MOST_BUCKETS))
        }
        _ => (by.unwrap_or(Span::Day), Vec::new()),
    };
    if buckets.len() > MOST_BUCKETS {
        return Err(SearchError::TooManyBuckets { by: by.name(), limit: MOST_BUCKETS });
    }
    let numbers: FxHashMap<Date, usize> = buckets.iter().copied().zip(0..).collect();
    let series = series.into_iter().map(|counted| Trend {
        counts: counted.counts(by, &numbers),
        query: counted.query,
        total: counted.total,
        undated: counted.undated,
        relaxed: counted.relaxed,
    });
    Ok(TrendsResponse {
        by,
        series: series.collect(),
        all: all.counts(by, &numbers),
        all_undated: all.undated,
        partial: context.partial(),
        buckets: buckets.into_iter().map(|first| by.label(first)).collect(),
    })
}

/// The articles of a search by day.
struct Counted {
    query: String,
    total: u64,
    undated: u64,
    relaxed: bool,
    /// In the order of time.
    days: Vec<(Date, u64)>,
}

impl Counted {
    fn of(context: &SearchContext<'_>, query: String, request: &SearchRequest) -> Result<Self, SearchError> {
        let request = SearchRequest { query, group: None, facet_size: usize::MAX, ..request.clone() };
        let mut session = Session::reading(context, &request, reading::read)?;
        let page = session.page(&[FacetField::Day])?;
        let facet = page.selection.facets.into_iter().next();
        // With a period, articles without a date do not match, and are said beside.
        let undated = page.selection.undated + facet.as_ref().map_or(0, |facet| facet.missing);
        Ok(Self {
            query: session.query.text().to_owned(),
            total: page.selection.articles,
            undated,
            relaxed: page.relaxed,
            days: facet.map(days).transpose()?.unwrap_or_default(),
        })
    }

    /// The counts of buckets that begin with the days of `numbers`.
    fn counts(&self, by: Span, numbers: &FxHashMap<Date, usize>) -> Vec<u64> {
        let mut counts = vec![0; numbers.len()];
        for (day, count) in &self.days {
            let number = numbers.get(&by.first_day(*day));
            if let Some(sum) = number.and_then(|number| counts.get_mut(*number)) {
                *sum += count;
            }
        }
        counts
    }
}

/// The values of the facet `day` as days.
fn days(facet: FacetResponse) -> Result<Vec<(Date, u64)>, SearchError> {
    let day = |value: &str| {
        let mut numbers = value.splitn(3, '-').map(str::parse::<u16>);
        let mut number = || numbers.next()?.ok();
        let (year, month, day) = (number()?, u8::try_from(number()?).ok()?, u8::try_from(number()?).ok()?);
        Date::from_calendar_date(year.into(), Month::try_from(month).ok()?, day).ok()
    };
    let counted = facet.values.into_iter().map(|counted| {
        let unread = || SearchError::Archive(format!("the archive counts a day {:?}", counted.value).into());
        Ok((day(&counted.value).ok_or_else(unread)?, counted.count))
    });
    counted.collect()
}
