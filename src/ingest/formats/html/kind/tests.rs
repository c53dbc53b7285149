use super::super::super::super::outlets::OutletNames;
use super::super::read_page;

fn read(html: &str) -> Result<String, String> {
    let outlets = OutletNames::parse("새벽신문\n").0;
    read_page(html.as_bytes(), "a.html", &outlets)
        .map(|reading| reading.article.title)
        .map_err(|refusal| refusal.detail)
}

const HEADLINES: [&str; 5] = [
    "가람시 도서관, 밤에도 연다",
    "너울시의회 새 조례 통과",
    "한빛수계 보 철거하기로",
    "온누리에 내일 비 온다",
    "달그림시 다리 놓는다",
];
const SUMMARY: &str = "다음 달부터 도서관 문을 밤까지 연다고 밝혔다. 책은 열 권까지 빌린다";

/// A page with `shape` once for each headline (`#`) and its number (`@`), under `head`.
fn list(head: &str, shape: &str) -> String {
    let items = HEADLINES.iter().enumerate();
    let items: String =
        items.map(|(at, text)| shape.replace('#', text).replace('@', &at.to_string())).collect();
    format!(
        "<html><head><title>사회 - 새벽신문</title>{head}</head><body><div id=\"wrap\">{items}</div></body></html>"
    )
}

