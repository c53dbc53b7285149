//! The same word spelt otherwise, by rule: hanja for a part of it, units in letters and in words, telephone numbers.

use super::WordReader;
use super::spelling::spaced;
use crate::korean::analysis::TokenKind;
use crate::korean::fold::{Script, fold, kept_chars, script};
use crate::korean::lexicon::VariantKind;
use crate::query::shape::{Extent, Lane, Origin, Shape, Why};

/// Units after a number, each in its spellings.
const UNITS: [&[&str]; 16] = [
    &["%포인트", "%p", "퍼센트포인트"],
    &["%", "퍼센트", "프로"],
    &["제곱킬로미터", "km2", "평방킬로미터"],
    &["제곱미터", "m2", "평방미터"],
    &["킬로미터", "km"],
    &["센티미터", "cm", "센티"],
    &["밀리미터", "mm"],
    &["킬로그램", "kg"],
    &["밀리그램", "mg"],
    &["킬로와트시", "kwh"],
    &["킬로와트", "kw"],
    &["메가와트", "mw"],
    &["기가와트", "gw"],
    &["기가바이트", "gb"],
    &["테라바이트", "tb"],
    &["미터", "m"],
];

impl WordReader<'_> {
    /// What `core`, a word without its particles, is spelt as elsewhere.
    pub(super) fn other_spellings(&self, core: &str) -> Vec<(String, Origin, Why)> {
        let mut found = Vec::new();
        let hanja = Origin::Variant(VariantKind::Hanja);
        found.extend(units(core).into_iter().map(|text| (text, Origin::Analysed, Why::Unit)));
        found.extend(telephone(core).map(|text| (text, Origin::Analysed, Why::Telephone)));
        found.extend(self.hanja_parts(core).into_iter().map(|text| (text, hanja, Why::HanjaPart)));
        found.extend(self.read_alone(core).map(|text| (text, hanja, Why::Reading)));
        found
    }

    /// How the hanja of a word of several characters are read: 反對 is 반대.
    pub(super) fn read(&self, core: &str) -> Option<String> {
        let readings = self.language.korean().readings();
        let hanja = core.chars().any(|ch| script(ch) == Script::Hanja);
        let read = |(at, ch): (usize, char)| readings.reading(ch, at == 0).unwrap_or(ch);
        (hanja && core.chars().nth(1).is_some()).then(|| core.chars().enumerate().map(read).collect())
    }

    /// An amount in digits as in words, and in words as in digits: `3만원` is `삼만 원`, `백만명` is `100만명`.
    pub(super) fn amounts(&self, core: &str) -> Vec<(String, Shape)> {
        let number =
            self.analysis.tokens.iter().find(|token| token.index == 0 && token.kind == TokenKind::Number);
        if let Some(number) = number {
            let value = self.analysis.term(number).strip_prefix('#').and_then(|digits| digits.parse().ok());
            let unit: String =
                core.chars().filter(|ch| !matches!(ch, ',' | '.')).skip(usize::from(number.length)).collect();
            let Some(words) = value.and_then(in_words) else { return Vec::new() };
            let words = format!("{words}{unit}");
            return spaced(&kept_chars(&words)).map(|shape| (words, shape)).into_iter().collect();
        }
        let Some(value) = value_of(core) else { return Vec::new() };
        vec![(value.to_string(), Shape::term(Lane::Morph, format!("#{value}"), Extent::Number))]
    }

    /// A word with its end in the newspapers' hanja (삼성전자 is 삼성電), or with its hanja as what is meant (현대車 is 현대자동차).
    fn hanja_parts(&self, core: &str) -> Vec<String> {
        const MOST: usize = 6;
        let variants = self.language.variants();
        let mut found = Vec::new();
        let letters: Vec<(usize, char)> = core.char_indices().collect();
        let hanja = |text: &str| text.chars().all(|ch| script(ch) == Script::Hanja);
        let other = |text: &str| text.chars().all(|ch| script(ch) != Script::Hanja);
        for (at, _) in letters.iter().skip(1) {
            let (Some(head), Some(tail)) = (core.get(..*at), core.get(*at..)) else { continue };
            if other(head) && other(tail) && tail.chars().nth(1).is_some() && head.chars().nth(1).is_some() {
                let of_tail = variants.of(tail).iter().filter(|variant| variant.kind == VariantKind::Hanja);
                let short = of_tail.filter(|variant| variant.text.chars().nth(1).is_none());
                found.extend(short.map(|variant| format!("{head}{}", variant.text)));
            }
            let one = |text: &str| text.chars().nth(1).is_none() && hanja(text);
            if one(tail) && other(head) {
                found.extend(variants.of(tail).iter().map(|variant| format!("{head} {}", variant.text)));
            }
            if one(head) && other(tail) {
                found.extend(variants.of(head).iter().map(|variant| format!("{} {tail}", variant.text)));
            }
        }
        found.truncate(MOST);
        found
    }

    /// One hanja as read, unless that is a person's surname: 前 is 전, 尹 not every 윤.
    fn read_alone(&self, core: &str) -> Option<String> {
        let mut letters = core.chars();
        let (Some(only), None) = (letters.next(), letters.next()) else { return None };
        if script(only) != Script::Hanja {
            return None;
        }
        let read = self.language.korean().readings().reading(only, true)?;
        let mut known = self.language.variants().of(core).iter();
        let surname =
            known.any(|variant| variant.text.chars().count() == 3 && variant.text.starts_with(read));
        (!surname).then(|| read.to_string())
    }
}

