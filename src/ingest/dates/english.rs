//! Dates with an English month, in any order, and dates without separators: what programs write.

use time::UtcOffset;

use super::{DateReader, date, from_digits, on_clock};
use crate::article::{KST, Timestamp};

pub(super) const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A year of RFC 2822, section 4.3: of two digits, 00 to 49 are of this century; of three, from 1900 on.
pub(super) fn year_of_mail(word: &str) -> Option<u32> {
    let year: u32 = word.parse().ok()?;
    match (word.len(), year) {
        (2, 0..=49) => Some(2000 + year),
        (2 | 3, _) => Some(1900 + year),
        (4, 1000..) => Some(year),
        _ => None,
    }
}

/// A date with an English month in any order: `Mar 5, 2024, 3:12 PM`, `Tue Mar 05 2024 15:12:00 GMT+0900 (…)`, `5 March 2024`,
/// `Tue Mar  5 15:12:00 KST 2024`. The year has four digits, and nothing is left over.
pub(super) fn parse_english(text: &str) -> Option<Timestamp> {
    let text = text.split_once(" (").map_or(text, |(date, _)| date);
    if text.len() > 60 {
        return None;
    }
    // `05-Mar-2024`, as Oracle writes it.
    let spaced = with_spaces(text);
    let text = spaced.as_deref().unwrap_or(text);
    let (mut year, mut month, mut day) = (None, None, None);
    let (mut clock, mut half, mut zone) = (None, None, None);
    for word in text.split([' ', ',', '\u{a0}', '\u{202f}']).filter(|word| !word.is_empty()) {
        let lower = word.trim_end_matches('.').to_ascii_lowercase();
        let place = |names: &[&str]| {
            lower
                .get(..3)
                .and_then(|three| names.iter().position(|name| *name == three))
                .filter(|_| lower.len() <= 9 && lower.bytes().all(|byte| byte.is_ascii_lowercase()))
        };
        if let (None, Some(found)) = (month, place(&MONTHS)) {
            month = Some(u32::try_from(found + 1).ok()?);
        } else if place(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"]).is_some() || lower == "at" {
        } else if matches!(lower.as_str(), "am" | "pm" | "a.m" | "p.m") {
            half = Some(lower.starts_with('p'));
        } else if let (None, Some((hour, minute, second))) = (clock, clock_of(&lower)) {
            clock = Some((hour, minute, second));
        } else if word.len() == 4 && year.is_none() && word.bytes().all(|byte| byte.is_ascii_digit()) {
            year = word.parse::<u32>().ok().filter(|year| *year >= 1000);
        } else if let (None, Some(number)) = (day, day_of(&lower)) {
            day = Some(number);
        } else if let (None, Some(found)) = (zone, whole_zone(word)) {
            zone = Some(found);
        } else {
            return None;
        }
    }
    let date = date(year?, month?, day?)?;
    let (hour, minute, second) = clock.unwrap_or((0, 0, 0));
    let hour = match half {
        // No clock shows 24 beside a half of the day.
        Some(_) if hour == 24 => return None,
        Some(false) if hour == 12 => 0,
        Some(true) if hour < 12 => hour + 12,
        _ => hour,
    };
    on_clock(date, hour, minute, second, zone.unwrap_or(KST))
}

/// `05-Mar-2024` → `05 Mar 2024`.
fn with_spaces(text: &str) -> Option<String> {
    let (before, rest) = text.split_once('-')?;
    let (month, after) = rest.split_once('-')?;
    let is_month = month.len() == 3 && MONTHS.iter().any(|name| month.eq_ignore_ascii_case(name));
    (is_month && before.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| format!("{before} {month} {after}"))
}

/// `5`, `05`, `5th`.
fn day_of(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let suffix = word.get(digits.len()..)?;
    (digits.len() <= 2 && matches!(suffix, "" | "st" | "nd" | "rd" | "th"))
        .then(|| digits.parse().ok())
        .flatten()
}

/// `15:12`, `15:12:00`.
fn clock_of(word: &str) -> Option<(u32, u32, u32)> {
    let mut reader = DateReader { text: word, at: 0 };
    let clock = reader.clock()?;
    (reader.at == word.len()).then_some(clock)
}

fn whole_zone(word: &str) -> Option<UtcOffset> {
    let mut reader = DateReader { text: word, at: 0 };
    let zone = reader.zone()?;
    (reader.at == word.len()).then_some(zone)
}

/// `20240305T151200+0900`, `20240305 15:12`, `20240305.0`: eight digits, then a time of day, or a fraction that a table of numbers added.
pub(super) fn parse_compact(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_at_checked(8)?;
    let fraction =
        |rest: &str| rest.strip_prefix('.').is_some_and(|zeros| zeros.bytes().all(|zero| zero == b'0'));
    if !day.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if fraction(rest) {
        return from_digits(day);
    }
    let clock = rest.strip_prefix(['T', 't', ' '])?.trim();
    let digits = clock.bytes().take_while(u8::is_ascii_digit).count();
    let (hour, minute, second, after) = if matches!(digits, 4 | 6) {
        let part = |from: usize| clock.get(from..from + 2)?.parse::<u32>().ok();
        (part(0)?, part(2)?, if digits == 6 { part(4)? } else { 0 }, clock.get(digits..)?)
    } else {
        let mut reader = DateReader { text: clock, at: 0 };
        let (hour, minute, second) = reader.clock()?;
        (hour, minute, second, clock.get(reader.at..)?)
    };
    let zone = if after.trim().is_empty() { KST } else { whole_zone(after.trim())? };
    let midnight = from_digits(day)?;
    on_clock(midnight.kst_date(), hour, minute, second, zone)
}
