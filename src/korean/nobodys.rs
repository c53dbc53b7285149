//! Words that are nobody's: neither the dictionary's nor made of what it has, as slips of the fingers are.

use super::analysis::Analysis;
use super::fold::{Script, script};
use super::pos::Role;
use super::segmenter::{Origin, Segmenter};

/// Bytes of a syllable in UTF-8.
const HANGUL_BYTES: u32 = 3;

/// Suffixes that make verbs and nouns of any noun. Rarer ones are more often a piece of a slip.
const SUFFIXES: [&str; 5] = ["화", "되", "하", "적", "들"];

/// Whether `word`, whose analysis is `analysis`, is hangul that is cut into pieces of one syllable which are not suffixes: the dictionary does not know
/// it, nor what it is made of. 물가상승률 is rare, 의무화되나 inflected, 언제부터 an adverb, and none of them a slip; 젤렌스끼 is cut into syllables.
pub fn is_nobodys(segmenter: &Segmenter, word: &str, analysis: &Analysis) -> bool {
    let hangul = analysis.kept.iter().all(|kept| script(kept.ch) == Script::Hangul);
    let mut content = analysis.morphemes.iter().filter(|morpheme| morpheme.class.role != Role::Dropped);
    hangul
        && content.any(|morpheme| {
            let entry = segmenter.entry(morpheme);
            let one_syllable = morpheme.end - morpheme.start < 2 * HANGUL_BYTES;
            let is_word = ["NN", "NP", "MAG"].iter().any(|tag| entry.tag.starts_with(tag));
            let letters = word.get(morpheme.start as usize..morpheme.end as usize).unwrap_or_default();
            let is_suffix = entry.tag.starts_with("XS") && SUFFIXES.contains(&letters);
            let is_part = is_word && !one_syllable || is_suffix;
            morpheme.class.role == Role::Surface && !(is_part && entry.origin != Origin::Unknown)
        })
}
