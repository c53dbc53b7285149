//! Near-identical articles are one hit: exact totals and facets at any depth.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::contract::asking::{ids, pages, sorted, walk};
use crate::contract::servers::Contract;
use crate::contract::wire::OUTLETS;
use crate::newsroom::with_query;

/// Hits and how many others each represents.
fn folded(answer: &Value) -> BTreeMap<String, u64> {
    let hits = answer["hits"].as_array().unwrap();
    let pair = |hit: &Value| (hit["id"].as_str().unwrap().to_owned(), hit["similar_count"].as_u64().unwrap());
    hits.iter().map(pair).collect()
}

/// What folding must give for articles that match: of each story the first or the last published, and how many others.
fn expected<'a>(articles: impl Iterator<Item = &'a Value>, newest: bool) -> BTreeMap<String, u64> {
    let mut stories: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for article in articles {
        stories.entry(article["story"].as_str().unwrap()).or_default().push(article);
    }
    let one_of = |mut of: Vec<&Value>| {
        let time = |article: &Value| {
            article["published_at"].as_str().unwrap_or(if newest { "" } else { "9" }).to_owned()
        };
        of.sort_by_key(|article| (time(article), article["id"].as_str().unwrap().to_owned()));
        let shown = if newest { of[of.len() - 1] } else { of[0] };
        (shown["id"].as_str().unwrap().to_owned(), of.len() as u64 - 1)
    };
    stories.into_values().map(one_of).collect()
}

pub fn reprints_are_one_hit_with_exact_counts_at_any_depth(contract: &Contract) {
    let plain = contract.wire.search(&[("q", ""), ("size", "100")]);
    assert_eq!(plain["total"], contract.prints.len());
    assert_eq!(plain["articles"], plain["total"]);
    let alone = |hit: &Value| hit["similar_count"] == 0 && hit["similar_total"] == 0;
    assert!(plain["hits"].as_array().unwrap().iter().all(alone));
    for (query, sort) in
        [("", "newest"), ("", "oldest"), ("공사 예산", "relevance"), ("자전거 서명", "newest")]
    {
        let holding =
            |article: &&Value| query.is_empty() || article["body"].as_str().unwrap().contains(&query[..6]);
        let wanted = expected(contract.prints.iter().filter(holding), false);
        let parameters = [("q", query), ("sort", sort), ("group", "similar"), ("match", "all")];
        let whole = contract.wire.search(&[&parameters[..], &[("size", "100")]].concat());
        assert_eq!(folded(&whole), wanted, "{query:?} {sort}");
        assert_eq!(whole["total"], wanted.len());
        let articles = contract.prints.iter().filter(holding).count();
        assert_eq!(whole["articles"], articles, "{query:?} {sort}: before folding");
        let counted = contract.wire.search(&[&parameters[..], &[("size", "0")]].concat());
        assert_eq!((&counted["articles"], &counted["total"]), (&whole["articles"], &whole["total"]));
        for size in [1, 3, 4] {
            assert_eq!(pages(&contract.wire, &parameters, size), ids(&whole), "{query:?} {sort}");
            assert_eq!(walk(&contract.wire, &parameters, size), ids(&whole), "{query:?} {sort}");
        }
    }
    let newest = contract.wire.search(&[("group", "similar"), ("group_show", "newest"), ("size", "100")]);
    assert_eq!(folded(&newest), expected(contract.prints.iter(), true));
}

pub fn filters_come_first(contract: &Contract) {
    for outlet in OUTLETS {
        let answer = contract.wire.search(&[("outlet", outlet), ("group", "similar"), ("size", "100")]);
        let wanted = expected(contract.prints.iter().filter(|article| article["outlet"] == outlet), false);
        assert_eq!(folded(&answer), wanted, "{outlet}");
        assert_eq!(answer["total"], wanted.len());
        // How many there are in all does not depend on the filter.
        for hit in answer["hits"].as_array().unwrap() {
            let shown = contract.prints.iter().find(|article| article["id"] == hit["id"]).unwrap();
            let story = contract.prints.iter().filter(|article| article["story"] == shown["story"]);
            assert_eq!(hit["similar_total"], story.count() - 1, "{outlet}: {}", hit["id"]);
        }
    }
}

