//! The pages in a real browser: what a reader sees and does, on the sample articles, over the real server.
//!
//! Needs Chromium (see `browser::installed`); without one each test says on stderr that it is skipped. Pictures for the
//! documentation: `GISA_PICTURES=folder cargo test --test page_in_browser -- --ignored pictures`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod browser;
mod common;

use std::path::Path;
use std::sync::LazyLock;

use browser::{Browser, Page, hosts};
use common::{Newsroom, TestServer};
use serde_json::{Value, json};

/// Text that would do harm as markup, as an address or by turning the line around.
fn hostile() -> Value {
    let tag = "&lt;img src=x onerror=window.hacked=1&gt;&lt;script&gt;window.hacked=1&lt;/script&gt;";
    json!({
        "id": "hostile/1?&#\"'<b>",
        "title": format!("미끼낱말 {tag} \u{202e}거꾸로\u{202c} \"따옴표' {{{{7*7}}}} ${{1}}"),
        "body": format!("미끼낱말 본문 {tag} &lt;a href=javascript:window.hacked=1&gt;여기&lt;/a&gt; \u{2067}뒤집힌 줄이다."),
        "outlet": "<b>굵은신문</b>\"><script>window.hacked=1</script>",
        "reporters": ["<i>기울임</i>", "\"><img src=x onerror=window.hacked=1>"],
        "section": "'><svg onload=window.hacked=1>",
        "published_at": "2024-05-05T05:05:05+09:00",
        "url": "javascript:window.hacked=1",
    })
}

/// The sample articles and a hostile one.
fn newsroom() -> Newsroom {
    let newsroom = Newsroom::new(&[hostile()]);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    for entry in std::fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, newsroom.articles_dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    newsroom
}

static SERVER: LazyLock<TestServer> = LazyLock::new(|| TestServer::start_with(newsroom(), |_| {}));

/// What the count over the list says for so many articles.
fn shows(count: &Value) -> String {
    format!("document.querySelector('#count strong')?.textContent === '기사 {count}건'")
}

/// The exact number of hits that the page shows for these parameters: reprints folded.
fn total(parameters: &[(&str, &str)]) -> Value {
    SERVER.search(&[&[("group", "similar")], parameters].concat())["total"].clone()
}

/// A selector's elements as their texts.
fn texts(page: &Page<'_>, selector: &str) -> Vec<String> {
    let found =
        page.eval(&format!("[...document.querySelectorAll({})].map((e) => e.textContent)", json!(selector)));
    serde_json::from_value(found).unwrap()
}

fn focused(page: &Page<'_>) -> String {
    page.text(
        "document.activeElement.id || document.activeElement.className || document.activeElement.tagName",
    )
}

/// Puts a query into the box as a reader does, and waits for its hits.
fn search_for(page: &Page<'_>, query: &str) {
    page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
    page.type_text(query);
    page.wait(&shows(&total(&[("q", query)])));
}

fn assert_sound(page: &Page<'_>) {
    assert_eq!(page.faults(), [""; 0], "exceptions, or what the policy refused");
}

