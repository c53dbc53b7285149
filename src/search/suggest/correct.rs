//! Corrections: words that nearly nothing holds, replaced by what may have been meant; all else in the query stays.
//!
//! Corrections are made only where nothing completes the text, or where a search found nothing or had to relax: looking for neighbours
//! takes longer than most searches (docs/MEASURED.md). Words that at most two articles hold are replaced by what the other keyboard would
//! have typed, or by words within a weighted edit distance over strokes (neighbouring keys, letters that sound alike, transpositions),
//! likeliest first: distance against frequency, as in a noisy channel. The whole corrected query must find more, under the same conditions.

use std::ops::Range;

use super::{FEW, Searching, switched};
use crate::korean::fold::fold;
use crate::korean::jamo::is_consonant;
use crate::query::language::{Node, parse};
use crate::search::error::SearchError;
use crate::search::types::SearchRequest;

/// Words of a query that are looked at.
const MOST_WORDS: usize = 8;
/// What is tried for each word.
const TRIED: usize = 4;
/// How often more a word must be found than a rarer one that it is to replace.
const MORE: u64 = 20;
/// Particles after a misspelt word, longest first; the index knows words without.
const PARTICLES: [&str; 16] = [
    "에서는",
    "으로는",
    "에서",
    "에게",
    "에는",
    "으로",
    "까지",
    "부터",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
];

/// The query of `request` with its slips corrected, if that finds more than the `found` articles that it finds as it is;
/// conditions in addition to the query hold for both.
pub(super) fn corrected(
    search: &Searching<'_>,
    request: &SearchRequest,
    found: u64,
) -> Result<Option<String>, SearchError> {
    if found > FEW {
        return Ok(None);
    }
    let query = parse(&request.query)?;
    let wanted: Option<Vec<_>> = query.bottom_up(|id, node, children: Vec<Vec<Range<usize>>>| match node {
        Node::Word { .. } => query.range(id).into_iter().collect(),
        Node::Not(_) => Vec::new(),
        _ => children.concat(),
    });
    let mut replaced: Vec<(Range<usize>, Vec<String>)> = Vec::new();
    for range in wanted.unwrap_or_default().into_iter().take(MOST_WORDS) {
        let word = query.text().get(range.clone()).unwrap_or_default();
        let meant = meant(search, word)?;
        if !meant.is_empty() {
            replaced.push((range, meant));
        }
    }
    // The likeliest of every word; then, word by word, the others.
    let mut choices = vec![vec![0; replaced.len()]];
    for (at, (_, meant)) in replaced.iter().enumerate() {
        choices.extend((1..meant.len()).map(|choice| {
            let mut choices = vec![0; replaced.len()];
            choices.iter_mut().skip(at).take(1).for_each(|chosen| *chosen = choice);
            choices
        }));
    }
    for choice in choices.into_iter().take(if replaced.is_empty() { 0 } else { TRIED }) {
        let mut text = String::new();
        let mut at = 0;
        for ((range, meant), choice) in replaced.iter().zip(choice) {
            text.push_str(query.text().get(at..range.start).unwrap_or_default());
            text.push_str(meant.get(choice).map_or("", String::as_str));
            at = range.end;
        }
        text.push_str(query.text().get(at..).unwrap_or_default());
        if fold(&text) == fold(query.text()) {
            continue;
        }
        let asked = SearchRequest { query: text, cursor: None, page: 1, ..request.clone() };
        if search.total_of(&asked)? > found {
            return Ok(Some(asked.query));
        }
    }
    Ok(None)
}

/// What may have been meant by a word that nearly nothing holds, likeliest first; each is found.
fn meant(search: &Searching<'_>, word: &str) -> Result<Vec<String>, SearchError> {
    // Initial consonants and laughter are not slips.
    if word.chars().all(is_consonant) {
        return Ok(Vec::new());
    }
    let own = search.total(word)?;
    if own > FEW {
        return Ok(Vec::new());
    }
    let context = search.context;
    let korean = context.language.korean();
    let folded = fold(word);
    let known = korean.name(&folded).is_some()
        || korean.segmenter().tags_of(&folded).iter().any(|tag| tag.starts_with("NN"))
        || !context.language.variants().of(word).is_empty();
    if own > 0 && known {
        return Ok(Vec::new());
    }
    let mut proposed: Vec<String> = switched(word).collect();
    let suggestions = context.archive.suggestions()?;
    let alike = |word: &str| suggestions.alike(word, context.now, TRIED).into_iter().map(|found| found.text);
    proposed.extend(alike(word).map(String::from));
    let stem = PARTICLES.iter().find_map(|particle| Some((word.strip_suffix(particle)?, *particle)));
    if let Some((stem, particle)) = stem.filter(|(stem, _)| stem.chars().nth(1).is_some()) {
        proposed.extend(alike(stem).map(|found| format!("{found}{particle}")));
    }
    let mut meant: Vec<String> = Vec::new();
    for text in proposed {
        if fold(&text) == folded || meant.contains(&text) || meant.len() == TRIED {
            continue;
        }
        let total = search.total(&text)?;
        if total > 0 && total >= own * MORE {
            meant.push(text);
        }
    }
    Ok(meant)
}
