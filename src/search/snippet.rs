//! Snippets: the sentences of a body that say most about the query.

use std::ops::Range;

use super::highlight::{Occurrence, joined, utf16_length, utf16_marks};
use super::types::Snippet;
use crate::korean::sentence::sentences;

/// Snippets an article has at most.
pub const MOST_SNIPPETS: usize = 3;
/// Characters that a snippet has at most.
pub const WINDOW: usize = 160;

/// A sentence while snippets are chosen.
struct Sentence {
    bytes: Range<usize>,
    /// Distinct clauses found in it, ascending.
    clauses: Vec<usize>,
}

/// Up to [`MOST_SNIPPETS`] pieces of `body` in reading order: first the sentence whose distinct clauses weigh most
/// (`weight` by clause, rarer is heavier), then those that add clauses. Without occurrences, the lead.
pub fn snippets(body: &str, occurrences: &[Occurrence], weight: impl Fn(usize) -> f32) -> Vec<Snippet> {
    let mut chosen: Vec<Range<usize>> = Vec::new();
    if occurrences.is_empty() {
        chosen.extend(sentences(body).next());
    } else {
        let mut candidates = with_occurrences(body, occurrences);
        let mut seen: Vec<usize> = Vec::new();
        while chosen.len() < MOST_SNIPPETS && !candidates.is_empty() {
            let score = |sentence: &Sentence| -> f32 {
                // A clause shown already counts for little.
                let worth = |clause: &usize| if seen.contains(clause) { 0.1 } else { 1.0 } * weight(*clause);
                sentence.clauses.iter().map(worth).sum()
            };
            let mut best = 0;
            let mut best_score = f32::MIN;
            for (index, sentence) in candidates.iter().enumerate() {
                let score = score(sentence);
                if score > best_score {
                    (best, best_score) = (index, score);
                }
            }
            let sentence = candidates.remove(best);
            seen.extend(sentence.clauses);
            chosen.push(sentence.bytes);
        }
        chosen.sort_by_key(|range| range.start);
    }
    chosen.into_iter().map(|sentence| snippet(body, sentence, occurrences)).collect()
}

/// The sentences that hold an occurrence. An occurrence over a sentence's end belongs to the one it begins in.
fn with_occurrences(body: &str, occurrences: &[Occurrence]) -> Vec<Sentence> {
    let mut rest = occurrences.iter().peekable();
    let mut found = Vec::new();
    for bytes in sentences(body) {
        let mut clauses = Vec::new();
        while let Some(occurrence) = rest.next_if(|occurrence| occurrence.bytes.start < bytes.end) {
            clauses.push(occurrence.clause);
        }
        if !clauses.is_empty() {
            clauses.sort_unstable();
            clauses.dedup();
            found.push(Sentence { bytes, clauses });
        }
    }
    found
}

/// The sentence as a snippet, cut to the window around its occurrences if it is longer.
fn snippet(body: &str, sentence: Range<usize>, occurrences: &[Occurrence]) -> Snippet {
    let inside: Vec<Occurrence> = occurrences
        .iter()
        .filter(|o| o.bytes.start >= sentence.start && o.bytes.start < sentence.end)
        .cloned()
        .collect();
    let bytes = window(body, sentence, &inside);
    let text = body.get(bytes.clone()).unwrap_or_default();
    let marks: Vec<Range<usize>> = joined(&inside)
        .into_iter()
        .map(|range| range.start.max(bytes.start)..range.end.min(bytes.end))
        .filter(|range| range.start < range.end)
        .map(|range| range.start - bytes.start..range.end - bytes.start)
        .collect();
    Snippet {
        text: text.to_owned(),
        start: utf16_length(body, 0..bytes.start),
        marks: utf16_marks(text, &marks),
    }
}

/// At most [`WINDOW`] characters of `sentence`, at word bounds, around the first occurrence with as many others behind
/// it as fit, and context on both sides.
fn window(body: &str, sentence: Range<usize>, inside: &[Occurrence]) -> Range<usize> {
    let Some(text) = body.get(sentence.clone()) else { return sentence };
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| sentence.start + at).collect();
    if starts.len() <= WINDOW {
        return sentence;
    }
    let index_of = |byte: usize| starts.partition_point(|start| *start < byte);
    let first = inside.first().map_or(0, |occurrence| index_of(occurrence.bytes.start));
    let last = inside
        .iter()
        .map(|occurrence| index_of(occurrence.bytes.end))
        .take_while(|end| end.saturating_sub(first) <= WINDOW * 3 / 4)
        .last()
        .unwrap_or(first);
    let context = WINDOW.saturating_sub(last.saturating_sub(first)) / 2;
    let from = first.saturating_sub(context).min(starts.len() - WINDOW);
    let to = from + WINDOW;
    let byte = |index: usize| starts.get(index).copied().unwrap_or(sentence.end);
    let is_space = |index: usize| body.get(byte(index)..).is_some_and(|rest| rest.starts_with(' '));
    // To word bounds, if one is close.
    let from = match (from..first).take(16).find(|index| is_space(*index)) {
        Some(space) if from > 0 => space + 1,
        _ => from,
    };
    let to = match (last.max(to.saturating_sub(16))..to).rev().find(|index| is_space(*index)) {
        Some(space) if to < starts.len() => space,
        _ => to,
    };
    byte(from)..byte(to)
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;

    fn found(body: &str, words: &[&str]) -> Vec<Snippet> {
        let mut occurrences: Vec<Occurrence> = words
            .iter()
            .enumerate()
            .flat_map(|(clause, word)| {
                body.match_indices(word).map(move |(at, _)| Occurrence { clause, bytes: at..at + word.len() })
            })
            .collect();
        occurrences.sort_by_key(|o| o.bytes.start);
        snippets(body, &occurrences, |_| 1.0)
    }

    #[test]
    fn best_sentences_in_reading_order() {
        let body = "첫 문장이다. 사과가 있다. 사과와 배가 있다. 끝이다.";
        let snippets = found(body, &["사과", "배"]);
        assert_eq!(
            snippets.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(),
            ["사과가 있다.", "사과와 배가 있다."]
        );
        assert_eq!(snippets[1].marks, [[0, 2], [4, 5]]);
        assert_eq!(snippets[0].start, 8);
    }

    #[test]
    fn a_long_sentence_is_cut_around_its_marks() {
        let body =
            format!("{} 바늘이 여기 {}.", "긴 말이 이어지고 ".repeat(40), "또 이어지는 말과 ".repeat(40));
        let snippets = found(&body, &["바늘"]);
        assert_eq!(snippets.len(), 1);
        assert!(snippets[0].text.chars().count() <= WINDOW);
        let [start, end] = snippets[0].marks[0];
        let units: Vec<u16> = snippets[0].text.encode_utf16().collect();
        assert_eq!(String::from_utf16_lossy(&units[start as usize..end as usize]), "바늘");
        assert!(start > 20 && (end as usize) < units.len() - 20, "context both ways");
    }

    #[test]
    fn the_lead_where_nothing_is_found() {
        assert_eq!(found("첫 문장이다. 둘째다.", &["없음"])[0].text, "첫 문장이다.");
        assert!(found("", &["없음"]).is_empty());
    }
}
