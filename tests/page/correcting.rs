//! Corrected articles say so, and what they said before can be read and compared; reprints can be compared as well.

use serde_json::json;

use crate::browser::Browser;
use crate::newsroom::{Newsroom, TOKEN, TestServer};
use crate::{assert_sound, texts};

const BODY: &str = "가온시는 12일 새 다리를 열었다. 다리는 길이 320m로 강 양쪽을 잇는다. 공사에는 3년 2개월이 걸렸다. \
    개통식에는 주민 200여 명이 모였다. 버스 두 노선이 이날부터 다리를 건넌다. 시장은 축사에서 시민의 오랜 바람이 이뤄졌다고 말했다.";

/// An article and its reprint, an hour later, that ends otherwise.
fn newsroom() -> TestServer {
    let article = |id: &str, outlet: &str, hour: u8, body: &str| {
        json!({"id": id, "title": "가온시 새 다리 개통", "outlet": outlet, "body": body,
            "published_at": format!("2026-03-12T{hour:02}:00:00+09:00")})
    };
    let reprint = format!("{BODY} 온새미통신이 전했다.");
    TestServer::start_with(
        Newsroom::new(&[
            article("first", "새벽신문", 9, BODY),
            article("reprint", "온새미통신", 10, &reprint),
        ]),
        |_| {},
    )
}

fn put(server: &TestServer, body: &str) {
    let article = json!({"title": "가온시 새 다리 개통", "outlet": "새벽신문", "body": body, "published_at": "2026-03-12T09:00:00+09:00"});
    let put = server.request("PUT", "/api/articles/first?refresh=true").bearer_auth(TOKEN).json(&article);
    assert_eq!(server.send(put).status, 200);
}

#[test]
fn a_corrected_article_says_so_and_shows_what_it_said() {
    let Some(browser) = Browser::start("a_corrected_article_says_so_and_shows_what_it_said") else { return };
    let server = newsroom();
    let page = browser.page();
    page.goto(&server.url("/?q=다리"));
    page.wait("document.querySelector('#hits .hit')");
    assert_eq!(texts(&page, "#hits .corrected"), [""; 0], "nothing was corrected yet");
    put(&server, &BODY.replace("200여 명", "450여 명"));
    page.goto(&server.url("/?q=다리"));
    page.wait("document.querySelector('#hits .corrected')?.textContent.startsWith('수정됨 20')");

    page.goto(&server.url("/?article=first"));
    page.wait("document.querySelector('.versions summary')?.textContent.includes('고치기 전의 글')");
    page.click(".versions summary");
    page.wait("document.querySelector('.versions .compare')");
    assert_eq!(page.number("document.querySelectorAll('.versions li').length"), 1);
    page.click(".versions .compare");
    page.wait("document.querySelector('.versions .sentence.changed')");
    assert_eq!(texts(&page, ".versions .sentence.changed del"), ["200여"]);
    assert_eq!(texts(&page, ".versions .sentence.changed ins"), ["450여"]);
    assert_eq!(texts(&page, ".versions .sentence.changed .sr"), ["바뀜: "]);
    assert!(texts(&page, ".versions .comparison .fine")[0].contains("바뀐 문장 1"));
    assert_eq!(page.accessibility(), [""; 0]);
    page.click(".versions .earlier summary");
    page.wait("document.querySelector('.versions .earlier').open");
    assert!(texts(&page, ".versions .earlier .article-body")[0].contains("주민 200여 명"));
    assert!(!texts(&page, ".article-content > .article-body")[0].contains("200여"));
    // A second click hides it.
    page.click(".versions .compare");
    page.wait("document.querySelector('.versions .comparison').hidden");
    page.prefer_scheme("dark");
    page.click(".versions .compare");
    assert_eq!(page.accessibility(), [""; 0]);
    assert_sound(&page);
}

#[test]
fn what_differs_between_reprints_is_shown_beside_each() {
    let Some(browser) = Browser::start("what_differs_between_reprints_is_shown_beside_each") else { return };
    let server = newsroom();
    let page = browser.page();
    page.goto(&server.url("/?article=first"));
    page.wait("document.querySelectorAll('.reprints ol > li').length === 2");
    assert!(texts(&page, ".reprints li")[0].contains("가장 먼저"), "who was first");
    assert_eq!(page.number("document.querySelectorAll('.reprints .compare').length"), 1, "not with itself");
    page.click(".reprints .compare");
    page.wait("document.querySelector('.reprints .sentence.added')");
    assert_eq!(texts(&page, ".reprints .sentence.added ins"), ["온새미통신이 전했다."]);
    assert_eq!(texts(&page, ".reprints .comparison summary"), ["같은 문장 6개"]);
    let sides = &texts(&page, ".reprints .sides")[0];
    assert!(sides.find("새벽신문") < sides.find("온새미통신"), "the first comes first: {sides}");
    assert_eq!(page.accessibility(), [""; 0]);
    // The same, seen from the other side.
    page.goto(&server.url("/?article=reprint&lang=en"));
    page.wait("document.querySelector('.reprints .compare')?.textContent === 'What differs'");
    page.click(".reprints .compare");
    page.wait("document.querySelector('.reprints .sentence.added')");
    // Where the server fails, the page says so.
    page.goto(&server.url("/?article=first"));
    page.wait("document.querySelector('.reprints .compare')");
    page.block(&["*/compare*"]);
    page.click(".reprints .compare");
    page.wait("document.querySelector('.reprints .comparison button')");
    page.block(&[]);
    page.click(".reprints .comparison button");
    page.wait("document.querySelector('.reprints .sentence.added')");
}
