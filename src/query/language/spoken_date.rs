//! `날짜:` values that are words: `어제`, `지난주`, `최근 7일`, `지난달..어제`, `yesterday`. Which days they mean depends on the day on which
//! they are asked, so the tree keeps the words, and the plan asks for the days.

use time::macros::date;
use time::{Date, Duration, Month};

use super::date;
use super::date_range::DateRange;
use crate::query::period::Period;

/// Days named in words, alone or as an end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SpokenDates {
    text: Box<str>,
}

/// English names and what they are called in Korean.
const ENGLISH: [(&str, &str); 8] = [
    ("today", "오늘"),
    ("yesterday", "어제"),
    ("thisweek", "이번주"),
    ("lastweek", "지난주"),
    ("thismonth", "이번달"),
    ("lastmonth", "지난달"),
    ("thisyear", "올해"),
    ("lastyear", "작년"),
];

/// Any day: whether words name days does not depend on it.
const SOME_DAY: Date = date!(2026 - 06 - 15);

impl SpokenDates {
    /// Reads `value`; `None` where it is not in words that name days.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let text = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']'));
        range(text, SOME_DAY).map(|_| Self { text: text.into() })
    }

    /// As typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The days that are meant on the day `today`; `None` where the calendar ends before them.
    pub fn on(&self, today: Date) -> Option<DateRange> {
        range(&self.text, today)
    }
}

fn range(text: &str, today: Date) -> Option<DateRange> {
    let of = |text: &str| {
        let text = text.trim();
        date::parse_range(text).or_else(|| spoken(text, today)).filter(|days| days.from.is_some())
    };
    let (from, to) = match text.split_once("..").or_else(|| text.split_once('~')) {
        None => return of(text),
        Some((from, to)) => (from.trim(), to.trim()),
    };
    match (from.is_empty(), to.is_empty()) {
        (true, true) => None,
        (false, true) => Some(DateRange { from: of(from)?.from, to: None }),
        (true, false) => Some(DateRange { from: None, to: of(to)?.to }),
        (false, false) => {
            let (from, to) = (of(from)?, of(to)?);
            Some(DateRange { from: from.from.min(to.from), to: from.to.max(to.to) })
        }
    }
}

fn spoken(text: &str, today: Date) -> Option<DateRange> {
    let word: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let days = |first: Date, last: Date| Some(DateRange { from: Some(first), to: Some(last) });
    let latin: String = word.chars().filter(|c| !matches!(c, '-' | '_')).collect::<String>().to_lowercase();
    let korean = ENGLISH.iter().find(|(english, _)| *english == latin).map(|(_, korean)| *korean);
    if let Some(period) = Period::of(&[korean.unwrap_or(&word)], today) {
        return days(period.first, period.last);
    }
    if let Some(rest) = word.strip_prefix("최근").or_else(|| word.strip_prefix("지난"))
        && let Some(before) = before(rest, today)
    {
        // Seven days end today, and today is one of them.
        return days(before.next_day()?, today);
    }
    if let Some(day) = word.strip_suffix('전').and_then(|rest| before(rest, today)) {
        return days(day, day);
    }
    if matches!(&*word, "그끄제" | "그끄저께") {
        let day = today.checked_sub(Duration::days(3))?;
        return days(day, day);
    }
    if let Some(day) = month_and_day(&word, today) {
        return days(day, day);
    }
    // 5월, 여름: the latest that has begun.
    let latest = Period::of(&["지난", &word], today)?;
    days(latest.first, latest.last)
}

/// The day that was so long ago: `7일`, `2주`, `3개월`, `한달`, `1년`.
fn before(length: &str, today: Date) -> Option<Date> {
    let length = match length {
        "일주일" => "7일",
        "한달" => "1개월",
        "일년" => "1년",
        length => length,
    };
    let digits = length.find(|c: char| !c.is_ascii_digit()).filter(|end| (1..=3).contains(end))?;
    let (count, unit) = length.split_at_checked(digits)?;
    let count: i32 = count.parse().ok().filter(|count| *count > 0)?;
    match unit {
        "일" | "일간" => today.checked_sub(Duration::days(count.into())),
        "주" | "주간" | "주일" => today.checked_sub(Duration::weeks(count.into())),
        "개월" | "달" | "개월간" => months_before(count, today),
        "년" | "년간" => months_before(count.checked_mul(12)?, today),
        _ => None,
    }
}

