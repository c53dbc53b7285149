#![allow(clippy::unwrap_used)]

use super::fields::RAW_DATE;
use super::*;

fn article(line: &str) -> Article {
    parse_article(line, Beside::default(), &OutletNames::parse("새벽신문 = 새벽일간").0).unwrap().article
}

fn refusal(line: &str) -> Refusal {
    parse_article(line, Beside::default(), &OutletNames::default()).unwrap_err()
}

#[test]
fn aliases_and_their_collisions() {
    let a = article(
        r#"{"title":"제목","content":"내용이다.","press":"새벽일간","reporter":"나한별, 도가온 기자","category":"사회","pubDate":"2024.03.05 09:10"}"#,
    );
    assert_eq!(
        (a.body.as_str(), a.outlet.as_deref(), a.section.as_deref()),
        ("내용이다.", Some("새벽신문"), Some("사회"))
    );
    assert_eq!(a.reporters, ["나한별", "도가온"]);
    assert_eq!(a.published_at.unwrap().to_string(), "2024-03-05T09:10:00+09:00");
    assert!(a.extra.is_empty());

    let a = article(
        r#"{"body":"본문이다.","text":"다른 글","content":null,"desk":{"n":1},"outlet":null,"source":"새벽신문"}"#,
    );
    assert_eq!(a.body, "본문이다.");
    assert_eq!(a.extra.get("text"), Some(&Value::from("다른 글")));
    assert!(a.extra.contains_key("desk") && a.extra.contains_key("content"));
    assert_eq!(a.outlet.as_deref(), Some("새벽신문"));
}

