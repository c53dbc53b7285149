//! What came since is told exactly, in the order in which it came.

use serde_json::{Map, Value, json};

use crate::contract::articles::Item;
use crate::contract::asked::Asked;
use crate::contract::asking::ids;
use crate::contract::chance::Chance;
use crate::contract::servers::Contract;
use crate::newsroom::{TOKEN, TestServer};

/// How many of the articles were there before: the others came one after the other.
pub const BEFORE: usize = 90;

/// What is asked, as a saved search has it.
fn params(asked: &Asked) -> Map<String, Value> {
    let mut params: Map<String, Value> = Map::new();
    for (name, value) in asked.parameters() {
        let values = params.entry(name).or_insert_with(|| json!([]));
        values.as_array_mut().unwrap().push(value.into());
    }
    params
}

fn save(server: &TestServer, name: &str, params: Map<String, Value>) {
    let body = json!({"title": "검색", "params": params});
    let request = server.request("PUT", &format!("/api/searches/{name}")).bearer_auth(TOKEN);
    let answer = server.send(request.header("content-type", "application/json").body(body.to_string()));
    assert!([200, 201].contains(&answer.status), "{answer:?}");
}

fn came(server: &TestServer, after: u64, size: usize) -> Value {
    server.admin("GET", &format!("/api/searches/asked/hits?after={after}&size={size}")).json()
}

pub fn what_came_equals_a_plain_look(contract: &Contract) {
    let mut chance = Chance(77);
    let server = &contract.arriving;
    let mut found = 0;
    for _ in 0..60 {
        let asked = Asked::at_random(&mut chance);
        save(server, "asked", params(&asked));
        let expected: Vec<String> = asked
            .matching(&contract.items[BEFORE..], None)
            .iter()
            .map(|item: &&Item| item.id.clone())
            .collect();
        let answer = came(server, 0, 1_000);
        assert_eq!(ids(&answer), expected, "{asked:?}");
        assert_eq!((&answer["more"], &answer["total"]), (&json!(false), &json!(expected.len())));
        // The last of them, and how many others came before.
        let latest = server.admin("GET", "/api/searches/asked/hits?latest=true&size=3").json();
        assert_eq!(ids(&latest), expected[expected.len().saturating_sub(3)..], "{asked:?}");
        assert_eq!((&latest["more"], &latest["total"]), (&json!(expected.len() > 3), &json!(expected.len())));
        assert_eq!(latest["last_sequence"], answer["last_sequence"]);
        found += expected.len();
        // In pieces it is the same.
        let mut pieces = Vec::new();
        let mut after = 0;
        loop {
            let piece = came(server, after, 7);
            pieces.extend(ids(&piece));
            after = piece["last_sequence"].as_u64().unwrap();
            if piece["more"] == false {
                break;
            }
        }
        assert_eq!(pieces, expected, "{asked:?}");
    }
    assert!(found > 300, "only {found} were found in all");
}

pub fn sequences_are_those_of_the_writes(contract: &Contract) {
    let server = &contract.arriving;
    save(server, "all", Map::new());
    let answer = server.admin("GET", "/api/searches/all/hits?size=1000").json();
    let hits = answer["hits"].as_array().unwrap();
    for (number, (hit, item)) in hits.iter().zip(&contract.items[BEFORE..]).enumerate() {
        let own = (hit["sequence"].as_u64().unwrap(), hit["id"].as_str().unwrap());
        assert_eq!(own, (number as u64 + 1, item.id.as_str()));
    }
    assert_eq!(hits.len(), contract.items.len() - BEFORE);
    let last = hits.len() as u64;
    assert_eq!(ids(&server.admin("GET", &format!("/api/searches/all/hits?after={last}")).json()).len(), 0);
}
