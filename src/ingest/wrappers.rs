//! JSON that wraps its articles: answers of an API, exports of a database. The lists inside are found without parsing what they hold.
//!
//! A list is known by the name of its key, or by its first object, which has a title and a story. Names of a story (`content`) hold
//! paragraphs in one program and a page of articles in another: there the title decides. What stands beside the list is kept ([`Around`]).

mod around;
mod bulk;
mod entries;
mod table;

use super::names::{self, Field};
use super::refusal::{Refusal, RefusalCode};
use super::rule::FieldPath;
use entries::{Entries, First, entries};

pub(super) use around::Around;
pub(super) use bulk::{Action, bulk_action};
pub(super) use table::Table;

/// Keys under which lists of articles are kept, folded.
const LISTS: [&str; 22] = [
    "items",
    "articles",
    "documents",
    "document",
    "data",
    "hits",
    "results",
    "result",
    "records",
    "rows",
    "docs",
    "entries",
    "list",
    "news",
    "value",
    "returnobject",
    "response",
    "channel",
    "resultlist",
    "newslist",
    "articlelist",
    "sjml",
];
/// Others, which are keys of one article too: not where a rule says what an article has.
const MORE_LISTS: [&str; 10] =
    ["article", "row", "entry", "item", "newsitems", "posts", "stories", "edges", "nodes", "issue"];
/// Objects that have a title of their own and are not articles: their lists need no stories.
const FEEDS: [&str; 6] = ["feed", "channel", "rss", "response", "result", "results"];
/// Keys of lists that go with an article.
const COMPANIONS: [&str; 16] = [
    "related",
    "relatednews",
    "relatedarticles",
    "관련기사",
    "comments",
    "comment",
    "댓글",
    "images",
    "photos",
    "videos",
    "media",
    "links",
    "tags",
    "attachments",
    "sections",
    "similar",
];
/// How deep a list may lie: `return_object.documents`, `response.body.items.item`.
const DEPTH: usize = 6;

/// What an object of a `.json` file is.
pub(super) enum Element {
    /// An article, or nothing that is known.
    Record,
    /// It holds a list of articles, at this byte, and says this beside it.
    List(usize, Around),
    /// It holds a table by columns, or articles by numbers or keys.
    Table(Table),
    /// It says something about the export, and nothing else.
    Header,
    /// It holds articles, and it is not certain which.
    Unclear(Refusal),
}

/// What `text`, one whole object, is. `guesses` is whether lists are looked for under names that say nothing.
pub(super) fn look_into(text: &str, guesses: bool) -> Element {
    let Some(fields) = entries(text).filter(|fields| is_alone(text, fields)) else { return Element::Record };
    let search = Search { text, guesses };
    let own = First::of_entries(&fields);
    let mut lists = search.lists(&fields, DEPTH, "");
    match (lists.pop(), lists.is_empty()) {
        (Some(list), true) => return Element::List(list.at, list.around),
        (Some(last), false) if !own.title => {
            let names = lists.iter().chain([&last]).map(|list| list.name.as_str());
            return Element::Unclear(several(&names.collect::<Vec<_>>()));
        }
        _ => {}
    }
    match Table::of(text, &fields) {
        Some(Ok(table)) => return Element::Table(table),
        Some(Err(refusal)) => return Element::Unclear(refusal),
        None => {}
    }
    let is_list = |key: &str| search.is_list(&names::fold(key));
    if !own.title
        && let Some(table) = Table::inside(text, &fields, is_list)
    {
        return Element::Table(table);
    }
    // phpMyAdmin: `{"type":"header",…}`, `{"type":"database",…}`.
    let kind = fields.iter().find(|(key, _)| key == "type").map(|(_, raw)| *raw);
    let header = matches!(kind, Some("\"header\"" | "\"database\""))
        && !fields.iter().any(|(key, _)| names::field_of(key) == Some(Field::Title));
    if header { Element::Header } else { Element::Record }
}

/// Whether nothing follows the object in `text` that `fields` are of.
fn is_alone(text: &str, fields: &Entries<'_>) -> bool {
    let Some((_, last)) = fields.last() else { return true };
    let end = last.as_ptr().addr() + last.len() - text.as_ptr().addr();
    text.get(end..).is_some_and(|rest| rest.trim() == "}")
}

