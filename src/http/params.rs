//! Query parameters → domain types. Strict: what is not understood is refused by name, because a typo in a filter must
//! not silently widen a search.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

use super::code::Code;
use super::error::ApiError;
use crate::article::{ArticleId, KST, Timestamp};
use crate::ingest::OutletNames;
use crate::query::language::Limits;
use crate::search::types::{
    Cursor, FacetField, Filters, LARGEST_FACET, LARGEST_PAGE, MatchMode, PAGE_WINDOW, SearchRequest, Shown,
    SnippetOptions, Sort,
};

/// Parameters that choose articles: the same for search and facets.
pub(super) const FILTERS: [&str; 8] =
    ["q", "outlet", "reporter", "section", "from", "to", "similar_to", "match"];
/// Parameters that shape a search's answer.
pub(super) const PAGING: [&str; 11] = [
    "sort",
    "size",
    "page",
    "cursor",
    "facets",
    "group",
    "group_show",
    "highlight",
    "snippets",
    "snippet_size",
    "explain",
];

/// Hits on a page where none are asked for.
const DEFAULT_PAGE: usize = 10;
/// Values of a facet where no number is asked for.
const DEFAULT_FACET: usize = 100;
/// Values a filter takes at most, and characters in one.
const LONGEST_FILTER: usize = 64;
const LONGEST_VALUE: usize = 200;

/// How much of a search an answer shows.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Hits where no number is asked for.
    pub size: usize,
    /// Hits at most.
    pub largest: usize,
    /// `page × size` at most.
    pub window: usize,
    /// Where the answer has the cursor of its next page.
    pub next: &'static str,
}

/// Pages of hits.
const PAGES: Bounds =
    Bounds { size: DEFAULT_PAGE, largest: LARGEST_PAGE, window: PAGE_WINDOW, next: "next_cursor" };

/// The decoded parameters of a request, in order.
#[derive(Debug, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

