//! Exports and feeds, read by parsers of their own: CSV by the letter of RFC 4180, Atom by a strict XML parser and the rules
//! of RFC 4287.

use std::collections::HashSet;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::LazyLock;

use crate::newsroom::{self, Newsroom, TestServer, articles, with_query};
use roxmltree::{Document, Node};
use serde_json::{Value, json};

/// More than several batches.
const MANY: usize = 1_200;

static SERVER: LazyLock<TestServer> = LazyLock::new(|| {
    let mut all = articles();
    all.push(json!({"id": "=1+1", "title": "=HYPERLINK(\"https://evil.example\",\"눌러\")", "outlet": "+새벽신문", "section": "-사회",
        "reporters": ["@한서리", "문가람"], "published_at": "2022-01-01T00:00:00+09:00", "url": "https://news.example/a b?x=<\"&>",
        "body": "첫 문단의 \"따옴표\"와 쉼표, 그리고 <꺾쇠> & 앰퍼샌드.\n둘째 문단이다.\u{0}\u{8}\u{1b}"}));
    all.push(json!({"id": "script", "body": "제목이 없는 기사의 본문이다.", "url": "javascript:alert(1)"}));
    for number in 0..MANY {
        let day = 1 + number % 28;
        all.push(json!({"id": format!("many-{number:04}"), "title": format!("{number}번째 은하철도 소식"), "outlet": "하늘재방송",
            "published_at": format!("2021-03-{day:02}T12:00:00+09:00"), "body": "은하철도가 역에 섰다."}));
    }
    TestServer::start(&all)
});

/// Reads CSV as RFC 4180 §2 has it, and nothing more lenient: CRLF behind each record, quotes only around whole fields.
struct Rfc4180<'a> {
    text: Peekable<Chars<'a>>,
}

impl Rfc4180<'_> {
    fn read(text: &str) -> Vec<Vec<String>> {
        let mut reader = Rfc4180 { text: text.chars().peekable() };
        let mut records = Vec::new();
        while reader.text.peek().is_some() {
            records.push(reader.record());
        }
        let columns = records[0].len();
        assert!(records.iter().all(|record| record.len() == columns), "every record has as many fields");
        records
    }

    fn record(&mut self) -> Vec<String> {
        let mut fields = vec![self.field()];
        loop {
            match self.text.next() {
                Some(',') => fields.push(self.field()),
                Some('\r') => {
                    assert_eq!(self.text.next(), Some('\n'), "CR is followed by LF");
                    return fields;
                }
                other => panic!("behind a field stands {other:?}"),
            }
        }
    }

    fn field(&mut self) -> String {
        let mut field = String::new();
        if self.text.next_if_eq(&'"').is_none() {
            while let Some(c) = self.text.next_if(|c| !matches!(c, ',' | '\r' | '\n')) {
                assert_ne!(c, '"', "a quote in a field without quotes");
                field.push(c);
            }
            return field;
        }
        loop {
            match self.text.next() {
                Some('"') if self.text.next_if_eq(&'"').is_some() => field.push('"'),
                Some('"') => return field,
                Some(c) => field.push(c),
                None => panic!("a quote is never closed"),
            }
        }
    }
}

fn csv(parameters: &[(&str, &str)]) -> (newsroom::Answer, Vec<Vec<String>>) {
    let answer = SERVER.get(&with_query("/export.csv", parameters));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let text = answer.text.strip_prefix('\u{FEFF}').unwrap().to_owned();
    assert!(!text.contains('\u{FEFF}'));
    let records = Rfc4180::read(&text);
    (answer, records)
}

/// All ids of a search in order.
fn searched(parameters: &[(&str, &str)]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let mut cursor = String::new();
    loop {
        let mut parameters = [parameters, &[("size", "100"), ("highlight", "false")]].concat();
        if !cursor.is_empty() {
            parameters.push(("cursor", &cursor));
        }
        let answer = SERVER.search(&parameters);
        ids.extend(
            answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()),
        );
        match answer["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return ids,
        }
    }
}

