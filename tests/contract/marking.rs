//! What is marked, in whole articles, in titles and snippets of hits, and in texts from outside.

use serde_json::{Value, json};

use crate::contract::asking::{marked, with};
use crate::contract::servers::Contract;
use crate::newsroom::with_query;

/// Names that are marked wherever they stand, without their particles.
const NAMES: [&str; 8] =
    ["젤렌스키", "국민의힘", "이재명", "소상공인", "우크라이나", "해바라기밭", "소나기마을", "장미 축제"];

/// Where the words of a name stand in a text, in UTF-16 code units.
fn occurrences(text: &str, name: &str) -> Vec<[u64; 2]> {
    let units = |text: &str| text.encode_utf16().count() as u64;
    let of_word = |word: &str| -> Vec<[u64; 2]> {
        let found = text.match_indices(word);
        found.map(|(at, word)| [units(&text[..at]), units(&text[..at + word.len()])]).collect()
    };
    let mut all: Vec<[u64; 2]> = name.split(' ').flat_map(of_word).collect();
    all.sort_unstable();
    all
}

pub fn a_name_is_marked_wherever_it_stands(contract: &Contract) {
    for name in NAMES {
        let mut held = 0;
        for item in contract
            .items
            .iter()
            .filter(|item| item.title.contains(name) || item.body.contains(name))
            .take(25)
        {
            let answer =
                contract.newsroom.json(&with_query("/api/highlight", &[("q", name), ("id", &item.id)]));
            for (part, text) in [("title", &item.title), ("body", &item.body)] {
                let expected = json!({"text": text, "marks": occurrences(text, name)});
                assert_eq!(answer[part], expected, "{name} in {}", item.id);
            }
            held += 1;
        }
        assert!(held > 0, "{name}");
    }
    contract.newsroom.get("/api/highlight?q=x&id=nobody").problem(404, "article_not_found");
}

pub fn other_forms_are_marked_as_they_stand(contract: &Contract) {
    let body = |query: &str, id: &str| {
        marked(
            &contract
                .newsroom
                .json(&with_query("/api/highlight", &[("q", query), ("id", &format!("글/{id}"))]))["body"],
        )
    };
    assert_eq!(body("중기부에서", "예산"), ["중기부"], "without particles on either side");
    assert_eq!(body("\"중기부가\"", "예산"), ["중기부가"], "a quotation is marked whole");
    assert_eq!(body("미국", "고용"), ["미국"]);
    assert_eq!(body("K팝", "노래"), ["K-팝"]);
    assert_eq!(body("카카오 -장미", "카카오"), ["카카오"], "what is excluded marks nothing");
    assert_eq!(body("웃음 강좌", "이모지"), ["웃음", "강좌", "웃음", "강좌"], "after an emoji of two units");
    assert_eq!(body("우크라*", "협상"), ["우크라이나"], "a beginning is marked to the end of its word");
    assert_eq!(body("제목:장미", "장미"), Vec::<String>::new(), "a word that is wanted in the title");
}

pub fn hits_show_marked_titles_and_pieces_of_their_bodies(contract: &Contract) {
    for (name, more) in [
        ("젤렌스키", &[][..]),
        ("장미", &[("snippets", "1")]),
        ("해바라기밭", &[("snippets", "2"), ("snippet_size", "40")]),
        ("소나기마을", &[("sort", "oldest"), ("snippet_size", "60")]),
    ] {
        let own = [("q", name.to_owned())];
        let answer = contract.newsroom.search(&with(&own, more));
        let asked = |key: &str, usual: usize| {
            more.iter().find(|(k, _)| *k == key).map_or(usual, |(_, v)| v.parse().unwrap())
        };
        assert!(!answer["hits"].as_array().unwrap().is_empty());
        for hit in answer["hits"].as_array().unwrap() {
            let item = contract.items.iter().find(|item| hit["id"] == item.id).unwrap();
            let title = &hit["highlight"]["title"];
            assert_eq!(title, &json!({"text": item.title, "marks": occurrences(&item.title, name)}));
            let snippets = hit["highlight"]["body"].as_array().unwrap();
            assert!(snippets.len() <= asked("snippets", 3));
            assert_eq!(snippets.is_empty(), item.body.is_empty());
            for snippet in snippets {
                is_a_piece_of(snippet, &item.body, asked("snippet_size", 160));
                let pieces = marked(snippet);
                assert!(pieces.iter().all(|piece| piece == name), "{pieces:?}");
                assert_eq!(
                    pieces.is_empty(),
                    !item.body.contains(name),
                    "the lead, where only the title matches"
                );
            }
        }
    }
    let plain = contract.newsroom.search(&[("q", "장미"), ("highlight", "false")]);
    assert!(plain["hits"].as_array().unwrap().iter().all(|hit| hit.get("highlight").is_none()));
}

