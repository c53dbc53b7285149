//! Verbs that the dictionary's cut of a word does not show.
//!
//! A word is cut alone, where a noun with a particle is often likelier than a verb with its ending: `고치는` is read as a cocoon, `놓을`
//! as a noun with 을, `밝히다` as 밝다. Where the spelling is that of a verb too, the verb is added beside what was cut, so that
//! each is found; where a noun is impossible (`안았다`), it is the only one.

use super::conjugated::{is_closed_before_vowel, stem_of, with_bieup, with_hieut, with_reu, with_siot};
use super::endings::{Ended, before_ending};
use super::fold::KeptChar;
use super::morpheme::{CutWord, Morpheme};
use super::pos::{Role, first_tag};
use super::segmenter::Segmenter;
use super::stem::{Stems, is_noun, is_plain, parts};
use super::verb_forms::is_verb_form;
use super::word_memory::ByWord;

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

/// Longest word whose ending is looked at, in syllables: endings such as 였음에도 are long.
const LONGEST_FORM: usize = 9;

/// What stands for something else nearly always: `이는`, `그는`.
const NOT_VERBS: [&str; 2] = ["이", "그"];

/// Nouns that are commoner than the dictionary says: 고인 is not of 고이다.
const NOUNS_IN_NIEUN: [&str; 2] = ["고인", "나선"];

/// A thread's memory of the verbs of words.
#[derive(Default)]
pub(super) struct KnownVerbs {
    known: ByWord<Box<[WordVerb]>>,
}

impl KnownVerbs {
    /// The verbs that begin `word`, with the kept characters `kept`, which is cut into `morphemes`, beside those that the cut shows.
    pub(super) fn of(
        &mut self,
        segmenter: &Segmenter,
        word: &CutWord,
        kept: &[KeptChar],
        morphemes: &[Morpheme],
    ) -> &[WordVerb] {
        self.known.of(word.number, || {
            if !(2..=LONGEST_FORM).contains(&kept.len()) || kept.iter().any(|kept| parts(kept.ch).is_none()) {
                return Box::default();
            }
            let chars: Vec<char> = kept.iter().map(|kept| kept.ch).collect();
            word_verbs(segmenter, &chars, morphemes).into()
        })
    }
}

/// The verbs of a word of hangul of two syllables or more, and not of more than [`LONGEST_FORM`].
fn word_verbs(segmenter: &Segmenter, word: &[char], morphemes: &[Morpheme]) -> Vec<WordVerb> {
    let ended = before_ending(segmenter, word);
    let found = if word.len() > LONGEST || ended.certain && !ended.stems.is_empty() {
        Vec::new()
    } else {
        cut_verbs(segmenter, word, morphemes)
    };
    let cut_as_verb = morphemes.first().is_none_or(|first| first.class.role == Role::Stem);
    if !found.is_empty() || !ended.certain && cut_as_verb {
        return found;
    }
    let Ended { stems, length, certain } = ended;
    // 커진다 is cut as 크다 with 지다, as 커졌다 is: that stays beside 커지다.
    // 통제한다 is cut as the noun that it is made of, as 통제했다 is.
    let passive = |stem: &str| stem.chars().count() > 1 && stem.ends_with('지');
    let made = |stem: &String| !cut_as_verb && length > 2 && stem.ends_with('하');
    stems
        .into_iter()
        .filter(|stem| !made(stem))
        .map(|stem| WordVerb { instead: certain && !passive(&stem), stem, length })
        .collect()
}

/// Those of a word of hangul of two syllables or more, and not of more than [`LONGEST`].
fn cut_verbs(segmenter: &Segmenter, word: &[char], morphemes: &[Morpheme]) -> Vec<WordVerb> {
    let certain = certain_verbs(segmenter, word, morphemes);
    if !certain.is_empty() {
        return certain;
    }
    let found = spelt_verbs(segmenter, word, morphemes);
    let cut_as_verb = morphemes.first().is_none_or(|first| first.class.role == Role::Stem);
    if !found.is_empty() || cut_as_verb || word.len() < 3 {
        return found;
    }
    let whole: String = word.iter().collect();
    if is_noun(segmenter, &whole) {
        return found;
    }
    let stem = stem_of(word, |stem| is_plain(segmenter, stem));
    let length =
        if matches!(word.last(), Some('서' | '다' | '면' | '고')) { word.len() - 1 } else { word.len() };
    stem.map(|stem| WordVerb { stem, length, instead: false }).into_iter().collect()
}

