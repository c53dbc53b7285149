//! An article with its matches, related articles, reprints.

use serde_json::json;

use super::browser::Browser;
use super::newsroom;
use super::{SERVER, assert_sound, focused, lists, shows, texts};

#[test]
fn an_article_is_read_with_its_matches() {
    let Some(browser) = Browser::start("an_article_is_read_with_its_matches") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=공급망 협력"));
    page.wait(&shows(&[("q", "공급망 협력")]));
    let id = page.text("document.querySelector('#hits .title').dataset.article");
    let title = page.text("document.querySelector('#hits .title').textContent");
    page.click("#hits .title");
    page.wait("document.getElementById('article-title')");
    assert_eq!(page.text("document.getElementById('article-title').textContent"), title);
    assert_eq!(focused(&page), "article-title");
    let marked = SERVER.json(&newsroom::with_query("/api/highlight", &[("q", "공급망 협력"), ("id", &id)]));
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
    direct.goto(&SERVER.url(&newsroom::with_query("/", &[("q", "공급망"), ("article", &id)])));
    direct.wait("document.querySelectorAll('#article-view mark').length > 0");
    direct.press("Escape");
    direct.wait(&shows(&[("q", "공급망")]));

    // Reprints unfold beneath the hit.
    page.goto(&SERVER.url("/?q=중기부 스타트업"));
    page.wait(&shows(&[("q", "중기부 스타트업")]));
    assert!(texts(&page, ".similar-toggle")[0].starts_with("비슷한 기사 "));
    page.click(".similar-toggle");
    page.wait("document.querySelectorAll('.similar li').length > 0");
    assert_eq!(page.text("document.querySelector('.similar-toggle').getAttribute('aria-expanded')"), "true");
    page.click(".similar > p a");
    page.wait("location.search.includes('similar_to=')");
    let similar_to = page.text("new URLSearchParams(location.search).get('similar_to')");
    page.wait(&lists(&[("q", "중기부 스타트업"), ("similar_to", &similar_to)]));
    assert!(page.number("document.querySelectorAll('#hits .hit').length") > 1);
    assert_sound(&page);
    assert_sound(&direct);
}
