//! Amounts: `3만원` is `삼만 원` and `30,000원`, `백만명` is `100만 명`, and none of them is another unit's.
//!
//! The index has a token for each number expression, of its value ([`crate::korean::number`]). It covers as many characters as
//! the number was written with, so what is counted stands at one of a few distances from it.

use super::WordReader;
use super::spelling::{
    Junctions, digit_head, end_slot, end_slots, exact, gram_slots, of_digits, spaced_begin_slot,
};
use crate::korean::analysis::{TokenKind, push_bigram};
use crate::korean::fold::{Between, KeptChar, Script, kept_chars, script};
use crate::korean::joins::NUMBER_BEGINS;
use crate::korean::number::{COUNTED, MULTIPLIERS, begins_in_words};
use crate::query::shape::{Extent, Lane, Probe, Shape, Slot};

/// Characters of a number expression, at most: 1조2345억.
const LONGEST: u32 = 9;
impl WordReader<'_> {
    /// The amount that `core` is, in the other ways to write it: each as text, and the shapes that find it.
    pub(super) fn amounts(&self, core: &str) -> Vec<(String, Vec<Shape>)> {
        let number =
            self.analysis.tokens.iter().find(|token| token.index == 0 && token.kind == TokenKind::Number);
        if let Some(number) = number {
            let value = self.analysis.term(number).strip_prefix('#').and_then(|digits| digits.parse().ok());
            let unit: String =
                core.chars().filter(|ch| !matches!(ch, ',' | '.')).skip(usize::from(number.length)).collect();
            let digits = value.and_then(|value| in_digits(value, &unit));
            let words = value.and_then(in_words).map(|words| format!("{words}{unit}"));
            let words = words.and_then(|words| Some((spelt_out(&words)?, words)));
            return digits.into_iter().chain(words.map(|(shape, words)| (words, vec![shape]))).collect();
        }
        let Some((value, unit)) = value_of(core) else { return Vec::new() };
        vec![(format!("{value}{unit}"), counted(value, &kept_chars(unit)))]
    }
}

/// Where `word` is a number in words that begins with a multiplier, the slot that keeps 백만명 from 수백만명.
pub(super) fn number_begin(word: &str) -> Option<Slot> {
    let over = word.chars().nth(1) == Some('여');
    (over || value_of(word).is_some()).then(|| begin_of(word)).flatten()
}

/// The shapes that find `value` of what `unit` says, which may be empty: the number, however it is written, and the unit after it.
pub(super) fn counted(value: u128, unit: &[KeptChar]) -> Vec<Shape> {
    let term = format!("#{value}");
    let Some(first) = unit.first() else { return vec![Shape::term(Lane::Morph, term, Extent::Number)] };
    let lasts = last_characters(value);
    let most = (value.checked_ilog10().unwrap_or_default() + 2).min(LONGEST);
    let mut shapes = Vec::new();
    let mut meets = Vec::with_capacity(2 * lasts.len());
    for last in &lasts {
        for between in [Between::Nothing, Between::Blank] {
            let mut pair = String::with_capacity(8);
            push_bigram(*last, first.ch, between, &mut pair);
            meets.push(Probe { lane: Lane::Gram, term: pair });
        }
    }
    // 3천여 명: what is over is written apart from what is counted.
    let junctions = if first.ch == '여' { Junctions::Any } else { Junctions::Soft };
    let mut rest = gram_slots(unit, junctions, None);
    rest.extend(end_slots(unit));
    for length in 2..=most {
        let mut slots = vec![
            Slot { offset: 0, probes: vec![Probe { lane: Lane::Morph, term: term.clone() }] },
            Slot { offset: length - 1, probes: meets.clone() },
        ];
        slots.extend(
            rest.iter().map(|slot| Slot { offset: slot.offset + length, probes: slot.probes.clone() }),
        );
        shapes.push(Shape { slots, extent: Extent::Kept(length + unit.len() as u32) });
    }
    shapes
}

