//! Saved searches on the pages: saved from the search page, listed with what came since, told of as it comes, paused and removed.

use gisa::access::{KeyFile, NewKey, Scope};
use gisa::article::Timestamp;
use serde_json::{Value, json};

use super::browser::{Browser, Page, hosts};
use super::newsroom::{Answer, Newsroom, TOKEN, TestServer};
use super::receiver::{Receiver, Reply};
use super::{assert_sound, texts};

/// A newsroom with one article, whose webhooks may reach this machine.
pub fn server() -> TestServer {
    let newsroom = Newsroom::new(&[
        json!({"id": "old", "title": "수소트램 도입 논의", "body": "수소트램을 두고 시가 논의했다.",
        "outlet": "가람일보", "section": "사회", "published_at": "2026-01-02T09:00:00+09:00"}),
    ]);
    TestServer::start_with(newsroom, |file| file.alerts.allow_hosts = vec!["127.0.0.1".to_owned()])
}

fn send(server: &TestServer, method: &str, path: &str, body: &Value) -> Answer {
    let request = server.request(method, path).bearer_auth(TOKEN).header("content-type", "application/json");
    server.send(request.body(body.to_string()))
}

/// Pushes an article of 가람일보, and waits until searches see it.
pub fn push(server: &TestServer, id: &str, title: &str) {
    let article = json!({"title": title, "body": format!("{title}. 시가 밝혔다."), "outlet": "가람일보"});
    let answer = send(server, "PUT", &format!("/api/articles/{id}?refresh=true"), &article);
    assert!([200, 201].contains(&answer.status), "{answer:?}");
}

/// Saves a search under a name, delivered to these addresses.
fn save(server: &TestServer, name: &str, query: &str, urls: &[String]) {
    let deliver: Vec<Value> = urls.iter().map(|url| json!({"kind": "webhook", "url": url})).collect();
    let body = json!({"title": format!("{query} 소식"), "params": {"q": query}, "deliver": deliver});
    let answer = send(server, "PUT", &format!("/api/searches/{name}"), &body);
    assert!([200, 201].contains(&answer.status), "{answer:?}");
}

fn saved(server: &TestServer, name: &str) -> Value {
    server.admin("GET", &format!("/api/searches/{name}")).json()
}

/// Types into a field in place of what is in it.
fn write(page: &Page<'_>, selector: &str, text: &str) {
    page.wait(&format!("document.querySelector({})?.getClientRects().length", json!(selector)));
    page.eval(&format!(
        "(() => {{ const field = document.querySelector({}); field.focus(); field.select(); }})()",
        json!(selector)
    ));
    page.type_text(text);
}

/// Signs in with a key where the page asks for one.
pub fn sign_in(page: &Page<'_>, key: &str) {
    page.wait("document.activeElement.id === 'saved-key'");
    page.type_text(key);
    page.press("Enter");
}

/// Opens the page of saved searches, signed in, and waits until it shows `count`.
fn open_list(page: &Page<'_>, server: &TestServer, count: usize) {
    page.goto(&server.url("/searches"));
    sign_in(page, TOKEN);
    page.wait(&format!("document.querySelectorAll('.saved').length === {count}"));
    page.settle();
}

fn outcome(page: &Page<'_>) -> String {
    page.text("document.getElementById('said').textContent")
}

