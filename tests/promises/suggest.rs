//! Completions begin as typed, find what they say, and miss nothing that a plain scan of all entries finds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::cases::cases;
use crate::searchable::{Searchable, language};
use gisa::article::{Article, Timestamp};
use gisa::korean::fold::fold;
use gisa::search::{MatchMode, SearchRequest, SuggestResponse, search, suggest};
use gisa::suggest::Suggestions;
use gisa::suggest::{ArrivalReader, ArticleEntries, Entry, EntryKind, Typed};
use proptest::prelude::*;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

/// News of places and companies, from invented outlets.
fn articles() -> Vec<Value> {
    let article = |id: usize, title: &str, body: &str, reporter: &str, day: usize| {
        json!({"id": format!("n{id}"), "title": title, "body": body, "outlet": "온새미통신",
            "reporters": [reporter], "published_at": format!("2025-{:02}-{:02}T09:00:00+09:00", 1 + day / 28, 1 + day % 28)})
    };
    let mut articles = vec![
        article(
            1,
            "우크라이나 전쟁 3년, 겨울 난방이 끊긴 도시",
            "키이우 시민들은 촛불을 켰다.",
            "한서리",
            30,
        ),
        article(2, "우크라이나 전쟁 난민 돕는 학교", "우크라이나에서 온 학생들이 배운다.", "문가람", 35),
        article(3, "우크라이나에 발전기 보낸다", "정부가 우크라이나에 발전기를 보내기로 했다.", "한서리", 40),
        article(4, "오픈AI, 새 음성 모델 공개", "오픈AI가 새 모델을 내놨다. 챗GPT에 쓰인다.", "도윤슬", 100),
        article(5, "오픈AI 대표 방한…스타트업과 만난다", "오픈AI 대표가 서울에 왔다.", "도윤슬", 120),
        article(6, "스타트업 펀드 늘린다", "중기부가 스타트업 펀드를 늘린다.", "도윤슬", 130),
        article(7, "스타트업 펀드 첫 투자처는 반도체", "반도체 설계 회사가 투자를 받았다.", "윤해솔", 140),
        article(8, "삼성전자 반도체 공장 준공", "삼성전자가 새 반도체 공장을 열었다.", "윤해솔", 150),
        article(
            9,
            "尹대통령, 반도체 공장 방문",
            "尹대통령이 공장을 찾았다. 삼성전자 임원들이 맞았다.",
            "한서리",
            151,
        ),
        article(10, "블링컨 장관 회견", "블링컨 장관은 우크라이나를 돕겠다고 했다.", "한서리", 152),
        article(11, "R&D 예산 늘고 GPT-4o 쓰는 학교 늘어", "R&D 예산이 늘었다.", "문가람", 153),
    ];
    for day in 0..30 {
        articles.push(article(20 + day, "날씨 맑음", "전국이 맑고 스타트업 행사가 열린다.", "서나래", day));
    }
    articles
}

static NEWS: LazyLock<Searchable> = LazyLock::new(|| Searchable::of_articles(&articles(), 1));
static SAMPLES: LazyLock<Searchable> = LazyLock::new(Searchable::samples);

fn suggested(index: &Searchable, typed: &str) -> SuggestResponse {
    suggest(&index.context(), typed, 8).unwrap_or_else(|error| panic!("{typed:?}: {error}"))
}

fn texts(index: &Searchable, typed: &str) -> Vec<String> {
    suggested(index, typed).completions.into_iter().map(|completion| completion.text).collect()
}

/// What a search finds with the default settings, and whether it had to relax.
fn found(index: &Searchable, query: &str) -> (u64, bool) {
    let request = SearchRequest { query: query.to_owned(), page: 1, ..SearchRequest::default() };
    let answer = search(&index.context(), &request).unwrap();
    (answer.total, answer.relaxed)
}

fn entries_of(article: &Article) -> ArticleEntries {
    ArrivalReader::new(language().korean()).read(article)
}

