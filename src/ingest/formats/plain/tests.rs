use super::*;

const STORIES: [&str; 4] = [
    "가람시가 다음 달부터 도서관 문을 밤까지 연다고 5일 밝혔다. 책은 열 권까지 빌린다. 값은 없다.",
    "한빛수계가 올해 보를 철거하겠다고 밝혔다. 주민들은 반겼다. 공사는 가을에 시작한다.",
    "너울시의회가 새 조례를 통과시켰다. 상인들은 반발했다. 시장은 받아들이기로 했다.",
    "내일 온누리에 비가 온다고 예보됐다. 바람도 분다. 우산을 챙겨야 한다.",
];

/// The stories, each put into `shape` for `#` (its number), `@` (its text), one after the other.
fn file(shape: &str, between: &str) -> String {
    let each =
        (1..).zip(STORIES).map(|(n, text): (i32, _)| shape.replace('#', &n.to_string()).replace('@', text));
    each.collect::<Vec<_>>().join(between)
}

#[test]
fn files_of_several_stories_are_refused_with_what_to_do() {
    for (text, word) in [
        (file("@", "\n"), "several sentences"),
        (file("(가람=온새미통신) 나한별 기자 = @", "\n"), "dateline"),
        (file("소식 #\n나한별 기자\n입력 2031.05.0# 15:12\n@", "\n----------\n"), "lines of -----"),
        (file("소식 #\n@", "\n\n==========\n"), "lines of ====="),
        (file("소식 #\n@", "\n===== 기사 =====\n"), "lines of ====="),
        (file("소식 #\n@", "\n■■■■■\n"), "lines of ■■■■■"),
        (format!("소식 하나\n{}\n-----\n소식 둘\n{}\n", STORIES[0], STORIES[1]), "lines of -----"),
        (file("소식 #\n@", "\n\u{c}\n"), "page break"),
        (file("소식 #\n2031-05-0#\n@", "\n\n* * *\n\n"), "lines of"),
        (file("소식 #\n입력 2031.05.0# 15:12\n@", "\n\n"), "blank lines"),
        (
            file("소식 #\n\n입력 2031.05.0# 15:12\n\n@\n\n나한별 기자 hb@garam.example", "\n\n\n"),
            "blank lines",
        ),
        (
            file("소식 #\n\n입력 2031.05.0# 15:12\n\n@\n\n나한별 기자 hb@garam.example", "\n\n"),
            "date of its publication",
        ),
        (file("20310501\t소식 #\t@", "\n"), ".tsv"),
        (file("소식 #|@|가람일보", "\n"), ".csv"),
        (file("{'title': '소식 #', 'body': '@'}", "\n"), "json.dumps"),
        ("# made by a program\n{\n \"title\": \"가\"\n}".to_owned(), ".json"),
        ("https://a.example/1\nhttps://a.example/2\n".to_owned(), "addresses"),
        ("001 온새미통신\n020 가람일보\n023 너울경제\n".to_owned(), "codes"),
        ("001\t온새미통신\n020\t가람일보\n".to_owned(), "lists"),
        ("byul*** 2031.05.05. 15:12\n잘 읽었어요\n좋아요 3 싫어요 1\n".to_owned(), "comments"),
    ] {
        let refusal = judge(&text, true).unwrap_err();
        assert!(refusal.detail.contains(word), "{text}\n{}", refusal.detail);
    }
    // One short story among the others, and a last line that is cut off.
    let long = file("@", "\n").replace(". ", ".  ").replace(STORIES[1], "한 줄 소식이 있었다.");
    assert!(judge(&format!("{long}\n한 줄"), false).unwrap_err().detail.contains("two spaces"));
}

#[test]
fn json_below_or_beside_other_lines_is_read() {
    for (text, content) in [
        (file("{\"title\": \"소식 #\", \"body\": \"@\"}", "\n"), Content::Lines),
        (
            format!("# made by a program\n{}", file("{\"title\": \"소식 #\", \"body\": \"@\"}", "\n")),
            Content::Lines,
        ),
        (file("{\"title\": \"소식 #\", \"body\": \"@\"}", ",\n"), Content::Json),
        ("{ \"title\": \"가\",\n \"body\": \"나\"}".to_owned(), Content::Json),
    ] {
        assert_eq!(judge(&text, true), Ok(content), "{text}");
    }
}

#[test]
fn one_page_stays_one_page() {
    let [one, two, three, four] = STORIES;
    for text in [
        format!("소식 하나\n입력 2031.05.01 10:00\n{one}\n{two}\n{three}\n"),
        format!("{one}\n\n{two}\n\n{three}\n"),
        format!("{one}\n{two}\n"),
        // Sections, boxes and rules of one story.
        format!("소식 하나\n나한별 기자\n{one}\n-----\n■ 값은\n{two}\n-----\n■ 때는\n{three}\n"),
        format!(
            "홈 정치 경제\n----------\n소식 하나\n2031.05.01 10:00\n{one}\n{two}\n----------\n저작권자 © 가람일보\n"
        ),
        format!("소식 하나\n나한별 기자 hb@garam.example\n\n값은\n{one}\n\n때는\n{two}\n\n곳은\n{three}\n"),
        // Lists of other articles, with stamps, and captions that begin as stories of an agency do.
        format!(
            "소식 하나\n입력 2031.05.01 10:00\n{one}\n{two}\n소식 둘\n입력 2031.05.01 09:00\n소식 셋\n입력 2031.05.01 08:00\n무단 전재와 배포를 금합니다. 문의는 가람일보 독자센터로 해 주시면 됩니다.\n"
        ),
        format!(
            "소식 하나\n[가람=온새미통신] 나한별 기자 = {one}\n[가람=온새미통신] 도가온 기자 = 시민들이 걷고 있다. 2031.05.01.\n{two}\n{three}\n{four}\n"
        ),
        "[인사] 가람시\n2031-05-02 10:00\n◇ 4급 승진\n▲ 기획조정실장 나한별 ▲ 복지국장 도가온\n".to_owned(),
        "{제목}은 이렇다\n물이 맑다고 한다.\n".to_owned(),
        "1 가람시\n2 너울시\n물이 맑다고 한다.\n".to_owned(),
        String::new(),
    ] {
        assert_eq!(judge(&text, true), Ok(Content::Page), "{text}");
        assert_eq!(judge(&format!("{text}\n잘린"), false), Ok(Content::Page), "{text}");
    }
}
