//! The pages: files of `src/web`, embedded in the binary, combined at the start.
//!
//! A page is served under a fixed address, in two languages; styles and scripts under names that change with their content.
//! `docs` makes its page itself and takes styles and scripts from here.

mod assets;
mod bundle;
mod notice;
mod template;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

pub(super) use super::language::Language;
pub(super) use assets::{Asset, Varies, is_known};
pub(super) use notice::Notice;

use super::language::Each;
use super::state::AppState;
use bundle::{BundleError, Source, bundle, bundle_with};

/// Content type of pages.
pub(super) const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/", $name)))),+]
    };
}

static FILES: &[(&str, &str)] = &files![
    "advanced.js",
    "advanced-loader.js",
    "advanced-messages-en.js",
    "advanced-messages-ko.js",
    "analyze.css",
    "analyze.html",
    "analyze.js",
    "analyze-messages-en.js",
    "analyze-messages-ko.js",
    "analyze-words.js",
    "api.js",
    "app.js",
    "article.css",
    "article.js",
    "bars.js",
    "base.css",
    "chart.js",
    "chart-range.js",
    "checks.js",
    "chips.js",
    "chosen-words.js",
    "cite.js",
    "copy.js",
    "csv.js",
    "demo.html",
    "dom.js",
    "embed.html",
    "embed.css",
    "embed-page.js",
    "favicon.svg",
    "filters.js",
    "foot.js",
    "gisa-search.js",
    "gisa-style.js",
    "gisa-words.js",
    "head.html",
    "help-page.js",
    "help.en.html",
    "help.ko.html",
    "history.js",
    "hits.js",
    "index.html",
    "keys.js",
    "links.js",
    "listing.js",
    "map.css",
    "map.html",
    "map-layout.js",
    "map-page.js",
    "marks.js",
    "meant.js",
    "messages-en.js",
    "messages-ko.js",
    "named.js",
    "named-loader.js",
    "named-messages-en.js",
    "named-messages-ko.js",
    "neighbours.js",
    "newcomers.js",
    "notices.js",
    "pager.js",
    "period.js",
    "preview.js",
    "print.css",
    "problem-box.js",
    "queries-page.js",
    "queries-messages-en.js",
    "queries-messages-ko.js",
    "queries.html",
    "query-parts.js",
    "quotes.css",
    "quotes.html",
    "quotes-messages-en.js",
    "quotes-messages-ko.js",
    "quotes-page.js",
    "reading.css",
    "reading.js",
    "recent.js",
    "related.js",
    "reprints.js",
    "request.js",
    "results.js",
    "save.js",
    "saved.css",
    "saved.html",
    "saved.js",
    "saved-key.js",
    "saved-messages-en.js",
    "saved-messages-ko.js",
    "saved-page.js",
    "saved-panel.css",
    "saved-panel.js",
    "saved-params.js",
    "saved-row.js",
    "scrap-button.js",
    "scrap-files.js",
    "scrap-page.js",
    "scrap-workbook.js",
    "scraps.css",
    "scraps.html",
    "scraps.js",
    "search.css",
    "sign-in.css",
    "sign-in.html",
    "share.js",
    "similar.js",
    "state.js",
    "suggest.css",
    "suggest.js",
    "texts.js",
    "texts-loader.js",
    "texts-messages-en.js",
    "texts-messages-ko.js",
    "theme.js",
    "theme-button.js",
    "time.js",
    "timeline.css",
    "timeline.js",
    "top.css",
    "top.html",
    "trends.css",
    "trends.html",
    "trends-messages-en.js",
    "trends-messages-ko.js",
    "trends-page.js",
    "trends-picture.js",
    "trends-state.js",
    "typing.js",
    "versions.js",
];

/// Style sheets and the files they are made of, in this order.
const STYLES: [(&str, &[&str]); 10] = [
    ("page.css", &["base.css", "search.css", "suggest.css", "timeline.css", "article.css", "print.css"]),
    ("analyze.css", &["base.css", "analyze.css"]),
    ("reading.css", &["base.css", "reading.css", "sign-in.css"]),
    ("scraps.css", &["base.css", "top.css", "scraps.css"]),
    ("trends.css", &["base.css", "top.css", "trends.css"]),
    ("map.css", &["base.css", "top.css", "map.css"]),
    ("quotes.css", &["base.css", "top.css", "quotes.css"]),
    ("saved.css", &["base.css", "top.css", "saved.css"]),
    ("saved-panel.css", &["saved-panel.css"]),
    ("embed.css", &["embed.css"]),
];
/// Scripts: each is a module together with everything it imports, once for each language.
const SCRIPTS: [&str; 11] = [
    "map-page.js",
    "quotes-page.js",
    "saved-page.js",
    "analyze.js",
    "scrap-page.js",
    "trends-page.js",
    "queries-page.js",
    "help-page.js",
    "reading.js",
    "theme.js",
    "embed-page.js",
];
/// The script of the search page, and those that it loads when their part is asked for.
const SEARCH: &str = "app.js";
const LATER: [&str; 4] = ["advanced.js", "named.js", "saved-panel.js", "texts.js"];
/// Pages: the address, and the files with the page in Korean and in English.
const PAGES: [(&str, &str, &str); 11] = [
    ("/", "index.html", "index.html"),
    ("/analyze", "analyze.html", "analyze.html"),
    ("/scraps", "scraps.html", "scraps.html"),
    ("/trends", "trends.html", "trends.html"),
    ("/map", "map.html", "map.html"),
    ("/quotes", "quotes.html", "quotes.html"),
    ("/searches", "saved.html", "saved.html"),
    ("/help", "help.ko.html", "help.en.html"),
    ("/embed", "embed.html", "embed.html"),
    ("/admin/queries", "queries.html", "queries.html"),
    ("/docs/embed", "demo.html", "demo.html"),
];

