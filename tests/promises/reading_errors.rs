//! A reading error is never an answer: whichever read of a search fails, the search says so, or its answer is the right one.
#![cfg(debug_assertions)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use gisa::article::{Article, Timestamp};
use gisa::index::directory::reads;
use gisa::index::{BuildOptions, Generation, IndexFolder, LiveIndex, Progress, Sources, build_verified};
use gisa::ingest::Cleaner;
use gisa::search::types::Cursor;
use gisa::search::{
    FacetField, Filters, MatchMode, RankingOptions, Representative, SearchContext, SearchError,
    SearchRequest, Sort, facet, highlight_article, listing, related, search, suggest,
};
use serde_json::{Value, json};

use crate::folders::temporary;
use crate::searchable::language;

/// What is asked, and how.
type Asked = (&'static str, Box<dyn Fn(&SearchContext<'_>) -> Result<Value, SearchError>>);

/// Articles in several segments, with deleted ones, groups of near-identical ones, and ties in time between segments.
fn write_index(folder: &Path) -> String {
    let data = folder.join("articles");
    fs::create_dir(&data).unwrap();
    let story = "브록만은 오픈AI의 공동 창업자로, 반도체 공장 건설 계획을 두고 정부와 협의했다고 밝혔다. 그는 부동산 대책과 금리 \
                 인상에 대해서도 의견을 냈으며, 중소벤처기업부가 마련한 지원책을 환영한다고 덧붙였다.";
    let article = |number: usize| {
        let (title, body) = match number % 4 {
            0 => ("반도체 공장 착공".to_owned(), story.to_owned()),
            1 => (
                format!("부동산 대책 {number}호 발표"),
                format!("정부가 부동산 대책을 발표했다. 반도체 수출은 {number}% 늘었다."),
            ),
            2 => (
                format!("브록만 방한 {number}일째"),
                format!("브록만이 서울에서 반도체 업계와 만났다. 금리 인상 {number}회."),
            ),
            _ => (
                format!("스타트업 지원 {number}"),
                format!("중소벤처기업부가 스타트업 {number}곳을 지원한다. 대책은 다음 달에 나온다."),
            ),
        };
        let (outlet, section) = (["가온일보", "나루신문"][number % 2], ["경제", "사회"][number / 2 % 2]);
        let reporter = ["문가람", "한서리", "정다온"][number % 3];
        json!({
            "id": format!("a{number:02}"), "title": title, "body": body,
            "outlet": outlet, "reporters": [reporter],
            "section": section,
            "published_at": format!("2023-06-{:02}T09:00:00+09:00", 1 + number % 5),
        })
    };
    let lines: Vec<String> = (0..40).map(|number| article(number).to_string()).collect();
    fs::write(data.join("articles.jsonl"), lines.join("\n")).unwrap();

    let index = IndexFolder::new(folder.join("index")).unwrap();
    let cleaner = Cleaner::new(language().outlets().clone());
    let lexicon = language().index_hash().to_owned();
    let options = BuildOptions { threads: 2, memory: 32 << 20, lexicon, keep_free: 0, learn: true };
    let (sources, progress) = (Sources::files(&data), Progress::default());
    let (report, generation) =
        build_verified(&sources, &index, &cleaner, language(), &options, &progress).unwrap();
    let suggestions = generation.suggestions().clone();
    let mut live = LiveIndex::open(Arc::new(generation), suggestions, language()).unwrap();
    let pushed = |number: usize| serde_json::from_value::<Article>(article(number)).unwrap();
    live.apply(1, &pushed(5).id, None).unwrap();
    for (sequence, number) in (2..).zip(40..44) {
        let article = pushed(number);
        live.apply(sequence, &article.id, Some(&article)).unwrap();
    }
    live.commit().unwrap();
    report.generation
}

fn answer(context: &SearchContext<'_>, request: &SearchRequest) -> Result<Value, SearchError> {
    let mut answer = serde_json::to_value(search(context, request)?).unwrap();
    // Times are measured, not read.
    answer["took_ms"] = Value::Null;
    if let Some(explain) = answer.get_mut("explain") {
        explain["phases_ms"] = Value::Null;
    }
    Ok(answer)
}