#[test]
fn however_it_is_typed_the_name_comes() {
    for (typed, expected) in [
        ("우크", "우크라이나"),
        ("우클", "우크라이나"),
        ("우크ㄹ", "우크라이나"),
        ("우크라인", "우크라이나"),
        ("ㅇㅋㄹㅇㄴ", "우크라이나"),
        ("우클ㅇㄴ", "우크라이나"),
        ("dnzmfkdlsk", "우크라이나"),
        ("dnzm", "우크라이나"),
        ("DNZMFK", "우크라이나"),
        ("ㅇㅍㅇㅇ", "오픈AI"),
        ("오픈에", "오픈AI"),
        ("오픈에이아이", "오픈AI"),
        ("dhvmsdkdl", "오픈AI"),
        ("오픈a", "오픈AI"),
        ("ㅐㅔ두ㅁㅑ", "OpenAI"),
        ("스타틍", "스타트업"),
        ("삼성ㅈㅈ", "삼성전자"),
        ("삼성 ㅈ", "삼성전자"),
        ("윤대", "尹대통령"),
        ("ㅇㄷㅌㄹ", "尹대통령"),
        ("블링", "블링컨"),
        ("알앤", "R&D"),
        ("gpt4", "GPT-4o"),
        ("지피티", "GPT-4o"),
        ("한서", "기자:한서리"),
        ("기자:도", "기자:도윤슬"),
        ("제목:우크", "제목:우크라이나"),
        ("\"새 모델\" 오픈", "\"새 모델\" 오픈AI"),
        ("우크라이나 전", "우크라이나 전쟁"),
        ("스타트업펀", "스타트업 펀드"),
        ("반도체 삼성", "반도체 삼성전자"),
    ] {
        let found = texts(&NEWS, typed);
        let has = found.iter().any(|text| text == expected || text.starts_with(&format!("{expected} ")));
        assert!(has, "{typed:?} gives {found:?}, not {expected:?}");
    }
}

#[test]
fn pieces_of_words_and_what_is_frequent_come_in_order() {
    assert!(!texts(&NEWS, "우크").contains(&"우크라".to_owned()), "a piece of 우크라이나 says nothing");
    assert_eq!(texts(&NEWS, "스타")[0], "스타트업", "the frequent word before its phrases");
    assert!(texts(&NEWS, "우크라이나").iter().all(|text| text.starts_with("우크라이나")));
    assert_eq!(suggested(&NEWS, "").completions, []);
    assert_eq!(suggested(&NEWS, "-우크").completions.len(), texts(&NEWS, "-우크").len());
}

/// `ㄱㅅ ㅁㅈ` are the initials of 감사 문제, which few articles have, and begin those of 경사면 장애물, which many do.
#[test]
fn initials_are_what_they_spell_to_the_last_before_what_goes_on() {
    let article = |id: usize, title: &str, body: &str| json!({"id": format!("c{id}"), "title": title, "body": body, "published_at": format!("2025-03-{:02}", 1 + id % 28)});
    let mut articles = vec![
        article(1, "누리시 감사 문제", "누리시가 감사를 받았다."),
        article(2, "누리시 감사 문제", "누리시가 감사를 더 받는다."),
        article(3, "물길조선 노조", "물길조선 공장에서 파업이 이어졌다."),
        article(4, "파업 사흘째", "물길조선 노조는 파업을 멈추지 않았다. 대책이 필요하다."),
    ];
    for id in 10..40 {
        articles.push(article(id, "경사면 장애물 치운다", "길이 막혔다. 대책이 필요하다."));
        articles.push(article(id + 100, "물길조선 수주", "물길조선이 배를 판다. 인력이 필요하다."));
        articles.push(article(id + 200, "평야 필요", "평야에 물이 필요하다."));
    }
    let news = Searchable::of_articles(&articles, 1);
    for (typed, meant, total) in [
        ("ㄱㅅㅁㅈ", "감사 문제", 2),
        ("ㄱㅅ ㅁㅈ", "감사 문제", 2),
        ("ㄱㅅㅁ", "경사면", 30),
        // No title has both; of what fits, 파업 belongs there and 필요 is everywhere.
        ("ㅁㄱㅈㅅ ㅍㅇ", "물길조선 파업", 2),
    ] {
        let first = texts(&news, typed).into_iter().next();
        assert_eq!(first.as_deref(), Some(meant), "{typed}");
        let request = SearchRequest { query: typed.to_owned(), page: 1, ..SearchRequest::default() };
        let answer = search(&news.context(), &request).unwrap();
        assert_eq!((answer.searched_for.as_deref(), answer.total), (Some(meant), total), "{typed}");
    }
    for nothing in ["ㅉㅉ ㅍㅇ", "ㅁㄱㅈㅅ ㅉㅉ", "ㅁㄱㅈㅅ ㅍ"] {
        assert_eq!(texts(&news, nothing), [""; 0], "{nothing}");
    }
}

