//! The page of quotations: what was said, by whom, and the way to its place.

use serde_json::json;

use super::browser::Browser;
use super::newsroom::{TestServer, with_query};
use super::{assert_sound, texts};

/// Articles in which two people speak.
pub fn server() -> TestServer {
    let articles: Vec<_> = (0..30)
        .map(|number| {
            let who = if number % 3 == 0 { "이바다 대표는" } else { "김하늘 장관은" };
            json!({"id": format!("q-{number:02}"), "title": format!("다리 소식 {number}"), "outlet": "가람일보",
                "body": format!("다리 공사 {number}일째다. {who} “{number}번 다리를 <b>튼튼히</b> 짓겠다”고 말했다. 예산은 그대로다."),
                "published_at": format!("2025-03-{:02}T09:00:00+09:00", number % 28 + 1)})
        })
        .collect();
    TestServer::start(&articles)
}

#[test]
fn quotations_are_listed_with_their_speakers() {
    let Some(browser) = Browser::start("quotations_are_listed_with_their_speakers") else { return };
    let server = server();
    let page = browser.page();
    page.goto(&server.url("/quotes?q=튼튼히"));
    page.wait("document.querySelectorAll('.quote').length === 20");
    let answer = server.json(&with_query("/api/quotes", &[("q", "튼튼히"), ("size", "20")]));
    assert_eq!(answer["total"], 30);
    let listed: Vec<String> = answer["quotes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|quote| quote["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(texts(&page, ".quote blockquote"), listed);
    assert_eq!(texts(&page, ".quote:first-child mark"), ["튼튼히"]);
    assert_eq!(texts(&page, "#speakers a"), ["김하늘", "이바다"]);
    assert!(page.text("document.getElementById('said').textContent").contains("30"));
    // The next page, and one speaker alone, are addresses.
    page.eval("document.querySelector('#pages a[rel=next]').click()");
    page.wait("document.querySelectorAll('.quote').length === 10");
    page.eval(
        "[...document.querySelectorAll('#speakers a')].find((link) => link.textContent === '이바다').click()",
    );
    page.wait("new URLSearchParams(location.search).get('speaker') === '이바다' && document.querySelectorAll('.quote').length === 10");
    assert_eq!(texts(&page, "#speakers a"), ["모든 사람 보기", "김하늘", "이바다"]);
    assert!(page.text("decodeURIComponent(document.getElementById('csv').href)").contains("speaker=이바다"));
    assert_sound(&page);
    // Its place in the article is marked.
    page.eval("document.querySelector('.quote .place').click()");
    page.wait("document.querySelectorAll('#article-view mark').length > 0");
    assert!(page.text("document.querySelector('#article-view mark').textContent").contains("다리를"));
}

#[test]
fn a_search_leads_to_its_quotations_and_a_phone_shows_them() {
    let Some(browser) = Browser::start("a_search_leads_to_its_quotations_and_a_phone_shows_them") else {
        return;
    };
    let server = server();
    let page = browser.page();
    page.goto(&server.url("/?q=튼튼히&outlet=가람일보&section=사회"));
    page.wait("document.getElementById('quotes').href.includes('q=')");
    page.goto(&page.text("document.getElementById('quotes').href"));
    page.wait("document.getElementById('said').textContent !== ''");
    assert_eq!(page.text("document.getElementById('q').value"), "튼튼히");
    assert_eq!(page.text("document.getElementById('outlet').value"), "가람일보");
    assert!(page.text("document.getElementById('conditions').textContent").contains("사회"));
    page.eval("document.querySelector('#conditions a').click()");
    page.wait("document.querySelectorAll('.quote').length === 20");
    // The form keeps what is asked, and leaves empty fields out.
    page.eval(
        "document.getElementById('speaker').value = '김하늘'; document.getElementById('ask').requestSubmit()",
    );
    page.wait("new URLSearchParams(location.search).get('speaker') === '김하늘' && document.querySelectorAll('.quote').length === 20");
    assert!(!page.text("location.search").contains("from="));
    page.goto(&server.url("/quotes?lang=en&q=없는말없는말"));
    page.wait("document.getElementById('said').textContent.startsWith('There is no such')");
    assert_sound(&page);
}