#[test]
fn a_reader_searches_and_narrows() {
    let Some(browser) = Browser::start("a_reader_searches_and_narrows") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&total(&[])));
    assert_eq!(texts(&page, "#results-heading"), ["최신 기사"]);
    assert_eq!(focused(&page), "q", "one can type at once");

    // Typing searches by itself, letter by letter, as one entry of the history.
    let before = page.number("history.length");
    page.type_text("반");
    page.type_text("도체");
    page.wait(&shows(&total(&[("q", "반도체")])));
    assert_eq!(page.text("decodeURIComponent(location.search)"), "?q=반도체");
    assert_eq!(page.number("history.length"), before + 1);
    assert!(page.number("document.querySelectorAll('#hits mark').length") > 0);
    assert_eq!(texts(&page, "#results-heading"), ["‘반도체’ 검색 결과"]);
    page.press("Escape");

    // Outlets: two of them, counts of the others stay.
    let facet = SERVER.json("/api/facets/outlet?q=반도체&group=similar");
    let outlets: Vec<&str> =
        facet["values"].as_array().unwrap().iter().map(|value| value["value"].as_str().unwrap()).collect();
    let values = texts(&page, "#facets fieldset:first-child .value");
    assert_eq!(values, outlets[..values.len()]);
    page.click("#facets fieldset:first-child input");
    page.wait(&shows(&total(&[("q", "반도체"), ("outlet", outlets[0])])));
    page.click("#facets fieldset:first-child li:nth-child(2) input");
    page.wait(&shows(&total(&[("q", "반도체"), ("outlet", outlets[0]), ("outlet", outlets[1])])));
    assert_eq!(
        texts(&page, "#facets fieldset:first-child .value"),
        values,
        "choosing does not shrink the list"
    );
    assert_eq!(texts(&page, "#chips .chip:not(.all) span:first-child").len(), 2);

    // Back and forth, and a link that restores everything.
    page.eval("history.back()");
    page.wait(&shows(&total(&[("q", "반도체"), ("outlet", outlets[0])])));
    page.eval("history.back()");
    page.wait(&shows(&total(&[("q", "반도체")])));
    page.eval("history.forward()");
    page.wait(&shows(&total(&[("q", "반도체"), ("outlet", outlets[0])])));
    page.click("#sort input[value=newest]");
    page.wait("location.search.includes('sort=newest')");
    let address = page.text("location.href");
    let titles = texts(&page, "#hits .title");
    let again = browser.page();
    again.goto(&address);
    again.wait("document.querySelectorAll('#hits .title').length > 0");
    assert_eq!(texts(&again, "#hits .title"), titles);
    assert!(again.eval("document.querySelector('#sort input[value=newest]').checked").as_bool().unwrap());
    assert_eq!(again.text("document.querySelector('#q').value"), "반도체");

    // Sections and reporters are there too, and everything is cleared at once.
    assert_eq!(texts(&page, "#facets legend"), ["언론사", "섹션", "기자"]);
    page.click("#facets fieldset:nth-child(2) input");
    page.wait("document.querySelectorAll('#chips .chip').length === 3");
    page.click("#chips .all");
    page.wait(&shows(&total(&[("q", "반도체")])));

    // What one takes along follows the search.
    assert_eq!(
        page.text("decodeURIComponent(document.getElementById('csv').search)"),
        "?q=반도체&sort=newest"
    );
    assert_eq!(page.text("decodeURIComponent(document.getElementById('atom').search)"), "?q=반도체");
    let feed = page.text("document.querySelector('link[rel=alternate][type=\"application/atom+xml\"]').href");
    assert_eq!(page.number(&format!("fetch({}).then((answer) => answer.status)", json!(feed))), 200);
    let rows = page.number("fetch(document.getElementById('csv').href).then((a) => a.text()).then((t) => t.trim().split('\\r\\n').length)");
    assert_eq!(json!(rows - 1), SERVER.search(&[("q", "반도체")])["total"], "every article, reprints too");

    // Pages.
    page.goto(&SERVER.url("/"));
    page.wait("document.querySelector('#pager [rel=next]')");
    let first = texts(&page, "#hits .title");
    page.click("#pager [rel=next]");
    page.wait("location.search.includes('page=2') && document.querySelector('#pager [aria-current]')?.textContent.startsWith('2')");
    page.wait(&format!("document.querySelector('#hits .title').textContent !== {}", json!(first[0])));
    assert_eq!(focused(&page), "results-heading", "the list's beginning is read next");
    page.eval("history.back()");
    page.wait(&format!("document.querySelector('#hits .title').textContent === {}", json!(first[0])));

    assert!(page.text("document.getElementById('served').textContent").starts_with("gisa "));
    assert_sound(&page);
    assert_sound(&again);
}

