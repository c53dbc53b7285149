//! The same word spelt otherwise, by rule: hanja for a part of it, units in letters and in words, telephone numbers. Amounts: `amounts`.

use super::WordReader;
use super::amounts::{over_in_words, with_over};
use super::names::without_age;
use crate::korean::fold::{Script, fold, script};
use crate::korean::lexicon::VariantKind;
use crate::query::shape::{Origin, Why};
use unicode_normalization::UnicodeNormalization as _;

/// Units after a number, each in its spellings.
const UNITS: [&[&str]; 22] = [
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
    &["헥타르", "ha"],
    &["밀리리터", "ml"],
    &["리터", "l"],
    &["그램", "g"],
    &["톤", "t"],
    &["도", "°c"],
    &["미터", "m"],
];

/// What follows the name of a country in one syllable, also where that is written in hanja.
const AFTER_COUNTRY: [&str; 6] = ["산", "발", "계", "행", "군", "측"];

impl WordReader<'_> {
    /// What `core`, a word without its particles, is spelt as elsewhere.
    pub(super) fn other_spellings(&self, core: &str) -> Vec<(String, Origin, Why)> {
        let mut found = Vec::new();
        let hanja = Origin::Variant(VariantKind::Hanja);
        found.extend(units(core).into_iter().map(|text| (text, Origin::Analysed, Why::Unit)));
        found.extend(with_over(core).into_iter().map(|text| (text, Origin::Analysed, Why::Amount)));
        found.extend(over_in_words(core).into_iter().map(|text| (text, Origin::Analysed, Why::Amount)));
        found.extend(telephone(core).map(|text| (text, Origin::Analysed, Why::Telephone)));
        found.extend(without_age(core).map(|text| (text, Origin::Analysed, Why::Age)));
        found.extend(self.hanja_parts(core).into_iter().map(|text| (text, hanja, Why::HanjaPart)));
        found.extend(self.read_alone(core).map(|text| (text, hanja, Why::Reading)));
        found.extend(self.read_whole(core).map(|text| (text, hanja, Why::Reading)));
        found
    }

    /// How a word of several characters with hanja is read: 反對 is 반대, 經濟정책 경제정책.
    pub(super) fn read(&self, core: &str) -> Option<String> {
        core.chars().nth(1)?;
        self.language.korean().read(core)
    }

    /// A word with two hanja or more in a row as it is read, unless a lexicon says what it means: 經濟 is 경제. What one hanja in a word means
    /// is in the lexicon. Two syllables must be a noun: 王毅 is not 왕의.
    fn read_whole(&self, core: &str) -> Option<String> {
        let is_hanja = |ch: char| script(ch) == Script::Hanja;
        let hanja = core.chars().zip(core.chars().skip(1)).any(|(one, next)| is_hanja(one) && is_hanja(next));
        let read = self.read(core).filter(|_| hanja && self.language.variants().of(core).is_empty())?;
        let hangul = read.chars().all(|ch| script(ch) == Script::Hangul);
        let word = read.chars().nth(2).is_some() || self.is_dictionary_noun(&read);
        (hangul && word).then_some(read)
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
            if other(head) && other(tail) && head.chars().nth(1).is_some() {
                // 검찰개혁 is 檢개혁, 미국산 美산; not 미국인, for 美人 is another word.
                let of_head = variants.of(head).iter().filter(|variant| variant.kind == VariantKind::Hanja);
                let short = of_head.filter(|variant| variant.text.chars().nth(1).is_none());
                if tail.chars().nth(1).is_some() || AFTER_COUNTRY.contains(&tail) {
                    found.extend(short.map(|variant| format!("{}{tail}", variant.text)));
                }
            }
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

/// A number with its unit spelt otherwise: `5퍼센트` is `5%`.
fn units(core: &str) -> Vec<String> {
    // ㎞ is km, and ℃ °c.
    let folded = core.nfkc().collect::<String>().to_lowercase();
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

/// A telephone number with its hyphens, or without where it has them: 0277881200 is 02-7788-1200, 15881234 is 1588-1234.
fn telephone(core: &str) -> Option<String> {
    let digits: String = core.chars().filter(char::is_ascii_digit).collect();
    let parts: Vec<usize> = match digits.len() {
        8 if digits.starts_with("15") || digits.starts_with("16") || digits.starts_with("18") => vec![4, 4],
        9 | 10 if digits.starts_with("02") => vec![2, digits.len() - 6, 4],
        10 | 11 if digits.starts_with('0') => vec![3, digits.len() - 7, 4],
        _ => return None,
    };
    let mut rest = digits.as_str();
    let mut pieces = Vec::with_capacity(parts.len());
    for length in parts {
        let (piece, after) = rest.split_at_checked(length)?;
        pieces.push(piece);
        rest = after;
    }
    let hyphened = pieces.join("-");
    match core {
        _ if core == digits => Some(hyphened),
        _ if core == hyphened => Some(digits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_telephones() {
        assert_eq!(units("5퍼센트"), ["5%", "5프로"]);
        assert_eq!(units("0.25%p"), ["0.25%포인트", "0.25퍼센트포인트"]);
        assert_eq!(units("30km"), ["30킬로미터"]);
        assert_eq!(units("30㎞"), ["30킬로미터"]);
        assert_eq!(units("35℃"), ["35도"]);
        assert_eq!(units("35도"), ["35°c"]);
        assert!(units("퍼센트").is_empty());
        assert_eq!(telephone("0277881200").as_deref(), Some("02-7788-1200"));
        assert_eq!(telephone("01023456789").as_deref(), Some("010-2345-6789"));
        assert_eq!(telephone("02-7788-1200").as_deref(), Some("0277881200"));
        assert_eq!(telephone("15889001").as_deref(), Some("1588-9001"));
        assert_eq!(telephone("1588-9001").as_deref(), Some("15889001"));
        assert_eq!(telephone("070-1111-2222").as_deref(), Some("07011112222"));
        for other in ["2024", "20260505", "2026-05-05", "010-2345", "1588-90-01"] {
            assert_eq!(telephone(other), None, "{other}");
        }
    }
}
