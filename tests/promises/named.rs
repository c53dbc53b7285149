//! What texts name is counted as they arrive, and what an article's limits leave out is said.

use std::collections::BTreeMap;

use crate::newsroom::{Newsroom, TOKEN, TestServer, with_query};
use gisa::service::JobState;
use serde_json::{Value, json};

/// The values of a facet with their counts.
fn counts(server: &TestServer, field: &str, parameters: &[(&str, &str)]) -> BTreeMap<String, u64> {
    let asked = [parameters, &[("size", "1000")]].concat();
    let answer = server.json(&with_query(&format!("/api/facets/{field}"), &asked));
    let values = answer["values"].as_array().unwrap().iter();
    values
        .map(|value| (value["value"].as_str().unwrap().to_owned(), value["count"].as_u64().unwrap()))
        .collect()
}

fn push(server: &TestServer, id: &str, body: &str) {
    let article = json!({"title": format!("소식 {id}"), "body": body});
    let put = server.request("PUT", &format!("/api/articles/{id}?refresh=true")).bearer_auth(TOKEN);
    assert_eq!(server.send(put.json(&article)).status, 200);
}

#[test]
fn names_are_counted_over_pushes_and_deletions() {
    let server = TestServer::start(&[
        json!({"id": "a", "title": "금리", "body": "김하늘 장관은 부산에서 말했다."}),
        json!({"id": "b", "title": "예산", "body": "이바다 의원은 부산에서 물었다."}),
    ]);
    assert_eq!(
        counts(&server, "person", &[]),
        BTreeMap::from([("김하늘".to_owned(), 1), ("이바다".to_owned(), 1)])
    );
    for number in 0..6 {
        push(&server, &format!("p-{number}"), "박민준 대표는 김하늘 장관을 대전에서 만났다.");
        let expected = [("김하늘", 2 + number), ("박민준", 1 + number), ("이바다", 1)];
        let expected = expected.map(|(name, count)| (name.to_owned(), count));
        assert_eq!(counts(&server, "person", &[]), BTreeMap::from(expected));
    }
    assert_eq!(server.search(&[("person", "박민준")])["total"], 6);
    assert_eq!(counts(&server, "place", &[("person", "박민준")]), BTreeMap::from([("대전".to_owned(), 6)]));
    // A correction names others, a deletion nobody.
    push(&server, "p-0", "이바다 의원은 서울에 있다.");
    assert_eq!(server.admin("DELETE", "/api/articles/p-1").status, 200);
    push(&server, "p-2", "아무도 없었다.");
    let expected =
        [("김하늘", 4), ("박민준", 3), ("이바다", 2)].map(|(name, count)| (name.to_owned(), count));
    assert_eq!(counts(&server, "person", &[]), BTreeMap::from(expected));
    let answer = server.json(&with_query("/api/related-terms", &[("person", "이바다")]));
    assert_eq!((&answer["total"], &answer["examined"]), (&json!(2), &json!(2)));
    let terms = answer["terms"].as_array().unwrap();
    assert!(terms.iter().all(|term| term["term"] != "이바다" && term["term"] != "대전"), "{answer}");
}

#[test]
fn a_name_is_found_however_a_reader_calls_it() {
    let newsroom = Newsroom::new(&[
        json!({"id": "a", "title": "금리", "body": "한국은행은 서울에서 회의를 열었다."}),
        json!({"id": "b", "title": "공연", "body": "가람극단은 부산에서 막을 올렸다."}),
    ]);
    let lexicon = newsroom.path().join("data/lexicon");
    std::fs::create_dir_all(&lexicon).unwrap();
    std::fs::write(lexicon.join("synonyms.txt"), "한국은행, 한은\n").unwrap();
    let server = TestServer::start_with(newsroom, |_| {});
    for (name, value) in
        [("organisation", "한국은행"), ("organisation", "한은"), ("place", "서울"), ("place", "서울특별시")]
    {
        let found = server.search(&[(name, value)]);
        assert_eq!((&found["total"], &found["hits"][0]["id"]), (&json!(1), &json!("a")), "{name}={value}");
    }
    for query in ["기관:한은", "장소:서울시", "-장소:부산광역시"] {
        let found = server.search(&[("q", query)]);
        assert_eq!((&found["total"], &found["hits"][0]["id"]), (&json!(1), &json!("a")), "{query}");
    }
    assert_eq!(server.search(&[("organisation", "한은빛")])["total"], 0);
}

#[test]
fn names_beyond_the_limits_of_an_article_are_counted_as_left_out() {
    let (families, first, last) = ("김이박최정강조윤", "민지현영재정성수상승", "준우호희연경진태기용");
    let names = families.chars().flat_map(|family| {
        first
            .chars()
            .flat_map(move |one| last.chars().map(move |other| format!("▲{family}{one}{other} 과장")))
    });
    let body: Vec<String> = names.collect();
    let server = TestServer::start(&[json!({"id": "a", "title": "[인사] 가람시", "body": body.join(" ")})]);
    let answer = server.admin("POST", "/api/admin/reindex");
    let job = server.wait_for(answer.json()["job"]["id"].as_str().unwrap());
    assert_eq!(job.state, JobState::Succeeded);
    assert_eq!(counts(&server, "person", &[]).len(), 512, "the limit is reached");
    assert!(job.names_left_out > 0);
    let listed = server.admin("GET", &format!("/api/admin/jobs/{}", job.id)).json();
    assert_eq!(listed["job"]["names_left_out"], json!(job.names_left_out));
    // Where nothing is left out, nothing is said of it.
    let server =
        TestServer::start(&[json!({"id": "a", "title": "금리", "body": "김하늘 장관은 부산에 있다."})]);
    let answer = server.admin("POST", "/api/admin/reindex");
    let job = server.wait_for(answer.json()["job"]["id"].as_str().unwrap());
    let listed = server.admin("GET", &format!("/api/admin/jobs/{}", job.id)).json();
    assert_eq!(listed["job"].get("names_left_out"), None::<&Value>);
}