#[test]
fn an_export_is_the_whole_search_in_its_order() {
    for parameters in [
        vec![],
        vec![("q", "은하철도"), ("sort", "oldest")],
        vec![("q", "은하철도 소식")],
        vec![("q", "자전거"), ("outlet", "새벽신문")],
        vec![("q", "쿼크플라즈마")],
    ] {
        let (answer, records) = csv(&parameters);
        let ids: Vec<&String> = records[1..].iter().map(|record| &record[0]).collect();
        let mut expected = searched(&parameters);
        // The one id that a spreadsheet would compute.
        for id in &mut expected {
            if id == "=1+1" {
                id.insert(0, '\'');
            }
        }
        assert_eq!(ids, expected.iter().collect::<Vec<_>>(), "{parameters:?}");
        assert_eq!(answer.header("x-total-count"), expected.len().to_string());
        assert_eq!((answer.header("x-truncated"), answer.header("x-next-cursor")), ("false", ""));
        assert!(answer.header("content-type").starts_with("text/csv; charset=utf-8"));
        let disposition = answer.header("content-disposition");
        assert!(disposition.starts_with("attachment; filename=\"gisa-20") && disposition.ends_with(".csv\""));
    }
}

#[test]
fn cells_are_what_is_stored_and_compute_nothing() {
    let (_, records) = csv(&[
        ("columns", "title,id,outlet,section,reporters,url,body,published_at"),
        ("to", "2022-01-01"),
        ("from", "2022-01-01"),
    ]);
    assert_eq!(records[0], ["title", "id", "outlet", "section", "reporters", "url", "body", "published_at"]);
    let stored = SERVER.json("/api/articles/=1%2B1");
    let cell = |field: &str| stored[field].as_str().unwrap_or_default().to_owned();
    let guarded = |text: String| format!("'{text}");
    assert_eq!(
        records[1..],
        [vec![
            guarded(cell("title")),
            guarded(cell("id")),
            guarded(cell("outlet")),
            guarded(cell("section")),
            guarded("@한서리; 문가람".to_owned()),
            cell("url"),
            cell("body"),
            "2022-01-01T00:00:00+09:00".to_owned(),
        ]]
    );
    assert!(cell("body").contains("\"따옴표\"") && cell("body").contains('\n'));
    let (_, all) = csv(&[("columns", "id,title,outlet,section,reporters,url,body,published_at")]);
    for text in all[1..].iter().flatten() {
        assert!(!text.starts_with(['=', '+', '-', '@']), "{text}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[test]
fn a_cut_export_says_so_and_goes_on() {
    let (answer, first) = csv(&[("q", "은하철도"), ("size", "700")]);
    assert_eq!((answer.header("x-total-count"), answer.header("x-truncated")), ("1200", "true"));
    let cursor = answer.header("x-next-cursor").to_owned();
    let (answer, second) = csv(&[("q", "은하철도"), ("size", "700"), ("cursor", &cursor)]);
    assert_eq!(answer.header("x-truncated"), "false");
    let ids: Vec<&str> = first[1..].iter().chain(&second[1..]).map(|record| record[0].as_str()).collect();
    assert_eq!(ids, searched(&[("q", "은하철도")]));
    let (_, page) = csv(&[("q", "은하철도"), ("size", "700"), ("page", "2")]);
    assert_eq!(page, second);
    let (_, none) = csv(&[("size", "0")]);
    assert_eq!(none.len(), 1, "only the names of the columns");
}

#[test]
fn a_table_for_people_has_korean_heads_and_times() {
    let (answer, records) = csv(&[("for", "excel"), ("q", "자전거"), ("sort", "newest")]);
    assert_eq!(records[0], ["게재 일시", "언론사", "기자", "섹션", "제목", "본문 첫머리", "기사 주소"]);
    let answered = SERVER.search(&[("q", "자전거"), ("sort", "newest")]);
    let times: Vec<String> = answered["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| {
            hit["published_at"]
                .as_str()
                .unwrap_or_default()
                .chars()
                .take(19)
                .collect::<String>()
                .replace('T', " ")
        })
        .collect();
    assert_eq!(records[1..].iter().map(|record| record[0].clone()).collect::<Vec<_>>(), times);
    // The file is named after query and time, for those who keep several.
    let disposition = answer.header("content-disposition");
    assert!(
        disposition.contains("filename*=UTF-8''gisa%20%EC%9E%90%EC%A0%84%EA%B1%B0%2020"),
        "{disposition}"
    );
    // Columns as chosen, and nothing that a spreadsheet would compute.
    let (_, records) = csv(&[
        ("for", "excel"),
        ("columns", "title,published_at"),
        ("from", "2022-01-01"),
        ("to", "2022-01-01"),
    ]);
    assert_eq!(records[0], ["제목", "게재 일시"]);
    assert_eq!(records[1][1], "2022-01-01 00:00:00");
    assert!(records[1][0].starts_with("'="));
}

/// A file of a workbook.
fn part(workbook: &[u8], name: &str) -> String {
    use std::io::Read as _;

    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The cells of a workbook's sheet by rows: texts as they are, numbers as they are written.
fn rows(workbook: &[u8]) -> Vec<Vec<String>> {
    let sheet = part(workbook, "xl/worksheets/sheet1.xml");
    let document = Document::parse(&sheet).unwrap();
    assert!(!document.descendants().any(|node| node.tag_name().name() == "f"), "no formulas");
    let rows = document.descendants().filter(|node| node.tag_name().name() == "row");
    let cell = |cell: Node<'_, '_>| {
        let texts = cell.descendants().filter(|node| matches!(node.tag_name().name(), "t" | "v"));
        texts.filter_map(|node| node.text()).collect::<String>()
    };
    rows.map(|row| row.children().filter(|node| node.tag_name().name() == "c").map(cell).collect()).collect()
}

fn workbook(parameters: &[(&str, &str)]) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let answer = SERVER.request("GET", &with_query("/export.xlsx", parameters)).send().unwrap();
    assert_eq!(answer.status(), 200);
    (answer.headers().clone(), answer.bytes().unwrap().to_vec())
}

#[test]
fn a_workbook_is_the_whole_search_in_its_order() {
    for parameters in [
        vec![("q", "은하철도"), ("sort", "oldest")],
        vec![("q", "자전거")],
        vec![("q", "쿼크플라즈마")],
        vec![],
    ] {
        let (headers, file) = workbook(&[&parameters[..], &[("columns", "id,title")]].concat());
        assert_eq!(
            headers["content-type"],
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        );
        assert_eq!(headers["x-truncated"], "false");
        let rows = rows(&file);
        assert_eq!(rows[0], ["기사 번호", "제목"]);
        let ids: Vec<&str> = rows[1..].iter().map(|row| row[0].as_str()).collect();
        assert_eq!(
            ids,
            searched(&parameters),
            "{parameters:?}: text is text, without an apostrophe before it"
        );
        assert_eq!(headers["x-total-count"], ids.len().to_string());
    }
    let (headers, file) = workbook(&[("q", "은하철도"), ("size", "700"), ("columns", "id"), ("for", "data")]);
    assert_eq!((&headers["x-truncated"], rows(&file).len()), (&"true".parse().unwrap(), 701));
    assert_eq!(rows(&file)[0], ["id"]);
    let next = headers["x-next-cursor"].to_str().unwrap();
    let (_, rest) = workbook(&[("q", "은하철도"), ("size", "700"), ("columns", "id"), ("cursor", next)]);
    assert_eq!(rows(&rest).len(), 501);
}

#[test]
fn a_list_that_is_sent_becomes_a_workbook() {
    let ask = |body: &Value| {
        let answer = SERVER.request("POST", "/export.xlsx").json(body).send().unwrap();
        (answer.status().as_u16(), answer.headers().clone(), answer.bytes().unwrap().to_vec())
    };
    let (status, headers, file) = ask(&json!({"title": "스크랩", "articles": [
        {"folder": "기획", "title": "=1+1", "outlet": "새벽신문", "reporters": ["한서리", "문가람"], "note": "확인\u{0}할 것",
            "published_at": "2026-02-05T10:58:19+09:00", "url": "https://news.example/1", "id": "a-1"},
        {"title": "날짜 없는 기사", "published_at": "모름"},
    ]}));
    assert_eq!(status, 200);
    assert!(headers["content-disposition"].to_str().unwrap().contains("filename*=UTF-8"));
    assert_eq!(headers["cache-control"], "no-store");
    // Made in memory, it has its texts in one list, to which cells refer by number.
    let shared = part(&file, "xl/sharedStrings.xml");
    let shared = Document::parse(&shared).unwrap();
    let texts = shared.descendants().filter(|node| node.tag_name().name() == "si");
    let texts: Vec<&str> =
        texts.map(|node| node.descendants().find_map(|node| node.text()).unwrap_or_default()).collect();
    let text = |cell: &String| match cell.parse::<usize>() {
        Ok(number) => texts[number].to_owned(),
        Err(_) => cell.clone(),
    };
    let rows: Vec<Vec<String>> = rows(&file).iter().map(|row| row.iter().map(text).collect()).collect();
    assert_eq!(rows[0][..6], ["폴더", "게재 일시", "언론사", "기자", "섹션", "제목"]);
    let first = &rows[1];
    assert!(first.contains(&"=1+1".to_owned()) && first.contains(&"한서리; 문가람".to_owned()), "{first:?}");
    assert!(first.contains(&"확인할 것".to_owned()), "no control characters: {first:?}");
    // 5 February 2026, as Excel counts days.
    assert!(first.iter().any(|cell| cell.starts_with("46058.457")), "{first:?}");
    assert!(rows[2].contains(&"모름".to_owned()), "{:?}", rows[2]);
    let empty = json!({"articles": []});
    assert_eq!(ask(&empty).0, 200);
    let (status, ..) = ask(&json!({"articles": vec![json!({}); 20_001]}));
    assert_eq!(status, 413);
    let (status, ..) = ask(&json!({"articles": [{"titel": "오타"}]}));
    assert_eq!(status, 400, "what is not understood is not dropped in silence");
}

#[test]
fn a_workbook_has_times_and_says_what_it_cut() {
    let long = "긴 본문이다. ".repeat(6_000);
    let server = TestServer::start(&[
        json!({"id": "long", "title": "긴 기사", "body": long, "published_at": "2026-02-05T10:58:19+09:00"}),
        json!({"id": "undated", "title": "=날짜 없는 기사", "body": "짧다.\u{1b}[2J\n둘째 줄."}),
    ]);
    let path = "/export.xlsx?sort=newest&columns=published_at,title,body";
    let file = server.request("GET", path).send().unwrap().bytes().unwrap();
    let rows = rows(&file);
    // Days since 1899-12-30, and the part of the day.
    let number: f64 = rows[1][0].parse().unwrap();
    assert!((number - (46_058.0 + (10.0 * 3600.0 + 58.0 * 60.0 + 19.0) / 86_400.0)).abs() < 1e-6, "{number}");
    assert!(
        part(&file, "xl/styles.xml").contains("yyyy\\-mm\\-dd")
            || part(&file, "xl/styles.xml").contains("yyyy-mm-dd")
    );
    assert!(rows[1][2].ends_with("…(이하 잘림)") && rows[1][2].encode_utf16().count() <= 32_767);
    assert_eq!(rows[2][rows[2].len() - 2..], ["=날짜 없는 기사", "짧다.[2J\n둘째 줄."]);
}

#[test]
fn compressed_answers_come_whole() {
    use std::io::Read as _;

    for path in ["/export.csv?q=은하철도", "/feed.atom?q=은하철도"] {
        // Browsers take gzip; this client does not unpack it by itself, and fails where the answer breaks off.
        let answer = SERVER.request("GET", path).header("accept-encoding", "gzip").send().unwrap();
        assert_eq!(answer.headers()["content-encoding"], "gzip");
        let packed = answer.bytes().unwrap();
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&*packed).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, SERVER.get(path).text, "{path}");
    }
}

