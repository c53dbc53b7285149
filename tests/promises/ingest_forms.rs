//! Promise: what a file says in an unusual form is read as it is meant, and what is not read is in the report.

use serde_json::{Map, Value, json};

use crate::reading::read;

const FIRST: &str =
    "달그림시는 5일 새 도서관의 문을 밤 열 시까지 연다고 밝혔다. 공사는 지난해 10월 시작됐다.";
const SECOND: &str =
    "시 관계자는 \"밤에도 책을 읽는 사람이 늘었다\"고 말했다. 다음 달부터 주말에도 문을 연다.";

#[test]
fn a_page_without_a_title_keeps_its_first_line() {
    let page = format!("<p>{FIRST}</p><p>{SECOND}</p>");
    for page in [page.clone(), format!("<html><body>{page}</body></html>")] {
        let (articles, _, refused) = read("a.html", page.as_bytes());
        assert_eq!(refused, Vec::<String>::new());
        assert_eq!(
            (articles[0].title.as_str(), articles[0].body.as_str()),
            ("", format!("{FIRST}\n{SECOND}").as_str())
        );
    }
    let headed = format!("<div>도서관, 밤에도 연다</div><div>{FIRST}</div><div>{SECOND}</div>");
    let (articles, _, _) = read("a.html", headed.as_bytes());
    assert_eq!(articles[0].title, "도서관, 밤에도 연다");
    let short = format!("<html><body><h1>부고</h1><p>{FIRST}</p><p>{SECOND}</p></body></html>");
    let (articles, _, _) = read("a.html", short.as_bytes());
    assert_eq!((articles[0].title.as_str(), articles[0].body.contains("부고")), ("부고", false));
}

#[test]
fn comments_of_readers_are_not_the_story() {
    let page = format!(
        "<html><head><title>도서관, 밤에도 연다</title></head><body><div class=\"article\"><p>{FIRST}</p><p>{SECOND}</p></div>\
         <div class=\"comments\"><h3>댓글 2</h3><p>독자나무: 이 소식 정말 반갑네요. 저도 밤에 가겠습니다.</p></div></body></html>"
    );
    let (articles, _, _) = read("a.html", page.as_bytes());
    assert_eq!(articles[0].body, format!("{FIRST}\n{SECOND}"));
}

#[test]
fn json_ld_with_small_faults_is_read_and_another_one_is_named() {
    let page = |script: &str| {
        format!(
            "<html><head><title>도서관, 밤에도 연다</title><script type=\"application/ld+json\">{script}</script></head>\
             <body><article><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"
        )
    };
    let faults = r#"{"@type":"NewsArticle","headline":"도서관, \'밤에도\' 연다","datePublished":"2024-03-05T09:00:00+09:00",
        "author":[{"@type":"Person","name":"나한별"},],<!-- 끝 -->}"#;
    let (articles, _, _) = read("a.html", page(faults).as_bytes());
    assert_eq!(
        (articles[0].title.as_str(), articles[0].reporters.concat()),
        ("도서관, '밤에도' 연다", "나한별".to_owned())
    );
    assert!(articles[0].published_at.is_some());
    let (_, report, _) = read("a.html", page("{\"@type\": NewsArticle").as_bytes());
    assert!(report.unused.iter().any(|key| key.contains("JSON-LD")), "{report:?}");
}

#[test]
fn western_declarations_of_korean_files_are_not_believed() {
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss><channel><item><title>라틴 선언</title><description>{FIRST}</description></item></channel></rss>"
    );
    let page = format!(
        "<html><head><meta charset=\"iso-8859-1\"><title>라틴 선언</title></head><body><article><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"
    );
    for (name, text) in [("a.xml", feed), ("a.html", page)] {
        let bytes = encoding_rs::EUC_KR.encode(&text).0;
        let (articles, _, _) = read(name, &bytes);
        assert_eq!(
            (articles[0].title.as_str(), articles[0].body.contains("도서관")),
            ("라틴 선언", true),
            "{name}"
        );
    }
}

#[test]
fn names_of_files_do_not_decide_what_they_hold() {
    let line = json!({"title": "도서관, 밤에도 연다", "body": FIRST}).to_string();
    let long = format!("{}.jsonl", "가".repeat(81));
    for name in ["items.jl", "items.jsonlines", "news.jsonl.bak", "export.download", long.as_str()] {
        let (articles, _, refused) = read(name, line.as_bytes());
        assert_eq!((articles.len(), refused), (1, Vec::new()), "{name}");
    }
}

#[test]
fn tables_are_read_as_people_write_them() {
    let blanks = format!(
        "\"제목\", \"본문\", \"날짜\"\n\"도서관, 밤에도 연다\", \"{FIRST}\", \"2024-03-05\"\n\"가나\", \"첫 줄, \n둘째 줄이다.\", \"2024-03-06\"\n"
    );
    let (articles, _, refused) = read("a.csv", blanks.as_bytes());
    assert_eq!(refused, Vec::<String>::new());
    assert_eq!((articles[0].title.as_str(), articles[0].body.as_str()), ("도서관, 밤에도 연다", FIRST));
    assert_eq!(articles[1].body, "첫 줄,\n둘째 줄이다.");
    let remarks = format!("\"제목(Title)\",본문(Text),날짜\n도서관 소식,\"{FIRST}\",2024-03-05\n");
    let (articles, _, refused) = read("a.csv", remarks.as_bytes());
    assert_eq!(
        (articles[0].title.as_str(), articles[0].body.as_str(), refused),
        ("도서관 소식", FIRST, Vec::new())
    );
}

#[test]
fn an_article_keeps_a_bounded_part_of_what_nobody_knows() {
    let mut record: Map<String, Value> =
        (0..700).map(|number| (format!("k{number}"), json!(number))).collect();
    record.insert("title".to_owned(), json!("도서관 소식"));
    record.insert("body".to_owned(), json!(FIRST));
    record.insert("words".to_owned(), json!(vec![[0]; 20_000]));
    let (articles, report, _) = read("a.json", Value::Object(record).to_string().as_bytes());
    assert_eq!((articles[0].title.as_str(), articles[0].extra.len()), ("도서관 소식", 500));
    assert!(report.cut.iter().any(|key| key == "k500") && report.needs_a_look(), "{:?}", report.cut);
}
