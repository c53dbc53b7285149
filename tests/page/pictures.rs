//! Pictures for the documentation and for looking at.

use std::path::Path;

use super::SERVER;
use super::browser::Browser;
use super::newsroom::TOKEN;
use super::saving::sign_in;

/// The pictures of the documentation, and those that a change of the page should be looked at with.
#[test]
#[ignore = "makes pictures; a command, not a check"]
fn pictures() {
    let folder = std::env::var_os("GISA_PICTURES").expect("GISA_PICTURES names the folder for the pictures");
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    let browser = Browser::start("pictures").expect("pictures need a browser");
    let page = browser.page();
    let list =
        "document.querySelectorAll('#hits .hit').length && document.querySelectorAll('.plot .bar').length";
    let trends =
        "document.querySelectorAll('#legend li').length && !document.querySelector('[aria-busy=true]')";
    let views: [(&str, &str, u32, u32, &str, &str); 20] = [
        ("trends", "/trends?q=반도체&q=스타트업&q=부동산&by=month", 1280, 900, "light", trends),
        ("trends-dark", "/trends?q=반도체&split=outlet&values=share&by=year", 1280, 900, "dark", trends),
        ("trends-phone", "/trends?q=반도체&q=스타트업&by=year", 390, 844, "light", trends),
        ("preview", "/?q=반도체&preview=1", 1440, 900, "light", list),
        ("scraps", "/scraps", 1280, 700, "light", "document.querySelector('#nothing:not([hidden])')"),
        ("desktop", "/?q=중기부 스타트업", 1280, 900, "light", list),
        ("home", "/", 1280, 900, "light", list),
        (
            "filtered",
            "/?q=반도체&outlet=가람일보&outlet=온새미통신&from=2025-01-01",
            1280,
            900,
            "light",
            list,
        ),
        ("dark", "/?q=중기부 스타트업", 1280, 900, "dark", list),
        ("phone", "/?q=중기부 스타트업", 390, 844, "light", list),
        (
            "phone-dark",
            "/?q=공급망 협력&article=onsaemi-20231114-001",
            390,
            844,
            "dark",
            "document.querySelector('.related li')",
        ),
        ("narrow", "/?q=반도체", 320, 640, "light", list),
        (
            "empty",
            "/?q=쿼크플라즈마&outlet=가람일보",
            1280,
            700,
            "light",
            "document.querySelector('.nothing')",
        ),
        ("error", "/?q=반도체&from=2024-99-99", 1280, 700, "light", "document.querySelector('.problem')"),
        (
            "article",
            "/?q=공급망 협력&article=onsaemi-20231114-001",
            1280,
            900,
            "light",
            "document.querySelector('.related li')",
        ),
        (
            "embedded",
            "/docs/embed",
            1280,
            900,
            "light",
            "document.querySelector('gisa-search').shadowRoot?.querySelectorAll('li').length",
        ),
        ("compact", "/?q=반도체&view=compact&size=20&bars=year", 1280, 900, "light", list),
        ("help", "/help", 1280, 900, "light", "document.querySelector('.example')"),
        ("docs", "/docs", 1280, 900, "light", "document.querySelector('.example-box button')"),
        (
            "analyze",
            "/analyze?q=반도체&text=반도체 수출이 늘었다.",
            1280,
            900,
            "light",
            "document.querySelectorAll('#answer table').length > 1",
        ),
    ];
    for (name, path, width, height, scheme, there) in views {
        page.prefer_scheme(scheme);
        page.resize(width, height);
        page.goto(&SERVER.url(path));
        page.wait(there);
        page.eval("document.activeElement.blur()");
        if name == "preview" {
            page.click("#hits a.title");
            page.wait("document.querySelector('#preview h3')");
        }
        page.picture(&folder.join(format!("{name}.png")), "png");
        if matches!(name, "desktop" | "phone-dark") {
            page.picture(&folder.join(format!("{name}.webp")), "webp");
        }
    }
    page.prefer_scheme("light");
    page.resize(1280, 900);
    page.goto(&SERVER.url("/?q=반도체&outlet=가람일보&from=2024-01-01"));
    page.click("#save-search");
    sign_in(&page, TOKEN);
    page.wait("document.activeElement.id === 'save-title'");
    page.eval("document.querySelector('[name=place][value=webhook]').click()");
    page.picture(&folder.join("save-search.png"), "png");
    page.eval("document.querySelector('[name=place][value=nowhere]').click()");
    page.click("#save-panel [type=submit]");
    page.wait("document.querySelector('#save-panel [role=status]')");
    page.goto(&SERVER.url("/searches"));
    page.wait("document.querySelectorAll('.saved').length");
    page.settle();
    page.picture(&folder.join("searches.png"), "png");
    page.goto(&SERVER.url("/"));
    page.wait(list);
    page.eval("document.getElementById('q').focus()");
    page.type_text("스타");
    page.wait("document.querySelector('#hits mark')");
    page.picture(&folder.join("typing.png"), "png");
}
