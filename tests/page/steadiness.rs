//! The page keeps still while it loads, and is whole on paper and in forced colours.

use serde_json::json;

use super::browser::Browser;
use super::{SERVER, assert_sound, lists, shows, total};

/// What moved while the page loaded, as browsers measure it (CLS, <https://web.dev/articles/cls>).
const SHIFTS: &str = "new Promise((done) => { let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; })
        .observe({type: 'layout-shift', buffered: true});
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 100))); })";

/// Bytes that the page took so far, with the headers of each answer.
const TAKEN: &str =
    "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, { transferSize }) => sum + transferSize, 0)";

/// True when the list and its timeline are drawn.
const LIST: &str =
    "document.querySelectorAll('#hits .hit').length && document.querySelectorAll('.plot .bar').length";

/// True when the foot says what answers.
const FOOT: &str = "document.getElementById('served').textContent.startsWith('gisa ')";

/// How far a page of this size moves while it loads, slowly enough that each part is painted before the next one is there, until all of
/// `there` holds.
fn shifts(browser: &Browser, (width, height): (u32, u32), path: &str, there: &[&str]) -> f64 {
    let page = browser.page();
    page.resize(width, height);
    page.call(
        "Network.emulateNetworkConditions",
        json!({"offline": false, "latency": 80,
        "downloadThroughput": 200_000, "uploadThroughput": 200_000}),
    );
    page.goto(&SERVER.url(path));
    there.iter().for_each(|there| page.wait(there));
    page.eval(SHIFTS).as_f64().unwrap()
}

#[test]
fn the_first_view_takes_60_kilobytes_at_most() {
    let Some(browser) = Browser::start("the_first_view_takes_60_kilobytes_at_most") else { return };
    for (width, height) in [(1440, 900), (1280, 900), (390, 844)] {
        let page = browser.page();
        page.call("Network.setCacheDisabled", json!({"cacheDisabled": true}));
        page.resize(width, height);
        page.goto(&SERVER.url("/"));
        page.wait(LIST);
        page.wait(FOOT);
        page.settle();
        let (taken, asked) =
            (page.number(TAKEN), page.number("performance.getEntriesByType('resource').length"));
        assert!(taken <= 60_000 && asked > 5, "{width} px: {taken} bytes, {asked} requests");
        // What stands below the window, or behind a button, is loaded when the reader comes to it.
        if width == 390 {
            assert_eq!(page.number("document.getElementById('named').children.length"), 0);
            page.click("#filter-toggle");
            page.eval("document.getElementById('named').scrollIntoView()");
            page.wait("document.querySelectorAll('#named fieldset:not([hidden])').length");
        }
    }
}

#[test]
fn names_wait_until_a_tall_page_has_come_to_rest() {
    let Some(browser) = Browser::start("names_wait_until_a_tall_page_has_come_to_rest") else { return };
    // Where they are loaded is in sight at once; what was asked for before them is the first view.
    let taken = "(() => { const asked = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
        const names = asked.find(({ name }) => /\\/named\\.[^/]*js/.test(name))?.startTime ?? Infinity;
        const before = asked.filter(({ startTime }) => startTime < names);
        const rested = names - Math.max(...before.map(({ responseEnd }) => responseEnd));
        return [before.reduce((sum, { transferSize }) => sum + transferSize, 0), before.length, rested]; })()";
    let named = "document.querySelectorAll('#named fieldset:not([hidden])').length";
    let page = browser.page();
    page.call("Network.setCacheDisabled", json!({"cacheDisabled": true}));
    page.resize(2560, 1500);
    for path in ["/", "/?q=반도체"] {
        page.goto(&SERVER.url(path));
        page.wait(LIST);
        page.wait(FOOT);
        // They come by themselves, with nobody there.
        page.wait(named);
        let (bytes, requests) = (page.number(&format!("{taken}[0]")), page.number(&format!("{taken}[1]")));
        let rested = page.number(&format!("{taken}[2]"));
        assert!(bytes <= 60_000 && requests > 5, "{path}: {bytes} bytes, {requests} requests");
        assert!(rested > 1_000, "{path}: names were asked for {rested} ms after the first view");
    }
    assert_sound(&page);
}

