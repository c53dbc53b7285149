//! What stands in an article finds it, and nothing else does.

use crate::contract::articles::REPORTERS;
use crate::contract::asking::{ids, sorted, walk};
use crate::contract::servers::Contract;
use crate::contract::truth::kept;

/// Ids of all written and generated articles that a search for `query` finds, every word required.
fn found(contract: &Contract, query: &str) -> Vec<String> {
    sorted(walk(&contract.newsroom, &[("q", query), ("match", "all"), ("sort", "newest")], 100))
}

/// Queries, each with the written articles that it must find.
fn finds(contract: &Contract, expected: &[(&str, &[&str])]) {
    for (query, wanted) in expected {
        let wanted = sorted(wanted.iter().map(|id| format!("글/{id}")).collect());
        assert_eq!(found(contract, query), wanted, "{query}");
    }
}

pub fn a_name_finds_every_article_that_holds_it(contract: &Contract) {
    for name in [
        "브록만",
        "에어팟",
        "젤렌스키",
        "국민의힘",
        "이재명",
        "중기부",
        "반도체",
        "우크라이나",
        "소상공인",
        "해바라기밭",
        "장미 축제",
    ] {
        let holding = contract.items.iter().filter(|item| name.split(' ').all(|word| item.holds(word)));
        let holding = sorted(holding.map(|item| item.id.clone()).collect());
        assert!(!holding.is_empty());
        // A name that stands apart in an article (국민의 힘) is no name.
        let holding: Vec<String> =
            holding.into_iter().filter(|id| name != "국민의힘" || id != "글/극복").collect();
        assert_eq!(found(contract, name), holding, "{name}");
    }
}

pub fn particles_are_not_part_of_a_name(contract: &Contract) {
    finds(
        contract,
        &[
            ("중기부가", &["예산", "설명"]),
            ("중기부에서", &["예산", "설명"]),
            ("이재명은", &["침묵", "대표"]),
            ("이재명이", &["침묵", "대표"]),
            ("\"이재명은\"", &["침묵"]),
            ("브록만", &["방한"]),
            ("에어팟", &["귀"]),
        ],
    );
}

pub fn a_withheld_name_is_one_word_however_it_is_spaced(contract: &Contract) {
    let both = &["창고", "연못"];
    finds(
        contract,
        &[
            ("박모씨", both),
            ("박모 씨", both),
            ("박 모씨", both),
            ("박 모 씨는", both),
            ("박모(41)씨", both),
            ("최 모 씨", &[]),
            ("제목:(박 모 씨)", &[]),
        ],
    );
}

pub fn words_in_hanja_are_found_as_they_are_read(contract: &Contract) {
    finds(
        contract,
        &[
            ("환율", &["환율"]),
            ("換率", &["환율"]),
            ("檢討", &[]),
            ("銀行", &["한은", "창구"]),
            ("\"銀行\"", &[]),
        ],
    );
}

pub fn two_syllables_are_found_where_a_word_begins(contract: &Contract) {
    finds(
        contract,
        &[
            ("동산", &["동산"]),
            ("이나", &["배우"]),
            ("도체", &["도체"]),
            ("부동산", &["집값"]),
            ("금융", &["위기"]),
            ("은행", &["한은", "창구"]),
            ("연금", &["개혁", "노인"]),
            ("우크", &["협상"]),
            ("병원", &["수술"]),
            ("반도", &["전자", "공학"]),
        ],
    );
}

pub fn a_common_noun_of_three_syllables_is_found_where_a_noun_begins(contract: &Contract) {
    finds(
        contract,
        &[
            ("재개발", &["골목"]),
            ("재개발이", &["골목"]),
            ("\"재개발\"", &["골목", "연수"]),
            ("인재개발원", &["연수"]),
            // The dictionary cuts across it: 정기대+의원.
            ("대의원", &["조합"]),
        ],
    );
}

pub fn hanja_and_hangul_find_each_other(contract: &Contract) {
    let holds = |query: &str, id: &str| found(contract, query).contains(&format!("글/{id}"));
    assert!(holds("尹", "방미") && !holds("尹", "윤리"));
    assert!(holds("美", "동결") && holds("美", "고용") && !holds("美", "미술"));
    assert!(holds("미국", "동결") && holds("미국", "고용"));
    assert!(!holds("윤", "윤리"), "one syllable is a word and not every syllable");
}

