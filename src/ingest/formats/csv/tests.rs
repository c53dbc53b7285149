#![allow(clippy::unwrap_used)]

use super::super::tests::shown;
use super::*;

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
