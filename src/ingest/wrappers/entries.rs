//! The entries of an object or a list of JSON, without parsing what they hold.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer as _, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::super::names::{self, Field};

/// The most keys of an object that is looked into. What has more is not a wrapper, and a list of them would take more memory than a file may.
const MAX_ENTRIES: usize = 500_000;

/// The keys of an object, each with the text of its value.
pub(super) type Entries<'a> = Vec<(Cow<'a, str>, &'a str)>;

/// The entries of the object that `text` begins with; `None` if it begins with something else, is broken or has too many.
pub(super) fn entries(text: &str) -> Option<Entries<'_>> {
    let mut found = Vec::new();
    let whole = each(text, |key, raw| {
        let Some(key) = key else { return false };
        found.push((key, raw));
        found.len() <= MAX_ENTRIES
    });
    whole.then_some(found)
}

/// Gives each entry of the object or list that `text` begins with to `take`, those of a list without a key. False if `text` is broken,
/// is a single value, or `take` wants no more.
pub(super) fn each<'a>(text: &'a str, take: impl FnMut(Option<Cow<'a, str>>, &'a str) -> bool) -> bool {
    let mut source = Deserializer::from_str(text);
    source.deserialize_any(Each(take)).is_ok()
}

struct Each<F>(F);

impl<'de, F: FnMut(Option<Cow<'de, str>>, &'de str) -> bool> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            let raw: &'de RawValue = map.next_value()?;
            if !(self.0)(Some(key), raw.get()) {
                return Err(A::Error::custom("no more is wanted"));
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(raw) = list.next_element::<&'de RawValue>()? {
            if !(self.0)(None, raw.get()) {
                return Err(A::Error::custom("no more is wanted"));
            }
        }
        Ok(())
    }
}

/// A key, which is copied only where it is written with escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: serde::Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// What the first object of a list has of an article.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct First {
    pub(super) title: bool,
    pub(super) story: bool,
    /// A date, an outlet or a reporter: what a paragraph has not. An address it may have.
    pub(super) origin: bool,
}

impl First {
    /// Of the object that `text` begins with.
    pub(super) fn of(text: &str) -> Self {
        entries(text).map(|entries| Self::of_entries(&entries)).unwrap_or_default()
    }

    pub(super) fn of_entries(entries: &[(Cow<'_, str>, &str)]) -> Self {
        let mut first = Self::default();
        for (key, raw) in entries {
            let Some(known) = names::known(key) else { continue };
            let says = raw.len() > 2 && !raw.starts_with(['t', 'f', 'n']);
            match known.field {
                Some(Field::Title) => first.title |= says,
                // A description of a whole feed is not a story.
                Some(Field::Body) => first.story |= says && !known.extract && !raw.starts_with('{'),
                Some(Field::Id | Field::Url) | None => {}
                Some(_) => first.origin |= says,
            }
        }
        first
    }

    /// Whether it has both a title and a story.
    pub(super) fn is_whole(self) -> bool {
        self.title && self.story
    }
}
