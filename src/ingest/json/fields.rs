//! The fields of a record, read one by one, whatever names and types they have.

use serde_json::{Map, Value};
use smallvec::SmallVec;

use super::super::address::{is_bare_address, may_be_address, names_an_article};
use super::super::body::says_nothing;
use super::super::byline::reporter_names;
use super::super::identity::bad_id;
use super::super::names::{self, Field, Known};
use super::super::outlets::OutletNames;
use super::super::refusal::{Refusal, RefusalCode};
use super::super::values::{self, is_placeholder};
use super::super::wrappers::number_at;
use super::before::Before;
use crate::article::{ArticleId, Timestamp};

/// The field of [`Article::extra`](crate::article::Article::extra) that holds a date as written where it could not be read.
pub(super) const RAW_DATE: &str = "published_at_raw";

/// The fields of a record, taken out one after the other.
pub(super) struct Record {
    pub(super) fields: Map<String, Value>,
    /// The known names that occur, those of one field in the order in which they count.
    known: SmallVec<[(Known, String); 12]>,
    pub(super) taken: SmallVec<[(Field, String); 8]>,
    pub(super) unread: SmallVec<[Field; 2]>,
}

impl Record {
    pub(super) fn new(fields: Map<String, Value>) -> Self {
        let mut known: SmallVec<[(Known, String); 12]> =
            fields.keys().filter_map(|key| names::known(key).map(|known| (known, key.clone()))).collect();
        known.sort_by_key(|(known, _)| known.rank);
        Self { fields, known, taken: SmallVec::new(), unread: SmallVec::new() }
    }

    /// Some of the keys, for a refusal.
    pub(super) fn keys(&self) -> String {
        let mut keys: Vec<String> =
            self.fields.keys().take(12).map(|key| key.chars().take(40).collect()).collect();
        if self.fields.len() > keys.len() {
            keys.push("…".to_owned());
        }
        keys.join(", ")
    }

    /// The value of the next name of `field`, from the `at`th known name on, that is taken out of the record.
    fn next(&mut self, field: Field, at: &mut usize) -> Option<(Known, String, Value)> {
        while let Some((known, key)) = self.known.get(*at) {
            *at += 1;
            if known.field == Some(field)
                && let Some((key, value)) = self.fields.shift_remove_entry(key)
            {
                return Some((*known, key, value));
            }
        }
        None
    }

    /// Puts back what could not be read, under a name that is none of an article's own.
    fn aside(&mut self, field: Field, key: String, value: Value) {
        self.unread.push(field);
        let own = Field::ALL.iter().any(|own| own.as_str() == key);
        self.fields.insert(if own { format!("{key}_raw") } else { key }, value);
    }

    /// The first text of `field`.
    pub(super) fn text(&mut self, field: Field) -> Option<String> {
        let mut at = 0;
        let mut hollow = None;
        while let Some((_, key, value)) = self.next(field, &mut at) {
            let others = values::other_items(&value);
            match values::text(value) {
                // An address names no outlet.
                values::Reading::Is(text) if field == Field::Outlet && text.trim().starts_with("http") => {
                    self.aside(field, key, Value::String(text));
                }
                // `기사보기`: what a sheet shows in place of the address behind it.
                values::Reading::Is(text) if field == Field::Url && !may_be_address(text.trim()) => {
                    self.aside(field, key, Value::String(text));
                }
                // Markup around nothing: another name may say it.
                values::Reading::Is(text) if field != Field::Url && says_nothing(&text) => {
                    hollow.get_or_insert((text, key));
                }
                values::Reading::Is(text) => {
                    // An article has one outlet, section and address; the others stay with it, and the report names them.
                    if !others.is_empty() {
                        self.fields.insert(format!("{key}_others"), Value::Array(others));
                    }
                    self.taken.push((field, key));
                    return Some(text);
                }
                values::Reading::Empty => {}
                values::Reading::Not(value) => self.aside(field, key, value),
            }
        }
        self.taken_all_the_same(field, hollow)
    }

    /// What has markup and nothing in it, where nothing else was found: ids that are made of it stay what they were.
    fn taken_all_the_same(&mut self, field: Field, hollow: Option<(String, String)>) -> Option<String> {
        let (text, key) = hollow?;
        self.taken.push((field, key));
        Some(text)
    }