#[test]
fn wrong_parameters_are_refused_before_anything_is_sent() {
    for (path, code, parameter) in [
        ("/export.csv?column=id", "unknown_parameter", "column"),
        ("/export.csv?columns=id,desk", "bad_parameter", "columns"),
        ("/export.csv?columns=", "bad_parameter", "columns"),
        ("/export.csv?size=50001", "bad_parameter", "size"),
        ("/export.csv?size=50000&page=2", "page_window", "page"),
        ("/export.csv?group=same", "bad_parameter", "group"),
        ("/export.csv?for=word", "bad_parameter", "for"),
        ("/export.xlsx?for=word", "bad_parameter", "for"),
        ("/export.xlsx?columns=id,desk", "bad_parameter", "columns"),
        ("/export.xlsx?size=50001", "bad_parameter", "size"),
        ("/feed.atom?columns=id", "unknown_parameter", "columns"),
        ("/feed.atom?sort=date", "bad_parameter", "sort"),
        ("/feed.atom?cursor=x", "bad_cursor", "cursor"),
    ] {
        assert_eq!(SERVER.get(path).problem(400, code)["parameter"], parameter, "{path}");
    }
    // The search page's whole query string makes an export and a feed.
    let shown = "q=자전거&outlet=새벽신문&from=2023-01-01&to=2023-12-31&match=all&sort=newest&size=10&facets=outlet&group=similar&group_show=newest&highlight=true&snippets=1&snippet_size=80&explain=true";
    for path in ["/export.csv", "/feed.atom", "/export.xlsx"] {
        let answer = SERVER.request("GET", &format!("{path}?{shown}")).send().unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
}

const ATOM: &str = "http://www.w3.org/2005/Atom";

fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> Vec<Node<'a, 'a>> {
    node.children().filter(|child| child.has_tag_name((ATOM, name))).collect()
}

fn text<'a>(node: Node<'a, 'a>, name: &'static str) -> &'a str {
    let found = children(node, name);
    assert_eq!(found.len(), 1, "exactly one {name}");
    found[0].text().unwrap_or_default()
}