pub fn numbers_latin_and_spellings_find_each_other(contract: &Contract) {
    finds(
        contract,
        &[
            ("1조2000억원", &["예비비", "추경"]),
            ("1.2조원", &["예비비", "추경"]),
            ("AI칩", &["칩", "칩2"]),
            ("ai 칩", &["칩", "칩2"]),
            ("K팝", &["노래", "노래2"]),
            ("k-팝", &["노래", "노래2"]),
            ("카카오", &["카카오", "카카오2"]),
            ("㈜카카오", &["카카오", "카카오2"]),
            ("3.1절", &["만세"]),
            ("1200명", &["만세", "인구"]),
            ("1,200명", &["만세", "인구"]),
            ("ＡＩＤＳ", &["에이즈"]),
            ("챗gpt", &["챗봇"]),
        ],
    );
}

pub fn a_quoted_copy_finds_its_article(contract: &Contract) {
    for item in &contract.items {
        for text in [&item.title, &item.body] {
            let characters: Vec<char> = text.chars().collect();
            for from in (0..characters.len()).step_by(if item.id.starts_with("글") { 3 } else { 17 }) {
                let copied: String = characters[from..characters.len().min(from + 9)].iter().collect();
                let copied = copied.replace('"', " ");
                let copied = copied.trim();
                if kept(copied).chars().count() < 2 {
                    continue;
                }
                let found = found(contract, &format!("\"{copied}\""));
                assert!(found.contains(&item.id), "{copied:?} does not find {}: {text}", item.id);
            }
        }
    }
}

pub fn a_phrase_finds_what_holds_it_and_nothing_else(contract: &Contract) {
    for phrase in [
        "금리를 올렸다",
        "금리 올려",
        "은행 창구",
        "반도체를 판다",
        "휴전 협상",
        "장미 축제",
        "장미 축제는",
        "AIDS 예방",
        "국민의 힘으로",
        "힘으로 이겨냈다",
        "해바라기밭 무지개다방",
        "올림픽을 앞두고",
    ] {
        let holding = contract.items.iter().filter(|item| item.holds(phrase));
        let holding = sorted(holding.map(|item| item.id.clone()).collect());
        assert_eq!(found(contract, &format!("\"{phrase}\"")), holding, "{phrase}");
    }
}

pub fn operators_fields_and_prefixes_mean_what_they_say(contract: &Contract) {
    finds(
        contract,
        &[
            ("금리 -연준", &["한은"]),
            ("금리 NOT \"금리를 올렸다\"", &["동결"]),
            ("\"신권을\" OR \"나흘\"", &["창구", "수술"]),
            ("(\"신권을\" OR \"나흘\") -환자", &["창구"]),
            ("금리 -(연준 OR 대출)", &["한은"]),
            ("제목:장미", &["장미"]),
            ("본문:장미", &["장미", "장터"]),
            ("제목:(금리 OR 데뷔)", &["한은", "동결", "배우"]),
            ("-제목:장미 본문:장미", &["장터"]),
            ("우크라*", &["협상"]),
            ("젤렌*", &["협상", "회담"]),
            ("윤리*", &["윤리"]),
            ("브록만 날짜:2019", &["방한"]),
            ("브록만 -날짜:2019", &[]),
            ("브록만 날짜:..2018", &[]),
        ],
    );
}

pub fn an_empty_query_finds_all_and_noise_finds_nothing(contract: &Contract) {
    let total = |query: &str| contract.newsroom.search(&[("q", query), ("size", "0")])["total"].clone();
    for all in ["", " ", "\u{3000}"] {
        assert_eq!(total(all), contract.items.len(), "{all:?}");
    }
    for nothing in ["!!!", "…", "😀", "쿼크플라즈마", "\"두 번째 달에서 온 편지\""] {
        assert_eq!(total(nothing), 0, "{nothing:?}");
    }
}