const DIGITS: &str = "일이삼사오육칠팔구";
const SMALL: [(char, u128); 3] = [('천', 1000), ('백', 100), ('십', 10)];
const BIG: [(char, u128); 3] = [('조', 1_000_000_000_000), ('억', 100_000_000), ('만', 10_000)];
/// What is counted; after one of these 이만 is a number.
const COUNTED: [&str; 14] =
    ["명", "원", "달러", "개", "건", "대", "번", "톤", "가구", "마리", "권", "장", "여명", "여원"];

/// A whole number from ten thousand on in words, as newspapers write it: 이천만, not 이천만영.
fn in_words(value: u128) -> Option<String> {
    let mut words = String::new();
    let mut rest = value;
    for (name, factor) in BIG {
        let group = rest / factor;
        rest %= factor;
        if group == 0 {
            continue;
        }
        let mut group_rest = group;
        for (small, factor) in SMALL {
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

/// The value of a number in words of two multipliers, or of one before what is counted: 천만, 삼만원; not 이만.
fn value_of(core: &str) -> Option<u128> {
    let counted = COUNTED.iter().find_map(|unit| core.strip_suffix(unit));
    let number = counted.unwrap_or(core);
    let (mut total, mut section, mut digit) = (0_u128, 0_u128, 0_u128);
    let mut multipliers = 0;
    let mut last_big = u128::MAX;
    for ch in number.chars() {
        if let Some(place) = DIGITS.chars().position(|one| one == ch) {
            digit = place as u128 + 1;
        } else if let Some((_, factor)) = SMALL.iter().find(|(name, _)| *name == ch) {
            section += digit.max(1) * factor;
            digit = 0;
            multipliers += 1;
        } else {
            let (_, factor) = BIG.iter().find(|(name, factor)| *name == ch && *factor < last_big)?;
            total += (section + digit).max(1) * factor;
            (section, digit, last_big) = (0, 0, *factor);
            multipliers += 1;
        }
    }
    // 천 alone is a cloth, 만 a bay.
    let enough = multipliers > 1 || counted.is_some() && number.chars().nth(1).is_some();
    (last_big < u128::MAX && digit == 0 && enough).then_some(total + section)
}

/// A number with its unit spelt otherwise: `5퍼센트` is `5%`.
fn units(core: &str) -> Vec<String> {
    let folded = core.to_lowercase();
    let number = folded.find(|ch: char| !ch.is_ascii_digit() && !matches!(ch, '.' | ',')).unwrap_or(0);
    let (Some(digits), Some(unit)) = (folded.get(..number), folded.get(number..)) else { return Vec::new() };
    if digits.is_empty() || !digits.starts_with(|ch: char| ch.is_ascii_digit()) {
        return Vec::new();
    }
    let spellings =
        UNITS.iter().find(|spellings| spellings.iter().any(|one| *one == unit || fold(one) == fold(unit)));
    let others =
        spellings.into_iter().flat_map(|spellings| spellings.iter()).filter(|one| fold(one) != fold(unit));
    others.map(|one| format!("{digits}{one}")).collect()
}

/// A telephone number with its hyphens: 0277881200 is 02-7788-1200.
fn telephone(core: &str) -> Option<String> {
    if !core.bytes().all(|byte| byte.is_ascii_digit()) || !core.starts_with('0') {
        return None;
    }
    let area = if core.starts_with("02") { 2 } else { 3 };
    let last = core.len().checked_sub(4)?;
    let middle = last.checked_sub(area).filter(|middle| matches!(middle, 3 | 4))?;
    Some(format!("{}-{}-{}", core.get(..area)?, core.get(area..area + middle)?, core.get(last..)?))
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
        assert_eq!(value_of("천만"), Some(10_000_000));
        assert_eq!(value_of("이천만원"), Some(20_000_000));
        assert_eq!(value_of("백만명"), Some(1_000_000));
        assert_eq!(value_of("삼만원"), Some(30_000));
        for word in ["천사", "만났다", "이만", "오만", "천", "만원", "억", "조명"] {
            assert_eq!(value_of(word), None, "{word}");
        }
    }

    #[test]
    fn units_and_telephones() {
        assert_eq!(units("5퍼센트"), ["5%", "5프로"]);
        assert_eq!(units("0.25%p"), ["0.25%포인트", "0.25퍼센트포인트"]);
        assert_eq!(units("30km"), ["30킬로미터"]);
        assert!(units("퍼센트").is_empty());
        assert_eq!(telephone("0277881200").as_deref(), Some("02-7788-1200"));
        assert_eq!(telephone("01023456789").as_deref(), Some("010-2345-6789"));
        assert_eq!(telephone("2024"), None);
    }
}
