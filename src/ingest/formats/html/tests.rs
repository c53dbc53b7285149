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

const LISTED: &str = r#"<script type="application/ld+json">[
    {"@type":"NewsArticle","headline":"첫 기사","articleBody":"비가 온다고 밝혔다.","url":"https://a.example/1"},
    {"@type":"NewsArticle","headline":"둘째 기사","articleBody":"눈이 온다고 밝혔다.","mainEntityOfPage":{"@id":"https://a.example/2"}}]</script>"#;

#[test]
fn of_several_articles_the_one_of_the_page_is_taken() {
    let page = format!(
        r#"<html><head><link rel="canonical" href="http://www.a.example/2">{LISTED}</head><body></body></html>"#
    );
    assert_eq!(read(&page).title, "둘째 기사");
    assert!(list_of_articles(page.as_bytes()).is_empty());
    // A list has no article of its own.
    let list = format!(
        r#"<html><head><link rel="canonical" href="https://a.example/list">{LISTED}</head><body></body></html>"#
    );
    let urls: Vec<_> =
        list_of_articles(list.as_bytes()).into_iter().map(|fields| fields.get("url").cloned()).collect();
    assert_eq!(urls, [Some(Value::from("https://a.example/1")), Some(Value::from("https://a.example/2"))]);
    // Related articles come with their headlines only.
    let related = list.replace(r#""articleBody":"눈이 온다고 밝혔다.","#, "");
    assert!(list_of_articles(related.as_bytes()).is_empty());
}

#[test]
fn all_authors_are_reporters_and_outlets_are_none() {
    let of = |author: &str| {
        read(&format!(
            r#"<script type="application/ld+json">{{"@type":"NewsArticle","headline":"가람시에 비","articleBody":["비가 온다.","눈이 온다."],"author":{author}}}</script>"#
        ))
    };
    let article = of(r#"{"@type":"Person","name":["나한별","도가온"]}"#);
    assert_eq!(
        (article.reporters.join(","), article.body.as_str()),
        ("나한별,도가온".to_owned(), "비가 온다.\n눈이 온다.")
    );
    let article =
        of(r#"[{"@type":"Organization","name":"가람미디어"},{"@type":"Person","name":"나한별 기자"}]"#);
    assert_eq!(
        (article.reporters.join(","), article.outlet.as_deref()),
        ("나한별".to_owned(), Some("가람미디어"))
    );

    let meta = |content: &str| {
        read(&format!(
            r#"<meta property="og:title" content="가람시에 비가 온다">{content}<article><p>가람시에 비가 온다고 기상청이 5일 밝혔다. 우산이 있어야 한다.</p></article>"#
        ))
    };
    let article = meta(r#"<meta name="author" content="나한별"><meta name="author" content="도가온">"#);
    assert_eq!(article.reporters, ["나한별", "도가온"]);
    let article = meta(r#"<meta property="og:article:author" content="새벽신문 | 네이버">"#);
    assert_eq!((article.reporters.len(), article.outlet.as_deref()), (0, Some("새벽신문")));
}

#[test]
fn microdata_is_read() {
    let article = read(
        r#"<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="mainEntityOfPage" content="https://a.example/9">
        <h1 itemprop="headline">비 온다</h1><span itemprop="author" itemscope><span itemprop="name">나한별</span></span>
        <time itemprop="datePublished" datetime="2026-03-05T15:05:00+09:00">3월 5일</time><meta itemprop="articleSection" content="사회">
        <div itemprop="publisher"><meta itemprop="name" content="가람일보"></div>
        <div itemprop="articleBody"><p>가람시에 비가 온다고 기상청이 5일 밝혔다.</p><p>우산을 들어야 한다고 덧붙였다.</p></div>
        <div itemprop="comment"><span itemprop="author"><span itemprop="name">독자</span></span></div></div>"#,
    );
    assert_eq!(article.title, "비 온다");
    assert_eq!(
        (article.reporters.join(","), article.outlet.as_deref()),
        ("나한별".to_owned(), Some("가람일보"))
    );
    assert_eq!(
        (article.section.as_deref(), article.url.as_deref()),
        (Some("사회"), Some("https://a.example/9"))
    );
    assert_eq!(article.published_at.unwrap().to_string(), "2026-03-05T15:05:00+09:00");
}

#[test]
fn a_short_title_is_no_part_of_the_story() {
    let page = |title: &str, body: &str| {
        format!(
            r#"<html><head><title>{title} | 새벽신문</title><meta property="og:title" content="{title}"></head><body><article><p>{body}</p></article></body></html>"#
        )
    };
    let story = "5번 가람시에 비가 온다고 기상청이 5일 밝혔다. 우산이 있어야 한다.";
    let article = read(&page("IMF", story));
    assert_eq!((article.title.as_str(), article.body.as_str()), ("IMF", story));
    assert_eq!(read(&page("가람시에 비가 온다", "")).body, "");
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
