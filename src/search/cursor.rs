//! Cursors as opaque strings.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::types::{Cursor, Sort};

/// What is inside; the version in front lets the form change.
#[derive(Serialize, Deserialize)]
struct Encoded(u8, Sort, Option<u64>, bool, String);

impl Cursor {
    /// As an opaque string.
    pub fn encode(&self) -> String {
        let encoded = Encoded(1, self.sort, self.key.map(f64::to_bits), self.looked_at, self.id.clone());
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&encoded).unwrap_or_default())
    }

    /// The inverse; `None` for anything that [`Cursor::encode`] did not make.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let Encoded(version, sort, key, looked_at, id) = serde_json::from_slice(&bytes).ok()?;
        let key = key.map(f64::from_bits);
        (version == 1 && key.is_none_or(f64::is_finite)).then_some(Self { sort, key, looked_at, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn round_trip(key in proptest::option::of(-1e12..1e12), looked_at: bool, id in ".{1,40}") {
            let cursor = Cursor { sort: Sort::Newest, key, looked_at, id };
            prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }

        #[test]
        fn anything_else_is_none_or_a_cursor(text in any::<String>()) {
            let _ = Cursor::decode(&text);
        }
    }
}
