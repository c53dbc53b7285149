//! The period, by mouse, finger, keys, table and dates.

use serde_json::{Value, json};

use super::browser::Browser;
use super::{SERVER, assert_sound, shows, texts, total};

#[test]
fn a_period_is_chosen_in_the_timeline() {
    let Some(browser) = Browser::start("a_period_is_chosen_in_the_timeline") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    page.wait("document.querySelectorAll('.plot .bar').length > 2");
    let bars = page.number("document.querySelectorAll('.plot .bar').length");
    let months = SERVER.json("/api/facets/month?q=반도체&group=similar&size=1000");
    let values = months["values"].as_array().unwrap();
    let last = values.last().unwrap();

    // With the mouse: over the last quarter of the chart.
    page.eval("document.querySelector('.plot').scrollIntoView({block: 'center'})");
    let place = page.eval("(() => { const r = document.querySelector('.plot').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()");
    let number = |at: usize| place[at].as_f64().unwrap();
    let (y, right) = (number(1) + number(3) / 2.0, number(0) + number(2));
    page.mouse("mousePressed", right - number(2) / 4.0, y);
    page.mouse("mouseMoved", right - number(2) / 8.0, y);
    page.mouse("mouseMoved", right - 1.0, y);
    page.mouse("mouseReleased", right - 1.0, y);
    page.wait("new URLSearchParams(location.search).has('from')");
    let from = page.text("new URLSearchParams(location.search).get('from')");
    let to = page.text("new URLSearchParams(location.search).get('to')");
    assert!(
        from.ends_with("-01") && to.starts_with(last["value"].as_str().unwrap()),
        "{from} to {to}: whole months"
    );
    page.wait(&shows(&[("q", "반도체"), ("from", &from), ("to", &to)]));
    assert_eq!(page.number("document.querySelectorAll('.plot .bar').length"), bars, "the chart stays whole");
    assert!(page.number("document.querySelectorAll('.plot .bar.out').length") > 0);

    // By keys: the beginning one month later, read out as a reader says it.
    page.eval("document.querySelector('.handle.from').focus()");
    let said = page.text("document.querySelector('.handle.from').getAttribute('aria-valuetext')");
    page.press("ArrowRight");
    page.wait(&format!(
        "document.querySelector('.handle.from').getAttribute('aria-valuetext') !== {}",
        json!(said)
    ));
    page.wait(&format!("new URLSearchParams(location.search).get('from') > {}", json!(from)));
    assert!(page.text("document.activeElement.className").contains("handle"), "the handle keeps the focus");
    page.settle();
    page.press("Home");
    // All of them are no period.
    page.wait(&shows(&[("q", "반도체")]));
    let address = page.text("location.search");
    assert!(!address.contains("from=") && !address.contains("to="), "{address}");

    // With a finger.
    page.call("Emulation.setTouchEmulationEnabled", json!({"enabled": true}));
    let touch = |kind: &str, points: Value| {
        page.call("Input.dispatchTouchEvent", json!({"type": kind, "touchPoints": points}))
    };
    let place = page.eval("(() => { document.querySelector('.plot').scrollIntoView({block: 'center'}); const r = document.querySelector('.plot').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()");
    let at = |share: f64| {
        json!([{"x": place[0].as_f64().unwrap() + share * place[2].as_f64().unwrap(),
        "y": place[1].as_f64().unwrap() + place[3].as_f64().unwrap() / 2.0}])
    };
    touch("touchStart", at(0.02));
    touch("touchMove", at(0.2));
    touch("touchMove", at(0.4));
    touch("touchEnd", json!([]));
    page.wait("new URLSearchParams(location.search).has('to')");
    let (from, to) = (
        page.text("new URLSearchParams(location.search).get('from')"),
        page.text("new URLSearchParams(location.search).get('to')"),
    );
    page.wait(&shows(&[("q", "반도체"), ("from", &from), ("to", &to)]));
    page.call("Emulation.setTouchEmulationEnabled", json!({"enabled": false}));

    // Large: the chosen months alone. And as a table, where each row is a way to its month.
    page.click("#timeline-zoom");
    page.wait(&format!("document.querySelectorAll('.plot .bar').length < {bars}"));
    page.click("#timeline-clear");
    page.wait(&format!("document.querySelectorAll('.plot .bar').length === {bars}"));
    page.click("#timeline-table summary");
    page.wait(&format!("document.querySelectorAll('#timeline-rows tbody tr').length === {}", values.len()));
    let counts: i64 = texts(&page, "#timeline-rows td")
        .iter()
        .map(|count| count.replace(',', "").parse::<i64>().unwrap())
        .sum();
    let counted: i64 = values.iter().map(|value| value["count"].as_i64().unwrap()).sum();
    assert_eq!(counts, counted);
    page.click("#timeline-rows tbody tr:last-child a");
    page.wait(&format!("location.search.includes('from={}-01')", last["value"].as_str().unwrap()));
    let to = page.text("new URLSearchParams(location.search).get('to')");
    let month = [("q", "반도체"), ("from", &*format!("{}-01", last["value"].as_str().unwrap())), ("to", &to)];
    page.wait(&shows(&month));
    assert_eq!(total(&month), last["count"]);

    // Presets and dates.
    page.click("#period-options input[value=year]");
    page.wait(
        "new URLSearchParams(location.search).get('from') && !new URLSearchParams(location.search).get('to')",
    );
    page.settle();
    page.click("#period-options input[value=custom]");
    page.eval("(() => { document.getElementById('range-from').value = '2025-12-31'; document.getElementById('range-to').value = '2025-01-01'; })()");
    page.click("#range button");
    page.wait("!document.getElementById('range-error').hidden");
    page.eval("document.getElementById('range-from').value = '2024-01-01'");
    page.click("#range button");
    page.wait("location.search.includes('from=2024-01-01&to=2025-01-01')");
    page.wait(&shows(&[("q", "반도체"), ("from", "2024-01-01"), ("to", "2025-01-01")]));
    assert_sound(&page);
}
