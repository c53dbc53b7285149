//! What is typed short, mistyped or printed with a slip leads to articles all the same.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::newsroom::TestServer;
use crate::{assert_sound, texts};

/// A name in many articles, a slip of it in one, and one with what scrapers leave of quotation marks.
fn server() -> TestServer {
    let mut articles: Vec<Value> = (0..120)
        .map(|number| {
            json!({"id": format!("n-{number}"), "title": format!("캘러핸 방문 {number}일째"),
                "body": format!("캘러핸 장관은 {number}번째 도시를 찾았다."),
                "published_at": format!("2026-02-{:02}T09:00:00+09:00", 1 + number % 28)})
        })
        .collect();
    articles.push(json!({"id": "slip", "title": "캘러헨 방문 예고", "body": "잘못 적힌 이름이다."}));
    articles.push(json!({"id": "dirt", "title": "여야 quot;합의quot; 발표", "body": "여야가 lt;물길gt; 법안에 합의했다."}));
    TestServer::start(&articles)
}

#[test]
fn initials_slips_and_lost_marks_lead_to_articles() {
    let Some(browser) = Browser::start("initials_slips_and_lost_marks_lead_to_articles") else { return };
    let server = server();
    let page = browser.page();
    let count =
        |shown: &str| format!("document.querySelector('#count strong')?.textContent === '기사 {shown}건'");

    // Initial consonants and Enter.
    page.goto(&server.url("/"));
    page.wait("document.activeElement.id === 'q'");
    page.type_text("ㅋㄹㅎ");
    page.press("Enter");
    page.wait(&count("120"));
    page.wait("[...document.querySelectorAll('#notices .notice')].some((box) => box.textContent.includes('캘러핸'))");

    // A slip that one article has does not hide the right word.
    page.goto(&server.url("/?q=캘러헨"));
    page.wait(&count("1"));
    page.wait("document.querySelector('.correction')?.textContent === '캘러핸'");
    page.click(".correction");
    page.wait(&count("120"));

    // Marks that lost their ampersand are marks again.
    page.goto(&server.url("/?q=여야 합의"));
    page.wait("document.querySelector('#hits .title')");
    assert_eq!(texts(&page, "#hits .title")[0], "여야 \"합의\" 발표");
    page.click("#hits .title");
    page.wait("document.querySelector('#article-view .article-body p')");
    assert!(texts(&page, "#article-view .article-body p")[0].contains("<물길>"));
    assert_sound(&page);
}
