//! Kept articles: in this browser, in folders, with notes, and out again as files.

use serde_json::json;

use super::browser::{Browser, Page};
use super::{SERVER, assert_sound, texts};

const FIRST: &str = "onsaemi-20231114-001";

/// From now on the text of a file that the page saves is kept in `window.saved`, by the file's ending.
fn watch_files(page: &Page<'_>) {
    page.eval(
        "(() => { window.saved = {}; const make = URL.createObjectURL; URL.createObjectURL = (blob) => {
           blob.arrayBuffer().then((bytes) => { window.saved[blob.type] = new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes); }); return make(blob); }; })()",
    );
}

#[test]
fn articles_are_kept_in_folders_with_notes_and_taken_out_again() {
    let Some(browser) = Browser::start("articles_are_kept_in_folders_with_notes_and_taken_out_again") else {
        return;
    };
    let page = browser.page();
    page.goto(&SERVER.url(&format!("/?q=공급망&article={FIRST}")));
    page.click(".scrap summary");
    page.click(".scrap input[value='스크랩']");
    page.wait(
        "document.querySelector('.article-tools [role=status]').textContent === '‘스크랩’에 스크랩했습니다.'",
    );
    page.eval("document.querySelector('.scrap-new input').focus()");
    page.type_text("반도체 <b>기획</b>");
    page.press("Enter");
    page.wait("document.querySelectorAll('.scrap input:checked').length === 2");
    // Another article, taken out again.
    page.wait("document.querySelector('.related .title')");
    page.click(".related .title");
    page.wait(&format!("new URLSearchParams(location.search).get('article') !== '{FIRST}' && document.querySelector('.scrap summary')"));
    page.settle();
    page.click(".scrap summary");
    page.click(".scrap input[value='스크랩']");
    page.wait("document.querySelector('.scrap input:checked')");
    page.click(".scrap input[value='스크랩']");
    page.wait("!document.querySelector('.scrap input:checked')");

    // The page of kept articles: nothing of it is asked of the server.
    page.goto(&SERVER.url("/scraps"));
    page.wait("document.querySelectorAll('.folder').length === 2");
    assert_eq!(
        page.eval(
            "performance.getEntriesByType('resource').filter(({name}) => name.includes('/api/')).length"
        ),
        json!(0)
    );
    assert_eq!(
        page.eval("[...document.querySelectorAll('.folder-name')].map((field) => field.value)"),
        json!(["스크랩", "반도체 <b>기획</b>"])
    );
    let title = SERVER.json(&format!("/api/articles/{FIRST}"))["title"].clone();
    assert_eq!(json!(texts(&page, ".folder .title")), json!([title, title]));
    page.eval("document.querySelector('.folder textarea').focus()");
    page.type_text("=확인 필요 \"따옴표\"");
    page.eval("document.activeElement.blur()");
    page.wait("document.getElementById('said').textContent === '메모를 저장했습니다.'");
    watch_files(&page);
    for button in ["save-csv", "save-markdown", "save-backup"] {
        page.click(&format!("#{button}"));
    }
    page.wait("Object.keys(window.saved).length === 3");
    page.click("#save-xlsx");
    page.wait("Object.keys(window.saved).some((type) => type.includes('spreadsheetml'))");
    page.wait("document.getElementById('said').textContent === '엑셀 파일을 만들었습니다.'");
    let csv = page.text("window.saved['text/csv']");
    assert!(
        csv.starts_with("\u{FEFF}\"폴더\",\"게재 일시\"") && csv.contains("\"2023-11-14 16:20:00\""),
        "{csv}"
    );
    assert!(csv.contains("\"'=확인 필요 \"\"따옴표\"\"\""), "no formulas: {csv}");
    let markdown = page.text("window.saved['text/markdown']");
    assert!(
        markdown.contains("## 반도체 \\<b\\>기획\\</b\\>")
            && markdown.contains("](https://www.onsaemi.example"),
        "{markdown}"
    );

    // It survives a reload, and is read in again elsewhere without doubling.
    let backup = page.text("window.saved['application/json']");
    let elsewhere = browser.page();
    elsewhere.goto(&SERVER.url("/scraps"));
    elsewhere.wait("!document.getElementById('nothing').hidden");
    for said in ["기사 2건을 새로 불러왔습니다.", "기사 0건을 새로 불러왔습니다."] {
        elsewhere.eval(&format!(
            "(() => {{ const files = new DataTransfer(); files.items.add(new File([{}], 'scraps.json'));
               const field = document.getElementById('read-in'); field.files = files.files; field.dispatchEvent(new Event('change')); }})()",
            json!(backup)
        ));
        elsewhere.wait(&format!("document.getElementById('said').textContent === {}", json!(said)));
    }
    elsewhere.goto(&SERVER.url("/scraps"));
    elsewhere.wait("document.querySelectorAll('.folder .hit').length === 2");
    assert_eq!(elsewhere.text("document.querySelector('.folder textarea').value"), "=확인 필요 \"따옴표\"");
    // What is not a backup changes nothing.
    elsewhere.eval("(() => { const files = new DataTransfer(); files.items.add(new File(['{\"a\":1}'], 'a.json')); const field = document.getElementById('read-in'); field.files = files.files; field.dispatchEvent(new Event('change')); })()");
    elsewhere.wait("document.getElementById('said').textContent === '스크랩 백업 파일이 아닙니다.'");
    elsewhere.click(".folder .hit button");
    elsewhere.wait("document.querySelectorAll('.folder .hit').length === 1");
    assert_sound(&page);
    assert_sound(&elsewhere);
}