#[test]
fn a_period_is_chosen_in_the_timeline() {
    let Some(browser) = Browser::start("a_period_is_chosen_in_the_timeline") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait("document.querySelectorAll('.plot .bar').length > 2");
    let bars = page.number("document.querySelectorAll('.plot .bar').length");
    let months = SERVER.json("/api/facets/month?q=반도체&group=similar&size=1000");
    let values = months["values"].as_array().unwrap();
    let last = values.last().unwrap();

    // With the mouse: over the last quarter of the chart.
    page.eval("document.querySelector('.plot').scrollIntoView({block: 'center'})");
    let place = page.eval("(() => { const r = document.querySelector('.plot').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()");
    let number = |at: usize| place[at].as_f64().unwrap();
    let (y, right) = (number(1) + number(3) / 2.0, number(0) + number(2));
    page.mouse("mousePressed", right - number(2) / 4.0, y);
    page.mouse("mouseMoved", right - number(2) / 8.0, y);
    page.mouse("mouseMoved", right - 1.0, y);
    page.mouse("mouseReleased", right - 1.0, y);
    page.wait("new URLSearchParams(location.search).has('from')");
    let from = page.text("new URLSearchParams(location.search).get('from')");
    let to = page.text("new URLSearchParams(location.search).get('to')");
    assert!(
        from.ends_with("-01") && to.starts_with(last["value"].as_str().unwrap()),
        "{from} to {to}: whole months"
    );
    page.wait(&shows(&total(&[("q", "반도체"), ("from", &from), ("to", &to)])));
    assert_eq!(page.number("document.querySelectorAll('.plot .bar').length"), bars, "the chart stays whole");
    assert!(page.number("document.querySelectorAll('.plot .bar.out').length") > 0);

    // By keys: the beginning one month later, read out as a reader says it.
    page.eval("document.querySelector('.handle.from').focus()");
    let said = page.text("document.querySelector('.handle.from').getAttribute('aria-valuetext')");
    page.press("ArrowRight");
    page.wait(&format!(
        "document.querySelector('.handle.from').getAttribute('aria-valuetext') !== {}",
        json!(said)
    ));
    page.wait(&format!("new URLSearchParams(location.search).get('from') > {}", json!(from)));
    assert!(page.text("document.activeElement.className").contains("handle"), "the handle keeps the focus");
    page.press("Home");
    page.wait(&format!("new URLSearchParams(location.search).get('from') < {}", json!(from)));

    // With a finger.
    page.click("#timeline-clear");
    page.wait("!location.search.includes('from')");
    page.call("Emulation.setTouchEmulationEnabled", json!({"enabled": true}));
    let touch = |kind: &str, points: Value| {
        page.call("Input.dispatchTouchEvent", json!({"type": kind, "touchPoints": points}))
    };
    let place = page.eval("(() => { document.querySelector('.plot').scrollIntoView({block: 'center'}); const r = document.querySelector('.plot').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()");
    let at = |share: f64| {
        json!([{"x": place[0].as_f64().unwrap() + share * place[2].as_f64().unwrap(),
        "y": place[1].as_f64().unwrap() + place[3].as_f64().unwrap() / 2.0}])
    };
    touch("touchStart", at(0.02));
    touch("touchMove", at(0.2));
    touch("touchMove", at(0.4));
    touch("touchEnd", json!([]));
    page.wait("new URLSearchParams(location.search).has('to')");
    let (from, to) = (
        page.text("new URLSearchParams(location.search).get('from')"),
        page.text("new URLSearchParams(location.search).get('to')"),
    );
    page.wait(&shows(&total(&[("q", "반도체"), ("from", &from), ("to", &to)])));
    page.call("Emulation.setTouchEmulationEnabled", json!({"enabled": false}));

    // Large: the chosen months alone. And as a table, where each row is a way to its month.
    page.click("#timeline-zoom");
    page.wait(&format!("document.querySelectorAll('.plot .bar').length < {bars}"));
    page.click("#timeline-clear");
    page.wait(&format!("document.querySelectorAll('.plot .bar').length === {bars}"));
    page.click("#timeline-table summary");
    page.wait(&format!("document.querySelectorAll('#timeline-rows tbody tr').length === {}", values.len()));
    let counts: i64 = texts(&page, "#timeline-rows td")
        .iter()
        .map(|count| count.replace(',', "").parse::<i64>().unwrap())
        .sum();
    let counted: i64 = values.iter().map(|value| value["count"].as_i64().unwrap()).sum();
    assert_eq!(counts, counted);
    page.click("#timeline-rows tbody tr:last-child a");
    page.wait(&format!("location.search.includes('from={}-01')", last["value"].as_str().unwrap()));
    page.wait(&shows(&last["count"]));

    // Presets and dates.
    page.click("#period-options input[value=year]");
    page.wait(
        "new URLSearchParams(location.search).get('from') && !new URLSearchParams(location.search).get('to')",
    );
    page.click("#period-options input[value=custom]");
    page.eval("(() => { document.getElementById('range-from').value = '2025-12-31'; document.getElementById('range-to').value = '2025-01-01'; })()");
    page.click("#range button");
    page.wait("!document.getElementById('range-error').hidden");
    page.eval("document.getElementById('range-from').value = '2024-01-01'");
    page.click("#range button");
    page.wait("location.search.includes('from=2024-01-01&to=2025-01-01')");
    page.wait(&shows(&total(&[("q", "반도체"), ("from", "2024-01-01"), ("to", "2025-01-01")])));
    assert_sound(&page);
}

#[test]
fn an_article_is_read_with_its_matches() {
    let Some(browser) = Browser::start("an_article_is_read_with_its_matches") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=공급망 협력"));
    page.wait("document.querySelector('#hits .title')");
    let id = page.text("document.querySelector('#hits .title').dataset.article");
    let title = page.text("document.querySelector('#hits .title').textContent");
    page.click("#hits .title");
    page.wait("document.getElementById('article-title')");
    assert_eq!(page.text("document.getElementById('article-title').textContent"), title);
    assert_eq!(focused(&page), "article-title");
    let marked = SERVER.json(&common::with_query("/api/highlight", &[("q", "공급망 협력"), ("id", &id)]));
    let marks: usize =
        ["title", "body"].iter().map(|part| marked[part]["marks"].as_array().unwrap().len()).sum();
    assert!(
        marks > 1 && page.number("document.querySelectorAll('#article-view mark').length") >= marks as i64
    );

    // To the next match and back, by buttons and keys.
    page.press("n");
    page.wait("document.querySelectorAll('mark.current').length === 1");
    assert!(texts(&page, ".position")[0].starts_with("일치 1 / "));
    page.press("n");
    page.wait("document.querySelector('.position').textContent.startsWith('일치 2 / ')");
    page.press("Shift+N");
    page.wait("document.querySelector('.position').textContent.startsWith('일치 1 / ')");
    page.click(".article-bar button:last-of-type");
    page.wait("document.querySelector('.position').textContent.startsWith('일치 2 / ')");
    let seen = page.eval("(() => { const r = document.querySelector('mark.current').getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; })()");
    assert_eq!(seen, json!(true), "the match is in sight");

    // Related articles, and back to where the reader was.
    page.wait("document.querySelectorAll('.related li').length > 0");
    page.click(".related .title");
    page.wait(&format!("document.getElementById('article-title') && document.getElementById('article-title').textContent !== {}", json!(title)));
    page.eval("history.back()");
    page.wait(&format!("document.getElementById('article-title')?.textContent === {}", json!(title)));
    page.press("Escape");
    page.wait("!document.getElementById('list-view').hidden");
    page.wait(&format!("document.activeElement.dataset.article === {}", json!(id)));

    // A link straight to an article restores query and marks.
    let direct = browser.page();
    direct.goto(&SERVER.url(&common::with_query("/", &[("q", "공급망"), ("article", &id)])));
    direct.wait("document.querySelectorAll('#article-view mark').length > 0");
    direct.press("Escape");
    direct.wait(&shows(&total(&[("q", "공급망")])));

    // Reprints unfold beneath the hit.
    let folded = SERVER.search(&[("group", "similar"), ("size", "100")]);
    let with_reprints = folded["hits"]
        .as_array()
        .unwrap()
        .iter()
        .find(|hit| hit["similar_count"].as_i64() > Some(0))
        .unwrap();
    page.goto(&SERVER.url(&common::with_query(
        "/",
        &[("q", &format!("\"{}\"", with_reprints["title"].as_str().unwrap().replace('"', " ")))],
    )));
    page.wait("document.querySelector('.similar-toggle')");
    assert!(texts(&page, ".similar-toggle")[0].starts_with("비슷한 기사 "));
    page.click(".similar-toggle");
    page.wait("document.querySelectorAll('.similar li').length > 0");
    assert_eq!(page.text("document.querySelector('.similar-toggle').getAttribute('aria-expanded')"), "true");
    page.click(".similar p a");
    page.wait("location.search.includes('similar_to=')");
    page.wait("document.querySelectorAll('#hits .hit').length > 1");
    assert_sound(&page);
    assert_sound(&direct);
}

