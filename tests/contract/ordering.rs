//! The order of hits, and going through it by pages and by cursors.

use crate::contract::articles::longest_id;
use crate::contract::asked::Asked;
use crate::contract::asking::{ids, pages, sorted, walk, with};
use crate::contract::chance::Chance;
use crate::contract::servers::Contract;
use crate::contract::truth::by_time;
use crate::newsroom::with_query;

pub fn by_time_undated_come_last_and_ties_go_by_id(contract: &Contract) {
    let newest = by_time(contract.items.iter().collect(), true);
    let oldest = by_time(contract.items.iter().collect(), false);
    // Without anything to be relevant to, newest first.
    assert_eq!(walk(&contract.newsroom, &[], 100), newest);
    assert_eq!(walk(&contract.newsroom, &[("sort", "relevance")], 100), newest);
    assert_eq!(walk(&contract.newsroom, &[("sort", "newest")], 13), newest);
    assert_eq!(walk(&contract.newsroom, &[("sort", "oldest")], 13), oldest);
    assert_eq!(pages(&contract.newsroom, &[("sort", "oldest")], 50), oldest);
    let answer = contract.newsroom.search(&[("sort", "newest"), ("size", "100")]);
    assert!(answer["hits"].as_array().unwrap().iter().all(|hit| hit["score"] == 0.0));
}

pub fn pages_and_cursors_bring_every_hit_once_in_one_order(contract: &Contract) {
    let mut chance = Chance(42);
    for number in 0..40 {
        let asked = Asked::at_random(&mut chance);
        let own = asked.parameters();
        let matching = asked.matching(&contract.items, None);
        for sort in ["newest", "oldest", "relevance"] {
            let size = 3 + chance.below(40);
            let parameters = with(&own, &[("sort", sort)]);
            let walked = walk(&contract.newsroom, &parameters, size);
            assert_eq!(pages(&contract.newsroom, &parameters, size), walked, "{number} {sort} {asked:?}");
            match sort {
                "relevance" => {
                    let all = sorted(matching.iter().map(|item| item.id.clone()).collect());
                    assert_eq!(sorted(walked), all, "{number} {asked:?}");
                }
                _ => assert_eq!(
                    walked,
                    by_time(matching.clone(), sort == "newest"),
                    "{number} {sort} {asked:?}"
                ),
            }
        }
    }
}

pub fn the_size_of_a_page_changes_nothing_but_the_page(contract: &Contract) {
    for sort in ["newest", "oldest", "relevance"] {
        let parameters = [("q", "해바라기밭 소나기마을"), ("match", "any"), ("sort", sort)];
        let whole = walk(&contract.newsroom, &parameters, 100);
        assert!(whole.len() > 100, "more than the second look takes: {}", whole.len());
        for size in [1, 7, 64, 99] {
            assert_eq!(walk(&contract.newsroom, &parameters, size), whole, "{sort} {size}");
        }
        for page in [2, 5, 11] {
            let page_of = contract
                .newsroom
                .search(&[&parameters[..], &[("size", "10"), ("page", &page.to_string())]].concat());
            let expected: Vec<String> = whole.iter().skip((page - 1) * 10).take(10).cloned().collect();
            assert_eq!(ids(&page_of), expected, "{sort} page {page}");
            assert_eq!((&page_of["page"], &page_of["size"]), (&page.into(), &10.into()));
        }
    }
    let behind = contract.newsroom.search(&[("page", "50"), ("size", "100")]);
    assert_eq!((ids(&behind).len(), &behind["next_cursor"]), (0, &serde_json::Value::Null));
    assert_eq!(behind["total"], contract.items.len());
}

pub fn a_cursor_goes_on_after_the_longest_id(contract: &Contract) {
    let tied =
        [("from", "2024-01-01T00:00:00+09:00"), ("to", "2024-01-01T00:00:00+09:00"), ("sort", "newest")];
    let walked = walk(&contract.newsroom, &tied, 1);
    let at = walked.iter().position(|id| *id == longest_id()).expect("it shares a moment with others");
    assert!(walked.len() > 2, "{walked:?}");
    assert!(walked.is_sorted() && at > 0, "ties go by id");
}

