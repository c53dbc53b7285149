//! What most readers do, in Firefox: the other tests say more, but in Chromium alone. The same steps run there too, so that one sees whether a
//! fault is the browser's or the steps'.

use serde_json::{Value, json};

use super::browser::{Browser, Page};
use super::comparing::drawn;
use super::newsroom::{TOKEN, with_query};
use super::saving::{push, sign_in};
use super::searching::open_form;
use super::taking::without_clipboard;
use super::timeline::{click_bar, parameter};
use super::{
    SERVER, assert_sound, lists, naming, quoting, saving, search_for, shows, texts, wait_for_the_box,
};

/// A sample article.
const ARTICLE: &str = "onsaemi-20231114-001";

#[test]
fn readers_get_along_in_firefox() {
    let Some(browser) = Browser::start_firefox("readers_get_along_in_firefox") else { return };
    all_paths(&browser);
}

#[test]
fn readers_get_along_in_chromium() {
    let Some(browser) = Browser::start("readers_get_along_in_chromium") else { return };
    all_paths(&browser);
}

fn all_paths(browser: &Browser) {
    // One tab: a browser may slow down or put to sleep those that nobody sees.
    let page = browser.page();
    for path in [
        typing_offers_words_and_finds_articles,
        filters_narrow_the_list,
        an_article_is_opened_and_left_again,
        reprints_unfold,
        articles_are_cited_and_searches_taken_along,
        the_advanced_search_writes_a_query,
        articles_are_kept,
        searches_are_compared,
        quotations_lead_to_their_articles,
        names_are_mapped,
        a_search_is_saved,
        the_pages_are_in_english_too,
        other_pages_embed_the_search,
    ] {
        path(&page);
        assert_sound(&page);
    }
    // Nothing went wrong; it would have been seen.
    page.goto(&SERVER.url("/"));
    page.eval(
        "(() => { setTimeout(() => { throw new Error('on purpose'); });
           const style = document.createElement('style'); style.textContent = 'p {}'; document.body.append(style); })()",
    );
    page.until("an exception and a refused style", || {
        let faults = page.faults().concat();
        (faults.contains("on purpose") && faults.contains("style-src")).then_some(())
    });
}

/// True when a selector's elements have these texts.
fn says(selector: &str, texts: &[impl AsRef<str>]) -> String {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    format!(
        "JSON.stringify([...document.querySelectorAll({})].map((e) => e.textContent)) === JSON.stringify({})",
        json!(selector),
        json!(texts)
    )
}

/// Leaves a page whose server is about to end.
fn leave(page: &Page<'_>) {
    page.settle();
    page.goto("about:blank");
}