/// A snippet begins where it says in the body, and has no more characters than asked for.
fn is_a_piece_of(snippet: &Value, body: &str, characters: usize) {
    let text = snippet["text"].as_str().unwrap();
    let start = snippet["start"].as_u64().unwrap() as usize;
    let units: Vec<u16> = body.encode_utf16().collect();
    let there = String::from_utf16(&units[start..start + text.encode_utf16().count()]).unwrap();
    assert_eq!(there, text, "{snippet}");
    assert!(text.chars().count() <= characters, "{snippet}");
}

pub fn a_text_from_outside_is_marked_and_judged_as_an_article_would_be(contract: &Contract) {
    let judged = |query: &str, text: &str| {
        let request =
            contract.newsroom.request("POST", "/api/highlight").json(&json!({"q": query, "text": text}));
        let answer = contract.newsroom.send(request);
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    };
    let text = "😀 반도체 수출이 넉 달째 늘었다.";
    for (query, matches, marks) in [
        ("반도체 수출", "yes", &["반도체", "수출"][..]),
        ("\"수출이 넉\"", "yes", &["수출이 넉"]),
        ("반도체 장미", "relaxed", &["반도체"]),
        ("장미", "no", &[]),
        ("반도체 -수출", "no", &["반도체"]),
        ("장미 OR 반도체", "yes", &["반도체"]),
        ("제목:반도체", "no", &[]),
        ("", "yes", &[]),
    ] {
        let answer = judged(query, text);
        assert_eq!(
            (&answer["matches"], marked(&answer)),
            (&json!(matches), marks.iter().map(|mark| (*mark).to_owned()).collect()),
            "{query}"
        );
    }
    // What the text of an article is told is what a search tells.
    for item in contract.items.iter().filter(|item| !item.body.is_empty()).step_by(11) {
        let query = "본문:해바라기밭 OR 본문:장미";
        let found = contract.newsroom.search(&[("q", query), ("size", "100"), ("highlight", "false")]);
        let found = found["hits"].as_array().unwrap().iter().any(|hit| hit["id"] == item.id);
        assert_eq!(judged(query, &item.body)["matches"], if found { "yes" } else { "no" }, "{}", item.id);
    }
}

pub fn of_words_near_each_other_only_those_are_marked(contract: &Contract) {
    let text = "반도체 수출이 넉 달째 늘었다. 값은 그대로여서 반도체 업계는 웃었다. 농산물 수출은 줄었다.";
    for (query, matches, marks) in [
        ("반도체 ~1 수출", "yes", &["반도체", "수출"][..]),
        ("수출 ~4 반도체", "yes", &["반도체", "수출", "반도체", "수출"]),
        ("\"넉 달째\" ~1 늘었다", "yes", &["넉 달째", "늘었다"]),
        ("반도체 ~2 농산물", "no", &[]),
        ("수출 -(반도체 ~2 농산물)", "yes", &["수출", "수출"]),
        ("수출 -(반도체 ~1 수출)", "no", &["수출", "수출"]),
        ("(농산물 OR 광물) ~1 수출", "yes", &["농산물", "수출"]),
    ] {
        let request =
            contract.newsroom.request("POST", "/api/highlight").json(&json!({"q": query, "text": text}));
        let answer = contract.newsroom.send(request).json();
        assert_eq!(
            (&answer["matches"], marked(&answer)),
            (&json!(matches), marks.iter().map(|mark| (*mark).to_owned()).collect()),
            "{query}"
        );
    }
    let body = |query: &str, id: &str| {
        let path = with_query("/api/highlight", &[("q", query), ("id", &format!("글/{id}"))]);
        marked(&contract.newsroom.json(&path)["body"])
    };
    assert_eq!(body("장미 ~1 축제", "장미"), ["장미", "축제"], "of four roses the one before the festival");
    assert_eq!(body("장미 ~1 온실", "장미"), ["온실", "장미"]);
}
