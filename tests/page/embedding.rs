//! The element and the frame on pages of other origins.

use serde_json::json;

use super::browser::{Browser, hosts};
use super::newsroom;
use super::newsroom::TestServer;

#[test]
fn other_sites_embed_the_search() {
    let Some(browser) = Browser::start("other_sites_embed_the_search") else { return };
    // A strict page of another origin: nothing inline but by nonce, no style at all.
    let strict: &'static [&'static str] = &[
        "content-security-policy: default-src 'none'; script-src http://127.0.0.1:* 'nonce-x'; connect-src http://127.0.0.1:*; frame-src http://127.0.0.1:*",
    ];
    let page_of = |server: &str, body: &str| {
        format!(
            "<!doctype html><html lang=\"ko\"><title>x</title><body>{body}<script src=\"{server}embed.js\" async></script><script nonce=\"x\">window.told = []; for (const type of ['search', 'select']) document.addEventListener(type, (event) => {{ window.told.push([type, event.detail]); if (window.keep) event.preventDefault(); }});</script>"
        )
    };
    let element =
        "<gisa-search outlet=\"가람일보\" size=\"2\" placeholder=\"기사 찾기\" theme=\"dark\"></gisa-search>";

    // The server must know their origins, their pages its address.
    let (listed, refused) = (hosts::site(strict), hosts::site(strict));
    let server = TestServer::start_with(newsroom(), |file| {
        file.embed.cors_origins = vec![listed.origin.clone()];
        file.embed.frame_ancestors = vec![listed.origin.clone()];
    });
    listed.show(page_of(&server.url("/"), element));
    refused.show(page_of(&server.url("/"), element));

    let page = browser.page();
    page.goto(&listed.origin);
    page.wait("customElements.get('gisa-search') && document.querySelector('gisa-search').shadowRoot");
    page.eval("window.root = document.querySelector('gisa-search').shadowRoot, 1");
    assert_eq!(page.text("root.querySelector('input').placeholder"), "기사 찾기");
    page.eval("document.querySelector('gisa-search').focus()");
    page.type_text("스타트업");
    page.wait("root.querySelectorAll('li').length === 2");
    let expected = server.search(&[("q", "스타트업"), ("outlet", "가람일보"), ("group", "similar")]);
    page.wait("window.told.length === 1");
    assert_eq!(
        page.eval("window.told[0]"),
        json!(["search", {"q": "스타트업", "total": expected["total"], "articles": expected["articles"]}])
    );
    assert!(page.number("root.querySelectorAll('mark').length") > 0);
    assert_eq!(
        page.text("getComputedStyle(root.querySelector('.box')).backgroundColor"),
        "rgb(20, 23, 27)",
        "dressed in spite of the policy"
    );
    page.eval("document.documentElement.style.setProperty('--gisa-ground', 'rgb(1, 2, 3)')");
    assert_eq!(page.text("getComputedStyle(root.querySelector('.box')).backgroundColor"), "rgb(1, 2, 3)");
    assert_eq!(page.text("root.querySelector('a.title').rel"), "noopener");
    // A choice is told, and the host may keep it to itself.
    page.eval("window.keep = true, root.querySelector('a.title').click()");
    page.wait("window.told.length === 2");
    let select = page.eval("window.told[1]");
    assert_eq!((&select[0], &select[1]["id"]), (&json!("select"), &expected["hits"][0]["id"]));
    assert!(select[1]["href"].as_str().unwrap().starts_with(&server.url("/?")), "{select}");
    // Order, period and more hits are the reader's.
    let expected = |more: &[(&str, &str)]| {
        let asked = [&[("q", "스타트업"), ("outlet", "가람일보"), ("group", "similar")], more].concat();
        let answer = server.search(&asked);
        let ids = answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].clone());
        json!(ids.collect::<Vec<_>>())
    };
    let shown = "[...root.querySelectorAll('li a.title')].map((link) => new URL(link.href).searchParams.get('article'))";
    page.eval("(() => { const order = root.querySelector('.order'); order.value = 'oldest'; order.dispatchEvent(new Event('change')); })()");
    let oldest = expected(&[("sort", "oldest"), ("size", "2")]);
    page.wait(&format!("JSON.stringify({shown}) === JSON.stringify({oldest})"));
    page.eval("root.querySelector('.next').click()");
    let more = expected(&[("sort", "oldest"), ("size", "4")]);
    page.wait(&format!("JSON.stringify({shown}) === JSON.stringify({more})"));
    page.eval("(() => { const period = root.querySelector('.period'); period.value = 'day'; period.dispatchEvent(new Event('change')); })()");
    page.wait("root.querySelectorAll('li').length === 0 && root.querySelector('.said').textContent.startsWith('찾는 기사가 없습니다')");
    page.eval("(() => { for (const [name, value] of [['period', 'all'], ['order', 'relevance']]) { const field = root.querySelector('.' + name); field.value = value; field.dispatchEvent(new Event('change')); } })()");
    page.wait("root.querySelectorAll('li').length === 2");
    // What is typed is completed.
    page.eval("document.querySelector('gisa-search').value = ''");
    page.eval("document.querySelector('gisa-search').focus()");
    page.type_text("스타");
    page.wait("root.querySelectorAll('datalist option').length > 0");
    let offered = server.json(&super::newsroom::with_query("/api/suggest", &[("q", "스타"), ("size", "8")]));
    assert_eq!(page.eval("root.querySelector('datalist option').value"), offered["completions"][0]["text"]);
    page.eval("document.querySelector('gisa-search').value = '스타트업'");
    page.wait("root.querySelectorAll('li').length === 2");
    // Its own words follow the page's language.
    page.eval("document.querySelector('gisa-search').setAttribute('lang', 'en')");
    page.wait("root.querySelector('button').textContent === 'Search'");
    assert_eq!(page.faults().iter().filter(|fault| fault.contains("exceptionThrown")).count(), 0);

    // A site that is not listed gets nothing.
    page.goto(&refused.origin);
    page.wait("customElements.get('gisa-search')");
    page.eval("window.root = document.querySelector('gisa-search').shadowRoot, document.querySelector('gisa-search').focus()");
    page.type_text("스타트업");
    page.wait("root.querySelector('.said').textContent.includes('cors_origins')");
    let said = page.text("root.querySelector('.said').textContent");
    assert!(said.contains(refused.origin.trim_end_matches('/')), "says which origin to list: {said}");
    assert_eq!(page.number("root.querySelectorAll('li').length"), 0);

    // Frames: shown where listed, refused elsewhere.
    let frame = format!(
        "<iframe src=\"{}embed?q=스타트업&size=3\" width=600 height=500 title=x></iframe>",
        server.url("/")
    );
    for (site, shown) in [(&listed, true), (&refused, false)] {
        site.show(page_of(&server.url("/"), &frame));
        page.goto(&site.origin);
        // The frame is there before its document is.
        let child = page.until("a document in the frame", || {
            let tree = page.call("Page.getFrameTree", json!({}));
            let child = tree["frameTree"]["childFrames"][0]["frame"].clone();
            let address = child["url"].as_str()?.to_owned();
            (address != "about:blank" && !address.is_empty()).then_some(child)
        });
        if shown {
            let world = page.call("Page.createIsolatedWorld", json!({"frameId": child["id"]}));
            let inside = |expression: &str| {
                page.call("Runtime.evaluate", json!({"contextId": world["executionContextId"], "expression": expression, "returnByValue": true, "awaitPromise": true}))["result"]["value"].clone()
            };
            let items = inside(
                "new Promise((done) => { const look = () => { const found = document.querySelector('gisa-search')?.shadowRoot?.querySelectorAll('li').length; if (found) done(found); else setTimeout(look, 20); }; look(); })",
            );
            assert_eq!(items, json!(3));
        } else {
            assert!(child["url"].as_str().unwrap().starts_with("chrome-error:"), "{child}");
        }
    }
}
