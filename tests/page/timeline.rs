//! The period, by mouse, finger, keys, table and dates.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::browser::{Browser, Page};
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
    assert!(from.ends_with("-01"), "{from}: whole months");
    // To the last bar is without an end.
    page.wait(&shows(&[("q", "반도체"), ("from", &from)]));
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
    touch("touchStart", at(0.1));
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
    // The newest first.
    page.click("#timeline-rows tbody tr:first-child a");
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

/// The parameter `name` of the address, empty where there is none.
pub fn parameter(page: &Page<'_>, name: &str) -> String {
    page.text(&format!("new URLSearchParams(location.search).get('{name}') ?? ''"))
}

/// Clicks into the plot over a bar, near its foot.
pub fn click_bar(page: &Page<'_>, at: usize) {
    page.settle();
    let place = page.eval(&format!(
        "(() => {{ document.querySelector('.plot').scrollIntoView({{block: 'center', behavior: 'instant'}});
           const r = document.querySelectorAll('.plot .bar')[{at}].getBoundingClientRect();
           return [r.x + r.width / 2, document.querySelector('.plot').getBoundingClientRect().bottom - 3]; }})()"
    ));
    let (x, y) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
    page.mouse("mousePressed", x, y);
    page.mouse("mouseReleased", x, y);
}

/// Drags a handle so many CSS pixels to the right.
fn drag_handle(page: &Page<'_>, side: &str, by: f64) {
    page.settle();
    page.eval("document.querySelector('.plot').scrollIntoView({block: 'center', behavior: 'instant'})");
    let (x, y) = page.middle(&format!("document.querySelector('.handle.{side}')"));
    page.mouse("mousePressed", x, y);
    page.mouse("mouseMoved", x + by / 2.0, y);
    page.mouse("mouseMoved", x + by, y);
    page.mouse("mouseReleased", x + by, y);
}

#[test]
fn every_bar_is_a_way_to_its_articles() {
    let Some(browser) = Browser::start("every_bar_is_a_way_to_its_articles") else { return };
    let page = browser.page();
    let months = SERVER.json("/api/facets/month?q=반도체&group=similar&size=1000");
    let filled: BTreeMap<String, i64> = months["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| (value["value"].as_str().unwrap().to_owned(), value["count"].as_i64().unwrap()))
        .collect();
    for width in [1440, 390, 320] {
        page.resize(width, 900);
        page.goto(&SERVER.url("/?q=반도체"));
        page.wait("document.querySelectorAll('.plot .bar').length > 2");
        let bars = page.number("document.querySelectorAll('.plot .bar').length") as usize;
        // Handles lie over no bar: whatever is hit in the plot is not one.
        for at in 0..bars {
            let hit = page.eval(&format!(
                "(() => {{ const r = document.querySelectorAll('.plot .bar')[{at}].getBoundingClientRect();
                   const foot = document.querySelector('.plot').getBoundingClientRect().bottom - 3;
                   return document.elementFromPoint(r.x + r.width / 2, foot)?.closest('.handle') !== null; }})()"
            ));
            assert_eq!(hit, json!(false), "a handle lies over bar {at} of {bars} at {width} px");
        }
        // The first, the last, and all between, empty ones too: there is no way to a month without articles.
        let step = (bars / 6).max(1);
        for at in (0..bars).step_by(step).chain([bars - 1]) {
            click_bar(&page, at);
            page.wait("new URLSearchParams(location.search).has('from')");
            let from = parameter(&page, "from");
            let month = &from[..7];
            assert!(filled.contains_key(month), "bar {at} leads to {from}, which has no articles");
            assert!(parameter(&page, "to").starts_with(month));
            let to = parameter(&page, "to");
            page.wait(&shows(&[("q", "반도체"), ("from", &from), ("to", &to)]));
            if at == bars - 1 {
                assert_eq!(month, filled.last_key_value().unwrap().0, "the last bar is the last month");
            }
            page.click("#timeline-clear");
            page.wait(&shows(&[("q", "반도체")]));
        }
    }
    // With a finger, too.
    page.call("Emulation.setTouchEmulationEnabled", json!({"enabled": true}));
    page.settle();
    let place = page.eval("(() => { const plot = document.querySelector('.plot'); plot.scrollIntoView({block: 'center', behavior: 'instant'}); const r = plot.getBoundingClientRect(); return [r.right - 1, r.bottom - 5]; })()");
    page.call(
        "Input.dispatchTouchEvent",
        json!({"type": "touchStart", "touchPoints": [{"x": place[0], "y": place[1]}]}),
    );
    page.call("Input.dispatchTouchEvent", json!({"type": "touchEnd", "touchPoints": []}));
    page.wait(&format!(
        "new URLSearchParams(location.search).get('from') === '{}-01'",
        filled.last_key_value().unwrap().0
    ));
    assert_sound(&page);
}

