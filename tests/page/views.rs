//! Accessibility by axe-core, widths, schemes, languages.

use super::browser::Browser;
use super::searching::open_form;
use super::{SERVER, assert_sound, search_for, shows};

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
        ("/scraps", "document.querySelector('#nothing:not([hidden])')"),
        ("/scraps?lang=en", "document.querySelector('#nothing:not([hidden])')"),
        ("/?q=반도체&size=20&view=compact", "document.querySelectorAll('#hits.compact .hit').length"),
        ("/?q=반도체&view=compact&preview=1", "document.querySelector('#pager a.step')"),
        ("/trends", "document.querySelectorAll('#queries input').length === 2"),
        ("/trends?q=반도체&q=스타트업&by=month", "document.querySelectorAll('#legend li').length === 2"),
        (
            "/trends?q=반도체&split=outlet&values=share&lang=en",
            "document.querySelectorAll('#legend li').length > 1",
        ),
        ("/map", "document.getElementById('said').textContent"),
        (
            "/map?q=반도체",
            "document.getElementById('said').textContent && !document.querySelector('.problem')",
        ),
        ("/map?q=반도체&lang=en", "document.getElementById('said').textContent"),
        ("/quotes", "document.getElementById('said').textContent"),
        ("/quotes?q=협력&lang=en", "document.getElementById('said').textContent"),
        ("/searches", "document.querySelector('#sign-in form')"),
        ("/searches?lang=en", "document.querySelector('#sign-in form')"),
        ("/admin/queries", "document.querySelector('#problem .problem')"),
        ("/sign-in", "document.querySelector('#key')"),
        ("/sign-in?lang=en", "document.querySelector('#key')"),
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
            page.settle();
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
    page.wait(&shows(&[]));
    search_for(&page, "반도체");
    page.press("Enter");
    page.click("#filter-toggle");
    page.click("#timeline-table summary");
    page.wait("document.querySelector('#timeline-rows tr')");
    violations.extend(page.accessibility());
    page.click("#columns summary");
    page.wait("document.getElementById('columns').open");
    violations.extend(page.accessibility());
    let over = page.number("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert!(over <= 0, "the columns are {over} px too wide");
    // It closes at Esc, which does nothing else, and at a click elsewhere.
    page.press("Escape");
    page.wait(
        "!document.getElementById('columns').open && document.activeElement.parentElement.id === 'columns'",
    );
    page.click("#columns summary");
    page.click("#results-heading");
    page.wait("!document.getElementById('columns').open");
    open_form(&page);
    violations.extend(page.accessibility());
    page.press("Escape");
    page.wait("!document.getElementById('advanced').open");
    page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
    page.press("Escape");
    page.wait(&shows(&[]));
    assert_eq!(page.text("document.getElementById('q').value"), "");
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
