//! What texts name: check lists that come after the hits, related terms that narrow, and the map.

use serde_json::json;

use super::browser::Browser;
use super::newsroom::{TestServer, with_query};
use super::{assert_sound, texts};

/// Articles in which some persons and organisations stand together.
pub fn server() -> TestServer {
    let article = |number: usize, body: &str| {
        json!({"id": format!("n-{number:02}"), "title": format!("금리 소식 {number}"), "body": body, "outlet": "가람일보",
            "published_at": format!("2025-03-{:02}T09:00:00+09:00", number % 28 + 1)})
    };
    let mut articles: Vec<_> = (0..12)
        .map(|number| {
            let who = if number % 2 == 0 {
                "김하늘 장관은 이바다 대표를"
            } else {
                "박민준 의원은 김하늘 장관을"
            };
            // So different that no two are taken for reprints.
            let told: String = (0..12)
                .map(|line| format!(" {}번 지표는 {}로 나왔다.", number * 31 + line, number * 17 + line * 7))
                .collect();
            article(number, &format!("금리가 올랐다. {who} 부산 한국은행에서 만났다.{told}"))
        })
        .collect();
    articles.extend((12..60).map(|number| {
        json!({"id": format!("n-{number:02}"), "title": format!("날씨 {number}"), "body": format!("비가 {number}mm 왔다. 우산이 팔렸다.")})
    }));
    TestServer::start(&articles)
}

#[test]
fn names_are_chosen_from_lists_that_come_after_the_hits() {
    let Some(browser) = Browser::start("names_are_chosen_from_lists_that_come_after_the_hits") else {
        return;
    };
    let server = server();
    let page = browser.page();
    page.goto(&server.url("/?q=금리"));
    page.wait("document.querySelectorAll('#named fieldset input[value=\"김하늘\"]').length === 1");
    assert_eq!(texts(&page, "#named legend"), ["인물", "기관", "장소"]);
    page.eval("document.querySelector('#named input[value=\"이바다\"]').click()");
    page.wait("document.querySelectorAll('#hits .hit').length && new URLSearchParams(location.search).get('person') === '이바다'");
    page.wait("document.querySelector('#chips .chip span')?.textContent === '인물: 이바다'");
    // A field's own filter does not narrow its list, and the choice is seen there.
    page.wait("document.querySelector('#named input[value=\"이바다\"]')?.checked");
    page.wait("document.querySelector('#named input[value=\"박민준\"]')");
    let total = server.search(&[("q", "금리"), ("person", "이바다")])["total"].as_u64().unwrap();
    assert_eq!(total, 6);
    page.wait("document.getElementById('count').textContent.includes('6')");
    // The address holds it, and the files of the list too.
    assert!(page.text("decodeURIComponent(document.getElementById('csv').href)").contains("person=이바다"));
    page.goto(&page.text("location.href"));
    page.wait("document.querySelector('#named input[value=\"이바다\"]')?.checked");
    assert_sound(&page);
}

#[test]
fn a_related_term_narrows_the_list() {
    let Some(browser) = Browser::start("a_related_term_narrows_the_list") else { return };
    let server = server();
    let page = browser.page();
    page.goto(&server.url("/?q=금리"));
    page.wait("document.querySelectorAll('#named .terms a').length > 2");
    let answer = server
        .json(&with_query("/api/related-terms", &[("q", "금리"), ("group", "similar"), ("size", "24")]));
    assert_eq!(
        page.number("document.querySelectorAll('#named .terms a').length"),
        answer["terms"].as_array().unwrap().len() as i64
    );
    page.eval("[...document.querySelectorAll('#named .terms a')].find((term) => term.textContent.startsWith('박민준')).click()");
    page.wait("new URLSearchParams(location.search).get('person') === '박민준'");
    page.wait("document.getElementById('count').textContent.includes('6')");
    assert_sound(&page);
}

#[test]
fn a_map_shows_who_stands_together_as_a_picture_and_as_a_table() {
    let Some(browser) = Browser::start("a_map_shows_who_stands_together_as_a_picture_and_as_a_table") else {
        return;
    };
    let server = server();
    let page = browser.page();
    page.goto(&server.url("/?q=금리"));
    page.wait("document.querySelector('#named .map-link')?.href.includes('/map?')");
    page.click("#named .map-link");
    page.wait("document.querySelectorAll('#picture .node').length >= 3");
    let answer = server.json(&with_query(
        "/api/related-terms",
        &[
            ("q", "금리"),
            ("group", "similar"),
            ("size", "40"),
            ("kinds", "person,organisation"),
            ("pairs", "true"),
        ],
    ));
    let pairs = answer["pairs"].as_array().unwrap().len() as i64;
    assert_eq!(page.number("document.querySelectorAll('#rows tbody tr').length"), pairs);
    page.eval("document.querySelector('#table').open = true");

    // Names are reached by keyboard, and their lines are lit.
    page.eval("document.querySelector('#picture .node').focus()");
    page.wait("document.querySelectorAll('#picture svg.lit line.on').length > 0");
    // A narrow picture fits, and no name lies outside of it.
    page.resize(360, 740);
    page.wait("document.querySelector('#picture svg').getBoundingClientRect().width <= 360");
    assert!(
        page.number("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0,
        "it fits 360 px"
    );
    // A pair leads to the articles that name both.
    let pair =
        page.text("decodeURIComponent(document.querySelector('#rows tbody a').search.replaceAll('+', ' '))");
    assert!(pair.contains("인물:\""), "{pair}");
    let count = page.text("document.querySelector('#rows tbody a').textContent");
    page.eval("document.querySelector('#rows tbody a').click()");
    page.wait(&format!("document.querySelector('#count strong')?.textContent.includes('{count}건')"));
    assert_sound(&page);

    // Without a search it says what to do, and without names that stand together, too.
    page.goto(&server.url("/map"));
    page.wait("document.getElementById('said').textContent.includes('검색어를 적으면')");
    page.goto(&server.url("/map?q=우산&lang=en"));
    page.wait("document.getElementById('said').textContent.startsWith('No persons')");
    assert_sound(&page);
}
