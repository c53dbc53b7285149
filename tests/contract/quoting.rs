//! Search inside quotations: what is found, counted and ordered is what a plain scan of the sentences finds.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::contract::articles::{OUTLETS, moment, word, written};
use crate::contract::asking::marked;
use crate::contract::chance::Chance;
use crate::contract::servers::Contract;
use crate::contract::truth::kept;
use crate::newsroom::with_query;

/// Who speaks: the words for them, and the name.
const SPEAKERS: [(&str, Option<&str>); 5] = [
    ("김하늘 장관은", Some("김하늘")),
    ("이바다 대표는", Some("이바다")),
    ("박민준 의원은", Some("박민준")),
    ("경찰은", None),
    ("한 관계자는", None),
];

/// A quotation, as its sentence was made.
#[derive(Debug, Clone)]
pub struct Said {
    words: [&'static str; 2],
    speaker: usize,
}

impl Said {
    fn text(&self) -> String {
        format!("{} {} 지키겠다", self.words[0], self.words[1])
    }

    fn name(&self) -> Option<&'static str> {
        SPEAKERS[self.speaker].1
    }
}

/// An article in which people speak.
#[derive(Debug, Clone)]
pub struct Talk {
    id: String,
    outlet: &'static str,
    published: Option<String>,
    /// What stands outside quotations.
    outside: &'static str,
    said: Vec<Said>,
}

impl Talk {
    fn body(&self) -> String {
        let sentences = self
            .said
            .iter()
            .map(|said| format!(" {} 🙂 “{}”고 말했다.", SPEAKERS[said.speaker].0, said.text()));
        format!("{} 행사가 열렸다.{}", self.outside, sentences.collect::<String>())
    }

    pub fn json(&self) -> Value {
        json!({"id": self.id, "title": format!("{} 이야기", self.outside), "body": self.body(), "outlet": self.outlet,
            "published_at": self.published})
    }
}

/// The articles, in no order.
pub fn talks() -> Vec<Talk> {
    let mut chance = Chance(2026);
    let talk = |number: usize| {
        let said = (0..chance.below(5)).map(|_| {
            let words = [word(&mut chance), word(&mut chance)];
            Said { words, speaker: chance.below(SPEAKERS.len()) }
        });
        let said = said.collect();
        let outside = word(&mut chance);
        let published = (chance.below(9) > 0).then(|| written(moment(&mut chance)));
        Talk { id: format!("말/{number:03}"), outlet: chance.one(&OUTLETS), published, outside, said }
    };
    (0..120).map(talk).collect()
}

/// A quotation of an article.
type Found<'t> = (&'t Talk, &'t Said);

/// The quotations for which `holds`, as they must be listed.
fn scanned<'t>(talks: &'t [Talk], holds: impl Fn(&Talk, &Said) -> bool) -> Vec<Found<'t>> {
    let mut talks: Vec<&Talk> = talks.iter().collect();
    talks.sort_by(|a, b| {
        let undated = a.published.is_none().cmp(&b.published.is_none());
        undated.then_with(|| b.published.cmp(&a.published)).then_with(|| a.id.cmp(&b.id))
    });
    let all = talks.into_iter().flat_map(|talk| talk.said.iter().map(move |said| (talk, said)));
    all.filter(|(talk, said)| holds(talk, said)).collect()
}

