//! The operator that joins words that are near each other (`~10`), and what was probably meant as one.

use std::ops::RangeInclusive;

/// Words within which two are near.
const NEAR: RangeInclusive<u8> = 1..=100;
/// Other ways to write the operator: its own long form, and those of other databases, in any case.
const OTHER_NAMES: [&str; 3] = ["near/", "w/", "pre/"];
/// What follows a number that says how much there is of something: `~10만원`, `오전~10시`.
const UNITS: &str = "년월일시분초주만억천조명개원건도세위회차쪽%";
/// So many letters of a unit at most: `만원`, `시간`. More are a word of their own (`~10시장`).
const UNIT_LETTERS: usize = 2;

/// The words of `~10` or `NEAR/10`.
pub(super) fn nearness(text: &str) -> Option<u8> {
    let digits = text.strip_prefix(['~', '～']).or_else(|| text.strip_prefix("NEAR/"))?;
    let words = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
    NEAR.contains(&words).then_some(words)
}

/// Whether a word was probably meant as the operator, and is none: `~`, `~0`, `~200`, `이재명~10부동산`, `w/5`. Spans of numbers and times
/// (`3~4명`, `5월~10월`, `오전~10시`) are what they are.
pub(super) fn is_mistaken(word: &str) -> bool {
    if nearness(word).is_some() {
        return false;
    }
    let named = OTHER_NAMES.iter().find_map(|name| {
        let (begin, rest) = word.split_at_checked(name.len())?;
        begin.eq_ignore_ascii_case(name).then_some(rest)
    });
    if let Some(rest) = named {
        return !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    }
    let Some((before, after)) = word.split_once(['~', '～']) else { return false };
    if before.chars().any(|c| !c.is_alphabetic()) {
        return false;
    }
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let has_number = rest.len() < after.len();
    if rest.is_empty() {
        return has_number || before.is_empty();
    }
    let of_unit = rest.chars().count() <= UNIT_LETTERS && rest.starts_with(|c| UNITS.contains(c));
    has_number && !of_unit && rest.chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_as_the_operator_is_told_from_spans() {
        for word in [
            "~",
            "～",
            "~0",
            "~200",
            "~10B",
            "가~10나다",
            "이재명~10부동산",
            "이재명~10",
            "near/5",
            "W/5",
            "NEAR/0",
        ] {
            assert!(is_mistaken(word), "{word}");
        }
        for word in [
            "~10",
            "NEAR/10",
            "3~4명",
            "5월~10월",
            "오전~10시",
            "~10만원",
            "10~20",
            "서울~부산",
            "near",
            "w/o",
            "~~",
            "그래~",
            "A/5",
        ] {
            assert!(!is_mistaken(word), "{word}");
        }
    }
}