/// A number of four digits or more with a unit in hangul, as the amount that it is: `35,000명` is `3만5천 명`.
pub(super) fn written_out(kept: &[KeptChar]) -> Vec<Shape> {
    let digits = digit_head(kept);
    let Some(unit) = kept.get(digits.len()..).filter(|unit| !unit.is_empty()) else { return Vec::new() };
    let written: String = digits.iter().map(|k| k.ch).collect();
    let hangul = unit.first().is_some_and(|k| script(k.ch) == Script::Hangul);
    // 2235 may be 2천235, as the wire writes it; 2026년 is a year.
    let year = unit.first().is_some_and(|k| k.ch == '년');
    let written_so = digits.len() > 4 || digits.len() == 4 && (!year || written.ends_with("000"));
    let value: Option<u128> = (written_so && hangul).then(|| written.parse().ok()).flatten();
    value.map_or(Vec::new(), |value| counted(value, unit))
}

/// The characters in which a number of this value may end.
fn last_characters(value: u128) -> Vec<char> {
    let small = !value.is_multiple_of(10_000);
    let is_last = |factor: u128| match factor {
        // 2천, 1만5천
        ..10_000 => small && value.is_multiple_of(factor),
        // 1.25억 is a multiple of a hundredth of it; 1억 is not written 10000만.
        _ => value.is_multiple_of(factor / 100) && !value.is_multiple_of(factor * 10_000),
    };
    let mut lasts: Vec<char> =
        MULTIPLIERS.iter().filter(|(_, factor)| is_last(*factor)).map(|(name, _)| *name).collect();
    if small {
        // 1만5000
        lasts.extend(char::from_digit((value % 10) as u32, 10));
    }
    lasts
}

/// A number in digits with what is counted after it: 2만명 is 20,000명. Larger ones are not written so.
fn in_digits(value: u128, unit: &str) -> Option<(String, Vec<Shape>)> {
    const LARGEST: u128 = 100_000_000;
    let text = format!("{value}{unit}");
    let shape =
        of_digits(&kept_chars(&text), Junctions::Any).filter(|_| value < LARGEST && !unit.is_empty())?;
    Some((text, vec![shape]))
}

/// A number in words, joined and spaced, where a word begins and ends there; one that begins with a multiplier only where the number
/// begins: 만명 is not in 650만명.
fn spelt_out(words: &str) -> Option<Shape> {
    let kept = kept_chars(words);
    let mut shape = exact(&kept, Junctions::Any)?;
    shape.slots.push(begin_of(words).or_else(|| spaced_begin_slot(&kept, false))?);
    shape.slots.extend(end_slot(&kept));
    Some(shape)
}

fn begin_of(words: &str) -> Option<Slot> {
    let mut letters = words.chars();
    let first =
        letters.next().zip(letters.next()).filter(|(first, second)| begins_in_words(*first, *second))?.0;
    let probes = vec![Probe { lane: Lane::Edge, term: format!("{NUMBER_BEGINS}{first}") }];
    Some(Slot { offset: 0, probes })
}

/// A number with `여` (over) before what is counted, joined and apart: `3000여명` is `3000여 명`.
pub(super) fn with_over(core: &str) -> Vec<String> {
    let Some(at) = core.find('여') else { return Vec::new() };
    let (Some(number), Some(rest)) = (core.get(..at), core.get(at + '여'.len_utf8()..)) else {
        return Vec::new();
    };
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    let unit = rest.trim_start();
    if !digits || unit.is_empty() {
        return Vec::new();
    }
    vec![format!("{number}여 {unit}"), format!("{number}여{unit}")]
}

/// Round numbers with `여` (over) in words and in digits.
const OVER: [&[&str]; 3] = [&["십여", "10여"], &["백여", "100여"], &["천여", "1천여", "1000여"]];

/// A round number with `여` spelt otherwise, joined to what is counted and apart: `십여명` is `10여 명`.
pub(super) fn over_in_words(core: &str) -> Vec<String> {
    let plain: String = core.chars().filter(|ch| *ch != ',').collect();
    let mut found = Vec::new();
    for spellings in OVER {
        let Some((typed, rest)) =
            spellings.iter().find_map(|typed| Some((*typed, plain.strip_prefix(typed)?.trim_start())))
        else {
            continue;
        };
        for other in spellings.iter().filter(|other| **other != typed) {
            found.push(format!("{other}{rest}"));
            // Words are looked for joined and apart anyway.
            let digits = other.starts_with(|first: char| first.is_ascii_digit());
            found.extend((digits && !rest.is_empty()).then(|| format!("{other} {rest}")));
        }
    }
    found
}

