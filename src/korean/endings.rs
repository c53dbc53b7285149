//! Stems of verbs by the ending after them, for words whose cut shows another verb or none: 만들 of `만든다`, 이끌 of `이끕니다`,
//! 높이 of `높였음에도`, 닫 of `닫은`.
//!
//! The dictionary has one entry for a stem and a part of its ending, and lacks many. Here endings are taken off by the rules of conjugation,
//! and a stem counts only if the dictionary has it. What may as well be a noun (`사기로`, `배우자`) is left to the cut.

use super::conjugated::{letter, of_closed, of_infinitive, of_open, of_past, syllable, with};
use super::segmenter::Segmenter;
use super::stem::{Stems, is_noun, is_plain, parts};

/// The stems that a word may have before its ending.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ended {
    /// As in the dictionary form, without 다.
    pub(super) stems: Vec<String>,
    /// Syllables of the word that the stem covers, with what of the ending is fused to it.
    pub(super) length: usize,
    /// Whether the spelling leaves no other reading, whatever the cut shows.
    pub(super) certain: bool,
}

/// Endings after 으, which a stem that ends in a vowel or in ㄹ does without.
const AFTER_EU: [&str; 9] = ["려는", "려고", "려면", "려던", "려", "면서", "므로", "니까", "며"];
/// Endings after any stem, with which a noun is written as well: `사기`, `배우자`.
const AS_NOUNS: [&str; 5] = ["기로", "기에", "기를", "기", "자"];
/// Stems that are meant where 은 is written after them, though the dictionary has nouns that are written so, some of which no text has.
const BEFORE_EUN: [&str; 12] = ["닫", "묶", "닦", "씹", "입", "숨", "벗", "안", "감", "참", "심", "뒤집"];
/// Stems that end in ㄴ; the dictionary has others (만든) that are forms in ㄴ.
const STEMS_IN_NIEUN: [&str; 2] = ["안", "신"];

/// What `word`, of hangul alone, is before its ending.
pub(super) fn before_ending(segmenter: &Segmenter, word: &[char]) -> Ended {
    match word {
        [stem @ .., '는', '다'] if is_closed(stem) => Ended {
            stems: known(segmenter, vec![stem.to_vec()]).collect(),
            length: stem.len(),
            certain: true,
        },
        // The syllable that holds an ending's first consonant belongs to the stem as well.
        [before @ .., fused, '다'] if has_final(*fused, letter::NIEUN) => {
            let mut stems = of_open_form(segmenter, before, *fused);
            let own = STEMS_IN_NIEUN.iter().find(|stem| stem.chars().eq([*fused]) && before.is_empty());
            stems.extend(own.map(|stem| (*stem).to_owned()));
            Ended { stems, length: before.len() + 1, certain: true }
        }
        [before @ .., fused, '니', '다' | '까'] if has_final(*fused, letter::BIEUP) => {
            let stems = of_open_form(segmenter, before, *fused);
            Ended { stems, length: before.len() + 1, certain: true }
        }
        [stem @ .., '던'] if stem.last().is_some_and(|last| !has_final(*last, letter::SSANGSIOT)) => Ended {
            stems: known(segmenter, vec![stem.to_vec()]).collect(),
            length: stem.len(),
            certain: true,
        },
        [before @ .., '은'] => {
            let noun: String = before.iter().collect();
            let verb = BEFORE_EUN.contains(&noun.as_str()) || !is_noun(segmenter, &noun);
            let stems = if verb { known(segmenter, of_closed(before)).collect() } else { Vec::new() };
            Ended { stems, length: before.len(), certain: false }
        }
        // 안아야, 줄어야: no noun ends so.
        [before @ .., '아' | '어', '야'] if !before.is_empty() => {
            let stems = known(segmenter, of_closed(before)).collect();
            Ended { stems, length: word.len() - 1, certain: true }
        }
        [form @ .., '야'] if form.len() > 1 => {
            let whole: String = word.iter().collect();
            let stems =
                if is_noun(segmenter, &whole) { Vec::new() } else { of_form(segmenter, form, of_infinitive) };
            Ended { certain: is_contracted(form, &stems), stems, length: form.len() }
        }
        _ => match past_before_ending(word) {
            Some(past) => {
                let stems = of_form(segmenter, past, of_past);
                Ended { certain: is_contracted(past, &stems), stems, length: past.len() }
            }
            None => before_plain_ending(segmenter, word),
        },
    }
}