#[test]
fn everything_works_by_keys_and_says_what_happened() {
    let Some(browser) = Browser::start("everything_works_by_keys_and_says_what_happened") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait("document.querySelectorAll('#hits .hit').length > 1");

    // `/` to the box, down into the hits, Enter opens, Esc leads back to the hit, up to the box.
    page.eval("document.activeElement.blur()");
    page.press("/");
    assert_eq!(focused(&page), "q");
    page.type_text("반도체");
    page.wait(&shows(&total(&[("q", "반도체")])));
    page.press("Enter");
    page.wait("document.getElementById('popup').hidden");
    page.press("ArrowDown");
    page.press("ArrowDown");
    let second = page.text("document.querySelectorAll('#hits .title[data-article]')[1].dataset.article");
    assert_eq!(page.text("document.activeElement.dataset.article"), second);
    page.press("Enter");
    page.wait("document.getElementById('article-title')");
    page.press("Escape");
    page.wait(&format!("document.activeElement.dataset.article === {}", json!(second)));
    page.press("ArrowUp");
    page.press("ArrowUp");
    assert_eq!(focused(&page), "q");

    // Esc empties the box; in the empty box, recent searches can be chosen and cleared.
    page.press("Escape");
    page.wait(&shows(&total(&[])));
    page.press("ArrowDown");
    page.wait("document.getElementById('q').getAttribute('aria-expanded') === 'true'");
    assert_eq!(texts(&page, "#suggestions .value"), ["반도체"]);
    assert_eq!(page.text("document.getElementById('q').getAttribute('aria-activedescendant')"), "option-0");
    page.press("Enter");
    page.wait(&shows(&total(&[("q", "반도체")])));
    assert_eq!(page.text("localStorage.getItem('gisa.recent')"), "[\"반도체\"]");
    page.press("Escape");
    page.wait(&shows(&total(&[])));
    page.press("ArrowDown");
    page.wait("!document.getElementById('recent-clear').hidden && !document.getElementById('popup').hidden");
    page.press("Tab");
    assert_eq!(focused(&page), "recent-clear");
    page.press("Enter");
    page.wait("localStorage.getItem('gisa.recent') === null");
    assert_eq!(focused(&page), "q");

    // Focus order: box, help, theme, then the filters, then the list.
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait("document.querySelectorAll('#hits .hit').length > 1");
    page.eval("document.body.focus(), document.activeElement.blur()");
    let mut order = Vec::new();
    for _ in 0..8 {
        page.press("Tab");
        order.push(page.text("document.activeElement.id || document.activeElement.className || document.activeElement.textContent.trim() || document.activeElement.name"));
    }
    assert_eq!(order[..6], ["skip", "home", "q", "clear", "검색", "도움말"], "{order:?}");
    assert_eq!(order[6], "theme", "{order:?}");

    // Nothing found: what to do. With filters: the way out of them.
    search_for(&page, "쿼크플라즈마");
    assert_eq!(texts(&page, ".nothing h3"), ["찾는 기사가 없습니다."]);
    page.goto(&SERVER.url("/?q=반도체&outlet=없는신문"));
    page.wait("document.querySelector('.nothing a')");
    page.click(".nothing a");
    page.wait(&shows(&total(&[("q", "반도체")])));

    // Words that never stand together: fewer are enough, and it says so.
    let relaxed = "반도체 쿼크플라즈마";
    assert_eq!(SERVER.search(&[("q", relaxed)])["relaxed"], true);
    search_for(&page, relaxed);
    page.wait("document.querySelector('.notice')?.textContent.includes('일부만')");

    // The server cannot be reached: it says so, and tries again by a button that keeps the focus near.
    page.block(&["*api/search*"]);
    page.type_text(" 수출");
    page.wait("document.querySelector('.problem')");
    assert_eq!(texts(&page, ".problem-title"), ["서버에 연결할 수 없습니다"]);
    assert_eq!(
        page.number("document.querySelectorAll('#hits li').length"),
        0,
        "hits of another query would mislead"
    );
    page.block(&[]);
    page.eval("document.querySelector('.problem button').focus()");
    page.press("Enter");
    page.wait("!document.querySelector('.problem') && document.querySelectorAll('#hits .hit').length");
    page.goto(&SERVER.url("/?q=반도체&from=2024-99-99"));
    page.wait("document.querySelector('.problem-title')?.textContent === '조건을 읽을 수 없습니다'");
    page.goto(&SERVER.url("/?article=nowhere"));
    page.wait("document.querySelector('.problem-title')?.textContent === '그런 기사가 없습니다'");
    assert_sound(&page);
}

