//! Korean number expressions in one canonical form.
//!
//! `1조2000억원`, `1조 2천억 원` and `1.2조원` are one amount. Each such expression gets one extra token in the
//! morpheme lane, `#1200000000000`, in addition to the tokens of its words. Only digits followed by a Korean multiplier
//! (천 만 억 조 …) count: nori's number filter, which also takes number words, reads 이 of `이다` as 2
//! (sparcs-kaist/new-ara-api#130).

use super::fold::KeptChar;

/// A number expression found in a text.
pub(super) struct NumberToken {
    pub(super) value: u128,
    /// Kept index of its first digit.
    pub(super) index: usize,
    /// Kept characters that it covers.
    pub(super) length: usize,
}

/// The number expressions of a text, in order and without overlap.
pub(super) fn number_tokens(kept: &[KeptChar]) -> Vec<NumberToken> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = kept.get(at) {
        match expression(kept, at) {
            Some((value, end)) => {
                found.push(NumberToken { value, index: at, length: end - at });
                at = end;
            }
            // A number that is not an expression is skipped with all its digits: else `2000` of `12000` would be read.
            None => {
                at += 1;
                if is_digit(first) {
                    at += kept.iter().skip(at).take_while(|kept| is_digit(kept)).count();
                }
            }
        }
    }
    found
}

/// The kept index after the number expression that begins at kept index `at`; `None` where none begins.
pub fn expression_end(kept: &[KeptChar], at: usize) -> Option<usize> {
    expression(kept, at).map(|(_, end)| end)
}

fn is_digit(kept: &KeptChar) -> bool {
    kept.ch.is_ascii_digit()
}

/// A decimal number as mantissa and number of decimal places.
#[derive(Clone, Copy)]
struct Decimal {
    mantissa: u128,
    places: u32,
}

impl Decimal {
    /// This number times `factor`, if that is a whole number below 2¹²⁸.
    fn times(self, factor: u128) -> Option<u128> {
        let product = self.mantissa.checked_mul(factor)?;
        let divisor = 10u128.checked_pow(self.places)?;
        (product % divisor == 0).then(|| product / divisor)
    }
}

/// Reads the expression that begins at `at`: its value and the index after it. `None` where none begins: no digit, no
/// multiplier, or a value that is not a whole number below 10³⁰.
///
/// An expression is a sum of sections that end in ever smaller multipliers of 10,000 (조, 억, 만); inside a section 천, 백
/// and 십 add up. `1조 2천500억` is (1)조 + (2천 + 500)억.
fn expression(kept: &[KeptChar], at: usize) -> Option<(u128, usize)> {
    let mut begin = at;
    let mut total: u128 = 0;
    let mut section: u128 = 0;
    let mut last_end = None;
    let mut last_big = u128::MAX;
    loop {
        let (number, mut next) = decimal(kept, begin)?;
        let small = multiplier(kept, next, small_multiplier);
        if let Some(factor) = small {
            section = section.checked_add(number.times(factor)?)?;
            next += 1;
        }
        match multiplier(kept, next, big_multiplier) {
            Some(factor) if factor < last_big => {
                let amount = match small {
                    // The number is in the section already.
                    Some(_) => section.checked_mul(factor)?,
                    None => section.checked_mul(factor)?.checked_add(number.times(factor)?)?,
                };
                total = total.checked_add(amount)?;
                section = 0;
                last_big = factor;
                next += 1;
                last_end = Some(next);
            }
            _ if small.is_some() => last_end = Some(next),
            // Digits without a multiplier end the expression: `3조 5명` is 3조, `2천500` is 2500.
            _ => {
                if last_end.is_some() && !kept.get(begin).is_some_and(|k| k.gap) {
                    section = section.checked_add(number.times(1)?)?;
                    last_end = Some(next);
                }
                break;
            }
        }
        if !kept.get(next).is_some_and(is_digit) {
            break;
        }
        begin = next;
        // Digits after a space belong to the number only if they have a multiplier of their own.
        if kept.get(begin).is_some_and(|k| k.gap) && !has_multiplier(kept, begin) {
            break;
        }
    }
    let value = total.checked_add(section)?;
    (value < 10u128.pow(30)).then_some(())?;
    last_end.map(|end| (value, end))
}

