//! Searches over time are exact, and leave no bucket out.

use std::collections::BTreeMap;

use serde_json::Value;
use time::{Date, Month};

use crate::contract::articles::{Item, word};
use crate::contract::asked::Asked;
use crate::contract::asking::with;
use crate::contract::chance::Chance;
use crate::contract::servers::Contract;
use crate::newsroom::with_query;

const SPANS: [&str; 4] = ["day", "week", "month", "year"];

/// The bucket of an article, by the calendar alone.
fn bucket(item: &Item, by: &str) -> Option<String> {
    let (year, month, day, ..) = item.published?;
    Some(match by {
        "day" => format!("{year:04}-{month:02}-{day:02}"),
        "month" => format!("{year:04}-{month:02}"),
        "year" => format!("{year:04}"),
        _ => {
            let month = Month::try_from(u8::try_from(month).unwrap()).unwrap();
            let date = Date::from_calendar_date(year, month, u8::try_from(day).unwrap()).unwrap();
            // The week is that of its Thursday (ISO 8601).
            let thursday = date.to_julian_day() - i32::from(date.weekday().number_days_from_monday()) + 3;
            let thursday = Date::from_julian_day(thursday).unwrap();
            format!("{:04}-W{:02}", thursday.year(), (thursday.ordinal() - 1) / 7 + 1)
        }
    })
}

fn counted(items: &[&Item], by: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for bucket in items.iter().filter_map(|item| bucket(item, by)) {
        *counts.entry(bucket).or_default() += 1;
    }
    counts
}

/// The buckets of an answer that have articles.
fn filled(answer: &Value, counts: &Value) -> BTreeMap<String, u64> {
    let buckets = answer["buckets"].as_array().unwrap();
    let counts = counts.as_array().unwrap();
    assert_eq!(buckets.len(), counts.len(), "a count for each bucket");
    let pairs = buckets
        .iter()
        .zip(counts)
        .map(|(bucket, count)| (bucket.as_str().unwrap().to_owned(), count.as_u64().unwrap()));
    pairs.filter(|(_, count)| *count > 0).collect()
}

pub fn trends_equal_a_plain_count(contract: &Contract) {
    let mut chance = Chance(26);
    let mut compared = 0;
    while compared < 60 {
        // Both have the filters of the first.
        let asked = Asked::at_random(&mut chance);
        let own = asked.parameters();
        if own[0].1.is_empty()
            || own.iter().any(|(name, _)| matches!(*name, "from" | "to")) && compared % 2 == 0
        {
            continue;
        }
        let (other, by) = (word(&mut chance), chance.one(&["month", "week", "year", "month"]));
        let parameters = with(&own, &[("q", other), ("by", by)]);
        let answer = contract.newsroom.json(&with_query("/api/trends", &parameters));
        assert_eq!(answer["by"], by);
        let everything = asked.passing(&contract.items);
        let first = asked.matching(&contract.items, None);
        let second: Vec<&Item> = everything.iter().copied().filter(|item| item.holds(other)).collect();
        assert_eq!(filled(&answer, &answer["all"]), counted(&everything, by), "{asked:?}");
        for (number, expected) in [first, second].iter().enumerate() {
            let series = &answer["series"][number];
            assert_eq!(filled(&answer, &series["counts"]), counted(expected, by), "{number} {asked:?}");
            assert_eq!(series["total"], expected.len(), "{number} {asked:?}");
            let dated = expected.iter().filter(|item| item.published.is_some()).count() as u64;
            let undated = match number {
                0 if asked.has_period() => asked.undated(&contract.items),
                // The second has the filters of the first, and another query.
                1 if asked.has_period_beside() => {
                    asked.undated_passing(&contract.items, |item| item.holds(other))
                }
                _ => expected.len() - dated as usize,
            };
            assert_eq!(series["undated"], undated, "{number} {asked:?}");
            let sum: u64 = series["counts"].as_array().unwrap().iter().filter_map(Value::as_u64).sum();
            assert_eq!(sum, dated, "{number} {asked:?}");
        }
        compared += 1;
    }
}

