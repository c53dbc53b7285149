//! What a reporter takes along: a table, a feed, a citation, an address.

use serde_json::json;

use super::browser::{Browser, Page};
use super::{SERVER, assert_sound, one_without_a_date, shows, texts};

/// From now on the browser offers no clipboard, as over plain http, and what is copied is kept in `window.copied`.
pub fn without_clipboard(page: &Page<'_>) {
    page.eval(
        "(() => { Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true});
           document.addEventListener('copy', () => { window.copied = document.activeElement.value; }); })()",
    );
}

#[test]
fn a_search_is_taken_along_from_above_the_list() {
    let Some(browser) = Browser::start("a_search_is_taken_along_from_above_the_list") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=반도체&to=2025-12-31"));
    page.wait(&shows(&[("q", "반도체"), ("to", "2025-12-31")]));
    let above = page.eval("document.getElementById('xlsx').getBoundingClientRect().bottom <= document.getElementById('hits').getBoundingClientRect().top");
    assert_eq!(above, json!(true));
    // Korean heads, times that a spreadsheet takes for times, columns by choice, kept for the next time.
    let table = "fetch(document.getElementById('csv').href).then((a) => a.text()).then((t) => t.split('\\r\\n').slice(0, 2))";
    let lines = page.eval(table);
    assert_eq!(
        lines[0].as_str().unwrap().trim_start_matches('\u{FEFF}'),
        "게재 일시,언론사,기자,섹션,제목,본문 첫머리,기사 주소"
    );
    assert!(
        lines[1].as_str().unwrap()[..19].chars().all(|c| c.is_ascii_digit() || "- :".contains(c)),
        "{lines}"
    );
    page.click("#columns summary");
    page.click("#column-choices input[value=lead]");
    assert!(
        page.text("document.getElementById('xlsx').search")
            .contains("columns=published_at%2Coutlet%2Creporters%2Csection%2Ctitle%2Curl")
    );
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    assert!(!page.text("document.getElementById('csv').search").contains("lead"), "the choice is kept");
    let workbook = page.eval("fetch(document.getElementById('xlsx').href).then(async (a) => [a.status, a.headers.get('content-type'), new TextDecoder().decode((await a.arrayBuffer()).slice(0, 2)), a.headers.get('content-disposition')])");
    assert_eq!((&workbook[0], &workbook[2]), (&json!(200), &json!("PK")), "{workbook}");
    assert!(
        workbook[3].as_str().unwrap().contains("filename*=UTF-8''gisa%20%EB%B0%98%EB%8F%84%EC%B2%B4%20"),
        "{workbook}"
    );

    // Copying works over plain http.
    without_clipboard(&page);
    page.click("#feed");
    page.wait("window.copied");
    assert!(page.text("window.copied").starts_with(&SERVER.url("/feed.atom?q=")), "a whole address");
    page.wait("document.getElementById('copied').textContent.startsWith('피드 주소를 복사했습니다.')");
    let feed = page.number("fetch(window.copied).then((a) => a.status)");
    assert_eq!(feed, 200);
    page.click("#copy");
    page.wait("window.copied === location.href");
    assert_eq!(texts(&page, "#copied"), ["주소를 복사했습니다."]);
    // A feed with an end says so.
    page.goto(&SERVER.url("/?q=반도체&to=2025-12-31"));
    page.wait(&shows(&[("q", "반도체"), ("to", "2025-12-31")]));
    page.click("#feed");
    page.wait("document.getElementById('copied').textContent.includes('종료일')");
    assert_sound(&page);
}

#[test]
fn an_export_that_is_cut_says_so() {
    let Some(browser) = Browser::start("an_export_that_is_cut_says_so") else { return };
    let server = one_without_a_date();
    let page = browser.page();
    page.goto(&server.url("/?group=none"));
    page.wait("document.querySelectorAll('#hits .hit').length === 3 && !document.getElementById('timeline-undated').hidden");
    assert_eq!(page.eval("document.getElementById('export-cut').hidden"), json!(true));
    // As many articles as no sample has: the server's answer with other totals.
    page.call(
        "Fetch.enable",
        json!({"patterns": [{"urlPattern": "*api/search?*", "requestStage": "Response"}]}),
    );
    page.eval("document.getElementById('compact').click()");
    let paused = page.until("a paused answer", || page.event("Fetch.requestPaused"));
    let request = paused["requestId"].clone();
    let body = page.call("Fetch.getResponseBody", json!({"requestId": request}));
    let mut answer = page.decoded(&body);
    answer["total"] = json!(60_001);
    answer["articles"] = json!(60_002);
    page.call("Fetch.fulfillRequest", json!({"requestId": request, "responseCode": 200,
        "responseHeaders": [{"name": "content-type", "value": "application/json"}], "body": page.encoded(&answer)}));
    page.wait("!document.getElementById('export-cut').hidden");
    let said = page.text("document.getElementById('export-cut').textContent");
    assert!(said.contains("60,002건 가운데 앞의 50,000건만"), "{said}");
    // Whoever divides it into periods does not get these.
    assert!(said.contains("날짜 없는 기사 1건은 어느 기간에도 들지 않으니"), "{said}");
    page.eval("document.getElementById('export-fold').click()");
    page.wait("document.getElementById('export-cut').textContent.includes('60,001건 가운데')");
    let said = page.text("document.getElementById('export-cut').textContent");
    assert!(
        said.contains("날짜 없는 기사는 어느 기간에도"),
        "how many they are when folded is not known: {said}"
    );
    page.call("Fetch.disable", json!({}));
    assert_sound(&page);
}

