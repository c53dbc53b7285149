//! Ways through many articles: whole groups of outlets, what has no date, a pasted address, new articles, words of an article, a
//! preview beside the list.

use serde_json::json;

use super::browser::Browser;
use super::newsroom::{TOKEN, TestServer, with_query};
use super::{SERVER, assert_sound, one_without_a_date, search_for, shows, texts};

const FIRST: &str = "onsaemi-20231114-001";

#[test]
fn whole_groups_of_outlets_are_chosen_or_left_out() {
    let Some(browser) = Browser::start("whole_groups_of_outlets_are_chosen_or_left_out") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    page.eval("document.querySelector('#facets input[value=\"경제지\"]').click()");
    page.wait(&shows(&[("q", "반도체"), ("outlet_group", "경제지")]));
    assert_eq!(texts(&page, "#chips .chip span:first-child"), ["언론사 묶음: 경제지"]);
    page.eval("document.querySelector('#facets input[value=\"경제지\"]').click()");
    page.wait(&shows(&[("q", "반도체")]));
    page.click("#facets [data-without='통신']");
    page.wait(&shows(&[("q", "반도체 -언론사:@통신")]));
    page.wait("document.activeElement.id === 'results-heading'");
    assert_eq!(page.text("document.getElementById('q').value"), "반도체 -언론사:@통신");
    // An operator at the end of the query would join the group, and widen the search.
    page.goto(&SERVER.url("/?q=반도체 |"));
    page.wait(&shows(&[("q", "반도체 |")]));
    page.click("#facets [data-without='통신']");
    page.wait(&shows(&[("q", "-언론사:@통신 반도체 |")]));
    assert_sound(&page);
}

#[test]
fn what_a_chosen_group_leaves_out_is_counted() {
    let Some(browser) = Browser::start("what_a_chosen_group_leaves_out_is_counted") else { return };
    let article = |id: &str, outlet: Option<&str>| json!({"id": id, "title": format!("호박 소식 {id}"), "body": format!("호박이 {id}번 밭에서 익었다."), "outlet": outlet});
    let server = TestServer::start(&[
        article("a-1", Some("너울경제")),
        article("a-2", Some("가람일보")),
        article("a-3", None),
        article("a-4", None),
    ]);
    let page = browser.page();
    page.goto(&server.url("/?q=호박&group=none"));
    page.wait("document.querySelectorAll('#hits .hit').length === 4");
    let left = "언론사가 없거나 어느 묶음에도 들지 않는 기사 2건";
    assert_eq!(texts(&page, "#facets .group > .fine:not([hidden])"), [left], "its numbers are not all");
    assert_eq!(texts(&page, "#notices .notice"), [""; 0]);
    page.click("#facets input[value='경제지']");
    page.wait(
        "document.querySelectorAll('#hits .hit').length === 1 && document.querySelector('#notices .notice')",
    );
    assert_eq!(texts(&page, "#notices .notice"), [format!("{left}은 언론사 묶음을 골라서 빠졌습니다.")]);
    page.goto(&server.url("/?q=호박&group=none&outlet_group=경제지&lang=en"));
    page.wait("document.querySelector('#notices .notice')");
    assert_eq!(
        texts(&page, "#notices .notice"),
        ["2 articles without an outlet, or with one that is in no group, are left out by the groups chosen."]
    );
    page.goto(&server.url("/trends?q=호박&outlet_group=경제지"));
    page.wait("document.querySelector('#notes p')");
    let notes = texts(&page, "#notes p");
    let told = format!("‘호박’: {left}은 언론사 묶음을 골라서 빠졌습니다.");
    assert!(notes.contains(&told), "{notes:?}");
    assert_sound(&page);
}

#[test]
fn the_way_to_what_has_no_date_is_large_enough() {
    let Some(browser) = Browser::start("the_way_to_what_has_no_date_is_large_enough") else { return };
    let server = one_without_a_date();
    let page = browser.page();
    for (width, path) in [(320, "/?lang=en"), (1024, "/?q=호박"), (1440, "/?q=호박")] {
        page.resize(width, 800);
        page.goto(&server.url(path));
        page.wait("document.querySelectorAll('.plot .bar').length && !document.getElementById('timeline-undated').hidden");
        for open in [false, true] {
            page.eval(&format!("document.getElementById('timeline-table').open = {open}"));
            let height =
                page.eval("document.getElementById('timeline-undated').getBoundingClientRect().height");
            assert!(height.as_f64().unwrap() >= 24.0, "{path} at {width} px, table {open}: {height} px");
            assert_eq!(page.accessibility(), [""; 0], "{path} at {width} px, table {open}");
        }
    }
    assert_sound(&page);
}