/// Opens the page of kept articles with these folders in the browser: names, each with the ids and notes of its articles.
fn kept<'a>(browser: &'a Browser, path: &str, folders: &serde_json::Value) -> Page<'a> {
    let page = browser.page();
    page.goto(&SERVER.url(path));
    page.eval(&format!("localStorage.setItem('gisa.scraps', {})", json!(folders.to_string())));
    page.goto(&SERVER.url(path));
    page
}

fn folder(name: &str, ids: &[&str]) -> serde_json::Value {
    let items: Vec<_> = ids
        .iter()
        .map(|id| json!({"id": id, "title": format!("{id} “호박” 풍년"), "outlet": "새벽신문", "published_at": "2024-10-01T09:08:07+09:00"}))
        .collect();
    json!({"name": name, "items": items})
}

const NOTES: &str = "[...document.querySelectorAll('textarea')].map((field) => field.value)";

#[test]
fn no_note_is_lost() {
    let Some(browser) = Browser::start("no_note_is_lost") else { return };
    let page = kept(&browser, "/scraps", &json!([folder("밭", &["a", "b", "c"])]));
    page.wait("document.querySelectorAll('textarea').length === 3");
    page.click("textarea");
    page.type_text("첫째");
    page.click("li:nth-child(2) textarea");
    page.type_text("둘째");
    page.press("Tab");
    assert_eq!(page.eval(NOTES), json!(["첫째", "둘째", ""]));
    assert_eq!(page.eval("document.activeElement === document.body"), json!(false), "Tab goes on from here");
    // A click that ends a note arrives.
    page.click("li:nth-child(2) textarea");
    page.type_text("!");
    page.click("li:nth-child(3) .drop");
    page.wait("document.querySelectorAll('textarea').length === 2");
    page.wait("document.activeElement.classList.contains('drop')");
    // Whoever leaves in the middle of a word finds it again.
    page.click("textarea");
    page.type_text(" 메모");
    page.goto(&SERVER.url("/scraps"));
    page.wait("document.querySelectorAll('textarea').length === 2");
    assert_eq!(page.eval(NOTES), json!(["첫째 메모", "둘째!"]));
    // Another tab keeps an article meanwhile: what is being written stays.
    page.click("textarea");
    page.type_text("?");
    page.eval("document.querySelector('textarea').id = 'mine'");
    page.eval("dispatchEvent(new StorageEvent('storage'))");
    page.type_text("?");
    assert_eq!(page.text("document.getElementById('mine').value"), "첫째 메모??");
    watch_files(&page);
    page.click("#save-csv");
    page.wait("window.saved['text/csv']");
    // Quotation marks in a title are single ones in a citation.
    page.eval("Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => { window.cited = text; }}, configurable: true})");
    page.click("#copy-citations");
    page.wait("window.cited");
    assert!(page.text("window.cited").contains("“a ‘호박’ 풍년”"));
    let table = page.text("window.saved['text/csv']");
    assert!(table.contains("\"2024-10-01 09:08:07\"") && table.contains("\"첫째 메모??\""), "{table}");
    assert_sound(&page);
}

