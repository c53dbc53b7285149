//! [`Article`], its [`ArticleId`] and its [`Timestamp`]: the one domain type that all stages share.
//!
//! The text of an [`Article`] is normalised once, by [`crate::ingest`]. The same text is stored, indexed and
//! highlighted, so that an offset means the same everywhere.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset};

/// One news article, as it is stored, returned and indexed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Names the article permanently: a second article with the same id replaces the first.
    pub id: ArticleId,
    /// The headline: one line of normalised text. May be empty if the body is not.
    #[serde(default)]
    pub title: String,
    /// The story: normalised paragraphs, separated by a single `'\n'`. May be empty if the title is not.
    #[serde(default)]
    pub body: String,
    /// The outlet under its canonical name ([`crate::ingest::OutletNames`]).
    #[serde(default)]
    pub outlet: Option<String>,
    /// Names without titles (`기자`, `특파원`) and e-mail addresses, in the order of the byline.
    #[serde(default)]
    pub reporters: Vec<String>,
    /// The newsroom section, as the source names it.
    #[serde(default)]
    pub section: Option<String>,
    /// When the article was published. A missing date stays missing; it is never guessed.
    #[serde(default)]
    pub published_at: Option<Timestamp>,
    /// The article's address on the web.
    #[serde(default)]
    pub url: Option<String>,
    /// Fields that gisa does not know, as they came: stored and returned, not searched.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The longest id, in characters.
pub const MAX_ID_CHARS: usize = 200;

/// Names an article: 1 to 200 characters, none of them a control character, not blank.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ArticleId(String);

/// Why a string is not an [`ArticleId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArticleIdError {
    /// Nothing, or nothing but white space.
    #[error("an article's id must not be empty")]
    Empty,
    /// More than [`MAX_ID_CHARS`] characters; holds their number.
    #[error("an article's id has at most {MAX_ID_CHARS} characters, this one has {0}")]
    TooLong(usize),
    /// A line break, a tab, NUL or another control character; holds its code point.
    #[error("an article's id must not contain control characters (found U+{0:04X})")]
    ControlCharacter(u32),
    /// `.` or `..`: in an address they mean a folder, so that no browser or proxy could ask for the article.
    #[error("an article's id must not be `.` or `..`, which no address can hold")]
    Dots,
}

impl ArticleId {
    /// Checks `id` and takes it as it is: no trimming, no folding.
    ///
    /// # Errors
    /// [`ArticleIdError`] says which rule `id` breaks.
    pub fn new(id: &str) -> Result<Self, ArticleIdError> {
        if id.trim().is_empty() {
            return Err(ArticleIdError::Empty);
        }
        if matches!(id, "." | "..") {
            return Err(ArticleIdError::Dots);
        }
        if let Some(control) = id.chars().find(|c| c.is_control()) {
            return Err(ArticleIdError::ControlCharacter(u32::from(control)));
        }
        match id.chars().count() {
            0..=MAX_ID_CHARS => Ok(Self(id.to_owned())),
            count => Err(ArticleIdError::TooLong(count)),
        }
    }

    /// What the journal calls the articles of files: under this id it keeps that it has given numbers to them. No article can have it,
    /// because it is a control character.
    #[must_use]
    pub fn of_files() -> Self {
        Self("\u{1c}".to_owned())
    }

    /// The id as a string, without quotes or escapes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for ArticleId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ArticleId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Self::new(&id).map_err(de::Error::custom)
    }
}

/// Korean Standard Time: UTC+09:00, without daylight saving since 1988.
pub const KST: UtcOffset = time::macros::offset!(+9);
const KST_SECONDS: i64 = KST.whole_seconds() as i64;
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// 0001-01-01T00:00:00+09:00 and 9999-12-31T23:59:59+09:00: the years that RFC 3339 can write with four digits.
const EARLIEST: i64 = -62_135_629_200;
const LATEST: i64 = 253_402_268_399;

