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
