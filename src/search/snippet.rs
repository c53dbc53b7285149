//! Snippets: the sentences of a body that say most about the query.
//!
//! They are whole sentences where they fit in `snippet_size` characters, chosen by the distinct clauses that they hold, rarer ones heavier,
//! each after the first for what it adds. A longer sentence is shown where most is found, with context on both sides, more than once if
//! need be; an occurrence that crosses the end of a sentence joins the two. Where only the title matched, the first sentences that fit.
//!
//! tantivy's generator counts bytes, cuts Korean in the middle of a sentence, and analyses every article of a page again.

use std::ops::Range;

use super::highlight::{Occurrence, joined, utf16_length, utf16_marks};
use super::types::{Snippet, SnippetOptions};
use crate::korean::sentence::sentences;

/// A cut goes to a word bound if one is this near, in characters.
const WORD_BOUND: usize = 16;

/// A piece of the body that could be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    /// What it may not reach beyond: its sentence, or several that one occurrence runs through. Bytes of the body.
    sentence: Range<usize>,
    /// What must be seen: all of a sentence that fits, else the occurrences. Bytes of the body.
    core: Range<usize>,
    /// Distinct clauses in it, ascending.
    clauses: Vec<usize>,
}

/// Up to `options.count` pieces of `body`, disjoint and in reading order: first the one whose distinct clauses weigh most
/// (`weight` by clause, rarer is heavier), then those that add clauses. A sentence that fits is shown whole; of a longer
/// one, its occurrences with context on both sides. Without occurrences, the lead.
pub fn snippets(
    body: &str,
    occurrences: &[Occurrence],
    weight: impl Fn(usize) -> f32,
    options: SnippetOptions,
) -> Vec<Snippet> {
    let SnippetOptions { count, characters } = options;
    if count == 0 {
        return Vec::new();
    }
    if occurrences.is_empty() {
        return lead(body, characters).map(|bytes| snippet(body, bytes, &[])).into_iter().collect();
    }
    let chosen = choose(candidates(body, occurrences, characters), count, weight);
    let mut shown = Vec::with_capacity(chosen.len());
    let mut from = 0;
    for (number, candidate) in chosen.iter().enumerate() {
        let next = chosen.get(number + 1).map_or(body.len(), |next| next.core.start);
        let room = from.max(candidate.sentence.start)..next.min(candidate.sentence.end);
        let bytes = frame(body, candidate, room, occurrences, characters);
        from = bytes.end;
        shown.push(snippet(body, bytes, occurrences));
    }
    shown
}

/// The best candidates, in reading order.
fn choose(mut candidates: Vec<Candidate>, count: usize, weight: impl Fn(usize) -> f32) -> Vec<Candidate> {
    let mut chosen: Vec<Candidate> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    while chosen.len() < count && !candidates.is_empty() {
        let mut best = (0, f32::MIN);
        for (index, candidate) in candidates.iter().enumerate() {
            // A clause shown already counts for little.
            let worth = |clause: &usize| if seen.contains(clause) { 0.1 } else { 1.0 } * weight(*clause);
            let score: f32 = candidate.clauses.iter().map(worth).sum();
            if score > best.1 {
                best = (index, score);
            }
        }
        let candidate = candidates.remove(best.0);
        candidates
            .retain(|other| other.core.end <= candidate.core.start || candidate.core.end <= other.core.start);
        seen.extend(&candidate.clauses);
        chosen.push(candidate);
    }
    chosen.sort_by_key(|candidate| candidate.core.start);
    chosen
}