    /// The first title. In JSON a list of several is refused: it is a column of a table, or of several articles.
    pub(super) fn title(&mut self, refuses_lists: bool) -> Result<String, Refusal> {
        let mut at = 0;
        let mut hollow = None;
        while let Some((_, key, value)) = self.next(Field::Title, &mut at) {
            let titles = value
                .as_array()
                .map_or(0, |items| items.iter().filter(|item| !values::is_nothing(item)).count());
            if refuses_lists && titles > 1 {
                let detail = format!(
                    "`{key}` is a list of {titles} titles; write each article as an object of its own, or lists of one length under \
                     title and body in a .json file"
                );
                return Err(Refusal::new(RefusalCode::BadField, detail));
            }
            match values::text(value) {
                values::Reading::Is(text) if says_nothing(&text) => {
                    hollow.get_or_insert((text, key));
                }
                values::Reading::Is(text) => {
                    self.taken.push((Field::Title, key));
                    return Ok(text);
                }
                values::Reading::Empty => {}
                values::Reading::Not(value) => return Err(bad_field(&key, "a string", &value)),
            }
        }
        Ok(self.taken_all_the_same(Field::Title, hollow).unwrap_or_default())
    }

    /// The story, and whether it is an extract only.
    pub(super) fn body(&mut self, is_json: bool) -> Result<(String, bool), Refusal> {
        let mut at = 0;
        let (mut refused, mut hollow) = (None, None);
        let is_titled = self.taken.iter().any(|(field, _)| *field == Field::Title);
        while let Some((known, key, value)) = self.next(Field::Body, &mut at) {
            // A cell may hold a number only.
            let value = if is_json || !value.is_number() { value } else { Value::String(value.to_string()) };
            // `원문` is where the story is as often as the story itself.
            if value.as_str().is_some_and(|text| is_bare_address(text.trim()))
                && names::fold(&key).ends_with("원문")
            {
                self.fields.insert(key, value);
                continue;
            }
            if values::holds_articles(&value, is_titled) {
                let detail = format!(
                    "`{key}` is a list of articles; write each as an object of its own, on a line of its own where they are pushed, or \
                     name the list in [[ingest]]: records = \"{key}\""
                );
                refused.get_or_insert(Refusal::new(RefusalCode::BadField, detail));
                self.aside(Field::Body, key, value);
                continue;
            }
            match values::story(value) {
                values::Reading::Is(story) if says_nothing(&story.text) => {
                    hollow.get_or_insert((story.text, key));
                }
                values::Reading::Is(values::Story { text, others }) => {
                    if !others.is_empty() {
                        self.aside(Field::Body, key.clone(), Value::Array(others));
                    }
                    let cut = ["...", "…"].iter().any(|dots| text.trim_end().ends_with(dots));
                    // BigKinds gives the first 200 characters of a story and says so with dots alone.
                    let bigkinds =
                        cut && key == "본문" && self.fields.keys().any(|key| key.starts_with("특성추출"));
                    // NewsAPI counts what it leaves out: `… [+2345 chars]`.
                    let counted = text.trim_end().ends_with(" chars]") && text.contains("[+");
                    self.taken.push((Field::Body, key));
                    return Ok((text, known.extract || bigkinds || counted));
                }
                values::Reading::Empty => {}
                values::Reading::Not(value) => {
                    refused
                        .get_or_insert_with(|| bad_field(&key, "a string or a list of paragraphs", &value));
                    self.aside(Field::Body, key, value);
                }
            }
        }
        match refused {
            Some(refusal) => Err(refusal),
            None => Ok((self.taken_all_the_same(Field::Body, hollow).unwrap_or_default(), false)),
        }
    }

    pub(super) fn reporters(&mut self, outlets: &OutletNames) -> Vec<String> {
        let mut at = 0;
        while let Some((_, key, value)) = self.next(Field::Reporters, &mut at) {
            let unread = values::unread_items(&value);
            match values::texts(value) {
                values::Reading::Is(texts) => {
                    let mut names: Vec<String> =
                        texts.iter().flat_map(|text| reporter_names(text, outlets)).collect();
                    let mut seen = std::collections::HashSet::new();
                    names.retain(|name| name.contains(char::is_alphabetic) && seen.insert(name.clone()));
                    if !names.is_empty() {
                        if !unread.is_empty() {
                            self.aside(Field::Reporters, key.clone(), Value::Array(unread));
                        }
                        self.taken.push((Field::Reporters, key));
                        return names;
                    }
                    // A number or an address alone names nobody; another field may.
                    let mut whole: Vec<Value> = texts.into_iter().map(Value::String).collect();
                    let value = if whole.len() == 1 { whole.pop() } else { Some(Value::Array(whole)) };
                    self.aside(Field::Reporters, key, value.unwrap_or_default());
                }
                values::Reading::Empty => {}
                values::Reading::Not(value) => self.aside(Field::Reporters, key, value),
            }
        }
        Vec::new()
    }

