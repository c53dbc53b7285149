//! The parameters that choose, order, page and show articles, and the [`SearchRequest`] that they make.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use utoipa::openapi::schema::Schema;

use super::moment::{Edge, moment};
use super::parameter::{Choice, Flag, Form, Group, List, Number, Parameter, Text, Texts};
use super::params::Given;
use crate::article::ArticleId;
use crate::entities::{EntityKind, stored_names};
use crate::http::answer::{ApiError, Code, Fault};
use crate::ingest::OutletNames;
use crate::korean::Language;
use crate::korean::lexicon::{OutletGroups, Variants};
use crate::query::language::Limits;
use crate::search::types::{
    Cursor, FacetField, Filters, LARGEST_FACET, MatchMode, Representative, SearchRequest, SnippetOptions,
    Sort,
};

/// Values of one facet in the answer to a search.
const FACET_VALUES: usize = 100;

/// The query.
pub(in crate::http) const QUERY: Text = Text {
    name: "q",
    meaning: "The query: words, `\"a phrase\"`, `-without`, `OR`, brackets, `언론사:` `기자:` `섹션:` `제목:` `본문:` \
              `날짜:` (`2025-06..2025-12`, `지난주`, `yesterday`), `prefix*`, `A ~10 B` (within ten words). Empty: all articles, newest first.",
    longest: Some(Limits::TYPED.characters),
    required: false,
    form: Form::Free,
};

const OUTLET: Texts = texts("outlet", "Outlet, by any of its names; repeat for several.");
const OUTLET_GROUP: Texts = texts(
    "outlet_group",
    "Group of outlets (`경제지`), as the lexicon `outlet-groups.txt` has them; repeat for several.",
);
const REPORTER: Texts = texts("reporter", "Reporter; repeat for several.");
const SECTION: Texts = texts("section", "Section; repeat for several.");
const PERSON: Texts = texts(
    "person",
    "Person that the text names, as the facet `person` writes the name, or another name that the lexicon has; repeat for several.",
);
const PLACE: Texts = texts(
    "place",
    "Place that the text names, as the facet `place` writes it, or another name that the lexicon has (`서울시`); repeat for several.",
);
const ORGANISATION: Texts = texts(
    "organisation",
    "Organisation that the text names, as the facet `organisation` writes it, or another name that the lexicon has (`한은`); repeat for several.",
);
const FROM: Text = text(
    "from",
    "Published at this time or later: `YYYY-MM-DD` (a whole day in Korean time) or RFC 3339.",
    Form::Moment,
);
const TO: Text = text(
    "to",
    "Published at this time or earlier: `YYYY-MM-DD` (a whole day in Korean time) or RFC 3339.",
    Form::Moment,
);
const SIMILAR_TO: Text = text(
    "similar_to",
    "Id of an article: only this one and those near-identical to it (reprints, wire copies, updated versions).",
    Form::ArticleId,
);
const MATCH: Choice<MatchMode> = Choice {
    name: "match",
    meaning: "How many words must match; `auto`: all words of a short query, most of a long one, fewer when nothing \
              matches.",
    choices: &[("all", MatchMode::All), ("any", MatchMode::Any), ("auto", MatchMode::Auto)],
    default: Some("auto"),
};

/// Order of the hits.
pub(in crate::http) const SORT: Choice<Sort> = Choice {
    name: "sort",
    meaning: "Order; `relevance` by default if there is a query, `newest` otherwise.",
    choices: &[("relevance", Sort::Relevance), ("newest", Sort::Newest), ("oldest", Sort::Oldest)],
    default: None,
};
/// Whether near-identical articles are folded.
pub(in crate::http) const GROUP: Choice<bool> = Choice {
    name: "group",
    meaning: "`similar`: near-identical articles are folded into one hit, whose `similar_count` says how many others \
              match. Totals and facets count them once.",
    choices: &[("none", false), ("similar", true)],
    default: Some("none"),
};
/// Which of the folded articles is shown.
pub(in crate::http) const GROUP_SHOW: Choice<Representative> = Choice {
    name: "group_show",
    meaning: "Which of the near-identical articles a hit shows, with `group=similar`: the first published (so by \
              default), the newest, or the best match.",
    choices: &[
        ("first", Representative::First),
        ("newest", Representative::Newest),
        ("best", Representative::Best),
    ],
    default: None,
};

/// Where to continue.
pub(in crate::http) const CURSOR: Text = text(
    "cursor",
    "`next_cursor` of the previous page of a search, or `x-next-cursor` of the previous export: continues after any \
     hit, even while articles arrive. Not together with `page`.",
    Form::Cursor,
);