const DIGITS: &str = "일이삼사오육칠팔구";
/// From here on a multiplier multiplies all that stands before it up to the next larger one: 이천만 is 2,000 만.
const LARGE: u128 = 10_000;

/// A whole number from ten thousand on in words, as newspapers write it: 이천만, not 이천만영.
fn in_words(value: u128) -> Option<String> {
    let mut words = String::new();
    let mut rest = value;
    let multipliers =
        |large: bool| MULTIPLIERS.into_iter().rev().filter(move |(_, factor)| (*factor >= LARGE) == large);
    for (name, factor) in multipliers(true) {
        let group = rest / factor;
        rest %= factor;
        if group == 0 {
            continue;
        }
        let mut group_rest = group;
        for (small, factor) in multipliers(false) {
            let digit = group_rest / factor;
            group_rest %= factor;
            if digit > 1 {
                words.extend(DIGITS.chars().nth(usize::try_from(digit - 1).ok()?));
            }
            if digit > 0 {
                words.push(small);
            }
        }
        // 만, but 일억.
        if group_rest > 1 || group_rest == 1 && !(group == 1 && name == '만') {
            words.extend(DIGITS.chars().nth(usize::try_from(group_rest - 1).ok()?));
        }
        words.push(name);
    }
    (rest == 0 && value > 0 && words.chars().count() <= 6).then_some(words)
}

/// The value of a number in words of two multipliers, or of one before what is counted, and what is counted: 천만, 삼만원; not 이만.
fn value_of(core: &str) -> Option<(u128, &str)> {
    let counted = COUNTED.iter().find(|unit| core.ends_with(**unit));
    let unit = counted.map_or("", |unit| core.get(core.len() - unit.len()..).unwrap_or_default());
    let number = core.strip_suffix(unit).unwrap_or(core);
    let (mut total, mut section, mut digit) = (0_u128, 0_u128, 0_u128);
    let mut multipliers = 0;
    let mut last_big = u128::MAX;
    for ch in number.chars() {
        if let Some(place) = DIGITS.chars().position(|one| one == ch) {
            digit = place as u128 + 1;
            continue;
        }
        let (_, factor) = MULTIPLIERS.into_iter().find(|(name, factor)| *name == ch && *factor < last_big)?;
        multipliers += 1;
        if factor < LARGE {
            section += digit.max(1) * factor;
            digit = 0;
        } else {
            total += (section + digit).max(1) * factor;
            (section, digit, last_big) = (0, 0, factor);
        }
    }
    // 천 alone is a cloth, 만 a bay.
    let enough = multipliers > 1 || !unit.is_empty() && number.chars().nth(1).is_some();
    (last_big < u128::MAX && digit == 0 && enough).then_some((total + section, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_words_and_back() {
        for (value, words) in [
            (30_000, "삼만"),
            (10_000, "만"),
            (20_000_000, "이천만"),
            (500_000_000_000, "오천억"),
            (100_000_000, "일억"),
        ] {
            assert_eq!(in_words(value).as_deref(), Some(words));
        }
        assert_eq!(value_of("천만"), Some((10_000_000, "")));
        assert_eq!(value_of("이천만원"), Some((20_000_000, "원")));
        assert_eq!(value_of("백만명"), Some((1_000_000, "명")));
        assert_eq!(value_of("삼만원"), Some((30_000, "원")));
        for word in ["천사", "만났다", "이만", "오만", "천", "만원", "억", "조명"] {
            assert_eq!(value_of(word), None, "{word}");
        }
    }

    #[test]
    fn what_a_number_may_end_in() {
        assert_eq!(last_characters(20_000), ['만']);
        assert_eq!(last_characters(3_000), ['십', '백', '천', '만', '0']);
        assert_eq!(last_characters(35_000), ['십', '백', '천', '만', '0']);
        assert_eq!(last_characters(1_000_000_000), ['억']);
        assert_eq!(last_characters(1_200_000_000_000), ['억', '조']);
        assert_eq!(with_over("3000여명"), ["3000여 명", "3000여명"]);
        assert!(with_over("여명").is_empty() && with_over("참여명단").is_empty());
    }
}
