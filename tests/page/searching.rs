//! Typing, filters, links that restore everything, pages.

use serde_json::{Value, json};

use super::browser::{Browser, Page};
use super::newsroom::with_query;
use super::{SERVER, assert_sound, focused, lists, shows, texts, total, wait_for_the_box};

#[test]
fn a_reader_searches_and_narrows() {
    let Some(browser) = Browser::start("a_reader_searches_and_narrows") else { return };
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    assert_eq!(texts(&page, "#results-heading"), ["최신 기사"]);
    // One can type at once.
    wait_for_the_box(&page);

    // Typing searches by itself, letter by letter, as one entry of the history.
    let before = page.number("history.length");
    page.type_text("반");
    page.type_text("도체");
    page.wait(&shows(&[("q", "반도체")]));
    assert_eq!(page.text("decodeURIComponent(location.search)"), "?q=반도체");
    assert_eq!(page.number("history.length"), before + 1);
    assert!(page.number("document.querySelectorAll('#hits mark').length") > 0);
    assert_eq!(texts(&page, "#results-heading"), ["‘반도체’ 검색 결과"]);
    page.press("Enter");

    // Outlets: two of them, counts of the others stay.
    let facet = SERVER.json("/api/facets/outlet?q=반도체&group=similar");
    let outlets: Vec<&str> =
        facet["values"].as_array().unwrap().iter().map(|value| value["value"].as_str().unwrap()).collect();
    let values = texts(&page, "#facets fieldset:first-child .value");
    assert_eq!(values, outlets[..values.len()]);
    page.click("#facets fieldset:first-child .checks input");
    page.wait(&shows(&[("q", "반도체"), ("outlet", outlets[0])]));
    page.click("#facets fieldset:first-child li:nth-child(2) input");
    page.wait(&shows(&[("q", "반도체"), ("outlet", outlets[0]), ("outlet", outlets[1])]));
    assert_eq!(
        texts(&page, "#facets fieldset:first-child .value"),
        values,
        "choosing does not shrink the list"
    );
    assert_eq!(texts(&page, "#chips .chip:not(.all) span:first-child").len(), 2);

    // Back and forth, and a link that restores everything.
    page.eval("history.back()");
    page.wait(&shows(&[("q", "반도체"), ("outlet", outlets[0])]));
    page.eval("history.back()");
    page.wait(&shows(&[("q", "반도체")]));
    page.eval("history.forward()");
    page.wait(&shows(&[("q", "반도체"), ("outlet", outlets[0])]));
    page.click("#sort input[value=newest]");
    let newest = shows(&[("q", "반도체"), ("outlet", outlets[0]), ("sort", "newest")]);
    page.wait(&newest);
    let address = page.text("location.href");
    let titles = texts(&page, "#hits .title");
    let again = browser.page();
    again.goto(&address);
    again.wait(&newest);
    assert_eq!(texts(&again, "#hits .title"), titles);
    assert!(again.eval("document.querySelector('#sort input[value=newest]').checked").as_bool().unwrap());
    assert_eq!(again.text("document.querySelector('#q').value"), "반도체");

    // Sections and reporters are there too, and everything is cleared at once.
    assert_eq!(texts(&page, "#facets legend"), ["언론사", "언론사 묶음", "섹션", "기자"]);
    page.click("#facets fieldset:nth-child(3) .checks input");
    page.wait("document.querySelectorAll('#chips .chip').length === 3");
    page.click("#chips .all");
    page.wait(&shows(&[("q", "반도체"), ("sort", "newest")]));

    // What one takes along follows the search.
    assert!(
        page.text("decodeURIComponent(document.getElementById('csv').search)")
            .starts_with("?q=반도체&sort=newest&group=similar&columns=")
    );
    let feed = page.text("document.querySelector('link[rel=alternate][type=\"application/atom+xml\"]').href");
    assert_eq!(page.number(&format!("fetch({}).then((answer) => answer.status)", json!(feed))), 200);
    assert!(feed.ends_with("&group=similar"), "{feed}");
    let rows = page.number("fetch(document.getElementById('csv').href).then((a) => a.text()).then((t) => t.trim().split('\\r\\n').length)");
    assert_eq!(json!(rows - 1), total(&[("q", "반도체")]), "folded as the list is");

    // Pages.
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    let first = texts(&page, "#hits .title");
    page.click("#pager [rel=next]");
    page.wait(&lists(&[("page", "2")]));
    assert!(page.text("location.search").contains("page=2"));
    assert!(page.text("document.querySelector('#pager [aria-current]').textContent").starts_with('2'));
    assert_ne!(texts(&page, "#hits .title")[0], first[0]);
    assert_eq!(focused(&page), "results-heading", "the list's beginning is read next");
    page.eval("history.back()");
    page.wait(&shows(&[]));
    assert_eq!(texts(&page, "#hits .title"), first);

    page.wait("document.getElementById('served').textContent.startsWith('gisa ')");
    assert_sound(&page);
    assert_sound(&again);
}

