//! The search page and the analysis page: files of `src/web`, embedded in the binary.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use super::state::AppState;

/// A file of the page.
struct Asset {
    path: &'static str,
    content_type: &'static str,
    content: &'static str,
}

macro_rules! asset {
    ($path:literal, $file:literal, $content_type:ident) => {
        Asset {
            path: $path,
            content_type: $content_type,
            content: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/", $file)),
        }
    };
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";

static ASSETS: [Asset; 15] = [
    asset!("/", "index.html", HTML),
    asset!("/analyze", "analyze.html", HTML),
    asset!("/analyze.css", "analyze.css", STYLE),
    asset!("/analyze.js", "analyze.js", SCRIPT),
    asset!("/analyze-words.js", "analyze-words.js", SCRIPT),
    asset!("/style.css", "style.css", STYLE),
    asset!("/favicon.svg", "favicon.svg", SVG),
    asset!("/app.js", "app.js", SCRIPT),
    asset!("/api.js", "api.js", SCRIPT),
    asset!("/article.js", "article.js", SCRIPT),
    asset!("/dom.js", "dom.js", SCRIPT),
    asset!("/filters.js", "filters.js", SCRIPT),
    asset!("/messages.js", "messages.js", SCRIPT),
    asset!("/results.js", "results.js", SCRIPT),
    asset!("/state.js", "state.js", SCRIPT),
];

/// A route for each file.
pub(super) fn routes() -> Router<AppState> {
    static TAGS: LazyLock<Vec<HeaderValue>> =
        LazyLock::new(|| ASSETS.iter().map(|asset| etag(asset.content)).collect());
    ASSETS.iter().zip(TAGS.iter()).fold(Router::new(), |router, (asset, tag)| {
        router.route(
            asset.path,
            get(async move |headers: HeaderMap| file(&headers, asset.content_type, asset.content, tag)),
        )
    })
}

/// A strong validator: the content's hash.
pub(super) fn etag(content: &str) -> HeaderValue {
    let hash: String = Sha256::digest(content).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hash}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The file, or 304 where the browser has it. It asks every time (`no-cache`), so that a new version is seen at once.
pub(super) fn file(
    headers: &HeaderMap,
    content_type: &'static str,
    content: &'static str,
    tag: &HeaderValue,
) -> Response {
    let cache = [(ETAG, tag.clone()), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    if is_known(headers, tag.to_str().unwrap_or_default()) {
        return (StatusCode::NOT_MODIFIED, cache).into_response();
    }
    (cache, [(CONTENT_TYPE, HeaderValue::from_static(content_type))], content).into_response()
}

/// Whether the client has the version with this entity tag (in quotes, without `W/`).
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
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
    fn every_file_of_the_page_is_served() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let path = match name.strip_suffix(".html") {
                Some("index") => "/".to_owned(),
                Some(page) => format!("/{page}"),
                None => format!("/{name}"),
            };
            assert!(ASSETS.iter().any(|asset| asset.path == path), "{name} is not served");
        }
    }

    #[test]
    fn browsers_that_have_it_are_told_so() {
        let tag = etag("x");
        let tag = tag.to_str().unwrap();
        for (known, fits) in [("*", true), ("W/\"a\", \"b\"", false), (tag, true)] {
            assert_eq!(matches(&HeaderValue::from_str(known).unwrap(), tag), fits, "{known}");
        }
        assert!(matches(&HeaderValue::from_str(&format!("\"a\", W/{tag}")).unwrap(), tag));
    }
}