fn several(names: &[&str]) -> Refusal {
    let detail = format!(
        "there are lists of articles under {}, and which one is meant is not certain; name it: records = \"{}\" in [[ingest]], or \
         gisa import --records {}",
        names.join(" and "),
        names.first().copied().unwrap_or_default(),
        names.first().copied().unwrap_or_default()
    );
    Refusal::new(RefusalCode::BadJson, detail)
}

/// The first keys of `text`, an object; none if it is something else.
pub(super) fn keys_of(text: &str) -> Vec<String> {
    let entries = entries(text).unwrap_or_default();
    entries.into_iter().take(12).map(|(key, _)| key.into_owned()).collect()
}

/// The number under `key` of `text`, an object, as it stands there, digit by digit. Of several the last.
pub(super) fn number_at(text: &str, key: &str) -> Option<String> {
    let is_number = |raw: &str| raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let numbers = entries(text)?.into_iter().rev().find(|(name, raw)| name == key && is_number(raw));
    numbers.map(|(_, raw)| raw.to_owned())
}

/// What stands beside the list at `path` of `text`, an object.
pub(super) fn around(text: &str, path: &FieldPath) -> Around {
    let (mut around, mut way, mut inside) = (Around::default(), String::new(), text);
    for key in path.keys() {
        let Some(fields) = entries(inside) else { break };
        around = Around::of(&fields, key, &way).within(around);
        way.push_str(key);
        way.push('.');
        inside = fields.iter().find(|(name, _)| name == key).map(|(_, raw)| *raw).unwrap_or_default();
    }
    around
}

/// How certain it is that a list is one of articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    /// The list is empty, and its name is known.
    Empty,
    /// It has a title and a story, and its name says nothing.
    Unnamed,
    /// Its name is known.
    Named,
    /// Its name is known, or that of a story, and it has a title.
    Titled,
    /// Its name is known, and it has a title and a story.
    Whole,
}

struct List {
    at: usize,
    certainty: Certainty,
    name: String,
    around: Around,
}

/// The search for lists in `text`.
struct Search<'a> {
    text: &'a str,
    guesses: bool,
}

impl<'a> Search<'a> {
    /// The most certain lists of articles in `fields`, whose texts are parts of the text: one, or several of which none is more certain.
    fn lists(&self, fields: &Entries<'a>, depth: usize, way: &str) -> Vec<List> {
        let own = First::of_entries(fields);
        if depth == 0 || fields.iter().any(|(key, raw)| is_story(key, raw)) {
            return Vec::new();
        }
        let mut found: Vec<List> = Vec::new();
        for (key, raw) in fields {
            let folded = names::fold(key);
            let key = key.as_ref();
            if COMPANIONS.contains(&folded.as_str()) || key == "_source" {
                continue;
            }
            let name = format!("{way}{key}");
            if raw.starts_with('[') {
                let certainty = self.certainty(&folded, raw, own, way);
                let at = raw.as_ptr().addr().checked_sub(self.text.as_ptr().addr());
                if let (Some(certainty), Some(at)) = (certainty, at) {
                    found.push(List { at, certainty, name, around: Around::of(fields, key, way) });
                }
            } else if raw.starts_with('{') && !own.title {
                let is_list = self.is_list(&folded);
                let inner = entries(raw).filter(|_| is_list || self.guesses);
                let lists =
                    inner.map(|inner| self.lists(&inner, depth - 1, &format!("{name}."))).unwrap_or_default();
                let certain =
                    |list: &List| is_list || !matches!(list.certainty, Certainty::Named | Certainty::Empty);
                found.extend(lists.into_iter().filter(certain).map(|list| {
                    let around = list.around.within(Around::of(fields, key, way));
                    List { around, ..list }
                }));
            }
        }
        if found.is_empty() {
            return found;
        }
        let best = found.iter().map(|list| list.certainty).max();
        // An article that lies beside a list of others, as `{"article": {…}, "more": […]}` has it.
        let beside = best < Some(Certainty::Whole)
            && fields.iter().any(|(_, raw)| raw.starts_with('{') && First::of(raw).is_whole());
        found.retain(|list| Some(list.certainty) == best && !beside);
        found
    }

    fn is_list(&self, folded: &str) -> bool {
        LISTS.contains(&folded) || self.guesses && MORE_LISTS.contains(&folded)
    }

