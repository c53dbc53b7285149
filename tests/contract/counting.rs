//! Totals, filters and facets are exact.

use serde_json::json;

use crate::contract::asked::Asked;
use crate::contract::asking::{ids, with};
use crate::contract::chance::Chance;
use crate::contract::servers::Contract;
use crate::contract::truth::{FIELDS, by_time, facet};
use crate::newsroom::with_query;

/// Searches that are tried.
const SEARCHES: usize = 120;

pub fn totals_and_facets_equal_a_plain_count(contract: &Contract) {
    let mut chance = Chance(2024);
    let (mut matched, mut filtered) = (0, 0);
    for number in 0..SEARCHES {
        let asked = Asked::at_random(&mut chance);
        let own = asked.parameters();
        let matching = asked.matching(&contract.items, None);
        let all = FIELDS.join(",");
        let answer = contract.newsroom.search(&with(&own, &[("facets", &all), ("size", "0")]));
        assert_eq!(answer["total"], matching.len(), "{number} {asked:?}");
        for field in FIELDS {
            // A field's own filter does not narrow its own facet.
            let counted = asked.matching(&contract.items, Some(field));
            let mut expected = facet(&counted, field);
            let by_time = matches!(field, "day" | "month" | "year");
            let shown =
                if by_time { expected.split_off(expected.len().saturating_sub(100)) } else { expected };
            assert_eq!(answer["facets"][field], json!(shown), "{number} {field} {asked:?}");
            let missing = counted.iter().filter(|item| item.values(field).is_empty()).count();
            assert_eq!(answer["missing"][field], missing, "{number} {field} {asked:?}");
        }
        assert_eq!(answer["undated"], asked.undated(&contract.items), "{number} {asked:?}");
        matched += usize::from(!matching.is_empty());
        filtered += usize::from(asked.is_filtered());
    }
    assert!(matched > SEARCHES / 2 && filtered > SEARCHES / 6, "worth something: {matched} {filtered}");
}

pub fn a_facet_by_itself_says_how_much_it_leaves_out(contract: &Contract) {
    let mut chance = Chance(7);
    for number in 0..SEARCHES / 4 {
        let asked = Asked::at_random(&mut chance);
        let own = asked.parameters();
        for field in FIELDS {
            let size = 1 + chance.below(4);
            let counted = asked.matching(&contract.items, Some(field));
            let mut values = facet(&counted, field);
            let by_time = matches!(field, "day" | "month" | "year");
            let (shown, other) = if by_time {
                let shown = values.split_off(values.len().saturating_sub(size));
                (shown, values)
            } else {
                let other = values.split_off(size.min(values.len()));
                (values, other)
            };
            let other: u64 = other.iter().map(|value| value["count"].as_u64().unwrap()).sum();
            let path =
                with_query(&format!("/api/facets/{field}"), &with(&own, &[("size", &size.to_string())]));
            let missing = counted.iter().filter(|item| item.values(field).is_empty()).count();
            let expected = json!({"field": field, "total": counted.len(), "values": shown, "other": other,
                "missing": missing});
            assert_eq!(contract.newsroom.json(&path), expected, "{number} {asked:?}");
        }
    }
}

pub fn a_period_in_the_query_says_how_many_articles_have_no_date(contract: &Contract) {
    let undated = |query: &str, more: &[(&str, &str)]| {
        let own = [("q", query), ("size", "0"), ("match", "all")];
        contract.newsroom.search(&[&own[..], more].concat())["undated"].as_u64().unwrap() as usize
    };
    let count = |passes: &dyn Fn(&crate::contract::articles::Item) -> bool| {
        contract.items.iter().filter(|item| item.published.is_none() && passes(item)).count()
    };
    let held = count(&|item| item.holds("해바라기밭"));
    assert_ne!(held, 0);
    for period in
        ["날짜:2018-01-01..2026-12-31", "날짜:2019..", "date:2020", "(날짜:2019 OR 날짜:2021)", "날짜:작년"]
    {
        assert_eq!(undated(&format!("해바라기밭 {period}"), &[]), held, "{period}");
        assert_eq!(undated(&format!("{period} 해바라기밭"), &[("from", "2019-06-01")]), held, "{period}");
    }
    assert_eq!(undated("날짜:2020", &[]), count(&|_| true));
    let outlet = count(&|item| item.holds("해바라기밭") && item.outlet.as_deref() == Some("각별일보"));
    assert_eq!(undated("해바라기밭 날짜:2020", &[("outlet", "각별일보")]), outlet);
    let either = count(&|item| item.holds("해바라기밭") || item.holds("소나기마을"));
    assert_eq!(undated("(해바라기밭 날짜:2020) OR (소나기마을 날짜:2021)", &[]), either);
    // What they may lack is not what leaves them out.
    for query in [
        "해바라기밭",
        "해바라기밭 -날짜:2020",
        "해바라기밭 OR 날짜:2020",
        "해바라기밭 날짜:없음",
        "해바라기밭 2020년",
    ] {
        assert_eq!(undated(query, &[]), 0, "{query}");
    }
}

