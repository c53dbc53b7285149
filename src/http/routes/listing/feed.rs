//! `GET /feed.atom`: a search as a feed (Atom 1.0, RFC 4287), to subscribe to.
//!
//! Links are absolute where the public address is known ([`public_address::known`]). Otherwise they are relative references, resolved
//! against the address the feed was fetched from (RFC 4287 §2, RFC 3986 §5.1.3): they work behind a proxy under any path, and no
//! `Host` header is trusted. Ids are URNs, which stay the same wherever the server runs: a reader must not see every article again
//! because the server moved.

use std::io;
use std::sync::Arc;

use axum::Extension;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use quick_xml::Writer;
use quick_xml::events::BytesText;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::stream::{self, Format};
use crate::alerts::is_web_address;
use crate::article::Article;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::client::Client;
use crate::http::request::search::{
    CURSOR, GROUP, GROUP_SHOW, KnownNames, Page, Paging, SELECTION, SHOW, SORT,
};
use crate::http::request::{Accepts, Choice, Group, Number, Params};
use crate::http::{pages, public_address};
use crate::search::types::{LARGEST_EXPORT, Sort};
use crate::search::{self, LONGEST_LINE, MOST_REPORTERS};

const PAGING: Paging = Paging {
    size: Number { name: "size", meaning: "Entries.", least: 0, most: Some(LARGEST_EXPORT), default: 50 },
    page: Page { window: LARGEST_EXPORT },
    next: "`next_cursor` of a search",
};
const ORDER: Choice<Sort> = Choice { meaning: "Order.", default: Some("newest"), ..SORT };

/// The parameters of a feed: those of a search, with an order of its own where none is given.
pub(in crate::http) struct FeedParameters;

impl Accepts for FeedParameters {
    const GROUPS: &'static [Group] = &[
        SELECTION,
        Group::of(&[&ORDER, &GROUP, &GROUP_SHOW]),
        Group::of(&[&PAGING.size, &PAGING.page, &CURSOR]),
        SHOW.ignored(),
    ];
}

