//! Whatever is typed is answered: headlines as they are pasted, broken syntax, control characters. Only the limits refuse,
//! and say which. Against the real server.

use std::sync::LazyLock;

use crate::cases::cases;
use crate::newsroom::{TestServer, with_query};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

static SERVER: LazyLock<TestServer> = LazyLock::new(|| TestServer::start(&headlines()));

/// Headlines with the punctuation that newsrooms use; the id says what is special.
fn headlines() -> Vec<Value> {
    let article = |id: &str, title: &str, body: &str| json!({"id": id, "title": title, "body": body, "outlet": "온새미통신"});
    vec![
        article("breaking", "[속보] 대통령, 조기 귀국", "항공기는 밤늦게 내린다."),
        article("company", "(주)카카오, 새 지도 공개", "길 찾기가 빨라졌다."),
        article("may", "5·18 기념식 광주서 열려", "유족이 헌화했다."),
        article("colon", "삼성전자: 실적 개선 뚜렷", "재고가 줄었다."),
        article("brace", "{중괄호} 쓰는 법 배우는 아이들", "코딩 수업이 늘었다."),
        article("quote", "안 닫힌 따옴표가 부른 오해", "교열 기자의 하루를 따라갔다."),
        article("name", "이재명, 시장 찾아 상인들 만나", "이재명 대표는 국밥을 먹었다."),
        article("or", "AND와 OR, 논리를 배우다", "회로를 그리며 배운다."),
        article("plus", "디즈니+ 가입자 다시 늘어", "C++ 강의도 올라왔다."),
        article("dash", "K-팝 -5% 할인", "공연 표를 싸게 판다."),
    ]
}

