//! Names of people: surname and given name apart (`허 윤`), and with what they are called (`김모씨`, `오한결(61)씨`).

use super::WordReader;
use super::spelling::{Junctions, end_slot, end_slots, exact, is_hangul_word};
use crate::korean::fold::{KeptChar, Script, script};
use crate::korean::joins::{BEGINS, ENDS};
use crate::korean::surname::{after_age, surname_length};
use crate::query::shape::{Lane, Probe, Shape, Slot};

/// What follows a name.
const CALLED: [char; 5] = ['씨', '군', '양', '옹', '님'];

impl WordReader<'_> {
    /// Whether `words` are a surname and a given name: `허 윤`.
    pub(super) fn is_spaced_name(&self, words: &[&str]) -> bool {
        let [family, _] = words else { return false };
        let whole: Vec<char> = words.concat().chars().collect();
        surname_length(&whole) == Some(family.chars().count()) && !self.is_common(&words.concat())
    }

    /// A name whose surname stands apart: `허 윤` for 허윤. Not for a word that the dictionary has as a common noun: `전 세` is
    /// not 전세.
    pub(super) fn name_apart(&self, kept: &[KeptChar]) -> Option<Shape> {
        let name: Vec<char> = kept.iter().map(|k| k.ch).collect();
        let length = surname_length(&name)?;
        if !is_hangul_word(kept) || self.is_common(&name.iter().collect::<String>()) {
            return None;
        }
        let mut apart = kept.to_vec();
        apart.get_mut(length)?.gap = true;
        let mut shape = exact(&apart, Junctions::Soft)?;
        let family: String = name.iter().take(length).collect();
        let mut probes = [Lane::Morph, Lane::Edge].map(|lane| Probe { lane, term: family.clone() }).to_vec();
        probes.push(Probe { lane: Lane::Edge, term: format!("{BEGINS}{family}") });
        shape.slots.push(Slot { offset: 0, probes });
        shape.slots.extend(end_slot(kept));
        Some(shape)
    }

    fn is_common(&self, word: &str) -> bool {
        self.analyzer
            .segmenter()
            .tags_of(word)
            .iter()
            .any(|tag| matches!(*tag, "NNG" | "MAG" | "NNB" | "MM" | "NP"))
    }

    /// A name of `kept` with what it is called, and with an age of two digits between them, alone or beside one syllable more: `김모씨` is
    /// `김모(34)씨`, `김 모 씨`, `김모(34·여)씨`; `A씨` is `A(27)씨`.
    pub(super) fn called(&self, kept: &[KeptChar]) -> Vec<Shape> {
        let Some((last, name)) = kept.split_last() else { return Vec::new() };
        let letters: Vec<char> = name.iter().map(|k| k.ch).collect();
        let gapless = kept.iter().skip(1).all(|k| !k.gap);
        let initial = matches!(letters.as_slice(), [only] if only.is_ascii_lowercase());
        let named =
            letters.iter().all(|ch| script(*ch) == Script::Hangul) && surname_length(&letters).is_some();
        if !CALLED.contains(&last.ch) || !gapless || !initial && !named {
            return Vec::new();
        }
        let spaced = exact(kept, Junctions::Any).filter(|_| named).map(|mut shape| {
            shape.slots.extend(end_slot(kept));
            shape
        });
        let length = name.len() as u32;
        // Where the age begins after the name, and what it is called.
        let aged = [(0, 2), (0, 3), (1, 3)].into_iter().filter_map(|(age, called)| {
            let mut shape = exact(name, Junctions::Any)?;
            shape.slots.push(age_slot(length + age));
            let probe = Probe { lane: Lane::Edge, term: format!("{}{ENDS}", last.ch) };
            shape.slots.push(Slot { offset: length + called, probes: vec![probe] });
            if initial {
                shape.slots.extend(end_slots(name));
            }
            Some(shape)
        });
        // A child's age has one digit, and after an age there may be more: `김모(9)군`, `김모(34·회사원)씨`.
        let withheld = letters.last() == Some(&'모');
        let described = exact(name, Junctions::Any).filter(|_| withheld).map(|mut shape| {
            shape.slots.push(age_slot(length));
            shape
        });
        spaced.into_iter().chain(aged).chain(described).collect()
    }
}

/// The slot at which the first digit of an age begins.
fn age_slot(offset: u32) -> Slot {
    let digit = |digit: char| Probe { lane: Lane::Edge, term: format!("{BEGINS}{digit}") };
    Slot { offset, probes: ('1'..='9').map(digit).collect() }
}

/// A name with what it is called, without the age in brackets between them: `김모(34)씨` is `김모씨`, `오한결(61)씨` `오한결씨`.
pub(super) fn without_age(core: &str) -> Option<String> {
    let (name, aged) = core.split_at_checked(core.find('(')?)?;
    let called = after_age(aged)?;
    let letters: Vec<char> = name.chars().collect();
    let initial = matches!(letters.as_slice(), [only] if only.is_ascii_uppercase());
    let named = initial || surname_length(&letters).is_some();
    let mut title = called.chars();
    let calls = title.next().is_some_and(|ch| CALLED.contains(&ch)) && title.next().is_none();
    (named && calls).then(|| format!("{name}{called}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_no_part_of_a_name() {
        assert_eq!(without_age("김모(34)씨").as_deref(), Some("김모씨"));
        assert_eq!(without_age("오한결(61·농부)씨").as_deref(), Some("오한결씨"));
        assert_eq!(without_age("A(27)씨").as_deref(), Some("A씨"));
        for other in ["김모씨", "윤(尹)", "김모(대표)씨", "삼성전자(005930)", "GPT(4)씨", "김모(34)씨앗"]
        {
            assert_eq!(without_age(other), None, "{other}");
        }
    }
}