/// RFC 3339 as RFC 4287 §3.3 wants it: an upper case T, and Z or an offset.
fn assert_is_date(text: &str) {
    let date = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
    assert!(date.is_ok() && text.contains('T') && !text.contains('t'), "{text}");
}

fn assert_is_iri_reference(text: &str) {
    assert!(
        !text.is_empty() && !text.chars().any(|c| c.is_control() || " \"<>\\^`{|}".contains(c)),
        "{text}"
    );
}

/// Checks what RFC 4287 demands with MUST of the elements that gisa writes, and returns the entries' ids.
fn assert_is_valid_feed(text_of_feed: &str) -> Vec<String> {
    let document = Document::parse(text_of_feed).unwrap();
    let feed = document.root_element();
    assert!(feed.has_tag_name((ATOM, "feed")));
    assert!(text(feed, "id").starts_with("urn:gisa:feed:"));
    assert!(!text(feed, "title").is_empty());
    assert_is_date(text(feed, "updated"));
    assert_eq!(
        text(children(feed, "author")[0], "name"),
        "gisa",
        "entries without an author have the feed's"
    );
    let links = children(feed, "link");
    let relations: Vec<_> = links.iter().map(|link| link.attribute("rel").unwrap()).collect();
    assert_eq!(relations, ["self", "alternate"]);
    let mut ids = Vec::new();
    for entry in children(feed, "entry") {
        let id = text(entry, "id");
        assert!(id.starts_with("urn:gisa:article:"));
        assert_is_iri_reference(id);
        ids.push(id.to_owned());
        assert!(!text(entry, "title").is_empty(), "{id}");
        assert_is_date(text(entry, "updated"));
        for published in children(entry, "published") {
            assert_is_date(published.text().unwrap());
        }
        assert!(children(entry, "published").len() <= 1 && children(entry, "summary").len() <= 1);
        for author in children(entry, "author") {
            assert!(!text(author, "name").is_empty());
        }
        for category in children(entry, "category") {
            assert!(!category.attribute("term").unwrap().is_empty());
        }
        let alternates = children(entry, "link");
        assert_eq!(alternates.len(), 1, "one alternate link of a type");
        assert_eq!(alternates[0].attribute("rel"), Some("alternate"));
    }
    for link in feed.descendants().filter(|node| node.has_tag_name((ATOM, "link"))) {
        let address = link.attribute("href").unwrap();
        assert_is_iri_reference(address);
        let scheme = address.split(['/', '?']).next().unwrap();
        assert!(!scheme.contains(':') || scheme == "https:" || scheme == "http:", "{address}");
    }
    let elements = [
        "feed",
        "id",
        "title",
        "updated",
        "author",
        "name",
        "link",
        "generator",
        "entry",
        "published",
        "category",
        "summary",
    ];
    for node in feed.descendants().filter(Node::is_element) {
        assert_eq!(node.tag_name().namespace(), Some(ATOM));
        assert!(elements.contains(&node.tag_name().name()), "{:?}", node.tag_name());
    }
    let unique: HashSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "no entry twice");
    ids
}

