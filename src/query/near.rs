//! Words near each other: `A ~10 B`, within ten words, in either order.
//!
//! A word is here what white space separates (어절). Which word of an article a position is in, posting lists do not say: it is counted in
//! the text ([`WordNumbers`]), for articles that hold both. Title and body are texts of their own. What both sides have in common is not
//! near itself: in `삼성 ~5 삼성전자` the second is another one.

use super::shape::Extent;
use super::widths::WordWidths;
use crate::korean::analysis::TITLE_GAP;
use crate::korean::fold::{fold_char, is_kept};
use crate::quotes::QuotePlace;

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
        let mut numbers = Self::default();
        numbers.count_article(title, body);
        numbers
    }

    /// Like [`WordNumbers::of_article`], in place of what it was of: buffers keep their capacity.
    pub fn count_article(&mut self, title: &str, body: &str) {
        count(title, &mut self.title);
        count(body, &mut self.body);
        self.body_start = self.title.len() as u32 + TITLE_GAP;
    }

    /// Of a text that counts as a body, and is all there is.
    pub fn of_text(text: &str) -> Self {
        let mut numbers = Self::default();
        count(text, &mut numbers.body);
        numbers
    }

    /// How many characters its words cover.
    pub fn widths(&self) -> WordWidths {
        WordWidths::of_parts([&self.title, &self.body])
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

/// Writes to `numbers`, for each kept character of a text, the number of the word that it is in.
fn count(text: &str, numbers: &mut Vec<u32>) {
    numbers.clear();
    let mut word = 0;
    let mut blank = false;
    for ch in text.chars() {
        let before = numbers.len();
        match ch {
            '가'..='힣' | 'a'..='z' | 'A'..='Z' | '0'..='9' | '%' => numbers.push(word),
            // Quotation marks and dashes: they are frequent, and slow to look up.
            '\u{2010}'..='\u{2027}' => {}
            _ if ch.is_whitespace() => blank = true,
            _ if ch.is_ascii() => {}
            _ => fold_char(ch, |folded| {
                if is_kept(folded) {
                    numbers.push(word);
                }
            }),
        }
        if blank && numbers.len() > before {
            if before > 0 {
                word += 1;
                numbers.iter_mut().skip(before).for_each(|number| *number = word);
            }
            blank = false;
        }
    }
}

impl Near {
    /// Which of `one` have one of `others` near them; both may be in any order.
    pub fn partnered(&self, one: &[Span], others: &[Span], words: &WordNumbers) -> Vec<bool> {
        one.iter().map(partner(others, self.by_words(words))).collect()
    }

    /// Whether any of `one` has one of `others` near it.
    pub fn holds(&self, one: &[Span], others: &[Span], words: &WordNumbers) -> bool {
        one.iter().any(partner(others, self.by_words(words)))
    }

    /// Whether the words from one position to another are few enough.
    fn by_words(&self, words: &WordNumbers) -> impl FnMut(u32, u32) -> bool {
        |before, after| words.between(before, after).is_some_and(|between| between <= self.within)
    }

    /// Whether any of `one` has one of `others` near it, as far as the characters between them tell; `None` where only the text can
    /// tell. `body_start` is the position of the body's first character, `widths` are those of the article, where they are known.
    pub fn told_by_characters(
        &self,
        one: &[Span],
        others: &[Span],
        body_start: u32,
        widths: Option<WordWidths>,
    ) -> Option<bool> {
        let mut unsure = false;
        let near = |before: u32, after: u32| {
            let apart = after - before;
            if (before >= body_start) != (after >= body_start) {
                return false;
            }
            let told = match widths {
                _ if apart <= self.within => Some(true),
                Some(widths) => widths.are_near(apart, self.within),
                None => None,
            };
            unsure |= told.is_none();
            told == Some(true)
        };
        let found = one.iter().any(partner(others, near));
        (found || !unsure).then_some(found)
    }
}

/// Tells of a span whether it has one of `others` before or after it so that `near` holds of the last character of the former and the first
/// of the latter.
fn partner(others: &[Span], mut near: impl FnMut(u32, u32) -> bool) -> impl FnMut(&Span) -> bool {
    let mut begins: Vec<u32> = others.iter().map(|span| span.first).collect();
    let mut ends: Vec<u32> = others.iter().map(|span| span.last).collect();
    begins.sort_unstable();
    ends.sort_unstable();
    // Of all on one side the next one is the nearest.
    move |span| {
        let after = begins.get(begins.partition_point(|begin| *begin <= span.last));
        let before = ends.partition_point(|end| *end < span.first).checked_sub(1);
        after.is_some_and(|after| near(span.last, *after))
            || before.and_then(|at| ends.get(at)).is_some_and(|before| near(*before, span.first))
    }
}

/// Those of `spans`, which are ascending, that are inside the quotation at `place` of the body that begins at `start`. An article may have
/// a hundred thousand quotations and as many spans: only those that begin in the quotation are looked at.
pub fn inside(spans: &[Span], start: u32, place: QuotePlace) -> impl Iterator<Item = &Span> {
    let first = start.saturating_add(place.first);
    let begin = spans.partition_point(|span| span.first < first);
    let from = spans.get(begin..).unwrap_or_default().iter();
    let beginning = from.take_while(move |span| span.first - first < place.kept);
    beginning.filter(move |span| place.has(span.first - start, span.last.saturating_sub(start)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::string_slice)]
mod tests {
    use super::*;
    use crate::korean::fold::kept_chars;

    /// The spans of `word` in a body.
    fn spans(body: &str, word: &str) -> Vec<Span> {
        let (kept, length) = (kept_chars(body), kept_chars(word).len() as u32);
        let at = |byte: usize| kept.iter().position(|k| k.start as usize == byte).unwrap() as u32;
        body.match_indices(word).map(|(byte, _)| Span::new(at(byte), Extent::Kept(length))).collect()
    }

    fn near(body: &str, first: &str, within: u32, second: &str) -> bool {
        let near = Near { first: vec![0], second: vec![1], within };
        let words = WordNumbers::of_text(body);
        let (one, other) = (spans(body, first), spans(body, second));
        let holds = near.holds(&one, &other, &words);
        assert_eq!(holds, near.holds(&other, &one, &words), "in either order");
        for widths in [None, Some(words.widths())] {
            let told = near.told_by_characters(&one, &other, 0, widths);
            assert!(told.is_none_or(|told| told == holds), "{body} {first} {within} {second}: {told:?}");
        }
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
        for widths in [None, Some(words.widths())] {
            assert_eq!(near.told_by_characters(&title, &body, body_start, widths), Some(false));
        }
    }

    #[test]
    fn spans_inside_a_quotation_are_those_that_begin_and_end_in_it() {
        let body = "가나다 “라마바” 사아자";
        let (open, close) = (body.find("라").unwrap_or(0), body.find("”").unwrap_or(0));
        let place = QuotePlace::of(&(open..close), body, &kept_chars(body));
        let start = 20;
        let span = |first, last| Span { first, last };
        let spans = [
            span(3, 5),
            span(start + 2, start + 3),
            span(start + 3, start + 3),
            span(start + 3, start + 6),
            span(start + 4, start + 5),
            span(start + 5, start + 7),
            span(start + 6, start + 6),
        ];
        let found: Vec<Span> = inside(&spans, start, place).copied().collect();
        assert_eq!(found, [span(start + 3, start + 3), span(start + 4, start + 5)]);
        assert_eq!(inside(&[], start, place).count(), 0);
    }
}