fn typing_offers_words_and_finds_articles(page: &Page<'_>) {
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    wait_for_the_box(page);
    let answer = SERVER.json(&with_query("/api/suggest", &[("q", "스타"), ("size", "8")]));
    let offered: Vec<&str> = answer["completions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|completion| completion["text"].as_str().unwrap())
        .collect();
    page.type_text("스타");
    page.wait(&says("#suggestions .value", &offered));
    page.press("ArrowDown");
    page.wait("document.querySelector('#suggestions [aria-selected=true]')?.id === document.getElementById('q').getAttribute('aria-activedescendant')");
    page.press("Enter");
    page.wait(&shows(&[("q", offered[0])]));
    page.wait("document.getElementById('popup').hidden");

    search_for(page, "반도체");
    assert_eq!(page.text("decodeURIComponent(location.search)"), "?q=반도체");
    assert_eq!(texts(page, "#results-heading"), ["‘반도체’ 검색 결과"]);
    let marks = page
        .eval("[...new Set([...document.querySelectorAll('#hits mark')].map((mark) => mark.textContent))]");
    assert!(marks.as_array().unwrap().contains(&json!("반도체")), "{marks}");
    page.eval("history.back()");
    page.wait(&shows(&[("q", offered[0])]));
}

fn filters_narrow_the_list(page: &Page<'_>) {
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    let facet = SERVER.json("/api/facets/outlet?q=반도체&group=similar");
    let outlet = facet["values"][0]["value"].as_str().unwrap();
    page.click("#facets fieldset:first-child .checks input");
    page.wait(&shows(&[("q", "반도체"), ("outlet", outlet)]));
    assert_eq!(texts(page, "#chips .chip:not(.all) span:first-child").len(), 1);

    page.wait("document.querySelectorAll('.plot .bar').length > 2");
    click_bar(page, 0);
    page.wait("new URLSearchParams(location.search).has('from')");
    let (from, to) = (parameter(page, "from"), parameter(page, "to"));
    assert!(!to.is_empty() && from[..7] == to[..7], "{from} to {to} is no month");
    let narrowed = [("q", "반도체"), ("outlet", outlet), ("from", &from), ("to", &to)];
    page.wait(&shows(&narrowed));
    page.wait("document.querySelector('.plot .bar.out')");

    page.click("#sort input[value=newest]");
    page.wait(&shows(&[&narrowed[..], &[("sort", "newest")]].concat()));
    page.click("#timeline-clear");
    page.wait(&shows(&[("q", "반도체"), ("outlet", outlet), ("sort", "newest")]));
    // A handle of the period, by keys.
    page.eval("document.querySelector('.handle.from').focus()");
    page.press("ArrowRight");
    page.wait("new URLSearchParams(location.search).has('from')");
    let from = parameter(page, "from");
    page.wait(&shows(&[("q", "반도체"), ("outlet", outlet), ("from", &from), ("sort", "newest")]));
    page.click("#chips .all");
    page.wait(&shows(&[("q", "반도체"), ("sort", "newest")]));
}

fn an_article_is_opened_and_left_again(page: &Page<'_>) {
    page.resize(1280, 600);
    page.goto(&SERVER.url("/?q=정부"));
    page.wait(&shows(&[("q", "정부")]));
    let last = "[...document.querySelectorAll('#hits h3 .title')].at(-1)";
    let id = page.text(&format!("{last}.dataset.article"));
    let title = page.text(&format!("{last}.textContent"));
    let click_last = || {
        page.eval(&format!("{last}.scrollIntoView({{block: 'center', behavior: 'instant'}})"));
        let down = page.number("scrollY");
        assert!(down > 200, "{down}");
        let (x, y) = page.middle(last);
        page.mouse("mousePressed", x, y);
        page.mouse("mouseReleased", x, y);
        page.wait(&format!("document.getElementById('article-title')?.textContent === {}", json!(title)));
        down
    };
    let is_back = |down: i64| {
        page.wait(&format!(
            "!document.getElementById('list-view').hidden && document.activeElement.dataset.article === {}",
            json!(id)
        ));
        page.wait(&format!("Math.trunc(scrollY) === {down}"));
    };
    let down = click_last();
    page.wait("document.querySelectorAll('#article-view mark').length > 0");
    page.press("n");
    page.wait("document.querySelector('.position').textContent.startsWith('일치 1 / ')");
    page.wait("(() => { const r = document.querySelector('mark.current').getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; })()");
    page.click(".article-bar .back");
    is_back(down);
    let down = click_last();
    page.eval("history.back()");
    is_back(down);
    page.resize(1280, 900);
}

fn reprints_unfold(page: &Page<'_>) {
    page.goto(&SERVER.url("/?q=중기부 스타트업"));
    page.wait(&shows(&[("q", "중기부 스타트업")]));
    page.click(".similar-toggle");
    page.wait("document.querySelectorAll('.similar li').length > 0");
    page.click(".similar > p .every");
    page.wait("location.search.includes('similar_to=')");
    let similar_to = parameter(page, "similar_to");
    page.wait(&lists(&[("sort", "oldest"), ("similar_to", &similar_to)]));
    assert!(page.number("document.querySelectorAll('#hits .hit').length") > 1);
}

fn articles_are_cited_and_searches_taken_along(page: &Page<'_>) {
    page.goto(&SERVER.url(&format!("/?q=공급망 협력&article={ARTICLE}")));
    page.click("[data-cite=apa]");
    page.wait("document.querySelector('.article-tools [role=status]').textContent.includes('복사했습니다')");
    // The same over plain http, where a browser offers no clipboard.
    without_clipboard(page);
    let stored = SERVER.json(&format!("/api/articles/{ARTICLE}"));
    let (title, url) = (stored["title"].as_str().unwrap(), stored["url"].as_str().unwrap());
    page.click("[data-cite=link]");
    page.wait(&format!("window.copied === {}", json!(format!("{title} {url}"))));

    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    for (id, kind) in [("csv", "text/csv"), ("xlsx", "spreadsheetml")] {
        let answer = page.eval(&format!("(({{href}}) => fetch(href).then((answer) => [answer.status, answer.headers.get('content-type')]))(document.getElementById('{id}'))"));
        assert!(answer[0] == 200 && answer[1].as_str().unwrap().contains(kind), "{answer}");
    }
}

fn the_advanced_search_writes_a_query(page: &Page<'_>) {
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    open_form(page);
    for (name, value) in [("all", "반도체"), ("any", "미국 \"공급망 협력\""), ("notOutlet", "가람일보")]
    {
        page.eval(&format!("document.getElementById('advanced-{name}').focus()"));
        page.type_text(value);
    }
    let line = "반도체 (미국 OR \"공급망 협력\") -언론사:가람일보";
    page.wait(&says("#advanced-line", &[line]));
    page.press("Enter");
    page.wait(&shows(&[("q", line)]));
    assert_eq!(page.text("document.getElementById('q').value"), line);
    page.click("#advanced-open");
    page.wait("document.getElementById('advanced').open && document.getElementById('advanced-notOutlet').value === '가람일보'");
    page.press("Escape");
    page.wait("!document.getElementById('advanced').open");
}

fn articles_are_kept(page: &Page<'_>) {
    page.goto(&SERVER.url(&format!("/?article={ARTICLE}")));
    page.click(".scrap summary");
    page.click(".scrap input[value='스크랩']");
    page.wait(
        "document.querySelector('.article-tools [role=status]').textContent === '‘스크랩’에 스크랩했습니다.'",
    );
    page.goto(&SERVER.url("/scraps"));
    let title = SERVER.json(&format!("/api/articles/{ARTICLE}"))["title"].clone();
    page.wait(&says(".folder .title", &[title.as_str().unwrap()]));
    page.click(".folder textarea");
    page.type_text("확인 필요");
    // Not by Tab: in Firefox it leads on from the last field to the bars of the window, where the focus then stays.
    page.click("h1");
    page.wait("document.getElementById('said').textContent === '메모를 저장했습니다.'");
    page.goto(&SERVER.url("/scraps"));
    page.wait("document.querySelector('.folder textarea')?.value === '확인 필요'");
}

fn searches_are_compared(page: &Page<'_>) {
    page.goto(&SERVER.url("/trends"));
    page.wait("document.querySelectorAll('#queries input').length === 2");
    page.click("#queries input");
    page.type_text("반도체");
    page.eval("document.querySelectorAll('#queries input')[1].focus()");
    page.type_text("스타트업");
    page.press("Enter");
    page.wait(&drawn(2));
    let answer = SERVER.json(&with_query("/api/trends", &[("q", "반도체"), ("q", "스타트업")]));
    let totals = [0, 1].map(|number| {
        let series = &answer["series"][number];
        format!("{}기사 {}건", series["query"].as_str().unwrap(), series["total"])
    });
    page.wait(&says("#legend li", &totals));
    page.wait("document.querySelector('#picture .line-1') && document.querySelector('#picture .line-2')");
    // Its picture as a file is drawn by the browser.
    page.eval("(() => { URL.createObjectURL = (blob) => { window.saved = blob; return 'blob:none'; }; HTMLAnchorElement.prototype.click = function () { window.named = this.download; }; })()");
    page.click("#save-png");
    page.wait("window.named?.endsWith('.png')");
    let size = page.eval("createImageBitmap(window.saved).then(({width, height}) => [width, height])");
    assert!(size[0].as_i64() > Some(300) && size[1].as_i64() > Some(100), "{size}");
}

fn quotations_lead_to_their_articles(page: &Page<'_>) {
    let server = quoting::server();
    page.goto(&server.url("/quotes?q=튼튼히"));
    page.wait("document.querySelectorAll('.quote').length === 20");
    assert_eq!(texts(page, ".quote:first-child mark"), ["튼튼히"]);
    page.wait(&says("#speakers a", &["김하늘", "이바다"]));
    page.click("#speakers li:last-child a");
    page.wait("new URLSearchParams(location.search).get('speaker') === '이바다' && document.querySelectorAll('.quote').length === 10");
    page.click(".quote .place");
    page.wait("document.querySelector('#article-view mark')?.textContent.includes('다리를')");
    leave(page);
}

fn names_are_mapped(page: &Page<'_>) {
    let server = naming::server();
    page.goto(&server.url("/?q=금리"));
    page.wait("document.querySelector('#named input[value=\"김하늘\"]')");
    page.click("#named .map-link");
    page.wait("document.querySelectorAll('#picture .node').length >= 3");
    page.eval("document.querySelector('#picture .node').focus()");
    page.wait("document.querySelectorAll('#picture svg.lit line.on').length > 0");
    page.click("#table summary");
    page.wait("document.querySelector('#rows tbody a')?.getClientRects().length");
    let count = page.text("document.querySelector('#rows tbody a').textContent");
    page.click("#rows tbody a");
    page.wait(&format!("document.querySelector('#count strong')?.textContent.includes('{count}건')"));
    leave(page);
}

fn a_search_is_saved(page: &Page<'_>) {
    let server = saving::server();
    page.goto(&server.url("/?q=수소트램"));
    page.wait("document.querySelectorAll('#hits .hit').length === 1");
    page.click("#save-search");
    sign_in(page, TOKEN);
    page.wait("document.activeElement.id === 'save-title'");
    page.press("Enter");
    page.wait("document.querySelector('#save-panel [role=status]')?.textContent.includes('저장했습니다')");
    page.click("#save-panel [role=status] ~ p a");
    page.wait("document.querySelectorAll('.saved').length === 1");
    page.settle();
    push(&server, "a", "수소트램 개통");
    page.wait("document.querySelector('.saved .new').textContent === '새 기사 1건'");
    page.click(".saved summary");
    page.wait("document.querySelector('.saved .hit mark')");
    assert_eq!(texts(page, ".saved .hit .title"), ["수소트램 개통"]);
    leave(page);
}

fn the_pages_are_in_english_too(page: &Page<'_>) {
    page.goto(&SERVER.url("/?lang=en&q=반도체"));
    page.wait(&lists(&[("q", "반도체")]));
    let count = SERVER.search(&[("q", "반도체")])["articles"].clone();
    assert_eq!(page.text("document.documentElement.lang"), "en");
    page.wait(&says("#count strong", &[format!("{count} articles")]));
    page.click("#hits .title");
    page.wait("document.querySelector('#article-view mark')");
    assert_eq!(parameter(page, "lang"), "en");
    page.goto(&SERVER.url("/help?lang=en"));
    page.wait("document.documentElement.lang === 'en' && document.querySelector('.example')");
}

fn other_pages_embed_the_search(page: &Page<'_>) {
    page.goto(&SERVER.url("/docs/embed"));
    let ids = "[...document.querySelector('gisa-search').shadowRoot.querySelectorAll('li a.title')].map((link) => new URL(link.href).searchParams.get('article'))";
    let found = |query: &str| {
        let answer = SERVER.search(&[("q", query), ("group", "similar"), ("size", "3")]);
        let ids: Vec<Value> =
            answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].clone()).collect();
        json!(ids)
    };
    page.wait(&format!("JSON.stringify({ids}) === JSON.stringify({})", found("반도체")));
    page.eval("document.querySelector('gisa-search').value = ''");
    page.eval("document.querySelector('gisa-search').focus()");
    page.type_text("스타트업");
    page.wait(&format!("JSON.stringify({ids}) === JSON.stringify({})", found("스타트업")));
    page.wait("document.querySelector('gisa-search').shadowRoot.querySelector('li mark')");
}