#[test]
fn suggestions_are_offered_and_chosen() {
    let Some(browser) = Browser::start("suggestions_are_offered_and_chosen") else { return };
    let answer = SERVER.get(&common::with_query("/api/suggest", &[("q", "스타"), ("size", "8")]));
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait("document.querySelectorAll('#hits .hit').length > 1");
    if answer.status == 404 {
        use std::io::Write as _;
        writeln!(
            std::io::stderr(),
            "\nSKIPPED suggestions_are_offered_and_chosen: this server has no /api/suggest"
        )
        .unwrap();
        // Without it, typing works as ever and nothing is said.
        search_for(&page, "스타트업");
        page.wait("document.getElementById('popup').hidden");
        assert_sound(&page);
        return;
    }
    let completions: Vec<String> = answer.json()["completions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|completion| completion["text"].as_str().unwrap().to_owned())
        .collect();
    assert!(!completions.is_empty());
    page.type_text("스타");
    page.wait("document.getElementById('q').getAttribute('aria-expanded') === 'true'");
    assert_eq!(texts(&page, "#suggestions .value"), completions);
    page.press("ArrowDown");
    assert_eq!(
        page.text("document.querySelector('[aria-selected=true]').id"),
        page.text("document.getElementById('q').getAttribute('aria-activedescendant')")
    );
    page.press("Enter");
    page.wait(&format!("document.getElementById('q').value === {}", json!(completions[0])));
    page.wait(&shows(&total(&[("q", &completions[0])])));
    page.wait("document.getElementById('popup').hidden");
    assert!(total(&[("q", &completions[0])]).as_i64() > Some(0), "what is suggested is found");

    // A slip of the pen, put right by the search itself.
    let slip = "스타트엄";
    let suggestion = SERVER.search(&[("q", slip)])["suggestion"].clone();
    if let Some(suggestion) = suggestion.as_str() {
        search_for(&page, slip);
        page.wait(&format!("document.querySelector('.correction')?.textContent === {}", json!(suggestion)));
        page.press("Escape");
        page.click(".correction");
        page.wait(&shows(&total(&[("q", suggestion)])));
    }
    assert_sound(&page);
}

#[test]
fn nothing_that_was_written_becomes_markup() {
    let Some(browser) = Browser::start("nothing_that_was_written_becomes_markup") else { return };
    let page = browser.page();
    let clean = |page: &Page<'_>, place: &str| {
        assert_eq!(page.eval("typeof window.hacked"), json!("undefined"), "{place}");
        let strange = page.number(&format!("document.querySelectorAll('{place} :is(img, script, iframe, b, i, svg:not(.icon, .plot svg)), {place} [onerror], {place} [href^=\"javascript\" i]').length"));
        assert_eq!(strange, 0, "{place}");
    };
    page.goto(&SERVER.url("/?q=미끼낱말"));
    page.wait("document.querySelector('#hits .title')");
    let stored = SERVER.json("/api/articles/hostile%2F1%3F%26%23%22'%3Cb%3E");
    let title = stored["title"].as_str().unwrap();
    assert!(title.contains("<img src=x") && title.contains("<script>"), "the trap is set: {title}");
    assert_eq!(page.text("document.querySelector('#hits .title').textContent"), title);
    assert_eq!(page.text("getComputedStyle(document.querySelector('#hits .title')).unicodeBidi"), "isolate");
    clean(&page, "main");
    page.click("#hits .title");
    page.wait("document.getElementById('article-title')");
    assert_eq!(page.text("document.getElementById('article-title').textContent"), title);
    assert_eq!(page.number("document.querySelectorAll('.original').length"), 0, "no link to javascript:");
    clean(&page, "main");

    // A hostile query, typed and in the address; a reporter's name as a filter.
    for query in [
        "<img src=x onerror=window.hacked=1>",
        "\"><script>window.hacked=1</script>",
        "' onfocus=window.hacked=1 autofocus='",
        "\u{202e}미끼낱말\u{202c} ${window.hacked=1} {{constructor}}",
        "javascript:window.hacked=1",
    ] {
        page.goto(&SERVER.url(&common::with_query(
            "/",
            &[("q", query), ("outlet", query), ("reporter", "</span><img src=x onerror=window.hacked=1>")],
        )));
        page.wait("document.querySelector('#chips .chip')");
        page.wait("document.getElementById('results').getAttribute('aria-busy') === 'false'");
        assert_eq!(page.text("document.getElementById('q').value"), query);
        assert!(page.text("document.getElementById('results-heading').textContent").contains(query.trim()));
        clean(&page, "body");
        let analysis = browser.page();
        analysis.goto(&SERVER.url(&common::with_query("/analyze", &[("q", query), ("text", query)])));
        analysis.wait("document.querySelectorAll('#answer h2').length > 1");
        clean(&analysis, "body");
        assert_sound(&analysis);
    }
    assert_sound(&page);
}

