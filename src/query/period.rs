//! Time words: `올해`, `작년 여름`, `지난 1월`, `2024년 6월`, `어제`, as the days that they mean on a given day.
//!
//! What an article was published in it need not say: its date says it. What a word means depends on the day it is typed.

use time::{Date, Duration, Month, Weekday};

/// Days in Korean time, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

/// Words that name one period together, at most.
pub const MOST_WORDS: usize = 3;

/// Particles after a time word, longer ones before their endings.
const PARTICLES: [&str; 16] = [
    "에서는",
    "부터는",
    "까지는",
    "에는",
    "에도",
    "부터",
    "까지",
    "에서",
    "의",
    "에",
    "엔",
    "은",
    "는",
    "이",
    "도",
    "동안",
];

/// A part of a year: first and last month.
const SEASONS: [(&str, u8, u8); 10] = [
    ("상반기", 1, 6),
    ("하반기", 7, 12),
    ("1분기", 1, 3),
    ("2분기", 4, 6),
    ("3분기", 7, 9),
    ("4분기", 10, 12),
    ("봄", 3, 5),
    ("여름", 6, 8),
    ("가을", 9, 11),
    ("겨울", 12, 14),
];

impl Period {
    /// The period that `words` name together on the day `today`; `None` where one of them is not a part of it.
    pub fn of(words: &[&str], today: Date) -> Option<Self> {
        let (last, before) = words.split_last()?;
        let bare = without_particle(last);
        let mut parts: Vec<&str> = before.to_vec();
        parts.push(bare);
        let mut parts = split_years(&parts).into_iter();
        let first = parts.next()?;
        let rest: Vec<&str> = parts.collect();
        if let Some(period) = Self::day_or_week(first, today).filter(|_| rest.is_empty()) {
            return Some(period);
        }
        if let Some(year) = year(first, today) {
            return match rest.as_slice() {
                [] => Self::months(year, 1, 12),
                [part] => Self::within(year, part),
                [month, day] => Self::day(year, month, day),
                _ => None,
            };
        }
        // The latest one that has begun.
        match (first, rest.as_slice()) {
            ("지난" | "올" | "이번", [part]) => {
                let this = Self::within(today.year(), part)?;
                if this.first <= today { Some(this) } else { Self::within(today.year() - 1, part) }
            }
            _ => None,
        }
    }

    /// The same, and the month after it: so long what happened is still news of it.
    #[must_use]
    pub fn with_month_after(self) -> Self {
        let (year, month) = match self.last.month() {
            Month::December => (self.last.year() + 1, Month::January),
            month => (self.last.year(), month.next()),
        };
        let day =
            if month_end(self.last) { month.length(year) } else { self.last.day().min(month.length(year)) };
        let last = Date::from_calendar_date(year, month, day).unwrap_or(self.last);
        Self { first: self.first, last }
    }

    fn day_or_week(word: &str, today: Date) -> Option<Self> {
        let days = |ago: i64| today.checked_sub(Duration::days(ago));
        let day = |ago: i64| Some(Self { first: days(ago)?, last: days(ago)? });
        let monday =
            today.checked_sub(Duration::days(i64::from(today.weekday().number_days_from_monday())))?;
        debug_assert_eq!(monday.weekday(), Weekday::Monday);
        match word {
            "오늘" => day(0),
            "어제" => day(1),
            "그제" | "그저께" | "엊그제" => day(2),
            "이번주" | "금주" => {
                Some(Self { first: monday, last: monday.checked_add(Duration::days(6))? })
            }
            "지난주" | "저번주" => {
                let first = monday.checked_sub(Duration::days(7))?;
                Some(Self { first, last: first.checked_add(Duration::days(6))? })
            }
            "이달" | "이번달" | "금월" => {
                Self::months(today.year(), today.month().into(), today.month().into())
            }
            "지난달" | "저번달" | "전월" => match u8::from(today.month()) {
                1 => Self::months(today.year() - 1, 12, 12),
                month => Self::months(today.year(), month - 1, month - 1),
            },
            _ => None,
        }
    }

    /// A part of a year by its name: a season, a half, a quarter, a month.
    fn within(year: i32, part: &str) -> Option<Self> {
        if let Some((_, first, last)) = SEASONS.iter().find(|(name, ..)| *name == part) {
            return Self::months(year, *first, *last);
        }
        let month = number(part.strip_suffix('월')?).filter(|month| (1..=12).contains(month))?;
        Self::months(year, month, month)
    }

    /// From the first day of a month to the last of another, 13 and more in the next year.
    fn months(year: i32, first: u8, last: u8) -> Option<Self> {
        let of = |month: u8| {
            let (year, month) = if month > 12 { (year + 1, month - 12) } else { (year, month) };
            Some((year, Month::try_from(month).ok()?))
        };
        let ((first_year, first), (last_year, last)) = (of(first)?, of(last)?);
        Some(Self {
            first: Date::from_calendar_date(first_year, first, 1).ok()?,
            last: Date::from_calendar_date(last_year, last, last.length(last_year)).ok()?,
        })
    }

    fn day(year: i32, month: &str, day: &str) -> Option<Self> {
        let month = Month::try_from(number(month.strip_suffix('월')?)?).ok()?;
        let day = Date::from_calendar_date(year, month, number(day.strip_suffix('일')?)?).ok()?;
        Some(Self { first: day, last: day })
    }
}

fn month_end(day: Date) -> bool {
    day.day() == day.month().length(day.year())
}

