//! Where the server keeps what readers look for: what they meant is counted, not what they typed on the way, and the page for whoever looks
//! after the lexicon shows it.

use gisa::access::{KeyFile, NewKey, Scope};
use gisa::article::Timestamp;
use serde_json::Value;

use super::browser::Browser;
use super::newsroom::TestServer;
use super::{assert_sound, newsroom, texts};

/// Every query that is kept, and how often it was asked.
fn kept(server: &TestServer) -> Vec<(String, u64)> {
    let answer = server.admin("GET", "/api/admin/queries").json();
    let of = |entry: &Value| (entry["query"].as_str().unwrap().to_owned(), entry["times"].as_u64().unwrap());
    answer["queries"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn what_was_meant_is_counted_and_shown_to_whoever_looks_after_the_lexicon() {
    let name = "what_was_meant_is_counted_and_shown_to_whoever_looks_after_the_lexicon";
    let Some(browser) = Browser::start(name) else { return };
    let server = TestServer::start_with(newsroom(), |file| file.search.keep_queries = true);
    let page = browser.page();
    page.goto(&server.url("/help"));
    page.wait("!document.getElementById('keeps-queries').hidden");
    page.goto(&server.url("/"));
    page.wait("document.getElementById('served').textContent && document.activeElement.id === 'q'");
    // On the way to the query others are searched for, which nobody meant.
    for (more, query) in [("반", "반"), ("도체", "반도체")] {
        page.type_text(more);
        page.wait(&format!(
            "document.title.includes({:?}) && document.querySelectorAll('#hits .hit').length",
            query
        ));
    }
    page.press("Enter");
    page.until("Enter is counted", || (kept(&server) == [("반도체".to_owned(), 1)]).then_some(()));
    // A hit opened means the same query, which counts once; another one counts.
    page.click("#hits .hit a");
    page.wait("document.getElementById('article-title')");
    page.goto(&server.url("/?q=미국"));
    page.wait(
        "document.getElementById('served').textContent && document.querySelectorAll('#hits .hit').length",
    );
    page.click("#hits .hit a");
    let both = [("미국".to_owned(), 1), ("반도체".to_owned(), 1)];
    page.until("an opened hit is counted", || (kept(&server) == both).then_some(()));
    // One that stays is meant.
    page.goto(&server.url("/?q=쿼크플라즈마"));
    page.until("a query that stays is counted", || (kept(&server).len() == 3).then_some(()));
    assert_sound(&page);

    // Nobody sees it without a key that may administer.
    page.goto(&server.url("/admin/queries"));
    page.wait("document.querySelector('#problem a[href^=\"../sign-in?to=admin\"]')");
    assert_eq!(page.accessibility(), [""; 0]);
    let keys = KeyFile::new(&server.newsroom.path().join("data"));
    let new = NewKey {
        name: "desk".to_owned(),
        scopes: [Scope::Read, Scope::Admin].into_iter().collect(),
        ..NewKey::default()
    };
    let key = keys.change(|keys| keys.add(new, Timestamp::now())).unwrap();
    page.click("#problem a");
    page.wait("document.activeElement.id === 'key'");
    page.eval("document.querySelector('input[value=admin]').checked = true");
    page.type_text(&key);
    page.press("Enter");
    page.wait("location.pathname === '/admin/queries' && !document.getElementById('lists').hidden");
    assert_eq!(texts(&page, "#in_vain tbody th a"), ["쿼크플라즈마"]);
    assert_eq!(texts(&page, "#in_vain code"), ["쿼크플라즈마, …"]);
    assert_eq!(texts(&page, "#queries tbody th a"), ["미국", "반도체", "쿼크플라즈마"]);
    assert_eq!(page.accessibility(), [""; 0]);
    page.click("#in_vain tbody th a");
    page.wait("location.pathname === '/analyze'");
}