#[test]
fn nothing_is_pushed_while_the_page_loads() {
    let Some(browser) = Browser::start("nothing_is_pushed_while_the_page_loads") else { return };
    for (width, height) in [(1440, 900), (1280, 900), (390, 844)] {
        for path in ["/", "/?q=반도체", "/?lang=en", "/?q=반도체&lang=en", "/?q=반도체 수출 공급망"]
        {
            let shifts = shifts(&browser, (width, height), path, &[LIST, FOOT]);
            assert!(shifts <= 0.05, "{path} at {width} px moves by {shifts}");
        }
    }
}

#[test]
fn nothing_is_pushed_where_there_is_little_to_show() {
    let Some(browser) = Browser::start("nothing_is_pushed_where_there_is_little_to_show") else { return };
    let quiet = "document.body.classList.contains('answered') && !document.querySelector('[aria-busy=true]')";
    for (width, height) in [(1280, 900), (390, 844)] {
        // Few hits, without a chart of one bar, perhaps with others that lack a word; a query of two lines; reprints of one day; nothing.
        for path in [
            "/?q=미끼낱말",
            "/?q=\"미끼낱말\" 거꾸로",
            "/?q=반도체 수출 공급망 협력 방안과 앞으로의 전망에 대한 정부의 입장",
            "/?similar_to=onsaemi-20231114-001&sort=oldest",
            "/?q=\"없는구절이다\"",
        ] {
            let shifts = shifts(&browser, (width, height), path, &[quiet, FOOT]);
            assert!(shifts <= 0.05, "{path} at {width} px moves by {shifts}");
        }
    }
}

#[test]
fn nothing_is_pushed_beside_an_article_or_a_comparison() {
    let Some(browser) = Browser::start("nothing_is_pushed_beside_an_article_or_a_comparison") else { return };
    let article = "document.querySelector('.related .title') && document.querySelector('.beside .fine')";
    for (width, height, path, there) in [
        (1280, 900, "/?q=반도체&preview=1", LIST),
        (1440, 900, "/?q=반도체&preview=1", LIST),
        (360, 740, "/trends?q=반도체&q=수출", "document.querySelector('#picture svg')"),
        (360, 740, "/?q=공급망&article=onsaemi-20231114-001", article),
        (1280, 900, "/?q=공급망&article=onsaemi-20231114-001", article),
    ] {
        let shifts = shifts(&browser, (width, height), path, &[there]);
        assert!(shifts <= 0.05, "{path} at {width} px moves by {shifts}");
    }
}

#[test]
fn a_narrow_chart_has_whole_labels() {
    let Some(browser) = Browser::start("a_narrow_chart_has_whole_labels") else { return };
    let page = browser.page();
    page.resize(320, 700);
    for path in [
        "/?lang=en&q=반도체",
        "/?q=반도체&from=2024-01-01&to=2024-01-31&frame=2024-01-01..2024-01-31",
        "/?lang=en",
    ] {
        page.goto(&SERVER.url(path));
        page.wait("document.querySelectorAll('.plot .bar').length > 2");
        page.settle();
        page.wait("document.querySelector('.axis span:not(.out)')");
        // The chart fits its labels when it knows its width, which what comes after the hits may change once more.
        page.wait(
            "(() => { const axis = document.querySelector('.axis').getBoundingClientRect(); let end = axis.left - 1;
               return [...document.querySelectorAll('.axis span:not(.out)')].every((tick) => { const r = tick.getBoundingClientRect();
                 const fits = r.left > end && r.right <= axis.right + 1; end = r.right; return fits; }); })()",
        );
        let lines = page.number("Math.round(document.getElementById('timeline-caption').getBoundingClientRect().height / parseFloat(getComputedStyle(document.getElementById('timeline-caption')).lineHeight))");
        assert_eq!(lines, 1, "{path}: the caption is one line");
    }
    assert_sound(&page);
}

