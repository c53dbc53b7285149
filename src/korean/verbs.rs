//! Verbs that the dictionary's cut of a word does not show.
//!
//! A word is cut alone, where a noun with a particle is often likelier than a verb with its ending: `고치는` is read as a cocoon, `놓을`
//! as a noun with 을, `밝히다` as 밝다. Where the spelling is that of a verb too, the verb is added beside what was cut, so that
//! each is found; where a noun is impossible (`안았다`), it is the only one.

use super::conjugated::stem_of;
use super::pos::{Role, Structure, first_tag};
use super::segmenter::{DictionaryEntry, Morpheme, Segmenter};
use super::stem::{Stems, parts};

/// A verb's stem at the beginning of a word.
pub(super) struct WordVerb {
    /// As in the dictionary form, without 다.
    pub(super) stem: String,
    /// Syllables of the word that it covers.
    pub(super) length: usize,
    /// Whether it is meant instead of the verb that was cut.
    pub(super) instead: bool,
}

/// Longest word that is looked at, in syllables: longer ones are compounds.
const LONGEST: usize = 6;

/// What stands for something else nearly always: `이는`, `그는`.
const NOT_VERBS: [&str; 2] = ["이", "그"];

/// The verbs that begin `word`, which is cut into `morphemes`, beside those that the cut shows.
pub(super) fn word_verbs(segmenter: &Segmenter, word: &[char], morphemes: &[Morpheme]) -> Vec<WordVerb> {
    let found = spelt_verbs(segmenter, word, morphemes);
    let cut_as_verb = morphemes.first().is_none_or(|first| first.class.role == Role::Stem);
    let syllables = (3..=LONGEST).contains(&word.len()) && word.iter().all(|ch| parts(*ch).is_some());
    if !found.is_empty() || cut_as_verb || !syllables {
        return found;
    }
    let whole: String = word.iter().collect();
    if segmenter.tags_of(&whole).iter().any(|tag| tag.starts_with("NNG")) {
        return found;
    }
    let stem = stem_of(word, |stem| is_plain(segmenter, stem));
    let length =
        if matches!(word.last(), Some('서' | '다' | '면' | '고')) { word.len() - 1 } else { word.len() };
    stem.map(|stem| WordVerb { stem, length, instead: false }).into_iter().collect()
}