#[test]
fn what_has_no_date_or_outlet_is_counted_and_can_be_asked_for() {
    let Some(browser) = Browser::start("what_has_no_date_or_outlet_is_counted_and_can_be_asked_for") else {
        return;
    };
    let server = TestServer::start(&[
        json!({"id": "a-1", "title": "호박 풍년", "body": "호박이 잘 익었다.", "outlet": "새벽신문", "published_at": "2024-10-01"}),
        json!({"id": "a-2", "title": "호박 축제", "body": "호박을 나누었다.", "outlet": "새벽신문", "published_at": "2024-11-05"}),
        json!({"id": "a-3", "title": "호박 요리", "body": "호박으로 죽을 쑤었다."}),
    ]);
    let page = browser.page();
    // A period in the query, as the form writes it or a reader types it, gives way to what the link asks for.
    for asked in [
        &[("q", "호박"), ("from", "2024-01-01")][..],
        &[("q", "호박 날짜:2024-01-01..2024-12-31")],
        &[("q", "호박 날짜：2024")],
    ] {
        page.goto(&server.url(&with_query("/", asked)));
        page.wait(
            "document.querySelectorAll('#hits .hit').length === 2 && document.querySelector('#notices .notice')",
        );
        assert!(texts(&page, "#notices .notice")[0].starts_with("날짜가 없는 기사 1건"));
        page.click("#notices .notice a");
        page.wait("document.querySelectorAll('#hits .hit').length === 1");
        assert_eq!(page.text("document.getElementById('q').value"), "호박 날짜:없음");
    }
    page.goto(&server.url("/?q=호박"));
    page.wait("document.querySelectorAll('#hits .hit').length === 3 && !document.getElementById('timeline-undated').hidden");
    assert_eq!(texts(&page, "#timeline-undated"), ["날짜 없는 기사 1건"]);
    page.wait("document.querySelector('.none:not([hidden])')");
    page.click(".none:not([hidden])");
    page.wait("document.querySelectorAll('#hits .hit').length === 1");
    assert_eq!(page.text("document.getElementById('q').value"), "호박 언론사:없음");
    page.wait("document.activeElement.id === 'results-heading'");
    assert_sound(&page);
}

#[test]
fn a_pasted_address_opens_its_article() {
    let Some(browser) = Browser::start("a_pasted_address_opens_its_article") else { return };
    let page = browser.page();
    let stored = SERVER.json(&format!("/api/articles/{FIRST}"));
    let address = stored["url"].as_str().unwrap().replacen("https://www.", "http://", 1);
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
    page.type_text(&format!("{address}?utm_source=mail#top"));
    page.press("Enter");
    page.wait(&format!(
        "new URLSearchParams(location.search).get('article') === '{FIRST}' && document.querySelector('#article-title')"
    ));
    page.press("Escape");
    page.wait(&shows(&[("q", "반도체")]));
    page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
    page.type_text("https://www.onsaemi.example/none");
    page.press("Enter");
    page.wait(
        "document.querySelector('#notices .notice')?.textContent === '이 주소의 기사는 이 색인에 없습니다.'",
    );
    assert_sound(&page);
}

#[test]
fn an_id_or_an_address_without_its_scheme_opens_its_article() {
    let Some(browser) = Browser::start("an_id_or_an_address_without_its_scheme_opens_its_article") else {
        return;
    };
    let page = browser.page();
    let stored = SERVER.json(&format!("/api/articles/{FIRST}"));
    let address = stored["url"].as_str().unwrap().trim_start_matches("https://").to_owned();
    let enter = |typed: &str| {
        page.goto(&SERVER.url("/?q=반도체"));
        page.wait(&shows(&[("q", "반도체")]));
        page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
        page.type_text(typed);
        page.press("Enter");
    };
    for typed in [FIRST, &address] {
        enter(typed);
        page.wait(&format!(
            "new URLSearchParams(location.search).get('article') === '{FIRST}' && document.querySelector('#article-title')"
        ));
    }
    // What only looks like one is searched for.
    for typed in ["www.onsaemi.example/none", "2024-05-05"] {
        enter(typed);
        page.wait(&shows(&[("q", typed)]));
    }
    assert_sound(&page);
}

#[test]
fn an_open_list_says_that_articles_came() {
    let Some(browser) = Browser::start("an_open_list_says_that_articles_came") else { return };
    let article = |id: &str| json!({"id": id, "title": "호박 풍년", "body": format!("호박이 {id}번 밭에서 익었다."), "published_at": format!("2024-10-0{}", &id[2..])});
    let server = TestServer::start(&[article("a-1"), article("a-2")]);
    let page = browser.page();
    page.goto(&server.url("/?q=호박&group=none&sort=oldest"));
    page.wait("document.querySelectorAll('#hits .hit').length === 2");
    let put = server.request("PUT", "/api/articles/a-3?refresh=true").bearer_auth(TOKEN);
    assert_eq!(server.send(put.json(&article("a-3"))).status, 200);
    // As when the reader comes back to the window.
    page.eval("document.dispatchEvent(new Event('visibilitychange'))");
    page.wait("!document.getElementById('newcomers').hidden");
    assert_eq!(texts(&page, "#newcomers"), ["새 기사 1건 보기"]);
    assert_eq!(page.number("document.querySelectorAll('#hits .hit').length"), 2, "nothing moves by itself");
    page.click("#newcomers");
    page.wait(
        "document.querySelectorAll('#hits .hit').length === 3 && document.getElementById('newcomers').hidden",
    );
    // In the order in which it is the first.
    assert_eq!(page.text("document.querySelector('#hits a.title').dataset.article"), "a-3");
    assert_eq!(page.text("new URLSearchParams(location.search).get('sort')"), "newest");
    page.wait("document.activeElement.id === 'results-heading'");
    assert_sound(&page);
}

