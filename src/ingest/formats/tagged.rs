//! Wire text with a tag before each part, as papers sent it to archives: several stories in a file.
//!
//! ```text
//! DATE 20070611
//! TIT1 해오름시, 수상버스 시범 운항
//! TIT2 출퇴근 시간 15분 간격
//! TEXT
//! 해오름시가 …
//! ```

use std::collections::VecDeque;

use serde_json::{Map, Value};

use super::super::raw::{Found, RawRecord, RecordContent};
use super::super::refusal::{Refusal, RefusalCode};
use super::Records;

/// The tag of a line, and what follows it: two to eight letters of ASCII capitals, perhaps a digit.
fn tag_of(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(['<', '[', '^', '#', '@', '\u{FEFF}']);
    let length = line.bytes().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count();
    let (tag, rest) = line.split_at_checked(length)?;
    let ends = rest.is_empty() || rest.starts_with([' ', '\t', ':', '>', ']', '=']);
    let letters = tag.bytes().take_while(u8::is_ascii_uppercase).count();
    ((3..=8).contains(&letters) && tag.len() <= letters + 1 && ends)
        .then(|| (tag, rest.trim_start_matches([' ', '\t', ':', '>', ']', '=']).trim_end()))
}

/// The tags of a headline and of a text.
const TITLES: [&str; 5] = ["TIT1", "TITLE", "TITL", "TIT", "HEAD"];
const TEXTS: [&str; 4] = ["TEXT", "BODY", "CONT", "STORY"];

/// Whether `text` begins as such a file does.
pub(super) fn is_tagged(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    if lines.next().and_then(tag_of).is_none() {
        return false;
    }
    let has = |tags: &[&str]| text.lines().take(200).filter_map(tag_of).any(|(tag, _)| tags.contains(&tag));
    has(&TITLES) && has(&TEXTS)
}

/// Reads the stories of one file.
pub(in crate::ingest) struct TaggedText {
    stories: VecDeque<(u64, Map<String, Value>)>,
}

impl TaggedText {
    /// The stories in `text`: one begins where a tag comes again after a text.
    pub(in crate::ingest) fn new(text: &str) -> Self {
        let mut stories: VecDeque<(u64, Vec<(String, String)>)> = VecDeque::new();
        let mut in_text = false;
        for (number, line) in (1..).zip(text.lines()) {
            let (line, ends) = without_end(line);
            let known = tag_of(line).filter(|(tag, _)| field_of(tag).is_some() || !in_text);
            match known {
                Some((tag, value)) => {
                    let again =
                        stories.back().is_none_or(|(_, parts)| parts.iter().any(|(name, _)| name == tag));
                    if in_text || again {
                        stories.push_back((number, Vec::new()));
                    }
                    in_text = TEXTS.contains(&tag) && !ends;
                    if let Some((_, parts)) = stories.back_mut() {
                        parts.push((tag.to_owned(), value.to_owned()));
                    }
                }
                None => {
                    in_text &= !ends;
                    if let Some((_, value)) = stories.back_mut().and_then(|(_, parts)| parts.last_mut()) {
                        value.push('\n');
                        value.push_str(line.trim_end());
                    }
                }
            }
        }
        let stories = stories.into_iter().map(|(line, parts)| (line, fields(parts))).collect();
        Self { stories }
    }
}

/// A line without the tag that ends a part of it, `</BODY>`, and whether there was one.
fn without_end(line: &str) -> (&str, bool) {
    let line = line.trim_end();
    let found = line.strip_suffix('>').and_then(|line| line.rsplit_once("</"));
    match found {
        Some((text, tag))
            if (3..=9).contains(&tag.len())
                && tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) =>
        {
            (text, true)
        }
        _ => (line, false),
    }
}

/// The name under which a tag's part is kept; `None` for a tag that is not known.
fn field_of(tag: &str) -> Option<&'static str> {
    Some(match tag {
        _ if TITLES.contains(&tag) => "title",
        _ if TEXTS.contains(&tag) => "body",
        "TIT2" | "TIT3" | "TIT4" | "SUBT" => "subtitle",
        "DATE" => "date",
        "TIME" => "time",
        "PAGE" => "page",
        "EDIT" => "edition",
        "SECT" => "section_code",
        "WRIT" | "REPO" | "AUTH" | "NAME" | "BYLN" => "reporter",
        "MEDI" | "PRES" | "NEWS" => "press",
        "CODE" | "NUMB" | "KEYW" | "PHOT" => "code",
        _ => return None,
    })
}

fn fields(parts: Vec<(String, String)>) -> Map<String, Value> {
    let mut fields: Map<String, Value> = Map::new();
    for (tag, value) in parts {
        let name = field_of(&tag).map_or_else(|| tag.to_ascii_lowercase(), str::to_owned);
        let value = if name == "body" { joined(&value) } else { value.trim().replace('\n', " ") };
        if value.is_empty() {
            continue;
        }
        match fields.get_mut(&name) {
            Some(Value::String(before)) => {
                before.push_str(" / ");
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
mod tests {
    use super::*;

    #[test]
    fn several_stories_in_a_file() {
        let text = "DATE 20070611\nPAGE 01\nTIT1 제목\nTIT2 부제\nTIT3\nTEXT\n물이 맑다. 산이\n높다.\nKBS가 전했다.\n\nDATE 20070612\nTIT1 둘째\nTEXT\n끝이다.\n";
        assert!(is_tagged(text));
        let stories: Vec<_> = TaggedText::new(text)
            .stories
            .into_iter()
            .map(|(line, fields)| (line, Value::Object(fields).to_string()))
            .collect();
        assert_eq!(
            stories,
            [
                (1, r#"{"date":"20070611","page":"01","title":"제목","body":"부제\n물이 맑다. 산이 높다.\nKBS가 전했다."}"#.to_owned()),
                (11, r#"{"date":"20070612","title":"둘째","body":"끝이다."}"#.to_owned()),
            ]
        );
        let closed = "<DATE>20260305</DATE>\n<TITLE>가람시 소식</TITLE>\n<BODY>\n비가 온다.\n</BODY>\n<AUTHOR>나한별</AUTHOR>\n<DATE>20260306</DATE>\n<TITLE>둘째</TITLE>\n<BODY>끝이다.</BODY>\n";
        assert!(is_tagged(closed));
        let stories: Vec<_> = TaggedText::new(closed)
            .stories
            .into_iter()
            .map(|(_, fields)| Value::Object(fields).to_string())
            .collect();
        assert_eq!(
            stories,
            [
                r#"{"date":"20260305","title":"가람시 소식","body":"비가 온다.","author":"나한별"}"#,
                r#"{"date":"20260306","title":"둘째","body":"끝이다."}"#,
            ]
        );
        assert!(!is_tagged("NEWS 오늘의 소식\n비가 온다."));
        assert!(!is_tagged("제목\n본문"));
    }
}