    /// How certain it is that `list`, under a key that is `folded`, is one of articles; `own` is what the object around it has.
    fn certainty(&self, folded: &str, list: &str, own: First, way: &str) -> Option<Certainty> {
        let inside = list.strip_prefix('[')?.trim_start();
        let is_named = self.is_list(folded);
        let is_feed = way
            .trim_end_matches('.')
            .rsplit('.')
            .next()
            .is_some_and(|name| FEEDS.contains(&names::fold(name).as_str()));
        if inside.starts_with(']') {
            return (is_named && !own.title).then_some(Certainty::Empty);
        }
        if !inside.starts_with('{') {
            return None;
        }
        let first = First::of(inside);
        // `document` is a list of documents everywhere, which keep their titles deeper.
        let names_stories = names::field_of(folded) == Some(Field::Body) && folded != "document";
        if own.title {
            // A list may have a title of its own, as a JSON Feed has. Then its articles must have stories; in an article with a title
            // paragraphs may have both.
            return match (is_named, names_stories) {
                (true, _) if first.is_whole() => Some(Certainty::Whole),
                (true, false) if first.story || is_feed && first.title => Some(Certainty::Titled),
                (false, true) if first.is_whole() && first.origin => Some(Certainty::Whole),
                (false, false) if is_feed && self.guesses && first.is_whole() => Some(Certainty::Unnamed),
                _ => None,
            };
        }
        match (is_named, names_stories) {
            (true, _) | (_, true) if first.is_whole() => Some(Certainty::Whole),
            (true, _) | (_, true) if first.title => Some(Certainty::Titled),
            (true, false) => Some(Certainty::Named),
            (false, false) if self.guesses && first.is_whole() => Some(Certainty::Unnamed),
            _ => None,
        }
    }
}

/// Whether the key is a name of a story and holds one: a text, or a list of paragraphs and not of articles.
fn is_story(key: &str, raw: &str) -> bool {
    if names::known(key).is_none_or(|known| known.field != Some(Field::Body) || known.extract) {
        return false;
    }
    match raw.as_bytes() {
        [b'"', ..] => raw.len() > 2,
        [b'[', ..] => {
            let inside = raw.strip_prefix('[').unwrap_or_default().trim_start();
            let is_list = names::fold(key) == "document" || First::of(inside).title;
            let of_articles = inside.starts_with('{') && is_list;
            !of_articles && !inside.starts_with(']')
        }
        _ => false,
    }
}

