//! Dates as Korean news writes them. Without a zone they are Korean time; without a time of day, midnight.
//!
//! A feed that stamps Korean time as `Z` cannot be told from one that means UTC, so `Z` is read as UTC (RFC 3339);
//! such a feed must be corrected where it is fetched.

use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

mod english;

use english::{MONTHS, parse_compact, parse_english, year_of_mail};

use crate::article::{KST, Timestamp};

impl Timestamp {
    /// Reads `2023-06-09T16:53:00+09:00` (RFC 3339), `Fri, 09 Jun 2023 16:53:00 +0900` (RFC 2822),
    /// `2023.06.09(금) 16:53`, `2021.10.04. 오후 8:29`, `2023년 6월 9일 오후 4시 53분`, `기사입력2018.01.01 오후 5:51`,
    /// `March 5, 2024 3:12 PM`, `Tue Mar  5 15:12:00 KST 2024`, `20200707`, `2020070712`, `20200707123000`, `20240305T151200+0900`, and seconds or
    /// milliseconds since the Unix epoch (10 or 13 digits). A year of two digits is read in RFC 2822 only, which says what it means.
    /// `None` for anything else: a date is never guessed.
    #[must_use]
    pub fn parse_lenient(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return from_digits(text);
        }
        if let Some(moment) =
            parse_rfc2822(text).or_else(|| parse_english(text)).or_else(|| parse_compact(text))
        {
            return Some(moment);
        }
        let found = find_date(text)?;
        let before = text.get(..found.start)?;
        let after = text.get(found.end..)?;
        let clean_before = before.chars().count() <= 20 && !before.chars().any(|c| c.is_ascii_alphanumeric());
        // `최종수정 2024.03.06 입력 2024.03.05`: the day of a change is not that of publication, which may follow.
        if ["수정", "갱신", "업데이트"].iter().any(|word| before.contains(word)) {
            return Self::parse_lenient(after.trim_start_matches([' ', '|', '/', ',', ')', ']']));
        }
        let clean_after = !after.starts_with(|c: char| c.is_ascii_alphanumeric());
        let certain = match found.has_time {
            true => !names_another_zone(after),
            false => !is_followed_by_a_clock(after),
        };
        (clean_before && clean_after && certain).then_some(found.moment)
    }
}

/// A date inside a longer text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FoundDate {
    pub(super) moment: Timestamp,
    /// Whether a time of day follows the day.
    pub(super) has_time: bool,
    /// First byte of the date.
    pub(super) start: usize,
    /// Byte after the date with its weekday, time and zone.
    pub(super) end: usize,
}

/// The first date with a four-digit year, a month and a day in `text`.
pub(super) fn find_date(text: &str) -> Option<FoundDate> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 8 <= bytes.len() {
        let digit_before = at > 0 && bytes.get(at - 1).is_some_and(u8::is_ascii_digit);
        let year_like = bytes.get(at..at + 4).is_some_and(|four| four.iter().all(u8::is_ascii_digit));
        if year_like && !digit_before {
            let mut reader = DateReader { text, at };
            if let Some((moment, has_time)) = reader.date_and_time() {
                return Some(FoundDate { moment, has_time, start: at, end: reader.at });
            }
        }
        at += 1;
    }
    None
}

fn from_digits(digits: &str) -> Option<Timestamp> {
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    match digits.len() {
        // Korean news begins in 1883 (한성순보): a smaller number is not a date.
        8 | 12 | 14 if digits >= "1883" => {
            let date = date(part(0, 4)?, part(4, 6)?, part(6, 8)?)?;
            let (hour, minute) = if digits.len() > 8 { (part(8, 10)?, part(10, 12)?) } else { (0, 0) };
            let second = if digits.len() > 12 { part(12, 14)? } else { 0 };
            on_clock(date, hour, minute, second, KST)
        }
        10 => from_ten_digits(digits),
        13 => Some(Timestamp::from_seconds(digits.parse::<i64>().ok()? / 1000)),
        _ => None,
    }
}

