#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use time::macros::date;

use super::*;

/// What is typed, and how it is printed back.
#[rustfmt::skip]
const READINGS: &[(&str, &str)] = &[
    ("", ""),
    ("   ", ""),
    ("중기부", "중기부"),
    ("횡령 김 모 씨", "횡령 김모씨"),
    ("김모 씨는 이 모 씨", "김모씨는 이모씨"),
    ("김모(34) 씨", "김모(34)씨"),
    ("-김 모 씨 횡령", "-김모씨 횡령"),
    ("제목:김 모 씨", "제목:김모씨"),
    ("김 제목:모 씨", "김 제목:모 씨"),
    ("김 AND 모 AND 씨", "김 AND 모 AND 씨"),
    ("(김) 모 씨 불", "김 AND 모 AND 씨 AND 불"),
    ("박모 씨 OR 최 모 씨", "박모씨 OR 최모씨"),
    ("손 모양 쿠키", "손 모양 쿠키"),
    ("중기부 스타트업", "중기부 스타트업"),
    ("  중기부\u{3000}스타트업\t정책  ", "중기부 스타트업 정책"),
    (r#""정확한 구절""#, r#""정확한 구절""#),
    ("“정확한 구절”", r#""정확한 구절""#),
    ("„정확한 구절“", r#""정확한 구절""#),
    ("‘정확한 구절’", r#""정확한 구절""#),
    ("«정확한 구절»", r#""정확한 구절""#),
    ("'정확한 구절'", r#""정확한 구절""#),
    (r#""정확한   구절" 뒤"#, r#""정확한 구절" 뒤"#),
    (r#""안 닫힌 따옴표"#, "안 닫힌 따옴표"),
    ("“안 닫힌 따옴표", "안 닫힌 따옴표"),
    (r#"“섞인 따옴표""#, r#""섞인 따옴표""#),
    (r#""가 나"다 "라 마""#, r#""가 나" 다 "라 마""#),
    (r#""노조 부패"라며 강력 대응"#, r#""노조 부패" 강력 대응"#),
    ("尹“노조 부패” 대응", "尹 노조 부패 대응"),
    ("정부 “물가 안정 총력”…전기요금 동결", "정부 물가 안정 총력 전기요금 동결"),
    ("‘빈집’ 늘어나는 농촌, 대책은", "빈집 늘어나는 농촌 대책은"),
    ("시장 “다시 짓겠다”라며 예산 요구", "시장 다시 짓겠다 예산 요구"),
    ("제목:“창업 지원” 중기부 벤처", r#"제목:"창업 지원" 중기부 벤처"#),
    ("중기부 “창업 지원”", r#"중기부 "창업 지원""#),
    ("중기부 스타트업 OR 벤처 “창업 지원”", r#"중기부 스타트업 OR 벤처 "창업 지원""#),
    (r#"정부 "물가 안정" 전기요금 동결"#, r#"정부 "물가 안정" 전기요금 동결"#),
    (r#"尹"노조 부패" 대응"#, r#"尹"노조 부패 대응"#),
    ("'23년 '24년 예산", "23년 24년 예산"),
    ("'don't stop' 노래", r#""don't stop" 노래"#),
    ("rock'n'roll", "rock'n'roll"),
    (r#"5" 화면"#, "5 화면"),
    (r#""""#, ""),
    (r#""!?""#, ""),
    ("-제외", "-제외"),
    ("- 제외", "제외"),
    ("중기부 -대선", "중기부 -대선"),
    (r#"중기부 -"대선 후보""#, r#"중기부 -"대선 후보""#),
    ("중기부 -(대선 OR 총선)", "중기부 -(대선 OR 총선)"),
    ("NOT 대선", "-대선"),
    ("중기부 NOT 대선", "중기부 -대선"),
    ("NOT NOT 대선", "대선"),
    ("NOT -대선", "대선"),
    ("-(-대선)", "대선"),
    ("--", ""),
    ("--제외", "제외"),
    ("-", ""),
    ("+/-", ""),
    ("GPT-4o", "GPT-4o"),
    ("K-팝 -제이팝", "K-팝 -제이팝"),
    ("-5%", "5%"),
    ("NOT", r"\NOT"),
    ("NOT OR 가", r"\NOT OR 가"),
    ("가 NOT", r"가 \NOT"),
    ("가 OR 나", "가 OR 나"),
    ("가 | 나", "가 OR 나"),
    ("가|나|다", "가 OR 나 OR 다"),
    ("가||나", "가 OR 나"),
    ("OR OR", r"\OR \OR"),
    ("OR", r"\OR"),
    ("가 OR", r"가 \OR"),
    ("OR 가", r"\OR 가"),
    ("가 OR OR 나", "가 OR 나"),
    ("가 OR | 나", "가 OR 나"),
    ("| 가 |", "가"),
    ("가 or 나", "가 or 나"),
    ("가 AND 나", "가 나"),
    ("AND 가", r"\AND 가"),
    ("가 AND OR 나", "가 OR 나"),
    ("가 나 OR 다 라", "가 나 OR 다 라"),
    ("가 AND 나 OR 다", "가 AND 나 OR 다"),
    ("가 OR 나 AND 다", "가 OR 나 AND 다"),
    ("(가 OR 나) AND 다 OR 라", "(가 OR 나) AND 다 OR 라"),
    ("(가 나) OR 다", "가 AND 나 OR 다"),
    ("(가 OR 나) 다", "가 OR 나 다"),
    ("((가))", "가"),
    ("((가 나) 다)", "가 나 다"),
    ("(가 OR (나 OR 다))", "가 OR 나 OR 다"),
    ("()", ""),
    ("(())", ""),
    ("가 OR () 나", "가 OR 나"),
    ("-() 가", "가"),
    ("(가 나", "가 나"),
    ("가 나)", "가 나"),
    (")(", ""),
    ("(가) (나", "가 나"),
    ("(주)카카오", "(주)카카오"),
    ("㈜카카오", "㈜카카오"),
    ("((주)카카오 OR 네이버)", "(주)카카오 OR 네이버"),
    ("(네이버 OR (주)카카오)", "네이버 OR (주)카카오"),
    ("(삼성 OR 윤(尹))", "삼성 OR 윤(尹)"),
    ("카카오(주)", "카카오(주)"),
    ("-(주)카카오", "-(주)카카오"),
    ("f(x)", "f(x)"),
    ("윤(尹)", "윤(尹)"),
    ("(尹)", "尹"),
    ("1)서론 2)본론", "1 서론 2 본론"),
    (":) 안녕", "안녕"),
    ("[속보] 대통령", "속보 대통령"),
    ("[단독]대통령", "[단독]대통령"),
    ("{중괄호", "중괄호"),
    ("<기생충>", "기생충"),
    ("《기생충》", "기생충"),
    ("5·18", "5·18"),
    ("R&D", "R&D"),
    ("삼성전자:실적", "삼성전자:실적"),
    ("디즈니+ C++ C# 3.5% 50㎞", "디즈니+ C++ C# 3.5% 50㎞"),
    ("가나다...", "가나다"),
    ("가 ~10 나", "가 ~10 나"),
    ("가 NEAR/10 나", "가 ~10 나"),
    ("가 ～3 나", "가 ~3 나"),
    ("가 ~0 나", "가 0 나"),
    ("가 ~101 나", "가 101 나"),
    ("~10 가", "10 가"),
    ("가 ~10", "가 10"),
    ("가 ~10 -나", "가 10 -나"),
    ("가 ~10 언론사:나", "가 10 언론사:나"),
    ("가 ~10일", "가 10일"),
    ("1~10 가", "1~10 가"),
    ("가 나 ~3 다 라", "가 나 ~3 다 라"),
    ("가 OR 나 ~3 다", "가 OR 나 ~3 다"),
    ("가 AND 나 ~3 다 OR 라", "가 AND 나 ~3 다 OR 라"),
    ("-가 ~3 나", "-(가 ~3 나)"),
    ("NOT 가 ~3 나", "-(가 ~3 나)"),
    ("-(가 ~3 나) 다", "-(가 ~3 나) 다"),
    ("가 ~3 나 ~5 다", "가 ~3 나 나 ~5 다"),
    ("\"가 나\" ~3 다라*", "\"가 나\" ~3 다라*"),
    ("(가 OR 나) ~3 제목:(다|라)", "(가 OR 나) ~3 (제목:다 OR 제목:라)"),
    ("(가 나) ~3 다", "가 나 3 다"),
    ("날짜:어제", "날짜:어제"),
    ("날짜:\"지난 주\"", "날짜:\"지난 주\""),
    ("날짜:지난달..2026.5.1 가", "날짜:지난달..2026.5.1 가"),
    ("date:last-week", "날짜:last-week"),
    ("-날짜:오늘", "-날짜:오늘"),
    ("날짜:아무거나", "날짜:아무거나"),
    ("🙂", ""),
    ("🙂 대통령 🎉", "대통령"),
    ("이재명*", "이재명*"),
    ("이*", "이"),
    ("*정책", "정책"),
    ("박*혜", "박*혜"),
    ("정책**", "정책*"),
    ("C++*", "C++*"),
    (r#""정책"*"#, r#""정책""#),
    ("언론사:한겨레", "언론사:한겨레"),
    (r#"언론사:"한겨레 신문""#, r#"언론사:"한겨레 신문""#),
    ("outlet:KBS", "언론사:KBS"),
    ("OUTLET:KBS", "언론사:KBS"),
    ("언론사：KBS", "언론사:KBS"),
    ("언론사:KBS OR 언론사:MBC 중기부", "언론사:KBS OR 언론사:MBC 중기부"),
    ("언론사:(KBS OR MBC) 중기부", "언론사:KBS OR 언론사:MBC 중기부"),
    ("언론사:", "언론사"),
    ("언론사: KBS", "언론사 KBS"),
    ("언론사:!!", "언론사"),
    ("-언론사:KBS", "-언론사:KBS"),
    ("언론사:-KBS", "-언론사:KBS"),
    ("언론사:(주)카카오", "언론사:(주)카카오"),
    ("언론사:@경제지", "언론사:@경제지"),
    ("언론사:＠경제지 금리", "언론사:@경제지 금리"),
    ("-언론사:@경제지", "-언론사:@경제지"),
    ("언론사:(@경제지 OR KBS)", "언론사:@경제지 OR 언론사:KBS"),
    (r#"outlet:"@지역 신문""#, r#"언론사:"@지역 신문""#),
    ("언론사:@", "언론사"),
    ("@경제지", "경제지"),
    ("언론사:없음", "언론사:없음"),
    ("-outlet:none", "-언론사:없음"),
    ("날짜:없음", "날짜:없음"),
    (r#"date:"없음" 금리"#, "날짜:없음 금리"),
    ("날짜:없음표", "날짜:없음표"),
    ("기자:홍길동", "기자:홍길동"),
    (r#"reporter:"홍 길동""#, r#"기자:"홍 길동""#),
    ("기자:홍길*", "기자:홍길"),
    ("섹션:정치", "섹션:정치"),
    ("section:경제", "섹션:경제"),
    ("제목:기생충", "제목:기생충"),
    (r#"title:"봉준호 감독""#, r#"제목:"봉준호 감독""#),
    ("제목:(가 OR 나) 다", "제목:가 OR 제목:나 다"),
    ("제목:(가 본문:나)", "제목:가 본문:나"),
    ("-제목:(가 나)", "-(제목:가 제목:나)"),
    ("제목:이재명*", "제목:이재명*"),
    ("제목:()", "제목"),
    (r#"제목:"가 나"#, "제목 가 나"),
    ("본문:가 body:나", "본문:가 본문:나"),
    ("제목:OR", r"제목:\OR"),
    ("제목:본문:가", r"제목:\본문:가"),
    ("날짜:2023-06-01..2023-06-30", "날짜:2023-06"),
    ("날짜:2023-06-01..2023-06-29", "날짜:2023-06-01..2023-06-29"),
    ("날짜:2023-06-01..", "날짜:2023-06-01.."),
    ("날짜:..2023-06-30", "날짜:..2023-06-30"),
    ("날짜:2023-06-01", "날짜:2023-06-01"),
    ("날짜:20260505", "날짜:2026-05-05"),
    ("코스피, -2.3% 급락", "코스피 2.3% 급락"),
    ("[르포] -20도 혹한", "르포 20도 혹한"),
    ("오이 -참외", "오이 -참외"),
    ("날짜:2023-06", "날짜:2023-06"),
    ("날짜:2023", "날짜:2023"),
    ("date:2023.06.01", "날짜:2023-06-01"),
    ("날짜:2023.6.1~2023.6.15", "날짜:2023-06-01..2023-06-15"),
    ("날짜:2024..2023-06", "날짜:2023-06-01..2024-12-31"),
    ("날짜:2023-02-30", "날짜:2023-02-30"),
    ("날짜:내일", "날짜:내일"),
    (r#"날짜:"2023-06-01""#, "날짜:2023-06-01"),
    (r#"날짜:"내일 모레""#, r#"날짜 "내일 모레""#),
    (r#"-날짜:"내일 모레""#, r#"-"내일 모레""#),
    ("날짜:(2023 2024)", "날짜 2023 2024"),
    ("날짜:..", "날짜"),
    ("-날짜:2023", "-날짜:2023"),
    (r"\OR \언론사:KBS", r"\OR \언론사:KBS"),
    ("[OR] [언론사:KBS]", r"\OR \언론사:KBS"),
    (".(-'a)b", r"\(-'a)b"),
    ("https://www.example.com/a?b=c|d", "https://www.example.com/a?b=c OR d"),
    ("홍길동@example.com", "홍길동@example.com"),
];

#[test]
fn readings() {
    let wrong: Vec<String> = READINGS
        .iter()
        .filter_map(|(typed, printed)| {
            let read = parse(typed).unwrap().to_string();
            (read != *printed).then(|| format!("{typed}\n  read as {read}\n  not     {printed}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn readings_read_back_as_the_same_tree() {
    for (typed, printed) in READINGS {
        assert_eq!(parse(printed).unwrap(), parse(typed).unwrap(), "{typed}");
    }
}

#[test]
fn descriptions() {
    for (typed, described) in [
        ("", "조건 없음: 모든 기사"),
        ("+/-", "조건 없음: 모든 기사 (읽지 않음: +/-)"),
        ("중기부", "중기부"),
        (r#"중기부 "창업 지원" -대선"#, r#"모두: 중기부 그리고 "창업 지원" 그리고 제외: 대선"#),
        ("-대선", "모든 기사, 제외: 대선"),
        ("가 나 OR 다", "모두: 가 그리고 (나 또는 다)"),
        ("가 AND 나 OR 다", "하나 이상: (가 그리고 나) 또는 다"),
        ("중기부 -(대선 OR 총선)", "모두: 중기부 그리고 제외: (대선 또는 총선)"),
        ("제목:이재명*", "제목에서 앞부분이 ‘이재명’인 말"),
        ("언론사:KBS 기자:홍길동", "모두: 언론사가 KBS 그리고 기자가 홍길동"),
        ("언론사:@경제지 날짜:없음", "모두: 언론사 묶음이 경제지 그리고 날짜 없음"),
        ("언론사:없음", "언론사 없음"),
        ("날짜:2023-06", "날짜가 2023-06-01부터 2023-06-30까지"),
        ("날짜:2023-06-01", "날짜가 2023-06-01"),
        ("날짜:..2023", "날짜가 2023-12-31까지"),
        ("\"노조 부패\"라며 대응", "모두: \"노조 부패\" 그리고 대응 (읽지 않음: 라며)"),
    ] {
        assert_eq!(parse(typed).unwrap().describe(), described, "{typed}");
    }
}

#[test]
fn the_tree_of_a_query_with_everything_in_it() {
    let query = parse(r#"중기부 제목:"창업 지원" -(벤처* OR 언론사:가) 날짜:2023-06.."#).unwrap();
    let nodes: Vec<&Node> = query.post_order().map(|(_, node)| node).collect();
    let id = |at: usize| query.post_order().nth(at).unwrap().0;
    let word = Node::Word { text: "중기부".to_owned() };
    let phrase = Node::Phrase { text: "창업 지원".to_owned() };
    let prefix = Node::Prefix { text: "벤처".to_owned() };
    let outlet = Node::Filter(Filter::Outlet("가".to_owned()));
    let dates = Node::Filter(Filter::Date(DateRange { from: Some(date!(2023 - 06 - 01)), to: None }));
    let expected = [
        word,
        phrase,
        Node::In { field: TextField::Title, node: id(1) },
        prefix,
        outlet,
        Node::Or(vec![id(3), id(4)]),
        Node::Not(id(5)),
        dates,
        Node::And(vec![id(0), id(2), id(6), id(7)]),
    ];
    assert_eq!(nodes, expected.iter().collect::<Vec<_>>());
    assert_eq!(query.root(), Some(id(8)));
    let texts: Vec<&str> = query.leaves().map(|(id, _)| &query.text()[query.range(id).unwrap()]).collect();
    assert_eq!(texts, ["중기부", "\"창업 지원\"", "벤처", "가", "날짜:2023-06.."]);
}

#[test]
fn decomposed_text_and_invisible_characters_are_read_as_what_they_look_like() {
    let composed = parse("가나다 GPT-4o").unwrap();
    assert_eq!(parse("\u{1100}\u{1161}\u{1102}\u{1161}\u{1103}\u{1161} GPT-4o").unwrap(), composed);
    assert_eq!(parse("\u{FEFF}가\u{200B}나\0다\u{3164}G\u{00AD}PT-4o\u{7}").unwrap(), composed);
    assert_eq!(parse("\u{200B}\u{1F}").unwrap().root(), None);
}

#[test]
fn noise_is_reported_where_it_stands() {
    let query = parse("🙂 대통령 -- (나").unwrap();
    let ignored: Vec<&str> = query.ignored().iter().map(|range| &query.text()[range.clone()]).collect();
    assert_eq!(ignored, ["🙂", "--", "("]);
}

#[test]
fn only_the_limits_refuse() {
    assert!(parse(&"가".repeat(512)).is_ok());
    assert_eq!(parse(&"가".repeat(513)), Err(QueryError::TooLong { limit: 512, found: 513 }));
    // Counted after normalisation: 512 syllables typed as 1,024 jamo.
    assert!(parse(&"\u{1100}\u{1161}".repeat(512)).is_ok());

    assert!(parse(&"가 ".repeat(64)).is_ok());
    assert_eq!(parse(&"가 ".repeat(65)), Err(QueryError::TooManyClauses { limit: 64, found: 65 }));

    let nested = |depth: usize| format!("{}나{}", "(가 ".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(16)).is_ok());
    assert_eq!(parse(&nested(17)), Err(QueryError::TooDeep { limit: 16, found: 17 }));
    assert_eq!(
        parse(&nested(17)).unwrap_err().to_string(),
        "the brackets are nested 17 deep, at most 16 are read: write it flatter"
    );
}

#[test]
fn the_deepest_query_is_read_back() {
    let typed = format!("{}사{}", "-(가 나 OR 다 AND (라 OR ".repeat(8), "))".repeat(8));
    let query = parse(&typed).unwrap();
    assert_eq!(parse_canonical(&query.to_string()).unwrap(), query);
    let height = query.bottom_up(|_, _, children| 1 + children.into_iter().max().unwrap_or(0_usize)).unwrap();
    assert!((16..=4 * 17 + 1).contains(&height), "{height}");
}

#[test]
fn full_length_floods_return() {
    for unit in [
        "(",
        ")",
        "()",
        "((",
        "(a",
        "a)",
        "-(",
        "-",
        "- ",
        "NOT ",
        "NOT(",
        "OR ",
        "| ",
        "|",
        "\"",
        "“",
        "”",
        "'",
        "‘",
        "«",
        "[",
        "[(",
        "(]",
        "a(",
        ")a(",
        "제목:",
        "제목:(",
        "-제목:",
        "title:\"",
        "날짜:",
        "날짜:..",
        "*",
        "a*",
        "\\",
        "가\u{301}",
        "\u{301}",
        "🙂",
        "(\"",
        "'a ",
        "-(\"",
        "..",
        "\u{200B}",
        "([{<〈《「『가",
        "가)]}>〉》」』",
        "(가[나{다<라",
        "a([{<〈《「『b)]}>〉》」』",
        "‘가 ",
        "“가\"",
        "„가",
    ] {
        for tail in ["", "가", ")", "\""] {
            let head: String = unit.chars().cycle().take(511).collect();
            let (looks, square) = properties::work(&format!("{head}{tail}"));
            assert!(looks <= properties::WORK * square + 64, "{unit} {tail}: {looks} looks");
            match parse(&format!("{head}{tail}")) {
                Ok(query) => assert_eq!(parse_canonical(&query.to_string()).unwrap(), query, "{unit} {tail}"),
                Err(error) => assert!(!matches!(error, QueryError::TooLong { .. }), "{unit} {tail}"),
            }
        }
    }
}

#[test]
fn what_is_not_a_date_or_not_near_is_noted() {
    let noted = |typed: &str| {
        let query = parse(typed).unwrap();
        let notes = query.notes().iter().map(|note| match note {
            QueryNote::UnknownDate(range) | QueryNote::BadNear(range) => {
                query.text()[range.clone()].to_owned()
            }
        });
        notes.collect::<Vec<_>>()
    };
    assert_eq!(noted("이재명 ~200 부동산"), ["~200"]);
    assert_eq!(noted("이재명 ~ 부동산 ~0 세금"), ["~", "~0"]);
    assert_eq!(noted("이재명~10부동산"), ["이재명~10부동산"]);
    for typed in ["이재명 ~10 부동산", "\"~200\"", "제목:~200", "이재명 5월~10월"] {
        assert!(noted(typed).is_empty(), "{typed}");
    }
    assert_eq!(noted("날짜:아무거나 선거"), ["날짜:아무거나"]);
    assert_eq!(noted("-date:\"그 언젠가\""), ["date:\"그 언젠가\""]);
    for typed in [
        "날짜:20260505",
        "날짜:2026.5.5",
        "날짜:어제",
        "날짜:\"최근 7일\"",
        "날짜:",
        "어제",
        "\\날짜:아무거나",
    ] {
        assert!(noted(typed).is_empty(), "{typed}");
    }
}
