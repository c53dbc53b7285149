//! Texts that begin with names and values between lines of `---`, as programs that make pages of files keep them, and their story below.
//!
//! ```text
//! ---
//! title: 해오름시, 수상버스 시범 운항
//! date: 2031-05-05 09:00
//! categories: [지역]
//! ---
//! 해오름시가 …
//! ```
//!
//! Of YAML, and between `+++` of TOML, that is what people write by hand: a value on a line, a list, one level of names below a name. What is
//! more than that is not guessed at; then nothing of the file is read.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use super::super::json;
use super::super::names::{self, Field};
use super::super::raw::{Found, RawRecord, RecordContent};
use super::Records;

/// Lines within which the names end.
const MAX_LINES: usize = 200;
/// The longest name, in characters.
const MAX_NAME: usize = 60;

/// Whether `text` begins with names of an article's fields.
pub(super) fn begins(text: &str) -> bool {
    Head::of(text).is_some()
}

/// Reads the stories of one file: mostly one.
pub(in crate::ingest) struct FrontMatter {
    stories: VecDeque<(u64, Map<String, Value>)>,
}

impl FrontMatter {
    /// The stories in `text`, each below its names.
    pub(in crate::ingest) fn new(text: &str) -> Self {
        let mut stories = VecDeque::new();
        let (mut rest, mut line) = (text.trim_start_matches('\u{FEFF}'), 1);
        while let Some(head) = Head::of(rest) {
            let blank = rest.len() - rest.trim_start().len();
            let first = line + breaks(rest.get(..blank).unwrap_or_default());
            let head_end = head.end;
            let below = rest.get(head_end..).unwrap_or_default();
            let length = next_head(below).unwrap_or(below.len());
            let (story, after) = below.split_at_checked(length).unwrap_or((below, ""));
            stories.push_back((first, head.into_fields(story)));
            line += breaks(rest.get(..head_end + length).unwrap_or_default());
            rest = after;
        }
        Self { stories }
    }
}

impl Records for FrontMatter {
    fn next(&mut self) -> Option<Found> {
        let (line, fields) = self.stories.pop_front()?;
        Some((Some(line), Ok(RawRecord::new(Some(line), RecordContent::Fields(fields)))))
    }
}