#[test]
fn an_end_that_was_not_chosen_stays_open() {
    let Some(browser) = Browser::start("an_end_that_was_not_chosen_stays_open") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait(&shows(&[("q", "반도체")]));
    page.wait("document.querySelectorAll('.plot .bar').length > 2");
    drag_handle(&page, "from", 200.0);
    page.wait("new URLSearchParams(location.search).has('from')");
    assert_eq!(parameter(&page, "to"), "", "the end stays open");
    let from = parameter(&page, "from");
    page.wait(&shows(&[("q", "반도체"), ("from", &from)]));
    assert!(
        !page.text("document.querySelector('link[rel=alternate]').href").contains("to="),
        "so does the feed"
    );
    drag_handle(&page, "to", -100.0);
    page.wait("new URLSearchParams(location.search).has('to')");
    assert_eq!(parameter(&page, "from"), from, "and the beginning stays as it was");
    // The same by keys.
    page.click("#timeline-clear");
    page.wait(&shows(&[("q", "반도체")]));
    page.eval("document.querySelector('.handle.to').focus()");
    page.press("ArrowLeft");
    page.wait("new URLSearchParams(location.search).has('to')");
    assert_eq!(parameter(&page, "from"), "");
    assert_sound(&page);
}

#[test]
fn what_is_enlarged_keeps_its_bounds() {
    let Some(browser) = Browser::start("what_is_enlarged_keeps_its_bounds") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=반도체&from=2024-01-01&to=2024-01-31"));
    page.wait("document.querySelectorAll('.plot .bar').length > 2");
    page.click("#timeline-zoom");
    page.wait("document.querySelectorAll('.plot .bar').length === 31");
    page.wait("document.activeElement.id === 'timeline-whole'");
    let filled = page.eval("[...document.querySelectorAll('.plot .bar')].findIndex((bar) => Number(bar.getAttribute('height')) > 0)");
    click_bar(&page, filled.as_u64().unwrap() as usize);
    page.wait(
        "new URLSearchParams(location.search).get('from') === new URLSearchParams(location.search).get('to')",
    );
    page.settle();
    assert_eq!(
        page.number("document.querySelectorAll('.plot .bar').length"),
        31,
        "the neighbours stay in reach"
    );
    assert!(
        page.eval(
            "!document.getElementById('timeline').hidden && !document.getElementById('timeline-whole').hidden"
        )
        .as_bool()
        .unwrap()
    );
    // The address holds it: another tab, and a step back, show the same.
    let again = browser.page();
    again.goto(&page.text("location.href"));
    again.wait("document.querySelectorAll('.plot .bar').length === 31");
    page.click("#timeline-whole");
    page.wait("document.querySelectorAll('.plot .bar').length > 31");
    again.click("#timeline-clear");
    for shown in [&page, &again] {
        shown.wait("document.getElementById('timeline').contains(document.activeElement)");
    }
    page.eval("history.back()");
    page.wait("document.querySelectorAll('.plot .bar').length === 31");
    assert_sound(&page);
    assert_sound(&again);
}

