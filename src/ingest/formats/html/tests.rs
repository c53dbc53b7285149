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

#[test]
fn a_short_lead_under_a_short_headline_stays() {
    let lead = "국방부가 5일 인사를 냈다.";
    let rest = "김하늘 국장이 실장으로 자리를 옮기고 이바다 과장이 국장이 된다고 국방부는 밝혔다.";
    for title in ["[인사] 국방부", "바로잡습니다", "내일의 날씨", "IMF", "날씨", "비가 온다."]
    {
        let head =
            format!(r#"<title>{title} - 새벽신문</title><meta property="og:title" content="{title}">"#);
        for (at, story) in [
            format!("<h1>{title}</h1><article><p>{lead}</p><p>{rest}</p></article>"),
            format!(
                "<article><h1>{title}</h1><p>입력 2024.03.05 15:12</p><p>{lead}</p><p>{rest}</p></article>"
            ),
            format!(r#"<nav>정치</nav><h2>{title}</h2><div id="articleBody">{lead}<br><br>{rest}</div>"#),
            format!(r#"<div itemprop="articleBody"><p>{lead}</p><p>{rest}</p></div>"#),
            format!("<h1>{title}</h1><div>2024.03.05 15:12</div><div><p>{lead}</p><p>{rest}</p></div>"),
            format!("<div><p>{lead}</p><p>{rest}</p></div>"),
        ]
        .iter()
        .enumerate()
        {
            let article = read(&format!("<html><head>{head}</head><body>{story}</body></html>"));
            assert_eq!(article.body, format!("{lead}\n{rest}"), "{title} {at}");
            assert_eq!(article.title, title);
        }
    }
    // A subheading between a short headline and the date, and a line of the story that is the headline once more.
    let article = read(&format!(
        r#"<meta property="og:title" content="[인사] 국방부"><article><p>국장 두 사람이 자리를 바꿨다</p><p>입력 2024.03.05 15:12</p><p>{lead}</p><p>{rest}</p></article>"#
    ));
    assert_eq!(article.body, format!("국장 두 사람이 자리를 바꿨다\n{lead}\n{rest}"));
}

const ASIDE: &str = r#"<div class="u_cbox"><b>가람이</b><p>정말 잘 읽었습니다. 좋은 기사네요.</p></div>
    <section class="rank"><h3>많이 본 기사</h3><ul><li><a href="/1">가람시 버스 파업 닷새째, 시민들 발 묶였다</a></li>
    <li><a href="/2">코스피 3000 무너졌다</a></li></ul></section>"#;

#[test]
fn a_marked_place_holds_the_story_however_short() {
    let story = "가람시 청사에서 5일 불이 났으나 곧 꺼졌다.";
    for place in [
        r#"article id="dic_area""#,
        r#"div id="articleBody""#,
        r#"div id="article-view-content-div""#,
        r#"section itemprop="articleBody""#,
        r#"div class="news_body""#,
        "article",
    ] {
        let element = place.split(' ').next().unwrap();
        let article = read(&format!(
            r#"<meta property="og:title" content="가람시 청사에서 불"><h1>가람시 청사에서 불</h1><{place}><p>{story}</p></{element}>{ASIDE}"#
        ));
        assert_eq!(article.body, story, "{place}");
    }
    // A list of appointments has no sentence.
    let list = read(&format!(
        r#"<meta property="og:title" content="[인사] 가람시"><div id="articleBody"><p>▲국장 김하늘 ▲과장 이바다</p></div>{ASIDE}"#
    ));
    assert_eq!(list.body, "▲국장 김하늘 ▲과장 이바다");
}

#[test]
fn what_only_seems_to_hold_the_story_hides_none() {
    let story =
        "가람시 청사에서 5일 오후 3시께 불이 났으나 20분 만에 꺼졌다고 소방 당국이 밝혔다. 다친 사람은 없다.";
    for other in [
        r#"<div id="articleBody"></div>"#,
        r#"<div id="articleBody"><p>광고</p></div>"#,
        r#"<div id="articleBody"><p>기사 본문 영역</p></div>"#,
        r#"<div class="news_body"><p>관련 기사를 읽어 보자.</p></div>"#,
        "<article><p>관련 기사를 읽어 보자.</p></article>",
        "<article><p>눈이 온다.</p></article><article><p>비가 온다.</p></article>",
    ] {
        let article = read(&format!(
            r#"<meta property="og:title" content="가람시 청사에서 불"><h1>가람시 청사에서 불</h1><div><p>{story}</p></div>{other}"#
        ));
        assert!(article.body.contains(story), "{other}: {}", article.body);
    }
    // The property marks the lead only.
    let more = "경찰과 소방 당국은 불이 난 까닭을 조사하고 있다. 피해액은 1억원으로 추정된다고 시는 밝혔다.";
    let article = read(&format!(
        r#"<meta property="og:title" content="가람시 청사에서 불"><article><p itemprop="articleBody">불이 났다.</p><p>{story}</p><p>{more}</p></article>"#
    ));
    assert_eq!(article.body, format!("불이 났다.\n{story}\n{more}"));
}

#[test]
fn what_follows_the_story_in_its_article_stays_out() {
    let story = "가람시가 다음 달 1일부터 수상버스를 시범 운항한다고 5일 밝혔다. 요금은 1천500원이다.";
    for body in [
        format!(r#"<section itemprop="articleBody"><p>{story}</p></section>"#),
        format!(r#"<div id="articleBody"><p>{story}</p></div>"#),
        format!(r#"<div class="article_txt"><p>{story}</p></div>"#),
    ] {
        let article = read(&format!(
            r#"<meta property="og:title" content="수상버스가 다닌다"><article><h1>수상버스가 다닌다</h1><p class="lead">출퇴근 시간에 다니는 배다.</p>
            {body}<p>나한별 기자 nah@a.example</p><p>이런 기사도 있다. 버스가 멈췄다.</p></article>"#
        ));
        assert_eq!(article.body, format!("출퇴근 시간에 다니는 배다.\n{story}"), "{body}");
        assert_eq!(article.reporters, ["나한별"]);
    }
}

#[test]
fn lists_of_links_in_a_story_are_none_of_it() {
    let (first, last) = (
        "가람시가 다음 달 1일부터 수상버스를 시범 운항한다고 5일 밝혔다.",
        "요금은 1천500원이고 시간은 아침 7시부터라고 시는 밝혔다.",
    );
    let with = |list: &str| {
        read(&format!(
            r#"<meta property="og:title" content="수상버스가 다닌다"><article><p>{first}</p>{list}<p>{last}</p></article>"#
        ))
        .body
    };
    for list in [
        r#"<ul class="relation_list"><li><a href="/9">가람시 예산안 통과</a></li><li><a href="/8">"위험하다" 시민단체 반발</a></li></ul>"#,
        r#"<ol><li>1. <a href="/9"><b>가람시 예산안 통과</b></a> | 2024.03.05<li><a href="/8">시민단체 반발</a></ol>"#,
        r#"<ul><li>관련기사</li><li><a href="/9">가람시 예산안 통과</a></li></ul>"#,
    ] {
        assert_eq!(with(list), format!("{first}\n{last}"), "{list}");
    }
    for (list, kept) in [
        ("<ul><li>요금 1천500원</li><li>하루 20번</li></ul>", "요금 1천500원\n하루 20번"),
        (
            r#"<ul><li><a href="/t">요금</a>은 1천500원</li><li><a href="/u">하루</a> 20번</li></ul>"#,
            "요금은 1천500원\n하루 20번",
        ),
        (
            r#"<ul><li><a href="/t">시는 안전하다고 밝혔다.</a></li><li><a href="/u">시민은 위험하다고 했다.</a></li></ul>"#,
            "시는 안전하다고 밝혔다.\n시민은 위험하다고 했다.",
        ),
    ] {
        assert_eq!(with(list), format!("{first}\n{kept}\n{last}"), "{list}");
    }
}

#[test]
fn an_address_between_paragraphs_of_a_page_stays() {
    for story in [
        "<p>신청은 아래 주소로 하면 된다고 시는 5일 공고에서 밝혔다.</p><p>apply@city.example</p><p>마감은 15일이다.</p>",
        "신청은 아래 주소로 하면 된다고 시는 5일 공고에서 밝혔다.<br>apply@city.example<br>마감은 15일이다.<br>나한별 기자<br>nah@a.example",
    ] {
        let article = read(&format!(
            r#"<meta property="og:title" content="이름을 공모한다"><article>{story}</article>"#
        ));
        assert_eq!(
            article.body,
            "신청은 아래 주소로 하면 된다고 시는 5일 공고에서 밝혔다.\napply@city.example\n마감은 15일이다."
        );
    }
}

#[test]
fn references_of_json_ld_are_followed() {
    let reading = |author: &str| {
        let page = format!(
            r##"<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[
            {{"@type":"WebPage","@id":"https://a.example/1"}},
            {{"@type":"NewsArticle","headline":"비가 온다","articleBody":"비가 온다고 밝혔다.","author":{author},"publisher":{{"@id":"#org"}},
              "keywords":["비"],"wordCount":3}},
            {{"@type":"Organization","@id":"#org","name":"가람일보"}}]}}</script>
            <script type="application/ld+json">[{{"@type":"Person","@id":"#p1","name":"나한별"}},{{"@type":"Person","@id":"#p2","name":"도가온 기자"}}]</script>"##
        );
        read_page(page.as_bytes(), "a.html", &OutletNames::default()).unwrap()
    };
    for (author, names) in [
        (r##"{"@id":"#p1"}"##, vec!["나한별"]),
        (r##"[{"@id":"#p2"},{"@type":"Person","@id":"#p1"}]"##, vec!["도가온", "나한별"]),
        (r##"[{"@id":"#p1"},{"name":"마루한"}]"##, vec!["나한별", "마루한"]),
    ] {
        let reading = reading(author);
        assert_eq!(reading.article.reporters, names, "{author}");
        assert_eq!(reading.article.outlet.as_deref(), Some("가람일보"));
        assert!(reading.unread.is_empty());
        assert_eq!(reading.unused, ["keywords", "wordCount"]);
    }
    // One that leads nowhere is counted.
    let lost = reading(r##"[{"@id":"#p1"},{"@id":"#p9"}]"##);
    assert_eq!(
        (lost.article.reporters.join(","), lost.unread.as_slice()),
        ("나한별".to_owned(), &[Field::Reporters][..])
    );
    // What refers to itself ends.
    assert!(reading(r##"{"@id":"#p9","name":{"@id":"#p9"}}"##).article.reporters.is_empty());
}

#[test]
fn the_main_entity_of_a_page_is_its_article() {
    let article = read(
        r#"<script type="application/ld+json">{"@type":"WebPage","name":"가람일보","mainEntity":{"@type":"NewsArticle",
        "headline":"비가 온다","articleBody":"비가 온다고 밝혔다.","publisher":{"name":"가람일보"}}}</script>"#,
    );
    assert_eq!((article.title.as_str(), article.body.as_str()), ("비가 온다", "비가 온다고 밝혔다."));
    assert_eq!(article.outlet.as_deref(), Some("가람일보"));
}
