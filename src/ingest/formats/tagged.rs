//! Wire text with a tag before each part, as papers sent it to archives: several stories in a file.
//!
//! ```text
//! DATE 20070611
//! TIT1 해오름시, 수상버스 시범 운항
//! TIT2 출퇴근 시간 15분 간격
//! TEXT
//! 해오름시가 …
//! ```
//!
//! The tags may be in lower case, in brackets, or in Korean (`제목: …`, `[본문]`). A story is a text too, and a line of it may begin with such a
//! word (`TIME 지가 …`): inside of a text only a group of tags, led by a date or a headline, begins the next story.

mod tag;

use std::collections::VecDeque;

use serde_json::{Map, Value};

use super::super::raw::{Found, RawRecord, RecordContent};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::sentence::has_sentence;
use super::Records;
use tag::{Part, Tag, tag_of};

/// Lines within which the tags of one story follow each other.
const GROUP_LINES: usize = 12;
/// Lines without a tag between two of a group: a headline goes on.
const CONTINUED_LINES: usize = 2;

/// Whether `text` begins as such a file does.
pub(super) fn is_tagged(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    if lines.next().and_then(tag_of).is_none() || text.trim_start().starts_with('<') && is_page(text) {
        return false;
    }
    let has = |part: Part| {
        text.lines().take(200).filter_map(|line| tag_of(without_end(line).0)).any(|tag| tag.part == part)
    };
    has(Part::Title) && has(Part::Text)
}

/// Whether a text with tags in angle brackets is a page in HTML, whose `<TITLE>` and `<BODY>` are others.
fn is_page(text: &str) -> bool {
    const MARKS: [&str; 8] = ["<p>", "<p ", "<br", "<div", "<meta", "<script", "</html", "<head>"];
    let lower = text.to_ascii_lowercase();
    MARKS.iter().any(|mark| lower.contains(mark))
}

/// Reads the stories of one file.
pub(in crate::ingest) struct TaggedText {
    stories: VecDeque<(u64, Map<String, Value>)>,
}

/// A line of the file.
struct Line<'a> {
    text: &'a str,
    tag: Option<Tag<'a>>,
    /// Whether a tag at its end closes a part.
    ends: bool,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A story whose lines are being collected.
#[derive(Default)]
struct Story<'a> {
    parts: Vec<(Tag<'a>, String)>,
    has_text: bool,
    in_text: bool,
    /// Lines before the first tag of a part.
    loose: String,
}

impl TaggedText {
    /// The stories in `text`.
    pub(in crate::ingest) fn new(text: &str) -> Self {
        let lines: Vec<Line<'_>> = text
            .lines()
            .map(|line| {
                let (text, ends) = without_end(line);
                Line { text, tag: tag_of(text), ends }
            })
            .collect();
        let starts: Vec<bool> = (0..lines.len()).map(|at| may_begin(&lines, at)).collect();
        let tails = tails(&lines, &starts);
        let mut stories: VecDeque<(u64, Story<'_>)> = VecDeque::new();
        let mut before: Option<&Tag<'_>> = None;
        for ((number, line), (starts, tail)) in (1..).zip(&lines).zip(starts.into_iter().zip(tails)) {
            let leads = |tag: &Tag<'_>| stories.front().is_none_or(|(_, first)| first.is_led_by(tag));
            let begins = line.tag.as_ref().is_some_and(|tag| match stories.back() {
                None => true,
                Some((_, story)) if story.in_text => starts,
                Some((_, story)) if tag.part == Part::Start => !story.is_empty(),
                // After a text that was closed, what is there already is another story's.
                Some((_, story)) if story.has_text => story.has(tag),
                // A headline in two lines, each with the tag, is one.
                Some((_, story)) => {
                    story.has(tag) && leads(tag) && before.is_none_or(|before| before.name != tag.name)
                }
            });
            if begins {
                stories.push_back((number, Story::default()));
            }
            if !line.is_blank() {
                before = line.tag.as_ref();
            }
            let Some((_, story)) = stories.back_mut() else { continue };
            match &line.tag {
                Some(tag) if begins || tail || !story.in_text || tag.part == Part::End => story.add(tag),
                _ => story.go_on(line.text),
            }
            story.in_text &= !line.ends;
        }
        let stories = stories.into_iter().map(|(line, story)| (line, story.into_fields())).collect();
        Self { stories }
    }
}

impl<'a> Story<'a> {
    fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.loose.trim().is_empty()
    }

    fn has(&self, tag: &Tag<'_>) -> bool {
        self.parts.iter().any(|(part, _)| part.name == tag.name)
    }

    fn is_led_by(&self, tag: &Tag<'_>) -> bool {
        self.parts.first().is_some_and(|(first, _)| first.name == tag.name)
    }

    fn add(&mut self, tag: &Tag<'a>) {
        self.in_text = tag.part == Part::Text;
        self.has_text |= self.in_text;
        if !matches!(tag.part, Part::Start | Part::End) {
            self.parts.push((tag.clone(), tag.value.to_owned()));
        }
    }

    fn go_on(&mut self, line: &str) {
        let text = self.parts.last_mut().map_or(&mut self.loose, |(_, text)| text);
        text.push('\n');
        text.push_str(line.trim_end());
    }
}