/// What the fields of the advanced search hold, by name.
fn fields(page: &Page<'_>) -> Value {
    page.eval("Object.fromEntries([...document.querySelectorAll('#advanced-fields input')].map((field) => [field.id.replace('advanced-', ''), field.value]).filter(([, value]) => value))")
}

#[test]
fn the_advanced_search_writes_the_query_line_and_reads_it_back() {
    let Some(browser) = Browser::start("the_advanced_search_writes_the_query_line_and_reads_it_back") else {
        return;
    };
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait(&shows(&[]));
    open_form(&page);
    for (name, value) in [
        ("all", "반도체 수출"),
        ("any", "미국 \"공급망 협력\""),
        ("exact", "지난해"),
        ("without", "배터리"),
        ("title", "반도체"),
        ("notOutlet", "가람일보, 디지털 여울"),
    ] {
        page.eval(&format!("document.getElementById('advanced-{name}').focus()"));
        page.type_text(value);
    }
    let line = "반도체 수출 \"지난해\" (미국 OR \"공급망 협력\") 제목:반도체 -배터리 -언론사:가람일보 -언론사:\"디지털 여울\"";
    assert_eq!(page.text("document.getElementById('advanced-line').textContent"), line);
    page.press("Enter");
    page.wait(&shows(&[("q", line)]));
    assert_eq!(page.text("document.getElementById('q').value"), line);
    open_form(&page);
    assert_eq!(
        fields(&page),
        json!({"all": "반도체 수출", "any": "미국 \"공급망 협력\"", "exact": "지난해", "without": "배터리", "title": "반도체",
               "notOutlet": "가람일보, 디지털 여울"})
    );
    // Whoever has set filters is told that they stay.
    assert_eq!(page.eval("document.getElementById('advanced-stay').hidden"), json!(true));
    // Esc closes the form and nothing else.
    page.press("Escape");
    page.wait("!document.getElementById('advanced').open");
    assert_eq!(page.text("document.getElementById('q').value"), line);

    // What the form cannot say stays: the line finds the same articles as before.
    for typed in [
        "(가 (나 다)) 라",
        "[속보] (주)가람, “수출 5% 늘어”",
        "스타트* 본문:예산 -제목:미국",
        "반도체 NOT 배터리",
        "연금 | 금리",
        "날짜:2024-01-01..2025-12-31 수출",
        "삼성전자:실적 5·18",
        "\"짝없는",
    ] {
        page.goto(&SERVER.url(&with_query("/", &[("q", typed)])));
        page.wait(&shows(&[("q", typed)]));
        open_form(&page);
        page.click("#advanced-form [type=submit]");
        page.wait("!document.getElementById('advanced').open");
        let written = page.text("document.getElementById('q').value");
        page.wait(&shows(&[("q", &written)]));
        assert_eq!(
            SERVER.search(&[("q", &written)])["total"],
            SERVER.search(&[("q", typed)])["total"],
            "{typed} became {written}"
        );
    }
    assert_sound(&page);
}

/// Opens the advanced search.
pub(crate) fn open_form(page: &Page<'_>) {
    page.click("#advanced-open");
    page.wait("document.getElementById('advanced').open");
}

/// Opens the form on a query and gives its fields, and what it would write.
fn opened(page: &Page<'_>, path: &str, typed: &str) -> (Value, String) {
    page.goto(&SERVER.url(&with_query(path, &[("q", typed)])));
    page.wait("document.body.classList.contains('answered')");
    open_form(page);
    (fields(page), page.text("document.getElementById('advanced-line').textContent"))
}

