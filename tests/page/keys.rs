//! Keys alone; what is said when nothing is found or nothing works.

use serde_json::json;

use super::browser::Browser;
use super::{SERVER, assert_sound, focused, lists, search_for, shows, texts, wait_for_the_box};

#[test]
fn everything_works_by_keys_and_says_what_happened() {
    let Some(browser) = Browser::start("everything_works_by_keys_and_says_what_happened") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    // It takes the focus by itself, once.
    wait_for_the_box(&page);

    // `/` to the box, down into the hits, Enter opens, Esc leads back to the hit, up to the box.
    page.eval("document.activeElement.blur()");
    page.press("/");
    assert_eq!(focused(&page), "q");
    page.type_text("반도체");
    page.wait(&shows(&[("q", "반도체")]));
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
    page.wait(&shows(&[]));
    page.press("ArrowDown");
    page.wait("document.getElementById('q').getAttribute('aria-expanded') === 'true'");
    assert_eq!(texts(&page, "#suggestions .value"), ["반도체"]);
    assert_eq!(page.text("document.getElementById('q').getAttribute('aria-activedescendant')"), "option-0");
    page.press("Enter");
    page.wait(&shows(&[("q", "반도체")]));
    assert_eq!(page.text("localStorage.getItem('gisa.recent')"), "[\"반도체\"]");
    page.press("Escape");
    page.wait(&shows(&[]));
    page.press("ArrowDown");
    page.wait("!document.getElementById('recent-clear').hidden && !document.getElementById('popup').hidden");
    page.press("Tab");
    assert_eq!(focused(&page), "recent-clear");
    page.press("Enter");
    page.wait("localStorage.getItem('gisa.recent') === null");
    assert_eq!(focused(&page), "q");

    // Focus order: box, advanced search, kept articles, help, theme, then the filters, then the list.
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    wait_for_the_box(&page);
    page.eval("document.querySelector('.skip').focus()");
    let here = "(({id, className, name, textContent}) => id || className || name || textContent.trim())(document.activeElement)";
    let order: Vec<String> = (0..10)
        .map(|_| {
            let here = page.text(here);
            page.press("Tab");
            here
        })
        .collect();
    assert_eq!(
        order,
        ["skip", "home", "q", "clear", "검색", "advanced-open", "스크랩", "도움말", "theme", "period"]
    );

    // Nothing found: what to do. With filters: the way out of them.
    search_for(&page, "쿼크플라즈마");
    assert_eq!(texts(&page, ".nothing h3"), ["찾는 기사가 없습니다."]);
    page.goto(&SERVER.url("/?q=반도체&outlet=없는신문"));
    page.click(".nothing a");
    page.wait(&shows(&[("q", "반도체")]));

    // Words that never stand together: fewer are enough, and it says so.
    let relaxed = "반도체 쿼크플라즈마";
    assert_eq!(SERVER.search(&[("q", relaxed)])["relaxed"], true);
    search_for(&page, relaxed);
    page.wait("document.querySelector('.notice')?.textContent.includes('일부만')");

    // The server cannot be reached: it says so, and tries again by a button that keeps the focus near.
    page.block(&["*api/search*"]);
    page.type_text(" 수출");
    let longer = lists(&[("q", &format!("{relaxed} 수출"))]);
    page.wait(&longer);
    assert_eq!(texts(&page, ".problem-title"), ["서버에 연결할 수 없습니다"]);
    assert_eq!(
        page.number("document.querySelectorAll('#hits li').length"),
        0,
        "hits of another query would mislead"
    );
    page.block(&[]);
    page.eval("document.querySelector('.problem button').focus()");
    page.press("Enter");
    page.wait(&format!(
        "{longer} && !document.querySelector('.problem') && document.querySelectorAll('#hits .hit').length"
    ));
    page.goto(&SERVER.url("/?q=반도체&from=2024-99-99"));
    page.wait("document.querySelector('.problem-title')?.textContent === '조건을 읽을 수 없습니다'");
    page.goto(&SERVER.url("/?article=nowhere"));
    page.wait("document.querySelector('.problem-title')?.textContent === '그런 기사가 없습니다'");
    // An article that fails after another has no matches to count.
    page.goto(&SERVER.url("/?q=공급망 협력&article=onsaemi-20231114-001"));
    page.wait("document.querySelector('.position').textContent.startsWith('일치') && document.querySelector('.article-bar a[rel]')");
    page.block(&["*api/articles/*"]);
    page.click(".article-bar a[rel]");
    page.wait("document.querySelector('#article-view .problem-title')");
    assert_eq!(texts(&page, ".position"), [""]);
    assert_sound(&page);
}
