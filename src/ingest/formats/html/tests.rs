#![allow(clippy::unwrap_used)]

use super::*;

fn read(html: &str) -> crate::article::Article {
    read_page(html.as_bytes(), "a.html", &OutletNames::parse("새벽신문\n").0).unwrap().article
}

#[test]
fn json_ld_in_a_graph_comes_first() {
    let article = read(
        r#"<html><head><title>다른 제목 - 새벽신문</title><link rel="canonical" href="https://a.example/1">
        <script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":["NewsArticle"],"headline":"비가 &amp; 눈이 온다",
        "articleBody":"비가 온다고 밝혔다.","author":[{"name":"나한별"},{"name":"도가온 기자"}],"publisher":{"name":"새벽신문"},
        "datePublished":"2024-03-05T06:12:00Z","articleSection":["사회","날씨"]}]}</script></head><body>다른 글이다.</body></html>"#,
    );
    assert_eq!((article.title.as_str(), article.body.as_str()), ("비가 & 눈이 온다", "비가 온다고 밝혔다."));
    assert_eq!(article.reporters, ["나한별", "도가온"]);
    assert_eq!((article.outlet.as_deref(), article.section.as_deref()), (Some("새벽신문"), Some("사회")));
    assert_eq!(article.url.as_deref(), Some("https://a.example/1"));
    assert!(article.id.as_str().starts_with("u-"));
}

#[test]
fn menus_scripts_and_lists_stay_out() {
    let article = read(
        r#"<html><head><meta property="og:title" content="가람시에 다리가 놓인다 - 새벽신문"><style>p{}</style></head><body>
        <nav><a>정치</a></nav><header><div>2026.11.28</div></header>
        <div id="article-view-content-div"><p>가람시는 5일 다리를 놓는다고 밝혔다. 다리는 3년 뒤에 열린다.</p>
        <script>var x = "광고라고 밝혔다.";</script><p>시장은 <b>“안전하게 짓겠다”</b>고 말했다.</p><p>나한별 기자 nah@a.example</p></div>
        <aside><p>많이 본 기사는 이것이라고 밝혔다.</p></aside><footer>무단전재 금지</footer></body></html>"#,
    );
    assert_eq!(article.title, "가람시에 다리가 놓인다");
    assert_eq!(
        article.body,
        "가람시는 5일 다리를 놓는다고 밝혔다. 다리는 3년 뒤에 열린다.\n시장은 “안전하게 짓겠다”고 말했다."
    );
    assert_eq!(article.reporters, ["나한별"]);
}

#[test]
fn a_page_of_nothing_is_refused() {
    assert!(read_page(b"<html><body></body></html>", "a.html", &OutletNames::default()).is_err());
    let deep = "<div>".repeat(100_000);
    assert!(read_page(deep.as_bytes(), "a.html", &OutletNames::default()).is_err());
}
