//! Names of people: surname and given name apart (`허 윤`), and with what they are called (`김모씨`, `오한결(61)씨`).

use super::WordReader;
use super::spelling::{Junctions, end_slot, end_slots, exact, is_hangul_word};
use crate::korean::fold::{KeptChar, Script, script};
use crate::korean::joins::{BEGINS, ENDS};
use crate::query::shape::{Lane, Probe, Shape, Slot};

/// Surnames of one syllable.
const SURNAMES: &str = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부";
/// Surnames of two syllables.
const LONG_SURNAMES: [&str; 8] = ["남궁", "황보", "선우", "독고", "제갈", "사공", "서문", "동방"];
/// What follows a name.
const CALLED: [char; 5] = ['씨', '군', '양', '옹', '님'];

/// How many syllables the surname of `name` has; `None` where it has not the shape of a name.
fn surname(name: &[char]) -> Option<usize> {
    let head: String = name.iter().take(2).collect();
    match name.len() {
        3 | 4 if LONG_SURNAMES.contains(&head.as_str()) => Some(2),
        2 | 3 if name.first().is_some_and(|first| SURNAMES.contains(*first)) => Some(1),
        _ => None,
    }
}

impl WordReader<'_> {
    /// Whether `words` are a surname and a given name: `허 윤`.
    pub(super) fn is_spaced_name(&self, words: &[&str]) -> bool {
        let [family, _] = words else { return false };
        let whole: Vec<char> = words.concat().chars().collect();
        surname(&whole) == Some(family.chars().count()) && !self.is_common(&words.concat())
    }

    /// A name whose surname stands apart: `허 윤` for 허윤. Not for a word that the dictionary has as a common noun: `전 세` is
    /// not 전세.
    pub(super) fn name_apart(&self, kept: &[KeptChar]) -> Option<Shape> {
        let name: Vec<char> = kept.iter().map(|k| k.ch).collect();
        let length = surname(&name)?;
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
        let named = letters.iter().all(|ch| script(*ch) == Script::Hangul) && surname(&letters).is_some();
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
            let digit = |digit: char| Probe { lane: Lane::Edge, term: format!("{BEGINS}{digit}") };
            shape.slots.push(Slot { offset: length + age, probes: ('1'..='9').map(digit).collect() });
            let probe = Probe { lane: Lane::Edge, term: format!("{}{ENDS}", last.ch) };
            shape.slots.push(Slot { offset: length + called, probes: vec![probe] });
            if initial {
                shape.slots.extend(end_slots(name));
            }
            Some(shape)
        });
        spaced.into_iter().chain(aged).collect()
    }
}
