//! Promise: what is not quite right in a file costs what is wrong there, and the report says it. The rest comes in.

use std::fs;

use serde_json::{Value, json};

use crate::newsroom::{Newsroom, TOKEN, TestServer, articles};

/// The job of a reindex over these files, and the server that did it.
fn reindexed(files: &[(&str, &[u8])]) -> (TestServer, Value) {
    let newsroom = Newsroom::new(&articles());
    for (name, bytes) in files {
        fs::write(newsroom.articles_dir().join(name), bytes).unwrap();
    }
    let server = TestServer::start_with(newsroom, |_| {});
    let answer = server.admin("POST", "/api/admin/reindex");
    let id = answer.json()["job"]["id"].as_str().unwrap().to_owned();
    server.wait_for(&id);
    let job = server.admin("GET", &format!("/api/admin/jobs/{id}")).json()["job"].clone();
    (server, job)
}

fn file(job: &Value, name: &str) -> Value {
    let files = job["files"].as_array().unwrap();
    files.iter().find(|file| file["file"] == name).unwrap_or_else(|| panic!("{name} in {job}")).clone()
}

const STORY: &str = "달그림시가 다음 달부터 도서관 문을 밤까지 연다고 밝혔다.";

fn without_a_byte(text: &str, at: usize) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.remove(at);
    bytes
}

#[test]
fn ids_that_say_nothing_join_no_two_articles() {
    let line =
        |id: &str, title: &str| format!("{{\"id\":{id},\"title\":\"{title}\",\"body\":\"{STORY}\"}}\n");
    let lines = [
        line("null", "은빛 하나"),
        line("NaN", "은빛 둘"),
        line("\"nan\"", "은빛 셋"),
        line("\"\"", "은빛 넷"),
    ];
    let (server, job) = reindexed(&[("exported.jsonl", lines.concat().as_bytes())]);
    assert_eq!((&file(&job, "exported.jsonl")["articles"], &job["refused"]), (&json!(4), &json!(0)), "{job}");
    assert_eq!(server.search(&[("q", "은빛")])["total"], 4);
    // The same over HTTP.
    let lines = [line("null", "금빛 하나"), line("\"None\"", "금빛 둘")].concat();
    let request = server.request("POST", "/api/articles?refresh=true").bearer_auth(TOKEN).body(lines);
    let answer = server.send(request.header("content-type", "application/x-ndjson")).json();
    assert_eq!(answer["accepted"], 2, "{answer}");
    assert_eq!(server.search(&[("q", "금빛")])["total"], 2);
}

#[test]
fn a_broken_character_costs_a_row_or_itself() {
    let table = format!("제목,본문\n수달이 돌아왔다,{STORY}\n두루미도 왔다,{STORY}\n");
    let list = format!(
        "[{{\"title\":\"고라니 소식\",\"body\":\"{STORY}\"}},{{\"title\":\"담비 소식\",\"body\":\"{STORY}\"}}]"
    );
    let (server, job) = reindexed(&[
        ("table.csv", &without_a_byte(&table, table.find("두루미").unwrap() + 1)),
        ("list.json", &without_a_byte(&list, list.find("달그림").unwrap() + 1)),
    ]);
    let rows = file(&job, "table.csv");
    assert_eq!((&rows["articles"], &rows["refused_by"]), (&json!(1), &json!({"bad_encoding": 1})), "{rows}");
    assert_eq!(server.search(&[("q", "수달 도서관")])["total"], 1);
    let elements = file(&job, "list.json");
    assert_eq!((&elements["articles"], &elements["undecoded"]), (&json!(2), &json!(1)), "{elements}");
    assert_eq!(server.search(&[("q", "고라니")])["total"], 1);
}

#[test]
fn files_that_give_nothing_are_listed_first() {
    let old_mac = format!("제목,본문\r너구리 소식,{STORY}\r오소리 소식,{STORY}\r");
    let (server, job) = reindexed(&[
        ("names-only.csv", "제목,본문\n".as_bytes()),
        ("empty.jsonl", b""),
        ("mac.csv", old_mac.as_bytes()),
    ]);
    let files: Vec<&str> =
        job["files"].as_array().unwrap().iter().filter_map(|file| file["file"].as_str()).collect();
    assert_eq!(files[..2], ["empty.jsonl", "names-only.csv"], "{job}");
    assert_eq!(file(&job, "mac.csv")["articles"], 2, "{job}");
    assert_eq!(server.search(&[("q", "오소리 도서관")])["total"], 1);
}

