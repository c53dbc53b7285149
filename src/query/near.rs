//! Words near each other: `A ~10 B`, within ten words, in either order.
//!
//! A word is here what white space separates (어절). Which word of an article a position is in, posting lists do not say: it is counted in
//! the text ([`WordNumbers`]), for articles that hold both. Title and body are texts of their own. What both sides have in common is not
//! near itself: in `삼성 ~5 삼성전자` the second is another one.

use super::shape::Extent;
use crate::korean::analysis::TITLE_GAP;
use crate::korean::fold::{KeptChar, kept_chars};

/// Two parts of a query that must stand near each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Clauses of the plan, one of which is the one part.
    pub first: Vec<usize>,
    /// Clauses of the plan, one of which is the other part.
    pub second: Vec<usize>,
    /// Words from the one to the other, at most; the next word is one away.
    pub within: u32,
}

/// Where a clause stands in an article, in positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its first character.
    pub first: u32,
    /// Its last character; of an inflected verb or a number, one that it has for certain.
    pub last: u32,
}

impl Span {
    /// Of an occurrence that begins at `base`.
    pub fn new(base: u32, extent: Extent) -> Self {
        let more = match extent {
            Extent::Kept(count) | Extent::Word(count) => count.saturating_sub(1),
            Extent::Inflected(stem) => stem,
            Extent::Lemma(_) | Extent::Number => 0,
        };
        Self { first: base, last: base.saturating_add(more) }
    }
}

/// Which word of its part of an article each position is in.
#[derive(Debug, Clone, Default)]
pub struct WordNumbers {
    title: Vec<u32>,
    body: Vec<u32>,
    body_start: u32,
}

impl WordNumbers {
    /// Of an article.
    pub fn of_article(title: &str, body: &str) -> Self {
        let title = numbers(title, &kept_chars(title));
        let body_start = title.len() as u32 + TITLE_GAP;
        Self { title, body: numbers(body, &kept_chars(body)), body_start }
    }

    /// Of a text that counts as a body, and is all there is.
    pub fn of_text(text: &str, kept: &[KeptChar]) -> Self {
        Self { title: Vec::new(), body: numbers(text, kept), body_start: 0 }
    }

    /// Words from one position to another one after it; `None` where they are in different parts.
    fn between(&self, before: u32, after: u32) -> Option<u32> {
        let (part, from) = match before.checked_sub(self.body_start) {
            Some(_) => (&self.body, self.body_start),
            None => (&self.title, 0),
        };
        let number = |position: u32| part.get(position.checked_sub(from)? as usize).copied();
        number(after)?.checked_sub(number(before)?)
    }
}

/// For each kept character of a text, the number of the word that it is in.
fn numbers(text: &str, kept: &[KeptChar]) -> Vec<u32> {
    let mut word = 0;
    let mut end = 0;
    let of = |k: &KeptChar| {
        let between = text.get(end as usize..k.start as usize).unwrap_or_default();
        if k.gap && end > 0 && between.contains(char::is_whitespace) {
            word += 1;
        }
        end = k.end;
        word
    };
    kept.iter().map(of).collect()
}

impl Near {
    /// Which of `one` have one of `others` near them; both may be in any order.
    pub fn partnered(&self, one: &[Span], others: &[Span], words: &WordNumbers) -> Vec<bool> {
        partnered(one, others, |before, after| {
            words.between(before, after).is_some_and(|between| between <= self.within)
        })
    }

    /// Whether any of `one` has one of `others` near it.
    pub fn holds(&self, one: &[Span], others: &[Span], words: &WordNumbers) -> bool {
        self.partnered(one, others, words).contains(&true)
    }

    /// Whether two are as near in characters as they may be in words: then they are near, whatever the words are.
    pub fn holds_in_characters(&self, one: &[Span], others: &[Span], body_start: u32) -> bool {
        let near = |before: u32, after: u32| {
            after - before <= self.within && (before >= body_start) == (after >= body_start)
        };
        partnered(one, others, near).contains(&true)
    }
}

/// Which of `one` have one of `others` before or after them so that `near` holds of the last character of the former and the first of the
/// latter.
fn partnered(one: &[Span], others: &[Span], near: impl Fn(u32, u32) -> bool) -> Vec<bool> {
    let mut begins: Vec<u32> = others.iter().map(|span| span.first).collect();
    let mut ends: Vec<u32> = others.iter().map(|span| span.last).collect();
    begins.sort_unstable();
    ends.sort_unstable();
    // Of all on one side the next one is the nearest.
    let has_partner = |span: &Span| {
        let after = begins.get(begins.partition_point(|begin| *begin <= span.last));
        let before = ends.partition_point(|end| *end < span.first).checked_sub(1);
        after.is_some_and(|after| near(span.last, *after))
            || before.and_then(|at| ends.get(at)).is_some_and(|before| near(*before, span.first))
    };
    one.iter().map(has_partner).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::string_slice)]
mod tests {
    use super::*;

    /// The spans of `word` in a body.
    fn spans(body: &str, word: &str) -> Vec<Span> {
        let (kept, length) = (kept_chars(body), kept_chars(word).len() as u32);
        let at = |byte: usize| kept.iter().position(|k| k.start as usize == byte).unwrap() as u32;
        body.match_indices(word).map(|(byte, _)| Span::new(at(byte), Extent::Kept(length))).collect()
    }

    fn near(body: &str, first: &str, within: u32, second: &str) -> bool {
        let near = Near { first: vec![0], second: vec![1], within };
        let words = WordNumbers::of_text(body, &kept_chars(body));
        let (one, other) = (spans(body, first), spans(body, second));
        let holds = near.holds(&one, &other, &words);
        assert_eq!(holds, near.holds(&other, &one, &words), "in either order");
        assert!(holds || !near.holds_in_characters(&one, &other, 0));
        holds
    }

    #[test]
    fn distances_are_counted_in_words() {
        let body = "정부가 내년 예산을 늘려, 반도체(半導體)·인공지능에 쓴다.\n국회는 \"아직\" 말이 없다.";
        assert!(near(body, "정부", 2, "예산") && !near(body, "정부", 1, "예산"));
        assert!(near(body, "반도체", 0, "인공지능"), "one word, marks and all");
        assert!(near(body, "쓴다", 1, "국회"), "over the end of a line");
        assert!(near(body, "정부", 6, "국회") && !near(body, "정부", 5, "국회"));
        assert!(!near(body, "정부", 9, "정부"), "not itself");
        assert!(near("가격 또 가격", "가격", 2, "가격"), "but another one");
        assert!(!near("삼성전자", "삼성", 3, "삼성전자"), "nor what it is a part of");
    }

    #[test]
    fn title_and_body_are_apart() {
        let words = WordNumbers::of_article("새 공장", "공장 문 연다");
        let near = Near { first: vec![0], second: vec![1], within: 10 };
        let title = [Span { first: 1, last: 2 }];
        let body_start = 3 + TITLE_GAP;
        let body = [Span { first: body_start + 2, last: body_start + 2 }];
        assert!(!near.holds(&title, &body, &words));
        assert!(!near.holds_in_characters(&title, &body, body_start));
    }
}
