//! The pages in a real browser: what a reader sees and does, on the sample articles, over the real server.
//!
//! Needs Chromium, and Firefox for `smoke`; without them each test says on stderr that it is skipped. Pictures for the documentation:
//! `GISA_PICTURES=folder cargo test --test page -- --ignored pictures`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr
)]

#[path = "../support/folders.rs"]
mod folders;
#[path = "../support/newsroom.rs"]
mod newsroom;
#[path = "../support/outside.rs"]
mod outside;
#[path = "../support/receiver.rs"]
mod receiver;

mod asked;
mod browser;
mod comparing;
mod correcting;
mod counting;
mod embedding;
mod going_back;
mod hostile;
mod keeping;
mod keys;
mod lacking;
mod mistyping;
mod naming;
mod pictures;
mod proxied;
mod quoting;
mod reading;
mod saving;
mod searching;
mod sifting;
mod signing_in;
mod smoke;
mod steadiness;
mod suggesting;
mod taking;
mod timeline;
mod views;

use std::path::Path;
use std::sync::LazyLock;

use browser::Page;
use newsroom::{Newsroom, TestServer, with_query};
use serde_json::{Value, json};

/// Text that would do harm as markup, as an address or by turning the line around. Ingest takes plain markup out; these ways
/// to write it get through, as text, and only the page stands between them and the reader.
fn hostile_article() -> Value {
    let tag = "＜img src=x onerror=window.hacked=1＞<scr<b>ipt>window.hacked=1</scr</b>ipt>";
    json!({
        "id": "hostile/1?&#\"'<b>",
        "title": format!("미끼낱말 {tag} \u{202e}거꾸로\u{202c} \"따옴표' {{{{7*7}}}} ${{1}}"),
        "body": format!("미끼낱말 본문 {tag} &lt;a href=javascript:window.hacked=1&gt;여기&lt;/a&gt; \u{2067}뒤집힌 줄이다."),
        "outlet": "<b>굵은신문</b>\"><script>window.hacked=1</script>",
        "reporters": ["<i>기울임</i>", "\"><img src=x onerror=window.hacked=1>"],
        "section": "'><svg onload=window.hacked=1>",
        "published_at": "2024-05-05T05:05:05+09:00",
        "url": "javascript:window.hacked=1",
    })
}

/// The sample articles and a hostile one.
fn newsroom() -> Newsroom {
    let newsroom = Newsroom::new(&[hostile_article()]);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    for entry in std::fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, newsroom.articles_dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    newsroom
}

static SERVER: LazyLock<TestServer> = LazyLock::new(|| TestServer::start_with(newsroom(), |_| {}));

/// A server with three articles, the last of which has no date.
fn one_without_a_date() -> TestServer {
    let article = |id: &str, date: Option<&str>| json!({"id": id, "title": format!("호박 소식 {id}"), "body": format!("호박이 {id}번 밭에서 익었다."), "published_at": date});
    TestServer::start(&[
        article("a-1", Some("2024-10-01")),
        article("a-2", Some("2024-11-05")),
        article("a-3", None),
    ])
}

/// True when the list is that of the search with these parameters and nothing is under way any more. The address, the heading
/// and the count of another search may say the same; the page names the search that its list answers.
fn lists(parameters: &[(&str, &str)]) -> String {
    let asked = json!(with_query("", parameters));
    format!(
        "(() => {{
           const named = (search) => {{
             const own = [...new URLSearchParams(search)].filter(([name]) => name !== 'facets' && name !== 'group');
             return JSON.stringify(own.sort());
           }};
           const {{ shows }} = document.getElementById('results').dataset;
           return shows !== undefined && named(shows) === named({asked}) && !document.querySelector('[aria-busy=true]');
         }})()"
    )
}

/// True when the page [lists] what these parameters find, and counts it right.
fn shows(parameters: &[(&str, &str)]) -> String {
    let count = SERVER.search(&[&[("group", "similar")], parameters].concat())["articles"].clone();
    format!(
        "{} && document.querySelector('#count strong')?.textContent === '기사 {count}건'",
        lists(parameters)
    )
}

/// The exact number of hits that the page shows for these parameters: reprints folded.
fn total(parameters: &[(&str, &str)]) -> Value {
    SERVER.search(&[&[("group", "similar")], parameters].concat())["total"].clone()
}

/// A selector's elements as their texts.
fn texts(page: &Page<'_>, selector: &str) -> Vec<String> {
    let found =
        page.eval(&format!("[...document.querySelectorAll({})].map((e) => e.textContent)", json!(selector)));
    serde_json::from_value(found).unwrap()
}

fn focused(page: &Page<'_>) -> String {
    page.text(
        "document.activeElement.id || document.activeElement.className || document.activeElement.tagName",
    )
}

/// Waits until the box has the focus, which it takes by itself.
fn wait_for_the_box(page: &Page<'_>) {
    page.wait("document.activeElement.id === 'q'");
}

/// Puts a query into the box as a reader does, and waits for its hits.
fn search_for(page: &Page<'_>, query: &str) {
    page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
    page.type_text(query);
    page.wait(&shows(&[("q", query)]));
}

fn assert_sound(page: &Page<'_>) {
    assert_eq!(page.faults(), [""; 0], "exceptions, or what the policy refused");
}