/// The sentences that hold an occurrence; of one that is longer than `characters`, each occurrence with those after it
/// that can be seen together with it. What one occurrence runs through is one sentence here: a phrase is not torn.
fn candidates(body: &str, occurrences: &[Occurrence], characters: usize) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut rest = occurrences;
    let mut bounds = sentences(body).peekable();
    while let Some(mut sentence) = bounds.next() {
        let mut end = 0;
        let mut inside = 0;
        loop {
            while let Some(occurrence) = rest.get(inside).filter(|o| o.bytes.start < sentence.end) {
                end = end.max(occurrence.bytes.end);
                inside += 1;
            }
            match bounds.next_if(|next| next.start < end) {
                Some(next) => sentence.end = next.end,
                None => break,
            }
        }
        let (here, later) = rest.split_at_checked(inside).unwrap_or((rest, &[]));
        rest = later;
        if here.is_empty() {
            continue;
        }
        if length(body, &sentence) <= characters {
            found.push(Candidate { core: sentence.clone(), sentence, clauses: clauses(here) });
            continue;
        }
        // Context must have room around what is found.
        let most = characters * 3 / 4;
        for (first, occurrence) in here.iter().enumerate() {
            let together = here
                .iter()
                .skip(first + 1)
                .take_while(|other| length(body, &(occurrence.bytes.start..other.bytes.end)) <= most);
            let together = here.get(first..=first + together.count()).unwrap_or_default();
            let end = together.iter().map(|o| o.bytes.end).max().unwrap_or(occurrence.bytes.end);
            let core = occurrence.bytes.start..end;
            found.push(Candidate { sentence: sentence.clone(), core, clauses: clauses(together) });
        }
    }
    found
}

fn clauses(occurrences: &[Occurrence]) -> Vec<usize> {
    let mut clauses: Vec<usize> = occurrences.iter().map(|occurrence| occurrence.clause).collect();
    clauses.sort_unstable();
    clauses.dedup();
    clauses
}

/// The first sentences that fit, or the beginning of the first one up to a word bound.
fn lead(body: &str, characters: usize) -> Option<Range<usize>> {
    let mut lead: Option<Range<usize>> = None;
    for sentence in sentences(body) {
        let longer = lead.as_ref().map_or(sentence.start, |lead| lead.start)..sentence.end;
        if length(body, &longer) > characters {
            let cut = || {
                let core = sentence.start..sentence.start;
                let candidate = Candidate { sentence: sentence.clone(), core, clauses: Vec::new() };
                frame(body, &candidate, sentence.clone(), &[], characters)
            };
            return Some(lead.unwrap_or_else(cut));
        }
        lead = Some(longer);
    }
    lead
}

/// What is shown of a candidate within `room`: its core, with as much context on both sides as there are characters left,
/// cut at word bounds, and not inside another occurrence.
fn frame(
    body: &str,
    candidate: &Candidate,
    room: Range<usize>,
    occurrences: &[Occurrence],
    characters: usize,
) -> Range<usize> {
    let core = candidate.core.start..candidate.core.end.min(room.end);
    let left = characters.saturating_sub(length(body, &core));
    let before = length(body, &(room.start..core.start));
    let after = length(body, &(core.end..room.end));
    // What one side does not need, the other takes.
    let ahead = (left / 2).max(left.saturating_sub(after)).min(before);
    let mut from = back(body, core.start, ahead).max(room.start);
    let mut to = forward(body, from, characters).min(room.end);
    if from > room.start
        && let Some(space) = body.get(from..core.start).and_then(|text| bound(text.char_indices()))
    {
        from += space + 1;
    }
    if to < room.end
        && let Some(space) = body.get(core.end.min(to)..to).and_then(|text| bound(text.char_indices().rev()))
    {
        to = core.end.min(to) + space;
    }
    for occurrence in occurrences {
        let Range { start, end } = occurrence.bytes;
        if start < from && from < end && end <= core.start {
            from = end;
        }
        if start < to && to < end && start >= core.end {
            to = start;
        }
    }
    let shown = body.get(from..to).unwrap_or_default();
    let start = from + shown.len() - shown.trim_start().len();
    start..(from + shown.trim_end().len()).max(start)
}

/// Where the first space among the first few characters is.
fn bound(chars: impl Iterator<Item = (usize, char)>) -> Option<usize> {
    chars.take(WORD_BOUND).find(|(_, ch)| *ch == ' ').map(|(at, _)| at)
}

/// The byte that many characters before byte `at`.
fn back(text: &str, at: usize, characters: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    characters
        .checked_sub(1)
        .and_then(|nth| before.char_indices().rev().nth(nth))
        .map_or(if characters == 0 { at } else { 0 }, |(start, _)| start)
}

/// The byte that many characters after byte `at`.
fn forward(text: &str, at: usize, characters: usize) -> usize {
    let after = text.get(at..).unwrap_or_default();
    after.char_indices().nth(characters).map_or(text.len(), |(length, _)| at + length)
}

