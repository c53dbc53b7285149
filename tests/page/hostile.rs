//! Text that would do harm as markup.

use serde_json::json;

use super::browser::{Browser, Page};
use super::newsroom;
use super::{SERVER, assert_sound, lists, shows};

#[test]
fn nothing_that_was_written_becomes_markup() {
    let Some(browser) = Browser::start("nothing_that_was_written_becomes_markup") else { return };
    let page = browser.page();
    let clean = |page: &Page<'_>, place: &str| {
        assert_eq!(page.eval("typeof window.hacked"), json!("undefined"), "{place}");
        let strange = page.number(&format!("document.querySelectorAll('{place} :is(img, script, iframe, b, i, svg:not(.icon, .sprite, .plot svg)), {place} [onerror], {place} [href^=\"javascript\" i]').length"));
        assert_eq!(strange, 0, "{place}");
    };
    page.goto(&SERVER.url("/?q=미끼낱말"));
    page.wait(&shows(&[("q", "미끼낱말")]));
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
        let asked =
            [("q", query), ("outlet", query), ("reporter", "</span><img src=x onerror=window.hacked=1>")];
        page.goto(&SERVER.url(&newsroom::with_query("/", &asked)));
        page.wait(&lists(&asked));
        page.wait("document.querySelector('#chips .chip')");
        assert_eq!(page.text("document.getElementById('q').value"), query);
        assert!(page.text("document.getElementById('results-heading').textContent").contains(query.trim()));
        clean(&page, "body");
        let analysis = browser.page();
        analysis.goto(&SERVER.url(&newsroom::with_query("/analyze", &[("q", query), ("text", query)])));
        analysis.wait("document.querySelectorAll('#answer h2').length > 1");
        clean(&analysis, "body");
        assert_sound(&analysis);
    }
    assert_sound(&page);
}