fn fill(page: &Page<'_>, name: &str, value: &str) {
    page.eval(&format!(
        "(() => {{ const field = document.getElementById('advanced-{name}'); field.value = {}; field.dispatchEvent(new Event('input', {{bubbles: true}})); }})()",
        json!(value)
    ));
}

#[test]
fn the_advanced_search_leaves_a_query_that_it_only_opened() {
    let Some(browser) = Browser::start("the_advanced_search_leaves_a_query_that_it_only_opened") else {
        return;
    };
    let page = browser.page();
    // Each with what the form would write once the reader adds a word: operators stay with what they join.
    for (typed, with_a_word) in [
        ("\"공급망 협력\" ~10 미국", "새말 \"공급망 협력\" ~10 미국"),
        ("미국 ~3 수출", "새말 미국 ~3 수출"),
        ("(미국 OR 중국) ~10 수출", "새말 (미국 OR 중국) ~10 수출"),
        ("가람 ~5 미국 ~5 수출", "새말 가람 ~5 미국 ~5 수출"),
        ("반도체 AND 수출", "새말 반도체 AND 수출"),
        ("\"a NOT b\" 반도체", "반도체 새말 \"a NOT b\""),
        ("OR 반도체", "새말 \\OR 반도체"),
        ("날짜:2026-02-30..2026-03-01", "새말 날짜:2026-02-30..2026-03-01"),
        ("날짜:2024-03-01..2024-01-01", "새말 날짜:2024-03-01..2024-01-01"),
        ("언론사:가람일보 언론사:온새미통신", "새말 언론사:가람일보 언론사:온새미통신"),
        ("(언론사:가람일보 OR 언론사:온새미통신) 수출", "수출 새말 (언론사:가람일보 OR 언론사:온새미통신)"),
        ("\"반도체, 수출\"", "새말 \"반도체, 수출\""),
        ("제목:\"반도체\" -\"수출\"", "새말 제목:\"반도체\" -\"수출\""),
        ("title:반도체 수출", "수출 새말 제목:반도체"),
        ("‘가 OR 나’ 다", "새말 ‘가 OR 나’ 다"),
        ("반도체  NOT   수출", "반도체 새말 -수출"),
    ] {
        let (read, line) = opened(&page, "/", typed);
        assert_eq!(line, typed.trim(), "opened and not changed");
        let all = read["all"].as_str().map_or("새말".to_owned(), |all| format!("{all} 새말"));
        fill(&page, "all", &all);
        assert_eq!(page.text("document.getElementById('advanced-line').textContent"), with_a_word, "{typed}");
    }
    assert_sound(&page);
}

