//! Searches compared over time: lines, a table, files, an address that holds it all.

use serde_json::{Value, json};

use super::browser::{Browser, Page};
use super::newsroom::with_query;
use super::{SERVER, assert_sound, shows, texts};

/// True when so many lines are drawn and nothing is under way.
pub fn drawn(lines: usize) -> String {
    format!(
        "document.querySelectorAll('#legend li').length === {lines} && !document.querySelector('[aria-busy=true]')"
    )
}

fn choose(page: &Page<'_>, id: &str, value: &str) {
    page.eval(&format!("document.getElementById({}).value = {}", json!(id), json!(value)));
}

#[test]
fn searches_beyond_the_fifth_are_named() {
    let Some(browser) = Browser::start("searches_beyond_the_fifth_are_named") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/trends?q=반도체&q=수출&q=정부&q=협력&q=공급망&q=배터리&q=미국"));
    page.wait("document.querySelectorAll('#legend li').length === 5");
    page.wait("[...document.querySelectorAll('#notes p')].some((note) => note.textContent === '검색어는 5개까지 견줍니다. 뺀 것: ‘배터리’, ‘미국’')");
    // Whoever compares what the form shows has seen it.
    page.click("#compare [type=submit]");
    page.wait("!document.querySelector('#notes p')?.textContent.includes('뺀 것') && new URLSearchParams(location.search).getAll('q').length === 5");
    assert_sound(&page);
}

