//! Promise: a file that wraps its articles gives all of them, whatever the list is called and whatever stands around it; what the wrapper says
//! of them is taken where an article says nothing, and what is not used is named.

use std::sync::Arc;

use gisa::article::Article;
use gisa::ingest::{Cleaner, FileReport, OutletNames};
use serde_json::{Value, json};

use crate::reading::read;

fn json_file(value: &Value) -> (Vec<Article>, FileReport, Vec<String>) {
    read("a.json", value.to_string().as_bytes())
}

fn titles(articles: &[Article]) -> Vec<&str> {
    articles.iter().map(|article| article.title.as_str()).collect()
}

fn article(number: u8) -> Value {
    json!({"id": format!("n{number}"), "title": format!("제목 {number}"), "content": format!("본문 {number}이다."),
           "press": "너울경제", "date": "2024-03-05"})
}

#[test]
fn lists_of_articles_are_read_under_any_name() {
    let list = json!([article(1), article(2)]);
    for key in [
        "content",
        "contents",
        "article",
        "articles",
        "html",
        "본문",
        "items",
        "posts",
        "entry",
        "newsItems",
        "stories_today",
    ] {
        for value in [
            json!({key: list, "totalElements": 2}),
            json!({"status": 200, "data": {key: list, "last": true}}),
            json!({"feed": {"title": "가람일보", key: list}}),
            json!({"response": {"header": {"code": "00"}, "body": {"pages": {key: list}}}}),
        ] {
            let (articles, report, refused) = json_file(&value);
            assert_eq!(titles(&articles), ["제목 1", "제목 2"], "{value}");
            assert_eq!((articles[0].id.as_str(), refused.len()), ("n1", 0), "{value}");
            assert!(!report.unused.is_empty() || key == "title", "{value}");
            // The same on one line of several.
            let lines = format!("{value}\n{value}\n");
            let (articles, _, refused) = read("a.jsonl", lines.as_bytes());
            assert_eq!((articles.len(), refused.len()), (4, 0), "{value}");
        }
    }
}

#[test]
fn paragraphs_are_no_articles() {
    let blocks = json!({"id": "a", "title": "수달이 돌아왔다", "content": [
        {"id": "b1", "type": "text", "text": "첫 문단이다."},
        {"id": "b2", "type": "image", "url": "https://a.example/1.jpg"},
        {"id": "b3", "type": "text", "title": "소제목", "text": "둘째 문단이다."},
        7,
    ]});
    let (articles, report, refused) = json_file(&json!([blocks]));
    assert_eq!(refused, Vec::<String>::new());
    assert_eq!(articles[0].body, "첫 문단이다.\n소제목\n둘째 문단이다.");
    // What is no text is kept, and counted.
    assert_eq!(
        articles[0].extra["content"],
        json!([{"id": "b2", "type": "image", "url": "https://a.example/1.jpg"}, 7])
    );
    assert_eq!(report.unread.values().sum::<u64>(), 1);

    let with_others =
        json!({"title": "두루미가 왔다", "body": "본문이다.", "related": [article(1)], "news": [article(2)]});
    let (articles, report, _) = json_file(&with_others);
    assert_eq!(titles(&articles), ["두루미가 왔다"]);
    assert_eq!(report.unused, ["news", "related"]);
}

#[test]
fn a_pushed_list_of_articles_is_refused_and_not_joined() {
    let cleaner = Cleaner::new(Arc::new(OutletNames::default()));
    let line = json!({"content": [article(1), article(2)]}).to_string();
    let refusal = cleaner.article_from_json(line.as_bytes()).unwrap_err();
    assert!(refusal.detail.contains("list of articles"), "{refusal}");
}

#[test]
fn what_stands_beside_a_list_is_said_of_its_articles() {
    let bare = |number: u8| json!({"title": format!("제목 {number}"), "body": format!("본문 {number}이다.")});
    let mut own = bare(3);
    own["press"] = json!("너울경제");
    own["date"] = json!("2024-04-01");
    let day = json!({"press": {"name": "가람일보"}, "date": "2024-03-05", "section": "사회", "author": "나한별 기자", "total": 3,
                     "articles": [bare(1), bare(2), own]});
    let (articles, report, _) = json_file(&day);
    let said = |article: &Article| {
        (
            article.outlet.clone().unwrap_or_default(),
            article.published_at.map(|at| at.to_string()).unwrap_or_default(),
            article.section.clone().unwrap_or_default(),
            article.reporters.concat(),
        )
    };
    let of = |outlet: &str, day: &str| {
        (outlet.to_owned(), format!("{day}T00:00:00+09:00"), "사회".to_owned(), "나한별".to_owned())
    };
    assert_eq!(said(&articles[0]), of("가람일보", "2024-03-05"));
    assert_eq!(said(&articles[2]), of("너울경제", "2024-04-01"));
    assert!(report.fields.values().any(|keys| keys.contains("press (beside the list)")), "{report:?}");
    // What one article did not need and what says nothing of any are both named.
    for key in ["press", "date", "total"] {
        assert!(report.unused.iter().any(|unused| unused == key), "{key}: {report:?}");
    }
    // Ids are those that the articles have without the wrapper.
    let (alone, _, _) = json_file(&json!([bare(1)]));
    assert_eq!(alone[0].id, articles[0].id);
}

#[test]
fn dates_of_the_answer_are_not_those_of_the_articles() {
    let answer = json!({"timestamp": "2024-03-05T10:00:00Z", "creator": "나한별", "items": [{"title": "가", "body": "나."}]});
    let (articles, report, _) = json_file(&answer);
    assert_eq!((articles[0].published_at, articles[0].reporters.len()), (None, 0));
    assert_eq!(report.unused, ["creator", "timestamp"]);
    // A date of its own that cannot be read is not replaced.
    let unread = json!({"date": "2024-03-05", "items": [{"title": "가", "body": "나.", "date": "어제쯤"}]});
    assert_eq!(json_file(&unread).0[0].published_at, None);
}

#[test]
fn what_is_not_certain_is_refused_with_what_to_do() {
    let (articles, _, refused) = json_file(&json!({"items": [article(1)], "articles": [article(2)]}));
    assert!(articles.is_empty() && refused[0].contains("records"), "{refused:?}");
    let (articles, _, refused) =
        json_file(&json!({"a1": article(1), "-Nq1x7Yk0aBcDeFgHiJ": {"title": "가", "body": "나."}}));
    assert_eq!(refused, Vec::<String>::new());
    assert_eq!([articles[0].id.as_str(), articles[1].id.as_str()], ["n1", "-Nq1x7Yk0aBcDeFgHiJ"]);
    // An empty answer holds no records, and is no article.
    let (articles, report, refused) = json_file(&json!({"total": 0, "items": []}));
    assert!(articles.is_empty() && refused.is_empty() && report.needs_a_look());
}
