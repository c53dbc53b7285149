//! The tag of a line: `TIT1 …`, `HEADLINE: …`, `<TEXT>`, `제목: …`, `[본문]`.

use std::borrow::Cow;

use super::super::super::names::{self, Field};
use super::super::super::sentence::has_sentence;

/// What a tag stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing of its own: a story begins (`<DOC>`).
    Start,
    /// Nothing: a part ends (`@END`).
    End,
    Title,
    Subtitle,
    Text,
    Date,
    /// Another part that is known.
    Other,
    /// Another part.
    Unknown,
}

/// A tag, and what follows it on its line.
#[derive(Debug, Clone)]
pub(super) struct Tag<'a> {
    /// In capitals, without blanks.
    pub(super) name: Cow<'a, str>,
    pub(super) part: Part,
    pub(super) value: &'a str,
}

impl Tag<'_> {
    /// Whether a date follows.
    pub(super) fn has_date(&self) -> bool {
        let digits = self.value.bytes().filter(u8::is_ascii_digit).count();
        digits >= 5 && self.value.chars().count() <= 40 && !has_sentence(self.value)
    }

    /// The name under which what it stands before is kept.
    pub(super) fn key(&self) -> String {
        match self.part {
            Part::Title => "title",
            Part::Subtitle => "subtitle",
            Part::Text => "body",
            _ => match self.name.as_ref() {
                "EDIT" => "edition",
                "SECT" => "section_code",
                "WRIT" | "REPO" | "AUTH" | "NAME" | "BYLN" => "reporter",
                "MEDI" | "PRES" | "NEWS" => "press",
                "CODE" | "NUMB" | "KEYW" | "PHOT" => "code",
                name => return name.to_lowercase(),
            },
        }
        .to_owned()
    }
}

/// The tag of a line. One in capitals may be any word of three to eight letters, perhaps with a digit; any other must be known.
pub(super) fn tag_of(line: &str) -> Option<Tag<'_>> {
    let line = line.trim_start_matches('\u{FEFF}');
    let bare = line.trim_start_matches(['<', '[', '^', '#', '@', '【', '■', '◆', '●', '□', '○']);
    let marked = bare.len() < line.len();
    let bare = if marked { bare.trim_start_matches(' ') } else { bare };
    if bare.starts_with(|c: char| ('가'..='힣').contains(&c)) {
        return korean(bare, marked);
    }
    let length = bare.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (word, rest) = bare.split_at_checked(length)?;
    let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
    if !(3..=12).contains(&letters) || word.len() > letters + 1 {
        return None;
    }
    let is_parted =
        rest.trim_start_matches(' ').starts_with([':', '：', '=']) || rest.starts_with(['>', ']']);
    if !(rest.is_empty() || rest.starts_with([' ', '\t']) || is_parted) {
        return None;
    }
    let value = rest.trim_start_matches([' ', '\t', ':', '：', '>', ']', '=']).trim_end();
    let name = word.to_ascii_uppercase();
    let part = part_of(&name, value, marked);
    let is_upper = word == name;
    let is_lower = !word.bytes().any(|byte| byte.is_ascii_uppercase());
    // `Text …` begins a sentence.
    let sure = match part {
        Part::Unknown => is_upper && letters <= 8,
        _ => is_upper || is_parted || is_lower || rest.is_empty(),
    };
    sure.then_some(Tag { name: Cow::Owned(name), part, value })
}

/// `제목: …`, `[제목] …`. A Korean word alone is a word of a sentence.
fn korean(bare: &str, marked: bool) -> Option<Tag<'_>> {
    let end = bare.find(|c: char| !(('가'..='힣').contains(&c) || c == ' ' || c.is_ascii_digit()))?;
    let (word, rest) = bare.split_at_checked(end)?;
    if !(rest.starts_with([':', '：']) || marked && rest.starts_with([']', '>', '】']))
        || word.chars().count() > 8
    {
        return None;
    }
    let value = rest.trim_start_matches([':', '：', ']', '>', '】', ' ', '\t']).trim_end();
    let name: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    let part = part_of(&name, value, marked);
    (part != Part::Unknown).then_some(Tag { name: Cow::Owned(name), part, value })
}

/// What the tag `name` stands before.
fn part_of(name: &str, value: &str, marked: bool) -> Part {
    match name {
        "TIT1" | "TITLE" | "TITL" | "TIT" | "HEAD" => return Part::Title,
        "TIT2" | "TIT3" | "TIT4" | "SUBT" | "SUBTITLE" | "부제" | "부제목" | "소제목" => {
            return Part::Subtitle;
        }
        "TEXT" | "BODY" | "CONT" | "STORY" => return Part::Text,
        "DATE" => return Part::Date,
        "DOC" | "DOCUMENT" | "ARTICLE" | "NEWSITEM" | "RECORD" | "ITEM" if marked && value.is_empty() => {
            return Part::Start;
        }
        "END" if marked && value.is_empty() => return Part::End,
        "TIME" | "PAGE" | "EDIT" | "SECT" | "WRIT" | "REPO" | "AUTH" | "NAME" | "BYLN" | "MEDI" | "PRES"
        | "NEWS" | "CODE" | "NUMB" | "KEYW" | "PHOT" => return Part::Other,
        "DOCUMENT" | "ARTICLE" | "HTML" | "PARAGRAPH" | "CONTEXT" => return Part::Unknown,
        _ => {}
    }
    match names::known(name) {
        Some(known) if known.extract => Part::Other,
        Some(known) => match known.field {
            Some(Field::Title) => Part::Title,
            Some(Field::Body) => Part::Text,
            Some(Field::PublishedAt) => Part::Date,
            _ => Part::Other,
        },
        None => Part::Unknown,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_words_of_sentences() {
        for (line, name, part, value) in [
            ("TIT1 강이 맑다", "TIT1", Part::Title, "강이 맑다"),
            ("tit1 강이 맑다", "TIT1", Part::Title, "강이 맑다"),
            ("HEADLINE: 강이 맑다", "HEADLINE", Part::Title, "강이 맑다"),
            ("Title : 강이 맑다", "TITLE", Part::Title, "강이 맑다"),
            ("@BODY=", "BODY", Part::Text, ""),
            ("<DOC>", "DOC", Part::Start, ""),
            ("제목: 강이 맑다", "제목", Part::Title, "강이 맑다"),
            ("■ 기사 제목 ： 강이 맑다", "기사제목", Part::Title, "강이 맑다"),
            ("[본문]", "본문", Part::Text, ""),
            ("기자: 나한별", "기자", Part::Other, "나한별"),
            ("KBS가 아니라 ABC", "", Part::Unknown, ""),
            ("ABC 방송이 전했다", "ABC", Part::Unknown, "방송이 전했다"),
        ] {
            match tag_of(line) {
                Some(tag) => {
                    assert_eq!((tag.name.as_ref(), tag.part, tag.value), (name, part, value), "{line}")
                }
                None => assert_eq!(name, "", "{line}"),
            }
        }
        for line in [
            "Text 한 통이 왔다",
            "제목 없는 글이다",
            "장소: 시청",
            "http://a.example",
            "본문 바로가기",
            "가나다",
        ] {
            assert!(tag_of(line).is_none(), "{line}");
        }
        assert!(!tag_of("DATE 앱이 나왔다.").unwrap().has_date());
        assert!(tag_of("날짜: 2031-05-02").unwrap().has_date());
    }
}