fn questions(context: &SearchContext<'_>) -> Vec<Asked> {
    let plain = |query: &str| SearchRequest {
        query: query.to_owned(),
        size: 5,
        page: 1,
        highlight: true,
        facet_size: 10,
        ..SearchRequest::default()
    };
    let first =
        SearchRequest { sort: Some(Sort::Newest), match_mode: MatchMode::Any, ..plain("반도체 대책") };
    let cursor = |request: &SearchRequest| {
        Cursor::decode(&search(context, request).unwrap().next_cursor.unwrap()).unwrap()
    };
    let by_score = plain("반도체 대책");
    let searches = [
        ("a word", plain("반도체")),
        ("two words", by_score.clone()),
        ("a phrase", plain("\"부동산 대책\"")),
        ("a particle to be decided", plain("브록만")),
        ("a word spelt like one with a particle", plain("중소벤처기업부가")),
        ("a beginning", plain("스타트*")),
        ("in the title, without another", plain("title:반도체 -부동산")),
        ("many words", plain("브록만 반도체 공장 부동산 대책 발표")),
        ("nothing", plain("없는낱말이다")),
        ("a slip", plain("반도쳬")),
        ("everything, newest first", plain("")),
        ("facets", SearchRequest { facets: FacetField::ALL.to_vec(), ..plain("반도체") }),
        (
            "groups with facets",
            SearchRequest {
                facets: FacetField::ALL.to_vec(),
                group: Some(Representative::Best),
                ..plain("반도체")
            },
        ),
        ("one group", SearchRequest { similar_to: Some("a00".to_owned()), ..plain("") }),
        (
            "filters",
            SearchRequest {
                filters: Filters {
                    outlets: vec!["가온일보".to_owned()],
                    reporters: vec!["문가람".to_owned(), "정다온".to_owned()],
                    ..Filters::default()
                },
                facets: vec![FacetField::Outlet],
                ..plain("반도체")
            },
        ),
        ("explained", SearchRequest { explain: true, ..plain("브록만 반도체") }),
        ("after a hit, by time", SearchRequest { cursor: Some(cursor(&first)), ..first.clone() }),
        ("after a hit, by score", SearchRequest { cursor: Some(cursor(&by_score)), ..by_score }),
        ("oldest first", SearchRequest { sort: Some(Sort::Oldest), ..plain("반도체") }),
    ];
    let mut asked: Vec<Asked> = Vec::new();
    for (name, request) in searches {
        asked.push((name, Box::new(move |context| answer(context, &request))));
    }
    asked.push((
        "one facet",
        Box::new(move |context| {
            Ok(serde_json::to_value(facet(context, FacetField::Reporter, &plain("반도체"))?).unwrap())
        }),
    ));
    asked.push((
        "a listing",
        Box::new(move |context| {
            let listed = listing(context, &SearchRequest { size: 100, ..plain("대책") })?;
            let articles = listed.articles(context.archive, 0..100)?;
            Ok(json!([listed.total, listed.next_cursor, articles]))
        }),
    ));
    asked.push((
        "related",
        Box::new(|context| Ok(serde_json::to_value(related(context, "a01", 5)?).unwrap())),
    ));
    asked.push((
        "marks",
        Box::new(|context| {
            Ok(serde_json::to_value(highlight_article(context, "반도체 공장", "a00")?).unwrap())
        }),
    ));
    for typed in ["반", "브록", "반도쳬"] {
        asked.push((
            "suggestions",
            Box::new(move |context| Ok(serde_json::to_value(suggest(context, typed, 5)?).unwrap())),
        ));
    }
    asked
}

#[test]
fn whichever_read_fails_the_answer_is_an_error_or_right() {
    let folder = temporary();
    let name = write_index(folder.path());
    let index = IndexFolder::new(folder.path().join("index")).unwrap();
    let ranking = RankingOptions::default();
    let now = Timestamp::from_seconds(1_750_000_000);
    // Opened anew for each: blocks of stored articles that were read are kept.
    let ask = |ask: &dyn Fn(&SearchContext<'_>) -> Result<Value, SearchError>, failing: Option<u64>| {
        let generation = Generation::open(&index, &name).unwrap();
        let context = SearchContext {
            archive: &generation,
            language: language(),
            ranking: &ranking,
            deadline: None,
            now,
            correcting: std::time::Duration::from_secs(30),
            filtered: false,
        };
        reads::fail(failing);
        let answer = ask(&context);
        let passed = reads::passed();
        reads::fail(None);
        (answer, passed)
    };
    let generation = Generation::open(&index, &name).unwrap();
    let context = SearchContext {
        archive: &generation,
        language: language(),
        ranking: &ranking,
        deadline: None,
        now,
        correcting: std::time::Duration::from_secs(30),
        filtered: false,
    };
    assert!(gisa::query::archive::Archive::about(&generation).segments > 2);
    let (mut reads, mut failed) = (0, 0);
    for (name, question) in questions(&context) {
        let (right, passed) = ask(&question, None);
        let right = right.unwrap();
        println!("{name}: {passed} reads");
        reads += passed;
        for failing in 1..=passed {
            let (answer, _) = ask(&question, Some(failing));
            match answer {
                Err(SearchError::Archive(_)) => failed += 1,
                Err(error) => panic!("{name}, read {failing}: {error:?}"),
                Ok(answer) => assert_eq!(answer, right, "{name}, read {failing} of {passed}"),
            }
        }
    }
    // Hardly any read can be done without.
    assert!(failed > 500 && failed * 10 > reads * 9, "{failed} of {reads} reads failed their search");
}