fn breaks(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

/// Where the names of the next story begin in `text`.
fn next_head(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_head = matches!(line.trim_end(), "---" | "+++")
            && text.get(at..).and_then(Head::of).is_some_and(|head| head.has_title());
        if is_head && text.get(..at).is_some_and(|before| !before.trim().is_empty()) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The names and values above a story.
struct Head {
    fields: Map<String, Value>,
    /// Where the story begins.
    end: usize,
}

impl Head {
    /// The names that `text` begins with; `None` if it begins with something else, or what is there is not understood.
    fn of(text: &str) -> Option<Self> {
        let start = text.len() - text.trim_start_matches('\u{FEFF}').trim_start().len();
        let mut lines = text.get(start..)?.split_inclusive('\n');
        let first = lines.next()?;
        let (mark, separator) = match first.trim_end() {
            "---" => ("---", ':'),
            "+++" => ("+++", '='),
            _ => return None,
        };
        let (mut names, mut end) = (Names { separator, ..Names::default() }, start + first.len());
        for line in lines.take(MAX_LINES) {
            end += line.len();
            if line.trim_end() == mark || mark == "---" && line.trim_end() == "..." {
                let is_known = names.fields.keys().any(|key| names::known(key).is_some());
                return is_known.then_some(Self { fields: names.fields, end });
            }
            names.take(line.trim_end())?;
        }
        None
    }

    fn has_title(&self) -> bool {
        self.fields.keys().any(|key| names::field_of(key) == Some(Field::Title))
    }

    fn into_fields(self, story: &str) -> Map<String, Value> {
        let mut fields = self.fields;
        let title = fields.iter().find(|(key, _)| names::field_of(key) == Some(Field::Title));
        let title = title.and_then(|(_, title)| title.as_str()).unwrap_or_default().trim();
        let told = without_marks(story);
        let mut body = told.trim();
        // The title may stand above the story once more.
        if let Some((first, rest)) = body.split_once('\n').filter(|(first, _)| first.trim() == title) {
            body = if first.is_empty() { body } else { rest.trim() };
        }
        if !body.is_empty() {
            let body = Value::from(body);
            json::insert(&mut fields, "body".to_owned(), body);
        }
        fields
    }
}

/// Names and values, line by line.
#[derive(Default)]
struct Names {
    separator: char,
    fields: Map<String, Value>,
    /// The name whose values follow on lines of their own.
    open: Option<String>,
    /// Whether these lines are one text.
    is_text: bool,
}

impl Names {
    /// Takes in a line; `None` if it is not understood.
    fn take(&mut self, line: &str) -> Option<()> {
        let inside = line.trim_start();
        let is_deeper = inside.len() < line.len();
        if self.is_text && (is_deeper || inside.is_empty()) {
            let open = self.open.clone()?;
            if let Some(Value::String(text)) = self.fields.get_mut(&open) {
                text.push_str(inside);
                text.push('\n');
            }
            return Some(());
        }
        if inside.is_empty() || inside.starts_with('#') {
            return Some(());
        }
        if let Some(item) = inside.strip_prefix('-').filter(|item| item.is_empty() || item.starts_with(' ')) {
            let item = self.item(item.trim())?;
            return match self.fields.entry(self.open.clone()?).or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(items) => {
                    items.push(item);
                    Some(())
                }
                _ => None,
            };
        }
        let (name, value) = self.pair(inside)?;
        if is_deeper {
            let name = format!("{}.{name}", self.open.as_ref()?);
            self.fields.insert(name, scalar(value)?);
            return Some(());
        }
        (self.open, self.is_text) = (None, false);
        match value {
            "" => self.open = Some(name),
            "|" | ">" | "|-" | ">-" | "|+" | ">+" => {
                self.fields.insert(name.clone(), Value::String(String::new()));
                (self.open, self.is_text) = (Some(name), true);
            }
            value => json::insert(&mut self.fields, name, scalar(value)?),
        }
        Some(())
    }

    /// An item of a list: a value, or the first name of an object.
    fn item(&self, item: &str) -> Option<Value> {
        match self.pair(item).filter(|_| !item.starts_with(['"', '\'', '['])) {
            Some((name, value)) => Some(Value::Object(Map::from_iter([(name, scalar(value)?)]))),
            None => scalar(item),
        }
    }

    fn pair<'a>(&self, line: &'a str) -> Option<(String, &'a str)> {
        let (name, value) = line.split_once(self.separator)?;
        let name = name.trim().trim_matches(['"', '\'']);
        let is_name = (1..=MAX_NAME).contains(&name.chars().count()) && !name.contains(['{', '[', '<']);
        let is_parted = self.separator == '=' || value.is_empty() || value.starts_with([' ', '\t']);
        (is_name && is_parted).then(|| (name.to_owned(), value.trim()))
    }
}

/// A value on one line; `None` if it goes on in the next, or is an object.
fn scalar(text: &str) -> Option<Value> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inside = text.strip_prefix(quote)?;
        let end = closing(inside, quote)?;
        let (value, rest) = inside.split_at_checked(end)?;
        let rest = rest.trim_start_matches(quote).trim();
        let value = match quote {
            '"' => value.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\"),
            _ => value.replace("''", "'"),
        };
        return (rest.is_empty() || rest.starts_with('#')).then_some(Value::String(value));
    }
    let text = text.split(" #").next().unwrap_or_default().trim();
    if let Some(inside) = text.strip_prefix('[') {
        let inside = inside.strip_suffix(']')?;
        return items(inside).map(Value::Array);
    }
    Some(match text {
        _ if text.starts_with('{') => return None,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" | "~" => Value::Null,
        text => Value::from(text),
    })
}

