//! The order in which a Korean reader looks names up: 가나다.
//!
//! Facet values with equal counts come in it: digits, 가나다, hanja, other alphabets.

use std::cmp::Ordering;

use super::fold::{Script, script};

/// Compares two names in Korean order: signs, digits, hangul, hanja, then letters of other alphabets, capitals and small
/// letters alike. Names that differ only in that or in signs go by code point, so that the order is total.
///
/// This is the order of scripts of the Unicode CLDR's Korean collation (`[reorder Hang Hani]`: Korean before Latin, unlike
/// the code points). Within hangul, code points are in 가나다 order already (Unicode §18.6: syllables are laid out by
/// initial, vowel, final), which the NFC of all stored text guarantees. Hanja come after all hangul, by code point, and
/// not among it by reading: few outlets have hanja in their names, and those are known by them.
pub fn compare(a: &str, b: &str) -> Ordering {
    let keys = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).map(key).collect::<Vec<_>>();
    keys(a).cmp(&keys(b)).then_with(|| a.cmp(b))
}

fn key(c: char) -> (u8, char) {
    let class = match script(c) {
        _ if c.is_numeric() => 0,
        Script::Hangul => 1,
        Script::Hanja => 2,
        _ => 3,
    };
    (class, c.to_lowercase().next().unwrap_or(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_as_in_a_korean_index() {
        let sorted = [
            "24시뉴스",
            "가람일보",
            "각시신문",
            "나래 경제",
            "나래방송",
            "나래신문",
            "하늘TV",
            "日新",
            "NTV",
            "ntv 뉴스",
            "Seoul",
            "Ωmega",
        ];
        for (first, a) in sorted.iter().enumerate() {
            for (second, b) in sorted.iter().enumerate() {
                assert_eq!(compare(a, b), first.cmp(&second), "{a} {b}");
            }
        }
    }

    #[test]
    fn only_equal_names_are_equal() {
        assert_ne!(compare("NTV", "ntv"), Ordering::Equal);
        assert_ne!(compare("가 나", "가나"), Ordering::Equal);
    }
}