const FACETS: List<FacetField> = List {
    name: "facets",
    meaning: "Fields to count exactly, in addition to the hits.",
    choices: &FacetField::ALL,
    word: FacetField::name,
    skips_empty: true,
};
const HIGHLIGHT: Flag =
    Flag { name: "highlight", meaning: "Whether titles and snippets come with marks.", default: true };
const SNIPPETS: Number = Number {
    name: "snippets",
    meaning: "The most snippets of a body; 0: titles only.",
    least: 0,
    most: Some(SnippetOptions::MOST),
    default: 3,
};
const SNIPPET_SIZE: Number = Number {
    name: "snippet_size",
    meaning: "The most characters of a snippet; whole sentences where they fit.",
    least: *SnippetOptions::CHARACTERS.start(),
    most: Some(*SnippetOptions::CHARACTERS.end()),
    default: 160,
};
const EXPLAIN: Flag = Flag {
    name: "explain",
    meaning: "Whether to explain how the query was read, how each score is made up, and where the time went.",
    default: false,
};

/// Values of a facet that is asked for by itself.
pub(in crate::http) const FACET_SIZE: Number =
    Number::up_to("size", "The most values.", LARGEST_FACET, FACET_VALUES);

/// The query, and then what else chooses articles.
const CHOOSING: &[&dyn Parameter] = &[
    &QUERY,
    &OUTLET,
    &OUTLET_GROUP,
    &REPORTER,
    &SECTION,
    &PERSON,
    &PLACE,
    &ORGANISATION,
    &FROM,
    &TO,
    &SIMILAR_TO,
    &MATCH,
];
/// The parameters that choose articles.
pub(in crate::http) const SELECTION: Group = Group::of(CHOOSING);
/// The same without the query.
pub(in crate::http) const CONDITIONS: Group = Group::of(match CHOOSING.split_first() {
    Some((_, others)) => others,
    None => &[],
});
/// The parameters that order and fold them.
pub(in crate::http) const ORDER: Group = Group::of(&[&SORT, &GROUP, &GROUP_SHOW]);
/// The parameters that decide what is shown of them.
pub(in crate::http) const SHOW: Group = Group::of(&[&FACETS, &HIGHLIGHT, &SNIPPETS, &SNIPPET_SIZE, &EXPLAIN]);

const STRICT: Flag = Flag {
    name: "strict",
    meaning: "Whether to answer 503 `partial_results` where a part of a cluster does not answer, instead of an answer with `\"partial\": true`, which lacks articles.",
    default: false,
};
/// Whether an answer may lack articles.
pub(in crate::http) const COMPLETENESS: Group = Group::of(&[&STRICT]);

/// How a route pages: each has numbers of its own.
pub(in crate::http) struct Paging {
    /// Hits on a page.
    pub(in crate::http) size: Number,
    /// The page.
    pub(in crate::http) page: Page,
    /// Where the answer has the cursor of its next page, for the refusal of a page that is too far.
    pub(in crate::http) next: &'static str,
}

/// The number of a page.
pub(in crate::http) struct Page {
    /// The most that `page × size` may be.
    pub(in crate::http) window: usize,
}

impl Page {
    /// As a number. It has no upper bound of its own: a page past the window is refused with the way to continue.
    const NUMBER: Number = Number { name: "page", meaning: "", least: 1, most: None, default: 1 };
}

impl Parameter for Page {
    fn name(&self) -> &'static str {
        Self::NUMBER.name
    }

    fn meaning(&self) -> Cow<'static, str> {
        format!("Page, from 1; `page × size` is at most {}.", self.window).into()
    }

    fn schema(&self) -> Schema {
        Self::NUMBER.schema()
    }
}

const fn text(name: &'static str, meaning: &'static str, form: Form) -> Text {
    Text { name, meaning, longest: None, required: false, form }
}

const fn texts(name: &'static str, meaning: &'static str) -> Texts {
    Texts { name, meaning, most: 64, longest: 200, required: false }
}

/// What the lexicons know of outlets, and of other names.
#[derive(Clone, Copy)]
pub(in crate::http) struct KnownNames<'a> {
    outlets: &'a OutletNames,
    groups: &'a OutletGroups,
    variants: &'a Variants,
}

impl<'a> KnownNames<'a> {
    /// Those of `language`.
    pub(in crate::http) fn of(language: &'a Language) -> Self {
        Self { outlets: language.outlets(), groups: language.outlet_groups(), variants: language.variants() }
    }
}

