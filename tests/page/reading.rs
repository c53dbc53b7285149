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
    page.click(".similar > p .every");
    page.wait("location.search.includes('similar_to=')");
    let similar_to = page.text("new URLSearchParams(location.search).get('similar_to')");
    page.wait(&lists(&[("sort", "oldest"), ("similar_to", &similar_to)]));
    assert!(page.number("document.querySelectorAll('#hits .hit').length") > 1);
    assert_sound(&page);
    assert_sound(&direct);
}

#[test]
fn place_and_focus_come_back() {
    let Some(browser) = Browser::start("place_and_focus_come_back") else { return };
    let page = browser.page();
    page.resize(1280, 600);
    page.goto(&SERVER.url("/?q=정부"));
    page.wait(&shows(&[("q", "정부")]));
    let id = page.text("[...document.querySelectorAll('#hits h3 .title')].at(-1).dataset.article");
    page.eval("[...document.querySelectorAll('#hits h3 .title')].at(-1).scrollIntoView({block: 'center', behavior: 'instant'})");
    let down = page.number("scrollY");
    assert!(down > 200, "{down}");
    // Through a related article, and another, by the button back to the list.
    page.eval("[...document.querySelectorAll('#hits h3 .title')].at(-1).click()");
    for _ in 0..2 {
        page.wait("document.querySelector('.related .title')");
        let title = page.text("document.getElementById('article-title').textContent");
        page.click(".related .title");
        page.wait(&format!("document.getElementById('article-title') && document.getElementById('article-title').textContent !== {}", json!(title)));
    }
    page.click(".article-bar .back");
    page.wait("!document.getElementById('list-view').hidden");
    page.wait(&format!("document.activeElement.dataset.article === {}", json!(id)));
    assert_eq!(page.number("scrollY"), down);
    let before = page.text("location.search");
    page.eval("history.forward()");
    page.wait("document.getElementById('article-title')");
    page.eval("history.back()");
    page.wait("!document.getElementById('list-view').hidden");
    assert_eq!(page.text("location.search"), before, "one step back is the list again");

    // A member of an unfolded group has the focus again.
    page.goto(&SERVER.url("/?q=중기부 스타트업"));
    page.wait(&shows(&[("q", "중기부 스타트업")]));
    page.click(".similar-toggle");
    page.wait("document.querySelector('.similar li .title')");
    let member = page.text("document.querySelector('.similar li .title').dataset.article");
    page.eval("document.querySelector('.similar li .title').focus()");
    page.press("Enter");
    page.wait("document.getElementById('article-title')");
    page.press("Escape");
    page.wait("!document.getElementById('list-view').hidden");
    page.wait(&format!("document.activeElement.dataset.article === {}", json!(member)));
    // Where the list had to be made again the group is folded: its hit has the focus then.
    let hit = page.text("document.activeElement.closest('.hit').querySelector('h3 .title').dataset.article");
    page.press("Enter");
    page.wait("document.getElementById('article-title')");
    page.goto(&page.text("location.href"));
    page.wait("document.getElementById('article-title')");
    page.press("Escape");
    page.wait("!document.getElementById('list-view').hidden");
    page.wait(&format!("document.activeElement.dataset.article === {}", json!(hit)));
    assert_sound(&page);
}

