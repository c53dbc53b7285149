//! Normalises text, once: the result is stored, indexed and highlighted, so that offsets need no mapping.
//!
//! * Unicode NFC, which also unifies compatibility hanja (U+F9E1 → 李) and composes conjoining jamo (NFD hangul).
//! * Invisible characters go: zero-width, soft hyphen, bidirectional and C0/C1 controls, byte order marks.
//! * Every space is U+0020, never two in a row, none at the edge of a line; paragraphs are separated by one `'\n'`.
//! * Full-width ASCII becomes ASCII; the middle dots of word lists (ㆍ ･ ・ ‧ •) become `·` (U+00B7).
//!
//! Quotation marks (“ ” ‘ ’) stay as the newsroom set them: the analysis ignores them.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Normalises a text of several paragraphs. Borrows a text that is normal already. Idempotent.
#[must_use]
pub fn normalise(text: &str) -> Cow<'_, str> {
    if is_normal(text, true) { Cow::Borrowed(text) } else { Cow::Owned(rewrite(text, true)) }
}

/// The same for one line (a title, a name): line breaks become spaces.
#[must_use]
pub fn normalise_line(text: &str) -> Cow<'_, str> {
    if is_normal(text, false) { Cow::Borrowed(text) } else { Cow::Owned(rewrite(text, false)) }
}

/// Whether `text` is normal already, so that it need not be copied.
fn is_normal(text: &str, paragraphs: bool) -> bool {
    let mut previous = '\n';
    let mut composed = true;
    for c in text.chars() {
        let keeps = match c {
            '!'..='~' | '가'..='힣' => true,
            ' ' => previous != ' ' && previous != '\n',
            '\n' => paragraphs && previous != ' ' && previous != '\n',
            _ => {
                composed &= is_composed(c);
                !is_dot(c) && replacement(c) == Some(c)
            }
        };
        if !keeps {
            return false;
        }
        previous = c;
    }
    let ends = text.is_empty() || (previous != ' ' && previous != '\n');
    ends && (composed || is_nfc(text))
}

fn rewrite(text: &str, paragraphs: bool) -> String {
    // Invisible characters go first: without one between them, two characters may compose.
    let visible = text.chars().filter_map(replacement);
    if text.chars().all(is_composed) {
        tidy(visible, text.len(), paragraphs)
    } else {
        let composed: String = visible.nfc().collect();
        tidy(composed.chars(), composed.len(), paragraphs)
    }
}

/// Settles white space and middle dots.
fn tidy(chars: impl Iterator<Item = char>, length: usize, paragraphs: bool) -> String {
    let mut out = String::with_capacity(length);
    let mut last = '\n';
    let mut gap = None;
    let mut chars = chars.peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' if paragraphs => gap = Some('\n'),
            ' ' | '\n' => gap = gap.or(Some(' ')),
            '!'..='~' | '가'..='힣' if gap.is_none() => {
                out.push(c);
                last = c;
            }
            _ => {
                if let Some(space) = gap.take().filter(|_| !out.is_empty()) {
                    out.push(space);
                    last = space;
                }
                let c = if is_dot(c) && joins(last, chars.peek().copied()) { '·' } else { c };
                out.push(c);
                last = c;
            }
        }
    }
    out
}

/// Whether `c` is of a block whose characters are starters, are in NFC by themselves and never compose with the character
/// before them (Unicode: ccc = 0 and NFC_Quick_Check = Yes). Nearly all news is made of these; any other character has
/// the whole text checked.
#[inline]
fn is_composed(c: char) -> bool {
    matches!(c,
        '\0'..='\u{2FF}'
        | '가'..='힣'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{2002}'..='\u{2125}'
        | '\u{2150}'..='\u{2328}'
        | '\u{232B}'..='\u{2ADB}'
        | '\u{3001}'..='\u{3029}'
        | '\u{3030}'..='\u{3098}'
        | '\u{309B}'..='\u{4DBF}'
        | '\u{FF00}'..='\u{FFEF}'
        | '\u{1F300}'..='\u{1FAFF}')
}

