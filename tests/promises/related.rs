//! Related articles of the sample articles: about the same matter, each story once, never the article itself.

use std::sync::LazyLock;

use crate::searchable::Searchable;
use gisa::search::{Hit, related};

static SAMPLES: LazyLock<Searchable> = LazyLock::new(Searchable::samples);

fn of(id: &str, size: usize) -> Vec<Hit> {
    related(&SAMPLES.context(), id, size).unwrap().unwrap().hits
}

#[test]
fn what_is_related_is_about_the_same_matter() {
    // An article, and words of which each of its three most alike must hold one.
    for (id, about) in [
        ("onsaemi-20241126-012", &["마루솔"][..]),
        ("onsaemi-20240909-010", &["도토리마켓", "개인정보"]),
        ("onsaemi-20241011-002", &["기준금리", "금리"]),
        ("neoul-20250213-002", &["해오름반도체", "누리결AI", "AI칩"]),
        ("onsaemi-20250325-015", &["산불", "대피", "강릉", "옥계"]),
        ("garam-20251015-001", &["마루솔", "한정우"]),
        ("digital-20240514-001", &["GPT-4o", "챗GPT", "AI"]),
        ("onsaemi-20250612-016", &["중기부", "스타트업", "중소벤처기업부"]),
    ] {
        let hits = of(id, 3);
        assert!(!hits.is_empty(), "{id}");
        for hit in &hits {
            let article = gisa::search::article(&SAMPLES.context(), hit.id.as_str()).unwrap().unwrap();
            let text = format!("{} {}", article.title, article.body);
            assert!(about.iter().any(|word| text.contains(word)), "{id}: {} {}", hit.id, hit.title);
        }
    }
}

#[test]
fn never_itself_best_first_and_always_the_same() {
    for article in SAMPLES.articles() {
        let hits = of(article.id.as_str(), 10);
        assert!(hits.len() <= 10 && hits.iter().all(|hit| hit.id != article.id && hit.highlight.is_none()));
        assert!(hits.is_sorted_by(|a, b| a.score.unwrap() >= b.score.unwrap()));
        assert_eq!(
            of(article.id.as_str(), 10).iter().map(|hit| &hit.id).collect::<Vec<_>>(),
            hits.iter().map(|hit| &hit.id).collect::<Vec<_>>()
        );
    }
}

#[test]
fn reprints_fold() {
    // A wire story that others printed nearly as it was.
    let hits = of("onsaemi-20231130-002", 10);
    for reprint in ["garam-20231130-902", "namnyeok-20231130-08"] {
        assert!(hits.iter().all(|hit| hit.id.as_str() != reprint), "{reprint} is the same story");
    }
    // From elsewhere it comes once.
    for article in SAMPLES.articles() {
        let hits = of(article.id.as_str(), 10);
        let story = ["onsaemi-20231130-002", "namnyeok-20231130-08"];
        let times = hits.iter().filter(|hit| story.contains(&hit.id.as_str())).count();
        assert!(times <= 1, "{}", article.id);
    }
}

#[test]
fn an_unknown_article_has_none_and_a_text_without_words_neither() {
    assert!(related(&SAMPLES.context(), "nowhere", 5).unwrap().is_none());
    let index = Searchable::of_texts([
        ("…", "!?"),
        ("자전거 도로", "자전거 도로가 넓어졌다."),
        ("자전거 대회", "자전거 대회가 열렸다."),
    ]);
    assert!(related(&index.context(), "a0", 5).unwrap().unwrap().hits.is_empty());
    let hits = related(&index.context(), "a1", 5).unwrap().unwrap().hits;
    assert_eq!(hits.iter().map(|hit| hit.id.as_str()).collect::<Vec<_>>(), ["a2"]);
}
