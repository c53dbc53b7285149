//! Numbers say what they count.

use serde_json::json;

use super::browser::Browser;
use super::newsroom::with_query;
use super::{SERVER, assert_sound, lists, shows, texts};

#[test]
fn two_totals_are_told_apart() {
    let Some(browser) = Browser::start("two_totals_are_told_apart") else { return };
    let page = browser.page();
    let answer = SERVER.search(&[("q", "중기부 스타트업"), ("group", "similar")]);
    assert_ne!(answer["articles"], answer["total"], "there are reprints");
    page.goto(&SERVER.url("/?q=중기부 스타트업"));
    page.wait(&shows(&[("q", "중기부 스타트업")]));
    assert_eq!(
        texts(&page, "#count strong, #count .folded"),
        [format!("기사 {}건", answer["articles"]), format!("묶어서 {}건", answer["total"])]
    );
    // The export says how many rows it has, folded and not, and has as many.
    assert!(
        page.text("document.getElementById('csv').title")
            .starts_with(&format!("묶어서 {}건", answer["total"]))
    );
    // So do the bars, and the numbers of the filters, on a phone their button too.
    page.wait("document.querySelector('.peak')");
    assert!(page.text("document.querySelector('.peak').textContent").contains("묶어서"));
    assert_eq!(page.eval("document.querySelector('#filters > .fine').hidden"), json!(false));
    assert_eq!(texts(&page, "#filters-done"), [format!("묶어서 {}건 보기", answer["total"])]);
    page.click("#timeline-table summary");
    page.wait("document.querySelector('#timeline-rows th + th')?.textContent.endsWith('(묶어서)')");
    page.eval("document.getElementById('columns').open = true");
    assert!(
        page.text("document.getElementById('export-fold-label').textContent")
            .contains(&format!("모두 {}건", answer["articles"]))
    );
    page.click("#export-fold");
    assert!(
        page.text("document.getElementById('csv').title")
            .starts_with(&format!("기사 {}건", answer["articles"]))
    );
    let rows = page.number("fetch(document.getElementById('csv').href).then((a) => a.text()).then((t) => t.trim().split('\\r\\n').length)");
    assert_eq!(json!(rows - 1), answer["articles"]);
    // Not folded: one total.
    page.goto(&SERVER.url("/?q=중기부 스타트업&group=none"));
    page.wait("document.querySelector('#count strong')");
    page.wait("!document.querySelector('#count .folded')");
    assert_eq!(texts(&page, "#count strong"), [format!("기사 {}건", answer["articles"])]);
    page.wait("document.querySelector('.peak')");
    assert!(!page.text("document.querySelector('.peak').textContent").contains("묶어서"));
    assert_eq!(page.eval("document.querySelector('#filters > .fine').hidden"), json!(true));
    assert_sound(&page);
}

#[test]
fn a_count_of_reprints_is_what_its_click_opens() {
    let Some(browser) = Browser::start("a_count_of_reprints_is_what_its_click_opens") else { return };
    let page = browser.page();
    let found = SERVER.search(&[("q", "접견"), ("group", "similar")]);
    let all =
        found["hits"].as_array().unwrap().iter().max_by_key(|hit| hit["similar_total"].as_u64()).unwrap();
    let group = SERVER.search(&[("similar_to", all["id"].as_str().unwrap())]);
    let size = group["total"].as_i64().unwrap();
    assert!(size > 2, "{group}");
    let outlets: Vec<&str> =
        group["hits"].as_array().unwrap().iter().map(|hit| hit["outlet"].as_str().unwrap()).collect();
    for asked in [
        vec![("q", "접견")],
        vec![("q", "접견"), ("outlet", outlets[0])],
        vec![("q", "접견"), ("outlet", outlets[0]), ("outlet", outlets[1])],
    ] {
        let answer = SERVER.search(&[&asked[..], &[("group", "similar")]].concat());
        let hit =
            answer["hits"].as_array().unwrap().iter().find(|hit| hit["similar_total"] == size - 1).unwrap();
        page.goto(&SERVER.url(&with_query("/", &asked)));
        page.wait(&shows(&asked));
        page.eval(&format!(
            "document.querySelector('#hits a[data-article=\"' + CSS.escape({}) + '\"]').closest('.hit').id = 'folded'",
            hit["id"]
        ));
        let said = page.text("document.querySelector('#folded .similar-toggle').textContent");
        let inside = &hit["similar_count"];
        let within = if *inside == json!(size - 1) {
            String::new()
        } else {
            format!(" · 이 조건 안에 {inside}건")
        };
        assert_eq!(said, format!("비슷한 기사 {}건{within}", size - 1), "{asked:?}");
        page.click("#folded .similar-toggle");
        page.wait("document.querySelector('#folded .similar li')");
        assert_eq!(page.number("document.querySelectorAll('#folded .similar li').length"), size - 1);
        let every = page.text("document.querySelector('#folded .every').textContent");
        assert_eq!(every, format!("조건 없이 모두 보기 ({size}건)"));
        page.click("#folded .every");
        page.wait(&lists(&[("similar_to", hit["id"].as_str().unwrap()), ("sort", "oldest")]));
        assert_eq!(page.number("document.querySelectorAll('#hits .hit').length"), size);
        assert_eq!(
            page.text("document.querySelector('#count strong').textContent"),
            format!("기사 {size}건")
        );
    }
    assert_sound(&page);
}

#[test]
fn advice_is_given_only_where_it_helps() {
    let Some(browser) = Browser::start("advice_is_given_only_where_it_helps") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=쿼크플라즈마&outlet=가람일보"));
    page.wait(
        "document.querySelector('.nothing li')?.textContent === '조건을 모두 지워도 찾는 기사가 없습니다.'",
    );
    assert_eq!(page.number("document.querySelectorAll('.nothing a').length"), 0);
    let count = SERVER.search(&[("q", "반도체")])["total"].clone();
    page.goto(&SERVER.url("/?q=반도체&from=1990-01-01&to=1990-01-02"));
    page.wait(&format!(
        "document.querySelector('.nothing li')?.textContent.startsWith('조건이 없으면 기사 {count}건')"
    ));
    page.click(".nothing a");
    page.wait(&shows(&[("q", "반도체")]));
    assert_sound(&page);
}

#[test]
fn failures_are_told_in_the_language_of_the_page() {
    let Some(browser) = Browser::start("failures_are_told_in_the_language_of_the_page") else { return };
    let page = browser.page();
    let long = "가나다라마바사아자차".repeat(60);
    for query in [
        "from=2026-99-99".to_owned(),
        "outlet=%20".to_owned(),
        format!("q={long}"),
        "similar_to=없는기사".to_owned(),
        "article=없는기사".to_owned(),
    ] {
        for (language, is_korean) in [("ko", true), ("en", false)] {
            page.goto(&SERVER.url(&format!("/?lang={language}&{query}")));
            page.wait("document.querySelector('.problem')");
            let detail = page.text("document.querySelector('.problem').innerText.split('\\n').filter((line) => !line.includes(':')).join(' ')");
            let english = detail
                .split(' ')
                .filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase()))
                .count();
            assert_eq!(english < 4, is_korean, "{query}: {detail}");
        }
    }
}