impl Given {
    /// The parameters that choose and order articles, one a line in a fixed order: the same text for the same selection.
    pub(in crate::http) fn selecting(&self) -> String {
        // Feeds are named by the hash of this text: another parameter here would rename those that use it.
        let chooses = |name: &str| {
            SELECTION.names().any(|chooses| chooses == name) || name == SORT.name || name == GROUP.name
        };
        let mut lines: Vec<String> =
            self.pairs(chooses).map(|(name, value)| format!("{name}={value}\n")).collect();
        lines.sort();
        lines.concat()
    }

    /// Whether an answer may not lack articles.
    pub(in crate::http) fn strict(&self) -> Result<bool, ApiError> {
        self.flag(&STRICT)
    }

    /// The query, checked for its length.
    pub(in crate::http) fn query(&self) -> Result<String, ApiError> {
        let query = self.text(&QUERY)?.unwrap_or_default();
        check_query(query)?;
        Ok(query.to_owned())
    }

    /// Query, filters and match mode. Outlet names become canonical.
    fn selection(&self, known: KnownNames<'_>) -> Result<SearchRequest, ApiError> {
        Ok(SearchRequest { query: self.query()?, ..self.conditions(known)? })
    }

    /// Filters and match mode, without the query.
    pub(in crate::http) fn conditions(&self, known: KnownNames<'_>) -> Result<SearchRequest, ApiError> {
        let filters = Filters {
            outlet_groups: self.outlet_groups(known.groups)?,
            outlets: self.texts(&OUTLET)?.iter().flat_map(|name| known.outlets.stored_names(name)).collect(),
            reporters: self.texts(&REPORTER)?,
            sections: self.texts(&SECTION)?,
            persons: self.names(&PERSON, EntityKind::Person, known.variants)?,
            places: self.names(&PLACE, EntityKind::Place, known.variants)?,
            organisations: self.names(&ORGANISATION, EntityKind::Organisation, known.variants)?,
            from: self.text(&FROM)?.map(|value| moment(FROM.name, value, Edge::First)).transpose()?,
            to: self.text(&TO)?.map(|value| moment(TO.name, value, Edge::Last)).transpose()?,
            ..Filters::default()
        };
        if let (Some(from), Some(to)) = (filters.from, filters.to)
            && from > to
        {
            return Err(ApiError::bad_parameter(FROM.name, "is later than `to`"));
        }
        let match_mode = self.choice(&MATCH)?.unwrap_or_default();
        let similar_to = self.text(&SIMILAR_TO)?.map(|id| checked_id(&SIMILAR_TO, id)).transpose()?;
        Ok(SearchRequest { filters, similar_to, match_mode, page: 1, ..SearchRequest::default() })
    }

    /// Names of what texts name, in NFC and as the index writes them.
    fn names(
        &self,
        parameter: &Texts,
        kind: EntityKind,
        variants: &Variants,
    ) -> Result<Vec<String>, ApiError> {
        let names = self.texts(parameter)?.into_iter().map(|name| name.nfc().collect::<String>());
        Ok(names.flat_map(|name| stored_names(kind, &name, variants)).collect())
    }

    /// The outlets of the groups asked for. A group that does not exist has none, as an outlet that does not exist has no articles.
    fn outlet_groups(&self, groups: &OutletGroups) -> Result<Option<Vec<String>>, ApiError> {
        let wanted = self.texts(&OUTLET_GROUP)?;
        let members = wanted.iter().flat_map(|name| groups.members(name).unwrap_or_default()).collect();
        Ok((!wanted.is_empty()).then_some(members))
    }

    /// The cursor, if there is one.
    pub(in crate::http) fn cursor(&self) -> Result<Option<Cursor>, ApiError> {
        let Some(text) = self.text(&CURSOR)? else { return Ok(None) };
        let cursor = Cursor::decode(text).ok_or_else(|| {
            ApiError::new(Code::BadCursor, "`cursor` was not issued by this server")
                .with("parameter", CURSOR.name)
        })?;
        Ok(Some(cursor))
    }

    /// A whole search, of which one page is shown.
    pub(in crate::http) fn search(
        &self,
        known: KnownNames<'_>,
        paging: &Paging,
    ) -> Result<SearchRequest, ApiError> {
        let Paging { page: Page { window }, next, .. } = paging;
        let (size, page) = self.page(paging, |page, size| {
            format!(
                "page {page} of {size} hits would go past hit {window}; continue with `cursor` ({next} of the previous page)"
            )
        })?;
        if self.text(&CURSOR)?.is_some() && self.one(Page::NUMBER.name)?.is_some() {
            let reason = "and `cursor` exclude each other; leave one out";
            return Err(ApiError::faulty_parameter(Page::NUMBER.name, Fault::BesideCursor, reason));
        }
        let cursor = self.cursor()?;
        Ok(SearchRequest {
            group: self.group()?,
            sort: self.choice(&SORT)?,
            size,
            page,
            cursor,
            facets: self.list(&FACETS)?.unwrap_or_default(),
            facet_size: FACET_VALUES,
            highlight: self.flag(&HIGHLIGHT)?,
            snippets: SnippetOptions {
                count: self.number(&SNIPPETS)?,
                characters: self.number(&SNIPPET_SIZE)?,
            },
            explain: self.flag(&EXPLAIN)?,
            ..self.selection(known)?
        })
    }

