//! The engines, each behind a server of its own over the same articles.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use gisa::article::Article;
use gisa::ingest::Cleaner;
use gisa::korean::{Language, dictionary};
use gisa::query::archive::Archive;
use gisa::service::Service;
use serde_json::Value;

use crate::contract::arriving::BEFORE;
use crate::contract::articles::{self, Item};
use crate::contract::naive::NaiveArchive;
use crate::contract::quoting::{self, Talk};
use crate::contract::{learning, wire};
use crate::newsroom::{Newsroom, TOKEN, TestServer, lines};

/// One engine's servers, and what they hold.
pub struct Contract {
    /// Over [`Contract::items`].
    pub newsroom: TestServer,
    pub items: Vec<Item>,
    /// Over [`Contract::prints`].
    pub wire: TestServer,
    pub prints: Vec<Value>,
    /// Over [`learning::articles`].
    pub taught: TestServer,
    /// Over [`Contract::talks`].
    pub quoted: TestServer,
    pub talks: Vec<Talk>,
    /// Over [`Contract::items`], of which all but the first [`BEFORE`] came one after the other.
    pub arriving: TestServer,
}

impl Contract {
    pub fn over(serve: impl Fn(&[Value]) -> TestServer, arriving: impl Fn(&[Value]) -> TestServer) -> Self {
        let (items, prints) = (articles::articles(), wire::articles());
        let lines: Vec<Value> = items.iter().map(Item::json).collect();
        let taught = serve(&learning::articles());
        let talks = quoting::talks();
        let quoted = serve(&talks.iter().map(Talk::json).collect::<Vec<_>>());
        let arriving = arriving(&lines);
        Self { newsroom: serve(&lines), wire: serve(&prints), items, prints, taught, quoted, talks, arriving }
    }
}

/// The embedded index.
pub static EMBEDDED: LazyLock<Contract> = LazyLock::new(|| Contract::over(embedded, embedded_arriving));
/// The list of articles.
pub static NAIVE: LazyLock<Contract> = LazyLock::new(|| Contract::over(naive, naive_arriving));

/// [`EMBEDDED`], for whichever test.
pub fn of_embedded(_: &str) -> Option<&'static Contract> {
    Some(&EMBEDDED)
}

/// [`NAIVE`], for whichever test.
pub fn of_naive(_: &str) -> Option<&'static Contract> {
    Some(&NAIVE)
}

/// Writes the groups of outlets into the newsroom's lexicon, and nothing else; the lexicon's folder.
fn write_groups(newsroom: &Newsroom) -> PathBuf {
    let folder = newsroom.path().join("data/lexicon");
    let lines = articles::OUTLET_GROUPS.map(|(group, outlets)| format!("{group} = {}\n", outlets.join(", ")));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("outlet-groups.txt"), lines.concat()).unwrap();
    folder
}

/// Serves an embedded index of `articles`, built by several threads, so that it may have several segments.
pub fn embedded(articles: &[Value]) -> TestServer {
    let newsroom = Newsroom::new(articles);
    write_groups(&newsroom);
    TestServer::start_with(newsroom, |file| file.index.threads = 3)
}

/// An embedded index to which all but the first articles are pushed.
fn embedded_arriving(articles: &[Value]) -> TestServer {
    let (before, later) = articles.split_at(BEFORE);
    let server = embedded(before);
    // Several commits, so that there are several segments, and merges of them.
    for some in later.chunks(20) {
        let request = server.request("POST", "/api/articles?refresh=true").bearer_auth(TOKEN);
        let request = request.header("content-type", "application/x-ndjson").body(lines(some));
        let answer = server.send(request).json();
        assert_eq!(answer["accepted"], some.len(), "{answer}");
    }
    server
}

/// A list, of which all but the first articles came one after the other.
fn naive_arriving(articles: &[Value]) -> TestServer {
    serve(articles, |archive| archive.arriving_after(BEFORE))
}

/// Serves a list of `articles`. Which are near-identical their `story` says, and for the list of the newsroom nothing does. What
/// [`learning::articles`] teach it is told.
pub fn naive(articles: &[Value]) -> TestServer {
    serve(articles, |archive| archive.teaching(learning::names()))
}

/// Serves what `made` makes of a list of `articles`.
pub fn serve<A: Archive + 'static>(articles: &[Value], made: impl Fn(NaiveArchive) -> A) -> TestServer {
    serve_archive(articles, |language, articles| Arc::new(made(NaiveArchive::new(language, articles))))
}

/// Serves the archive that `made` makes of `articles`, once they are cleaned.
pub fn serve_archive(
    articles: &[Value],
    made: impl Fn(&Language, Vec<Article>) -> Arc<dyn Archive>,
) -> TestServer {
    let newsroom = Newsroom::new(&[]);
    let lexicon = write_groups(&newsroom);
    let config = newsroom.config(|_| {});
    let (language, _) = Language::load(dictionary::open(&config.index_dir).unwrap(), Some(&lexicon)).unwrap();
    let cleaner = Cleaner::new(Arc::clone(language.outlets()));
    let cleaned =
        articles.iter().map(|article| cleaner.article_from_json(article.to_string().as_bytes()).unwrap());
    let archive = made(&language, cleaned.collect());
    let service = Service::over_archive(archive, language, config).unwrap();
    TestServer::serve(newsroom, service)
}
