//! A span of whole days, for what is counted by the day.

use time::{Date, Duration};

use super::moment::{Edge, moment};
use super::parameter::{Form, Text};
use super::params::Given;
use crate::article::Timestamp;
use crate::http::answer::ApiError;

/// Days in a span that nobody chose.
const DAYS: i64 = 30;

/// The first day.
pub(in crate::http) const FIRST_DAY: Text = Text {
    name: "from",
    meaning: "The first day, in Korean time: `YYYY-MM-DD`; by default the 30th up to `to`.",
    longest: None,
    required: false,
    form: Form::Moment,
};
/// The last day.
pub(in crate::http) const LAST_DAY: Text = Text {
    name: "to",
    meaning: "The last day, in Korean time: `YYYY-MM-DD`; by default today.",
    longest: None,
    required: false,
    form: Form::Moment,
};

impl Given {
    /// The first and the last day asked for.
    pub(in crate::http) fn days(&self) -> Result<(Date, Date), ApiError> {
        let day = |parameter: &Text, edge: Edge| -> Result<Option<Date>, ApiError> {
            let value = self.text(parameter)?;
            Ok(value.map(|value| moment(parameter.name, value, edge)).transpose()?.map(Timestamp::kst_date))
        };
        let first = day(&FIRST_DAY, Edge::First)?;
        let today = Timestamp::now().kst_date();
        let last =
            day(&LAST_DAY, Edge::Last)?.unwrap_or_else(|| first.map_or(today, |first| first.max(today)));
        let first = first.unwrap_or_else(|| last.checked_sub(Duration::days(DAYS - 1)).unwrap_or(Date::MIN));
        if first > last {
            return Err(ApiError::bad_parameter(FIRST_DAY.name, "is later than `to`"));
        }
        Ok((first, last))
    }
}