/// Whether the line `at` may begin a story where it stands in the text of another.
fn may_begin(lines: &[Line<'_>], at: usize) -> bool {
    let Some(tag) = lines.get(at).and_then(|line| line.tag.as_ref()) else { return false };
    let first = lines.iter().find_map(|line| line.tag.as_ref());
    let leads = first.is_some_and(|first| first.name == tag.name);
    match tag.part {
        Part::Start => true,
        Part::Date if leads => tag.has_date(),
        Part::Date => tag.has_date() && leads_group(lines, at),
        Part::Title => leads_group(lines, at),
        _ => leads && leads_group(lines, at),
    }
}

/// Whether the line `at` is followed by other tags of a story: by its text, or before that by its date or headline.
fn leads_group(lines: &[Line<'_>], at: usize) -> bool {
    let own = lines.get(at).and_then(|line| line.tag.as_ref()).map(|tag| tag.name.as_ref());
    let first = lines.iter().find_map(|line| line.tag.as_ref()).map(|tag| tag.name.as_ref());
    let (mut continued, mut adjacent) = (0, true);
    for line in lines.iter().skip(at + 1).filter(|line| !line.is_blank()).take(GROUP_LINES) {
        let Some(tag) = &line.tag else {
            continued += 1;
            adjacent = false;
            if continued > CONTINUED_LINES {
                return false;
            }
            continue;
        };
        let name = Some(tag.name.as_ref());
        match tag.part {
            Part::Text => return true,
            // The next story begins here.
            _ if name == first || name == own && !adjacent => return false,
            Part::Date if tag.has_date() => return true,
            Part::Title if name != own => return true,
            _ => {}
        }
        adjacent = name == own;
    }
    false
}

/// For each line, whether it is a tag after the text of a story, with nothing but such tags up to the next story.
fn tails(lines: &[Line<'_>], starts: &[bool]) -> Vec<bool> {
    let mut tails = vec![false; lines.len()];
    let mut open = true;
    for (at, line) in lines.iter().enumerate().rev() {
        let is_tail =
            line.tag.as_ref().is_some_and(|tag| tag.part == Part::Other && !has_sentence(tag.value));
        if let Some(tail) = tails.get_mut(at) {
            *tail = open && is_tail;
        }
        open = starts.get(at) == Some(&true) || open && (is_tail || line.is_blank());
    }
    tails
}

/// A line without the tag that ends a part of it, `</BODY>`, and whether there was one.
fn without_end(line: &str) -> (&str, bool) {
    let line = line.trim_end();
    let found = line.strip_suffix('>').and_then(|line| line.rsplit_once("</"));
    match found {
        Some((text, tag))
            if (3..=12).contains(&tag.len())
                && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && (text.is_empty() || text.starts_with('<') || tag == tag.to_ascii_uppercase()) =>
        {
            (text, true)
        }
        _ => (line, false),
    }
}

impl Story<'_> {
    fn into_fields(self) -> Map<String, Value> {
        let mut fields: Map<String, Value> = Map::new();
        let loose = (!self.loose.trim().is_empty()).then(|| ("lines".to_owned(), self.loose));
        let parts = self.parts.into_iter().map(|(tag, text)| (tag.key(), text));
        for (name, value) in parts.chain(loose) {
            let value = if name == "body" { joined(&value) } else { value.trim().replace('\n', " ") };
            if value.is_empty() {
                continue;
            }
            match fields.get_mut(&name) {
                Some(Value::String(before)) => {
                    before.push_str(if name == "body" { "\n" } else { " / " });
                    before.push_str(&value);
                }
                _ => {
                    fields.insert(name, Value::String(value));
                }
            }
        }
        // The subheadings are a part of the story: searched with it, in front of it.
        if let Some(Value::String(subtitle)) = fields.shift_remove("subtitle") {
            let body = fields.get("body").and_then(Value::as_str).unwrap_or_default();
            let body = format!("{subtitle}\n{body}");
            fields.insert("body".to_owned(), Value::String(body));
        }
        fields
    }
}

/// The paragraphs of a text whose lines were broken by force: a line goes on in the next where it does not end a sentence.
fn joined(text: &str) -> String {
    let mut out = String::new();
    for line in text.trim().lines().map(str::trim) {
        let ended = out.is_empty()
            || out.ends_with(['\n', '.', '!', '?', '"', '”', '\'', ')', '…', '=', ':'])
            || line.is_empty()
            || line.starts_with(['▲', '△', '■', '◆', '●', '-', '<', '[', '(']);
        if !out.is_empty() && !out.ends_with('\n') {
            out.push(if ended { '\n' } else { ' ' });
        }
        out.push_str(line);
    }
    out
}

impl Records for TaggedText {
    fn next(&mut self) -> Option<Found> {
        let (line, fields) = self.stories.pop_front()?;
        if fields.is_empty() {
            let refusal = Refusal::new(RefusalCode::EmptyArticle, "the tags of this story hold nothing");
            return Some((Some(line), Err(refusal)));
        }
        let content = RecordContent::Fields(fields);
        Some((Some(line), Ok(RawRecord::new(Some(line), content))))
    }
}

#[cfg(test)]
mod tests;
