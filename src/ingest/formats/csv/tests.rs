#![allow(clippy::unwrap_used)]

use encoding_rs::EUC_KR;

use super::super::tests::shown;
use super::*;
use crate::ingest::OneOrMore;

fn rows(text: &[u8]) -> Vec<String> {
    let mut reader = CsvReader::new(Box::new(io::Cursor::new(text.to_vec())), text, None);
    std::iter::from_fn(|| reader.next()).map(shown).collect()
}

#[test]
fn quotes_breaks_separators_and_marks() {
    assert_eq!(
        rows(
            "\u{FEFF}제목,본문,,빈칸\r\n\"가 \"\"나\"\"\",\"첫 줄\r\n둘째, 줄\",0,\r\n\r\n다,라,1,마\r\n"
                .as_bytes()
        ),
        [r#"2 {"제목":"가 \"나\"","본문":"첫 줄\n둘째, 줄"}"#, r#"5 {"제목":"다","본문":"라","빈칸":"마"}"#]
    );
    assert_eq!(
        rows("제목,본문\n가,\"첫 줄\n\n셋째 줄\"\n".as_bytes()),
        [r#"2 {"제목":"가","본문":"첫 줄\n\n셋째 줄"}"#]
    );
    assert_eq!(rows("제목;본문\n가;나,다".as_bytes()), [r#"2 {"제목":"가","본문":"나,다"}"#]);
    assert_eq!(rows("제목\t본문\n가\t\"나\n다\"\n".as_bytes()), [r#"2 {"제목":"가","본문":"나\n다"}"#]);
    assert_eq!(
        rows("\"title\";\"content\"\n\"가\";\"그는 \\\"나\\\"라고 했다.\"\n".as_bytes()),
        [r#"2 {"title":"가","content":"그는 \"나\"라고 했다."}"#]
    );
}

#[test]
fn cp949_is_found_by_the_whole_file() {
    // 큐 in CP949 is also a letter of UTF-8; alone it would be read as that.
    let (bytes, _, _) = EUC_KR.encode("제목,본문\n가나다,큐\n");
    assert_eq!(rows(&bytes), [r#"2 {"제목":"가나다","본문":"큐"}"#]);
}

#[test]
fn a_broken_quote_costs_what_it_swallowed() {
    let text = "title,content,date\n\"닫히지 않은 따옴표,본문이다.,2024-03-05\n둘째,본문 둘,2024-03-06\n\"셋째\",\"본문 셋\",2024\n";
    assert_eq!(
        rows(text.as_bytes()),
        [
            "2 bad_row",
            r#"3 {"title":"둘째","content":"본문 둘","date":"2024-03-06"}"#,
            r#"4 {"title":"셋째","content":"본문 셋","date":"2024"}"#
        ]
    );
    // Never closed, at the end of the file.
    assert_eq!(rows("title,body\n가,나\n\"다,라\n마,바\n".as_bytes()).len(), 3);
}

#[test]
fn rows_that_do_not_fit_are_refused_by_their_lines() {
    assert_eq!(
        rows("title,body\n가,나,다\n라\n마,바,\n".as_bytes()),
        ["2 bad_row", "3 bad_row", r#"4 {"title":"마","body":"바"}"#]
    );
    assert_eq!(rows("20240305,사회,가람일보\n".as_bytes()), ["0 no_header"]);
    let wide = format!("title,body\n{}\n", ",".repeat(1_000_000));
    assert_eq!(rows(wide.as_bytes()), ["2 too_large"]);
}

const HEAD: &str = "제목,본문\n가람시에 다리가 놓인다,다리는 세 해 뒤에 열린다.\n";

#[test]
fn a_broken_character_costs_its_row_and_not_the_encoding_of_the_table() {
    let broken = |bytes: &[u8], mark: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes.extend_from_slice(mark);
        rows(&bytes)
    };
    let good = |row: &str| row.contains(r#""제목":"가람시에 다리가 놓인다""#);
    let utf8 = broken(HEAD.as_bytes(), b"\xEA\xB0,\xEB\x82\x98\xEB\x8B\xA4\xEB\x9D\xBC\n");
    assert!(good(&utf8[0]) && utf8[1] == "3 bad_encoding", "{utf8:?}");
    let cp949 = broken(&EUC_KR.encode(HEAD).0, b"\xB0\xA1\xFF\xFF,\xB0\xA1\n");
    assert!(good(&cp949[0]) && cp949[1] == "3 bad_encoding", "{cp949:?}");
    // Rows of another file, added to this one.
    let both = broken(HEAD.as_bytes(), &EUC_KR.encode("너울시,바다가 가깝다.\n").0);
    assert_eq!(both.last().unwrap(), r#"3 {"제목":"너울시","본문":"바다가 가깝다."}"#);
    let both = broken(&EUC_KR.encode(HEAD).0, "너울시,바다가 가깝다.\n".as_bytes());
    assert_eq!(both.last().unwrap(), r#"3 {"제목":"너울시","본문":"바다가 가깝다."}"#);
    // Far behind an English head.
    let ascii = format!("title,body\n{}", "a,b\n".repeat(20_000));
    let late = broken(ascii.as_bytes(), &EUC_KR.encode("너울시,바다가 가깝다.\n").0);
    assert!(late.last().unwrap().contains("바다가 가깝다."), "{:?}", late.last());
}

#[test]
fn titles_stand_above_the_names_and_names_come_again() {
    let table = "검색 결과,,\n2026년 3월\n\n제목,본문,언론사\n가,나,다\n\u{FEFF}제목,본문,언론사\n라,마,바\n";
    let mut reader = CsvReader::new(Box::new(io::Cursor::new(table.as_bytes())), table.as_bytes(), None);
    let found: Vec<String> = std::iter::from_fn(|| reader.next()).map(shown).collect();
    assert_eq!(
        found,
        [r#"5 {"제목":"가","본문":"나","언론사":"다"}"#, r#"7 {"제목":"라","본문":"마","언론사":"바"}"#]
    );
    assert_eq!(reader.skipped().get(&SkipRule::ExportHeader), Some(&1));
    // Articles above the names would be lost.
    assert_eq!(rows("가,나\n제목,본문\n다,라\n".as_bytes()), ["0 no_header"]);
    assert_eq!(rows("가\n나\n".as_bytes()), ["0 no_header"]);
}

#[test]
fn separators_are_found_or_declared_and_excel_is_undone() {
    assert_eq!(
        rows("제목|본문|언론사\n가|나, 다|라\n".as_bytes()),
        [r#"2 {"제목":"가","본문":"나, 다","언론사":"라"}"#]
    );
    assert_eq!(rows("sep=;\n제목;본문\n가;나,다\n".as_bytes()), [r#"3 {"제목":"가","본문":"나,다"}"#]);
    assert_eq!(rows("id,제목\n=\"0110\",가\n".as_bytes()), [r#"2 {"id":"0110","제목":"가"}"#]);
}

#[test]
fn breaks_that_a_database_escaped_are_breaks() {
    assert_eq!(
        rows("title\tcontent\tpress\n\"가\" 나\t첫 줄.\\n둘째 \\\\ 줄.\\t끝.\t\\N\n".as_bytes()),
        [r#"2 {"title":"\"가\" 나","content":"첫 줄.\n둘째 \\ 줄.\t끝.","press":"\\N"}"#]
    );
    // A path is no escape.
    assert_eq!(
        rows("title\tcontent\n가\tC:\\news\\다\n".as_bytes()),
        [r#"2 {"title":"가","content":"C:\\news\\다"}"#]
    );
}

#[test]
fn a_rule_names_the_columns_that_nobody_knows() {
    let spec =
        crate::ingest::RuleSpec { title: OneOrMore::One("머리글".to_owned()), ..Default::default() };
    let table = "번호;머리글;글\n1;가;나, 다\n".as_bytes();
    let rule = Arc::new(spec.resolve().unwrap());
    let mut reader = CsvReader::new(Box::new(io::Cursor::new(table.to_vec())), table, Some(rule));
    assert_eq!(shown(reader.next().unwrap()), r#"2 {"번호":"1","머리글":"가","글":"나, 다"}"#);
    assert_eq!(rows(table), ["0 no_header"]);
}

#[test]
fn columns_of_a_table_that_was_added_are_its_own() {
    let text = |second: &str, rows: &str| format!("title,body,date\n가,나,2031\n{second}\n{rows}");
    let first = r#"2 {"title":"가","body":"나","date":"2031"}"#;
    for (second, rows_below, found) in [
        // In another order, with others, with more and with fewer columns.
        ("date,title,body", "2032,다,라", r#"4 {"date":"2032","title":"다","body":"라"}"#),
        ("\u{FEFF}제목,본문,언론사", "다,라,마", r#"4 {"제목":"다","본문":"라","언론사":"마"}"#),
        ("body,title,press,url", "라,다,마,바", r#"4 {"body":"라","title":"다","press":"마","url":"바"}"#),
        ("\"본문\",\"제목\"", "라,다", r#"4 {"본문":"라","제목":"다"}"#),
        // Separated by something else.
        ("제목;본문;날짜", "다;라, 마, 바;2032", r#"4 {"제목":"다","본문":"라, 마, 바","날짜":"2032"}"#),
        ("제목\t본문", "다\t라", r#"4 {"제목":"다","본문":"라"}"#),
        // The same once more.
        ("title,body,date", "다,라,2032", r#"4 {"title":"다","body":"라","date":"2032"}"#),
    ] {
        assert_eq!(rows(text(second, rows_below).as_bytes()), [first, found], "{second}");
    }
    // Rows that only look like names.
    for row in ["제목,물이 맑다.,2032", "내용,하나,2032", "title,가,나"] {
        assert_eq!(rows(text(row, "").as_bytes()).len(), 2, "{row}");
    }
    let mut reader = CsvReader::new(
        Box::new(io::Cursor::new(text("body,title", "라,다"))),
        text("body,title", "").as_bytes(),
        None,
    );
    assert_eq!(std::iter::from_fn(|| reader.next()).count(), 2);
    assert_eq!(reader.skipped(), BTreeMap::from([(SkipRule::ExportHeader, 1)]));
}

#[test]
fn columns_that_a_rule_names_are_not_those_of_a_table_that_was_added() {
    let spec = crate::ingest::RuleSpec {
        columns: vec!["title".to_owned(), "body".to_owned()],
        header: Some(true),
        ..Default::default()
    };
    let rule = Arc::new(spec.resolve().unwrap());
    let read = |text: &str| -> Vec<String> {
        let input = Box::new(io::Cursor::new(text.as_bytes().to_vec()));
        let mut reader = CsvReader::new(input, text.as_bytes(), Some(Arc::clone(&rule)));
        std::iter::from_fn(|| reader.next()).map(shown).collect()
    };
    let first = r#"2 {"title":"가","body":"나"}"#;
    assert_eq!(read("머리글,내용\n가,나\n머리글,내용\n다,라\n"), [first, r#"4 {"title":"다","body":"라"}"#]);
    assert_eq!(read("머리글,내용\n가,나\n내용,제목\n다,라\n"), [first, "3 bad_row"]);
}