pub fn filters_are_or_within_a_field_and_and_between_fields(contract: &Contract) {
    let total = |parameters: &[(&str, &str)]| {
        contract.newsroom.search(&[parameters, &[("size", "0")]].concat())["total"].as_u64().unwrap() as usize
    };
    let outlet = |item: &crate::contract::articles::Item, name: &str| item.outlet.as_deref() == Some(name);
    let count = |passes: &dyn Fn(&crate::contract::articles::Item) -> bool| {
        contract.items.iter().filter(|item| passes(item)).count()
    };
    let (a, b) = ("각별일보", "日出週報");
    assert_eq!(total(&[("outlet", a), ("outlet", b)]), count(&|item| outlet(item, a) || outlet(item, b)));
    let both = count(&|item| outlet(item, a) && item.reporters.iter().any(|name| name == "Amy Han"));
    assert_eq!(total(&[("outlet", a), ("reporter", "Amy Han")]), both);
    assert_eq!(total(&[("outlet", "없는신문")]), 0);
    assert_eq!(total(&[("outlet", "없는신문"), ("outlet", a)]), count(&|item| outlet(item, a)));
}

pub fn days_are_whole_and_korean_also_in_june_1988(contract: &Contract) {
    let between = |from: &str, to: &str| {
        ids(&contract.newsroom.search(&[
            ("from", from),
            ("to", to),
            ("sort", "oldest"),
            ("size", "100"),
            ("highlight", "false"),
        ]))
    };
    let expected = |from, to| {
        let inside =
            contract.items.iter().filter(|item| item.published.is_some_and(|at| at >= from && at <= to));
        by_time(inside.collect(), false)
    };
    let day = expected((1988, 6, 15, 0, 0, 0), (1988, 6, 15, 23, 59, 59));
    assert!(day.contains(&"글/밤".to_owned()) && !day.contains(&"글/새벽".to_owned()) && day.len() > 2);
    assert_eq!(between("1988-06-15", "1988-06-15"), day);
    // The same in UTC, to the second.
    assert_eq!(between("1988-06-14T15:00:00Z", "1988-06-15T14:59:59Z"), day);
    let first = expected((1988, 6, 15, 0, 0, 0), (1988, 6, 15, 0, 0, 0));
    assert_eq!(between("1988-06-14T15:00:00Z", "1988-06-14T15:00:00Z"), first);
    assert_eq!(
        between("1988-06-14T14:59:59Z", "1988-06-14T15:00:00Z").len(),
        first.len() + expected((1988, 6, 14, 23, 59, 59), (1988, 6, 14, 23, 59, 59)).len()
    );
    let answer = contract.newsroom.search(&[
        ("from", "1988-01-01"),
        ("to", "1988-12-31"),
        ("facets", "day"),
        ("size", "0"),
    ]);
    let days: Vec<&str> = answer["facets"]["day"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["value"].as_str().unwrap())
        .collect();
    assert_eq!(days, ["1988-06-14", "1988-06-15"]);
    assert_eq!(between("0001-01-01", "9999-12-31").len(), 100, "a page of many");
}

pub fn explanations_count_each_clause_by_itself(contract: &Contract) {
    for query in ["해바라기밭 -무지개다방", "(소나기마을 OR 젤렌스키) 장미", "\"은행 창구\" 본문:금리"]
    {
        let answer = contract.newsroom.search(&[
            ("q", query),
            ("explain", "true"),
            ("size", "1"),
            ("outlet", "각별일보"),
        ]);
        let clauses = answer["explain"]["clauses"].as_array().unwrap();
        assert!(clauses.len() >= 2, "{query}");
        for clause in clauses {
            let text = clause["text"].as_str().unwrap();
            let in_body = query.contains(&format!("본문:{text}"));
            let holding = contract.items.iter().filter(|item| match in_body {
                true => item.body.contains(text),
                false => item.holds(text),
            });
            assert_eq!(clause["articles"], holding.count(), "{text} of {query}, whatever the filters");
            assert!(!clause["forms"].as_array().unwrap().is_empty());
        }
        assert!(["all", "most", "any"].contains(&answer["explain"]["matched"].as_str().unwrap()));
        assert!(!answer["explain"]["read_as"].as_str().unwrap().is_empty());
    }
}

pub fn explanations_say_what_else_is_looked_for_and_why(contract: &Contract) {
    let clauses = |query: &str| {
        contract.newsroom.search(&[("q", query), ("explain", "true")])["explain"]["clauses"].clone()
    };
    let also = |query: &str, text: &str| {
        let clauses = clauses(query);
        let also = clauses[0]["also"].as_array().unwrap();
        also.iter().find(|one| one["text"] == text).cloned().unwrap_or_else(|| panic!("{query}: {clauses}"))
    };
    let hanja = also("미국", "美");
    assert_eq!(hanja["why"], "hanja");
    assert!(hanja["from"].as_str().unwrap().starts_with("hanja.txt:"), "{hanja}");
    let synonym = also("중기부에서", "중소벤처기업부");
    assert_eq!(synonym["why"], "synonym");
    assert!(synonym["from"].as_str().unwrap().starts_with("synonyms.txt:"), "{synonym}");
    for (query, text, why) in [
        ("5퍼센트", "5%", "unit"),
        ("천만", "10000000", "amount"),
        ("반對", "반대", "reading"),
        ("5달러", "$5", "money"),
    ] {
        let one = also(query, text);
        assert_eq!((&one["why"], &one["from"]), (&why.into(), &serde_json::Value::Null), "{query}");
    }
    assert_eq!(clauses("해바라기밭")[0]["also"], serde_json::json!([]));
    // A word before 기자 is that reporter, where there is one.
    let reporters = clauses("나도담 기자");
    assert_eq!((&reporters[0]["reporter"], &reporters[1]["reporter"]), (&"나도담".into(), &"나도담".into()));
    assert!(clauses("해바라기밭 기자")[0].get("reporter").is_none());
}
