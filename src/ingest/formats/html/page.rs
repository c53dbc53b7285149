//! What is read off a page in HTML: what it says about itself, its text, and which part of that is the story.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use serde_json::{Map, Value};

use super::super::super::address::{common_form, names_an_article};
use super::super::super::byline::looks_like_outlet;
use super::super::super::outlets::OutletNames;
use super::super::super::scraped_line::{LineKind, classify, is_side_heading};
use super::super::super::sentence::has_sentence;
use super::{json_ld, without_site};

/// Elements whose text is not part of a story.
const DROPPED: [&str; 17] = [
    "script",
    "style",
    "nav",
    "aside",
    "footer",
    "form",
    "button",
    "select",
    "noscript",
    "svg",
    "iframe",
    "template",
    "figcaption",
    "figure",
    "textarea",
    "option",
    "head",
];
/// Elements without an end tag.
const VOID: [&str; 10] = ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"];
/// Elements that do not end a line.
const INLINE: [&str; 16] = [
    "a", "abbr", "b", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "time", "u",
    "wbr",
];
/// Ids and classes under which Korean sites keep the story.
const STORY_PLACES: [&str; 14] = [
    "dic_area",
    "articlebody",
    "articlebodycontents",
    "article-view-content-div",
    "article_body",
    "article-body",
    "newsct_article",
    "news_body",
    "newsbody",
    "article_txt",
    "article-text",
    "view_con",
    "arti-body",
    "articlecontent",
];

/// So many characters are a story, whatever they say.
const LONG: usize = 40;
/// Properties of microdata that are kept.
const MAX_ITEMS: usize = 200;
/// Elements that are kept track of; what lies deeper belongs to the last of them.
const MAX_DEPTH: usize = 300;

/// What was read off a page.
#[derive(Default)]
pub(super) struct Page {
    /// The contents of each `meta`, in their order.
    meta: BTreeMap<String, Vec<String>>,
    /// What microdata says of the article: the way of its properties, as in `author.name`, and the text.
    items: Vec<(String, String)>,
    pub(super) canonical: Option<String>,
    title: String,
    headings: Vec<String>,
    pub(super) scripts: Vec<String>,
    /// `data-date-time`, where Naver keeps the moment.
    pub(super) stamp: Option<String>,
    text: String,
    /// The text of the elements that hold the story, or may.
    story: String,
    /// How many `<article>` there are.
    articles: usize,
    /// What the surest of these elements hold.
    surest: Held,
    /// Where the links lie in the text.
    pub(super) links: Vec<(usize, usize)>,
    /// How many items there are in lists of links, which are no part of the text.
    pub(super) listed: usize,
    /// Whether it asks for a password.
    pub(super) has_password: bool,
}

/// How sure it is that an element holds the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sureness {
    /// `<article>`: lists of other articles and comments are made of it too.
    Perhaps,
    /// By a class that Korean sites use.
    Class,
    /// By an id that they use.
    Id,
    /// `itemprop="articleBody"`.
    Body,
}

/// A part of the text of the story's elements.
#[derive(Default)]
struct Held {
    sureness: Option<Sureness>,
    start: usize,
    end: usize,
}

/// What is to be read of a page.
pub(super) struct Shown<'a> {
    /// The text with bylines and dates, which may go on after the story.
    pub(super) text: &'a str,
    /// The part of it up to the end of the story, where that ends before.
    pub(super) story: Option<&'a str>,
    /// Whether the page marks it as the story.
    pub(super) marked: bool,
}

/// Where the reading of a page is.
struct Place {
    name: String,
    dropped: bool,
    story: Option<Sureness>,
    /// Whether it is the article of which microdata speaks.
    article: bool,
    property: Option<Property>,
    list: Option<List>,
    /// Where its text begins in the text of the page, and in that of the story's elements.
    text: usize,
    start: usize,
}

/// A list of which it is not known yet whether it is made of links only.
struct List {
    /// Where it begins in the text and in the story.
    text: usize,
    story: usize,
    items: usize,
    /// Whether there is a word outside of a link.
    words: bool,
}

/// A property of microdata whose text is being read.
struct Property {
    way: String,
    text: String,
}

