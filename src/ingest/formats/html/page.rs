//! What is read off a page in HTML: what it says about itself, its text, and which part of that is the story.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use serde_json::{Map, Value};

use super::super::super::address::{common_form, names_an_article};
use super::super::super::outlets::OutletNames;
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
    /// The text of the element that holds the story.
    story: String,
}

/// Where the reading of a page is.
struct Place {
    name: String,
    dropped: bool,
    story: bool,
    /// Whether it is the article of which microdata speaks.
    article: bool,
    property: Option<Property>,
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
                        let parent_story = open.iter().any(|place| place.story);
                        let dropped = DROPPED.contains(&name.as_str()) || (name == "header" && !parent_story);
                        let property = page.property(&tag, &open);
                        let article =
                            attribute(&tag, "itemtype").is_some_and(|kind| json_ld::is_article(kind.trim()));
                        open.push(Place { story: is_story(&name, &tag), dropped, article, property, name });
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
                        for property in open.drain(at..).filter_map(|place| place.property) {
                            page.note_item(property.way, &property.text);
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
                    page.push(&text, &open);
                }
                _ => {}
            }
        }
        page
    }

    fn push(&mut self, text: &str, open: &[Place]) {
        if open.iter().any(|place| place.dropped) {
            return;
        }
        self.text.push_str(text);
        if open.iter().any(|place| place.story) {
            self.story.push_str(text);
        }
    }

    fn line_break(&mut self, open: &[Place]) {
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        if !self.story.ends_with('\n') && open.iter().any(|place| place.story) {
            self.story.push('\n');
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
        // More than that is no article's.
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

    pub(super) fn page_title(&self, outlets: &OutletNames) -> Option<String> {
        Some(without_site(&self.title, outlets)).filter(|title| !title.is_empty())
    }

    /// The text of the story's element where the page marks one and it holds a text; else of the whole page.
    pub(super) fn story_text(&self) -> &str {
        let chars = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        if chars(&self.story) >= 40 { &self.story } else { &self.text }
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

fn is_story(name: &str, tag: &StartTag<()>) -> bool {
    if name == "article"
        || attribute(tag, "itemprop").is_some_and(|prop| prop.eq_ignore_ascii_case("articleBody"))
    {
        return true;
    }
    let mut places = [attribute(tag, "id"), attribute(tag, "class")].into_iter().flatten();
    places.any(|place| {
        place.split_whitespace().any(|word| STORY_PLACES.contains(&word.to_ascii_lowercase().as_str()))
    })
}
