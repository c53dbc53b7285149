//! Words that only ask, and words of time: they do not keep an article from being found.

use crate::searchable::Searchable;
use gisa::article::Timestamp;
use gisa::search::{SearchContext, SearchRequest, Sort, search};
use serde_json::{Value, json};

/// What a search finds, newest first, and whether it had to drop words.
fn found(context: &SearchContext<'_>, query: &str) -> (Vec<String>, bool) {
    let request = SearchRequest {
        query: query.to_owned(),
        sort: Some(Sort::Newest),
        size: 100,
        page: 1,
        ..SearchRequest::default()
    };
    let answer = search(context, &request).unwrap();
    (answer.hits.iter().map(|hit| hit.id.to_string()).collect(), answer.relaxed)
}

#[test]
fn words_that_only_ask_neither_restrict_nor_rank() {
    let index = Searchable::of_texts([
        ("전기요금 인상", "전기요금이 다음 달부터 오른다."),
        ("전기요금 동결", "전기요금은 오르지 않는다. 왜 그런지는 알 수 없다."),
        ("육아수당", "육아수당을 신청하는 곳은 읍사무소다."),
        ("왜곡 보도", "왜곡 보도를 바로잡는 모임이 열렸다."),
    ]);
    let context = index.context();
    for asks in [
        "왜",
        "얼마나",
        "어떻게",
        "언제",
        "누가",
        "무엇을",
        "어디서",
        "무슨",
        "어느",
        "몇",
        "언제부터",
        "누구인가",
        "얼마인가",
        "어떤",
        "하려면",
        "되려면",
        "받으려면",
        "가려면",
        "있는",
        "있나",
        "하는",
        "되는",
        "됐나",
        "했나요",
        "하나요",
        "하면",
        "되면",
        "받으면",
    ] {
        for (query, word) in
            [(format!("{asks} 전기요금"), "전기요금"), (format!("육아수당 {asks}"), "육아수당")]
        {
            assert_eq!(found(&context, &query), found(&context, word), "{query}");
        }
        let ranked = |query: &str| {
            let request =
                SearchRequest { query: query.to_owned(), page: 1, size: 10, ..SearchRequest::default() };
            let answer = search(&context, &request).unwrap();
            answer.hits.iter().map(|hit| (hit.id.to_string(), hit.score)).collect::<Vec<_>>()
        };
        assert_eq!(ranked(&format!("전기요금 {asks}")), ranked("전기요금"), "{asks}");
    }
    // What begins like a word that asks is a word like others.
    for query in ["왜곡 보도", "왜곡을 보도"] {
        assert_eq!(found(&context, query), (vec!["a3".to_owned()], false), "{query}");
    }
    assert_eq!(found(&context, "왜곡 전기요금").0.len(), 3, "nothing holds both, so either");
    // Alone, they are looked for.
    assert_eq!(found(&context, "왜"), (vec!["a1".to_owned()], false));
}

/// Articles about one harvest festival in several years, some of which say the year.
fn festivals() -> Searchable {
    let article = |id: &str, at: Option<&str>, body: &str| -> Value {
        let mut article = json!({"id": id, "title": "햇살마을 수확제", "body": body});
        if let Some(at) = at {
            article["published_at"] = json!(at);
        }
        article
    };
    Searchable::of_articles(
        &[
            article("y2023", Some("2023-09-10T09:00:00+09:00"), "햇살마을 수확제가 광장에서 열렸다."),
            article("y2024", Some("2024-09-12T09:00:00+09:00"), "햇살마을 수확제가 강가에서 열렸다."),
            article("jan2025", Some("2025-01-20T09:00:00+09:00"), "햇살마을 수확제의 결산이 나왔다."),
            article("sum2025", Some("2025-07-02T09:00:00+09:00"), "햇살마을 수확제 준비가 시작됐다."),
            article("y2026", Some("2026-05-13T09:00:00+09:00"), "햇살마을 수확제 이름을 새로 짓는다."),
            article("says", Some("2022-03-01T09:00:00+09:00"), "햇살마을 수확제는 2024년 새 자리로 옮긴다."),
            article("undated", None, "햇살마을 수확제는 작년 여름에 비를 맞았다."),
        ],
        1,
    )
}

#[test]
fn a_time_word_holds_where_the_text_says_it_or_the_article_is_of_that_time() {
    let index = festivals();
    let now = Timestamp::from_seconds(1_778_727_600); // 2026-05-14T12:00:00+09:00
    let context = SearchContext { now, ..index.context() };
    for (query, expected) in [
        ("수확제 2024년", vec!["jan2025", "y2024", "says"]),
        ("2024년 수확제", vec!["jan2025", "y2024", "says"]),
        ("수확제 올해", vec!["y2026"]),
        ("작년 수확제", vec!["sum2025", "jan2025", "undated"]),
        ("지난해 수확제", vec!["sum2025", "jan2025", "undated"]),
        ("작년 여름 수확제", vec!["sum2025", "undated"]),
        ("어제 수확제", vec!["y2026"]),
        ("2023년 9월 수확제", vec!["y2023"]),
        ("지난 7월 수확제", vec!["sum2025"]),
        ("수확제 -작년", vec!["y2026", "sum2025", "jan2025", "y2024", "y2023", "says"]),
    ] {
        let (ids, relaxed) = found(&context, query);
        assert!(!relaxed, "{query}: {ids:?}");
        assert_eq!(ids, expected, "{query}");
    }
    // Another year in which it is asked, another year that is meant.
    let later =
        SearchContext { now: Timestamp::from_seconds(now.seconds() - 365 * 86_400), ..index.context() };
    assert_eq!(found(&later, "작년 수확제").0, ["jan2025", "y2024", "undated"]);
    let request = SearchRequest {
        query: "작년 여름 수확제".to_owned(),
        page: 1,
        size: 10,
        explain: true,
        ..SearchRequest::default()
    };
    let explained = search(&context, &request).unwrap().explain.unwrap();
    let periods: Vec<Option<&str>> =
        explained.clauses.iter().map(|clause| clause.period.as_deref()).collect();
    assert_eq!(periods[..3], [Some("2025-06-01..2025-08-31"), Some("2025-06-01..2025-08-31"), None]);
}