#[test]
fn an_article_is_cited_and_found_by_its_address() {
    let Some(browser) = Browser::start("an_article_is_cited_and_found_by_its_address") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=공급망 협력&article=onsaemi-20231114-001"));
    page.wait("document.querySelector('[data-cite=apa]')");
    without_clipboard(&page);
    let stored = SERVER.json("/api/articles/onsaemi-20231114-001");
    let (title, url) = (stored["title"].as_str().unwrap(), stored["url"].as_str().unwrap());
    // Quotation marks within quotation marks are single ones.
    let inner = title.replacen('"', "‘", 1).replacen('"', "’", 1);
    for (form, cited) in [
        ("newsroom", format!("온새미통신, 2023년 11월 14일, “{inner}”, {url}")),
        ("apa", format!("김하늘, 박도윤. (2023, 11월 14일). {title}. 온새미통신. {url}")),
        ("link", format!("{title} {url}")),
        ("permalink", SERVER.url("/?article=onsaemi-20231114-001")),
    ] {
        page.click(&format!("[data-cite={form}]"));
        page.wait(&format!("window.copied === {}", json!(cited)));
    }
    page.wait("document.querySelector('.article-tools [role=status]').textContent.includes('복사했습니다')");

    // The address of an article, put into the box, opens it, and the search before it stays behind it.
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    for address in [
        "/?article=onsaemi-20231114-001",
        "/api/articles/onsaemi-20231114-001",
        "/?q=남&article=onsaemi-20231114-001&lang=ko",
    ] {
        page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
        page.type_text(&SERVER.url(address));
        page.press("Enter");
        page.wait(&format!("document.getElementById('article-title')?.textContent === {}", json!(title)));
        page.press("Escape");
        page.wait(&shows(&[("q", "반도체")]));
    }
    // An id leads to its article.
    page.goto(&SERVER.url("/?q=onsaemi-20231114-001&match=all"));
    page.wait("document.querySelector('.nothing li a.title, #hits h3 a.title')");
    let found = page.text("document.querySelector('.nothing li a.title, #hits h3 a.title').textContent");
    assert_eq!(found, title);
    assert_sound(&page);
}

#[test]
fn filters_on_a_phone_lead_to_their_hits() {
    let Some(browser) = Browser::start("filters_on_a_phone_lead_to_their_hits") else { return };
    let page = browser.page();
    page.resize(390, 844);
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    page.click("#filter-toggle");
    page.click("#facets fieldset:first-child .checks input");
    page.wait("new URLSearchParams(location.search).has('outlet')");
    let outlet = page.text("new URLSearchParams(location.search).get('outlet')");
    page.wait(&shows(&[("q", "반도체"), ("outlet", &outlet)]));
    let count = SERVER.search(&[("q", "반도체"), ("outlet", &outlet), ("group", "similar")])["total"].clone();
    assert_eq!(texts(&page, "#filters-done"), [format!("{count}건 보기")]);
    page.click("#filters-done");
    page.wait("!document.getElementById('filters').classList.contains('open') && document.activeElement.id === 'results-heading'");
    assert_eq!(page.text("document.getElementById('filter-toggle').getAttribute('aria-expanded')"), "false");
    assert_sound(&page);
}

#[test]
fn a_list_is_as_long_and_as_dense_as_its_reader_wants() {
    let Some(browser) = Browser::start("a_list_is_as_long_and_as_dense_as_its_reader_wants") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    page.eval("(() => { const size = document.getElementById('size'); size.value = '50'; size.dispatchEvent(new Event('change', {bubbles: true})); })()");
    page.wait("location.search === '?size=50' && document.querySelectorAll('#hits .hit').length === 50");
    page.click("#compact");
    page.wait("location.search.includes('view=compact') && !document.querySelector('#hits .snippets')");
    let again = browser.page();
    again.goto(&page.text("location.href"));
    again.wait("document.querySelectorAll('#hits.compact .hit').length === 50");
    again.click("#pager [rel=next]");
    again.wait("location.search.includes('page=2')");
    let second = SERVER.search(&[("group", "similar"), ("size", "50"), ("page", "2")]);
    again.wait(&format!(
        "document.querySelector('#hits .title').dataset.article === {}",
        second["hits"][0]["id"]
    ));
    assert_eq!(again.number("document.getElementById('hits').start"), 51);
    assert_sound(&page);
    assert_sound(&again);
}