#[test]
fn other_sites_embed_the_search() {
    let Some(browser) = Browser::start("other_sites_embed_the_search") else { return };
    // A strict page of another origin: nothing inline but by nonce, no style at all.
    let strict: &'static [&'static str] = &[
        "content-security-policy: default-src 'none'; script-src http://127.0.0.1:* 'nonce-x'; connect-src http://127.0.0.1:*; frame-src http://127.0.0.1:*",
    ];
    let page_of = |server: &str, body: &str| {
        format!(
            "<!doctype html><html lang=\"ko\"><title>x</title><body>{body}<script src=\"{server}embed.js\" async></script><script nonce=\"x\">window.told = []; for (const type of ['search', 'select']) document.addEventListener(type, (event) => {{ window.told.push([type, event.detail]); if (window.keep) event.preventDefault(); }});</script>"
        )
    };
    let element =
        "<gisa-search outlet=\"가람일보\" size=\"2\" placeholder=\"기사 찾기\" theme=\"dark\"></gisa-search>";

    // The server must know their origins, their pages its address.
    let (listed, refused) = (hosts::site(strict), hosts::site(strict));
    let server = TestServer::start_with(newsroom(), |file| {
        file.embed.cors_origins = vec![listed.origin.clone()];
        file.embed.frame_ancestors = vec![listed.origin.clone()];
    });
    listed.show(page_of(&server.url("/"), element));
    refused.show(page_of(&server.url("/"), element));

    let page = browser.page();
    page.goto(&listed.origin);
    page.wait("customElements.get('gisa-search') && document.querySelector('gisa-search').shadowRoot");
    page.eval("window.root = document.querySelector('gisa-search').shadowRoot, 1");
    assert_eq!(page.text("root.querySelector('input').placeholder"), "기사 찾기");
    page.eval("document.querySelector('gisa-search').focus()");
    page.type_text("스타트업");
    page.wait("root.querySelectorAll('li').length === 2");
    let expected = server.search(&[("q", "스타트업"), ("outlet", "가람일보"), ("group", "similar")]);
    page.wait("window.told.length === 1");
    assert_eq!(page.eval("window.told[0]"), json!(["search", {"q": "스타트업", "total": expected["total"]}]));
    assert!(page.number("root.querySelectorAll('mark').length") > 0);
    assert_eq!(
        page.text("getComputedStyle(root.querySelector('.box')).backgroundColor"),
        "rgb(20, 23, 27)",
        "dressed in spite of the policy"
    );
    page.eval("document.documentElement.style.setProperty('--gisa-ground', 'rgb(1, 2, 3)')");
    assert_eq!(page.text("getComputedStyle(root.querySelector('.box')).backgroundColor"), "rgb(1, 2, 3)");
    assert_eq!(page.text("root.querySelector('a.title').rel"), "noopener");
    // A choice is told, and the host may keep it to itself.
    page.eval("window.keep = true, root.querySelector('a.title').click()");
    page.wait("window.told.length === 2");
    let select = page.eval("window.told[1]");
    assert_eq!((&select[0], &select[1]["id"]), (&json!("select"), &expected["hits"][0]["id"]));
    assert!(select[1]["href"].as_str().unwrap().starts_with(&server.url("/?")), "{select}");
    // Its own words follow the page's language.
    page.eval("document.querySelector('gisa-search').setAttribute('lang', 'en')");
    page.wait("root.querySelector('button').textContent === 'Search'");
    assert_eq!(page.faults().iter().filter(|fault| fault.contains("exceptionThrown")).count(), 0);

    // A site that is not listed gets nothing.
    page.goto(&refused.origin);
    page.wait("customElements.get('gisa-search')");
    page.eval("window.root = document.querySelector('gisa-search').shadowRoot, document.querySelector('gisa-search').focus()");
    page.type_text("스타트업");
    page.wait("root.querySelector('.said').textContent.includes('지금은 검색할 수 없습니다')");
    assert_eq!(page.number("root.querySelectorAll('li').length"), 0);

    // Frames: shown where listed, refused elsewhere.
    let frame = format!(
        "<iframe src=\"{}embed?q=스타트업&size=3\" width=600 height=500 title=x></iframe>",
        server.url("/")
    );
    for (site, shown) in [(&listed, true), (&refused, false)] {
        site.show(page_of(&server.url("/"), &frame));
        page.goto(&site.origin);
        let tree = page.call("Page.getFrameTree", json!({}));
        let child = &tree["frameTree"]["childFrames"][0]["frame"];
        if shown {
            let world = page.call("Page.createIsolatedWorld", json!({"frameId": child["id"]}));
            let inside = |expression: &str| {
                page.call("Runtime.evaluate", json!({"contextId": world["executionContextId"], "expression": expression, "returnByValue": true, "awaitPromise": true}))["result"]["value"].clone()
            };
            let items = inside(
                "new Promise((done) => { const look = () => { const found = document.querySelector('gisa-search')?.shadowRoot?.querySelectorAll('li').length; if (found) done(found); else setTimeout(look, 20); }; look(); })",
            );
            assert_eq!(items, json!(3));
        } else {
            assert!(child["url"].as_str().unwrap().starts_with("chrome-error:"), "{child}");
        }
    }
}