pub fn buckets_follow_each_other_without_a_gap(contract: &Contract) {
    let buckets = |parameters: &[(&str, &str)]| {
        let answer = contract.newsroom.json(&with_query("/api/trends", parameters));
        let buckets = answer["buckets"].as_array().unwrap().clone();
        let buckets: Vec<String> = buckets.iter().map(|bucket| bucket.as_str().unwrap().to_owned()).collect();
        (answer["by"].as_str().unwrap().to_owned(), buckets)
    };
    let during = |from, to, by| buckets(&[("q", "장미"), ("from", from), ("to", to), ("by", by)]).1;
    assert_eq!(
        during("2023-12-30", "2024-01-02", "day"),
        ["2023-12-30", "2023-12-31", "2024-01-01", "2024-01-02"]
    );
    assert_eq!(during("2020-12-31", "2021-01-04", "week"), ["2020-W53", "2021-W01"]);
    assert_eq!(during("2023-11-30", "2024-02-01", "month"), ["2023-11", "2023-12", "2024-01", "2024-02"]);
    assert_eq!(during("2023-11-30", "2024-02-01", "year"), ["2023", "2024"]);
    // An end that is open is that of the articles.
    let (by, all) = buckets(&[("q", "장미")]);
    let years: Vec<i32> = contract.items.iter().filter_map(|item| item.published.map(|at| at.0)).collect();
    let (first, last) = (years.iter().min().unwrap(), years.iter().max().unwrap());
    assert_eq!(by, "year", "57 years are counted by years where nothing else is asked for");
    assert_eq!(all, (*first..=*last).map(|year| format!("{year:04}")).collect::<Vec<_>>());
    assert_eq!(buckets(&[("q", "장미"), ("from", "2024-01-01"), ("to", "2024-03-31")]).0, "day");
    assert_eq!(buckets(&[("q", "장미"), ("from", "2024-01-01"), ("to", "2025-03-31")]).0, "month");
    // Without a day there are no buckets.
    assert_eq!(buckets(&[("q", "장미"), ("outlet", "없는신문")]).1.len(), 0);
    for by in SPANS {
        let name = |parameters| buckets(parameters).0;
        assert_eq!(name(&[("q", "장미"), ("from", "2024-01-01"), ("to", "2024-03-31"), ("by", by)]), by);
    }
}

pub fn what_cannot_be_compared_is_refused_with_a_reason(contract: &Contract) {
    let refused = |parameters: &[(&str, &str)], code: &str, says: &str| {
        let problem = contract.newsroom.get(&with_query("/api/trends", parameters)).problem(400, code);
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{parameters:?}: {detail}");
    };
    let query = ("q", "장미");
    refused(&[], "bad_parameter", "`q`");
    refused(&[query; 6], "bad_parameter", "5");
    refused(&[("q", "")], "bad_parameter", "`q`");
    refused(&[query, ("by", "hour")], "bad_parameter", "week");
    refused(&[query, ("size", "3")], "unknown_parameter", "`size`");
    refused(&[query, ("by", "day")], "bad_parameter", "`from`");
    refused(&[query, ("from", "1900-01-01"), ("to", "2026-01-01"), ("by", "week")], "bad_parameter", "4000");
}

pub fn the_table_says_the_same(contract: &Contract) {
    let parameters =
        [("q", "장미"), ("q", "=금리"), ("by", "month"), ("from", "2019-01-01"), ("to", "2019-12-31")];
    let answer = contract.newsroom.json(&with_query("/api/trends", &parameters));
    let table = contract.newsroom.get(&with_query("/export/trends.csv", &parameters));
    assert!(table.header("content-type").starts_with("text/csv"));
    let undated = [0, 1].map(|number| answer["series"][number]["undated"].to_string()).join(", ");
    assert_eq!(table.header("x-undated"), undated);
    let text = table.text.strip_prefix('\u{FEFF}').unwrap();
    let rows: Vec<Vec<&str>> = text.trim_end().split("\r\n").map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["bucket", "all", "장미", "'=금리"], "no cell is a formula");
    assert_eq!(rows.len(), 13);
    for (number, row) in rows[1..].iter().enumerate() {
        let count = |counts: &Value| counts[number].to_string();
        let expected = [
            answer["buckets"][number].as_str().unwrap().to_owned(),
            count(&answer["all"]),
            count(&answer["series"][0]["counts"]),
            count(&answer["series"][1]["counts"]),
        ];
        assert_eq!(row, &expected);
    }
}