/// Whether a line of a JSONL file may be a wrapper. Lines are not parsed twice: few articles have a list of objects.
pub(super) fn may_wrap(line: &[u8]) -> bool {
    memchr::memchr_iter(b'[', line)
        .any(|at| line.get(at + 1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn list(text: &str) -> Option<&str> {
        match look_into(text, true) {
            Element::List(at, _) => text.get(at..),
            _ => None,
        }
    }

    #[test]
    fn lists_are_found_where_they_are_certain() {
        assert_eq!(list(r#"{"total":1,"items":[{"title":"가"}]}"#), Some(r#"[{"title":"가"}]}"#));
        assert_eq!(list(r#"{"hits":{"total":1,"hits":[{"_id":1}]}}"#), Some(r#"[{"_id":1}]}}"#));
        assert_eq!(list(r#"{"return_object":{"documents":[ {"a":1}]}}"#), Some(r#"[ {"a":1}]}}"#));
        // An article with a list of its own, and two lists.
        assert_eq!(list(r#"{"title":"가","items":[{"a":1}]}"#), None);
        assert_eq!(list(r#"{"items":[{"a":1}],"data":[{"a":1}]}"#), None);
        assert_eq!(list(r#"{"keywords":[{"a":1}]}"#), None);
        // A feed with a title of its own; articles with others below them.
        let feed = r#"{"version":"https://jsonfeed.org/version/1.1","title":"가람일보","items":[{"id":"1","content_text":"나"}]}"#;
        assert_eq!(list(feed), Some(r#"[{"id":"1","content_text":"나"}]}"#));
        assert_eq!(list(r#"{"title":"가","news":[{"title":"관련 기사","url":"u"}]}"#), None);
        assert_eq!(list(r#"{"title":"가","body":"나","items":[{"title":"다","body":"라"}]}"#), None);
        // BigKinds in the browser, AI-Hub, and a story whose paragraphs are objects.
        let bigkinds = r#"{"totalCount":1,"resultList":[{"NEWS_ID":"1","TITLE":"가","CONTENT":"나"}]}"#;
        assert!(list(bigkinds).is_some_and(|list| list.starts_with(r#"[{"NEWS_ID""#)));
        let hub = r#"{"SJML":{"header":{"identifier":"N1"},"text":[{"title":"가","content":"나"}]}}"#;
        assert_eq!(list(hub), Some(r#"[{"title":"가","content":"나"}]}}"#));
        assert_eq!(list(r#"{"id":"1","text":[{"sentence":"가."},{"sentence":"나."}]}"#), None);
        assert_eq!(list(r#"{"title":"가","text":[{"title":"소제목","text":"나."}]}"#), None);
    }

    #[test]
    fn few_lines_are_looked_into() {
        for line in [r#"{"items":[{"title":"가"}]}"#, r#"{ "items" : [ {"title":"가"}]}"#] {
            assert!(may_wrap(line.as_bytes()), "{line}");
        }
        for line in [r#"{"title":"[가]"}"#, r#"{"reporters":["가"],"a":[]}"#, "["] {
            assert!(!may_wrap(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_list_under_the_name_of_a_story_is_one_of_articles_where_these_have_titles() {
        let page = r#"{"content":[{"title":"가","content":"나","date":"2024-03-05"}],"totalPages":1}"#;
        assert!(list(page).is_some());
        for key in ["article", "contents", "html", "본문"] {
            assert!(
                list(&format!(r#"{{"{key}":[{{"headline":"가","text":"나"}}],"n":1}}"#)).is_some(),
                "{key}"
            );
        }
        // Blocks of an editor, with headings.
        assert_eq!(list(r#"{"title":"가","content":[{"id":"b1","title":"소제목","text":"나."}]}"#), None);
        assert_eq!(list(r#"{"content":[{"type":"p","text":"나."}]}"#), None);
        assert_eq!(list(r#"{"content":["나.","다."]}"#), None);
        // The page of articles has a title of its own.
        assert!(
            list(r#"{"title":"목록","content":[{"title":"가","content":"나","press":"가람일보"}]}"#)
                .is_some()
        );
    }

    #[test]
    fn a_list_is_found_in_objects_with_titles_of_their_own() {
        let articles = r#"[{"title":"가","content":"나"}]"#;
        for around in [
            r#"{"feed":{"title":"가람일보","entry":LIST}}"#,
            r#"{"channel":{"title":"가람일보","link":"https://a.example/","item":LIST}}"#,
            r#"{"issue":{"title":"3월호","articles":LIST}}"#,
            r#"{"rss":{"channel":{"title":"가람일보","item":LIST}}}"#,
            r#"{"response":{"header":{"code":"00"},"body":{"items":{"item":LIST}}}}"#,
            r#"{"export":{"stories_of_day":LIST}}"#,
        ] {
            assert!(list(&around.replace("LIST", articles)).is_some(), "{around}");
        }
        assert!(list(r#"{"result":{"title":"검색","items":[{"subject":"가"},{"subject":"나"}]}}"#).is_some());
        // An article beside others, and one with others inside.
        assert_eq!(
            list(r#"{"article":{"title":"가","body":"나"},"more":[{"title":"다","body":"라"}]}"#),
            None
        );
        assert_eq!(
            list(r#"{"article":{"title":"가","body":"나","news":[{"title":"다","body":"라"}]}}"#),
            None
        );
        // The list whose name is known counts before one that goes with it.
        let two = r#"{"articles":[{"title":"가","body":"나"}],"related":[{"title":"다","body":"라"}]}"#;
        assert!(list(two).is_some_and(|list| list.contains("가")));
        let Element::Unclear(refusal) = look_into(
            r#"{"items":[{"title":"가","body":"나"}],"articles":[{"title":"다","body":"라"}]}"#,
            true,
        ) else {
            unreachable!()
        };
        assert!(
            refusal.detail.contains("items and articles") && refusal.detail.contains("records"),
            "{refusal}"
        );
    }

    #[test]
    fn what_stands_beside_a_list_is_kept() {
        let text = r#"{"press":"가람일보","meta":{"n":1},"data":{"title":"3월호","date":"2024-03-05","timestamp":1,"articles":[{"title":"가","body":"나"}]}}"#;
        let Element::List(_, around) = look_into(text, true) else { unreachable!() };
        assert_eq!(Value::Object(around.fields).to_string(), r#"{"date":"2024-03-05","press":"가람일보"}"#);
        assert_eq!(around.title.as_deref(), Some("3월호"));
        assert_eq!(around.others, ["meta", "data.title", "data.timestamp"]);
    }

    #[test]
    fn of_numbers_the_one_that_is_written_is_taken() {
        let text = r#"{"id":1100101.2024,"id":1100101.20240305,"id":"","n":{"id":3}}"#;
        assert_eq!(number_at(text, "id").as_deref(), Some("1100101.20240305"));
        assert_eq!(number_at(r#"{"id":"7"}"#, "id"), None);
    }

    #[test]
    fn tables_of_pandas_are_turned() {
        let rows = |text: &str| -> Vec<String> {
            let Element::Table(mut table) = look_into(text, true) else { return Vec::new() };
            std::iter::from_fn(|| table.next(text))
                .map(|row| {
                    let (key, fields) = row.unwrap();
                    format!("{}{}", key.unwrap_or_default(), Value::Object(fields))
                })
                .collect()
        };
        assert_eq!(
            rows(r#"{"title":{"0":"가","10":"다","2":"나"},"date":{"0":1,"2":2,"10":3}}"#),
            [r#"{"title":"가","date":1}"#, r#"{"title":"나","date":2}"#, r#"{"title":"다","date":3}"#]
        );
        assert_eq!(
            rows(r#"{"0":{"title":"가"},"1":{"title":"나"}}"#),
            [r#"{"title":"가"}"#, r#"{"title":"나"}"#]
        );
        assert_eq!(
            rows(r#"{"-Nq1x7Yk0aBcDeFgHiJ":{"title":"가","body":"나"},"ko":{"title":"다","body":"라"}}"#),
            [r#"-Nq1x7Yk0aBcDeFgHiJ{"title":"가","body":"나"}"#, r#"{"title":"다","body":"라"}"#]
        );
        assert_eq!(
            rows(
                r#"{"press":"다","articles":{"a1":{"title":"가","body":"나"},"a2":{"title":"다","body":"라"}}}"#
            ),
            [r#"{"title":"가","body":"나"}"#, r#"{"title":"다","body":"라"}"#]
        );
        assert!(matches!(look_into(r#"{"title":"가"}"#, true), Element::Record));
        assert_eq!(
            rows(r#"{"body":["나","라"],"press":"가람일보","title":["가","다"]}"#),
            [
                r#"{"press":"가람일보","body":"나","title":"가"}"#,
                r#"{"press":"가람일보","body":"라","title":"다"}"#
            ]
        );
        for split in [
            r#"{"columns":["title","body","n"],"index":[0,1],"data":[["가","나",1],["다","라",null]]}"#,
            r#"{"header":["title","body","n"],"rows":[["가","나",1],["다","라",null]]}"#,
            r#"{"values":[["title","body","n"],["가","나",1],["다","라",null]],"range":"A1:C3"}"#,
            r#"{"rows":[["가","나",1],["다","라",null]],"cols":[{"name":"title"},{"name":"body"},{"name":"n"}]}"#,
        ] {
            let found = [r#"{"title":"가","body":"나","n":1}"#, r#"{"title":"다","body":"라","n":null}"#];
            assert_eq!(rows(split), found, "{split}");
        }
        // Of two columns with one name both stay.
        assert_eq!(
            rows(r#"{"columns":["title","title","body"],"data":[["가","나","다"]]}"#),
            [r#"{"title":"나","title_others":["가"],"body":"다"}"#]
        );
        let uneven = r#"{"columns":["title","body"],"data":[["가","나"],["다"]]}"#;
        assert!(matches!(look_into(uneven, true), Element::Unclear(no) if no.detail.contains("row 2")));
        for record in [
            r#"{"columns":["a","b"],"data":[["가","나"]]}"#,
            r#"{"title":"가","data":[["title","body"],["나","다"]]}"#,
        ] {
            assert!(matches!(look_into(record, true), Element::Record), "{record}");
        }
        assert!(rows(r#"{"title":["가","다"],"body":["나"]}"#).is_empty());
        assert!(rows(r#"{"title":"가","body":["나","라"]}"#).is_empty());
        assert!(matches!(look_into(r#"{"type":"header","version":"5"}"#, true), Element::Header));
    }
}