#[test]
fn searches_are_compared_over_time() {
    let Some(browser) = Browser::start("searches_are_compared_over_time") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/?q=반도체&section=경제"));
    page.wait(&shows(&[("q", "반도체"), ("section", "경제")]));
    page.click("#trends");
    page.wait(
        "location.pathname.endsWith('/trends') && document.querySelectorAll('#queries input').length === 2",
    );
    page.wait(&drawn(1));
    assert!(page.text("document.getElementById('conditions').textContent").contains("경제"));
    page.click("#conditions button");
    page.wait("document.getElementById('conditions').hidden");
    page.eval("document.querySelectorAll('#queries input')[1].focus()");
    page.type_text("스타트업");
    choose(&page, "by", "year");
    page.press("Enter");
    page.wait(&drawn(2));
    let answer =
        SERVER.json(&with_query("/api/trends", &[("q", "반도체"), ("q", "스타트업"), ("by", "year")]));
    let totals: Vec<String> = [0, 1]
        .map(|number| {
            let series = &answer["series"][number];
            format!("{}기사 {}건", series["query"].as_str().unwrap(), series["total"])
        })
        .into();
    assert_eq!(texts(&page, "#legend li"), totals);
    assert_eq!(
        page.number("document.querySelectorAll('#picture .line-1, #picture .line-2').length > 1 ? 1 : 0"),
        1
    );

    // The table says the numbers, and each leads to its articles.
    page.click("#table summary");
    page.wait("document.querySelectorAll('#rows tbody tr').length > 0");
    let years = answer["buckets"].as_array().unwrap().len();
    let rows = page.eval("[...document.querySelectorAll('#rows tbody tr')].map((row) => [...row.cells].slice(1).map((cell) => Number(cell.textContent)))");
    let expected: Vec<Value> = (0..years)
        .map(|at| {
            json!([answer["series"][0]["counts"][at], answer["series"][1]["counts"][at], answer["all"][at]])
        })
        .collect();
    assert_eq!(rows, json!(expected));
    let link = page.text("document.querySelector('#rows a').href");
    assert!(link.contains("from=") && link.contains("to=") && link.contains("q="), "{link}");

    // Shares, and by outlet: in the address, and back again.
    choose(&page, "values", "share");
    choose(&page, "split", "outlet");
    page.click("#compare button[type=submit]");
    let facet = SERVER.json(&with_query("/api/facets/outlet", &[("q", "반도체"), ("size", "5")]));
    let outlets = facet["values"].as_array().unwrap();
    page.wait(&drawn(outlets.len()));
    page.wait("new URLSearchParams(location.search).get('split') === 'outlet' && new URLSearchParams(location.search).get('values') === 'share'");
    let labels = texts(&page, "#legend li");
    for (label, outlet) in labels.iter().zip(outlets) {
        let outlet_and_count = format!("{}기사 {}건", outlet["value"].as_str().unwrap(), outlet["count"]);
        assert_eq!(label, &outlet_and_count);
    }
    page.eval("history.back()");
    page.wait(&drawn(2));
    assert_eq!(page.text("document.getElementById('values').value"), "count");

    // What is taken along.
    page.eval(
        "(() => { window.saved = {}; const make = URL.createObjectURL; URL.createObjectURL = (blob) => {
           blob.arrayBuffer().then((bytes) => { window.saved[blob.type] = new TextDecoder('latin1').decode(bytes); }); return make(blob); }; })()",
    );
    page.click("#save-svg");
    page.click("#save-png");
    page.wait("window.saved['image/svg+xml'] && window.saved['image/png']");
    assert!(page.text("window.saved['image/svg+xml'].slice(0, 200)").contains("http://www.w3.org/2000/svg"));
    // Pictures and tables say what they are of.
    page.eval(
        "(() => { HTMLAnchorElement.prototype.click = function () { window.named = this.download; }; })()",
    );
    page.eval("URL.createObjectURL = (blob) => { window.blob = blob; return 'blob:none'; }");
    page.click("#save-svg");
    page.wait("window.named?.endsWith('.svg')");
    assert_eq!(page.text("window.named"), "gisa 비교 반도체, 스타트업.svg");
    assert!(page.text("window.blob.text()").contains("연도별 기사 수."));
    page.click("#csv");
    page.wait("window.named.endsWith('.csv')");
    let kept = page.text("window.blob.text()");
    assert!(
        kept.lines().next().unwrap().ends_with("\"연도\",\"반도체\",\"스타트업\",\"전체 기사\""),
        "{kept}"
    );
    assert_eq!(kept.trim_end().lines().count(), years + 1, "{kept}");
    assert!(page.text("window.saved['image/png'].slice(1, 4)").contains("PNG"));
    let table = page.text("fetch(document.getElementById('csv').href).then((answer) => answer.text())");
    assert_eq!(table.trim_end().lines().count(), years + 1, "{table}");

    // A search too many is not offered, none at all is refused with a word.
    for _ in 0..3 {
        page.click("#more");
    }
    assert!(page.eval("document.getElementById('more').hidden") == json!(true));
    page.eval("for (const input of document.querySelectorAll('#queries input')) input.value = ''");
    page.click("#compare button[type=submit]");
    page.wait("!document.getElementById('error').hidden");
    assert_sound(&page);
}

#[test]
fn a_comparison_tells_what_it_cannot_draw() {
    let Some(browser) = Browser::start("a_comparison_tells_what_it_cannot_draw") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/trends?q=반도체&by=day&from=1900-01-01"));
    page.wait("document.querySelector('#problem .problem')");
    page.goto(&SERVER.url("/trends"));
    page.wait("document.querySelectorAll('#queries input').length === 2");
    assert_eq!(page.eval("document.getElementById('figure').hidden"), json!(true));
    // By outlet, also where a quotation mark has no partner.
    page.goto(
        &SERVER.url(&with_query("/trends", &[("q", "\"반도체"), ("split", "outlet"), ("values", "share")])),
    );
    page.wait("document.querySelectorAll('#legend li').length > 1");
    assert!(
        texts(&page, "#legend li").iter().all(|label| !label.ends_with("기사 0건")),
        "{:?}",
        texts(&page, "#legend li")
    );
    page.goto(&SERVER.url("/trends?q=쿼크플라즈마&lang=en"));
    page.wait(&drawn(1));
    assert_eq!(texts(&page, "#legend li"), ["쿼크플라즈마0 articles"]);
}
