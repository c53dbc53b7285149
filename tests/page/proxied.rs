//! Behind a reverse proxy under a path.

use serde_json::json;

use super::browser::{Browser, Page, hosts};
use super::{SERVER, assert_sound, search_for, shows};

#[test]
fn everything_works_behind_a_proxy_under_a_path() {
    let Some(browser) = Browser::start("everything_works_behind_a_proxy_under_a_path") else { return };
    let address = hosts::proxy(SERVER.address().to_owned(), "/desk/news");
    let page = browser.page();
    page.goto(&address);
    page.wait(&shows(&[]));
    search_for(&page, "반도체");
    page.wait("document.querySelectorAll('.plot .bar').length > 2");
    assert!(page.text("location.pathname") == "/desk/news/");
    page.press("Enter");
    page.click("#hits .title");
    page.wait("document.getElementById('article-title')");
    assert_inside(&page);
    page.eval("history.back()");
    page.wait(&shows(&[("q", "반도체")]));
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
        assert_inside(&page);
    }
    page.goto(&format!("{address}docs"));
    page.wait("document.querySelector('pre.copy')?.textContent.includes('/desk/news/api/')");
    assert_sound(&page);
}

/// Every address that the page asked for lies under the path.
fn assert_inside(page: &Page<'_>) {
    let outside = page.eval(
        "performance.getEntriesByType('resource').map(({name}) => name)
           .filter((name) => !new URL(name).pathname.startsWith('/desk/news/'))",
    );
    assert_eq!(outside, json!([]));
}
