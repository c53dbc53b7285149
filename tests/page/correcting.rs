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
fn the_oldest_text_that_is_kept_passes_for_the_first_only_where_it_is() {
    let Some(browser) = Browser::start("the_oldest_text_that_is_kept_passes_for_the_first_only_where_it_is")
    else {
        return;
    };
    let server = TestServer::start_with(
        Newsroom::new(&[json!({"id": "first", "title": "가온시 새 다리 개통", "body": BODY})]),
        |file| file.versions.keep = 2,
    );
    let page = browser.page();
    // What was published, what may be that, and what is not.
    for (count, began) in
        [(300, "처음 ~ "), (400, "이전 글이 더 있었을 수 있음 ~ "), (500, "이전 글은 남아 있지 않음 ~ ")]
    {
        put(&server, &BODY.replace("200여 명", &format!("{count}여 명")));
        page.goto(&server.url("/?article=first"));
        page.click(".versions summary");
        page.wait("document.querySelector('.versions li .fine')");
        let oldest = texts(&page, ".versions li > .fine").pop().unwrap();
        assert!(oldest.starts_with(began), "{oldest}");
    }
    page.goto(&server.url("/?article=first&lang=en"));
    page.click(".versions summary");
    page.wait("document.querySelector('.versions li:last-child .fine')?.textContent.startsWith('earlier texts are not kept ~ ')");
    assert_sound(&page);
}

#[test]
fn who_was_first_is_said_only_where_it_is_known() {
    let Some(browser) = Browser::start("who_was_first_is_said_only_where_it_is_known") else { return };
    // Texts of groups differ so much that no two are taken for reprints of each other.
    let article = |group: usize, number: usize, published: Option<&str>| {
        let body: String = (0..12)
            .map(|line| format!(" {}번 다리는 {}m로 놓였다.", group * 310 + line, group * 171 + line * 7))
            .collect();
        json!({"id": format!("g{group}-{number}"), "title": format!("다리 소식 {group}"), "body": body, "published_at": published})
    };
    let groups: [(&[Option<&str>], bool, bool); 7] = [
        // Moments, whether the first is known, whether the whole order is.
        (&[Some("2024-03-05T09:00:00+09:00"), Some("2024-03-05T10:00:00+09:00")], true, true),
        (&[Some("2024-03-05T09:00:00+09:00"), Some("2024-03-06")], true, true),
        (&[Some("2024-03-05T09:00:00+09:00"), Some("2024-03-06"), Some("2024-03-06")], true, false),
        (&[Some("2024-03-05"), Some("2024-03-05")], false, false),
        // A date without a time stands before every time of its day.
        (&[Some("2024-03-05"), Some("2024-03-05T06:00:00+09:00")], false, false),
        (&[Some("2024-03-05T09:00:00+09:00"), Some("2024-03-05T09:00:00+09:00")], false, false),
        (&[Some("2024-03-05T09:00:00+09:00"), None], false, false),
    ];
    let mut articles = Vec::new();
    for (group, (moments, ..)) in groups.iter().enumerate() {
        articles.extend(moments.iter().enumerate().map(|(number, moment)| article(group, number, *moment)));
    }
    let server = TestServer::start_with(Newsroom::new(&articles), |_| {});
    let page = browser.page();
    for (group, (moments, first, ordered)) in groups.iter().enumerate() {
        page.goto(&server.url(&format!("/?article=g{group}-1")));
        page.wait(&format!("document.querySelectorAll('.reprints ol > li').length === {}", moments.len()));
        let badges = texts(&page, ".reprints .badge");
        let firsts: Vec<_> = badges.iter().filter(|badge| *badge == "가장 먼저").collect();
        assert_eq!(firsts.len(), usize::from(*first), "{moments:?}: {badges:?}");
        assert_eq!(texts(&page, ".reprints > .fine").is_empty(), *ordered, "{moments:?}");
    }
    assert!(texts(&page, ".reprints > .fine")[0].contains("어느 것이 먼저인지 알 수 없습니다"));
    page.goto(&server.url("/?article=g3-1&lang=en"));
    page.wait("document.querySelector('.reprints > .fine')?.textContent.startsWith('Which came first')");
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