#[test]
fn folders_keep_their_names_apart_and_damage_is_put_aside() {
    let Some(browser) = Browser::start("folders_keep_their_names_apart_and_damage_is_put_aside") else {
        return;
    };
    let page =
        kept(&browser, "/scraps", &json!([folder("밭", &["a"]), folder("논", &["b"]), folder(" ", &["c"])]));
    page.wait("document.querySelectorAll('.folder-name').length === 3");
    let names = "[...document.querySelectorAll('.folder-name')].map((field) => field.value)";
    assert_eq!(page.eval(names), json!(["밭", "논", "스크랩"]));
    for (typed, said) in [
        ("논", "‘논’ 폴더가 이미 있습니다. 다른 이름을 적어 주세요."),
        ("  ", "폴더 이름을 적어 주세요."),
        ("들", "폴더 이름을 바꾸었습니다: ‘들’"),
    ] {
        page.eval("(() => { const field = document.querySelector('.folder-name'); field.focus(); field.select(); })()");
        page.type_text(typed);
        page.press("Enter");
        page.wait(&format!("document.getElementById('said').textContent === {}", json!(said)));
    }
    assert_eq!(page.eval(names), json!(["들", "논", "스크랩"]));
    page.eval("window.confirm = () => true");
    page.click(".drop-folder");
    page.wait("document.querySelectorAll('.folder').length === 2 && document.activeElement.classList.contains('drop-folder')");

    // An entry that cannot be read is not overwritten.
    page.eval("localStorage.setItem('gisa.scraps', '[{\"name\": \"밭\"')");
    page.goto(&SERVER.url(&format!("/?lang=en&article={FIRST}")));
    page.click(".scrap summary");
    assert!(page.text("document.querySelector('.scrap a').search").contains("lang=en"));
    page.click(".scrap input[type=checkbox]");
    page.wait("JSON.parse(localStorage.getItem('gisa.scraps'))[0]?.items.length === 1");
    assert_eq!(page.text("localStorage.getItem('gisa.scraps.damaged')"), "[{\"name\": \"밭\"");
    page.goto(&SERVER.url("/scraps"));
    page.wait("document.getElementById('said').textContent.includes('gisa.scraps.damaged')");
    assert_sound(&page);
}

#[test]
fn the_panel_of_folders_fits_and_closes_alone() {
    let Some(browser) = Browser::start("the_panel_of_folders_fits_and_closes_alone") else { return };
    let page = browser.page();
    for width in [320, 360, 640, 1280] {
        page.resize(width, 740);
        page.goto(&SERVER.url(&format!("/?article={FIRST}")));
        page.click(".scrap summary");
        page.wait("document.querySelector('.scrap').open");
        let right =
            page.number("Math.ceil(document.querySelector('.scrap fieldset').getBoundingClientRect().right)");
        assert!(right <= i64::from(width), "{right} of {width} px");
        let over = page.number("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assert!(over <= 0, "{over} px too wide at {width} px");
        page.press("Escape");
        page.wait("!document.querySelector('.scrap').open");
        assert_eq!(
            page.text("new URLSearchParams(location.search).get('article')"),
            FIRST,
            "the article stays"
        );
    }
    assert_sound(&page);
}
