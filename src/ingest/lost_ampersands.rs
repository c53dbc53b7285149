//! Character references that lost their `&` on the way: `quot;합의quot;`, `lt;기생충gt;`, `Ramp;D`.
//!
//! Mended only where nothing else can be meant. A quote is one of a pair, an angle bracket has its partner, and `amp;` after a small letter
//! is the end of an English word (`camp;`). A headline that was cut short has lost the partner (`권성동 quot;尹은 직진…`): a single one is
//! mended where it touches a Korean word, as no other word does.

use std::borrow::Cow;

/// The text with what was certainly a reference as a character. Borrows a text without any.
pub(super) fn mend_references(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(';') {
        return text;
    }
    match mended(&text) {
        Some(mended) => Cow::Owned(mended),
        None => text,
    }
}

/// Names that no text has by themselves, with the characters that they stand for.
const CERTAIN: [(&str, &str); 16] = [
    ("amp;quot;", "\""),
    ("amp;#39;", "'"),
    ("amp;lt;", "<"),
    ("amp;gt;", ">"),
    ("amp;nbsp;", " "),
    ("amp;amp;", "&"),
    ("ldquo;", "“"),
    ("rdquo;", "”"),
    ("lsquo;", "‘"),
    ("rsquo;", "’"),
    ("hellip;", "…"),
    ("middot;", "·"),
    ("nbsp;", " "),
    ("ndash;", "–"),
    ("mdash;", "—"),
    ("apos;", "'"),
];

fn mended(text: &str) -> Option<String> {
    let mut text = Cow::Borrowed(text);
    // Twice: what is mended may be a reference again.
    for _ in 0..2 {
        for (name, character) in CERTAIN {
            text = replaced(text, name, character, stands_alone);
        }
        let paired = places(&text, "quot;").is_multiple_of(2);
        text = replaced(text, "quot;", "\"", |before, after| {
            let touches = before.ends_with(is_korean) || after.starts_with(is_korean);
            stands_alone(before, after) && (paired || touches)
        });
        let paired = places(&text, "#39;").is_multiple_of(2);
        text = replaced(text, "#39;", "'", |before, after| {
            // After a word it may be a number in a list.
            let begins = stands_alone(before, after) && after.starts_with(is_korean);
            !before.ends_with('&') && (paired || begins)
        });
        text = with_brackets(text);
        text = replaced(text, "amp;", "&", is_ampersand);
    }
    match text {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

/// Whether a name does not end a word, and has no `&`.
fn stands_alone(before: &str, _: &str) -> bool {
    !before.ends_with(|c: char| c == '&' || c.is_ascii_alphabetic())
}

/// `R amp; D`, `Ramp;D`: never the end of a word in small letters.
fn is_ampersand(before: &str, after: &str) -> bool {
    let capitals = before.ends_with(|c: char| c.is_ascii_uppercase())
        && after.starts_with(|c: char| c.is_ascii_uppercase());
    let between = before.ends_with(' ') && after.starts_with(' ');
    capitals || between
}

/// How often `name` stands alone.
fn places(text: &str, name: &str) -> usize {
    text.match_indices(name).filter(|(at, _)| stands_alone(text.get(..*at).unwrap_or_default(), "")).count()
}

/// A letter of a Korean text, hangul or hanja.
fn is_korean(ch: char) -> bool {
    matches!(ch, '가'..='힣' | '\u{4e00}'..='\u{9fff}')
}

/// The text with its `lt;` and `gt;` as angle brackets.
fn with_brackets(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, bracket) in brackets(&text) {
        out.push_str(text.get(copied..at).unwrap_or_default());
        out.push(bracket);
        copied = at + "lt;".len();
    }
    if copied == 0 {
        return text;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where there are angle brackets, in order: those with a partner, and an `lt;` without one that begins a Korean word. None where a
/// `gt;` comes without its `lt;`.
fn brackets(text: &str) -> Vec<(usize, char)> {
    let begins_word =
        |at: &usize| text.get(at + "lt;".len()..).is_some_and(|after| after.starts_with(is_korean));
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for at in text.match_indices("t;").filter_map(|(at, _)| at.checked_sub(1)) {
        let Some(before) = text.get(..at) else { continue };
        match text.as_bytes().get(at) {
            Some(b'l') if stands_alone(before, "") => {
                let single = open.replace(at).filter(begins_word);
                found.extend(single.map(|at| (at, '<')));
            }
            Some(b'g') if !before.ends_with('&') => match open.take() {
                Some(opened) => found.extend([(opened, '<'), (at, '>')]),
                None => return Vec::new(),
            },
            _ => {}
        }
    }
    found.extend(open.filter(begins_word).map(|at| (at, '<')));
    found
}

fn replaced<'t>(
    text: Cow<'t, str>,
    name: &str,
    character: &str,
    certain: impl Fn(&str, &str) -> bool,
) -> Cow<'t, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, _) in text.match_indices(name) {
        let (before, after) =
            (text.get(..at).unwrap_or_default(), text.get(at + name.len()..).unwrap_or_default());
        if certain(before, after) {
            out.push_str(text.get(copied..at).unwrap_or_default());
            out.push_str(character);
            copied = at + name.len();
        }
    }
    if copied == 0 {
        return text;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certain_is_mended() {
        for (lost, whole) in [
            ("quot;합의quot;했다", "\"합의\"했다"),
            ("영화 lt;기생충gt;과 lt;버닝gt;", "영화 <기생충>과 <버닝>"),
            ("Ramp;D 투자", "R&D 투자"),
            ("Mamp;A와 Samp;P", "M&A와 S&P"),
            ("amp;quot;말amp;quot;", "\"말\""),
            ("#39;말#39;", "'말'"),
            ("ldquo;말rdquo; 끝hellip;", "“말” 끝…"),
            ("사과 amp; 배", "사과 & 배"),
            ("권성동 quot;尹은 직진 스타일…", "권성동 \"尹은 직진 스타일…"),
            ("직진 스타일quot; 평가", "직진 스타일\" 평가"),
            ("lt;연합", "<연합"),
            ("책 lt;태평양 시대의 끝", "책 <태평양 시대의 끝"),
            ("lt;기생충gt;과 lt;버닝", "<기생충>과 <버닝"),
            ("lt;버닝 lt;기생충gt;", "<버닝 <기생충>"),
            ("#39;말 바꾸기", "'말 바꾸기"),
        ] {
            assert_eq!(mend_references(Cow::Borrowed(lost)), whole, "{lost}");
        }
    }

    #[test]
    fn what_may_be_meant_stays() {
        for text in [
            "a camp; a lamp;",
            "quot; 하나",
            "lt; 하나",
            "gt;먼저 lt;나중",
            "기업; 정부",
            "bolt; nut;",
            "1위 #39; 2위",
            "&quot;",
            "&lt;연합",
            "bolt;연합",
            "보기 #39; 하나",
            "gt;먼저 lt;둘gt; lt;나중",
        ] {
            assert_eq!(mend_references(Cow::Borrowed(text)), text, "{text}");
        }
    }
}