/// A word without a particle after it, where it is a time word then.
fn without_particle(word: &str) -> &str {
    let particle = PARTICLES.iter().find_map(|particle| word.strip_suffix(particle));
    particle.filter(|bare| !bare.is_empty() && is_part(bare)).unwrap_or(word)
}

/// Whether a word may be a part of a period.
fn is_part(word: &str) -> bool {
    const NAMES: [&str; 22] = [
        "올해",
        "금년",
        "올",
        "작년",
        "지난해",
        "전년",
        "재작년",
        "오늘",
        "어제",
        "그제",
        "그저께",
        "엊그제",
        "이번주",
        "금주",
        "지난주",
        "저번주",
        "이달",
        "이번달",
        "금월",
        "지난달",
        "저번달",
        "지난",
    ];
    let counted = ["년", "월", "일", "년도"].iter().any(|unit| {
        word.strip_suffix(unit)
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    });
    counted || NAMES.contains(&word) || SEASONS.iter().any(|(name, ..)| *name == word)
}

/// Parts that were written together: 2024년6월, 작년여름, 지난여름.
fn split_years<'t>(words: &[&'t str]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    for word in words {
        let mut rest = *word;
        for head in ["지난해", "올해", "작년", "재작년", "금년", "지난", "올"] {
            if let Some(tail) = rest.strip_prefix(head).filter(|tail| is_part(tail)) {
                parts.push(head);
                rest = tail;
                break;
            }
        }
        while let Some((at, unit)) = rest.char_indices().find(|(_, ch)| matches!(ch, '년' | '월')) {
            let end = at + unit.len_utf8();
            let (head, tail) = (rest.get(..end).unwrap_or(rest), rest.get(end..).unwrap_or_default());
            if !is_part(head) || tail.is_empty() || !is_part(tail) && !tail.contains(['월', '일']) {
                break;
            }
            parts.push(head);
            rest = tail;
        }
        parts.push(rest);
    }
    parts
}

/// The year that a word names: in four digits, or seen from today.
fn year(word: &str, today: Date) -> Option<i32> {
    let digits = word.strip_suffix('년').or_else(|| word.strip_suffix("년도"));
    if let Some(digits) =
        digits.filter(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
    {
        // Years before newspapers are what an article tells of, not when it was written.
        return digits.parse().ok().filter(|year| (1900..=2200).contains(year));
    }
    match word {
        "올해" | "금년" => Some(today.year()),
        "작년" | "지난해" | "전년" => Some(today.year() - 1),
        "재작년" => Some(today.year() - 2),
        _ => None,
    }
}

/// A number of one or two digits.
fn number(digits: &str) -> Option<u8> {
    (matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use time::macros::date;

    const TODAY: Date = date!(2026 - 05 - 14);

    fn read(text: &str) -> Option<(Date, Date)> {
        let words: Vec<&str> = text.split(' ').collect();
        Period::of(&words, TODAY).map(|period| (period.first, period.last))
    }

    #[test]
    fn time_words_mean_days() {
        let year = |year| {
            Some((
                date!(2026 - 01 - 01).replace_year(year).unwrap(),
                date!(2026 - 12 - 31).replace_year(year).unwrap(),
            ))
        };
        assert_eq!(read("올해"), year(2026));
        assert_eq!(read("올해는"), year(2026));
        assert_eq!(read("지난해에"), year(2025));
        assert_eq!(read("재작년"), year(2024));
        assert_eq!(read("2024년"), year(2024));
        assert_eq!(read("2024년도"), year(2024));
        assert_eq!(read("작년 여름"), Some((date!(2025 - 06 - 01), date!(2025 - 08 - 31))));
        assert_eq!(read("작년여름"), read("작년 여름"));
        assert_eq!(read("지난 1월"), Some((date!(2026 - 01 - 01), date!(2026 - 01 - 31))));
        assert_eq!(read("지난 11월"), Some((date!(2025 - 11 - 01), date!(2025 - 11 - 30))));
        assert_eq!(read("지난겨울"), Some((date!(2025 - 12 - 01), date!(2026 - 02 - 28))));
        assert_eq!(read("2024년 6월"), Some((date!(2024 - 06 - 01), date!(2024 - 06 - 30))));
        assert_eq!(read("2024년6월9일"), Some((date!(2024 - 06 - 09), date!(2024 - 06 - 09))));
        assert_eq!(read("올해 상반기"), Some((date!(2026 - 01 - 01), date!(2026 - 06 - 30))));
        assert_eq!(read("어제"), Some((date!(2026 - 05 - 13), date!(2026 - 05 - 13))));
        assert_eq!(read("지난주"), Some((date!(2026 - 05 - 04), date!(2026 - 05 - 10))));
        assert_eq!(read("지난달"), Some((date!(2026 - 04 - 01), date!(2026 - 04 - 30))));
    }

    #[test]
    fn other_words_are_none() {
        for text in [
            "1월",
            "여름",
            "지난",
            "1592년",
            "2024",
            "올림픽",
            "지난한",
            "작년 예산",
            "어제 여름",
            "2024년 13월",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_month_after_belongs_to_it() {
        let after = |first, last| Period { first, last }.with_month_after().last;
        assert_eq!(after(date!(2024 - 01 - 01), date!(2024 - 12 - 31)), date!(2025 - 01 - 31));
        assert_eq!(after(date!(2026 - 01 - 01), date!(2026 - 01 - 31)), date!(2026 - 02 - 28));
        assert_eq!(after(date!(2026 - 05 - 13), date!(2026 - 05 - 13)), date!(2026 - 06 - 13));
    }
}