/// A moment: whole seconds since 1970-01-01T00:00:00Z. Written as RFC 3339 in Korean time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// `seconds` since the Unix epoch; a moment outside the years 1 to 9999 (Korean time) is moved to the nearer edge.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(EARLIEST, LATEST))
    }

    /// The present, by the clock of this machine.
    #[must_use]
    pub fn now() -> Self {
        Self::from_seconds(OffsetDateTime::now_utc().unix_timestamp())
    }

    /// The first second of a day in Korean time.
    #[must_use]
    pub fn start_of_day(day: Date) -> Self {
        Self::from_seconds(day.midnight().assume_offset(KST).unix_timestamp())
    }

    /// The last second of a day in Korean time.
    #[must_use]
    pub fn end_of_day(day: Date) -> Self {
        Self::from_seconds(day.midnight().assume_offset(KST).unix_timestamp() + DAY_SECONDS - 1)
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// The number of the calendar day in Korean time; 0 is 1970-01-01. Cheaper than [`Timestamp::kst_date`].
    #[must_use]
    pub fn kst_day_number(self) -> i64 {
        (self.0 + KST_SECONDS).div_euclid(DAY_SECONDS)
    }

    /// The first second of the day that [`Timestamp::kst_day_number`] numbers.
    #[must_use]
    pub fn of_kst_day_number(number: i64) -> Self {
        Self::from_seconds(number.saturating_mul(DAY_SECONDS).saturating_sub(KST_SECONDS))
    }

    /// The calendar day in Korean time.
    #[must_use]
    pub fn kst_date(self) -> Date {
        self.kst().date()
    }

    fn kst(self) -> OffsetDateTime {
        // The constructor's clamp keeps the value in range, so the fallback is never used.
        OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(KST)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 at +09:00: `2023-06-09T16:53:00+09:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kst().format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    /// Accepts every form that [`Timestamp::parse_lenient`] reads.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_lenient(&text)
            .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &"a date such as RFC 3339"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn id_rules() {
        assert_eq!(ArticleId::new("a/1").unwrap().to_string(), "a/1");
        assert_eq!(ArticleId::new(" "), Err(ArticleIdError::Empty));
        assert_eq!(ArticleId::new("a\nb"), Err(ArticleIdError::ControlCharacter(10)));
        assert!(ArticleId::new(&"가".repeat(200)).is_ok());
        assert_eq!(ArticleId::new(&"가".repeat(201)), Err(ArticleIdError::TooLong(201)));
        assert_eq!(ArticleId::new(".."), Err(ArticleIdError::Dots));
        assert!(ArticleId::new("...").is_ok());
        assert!(serde_json::from_str::<ArticleId>("\"\"").is_err());
    }

    #[test]
    fn timestamps_are_written_in_korean_time_and_never_fail() {
        assert_eq!(Timestamp::from_seconds(1_686_297_180).to_string(), "2023-06-09T16:53:00+09:00");
        assert_eq!(Timestamp::from_seconds(i64::MIN).to_string(), "0001-01-01T00:00:00+09:00");
        assert_eq!(Timestamp::from_seconds(i64::MAX).to_string(), "9999-12-31T23:59:59+09:00");
        // 15:30 UTC is already the next day in Seoul.
        let late = Timestamp::parse_lenient("2023-06-09T15:30:00Z").unwrap();
        assert_eq!(late.kst_date().to_string(), "2023-06-10");
        let (start, end) = (Timestamp::start_of_day(late.kst_date()), Timestamp::end_of_day(late.kst_date()));
        assert_eq!(start.to_string(), "2023-06-10T00:00:00+09:00");
        assert_eq!(end.to_string(), "2023-06-10T23:59:59+09:00");
        assert_eq!(Timestamp::of_kst_day_number(late.kst_day_number()), start);
        assert_eq!(end.kst_day_number(), late.kst_day_number());
    }

    #[test]
    fn an_article_survives_the_way_through_json() {
        let line = r#"{"id":"x","title":"제목","body":"본문","outlet":null,"reporters":[],"section":null,"published_at":"2023-06-09T16:53:00+09:00","url":null,"desk":{"no":3}}"#;
        let article: Article = serde_json::from_str(line).unwrap();
        assert_eq!(article.extra.get("desk").and_then(|d| d.get("no")), Some(&Value::from(3)));
        assert_eq!(serde_json::to_string(&article).unwrap(), line);
    }
}
