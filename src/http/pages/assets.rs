//! The files of `src/web` as they are served: combined, named by their content, compressed once at the start.

use std::io::Write as _;

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Bytes of the SHA-256 in a file's name: enough that no two versions ever share one.
const NAME_BYTES: usize = 6;
/// Named by its content, so it never changes: RFC 8246.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// May be cached, but must be validated every time, so that a new version is seen at once.
const ASK: &str = "no-cache";

/// What an answer depends on, in addition to its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Varies {
    /// Only the encoding that the client accepts.
    Encoding,
    /// The reader's language as well.
    Language,
}

/// A text that is sent as it is, plain or as gzip.
#[derive(Debug)]
pub(in crate::http) struct Asset {
    content_type: &'static str,
    cache: &'static str,
    varies: Varies,
    hash: String,
    plain: Bytes,
    /// `None` if it is no smaller.
    gzip: Option<Bytes>,
}

impl Asset {
    /// A text under an address that does not change with its content.
    pub(in crate::http) fn new(content_type: &'static str, text: String, varies: Varies) -> Self {
        let hash = Sha256::digest(&text).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let gzip = gzip(text.as_bytes()).filter(|packed| packed.len() < text.len());
        Self { content_type, cache: ASK, varies, hash, plain: text.into(), gzip: gzip.map(Bytes::from) }
    }

    /// The same, to be cached for ever, because its name changes with its content.
    pub(super) fn for_ever(self) -> Self {
        Self { cache: FOR_EVER, ..self }
    }

    /// `app.js` → `app.5f3c09be11aa.js`.
    pub(super) fn hashed_name(&self, name: &str) -> String {
        let hash = self.hash.get(..2 * NAME_BYTES).unwrap_or_default();
        match name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
            None => format!("{name}.{hash}"),
        }
    }

    /// The text in an encoding that the client accepts, or 304 if it has it already.
    pub(in crate::http) fn answer(&self, headers: &HeaderMap) -> Response {
        let packed = self.gzip.as_ref().filter(|_| takes_gzip(headers));
        // Two strings of bytes, so two strong validators (RFC 9110 §8.8.3.3).
        let [as_is, as_gzip] = [format!("\"{}\"", self.hash), format!("\"{}-gzip\"", self.hash)];
        let tag = if packed.is_some() { &as_gzip } else { &as_is };
        let vary = match self.varies {
            Varies::Encoding => "accept-encoding",
            Varies::Language => "accept-encoding, accept-language",
        };
        let common = [
            (ETAG, HeaderValue::from_str(tag).unwrap_or(HeaderValue::from_static("\"\""))),
            (CACHE_CONTROL, HeaderValue::from_static(self.cache)),
            (VARY, HeaderValue::from_static(vary)),
        ];
        if is_known(headers, &as_is) || is_known(headers, &as_gzip) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        let content_type = [(CONTENT_TYPE, HeaderValue::from_static(self.content_type))];
        match packed {
            Some(packed) => {
                let encoding = [(CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
                (common, content_type, encoding, packed.clone()).into_response()
            }
            None => (common, content_type, self.plain.clone()).into_response(),
        }
    }
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    // Done once for each start, so as small as possible.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// Whether `Accept-Encoding` names gzip and does not refuse it with `q=0`.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let refused = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// Whether the client has the version with this entity tag (in quotes, without `W/`).
pub(in crate::http) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get_all(IF_NONE_MATCH).iter().any(|known| matches(known, tag))
}

/// Weak comparison, as RFC 9110 §13.1.2 wants it here.
fn matches(known: &HeaderValue, tag: &str) -> bool {
    let known = known.to_str().unwrap_or_default();
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn browsers_that_have_it_are_told_so() {
        let tag = "\"5f3c\"";
        for (known, fits) in [("*", true), ("W/\"a\", \"b\"", false), (tag, true)] {
            assert_eq!(matches(&HeaderValue::from_str(known).unwrap(), tag), fits, "{known}");
        }
        assert!(matches(&HeaderValue::from_str(&format!("\"a\", W/{tag}")).unwrap(), tag));
    }

    #[test]
    fn gzip_goes_to_those_who_take_it() {
        for (accepted, takes) in
            [("", false), ("gzip, deflate, br", true), ("br;q=1, GZIP;q=0.5", true), ("gzip;q=0", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_str(accepted).unwrap());
            assert_eq!(takes_gzip(&headers), takes, "{accepted}");
        }
    }

    #[test]
    fn names_follow_content() {
        let asset = |text: &str| Asset::new("text/css", text.to_owned(), Varies::Encoding);
        assert_eq!(asset("a").hashed_name("page.css").len(), "page.123456789abc.css".len());
        assert_ne!(asset("a").hashed_name("page.css"), asset("b").hashed_name("page.css"));
    }
}
