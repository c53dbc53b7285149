//! Corrections: words that hardly anything holds, replaced by what may have been meant; all else in the query stays.
//!
//! Words that at most two articles hold are replaced by what the other keyboard would have typed, or by words within a weighted edit
//! distance over strokes (neighbouring keys, letters that sound alike, transpositions), likeliest first: distance against frequency,
//! as in a noisy channel. A word that more articles hold is replaced only by one that is a slip away and at least fifty times as
//! frequent (윤석렬, 윤석열), and only if it is nobody's word: neither the dictionary's nor a lexicon's, nor made of nouns.
//! The whole corrected query must find more, under the same conditions.
//!
//! Looking for what is alike takes longer than most searches (docs/MEASURED.md). The weightiest words go first, and when the time for
//! it is over, what has been found by then is all.

use std::ops::Range;

use super::{FEW, Searching, switched};
use crate::korean::analysis::Analysis;
use crate::korean::fold::fold;
use crate::korean::jamo::is_consonant;
use crate::korean::nobodys::is_nobodys;
use crate::query::language::{Node, Query};
use crate::search::error::SearchError;
use crate::search::session::Session;
use crate::search::types::SearchRequest;
use crate::suggest::Alike;

/// Words of a query that are looked at.
const MOST_WORDS: usize = 8;
/// What is tried for each word.
const TRIED: usize = 4;
/// How often more a word must be found than one that at most [`FEW`] articles hold, which it is to replace.
const MORE: u64 = 20;
/// How often more it must be found than one that more articles hold.
const FAR_MORE: u64 = 50;

/// A query with its slips corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The whole query.
    pub query: String,
    /// Articles that it finds, under the same conditions.
    pub total: u64,
}

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

/// The query of `session` with its slips corrected, if that finds more than the `found` articles that it finds as it is;
/// conditions in addition to the query hold for both.
pub(super) fn corrected(
    search: &Searching<'_>,
    session: &Session<'_>,
    found: u64,
) -> Result<Option<Correction>, SearchError> {
    let Session { query, request, .. } = session;
    let mut words = wanted_words(query);
    let rarity = |range: &Range<usize>| {
        let word = query.text().get(range.clone()).unwrap_or_default();
        let clause = session.plan.clauses.iter().position(|clause| clause.text == word);
        clause.map_or(1.0, |clause| session.plan.rarity(clause))
    };
    words.sort_by(|a, b| rarity(b).total_cmp(&rarity(a)));
    let articles = search.context.archive.about().articles;
    let mut replaced: Vec<(Range<usize>, Vec<String>)> = Vec::new();
    for range in words.into_iter().take(MOST_WORDS) {
        if search.is_over() {
            break;
        }
        let word = query.text().get(range.clone()).unwrap_or_default();
        // Where much is found, only what looks like a slip is asked for: that costs little.
        if found > FEW && !is_nobodys_word(search, word) {
            continue;
        }
        // The word by itself is found at least as often: nothing is so much more frequent, and it need not be searched for.
        let alone = query.text().trim() == word && found.saturating_mul(FAR_MORE) > articles;
        if alone {
            continue;
        }
        let meant = meant(search, word)?;
        if !meant.is_empty() {
            replaced.push((range, meant));
        }
    }
    replaced.sort_by_key(|(range, _)| range.start);
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
        let asked = SearchRequest { query: text, cursor: None, page: 1, ..(*request).clone() };
        let total = search.total_of(&asked)?;
        if total > found {
            return Ok(Some(Correction { query: asked.query, total }));
        }
    }
    Ok(None)
}

/// Where the words are that are asked for; not those that are excluded.
fn wanted_words(query: &Query) -> Vec<Range<usize>> {
    let wanted = query.bottom_up(|id, node, children: Vec<Vec<Range<usize>>>| match node {
        Node::Word { .. } => query.range(id).into_iter().collect(),
        Node::Not(_) => Vec::new(),
        _ => children.concat(),
    });
    wanted.unwrap_or_default()
}

/// What may have been meant by a word that hardly anything holds, likeliest first; each is found.
fn meant(search: &Searching<'_>, word: &str) -> Result<Vec<String>, SearchError> {
    // Initial consonants and laughter are not slips.
    if word.chars().all(is_consonant) {
        return Ok(Vec::new());
    }
    let context = search.context;
    let own = search.total(word)?;
    let often = own > FEW;
    // Nothing is so much more frequent than what one article in fifty holds.
    if own.saturating_mul(FAR_MORE) > context.archive.about().articles {
        return Ok(Vec::new());
    }
    let korean = context.language.korean();
    let folded = fold(word);
    let known = korean.name(&folded).is_some()
        || korean.segmenter().tags_of(&folded).iter().any(|tag| tag.starts_with("NN"))
        || !context.language.variants().of(word).is_empty();
    if own > 0 && known || often && !is_nobodys_word(search, word) {
        return Ok(Vec::new());
    }
    let mut proposed: Vec<String> = if often { Vec::new() } else { switched(word).collect() };
    let suggestions = context.archive.suggestions()?;
    let alike = |word: &str| {
        let alike = Alike::new(word);
        let alike = if often { alike.closely() } else { alike };
        suggestions.alike(&alike, context.now, TRIED, search.patience).into_iter().map(|found| found.text)
    };
    proposed.extend(alike(word).map(String::from));
    let stem = PARTICLES.iter().find_map(|particle| Some((word.strip_suffix(particle)?, *particle)));
    if let Some((stem, particle)) = stem.filter(|(stem, _)| stem.chars().nth(1).is_some()) {
        proposed.extend(alike(stem).map(|found| format!("{found}{particle}")));
    }
    let more = if often { FAR_MORE } else { MORE };
    let mut meant: Vec<String> = Vec::new();
    for text in proposed {
        if fold(&text) == folded || meant.contains(&text) || meant.len() == TRIED || search.is_over() {
            continue;
        }
        let total = search.total(&text)?;
        if total > 0 && total >= own.saturating_mul(more) {
            meant.push(text);
        }
    }
    Ok(meant)
}

/// Whether the dictionary neither knows `word` nor what it is made of.
fn is_nobodys_word(search: &Searching<'_>, word: &str) -> bool {
    let mut analysis = Analysis::default();
    let mut analyzer = search.context.language.korean().analyzer();
    analyzer.analyze(word, &mut analysis);
    is_nobodys(analyzer.segmenter(), word, &analysis)
}
