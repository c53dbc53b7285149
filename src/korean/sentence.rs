//! Sentence bounds in Korean news text.
//!
//! lindera itself only cuts at line feeds, tabs and `。 、`, and its lattice is slower the longer
//! the piece; snippets need the same bounds. The rules are for news prose: a sentence ends with
//! `. ? !` (or an ellipsis) followed by white space, with the closing quotes and brackets in between,
//! and also at `다.` with the next sentence glued to it, which three quarters of feeds contain.

use std::ops::Range;

/// No piece handed to the segmenter is longer than this many bytes, whatever the text.
const LONGEST_PIECE: usize = 4096;

/// Byte ranges of the sentences of `text`, in order. They cover everything but white space between
/// them, never overlap, and are never empty.
pub fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = text.get(rest..)?;
        let skipped = tail.len() - tail.trim_start().len();
        let start = rest + skipped;
        let tail = text.get(start..).filter(|tail| !tail.is_empty())?;
        let length = sentence_length(tail);
        rest = start + length;
        let end = start + tail.get(..length).map_or(length, |s| s.trim_end().len());
        Some(start..end)
    })
}

/// Length in bytes of the first sentence of `tail`, trailing closers included; at least one character.
fn sentence_length(tail: &str) -> usize {
    let mut chars = tail.char_indices().peekable();
    let mut before = ' ';
    let mut last_space = None;
    while let Some((at, ch)) = chars.next() {
        // A line break, or the mark between title and body (`analysis::TITLE_END`).
        if ch == '\n' || ch == '\u{1E}' {
            return at.max(1);
        }
        if ch == ' ' {
            last_space = Some(at);
        }
        // Text without punctuation: cut at the last space, or inside a word if there is none.
        if at >= LONGEST_PIECE {
            return last_space.filter(|&space| space > 0).unwrap_or(at);
        }
        if is_terminal(ch) {
            let mut end = at + ch.len_utf8();
            while let Some(&(next_at, next)) = chars.peek() {
                if !is_terminal(next) && !is_closer(next) {
                    break;
                }
                end = next_at + next.len_utf8();
                chars.next();
            }
            match chars.peek() {
                None => return tail.len(),
                Some(&(_, next)) if next.is_whitespace() => return end,
                // `밝혔다.한편`: glued, but `3.5` and `U.S.` are not.
                Some(&(_, next)) if ch == '.' && is_final_syllable(before) && starts_sentence(next) => {
                    return end;
                }
                Some(_) => {}
            }
        }
        before = ch;
    }
    tail.len()
}

fn is_terminal(ch: char) -> bool {
    matches!(ch, '.' | '?' | '!' | '…' | '。' | '．' | '？' | '！')
}

fn is_closer(ch: char) -> bool {
    matches!(ch, '"' | '\'' | '”' | '’' | ')' | ']' | '」' | '』' | '》' | '〉')
}

/// Syllables that end Korean sentences: 했다, 해요, 했죠, 할까, 했음, 함, 임, 됨, 것.
fn is_final_syllable(ch: char) -> bool {
    matches!(ch, '다' | '요' | '죠' | '까' | '음' | '함' | '임' | '됨')
}

fn starts_sentence(ch: char) -> bool {
    matches!(ch, '가'..='힣' | '"' | '“' | '‘' | '\'' | '[' | '◆' | '▲' | '△' | '■' | '\u{4E00}'..='\u{9FFF}')
        || ch.is_ascii_uppercase()
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn cuts_news_prose() {
        assert_eq!(
            cut("값이 3.5% 올랐다. “왜일까?” 그는 물었다."),
            ["값이 3.5% 올랐다.", "“왜일까?”", "그는 물었다."]
        );
        assert_eq!(cut("밝혔다.한편 U.S.는"), ["밝혔다.", "한편 U.S.는"]);
        assert_eq!(cut("첫 줄\n둘째 줄\n\n셋째"), ["첫 줄", "둘째 줄", "셋째"]);
        assert_eq!(cut("“간다.” 했다"), ["“간다.”", "했다"]);
        assert!(cut(" \n ").is_empty());
    }

    proptest! {
        #[test]
        fn sentences_cover_everything_but_space(text in any::<String>()) {
            let mut end = 0;
            for range in sentences(&text) {
                prop_assert!(range.start < range.end);
                prop_assert!(text[end..range.start].trim().is_empty() || text[end..range.start].contains(char::from(0x1E)));
                end = range.end;
            }
            prop_assert!(text[end..].trim().is_empty() || text[end..].contains(char::from(0x1E)));
        }

        #[test]
        fn no_piece_is_long(text in "[가나다]{3000,5000}") {
            prop_assert!(sentences(&text).all(|range| range.len() <= LONGEST_PIECE + 4));
        }
    }
}
