//! Two texts → what a reader sees that differs: sentences that were added, dropped or changed, and in a changed sentence the words.
//!
//! Sentences are the unit because reporters talk about sentences: a line of a body is a paragraph, and two paragraphs that differ in one
//! number would be shown as two paragraphs. Between the sentences that both texts have, those of one text are matched with those of the
//! other in their order, so that as much as possible of what they say is in pairs; a pair that shares half of its letter pairs counts
//! as one sentence that changed.

use std::time::Instant;

use ::similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use serde::Serialize;
use utoipa::ToSchema;

use crate::article::Article;
use crate::korean::sentence::sentences;

/// Pairs of sentences that are compared in one gap, at most; in a longer gap nothing is called changed.
const MOST_PAIRS: usize = 20_000;
/// The share of letter pairs from which two sentences are one that changed.
const ALIKE: f32 = 0.5;

/// What happened to a sentence or to some words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Both texts have it.
    Same,
    /// Only the later text has it.
    Added,
    /// Only the earlier text has it.
    Dropped,
    /// Both have it, in other words. Never of words.
    Changed,
}

/// A sentence of one of two texts or of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedSentence {
    /// What happened to it.
    pub change: Change,
    /// Its words in reading order; in a changed sentence those of both texts.
    pub words: Vec<ComparedWords>,
}

/// Words that follow each other, white space included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedWords {
    /// What happened to them: `same`, `added` or `dropped`.
    pub change: Change,
    /// Plain text.
    pub text: String,
}

/// How many sentences of two bodies are the same, and how many differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedCounts {
    /// Sentences that both have.
    pub same: u64,
    /// Sentences that only the later one has.
    pub added: u64,
    /// Sentences that only the earlier one has.
    pub dropped: u64,
    /// Sentences that both have, in other words.
    pub changed: u64,
}

/// What differs between two articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The titles.
    pub title: ComparedSentence,
    /// The bodies, sentence by sentence in reading order.
    pub body: Vec<ComparedSentence>,
    /// How many sentences of the bodies there are of each kind.
    pub counts: ComparedCounts,
}

/// What differs between `earlier` and `later`. After `deadline` a coarser answer is given: more is called added and dropped.
pub fn difference(earlier: &Article, later: &Article, deadline: Option<Instant>) -> Difference {
    let title = if earlier.title == later.title {
        whole(Change::Same, &later.title)
    } else {
        changed(&earlier.title, &later.title, deadline)
    };
    let (before, after) = (cut(&earlier.body), cut(&later.body));
    let mut body = Vec::with_capacity(after.len());
    for operation in capture_diff_slices_deadline(Algorithm::Myers, &before, &after, deadline) {
        let (gone, come) = (operation.old_range(), operation.new_range());
        let gone = before.get(gone).unwrap_or_default();
        let come = after.get(come).unwrap_or_default();
        if let DiffOp::Equal { .. } = operation {
            body.extend(come.iter().map(|sentence| whole(Change::Same, sentence)));
        } else {
            gap(gone, come, deadline, &mut body);
        }
    }
    let count = |change: Change| body.iter().filter(|sentence| sentence.change == change).count() as u64;
    let counts = ComparedCounts {
        same: count(Change::Same),
        added: count(Change::Added),
        dropped: count(Change::Dropped),
        changed: count(Change::Changed),
    };
    Difference { title, body, counts }
}

fn cut(text: &str) -> Vec<&str> {
    sentences(text).filter_map(|range| text.get(range)).collect()
}

fn whole(change: Change, sentence: &str) -> ComparedSentence {
    let words = if sentence.is_empty() {
        Vec::new()
    } else {
        let of_words = if change == Change::Changed { Change::Same } else { change };
        vec![ComparedWords { change: of_words, text: sentence.to_owned() }]
    };
    ComparedSentence { change, words }
}

/// What is between two sentences that both texts have.
fn gap(gone: &[&str], come: &[&str], deadline: Option<Instant>, out: &mut Vec<ComparedSentence>) {
    let (mut at_gone, mut at_come) = (0, 0);
    let mut up_to = |pair: Option<(usize, usize)>, out: &mut Vec<ComparedSentence>| {
        let (to_gone, to_come) = pair.unwrap_or((gone.len(), come.len()));
        let dropped = gone.get(at_gone..to_gone).unwrap_or_default();
        out.extend(dropped.iter().map(|sentence| whole(Change::Dropped, sentence)));
        let added = come.get(at_come..to_come).unwrap_or_default();
        out.extend(added.iter().map(|sentence| whole(Change::Added, sentence)));
        (at_gone, at_come) = (to_gone + 1, to_come + 1);
    };
    for pair in pairs(gone, come) {
        up_to(Some(pair), out);
        if let (Some(earlier), Some(later)) = (gone.get(pair.0), come.get(pair.1)) {
            out.push(changed(earlier, later, deadline));
        }
    }
    up_to(None, out);
}

