//! What initial consonants spell to the last: `ㅇㅈㅁ ㄷㅌㄹ` is 이재명 대통령, whatever else begins so.
//!
//! A phrase or name of the archive, the one that most articles have; where there is none, word by word (`ㅅㅅㅈㅈ ㅍㅇ`: 삼성전자 파업),
//! and of the words that fit those that stand out of the articles of the words before them
//! ([`significance`](crate::query::significance)). The count alone would prefer words that are everywhere (`필요`).

use super::Searching;
use crate::korean::jamo::is_consonant;
use crate::query::significance::Counts;
use crate::search::error::SearchError;
use crate::suggest::{EntryKind, Typed};

/// Words that are read one by one at most, phrases or words that are tried for each, and beginnings that are gone on with.
const MOST_WORDS: usize = 4;
const TRIED: usize = 4;
const BEGINNINGS: usize = 3;

/// The best text of which `text` is all initials; `None` where nothing is, or where anything but consonants was typed.
pub(super) fn spelt(search: &Searching<'_>, text: &str) -> Result<Option<String>, SearchError> {
    if text.chars().any(|ch| !ch.is_whitespace() && !is_consonant(ch)) {
        return Ok(None);
    }
    let mut best: Option<(u64, String)> = None;
    for phrase in of_initials(search, text)? {
        let count = search.total(&phrase)?;
        if count > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((count, phrase));
        }
    }
    match best {
        Some((_, phrase)) => Ok(Some(phrase)),
        None => word_by_word(search, text),
    }
}

/// Words found together, as far as they go.
struct Together {
    text: String,
    /// How many articles have them all.
    count: u64,
    /// How much each stands out of the articles of those before it, summed.
    closeness: f64,
}

/// The words that belong together most of those that have the initials of the words of `text`.
fn word_by_word(search: &Searching<'_>, text: &str) -> Result<Option<String>, SearchError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if !(2..=MOST_WORDS).contains(&words.len()) {
        return Ok(None);
    }
    let archive = search.context.archive.about().articles;
    let mut begun = vec![Together { text: String::new(), count: archive, closeness: 0.0 }];
    for (typed, number) in words.into_iter().zip(1_u32..) {
        let mut longer = Vec::new();
        for word in of_initials(search, typed)? {
            let everywhere = search.total(&word)?;
            if everywhere == 0 {
                continue;
            }
            for before in &begun {
                let text = format!("{} {word}", before.text).trim_start().to_owned();
                let count = if number == 1 { everywhere } else { search.total(&text)? };
                let counts = Counts { count, part: before.count, everywhere, archive };
                let closeness = before.closeness + counts.significance();
                if count > 0 {
                    longer.push(Together { text, count, closeness });
                }
            }
        }
        if longer.is_empty() {
            return Ok(None);
        }
        longer.sort_by(|a, b| b.closeness.total_cmp(&a.closeness));
        // Of the whole archive nothing stands out: nothing is decided before the second.
        longer.truncate(if number == 1 { TRIED } else { BEGINNINGS });
        begun = longer;
    }
    Ok(begun.into_iter().next().map(|best| best.text))
}

/// Texts of the archive with these initials, heaviest first.
fn of_initials(search: &Searching<'_>, initials: &str) -> Result<Vec<String>, SearchError> {
    let Some(typed) = Typed::new(initials) else { return Ok(Vec::new()) };
    let context = search.context;
    // Reporters are found by another field, and are passed over.
    let candidates = context.archive.suggestions()?.of_initials(&typed, context.now, 2 * TRIED);
    let texts = candidates.into_iter().filter(|candidate| candidate.kind == EntryKind::Text);
    Ok(texts.take(TRIED).map(|candidate| candidate.text.into()).collect())
}