    /// The publication date. One that cannot be read does not cost the article: it goes to [`RAW_DATE`] as it came.
    pub(super) fn published_at(&mut self) -> Option<Timestamp> {
        let (mut at, mut found, mut unread) = (0, None, Vec::new());
        while let Some((_, key, value)) = self.next(Field::PublishedAt, &mut at) {
            if matches!(value, Value::Null) {
                continue;
            }
            match moment(&value) {
                Moment::Empty => {}
                Moment::Unread => unread.push((key, value)),
                Moment::Read(moment) => {
                    found = Some((moment, key));
                    break;
                }
            }
        }
        let Some((moment, key)) = found else {
            for (number, (key, value)) in unread.into_iter().enumerate() {
                self.unread.push(Field::PublishedAt);
                let wrong = matches!(value, Value::Bool(_) | Value::Array(_) | Value::Object(_));
                let name = if number == 0 && !wrong { RAW_DATE.to_owned() } else { format!("{key}_raw") };
                self.fields.insert(name, value);
            }
            return None;
        };
        self.taken.push((Field::PublishedAt, key));
        // They may be the time of day, and are not lost in any case.
        for (key, value) in unread {
            let own = key == Field::PublishedAt.as_str();
            self.fields.insert(if own { format!("{key}_raw") } else { key }, value);
        }
        Some(self.with_time(moment))
    }

    /// A day without a time of day takes it from a field beside it: from `시각`, from `작성시간`, or from another date of the same day.
    fn with_time(&mut self, day: Timestamp) -> Timestamp {
        if day != Timestamp::start_of_day(day.kst_date()) {
            return day;
        }
        let is_clock = |known: &Known| known.field.is_none();
        let is_date = |known: &Known| known.field == Some(Field::PublishedAt);
        for (known, key) in self
            .known
            .iter()
            .filter(|(known, _)| is_clock(known))
            .chain(self.known.iter().filter(|(known, _)| is_date(known)))
        {
            let Some(value) = self.fields.get(key) else { continue };
            let clock = value.as_str().map(|text| format!("{} {}", day.kst_date(), spelled_out(text.trim())));
            let joined = clock.as_deref().and_then(Timestamp::parse_lenient);
            let found = match moment(value) {
                Moment::Read(moment) if is_date(known) => Some(moment),
                _ => joined,
            };
            if let Some(moment) = found.filter(|moment| moment.kst_date() == day.kst_date() && *moment != day)
            {
                let key = key.clone();
                self.fields.shift_remove(&key);
                self.taken.push((Field::PublishedAt, key));
                return moment;
            }
        }
        day
    }

    /// The id that the record brings: exactly as it is written, so that no two ids become one.
    pub(super) fn given_id(
        &mut self,
        beside: Option<String>,
        before: &Before,
        line: Option<&str>,
    ) -> Result<Option<ArticleId>, Refusal> {
        let mut at = 0;
        while let Some((known, key)) = self.known.get(at) {
            at += 1;
            // Where the first names gave the whole article, it keeps the id that it has: only `id` itself names it.
            if known.field != Some(Field::Id) || (before.whole && !before.empty_id && key != "id") {
                continue;
            }
            if known.counted && self.has_address() {
                continue;
            }
            let key = key.clone();
            let Some(value) = self.fields.shift_remove(&key) else { continue };
            let exact = key == "id";
            let text = match value {
                Value::Null => continue,
                Value::Number(number) if number.is_f64() => {
                    line.and_then(|line| number_at(line, &key)).ok_or_else(|| rounded(&key))?
                }
                Value::String(text) if exact => text,
                other @ (Value::Bool(_) | Value::Array(_)) if exact => {
                    return Err(bad_field(&key, "a string", &other));
                }
                other => match values::text(other) {
                    values::Reading::Is(text) => text.trim().to_owned(),
                    values::Reading::Empty if exact => {
                        return Err(bad_field(&key, "a string", &Value::Object(Map::new())));
                    }
                    values::Reading::Empty => continue,
                    values::Reading::Not(value) if exact => return Err(bad_field(&key, "a string", &value)),
                    values::Reading::Not(value) => {
                        self.aside(Field::Id, key, value);
                        continue;
                    }
                },
            };
            if is_placeholder(&text) {
                continue;
            }
            if line.is_none() && is_shortened(&text) {
                return Err(shortened(&key, &text));
            }
            let id = ArticleId::new(&text).map_err(bad_id)?;
            self.taken.push((Field::Id, key));
            return Ok(Some(id));
        }
        match beside.filter(|id| !is_placeholder(id)) {
            Some(id) => ArticleId::new(&id).map(Some).map_err(bad_id),
            None => Ok(None),
        }
    }