/// Characters of a summary.
const SUMMARY: usize = 300;
/// Bytes of an article's own address, beyond which an entry links to gisa.
const LONGEST_ADDRESS: usize = 8_000;
/// When an article without a date was changed. Atom requires a time, and a recent one would present the article as news.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// Subscribe to a search
///
/// The matches as an Atom 1.0 feed: the newest 50 unless `sort` and `size` say otherwise. A request with `If-None-Match` is
/// answered 304 until the index changes. The id of an entry is `urn:gisa:article:` followed by the article's id. An entry links
/// to the article's own address, or to the search page if it has none; links to gisa are absolute if its public address is known, else
/// relative to the feed's address.
#[utoipa::path(
    get, path = "/feed.atom", tag = "search", operation_id = "feed_atom",
    params(Params<FeedParameters>),
    responses(
        (status = 200, description = "The feed", body = String, content_type = "application/atom+xml; charset=utf-8"),
        (status = 304, description = "Nothing has changed"),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "The cursor has expired", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn atom(
    reader: Reader,
    Extension(client): Extension<Client>,
    uri: Uri,
    headers: HeaderMap,
    params: Params<FeedParameters>,
) -> Result<Response, ApiError> {
    let serving = reader.serving_for(params.cursor()?.as_ref())?;
    let mut request = params.search(KnownNames::of(&serving.language), &PAGING)?;
    request.sort = params.choice(&ORDER)?;

    let address = public_address::known(&reader.state().config().server, client, &headers)
        .map_err(ApiError::bad_address)?;
    let here = address.map_or_else(|| ".".to_owned(), |address| address.to_string());
    let asked = uri.query().unwrap_or_default().to_owned();
    // The score of an article falls as it grows older, so an order by relevance changes even if the index does not.
    let hour = OffsetDateTime::now_utc().unix_timestamp() / 3600;
    let hour = if request.sort == Some(Sort::Relevance) { hour } else { 0 };
    let edition = serving.context(reader.state().config(), None).edition();
    let tag = hash(&format!("{edition} {hour} {here} {asked}"));
    let mut validators = HeaderMap::from_iter([
        (ETAG, HeaderValue::from_str(&format!("W/\"{tag}\"")).map_err(ApiError::internal)?),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (VARY, HeaderValue::from_static(public_address::VARY_ON)),
    ]);
    if reader.is_filtered() {
        // An edition changes with hidden articles, too: a validator would tell when one came.
        validators.remove(ETAG);
    } else if pages::is_known(&headers, &format!("\"{tag}\"")) {
        return Ok((StatusCode::NOT_MODIFIED, validators).into_response());
    }

    let title = match request.query.trim() {
        "" => "gisa".to_owned(),
        query => format!("gisa: {query}"),
    };
    let built = serving.archive().about().built_at.to_owned();
    let atom = Atom {
        id: format!("urn:gisa:feed:{}", hash(&params.selecting())),
        title,
        here,
        asked,
        updated: if built.is_empty() { NEVER.to_owned() } else { built },
    };
    let listing =
        reader.search_in(Arc::clone(&serving), move |context| search::listing(context, &request)).await?;
    let body = stream::body(&reader, serving, listing, atom)?;
    let content_type = [(CONTENT_TYPE, HeaderValue::from_static("application/atom+xml; charset=utf-8"))];
    Ok((validators, content_type, body).into_response())
}

/// What stands above the articles of a feed that is made at once.
pub(in crate::http) struct Head {
    pub(in crate::http) id: String,
    pub(in crate::http) title: String,
    /// Where gisa is: its public address, or the way there from the feed's address.
    pub(in crate::http) here: String,
    /// The feed's address, from there, percent-encoded.
    pub(in crate::http) path: String,
    /// When the generation was built, RFC 3339.
    pub(in crate::http) updated: String,
}

/// A feed of these articles.
///
/// # Errors
/// None but a bug.
pub(in crate::http) fn whole(head: &Head, articles: &[Article]) -> Result<Response, ApiError> {
    let updated = if head.updated.is_empty() { NEVER } else { &head.updated };
    let mut out = Vec::new();
    begin(&mut out, &head.id, &head.title, updated)
        .and_then(|()| {
            let own = format!("{}/{}", head.here, head.path);
            link(&mut Writer::new(&mut out), "self", "application/atom+xml", &own)?;
            entries(&mut out, &head.here, articles)?;
            out.extend_from_slice(END);
            Ok(())
        })
        .map_err(ApiError::internal)?;
    let content_type = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    let headers = [(CONTENT_TYPE, content_type), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    Ok((headers, out).into_response())
}

const END: &[u8] = b"\n</feed>\n";

/// The beginning of a feed.
fn begin(out: &mut Vec<u8>, id: &str, title: &str, updated: &str) -> io::Result<()> {
    out.extend_from_slice(
        b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let mut xml = Writer::new(out);
    text(&mut xml, "id", id)?;
    text(&mut xml, "title", title)?;
    text(&mut xml, "updated", updated)?;
    person(&mut xml, "gisa")
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

struct Atom {
    id: String,
    title: String,
    /// Where gisa is: its public address, or `.` for "where the feed came from".
    here: String,
    /// The query string as it came.
    asked: String,
    /// When the generation was built, RFC 3339.
    updated: String,
}

impl Format for Atom {
    fn begin(&self, out: &mut Vec<u8>) -> io::Result<()> {
        begin(out, &self.id, &self.title, &self.updated)?;
        let mut xml = Writer::new(out);
        let query = |path: &str| match self.asked.as_str() {
            "" => format!("{}/{path}", self.here),
            asked => iri(&format!("{}/{path}?{asked}", self.here)),
        };
        link(&mut xml, "self", "application/atom+xml", &query("feed.atom"))?;
        link(&mut xml, "alternate", "text/html", &query(""))?;
        let generator = [("version", env!("CARGO_PKG_VERSION"))];
        xml.create_element("generator")
            .with_attributes(generator)
            .write_text_content(BytesText::new("gisa"))?;
        Ok(())
    }

    fn articles(&self, articles: &[Article], out: &mut Vec<u8>) -> io::Result<()> {
        entries(out, &self.here, articles)
    }

    fn end(&self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(END);
        Ok(())
    }
}

type Xml<'a> = Writer<&'a mut Vec<u8>>;

/// An entry for each of these articles, each on a line of its own.
fn entries(out: &mut Vec<u8>, here: &str, articles: &[Article]) -> io::Result<()> {
    let mut xml = Writer::new(out);
    for article in articles {
        xml.get_mut().push(b'\n');
        xml.create_element("entry").write_inner_content(|xml| entry(xml, here, article))?;
    }
    Ok(())
}

fn entry(xml: &mut Xml<'_>, here: &str, article: &Article) -> io::Result<()> {
    let id = percent_encoded(article.id.as_str());
    text(xml, "id", &format!("urn:gisa:article:{id}"))?;
    let title = if article.title.is_empty() {
        beginning(&article.body, SUMMARY / 5)
    } else {
        beginning(&article.title, LONGEST_LINE)
    };
    text(xml, "title", &title)?;
    match article.published_at {
        Some(time) => {
            text(xml, "published", &time.to_string())?;
            text(xml, "updated", &time.to_string())?;
        }
        None => text(xml, "updated", NEVER)?,
    }
    let outlet = article.outlet.iter().filter(|_| article.reporters.is_empty());
    for author in article.reporters.iter().take(MOST_REPORTERS).chain(outlet) {
        person(xml, &beginning(author, LONGEST_LINE))?;
    }
    for (scheme, term) in [("urn:gisa:outlet", &article.outlet), ("urn:gisa:section", &article.section)] {
        if let Some(term) = term {
            let term = beginning(term, LONGEST_LINE);
            let term = legal(&term);
            xml.create_element("category")
                .with_attributes([("scheme", scheme), ("term", &term)])
                .write_empty()?;
        }
    }
    // Half an address leads nowhere.
    let own = article.url.as_deref().filter(|url| is_web_address(url) && url.len() <= LONGEST_ADDRESS);
    let address = own.map_or_else(|| format!("{here}/?article={id}"), iri);
    link(xml, "alternate", "text/html", &address)?;
    if !article.body.is_empty() {
        text(xml, "summary", &beginning(&article.body, SUMMARY))?;
    }
    Ok(())
}

fn text(xml: &mut Xml<'_>, name: &str, content: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&legal(content)))?;
    Ok(())
}

fn person(xml: &mut Xml<'_>, name: &str) -> io::Result<()> {
    xml.create_element("author").write_inner_content(|xml| text(xml, "name", name))?;
    Ok(())
}

fn link(xml: &mut Xml<'_>, relation: &str, kind: &str, address: &str) -> io::Result<()> {
    let attributes = [("rel", relation), ("type", kind), ("href", address)];
    xml.create_element("link").with_attributes(attributes).write_empty()?;
    Ok(())
}

/// At most `most` characters of a text, with `…` where that is not all.
fn beginning(text: &str, most: usize) -> String {
    let mut beginning: String = text.chars().take(most).collect();
    if beginning.len() < text.len() {
        beginning.push('…');
    }
    beginning
}

/// The text without characters that XML 1.0 cannot or should not hold (§2.2, *Char*): control characters and noncharacters.
fn legal(text: &str) -> String {
    let is_legal = |c: &char| (!c.is_control() || *c == '\n') && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    text.chars().filter(is_legal).collect()
}

/// Everything but unreserved characters percent-encoded (RFC 3986 §2).
pub(in crate::http::routes) fn percent_encoded(text: &str) -> String {
    encoded(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

/// An address from outside as an IRI: characters that are not allowed in one are percent-encoded; escapes are left alone.
fn iri(address: &str) -> String {
    encoded(address, |byte| !byte.is_ascii_control() && !b" \"<>\\^`{|}".contains(&byte))
}

fn encoded(text: &str, stays: impl Fn(u8) -> bool) -> String {
    let mut encoded = Vec::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if stays(byte) {
            encoded.push(byte);
        } else {
            encoded.extend(format!("%{byte:02X}").bytes());
        }
    }
    // Only whole ASCII characters were replaced, or every byte that is not ASCII.
    String::from_utf8_lossy(&encoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_ids_are_iris() {
        assert_eq!(percent_encoded("a/1 가"), "a%2F1%20%EA%B0%80");
        assert_eq!(iri("https://x.example/a b?q=%20가<"), "https://x.example/a%20b?q=%20가%3C");
        assert_eq!(legal("가\u{0}\u{8}나\u{FFFF}\n"), "가나\n");
        assert_eq!(
            (beginning("가나다", 3), beginning("가나다라", 3)),
            ("가나다".to_owned(), "가나다…".to_owned())
        );
    }
}