pub fn relevance_prefers_what_is_about_the_words(contract: &Contract) {
    let ranked = |query: &str| ids(&contract.newsroom.search(&[("q", query), ("sort", "relevance")]));
    // In the title and again and again, before a mention in passing.
    assert_eq!(ranked("장미"), ["글/장미", "글/장터"]);
    assert_eq!(ranked("장미 축제"), ["글/장미", "글/장터"]);
    // Both words before one of them.
    let any = contract.newsroom.search(&[("q", "연금 개혁안"), ("match", "any")]);
    assert_eq!(ids(&any).first().map(String::as_str), Some("글/개혁"));
    let scores: Vec<f64> =
        any["hits"].as_array().unwrap().iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
    assert!(
        scores.len() > 1 && scores.iter().all(|score| *score > 0.0) && scores.is_sorted_by(|a, b| a >= b),
        "{scores:?}"
    );
}

pub fn equal_scores_go_by_id_and_every_time_the_same(contract: &Contract) {
    let parameters = [("q", "물레방앗간"), ("sort", "relevance"), ("size", "100"), ("highlight", "false")];
    let answer = contract.newsroom.search(&parameters);
    let hits = answer["hits"].as_array().unwrap();
    let keys: Vec<(f64, &str)> =
        hits.iter().map(|hit| (-hit["score"].as_f64().unwrap(), hit["id"].as_str().unwrap())).collect();
    assert!(keys.len() > 30 && keys.is_sorted_by(|a, b| a <= b), "{keys:?}");
    assert_eq!(ids(&contract.newsroom.search(&parameters)), ids(&answer));
}

pub fn a_cursor_belongs_to_one_search(contract: &Contract) {
    let next = |parameters: &[(&str, &str)]| {
        contract.newsroom.search(parameters)["next_cursor"].as_str().unwrap().to_owned()
    };
    let of_query = next(&[("q", "해바라기밭")]);
    let newest = next(&[]);
    for parameters in [
        [("q", "소나기마을"), ("cursor", of_query.as_str()), ("size", "10")],
        [("q", "해바라기밭"), ("cursor", &of_query), ("sort", "newest")],
        [("q", "해바라기밭"), ("cursor", &of_query), ("from", "2024-01-01")],
        [("q", "해바라기밭"), ("cursor", &of_query), ("match", "any")],
        [("q", "해바라기밭"), ("cursor", &of_query), ("group", "similar")],
        [("q", "해바라기밭"), ("cursor", &newest), ("sort", "newest")],
    ] {
        let problem =
            contract.newsroom.get(&with_query("/api/search", &parameters)).problem(400, "bad_cursor");
        assert_eq!(problem["parameter"], "cursor", "{parameters:?}");
    }
    // How much is shown, and with what, may change from page to page.
    contract.newsroom.search(&[
        ("q", "해바라기밭"),
        ("cursor", &of_query),
        ("size", "3"),
        ("facets", "year"),
        ("highlight", "false"),
    ]);
    contract.newsroom.get("/api/search?cursor=zzz").problem(400, "bad_cursor");
}

pub fn pages_end_at_ten_thousand_and_say_so(contract: &Contract) {
    assert_eq!(ids(&contract.newsroom.search(&[("page", "100"), ("size", "100")])).len(), 0);
    let problem = contract.newsroom.get("/api/search?page=101&size=100").problem(400, "page_window");
    assert!(problem["detail"].as_str().unwrap().contains("cursor"));
    let nothing = contract.newsroom.search(&[("q", "해바라기밭"), ("size", "0")]);
    let holding = contract.items.iter().filter(|item| item.holds("해바라기밭")).count();
    assert_eq!((ids(&nothing).len(), &nothing["total"]), (0, &holding.into()));
}