#[test]
fn everything_works_behind_a_proxy_under_a_path() {
    let Some(browser) = Browser::start("everything_works_behind_a_proxy_under_a_path") else { return };
    let address = hosts::proxy(SERVER.address(), "/desk/news");
    let page = browser.page();
    page.goto(&address);
    page.wait(&shows(&total(&[])));
    search_for(&page, "반도체");
    page.wait("document.querySelectorAll('.plot .bar').length > 2");
    assert!(page.text("location.pathname") == "/desk/news/");
    page.press("Escape");
    page.click("#hits .title");
    page.wait("document.getElementById('article-title')");
    page.eval("history.back()");
    page.wait(&shows(&total(&[("q", "반도체")])));
    for (path, there) in [
        ("analyze?q=반도체", "document.querySelectorAll('#answer h2').length"),
        ("help", "document.querySelectorAll('.example').length > 5"),
        ("docs", "document.querySelector('.example-box button')"),
        ("docs/embed", "document.querySelector('gisa-search').shadowRoot?.querySelectorAll('li').length"),
        ("embed?q=반도체", "document.querySelector('gisa-search').shadowRoot?.querySelectorAll('li').length"),
    ] {
        page.goto(&format!("{address}{path}"));
        page.wait(there);
        let style =
            page.number("[...document.styleSheets].filter((sheet) => sheet.cssRules.length > 0).length");
        assert!(style > 0, "{path} has its style");
        assert!(page.text("document.body.innerText").len() > 20);
    }
    page.goto(&format!("{address}docs"));
    page.wait("document.querySelector('pre.copy')?.textContent.includes('/desk/news/api/')");
    // Every address that was asked for lies under the path.
    let outside = page.eval("performance.getEntriesByType('resource').map(({name}) => name).filter((name) => !new URL(name).pathname.startsWith('/desk/news/'))");
    assert_eq!(outside, json!([]));
    assert_sound(&page);
}