impl Params {
    /// Decodes `application/x-www-form-urlencoded` (URL standard), but refuses what is not UTF-8: a terminal in CP949
    /// would otherwise search for nonsense and find nothing, without a word.
    pub fn parse(raw: &str) -> Result<Self, ApiError> {
        let mut pairs = Vec::new();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let shown = String::from_utf8_lossy(&decode(name)).into_owned();
            let (Ok(name), Ok(value)) = (String::from_utf8(decode(name)), String::from_utf8(decode(value)))
            else {
                return Err(ApiError::bad_parameter(
                    &shown,
                    "is not UTF-8; encode it as UTF-8, then percent-encode it",
                ));
            };
            pairs.push((name, value));
        }
        Ok(Self { pairs })
    }

    /// Refuses parameters that are not in `known`.
    pub fn only(self, known: &[&[&str]]) -> Result<Self, ApiError> {
        let is_known = |name: &str| known.iter().any(|names| names.contains(&name));
        let Some((name, _)) = self.pairs.iter().find(|(name, _)| !is_known(name)) else { return Ok(self) };
        let list = known.concat().join(", ");
        let allowed = if list.is_empty() {
            "this address takes none".to_owned()
        } else {
            format!("allowed are {list}")
        };
        Err(ApiError::new(Code::UnknownParameter, format!("there is no parameter `{name}`; {allowed}"))
            .with("parameter", name.as_str()))
    }

    /// The value of a parameter that may stand once.
    pub fn one(&self, name: &str) -> Result<Option<&str>, ApiError> {
        let mut values = self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let first = values.next();
        if values.next().is_some() {
            return Err(ApiError::bad_parameter(name, "stands more than once"));
        }
        Ok(first)
    }

    /// The value of a parameter that must be there.
    pub fn required(&self, name: &str) -> Result<&str, ApiError> {
        let missing = || ApiError::bad_parameter(name, "is missing");
        self.one(name)?.filter(|value| !value.is_empty()).ok_or_else(missing)
    }

    /// What chooses and orders articles as one line a parameter, in a fixed order: the same for the same selection.
    pub fn selecting(&self) -> String {
        let chooses = |name: &str| FILTERS.contains(&name) || matches!(name, "sort" | "group");
        let chosen = self.pairs.iter().filter(|(name, _)| chooses(name));
        let mut lines: Vec<String> = chosen.map(|(name, value)| format!("{name}={value}\n")).collect();
        lines.sort();
        lines.concat()
    }

    /// `true` or `false`.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, ApiError> {
        match self.one(name)? {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(other) => {
                Err(ApiError::bad_parameter(name, format!("is {other:?}; allowed are true and false")))
            }
        }
    }

    /// A whole number within bounds.
    pub fn number(&self, name: &str, default: usize, least: usize, most: usize) -> Result<usize, ApiError> {
        let Some(value) = self.one(name)? else { return Ok(default) };
        let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let number = value.parse().ok().filter(|number| digits && (least..=most).contains(number));
        number.ok_or_else(|| {
            ApiError::bad_parameter(name, format!("is {value:?}; allowed is {least} to {most}"))
        })
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>, ApiError> {
        let Some(value) = self.one(name)? else { return Ok(None) };
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        match choices.iter().find(|(name, _)| *name == value) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => {
                Err(ApiError::bad_parameter(name, format!("is {value:?}; allowed are {}", names.join(", "))))
            }
        }
    }

    /// Values of a filter that may stand several times.
    fn values(&self, name: &str) -> Result<Vec<String>, ApiError> {
        let values: Vec<String> = self
            .pairs
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.trim().to_owned())
            .collect();
        if values.iter().any(String::is_empty) {
            return Err(ApiError::bad_parameter(name, "is empty; leave it out to search without it"));
        }
        if values.len() > LONGEST_FILTER || values.iter().any(|value| value.chars().count() > LONGEST_VALUE) {
            let reason = format!("takes at most {LONGEST_FILTER} values of {LONGEST_VALUE} characters");
            return Err(ApiError::bad_parameter(name, reason));
        }
        Ok(values)
    }

    /// The query, checked for its length.
    pub fn query(&self) -> Result<String, ApiError> {
        let query = self.one("q")?.unwrap_or_default();
        check_query(query)?;
        Ok(query.to_owned())
    }

    /// What chooses articles: query, filters and match mode. Outlet names are folded to canonical ones.
    pub fn selection(&self, outlets: &OutletNames) -> Result<SearchRequest, ApiError> {
        let filters = Filters {
            outlets: self.values("outlet")?.iter().flat_map(|name| outlets.stored_names(name)).collect(),
            reporters: self.values("reporter")?,
            sections: self.values("section")?,
            from: self.one("from")?.map(|value| moment("from", value, Edge::First)).transpose()?,
            to: self.one("to")?.map(|value| moment("to", value, Edge::Last)).transpose()?,
        };
        if let (Some(from), Some(to)) = (filters.from, filters.to)
            && from > to
        {
            return Err(ApiError::bad_parameter("from", "is later than `to`"));
        }
        let modes = [("all", MatchMode::All), ("any", MatchMode::Any), ("auto", MatchMode::Auto)];
        let match_mode = self.choice("match", &modes)?.unwrap_or_default();
        let similar_to = self.one("similar_to")?.map(str::to_owned);
        if let Some(id) = &similar_to {
            ArticleId::new(id)
                .map_err(|error| ApiError::bad_parameter("similar_to", format!("is no id: {error}")))?;
        }
        let query = self.query()?;
        Ok(SearchRequest { query, filters, similar_to, match_mode, page: 1, ..SearchRequest::default() })
    }

    /// The cursor, if there is one.
    pub fn cursor(&self) -> Result<Option<Cursor>, ApiError> {
        let Some(text) = self.one("cursor")? else { return Ok(None) };
        let cursor = Cursor::decode(text).ok_or_else(|| {
            ApiError::new(Code::BadCursor, "`cursor` is not one that this server gave")
                .with("parameter", "cursor")
        })?;
        Ok(Some(cursor))
    }

    /// A whole search, of which a page is shown.
    pub fn search(&self, outlets: &OutletNames) -> Result<SearchRequest, ApiError> {
        self.search_within(outlets, &PAGES)
    }

    /// A whole search, of which as much is shown as `bounds` say.
    pub fn search_within(&self, outlets: &OutletNames, bounds: &Bounds) -> Result<SearchRequest, ApiError> {
        let sorts = [("relevance", Sort::Relevance), ("newest", Sort::Newest), ("oldest", Sort::Oldest)];
        let size = self.number("size", bounds.size, 0, bounds.largest)?;
        let page = self.number("page", 1, 1, usize::MAX)?;
        if page.saturating_mul(size) > bounds.window {
            let detail = format!(
                "page {page} with {size} hits a page ends behind hit {}; go on with `cursor` ({} of the page before)",
                bounds.window, bounds.next
            );
            return Err(ApiError::new(Code::PageWindow, detail).with("parameter", "page"));
        }
        if self.one("cursor")?.is_some() && self.one("page")?.is_some() {
            return Err(ApiError::bad_parameter("page", "and `cursor` exclude each other; leave one out"));
        }
        let cursor = self.cursor()?;
        Ok(SearchRequest {
            group: self.fold()?,
            sort: self.choice("sort", &sorts)?,
            size,
            page,
            cursor,
            facets: self.facets()?,
            facet_size: DEFAULT_FACET,
            highlight: self.flag("highlight", true)?,
            snippets: self.snippets()?,
            explain: self.flag("explain", false)?,
            ..self.selection(outlets)?
        })
    }

    fn snippets(&self) -> Result<SnippetOptions, ApiError> {
        let default = SnippetOptions::default();
        let (least, most) = SnippetOptions::CHARACTERS.into_inner();
        Ok(SnippetOptions {
            count: self.number("snippets", default.count, 0, SnippetOptions::MOST)?,
            characters: self.number("snippet_size", default.characters, least, most)?,
        })
    }

    /// One facet by itself: selection and size.
    pub fn facet(&self, outlets: &OutletNames) -> Result<SearchRequest, ApiError> {
        let facet_size = self.number("size", DEFAULT_FACET, 1, LARGEST_FACET)?;
        Ok(SearchRequest { facet_size, group: self.fold()?, ..self.selection(outlets)? })
    }

    /// Whether near-identical articles fold, and which of them is shown.
    fn fold(&self) -> Result<Option<Shown>, ApiError> {
        let group = self.choice("group", &[("none", false), ("similar", true)])?.unwrap_or_default();
        let choices = [("first", Shown::First), ("newest", Shown::Newest), ("best", Shown::Best)];
        match self.choice("group_show", &choices)? {
            Some(_) if !group => Err(ApiError::bad_parameter("group_show", "needs `group=similar`")),
            shown => Ok(group.then(|| shown.unwrap_or_default())),
        }
    }

    fn facets(&self) -> Result<Vec<FacetField>, ApiError> {
        let mut fields = Vec::new();
        for name in
            self.one("facets")?.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty())
        {
            let field = facet_field(name).map_err(|allowed| {
                ApiError::bad_parameter("facets", format!("names {name:?}; allowed are {allowed}"))
            })?;
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        Ok(fields)
    }
}