#[test]
fn paper_and_forced_colours_show_everything() {
    let Some(browser) = Browser::start("paper_and_forced_colours_show_everything") else { return };
    let page = browser.page();
    page.call(
        "Emulation.setEmulatedMedia",
        json!({"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]}),
    );
    page.goto(&SERVER.url("/?q=반도체&outlet=가람일보&outlet=온새미통신"));
    page.wait(&shows(&[("q", "반도체"), ("outlet", "가람일보"), ("outlet", "온새미통신")]));
    page.eval("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(
        page.text("getComputedStyle(document.querySelector('.chip')).backgroundColor"),
        "rgb(255, 255, 255)"
    );
    assert_eq!(page.text("getComputedStyle(document.querySelector('.chip')).color"), "rgb(0, 0, 0)");
    // What is handed in says of which search it is, when it was printed and where it is found again.
    let printed = page.text("document.getElementById('printed').innerText");
    let address = page.text("location.href");
    assert!(
        printed.contains("‘반도체’ 검색 결과") && printed.contains("인쇄: ") && printed.contains(&address),
        "{printed}"
    );
    // What only a screen can use is not printed, and a page of a list says which hits it has.
    assert_eq!(page.text("getComputedStyle(document.querySelector('.chip.all')).display"), "none");
    let all = total(&[]);
    page.goto(&SERVER.url("/?page=2"));
    page.wait(&lists(&[("page", "2")]));
    page.eval("dispatchEvent(new Event('beforeprint'))");
    let printed = page.text("document.getElementById('printed').textContent");
    assert!(printed.contains(&format!("{all}건 가운데 11–20번째")), "{printed}");

    // An article says when it was printed, too.
    page.goto(&SERVER.url("/?article=onsaemi-20231114-001"));
    page.wait("document.querySelector('#article-title')");
    page.eval("dispatchEvent(new Event('beforeprint'))");
    assert!(page.text("document.querySelector('#article-view').innerText").contains("인쇄: "));

    page.call(
        "Emulation.setEmulatedMedia",
        json!({"media": "", "features": [
        {"name": "forced-colors", "value": "active"}, {"name": "prefers-color-scheme", "value": "dark"}]}),
    );
    page.goto(&SERVER.url("/?q=반도체&from=2024-06-01"));
    page.wait("document.querySelector('.plot .bar.out') && document.querySelector('.plot .bar:not(.out)')");
    let colours = page.eval("(() => { const of = (element, name) => getComputedStyle(element)[name];
        return [of(document.querySelector('.plot .bar:not(.out)'), 'fill'), of(document.querySelector('.plot .bar.out'), 'fill'), of(document.body, 'backgroundColor')]; })()");
    assert!(colours[0] != colours[1] && colours[0] != colours[2] && colours[1] != colours[2], "{colours}");
    assert_eq!(page.text("getComputedStyle(document.querySelector('.plot .bar.out')).opacity"), "1");
    assert_eq!(page.text("getComputedStyle(document.querySelector('.chip')).borderTopStyle"), "solid");

    // The map tells persons from organisations, and both from the ground.
    page.goto(&SERVER.url("/map?q=반도체"));
    page.wait("document.querySelector('#picture .node')");
    let colours = page.eval("(() => { const node = document.querySelector('#picture .node'); const style = (element) => getComputedStyle(element);
        return [style(node.querySelector('text')).fill, style(node.querySelector('text')).stroke, style(document.body).backgroundColor,
                style(document.querySelector('#picture line')).strokeOpacity]; })()");
    assert_eq!((&colours[1], &colours[3]), (&colours[2], &json!("1")), "{colours}");
    assert_ne!(colours[0], colours[2], "{colours}");
    assert_sound(&page);
}