/// Those of a spelling that leaves no other reading, where the lattice has taken an impossible one all the same.
fn certain_verbs(segmenter: &Segmenter, word: &[char], morphemes: &[Morpheme]) -> Vec<WordVerb> {
    let Some(first) = morphemes.first() else { return Vec::new() };
    let cut_as_verb = first.class.role == Role::Stem;
    let known = |stem: &String| is_plain(segmenter, stem);
    let whole = || word.iter().collect::<String>();
    let verbs = |stems: Vec<String>, length: usize, instead: bool| -> Vec<WordVerb> {
        stems.into_iter().map(|stem| WordVerb { stem, length, instead }).collect()
    };
    match word {
        // No stem ends in 려: 들려고 is 들다, not 들리다.
        [before @ .., '려', '고' | '면' | '는' | '던']
            if cut_as_verb && first.syllables() == before.len() + 1 =>
        {
            let stem: String = before.iter().collect();
            let found = if known(&stem) { Stems::spelt(segmenter, &stem, &["VV"]) } else { Stems::default() };
            verbs(found.before(Some('려')).map(str::to_owned).collect(), before.len(), true)
        }
        [before @ .., '우', '면'] if cut_as_verb && !known(&before.iter().chain(&['우']).collect()) => {
            let stem = with_bieup(before).filter(known);
            verbs(stem.into_iter().collect(), before.len() + 1, true)
        }
        // 둘러서 may be 둘러서다 as well; 거슬러서 is not 거슬리다.
        [before @ .., '러' | '라', '서'] if cut_as_verb && first.syllables() == word.len() => {
            let Some(stem) = with_reu(before).filter(known) else { return Vec::new() };
            let also = Some(whole()).filter(known);
            verbs([stem].into_iter().chain(also).collect(), before.len() + 1, true)
        }
        // No noun has 아서 after it.
        [closed, '아' | '어', '서'] if !cut_as_verb && is_closed_before_vowel(*closed) => {
            let stem = Some(closed.to_string()).filter(known);
            verbs(stem.into_iter().collect(), 2, false)
        }
        // A noun that ends in a vowel has 를 after it. 그을 may be 그을다 as well.
        [before @ .., '을'] if !cut_as_verb && !is_noun(segmenter, &whole()) => {
            let Some(stem) = with_siot(before).filter(known) else { return Vec::new() };
            let also = Some(whole()).filter(known);
            verbs([stem].into_iter().chain(also).collect(), word.len(), false)
        }
        [.., last] if cut_as_verb && morphemes.len() > 1 && final_consonant(Some(*last)) == FINAL_RIEUL => {
            // 빨갈 is 빨갛다, not 빨다 with an ending; 끊길 is 끊기다.
            let hieut = with_hieut(word).filter(known);
            let stems = || Stems::fused(segmenter, &whole()).before(None).map(str::to_owned).collect();
            verbs(hieut.map_or_else(stems, |stem| vec![stem]), word.len(), true)
        }
        _ => Vec::new(),
    }
}

/// Those that a piece of the word is spelt like.
fn spelt_verbs(segmenter: &Segmenter, word: &[char], morphemes: &[Morpheme]) -> Vec<WordVerb> {
    let ([.., last], Some(first)) = (word, morphemes.first()) else { return Vec::new() };
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
        // The dictionary has 벴 as a stem.
        let stem = unfused(segmenter, &stem).unwrap_or(stem);
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
            // 개인 is a noun first, and 세운 a verb, though the dictionary has a noun that is written so; what ends in ㄹ is hardly ever a noun.
            let fused = || segmenter.cost_of(&whole, |tag| tag.starts_with("VV+") || tag.starts_with("VA+"));
            let is_noun_first = || {
                let noun = segmenter.cost_of(&whole, |tag| tag == "NNG");
                let likelier = noun.is_some_and(|noun| fused().is_none_or(|verb| verb >= noun));
                likelier && !is_verb_form(&whole) || NOUNS_IN_NIEUN.contains(&whole.as_str())
            };
            if final_consonant(Some(*last)) == FINAL_NIEUN && is_noun_first() {
                Vec::new()
            } else {
                verbs(&Stems::fused(segmenter, &whole), None, word.len())
            }
        }
        _ => Vec::new(),
    }
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
