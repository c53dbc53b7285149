//! Terms beside the bigrams and edges: what a text says across marks and in hanja, and where its words end.
//!
//! | lane | term | where |
//! |---|---|---|
//! | `gram` | `한·미` | two letters with nothing but a mark between them, beside `한 미` |
//! | `gram` | `*체주`, `*미 정` | a pair with hanja in it, as read: 반도체株, `美 정상` |
//! | `edge` | `한미` | either of these where a word or morpheme begins |
//! | `edge` | `전` | one hanja as read: 前 |
//! | `edge` | `^b`, `b$` | a run of Latin letters or digits begins, ends |
//! | `edge` | `^허` | a word of one syllable, alone or with a particle that leaves no doubt: `여러 명이`, `박 씨의` |
//! | `edge` | `#만` | a number in words begins with a multiplier, and a word with it |
//! | `edge` | `$#` | a number begins with the sign of a currency before it |
//! | `edge` | `~대의` | a noun of three syllables may begin inside of a word that is cut otherwise: 정기대+의원 |
//! | `edge` | `런$` | a word ends, with or without its particle |
//! | `edge` | `인?` | a word ends there if 인도, which the dictionary has as a word, is 인 with a particle |
//!
//! So a query can ask for the word over a mark without the blank (`한미` is in `한·미`, not in `한 미용실`), for the whole run (`G2` is not
//! in `G20`), and for a word's end (`오픈런` is in `오픈 런`, not in `오픈 런던`). Quoted strings do not ask for what is read.

use super::fold::{Between, KeptChar, Script, script};
use super::hanja::HanjaReadings;
use super::number::begins_in_words;

/// A lane that has such terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinLane {
    /// Bigrams.
    Gram,
    /// Beginnings and ends.
    Edge,
}

/// A term, and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// Its lane.
    pub lane: JoinLane,
    /// Kept index of its first character.
    pub index: u32,
    /// The term.
    pub term: String,
}

/// Before a pair of letters that are read from hanja.
pub const READ: char = '*';
/// Between two letters with a mark between them.
pub const MARK: char = '·';
/// Before the first letter of a run.
pub const BEGINS: char = '^';
/// Before the multiplier that a number in words begins with.
pub const NUMBER_BEGINS: char = '#';
/// Before the first two letters of a noun that the cut of its word does not show.
pub const MAY_BEGIN: char = '~';
/// After the last letter of a run or word.
pub const ENDS: char = '$';
/// After the last letter of what is a word of the dictionary together with the syllable after it, which may be a particle.
pub const MAY_END: char = '?';

/// The sign of a currency in its plain form, ¥ for ￥; `None` for other characters.
pub fn money_sign(ch: char) -> Option<char> {
    match ch {
        '$' | '＄' | '﹩' => Some('$'),
        '€' => Some('€'),
        '£' | '￡' => Some('£'),
        '¥' | '￥' => Some('¥'),
        '₩' | '￦' => Some('₩'),
        _ => None,
    }
}

/// The term of a number's first digit after the sign of a currency.
pub fn money_term(sign: char) -> String {
    format!("{sign}#")
}

/// Particles of one syllable that a word may end in; what is before one is a word's end, too.
const PARTICLES: [char; 14] =
    ['은', '는', '이', '가', '을', '를', '의', '에', '와', '과', '도', '로', '만', '께'];
/// What is counted or called: in `여러 명이` it is the counter with a particle, whatever else the dictionary has as 명이.
/// Not 대 or 원, for 대만 and 원가 are meant as often.
const COUNTERS: [char; 5] = ['명', '곳', '채', '척', '씨'];
/// Nouns that are meant in `당의`, though the dictionary has a rare noun that is written so.
const BEFORE_UI: [char; 5] = ['법', '당', '배', '군', '칩'];
/// Particles of two syllables.
const LONG_PARTICLES: [&str; 6] = ["에서", "으로", "에게", "까지", "부터", "보다"];

/// Where words and morphemes stand in a text: kept indices, ascending.
pub(super) struct Places<'a> {
    /// At which words and morphemes begin.
    pub(super) begins: &'a [u32],
    /// Of the last letters before a particle or ending.
    pub(super) cores: &'a [u32],
    /// At which words of two syllables begin that the dictionary has: 인도 is not 인 with a particle, unless the cut says so.
    pub(super) short_words: &'a [u32],
    /// At which a noun may begin inside of a word that is cut otherwise.
    pub(super) may_begin: &'a [u32],
}

