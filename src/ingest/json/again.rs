//! JSON in which a key is given twice, which a parser of JSON takes the last of in silence.
//!
//! Programs that join records write such objects. What says nothing gives way to what does; of two that say something the last counts, as it
//! does for every other program, and the other stays beside it as `…_others`, where the report names it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::super::values::is_nothing;

/// A value of JSON, with all that is said under each key.
pub(super) struct Told(pub(super) Value);

/// Puts `value` under `key`. What was there before and says something else stays under a name of its own.
pub(in crate::ingest) fn insert(fields: &mut Map<String, Value>, key: String, value: Value) {
    let other = match fields.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(value);
            return;
        }
        Entry::Occupied(_) if is_nothing(&value) => return,
        Entry::Occupied(mut entry) if is_nothing(entry.get()) || *entry.get() == value => {
            entry.insert(value);
            return;
        }
        Entry::Occupied(mut entry) => {
            let name = format!("{}_others", entry.key());
            (name, entry.insert(value))
        }
    };
    let (name, other) = other;
    match fields.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
        Value::Array(others) => others.push(other),
        own => *own = Value::Array(vec![own.take(), other]),
    }
}

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(Teller).map(Self)
    }
}

struct Teller;

impl<'de> Visitor<'de> for Teller {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Told(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some((key, Told(value))) = map.next_entry()? {
            insert(&mut fields, key, value);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(text: &str) -> Value {
        serde_json::from_str::<Told>(text).unwrap().0
    }

    #[test]
    fn what_is_said_twice_is_kept_and_what_is_nothing_gives_way() {
        for (text, value) in [
            (r#"{"a":"가","a":"나"}"#, json!({"a": "나", "a_others": ["가"]})),
            (r#"{"a":1,"a":"나","a":[3]}"#, json!({"a": [3], "a_others": [1, "나"]})),
            (r#"{"a":"가","a":""}"#, json!({"a": "가"})),
            (r#"{"a":null,"b":1,"a":"나"}"#, json!({"a": "나", "b": 1})),
            (r#"{"a":"가","a":"가","a":"nan"}"#, json!({"a": "가"})),
            (r#"{"a_others":"다","a":"가","a":"나"}"#, json!({"a_others": ["다", "가"], "a": "나"})),
            (r#"{"m":{"a":"가","a":"나"}}"#, json!({"m": {"a": "나", "a_others": ["가"]}})),
        ] {
            assert_eq!(told(text), value, "{text}");
        }
    }

    #[test]
    fn any_other_value_is_what_the_parser_makes_of_it() {
        for text in [
            r#"{"a":[1,-2,3.5,1e300,true,false,null,"가\n\u0041"],"b":{},"c":[],"d":{"e":[{"f":""}]}}"#,
            "18446744073709551615",
            "-9223372036854775808",
            "1180591620717411303424",
            "\"가\"",
            "[]",
        ] {
            assert_eq!(told(text), serde_json::from_str::<Value>(text).unwrap(), "{text}");
        }
        assert!(serde_json::from_str::<Told>(r#"{"a":1}}"#).is_err());
        assert!(serde_json::from_str::<Told>(&"[".repeat(100_000)).is_err());
    }
}
