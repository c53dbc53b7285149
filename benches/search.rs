//! How long searches take in the engine, without HTTP: by kind of query, with and without marks and facets.
//!
//! `cargo bench --bench search`
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod newsroom;

use std::hint::black_box;
use std::sync::Arc;

use criterion::Criterion;
use gisa::article::Timestamp;
use gisa::index::{BuildOptions, Generation, IndexFolder, Progress, Sources, build_verified};
use gisa::ingest::Cleaner;
use gisa::korean::analysis::{Analysis, analysed_text};
use gisa::korean::{Language, dictionary};
use gisa::search::{
    FacetField, RankingOptions, SearchContext, SearchRequest, article, highlight_article, highlight_text,
    search, suggest,
};

/// Texts in the search box that ask for suggestions, with the kind of typing each stands for.
const TYPED: [(&str, &str); 6] = [
    ("one syllable", "반"),
    ("a half-typed word", "반됴"),
    ("initial consonants", "ㄱㅈㄱㄹ"),
    ("the other keyboard", "qkseh"),
    ("the last of two words", "부동산 대"),
    ("a slip", "반도쳬"),
];

const QUERIES: [(&str, &str); 7] = [
    ("one word", "반도체"),
    ("two words", "부동산 대책"),
    ("phrase", "\"개인정보보호위원회 관계자는\""),
    ("prefix", "스타트*"),
    ("name with particle", "우크라이나를"),
    ("boolean", "(연금 OR 기준금리) -부산"),
    (
        "12-word question",
        "중소벤처기업부가 올해 스타트업 육성 예산을 지난해보다 얼마나 늘리고 어느 지역에 거점을 만들기로 했나",
    ),
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let temp = tempfile::tempdir().unwrap();
    let (language, generation) = archive(temp.path());
    let ranking = RankingOptions::default();
    let context = SearchContext {
        archive: &generation,
        language: &language,
        ranking: &ranking,
        deadline: None,
        now: Timestamp::from_seconds(1_767_225_600),
        correcting: std::time::Duration::from_secs(30),
        filtered: false,
    };
    let ask = |query: &str| SearchRequest {
        query: query.to_owned(),
        size: 10,
        page: 1,
        ..SearchRequest::default()
    };

    let mut group = criterion.benchmark_group("search");
    for (kind, query) in QUERIES {
        let request = ask(query);
        assert!(search(&context, &request).unwrap().total > 0, "{query} finds nothing");
        group.bench_function(kind, |bench| bench.iter(|| black_box(search(&context, &request).unwrap())));
        let marked = SearchRequest { highlight: true, ..request };
        group.bench_function(format!("{kind}, highlighted"), |bench| {
            bench.iter(|| black_box(search(&context, &marked).unwrap()));
        });
    }
    let facets = SearchRequest {
        facets: vec![FacetField::Outlet, FacetField::Section, FacetField::Month],
        facet_size: 20,
        ..ask("부동산 대책")
    };
    group.bench_function("two words, 3 facets", |bench| {
        bench.iter(|| black_box(search(&context, &facets).unwrap()))
    });
    group.bench_function("all articles, 3 facets", |bench| {
        let all = SearchRequest { query: String::new(), ..facets.clone() };
        bench.iter(|| black_box(search(&context, &all).unwrap()));
    });
    group.finish();

    let mut group = criterion.benchmark_group("suggest");
    for (kind, typed) in TYPED {
        let offered = suggest(&context, typed, 8).unwrap();
        assert!(!offered.completions.is_empty() || offered.correction.is_some(), "{typed} leads nowhere");
        group.bench_function(kind, |bench| bench.iter(|| black_box(suggest(&context, typed, 8).unwrap())));
    }
    group.finish();

    // Marks come from positions in the index. The alternative is to analyse the texts of the hits again.
    let hits = search(&context, &ask("부동산 대책")).unwrap().hits;
    assert_eq!(hits.len(), 10);
    let articles: Vec<_> =
        hits.iter().map(|hit| article(&context, hit.id.as_str()).unwrap().unwrap()).collect();
    let texts: Vec<String> = articles.iter().map(analysed_text).collect();
    let mut group = criterion.benchmark_group("highlight of ten whole articles");
    group.bench_function("from positions, reading the stored articles", |bench| {
        bench.iter(|| {
            for hit in &hits {
                black_box(highlight_article(&context, "부동산 대책", hit.id.as_str()).unwrap());
            }
        });
    });
    group.bench_function("reading the stored articles alone", |bench| {
        bench.iter(|| {
            for hit in &hits {
                black_box(article(&context, hit.id.as_str()).unwrap());
            }
        });
    });
    group.bench_function("analysis again, texts in memory, nothing marked", |bench| {
        let mut analysis = Analysis::default();
        bench.iter(|| {
            // As a request would: an analyzer that has not seen these words before.
            let mut analyzer = language.korean().analyzer();
            for text in &texts {
                analyzer.analyze(text, &mut analysis);
                black_box(&analysis);
            }
        });
    });
    group.bench_function("analysis again, texts in memory, marked", |bench| {
        bench.iter(|| {
            for article in &articles {
                black_box(highlight_text(&context, "부동산 대책", &article.body).unwrap());
            }
        });
    });
    group.finish();
    criterion.final_summary();
}

fn archive(folder: &std::path::Path) -> (Language, Generation) {
    let data = folder.join("articles");
    std::fs::create_dir(&data).unwrap();
    newsroom::write_archive(&data);
    let (language, _) = Language::load(dictionary::open(folder).unwrap(), None).unwrap();
    let cleaner = Cleaner::new(Arc::clone(language.outlets()));
    let index = IndexFolder::new(folder.join("index")).unwrap();
    let lexicon = language.index_hash().to_owned();
    let options = BuildOptions { threads: 2, memory: 512 << 20, lexicon, keep_free: 0, learn: true };
    let (report, generation) =
        build_verified(&Sources::files(&data), &index, &cleaner, &language, &options, &Progress::default())
            .unwrap();
    assert_eq!((report.articles as usize, report.refused), (newsroom::ARTICLES, 0));
    (language, generation)
}