    /// Whether a name of an address holds one that names the article.
    fn has_address(&self) -> bool {
        let is_url = |known: &Known| known.field == Some(Field::Url);
        let mut urls = self.known.iter().filter(|(known, _)| is_url(known));
        urls.any(|(_, key)| {
            self.fields.get(key).and_then(Value::as_str).is_some_and(|url| names_an_article(url.trim()))
        })
    }

    /// A refusal that says which keys the record has, and which would have been known.
    pub(super) fn explained(&self, refusal: Refusal, seen: &str) -> Refusal {
        let known = |field: Field| self.taken.iter().any(|(taken, _)| *taken == field);
        if known(Field::Title) || known(Field::Body) {
            return refusal;
        }
        let detail = if seen.is_empty() {
            format!("{}; the record is empty", refusal.detail)
        } else {
            format!("{}; the record has {seen}; {}", refusal.detail, names::advice())
        };
        Refusal::new(refusal.code, detail)
    }
}

/// `151237` → `15:12:37`, `1512` → `15:12`; anything else as it is.
fn spelled_out(clock: &str) -> String {
    let pair = |at: usize| clock.get(at..at + 2).unwrap_or_default();
    match (clock.len(), clock.bytes().all(|byte| byte.is_ascii_digit())) {
        (6, true) => format!("{}:{}:{}", pair(0), pair(2), pair(4)),
        (4, true) => format!("{}:{}", pair(0), pair(2)),
        _ => clock.to_owned(),
    }
}

/// `1.1001E+24`: what Excel shows, and saves as text, of a number with more digits than it keeps.
fn is_shortened(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    id.split_once(['E', 'e']).is_some_and(|(head, power)| {
        let whole = head.split_once('.').map_or_else(|| digits(head), |(a, b)| digits(a) && digits(b));
        whole && power.strip_prefix('+').is_some_and(digits)
    })
}

fn shortened(key: &str, id: &str) -> Refusal {
    let detail = format!(
        "`{key}` is {id}: Excel has shortened the number, and different articles would get one id; export the table again with this \
         column as text"
    );
    Refusal::new(RefusalCode::BadId, detail)
}

fn rounded(key: &str) -> Refusal {
    let detail = format!(
        "`{key}` is a number that a computer rounds, so that different articles could get one id; write it as a string, or leave \
         it out to have one derived"
    );
    Refusal::new(RefusalCode::BadId, detail)
}

/// What a value says as a date.
enum Moment {
    Empty,
    Unread,
    Read(Timestamp),
}

fn moment(value: &Value) -> Moment {
    let read = match value {
        Value::String(text) if is_placeholder(text) => return Moment::Empty,
        Value::String(text) => Timestamp::parse_lenient(text),
        // A number counts seconds or milliseconds, or is a date such as 20200707; fractions of a second are dropped.
        Value::Number(number) => number
            .as_u64()
            .or_else(|| {
                number.as_f64().filter(|seconds| (1e9..1e13).contains(seconds)).map(|seconds| seconds as u64)
            })
            .or_else(|| number.as_f64().filter(|day| (18e6..21e6).contains(day)).map(|day| day as u64))
            .and_then(|digits| Timestamp::parse_lenient(&digits.to_string())),
        Value::Object(fields) => {
            let inner = ["$date", "$numberLong", "$numberInt", "value", "#text"]
                .iter()
                .find_map(|key| fields.get(*key));
            return inner.map_or(Moment::Unread, moment);
        }
        Value::Array(items) if items.len() == 1 => return items.first().map_or(Moment::Unread, moment),
        _ => None,
    };
    // `0001-01-01` and `9999-12-31` stand for nothing, and 단기 4359년 is of another calendar; Korean news begins in 1883 (한성순보).
    let certain = read.filter(|moment| (1883..2200).contains(&moment.kst_date().year()));
    certain.map_or(Moment::Unread, Moment::Read)
}

fn bad_field(name: &str, wanted: &str, found: &Value) -> Refusal {
    let kind = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Refusal::new(RefusalCode::BadField, format!("`{name}` must be {wanted}, not {kind}"))
}
