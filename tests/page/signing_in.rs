//! Where reading is closed: from any page to the sign-in page and back, by keyboard, and what is said when a key has gone.

use gisa::access::{KeyFile, NewKey, Scope};
use gisa::article::Timestamp;
use gisa::config::Gate;

use super::browser::Browser;
use super::newsroom::TestServer;
use super::{assert_sound, newsroom};

#[test]
fn a_reader_signs_in_by_keyboard_and_comes_back() {
    let Some(browser) = Browser::start("a_reader_signs_in_by_keyboard_and_comes_back") else { return };
    let server = TestServer::start_with(newsroom(), |file| file.auth.reading = Gate::Closed);
    let keys = KeyFile::new(&server.newsroom.path().join("data"));
    let new = NewKey {
        name: "reader".to_owned(),
        scopes: [Scope::Read].into_iter().collect(),
        ..NewKey::default()
    };
    let key = keys.change(|keys| keys.add(new, Timestamp::now())).unwrap();

    let page = browser.page();
    page.goto(&server.url("/?q=반도체"));
    page.wait("document.activeElement.id === 'key'");
    assert!(page.text("location.pathname") == "/sign-in");
    page.type_text("gisa_wrong");
    page.press("Enter");
    page.wait("document.querySelector('[role=alert]')?.textContent.includes('키가 맞지 않거나')");
    assert_eq!(page.accessibility(), [""; 0]);
    page.wait("document.activeElement.id === 'key'");
    page.type_text(&key);
    page.press("Enter");
    page.wait("location.pathname === '/' && document.querySelectorAll('#hits .hit').length > 0");
    assert_eq!(page.text("document.getElementById('q').value"), "반도체");
    assert_eq!(page.text("document.cookie"), "", "no script sees the cookie");
    page.goto(&server.url("/help"));
    page.wait("document.querySelector('.example')");

    // The key goes while the page is open.
    page.goto(&server.url("/?q=반도체"));
    page.wait("document.querySelectorAll('#hits .hit').length > 0");
    keys.change(|keys| keys.remove("reader")).unwrap();
    page.eval("(() => { const q = document.getElementById('q'); q.focus(); q.select(); })()");
    page.type_text("금리");
    page.press("Enter");
    page.wait("document.querySelector('.problem a[href^=\"./sign-in?to=\"]')");
    assert_eq!(page.accessibility(), [""; 0]);

    // An element asks whoever is not let in to sign in, not to try again.
    let open = browser.page();
    let site = super::browser::hosts::site(&[]);
    let embedding = TestServer::start_with(newsroom(), |file| {
        file.auth.reading = Gate::Closed;
        file.embed.cors_origins = vec![site.origin.clone()];
    });
    site.show(format!(
        "<!doctype html><html lang=\"ko\"><title>x</title><gisa-search q=\"반도체\"></gisa-search><script src=\"{}\" async></script>",
        embedding.url("/embed.js")
    ));
    open.goto(&site.origin);
    open.wait(
        "document.querySelector('gisa-search').shadowRoot?.querySelector('.said').textContent.includes('로그인해야')",
    );
    assert_sound(&page);
}
