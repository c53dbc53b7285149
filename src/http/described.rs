//! The parameters as the OpenAPI document describes them; `params` is what reads them. A test holds the two together.
#![expect(dead_code, reason = "the fields are only described, never filled")]

use utoipa::IntoParams;

use crate::search::types::{MatchMode, Shown, Sort};

/// Parameters that choose articles.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Selection {
    /// The query, at most 512 characters: words, `"a phrase"`, `-without`, `OR`, brackets, `언론사:` `기자:` `섹션:` `제목:`
    /// `본문:` `날짜:`, `prefix*`. Empty: all articles, newest first.
    q: Option<String>,
    /// Outlet, any of its names; repeat for several.
    outlet: Option<Vec<String>>,
    /// Reporter; repeat for several.
    reporter: Option<Vec<String>>,
    /// Section; repeat for several.
    section: Option<Vec<String>>,
    /// Published from here on: `YYYY-MM-DD` (a whole day in Korean time) or RFC 3339.
    from: Option<String>,
    /// Published up to here, included: `YYYY-MM-DD` (a whole day in Korean time) or RFC 3339.
    to: Option<String>,
    /// Id of an article: only this one and those near-identical to it (reprints, wire copies, updated versions).
    similar_to: Option<String>,
    /// How many words must match; `auto` (default): all of a short query, most of a long one, fewer when nothing matches.
    #[param(inline)]
    r#match: Option<MatchMode>,
}

/// Parameters that shape a search's answer.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// Order; `relevance` by default where there is a query, else `newest`.
    #[param(inline)]
    sort: Option<Sort>,
    /// Hits a page, 10 by default.
    #[param(maximum = 100)]
    size: Option<usize>,
    /// Page, from 1; `page × size` is at most 10,000.
    #[param(minimum = 1)]
    page: Option<usize>,
    /// `next_cursor` of the page before: goes on behind any hit, also while articles arrive.
    cursor: Option<String>,
    /// Comma list of `outlet reporter section day month year`: exact counts beside the hits.
    facets: Option<String>,
    /// `none` (default), or `similar`: near-identical articles fold into one hit, whose `similar_count` says how many
    /// others match. Totals and facets count them once.
    group: Option<String>,
    /// Which of them the hit shows, with `group=similar`: the `first` published (default), the `newest`, or the `best`
    /// match.
    #[param(inline)]
    group_show: Option<Shown>,
    /// Whether titles and snippets come with marks, `true` by default.
    highlight: Option<bool>,
    /// Snippets of a body at most, 3 by default; 0: titles only.
    #[param(maximum = 10)]
    snippets: Option<usize>,
    /// Characters of a snippet at most, 160 by default; whole sentences where they fit.
    #[param(minimum = 40, maximum = 1000)]
    snippet_size: Option<usize>,
    /// Whether to tell how the query was read, what the score is made of, and where the time went.
    explain: Option<bool>,
}

/// Parameters that shape an export.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Rows {
    /// Order; `relevance` by default where there is a query, else `newest`.
    #[param(inline)]
    sort: Option<Sort>,
    /// Rows, 50000 by default.
    #[param(maximum = 50_000)]
    size: Option<usize>,
    /// Page of that many rows, from 1; `page × size` is at most 50,000.
    #[param(minimum = 1)]
    page: Option<usize>,
    /// `x-next-cursor` of the export before, or `next_cursor` of a search: goes on behind it.
    cursor: Option<String>,
    /// As in search; changes nothing here.
    facets: Option<String>,
    /// `none` (default) or `similar`, as in search.
    group: Option<String>,
    /// As in search.
    #[param(inline)]
    group_show: Option<Shown>,
    /// As in search; changes nothing here.
    highlight: Option<bool>,
    /// As in search; changes nothing here.
    #[param(maximum = 10)]
    snippets: Option<usize>,
    /// As in search; changes nothing here.
    #[param(minimum = 40, maximum = 1000)]
    snippet_size: Option<usize>,
    /// As in search; changes nothing here.
    explain: Option<bool>,
    /// Comma list of columns in the order wanted; all but `body` by default.
    columns: Option<String>,
}

/// Parameters that shape a feed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Entries {
    /// Order; `newest` by default.
    #[param(inline)]
    sort: Option<Sort>,
    /// Entries, 50 by default.
    #[param(maximum = 50_000)]
    size: Option<usize>,
    /// Page of that many entries, from 1; `page × size` is at most 50,000.
    #[param(minimum = 1)]
    page: Option<usize>,
    /// `next_cursor` of a search: goes on behind it.
    cursor: Option<String>,
    /// As in search; changes nothing here.
    facets: Option<String>,
    /// `none` (default) or `similar`, as in search.
    group: Option<String>,
    /// As in search.
    #[param(inline)]
    group_show: Option<Shown>,
    /// As in search; changes nothing here.
    highlight: Option<bool>,
    /// As in search; changes nothing here.
    #[param(maximum = 10)]
    snippets: Option<usize>,
    /// As in search; changes nothing here.
    #[param(minimum = 40, maximum = 1000)]
    snippet_size: Option<usize>,
    /// As in search; changes nothing here.
    explain: Option<bool>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use utoipa::openapi::path::ParameterIn;

    use super::super::params::{FILTERS, PAGING};
    use super::*;

    #[test]
    fn what_is_described_is_what_is_read() {
        let names = |described: Vec<utoipa::openapi::path::Parameter>| -> Vec<String> {
            described.into_iter().map(|parameter| parameter.name).collect()
        };
        assert_eq!(names(Selection::into_params(|| Some(ParameterIn::Query))), FILTERS);
        assert_eq!(names(Paging::into_params(|| Some(ParameterIn::Query))), PAGING);
        assert_eq!(names(Entries::into_params(|| Some(ParameterIn::Query))), PAGING);
        assert_eq!(
            names(Rows::into_params(|| Some(ParameterIn::Query))),
            [&PAGING[..], &["columns"]].concat()
        );
    }
}
