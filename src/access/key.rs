//! Keys, and what they allow.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use time::Date;
use time::macros::format_description;

use super::error::AccessError;
use super::filter::FixedFilter;
use crate::article::Timestamp;

/// Bytes of a new key; written as twice as many hexadecimal digits.
const KEY_BYTES: usize = 24;
/// How a clear key begins, so that it is known for what it is wherever it turns up.
const PREFIX: &str = "gisa_";
/// The longest name, in characters.
const LONGEST_NAME: usize = 64;

/// Something that a key allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Reading, where it is closed.
    Read,
    /// Writing and deleting articles.
    Push,
    /// Saved searches.
    Searches,
    /// Administration, and everything else.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Push, Self::Searches, Self::Admin];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Push => "push",
            Self::Searches => "searches",
            Self::Admin => "admin",
        }
    }

    /// The scope of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    fn bit(self) -> u8 {
        match self {
            Self::Read => 1,
            Self::Push => 2,
            Self::Searches => 4,
            Self::Admin => 8,
        }
    }
}

/// A set of scopes. `admin` holds all others.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// None.
    pub const NONE: Self = Self(0);

    /// Whether `scope` is allowed.
    pub fn allow(self, scope: Scope) -> bool {
        self.0 & (scope.bit() | Scope::Admin.bit()) != 0
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Scope::ALL.into_iter().filter(|scope| self.allow(*scope) && other.allow(*scope)).collect()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are named, not what `admin` holds besides.
    pub fn named(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.0 & scope.bit() != 0)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.named().map(Scope::name).collect::<Vec<_>>().join(" "))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.named())
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Scope>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// SHA-256 of a key: comparing digests takes equally long whatever was sent, and however long it is.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of a clear key.
    pub fn of(key: &[u8]) -> Self {
        Self(Sha256::digest(key).into())
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let byte =
            |at: usize| text.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
        let bytes = bytes.filter(|_| text.len() == 64).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| de::Error::custom("a hash must be 64 hexadecimal digits"))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A key, without the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// What people call it.
    pub name: String,
    /// The hash of the clear key.
    pub sha256: Digest,
    /// What it allows.
    pub scopes: Scopes,
    /// The last day in Korean time on which it is valid; `None`: until it is removed.
    #[serde(default, with = "day", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The articles that it shows at most; `None`: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<FixedFilter>,
}

impl Key {
    /// Whether its end has passed.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now > Timestamp::end_of_day(until))
    }
}

/// A day as `2026-12-31`.
mod day {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
    use time::Date;

    pub(super) fn serialize<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse_day(&text).map(Some).ok_or_else(|| de::Error::custom("a day must be written 2026-12-31"))
    }
}

fn parse_day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

/// What a new key shall be.
#[derive(Debug, Clone, Default)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub scopes: Scopes,
    /// Its last day, `2026-12-31`.
    pub until: Option<String>,
    /// The articles that it shows at most.
    pub filter: FixedFilter,
}

/// All keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    #[serde(default, rename = "key")]
    keys: Vec<Key>,
}

impl Keys {
    /// All of them, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// The key with this hash, whether it has ended or not. Every key is compared, so that the time reveals nothing.
    pub fn find(&self, digest: &Digest) -> Option<&Key> {
        self.keys.iter().fold(None, |found, key| if key.sha256 == *digest { Some(key) } else { found })
    }

    /// Adds a key and gives the clear key, which is kept nowhere.
    ///
    /// # Errors
    /// [`AccessError`] for a name that is taken or cannot be one, a day that cannot be read or has passed, no scope, or a system
    /// without random numbers.
    pub fn add(&mut self, new: NewKey, now: Timestamp) -> Result<String, AccessError> {
        let invalid = |reason: String| Err(AccessError::Invalid(reason));
        let NewKey { name, scopes, until, filter } = new;
        if name.trim() != name || name.is_empty() || name.chars().any(char::is_control) {
            return invalid(format!(
                "a key cannot be called {name:?}; use letters, digits and spaces between them"
            ));
        }
        if name.chars().count() > LONGEST_NAME {
            return invalid(format!("a key's name has at most {LONGEST_NAME} characters"));
        }
        if self.keys.iter().any(|key| key.name == name) {
            return Err(AccessError::NameTaken(name));
        }
        if scopes.is_empty() {
            return invalid(
                "a key without a scope allows nothing; give it --scope read, push, searches or admin"
                    .to_owned(),
            );
        }
        // Who administers rebuilds, restores and reads everything: a filter would promise what it cannot keep.
        if !filter.is_empty() && (scopes.allow(Scope::Admin) || scopes.allow(Scope::Push)) {
            return invalid(
                "a key with a filter can only read and save searches; make another key for push or admin"
                    .to_owned(),
            );
        }
        let until = match until {
            Some(text) => match parse_day(&text) {
                Some(day) if now > Timestamp::end_of_day(day) => {
                    return invalid(format!("the day {day} has passed already"));
                }
                Some(day) => Some(day),
                None => return invalid(format!("{text:?} is not a day; write it as 2026-12-31")),
            },
            None => None,
        };
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| AccessError::Random(error.to_string()))?;
        let clear = format!("{PREFIX}{}", hex(&bytes));
        let filter = Some(filter).filter(|filter| !filter.is_empty());
        self.keys.push(Key { name, sha256: Digest::of(clear.as_bytes()), scopes, until, filter });
        Ok(clear)
    }

    /// Removes the key `name`.
    ///
    /// # Errors
    /// [`AccessError::NoSuchKey`].
    pub fn remove(&mut self, name: &str) -> Result<(), AccessError> {
        let before = self.keys.len();
        self.keys.retain(|key| key.name != name);
        if self.keys.len() < before { Ok(()) } else { Err(AccessError::NoSuchKey(name.to_owned())) }
    }

    /// Why these cannot be the keys of a file, if so: what `gisa key` would never write, and what would make a filter useless.
    pub(super) fn problem(&self) -> Option<String> {
        self.keys.iter().enumerate().find_map(|(at, key)| {
            let again =
                self.keys.iter().take(at).any(|other| other.name == key.name || other.sha256 == key.sha256);
            if again {
                return Some(format!("{:?} is there twice", key.name));
            }
            let filtered = key.filter.as_ref();
            if filtered.is_some_and(FixedFilter::is_empty) {
                return Some(format!("the filter of {:?} is empty", key.name));
            }
            if filtered.is_some() && (key.scopes.allow(Scope::Admin) || key.scopes.allow(Scope::Push)) {
                return Some(format!("{:?} has a filter and may push or administer", key.name));
            }
            None
        })
    }
}
