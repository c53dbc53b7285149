use super::*;

fn stories(text: &str) -> Vec<String> {
    assert!(is_tagged(text), "{text}");
    TaggedText::new(text).stories.into_iter().map(|(_, fields)| Value::Object(fields).to_string()).collect()
}

#[test]
fn tags_of_other_shapes() {
    let wanted = |date: &str, others: &str| {
        [1, 2].map(|n| {
            format!("{{\"{date}\":\"2031050{n}\",\"title\":\"소식 {n}\"{others},\"body\":\"물이 맑다.\"}}")
        })
    };
    let twice = |shape: &str| [1, 2].map(|n| shape.replace('#', &n.to_string())).concat();
    for (shape, date, others) in [
        (
            "DATE: 2031050#\nHEADLINE: 소식 #\nBYLINE: 나한별 기자\nBODY: 물이 맑다.\n\n",
            "date",
            r#","byline":"나한별 기자""#,
        ),
        ("Date: 2031050#\nTitle: 소식 #\nBody:\n물이 맑다.\n", "date", ""),
        ("date 2031050#\ntit1 소식 #\ntext\n물이 맑다.\n", "date", ""),
        (
            "<DOC>\n<DOCNO>G-9</DOCNO>\n<DATE>2031050#</DATE>\n<HEADLINE>소식 #</HEADLINE>\n<TEXT>\n물이 맑다.\n</TEXT>\n</DOC>\n",
            "docno\":\"G-9\",\"date",
            "",
        ),
        ("@DATE=2031050#\n@TITLE=소식 #\n@BODY=\n물이 맑다.\n@END\n", "date", ""),
        (
            "날짜: 2031050#\n제목: 소식 #\n언론사: 가람일보\n본문: 물이 맑다.\n\n",
            "날짜",
            r#","언론사":"가람일보""#,
        ),
        ("[일자] 2031050#\n[제목] 소식 #\n[본문]\n물이 맑다.\n\n", "일자", ""),
        ("<일자>2031050#\n<제목>소식 #\n<내용>\n물이 맑다.\n", "일자", ""),
    ] {
        assert_eq!(stories(&twice(shape)), wanted(date, others), "{shape}");
    }
    let led_by_titles =
        "제목: 소식 1\n날짜: 20310501\n본문: 물이 맑다.\n\n제목: 소식 2\n본문: 산이 높다.\n기자: 나한별\n";
    assert_eq!(
        stories(led_by_titles),
        [
            r#"{"title":"소식 1","날짜":"20310501","body":"물이 맑다."}"#,
            r#"{"title":"소식 2","body":"산이 높다.","기자":"나한별"}"#
        ]
    );
}

#[test]
fn words_of_a_story_that_look_like_tags_stay_in_it() {
    let text = "DATE 20310501\nTIT1 앞\nTIT1 뒤\nTEXT\n첫 줄이다.\nTIME 지가 그를 만났다.\nTEXT 한 통이 왔다.\nDATE 앱이 나왔다.\n\
                TITLE 매치가 열렸다.\nNEWS 채널이다.\n\nDATE 20310502\nTIT1 둘째\nTEXT\n끝이다.\nWRIT 나한별\nCODE 12\n";
    assert_eq!(
        stories(text),
        [
            r#"{"date":"20310501","title":"앞 / 뒤","body":"첫 줄이다.\nTIME 지가 그를 만났다.\nTEXT 한 통이 왔다.\nDATE 앱이 나왔다.\nTITLE 매치가 열렸다.\nNEWS 채널이다."}"#,
            r#"{"date":"20310502","title":"둘째","body":"끝이다.","reporter":"나한별","code":"12"}"#,
        ]
    );
    let notice =
        "제목: 알림\n본문: 잔치를 연다.\n일시: 2031년 5월 2일\n장소: 시청\n\n제목: 둘째\n본문: 끝이다.\n";
    assert_eq!(
        stories(notice),
        [
            r#"{"title":"알림","body":"잔치를 연다.\n일시: 2031년 5월 2일 장소: 시청"}"#,
            r#"{"title":"둘째","body":"끝이다."}"#
        ]
    );
}

#[test]
fn titles_without_a_text_are_stories_too() {
    let text = "TIT1 하나\nDATE 20310501\nTIT1 둘\nDATE 20310502\nTEXT\n끝이다.\nTIT1 셋\nDATE 20310503\n";
    assert_eq!(
        stories(text),
        [
            r#"{"title":"하나","date":"20310501"}"#,
            r#"{"title":"둘","date":"20310502","body":"끝이다."}"#,
            r#"{"title":"셋","date":"20310503"}"#,
        ]
    );
    for page in [
        "<HEAD>\n<TITLE>가</TITLE>\n<BODY>\n<P>나</P>",
        "제목\n본문",
        "Title of a page\nText follows.",
        "본문 바로가기\n제목: 가",
    ] {
        assert!(!is_tagged(page), "{page}");
    }
}

#[test]
fn several_stories_in_a_file() {
    let text = "DATE 20070611\nPAGE 01\nTIT1 제목\nTIT2 부제\nTIT3\nTEXT\n물이 맑다. 산이\n높다.\nKBS가 전했다.\n\nDATE 20070612\nTIT1 둘째\nTEXT\n끝이다.\n";
    assert!(is_tagged(text));
    let stories: Vec<_> = TaggedText::new(text)
        .stories
        .into_iter()
        .map(|(line, fields)| (line, Value::Object(fields).to_string()))
        .collect();
    assert_eq!(
        stories,
        [
            (1, r#"{"date":"20070611","page":"01","title":"제목","body":"부제\n물이 맑다. 산이 높다.\nKBS가 전했다."}"#.to_owned()),
            (11, r#"{"date":"20070612","title":"둘째","body":"끝이다."}"#.to_owned()),
        ]
    );
    let closed = "<DATE>20260305</DATE>\n<TITLE>가람시 소식</TITLE>\n<BODY>\n비가 온다.\n</BODY>\n<AUTHOR>나한별</AUTHOR>\n<DATE>20260306</DATE>\n<TITLE>둘째</TITLE>\n<BODY>끝이다.</BODY>\n";
    assert!(is_tagged(closed));
    let stories: Vec<_> = TaggedText::new(closed)
        .stories
        .into_iter()
        .map(|(_, fields)| Value::Object(fields).to_string())
        .collect();
    assert_eq!(
        stories,
        [
            r#"{"date":"20260305","title":"가람시 소식","body":"비가 온다.","author":"나한별"}"#,
            r#"{"date":"20260306","title":"둘째","body":"끝이다."}"#,
        ]
    );
    assert!(!is_tagged("NEWS 오늘의 소식\n비가 온다."));
    assert!(!is_tagged("제목\n본문"));
}
