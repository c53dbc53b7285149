//! Spans of time that articles are counted by: days, weeks, months and years of the Korean calendar.

use serde::Serialize;
use time::{Date, Duration, Month};
use utoipa::ToSchema;

/// How long a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A day, `2026-02-05`.
    Day,
    /// A week from Monday, by ISO 8601: `2026-W06`.
    Week,
    /// A month, `2026-02`.
    Month,
    /// A year, `2026`.
    Year,
}

/// Up to this many days a bucket is a day where nothing else is asked for.
const DAYS: i64 = 92;
/// Up to this many days it is a month; a year beyond that.
const MONTH_DAYS: i64 = 20 * 366;

impl Span {
    /// The span's name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// What suits the time from one day to another, both included.
    pub(super) fn fitting(first: Date, last: Date) -> Self {
        let days = (last - first).whole_days() + 1;
        match days {
            _ if days <= DAYS => Self::Day,
            _ if days <= MONTH_DAYS => Self::Month,
            _ => Self::Year,
        }
    }

    /// The first day of the span in which `day` is. The first week of the calendar begins with the calendar.
    pub(super) fn first_day(self, day: Date) -> Date {
        let begun = match self {
            Self::Day => Some(day),
            Self::Week => day.checked_sub(Duration::days(day.weekday().number_days_from_monday().into())),
            Self::Month => day.replace_day(1).ok(),
            Self::Year => Date::from_calendar_date(day.year(), Month::January, 1).ok(),
        };
        begun.unwrap_or(day)
    }

    /// The first day of the span after the one that begins with `first`; `None` at the end of the calendar.
    fn next(self, first: Date) -> Option<Date> {
        match self {
            Self::Day => first.next_day(),
            Self::Week => first.checked_add(Duration::days(7)),
            Self::Month => match first.month() {
                Month::December => Date::from_calendar_date(first.year() + 1, Month::January, 1).ok(),
                month => Date::from_calendar_date(first.year(), month.next(), 1).ok(),
            },
            Self::Year => Date::from_calendar_date(first.year() + 1, Month::January, 1).ok(),
        }
    }

    /// The name of the span that begins with `first`.
    pub(super) fn label(self, first: Date) -> String {
        let (year, month, day) = (first.year(), u8::from(first.month()), first.day());
        match self {
            Self::Day => format!("{year:04}-{month:02}-{day:02}"),
            Self::Week => {
                let (year, week, _) = first.to_iso_week_date();
                format!("{year:04}-W{week:02}")
            }
            Self::Month => format!("{year:04}-{month:02}"),
            Self::Year => format!("{year:04}"),
        }
    }

    /// The first days of all spans from the one of `first` to the one of `last`, without a gap; at most `most` and one more.
    pub(super) fn all(self, first: Date, last: Date, most: usize) -> Vec<Date> {
        let begin = self.first_day(first);
        let days = std::iter::successors(Some(begin), |day| self.next(*day));
        days.take_while(|day| *day <= last).take(most.saturating_add(1)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn labels(span: Span, first: Date, last: Date) -> Vec<String> {
        span.all(first, last, 100).into_iter().map(|day| span.label(day)).collect()
    }

    #[test]
    fn spans_follow_each_other_without_a_gap() {
        assert_eq!(
            labels(Span::Day, date!(2024 - 02 - 28), date!(2024 - 03 - 01)),
            ["2024-02-28", "2024-02-29", "2024-03-01"]
        );
        assert_eq!(
            labels(Span::Month, date!(2025 - 11 - 30), date!(2026 - 01 - 01)),
            ["2025-11", "2025-12", "2026-01"]
        );
        assert_eq!(labels(Span::Year, date!(2024 - 12 - 31), date!(2025 - 01 - 01)), ["2024", "2025"]);
    }

    #[test]
    fn weeks_are_those_of_iso_8601() {
        // 2026 begins on a Thursday: its first week has three days of 2025. 2020 has 53 weeks.
        assert_eq!(
            labels(Span::Week, date!(2025 - 12 - 31), date!(2026 - 01 - 05)),
            ["2026-W01", "2026-W02"]
        );
        assert_eq!(
            labels(Span::Week, date!(2020 - 12 - 31), date!(2021 - 01 - 04)),
            ["2020-W53", "2021-W01"]
        );
        assert_eq!(Span::Week.first_day(date!(2026 - 02 - 05)), date!(2026 - 02 - 02));
    }

    #[test]
    fn the_span_follows_from_the_time() {
        assert_eq!(Span::fitting(date!(2026 - 01 - 01), date!(2026 - 04 - 02)), Span::Day);
        assert_eq!(Span::fitting(date!(2026 - 01 - 01), date!(2026 - 04 - 03)), Span::Month);
        assert_eq!(Span::fitting(date!(1990 - 01 - 01), date!(2026 - 04 - 03)), Span::Year);
    }

    #[test]
    fn the_edges_of_the_calendar_are_no_trouble() {
        let last = date!(9999 - 12 - 31);
        for span in [Span::Day, Span::Week, Span::Month, Span::Year] {
            assert_eq!(span.all(last, last, 10).len(), 1, "{span:?}");
            assert_eq!(
                span.all(date!(0001 - 01 - 01), last, 10).len(),
                11,
                "{span:?}: no more than asked for"
            );
        }
    }
}
