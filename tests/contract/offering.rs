//! What is offered to someone who types, what may have been meant, and what is related to an article.

use serde_json::Value;

use crate::contract::asking::{ids, walk};
use crate::contract::finding::percent_encoded;
use crate::contract::servers::Contract;
use crate::newsroom::with_query;

pub fn completions_find_as_many_as_they_say(contract: &Contract) {
    let mut offered = 0;
    for typed in
        ["반", "반도", "장미", "브록", "젤렌", "국민", "해바", "기자:한", "서울", "ㅂㄷㅊ", "wkdal", "가람"]
    {
        let answer = contract.newsroom.json(&with_query("/api/suggest", &[("q", typed)]));
        for completion in answer["completions"].as_array().unwrap() {
            let found =
                contract.newsroom.search(&[("q", completion["text"].as_str().unwrap()), ("size", "0")]);
            assert_eq!(
                (&found["total"], &found["relaxed"]),
                (&completion["count"], &Value::Bool(false)),
                "{typed}: {completion}"
            );
            assert_ne!(completion["count"], 0);
            offered += 1;
        }
        let texts: Vec<&Value> =
            answer["completions"].as_array().unwrap().iter().map(|one| &one["text"]).collect();
        assert!(
            texts.len() <= 8
                && texts.iter().all(|text| texts.iter().filter(|other| other == &text).count() == 1)
        );
    }
    assert!(offered > 12, "{offered} completions");
    let first = |typed: &str| {
        contract.newsroom.json(&with_query("/api/suggest", &[("q", typed), ("size", "1")]))["completions"]
            .clone()
    };
    assert_eq!(first("젤렌")[0]["text"], "젤렌스키");
    assert_eq!(first("에어")[0]["text"], "에어팟");
    assert_eq!(first("쿼크플라").as_array().unwrap().len(), 0);
}

pub fn a_slip_is_corrected_where_that_finds_more(contract: &Contract) {
    for (typed, meant) in [
        ("젤랜스키", "젤렌스키"),
        ("에이팟", "에어팟"),
        ("국민의흼", "국민의힘"),
        ("무지게다방", "무지개다방"),
        ("소나기마울", "소나기마을"),
        // With the keyboard switched.
        ("wkdal", "장미"),
    ] {
        let answer = contract.newsroom.search(&[("q", typed)]);
        assert_eq!((&answer["total"], &answer["suggestion"]), (&0.into(), &meant.into()), "{typed}");
        let found = contract.newsroom.search(&[("q", meant)])["total"].clone();
        assert_ne!(found, 0);
        assert_eq!(answer["suggestion_total"], found, "{typed}");
        let suggested = contract.newsroom.json(&with_query("/api/suggest", &[("q", typed)]));
        if suggested["completions"].as_array().unwrap().is_empty() {
            assert_eq!(suggested["correction"], meant, "{typed}");
        }
    }
    // Conditions hold for the correction, too.
    let nothing = contract.newsroom.search(&[("q", "젤랜스키"), ("from", "2030-01-01")]);
    assert_eq!((&nothing["total"], &nothing["suggestion"]), (&0.into(), &Value::Null));
    // Nothing is suggested where the words are found.
    assert_eq!(contract.newsroom.search(&[("q", "젤렌스키")])["suggestion"], Value::Null);
}

pub fn initial_consonants_find_what_they_complete(contract: &Contract) {
    let answer = contract.newsroom.search(&[("q", "ㅈㄹㅅㅋ"), ("size", "100")]);
    assert_eq!((&answer["query"], &answer["searched_for"]), (&"ㅈㄹㅅㅋ".into(), &"젤렌스키".into()));
    let meant = contract.newsroom.search(&[("q", "젤렌스키"), ("size", "100")]);
    assert_eq!((ids(&answer), &answer["total"]), (ids(&meant), &meant["total"]));
    assert_eq!((&meant["searched_for"], &meant["notes"]), (&Value::Null, &Value::Array(Vec::new())));
    assert_eq!(answer["notes"][0]["code"], "initial_consonants");
    assert!(answer["notes"][0]["text"].as_str().unwrap().contains("젤렌스키"));
    // Word by word, where no title has the words beside each other.
    let apart = contract.newsroom.search(&[("q", "ㅇㅋㄹㅇㄴ ㅈㄹㅅㅋ"), ("size", "0")]);
    let meant = contract.newsroom.search(&[("q", "우크라이나 젤렌스키"), ("size", "0")]);
    assert_eq!(apart["searched_for"], "우크라이나 젤렌스키");
    assert_eq!((&apart["total"], &meant["relaxed"]), (&meant["total"], &Value::Bool(false)));
    // Paging, exports and facets go the same way.
    let exported = contract.newsroom.get(&with_query("/export.csv", &[("q", "ㅈㄹㅅㅋ")])).text;
    assert_eq!(exported, contract.newsroom.get(&with_query("/export.csv", &[("q", "젤렌스키")])).text);
    for nothing in ["ㅉㅉㅉㅉㅉ", "ㅈ"] {
        let answer = contract.newsroom.search(&[("q", nothing)]);
        assert_eq!((&answer["total"], &answer["searched_for"]), (&0.into(), &Value::Null), "{nothing}");
    }
}