pub fn fewer_words_are_enough_only_where_nothing_holds_them_all(contract: &Contract) {
    let search =
        |query: &str, mode: &str| contract.newsroom.search(&[("q", query), ("match", mode), ("size", "100")]);
    // Both words, or one of them, where no article has both.
    let both = search("젤렌스키 회담", "auto");
    assert_eq!((sorted(ids(&both)), &both["relaxed"]), (vec!["글/회담".to_owned()], &false.into()));
    let relaxed = search("젤렌스키 장미", "auto");
    assert_eq!(relaxed["relaxed"], true);
    let either = ["글/협상", "글/회담", "글/장미", "글/장터"];
    assert!(!ids(&relaxed).is_empty() && ids(&relaxed).iter().all(|id| either.contains(&id.as_str())));
    assert_eq!(search("젤렌스키 장미", "all")["total"], 0);
    let any = search("젤렌스키 장미", "any");
    assert_eq!(
        (sorted(ids(&any)), &any["relaxed"]),
        (sorted(either.map(str::to_owned).to_vec()), &false.into())
    );
    // What is required stays required.
    assert_eq!(search("\"쿼크플라즈마\" 장미", "auto")["total"], 0);
    // A filter that leaves nothing of what holds all words: fewer words are tried among what it leaves.
    let filtered = contract.newsroom.search(&[("q", "젤렌스키 회담"), ("from", "2030-01-01")]);
    assert_eq!(filtered["total"], 0);
}

pub fn an_article_comes_back_whole_by_any_id(contract: &Contract) {
    for item in contract.items.iter().step_by(7).chain(contract.items.last()) {
        let path = percent_encoded(&item.id);
        let article = contract.newsroom.json(&format!("/api/articles/{path}"));
        assert_eq!(
            (&article["id"], &article["title"], &article["body"]),
            (&item.json()["id"], &item.json()["title"], &item.json()["body"])
        );
        for field in ["outlet", "section", "reporters", "published_at"] {
            assert_eq!(article[field], item.json()[field], "{}", item.id);
        }
    }
    contract.newsroom.get("/api/articles/nobody").problem(404, "article_not_found");
}

/// An id as one segment of a path.
pub fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

pub fn a_year_is_held_by_its_articles_and_by_those_that_name_it(contract: &Contract) {
    let mut years: Vec<i64> =
        contract.items.iter().filter_map(|item| item.published).map(|at| at.0 as i64).collect();
    years.sort_unstable();
    years.dedup();
    let mut matched = 0;
    for year in years.into_iter().filter(|year| *year >= 1900) {
        for name in ["해바라기밭", "무지개다방", "소나기마을"] {
            let named = format!("{year}년");
            // The month after belongs to it.
            let of_it = |at: i64, month: i64| at == year || at == year + 1 && month == 1;
            let holding = contract.items.iter().filter(|item| {
                let dated = item.published.is_some_and(|at| of_it(at.0 as i64, at.1 as i64));
                item.holds(name) && (dated || item.holds(&named))
            });
            let holding = sorted(holding.map(|item| item.id.clone()).collect());
            matched += holding.len();
            assert_eq!(found(contract, &format!("{name} {named}")), holding, "{name} {named}");
        }
    }
    assert!(matched > 20, "{matched} articles were found");
}

/// Whether one text has both words, so many words apart at most. Each stands in words of its own.
fn has_near(text: &str, first: &str, within: usize, second: &str) -> bool {
    let at = |name: &str| -> Vec<usize> {
        let words = text.split_whitespace().enumerate();
        words.filter(|(_, word)| word.contains(name)).map(|(at, _)| at).collect()
    };
    let (first, second) = (at(first), at(second));
    first.iter().any(|one| second.iter().any(|other| one != other && one.abs_diff(*other) <= within))
}

pub fn words_near_each_other_are_found_within_so_many_words(contract: &Contract) {
    let mut counts = Vec::new();
    for (first, second) in [
        ("해바라기밭", "소나기마을"),
        ("징검다리목", "무지개다방"),
        ("별똥별사냥", "별똥별사냥"),
        ("달팽이걸음", "도토리묵집"),
    ] {
        for within in [1, 2, 3, 5] {
            let holding = contract.items.iter().filter(|item| {
                [&item.title, &item.body].iter().any(|text| has_near(text, first, within, second))
            });
            let holding = sorted(holding.map(|item| item.id.clone()).collect());
            for query in [
                format!("{first} ~{within} {second}"),
                format!("{second} NEAR/{within} {first}"),
                format!("(쿼크플라즈마 OR {first}) ~{within} \"{second}\""),
            ] {
                assert_eq!(found(contract, &query), holding, "{query}");
            }
            let without = format!("{first} {second} -({first} ~{within} {second})");
            assert!(found(contract, &without).iter().all(|id| !holding.contains(id)), "{without}");
            counts.push(holding.len());
        }
    }
    assert!(
        counts.iter().sum::<usize>() > 20 && !counts.iter().all(|count| *count == counts[0]),
        "{counts:?}"
    );
    finds(
        contract,
        &[
            ("우크라이나 ~3 협상", &["협상"]),
            ("정부 ~9 대출", &["집값"]),
            ("정부 ~3 대출", &[]),
            ("\"휴전 협상\" ~1 열려", &["협상"]),
            ("제목:美 ~2 동결", &["동결"]),
            ("미국 ~2 동결", &["동결"]),
            ("연준 ~20 동결", &[]),
        ],
    );
}