/// What pages have in common: where it stands in them, and the file with it.
const PARTS: [(&str, &str); 2] = [("{{@head}}", "head.html"), ("{{@top}}", "top.html")];

/// The sign-in page.
const SIGN_IN: &str = "sign-in.html";

/// Everything that is served.
#[derive(Default)]
struct Site {
    /// By address.
    pages: Vec<(&'static str, Each<Asset>)>,
    /// By address: styles, scripts and pictures.
    files: BTreeMap<String, Asset>,
    /// `app.js` → the name that it is served under.
    names: Each<BTreeMap<&'static str, String>>,
    /// By notice.
    sign_in: Vec<(Notice, Each<Asset>)>,
}

static SITE: LazyLock<Site> = LazyLock::new(|| {
    Site::build(&Embedded).unwrap_or_else(|error| {
        // Only after a mistake in the files, which the test `the_site_is_whole` would have found.
        tracing::error!(%error, "the pages cannot be built");
        Site::default()
    })
});

/// The files in the binary. A debug build reads them from the folder `GISA_WEB_DIR` instead, if it is set, so that work on the
/// pages needs no compiler.
struct Embedded;

impl Source for Embedded {
    fn text(&self, name: &str) -> Option<String> {
        #[cfg(debug_assertions)]
        if let Some(folder) = std::env::var_os("GISA_WEB_DIR") {
            return std::fs::read_to_string(std::path::Path::new(&folder).join(name)).ok();
        }
        FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
    }
}

/// The text of a file that must be there.
fn text_of(source: &dyn Source, name: &str) -> Result<String, BundleError> {
    source.text(name).ok_or_else(|| BundleError::Missing(name.to_owned()))
}

/// A style sheet without comments and indentation, which are a fifth of it.
fn lean(style: &str) -> String {
    let mut pieces = style.split("/*");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(piece.split_once("*/").map_or("", |(_, rest)| rest));
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// A page in one language, with the parts that it shares; `link` is what its other placeholders become.
fn filled(
    source: &dyn Source,
    file: &str,
    language: Language,
    link: &dyn Fn(&str) -> Option<String>,
) -> Result<Asset, BundleError> {
    let mut page = text_of(source, file)?;
    for (placeholder, part) in PARTS {
        page = page.replace(placeholder, text_of(source, part)?.trim_end());
    }
    let page = template::fill(&page, language, link)
        .map_err(|line| BundleError::Unread { file: file.to_owned(), line })?;
    Ok(Asset::new(HTML, page, Varies::Language))
}

/// The files as a script in one language sees them: of `messages.js` and every `…-messages.js` the one of that language.
struct Spoken<'a>(&'a dyn Source, Language);

impl Source for Spoken<'_> {
    fn text(&self, name: &str) -> Option<String> {
        match name.strip_suffix("messages.js") {
            Some(of) => self.0.text(&format!("{of}messages-{}.js", self.1.tag())),
            None => self.0.text(name),
        }
    }
}