/// The character to write for `c`: itself, or one that [`is_composed`]; `None` for an invisible character.
#[inline]
fn replacement(c: char) -> Option<char> {
    match c {
        '\n' | ' '..='~' | '가'..='힣' => Some(c),
        '\t' => Some(' '),
        // Vertical tab, form feed, carriage return, next line, line and paragraph separator: line breaks all.
        '\u{0B}'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => None,
        // Soft hyphen, zero-width, bidirectional marks and isolates, invisible operators, byte order mark.
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => None,
        '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' => None,
        // Hangul fillers are blanks that pages use for indentation.
        '\u{3164}' | '\u{FFA0}' => Some(' '),
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(' '),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
        _ => Some(c),
    }
}

/// Characters that newsrooms type for U+00B7 between the members of a list.
fn is_dot(c: char) -> bool {
    matches!(c, '\u{318D}' | '\u{FF65}' | '\u{30FB}' | '\u{2027}' | '\u{2022}')
}

/// Whether a dot between these two joins words. At a line's edge or next to a space it is a bullet; between kana it is
/// Japanese.
fn joins(before: char, after: Option<char>) -> bool {
    let Some(after) = after else { return false };
    let open =
        |c: char| c == ' ' || c == '\n' || matches!(c, '\u{3040}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}');
    let word = |c: char| c == '·' || (c.is_alphanumeric() && !is_dot(c));
    !open(before) && !open(after) && (word(before) || word(after))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn clean_text_is_borrowed() {
        for text in ["", "한 줄", "尹 “말” 2024·25년 ▲가 △나", "첫 줄\n둘째 줄", "café ㎡ 日本"]
        {
            assert!(matches!(normalise(text), Cow::Borrowed(_)), "{text:?}");
        }
    }

    #[test]
    fn composes_and_unifies() {
        assert_eq!(normalise("\u{1112}\u{1161}\u{11AB}글"), "한글");
        assert_eq!(normalise("\u{F9E1}씨"), "李씨");
        assert_eq!(normalise("\u{1100}\u{200B}\u{1161}"), "가");
        assert_eq!(normalise("ＧＰＴ－４（신형）！"), "GPT-4(신형)!");
        assert_eq!(normalise("금\u{8f}메\u{ad}달\u{200b}\u{feff}\0"), "금메달");
    }

    #[test]
    fn white_space() {
        assert_eq!(normalise("  가\u{a0}\u{3000}나\t \r\n\r\n \u{2003}다 \n"), "가 나\n다");
        assert_eq!(normalise_line(" 가\n 나 "), "가 나");
        assert_eq!(normalise("\u{3164} \n"), "");
    }

    #[test]
    fn middle_dots() {
        assert_eq!(normalise("도로ㆍ지반･수자원・물‧불•흙"), "도로·지반·수자원·물·불·흙");
        assert_eq!(normalise("3ㆍ1절 ‘가’ㆍ‘나’"), "3·1절 ‘가’ㆍ‘나’");
        assert_eq!(normalise("• 검색"), "• 검색");
        assert_eq!(normalise("ジョン・スミス"), "ジョン・スミス");
    }

    proptest! {
        #[test]
        fn idempotent_and_free_of_controls(text in "(\\PC|\\s|[ㆍ•・가-힣\u{1100}-\u{11ff}\u{200b}-\u{206f}\u{338}\u{ff01}-\u{ffa0}\u{0}-\u{20}]){0,40}") {
            let once = normalise(&text).into_owned();
            prop_assert_eq!(normalise(&once), once.as_str());
            prop_assert!(once.chars().all(|c| c == '\n' || !c.is_control()));
            prop_assert!(!once.contains("  ") && !once.contains("\n\n") && !once.contains(" \n"));
            let line = normalise_line(&text).into_owned();
            prop_assert_eq!(normalise_line(&line), line.as_str());
            prop_assert!(!line.contains('\n'));
        }
    }
}
