//! A text → its brackets, each with the words that stand before it.
//!
//! Before a bracket only the words count that belong to one phrase: a full stop, a comma, a quotation mark or a line break ends it. Where a
//! quotation closes just before the bracket (`‘블루아울’(Blue Owl)`), what is quoted is the name, and nothing before it.

/// Most characters before a bracket that are looked at.
const LONGEST_BEFORE: usize = 48;
/// Most words before a bracket that are looked at.
const MOST_WORDS: usize = 5;
/// Most characters in a bracket that may name something.
const LONGEST_INSIDE: usize = 48;

/// A bracket of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bracket<'t> {
    /// The words before it, at most five of one phrase.
    pub before: &'t str,
    /// Whether `before` was in quotation marks, and so is the whole name.
    pub quoted: bool,
    /// What stands in it.
    pub inside: &'t str,
}

/// The brackets of `text` that may name something: not nested, not empty, and with words before them.
pub fn brackets(text: &str) -> impl Iterator<Item = Bracket<'_>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        loop {
            let open = rest + text.get(rest..)?.find(['(', '（'])?;
            let after = open + text.get(open..)?.chars().next()?.len_utf8();
            rest = after;
            let tail = text.get(after..)?;
            let end =
                tail.char_indices().take(LONGEST_INSIDE + 1).find(|(_, ch)| is_bracket(*ch) || *ch == '\n');
            let Some((length, ')' | '）')) = end else { continue };
            rest = after + length;
            let inside = tail.get(..length)?.trim();
            let (before, quoted) = words_before(text.get(..open)?);
            if !inside.is_empty() && !before.is_empty() {
                return Some(Bracket { before, quoted, inside });
            }
        }
    })
}

/// The last words of `text`, and whether they were quoted.
fn words_before(text: &str) -> (&str, bool) {
    // One blank may stand between a name and its bracket.
    let text = text.strip_suffix(' ').unwrap_or(text);
    let quote = text.chars().next_back().and_then(opening_of);
    let text =
        if quote.is_some() { text.get(..text.len() - last_len(text)).unwrap_or_default() } else { text };
    let mut start = text.len();
    let mut words = 1;
    for (taken, (at, ch)) in text.char_indices().rev().enumerate() {
        if quote == Some(ch) {
            return (text.get(start..).unwrap_or_default().trim(), true);
        }
        words += usize::from(ch == ' ');
        if ends_phrase(ch) || taken == LONGEST_BEFORE || words > MOST_WORDS {
            // A word that was cut is none.
            let cut = taken == LONGEST_BEFORE;
            let kept = text.get(start..).unwrap_or_default();
            let kept = if cut { kept.split_once(' ').map_or("", |(_, whole)| whole) } else { kept };
            return (if quote.is_some() { "" } else { kept.trim() }, false);
        }
        start = at;
    }
    (if quote.is_some() { "" } else { text.trim() }, false)
}

fn last_len(text: &str) -> usize {
    text.chars().next_back().map_or(0, char::len_utf8)
}

/// The mark that opens the quotation which `ch` closes.
fn opening_of(ch: char) -> Option<char> {
    Some(match ch {
        '\'' | '"' => ch,
        '’' => '‘',
        '”' => '“',
        '」' => '「',
        '』' => '『',
        '》' => '《',
        '〉' => '〈',
        _ => return None,
    })
}

fn is_bracket(ch: char) -> bool {
    matches!(ch, '(' | ')' | '（' | '）')
}

/// Whether no name goes on over `ch`.
fn ends_phrase(ch: char) -> bool {
    match ch {
        '.' | ',' | '!' | '?' | ';' | ':' | '=' | '|' | '…' | '\n' | '\'' | '"' | '‘' | '’' | '“' | '”'
        | '→' | '↑' | '↓' | '▲' | '△' | '▼' | '▶' | '◆' | '■' | '●' | '○' | '※' | '▷' | '◇' | '☞' | '★'
        | '☆' | '*' | '~' | '<' | '>' | '[' | ']' | '{' | '}' => true,
        '「'..='』' | '《' | '》' | '〈' | '〉' | '【' | '】' => true,
        _ => is_bracket(ch),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn first(text: &str) -> Option<(&str, bool, &str)> {
        brackets(text).next().map(|found| (found.before, found.quoted, found.inside))
    }

    #[test]
    fn a_bracket_has_the_words_of_its_phrase_before_it() {
        assert_eq!(
            first("국토부는 12일, 이날 한내수자원공단(HNW) 사장을"),
            Some(("이날 한내수자원공단", false, "HNW"))
        );
        assert_eq!(first("투자사 ‘블루헤론’(Blue Heron)은"), Some(("블루헤론", true, "Blue Heron")));
        assert_eq!(first("가 나 다 라 마 바(사)"), Some(("나 다 라 마 바", false, "사")));
        assert_eq!(first("밝혔다.\n한내공단 (HNW)은"), Some(("한내공단", false, "HNW")));
        assert_eq!(first("한내공단（HNW）"), Some(("한내공단", false, "HNW")));
    }

    #[test]
    fn what_is_no_bracket_with_words_before_it_is_passed_over() {
        assert_eq!(first("(서울=온새미통신) 김하늘 기자"), None);
        assert_eq!(first("한내공단(HNW"), None);
        assert_eq!(first("한내공단() 끝"), None);
        assert_eq!(first("바깥(안쪽(HNW)"), Some(("안쪽", false, "HNW")), "the inner one");
        let two: Vec<&str> = brackets("가나(다) 라마(바)").map(|found| found.inside).collect();
        assert_eq!(two, ["다", "바"]);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "[가-나a-b(（)） .\n'‘’·]{0,60}") {
            for found in brackets(&text) {
                prop_assert!(!found.before.is_empty() && !found.inside.is_empty());
            }
        }
    }
}