impl Site {
    fn build(source: &dyn Source) -> Result<Self, BundleError> {
        let text = |name: &str| text_of(source, name);
        let mut site = Self::default();
        for language in Language::ALL {
            site.add(language, "favicon.svg", SVG, text("favicon.svg")?);
            for (name, parts) in STYLES {
                let parts = parts.iter().map(|part| text(part)).collect::<Result<Vec<_>, _>>()?;
                site.add(language, name, STYLE, lean(&parts.concat()));
            }
            let spoken = Spoken(source, language);
            for name in SCRIPTS {
                site.add(language, name, SCRIPT, bundle(name, &spoken)?);
            }
            let (search, later) = bundle_with(SEARCH, &LATER, &spoken)?;
            site.add(language, SEARCH, SCRIPT, search);
            for (name, script) in LATER.into_iter().zip(later) {
                site.add(language, name, SCRIPT, script);
            }
        }
        // Other sites refer to it, so its name never changes.
        let element = bundle("gisa-search.js", source)?;
        site.files.insert("/embed.js".to_owned(), Asset::new(SCRIPT, element, Varies::Encoding));
        for (address, korean, english) in PAGES {
            let page = |file: &str, language: Language| {
                // `/docs/embed` and `/admin/queries` are one level deeper than the files they use.
                let up = if address.matches('/').count() > 1 { "../" } else { "./" };
                let link = |name: &str| match name {
                    "here" => Some(format!(".{address}")),
                    name => site.link(name, language).map(|name| format!("{up}{name}")),
                };
                filled(source, file, language, &link)
            };
            let pages =
                Each { korean: page(korean, Language::Korean)?, english: page(english, Language::English)? };
            site.pages.push((address, pages));
        }
        for notice in Notice::ALL {
            let page = |language: Language| {
                let link = |name: &str| match name {
                    "notice" => Some(notice.html(language)),
                    name => site.link(name, language).map(|name| format!("./{name}")),
                };
                filled(source, SIGN_IN, language, &link)
            };
            let pages = Each { korean: page(Language::Korean)?, english: page(Language::English)? };
            site.sign_in.push((notice, pages));
        }
        Ok(site)
    }

    fn add(&mut self, language: Language, name: &'static str, content_type: &'static str, text: String) {
        let asset = Asset::new(content_type, text, Varies::Encoding).for_ever();
        let hashed = asset.hashed_name(name);
        self.files.insert(format!("/{hashed}"), asset);
        self.names.of_mut(language).insert(name, hashed);
    }

    fn link(&self, name: &str, language: Language) -> Option<&str> {
        self.names.of(language).get(name).map(String::as_str)
    }
}

/// The address of a style, script or picture, relative to the pages of the first level.
pub(super) fn link(name: &str, language: Language) -> &'static str {
    SITE.link(name, language).unwrap_or_default()
}

/// The sign-in page with a notice.
pub(super) fn sign_in_page(notice: Notice, language: Language, headers: &HeaderMap) -> Response {
    let pages = SITE.sign_in.iter().find(|(known, _)| *known == notice);
    // Without pages the site could not be built, which the log says.
    pages.map(|(_, pages)| pages.of(language).answer(headers)).unwrap_or_default()
}

/// A route for each page.
pub(super) fn pages() -> Router<AppState> {
    let site: &'static Site = &SITE;
    let mut router = Router::new();
    for (address, pages) in &site.pages {
        router = router.route(
            address,
            get(async move |headers: HeaderMap, RawQuery(query): RawQuery| {
                pages.of(Language::of_request(query.as_deref(), &headers)).answer(&headers)
            }),
        );
    }
    router
}

/// A route for each style, script and picture: for everybody, for the sign-in page needs them too.
pub(super) fn files() -> Router<AppState> {
    let site: &'static Site = &SITE;
    let mut router = Router::new();
    for (address, asset) in &site.files {
        router = router.route(address, get(async move |headers: HeaderMap| asset.answer(&headers)));
    }
    router
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_whole() {
        let site = Site::build(&Embedded).unwrap();
        assert_eq!(site.pages.len(), PAGES.len());
        // Styles and pictures are the same in both languages; scripts with messages are not.
        for language in Language::ALL {
            for name in STYLES.iter().map(|(name, _)| *name).chain(SCRIPTS).chain([SEARCH]).chain(LATER) {
                assert!(
                    site.link(name, language)
                        .is_some_and(|link| site.files.contains_key(&format!("/{link}")))
                );
            }
        }
        assert_ne!(site.link("app.js", Language::Korean), site.link("app.js", Language::English));
    }

    #[test]
    fn style_sheets_lose_what_only_people_read() {
        assert_eq!(lean("/* A\n b */\np {\n  top: 0; /* c */\n}\n\n"), "p {\ntop: 0;\n}");
    }

    #[test]
    fn every_file_is_embedded_and_used() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            // For developers, not for browsers.
            .filter(|name| name != "README.md")
            .collect();
        names.sort();
        let mut embedded: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        embedded.sort_unstable();
        assert_eq!(embedded, names);

        struct Counting(std::cell::RefCell<std::collections::BTreeSet<String>>);
        impl Source for Counting {
            fn text(&self, name: &str) -> Option<String> {
                self.0.borrow_mut().insert(name.to_owned());
                Embedded.text(name)
            }
        }
        let counting = Counting(Default::default());
        Site::build(&counting).unwrap();
        let used = counting.0.into_inner();
        let unused: Vec<&String> = names.iter().filter(|name| !used.contains(*name)).collect();
        assert!(unused.is_empty(), "{unused:?} are in no page, style or script");
    }
}