#[test]
fn slips_are_corrected_where_nothing_is_found() {
    for (typed, expected) in [
        ("스타트엄", Some("스타트업")),
        ("스타트엄 펀드", Some("스타트업 펀드")),
        ("스타투업을", Some("스타트업을")),
        ("우쿠라이나", Some("우크라이나")),
        ("dnzmfkdlsk wjswod", Some("우크라이나 전쟁")),
        ("바노체 -날씨", Some("반도체 -날씨")),
        ("언론사:온새미통신 삼성전쟈", Some("언론사:온새미통신 삼성전자")),
        ("\"새 모델\" 스타트엄", None),
        ("우크라이나", None),
        ("오픈에이아이", None),
        ("스타트업", None),
        ("쀍뛟쒧", None),
        ("", None),
        ("-스타트엄", None),
        ("\"스타트엄\"", None),
        ("ㅋㅋㅋ", None),
    ] {
        let request =
            SearchRequest { query: typed.to_owned(), size: 10, page: 1, ..SearchRequest::default() };
        let answer = search(&NEWS.context(), &request).unwrap();
        assert_eq!(answer.suggestion.as_deref(), expected, "{typed:?}");
        if let Some(better) = answer.suggestion {
            let (total, relaxed) = found(&NEWS, &better);
            assert!(
                total > if answer.relaxed { 0 } else { answer.total } && !relaxed,
                "{typed:?} {better:?}"
            );
        }
    }
    let narrow = |query: &str, match_mode| SearchRequest {
        query: query.to_owned(),
        match_mode,
        page: 1,
        filters: gisa::search::Filters { reporters: vec!["문가람".to_owned()], ..Default::default() },
        ..SearchRequest::default()
    };
    let answer = search(&NEWS.context(), &narrow("스타트엄", MatchMode::All)).unwrap();
    assert_eq!(answer.suggestion, None, "conditions hold for the correction too");
    let answer = search(&NEWS.context(), &narrow("우쿠라이나", MatchMode::All)).unwrap();
    assert_eq!(answer.suggestion.as_deref(), Some("우크라이나"));
    assert_eq!(suggested(&NEWS, "스타트엄").correction.as_deref(), Some("스타트업"));
    assert_eq!(suggested(&NEWS, "우크라").correction, None, "whoever is still typing has made no mistake");
}

/// Strokes of a text by Unicode's own decomposition: compounds as the keys that type them.
fn strokes(text: &str) -> String {
    // Conjoining jamo in the order of their code points.
    const INITIAL: &str = "ㄱ ㄲ ㄴ ㄷ ㄸ ㄹ ㅁ ㅂ ㅃ ㅅ ㅆ ㅇ ㅈ ㅉ ㅊ ㅋ ㅌ ㅍ ㅎ";
    const MEDIAL: &str = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ";
    const FINAL: &str = "ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ";
    const COMPOUNDS: &str = "ㄳㄱㅅ ㄵㄴㅈ ㄶㄴㅎ ㄺㄹㄱ ㄻㄹㅁ ㄼㄹㅂ ㄽㄹㅅ ㄾㄹㅌ ㄿㄹㅍ ㅀㄹㅎ ㅄㅂㅅ ㅘㅗㅏ ㅙㅗㅐ ㅚㅗㅣ ㅝㅜㅓ ㅞㅜㅔ ㅟㅜㅣ ㅢㅡㅣ";
    let of = |list: &str, first: u32, ch: char| {
        list.split(' ').nth((ch as u32 - first) as usize).unwrap().to_owned()
    };
    fold(text)
        .nfd()
        .map(|ch| match ch {
            '\u{1100}'..='\u{1112}' => of(INITIAL, 0x1100, ch),
            '\u{1161}'..='\u{1175}' => of(MEDIAL, 0x1161, ch),
            '\u{11A8}'..='\u{11C2}' => of(FINAL, 0x11A8, ch),
            other => match COMPOUNDS.split(' ').find_map(|pair| pair.strip_prefix(other)) {
                Some(typed) => typed.to_owned(),
                None => other.to_string(),
            },
        })
        .collect()
}