    /// One facet by itself: selection, folding and size.
    pub(in crate::http) fn facet(&self, known: KnownNames<'_>) -> Result<SearchRequest, ApiError> {
        let facet_size = self.number(&FACET_SIZE)?;
        Ok(SearchRequest { facet_size, ..self.chosen(known)? })
    }

    /// A selection of which one page of quotations is shown.
    pub(in crate::http) fn search_in_quotes(
        &self,
        known: KnownNames<'_>,
        paging: &Paging,
    ) -> Result<SearchRequest, ApiError> {
        let window = paging.page.window;
        let (size, page) = self.page(paging, |page, size| {
            format!(
                "page {page} of {size} quotations would go past number {window}; narrow the search with `from` and `to`"
            )
        })?;
        Ok(SearchRequest { size, page, ..self.selection(known)? })
    }

    /// The size and the number of the page; `too_far` says of number and size why a page past the window is refused.
    fn page(
        &self,
        paging: &Paging,
        too_far: impl FnOnce(usize, usize) -> String,
    ) -> Result<(usize, usize), ApiError> {
        let size = self.number(&paging.size)?;
        let page = self.number(&Page::NUMBER)?;
        if page.saturating_mul(size) > paging.page.window {
            let detail = too_far(page, size);
            return Err(ApiError::new(Code::PageWindow, detail).with("parameter", Page::NUMBER.name));
        }
        Ok((size, page))
    }

    /// Selection and folding, of which no hits are shown.
    pub(in crate::http) fn chosen(&self, known: KnownNames<'_>) -> Result<SearchRequest, ApiError> {
        Ok(SearchRequest { group: self.group()?, ..self.selection(known)? })
    }

    /// Whether near-identical articles fold, and which of them is shown.
    fn group(&self) -> Result<Option<Representative>, ApiError> {
        let group = self.choice(&GROUP)?.unwrap_or_default();
        let shown = self.choice(&GROUP_SHOW)?;
        if !group && self.one(GROUP_SHOW.name)?.is_some() {
            return Err(ApiError::bad_parameter(GROUP_SHOW.name, "needs `group=similar`"));
        }
        Ok(group.then(|| shown.unwrap_or_default()))
    }
}

/// An article's id, as text.
///
/// # Errors
/// [`Code::BadParameter`] if no article can have it.
pub(in crate::http) fn checked_id(parameter: &Text, id: &str) -> Result<String, ApiError> {
    let refused = |error| ApiError::bad_parameter(parameter.name, format!("is not a valid id: {error}"));
    Ok(ArticleId::new(id).map_err(refused)?.to_string())
}

/// Refuses a query that is too long before anything is done with it. The query parser counts again, in NFC, which has at
/// most as many characters.
pub(in crate::http) fn check_query(query: &str) -> Result<(), ApiError> {
    let limit = Limits::TYPED.characters;
    // Three conjoining jamo compose to one syllable.
    if query.chars().count() > 3 * limit {
        let detail = format!("the query has {} characters; the limit is {limit}", query.chars().count());
        return Err(ApiError::new(Code::QueryTooLong, detail).with("parameter", QUERY.name));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn search(raw: &str) -> Result<SearchRequest, ApiError> {
        const PAGING: Paging = Paging {
            size: Number { name: "size", meaning: "", least: 0, most: Some(100), default: 10 },
            page: Page { window: 10_000 },
            next: "next_cursor",
        };
        let (outlets, _) = OutletNames::parse("새벽신문 = 새벽일간");
        let variants = Variants::default();
        let given = Given::parse(raw)?;
        given.check_names(&[SELECTION, ORDER, Group::of(&[&PAGING.size, &PAGING.page, &CURSOR]), SHOW])?;
        let groups = OutletGroups::default();
        given.search(KnownNames { outlets: &outlets, groups: &groups, variants: &variants }, &PAGING)
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
        assert_eq!(request.snippets, SnippetOptions::default(), "one default, whoever asks");
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
            ("outlet_group=", Code::BadParameter, "`outlet_group`"),
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