#[test]
fn records_are_found_where_they_lie() {
    let article = |title: &str| format!("<article><title>{title}</title><body>{STORY}</body></article>");
    let xml = format!("<?xml version=\"1.0\"?><news>{}{}</news>", article("참새 하나"), article("참새 둘"));
    let columns =
        json!({"title": ["제비 하나", "제비 둘"], "body": [STORY, STORY], "press": ["가람일보", "너울경제"]});
    let feed = json!({"version": "https://jsonfeed.org/version/1.1", "title": "가람일보", "items": [
        {"id": "j1", "title": "까치 하나", "content_html": format!("<p>{STORY}</p>"), "date_published": "2026-03-05T15:05:00+09:00"},
        {"id": "j2", "title": "까치 둘", "content_text": STORY, "authors": [{"name": "나한별"}]},
    ]});
    let page = format!(
        "<html><body><table><tr><th>제목<th>본문</tr><tr><td>뻐꾸기 하나<td>{STORY}</tr></table></body></html>"
    );
    let (server, job) = reindexed(&[
        ("list.xml", xml.as_bytes()),
        ("columns.json", columns.to_string().as_bytes()),
        ("feed.json", feed.to_string().as_bytes()),
        ("portal.xls", page.as_bytes()),
    ]);
    assert_eq!(job["refused"], 0, "{job}");
    for (query, total) in [("참새", 2), ("제비", 2), ("까치", 2), ("뻐꾸기", 1)] {
        assert_eq!(server.search(&[("q", query)])["total"], total, "{query}: {job}");
    }
    let article = server.json("/api/articles/j2");
    assert_eq!((&article["body"], &article["reporters"]), (&json!(STORY), &json!(["나한별"])));
}

#[test]
fn comments_of_readers_are_not_kept() {
    let comment = "<wp:comment><wp:comment_author_email><![CDATA[reader@post.example]]></wp:comment_author_email></wp:comment>";
    let export = format!(
        "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><item><title>물총새 소식</title><link>https://a.example/?p=9</link>\
         <content:encoded>{STORY}</content:encoded><wp:status>publish</wp:status>{comment}</item></channel></rss>"
    );
    let (server, job) = reindexed(&[("export.xml", export.as_bytes())]);
    assert_eq!(file(&job, "export.xml")["skipped_by"], json!({"not_public": 1}), "{job}");
    let id = server.search(&[("q", "물총새")])["hits"][0]["id"].as_str().unwrap().to_owned();
    let article = server.json(&format!("/api/articles/{id}"));
    assert!(!article.to_string().contains("reader@post.example"), "{article}");
}

#[test]
fn drafts_of_any_format_are_passed_over_and_counted() {
    let article = |title: &str, key: &str, value: &str| {
        format!("{{\"title\":\"{title}\",\"body\":\"{STORY}\",\"{key}\":{value}}}\n")
    };
    let lines = [
        article("물총새 하나", "status", "\"draft\""),
        article("물총새 둘", "isDraft", "true"),
        article("물총새 셋", "post_status", "\"private\""),
        article("물총새 넷", "is_published", "false"),
        article("물총새 다섯", "status", "\"publish\""),
        article("물총새 여섯", "draft", "false"),
        article("물총새 일곱", "status", "\"active\""),
        article("물총새 여덟", "memo", "\"draft\""),
    ];
    let table = format!("제목,본문,임시저장\n딱따구리 하나,{STORY},Y\n딱따구리 둘,{STORY},N\n");
    let (server, job) =
        reindexed(&[("lines.jsonl", lines.concat().as_bytes()), ("table.csv", table.as_bytes())]);
    assert_eq!(file(&job, "lines.jsonl")["skipped_by"], json!({"not_published": 4}), "{job}");
    assert_eq!(file(&job, "table.csv")["skipped_by"], json!({"not_published": 1}), "{job}");
    for (query, total) in [("물총새", 4), ("물총새 하나", 0), ("딱따구리 하나", 0), ("딱따구리 둘", 1)]
    {
        assert_eq!(server.search(&[("q", query), ("match", "all")])["total"], total, "{query}");
    }
}

