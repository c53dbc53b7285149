//! Promise: what is no article does not become one, many do not become one, and no value comes under the name of another. What was taken, from
//! where, and what was not, is in the report.

use std::io::Write as _;

use gisa::ingest::{Field, SkipRule};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::reading::read;

const STORY: &str = "달그림시가 다음 달부터 도서관 문을 밤까지 연다고 5일 밝혔다. 책은 열 권까지 빌린다.";
const OTHER: &str = "너울시의회가 새 조례를 통과시켰다. 상인들은 반발했다.";

/// The one refusal of a file that gives nothing.
fn refusal(name: &str, content: &[u8]) -> String {
    let (articles, report, refused) = read(name, content);
    assert!(articles.is_empty() && report.needs_a_look(), "{name}: {articles:?}");
    let [refusal] = refused.as_slice() else { panic!("{name}: {refused:?}") };
    refusal.clone()
}

/// The titles and stories of a file in which nothing is refused.
fn told(name: &str, content: &[u8]) -> Vec<(String, String)> {
    let (articles, _, refused) = read(name, content);
    assert_eq!(refused, Vec::<String>::new(), "{name}");
    articles.into_iter().map(|article| (article.title, article.body)).collect()
}

fn page(title: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>")
}

#[test]
fn fronts_results_errors_and_logins_are_no_articles() {
    let teaser =
        |title: &str| format!("<article><h3><a href=\"/1\">{title}</a></h3><p>{STORY}</p></article>");
    let teasers: String =
        ["달그림시 도서관, 밤에도", "너울시의회 조례 통과", "한빛수계 보 철거한다"].map(teaser).concat();
    for (title, body, word) in [
        ("사회 - 가람일보", teasers.as_str(), "a list of 3 articles"),
        ("'도서관' 검색결과", teasers.as_str(), "feed (RSS)"),
        ("404 Not Found", "<h1>404 Not Found</h1><hr>nginx", "404 Not Found"),
        ("가람일보", "<p>요청하신 페이지를 찾을 수 없습니다.</p>", "error or a login"),
        ("로그인 - 가람일보", "<input type=\"password\">", "error or a login"),
    ] {
        let said = refusal("a.html", page(title, body).as_bytes());
        assert!(said.contains(word) && said.starts_with("unknown_format"), "{title}: {said}");
    }
    let article = format!("<h1>달그림시 도서관, 밤에도 연다</h1><p>{STORY}</p><p>{OTHER}</p>{teasers}");
    assert_eq!(told("a.html", page("달그림시 도서관, 밤에도 연다", &article).as_bytes()).len(), 1);
}

#[test]
fn tables_that_were_joined_keep_each_its_columns() {
    let joined = format!(
        "제목,본문,언론사\n달그림시 도서관,\"{STORY}\",가람일보\n제목,본문,언론사\n둘째,\"{OTHER}\",가람일보\n언론사,날짜,제목,본문\n너울경제,2031-05-05,셋째,\"{OTHER}\"\n\
         title;body;press\n넷째;{STORY}, 그리고, 끝.;가람일보\n가람일보;다섯째\n"
    );
    let (articles, report, refused) = read("joined.csv", joined.as_bytes());
    let found: Vec<(&str, Option<&str>)> =
        articles.iter().map(|article| (article.title.as_str(), article.outlet.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("달그림시 도서관", Some("가람일보")),
            ("둘째", Some("가람일보")),
            ("셋째", Some("너울경제")),
            ("넷째", Some("가람일보"))
        ]
    );
    assert!(articles.iter().all(|article| article.body.ends_with('.')), "{articles:?}");
    assert_eq!(report.skipped_by.get(&SkipRule::ExportHeader), Some(&3));
    assert!(refused.len() == 1 && refused[0].starts_with("line 9"), "{refused:?}");
}

#[test]
fn a_key_that_is_given_twice_is_in_the_report() {
    let lines = [
        format!("{{\"id\":\"a\",\"title\":\"첫 제목\",\"title\":\"둘째 제목\",\"body\":\"{STORY}\"}}"),
        format!("{{\"id\":\"b\",\"title\":\"제목\",\"body\":\"{STORY}\",\"body\":\"\"}}"),
    ];
    let (articles, report, _) = read("a.jsonl", lines.join("\n").as_bytes());
    assert_eq!((articles[0].title.as_str(), articles[1].body.as_str()), ("둘째 제목", STORY));
    assert_eq!(articles[0].extra["title_others"], json!(["첫 제목"]));
    assert_eq!(report.unused, ["title_others"]);
}