/// Initial consonants, other characters as they are.
fn first_letters(text: &str) -> String {
    let first = |ch: char| {
        if ('가'..='힣').contains(&ch) { strokes(&ch.to_string()).chars().next().unwrap() } else { ch }
    };
    fold(text).chars().map(first).collect()
}

/// Whether an entry may become of what was typed, spelt out.
fn fits(entry: &Entry, typed: &str) -> bool {
    let ways = || [Some(&*entry.text), entry.spoken.as_deref()].into_iter().flatten();
    let consonant = |ch: char| ('ㄱ'..='ㅎ').contains(&ch);
    let typed = fold(typed);
    let loose = typed.chars().rev().take_while(|ch| consonant(*ch)).count();
    let count = typed.chars().count();
    let (before, behind): (String, String) =
        (typed.chars().take(count - loose).collect(), typed.chars().skip(count - loose).collect());
    let continues = |text: &str, syllables: &str, letters: &str| {
        let rest = first_letters(text).chars().skip(syllables.chars().count()).collect::<String>();
        strokes(text).starts_with(&strokes(syllables)) && rest.starts_with(&strokes(letters))
    };
    ways().any(|text| {
        if strokes(text).starts_with(&strokes(&typed)) {
            return true;
        }
        if before.is_empty() {
            return first_letters(text).starts_with(&strokes(&typed));
        }
        if behind.is_empty() {
            return false;
        }
        let last = before.chars().last().unwrap();
        let parts: Vec<char> = last.to_string().nfd().collect();
        let opened = (parts.len() == 3).then(|| {
            let open: String = parts[..2].iter().copied().nfc().collect();
            let kept: String = before.chars().take(before.chars().count() - 1).collect();
            let whole = strokes(&last.to_string());
            let moved = whole.strip_prefix(strokes(&open).as_str()).unwrap().to_owned();
            (kept + &open, moved + &behind)
        });
        continues(text, &before, &behind)
            || opened.is_some_and(|(syllables, letters)| continues(text, &syllables, &letters))
    })
}

/// All entries that fit, with their weight, those that are written alike once, heaviest first.
fn scanned(suggestions: &Suggestions, typed: &str, now: Timestamp) -> Vec<(String, EntryKind, f32)> {
    let mut weights: BTreeMap<(String, EntryKind), (String, f32)> = BTreeMap::new();
    for entry in suggestions.entries().filter(|entry| fits(entry, typed)) {
        let weight = suggestions.weight(entry, now);
        let known = weights.entry((fold(&entry.text), entry.kind)).or_insert((entry.text.to_string(), 0.0));
        known.1 += weight;
    }
    let mut found: Vec<_> =
        weights.into_iter().map(|((_, kind), (text, weight))| (text, kind, weight)).collect();
    found.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| a.0.cmp(&b.0)).then_with(|| a.1.cmp(&b.1)));
    found
}

fn same(a: &[(String, EntryKind, f32)], b: &[(String, EntryKind, f32)]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| fold(&a.0) == fold(&b.0) && a.1 == b.1 && (a.2 - b.2).abs() <= 1e-3 * a.2.abs())
}