#[test]
fn a_search_is_saved_from_its_list_and_tells_what_comes() {
    let Some(browser) = Browser::start("a_search_is_saved_from_its_list_and_tells_what_comes") else {
        return;
    };
    let (server, receiver) = (server(), Receiver::start());
    save(&server, "수소트램-가람일보", "버스", &[]);
    let page = browser.page();
    page.goto(&server.url("/?q=수소트램&outlet=가람일보&from=2025-12-01&sort=oldest&size=20"));
    page.wait("document.querySelectorAll('#hits .hit').length");
    page.click("#save-search");
    // Without a right it asks for a key, and goes on where it was.
    sign_in(&page, "gisa_wrong");
    page.wait("document.getElementById('saved-key-error').textContent.includes('키가 맞지 않거나')");
    assert_eq!(page.accessibility(), [""; 0]);
    sign_in(&page, TOKEN);
    page.wait("document.activeElement.id === 'save-title'");
    assert_eq!(page.accessibility(), [""; 0]);
    // It says what is saved and what is not.
    assert_eq!(texts(&page, ".saves li"), ["검색어: 수소트램", "언론사: 가람일보", "기간: 2025-12-01부터"]);
    page.eval("document.getElementById('save-without-period').click()");
    assert_eq!(texts(&page, ".saves li"), ["검색어: 수소트램", "언론사: 가람일보"]);
    assert_eq!(page.text("document.getElementById('save-title').value"), "수소트램 · 가람일보");
    assert_eq!(
        page.text("document.getElementById('save-name').value"),
        "수소트램-가람일보-2",
        "the first one is taken"
    );
    // What is refused is said at its field.
    write(&page, "#save-name", "수소트램 소식");
    page.press("Enter");
    page.wait("document.getElementById('save-name-error').textContent.includes('빈칸 대신')");
    write(&page, "#save-name", "수소트램-가람일보");
    page.press("Enter");
    page.wait("document.getElementById('save-name-error').textContent.includes('이미 있습니다')");
    page.wait("document.getElementById('save-replace').getClientRects().length");
    write(&page, "#save-name", "수소트램");
    page.eval("document.querySelector('[name=place][value=webhook]').click()");
    write(&page, "#save-url", "http://10.1.2.3/news");
    page.press("Enter");
    page.wait("document.getElementById('save-url-error').textContent.includes('alerts.allow_hosts')");
    assert!(
        page.text("document.getElementById('save-url-error').textContent").starts_with("사내 주소입니다.")
    );
    assert_eq!(page.text("document.activeElement.id"), "save-url");
    assert_eq!(page.accessibility(), [""; 0]);
    page.resize(320, 640);
    page.settle();
    assert!(page.number("document.querySelector('#save-panel').scrollWidth - document.querySelector('#save-panel').clientWidth") <= 0);
    page.resize(1280, 900);
    write(&page, "#save-url", &receiver.url("/hook"));
    page.eval("document.getElementById('save-format').value = 'slack'");
    write(&page, "#save-secret", "열쇠");
    page.press("Enter");
    page.wait("document.querySelector('#save-panel [role=status]')?.textContent.includes('저장했습니다')");
    let found = saved(&server, "수소트램");
    assert_eq!(found["params"], json!({"q": "수소트램", "outlet": ["가람일보"]}));
    assert_eq!(
        (&found["title"], &found["when"], &found["deliver"][0]["format"], &found["deliver"][0]["signed"]),
        (&json!("수소트램 · 가람일보"), &json!("at_once"), &json!("slack"), &json!(true))
    );

    // Its page leads back to the search, and shows what comes without a reload, with how many they are.
    page.eval("document.querySelector('#save-panel [role=status] ~ p a').click()");
    page.wait("document.querySelectorAll('.saved').length === 2");
    page.settle();
    assert_eq!(texts(&page, ".saved[data-name=수소트램] .what a"), ["‘수소트램’ · 언론사: 가람일보"]);
    assert!(page.text("document.querySelector('.saved[data-name=수소트램] .what a').search").contains("q="));
    assert_eq!(texts(&page, ".new:not([hidden])"), [""; 0]);
    push(&server, "a", "수소트램 개통");
    push(&server, "other", "버스 요금 동결");
    page.wait("document.querySelector('.saved[data-name=수소트램] .new').textContent === '새 기사 1건'");
    page.wait("document.title.startsWith('(2) ')");
    assert!(receiver.next().json()["text"].as_str().unwrap().contains("수소트램 개통"));
    // Opened, it is seen: here and after a reload.
    page.click(".saved[data-name=수소트램] summary");
    page.wait("document.querySelector('.saved[data-name=수소트램] .hit mark')");
    assert_eq!(texts(&page, ".saved[data-name=수소트램] .hit .title"), ["수소트램 개통"]);
    assert_eq!(texts(&page, ".saved[data-name=수소트램] .hit .fresh"), ["새 기사"]);
    page.wait("document.querySelector('.saved[data-name=수소트램] .new').hidden && document.title.startsWith('(1) ')");
    assert_eq!(page.accessibility(), [""; 0]);
    // While it is open, what comes is put on top.
    push(&server, "b", "수소트램 증편");
    page.wait(
        "document.querySelector('.saved[data-name=수소트램] .hit .title').textContent === '수소트램 증편'",
    );
    page.wait("document.getElementById('said').textContent.includes('새 기사 1건')");
    page.goto(&server.url("/searches"));
    page.wait("document.querySelector('.saved[data-name=수소트램] .new').textContent === '새 기사 1건'");
    page.click(".saved[data-name=수소트램] summary");
    page.wait("document.querySelectorAll('.saved[data-name=수소트램] .hit').length === 2");
    page.wait("document.querySelector('.saved[data-name=수소트램] .new').hidden");
    page.goto(&server.url("/searches"));
    page.wait("document.querySelectorAll('.saved').length === 2");
    page.settle();
    assert!(page.eval("document.querySelector('.saved[data-name=수소트램] .new').hidden") == json!(true));
    // A hit leads to the article, with its marks.
    page.click(".saved[data-name=수소트램] summary");
    page.wait("document.querySelector('.saved[data-name=수소트램] .hit')");
    page.eval("document.querySelector('.saved[data-name=수소트램] .hit .title').click()");
    page.wait("document.querySelectorAll('#article-view mark').length > 0");
    assert_sound(&page);
}