fn speakers(found: &[Found<'_>]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for name in found.iter().filter_map(|(_, said)| said.name()) {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    counts
}

/// Checks an answer that has all quotations on its page.
fn check(answer: &Value, found: &[Found<'_>], counted: &[Found<'_>], what: &str) {
    assert_eq!(answer["total"], found.len(), "{what}");
    let mut articles: Vec<&str> = found.iter().map(|(talk, _)| talk.id.as_str()).collect();
    articles.dedup();
    assert_eq!(answer["articles"], articles.len(), "{what}");
    let listed = answer["quotes"].as_array().unwrap();
    assert_eq!(listed.len(), found.len().min(100), "{what}");
    for (quote, (talk, said)) in listed.iter().zip(found) {
        assert_eq!(quote["article"]["id"], talk.id, "{what}");
        assert_eq!(quote["text"], said.text(), "{what}");
        assert_eq!(quote["speaker"], json!(said.name()), "{what}");
        assert_eq!(quote["speaker_text"], SPEAKERS[said.speaker].0, "{what}");
        assert_eq!(quote["article"]["outlet"], talk.outlet, "{what}");
        let units: Vec<u16> = talk.body().encode_utf16().collect();
        let at = |name: &str| quote[name].as_u64().unwrap() as usize;
        assert_eq!(String::from_utf16(&units[at("start")..at("end")]).unwrap(), said.text(), "{what}");
    }
    let values = answer["speakers"].as_array().unwrap().iter();
    let values: BTreeMap<String, u64> = values
        .map(|value| (value["value"].as_str().unwrap().to_owned(), value["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(values, speakers(counted), "{what}");
    let named: u64 = values.values().sum();
    assert_eq!(answer["unnamed"], counted.len() as u64 - named, "{what}");
    assert_eq!(answer["other"], 0, "{what}");
}

pub fn quotations_equal_a_plain_scan(contract: &Contract) {
    let mut chance = Chance(77);
    let mut told = 0;
    for number in 0..80 {
        let (a, b, c) = (word(&mut chance), word(&mut chance), word(&mut chance));
        let has = |said: &Said, word: &str| kept(&said.text()).contains(word);
        let phrase = format!("{a}{b}");
        type Holds<'h> = Box<dyn Fn(&Said) -> bool + 'h>;
        let (query, holds): (String, Holds<'_>) = match number % 8 {
            0 => (String::new(), Box::new(|_| true)),
            1 | 2 => (a.to_owned(), Box::new(|said| has(said, a))),
            3 => (format!("{a} OR {b}"), Box::new(|said| has(said, a) || has(said, b))),
            4 => (format!("{a} -{b}"), Box::new(|said| has(said, a) && !has(said, b))),
            5 => (format!("\"{a} {b}\""), Box::new(|said| has(said, &phrase))),
            6 => (
                format!("({a} OR {b}) 지키겠다 -{c}"),
                Box::new(|said| (has(said, a) || has(said, b)) && !has(said, c)),
            ),
            _ => (format!("지키겠다 ~2 {a}"), Box::new(|said| has(said, a))),
        };
        let outlet = (chance.below(3) == 0).then(|| chance.one(&OUTLETS));
        let speaker = (chance.below(3) == 0).then(|| SPEAKERS[chance.below(3)].1.unwrap());
        let mut parameters = vec![("q", query.as_str()), ("size", "100")];
        parameters.extend(outlet.map(|outlet| ("outlet", outlet)));
        let passes =
            |talk: &Talk, said: &Said| outlet.is_none_or(|outlet| talk.outlet == outlet) && holds(said);
        let counted = scanned(&contract.talks, passes);
        let found: Vec<Found<'_>> =
            counted.iter().copied().filter(|(_, said)| speaker.is_none() || said.name() == speaker).collect();
        parameters.extend(speaker.map(|speaker| ("speaker", speaker)));
        let answer = contract.quoted.json(&with_query("/api/quotes", &parameters));
        check(&answer, &found, &counted, &format!("{number} {parameters:?}"));
        if number % 8 == 1 {
            for quote in answer["quotes"].as_array().unwrap() {
                assert!(!marked(quote).is_empty() && marked(quote).iter().all(|mark| mark == a), "{quote}");
            }
        }
        told += found.len();
    }
    assert!(told > 500, "{told}");
}

pub fn words_must_be_in_one_quotation(contract: &Contract) {
    let (talk, first, second) = contract
        .talks
        .iter()
        .find_map(|talk| {
            let [first, second, ..] = talk.said.as_slice() else { return None };
            let apart = !first.words.contains(&second.words[0]) && !second.words.contains(&first.words[0]);
            apart.then_some((talk, first.words[0], second.words[0]))
        })
        .unwrap();
    let query = format!("{first} {second}");
    let found = contract.newsroom_of_talks(&query);
    let together = |said: &Said| said.words.contains(&first) && said.words.contains(&second);
    let expected = scanned(&contract.talks, |_, said| together(said));
    assert_eq!(found["total"], expected.len());
    let ids = found["quotes"].as_array().unwrap().iter().map(|quote| quote["text"].clone());
    assert_eq!(
        ids.collect::<Vec<_>>(),
        expected.iter().map(|(_, said)| json!(said.text())).collect::<Vec<_>>()
    );
    // A search finds the article all the same.
    let hits = contract.quoted.json(&with_query("/api/search", &[("q", &query), ("size", "100")]));
    assert!(hits["hits"].as_array().unwrap().iter().any(|hit| hit["id"] == talk.id));
    // What stands outside is in none.
    let answer = contract.newsroom_of_talks("열렸다");
    assert_eq!((&answer["total"], &answer["quotes"]), (&json!(0), &json!([])));
}

impl Contract {
    fn newsroom_of_talks(&self, query: &str) -> Value {
        self.quoted.json(&with_query("/api/quotes", &[("q", query), ("size", "100")]))
    }
}

pub fn pages_of_quotations_bring_each_once(contract: &Contract) {
    let all = scanned(&contract.talks, |_, _| true);
    let mut seen = Vec::new();
    for page in 1.. {
        let number = page.to_string();
        let answer = contract.quoted.json(&with_query("/api/quotes", &[("size", "7"), ("page", &number)]));
        assert_eq!(answer["total"], all.len());
        assert_eq!((&answer["page"], &answer["size"]), (&json!(page), &json!(7)));
        let quotes = answer["quotes"].as_array().unwrap();
        if quotes.is_empty() {
            break;
        }
        seen.extend(quotes.iter().map(|quote| (quote["article"]["id"].clone(), quote["text"].clone())));
    }
    let expected: Vec<_> = all.iter().map(|(talk, said)| (json!(talk.id), json!(said.text()))).collect();
    assert_eq!(seen, expected);
    let few = contract.quoted.json(&with_query("/api/quotes", &[("speakers", "1"), ("size", "0")]));
    assert_eq!(few["quotes"], json!([]));
    assert_eq!(few["speakers"].as_array().unwrap().len(), 1);
    let named: u64 = speakers(&all).values().sum();
    assert_eq!(few["speakers"][0]["count"].as_u64().unwrap() + few["other"].as_u64().unwrap(), named);
}

pub fn a_table_of_quotations_has_the_same_rows(contract: &Contract) {
    let table = contract.quoted.get(&with_query("/export/quotes.csv", &[("speaker", "이바다")])).text;
    let found = scanned(&contract.talks, |_, said| said.name() == Some("이바다"));
    let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), found.len());
    for (row, (talk, said)) in rows.iter().zip(found) {
        assert_eq!((&row[0], &row[2], &row[3]), ("이바다", said.text().as_str(), talk.id.as_str()));
    }
}

pub fn what_cannot_be_asked_of_quotations_is_refused(contract: &Contract) {
    for (parameters, code) in [
        ([("size", "101"), ("q", "")], "bad_parameter"),
        ([("size", "100"), ("page", "101")], "page_window"),
        ([("speaker", ""), ("q", "")], "bad_parameter"),
        ([("sort", "newest"), ("q", "")], "unknown_parameter"),
    ] {
        let answer = contract.quoted.get(&with_query("/api/quotes", &parameters));
        assert_eq!(answer.json()["code"], code, "{parameters:?}");
    }
}