/// The same day of the month `count` months earlier, or the last of that month.
fn months_before(count: i32, today: Date) -> Option<Date> {
    let month = today.year() * 12 + i32::from(u8::from(today.month())) - 1 - count;
    let (year, month) = (month.div_euclid(12), u8::try_from(month.rem_euclid(12) + 1).ok()?);
    let month = Month::try_from(month).ok()?;
    Date::from_calendar_date(year, month, today.day().min(month.length(year))).ok()
}

/// `5월5일` without a year: the latest one that is not after `today`.
fn month_and_day(word: &str, today: Date) -> Option<Date> {
    /// As many years as may be between two 29ths of February.
    const YEARS: i32 = 8;
    let (month, day) = word.strip_suffix('일')?.split_once('월')?;
    let number = |digits: &str| {
        let two = matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit());
        two.then(|| digits.parse::<u8>().ok()).flatten()
    };
    let (month, day) = (Month::try_from(number(month)?).ok()?, number(day)?);
    let years = (0..=YEARS).map(|ago| today.year() - ago);
    let mut dates = years.filter_map(|year| Date::from_calendar_date(year, month, day).ok());
    dates.find(|date| *date <= today)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Option<Date>, Option<Date>)> {
        let days = SpokenDates::parse(text)?.on(date!(2026 - 05 - 14)).unwrap();
        Some((days.from, days.to))
    }

    #[test]
    fn words_name_days() {
        let days = |first, last| Some((Some(first), Some(last)));
        let day = |day| days(day, day);
        assert_eq!(read("오늘"), day(date!(2026 - 05 - 14)));
        assert_eq!(read("어제"), day(date!(2026 - 05 - 13)));
        assert_eq!(read("그제"), day(date!(2026 - 05 - 12)));
        assert_eq!(read("그끄제"), day(date!(2026 - 05 - 11)));
        assert_eq!(read("3일전"), day(date!(2026 - 05 - 11)));
        assert_eq!(read("이번 주"), days(date!(2026 - 05 - 11), date!(2026 - 05 - 17)));
        assert_eq!(read("지난주"), days(date!(2026 - 05 - 04), date!(2026 - 05 - 10)));
        assert_eq!(read("지난달"), days(date!(2026 - 04 - 01), date!(2026 - 04 - 30)));
        assert_eq!(read("이번달"), days(date!(2026 - 05 - 01), date!(2026 - 05 - 31)));
        assert_eq!(read("올해"), days(date!(2026 - 01 - 01), date!(2026 - 12 - 31)));
        assert_eq!(read("작년 여름"), days(date!(2025 - 06 - 01), date!(2025 - 08 - 31)));
        assert_eq!(read("최근 7일"), days(date!(2026 - 05 - 08), date!(2026 - 05 - 14)));
        assert_eq!(read("최근 한 달"), days(date!(2026 - 04 - 15), date!(2026 - 05 - 14)));
        assert_eq!(read("11월"), days(date!(2025 - 11 - 01), date!(2025 - 11 - 30)));
        assert_eq!(read("2월29일"), day(date!(2024 - 02 - 29)));
        assert_eq!(read("2024년6월9일"), day(date!(2024 - 06 - 09)));
        assert_eq!(read("last-week"), read("지난주"));
        assert_eq!(read("Yesterday"), read("어제"));
    }

    #[test]
    fn words_are_ends_of_ranges_too() {
        let (yesterday, may) = (Some(date!(2026 - 05 - 13)), Some(date!(2026 - 05 - 01)));
        assert_eq!(read("2026-05-01..어제"), Some((may, yesterday)));
        assert_eq!(read("어제~2026.5.1"), Some((may, yesterday)));
        assert_eq!(read("어제.."), Some((yesterday, None)));
        assert_eq!(read("..어제"), Some((None, yesterday)));
        assert_eq!(read("지난달..이번달"), Some((Some(date!(2026 - 04 - 01)), Some(date!(2026 - 05 - 31)))));
    }

    #[test]
    fn other_words_are_not_dates() {
        for text in
            ["아무거나", "내일", "13월", "2월30일", "최근", "최근 0일", "전", "..", "어제..아무거나", ""]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