#[test]
fn lists_of_articles_are_refused_with_what_to_do() {
    for shape in [
        format!("<article><h2><a href=\"/@\">#</a></h2><p>{SUMMARY}</p><span>2031.05.0@</span></article>"),
        format!(
            "<div class=\"item\"><a href=\"/@\"><img src=x></a><a href=\"/@\">#</a><p>{SUMMARY}...</p></div>"
        ),
        format!("<a href=\"/@\"><strong>#</strong><p>{SUMMARY}.</p><em>나한별 기자</em></a>"),
        format!(
            "<dl><dt><a href=\"/@\">#</a></dt><dd><a href=\"/@\">{SUMMARY}.</a></dd><dd>새벽신문 | 1시간 전</dd></dl>"
        ),
        format!("<li><h4><a href=\"/@\">#</a></h4><p class=\"lead\">{SUMMARY}…</p></li>"),
        format!("<table><tr><td><a href=\"/@\">#</a></td></tr><tr><td>{SUMMARY}.</td></tr></table>"),
    ] {
        let detail = read(&list("", &shape)).unwrap_err();
        assert!(detail.contains("a list of 5 articles") && detail.contains("RSS"), "{shape}: {detail}");
        // The results of a search have a heading of their own.
        let found = list("", &shape).replace("<div id", "<h1>'도서관' 검색결과 5건</h1><div id");
        assert!(read(&found).is_err(), "{shape}");
    }
    let links = "<ul><li><a href=\"/@\">#</a></li><li><a href=\"/@0\"># 이어서</a></li></ul>";
    assert!(read(&list("", links)).unwrap_err().contains("a list of 10 articles"));
    let plain = "<div><a href=\"/@\">#</a></div><div><a href=\"/@0\"># 이어서</a></div>";
    assert!(read(&list("", plain)).unwrap_err().contains("a list of 10 articles"));
    // What the page says of others in JSON-LD is not said of it.
    let described: Vec<String> = HEADLINES
        .iter()
        .map(|text| format!(r#"{{"@type":"NewsArticle","headline":"{text}","datePublished":"2031-05-01"}}"#))
        .collect();
    let script = format!("<script type=\"application/ld+json\">[{}]</script>", described.join(","));
    assert!(read(&list(&script, "<p>#</p>")).unwrap_err().contains("a list of 5 articles"));
}

#[test]
fn an_article_among_lists_is_one() {
    let teasers = |number: usize| -> String {
        let teaser = |text: &&str| format!("<div><a href=\"/x\">{text}</a><p>{SUMMARY}.</p></div>");
        HEADLINES.iter().take(number).map(teaser).collect()
    };
    let story = "<p>가람시는 5일 도서관 문을 밤까지 연다고 밝혔다. 책은 열 권까지 빌린다.</p><p>시장은 반겼다. 공사는 가을에 끝난다.</p>";
    let page = |head: &str, body: String| {
        format!(
            "<html><head><title>가람시 도서관, 밤에도 연다 - 새벽신문</title>{head}</head><body>{body}</body></html>"
        )
    };
    let published = r#"<meta property="article:published_time" content="2031-05-05T09:00:00+09:00">"#;
    for html in [
        // Below the story, and above it.
        page("", format!("<h1>가람시 도서관, 밤에도 연다</h1>{story}{}", teasers(5))),
        page("", format!("<h1>가람시 도서관, 밤에도 연다</h1>{}{story}{story}{story}", teasers(2))),
        // One that says that it is one, whatever its form.
        page(published, teasers(5)),
        page(r#"<meta property="og:type" content="article">"#, teasers(5)),
        page("", format!("<div id=\"articleBody\">{}</div>", teasers(5))),
        page(
            r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"가람시 도서관, 밤에도 연다"}</script>"#,
            teasers(5),
        ),
        // A picture with its caption among many links.
        page(
            "",
            format!(
                "<h1>[포토] 가람시 도서관의 밤</h1><p>5일 시민들이 책을 읽고 있다.</p>{}",
                "<div><a href=\"/1\">한빛수계 보 철거하기로</a></div>".repeat(20)
            ),
        ),
        page(
            "",
            format!(
                "<h1>[포토] 가람시 도서관의 밤 풍경</h1>{}",
                "<div><a href=\"/1\">한빛수계 보 철거하기로</a></div>".repeat(20)
            ),
        ),
        // Links inside of sentences.
        page(
            "",
            format!(
                "<h1>가람시 도서관, 밤에도 연다</h1>{}",
                "<p><a href=\"/1\">가람시 도서관 누리집</a>에서 신청하면 된다고 시는 밝혔다. 값은 없다.</p>"
                    .repeat(5)
            ),
        ),
    ] {
        assert!(read(&html).is_ok(), "{html}: {:?}", read(&html));
    }
}

#[test]
fn what_a_site_shows_in_place_of_an_article_is_refused() {
    let page = |title: &str, body: &str| {
        format!(
            "<html><head><title>{title}</title></head><body><div><a href=\"/\">새벽신문</a></div>{body}</body></html>"
        )
    };
    for (title, body) in [
        ("404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx</center>"),
        ("404 Not Found", "<h1>Not Found</h1><p>The requested URL /news/1 was not found on this server.</p>"),
        ("페이지를 찾을 수 없습니다", "<h1>죄송합니다.</h1><p>주소를 다시 확인해 주십시오.</p>"),
        (
            "새벽신문",
            "<h2>요청하신 페이지를 찾을 수 없습니다.</h2><p>방문하시려는 페이지의 주소가 잘못 입력되었거나 삭제되어 사용하실 수 없습니다.</p>",
        ),
        ("새벽신문", "<p>존재하지 않는 기사입니다.</p>"),
        ("새벽신문 :: 오류 안내", "<p>일시적인 오류가 발생했습니다. 잠시 뒤에 다시 찾아 주십시오.</p>"),
        (
            "로그인 | 새벽신문",
            "<form><input type=\"password\"></form><p>아이디와 비밀번호를 입력해 주십시오.</p>",
        ),
        (
            "회원 로그인 서비스",
            "<div><input name=\"id\"><input type=\"password\"></div><p>자동 로그인을 끄면 안전합니다.</p>",
        ),
        ("새벽신문", "<p>로그인이 필요한 서비스입니다.</p>"),
        ("503 Service Temporarily Unavailable", "<h1>503 Service Unavailable</h1>"),
        ("Just a moment...", "<p>Checking your browser before accessing the site.</p>"),
        ("Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access this page.</p>"),
        ("Error 404 (Not Found)!!1", "<p>That's an error.</p>"),
    ] {
        let detail = read(&page(title, body)).unwrap_err();
        assert!(detail.contains("in place of an article"), "{title}: {detail}");
    }
    let story = "<p>가람시는 5일 누리집의 로그인 오류를 고쳤다고 밝혔다. 나흘 동안 시민들은 '페이지를 찾을 수 없습니다'라는 말만 보았다.</p><p>시는 사과했다.</p>";
    for title in [
        "가람시 누리집 로그인 오류 나흘 만에 고쳐 - 새벽신문",
        "404 오류로 멈춘 가람시 누리집",
        "로그인 없이 읽는 책",
    ] {
        assert!(read(&page(title, story)).is_ok(), "{title}: {:?}", read(&page(title, story)));
    }
}

#[test]
fn a_page_that_a_script_fills_is_not_its_title() {
    let page = "<html><head><title>새벽신문</title></head><body><div id=\"root\"></div><noscript>JavaScript를 켜 주십시오.</noscript></body></html>";
    assert!(read(page).unwrap_err().contains("a script loads the rest"));
    let told = page.replace("</head>", "<meta property=\"og:title\" content=\"가람시 도서관\"></head>");
    assert_eq!(read(&told).as_deref(), Ok("가람시 도서관"));
}
