//! Related terms: their counts are those of a plain scan, and what stands out is what they name.

use std::collections::HashMap;

use gisa::entities::EntityKind;
use serde_json::Value;

use crate::contract::articles::Item;
use crate::contract::asked::Asked;
use crate::contract::asking::with;
use crate::contract::chance::Chance;
use crate::contract::servers::Contract;
use crate::newsroom::with_query;

fn terms(contract: &Contract, parameters: &[(&str, &str)]) -> Value {
    contract.newsroom.json(&with_query("/api/related-terms", parameters))
}

fn kind(name: &Value) -> EntityKind {
    EntityKind::ALL.into_iter().find(|kind| kind.as_str() == name).unwrap()
}

fn names(answer: &Value) -> Vec<String> {
    let terms = answer["terms"].as_array().unwrap().iter();
    terms.map(|term| term["term"].as_str().unwrap().to_owned()).collect()
}

pub fn counts_of_related_terms_equal_a_plain_scan(contract: &Contract) {
    let mut chance = Chance(31);
    let mut told = 0;
    for number in 0..80 {
        let asked = Asked::at_random(&mut chance);
        let answer = terms(contract, &with(&asked.parameters(), &[("pairs", "true"), ("size", "12")]));
        let matching = asked.matching(&contract.items, None);
        assert_eq!(answer["total"], matching.len(), "{number} {asked:?}");
        assert_eq!(answer["examined"], matching.len(), "{number} {asked:?}");
        let listed = answer["terms"].as_array().unwrap();
        let holds = |item: &Item, term: &Value| {
            item.names(kind(&term["kind"])).iter().any(|name| name == term["term"].as_str().unwrap())
        };
        let mut before = f64::MAX;
        for term in listed {
            let count = matching.iter().filter(|item| holds(item, term)).count();
            assert_eq!(term["count"], count, "{number} {asked:?} {term}");
            let score = term["score"].as_f64().unwrap();
            assert!(score >= 3.84 && score <= before, "{answer}");
            before = score;
        }
        let mut pairs: HashMap<(usize, usize), u64> = HashMap::new();
        for pair in answer["pairs"].as_array().unwrap() {
            let at = |name: &str| pair[name].as_u64().unwrap() as usize;
            pairs.insert((at("first"), at("second")), pair["count"].as_u64().unwrap());
        }
        for first in 0..listed.len() {
            for second in first + 1..listed.len() {
                let both = |item: &&&Item| holds(item, &listed[first]) && holds(item, &listed[second]);
                let together = matching.iter().filter(both).count() as u64;
                assert_eq!(pairs.get(&(first, second)).copied().unwrap_or(0), together, "{number} {asked:?}");
            }
        }
        told += listed.len();
    }
    assert!(told > 100, "{told}");
}

pub fn what_a_search_names_more_often_than_all_stands_first(contract: &Contract) {
    let answer = terms(contract, &[("q", "\"관측소를 짓는다\"")]);
    let first: Vec<String> = names(&answer).into_iter().take(2).collect();
    assert!(first.contains(&"기상청".to_owned()) && first.contains(&"대전".to_owned()), "{answer}");
    // Out of the whole archive nothing stands.
    assert_eq!(names(&terms(contract, &[])), [""; 0]);
    assert_eq!(names(&terms(contract, &[("q", "쿼크플라즈마")])), [""; 0]);
    // Only the kinds that are asked for, and no more than that.
    let persons = terms(contract, &[("q", "강연했다"), ("kinds", "person"), ("size", "1")]);
    assert_eq!(names(&persons), ["박민준"]);
    let problem = contract.newsroom.get(&with_query("/api/related-terms", &[("kinds", "animal")]));
    assert!(problem.problem(400, "bad_parameter")["detail"].as_str().unwrap().contains("organisation"));
}

pub fn the_words_of_a_search_are_not_related_to_it(contract: &Contract) {
    for own in [
        &[("q", "기상청")][..],
        &[("q", "기관:기상청")],
        &[("organisation", "기상청")],
        &[("q", "기상청은 관측소를")],
    ] {
        let answer = terms(contract, own);
        assert!(answer["total"].as_u64().unwrap() > 0, "{own:?}");
        let names = names(&answer);
        assert!(!names.iter().any(|name| name == "기상청" || name == "기상"), "{own:?} {answer}");
    }
}

pub fn what_a_text_names_can_be_asked_for(contract: &Contract) {
    let total = |parameters: &[(&str, &str)]| contract.newsroom.search(parameters)["total"].clone();
    let holding = |person: &str| {
        let names = |item: &&Item| item.names(EntityKind::Person).iter().any(|name| name == person);
        contract.items.iter().filter(names).count()
    };
    assert!(holding("김하늘") > 20);
    assert_eq!(total(&[("person", "김하늘")]), holding("김하늘"));
    assert_eq!(total(&[("q", "인물:김하늘")]), holding("김하늘"));
    assert_eq!(total(&[("q", "person:김하늘")]), holding("김하늘"));
    assert_eq!(total(&[("q", "-인물:김하늘")]), contract.items.len() - holding("김하늘"));
    // Decomposed, as some systems write it.
    assert_eq!(total(&[("person", "\u{1100}\u{1175}\u{11B7}하늘")]), holding("김하늘"));
    assert_eq!(total(&[("person", "없는이")]), 0);
}
