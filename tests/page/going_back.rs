//! From an article back to its list, over the ends of pages.

use serde_json::json;

use super::browser::Browser;
use super::{SERVER, assert_sound, lists, shows};

#[test]
fn the_list_is_on_the_page_of_the_article_that_was_read_last() {
    let Some(browser) = Browser::start("the_list_is_on_the_page_of_the_article_that_was_read_last") else {
        return;
    };
    let second = SERVER.search(&[("group", "similar"), ("page", "2")]);
    let (eleventh, twelfth) = (&second["hits"][0]["id"], &second["hits"][1]["id"]);
    let page = browser.page();
    page.resize(1280, 600);
    let reads = |id: &serde_json::Value| {
        page.wait(&format!("new URLSearchParams(location.search).get('article') === {id}"));
        page.wait("document.querySelector('.article-bar [rel=prev]')");
    };
    let in_sight = "(() => { const r = document.activeElement.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; })()";
    for way in ["Escape", "목록으로", "back"] {
        page.goto(&SERVER.url("/"));
        page.wait(&shows(&[]));
        page.eval("[...document.querySelectorAll('#hits h3 .title')].at(-1).click()");
        page.wait("document.querySelector('.article-bar [rel=next]')");
        page.press("j");
        reads(eleventh);
        page.press("j");
        reads(twelfth);
        match way {
            "Escape" => page.press("Escape"),
            "목록으로" => page.click(".article-bar .back"),
            _ => drop(page.eval("history.back()")),
        }
        page.wait(&lists(&[("page", "2")]));
        page.wait(&format!("document.activeElement.dataset.article === {twelfth}"));
        page.wait(in_sight);
        assert_eq!(page.text("location.search"), "?page=2", "{way}");
        // It is the list's own entry: forth is the article again, and back is this page.
        page.eval("history.forward()");
        reads(twelfth);
        page.press("Escape");
        page.wait(&lists(&[("page", "2")]));
        page.wait(&format!("document.activeElement.dataset.article === {twelfth}"));
    }

    // And from the second page to the first.
    page.goto(&SERVER.url("/?page=2"));
    page.wait(&lists(&[("page", "2")]));
    page.click("#hits h3 .title");
    reads(eleventh);
    page.press("k");
    page.wait("document.querySelector('.beside')?.textContent.includes('10번째')");
    let tenth = page.text("new URLSearchParams(location.search).get('article')");
    page.press("Escape");
    page.wait(&shows(&[]));
    page.wait(&format!("document.activeElement.dataset.article === {}", json!(tenth)));
    page.wait(in_sight);

    // An entry of another page of the list is no place to be taken away from.
    page.click("#pager [rel=next]");
    page.wait(&lists(&[("page", "2")]));
    page.click("#hits h3 .title");
    reads(eleventh);
    page.eval("history.go(-2)");
    page.wait(&shows(&[]));
    assert_eq!(page.text("location.search"), "");
    assert_sound(&page);
}