pub fn what_is_related_shares_the_subject(contract: &Contract) {
    let related = |id: &str, size: &str| {
        let path = with_query(&format!("/api/articles/{}/related", percent_encoded(id)), &[("size", size)]);
        contract.newsroom.json(&path)
    };
    assert_eq!(ids(&related("글/장미", "5")).first().map(String::as_str), Some("글/장터"));
    assert!(ids(&related("글/말줄임", "5")).is_empty(), "nothing in common is nothing related");
    for item in contract.items.iter().step_by(9) {
        let answer = related(&item.id, "4");
        let hits = answer["hits"].as_array().unwrap();
        assert!(hits.len() <= 4 && !ids(&answer).contains(&item.id), "never itself: {}", item.id);
        let scores: Vec<f64> = hits.iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
        assert!(
            scores.is_sorted_by(|a, b| a >= b) && scores.iter().all(|score| *score > 0.0),
            "best first: {scores:?}"
        );
        assert_eq!(ids(&related(&item.id, "4")), ids(&answer), "the same every time");
    }
    contract.newsroom.get("/api/articles/nobody/related").problem(404, "article_not_found");
    // Of a story that several outlets printed, one at most; of its own story none.
    for article in contract.prints.iter().step_by(3) {
        let path =
            format!("/api/articles/{}/related?size=20", percent_encoded(article["id"].as_str().unwrap()));
        let answer = contract.wire.json(&path);
        let mut stories: Vec<&Value> = Vec::new();
        for id in ids(&answer) {
            let print = contract.prints.iter().find(|print| print["id"] == id).unwrap();
            assert!(
                print["story"] != article["story"] && !stories.contains(&&print["story"]),
                "{id} of {article}"
            );
            stories.push(&print["story"]);
        }
    }
}

pub fn exports_and_feeds_are_the_search_in_its_order(contract: &Contract) {
    for parameters in [
        vec![],
        vec![("q", "해바라기밭"), ("sort", "oldest")],
        vec![("q", "해바라기밭 소나기마을"), ("match", "any")],
        vec![("q", "젤렌스키"), ("outlet", "각별일보")],
        vec![("q", "쿼크플라즈마")],
    ] {
        let searched = walk(&contract.newsroom, &parameters, 100);
        let columns = [&parameters[..], &[("columns", "id,published_at")]].concat();
        let (rows, answer) = rows(contract, &columns);
        assert_eq!(rows, searched, "{parameters:?}");
        assert_eq!(
            (answer.header("x-total-count"), answer.header("x-truncated")),
            (searched.len().to_string().as_str(), "false")
        );
        if parameters.iter().all(|(name, _)| *name != "sort") {
            let newest = walk(&contract.newsroom, &[&parameters[..], &[("sort", "newest")]].concat(), 100);
            let expected: Vec<String> =
                newest.iter().take(50).map(|id| format!("urn:gisa:article:{}", unreserved(id))).collect();
            assert_eq!(entries(contract, &parameters), expected, "{parameters:?}");
        }
    }
    // What is cut goes on after it.
    let parameters = [("q", "해바라기밭"), ("columns", "id,published_at"), ("size", "20")];
    let (mut all, answer) = rows(contract, &parameters);
    assert_eq!((all.len(), answer.header("x-truncated")), (20, "true"));
    let cursor = answer.header("x-next-cursor").to_owned();
    all.extend(rows(contract, &[&parameters[..2], &[("cursor", &cursor)]].concat()).0);
    assert_eq!(all, walk(&contract.newsroom, &[("q", "해바라기밭")], 100));
}

/// The ids of an export, whose first two columns are ids and times: neither needs quotes here.
fn rows(contract: &Contract, parameters: &[(&str, &str)]) -> (Vec<String>, crate::newsroom::Answer) {
    let answer = contract.newsroom.get(&with_query("/export.csv", parameters));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let lines = answer.text.strip_prefix('\u{FEFF}').unwrap().split_terminator("\r\n").skip(1);
    (lines.map(|line| line.split(',').next().unwrap().to_owned()).collect(), answer)
}

/// The ids of a feed's entries.
fn entries(contract: &Contract, parameters: &[(&str, &str)]) -> Vec<String> {
    let answer = contract.newsroom.get(&with_query("/feed.atom", parameters));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let feed = roxmltree::Document::parse(&answer.text).unwrap();
    let entries = feed
        .root_element()
        .children()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "entry")));
    let id = |entry: roxmltree::Node<'_, '_>| {
        let id = entry.children().find(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "id")));
        id.unwrap().text().unwrap().to_owned()
    };
    entries.map(id).collect()
}

/// Percent-encoded, unreserved characters left alone.
fn unreserved(id: &str) -> String {
    let byte = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    id.bytes().map(byte).collect()
}