/// Which sentences of the one are those of the other, changed: places in both, rising in both.
fn pairs(gone: &[&str], come: &[&str]) -> Vec<(usize, usize)> {
    if gone.is_empty() || come.is_empty() || gone.len().saturating_mul(come.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let come: Vec<Vec<(char, char)>> = come.iter().map(|sentence| letter_pairs(sentence)).collect();
    let width = come.len() + 1;
    // The best sum of likenesses of the first so many of both, and how alike each two are. A longest common subsequence with weights.
    let mut best = vec![0.0_f32; width];
    let mut table: Vec<Vec<f32>> = vec![best.clone()];
    let mut alike: Vec<Vec<f32>> = Vec::with_capacity(gone.len());
    for sentence in gone {
        let own = letter_pairs(sentence);
        let row: Vec<f32> = come.iter().map(|other| likeness(&own, other)).collect();
        let mut next = Vec::with_capacity(width);
        let mut left = 0.0_f32;
        next.push(left);
        for ((likeness, diagonal), up) in row.iter().zip(&best).zip(best.iter().skip(1)) {
            let paired = if *likeness >= ALIKE { diagonal + likeness } else { 0.0 };
            left = paired.max(*up).max(left);
            next.push(left);
        }
        best.clone_from(&next);
        table.push(next);
        alike.push(row);
    }
    let value =
        |row: usize, column: usize| table.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0.0);
    let (mut row, mut column) = (gone.len(), come.len());
    let mut found = Vec::new();
    while row > 0 && column > 0 {
        let here = value(row, column);
        if here <= value(row - 1, column) {
            row -= 1;
        } else if here <= value(row, column - 1) {
            column -= 1;
        } else {
            (row, column) = (row - 1, column - 1);
            found.push((row, column));
        }
    }
    found.reverse();
    found
}

/// Pairs of neighbouring letters, sorted; white space does not count.
fn letter_pairs(sentence: &str) -> Vec<(char, char)> {
    let letters = || sentence.chars().filter(|letter| !letter.is_whitespace());
    let mut pairs: Vec<_> = letters().zip(letters().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// Dice's coefficient of two sorted lists.
fn likeness(one: &[(char, char)], other: &[(char, char)]) -> f32 {
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let mut shared = 0_u32;
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => _ = left.next(),
            std::cmp::Ordering::Greater => _ = right.next(),
            std::cmp::Ordering::Equal => {
                shared += 1;
                left.next();
                right.next();
            }
        }
    }
    let all = one.len() + other.len();
    if all == 0 { 0.0 } else { 2.0 * shared as f32 / all as f32 }
}

/// A sentence that changed, word by word.
fn changed(earlier: &str, later: &str, deadline: Option<Instant>) -> ComparedSentence {
    let (before, after) = (words(earlier), words(later));
    let mut out: Vec<ComparedWords> = Vec::new();
    let mut add = |change: Change, words: &[&str]| {
        if words.is_empty() {
            return;
        }
        match out.last_mut().filter(|last| last.change == change) {
            Some(last) => last.text.push_str(&words.concat()),
            None => out.push(ComparedWords { change, text: words.concat() }),
        }
    };
    for operation in capture_diff_slices_deadline(Algorithm::Myers, &before, &after, deadline) {
        let gone = before.get(operation.old_range()).unwrap_or_default();
        let come = after.get(operation.new_range()).unwrap_or_default();
        if let DiffOp::Equal { .. } = operation {
            add(Change::Same, come);
        } else {
            add(Change::Dropped, gone);
            add(Change::Added, come);
        }
    }
    ComparedSentence { change: Change::Changed, words: out }
}