#[test]
fn keys_work_wherever_the_reader_has_clicked() {
    let Some(browser) = Browser::start("keys_work_wherever_the_reader_has_clicked") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    let ids =
        page.eval("[...document.querySelectorAll('#hits h3 .title')].map((link) => link.dataset.article)");
    page.click("#hits .title");
    page.wait("document.querySelectorAll('#article-view mark').length > 1");
    page.click(".article-body p");
    page.press("n");
    page.wait("document.querySelector('.position').textContent.startsWith('일치 1 / ')");
    page.click(".article-content");
    page.press("n");
    page.wait("document.querySelector('.position').textContent.startsWith('일치 2 / ')");
    page.press("p");
    page.wait("document.querySelector('.position').textContent.startsWith('일치 1 / ')");
    // From hit to hit; back leads to the list.
    page.wait("document.querySelector('.article-bar [rel=next]')");
    page.press("j");
    page.wait(&format!("new URLSearchParams(location.search).get('article') === {}", ids[1]));
    page.wait("document.querySelector('.article-bar [rel=prev]')");
    page.press("k");
    page.wait(&format!("new URLSearchParams(location.search).get('article') === {}", ids[0]));
    page.wait("document.querySelector('.article-bar [rel=next]')");
    page.click(".article-bar [rel=next]");
    page.wait(&format!("new URLSearchParams(location.search).get('article') === {}", ids[1]));
    page.wait("document.getElementById('article-title')");
    page.press("Escape");
    page.wait(&format!("document.activeElement.dataset.article === {}", ids[1]));
    // Over the end of a page.
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    page.eval("[...document.querySelectorAll('#hits h3 .title')].at(-1).click()");
    page.wait("document.querySelector('.article-bar [rel=next]')");
    page.press("j");
    page.wait("new URLSearchParams(location.search).get('page') === '2'");
    page.wait("document.querySelector('.beside').textContent.includes('11번째')");
    assert_sound(&page);
}