#[test]
fn markup_around_nothing_beats_nothing_that_is_filled() {
    let hollow = [
        "<p>&nbsp;</p>",
        "<p></p><p><br/></p>",
        "&nbsp;&#160;",
        "&lt;p&gt;&amp;nbsp;&lt;/p&gt;",
        "<p>-</p>",
        "<div><b>NULL</b></div>",
        "<script>var a = 1;</script>",
        "<!-- 본문 없음 -->",
        "\u{200b}",
        "<img src='a.jpg'>",
    ];
    for empty in hollow {
        let a = article(&format!(r#"{{"title":"제목","body":"{empty}","content":"진짜 본문이다."}}"#));
        assert_eq!(a.body, "진짜 본문이다.", "{empty}");
        assert!(a.extra.is_empty(), "{empty}");
        let a = article(&format!(
            r#"{{"title":"{empty}","headline":"진짜 제목","body":"글이다.","outlet":"{empty}","press":"새벽일간"}}"#
        ));
        assert_eq!((a.title.as_str(), a.outlet.as_deref()), ("진짜 제목", Some("새벽신문")), "{empty}");
        // Without another name it is what it was, and so is the id that is made of it.
        let a = article(&format!(r#"{{"title":"제목","body":"{empty}"}}"#));
        let id = derived_id(&IdSource::Content(["", "제목", empty])).unwrap();
        assert_eq!(a.id, id, "{empty}");
    }
    for filled in ["<p>글.</p>", "&lt;글&gt;", "…", "<b>R&amp;D</b>", "<p>nana</p>", "“-”", "&quot;가&quot;"]
    {
        let a = article(&format!(r#"{{"title":"제목","body":"{filled}","content":"다른 글이다."}}"#));
        assert_ne!(a.body, "다른 글이다.", "{filled}");
    }
}

#[test]
fn ids_are_kept_converted_or_derived_and_stable() {
    assert_eq!(article(r#"{"id":17,"title":"가"}"#).id.as_str(), "17");
    let with_url =
        |title: &str| article(&format!(r#"{{"title":"{title}","url":"https://news.example/1"}}"#)).id;
    assert_eq!(with_url("가"), with_url("나"));
    assert!(with_url("가").as_str().starts_with("u-"));
    let content = |title: &str, body: &str| article(&format!(r#"{{"title":"{title}","body":"{body}"}}"#)).id;
    assert_eq!(content("가", "나"), content("가", "나"));
    assert_ne!(content("가나", "다"), content("가", "나다"));
    assert_eq!(content("가", "나").as_str().len(), 34);
}

#[test]
fn an_id_that_says_nothing_hides_no_other_and_joins_no_two_articles() {
    for empty in ["null", "NaN", "\"\"", "\"nan\"", "\"None\"", "\"-\"", "\"#N/A\""] {
        let id = |rest: &str| {
            article(&format!(r#"{{"id":{empty},"title":"가","body":"나"{rest}}}"#)).id.to_string()
        };
        let derived = article(r#"{"title":"가","body":"나"}"#).id.to_string();
        assert_eq!(id(""), derived, "{empty}");
        assert_ne!(id(r#","outlet":"다""#), derived, "{empty}");
        assert_eq!(id(r#","url":"-""#), derived, "{empty}");
        for key in ["_id", "뉴스 식별자", "news_id", "guid"] {
            assert_eq!(id(&format!(r#","{key}":"b-7""#)), "b-7", "{empty} {key}");
            assert_eq!(id(&format!(r#","{key}":{empty}"#)), derived, "{empty} {key}");
        }
        let linked = id(r#","url":"https://news.example/1""#);
        assert!(linked.starts_with("u-"), "{linked}");
    }
    let by_link = |url: &str| {
        article(&format!(r#"{{"url":{url},"link":"https://news.example/1","title":"가","body":"나"}}"#)).id
    };
    assert_eq!(by_link("\"nan\""), article(r#"{"url":"https://news.example/1","title":"가"}"#).id);
    assert_eq!(by_link("null"), by_link("\"nan\""));
}

#[test]
fn an_id_that_excel_shortened_is_refused() {
    let of_table = |id: &str| {
        let fields = parse_object(&format!(r#"{{"id":"{id}","title":"가"}}"#)).unwrap();
        read(fields, Beside::default(), None, &OutletNames::default())
    };
    for id in ["1.1001E+24", "1E+15", "2e+12"] {
        assert_eq!(of_table(id).unwrap_err().code, RefusalCode::BadId, "{id}");
    }
    for id in ["01100901.20240305", "E+24", "1.E+24", "a1E+24", "12E4"] {
        assert_eq!(of_table(id).unwrap().article.id.as_str(), id);
    }
    // In JSON it is what a program wrote.
    assert_eq!(article(r#"{"id":"1.1001E+24","title":"가"}"#).id.as_str(), "1.1001E+24");
}

#[test]
fn outlet_section_and_address_are_plain_text() {
    let a = article(
        r##"{"title":"가","outlet":"<b>가람&middot;일보</b>&nbsp;","section":"<a href=\"#\">정치</a>&gt;국회","url":"https://news.example/n?id=1&amp;no=2"}"##,
    );
    assert_eq!((a.outlet.as_deref(), a.section.as_deref()), (Some("가람·일보"), Some("정치")));
    assert_eq!(a.url.as_deref(), Some("https://news.example/n?id=1&no=2"));
    // An address is no outlet, and is kept.
    let a = article(r#"{"title":"가","source":"https://news.example/1","press":null}"#);
    assert_eq!((a.outlet, a.extra.get("source")), (None, Some(&Value::from("https://news.example/1"))));
}

#[test]
fn lists_of_several_kinds_lose_nothing() {
    let a = article(r#"{"title":"가","reporters":[{"reporterName":"나한별"},"도가온 기자",{"no":7}]}"#);
    assert_eq!(a.reporters, ["나한별", "도가온"]);
    assert_eq!(a.extra.get("reporters_raw"), Some(&serde_json::json!([{"no": 7}])));
    assert!(refusal(r#"{"title":["가","나"],"body":["다"]}"#).detail.contains("list of 2 titles"));
}

#[test]
fn what_is_no_certain_date_is_none_and_kept() {
    for text in ["0001-01-01T00:00:00", "단기 4359년 3월 5일", "9999-12-31", "15:05:00"] {
        let a = article(&format!(r#"{{"title":"가","date":"{text}"}}"#));
        assert_eq!((a.published_at, a.extra.get(RAW_DATE)), (None, Some(&Value::from(text))), "{text}");
    }
    let joined = article(r#"{"제목":"가","작성일":"2026-03-05","작성시간":"15:05:00"}"#);
    assert_eq!(joined.published_at.unwrap().to_string(), "2026-03-05T15:05:00+09:00");
    // Another date that cannot be read is kept beside the one that can.
    let a = article(r#"{"title":"가","date":"그저께","pubDate":"2026-03-05"}"#);
    assert_eq!((a.published_at.is_some(), a.extra.get("date")), (true, Some(&Value::from("그저께"))));
}

#[test]
fn answers_of_wordpress_and_newsapi_are_read() {
    let a = article(
        r#"{"id":7,"title":{"rendered":"가"},"content":{"rendered":"<p>나다.</p>","protected":false}}"#,
    );
    assert_eq!((a.title.as_str(), a.body.as_str()), ("가", "나다."));
    let a = article(r#"{"title":"가","content":"비가 온다고… [+2345 chars]"}"#);
    assert_eq!(a.extra.get(EXTRACT), Some(&Value::Bool(true)));
}

#[test]
fn names_of_a_byline_join_the_field() {
    let a = article(
        r#"{"body":"비가 온다.\n(나한별 도가온 기자)","reporters":["도가온 기자"],"outlet":"새벽신문"}"#,
    );
    assert_eq!((a.body.as_str(), a.reporters.join(",")), ("비가 온다.", "도가온,나한별".to_owned()));
    assert_eq!(a.outlet.as_deref(), Some("새벽신문"));
}

#[test]
fn refusals_name_the_field() {
    for (line, code, word) in [
        ("{", RefusalCode::BadJson, "JSON"),
        ("[1]", RefusalCode::BadJson, "object"),
        (r#"{"title":true}"#, RefusalCode::BadField, "`title`"),
        (r#"{"title":"가","text":1}"#, RefusalCode::BadField, "`text`"),
        (r#"{"title":"가","id":"\u0007"}"#, RefusalCode::BadId, "control"),
        (r#"{"title":"가","id":{}}"#, RefusalCode::BadField, "`id`"),
        (r#"{"title":" ","body":"<p>&nbsp;</p>"}"#, RefusalCode::EmptyArticle, "title"),
    ] {
        let refusal = refusal(line);
        assert_eq!(refusal.code, code, "{line}");
        assert!(refusal.detail.contains(word), "{line}: {}", refusal.detail);
    }
}

#[test]
fn dates_are_never_guessed_and_never_lost() {
    assert_eq!(
        article(r#"{"title":"가","date":20200707}"#).published_at.unwrap().to_string(),
        "2020-07-07T00:00:00+09:00"
    );
    assert_eq!(
        article(r#"{"title":"가","date":1686297180.5}"#).published_at.unwrap().seconds(),
        1_686_297_180
    );
    let a = article(r#"{"title":"가","date":"지난주"}"#);
    assert_eq!(a.published_at, None);
    assert_eq!(a.extra.get(RAW_DATE), Some(&Value::from("지난주")));
}

#[test]
fn a_minor_field_costs_the_field_and_not_the_article() {
    let a = article(
        r#"{"title":"가","section":true,"reporters":[{"id":1}],"date":true,"outlet":{"a":1},"url":{"b":2},"source":{"id":null,"name":"새벽신문"}}"#,
    );
    assert_eq!((a.section, a.published_at, a.url), (None, None, None));
    assert_eq!(a.outlet.as_deref(), Some("새벽신문"));
    // Nothing is lost, and no name of an article's own is written twice.
    for key in ["section_raw", "reporters_raw", "date_raw", "outlet_raw", "url_raw"] {
        assert!(a.extra.contains_key(key), "{key}: {:?}", a.extra);
    }
    let stored =
        serde_json::to_string(&article(r#"{"title":"가","section":true,"published_at":[1,2]}"#)).unwrap();
    serde_json::from_str::<Article>(&stored).unwrap();

    // Numbers and addresses name nobody, and are not lost.
    let a = article(r#"{"title":"가","reporters":5,"author":"na@x.example","writer":"나한별"}"#);
    assert_eq!(a.reporters, ["나한별"]);
    assert!(a.extra.contains_key("reporters_raw") && a.extra.contains_key("author"), "{:?}", a.extra);
    let a = article(
        r#"{"title":2024,"body":["첫째.","둘째."],"category":["사회>교통","문화"],"section":null,"date":{"$date":{"$numberLong":"1709619120000"}},
        "reporter":[{"name":"나한별 기자"}],"_id":{"$oid":"65e6"}}"#,
    );
    assert_eq!(
        (a.title.as_str(), a.body.as_str(), a.section.as_deref()),
        ("2024", "첫째.\n둘째.", Some("사회"))
    );
    assert_eq!(a.published_at.unwrap().to_string(), "2024-03-05T15:12:00+09:00");
    assert_eq!((a.reporters.join(","), a.id.as_str()), ("나한별".to_owned(), "65e6"));
}

#[test]
fn what_stands_for_nothing_is_nothing() {
    for word in ["nan", "NaN", "None", "null", "NaT", "\\\\N", "-", ""] {
        let a = article(&format!(
            r#"{{"title":"가","body":"{word}","content":"본문이다.","press":"{word}","reporter":"{word}","url":"{word}","section":"{word}","date":"{word}"}}"#
        ));
        assert_eq!(a.body, "본문이다.", "{word}");
        assert_eq!((a.outlet, a.url, a.section, a.published_at), (None, None, None, None), "{word}");
        assert!(a.reporters.is_empty() && a.extra.is_empty(), "{word}: {:?}", a.extra);
    }
    let a = article(r#"{"title":"NaN이 아닌 제목","body":NaN,"text":"NaN: Infinity","date":-Infinity}"#);
    assert_eq!((a.title.as_str(), a.body.as_str()), ("NaN이 아닌 제목", "NaN: Infinity"));
}

#[test]
fn an_id_is_taken_as_it_is_written() {
    let long = article(r#"{"id":1100101.20240305151200001,"title":"가"}"#);
    assert_eq!(long.id.as_str(), "1100101.20240305151200001");
    assert_eq!(
        article(r#"{"id":123456789012345678901234567890,"title":"가"}"#).id.as_str(),
        "123456789012345678901234567890"
    );
    assert_eq!(article(r#"{"id":1.0,"title":"가"}"#).id.as_str(), "1.0");
    // Where the digits are out of reach, a clear word instead of a wrong id.
    let refused = refusal(r#"{"_source":{"newsid":1100101.20240305151200001,"제목":"가"}}"#);
    assert_eq!(refused.code, RefusalCode::BadId);
    assert!(refused.detail.contains("string"), "{}", refused.detail);
    // An empty list or object in place of an id is a mistake, and not the lack of one.
    assert_eq!(refusal(r#"{"title":"가","id":[]}"#).code, RefusalCode::BadField);
    // An address that names no article gives no id.
    let of = |url: &str| article(&format!(r#"{{"title":"가","body":"나","url":"{url}"}}"#)).id;
    assert!(of("https://a.example/1").as_str().starts_with("u-"));
    for url in ["nan", "https://a.example/", "/news/1", "없음"] {
        assert!(of(url).as_str().starts_with("c-"), "{url}");
    }
}

#[test]
fn ids_of_whole_articles_do_not_change_with_more_names() {
    // What the first names gave whole keeps its id, whatever else is beside it.
    let plain = article(r#"{"title":"가","body":"나"}"#).id;
    for line in [
        r#"{"title":"가","body":"나","link":"https://a.example/1"}"#,
        r#"{"title":"가","body":"나","news_id":"17","publisher":"새벽신문"}"#,
        r#"{"title":"가","content":"나","guid":"x"}"#,
        r#"{"title":"가","body":"나","url":"nan"}"#,
    ] {
        assert_eq!(article(line).id, plain, "{line}");
    }
    assert_eq!(article(r#"{"title":"가","본문":"나","news_id":"17"}"#).id.as_str(), "17");
    let url = article(r#"{"제목":"가","본문":"나","링크":"https://a.example/1"}"#).id;
    assert_eq!(url, article(r#"{"title":"다","body":"라","url":"https://a.example/1"}"#).id);
}

#[test]
fn known_names_in_korean_and_english() {
    let a = article(
        r#"{"기사 제목":"가","기사내용":"나","매체명":"새벽일간","기자명":"나한별 기자","입력일시":"2024-03-05 15:12","카테고리":"사회","기사URL":"https://a.example/1","뉴스 식별자":"01.5"}"#,
    );
    assert_eq!((a.title.as_str(), a.body.as_str(), a.outlet.as_deref()), ("가", "나", Some("새벽신문")));
    assert_eq!((a.id.as_str(), a.section.as_deref(), a.reporters.len()), ("01.5", Some("사회"), 1));
    assert!(a.published_at.is_some() && a.url.is_some() && a.extra.is_empty(), "{:?}", a.extra);
    let extract = article(r#"{"title":"가","description":"요약이다.","summary":"둘째"}"#);
    assert_eq!((extract.body.as_str(), extract.extra.get(EXTRACT)), ("요약이다.", Some(&Value::Bool(true))));
    let refused = refusal(r#"{"표제어":"가","설명문":"나"}"#);
    assert!(refused.detail.contains("표제어") && refused.detail.contains("제목"), "{}", refused.detail);
}

#[test]
fn a_day_takes_the_time_that_stands_beside_it() {
    let date = |line: &str| article(line).published_at.unwrap().to_string();
    assert_eq!(date(r#"{"title":"가","date":"2024-03-05","time":"15:12"}"#), "2024-03-05T15:12:00+09:00");
    assert_eq!(
        date(r#"{"title":"가","SendDate":"20240305","SendTime":"151237"}"#),
        "2024-03-05T15:12:37+09:00"
    );
    assert_eq!(
        date(
            r#"{"title":"가","published_at":"2024-03-05T00:00:00.000+09:00","dateline":"2024-03-05T15:12:00.000+09:00"}"#
        ),
        "2024-03-05T15:12:00+09:00"
    );
    // Another day is another date.
    assert_eq!(
        date(r#"{"title":"가","date":"2024-03-05","regdate":"2024-03-06 10:00"}"#),
        "2024-03-05T00:00:00+09:00"
    );
}

#[test]
fn of_a_key_that_is_given_twice_nothing_is_lost() {
    let a = article(r#"{"id":"a","title":"첫 제목","title":"둘째 제목","body":"본문이다.","body":""}"#);
    assert_eq!((a.title.as_str(), a.body.as_str()), ("둘째 제목", "본문이다."));
    assert_eq!(a.extra.get("title_others"), Some(&serde_json::json!(["첫 제목"])));
    let a = article(r#"{"_source":{"title":"가","body":"글이다.","body":"다른 글이다."}}"#);
    assert_eq!((a.body.as_str(), a.extra.contains_key("body_others")), ("다른 글이다.", true));
    let pushed = parse_pushed(r#"{"title":"가","title":null,"press":"나","press":"다"}"#.as_bytes()).unwrap();
    assert_eq!(Value::Object(pushed).to_string(), r#"{"title":"가","press":"다","press_others":["나"]}"#);
    let a = article(r#"{"id":1100101.20240305151200001,"id":"","title":"가"}"#);
    assert_eq!(a.id.as_str(), "1100101.20240305151200001");
}

#[test]
fn a_number_within_an_outlet_is_an_id_where_no_address_is_one() {
    let record =
        |more: &str| format!(r#"{{"기사제목":"가","기사내용":"글이다.","기사번호":"2031-7"{more}}}"#);
    assert_eq!(article(&record("")).id.as_str(), "2031-7");
    let a = article(&record(r#","원문URL":"https://a.example/7""#));
    assert!(a.id.as_str().starts_with("u-") && a.extra.contains_key("기사번호"), "{a:?}");
    assert_eq!(article(&record(r#","링크":"기사보기""#)).id.as_str(), "2031-7");
    assert_eq!(article(&record(r#","id":"a1""#)).id.as_str(), "a1");
    // What came in whole keeps the id that it has.
    let a = article(r#"{"title":"가","body":"글이다.","articleNo":"7"}"#);
    assert!(a.id.as_str().starts_with("c-"), "{a:?}");
}
