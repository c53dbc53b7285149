//! Dates and times in parameters.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use crate::article::Timestamp;
use crate::http::answer::ApiError;

/// Which end of a period a date is: a day stands for its first or for its last second.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    First,
    Last,
}

/// `YYYY-MM-DD`, a whole day in Korean time, or RFC 3339.
pub(super) fn moment(name: &str, value: &str, edge: Edge) -> Result<Timestamp, ApiError> {
    if let Ok(date) = Date::parse(value, format_description!("[year]-[month]-[day]"))
        && value.len() == 10
    {
        return Ok(match edge {
            Edge::First => Timestamp::start_of_day(date),
            Edge::Last => Timestamp::end_of_day(date),
        });
    }
    // An unescaped `+09:00` arrives as a space.
    let Ok(moment) = OffsetDateTime::parse(&value.replace(' ', "+"), &Rfc3339) else {
        let reason = format!(
            "is {value:?}; write YYYY-MM-DD (a day in Korean time) or RFC 3339 (2023-06-09T16:53:00+09:00)"
        );
        return Err(ApiError::bad_parameter(name, reason));
    };
    // Articles carry whole seconds: after a fraction, the next second is the first that counts.
    let next = i64::from(edge == Edge::First && moment.nanosecond() > 0);
    Ok(Timestamp::from_seconds(moment.unix_timestamp() + next))
}