pub fn facets_say_what_choosing_a_value_gives(contract: &Contract) {
    for base in [
        vec![("q", "공사")],
        vec![("q", ""), ("section", "지역")],
        vec![("q", "예산"), ("outlet", "물결통신")],
    ] {
        let grouped = [&base[..], &[("group", "similar")]].concat();
        let asked = [&grouped[..], &[("facets", "outlet,reporter,section"), ("size", "0")]].concat();
        let answer = contract.wire.search(&asked);
        for field in ["outlet", "reporter", "section"] {
            let values = answer["facets"][field].as_array().unwrap();
            assert!(!values.is_empty(), "{field}");
            for value in values {
                let others = grouped.iter().copied().filter(|(name, _)| *name != field);
                let chosen: Vec<_> =
                    others.chain([(field, value["value"].as_str().unwrap()), ("size", "0")]).collect();
                assert_eq!(contract.wire.search(&chosen)["total"], value["count"], "{chosen:?}");
            }
            let alone = contract.wire.json(&with_query(&format!("/api/facets/{field}"), &grouped));
            assert_eq!(alone["values"], answer["facets"][field]);
        }
    }
    let years = contract.wire.search(&[("facets", "year,month"), ("group", "similar"), ("size", "0")]);
    let dated = contract.prints.iter().filter(|article| article["published_at"].is_string());
    let dated: BTreeSet<&str> = dated.map(|article| article["story"].as_str().unwrap()).collect();
    assert_eq!(years["facets"]["year"], json!([{"value": "2024", "count": dated.len()}]));
    let stories: BTreeSet<&str> =
        contract.prints.iter().map(|article| article["story"].as_str().unwrap()).collect();
    assert_eq!(contract.wire.json("/api/facets/outlet?group=similar")["total"], stories.len());
}

pub fn the_best_match_can_represent_its_group(contract: &Contract) {
    let asked = |show: &'static str| {
        [("q", "수리 물수제비"), ("match", "any"), ("group", "similar"), ("group_show", show)]
    };
    let shown = |show| sorted(ids(&contract.wire.search(&asked(show))));
    assert_eq!(shown("first"), ["다른", "첫판"]);
    assert_eq!(shown("best"), ["다른", "둘째판"]);
    // Only one of the group matches: it is the hit, and represents no other.
    let answer = contract.wire.search(&[("q", "물수제비 명인"), ("match", "all"), ("group", "similar")]);
    assert_eq!(folded(&answer), BTreeMap::from([("둘째판".to_owned(), 0)]));
}

pub fn the_articles_of_a_group_can_be_listed(contract: &Contract) {
    for article in &contract.prints {
        let own = contract.prints.iter().filter(|other| other["story"] == article["story"]);
        let group = sorted(own.map(|other| other["id"].as_str().unwrap().to_owned()).collect());
        let id = article["id"].as_str().unwrap();
        assert_eq!(sorted(ids(&contract.wire.search(&[("similar_to", id), ("size", "100")]))), group, "{id}");
    }
    let within =
        contract.wire.search(&[("similar_to", "s03-0"), ("outlet", "한낮경제"), ("facets", "outlet")]);
    assert_eq!(ids(&within), ["s03-2"]);
    assert_eq!(
        within["facets"]["outlet"].as_array().unwrap().len(),
        4,
        "its own filter does not narrow a facet"
    );
    assert_eq!(contract.wire.json("/api/facets/outlet?similar_to=s03-0")["total"], 4);
    let problem = contract.wire.get("/api/search?similar_to=nobody").problem(404, "article_not_found");
    assert_eq!(problem["parameter"], "similar_to");
}