/// Characters of a byte range.
fn length(text: &str, range: &Range<usize>) -> usize {
    text.get(range.clone()).map_or(0, |text| text.chars().count())
}

/// A range of the body with the marks in it.
fn snippet(body: &str, bytes: Range<usize>, occurrences: &[Occurrence]) -> Snippet {
    let text = body.get(bytes.clone()).unwrap_or_default();
    let marks: Vec<Range<usize>> = joined(occurrences)
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

#[cfg(test)]
#[allow(clippy::string_slice, clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const USUAL: SnippetOptions = SnippetOptions { count: 3, characters: 160 };

    fn occurrences(body: &str, words: &[&str]) -> Vec<Occurrence> {
        let mut occurrences: Vec<Occurrence> = words
            .iter()
            .enumerate()
            .flat_map(|(clause, word)| {
                body.match_indices(word).map(move |(at, _)| Occurrence { clause, bytes: at..at + word.len() })
            })
            .collect();
        occurrences.sort_by_key(|o| (o.bytes.start, o.bytes.end, o.clause));
        occurrences
    }

    fn found(body: &str, words: &[&str], options: SnippetOptions) -> Vec<Snippet> {
        snippets(body, &occurrences(body, words), |_| 1.0, options)
    }

    fn texts(snippets: &[Snippet]) -> Vec<&str> {
        snippets.iter().map(|snippet| snippet.text.as_str()).collect()
    }

    /// The text with its marks in ⟦⟧.
    fn marked(snippet: &Snippet) -> String {
        let mut units: Vec<u16> = snippet.text.encode_utf16().collect();
        for [start, end] in snippet.marks.iter().rev() {
            units.insert(*end as usize, '⟧' as u16);
            units.insert(*start as usize, '⟦' as u16);
        }
        String::from_utf16(&units).unwrap()
    }

    #[test]
    fn best_sentences_in_reading_order() {
        let body = "첫 문장이다. 사과가 있다. 사과와 배가 있다. 끝이다.";
        let snippets = found(body, &["사과", "배"], USUAL);
        assert_eq!(texts(&snippets), ["사과가 있다.", "사과와 배가 있다."]);
        assert_eq!(snippets[1].marks, [[0, 2], [4, 5]]);
        assert_eq!(snippets[0].start, 8);
    }

    #[test]
    fn more_distinct_words_come_before_more_occurrences_and_rare_ones_before_frequent_ones() {
        let body = "감과 감과 감과 감이다. 감과 배다. 귤이다. 감이다.";
        let one = |weight: fn(usize) -> f32| {
            let options = SnippetOptions { count: 1, ..USUAL };
            let found = snippets(body, &occurrences(body, &["감", "배", "귤"]), weight, options);
            texts(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(one(|_| 1.0), ["감과 배다."]);
        assert_eq!(one(|clause| if clause == 2 { 9.0 } else { 1.0 }), ["귤이다."]);
        let two = found(body, &["감", "배", "귤"], SnippetOptions { count: 2, ..USUAL });
        assert_eq!(texts(&two), ["감과 배다.", "귤이다."], "what is shown already counts for little");
    }

    #[test]
    fn as_many_as_asked_for() {
        let body = "귤 하나다. 귤 둘이다. 귤 셋이다. 귤 넷이다. 귤 다섯이다.";
        for count in 0..=5 {
            assert_eq!(found(body, &["귤"], SnippetOptions { count, ..USUAL }).len(), count);
        }
        assert_eq!(found(body, &["귤"], USUAL).len(), 3, "three where nothing else is asked for");
    }

    #[test]
    fn a_long_sentence_is_cut_around_its_marks() {
        let body =
            format!("{} 바늘이 여기 {}.", "긴 말이 이어지고 ".repeat(40), "또 이어지는 말과 ".repeat(40));
        for characters in [40, 80, 160, 400] {
            let snippets = found(&body, &["바늘"], SnippetOptions { characters, ..USUAL });
            assert_eq!(snippets.len(), 1);
            let text = &snippets[0].text;
            assert!(text.chars().count() <= characters && text.chars().count() > characters * 3 / 5);
            let (before, after) = text.split_once("바늘").unwrap();
            assert!(before.chars().count() >= characters / 4, "context before: {text}");
            assert!(after.chars().count() >= characters / 4, "context after: {text}");
            assert!(marked(&snippets[0]).contains("⟦바늘⟧이 여기"));
            // Cut between words.
            assert!(["긴", "말이", "이어지고"].contains(&text.split(' ').next().unwrap()), "{text}");
            assert!(["또", "이어지는", "말과"].contains(&text.split(' ').next_back().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_long_sentence_shows_the_place_with_most_words_and_may_be_shown_twice() {
        let filler = "이런저런 말이 이어지고 ".repeat(20);
        let body = format!("바늘 {filler}바늘과 실이 {filler}끝이다.");
        let one = found(&body, &["바늘", "실"], SnippetOptions { count: 1, ..USUAL });
        assert!(marked(&one[0]).contains("⟦바늘⟧과 ⟦실⟧이"), "{one:?}");
        let both = found(&body, &["바늘", "실"], USUAL);
        assert_eq!(both.len(), 2);
        assert!(marked(&both[0]).starts_with("⟦바늘⟧ 이런저런"));
        assert!(both[0].start + (both[0].text.chars().count() as u32) < both[1].start);
    }

    #[test]
    fn a_phrase_over_the_end_of_a_sentence_is_not_torn() {
        let body = "먼저 있던 말이다. 그는 밝혔다. 중수본은 답했다. 뒤의 말이다.";
        let snippets = found(body, &["밝혔다. 중수본"], USUAL);
        assert_eq!(snippets.iter().map(marked).collect::<Vec<_>>(), ["그는 ⟦밝혔다. 중수본⟧은 답했다."]);
    }

    #[test]
    fn the_lead_where_nothing_is_found() {
        assert_eq!(texts(&found("첫 문장이다. 둘째다.", &["없음"], USUAL)), ["첫 문장이다. 둘째다."]);
        let body = format!("첫 문장이다. {}다. 끝.", "아주 긴 ".repeat(60));
        assert_eq!(texts(&found(&body, &["없음"], USUAL)), ["첫 문장이다."], "whole sentences");
        let body = "하나도 끊기지 않고 ".repeat(30);
        let lead = found(&body, &["없음"], USUAL);
        assert!(body.starts_with(&lead[0].text) && lead[0].text.ends_with(['도', '고', '않', '지']));
        assert!((140..=160).contains(&lead[0].text.chars().count()), "{lead:?}");
        assert!(found("", &["없음"], USUAL).is_empty());
        assert!(found("첫 문장이다.", &["없음"], SnippetOptions { count: 0, ..USUAL }).is_empty());
    }

    proptest! {
        #[test]
        fn snippets_are_disjoint_slices_of_the_body_and_hold_what_was_found(
            body in "([가나다라 ]|귤|배|다\\. |\\n|😀|[.,]){0,300}",
            count in 1_usize..6,
            characters in 40_usize..200,
        ) {
            let occurrences = occurrences(&body, &["귤", "배", "귤 배", "다. 귤"]);
            let shown = snippets(&body, &occurrences, |clause| clause as f32 + 1.0, SnippetOptions { count, characters });
            prop_assert!(shown.len() <= count);
            let units: Vec<u16> = body.encode_utf16().collect();
            let mut end = 0;
            for snippet in &shown {
                let (start, length) = (snippet.start as usize, snippet.text.encode_utf16().count());
                prop_assert!(end <= start && length > 0);
                end = start + length;
                prop_assert_eq!(&String::from_utf16(&units[start..end]).unwrap(), &snippet.text);
                prop_assert!(snippet.text.chars().count() <= characters);
                prop_assert_eq!(snippet.text.trim(), snippet.text.as_str());
                prop_assert!(occurrences.is_empty() || !snippet.marks.is_empty());
                let mut last = 0;
                for [from, to] in &snippet.marks {
                    prop_assert!((last < *from || *from == 0) && from < to && *to as usize <= length);
                    last = *to;
                }
            }
            if !occurrences.is_empty() {
                prop_assert!(!shown.is_empty());
            }
        }
    }
}