#[test]
fn a_feed_is_valid_and_newest_first() {
    let answer = SERVER.get(&with_query("/feed.atom", &[("q", "자전거 도로")]));
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/atom+xml; charset=utf-8"));
    let ids = assert_is_valid_feed(&answer.text);
    assert_eq!(
        ids,
        ["urn:gisa:article:a%2F2", "urn:gisa:article:a%2F1"],
        "newest first, though there is a query"
    );

    let document = Document::parse(&answer.text).unwrap();
    let feed = document.root_element();
    assert_eq!(text(feed, "title"), "gisa: 자전거 도로");
    let itself = children(feed, "link")[0].attribute("href").unwrap();
    // Relative to its own address, it is found again.
    assert_eq!(SERVER.get(&format!("/{itself}")).text, answer.text);
    let entry = children(feed, "entry")[1];
    assert_eq!(text(entry, "title"), "시의회, 자전거 도로 예산 통과");
    assert_eq!(text(entry, "published"), "2023-06-09T16:53:00+09:00");
    assert_eq!(text(children(entry, "author")[0], "name"), "한서리");
    assert_eq!(children(entry, "link")[0].attribute("href"), Some("https://news.example/a/1"));
    let no_address = children(feed, "entry")[0];
    assert_eq!(children(no_address, "link")[0].attribute("href"), Some("./?article=a%2F2"));
    assert!(text(entry, "summary").starts_with("시의회가 자전거 도로를"));
}