/// Beginnings of what is there, in all ways of typing, and things that are not there.
fn typed() -> impl Strategy<Value = String> {
    let entries: Vec<String> = {
        let of = |index: &'static Searchable| index.context().archive.suggestions().unwrap().entries();
        of(&SAMPLES).chain(of(&NEWS)).map(|entry| entry.text.to_string()).collect()
    };
    let begun = (prop::sample::select(entries), 1_usize..8, 0_usize..6).prop_map(|(text, length, way)| {
        let begun: String = text.chars().take(length).collect();
        match way {
            0 => first_letters(&begun),
            1 => gisa::korean::keyboard::to_latin(&begun).unwrap_or(begun),
            2 => {
                let all: Vec<char> = strokes(&begun).chars().collect();
                gisa::korean::jamo::compose(all.into_iter().take(length * 2))
            }
            3 => {
                let whole: String = begun.chars().take(length / 2).collect();
                let rest: String = begun.chars().skip(length / 2).collect();
                whole + &first_letters(&rest)
            }
            _ => begun,
        }
    });
    prop_oneof![6 => begun, 1 => "[가-힣ㄱ-ㅣa-zA-Z0-9 ]{0,6}", 1 => any::<String>()]
}

/// What each of the articles adds.
static ADDED: LazyLock<Vec<ArticleEntries>> = LazyLock::new(|| {
    let entries = |article| entries_of(&serde_json::from_value::<Article>(article).unwrap());
    articles().into_iter().map(entries).collect()
});