impl Page {
    pub(super) fn of(html: &str) -> Self {
        let mut page = Self::default();
        let mut emitter = DefaultEmitter::<()>::default();
        // Scripts and styles are text up to their end tag.
        emitter.naively_switch_states(true);
        let mut open: Vec<Place> = Vec::new();
        let mut script: Option<String> = None;
        let (mut in_title, mut heading) = (false, None::<String>);
        for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    page.note(&name, &tag);
                    match name.as_str() {
                        "script" if attribute(&tag, "type").is_some_and(|kind| kind.contains("ld+json")) => {
                            script = Some(String::new());
                        }
                        "title" => in_title = page.title.is_empty(),
                        "h1" => heading = Some(String::new()),
                        _ => {}
                    }
                    if !INLINE.contains(&name.as_str()) {
                        page.line_break(&open);
                    }
                    if !VOID.contains(&name.as_str()) && !tag.self_closing && open.len() < MAX_DEPTH {
                        let parent_story = open.iter().any(|place| place.story.is_some());
                        let dropped = DROPPED.contains(&name.as_str())
                            || (name == "header" && !parent_story)
                            || is_for_readers(&tag);
                        let property = page.property(&tag, &open);
                        let article =
                            attribute(&tag, "itemtype").is_some_and(|kind| json_ld::is_article(kind.trim()));
                        page.articles += usize::from(name == "article");
                        if matches!(name.as_str(), "li" | "dd")
                            && let Some(list) = open.iter_mut().rev().find_map(|place| place.list.as_mut())
                        {
                            list.items += 1;
                        }
                        let (story, list) = (sureness(&name, &tag), page.list_at(&name));
                        let (text, start) = (page.text.len(), page.story.len());
                        open.push(Place { name, dropped, story, article, property, list, text, start });
                    } else {
                        page.property(&tag, &open);
                    }
                }
                Token::EndTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    match name.as_str() {
                        "script" => page.scripts.extend(script.take()),
                        "title" => in_title = false,
                        "h1" => page.headings.extend(heading.take()),
                        _ => {}
                    }
                    if !INLINE.contains(&name.as_str()) {
                        page.line_break(&open);
                    }
                    // An end tag closes what was left open inside of it, but a stray one closes nothing.
                    if let Some(at) = open.iter().rposition(|place| place.name == name) {
                        for place in open.drain(at..).rev() {
                            page.close(place);
                        }
                    }
                }
                Token::String(text) => {
                    let text = String::from_utf8_lossy(&text);
                    if let Some(script) = &mut script {
                        script.push_str(&text);
                        continue;
                    }
                    if in_title {
                        page.title.push_str(&text);
                    }
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                    let text = text.replace(['\n', '\r', '\t'], " ");
                    for property in open.iter_mut().filter_map(|place| place.property.as_mut()) {
                        property.text.push_str(&text);
                    }
                    page.push(&text, &mut open);
                }
                _ => {}
            }
        }
        // What was never closed holds the story all the same.
        for place in open.drain(..).rev() {
            page.close(Place { property: None, list: None, ..place });
        }
        page
    }

    fn push(&mut self, text: &str, open: &mut [Place]) {
        if open.iter().any(|place| place.dropped) {
            return;
        }
        self.text.push_str(text);
        if open.iter().any(|place| place.story.is_some()) {
            self.story.push_str(text);
        }
        // Between links there are bars, dates and numbers, and above them what they are.
        let in_list = open.iter().any(|place| place.list.is_some());
        if in_list && text.contains(char::is_alphabetic) && !is_side_heading(text) {
            let link = open.iter().rposition(|place| place.name == "a");
            for (at, place) in open.iter_mut().enumerate() {
                if let Some(list) = place.list.as_mut().filter(|_| link.is_none_or(|link| link < at)) {
                    list.words = true;
                }
            }
        }
    }

    fn line_break(&mut self, open: &[Place]) {
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        if !self.story.ends_with('\n') && open.iter().any(|place| place.story.is_some()) {
            self.story.push('\n');
        }
    }

    fn list_at(&self, name: &str) -> Option<List> {
        let list = || List { text: self.text.len(), story: self.story.len(), items: 0, words: false };
        matches!(name, "ul" | "ol" | "dl").then(list)
    }

    /// Ends an element: a list of links leaves the text, and the surest place of the story is noted.
    fn close(&mut self, place: Place) {
        if let Some(list) = place.list
            && !list.words
            && list.items > 1
            // A link may be a sentence of the story; a headline is not one.
            && !self.text.get(list.text..).is_some_and(has_sentence)
        {
            self.text.truncate(list.text);
            self.story.truncate(list.story);
            self.links.truncate(self.links.partition_point(|(start, _)| *start < list.text));
            self.listed += list.items;
            // A place of the story may have been in the list.
            self.surest.end = self.surest.end.min(list.story);
            self.surest.start = self.surest.start.min(self.surest.end);
        }
        if place.name == "a" && place.text < self.text.len() {
            self.links.push((place.text, self.text.len()));
        }
        let (start, end) = (place.start.min(self.story.len()), self.story.len());
        let says = self.story.get(start..).is_some_and(|text| text.contains(char::is_alphanumeric));
        if let Some(sureness) = place.story.filter(|_| says) {
            match self.surest.sureness {
                Some(surest) if surest > sureness => {}
                // A story may come in several parts; an element around others of its kind holds them.
                Some(surest) if surest == sureness => {
                    self.surest.start = self.surest.start.min(start);
                    self.surest.end = end;
                }
                _ => self.surest = Held { sureness: Some(sureness), start, end },
            }
        }
        if let Some(property) = place.property {
            self.note_item(property.way, &property.text);
        }
    }

    /// Notes what an element says about the page.
    fn note(&mut self, name: &str, tag: &StartTag<()>) {
        match name {
            "meta" => {
                let key = attribute(tag, "property")
                    .or_else(|| attribute(tag, "name"))
                    .or_else(|| attribute(tag, "itemprop"));
                let content = attribute(tag, "content").filter(|content| !content.trim().is_empty());
                if let (Some(key), Some(content)) = (key, content) {
                    self.meta.entry(key.to_ascii_lowercase()).or_default().push(content);
                }
            }
            "link" if attribute(tag, "rel").as_deref() == Some("canonical") && self.canonical.is_none() => {
                self.canonical = attribute(tag, "href");
            }
            "input" => {
                self.has_password |=
                    attribute(tag, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("password"));
            }
            _ => {
                if self.stamp.is_none() {
                    self.stamp = attribute(tag, "data-date-time");
                }
            }
        }
    }

    pub(super) fn meta(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.all_meta(name).next()).cloned()
    }

    pub(super) fn all_meta(&self, name: &str) -> impl Iterator<Item = &String> {
        self.meta.get(name).into_iter().flatten()
    }

    /// The property of microdata that an element is, with the properties around it. One with a value of its own is noted at once.
    fn property(&mut self, tag: &StartTag<()>, open: &[Place]) -> Option<Property> {
        let name = attribute(tag, "itemprop")?.trim().to_ascii_lowercase();
        // A whole story is read as the place of the story.
        if name == "articlebody" || !open.iter().any(|place| place.article) {
            return None;
        }
        let way = match open.iter().rev().find_map(|place| place.property.as_ref()) {
            Some(around) => format!("{}.{name}", around.way),
            None => name,
        };
        let value = ["content", "datetime", "href"].iter().find_map(|name| attribute(tag, name));
        match value.filter(|value| !value.trim().is_empty()) {
            Some(value) => {
                self.note_item(way, &value);
                None
            }
            None => Some(Property { way, text: String::new() }),
        }
    }

    fn note_item(&mut self, way: String, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // More than that is not the article's.
        if !text.is_empty() && self.items.len() < MAX_ITEMS {
            self.items.push((way, text));
        }
    }

    pub(super) fn items(&self, way: &str) -> impl Iterator<Item = String> {
        self.items.iter().filter(move |(found, _)| found == way).map(|(_, text)| text.clone())
    }

    pub(super) fn item(&self, way: &str) -> Option<String> {
        self.items(way).next()
    }

    pub(super) fn heading(&self) -> Option<String> {
        let [heading] = self.headings.as_slice() else { return None };
        Some(heading.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|heading| heading.chars().count() >= 6)
    }

    /// A heading that is too short to be one for certain, where nothing else is a title: `부고`, `인사`.
    pub(super) fn short_heading(&self, outlets: &OutletNames) -> Option<String> {
        let [heading] = self.headings.as_slice() else { return None };
        let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
        let says = heading.contains(char::is_alphabetic) && !looks_like_outlet(&heading);
        (says && !outlets.contains(&heading)).then_some(heading)
    }

    pub(super) fn page_title(&self, outlets: &OutletNames) -> Option<String> {
        Some(without_site(&self.title, outlets)).filter(|title| !title.is_empty())
    }

    /// The text of the page, without what is no part of a story.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The title that the page has in its head.
    pub(super) fn own_title(&self) -> &str {
        &self.title
    }

    pub(super) fn headings(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().map(String::as_str)
    }

    /// What holds the story most surely, and what it holds.
    pub(super) fn surest(&self) -> Option<(Sureness, &str)> {
        let Held { sureness: Some(sureness), start, end } = self.surest else { return None };
        Some((sureness, self.story.get(start..end).unwrap_or_default()))
    }

    /// The text of the story's elements where the page marks them and they hold a text; else of the whole page.
    pub(super) fn shown(&self, outlets: &OutletNames) -> Shown<'_> {
        let whole = Shown { text: &self.text, story: None, marked: false };
        let Held { sureness: Some(sureness), start, end } = self.surest else { return whole };
        let held = self.story.get(start..end).unwrap_or_default();
        let is_long = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count() >= LONG;
        let is_sure = sureness >= Sureness::Id;
        let story = || {
            let kinds = held.lines().map(str::trim).filter(|line| !line.is_empty());
            kinds.map(|line| classify(line, outlets)).any(|kind| match kind {
                LineKind::Story => true,
                LineKind::Plain => is_sure,
                _ => false,
            })
        };
        // A short text may be all of the story, or all that a script has left of it; then the story is elsewhere.
        let elsewhere = || {
            let mut others = self.text.lines().filter(|line| is_long(line) && has_sentence(line));
            others.any(|line| !held.contains(line.trim()))
        };
        let is_only = sureness > Sureness::Perhaps || self.articles == 1;
        if !is_long(&self.story) && !(is_only && story() && (is_sure && has_sentence(held) || !elsewhere())) {
            return whole;
        }
        let after = self.story.get(end..).unwrap_or_default();
        let sentences =
            |text: &str| text.lines().filter(|line| has_sentence(line)).map(str::len).sum::<usize>();
        // Where more follows than is in it, it holds the lead only.
        let ends = sureness > Sureness::Perhaps
            && !after.trim().is_empty()
            && (is_long(held) || has_sentence(held))
            && sentences(after) <= sentences(held);
        let story = self.story.get(..end).filter(|_| ends);
        Shown { text: &self.story, story, marked: true }
    }

    /// What JSON-LD says of the article of this page: of several, of the one that has its address.
    pub(super) fn described(&self) -> Map<String, Value> {
        let mut articles = json_ld::articles(&self.scripts);
        let own = self.address().as_deref().and_then(common_form);
        let at = articles.iter().position(|article| own.is_some() && json_ld::address_of(article) == own);
        if articles.is_empty() { Map::new() } else { articles.swap_remove(at.unwrap_or(0)) }
    }

    pub(super) fn address(&self) -> Option<String> {
        let own = |url: &String| names_an_article(url.trim());
        self.canonical.clone().filter(own).or_else(|| self.meta(&["og:url"]).filter(own))
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
}