/// Words and the white space between them, each by itself: else the last word of a sentence would differ from the same one within it.
fn words(sentence: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = sentence;
    while let Some(first) = rest.chars().next() {
        let space = first.is_whitespace();
        let end = rest.find(|letter: char| letter.is_whitespace() != space).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        found.push(word);
        rest = after;
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn compared_by(earlier: &str, later: &str, deadline: Option<Instant>) -> Difference {
        let article = |body: &str| -> Article {
            serde_json::from_value(serde_json::json!({"id": "a", "title": "다리 개통", "body": body}))
                .unwrap()
        };
        difference(&article(earlier), &article(later), deadline)
    }

    fn compared(earlier: &str, later: &str) -> Difference {
        compared_by(earlier, later, None)
    }

    /// `=` same, `+` added, `-` dropped, `~` changed; in a changed sentence words as `[-…]` and `[+…]`.
    fn drawn(difference: &Difference) -> Vec<String> {
        let sentence = |sentence: &ComparedSentence| {
            let words = sentence.words.iter().map(|words| match (sentence.change, words.change) {
                (Change::Changed, Change::Added) => format!("[+{}]", words.text),
                (Change::Changed, Change::Dropped) => format!("[-{}]", words.text),
                _ => words.text.clone(),
            });
            let sign = match sentence.change {
                Change::Same => '=',
                Change::Added => '+',
                Change::Dropped => '-',
                Change::Changed => '~',
            };
            format!("{sign} {}", words.collect::<String>())
        };
        difference.body.iter().map(sentence).collect()
    }

    #[test]
    fn sentences_are_added_dropped_and_changed() {
        let earlier =
            "가온시는 12일 새 다리를 열었다. 공사비는 30억 원이다. 시장은 말을 아꼈다.\n주민들은 반겼다.";
        let later = "가온시는 12일 새 다리를 열었다. 공사비는 45억 원이다.\n주민들은 반겼다. 개통식에는 200명이 왔다.";
        let difference = compared(earlier, later);
        assert_eq!(
            drawn(&difference),
            [
                "= 가온시는 12일 새 다리를 열었다.",
                "~ 공사비는 [-30억][+45억] 원이다.",
                "- 시장은 말을 아꼈다.",
                "= 주민들은 반겼다.",
                "+ 개통식에는 200명이 왔다.",
            ]
        );
        assert_eq!(difference.title.change, Change::Same);
        let counts = ComparedCounts { same: 2, added: 1, dropped: 1, changed: 1 };
        assert_eq!(difference.counts, counts);
    }

    #[test]
    fn a_changed_sentence_is_matched_among_new_ones() {
        let earlier = "하나. 경찰은 운전자 김 모 씨를 불러 사고 경위를 조사했다. 둘.";
        let later =
            "하나. 날씨는 맑았다. 경찰은 운전자 이 모 씨를 불러 사고 경위를 조사했다. 길은 막혔다. 둘.";
        assert_eq!(
            drawn(&compared(earlier, later)),
            [
                "= 하나.",
                "+ 날씨는 맑았다.",
                "~ 경찰은 운전자 [-김][+이] 모 씨를 불러 사고 경위를 조사했다.",
                "+ 길은 막혔다.",
                "= 둘.",
            ]
        );
    }

    #[test]
    fn both_texts_can_be_read_out_of_the_answer() {
        let texts = [
            "",
            "한 문장뿐이다.",
            "한 문장뿐이었다. 그리고 또 하나.",
            "가 나 다. 라 마 바. 사 아 자.",
            "라 마 바. 가 나 다 라. 사 아 자 차.",
            "문장 부호가 없다",
        ];
        for earlier in texts {
            for later in texts {
                let difference = compared(earlier, later);
                let side = |without: Change| -> Vec<String> {
                    let sentences = difference.body.iter().filter(|sentence| sentence.change != without);
                    let words = |sentence: &ComparedSentence| {
                        let kept = sentence.words.iter().filter(|words| words.change != without);
                        kept.map(|words| words.text.as_str()).collect::<String>()
                    };
                    sentences.map(words).collect()
                };
                assert_eq!(side(Change::Added), cut(earlier), "{earlier} / {later}");
                assert_eq!(side(Change::Dropped), cut(later), "{earlier} / {later}");
            }
        }
    }

    #[test]
    fn a_long_text_that_shares_nothing_is_done_by_the_deadline() {
        let text = |seed: usize| -> String {
            (0..20_000).map(|number| format!("문장 {} 번이다. ", number * 7 + seed)).collect()
        };
        let difference = compared_by(&text(1), &text(3), Some(Instant::now()));
        assert_eq!(difference.counts.dropped, 20_000);
        assert_eq!(difference.counts.added, 20_000);
    }
}
