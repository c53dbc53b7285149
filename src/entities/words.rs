//! A text → its words, and what stands between them.

use std::ops::Range;

use crate::korean::analysis::TITLE_END;
use crate::korean::morpheme::{CutWord, Morpheme, WordNumber};

use super::facts::Facts;

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// The beginning of a text, of a line or of a sentence.
    Break,
    /// White space alone.
    Space,
    /// A middle dot or a slash: `김하늘·이바다`.
    Dot,
    /// A comma.
    Comma,
    /// A bracket that opens.
    Open,
    /// A bracket that closes, and nothing else but white space.
    Close,
    /// An equals sign, as in bylines: `(서울=온새미통신)`.
    Equals,
    /// A sign that opens an item of a list: `▲`, `△`, `◇`.
    Bullet,
    /// Quotation marks and anything else.
    Other,
}

/// A word of the text: letters and digits without white space or punctuation.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// Its bytes in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// What stands before it.
    pub(super) gap: Gap,
    /// The number of the word that is cut into morphemes, where that is the same.
    pub(super) number: Option<WordNumber>,
    /// Its morphemes.
    pub(super) morphemes: Range<usize>,
    /// What is known of it without its neighbours.
    pub(super) facts: Facts,
}

/// Appends the words of `text`, which the segmenter cut into `cut_words` and `morphemes`, to `words`, with nothing known of them yet.
pub(super) fn cut(text: &str, cut_words: &[CutWord], morphemes: &[Morpheme], words: &mut Vec<Word>) {
    let mut chars = text.char_indices().peekable();
    let mut gap_start = 0;
    let mut morpheme = 0;
    let mut cut_words = cut_words.iter().peekable();
    while let Some((start, ch)) = chars.next() {
        if !is_letter(ch) {
            continue;
        }
        let mut end = start + ch.len_utf8();
        let mut before = ch;
        // `故김하늘`, `前대통령`: hanja before a name are a word of their own.
        let is_prefix = matches!(ch, '故' | '前' | '現' | '新') && next_is_hangul(text, end);
        while let Some(&(at, ch)) = chars.peek() {
            let binds = matches!(ch, '&' | '-')
                && before.is_ascii_alphabetic()
                && text
                    .get(at + 1..)
                    .and_then(|rest| rest.chars().next())
                    .is_some_and(|c| c.is_ascii_alphabetic());
            if is_prefix || (!binds && !is_letter(ch)) {
                break;
            }
            before = ch;
            end = at + ch.len_utf8();
            chars.next();
        }
        while morphemes.get(morpheme).is_some_and(|m| (m.end as usize) <= start) {
            morpheme += 1;
        }
        let first = morpheme;
        while morphemes.get(morpheme).is_some_and(|m| (m.start as usize) < end) {
            morpheme += 1;
        }
        while cut_words.next_if(|cut| (cut.start as usize) < start).is_some() {}
        let same = cut_words.peek().filter(|cut| (cut.start as usize, cut.end as usize) == (start, end));
        let number = same.and_then(|cut| cut.number);
        let gap = gap_of(text.get(gap_start..start).unwrap_or_default(), gap_start == 0);
        let morphemes = first..morpheme;
        words.push(Word { start, end, gap, number, morphemes, facts: Facts::default() });
        gap_start = end;
    }
}

/// Whether `ch` is a letter or digit, and none in a circle (ⓒ); of hangul without looking it up.
fn is_letter(ch: char) -> bool {
    matches!(ch, '가'..='힣' | 'a'..='z' | 'A'..='Z' | '0'..='9')
        || (!ch.is_ascii() && !('\u{2460}'..='\u{24FF}').contains(&ch) && ch.is_alphanumeric())
}

fn next_is_hangul(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(|ch| ('가'..='힣').contains(&ch))
}

fn gap_of(between: &str, first: bool) -> Gap {
    if first {
        return match between.trim_start().chars().last() {
            Some('(' | '[' | '（' | '【') => Gap::Open,
            Some(ch) if is_bullet(ch) => Gap::Bullet,
            _ => Gap::Break,
        };
    }
    let mut gap = Gap::Space;
    for ch in between.chars() {
        gap = match ch {
            '\n' | TITLE_END | '.' | '!' | '?' | '…' | '。' | '|' | '│' | ';' => Gap::Break,
            '(' | '（' | '[' | '【' => Gap::Open,
            ')' | '）' | ']' | '】' => Gap::Close,
            ',' | '、' => Gap::Comma,
            '·' | 'ㆍ' | '・' | '‧' | '•' | '∙' | '/' => Gap::Dot,
            '=' => Gap::Equals,
            ch if is_bullet(ch) => Gap::Bullet,
            ch if ch.is_whitespace() => continue,
            _ if gap == Gap::Break => Gap::Break,
            _ => Gap::Other,
        };
    }
    gap
}

fn is_bullet(ch: char) -> bool {
    matches!(
        ch,
        '▲' | '△'
            | '▷'
            | '▶'
            | '◇'
            | '◆'
            | '■'
            | '□'
            | '●'
            | '○'
            | '★'
            | '☆'
            | '※'
            | '▽'
            | '▼'
            | '◈'
            | '◎'
            | '►'
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::string_slice)]
mod tests {
    use super::*;

    fn cut_up(text: &str) -> Vec<(Gap, &str)> {
        let mut words = Vec::new();
        cut(text, &[], &[], &mut words);
        words.iter().map(|word| (word.gap, &text[word.start..word.end])).collect()
    }

    #[test]
    fn words_know_what_stands_before_them() {
        assert_eq!(
            cut_up("김하늘(45)·이바다 씨는, KT&G에. ▲ 한내"),
            [
                (Gap::Break, "김하늘"),
                (Gap::Open, "45"),
                (Gap::Dot, "이바다"),
                (Gap::Space, "씨는"),
                (Gap::Comma, "KT&G에"),
                (Gap::Bullet, "한내"),
            ]
        );
    }
}