#[test]
fn whatever_an_article_holds_the_feed_is_valid() {
    let answer = SERVER.get("/feed.atom?size=50000");
    let ids = assert_is_valid_feed(&answer.text);
    assert_eq!(ids.len(), MANY + 7);
    let document = Document::parse(&answer.text).unwrap();
    let entries = children(document.root_element(), "entry");
    let of = |id: &str| *entries.iter().find(|entry| text(**entry, "id").ends_with(id)).unwrap();
    let nasty = of("%3D1%2B1");
    assert_eq!(text(nasty, "title"), "=HYPERLINK(\"https://evil.example\",\"눌러\")");
    assert!(text(nasty, "summary").contains("<꺾쇠> & 앰퍼샌드"));
    assert_eq!(children(nasty, "link")[0].attribute("href"), Some("https://news.example/a%20b?x=%3C%22&%3E"));
    let script = of(":script");
    assert_eq!(
        children(script, "link")[0].attribute("href"),
        Some("./?article=script"),
        "no scripts as links"
    );
    assert_eq!(text(script, "title"), "제목이 없는 기사의 본문이다.");
    assert_eq!((text(script, "updated"), children(script, "published").len()), ("1970-01-01T00:00:00Z", 0));

    assert_eq!(assert_is_valid_feed(&SERVER.get("/feed.atom").text).len(), 50);
    assert_eq!(assert_is_valid_feed(&SERVER.get("/feed.atom?q=쿼크플라즈마").text).len(), 0);
}

#[test]
fn readers_that_have_it_are_told_so_until_the_index_changes() {
    let server = TestServer::start(&articles());
    let path = "/feed.atom?q=반도체";
    let feed = server.get(path);
    let tag = feed.header("etag").to_owned();
    assert!(tag.starts_with("W/\"") && feed.header("cache-control") == "no-cache");
    let again = || server.send(server.request("GET", path).header("if-none-match", &tag));
    let unchanged = again();
    assert_eq!(
        (unchanged.status, unchanged.text.as_str(), unchanged.header("etag")),
        (304, "", tag.as_str())
    );
    let other = server.request("GET", "/feed.atom?q=자전거").header("if-none-match", &tag);
    assert_eq!(server.send(other).status, 200);
    server.admin("POST", "/api/admin/reindex?follow=true");
    let changed = again();
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), tag);
    let id = |answer: &newsroom::Answer| {
        text(Document::parse(&answer.text).unwrap().root_element(), "id").to_owned()
    };
    assert_eq!(id(&changed), id(&feed), "a feed keeps its id");
}

#[test]
fn related_articles_are_hits_without_highlights() {
    let answer = SERVER.json("/api/articles/a%2F1/related?size=5");
    let hits: Vec<&Value> = answer["hits"].as_array().unwrap().iter().collect();
    assert_eq!(hits[0]["id"], "a/2", "{answer}");
    assert!(hits.iter().all(|hit| hit["id"] != "a/1" && hit.get("highlight").is_none()));
    assert!(hits[0]["score"].as_f64().unwrap() > 0.0 && hits[0]["outlet"] == "새벽신문");
    SERVER.get("/api/articles/none/related").problem(404, "article_not_found");
    SERVER.get("/api/articles/b-1/related?size=51").problem(400, "bad_parameter");
    SERVER.get("/api/articles/b-1/related?page=2").problem(400, "unknown_parameter");
    // 1,200 articles that say the same are one.
    let answer = SERVER.json("/api/articles/many-0007/related");
    assert_eq!(answer["hits"].as_array().unwrap().len(), 0, "{answer}");
}

#[test]
fn a_read_token_covers_exports_feeds_and_related_articles() {
    let server = TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.auth.read_token = "reader-token-0123456789".to_owned();
    });
    for path in ["/export.csv", "/feed.atom", "/api/articles/b-1/related"] {
        server.get(path).problem(401, "unauthorized");
        let allowed = server.request("GET", path).bearer_auth("reader-token-0123456789");
        assert_eq!(server.send(allowed).status, 200, "{path}");
    }
}