#[test]
fn every_view_is_accessible_in_both_schemes_and_narrow() {
    let Some(browser) = Browser::start("every_view_is_accessible_in_both_schemes_and_narrow") else { return };
    let page = browser.page();
    let list =
        "document.querySelectorAll('#hits .hit').length && document.querySelectorAll('.plot .bar').length";
    let views = [
        ("/", list),
        ("/?q=반도체&outlet=가람일보&lang=en", "document.querySelectorAll('#hits .hit').length"),
        ("/?q=쿼크플라즈마", "document.querySelector('.nothing')"),
        ("/?q=반도체&from=2024-99-99", "document.querySelector('.problem')"),
        ("/?q=반도체&article=onsaemi-20231114-001", "document.querySelector('.related li')"),
        ("/help", "document.querySelector('.example')"),
        ("/help?lang=en", "document.querySelector('.example')"),
        ("/docs", "document.querySelector('.example-box button')"),
        ("/docs/embed", "document.querySelector('gisa-search').shadowRoot?.querySelectorAll('li').length"),
        (
            "/embed?q=반도체&theme=auto",
            "document.querySelector('gisa-search').shadowRoot?.querySelectorAll('li').length",
        ),
        ("/analyze?q=반도체&text=반도체가", "document.querySelectorAll('#answer table').length > 1"),
    ];
    let mut violations = Vec::new();
    for (scheme, width) in [("light", 1280), ("dark", 1280), ("light", 320)] {
        page.prefer_scheme(scheme);
        page.resize(width, 800);
        for (path, there) in views {
            page.goto(&SERVER.url(path));
            page.wait(there);
            violations.extend(
                page.accessibility()
                    .into_iter()
                    .map(|found| format!("{path}, {scheme}, {width} px: {found}")),
            );
            let overflow =
                page.number("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert!(overflow <= 0, "{path} is {overflow} px too wide at {width} px");
        }
    }
    // What opens: suggestions, filters on a phone, unfolded reprints, the table of the timeline.
    page.goto(&SERVER.url("/"));
    page.wait(list);
    search_for(&page, "반도체");
    page.press("Enter");
    page.click("#filter-toggle");
    page.click("#timeline-table summary");
    page.wait("document.querySelector('#timeline-rows tr')");
    violations.extend(page.accessibility());
    page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
    page.press("Escape");
    page.wait("document.getElementById('q').value === ''");
    page.press("ArrowDown");
    page.wait("!document.getElementById('popup').hidden");
    violations.extend(page.accessibility());
    assert_eq!(violations, [""; 0]);

    // The button overrides the system, and the choice is kept.
    page.prefer_scheme("dark");
    page.resize(1280, 800);
    let ground = "getComputedStyle(document.body).backgroundColor";
    page.goto(&SERVER.url("/"));
    page.wait("document.querySelector('#theme').title");
    assert_eq!(page.text(ground), "rgb(20, 23, 27)");
    page.click("#theme");
    assert_eq!(page.text(ground), "rgb(255, 255, 255)");
    page.goto(&SERVER.url("/help"));
    assert_eq!(page.text(ground), "rgb(255, 255, 255)", "on every page");
    page.prefer_scheme("light");
    page.goto(&SERVER.url("/"));
    page.wait("document.querySelector('#theme').title");
    page.click("#theme");
    assert_eq!(page.text(ground), "rgb(20, 23, 27)");

    // 200 % zoom of a 1280 px window is a window of 640 px.
    page.resize(640, 400);
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(list);
    assert!(page.number("document.documentElement.scrollWidth") <= 640);

    // English for those who prefer it.
    page.prefer_language("en-US");
    page.goto(&SERVER.url("/"));
    page.wait("document.documentElement.lang === 'en' && document.querySelector('#count strong')?.textContent.endsWith('articles')");
    page.goto(&SERVER.url("/?lang=ko"));
    page.wait("document.documentElement.lang === 'ko'");
    page.wait(list);
    assert!(
        page.text("document.querySelector('#hits .title').search").contains("lang=ko"),
        "the choice stays in links"
    );
    assert_sound(&page);
}

/// The pictures of the documentation, and those that a change of the page should be looked at with.
#[test]
#[ignore = "makes pictures; a command, not a check"]
fn pictures() {
    let folder = std::env::var_os("GISA_PICTURES").expect("GISA_PICTURES names the folder for the pictures");
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    let browser = Browser::start("pictures").expect("pictures need a browser");
    let page = browser.page();
    let list =
        "document.querySelectorAll('#hits .hit').length && document.querySelectorAll('.plot .bar').length";
    let views: [(&str, &str, u32, u32, &str, &str); 14] = [
        ("desktop", "/?q=중기부 스타트업", 1280, 900, "light", list),
        ("home", "/", 1280, 900, "light", list),
        (
            "filtered",
            "/?q=반도체&outlet=가람일보&outlet=온새미통신&from=2025-01-01",
            1280,
            900,
            "light",
            list,
        ),
        ("dark", "/?q=중기부 스타트업", 1280, 900, "dark", list),
        ("phone", "/?q=중기부 스타트업", 390, 844, "light", list),
        (
            "phone-dark",
            "/?q=반도체&article=onsaemi-20231114-001",
            390,
            844,
            "dark",
            "document.querySelector('.related li')",
        ),
        ("narrow", "/?q=반도체", 320, 640, "light", list),
        (
            "empty",
            "/?q=쿼크플라즈마&outlet=가람일보",
            1280,
            700,
            "light",
            "document.querySelector('.nothing')",
        ),
        ("error", "/?q=반도체&from=2024-99-99", 1280, 700, "light", "document.querySelector('.problem')"),
        (
            "article",
            "/?q=공급망 협력&article=onsaemi-20231114-001",
            1280,
            900,
            "light",
            "document.querySelector('.related li')",
        ),
        (
            "embedded",
            "/docs/embed",
            1280,
            900,
            "light",
            "document.querySelector('gisa-search').shadowRoot?.querySelectorAll('li').length",
        ),
        ("help", "/help", 1280, 900, "light", "document.querySelector('.example')"),
        ("docs", "/docs", 1280, 900, "light", "document.querySelector('.example-box button')"),
        (
            "analyze",
            "/analyze?q=반도체&text=반도체 수출이 늘었다.",
            1280,
            900,
            "light",
            "document.querySelectorAll('#answer table').length > 1",
        ),
    ];
    for (name, path, width, height, scheme, there) in views {
        page.prefer_scheme(scheme);
        page.resize(width, height);
        page.goto(&SERVER.url(path));
        page.wait(there);
        page.eval("document.activeElement.blur()");
        page.picture(&folder.join(format!("{name}.png")), "png");
        if matches!(name, "desktop" | "phone-dark") {
            page.picture(&folder.join(format!("{name}.webp")), "webp");
        }
    }
    page.prefer_scheme("light");
    page.resize(1280, 900);
    page.goto(&SERVER.url("/"));
    page.wait(list);
    page.eval("document.getElementById('q').focus()");
    page.type_text("스타");
    page.wait("document.querySelector('#hits mark')");
    page.picture(&folder.join("typing.png"), "png");
}