/// Where a quoted text ends.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => drop(chars.next()),
            c if c == quote && quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == quote) => {
                chars.next();
            }
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// The values of `a, "b, c"`.
fn items(text: &str) -> Option<Vec<Value>> {
    let (mut found, mut rest) = (Vec::new(), text.trim());
    while !rest.is_empty() {
        let length = match rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(quote) => closing(rest.get(1..)?, quote)? + 2,
            None => rest.find(',').unwrap_or(rest.len()),
        };
        let (item, after) = rest.split_at_checked(length)?;
        found.push(scalar(item.trim())?);
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(found)
}

/// A text without the marks of Markdown: headings, links, pictures, what is bold.
fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let inside = line.trim_start();
        let heading = inside.trim_start_matches('#');
        let marks = inside.len() - heading.len();
        let inside =
            if (1..=6).contains(&marks) && heading.starts_with(' ') { heading.trim_start() } else { line };
        let inside = inside.strip_prefix("> ").unwrap_or(inside);
        push_without_links(&mut out, &inside.replace("**", "").replace("__", ""));
        out.push('\n');
    }
    out
}

/// Adds `line` with the words of its links, and without its pictures.
fn push_without_links(out: &mut String, line: &str) {
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").and_then(|(words, target)| {
            let (target, after) = target.split_once(')')?;
            (!words.contains(['[', ']']) && !target.contains(' ')).then_some((words, after))
        });
        match link {
            Some((_, after)) if before.ends_with('!') => {
                out.push_str(before.strip_suffix('!').unwrap_or(before));
                rest = after;
            }
            Some((words, after)) => {
                out.extend([before, words]);
                rest = after;
            }
            None => {
                out.extend([before, "["]);
                rest = after;
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::tests::shown;
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let mut stories = FrontMatter::new(text);
        std::iter::from_fn(|| stories.next()).map(shown).collect()
    }

    #[test]
    fn names_above_a_story_are_its_fields() {
        let text = "\u{FEFF}---\ntitle: \"가람시, \\\"밤\\\" 도서관\"\ndate: 2031-05-05 09:00 # 낮\nauthor:\n  name: 나한별\ncategories: [지역, '문화, 책']\ntags:\n  - 책\n\
                    - 밤\ndraft: false\nsummary: >\n  한 줄,\n  두 줄\n# 끝\nid: 0110\n---\n\n# 가람시, \"밤\" 도서관\n\n가람시가 **밤**에 [도서관](https://a.example/1)을 연다고 밝혔다. ![책](a.jpg)\n";
        assert_eq!(
            read(text),
            [
                r#"1 {"title":"가람시, \"밤\" 도서관","date":"2031-05-05 09:00","author.name":"나한별","categories":["지역","문화, 책"],"tags":["책","밤"],"draft":false,"summary":"한 줄,\n두 줄\n","id":"0110","body":"가람시가 밤에 도서관을 연다고 밝혔다."}"#
            ]
        );
        let toml = "+++\ntitle = '가'\ndate = 2031-05-05\n+++\n나.\n";
        assert_eq!(read(toml), [r#"1 {"title":"가","date":"2031-05-05","body":"나."}"#]);
    }

    #[test]
    fn several_stories_are_read_each_below_its_names() {
        let text = "---\ntitle: 가\n---\n나.\n\n---\n\n다: 라.\n\n---\ntitle: 마\n---\n바.\n";
        assert_eq!(
            read(text),
            [r#"1 {"title":"가","body":"나.\n\n---\n\n다: 라."}"#, r#"10 {"title":"마","body":"바."}"#]
        );
    }

    #[test]
    fn what_is_not_understood_is_not_read() {
        for text in [
            "가람시\n---\ntitle: 가\n---\n",
            "---\n가람시가 밝혔다.\n---\n나.",
            "---\ntitle: {a: 1}\n---\n나.",
            "---\ntitle: \"가\n---\n나.",
            "---\ntags: [가,\n 나]\n---\n다.",
            "---\nlayout: post\n---\n나.",
            "---\ntitle: 가\n나.\n",
            "---",
        ] {
            assert!(!begins(text), "{text}");
        }
    }
}