/// The facet field of that name, or the list of those there are.
pub(super) fn facet_field(name: &str) -> Result<FacetField, String> {
    FacetField::from_name(name).ok_or_else(|| FacetField::ALL.map(FacetField::name).join(", "))
}

/// Refuses a query that is too long before anything is done with it. The query reader counts again, in NFC, which is
/// at most as long.
pub(super) fn check_query(query: &str) -> Result<(), ApiError> {
    let limit = Limits::TYPED.characters;
    // Conjoining jamo compose three to one.
    if query.chars().count() > 3 * limit {
        let detail = format!("the query has {} characters, at most {limit} are read", query.chars().count());
        return Err(ApiError::new(Code::QueryTooLong, detail).with("parameter", "q"));
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    First,
    Last,
}

/// `YYYY-MM-DD`, a whole day in Korean time, or RFC 3339.
fn moment(name: &str, value: &str, edge: Edge) -> Result<Timestamp, ApiError> {
    if let Ok(date) = Date::parse(value, format_description!("[year]-[month]-[day]"))
        && value.len() == 10
    {
        let first = PrimitiveDateTime::new(date, Time::MIDNIGHT).assume_offset(KST).unix_timestamp();
        let seconds = if edge == Edge::First { first } else { first + 86_399 };
        return Ok(Timestamp::from_seconds(seconds));
    }
    // An unescaped `+09:00` arrives as a space.
    let Ok(moment) = OffsetDateTime::parse(&value.replace(' ', "+"), &Rfc3339) else {
        let reason = format!(
            "is {value:?}; write YYYY-MM-DD (a day in Korean time) or RFC 3339 (2023-06-09T16:53:00+09:00)"
        );
        return Err(ApiError::bad_parameter(name, reason));
    };
    // Articles carry whole seconds: the first one that counts begins behind a fraction.
    let behind = i64::from(edge == Edge::First && moment.nanosecond() > 0);
    Ok(Timestamp::from_seconds(moment.unix_timestamp() + behind))
}

/// Percent-decodes, `+` as a space. A `%` without two hexadecimal digits stays as it is, as the URL standard says.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let escaped = (byte == b'%').then(|| {
            let mut ahead = bytes.clone();
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(ahead.next())?, digit(ahead.next())?);
            bytes = ahead;
            u8::try_from(high * 16 + low).ok()
        });
        match (byte, escaped.flatten()) {
            (_, Some(value)) => decoded.push(value),
            (b'+', None) => decoded.push(b' '),
            (other, None) => decoded.push(other),
        }
    }
    decoded
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn search(raw: &str) -> Result<SearchRequest, ApiError> {
        let (outlets, _) = OutletNames::parse("새벽신문 = 새벽일간");
        Params::parse(raw)?.only(&[&FILTERS, &PAGING])?.search(&outlets)
    }

    fn refused(raw: &str) -> (Code, String) {
        let error = search(raw).unwrap_err();
        (error.code(), error.detail().to_owned())
    }

    #[test]
    fn defaults() {
        let request = search("").unwrap();
        assert_eq!((request.size, request.page, request.highlight, request.explain), (10, 1, true, false));
        assert_eq!((request.sort, request.match_mode), (None, MatchMode::Auto));
        assert!(request.cursor.is_none() && request.facets.is_empty());
        assert_eq!(request.snippets, SnippetOptions { count: 3, characters: 160 });
    }

    #[test]
    fn values_are_decoded_folded_and_collected() {
        let request = search(
            "q=%EC%A4%91%EA%B8%B0%EB%B6%80+%EC%8A%A4%ED%83%80%ED%8A%B8%EC%97%85&outlet=새벽%20일간&outlet=NTV&reporter=서정윤\
             &facets=outlet,month,outlet&sort=oldest&match=any&size=0&highlight=false&group=none",
        )
        .unwrap();
        assert_eq!(request.query, "중기부 스타트업");
        assert_eq!(request.filters.outlets, ["새벽신문", "새벽 일간", "NTV"]);
        assert_eq!(request.filters.reporters, ["서정윤"]);
        assert_eq!(request.facets, [FacetField::Outlet, FacetField::Month]);
        assert_eq!((request.sort, request.match_mode, request.size), (Some(Sort::Oldest), MatchMode::Any, 0));
        assert_eq!(search("q=100%25%zz%4").unwrap().query, "100%%zz%4");
        let snippets = search("snippets=0&snippet_size=1000").unwrap().snippets;
        assert_eq!(snippets, SnippetOptions { count: 0, characters: 1000 });
    }

    #[test]
    fn days_are_whole_and_korean() {
        let filters = search("from=2023-06-01&to=2023-06-30").unwrap().filters;
        assert_eq!(filters.from.unwrap().to_string(), "2023-06-01T00:00:00+09:00");
        assert_eq!(filters.to.unwrap().to_string(), "2023-06-30T23:59:59+09:00");
        let filters = search("from=2023-06-01T00:00:00.5Z&to=2023-06-09T16:53:00+09:00").unwrap().filters;
        assert_eq!(filters.from.unwrap().to_string(), "2023-06-01T09:00:01+09:00");
        assert_eq!(filters.to.unwrap().to_string(), "2023-06-09T16:53:00+09:00");
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        for (raw, code, named) in [
            ("outlets=x", Code::UnknownParameter, "`outlets`"),
            ("Q=x", Code::UnknownParameter, "`Q`"),
            ("q=a&q=b", Code::BadParameter, "`q`"),
            ("q=%B4%EB%C5%EB%B7%C9", Code::BadParameter, "UTF-8"),
            ("outlet=", Code::BadParameter, "`outlet`"),
            ("size=101", Code::BadParameter, "0 to 100"),
            ("size=+1", Code::BadParameter, "`size`"),
            ("size=-1", Code::BadParameter, "`size`"),
            ("page=0", Code::BadParameter, "`page`"),
            ("page=101&size=100", Code::PageWindow, "10000"),
            ("page=18446744073709551615", Code::PageWindow, "cursor"),
            ("cursor=!&page=2", Code::BadParameter, "exclude"),
            ("cursor=!", Code::BadCursor, "`cursor`"),
            ("sort=date", Code::BadParameter, "newest"),
            ("match=most", Code::BadParameter, "auto"),
            ("facets=outlet,desk", Code::BadParameter, "reporter"),
            ("highlight=1", Code::BadParameter, "true and false"),
            ("snippets=11", Code::BadParameter, "0 to 10"),
            ("snippet_size=39", Code::BadParameter, "40 to 1000"),
            ("group_show=best", Code::BadParameter, "group=similar"),
            ("group=none&group_show=best", Code::BadParameter, "group=similar"),
            ("group=similar&group_show=last", Code::BadParameter, "newest"),
            ("similar_to=", Code::BadParameter, "`similar_to`"),
            ("group=x", Code::BadParameter, "`group`"),
            ("from=2023-02-30", Code::BadParameter, "YYYY-MM-DD"),
            ("from=2023-6-1", Code::BadParameter, "YYYY-MM-DD"),
            ("to=yesterday", Code::BadParameter, "`to`"),
            ("from=2023-06-02&to=2023-06-01", Code::BadParameter, "later"),
        ] {
            let (found, detail) = refused(raw);
            assert_eq!(found, code, "{raw}: {detail}");
            assert!(detail.contains(named), "{raw}: {detail}");
        }
        assert_eq!(refused(&format!("q={}", "a".repeat(2000))).0, Code::QueryTooLong);
    }
}
