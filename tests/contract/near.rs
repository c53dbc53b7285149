//! Where the hits end without filling the page, what comes near them follows, apart from everything that counts.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::contract::asking::{ids, sorted};
use crate::contract::servers::Contract;
use crate::newsroom::with_query;

/// Two of the generated words: each in dozens of articles, both in some.
const PAIR: [&str; 2] = ["해바라기밭", "소나기마을"];

/// Ids of what comes near, with the words that each lacks.
fn near(answer: &Value) -> Vec<(String, Vec<String>)> {
    let hits = answer["also"]["hits"].as_array().unwrap_or_else(|| panic!("nothing comes near: {answer}"));
    let lacks = |hit: &Value| {
        hit["lacks"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    hits.iter().map(|hit| (hit["id"].as_str().unwrap().to_owned(), lacks(hit))).collect()
}

pub fn what_lacks_a_word_follows_the_hits_and_says_which(contract: &Contract) {
    let query = PAIR.join(" ");
    let search = |more: &[(&str, &str)]| contract.newsroom.search(&[&[("q", query.as_str())], more].concat());
    let holding = |words: &[&str]| -> Vec<String> {
        let items = contract.items.iter().filter(|item| words.iter().all(|word| item.holds(word)));
        sorted(items.map(|item| item.id.clone()).collect())
    };
    let (both, either): (BTreeSet<String>, BTreeSet<String>) =
        (holding(&PAIR).into_iter().collect(), PAIR.iter().flat_map(|word| holding(&[word])).collect());
    assert!(both.len() > 3 && both.len() < 100, "{}", both.len());
    let answer = search(&[("size", "100")]);
    // The strict set is what it was: total, hits and facets know nothing of the rest.
    assert_eq!((&answer["total"], &answer["relaxed"]), (&both.len().into(), &false.into()));
    assert_eq!(ids(&answer).into_iter().collect::<BTreeSet<_>>(), both);
    let found = near(&answer);
    assert_eq!(found.len(), (100 - both.len()).min(answer["also"]["total"].as_u64().unwrap() as usize));
    for (id, lacks) in &found {
        assert!(either.contains(id) && !both.contains(id), "{id}");
        let item = contract.items.iter().find(|item| item.id == *id).unwrap();
        let missing: Vec<&str> = PAIR.into_iter().filter(|word| !item.holds(word)).collect();
        assert_eq!(lacks, &missing, "{id}");
    }
    // Both words weigh nearly the same, so that either is a weighty part.
    assert_eq!(answer["also"]["total"], either.len() - both.len());
    let unmarked = search(&[("size", "100"), ("highlight", "false")]);
    assert_eq!(near(&unmarked), found);
}

pub fn what_comes_near_fills_only_the_page_on_which_the_hits_end(contract: &Contract) {
    let query = PAIR.join(" ");
    let search = |more: &[(&str, &str)]| contract.newsroom.search(&[&[("q", query.as_str())], more].concat());
    let total = search(&[])["total"].as_u64().unwrap() as usize;
    let size = total - 1;
    let size_text = size.to_string();
    let first = search(&[("size", &size_text)]);
    assert_eq!((first["hits"].as_array().unwrap().len(), &first["also"]), (size, &Value::Null));
    let second = search(&[("size", &size_text), ("page", "2")]);
    assert_eq!(second["hits"].as_array().unwrap().len(), 1);
    assert_eq!(near(&second).len(), size - 1);
    assert_eq!(search(&[("size", &size_text), ("page", "3")])["also"], Value::Null);
    assert_eq!(search(&[("size", &total.to_string())])["also"], Value::Null);
    // The walk of a cursor ends with the hits.
    let cursor = first["next_cursor"].as_str().unwrap();
    let walked = search(&[("size", &size_text), ("cursor", cursor)]);
    assert_eq!((walked["hits"].as_array().unwrap().len(), &walked["also"]), (1, &Value::Null));
    // The order is that of relevance, and it is the same every time.
    let scores: Vec<f64> = search(&[("size", "100")])["also"]["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b) && scores.iter().all(|score| *score > 0.0), "{scores:?}");
}

pub fn nothing_comes_near_where_that_was_not_asked(contract: &Contract) {
    let query = PAIR.join(" ");
    let near_of =
        |parameters: &[(&str, &str)]| contract.newsroom.search(&[parameters, &[("size", "100")]].concat());
    for more in [("match", "all"), ("match", "any"), ("sort", "newest"), ("sort", "oldest")] {
        assert_eq!(near_of(&[("q", &query), more])["also"], Value::Null, "{more:?}");
    }
    // One word, only a phrase, nothing at all; and where the answer is relaxed.
    for query in ["장미", "\"장미 축제\"", "", "젤렌스키 장미"] {
        assert_eq!(near_of(&[("q", query)])["also"], Value::Null, "{query:?}");
    }
    // Exports, feeds and facets are the strict set.
    let total = near_of(&[("q", &query)])["total"].as_u64().unwrap() as usize;
    let lines =
        contract.newsroom.get(&with_query("/export.csv", &[("q", query.as_str()), ("columns", "id")])).text;
    assert_eq!(lines.lines().count(), 1 + total);
    let facet = contract.newsroom.json(&with_query("/api/facets/outlet", &[("q", query.as_str())]));
    assert_eq!(facet["total"], total);
}

pub fn phrases_fields_exclusions_and_filters_are_never_dropped(contract: &Contract) {
    let [one, two] = PAIR;
    let found = |query: &str, more: &[(&str, &str)]| {
        let answer = contract.newsroom.search(&[&[("q", query), ("size", "100")], more].concat());
        near(&answer)
    };
    let item = |id: &str| contract.items.iter().find(|item| item.id == id).unwrap();
    let third = "달팽이걸음";
    let without = found(&format!("{one} {two} -{third}"), &[]);
    assert!(!without.is_empty() && without.iter().all(|(id, _)| !item(id).holds(third)));
    let with = found(&format!("{one} {two} \"{third}\""), &[]);
    assert!(!with.is_empty() && with.iter().all(|(id, _)| item(id).holds(third)));
    let titled = found(&format!("{one} {two} 제목:{third}"), &[]);
    assert!(!titled.is_empty() && titled.iter().all(|(id, _)| item(id).title.contains(third)));
    let economy = found(&format!("{one} {two}"), &[("section", "경제")]);
    assert!(!economy.is_empty() && economy.iter().all(|(id, _)| item(id).section.as_deref() == Some("경제")));
}

pub fn a_reprint_of_a_hit_does_not_come_near_it(contract: &Contract) {
    let story = |id: &str| {
        let found = contract.prints.iter().find(|article| article["id"] == id).unwrap();
        found["story"].as_str().unwrap().to_owned()
    };
    let town = contract.prints[0]["title"].as_str().unwrap().split(' ').next().unwrap().to_owned();
    // A word that editors change, so that of one story some articles hold it and others do not.
    let query = format!("{town} 말했다");
    let parameters = [("q", query.as_str()), ("group", "similar"), ("size", "100")];
    let answer = contract.wire.search(&parameters);
    let shown: BTreeSet<String> = ids(&answer).iter().map(|id| story(id)).collect();
    let found = near(&answer);
    assert!(!shown.is_empty() && answer["also"]["total"] == found.len());
    let mut stories = BTreeSet::new();
    for (id, _) in &found {
        assert!(!shown.contains(&story(id)), "{id} is shown already");
        assert!(stories.insert(story(id)), "{id} is folded");
    }
}

pub fn a_time_word_is_lacking_only_in_articles_of_another_time(contract: &Contract) {
    let [one, two] = PAIR;
    let query = format!("2024년 {one} {two}");
    let answer = contract.newsroom.search(&[("q", query.as_str()), ("size", "100")]);
    let found = near(&answer);
    let mut untimely = 0;
    for (id, lacks) in &found {
        let item = contract.items.iter().find(|item| item.id == *id).unwrap();
        let timely =
            item.published.is_some_and(|(year, month, ..)| year == 2024 || (year, month) == (2025, 1));
        assert_eq!(lacks.iter().any(|word| word == "2024년"), !timely, "{id} {lacks:?}");
        assert!(!lacks.is_empty(), "{id}");
        untimely += usize::from(!timely);
    }
    assert!(untimely > 0 && untimely < found.len(), "{untimely} of {}", found.len());
}