#[test]
fn reprints_stand_under_an_article_in_the_order_of_publication() {
    let Some(browser) = Browser::start("reprints_stand_under_an_article_in_the_order_of_publication") else {
        return;
    };
    let found = SERVER.search(&[("q", "접견"), ("group", "similar")]);
    let hit =
        found["hits"].as_array().unwrap().iter().max_by_key(|hit| hit["similar_total"].as_u64()).unwrap();
    let id = hit["id"].as_str().unwrap();
    let group = SERVER.search(&[("similar_to", id), ("sort", "oldest")]);
    let page = browser.page();
    page.goto(&SERVER.url(&newsroom::with_query("/", &[("article", id)])));
    page.wait("document.querySelectorAll('.reprints li').length > 1");
    let titles: Vec<&str> =
        group["hits"].as_array().unwrap().iter().map(|hit| hit["title"].as_str().unwrap()).collect();
    assert_eq!(texts(&page, ".reprints .title"), titles);
    assert!(texts(&page, ".reprints li")[0].contains("가장 먼저"));
    assert_eq!(texts(&page, ".reprints [aria-current]").len(), 1);
    // What stands there is no news among the related ones, where the server takes it for such.
    page.call(
        "Fetch.enable",
        json!({"patterns": [{"urlPattern": "*/related?*", "requestStage": "Response"}]}),
    );
    page.goto(&SERVER.url(&newsroom::with_query("/", &[("article", id), ("lang", "ko")])));
    let paused = page.until("a paused answer", || page.event("Fetch.requestPaused"));
    let request = paused["requestId"].clone();
    let body = page.call("Fetch.getResponseBody", json!({"requestId": request}));
    let mut answer = page.decoded(&body);
    answer["hits"].as_array_mut().unwrap().splice(0..0, group["hits"].as_array().unwrap().clone());
    page.call("Fetch.fulfillRequest", json!({"requestId": request, "responseCode": 200,
        "responseHeaders": [{"name": "content-type", "value": "application/json"}], "body": page.encoded(&answer)}));
    page.call("Fetch.disable", json!({}));
    page.wait("document.querySelector('.related li')");
    let ids: Vec<&str> =
        group["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    let related = page.eval("[...document.querySelectorAll('.related .title')].map((link) => new URL(link.href).searchParams.get('article'))");
    let related = related.as_array().unwrap();
    assert!(
        related.len() <= 6 && !related.iter().any(|id| ids.contains(&id.as_str().unwrap())),
        "{related:?}"
    );
    assert_sound(&page);
}

#[test]
fn articles_without_some_words_stand_behind_the_others() {
    let Some(browser) = Browser::start("articles_without_some_words_stand_behind_the_others") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    // The answer with hits of another search behind its own.
    let mut others = SERVER.search(&[("q", "반도체"), ("size", "3")])["hits"].clone();
    for hit in others.as_array_mut().unwrap() {
        hit["lacks"] = json!(["출장", "접견"]);
    }
    page.call(
        "Fetch.enable",
        json!({"patterns": [{"urlPattern": "*api/search?q=*facets*", "requestStage": "Response"}]}),
    );
    page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
    page.type_text("공급망 협력");
    let paused = page.until("a paused answer", || page.event("Fetch.requestPaused"));
    let request = paused["requestId"].clone();
    let body = page.call("Fetch.getResponseBody", json!({"requestId": request}));
    let mut answer = page.decoded(&body);
    let strict = answer["hits"].as_array().unwrap().len();
    answer["also"] = json!({"total": 3, "hits": others});
    page.call("Fetch.fulfillRequest", json!({"requestId": request, "responseCode": 200,
        "responseHeaders": [{"name": "content-type", "value": "application/json"}], "body": page.encoded(&answer)}));
    page.call("Fetch.disable", json!({}));
    page.wait("!document.getElementById('also').hidden");
    assert_eq!(texts(&page, "#also-heading"), ["모든 낱말이 들어 있지는 않은 기사"]);
    assert_eq!(texts(&page, "#also .lacks"), ["없는 낱말: 출장, 접견"; 3]);
    assert_eq!(
        page.number("document.querySelectorAll('#hits .hit').length"),
        strict as i64,
        "the count stays the strict one"
    );
    let below = page.eval("document.getElementById('also').getBoundingClientRect().top >= document.getElementById('hits').getBoundingClientRect().bottom");
    assert_eq!(below, json!(true));
    // Arrows walk on through them, and so do the keys inside an article.
    page.eval("[...document.querySelectorAll('#hits h3 a')].at(-1).focus()");
    page.press("ArrowDown");
    page.wait(&format!("document.activeElement.dataset.article === {}", others[0]["id"]));
    page.press("Enter");
    page.wait(&format!("new URLSearchParams(location.search).get('article') === {}", others[0]["id"]));
    page.wait("document.querySelector('.article-bar [rel=next]')");
    page.press("j");
    page.wait(&format!("new URLSearchParams(location.search).get('article') === {}", others[1]["id"]));
    page.wait("document.querySelector('.article-bar [rel=prev]')");
    page.press("Escape");
    page.wait(&format!("document.activeElement.dataset.article === {}", others[1]["id"]));
    // Without such articles there is no such part.
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    assert_eq!(page.eval("document.getElementById('also').hidden"), json!(true));
    assert_sound(&page);
}

#[test]
fn the_server_s_articles_without_some_words_are_shown() {
    let Some(browser) = Browser::start("the_server_s_articles_without_some_words_are_shown") else { return };
    let page = browser.page();
    // Two words that stand together in few sample articles, so that the strict hits do not fill the page.
    let query = "공급망 회담";
    let answer = SERVER.search(&[("q", query), ("group", "similar")]);
    let more = answer["also"]["hits"].as_array().expect("articles without some of the words").clone();
    assert!(!more.is_empty(), "{answer}");
    page.goto(&SERVER.url(&newsroom::with_query("/", &[("q", query)])));
    page.wait(&shows(&[("q", query)]));
    page.wait("!document.getElementById('also').hidden");
    let shown = page
        .eval("[...document.querySelectorAll('#also-hits h3 .title')].map((link) => link.dataset.article)");
    assert_eq!(shown, json!(more.iter().map(|hit| hit["id"].clone()).collect::<Vec<_>>()));
    let lacks: Vec<String> = more
        .iter()
        .map(|hit| {
            let words: Vec<&str> =
                hit["lacks"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
            format!("없는 낱말: {}", words.join(", "))
        })
        .collect();
    assert_eq!(texts(&page, "#also .lacks"), lacks);
    assert_eq!(
        page.number("document.querySelectorAll('#hits .hit').length"),
        answer["hits"].as_array().unwrap().len() as i64
    );
    page.eval("document.querySelector('#also-hits .title').click()");
    page.wait("document.querySelector('#article-view mark')");
    page.press("Escape");
    page.wait(&format!("document.activeElement.dataset.article === {}", more[0]["id"]));
    assert_sound(&page);
}