#[test]
fn a_scale_says_what_a_height_means() {
    let Some(browser) = Browser::start("a_scale_says_what_a_height_means") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=반도체"));
    page.wait("document.querySelectorAll('.plot .bar').length > 2");
    let months = SERVER.json("/api/facets/month?q=반도체&group=similar&size=1000");
    let peak = months["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["count"].as_i64().unwrap())
        .max()
        .unwrap();
    assert!(page.text("document.querySelector('.peak').textContent").ends_with(&format!("{peak}건")));
    assert_eq!(texts(&page, ".step span")[0], peak.to_string());
    // Its numbers are on one line each, and the last year has its label.
    let lines = "[...document.querySelectorAll('.scale .step span')].every((label) => label.getBoundingClientRect().height <= 1.5 * parseFloat(getComputedStyle(label).fontSize))";
    assert_eq!(page.eval(lines), json!(true));
    assert_eq!(
        page.eval("new Set([...document.querySelectorAll('.scale .step span')].map((label) => getComputedStyle(label).whiteSpace)).size"),
        json!(1)
    );
    page.wait("document.querySelector('.axis span:last-child:not(.out)')");
    // A bar is as high as the scale says, and one article is not as high as many.
    let heights = page.eval(
        "[...document.querySelectorAll('.plot .bar')].map((bar) => Number(bar.getAttribute('height')))",
    );
    let heights: Vec<f64> = serde_json::from_value(heights).unwrap();
    let one = 100.0 * (1.0 / peak as f64).sqrt();
    assert!(
        heights.iter().any(|height| (height - one).abs() < 0.1) && heights.contains(&100.0),
        "{heights:?}"
    );
    // The reader's own unit, in the address.
    choose_bars(&page, "year");
    page.wait("location.search.includes('bars=year') && document.querySelectorAll('.plot .bar').length < 10");
    page.wait("document.getElementById('timeline-unit').textContent === '연도별'");
    page.goto(&SERVER.url("/?q=반도체&from=2024-01-01&to=2024-06-30&frame=2024-01-01..2024-06-30&bars=week"));
    page.wait("document.getElementById('timeline-unit').textContent === '주별'");
    assert_eq!(page.number("document.querySelectorAll('.plot .bar').length"), 26);
    assert_sound(&page);
}

/// Chooses the unit of the bars as a reader does.
fn choose_bars(page: &Page<'_>, unit: &str) {
    page.eval(&format!(
        "(() => {{ const by = document.getElementById('timeline-by'); by.value = '{unit}'; by.dispatchEvent(new Event('change', {{bubbles: true}})); }})()"
    ));
}

#[test]
fn a_unit_that_does_not_fit_is_drawn_for_the_chosen_period() {
    let Some(browser) = Browser::start("a_unit_that_does_not_fit_is_drawn_for_the_chosen_period") else {
        return;
    };
    let page = browser.page();
    let unit = "document.getElementById('timeline-unit').textContent";
    let refused =
        "[...document.querySelectorAll('#timeline-by option:disabled')].map((option) => option.value)";
    // The sample spans more than a year: days are too many, which is said.
    page.goto(&SERVER.url("/?bars=day"));
    page.wait("document.querySelector('.plot .bar') && !document.getElementById('timeline-unfit').hidden");
    assert!(page.text("document.getElementById('timeline-unfit').textContent").contains("366일"));
    assert!(page.text("document.getElementById('timeline-by').title").contains("날짜별"));
    assert!(page.eval(refused).as_array().unwrap().contains(&json!("day")));
    // Of a short period there are few: the chart shows it alone.
    page.goto(&SERVER.url("/?from=2024-01-01&to=2024-03-31"));
    page.wait("document.querySelector('.plot .bar')");
    page.settle();
    assert_eq!(page.eval(refused), json!([]));
    choose_bars(&page, "day");
    page.wait(&format!("{unit} === '날짜별' && location.search.includes('frame=2024-01-01..2024-03-31')"));
    page.wait("document.getElementById('timeline-unfit').hidden");
    assert_sound(&page);
}
