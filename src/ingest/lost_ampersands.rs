//! Character references that lost their `&` on the way: `quot;합의quot;`, `lt;기생충gt;`, `Ramp;D`.
//!
//! Mended only where nothing else can be meant. A quote is one of a pair, an angle bracket has its partner, and `amp;` after a small letter
//! is the end of an English word (`camp;`).

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
        if places(&text, "quot;").is_multiple_of(2) {
            text = replaced(text, "quot;", "\"", stands_alone);
        }
        if places(&text, "#39;").is_multiple_of(2) {
            text = replaced(text, "#39;", "'", |before, _| !before.ends_with('&'));
        }
        if in_pairs(&text) {
            text = replaced(text, "lt;", "<", stands_alone);
            text = replaced(text, "gt;", ">", |before, _| !before.ends_with('&'));
        }
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

/// Whether each `lt;` is followed by its `gt;`, and there is one.
fn in_pairs(text: &str) -> bool {
    let mut open = false;
    let mut any = false;
    let mut rest = text;
    while let Some(at) = rest.find("t;") {
        let before = rest.get(..at).unwrap_or_default();
        if before.ends_with('l') && stands_alone(before.get(..at - 1).unwrap_or_default(), "") {
            if open {
                return false;
            }
            (open, any) = (true, true);
        } else if before.ends_with('g') && !before.ends_with("&g") {
            if !open {
                return false;
            }
            open = false;
        }
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    any && !open
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
        ] {
            assert_eq!(mend_references(Cow::Borrowed(text)), text, "{text}");
        }
    }
}