proptest! {
    #![proptest_config(cases(48))]

    /// The sorted keys find what looking at every entry finds, in the same order.
    #[test]
    fn the_heaviest_are_those_of_a_scan(typed in typed(), most in 1_usize..30) {
        let context = SAMPLES.context();
        let suggestions = context.archive.suggestions().unwrap();
        let Some(what) = Typed::new(&typed) else {
            prop_assert!(fold(&typed).is_empty());
            return Ok(());
        };
        let found: Vec<_> = suggestions
            .completing(&what, context.now, most)
            .into_iter()
            .map(|found| (found.text.to_string(), found.kind, found.weight))
            .collect();
        let mut expected = scanned(suggestions, &typed, context.now);
        expected.truncate(most);
        prop_assert!(same(&found, &expected), "{typed:?}\n{found:?}\n{expected:?}");
    }

    /// Whatever is typed: what is shown is found, exactly as often as it says; and a correction finds more.
    #[test]
    fn what_is_shown_is_found(typed in typed(), size in 1_usize..21) {
        for index in [&*SAMPLES, &*NEWS] {
            let answer = match suggest(&index.context(), &typed, size) {
                Ok(answer) => answer,
                Err(gisa::search::SearchError::Query(_)) => continue,
                Err(error) => panic!("{typed:?}: {error}"),
            };
            prop_assert!(answer.completions.len() <= size);
            for shown in &answer.completions {
                prop_assert_eq!(found(index, &shown.text), (shown.count, false), "{:?}: {:?}", &typed, shown);
                prop_assert!(shown.count > 0);
            }
            let distinct: BTreeSet<String> = answer.completions.iter().map(|shown| fold(&shown.text)).collect();
            prop_assert_eq!(distinct.len(), answer.completions.len(), "{:?}: {:?}", &typed, &answer);
            if let Some(better) = answer.correction {
                let (before, relaxed) = found(index, &typed);
                let (after, fewer) = found(index, &better);
                prop_assert!(after > if relaxed { 0 } else { before } && !fewer, "{typed:?} {better:?}");
                prop_assert_ne!(fold(&better), fold(&typed));
            }
        }
    }

    /// Articles added one by one propose the same as all of them at once.
    #[test]
    fn adding_articles_adds_their_entries(order in Just((0..41_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let now = NEWS.context().now;
        let added = &*ADDED;
        let empty = Suggestions::of(Vec::new(), now);
        let one_way = added.iter().fold(empty.clone(), |suggestions, article| suggestions.with(article, now));
        let other = order.iter().fold(empty.clone(), |suggestions, number| suggestions.with(&added[*number], now));
        prop_assert_eq!(empty.entries().count(), 0, "the former value stays as it was");
        for typed in ["우크", "ㅅㅌㅌㅇ", "오픈에", "반", "gpt", "한서"] {
            let what = Typed::new(typed).unwrap();
            let read = |suggestions: &Suggestions| -> Vec<_> {
                let found = suggestions.completing(&what, now, 10);
                found.into_iter().map(|found| (found.text.to_string(), found.kind, found.weight)).collect()
            };
            let (a, b) = (read(&one_way), read(&other));
            prop_assert!(!a.is_empty(), "{}", typed);
            prop_assert!(same(&a, &b), "{typed}: {a:?} {b:?}");
            prop_assert!(same(&a, &{ let mut s = scanned(&one_way, typed, now); s.truncate(10); s }), "{}", typed);
        }
    }
}

#[test]
fn newer_news_comes_first_and_a_wrong_date_does_not() {
    let now = Timestamp::from_seconds(1_750_000_000);
    let article = |title: &str, days_ago: i64| -> Article {
        let published = Timestamp::from_seconds(now.seconds() - 86_400 * days_ago);
        serde_json::from_value(json!({"id": title, "title": title, "published_at": published.to_string()}))
            .unwrap()
    };
    let mut suggestions = Suggestions::of(Vec::new(), now);
    for (title, days_ago) in
        [("가람공원 개장", 900), ("가람공원 확장", 800), ("가람공원 축제", 700), ("가람도서관 개관", 1)]
    {
        suggestions = suggestions.with(&entries_of(&article(title, days_ago)), now);
    }
    let found = suggestions.completing(&Typed::new("가람").unwrap(), now, 20);
    let place = |text: &str| found.iter().position(|candidate| *candidate.text == *text);
    assert!(
        place("가람도서관").unwrap() < place("가람공원").unwrap(),
        "yesterday's before three of years ago: {found:?}"
    );
    let odd = entries_of(&article("가람미래관 예정", -40_000));
    let with_odd = suggestions.with(&odd, now).with(&odd, now);
    let weights: Vec<f32> = with_odd
        .completing(&Typed::new("가람").unwrap(), now, 20)
        .iter()
        .map(|candidate| candidate.weight)
        .collect();
    assert!(weights.iter().all(|weight| *weight <= 4.0), "a date in the future counts as today: {weights:?}");
}

/// An index in which 300 articles have the right word, and some a slip of it.
fn with_slips() -> Searchable {
    let right = (0..300)
        .map(|number| ("브렌타스키 대통령 연설", format!("{number}번째 연설이다. 별빛나루 축제도 열렸다.")));
    let wrong = (0..4).map(|number| {
        ("브렌타스끼 대통령 연설", format!("{number}번째 기사에서 잘못 적었다. 나루별빛 축제였다."))
    });
    let texts: Vec<(&str, String)> = right.chain(wrong).collect();
    Searchable::of_texts(texts.iter().map(|(title, body)| (*title, body.as_str())))
}

#[test]
fn a_slip_that_some_articles_have_is_corrected_and_found() {
    let index = with_slips();
    let ask = |query: &str| {
        let request =
            SearchRequest { query: query.to_owned(), size: 10, page: 1, ..SearchRequest::default() };
        search(&index.context(), &request).unwrap()
    };
    let answer = ask("브렌타스끼");
    assert_eq!(
        (answer.total, answer.suggestion.as_deref(), answer.suggestion_total),
        (4, Some("브렌타스키"), Some(300))
    );
    assert!(
        answer.hits.iter().all(|hit| hit.title.starts_with("브렌타스끼")),
        "the hits are those of what was typed"
    );
    let phrase = ask("대통령 브렌타스끼 연설");
    assert_eq!((phrase.total, phrase.suggestion.as_deref()), (4, Some("대통령 브렌타스키 연설")));
    // What is found often, or is made of words that the dictionary has, is not a slip.
    for right in ["브렌타스키", "나루별빛", "축제", "연설", "별빛나루"] {
        assert_eq!(ask(right).suggestion, None, "{right}");
    }
    // No time, no correction; the answer is the same otherwise.
    let context = gisa::search::SearchContext { correcting: std::time::Duration::ZERO, ..index.context() };
    let request =
        SearchRequest { query: "브렌타스끼".to_owned(), size: 10, page: 1, ..SearchRequest::default() };
    let hurried = search(&context, &request).unwrap();
    assert_eq!((hurried.total, hurried.suggestion), (4, None));
}
