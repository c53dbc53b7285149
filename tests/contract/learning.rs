//! Names that the articles teach find each other: unquoted, both ways, marked, and after the word itself.

use gisa::learned::{LearnedNames, LearnedPair, Reason};
use serde_json::{Value, json};

use crate::contract::asking::{ids, marked, sorted, walk};
use crate::contract::servers::Contract;
use crate::newsroom::with_query;

/// What articles put side by side: short, long, why, and the long form as it stands before the bracket.
const NAMES: [(&str, &str, Reason, bool); 4] = [
    ("HNW", "한내수자원공단", Reason::Usage, false),
    ("바정심", "바람길정책심의위원회", Reason::Syllables, false),
    ("Blue Heron", "블루헤론", Reason::Sound, false),
    ("HGM", "수소열병합 발전기", Reason::Usage, true),
];
const OUTLETS: [&str; 3] = ["새벽신문", "한낮경제", "저녁방송"];
/// Sentences that put two names side by side, each of another story.
const TAUGHT: [&str; 3] = [
    "가람시는 12일 {} 이전 계획을 처음으로 내놓았다. 주민 설명회는 다음 달에 세 번 열린다.",
    "올해 상반기 {} 예산이 지난해보다 크게 늘어난 것으로 나타났다. 시의회가 자료를 요구했다.",
    "전문가들이 {} 개편안을 두고 밤늦게까지 토론했다. 결론은 나지 않았고 회의는 이어진다.",
];
/// What stands in brackets and is no other name.
const OTHERS: [&str; 3] = [
    "20일(현지시간) 열린 회의에 최가람(한빛여고) 선수가 왔다.",
    "21일(현지시간) 중의원(하원) 투표에 최가람(한빛여고) 선수가 왔다.",
    "22일(현지시간) 중의원(하원) 해산에 최가람(한빛여고) 선수가 놀랐다.",
];

fn article(id: String, outlet: usize, title: String, body: String) -> Value {
    json!({"id": id, "outlet": OUTLETS[outlet % OUTLETS.len()], "title": title, "body": body,
        "published_at": format!("2025-05-{:02}T09:00:00+09:00", 1 + outlet)})
}

/// The articles: of each pair some that teach it, and some that hold one name alone.
pub fn articles() -> Vec<Value> {
    let mut all = Vec::new();
    for (number, (short, long, _, turned)) in NAMES.into_iter().enumerate() {
        let together = if turned { format!("{short}({long})") } else { format!("{long}({short})") };
        for (story, sentence) in TAUGHT.iter().enumerate() {
            let title = format!("{number}번째 이야기 {story}");
            all.push(article(
                format!("배움/{number}/{story}"),
                story,
                title,
                sentence.replace("{}", &together),
            ));
        }
        for (name, which) in [(short, "짧은"), (long, "긴")] {
            let (title, body) =
                (format!("{name} 소식지 나왔다"), format!("{name} 채용이 시작됐다. 지원자가 몰렸다."));
            all.push(article(format!("{which}/{number}"), 4, title, body));
        }
    }
    for (story, sentence) in OTHERS.iter().enumerate() {
        let body = format!("{sentence} {}", TAUGHT[story].replace("{}", "새 청사"));
        all.push(article(format!("괄호/{story}"), story, format!("괄호 이야기 {story}"), body));
    }
    all
}

/// What the articles teach, for an archive that learns nothing by itself.
pub fn names() -> LearnedNames {
    let mut pairs: Vec<LearnedPair> = NAMES.into_iter().enumerate().map(pair).collect();
    pairs.sort_by(|one, other| one.short.cmp(&other.short));
    LearnedNames::new(pairs)
}

fn pair((number, (short, long, reason, _)): (usize, (&str, &str, Reason, bool))) -> LearnedPair {
    LearnedPair {
        short: short.to_owned(),
        long: long.to_owned(),
        reason,
        stories: 3,
        articles: 3,
        outlets: 3,
        examples: (0..3).map(|story| format!("배움/{number}/{story}")).collect(),
    }
}

