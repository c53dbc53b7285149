//! Suggestions while typing, and slips of the pen.

use serde_json::json;

use super::browser::Browser;
use super::newsroom;
use super::outside::skipped;
use super::{SERVER, assert_sound, search_for, shows, texts, total, wait_for_the_box};

#[test]
fn suggestions_are_offered_and_chosen() {
    let Some(browser) = Browser::start("suggestions_are_offered_and_chosen") else { return };
    let answer = SERVER.get(&newsroom::with_query("/api/suggest", &[("q", "스타"), ("size", "8")]));
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    wait_for_the_box(&page);
    if answer.status == 404 {
        skipped("suggestions_are_offered_and_chosen", "this server has no /api/suggest");
        // Without it, typing works as ever and nothing is said.
        search_for(&page, "스타트업");
        page.wait("document.getElementById('popup').hidden");
        assert_sound(&page);
        return;
    }
    let completions: Vec<String> = answer.json()["completions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|completion| completion["text"].as_str().unwrap().to_owned())
        .collect();
    assert!(!completions.is_empty());
    page.type_text("스타");
    page.wait("document.getElementById('q').getAttribute('aria-expanded') === 'true'");
    assert_eq!(texts(&page, "#suggestions .value"), completions);
    page.press("ArrowDown");
    assert_eq!(
        page.text("document.querySelector('[aria-selected=true]').id"),
        page.text("document.getElementById('q').getAttribute('aria-activedescendant')")
    );
    page.press("Enter");
    page.wait(&format!("document.getElementById('q').value === {}", json!(completions[0])));
    page.wait(&shows(&[("q", &completions[0])]));
    page.wait("document.getElementById('popup').hidden");
    assert!(total(&[("q", &completions[0])]).as_i64() > Some(0), "what is suggested is found");

    // A slip of the pen, put right by the search itself.
    let slip = "스타트엄";
    let suggestion = SERVER.search(&[("q", slip)])["suggestion"].clone();
    if let Some(suggestion) = suggestion.as_str() {
        search_for(&page, slip);
        page.wait(&format!("document.querySelector('.correction')?.textContent === {}", json!(suggestion)));
        page.press("Enter");
        page.click(".correction");
        page.wait(&shows(&[("q", suggestion)]));
    }
    assert_sound(&page);
}