fn has_multiplier(kept: &[KeptChar], at: usize) -> bool {
    decimal(kept, at).is_some_and(|(_, after)| {
        multiplier(kept, after, small_multiplier).or(multiplier(kept, after, big_multiplier)).is_some()
    })
}

/// Longest number read, in digits; no amount has more.
const LONGEST_NUMBER: usize = 24;

/// The digits from `at`, with decimals after a point, and the index after them. A decimal point is a gap of one byte.
fn decimal(kept: &[KeptChar], at: usize) -> Option<(Decimal, usize)> {
    let mut next = at;
    let mut number = Decimal { mantissa: 0, places: 0 };
    let mut in_places = false;
    while let Some(current) = kept.get(next) {
        let Some(digit) = current.ch.to_digit(10) else { break };
        if next > at && current.gap {
            let previous_end = kept.get(next - 1).map_or(0, |k| k.end);
            if in_places || current.start != previous_end + 1 || !current.after_point {
                break;
            }
            in_places = true;
        }
        number.mantissa = number.mantissa.checked_mul(10)?.checked_add(u128::from(digit))?;
        number.places += u32::from(in_places);
        next += 1;
        if next - at > LONGEST_NUMBER {
            return None;
        }
    }
    (next > at).then_some((number, next))
}

fn multiplier(kept: &[KeptChar], at: usize, table: fn(char) -> Option<u128>) -> Option<u128> {
    kept.get(at).filter(|k| !k.gap).and_then(|k| table(k.ch))
}

/// The multipliers of numbers in words, and what each multiplies by.
pub const MULTIPLIERS: [(char, u128); 6] =
    [('십', 10), ('백', 100), ('천', 1_000), ('만', 10_000), ('억', 100_000_000), ('조', 1_000_000_000_000)];

/// What is counted; after one of these 이만 is a number.
pub const COUNTED: [&str; 14] =
    ["명", "원", "달러", "개", "건", "대", "번", "톤", "가구", "마리", "권", "장", "여명", "여원"];

/// Whether a word that begins with these two characters begins with a number in words whose first character is a multiplier: 천만, 만명. The
/// index says of such words where they begin, and queries ask for no others.
pub fn begins_in_words(first: char, second: char) -> bool {
    let multiplies = |ch: char| MULTIPLIERS.iter().any(|(name, _)| *name == ch);
    multiplies(first) && (multiplies(second) || COUNTED.iter().any(|unit| unit.starts_with(second)))
}

fn small_multiplier(ch: char) -> Option<u128> {
    match ch {
        '십' => Some(10),
        '백' => Some(100),
        '천' => Some(1000),
        _ => None,
    }
}

fn big_multiplier(ch: char) -> Option<u128> {
    match ch {
        '만' => Some(10_000),
        '억' => Some(100_000_000),
        '조' => Some(1_000_000_000_000),
        '경' => Some(10_000_000_000_000_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::kept_chars;
    use super::*;

    fn value(text: &str) -> Option<u128> {
        expression(&kept_chars(text), 0).map(|(value, _)| value)
    }

    #[test]
    fn ways_to_write_one_amount() {
        for text in ["1조2000억원", "1조 2천억 원", "1.2조원", "1조2,000억", "12000억"] {
            assert_eq!(value(text), Some(1_200_000_000_000), "{text}");
        }
        assert_eq!(value("3만5천명"), Some(35_000));
        assert_eq!(value("3만5000명"), Some(35_000));
        assert_eq!(value("5천만 명"), Some(50_000_000));
        assert_eq!(value("2천500억"), Some(250_000_000_000));
        assert_eq!(value("1억 2천만"), Some(120_000_000));
    }

    #[test]
    fn plain_numbers_and_words_are_none() {
        assert_eq!(value("2023년"), None);
        assert_eq!(value("이다"), None);
        assert_eq!(value("5%"), None);
        assert_eq!(value("3조 5명"), Some(3_000_000_000_000));
        assert_eq!(value("99999999999999999999999999999999999999억"), None);
    }
}
