//! `날짜:` values: a day, month or year, or a range of them.

use std::fmt::Write as _;

use time::{Date, Month};

use super::date_range::DateRange;

/// Reads `2023-06-01`, `2023-06`, `2023`, two of them around `..` or `~`, either end absent. `.` and `/` separate as `-`
/// does, days and months may have one digit, and eight digits are a day. Ends in the wrong order are swapped. `None` for anything else.
pub(super) fn parse_range(value: &str) -> Option<DateRange> {
    let value = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']'));
    let (from, to) = match value.split_once("..").or_else(|| value.split_once('~')) {
        None => {
            let period = Period::parse(value)?;
            return Some(DateRange { from: Some(period.first), to: Some(period.last) });
        }
        Some((from, to)) => (from.trim(), to.trim()),
    };
    let (from, to) = match (from.is_empty(), to.is_empty()) {
        (true, true) => return None,
        (false, true) => return Some(DateRange { from: Some(Period::parse(from)?.first), to: None }),
        (true, false) => return Some(DateRange { from: None, to: Some(Period::parse(to)?.last) }),
        (false, false) => (Period::parse(from)?, Period::parse(to)?),
    };
    Some(DateRange { from: Some(from.first.min(to.first)), to: Some(from.last.max(to.last)) })
}

/// The shortest text that [`parse_range`] reads as this range.
pub(super) fn print_range(range: &DateRange) -> String {
    match (range.from, range.to) {
        (Some(from), Some(to)) => {
            whole_period(from, to).unwrap_or_else(|| format!("{}..{}", day(from), day(to)))
        }
        (Some(from), None) => format!("{}..", day(from)),
        (None, Some(to)) => format!("..{}", day(to)),
        (None, None) => "..".to_owned(),
    }
}

/// `YYYY-MM-DD`.
pub(super) fn day(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

fn whole_period(from: Date, to: Date) -> Option<String> {
    let mut text = format!("{:04}", from.year());
    if Period::year(from.year())? == (Period { first: from, last: to }) {
        return Some(text);
    }
    write!(text, "-{:02}", u8::from(from.month())).ok()?;
    if Period::month(from.year(), from.month())? == (Period { first: from, last: to }) {
        return Some(text);
    }
    (from == to).then(|| day(from))
}

#[derive(PartialEq, Eq)]
struct Period {
    first: Date,
    last: Date,
}

impl Period {
    fn parse(text: &str) -> Option<Period> {
        if let (8, true) = (text.len(), text.bytes().all(|b| b.is_ascii_digit())) {
            // 20260505, as file names and feeds have it.
            let parts = [text.get(..4)?, text.get(4..6)?, text.get(6..)?];
            return Period::parse(&parts.join("-"));
        }
        let mut numbers = text.trim_end_matches('.').split(['-', '.', '/']);
        let year = i32::from(number(numbers.next()?, 4..=4)?);
        let Some(month) = numbers.next() else { return Period::year(year) };
        let month = Month::try_from(u8::try_from(number(month, 1..=2)?).ok()?).ok()?;
        let Some(day) = numbers.next() else { return Period::month(year, month) };
        let day = u8::try_from(number(day, 1..=2)?).ok()?;
        if numbers.next().is_some() {
            return None;
        }
        let date = Date::from_calendar_date(year, month, day).ok()?;
        Some(Period { first: date, last: date })
    }

    fn year(year: i32) -> Option<Period> {
        Some(Period {
            first: Date::from_calendar_date(year, Month::January, 1).ok()?,
            last: Date::from_calendar_date(year, Month::December, 31).ok()?,
        })
    }

    fn month(year: i32, month: Month) -> Option<Period> {
        Some(Period {
            first: Date::from_calendar_date(year, month, 1).ok()?,
            last: Date::from_calendar_date(year, month, month.length(year)).ok()?,
        })
    }
}

/// Only ASCII digits: `str::parse` alone would take a sign.
fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u16> {
    (digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}