/// Finds the terms of `kept`, the characters of `text` that count. No term goes over the end of the title.
pub(super) fn find(
    text: &str,
    kept: &[KeptChar],
    title_kept: Option<u32>,
    places: &Places<'_>,
    readings: &HanjaReadings,
    out: &mut Vec<Join>,
) {
    out.clear();
    let mut cores = places.cores.iter().copied().peekable();
    let mut begins = places.begins.iter().copied().peekable();
    let mut may_begin = places.may_begin.iter().copied().peekable();
    let read = |at: usize| {
        let k = kept.get(at).filter(|k| script(k.ch) == Script::Hanja)?;
        let before = at.checked_sub(1).and_then(|before| kept.get(before));
        let initial =
            k.gap || before.is_none_or(|before| !matches!(script(before.ch), Script::Hanja | Script::Hangul));
        readings.reading(k.ch, initial)
    };
    for (at, k) in kept.iter().enumerate() {
        let index = at as u32;
        let first = at == 0 || title_kept == Some(index);
        let next = kept.get(at + 1).filter(|_| title_kept != Some(index + 1));
        while begins.next_if(|begin| *begin < index).is_some() {}
        let boundary = first || k.gap || begins.peek() == Some(&index);
        let mut push = |lane, term: String| out.push(Join { lane, index, term });
        let here = read(at);
        if may_begin.next_if_eq(&index).is_some()
            && !boundary
            && let Some(next) = next
        {
            push(JoinLane::Edge, format!("{MAY_BEGIN}{}{}", k.ch, next.ch));
        }
        if let Some(here) = here {
            push(JoinLane::Edge, here.to_string());
        }
        if let Some(next) = next.filter(|next| next.between() != Between::Apart) {
            let then = read(at + 1);
            let is_read = here.is_some() || then.is_some();
            let (first, second) = (here.unwrap_or(k.ch), then.unwrap_or(next.ch));
            if is_read && next.gap {
                push(JoinLane::Gram, format!("{READ}{first} {second}"));
            }
            if next.mark {
                push(JoinLane::Gram, format!("{}{MARK}{}", k.ch, next.ch));
            }
            let together = !next.gap || next.mark;
            if is_read && together {
                push(JoinLane::Gram, format!("{READ}{first}{second}"));
            }
            let letters =
                script(k.ch) != Script::Digit && matches!(script(next.ch), Script::Hangul | Script::Hanja);
            if boundary && together && (is_read || next.mark) && letters {
                push(JoinLane::Edge, format!("{first}{second}"));
            }
        }
        if k.ch.is_ascii_alphanumeric() {
            let same = |other: &KeptChar| other.ch.is_ascii_digit() == k.ch.is_ascii_digit();
            let runs_on = |other: Option<&KeptChar>, gap: bool| {
                !gap && other.is_some_and(|other| other.ch.is_ascii_alphanumeric() && same(other))
            };
            let before = at.checked_sub(1).and_then(|before| kept.get(before));
            if !runs_on(before, first || k.gap) {
                push(JoinLane::Edge, format!("{BEGINS}{}", k.ch));
                let sign = text.get(..k.start as usize).and_then(|before| before.chars().next_back());
                if let Some(sign) = sign.and_then(money_sign).filter(|_| k.ch.is_ascii_digit()) {
                    push(JoinLane::Edge, money_term(sign));
                }
            }
            if !runs_on(next, next.is_none_or(|next| next.gap)) {
                push(JoinLane::Edge, format!("{}{ENDS}", k.ch));
            }
        } else {
            while cores.next_if(|core| *core < index).is_some() {}
            let last = |at: usize| {
                let after = kept.get(at + 1).filter(|_| title_kept != Some(at as u32 + 1));
                after.is_none_or(|after| after.gap)
            };
            let inside = |at: usize| kept.get(at).filter(|k| !k.gap).map(|k| k.ch);
            let (then, more) = (inside(at + 1), inside(at + 2));
            let particle = then.is_some_and(|ch| PARTICLES.contains(&ch)) && last(at + 1);
            let begins_word = first || k.gap;
            let counted = COUNTERS.contains(&k.ch);
            let possessive = particle && then == Some('의');
            let known = begins_word
                && !counted
                && !(possessive && BEFORE_UI.contains(&k.ch))
                && places.short_words.binary_search(&index).is_ok();
            let long = then.zip(more).is_some_and(|(a, b)| {
                LONG_PARTICLES.iter().any(|particle| particle.chars().eq([a, b])) && last(at + 2)
            });
            let other_script = next.is_some_and(|next| !next.gap && script(next.ch) != script(k.ch));
            // No ending of a verb is spelt 의; 이 and 도 end verbs, too.
            let with_particle = counted && (particle || long) || possessive && !known;
            if begins_word && (last(at) || with_particle) {
                push(JoinLane::Edge, format!("{BEGINS}{}", k.ch));
            }
            if begins_word && next.is_some_and(|next| begins_in_words(k.ch, next.ch)) {
                push(JoinLane::Edge, format!("{NUMBER_BEGINS}{}", k.ch));
            }
            let ends = last(at) || cores.peek() == Some(&index) || long || other_script;
            if ends || particle {
                let sign = if known && !ends { MAY_END } else { ENDS };
                push(JoinLane::Edge, format!("{}{sign}", here.unwrap_or(k.ch)));
            }
        }
    }
}