/// Those that a piece of the word is spelt like.
fn spelt_verbs(segmenter: &Segmenter, word: &[char], morphemes: &[Morpheme]) -> Vec<WordVerb> {
    let ([.., last], Some(first)) = (word, morphemes.first()) else { return Vec::new() };
    if !(2..=LONGEST).contains(&word.len()) || word.iter().any(|ch| parts(*ch).is_none()) {
        return Vec::new();
    }
    let cut_as_verb = first.class.role == Role::Stem;
    let length = word.len() - 1;
    let stem: String = word.iter().take(length).collect();
    let verbs = |stems: &Stems, next: Option<char>, length: usize| {
        let verb = |stem: &str| WordVerb { stem: stem.to_owned(), length, instead: false };
        stems.before(next).map(verb).collect::<Vec<_>>()
    };
    // The dictionary form is the longest verb: 밝히다, not 밝다 with a strange ending. 있었 is not a stem, 재밌 is.
    let past = final_consonant(stem.chars().next_back()) == FINAL_SSANGSIOT;
    if *last == '다' && is_plain(segmenter, &stem) && (!past || first.syllables() == length) {
        return vec![WordVerb { stem, length, instead: true }];
    }
    if *last == '는' && (morphemes.len() > 2 || !cut_as_verb && !NOT_VERBS.contains(&&*stem)) {
        return verbs(&Stems::spelt(segmenter, &stem, &["VV", "VX"]), Some('는'), length);
    }
    if cut_as_verb {
        return Vec::new();
    }
    if *last == '다'
        && let Some(stem) = unfused(segmenter, &stem)
    {
        return vec![WordVerb { stem, length, instead: false }];
    }
    if let [before @ .., '려', '고' | '면' | '는' | '던'] = word {
        let stem: String = before.iter().collect();
        let stems = Stems::spelt(segmenter, &stem, &["VV"]);
        return if is_plain(segmenter, &stem) {
            verbs(&stems, Some('려'), before.len())
        } else {
            Vec::new()
        };
    }
    // A stem in ㄹ takes no 을: 골을 is a goal. 들을 is what one hears.
    let closed = !matches!(final_consonant(stem.chars().next_back()), 0 | FINAL_RIEUL);
    if *last == '을' && (closed || matches!(&*stem, "들" | "걸")) {
        let stems = Stems::spelt(segmenter, &stem, &["VV", "VA"]);
        return if is_plain(segmenter, &stem) { verbs(&stems, Some('을'), length) } else { Vec::new() };
    }
    let tag = |morpheme: &Morpheme| first_tag(segmenter.entry(morpheme).tag);
    let ending = |morpheme: &Morpheme| matches!(tag(morpheme), "EP" | "EC" | "EF" | "ETM");
    let syllables = first.syllables();
    let surface: String = word.iter().take(syllables).collect();
    let closed = final_consonant(surface.chars().next_back()) > 0;
    // No noun has an ending; one that ends in a consonant has no copula without 이 either.
    if morphemes.get(1).is_some_and(|second| {
        ending(second) || closed && tag(second) == "VCP" && word.get(syllables) != Some(&'이')
    }) {
        let stems = Stems::spelt(segmenter, &surface, &["VV", "VA"]);
        let found = verbs(&stems, word.get(syllables).copied(), syllables);
        if !found.is_empty() {
            return found;
        }
        return unfused(segmenter, &surface)
            .map(|stem| WordVerb { stem, length: syllables, instead: false })
            .into_iter()
            .collect();
    }
    if morphemes.len() > 2 && morphemes.last().is_some_and(ending) {
        // 속이고 is cut as 속 with a copula.
        let longer =
            (syllables + 1..word.len()).rev().map(|count| word.iter().take(count).collect::<String>());
        let verb = longer.into_iter().find(|stem| is_plain(segmenter, stem));
        return verb
            .map(|stem| WordVerb { length: stem.chars().count(), stem, instead: false })
            .into_iter()
            .collect();
    }
    match (*last, final_consonant(Some(*last))) {
        ('서', _) if length == 1 && is_plain(segmenter, &stem) && takes_up_vowel(&stem) => {
            vec![WordVerb { stem, length, instead: false }]
        }
        ('서', _) | (_, FINAL_NIEUN | FINAL_RIEUL) => {
            let whole: String = word.iter().collect();
            // 나선 is a spiral first; what ends in ㄹ is hardly ever a noun.
            let noun = || segmenter.tags_of(&whole).iter().any(|tag| tag.starts_with("NNG"));
            if final_consonant(Some(*last)) == FINAL_NIEUN && noun() {
                Vec::new()
            } else {
                verbs(&Stems::fused(segmenter, &whole), None, word.len())
            }
        }
        _ => Vec::new(),
    }
}

/// Whether the dictionary has the stem of a verb or adjective that is written so.
fn is_plain(segmenter: &Segmenter, stem: &str) -> bool {
    let plain = |entry: DictionaryEntry<'_>| {
        matches!(entry.tag, "VV" | "VA" | "VCN") && entry.structure() != Structure::Inflect
    };
    segmenter.entries_of(stem).any(plain)
}

/// Whether a stem of this end has no other form before 어: 내, 서, 가.
fn takes_up_vowel(stem: &str) -> bool {
    // ㅏ ㅐ ㅓ ㅔ ㅕ
    stem.chars().next_back().and_then(parts).is_some_and(|(_, vowel, _)| matches!(vowel, 0 | 1 | 4 | 5 | 6))
}

/// The stem in a past tense that no dictionary has: 서 of `섰`.
fn unfused(segmenter: &Segmenter, surface: &str) -> Option<String> {
    let mut chars = surface.chars();
    let last = chars.next_back().filter(|last| final_consonant(Some(*last)) == FINAL_SSANGSIOT)?;
    let open = char::from_u32(last as u32 - FINAL_SSANGSIOT)?;
    let stem = format!("{}{open}", chars.as_str());
    (takes_up_vowel(&stem) && is_plain(segmenter, &stem)).then_some(stem)
}

fn final_consonant(syllable: Option<char>) -> u32 {
    syllable.and_then(parts).map_or(0, |(_, _, last)| last)
}

const FINAL_NIEUN: u32 = 4;
const FINAL_RIEUL: u32 = 8;
const FINAL_SSANGSIOT: u32 = 20;