fn before_plain_ending(segmenter: &Segmenter, word: &[char]) -> Ended {
    let whole: String = word.iter().collect();
    if let Some(form) = AFTER_EU.iter().find_map(|ending| whole.strip_suffix(ending)) {
        let form: Vec<char> = form.chars().collect();
        let candidates = match form.split_last() {
            Some(('으', before)) => of_closed(before),
            _ => [of_open(&form), vec![form.clone()]].concat(),
        };
        let stems = known(segmenter, candidates).take(1).collect();
        return Ended { stems, length: form.len(), certain: false };
    }
    let Some(form) = AS_NOUNS.iter().find_map(|ending| whole.strip_suffix(ending)) else {
        return Ended::default();
    };
    let noun = whole.trim_end_matches(['로', '에', '를']);
    let stem = (!is_noun(segmenter, noun) && is_plain(segmenter, form)).then(|| form.to_owned());
    Ended { stems: stems_of(stem), length: form.chars().count(), certain: false }
}

fn stems_of(stem: Option<String>) -> Vec<String> {
    stem.into_iter().collect()
}

fn known(segmenter: &Segmenter, candidates: Vec<Vec<char>>) -> impl Iterator<Item = String> {
    let stems = candidates.into_iter().map(String::from_iter);
    stems.filter(|stem: &String| is_plain(segmenter, stem))
}

/// The stems whose form before 는 has the open syllable that `fused` has without its final consonant: 세우 and 만들 of 세운 and 만든.
fn of_open_form(segmenter: &Segmenter, before: &[char], fused: char) -> Vec<String> {
    let open = parts(fused).and_then(|(lead, vowel, _)| syllable(lead, vowel, letter::NONE));
    let Some(open) = open else { return Vec::new() };
    let form: String = with(before, open).into_iter().collect();
    let closed: String = parts(fused)
        .and_then(|(lead, vowel, _)| syllable(lead, vowel, letter::RIEUL))
        .map(|last| with(before, last).into_iter().collect())
        .unwrap_or_default();
    // As 는 decides it, but only for what the dictionary has as a stem.
    let stems = Stems::spelt(segmenter, &form, &["VV", "VX", "VA"]);
    let found: Vec<String> =
        stems.before(Some('는')).filter(|stem| *stem == form || *stem == closed).map(str::to_owned).collect();
    if found.is_empty() { known(segmenter, vec![closed.chars().collect()]).collect() } else { found }
}

/// The stems of a form that the dictionary has as one with its ending; else the first that the rules give.
fn of_form(segmenter: &Segmenter, form: &[char], rules: impl Fn(&[char]) -> Vec<Vec<char>>) -> Vec<String> {
    if let Some(stem) = before_ieo(form).filter(|stem| is_plain(segmenter, stem)) {
        return vec![stem];
    }
    let surface: String = form.iter().collect();
    let fused: Vec<String> = Stems::fused(segmenter, &surface).before(None).map(str::to_owned).collect();
    if !fused.is_empty() {
        return fused;
    }
    // Of one syllable too many are spelt alike: 댔 is not of 닿다.
    let first = known(segmenter, rules(form)).next();
    stems_of(first.filter(|stem| stem.chars().count() > 1))
}

/// The stem in 이 of two syllables or more whose form in 어 ends as `form` does: 줄이 of 줄여 and 줄였.
fn before_ieo(form: &[char]) -> Option<String> {
    let (last, before) = form.split_last()?;
    let (lead, vowel, _) = parts(*last)?;
    let stem = (vowel == letter::YEO && !before.is_empty()).then(|| syllable(lead, letter::I, letter::NONE));
    stem?.map(|last| with(before, last).into_iter().collect())
}

/// Whether the last syllable is one that the ending alone cannot be: 줄였 is 줄이다 and not 줄다, 눌렀 is 누르다.
fn is_contracted(form: &[char], stems: &[String]) -> bool {
    let reu = matches!(form, [.., before, '러' | '라' | '렀' | '랐'] if *before != '르')
        && stems.iter().all(|stem| stem.ends_with('르'));
    reu || before_ieo(form).is_some_and(|stem| stems.contains(&stem))
}

/// What is in the past tense before an ending other than 다, whose forms the cut shows.
fn past_before_ending(word: &[char]) -> Option<&[char]> {
    let at = word.iter().rposition(|ch| has_final(*ch, letter::SSANGSIOT))?;
    let (past, ending) = word.split_at_checked(at + 1)?;
    // 있 is a stem, and 겠 is an ending.
    let tense = !matches!(past.last(), Some('있' | '겠' | '었' | '았'));
    (tense && !matches!(ending, [] | ['다'])).then_some(past)
}

fn has_final(ch: char, end: u32) -> bool {
    parts(ch).is_some_and(|(_, _, last)| last == end)
}

fn is_closed(stem: &[char]) -> bool {
    let end = stem.last().and_then(|last| parts(*last)).map(|(_, _, end)| end);
    end.is_some_and(|end| end != letter::NONE && end != letter::RIEUL)
}