#[test]
fn many_stories_in_a_text_are_never_one() {
    for (between, head) in [
        ("\n-----\n", ""),
        ("\n\n=====\n\n", "2031-05-05\n"),
        ("\n\u{c}\n", ""),
        ("\n***\n", ""),
        ("\n===== 2 =====\n", ""),
    ] {
        let text = format!("도서관 소식\n{head}{STORY}\n{between}조례 소식\n{head}{OTHER}\n");
        let said = refusal("a.txt", text.as_bytes());
        assert!(said.contains("several stories") && said.contains(".jsonl"), "{between:?}: {said}");
    }
    let mail = format!(
        "Return-Path: <a@post.example>\nReceived: from mx.example\n\tby post.example\nFrom: a@post.example\nSubject: =?utf-8?B?6rCA?=\nDate: Mon, 5 May 2031\n\n{STORY}\n"
    );
    assert!(refusal("mail.eml", mail.as_bytes()).contains("saved mails"));
    for name in ["mail.txt", "mail.dat", "mail"] {
        assert!(refusal(name, mail.as_bytes()).contains("mail"), "{name}");
    }
    let story = |title: &str, text: &str| {
        format!("---\ntitle: \"{title}\"\ndate: 2031-05-05 09:00\npress: 가람일보\n---\n\n{text}\n\n")
    };
    let both = story("도서관: 밤에도", STORY) + &story("조례 통과", OTHER);
    for name in ["posts.md", "posts.txt", "posts"] {
        let (articles, report, refused) = read(name, both.as_bytes());
        assert_eq!(refused, Vec::<String>::new(), "{name}");
        let titles: Vec<&str> = articles.iter().map(|article| article.title.as_str()).collect();
        assert_eq!((titles, articles[1].body.as_str()), (vec!["도서관: 밤에도", "조례 통과"], OTHER));
        assert_eq!(articles[0].published_at.unwrap().to_string(), "2031-05-05T09:00:00+09:00");
        assert_eq!(report.fields.get(&Field::Outlet).map(String::as_str), Some("press"));
    }
    assert!(
        refusal("plain.md", format!("# 도서관\n\n{STORY}\n").as_bytes()).contains("between lines of ---")
    );
}

/// Keys that systems of newsrooms, crawlers and researchers give their exports: of id, title, story, address and outlet.
const EXPORTS: [[&str; 5]; 20] = [
    ["articleId", "title", "contents", "articleUrl", "pressName"],
    ["art_id", "art_title", "art_content", "art_url", "media_name"],
    ["newsId", "newsTitle", "newsContent", "newsUrl", "mediaName"],
    ["news_id", "title", "content", "provider_link_page", "provider"],
    ["contid", "headline", "body", "link_url", "press"],
    ["arcid", "title", "text", "permalink", "source"],
    ["doc_id", "doc_title", "fulltext", "canonical_url", "publisher.name"],
    ["docid", "subject", "content", "originallink", "매체"],
    ["guid", "title", "content:encoded", "link", "siteName"],
    ["기사번호", "기사제목", "기사본문", "기사URL", "언론사"],
    ["뉴스 식별자", "제목", "본문", "URL", "언론사명"],
    ["기사ID", "제목", "내용", "원문링크", "매체명"],
    ["문서번호", "제목", "전문", "링크주소", "신문사"],
    ["콘텐츠ID", "헤드라인", "뉴스본문", "뉴스링크", "출처"],
    ["article_no", "article_title", "article_body", "page_url", "publisher_name"],
    ["idxno", "title", "content", "webUrl", "cp_name"],
    ["wr_id", "wr_subject", "wr_content", "share_url", "언론매체"],
    ["post_id", "post_title", "post_content", "post_url", "site_name"],
    ["uuid", "headline", "maintext", "url", "source_name"],
    ["storyId", "title", "story", "detail-url", "news_agency"],
];