#[test]
fn a_saved_search_is_paused_resumed_tried_and_removed() {
    let Some(browser) = Browser::start("a_saved_search_is_paused_resumed_tried_and_removed") else { return };
    let (server, receiver) = (server(), Receiver::start());
    save(&server, "tram", "수소트램", &[receiver.url("/hook")]);
    save(&server, "bus", "버스", &[]);
    let page = browser.page();
    open_list(&page, &server, 2);
    page.click("[data-name=tram] [data-action=test]");
    page.wait(
        "document.querySelector('[data-name=tram] .outcome').textContent.includes('1건을 시험으로 보냈습니다')",
    );
    assert_eq!(receiver.next().json()["test"], true);
    page.click("[data-name=tram] [data-action=pause]");
    page.wait("document.querySelector('[data-name=tram] .state')?.textContent === '멈춤'");
    assert!(outcome(&page).contains("멈추었습니다"));
    let paused = saved(&server, "tram");
    assert_eq!((&paused["paused"], &paused["params"]), (&json!(true), &json!({"q": "수소트램"})));
    push(&server, "a", "수소트램 개통");
    page.wait("document.querySelector('[data-name=tram] .new').textContent === '새 기사 1건'");
    assert!(receiver.rest().is_empty());
    page.click("[data-name=tram] [data-action=pause]");
    page.wait("!document.querySelector('[data-name=tram] .state')");
    assert_eq!(receiver.next().ids(), ["a"]);
    page.wait(
        "document.querySelector('[data-name=tram] .places').textContent.includes('마지막으로 보낸 때')",
    );
    // The feed has an address of its own.
    assert!(
        page.text("document.querySelector('[data-name=tram] .feed').href").ends_with("/searches/tram.atom")
    );
    // It is asked once whether it should go, by keyboard too, and Esc keeps it.
    page.eval("document.querySelector('[data-name=tram] [data-action=remove]').focus()");
    page.press("Enter");
    page.wait("document.getElementById('sure').open && document.activeElement.id === 'keep'");
    assert_eq!(page.accessibility(), [""; 0]);
    page.press("Escape");
    page.wait("!document.getElementById('sure').open");
    assert_eq!(saved(&server, "tram")["name"], "tram");
    page.click("[data-name=tram] [data-action=remove]");
    page.click("#remove");
    page.wait("document.querySelectorAll('.saved').length === 1");
    assert!(outcome(&page).contains("지웠습니다"));
    server.admin("GET", "/api/searches/tram").problem(404, "search_not_found");
    // What somebody else removes goes too, and then the page says what it is for.
    assert_eq!(server.admin("DELETE", "/api/searches/bus").status, 204);
    page.wait("!document.getElementById('nothing').hidden");
    assert_eq!(page.accessibility(), [""; 0]);
    assert_sound(&page);
}

