//! What is typed short, mistyped or printed with a slip leads to articles all the same.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::newsroom::TestServer;
use crate::newsroom::with_query;
use crate::{SERVER, assert_sound, texts};

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

#[test]
fn operators_that_are_none_and_groups_that_there_are_not_are_said() {
    let Some(browser) = Browser::start("operators_that_are_none_and_groups_that_there_are_not_are_said")
    else {
        return;
    };
    let page = browser.page();
    for (query, language, said) in [
        ("반도체 ~200 수출", "ko", "‘~200’: 가까이 나오는 두 말을 찾는 표시로 읽지 않았습니다."),
        ("반도체~10수출", "ko", "앞뒤를 띄어 쓰세요."),
        ("반도체 ~ 수출", "en", "write a number from 1 to 100 and spaces"),
        (
            "반도체 -언론사:@없는묶음",
            "ko",
            "‘@없는묶음’: 그런 언론사 묶음이 없습니다. 있는 묶음: @종합지, @경제지",
        ),
        ("언론사:@없는묶음", "en", "there is no group of outlets `@없는묶음`; there are @종합지"),
        ("언론사:경제지", "ko", "‘언론사:@경제지’처럼 쓰세요."),
    ] {
        page.goto(&SERVER.url(&with_query("/", &[("q", query), ("lang", language)])));
        page.wait("document.body.classList.contains('answered')");
        let notices = texts(&page, "#notices .notice");
        assert!(notices.iter().any(|notice| notice.contains(said)), "{query}: {notices:?}");
    }
    // What stands for what it says needs no word.
    page.goto(&SERVER.url(&with_query("/", &[("q", "반도체 ~10 수출 -언론사:@방송")])));
    page.wait("document.body.classList.contains('answered')");
    assert_eq!(texts(&page, "#notices .notice"), [""; 0]);
    assert_sound(&page);
}

#[test]
fn signs_alone_are_told_from_words_that_nobody_wrote() {
    let Some(browser) = Browser::start("signs_alone_are_told_from_words_that_nobody_wrote") else { return };
    let page = browser.page();
    for (query, said) in [
        ("((((", "검색어에 찾을 낱말이 없습니다."),
        ("*", "검색어에 찾을 낱말이 없습니다."),
        ("쿼크플라즈마", "찾는 기사가 없습니다."),
    ] {
        page.goto(&SERVER.url(&with_query("/", &[("q", query)])));
        page.wait("document.querySelector('.nothing h3')");
        assert_eq!(texts(&page, ".nothing h3"), [said], "{query}");
    }
    assert_sound(&page);
}