#[test]
fn names_of_real_exports_are_known() {
    for [id, title, body, url, outlet] in EXPORTS {
        let record = |with_url: bool| -> Value {
            let mut record =
                json!({id: "0110-7", title: "도서관, 밤에도 연다", body: STORY, outlet: "가람일보"});
            if with_url {
                record[url] = json!("https://garam.example/news/7");
            }
            record
        };
        let (articles, report, refused) = read("a.jsonl", record(true).to_string().as_bytes());
        assert_eq!(refused, Vec::<String>::new(), "{id}");
        let article = &articles[0];
        assert_eq!((article.title.as_str(), article.body.as_str()), ("도서관, 밤에도 연다", STORY), "{id}");
        assert_eq!(article.outlet.as_deref(), Some("가람일보"), "{outlet}");
        assert_eq!(article.url.as_deref(), Some("https://garam.example/news/7"), "{url}");
        assert_eq!(report.fields.get(&Field::Url).map(String::as_str), Some(url));
        // Without an address the id of the export is that of the article, in a table too.
        let row = record(false);
        let (names, cells): (Vec<String>, Vec<String>) = row
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()))
            .unzip();
        let table = format!("{}\n\"{}\"\n", names.join(","), cells.join("\",\""));
        let (articles, _, _) = read("a.csv", table.as_bytes());
        assert_eq!(articles[0].id.as_str(), "0110-7", "{id}");
    }
}

#[test]
fn records_are_read_in_the_forms_of_databases_and_archives_are_named() {
    let solr = format!(
        "<add><doc><field name=\"title\">도서관 소식</field><field name=\"body\">{STORY}</field></doc></add>"
    );
    let admin = format!(
        "<?xml version=\"1.0\"?><pma_xml_export><database><table name=\"news\"><column name=\"title\">도서관 소식</column><column name=\"content\">{STORY}</column></table></database></pma_xml_export>"
    );
    let split =
        json!({"columns": ["title", "body"], "index": [0], "data": [["도서관 소식", STORY]]}).to_string();
    for (name, content) in [("solr.xml", &solr), ("admin.xml", &admin), ("split.json", &split)] {
        assert_eq!(told(name, content.as_bytes()), [("도서관 소식".to_owned(), STORY.to_owned())], "{name}");
    }
    let sitemap = "<urlset><url><loc>https://garam.example/1</loc></url><url><loc>https://garam.example/2</loc></url></urlset>";
    assert!(refusal("sitemap.xml", sitemap.as_bytes()).contains("addresses and no text"));
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("a.jsonl", SimpleFileOptions::default()).unwrap();
    archive.write_all(solr.as_bytes()).unwrap();
    let zipped = archive.finish().unwrap().into_inner();
    let tar = [&[b'a'; 257][..], b"ustar\x0000", &[0; 2048]].concat();
    for (name, content) in [
        ("a.zip", zipped.as_slice()),
        ("a.jsonl", &zipped),
        ("a.tar", &tar),
        ("a.tar.gz", &tar),
        ("a.tgz", &tar),
        ("a.json", &tar),
    ] {
        assert!(refusal(name, content).contains("unpack it"), "{name}");
    }
}

#[test]
fn cells_of_a_sheet_in_html_are_what_they_show_and_lead_to() {
    let sheet = format!(
        "<html><body><table><tr><th>언론사</th><th>제목</th><th>본문</th><th>링크</th></tr>\
         <tr><td rowspan=\"2\">가람일보</td><td>도서관 소식</td><td>{STORY}</td><td><a href=\"https://garam.example/1\">기사보기</a></td></tr>\
         <tr><td>조례 소식</td><td>{OTHER}</td><td>기사보기</td></tr></table></body></html>"
    );
    let (articles, report, refused) = read("portal.xls", sheet.as_bytes());
    assert_eq!(refused, Vec::<String>::new());
    assert_eq!((articles[1].title.as_str(), articles[1].outlet.as_deref()), ("조례 소식", Some("가람일보")));
    assert_eq!(
        (articles[0].url.as_deref(), articles[1].url.as_deref()),
        (Some("https://garam.example/1"), None)
    );
    // What is no address is kept, and counted.
    assert_eq!(articles[1].extra["링크"], "기사보기");
    assert_eq!(report.unread.get(&Field::Url), Some(&1));
}