fn ids(answer: &Value) -> Vec<&str> {
    let mut ids: Vec<&str> =
        answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn headline_punctuation_stays_words() {
    for (query, read_as, expected) in [
        ("[속보] 대통령", "속보 대통령", &["breaking"][..]),
        ("[속보]대통령", "[속보]대통령", &["breaking"]),
        ("(주)카카오", "(주)카카오", &["company"]),
        ("㈜카카오", "㈜카카오", &["company"]),
        ("5·18", "5·18", &["may"]),
        ("5.18", "5.18", &["may"]),
        ("삼성전자:실적", "삼성전자:실적", &["colon"]),
        ("{중괄호", "중괄호", &["brace"]),
        ("중괄호}", "중괄호", &["brace"]),
        ("\"안 닫힌 따옴표", "안 닫힌 따옴표", &["quote"]),
        ("“안 닫힌 따옴표", "안 닫힌 따옴표", &["quote"]),
        ("이재명*", "이재명*", &["name"]),
        ("이재*", "이재*", &["name"]),
        ("OR OR", r"\OR \OR", &["or"]),
        ("OR", r"\OR", &["or"]),
        ("AND OR", r"\AND \OR", &["or"]),
        ("디즈니+", "디즈니+", &["plus"]),
        ("C++", "C++", &["plus"]),
        ("K-팝", "K-팝", &["dash"]),
        ("🙂 대통령 🎉", "대통령", &["breaking"]),
        ("대통\u{200B}령\u{7}", "대통령", &["breaking"]),
        ("\u{0}카카오\u{1F}", "카카오", &["company"]),
        ("((카카오", "카카오", &["company"]),
        ("카카오))", "카카오", &["company"]),
        ("카카오 OR", r"카카오 \OR", &["company", "or"]),
        ("언론사:", "언론사", &[]),
        // Nothing in these can be looked for: nothing is found, rather than everything.
        ("+/-", "", &[]),
        ("--", "", &[]),
        ("🙂", "", &[]),
        (
            "\u{7}\u{1B}",
            "",
            &["brace", "breaking", "colon", "company", "dash", "may", "name", "or", "plus", "quote"],
        ),
    ] {
        let answer = SERVER.search(&[("q", query), ("explain", "true"), ("size", "100"), ("match", "any")]);
        assert_eq!(answer["explain"]["read_as"], read_as, "{query:?}");
        assert_eq!(ids(&answer), expected, "{query:?}");
        assert_eq!(answer["total"], expected.len(), "{query:?}");
    }
}

#[test]
fn only_the_limits_refuse_and_say_which() {
    let at = |path: &str, query: &str| SERVER.get(&with_query(path, &[("q", query)]));
    let nested = |depth: usize| format!("{}카카오{}", "(지도 ".repeat(depth), ")".repeat(depth));
    let words = |count: usize| (0..count).map(|number| format!("말{number} ")).collect::<String>();
    for allowed in ["가".repeat(512), "\u{1100}\u{1161}".repeat(512), words(64), nested(16)] {
        assert_eq!(at("/api/search", &allowed).status, 200, "{allowed}");
    }
    for (query, code, limit) in [
        ("가".repeat(513), "query_too_long", "512"),
        ("가".repeat(2_000), "query_too_long", "512"),
        (words(65), "query_too_complex", "64"),
        (nested(17), "query_too_complex", "16"),
    ] {
        for path in ["/api/search", "/api/facets/outlet"] {
            let problem = at(path, &query).problem(400, code);
            assert!(problem["detail"].as_str().unwrap().contains(limit), "{problem}");
        }
        SERVER.get(&with_query("/api/highlight", &[("q", &query), ("id", "may")])).problem(400, code);
        let body = json!({"q": query, "text": "카카오"});
        SERVER.send(SERVER.request("POST", "/api/highlight").json(&body)).problem(400, code);
    }
}

#[test]
fn snippets_come_in_the_number_and_size_asked_for() {
    let body = "귤 하나가 있다. 귤 둘이 있다. 귤 셋이 있다. 귤 넷이 있다.";
    let server = TestServer::start(&[
        json!({"id": "short", "title": "귤", "body": body}),
        json!({"id": "long", "title": "배", "body": format!("{} 참외 {}", "앞에 놓인 말 ".repeat(60), "뒤에 놓인 말 ".repeat(60))}),
        json!({"id": "title", "title": "오직 제목에만 있는 살구", "body": "첫 문장이다. 둘째 문장이다. 셋째 문장이다."}),
    ]);
    let snippets = |parameters: &[(&str, &str)]| -> Vec<String> {
        let answer = server.search(parameters);
        let snippets = answer["hits"][0]["highlight"]["body"].as_array().unwrap().clone();
        snippets.iter().map(|snippet| snippet["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(snippets(&[("q", "귤")]).len(), 3);
    assert_eq!(snippets(&[("q", "귤"), ("snippets", "1")]).len(), 1);
    assert_eq!(snippets(&[("q", "귤"), ("snippets", "0")]).len(), 0);
    assert_eq!(snippets(&[("q", "귤"), ("snippets", "10")]).len(), 4);
    for size in [40, 160, 300] {
        let shown = snippets(&[("q", "참외"), ("snippet_size", &size.to_string())]);
        assert_eq!(shown.len(), 1);
        assert!((size / 2..=size).contains(&shown[0].chars().count()), "{size}: {shown:?}");
        let (before, behind) = shown[0].split_once("참외").unwrap();
        assert!(before.chars().count() > size / 4 && behind.chars().count() > size / 4, "{shown:?}");
    }
    assert_eq!(snippets(&[("q", "살구")]), ["첫 문장이다. 둘째 문장이다. 셋째 문장이다."], "the lead");
    for (path, parameter) in [
        ("/api/search?snippets=11", "snippets"),
        ("/api/search?snippet_size=39", "snippet_size"),
        ("/api/search?snippet_size=1001", "snippet_size"),
    ] {
        assert_eq!(server.get(path).problem(400, "bad_parameter")["parameter"], parameter);
    }
}

/// Pieces of syntax and of headlines.
const PIECES: [&str; 32] = [
    " ",
    " ",
    "(",
    ")",
    "-",
    "|",
    "\"",
    "“",
    "”",
    "‘",
    "’",
    "*",
    "\\",
    ":",
    "..",
    "[속보]",
    "{",
    "+/-",
    "OR",
    " OR ",
    "NOT ",
    "카카오",
    "(주)",
    "5·18",
    "이재명",
    "제목:",
    "본문:",
    "언론사:",
    "날짜:2023",
    "🙂",
    "\u{0}",
    "\u{202E}",
];

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn anything_typed_is_answered(query in prop_oneof![
        3 => prop::collection::vec(select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]) {
        let answer = SERVER.get(&with_query("/api/search", &[("q", &query), ("explain", "true"), ("facets", "outlet")]));
        if answer.status == 400 {
            let code = answer.json()["code"].as_str().unwrap().to_owned();
            prop_assert!(["query_too_long", "query_too_complex"].contains(&code.as_str()), "{query:?}: {}", answer.text);
        } else {
            prop_assert_eq!(answer.status, 200, "{:?}: {}", &query, &answer.text);
            // What the server says it read is a query that means the same.
            let again = answer.json()["explain"]["read_as"].as_str().unwrap().to_owned();
            let second = SERVER.search(&[("q", &again), ("explain", "true")]);
            prop_assert_eq!(&second["explain"]["read_as"], &again, "{:?}", &query);
        }
    }
}