/// Ten digits are seconds, or a day and an hour: `2024030515`. As seconds the hours of this century lie in 2033 and later, so that
/// there `20…` is an hour, or no date if the calendar does not have it; `19…` may be an hour of 1999 as well as seconds of 2033.
fn from_ten_digits(digits: &str) -> Option<Timestamp> {
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    let hour = || on_clock(date(part(0, 4)?, part(4, 6)?, part(6, 8)?)?, part(8, 10)?, 0, 0, KST);
    match digits.get(..2)? {
        "20" => hour(),
        "19" if hour().is_some() => None,
        _ => Some(Timestamp::from_seconds(digits.parse().ok()?)),
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

fn time(hour: u32, minute: u32, second: u32) -> Option<Time> {
    // A leap second is the last one of its minute.
    let second = if second == 60 { 59 } else { second };
    Time::from_hms(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, u8::try_from(second).ok()?).ok()
}

/// The moment that a clock shows on a day; `24:00` is the end of that day, as in ISO 8601.
fn on_clock(date: Date, hour: u32, minute: u32, second: u32, zone: UtcOffset) -> Option<Timestamp> {
    if (hour, minute, second) == (24, 0, 0) {
        return moment(date.next_day()?, Time::MIDNIGHT, zone);
    }
    moment(date, time(hour, minute, second)?, zone)
}

fn moment(date: Date, time: Time, zone: UtcOffset) -> Option<Timestamp> {
    let moment = PrimitiveDateTime::new(date, time).assume_offset(zone);
    Some(Timestamp::from_seconds(moment.unix_timestamp()))
}

/// RFC 2822, with the obsolete zone names (section 4.3) and an optional weekday and time.
fn parse_rfc2822(text: &str) -> Option<Timestamp> {
    let text = text.split_once(',').map_or(text, |(weekday, rest)| {
        if weekday.len() <= 9 && weekday.bytes().all(|byte| byte.is_ascii_alphabetic()) { rest } else { text }
    });
    let mut words = text.split_ascii_whitespace();
    let day = words.next()?.parse().ok()?;
    let name = words.next()?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|month| name.get(..3) == Some(*month))? + 1;
    let date = date(year_of_mail(words.next()?)?, u32::try_from(month).ok()?, day)?;
    let Some(clock) = words.next() else {
        return moment(date, Time::MIDNIGHT, KST);
    };
    let mut parts = clock.split(':').map(str::parse);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().unwrap_or(Ok(0)).ok()?;
    let zone = match words.next() {
        Some(zone) => DateReader { text: zone, at: 0 }.zone()?,
        None => KST,
    };
    on_clock(date, hour, minute, second, zone)
}

/// Whether a time is followed by what is a zone by its look and is none that is known: `15:05 AEST`, `15:05 미국 동부시간`.
fn names_another_zone(after: &str) -> bool {
    // `+09:00[Asia/Seoul]` says it twice.
    let is_said = after.starts_with('[');
    let after = after.trim_start_matches([' ', '\u{a0}', '\t', '(', '[']);
    let letters = after.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = after.get(letters..).unwrap_or_default();
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
    // `Europe/London`; Seoul was read with the time.
    let place = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
    let of_a_city = !is_said && place > 2 && after.get(place..).is_some_and(|rest| rest.starts_with('/'));
    of_a_city
        || (2..=5).contains(&letters) && ends && !matches!(after.get(..letters), Some("AM" | "PM"))
        || ["미국", "현지", "동부시간", "서부시간"].iter().any(|word| after.starts_with(word))
}

/// Whether a day is followed by a time that was not read (`24:30`, `15.12`, `밤 12:05`), or by the end of a period.
fn is_followed_by_a_clock(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\u{a0}', '\t', 'T', ',', '|', '(', '[']);
    if after.starts_with(['~', '∼', '〜']) {
        return true;
    }
    let after = HALVES.iter().find_map(|(word, _)| after.strip_prefix(word)).unwrap_or(after).trim_start();
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = after.get(digits..).unwrap_or_default().chars();
    let sign = rest.next().is_some_and(|c| matches!(c, ':' | '.' | '시' | '：'));
    (1..=2).contains(&digits) && sign && rest.next().is_none_or(|c| c.is_ascii_digit() || c == ' ')
}

/// Reads forward through a text, never past its end.
struct DateReader<'a> {
    text: &'a str,
    at: usize,
}

impl DateReader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().get(..token.len()).is_some_and(|head| head.eq_ignore_ascii_case(token));
        if found {
            self.at += token.len();
        }
        found
    }

    fn eat_any(&mut self, tokens: &[&str]) -> bool {
        tokens.iter().any(|token| self.eat(token))
    }

    fn spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\u{a0}', '\t']).len();
    }

    /// Runs `read`; where it gives `None`, the position is as before.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.at;
        let found = read(self);
        if found.is_none() {
            self.at = before;
        }
        found
    }

    /// A number of one to `most` digits.
    fn number(&mut self, most: usize) -> Option<u32> {
        let length = self.rest().bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
        if length == 0 || length > most {
            return None;
        }
        let value = self.rest().get(..length)?.parse().ok()?;
        self.at += length;
        Some(value)
    }

    fn separator(&mut self, word: &str) -> bool {
        self.spaces();
        let found = self.eat_any(&["-", ".", "/", word]);
        self.spaces();
        found
    }

    fn date_and_time(&mut self) -> Option<(Timestamp, bool)> {
        let year = self.number(4)?;
        if !self.separator("년") {
            return None;
        }
        let month = self.number(2)?;
        if !self.separator("월") {
            return None;
        }
        let day = self.number(2)?;
        let date = date(year, month, day)?;
        let date_end = self.at;
        self.spaces();
        if !self.eat_any(&["일", "."]) {
            self.at = date_end;
        }
        let date_end = self.at;
        self.weekday();
        let tail = self.at;
        match self.time_of_day() {
            Some(((hour, minute, second), zone)) => Some((on_clock(date, hour, minute, second, zone)?, true)),
            None => {
                self.at = if tail > date_end { tail } else { date_end };
                Some((moment(date, Time::MIDNIGHT, KST)?, false))
            }
        }
    }

    /// `(금)`, `금요일`, `(Fri)`.
    fn weekday(&mut self) {
        let before = self.at;
        self.spaces();
        let bracket = self.eat_any(&["(", "["]);
        const DAYS: [&str; 14] =
            ["월", "화", "수", "목", "금", "토", "일", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let named = self.eat_any(&DAYS);
        let whole = named && (self.eat("요일") || bracket);
        if !whole || (bracket && !self.eat_any(&[")", "]"])) {
            self.at = before;
        }
    }

    /// Hour, minute and second, and the zone; `None` where no clock shows them.
    fn time_of_day(&mut self) -> Option<((u32, u32, u32), UtcOffset)> {
        self.spaces();
        if self.eat_any(&["T", ",", "|", "/", "-"]) {
            self.spaces();
        }
        let half = self.half_of_day();
        let (hour, minute, second) = self.clock()?;
        let half = match half {
            Some(half) => {
                self.spaces();
                Some(half)
            }
            None => self.attempt(|reader| {
                reader.spaces();
                reader.half_of_day()
            }),
        };
        let hour = match half {
            // No clock shows 24 beside a half of the day.
            Some(_) if hour == 24 => return None,
            Some(Half::Morning) if hour == 12 => 0,
            Some(Half::Noon) if hour >= 10 => hour,
            Some(Half::Afternoon | Half::Noon) if hour < 12 => hour + 12,
            // `밤 12:05` and `밤 1:05` are of the next day for some, and of this one for others.
            Some(Half::Night) if (6..12).contains(&hour) => hour + 12,
            Some(Half::Night) if hour <= 12 => return None,
            _ => hour,
        };
        let zone = self.attempt(|reader| {
            reader.spaces();
            reader.zone()
        });
        let shown = (hour, minute, second) == (24, 0, 0) || time(hour, minute, second).is_some();
        shown.then_some(((hour, minute, second), zone.unwrap_or(KST)))
    }

    /// `16:53`, `16:53:01.123`, `4시 53분 1초`, `4시`: hour, minute and second as written.
    fn clock(&mut self) -> Option<(u32, u32, u32)> {
        let hour = self.number(2)?;
        let korean = self.eat("시");
        if !korean && !self.eat(":") {
            return None;
        }
        self.spaces();
        let minute = if korean { self.number(2).unwrap_or(0) } else { self.number(2)? };
        if korean {
            self.eat("분");
        }
        let second = self.attempt(|reader| {
            (reader.eat(":") || korean).then_some(())?;
            reader.spaces();
            let second = reader.number(2)?;
            (!korean || reader.eat("초")).then_some(second)
        });
        // A fraction of a second is read and dropped.
        self.attempt(|reader| {
            reader.eat_any(&[".", ","]).then_some(())?;
            reader.number(9)
        });
        Some((hour, minute, second.unwrap_or(0)))
    }

    /// Morning or afternoon, with the spaces after it.
    fn half_of_day(&mut self) -> Option<Half> {
        let half = HALVES.iter().find(|(word, _)| self.eat(word)).map(|(_, half)| *half)?;
        self.spaces();
        Some(half)
    }

    fn zone(&mut self) -> Option<UtcOffset> {
        self.eat_any(&["(", "["]);
        if self.word("Asia/Seoul") {
            return Some(KST);
        }
        // Those of RFC 2822, section 4.3, and of Korea's neighbour.
        const NAMED: [(&str, i8); 10] = [
            ("KST", 9),
            ("JST", 9),
            ("EST", -5),
            ("EDT", -4),
            ("CST", -6),
            ("CDT", -5),
            ("MST", -7),
            ("MDT", -6),
            ("PST", -8),
            ("PDT", -7),
        ];
        if let Some((_, hours)) = NAMED.iter().find(|(name, _)| self.word(name)) {
            return UtcOffset::from_hms(*hours, 0, 0).ok();
        }
        let named = self.eat_any(&["UTC", "GMT", "UT", "Z"]);
        let east = if self.eat("+") {
            1
        } else if self.eat_any(&["-", "−"]) {
            -1
        } else {
            return named.then_some(UtcOffset::UTC);
        };
        let digits = self.rest().bytes().take(4).take_while(u8::is_ascii_digit).count();
        // `GMT+9`.
        let hours = self.number_of(if named && digits == 1 { 1 } else { 2 })?;
        let minutes = if digits == 4 || self.eat(":") { self.number_of(2)? } else { 0 };
        UtcOffset::from_hms(east * hours, east * minutes, 0).ok()
    }

    /// Eats `word` if no letter follows it.
    fn word(&mut self, word: &str) -> bool {
        let ends = self.rest().get(word.len()..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        ends && self.eat(word)
    }

    /// Exactly `length` digits.
    fn number_of(&mut self, length: usize) -> Option<i8> {
        let value = self.rest().get(..length)?.parse().ok()?;
        self.at += length;
        Some(value)
    }
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Noon,
    Afternoon,
    Night,
}

/// The words for parts of a day before a time.
const HALVES: [(&str, Half); 11] = [
    ("오전", Half::Morning),
    ("새벽", Half::Morning),
    ("아침", Half::Morning),
    ("am", Half::Morning),
    ("a.m.", Half::Morning),
    ("낮", Half::Noon),
    ("오후", Half::Afternoon),
    ("저녁", Half::Afternoon),
    ("pm", Half::Afternoon),
    ("p.m.", Half::Afternoon),
    ("밤", Half::Night),
];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        Timestamp::parse_lenient(text).map_or_else(|| "-".to_owned(), |moment| moment.to_string())
    }

    #[test]
    fn every_form() {
        for (text, expected) in [
            ("2023-06-09T16:53:00+09:00", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09T07:53:00Z", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09T07:53:00.123Z", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09T07:53:00+0000", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09T02:53:00-05:00", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09 16:53", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09T16:53", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09 16:53:01 KST", "2023-06-09T16:53:01+09:00"),
            ("2023-06-09 03:53 EDT", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09T00:53:00 PDT", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09 16:53 (JST)", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09 16:53:00 GMT+9", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09 16:53:00 (GMT+9)", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09T16:53:00+09:00[Asia/Seoul]", "2023-06-09T16:53:00+09:00"),
            ("2023-06-09 16:53 Asia/Seoul", "2023-06-09T16:53:00+09:00"),
            ("Fri, 09 Jun 2023 02:53:00 EST", "2023-06-09T16:53:00+09:00"),
            ("2023.06.09(금) 16:53", "2023-06-09T16:53:00+09:00"),
            ("2023.06.09 (금) 16:53", "2023-06-09T16:53:00+09:00"),
            ("2021.10.04. 오후 8:29", "2021-10-04T20:29:00+09:00"),
            ("2021. 10. 4. 오전 12:05", "2021-10-04T00:05:00+09:00"),
            ("2021/10/04 08:29 PM", "2021-10-04T20:29:00+09:00"),
            ("2021-10-04 | 08:29", "2021-10-04T08:29:00+09:00"),
            ("기사입력2018.01.01 오후 5:51", "2018-01-01T17:51:00+09:00"),
            ("입력 : 2018.01.01 17:51 수정 : 2018.01.02 09:00", "2018-01-01T17:51:00+09:00"),
            ("2023년 6월 9일 오후 4시 53분", "2023-06-09T16:53:00+09:00"),
            ("2023년 6월 9일 금요일 16시", "2023-06-09T16:00:00+09:00"),
            ("20200707", "2020-07-07T00:00:00+09:00"),
            ("20200707123045", "2020-07-07T12:30:45+09:00"),
            ("2020-07-07", "2020-07-07T00:00:00+09:00"),
            ("1686297180", "2023-06-09T16:53:00+09:00"),
            ("1686297180000", "2023-06-09T16:53:00+09:00"),
            ("Fri, 09 Jun 2023 16:53:00 +0900", "2023-06-09T16:53:00+09:00"),
            ("Fri, 9 Jun 2023 07:53:00 GMT", "2023-06-09T16:53:00+09:00"),
            ("09 Jun 2023", "2023-06-09T00:00:00+09:00"),
            ("Tue, 5 Mar 24 15:12:00 +0900", "2024-03-05T15:12:00+09:00"),
            ("5 Mar 50 15:12:00 +0900", "1950-03-05T15:12:00+09:00"),
            ("Tue, 05 Mar 124 15:12:00 +0900", "2024-03-05T15:12:00+09:00"),
            ("March 5, 2024 3:12 PM", "2024-03-05T15:12:00+09:00"),
            ("Mar. 5th, 2024, 12:12 a.m.", "2024-03-05T00:12:00+09:00"),
            ("5 March 2024 at 15:12", "2024-03-05T15:12:00+09:00"),
            ("Tue Mar  5 15:12:00 KST 2024", "2024-03-05T15:12:00+09:00"),
            ("Tue Mar 05 2024 15:12:00 GMT+0900 (한국 표준시)", "2024-03-05T15:12:00+09:00"),
            ("20240305T151200+0900", "2024-03-05T15:12:00+09:00"),
            ("20240305T061200Z", "2024-03-05T15:12:00+09:00"),
            ("20240305 15:12", "2024-03-05T15:12:00+09:00"),
            ("20240305.0", "2024-03-05T00:00:00+09:00"),
            ("2024030515", "2024-03-05T15:00:00+09:00"),
            ("2024123124", "2025-01-01T00:00:00+09:00"),
            ("1999999999", "2033-05-18T12:33:19+09:00"),
            ("2024-03-05 밤 9:05", "2024-03-05T21:05:00+09:00"),
            ("2024-03-05 낮 12:05", "2024-03-05T12:05:00+09:00"),
            ("2024년 3월 5일 새벽 3시 5분", "2024-03-05T03:05:00+09:00"),
            ("2024-03-05 저녁 7:05", "2024-03-05T19:05:00+09:00"),
            ("최종수정 2024.03.06 10:00 입력 2024.03.05 09:00", "2024-03-05T09:00:00+09:00"),
            ("05-Mar-2024 15:12:00", "2024-03-05T15:12:00+09:00"),
            ("2024-Mar-05", "2024-03-05T00:00:00+09:00"),
            ("2024-03-05 (1면)", "2024-03-05T00:00:00+09:00"),
            ("2024-03-05 24:00", "2024-03-06T00:00:00+09:00"),
            ("2024-02-28T24:00:00Z", "2024-02-29T09:00:00+09:00"),
            ("2024.12.31(화) 24:00:00", "2025-01-01T00:00:00+09:00"),
            ("2024년 3월 5일 24시", "2024-03-06T00:00:00+09:00"),
            ("202403052400", "2024-03-06T00:00:00+09:00"),
            ("20240305240000", "2024-03-06T00:00:00+09:00"),
            ("20240305T240000+0900", "2024-03-06T00:00:00+09:00"),
            ("Tue, 05 Mar 2024 24:00:00 +0900", "2024-03-06T00:00:00+09:00"),
            ("March 5, 2024 24:00", "2024-03-06T00:00:00+09:00"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_stays_none() {
        for text in [
            "",
            "어제",
            "2023-13-01",
            "2023.02.30",
            "20231301",
            "12345",
            "2023년",
            "06.09",
            "2023-06-09abc",
            "3 Foo 2023",
            "010-2023-0609",
            "5 Mar 0024",
            "24.03.05 15:12",
            "03/05/2024",
            "45356.633",
            "March 2024",
            "May 5 6 2024",
            "20240305.5",
            "2023-06-09 16:53 AEST",
            "2024-03-05T15:12:00 Europe/London",
            "2024-03-05 15:12 America/New_York",
            "수정 2024.03.06 10:00",
            "2024-03-05 24:30",
            "2024-03-05 15.12",
            "2024-03-05 밤 12:05",
            "2024-03-05 ~ 2024-03-07",
            "05-Mar-24",
            "2023-06-09 16:53 (CET)",
            "2023-06-09 16:53 미국 동부시간",
            // An hour that the calendar or the clock does not have, and an hour of 1999 that may be seconds of 2033.
            "2024133015",
            "2024030525",
            "1999123123",
            "202403052430",
            "March 5, 2024 24:00 PM",
        ] {
            assert_eq!(read(text), "-", "{text}");
        }
    }

    #[test]
    fn finds_a_date_glued_to_text() {
        let found = find_date("2024-11-15 18:04:20나라 소식").unwrap();
        assert_eq!((found.start, found.end, found.has_time), (0, 19, true));
        let found = find_date("등록 2024.11.15").unwrap();
        assert!(!found.has_time && found.end == "등록 2024.11.15".len());
    }

    proptest! {
        #[test]
        fn total(text in "([0-9]{1,4}|[-:.TZ+(),/ ]|\\PC|오전|오후|년|월|일|시|분|금){0,16}") {
            let _ = Timestamp::parse_lenient(&text);
            if let Some(found) = find_date(&text) {
                prop_assert!(text.get(found.start..found.end).is_some());
            }
        }

        #[test]
        fn what_is_written_is_read_back(seconds in -2_700_000_000_i64..7_000_000_000) {
            let moment = Timestamp::from_seconds(seconds);
            prop_assert_eq!(Timestamp::parse_lenient(&moment.to_string()), Some(moment));
        }
    }
}