#[test]
fn a_receiver_that_fails_is_shown_in_words() {
    let Some(browser) = Browser::start("a_receiver_that_fails_is_shown_in_words") else { return };
    let (server, receiver) = (server(), Receiver::start());
    receiver.reply_with(vec![Reply::Status(503); 40]);
    save(&server, "tram", "수소트램", &[receiver.url("/hook")]);
    let page = browser.page();
    open_list(&page, &server, 1);
    push(&server, "a", "수소트램 개통");
    page.wait("document.querySelector('.troubles .problem')");
    let told = page.text("document.querySelector('.troubles').textContent");
    assert!(
        told.contains("보내지 못했습니다")
            && told.contains("503(으)로 답했습니다")
            && told.contains("다시 보냅니다"),
        "{told}"
    );
    assert_eq!(texts(&page, ".state"), ["보내지 못하는 중"]);
    assert_eq!(page.accessibility(), [""; 0]);
    page.goto(&server.url("/searches?lang=en"));
    page.wait("document.querySelector('.troubles .problem')");
    let told = page.text("document.querySelector('.troubles').textContent");
    assert!(told.contains("failed in a row") && told.contains("answered 503"), "{told}");
    page.prefer_scheme("dark");
    page.resize(320, 640);
    page.settle();
    assert_eq!(page.accessibility(), [""; 0]);
    let over = page.number("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert!(over <= 0, "{over} px too wide");
    assert_sound(&page);
}

#[test]
fn a_search_that_cannot_be_answered_holds_up_no_other() {
    let Some(browser) = Browser::start("a_search_that_cannot_be_answered_holds_up_no_other") else { return };
    let server = server();
    let alike = json!({"title": "비슷한 기사", "params": {"similar_to": "old"}});
    assert_eq!(send(&server, "PUT", "/api/searches/alike", &alike).status, 201);
    save(&server, "tram", "수소트램", &[]);
    assert_eq!(server.admin("DELETE", "/api/articles/old?refresh=true").status, 200);
    let page = browser.page();
    open_list(&page, &server, 2);
    page.wait("document.querySelector('[data-name=alike] .field-error:not([hidden])')");
    push(&server, "a", "수소트램 개통");
    page.wait("document.querySelector('[data-name=tram] .new').textContent === '새 기사 1건'");
    assert!(
        page.text("document.querySelector('[data-name=alike] .field-error').textContent")
            .contains("그런 기사가 없습니다")
    );
    assert_sound(&page);
}

#[test]
fn whoever_lacks_the_right_is_told_which_key_it_takes() {
    let Some(browser) = Browser::start("whoever_lacks_the_right_is_told_which_key_it_takes") else { return };
    let server = server();
    save(&server, "tram", "수소트램", &[]);
    let keys = KeyFile::new(&server.newsroom.path().join("data"));
    let key = |name: &str, scopes: &[Scope]| {
        let scopes = scopes.iter().copied().collect();
        let new = NewKey { name: name.to_owned(), scopes, ..NewKey::default() };
        keys.change(|keys| keys.add(new, Timestamp::now())).unwrap()
    };
    let (reads, saves) = (key("읽기", &[Scope::Read]), key("저장", &[Scope::Read, Scope::Searches]));
    // Over plain http a browser does not say whose page asks: the key itself has to go along.
    let address = server.address().replace("127.0.0.1", hosts::PLAIN);
    for address in [server.address().to_owned(), address] {
        let page = browser.page();
        page.goto(&format!("http://{address}/searches?lang=en"));
        page.wait("document.activeElement.id === 'saved-key'");
        assert!(page.text("document.getElementById('sign-in').textContent").contains("scope “searches”"));
        assert_eq!(page.accessibility(), [""; 0]);
        sign_in(&page, &reads);
        page.wait(
            "document.getElementById('saved-key-error').textContent.includes('does not have the scope')",
        );
        sign_in(&page, &saves);
        page.wait("document.querySelectorAll('.saved').length === 1");
        page.settle();
        assert_eq!(page.text("document.cookie"), "", "no script sees the cookie");
        page.click("[data-name=tram] [data-action=remove]");
        page.click("#remove");
        page.wait("document.getElementById('said').textContent.includes('is removed')");
        save(&server, "tram", "수소트램", &[]);
        assert_sound(&page);
    }
    // The key goes while the page is open.
    let page = browser.page();
    page.goto(&server.url("/searches"));
    sign_in(&page, &saves);
    page.wait("document.querySelectorAll('.saved').length === 1");
    keys.change(|keys| keys.remove("저장")).unwrap();
    page.wait("document.activeElement.id === 'saved-key' && !document.querySelector('.saved')");
    assert_sound(&page);
}

#[test]
fn saved_searches_work_behind_a_proxy_under_a_path() {
    let Some(browser) = Browser::start("saved_searches_work_behind_a_proxy_under_a_path") else { return };
    let server = server();
    let address = hosts::proxy(server.address().to_owned(), "/desk/news");
    let page = browser.page();
    page.goto(&format!("{address}?q=수소트램&lang=en"));
    page.wait("document.querySelectorAll('#hits .hit').length");
    page.click("#save-search");
    sign_in(&page, TOKEN);
    page.wait("document.activeElement.id === 'save-title'");
    page.press("Enter");
    page.wait("document.querySelector('#save-panel [role=status]')?.textContent.includes('is saved')");
    page.press("Enter");
    page.wait(
        "location.pathname === '/desk/news/searches' && document.querySelectorAll('.saved').length === 1",
    );
    assert!(page.text("document.querySelector('.feed').href").contains("/desk/news/searches/"));
    push(&server, "a", "수소트램 개통");
    page.wait("document.querySelector('.new').textContent === '1 new'");
    page.eval("document.querySelector('.what a').click()");
    page.wait("location.pathname === '/desk/news/' && document.querySelectorAll('#hits .hit').length === 2");
    assert_sound(&page);
}
