//! Cursors as opaque strings, and the fingerprints that tie one to its walk.
//!
//! A score depends on every other article (idf, average lengths) and on the time of day (recency), so a sort key alone does not say where to
//! continue. A cursor therefore also names a fingerprint of what was asked, the *edition* that answered (generation and commit, lexicons,
//! ranking), the present of the first page, and how many words had to match. The service keeps replaced editions open for a while, and a
//! search continues in its own: every hit comes once and `total` does not move, whatever a reindex does.
//!
//! When the edition is gone, orders by time continue in the present one where every word had to match (or any one, or nothing was asked):
//! key and match then depend on the article alone, so each article that stayed as it was still comes exactly once. Only whether a word's
//! ending is a particle, which large changes of the index can tip, is read anew. Scores, and *most* of a long query, would repeat or miss
//! articles: 410 `cursor_expired` says so.
//!
//! Cursors hold over restarts, and nothing in them is trusted: a forged one starts somewhere else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::context::SearchContext;
use super::types::{After, Cursor, SearchRequest, Sort, Strictness, Walk};
use crate::article::Timestamp;

/// Changes with the form of cursors, or with anything in this program that orders or chooses hits.
const VERSION: u8 = 2;

/// The fields of a cursor, as JSON before base64.
#[derive(Serialize, Deserialize)]
struct Encoded {
    #[serde(rename = "v")]
    version: u8,
    #[serde(rename = "s")]
    sort: Sort,
    /// Bits of the key: no digit is lost.
    #[serde(rename = "k")]
    key: Option<u64>,
    #[serde(rename = "l")]
    looked_at: bool,
    #[serde(rename = "i")]
    id: String,
    #[serde(rename = "r")]
    request: u64,
    #[serde(rename = "e")]
    edition: u64,
    #[serde(rename = "n")]
    now: i64,
    #[serde(rename = "m")]
    strictness: Strictness,
}

impl Cursor {
    /// As an opaque string.
    pub fn encode(&self) -> String {
        let Self { after, walk } = self;
        let encoded = Encoded {
            version: VERSION,
            sort: after.sort,
            key: after.key.map(f64::to_bits),
            looked_at: after.looked_at,
            id: after.id.clone(),
            request: walk.request,
            edition: walk.edition,
            now: walk.now.seconds(),
            strictness: walk.strictness,
        };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&encoded).unwrap_or_default())
    }

    /// The inverse; `None` for anything that [`Cursor::encode`] did not make.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let encoded: Encoded = serde_json::from_slice(&bytes).ok()?;
        let key = encoded.key.map(f64::from_bits);
        if encoded.version != VERSION || !key.is_none_or(f64::is_finite) {
            return None;
        }
        let Encoded { sort, looked_at, id, request, edition, now, strictness, .. } = encoded;
        let now = Timestamp::from_seconds(now);
        Some(Self {
            after: After { sort, key, looked_at, id },
            walk: Walk { request, edition, now, strictness },
        })
    }
}

impl SearchContext<'_> {
    /// Fingerprint of what answers: the same edition of the archive with the same lexicons, ranking and program puts the
    /// same hits in the same order, also after a restart.
    pub fn edition(&self) -> u64 {
        let ranking = serde_json::to_vec(self.ranking).unwrap_or_default();
        let program = [VERSION, u8::from(self.language.learns())];
        fingerprint([
            self.archive.edition().as_bytes(),
            self.language.hash().as_bytes(),
            &ranking,
            &program,
            env!("CARGO_PKG_VERSION").as_bytes(),
        ])
    }
}

/// Fingerprint of what `request` asks in the order `sort`: all that chooses or orders hits, and nothing of how they are
/// shown.
pub fn request_fingerprint(request: &SearchRequest, sort: Sort) -> u64 {
    let asked = serde_json::to_vec(&(
        &request.query,
        &request.filters,
        request.match_mode,
        sort,
        request.group,
        &request.similar_to,
    ));
    fingerprint([asked.unwrap_or_default().as_slice()])
}

fn fingerprint<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part);
    }
    sha.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cursor(key: Option<f64>, looked_at: bool, id: String, number: u64, now: i64) -> Cursor {
        Cursor {
            after: After { sort: Sort::Newest, key, looked_at, id },
            walk: Walk {
                request: number,
                edition: !number,
                now: Timestamp::from_seconds(now),
                strictness: Strictness::Most,
            },
        }
    }

    proptest! {
        #[test]
        fn round_trip(
            key in proptest::option::of(proptest::num::f64::NORMAL | proptest::num::f64::ZERO),
            looked_at: bool,
            id in any::<String>(),
            number: u64,
            now: i64,
        ) {
            let cursor = cursor(key, looked_at, id, number, now);
            prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }

        #[test]
        fn anything_else_is_none_or_a_cursor(text in any::<String>(), json in r#"\{"v":2,"s":"[a-z]{0,9}","k":-?[0-9e.]{1,30}.*"#) {
            let _ = Cursor::decode(&text);
            let _ = Cursor::decode(&URL_SAFE_NO_PAD.encode(json));
        }

        #[test]
        fn a_changed_cursor_is_none_or_a_cursor(at: prop::sample::Index, with: char) {
            let mut text: Vec<char> = cursor(Some(1.5), true, "a/1".to_owned(), 7, 9).encode().chars().collect();
            let at = at.index(text.len());
            text[at] = with;
            let _ = Cursor::decode(&text.into_iter().collect::<String>());
        }
    }

    #[test]
    fn keys_that_order_nothing_and_other_versions_are_refused() {
        let good = cursor(Some(1.0), false, "x".to_owned(), 1, 1).encode();
        let json = String::from_utf8(URL_SAFE_NO_PAD.decode(&good).unwrap()).unwrap();
        let with = |from: &str, to: &str| {
            assert!(json.contains(from), "{json}");
            Cursor::decode(&URL_SAFE_NO_PAD.encode(json.replace(from, to)))
        };
        let key = format!("\"k\":{}", 1.0_f64.to_bits());
        assert!(with("\"v\":2", "\"v\":2").is_some());
        assert_eq!(with("\"v\":2", "\"v\":1"), None);
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(with(&key, &format!("\"k\":{}", bad.to_bits())), None);
        }
    }

    #[test]
    fn what_chooses_or_orders_changes_the_fingerprint_and_the_page_does_not() {
        let request =
            SearchRequest { query: "가".to_owned(), size: 10, page: 1, ..SearchRequest::default() };
        let of = |request: &SearchRequest| request_fingerprint(request, Sort::Newest);
        let mut other = request.clone();
        (other.size, other.page, other.highlight) = (20, 3, true);
        assert_eq!(of(&other), of(&request));
        other.filters.sections.push("경제".to_owned());
        assert_ne!(of(&other), of(&request));
        assert_ne!(request_fingerprint(&request, Sort::Oldest), of(&request));
    }
}