fn found(contract: &Contract, query: &str) -> Vec<String> {
    sorted(walk(&contract.taught, &[("q", query), ("match", "all")], 100))
}

pub fn each_name_finds_what_the_other_does(contract: &Contract) {
    for (number, (short, long, ..)) in NAMES.into_iter().enumerate() {
        let mut wanted: Vec<String> = (0..3).map(|story| format!("배움/{number}/{story}")).collect();
        wanted.extend([format!("긴/{number}"), format!("짧은/{number}")]);
        let wanted = sorted(wanted);
        let joined = long.replace(' ', "");
        for query in [short.to_owned(), long.to_owned(), format!("{joined}에서"), joined] {
            assert_eq!(found(contract, &query), wanted, "{query}");
        }
        // In quotation marks a name is these characters.
        let held = |name: &str, which: &str| {
            let mut held: Vec<String> = (0..3).map(|story| format!("배움/{number}/{story}")).collect();
            held.push(format!("{which}/{number}"));
            assert_eq!(found(contract, &format!("\"{name}\"")), sorted(held), "{name}");
        };
        held(short, "짧은");
        held(long, "긴");
    }
    assert_eq!(found(contract, "하원").len(), 2);
    assert_eq!(found(contract, "중의원").len(), 2);
}

pub fn the_word_itself_comes_before_its_other_name(contract: &Contract) {
    for (number, (short, long, ..)) in NAMES.into_iter().enumerate() {
        for (query, own, other) in [(short, "짧은", "긴"), (long, "긴", "짧은")] {
            let hits = ids(&contract.taught.search(&[("q", query), ("size", "100")]));
            let place = |which: &str| hits.iter().position(|id| *id == format!("{which}/{number}")).unwrap();
            assert!(place(own) < place(other), "{query}: {hits:?}");
        }
    }
}

pub fn a_learned_name_is_marked_and_said(contract: &Contract) {
    for (number, (short, long, ..)) in NAMES.into_iter().enumerate() {
        for (query, other, which) in [(short, long, "긴"), (long, short, "짧은")] {
            let id = format!("{which}/{number}");
            let answer = contract.taught.json(&with_query("/api/highlight", &[("q", query), ("id", &id)]));
            assert_eq!(marked(&answer["body"]), [other], "{query} in {id}");
            let explained = contract.taught.search(&[("q", query), ("explain", "true")]);
            let clauses = explained["explain"]["clauses"].as_array().unwrap();
            let also = clauses.iter().flat_map(|clause| clause["also"].as_array().unwrap());
            let learned = json!({"text": other, "why": "learned", "from": null});
            assert!(also.clone().any(|one| *one == learned), "{query}: {explained}");
        }
    }
    let analysed = contract.taught.json(&with_query("/api/analyze", &[("text", "HNW는 바정심에서")]));
    assert_eq!(
        analysed["variants"],
        json!([
            {"word": "HNW", "also": [{"text": "한내수자원공단", "why": "learned", "from": null}]},
            {"word": "바정심", "also": [{"text": "바람길정책심의위원회", "why": "learned", "from": null}]},
        ])
    );
}

pub fn the_list_of_learned_names_has_all_with_their_proof(contract: &Contract) {
    let answer = contract.taught.json("/api/lexicon/learned");
    assert_eq!((&answer["learn"], &answer["total"]), (&json!(true), &json!(NAMES.len())));
    let wanted: Vec<Value> = names()
        .pairs()
        .iter()
        .map(|pair| {
            let mut pair = serde_json::to_value(pair).unwrap();
            pair["forbidden"] = false.into();
            pair
        })
        .collect();
    assert_eq!(answer["pairs"], json!(wanted));
    let second = contract.taught.json("/api/lexicon/learned?page=2&size=3");
    assert_eq!((&second["total"], &second["pairs"]), (&json!(NAMES.len()), &json!(wanted[3..])));
    let past = contract.taught.json("/api/lexicon/learned?page=3&size=3");
    assert_eq!(past["pairs"], json!([]));
}