pub fn days_in_words_are_days_of_publication(contract: &Contract) {
    let this_year = time::OffsetDateTime::now_utc().to_offset(time::macros::offset!(+9)).year();
    for (words, days) in [
        ("날짜:작년", format!("날짜:{}", this_year - 1)),
        ("날짜:재작년", format!("날짜:{}", this_year - 2)),
        ("date:last-year", format!("날짜:{}", this_year - 1)),
        ("날짜:재작년..작년", format!("날짜:{}..{}", this_year - 2, this_year - 1)),
        ("-날짜:작년", format!("-날짜:{}", this_year - 1)),
    ] {
        let query = |dates: &str| format!("해바라기밭 {dates}");
        assert_eq!(found(contract, &query(words)), found(contract, &query(&days)), "{words}");
    }
    assert!(found(contract, "해바라기밭 날짜:오늘").is_empty());
    assert_eq!(found(contract, "해바라기밭 날짜:..어제"), found(contract, "해바라기밭 날짜:1900.."));
}

pub fn what_is_not_a_date_is_said(contract: &Contract) {
    let notes = |query: &str, language: &str| {
        let path = crate::newsroom::with_query("/api/search", &[("q", query), ("size", "1")]);
        let request = contract.newsroom.request("GET", &path).header("accept-language", language);
        contract.newsroom.send(request).json()["notes"].clone()
    };
    for query in ["해바라기밭 날짜:작년", "해바라기밭", "", "해바라기밭 날짜:2026.5.5", "날짜:20260505"]
    {
        assert_eq!(notes(query, "ko"), serde_json::json!([]), "{query}");
    }
    let korean = notes("해바라기밭 날짜:아무거나", "ko");
    assert_eq!((korean.as_array().unwrap().len(), &korean[0]["code"]), (1, &"unknown_date".into()));
    let text = korean[0]["text"].as_str().unwrap();
    assert!(text.contains("날짜:아무거나") && text.contains("날짜:어제") && text.contains("낱말"), "{text}");
    let english = notes("해바라기밭 날짜:아무거나", "en");
    assert!(english[0]["text"].as_str().unwrap().contains("is not a date"), "{english}");

    // Operators that are none, and groups that there are not.
    let one = |query: &str, code: &str, said: &[&str]| {
        for language in ["ko", "en"] {
            let found = notes(query, language);
            assert_eq!((found.as_array().unwrap().len(), &found[0]["code"]), (1, &code.into()), "{query}");
            let text = found[0]["text"].as_str().unwrap();
            assert!(said.iter().all(|said| text.contains(said)), "{query}: {text}");
        }
    };
    for (query, about) in [
        ("해바라기밭 ~0 꽃", "`~0`"),
        ("해바라기밭 ~200 꽃", "`~200`"),
        ("해바라기밭 ~ 꽃", "`~`"),
        ("해바라기밭 ~10B 꽃", "`~10B`"),
        ("해바라기밭 w/5 꽃", "`w/5`"),
    ] {
        one(query, "bad_near", &["이재명 ~10 부동산", "100", about.trim_matches('`')]);
    }
    for query in ["해바라기밭 ~10 꽃", "해바라기밭 5월~10월", "\"해바라기밭 ~200\""] {
        assert_eq!(notes(query, "ko"), serde_json::json!([]), "{query}");
    }
    for query in ["해바라기밭 언론사:@없는묶음", "해바라기밭 -언론사:@없는묶음"] {
        one(query, "unknown_outlet_group", &["@없는묶음", "@경제지", "@방송"]);
    }
    one("해바라기밭 언론사:경제지", "outlet_group_without_sign", &[":@경제지"]);
    // Names above and below an article are not its text, and whoever asks for one is told where they are found.
    one(REPORTERS[0], "only_reporter", &[&format!(":{}", REPORTERS[0])]);
    for query in [
        "해바라기밭 언론사:@경제지",
        "해바라기밭 -언론사:@경제지",
        "해바라기밭 -언론사:경제지",
        "해바라기밭 언론사:없는신문",
    ] {
        assert_eq!(notes(query, "ko"), serde_json::json!([]), "{query}");
    }
}