#[test]
fn words_of_an_article_are_searched_on() {
    let Some(browser) = Browser::start("words_of_an_article_are_searched_on") else { return };
    let page = browser.page();
    page.goto(&SERVER.url(&format!("/?q=공급망&article={FIRST}")));
    page.wait("document.querySelector('.article-body p')");
    page.settle();
    let words = page.text(
        "(() => { const text = document.createTreeWalker(document.querySelector('.article-body'), NodeFilter.SHOW_TEXT).nextNode();
           const words = text.data.trim().split(' ')[0]; const range = document.createRange();
           range.setStart(text, text.data.indexOf(words)); range.setEnd(text, text.data.indexOf(words) + words.length);
           getSelection().removeAllRanges(); getSelection().addRange(range); return words; })()",
    );
    page.wait("!document.querySelector('.chosen-words').hidden");
    page.click(".chosen-words");
    page.wait("!new URLSearchParams(location.search).get('article')");
    assert_eq!(page.text("new URLSearchParams(location.search).get('q')"), words);
    page.wait(&shows(&[("q", &words)]));
    page.wait("document.activeElement.id === 'results-heading'");
    assert_sound(&page);
}

#[test]
fn an_article_is_previewed_beside_the_list() {
    let Some(browser) = Browser::start("an_article_is_previewed_beside_the_list") else { return };
    let page = browser.page();
    page.resize(1440, 900);
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    page.click("#preview-on");
    page.wait("document.documentElement.classList.contains('with-preview') && new URLSearchParams(location.search).get('preview') === '1'");
    page.wait(&shows(&[("q", "반도체")]));
    let title = page.text("document.querySelector('#hits a.title').textContent");
    page.click("#hits a.title");
    page.wait(&format!("document.querySelector('#preview h3')?.textContent === {}", json!(title)));
    assert_eq!(
        page.eval("new URLSearchParams(location.search).get('article')"),
        json!(null),
        "the list stays"
    );
    // The arrow keys move through the list, and the pane follows.
    let second = page.text("document.querySelectorAll('#hits a.title')[1].textContent");
    page.eval("document.querySelector('#hits a.title').focus()");
    page.press("ArrowDown");
    page.wait(&format!("document.querySelector('#preview h3')?.textContent === {}", json!(second)));
    assert_eq!(page.accessibility(), [""; 0]);
    page.click("#preview [data-whole]");
    page.wait(
        "new URLSearchParams(location.search).get('article') && document.querySelector('#article-title')",
    );
    assert_eq!(page.text("document.querySelector('#article-title').textContent"), second);
    // A narrower window has no room: titles open the article as before.
    page.resize(1100, 900);
    page.press("Escape");
    page.wait(&shows(&[("q", "반도체")]));
    page.wait("!document.documentElement.classList.contains('with-preview')");
    page.click("#hits a.title");
    page.wait("new URLSearchParams(location.search).get('article')");
    assert_sound(&page);
}

#[test]
fn an_address_in_the_query_is_looked_up_too() {
    let Some(browser) = Browser::start("an_address_in_the_query_is_looked_up_too") else { return };
    let page = browser.page();
    let stored = SERVER.json(&format!("/api/articles/{FIRST}"));
    let address = stored["url"].as_str().unwrap().to_owned();
    // As the browser's search bar sends it.
    page.goto(&SERVER.url(&with_query("/", &[("q", &address), ("match", "all")])));
    page.wait("document.body.classList.contains('answered')");
    if page.number("document.querySelectorAll('#hits .hit').length") == 0 {
        page.wait("document.querySelector('.nothing a.title')");
        let named =
            page.text("new URL(document.querySelector('.nothing a.title').href).searchParams.get('article')");
        assert_eq!(named, FIRST);
        // Nothing says that there is nothing: the article is there, and spelling is no advice.
        assert_eq!(
            texts(&page, ".nothing h3"),
            ["이 말이 들어 있는 기사는 없고, 이 번호나 주소의 기사는 있습니다."]
        );
        assert_eq!(texts(&page, ".nothing .advice"), [""; 0]);
    }
    search_for(&page, "반도체");
}