#[test]
fn the_advanced_search_reads_what_its_fields_hold_as_readers_mean_it() {
    let Some(browser) = Browser::start("the_advanced_search_reads_what_its_fields_hold_as_readers_mean_it")
    else {
        return;
    };
    let page = browser.page();
    for (name, value, line) in [
        // Commas mean one of several, for nobody publishes in two places.
        ("outlet", "가람일보, 디지털 여울", "(언론사:가람일보 OR 언론사:\"디지털 여울\")"),
        ("reporter", "서하늘, 문가람", "(기자:서하늘 OR 기자:문가람)"),
        ("exact", "1,000명", "\"1,000명\""),
        ("exact", "\"쌀, 밀\", 콩", "\"쌀, 밀\" \"콩\""),
        ("any", "미국 OR 중국 | 일본", "(미국 OR 중국 OR 일본)"),
        // They do in every field, and are not written into the line.
        ("all", "반도체, 수출,\"공급망 협력\"", "반도체 수출 \"공급망 협력\""),
        ("all", "1,000명, 2,000억", "1,000명 2,000억"),
        ("any", "미국,중국, OR 일본", "(미국 OR 중국 OR 일본)"),
        ("without", "배터리,미국、중국", "-배터리 -미국 -중국"),
        ("title", "반도체,수출", "제목:반도체 제목:수출"),
        ("notOutlet", "가람일보，디지털 여울", "-언론사:가람일보 -언론사:\"디지털 여울\""),
    ] {
        opened(&page, "/", "");
        fill(&page, name, value);
        assert_eq!(page.text("document.getElementById('advanced-line').textContent"), line);
        let (read, again) = opened(&page, "/", line);
        assert_eq!(again, line);
        // What the form shows of it is read as the same again.
        let shown = read[name].as_str().unwrap_or_default();
        fill(&page, name, shown);
        let with_a_word = if name == "all" { format!("{shown} 새말") } else { "새말".to_owned() };
        fill(&page, "all", &with_a_word);
        assert_eq!(
            page.text("document.getElementById('advanced-line').textContent")
                .split(' ')
                .filter(|word| *word != "새말")
                .collect::<Vec<_>>()
                .join(" "),
            line,
            "read back as it was written"
        );
    }
    // Two words near each other: a field that was not there.
    opened(&page, "/", "");
    fill(&page, "near", "공급망 협력,");
    fill(&page, "nearTo", "미국");
    assert_eq!(page.text("document.getElementById('advanced-line').textContent"), "\"공급망 협력\" ~10 미국");
    fill(&page, "within", "250");
    assert_eq!(
        page.text("document.getElementById('advanced-line').textContent"),
        "\"공급망 협력\" ~100 미국"
    );
    let (read, _) = opened(&page, "/", "\"공급망 협력\" ~5 미국");
    assert_eq!(read, json!({"near": "공급망 협력", "nearTo": "미국", "within": "5"}));

    // A period the wrong way round is refused, with a word.
    opened(&page, "/", "반도체");
    fill(&page, "from", "2024-03-01");
    fill(&page, "to", "2024-01-01");
    page.click("#advanced-form [type=submit]");
    page.wait(
        "!document.getElementById('advanced-error').hidden && document.getElementById('advanced').open",
    );
    assert_eq!(texts(&page, "#advanced-error"), ["시작일이 종료일보다 늦습니다."]);
    assert_eq!(page.text("document.activeElement.id"), "advanced-from");

    // Filters beside the query stay, and the form says which; in English it writes English.
    page.goto(&SERVER.url("/?lang=en&q=반도체&outlet=가람일보&from=2024-01-01"));
    page.wait("document.body.classList.contains('answered')");
    open_form(&page);
    let stay = page.text("document.getElementById('advanced-stay').innerText");
    assert!(stay.contains("가람일보") && stay.contains("2024-01-01"), "{stay}");
    fill(&page, "title", "수출");
    fill(&page, "notOutlet", "온새미통신");
    assert_eq!(
        page.text("document.getElementById('advanced-line').textContent"),
        "반도체 title:수출 -outlet:온새미통신"
    );
    assert_sound(&page);
}

#[test]
fn the_advanced_search_holds_the_period_of_the_filter() {
    let Some(browser) = Browser::start("the_advanced_search_holds_the_period_of_the_filter") else { return };
    let page = browser.page();
    let open = |path: &str| {
        page.goto(&SERVER.url(path));
        page.wait("document.body.classList.contains('answered')");
        open_form(&page);
    };
    open("/?q=반도체&from=2024-01-01&to=2024-06-30");
    assert_eq!(fields(&page), json!({"all": "반도체", "from": "2024-01-01", "to": "2024-06-30"}));
    // Other dates are another filter: beside the old one they would find nothing.
    fill(&page, "from", "2023-01-01");
    fill(&page, "to", "2023-12-31");
    assert_eq!(page.text("document.getElementById('advanced-line').textContent"), "반도체");
    assert!(page.text("document.getElementById('advanced-stay').textContent").contains("2023-12-31"));
    page.click("#advanced-form [type=submit]");
    page.wait(&shows(&[("q", "반도체"), ("from", "2023-01-01"), ("to", "2023-12-31")]));
    assert_eq!(page.text("document.getElementById('q').value"), "반도체");

    // Fields that are emptied end the filter.
    open_form(&page);
    fill(&page, "from", "");
    fill(&page, "to", "");
    page.click("#advanced-form [type=submit]");
    page.wait(&shows(&[("q", "반도체")]));

    // A period of the line stays in the line, whatever the filter holds.
    open("/?q=반도체+날짜:2023-01-01..2024-12-31&from=2024-01-01");
    assert_eq!(fields(&page), json!({"all": "반도체", "from": "2023-01-01", "to": "2024-12-31"}));
    fill(&page, "all", "반도체 수출");
    page.click("#advanced-form [type=submit]");
    page.wait(&shows(&[("q", "반도체 수출 날짜:2023-01-01..2024-12-31"), ("from", "2024-01-01")]));
    assert_sound(&page);
}