#[test]
fn of_several_outlets_and_addresses_the_others_stay_with_the_article() {
    let line = json!({"id": "several", "title": "원앙 소식", "body": STORY, "outlet": ["가람일보", "너울경제"], "section": ["사회", "지역"],
        "url": ["https://garam.example/news/1", "https://garam.example/m/1", null]});
    let (server, job) = reindexed(&[("lines.jsonl", line.to_string().as_bytes())]);
    let report = file(&job, "lines.jsonl");
    assert_eq!(report["unused"], json!(["outlet_others", "section_others", "url_others"]), "{report}");
    let article = server.json("/api/articles/several");
    assert_eq!(article["outlet"], "가람일보");
    assert_eq!(article["url_others"], json!(["https://garam.example/m/1"]), "{article}");
    assert_eq!(article["outlet_others"], json!(["너울경제"]));
}

#[test]
fn files_that_are_no_articles_say_so_whatever_their_names_are() {
    let other = "바닷가에 등대가 다시 섰다. 배들이 돌아왔다. 주민들이 반겼다.";
    let blocks = format!(
        "뜸부기 하나\n입력 2031.05.01 10:00\n{STORY}\n==========\n뜸부기 둘\n입력 2031.05.02 10:00\n{other}\n"
    );
    let tagged = format!(
        "DATE: 20310501\nHEADLINE: 노랑턱멧새 하나\nBODY: {STORY}\n\nDATE: 20310502\nHEADLINE: 노랑턱멧새 둘\nBODY: {other}\n"
    );
    let table = format!("제목,본문,언론사\n황조롱이 하나,{STORY},가람일보\n황조롱이 둘,{other},너울경제\n");
    let quoted = format!("제목,본문\n붉은머리오목눈이,\"그는 \"{STORY}\"고 했다\"\n");
    let columns = format!("20310501\t뜸부기 셋\t{STORY}\n20310502\t뜸부기 넷\t{other}\n");
    let wide = format!(
        "제목,본문\n크낙새,{STORY}\n{}\n{}",
        "a,".repeat(1_000_000),
        "솔새,노래한다.\n".repeat(100_000)
    );
    let feed = format!(
        "<rss><channel><item><title>R&D 동고비</title><link>https://a.example/n?a=1&b=2</link><description>{STORY}</description></item></channel></rss>"
    );
    let (server, job) = reindexed(&[
        ("blocks.txt", blocks.as_bytes()),
        ("columns.txt", columns.as_bytes()),
        ("README_ko.txt", STORY.as_bytes()),
        ("댓글_001.txt", STORY.as_bytes()),
        ("wire.dat", tagged.as_bytes()),
        ("table.html", table.as_bytes()),
        ("quoted.csv", quoted.as_bytes()),
        ("feed.xml", feed.as_bytes()),
        ("wide.csv", wide.as_bytes()),
    ]);
    for (name, code) in [
        ("blocks.txt", "unknown_format"),
        ("columns.txt", "no_header"),
        ("README_ko.txt", "unknown_format"),
        ("댓글_001.txt", "unknown_format"),
        ("wide.csv", "too_large"),
    ] {
        assert_eq!(file(&job, name)["refused_by"], json!({ code: 1 }), "{name}: {job}");
    }
    assert_eq!((&job["refused"], server.search(&[("q", "뜸부기")])["total"].as_u64()), (&json!(5), Some(0)));
    for (name, format) in [("wire.dat", "tagged"), ("table.html", "csv")] {
        let report = file(&job, name);
        assert_eq!((&report["format"], &report["articles"]), (&json!(format), &json!(2)), "{report}");
    }
    for (query, total) in [("노랑턱멧새", 2), ("황조롱이", 2), ("동고비", 1), ("붉은머리오목눈이", 1)]
    {
        assert_eq!(server.search(&[("q", query)])["total"], total, "{query}: {job}");
    }
    let id = server.search(&[("q", "붉은머리오목눈이")])["hits"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(server.json(&format!("/api/articles/{id}"))["body"], format!("그는 \"{STORY}\"고 했다"));
}