/// Whether the element holds what readers write below an article.
fn is_for_readers(tag: &StartTag<()>) -> bool {
    const PLACES: [&str; 15] = [
        "comments",
        "comment-list",
        "comment_list",
        "commentlist",
        "comment-area",
        "comment_area",
        "comment-wrap",
        "comment_wrap",
        "comments-area",
        "replies",
        "reply-list",
        "reply_list",
        "replylist",
        "u_cbox",
        "disqus_thread",
    ];
    let is_place = |name: &str| {
        attribute(tag, name).is_some_and(|value| {
            value.split_whitespace().any(|word| PLACES.contains(&word.to_ascii_lowercase().as_str()))
        })
    };
    is_place("class") || is_place("id")
}

/// How sure it is that the element holds the story; `None` for one that does not say so.
fn sureness(name: &str, tag: &StartTag<()>) -> Option<Sureness> {
    let is_place = |value: Option<String>| {
        value.is_some_and(|value| {
            value.split_whitespace().any(|word| STORY_PLACES.contains(&word.to_ascii_lowercase().as_str()))
        })
    };
    let is_body = |prop: String| prop.eq_ignore_ascii_case("articleBody");
    if attribute(tag, "itemprop").is_some_and(is_body) {
        Some(Sureness::Body)
    } else if is_place(attribute(tag, "id")) {
        Some(Sureness::Id)
    } else if is_place(attribute(tag, "class")) {
        Some(Sureness::Class)
    } else {
        (name == "article").then_some(Sureness::Perhaps)
    }
}
