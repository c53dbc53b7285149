//! The speaker is right or nobody: what is not sure names nobody, least of all whoever spoke before.

use super::*;

/// Speakers where the recogniser took each of `short` for the person of that number.
fn taken(body: &str, names: &[&str], short: &[(&str, usize)]) -> Vec<String> {
    let mut entities = entities(body, names);
    for (form, entity) in short {
        let found = body.match_indices(form);
        entities.mentions.extend(found.map(|(at, form)| Mention {
            entity: *entity,
            part: Part::Body,
            range: at..at + form.len(),
        }));
    }
    entities.mentions.sort_by_key(|mention| mention.range.start);
    let found = quotes_in(body, &entities);
    found.into_iter().map(|quotation| quotation.speaker.unwrap_or_else(|| "-".to_owned())).collect()
}

/// Speakers alone.
fn named(body: &str, names: &[&str]) -> Vec<String> {
    taken(body, names, &[])
}

#[test]
fn a_deputy_does_not_get_the_words_of_the_chief() {
    let names = ["노은채", "노해솔"];
    for (chief, deputy) in [
        ("군수", "부군수"),
        ("의장", "부의장"),
        ("대표", "원내대표"),
        ("사장", "이사장"),
        ("위원장", "부위원장"),
        ("총리", "부총리"),
        ("가온도지사", "부지사"),
    ] {
        let called = chief.trim_start_matches("가온도");
        let body = format!(
            "노은채 {chief}과 노해솔 {deputy}가 만났다. 노 {called}은 “다시 짓겠다”고 했다. 노 {deputy}는 “너무 늦다”고 했다."
        );
        let wrong = [(format!("노 {called}"), 1), (format!("노 {deputy}"), 0)];
        let wrong: Vec<(&str, usize)> = wrong.iter().map(|(form, entity)| (form.as_str(), *entity)).collect();
        assert_eq!(taken(&body, &names, &wrong), names, "{body}");
        assert_eq!(named(&body, &names), names, "{body}");
    }
    // Only the deputy is named.
    let body = "노해솔 부군수가 왔다. 노 군수는 “다시 짓겠다”고 했다.";
    assert_eq!(taken(body, &["노해솔"], &[("노 군수", 0)]), ["-"]);
}

#[test]
fn two_of_one_surname_and_title_are_told_apart_or_nobody() {
    let names = ["유한결", "유새봄"];
    let body = "유한결 위원과 유새봄 위원이 맞섰다. 유 위원은 “부당하다”고 했다.";
    assert_eq!(taken(body, &names, &[("유 위원", 1)]), ["-"]);
    let body = "유한결 위원은 “반대한다”고 했다. 유 위원은 “늦었다”고 했다. 유새봄 위원도 왔다.";
    assert_eq!(taken(body, &names, &[("유 위원", 1)]), ["유한결", "유한결"]);
    let body =
        "유한결 전 군수와 유새봄 군수가 맞섰다. 유 전 군수는 “부당하다”고 했다. 유 군수는 “맞다”고 했다.";
    assert_eq!(named(body, &names), names);
    let body = "유한결 명예회장과 유새봄 회장이 왔다. 유 회장은 “이어 가겠다”고 했다.";
    assert_eq!(named(body, &names), ["유새봄"]);
    // The 전 of a former title is not a surname.
    let body = "전가람 의원이 왔다. 표해담 전 장관도 왔다. 표 전 장관은 “부당하다”고 했다.";
    assert_eq!(taken(body, &["전가람", "표해담"], &[("전 장관", 0)]), ["표해담"]);
}

#[test]
fn a_subject_without_a_known_name_is_not_jumped_over() {
    for next in [
        "주장 한소담도 “끝까지 믿고 따르겠다”고 했다.",
        "수비수 표미르는 5일 “끝까지 믿고 따르겠다”고 했다.",
        "표미르는 “끝까지 믿고 따르겠다”고 했다.",
        "이를 두고 정치권 일각에서는 “지나친 욕심”이라는 지적이 나온다.",
        "“끝까지 믿고 따르겠다”고 주장 한소담은 말했다.",
        "“끝까지 믿고 따르겠습니다.” 주장 한소담은 이렇게 말했다.",
        "“끝까지 믿고 따르겠습니다.” 주장 한소담의 말이다.",
        "주장 한소담은 고개를 끄덕였다. “끝까지 믿고 따르겠다”고 했다.",
        "주장 한소담은 “지켜보자”고 했다. 이어 “끝까지 믿고 따르겠다”고 했다.",
    ] {
        let body = format!("배로운 감독은 “올해는 꼭 이기겠다”고 말했다. {next}");
        let speakers = named(&body, &["배로운"]);
        assert_eq!(speakers.first().map(String::as_str), Some("배로운"), "{body}");
        assert!(speakers.iter().skip(1).all(|speaker| speaker == "-") && speakers.len() > 1, "{body}");
    }
    let body = "배로운 감독은 “올해는 꼭 이기겠다”고 했고, 표미르는 “믿는다”고 했다.";
    assert_eq!(speakers(body, &["배로운"]), ["배로운 배로운 감독은", "- 표미르는"]);
}

#[test]
fn whoever_speaks_goes_on_past_things_and_times() {
    for next in [
        "이어 “다리도 놓겠다”고 했다.",
        "이날은 “다리도 놓겠다”고 했다.",
        "예산에 대해서는 “내년에 늘리겠다”고 했다.",
        "일각에서 나온 걱정에 대해서는 “지나치다”고 했다.",
        "그는 당선 직후 “다리도 놓겠다”고 했다.",
        "그는 소방생도 졸업식에서 “다리도 놓겠다”고 했다.",
        "“올해”라며 둑도 “다시 쌓겠다”고 했다.",
    ] {
        let body = format!("배로운 군수는 “올해는 꼭 짓겠다”고 말했다. {next}");
        let speakers = named(&body, &["배로운"]);
        assert!(speakers.len() > 1 && speakers.iter().all(|speaker| speaker == "배로운"), "{body}");
    }
}

#[test]
fn a_report_inside_a_report_is_not_of_whoever_reports() {
    let names = ["노은채", "배로운"];
    for (body, speaker) in [
        ("노은채 위원은 배로운 위원이 “그만두겠다”고 말했다고 전했다.", "배로운"),
        ("노은채 검사는 피해자가 “그만 놓아 달라”고 진술했다고 밝혔다.", "-"),
        ("노은채 위원은 수행원 표미르가 “그만두겠다”고 말했다고 전했다.", "-"),
        ("노은채 사장은 “매출이 크게 늘었다”는 배로운 부사장의 보고를 받았다.", "배로운"),
        ("노은채 사장은 “매출이 크게 늘었다”고 말한 배로운 부사장의 주장을 반박했다.", "배로운"),
        ("노은채 판사는 배로운 씨의 말을 인용해 “매출이 크게 늘었다”고 읽었다.", "배로운"),
        ("노은채 군수는 “매출이 크게 늘었다”고 말했다고 배로운 대변인이 전했다.", "노은채"),
        ("노은채 군수는 “매출이 크게 늘었다”고 말한 뒤 웃었다.", "노은채"),
    ] {
        assert_eq!(named(body, &names), [speaker], "{body}");
    }
    // Whoever reports goes on speaking.
    let body = "노은채 위원은 배로운 위원이 “그만두겠다”고 말한 데 대해 “뜻밖이다”라며 “말리겠다”고 했다. 이어 “늦지 않았다”고 했다.";
    assert_eq!(named(body, &names), ["배로운", "노은채", "노은채", "노은채"]);
}

#[test]
fn a_sentence_says_whose_words_come_before_it() {
    let names = ["노은채", "배로운"];
    let body = "노은채 군수는 “예산을 늘린다”고 했다. “다리도 새로 놓습니다.” 배로운 부군수의 설명이다.";
    assert_eq!(named(body, &names), names);
    assert_eq!(named("배로운 위원장: “다리를 새로 놓습니다.”", &names), ["배로운"]);
    assert_eq!(named("노은채 군수가 말했다.\n주민 ㄱ씨: “다리를 새로 놓습니다.”", &names), ["-"]);
}

#[test]
fn whoever_belongs_to_somebody_is_somebody_else() {
    let names = ["노은채"];
    for subject in [
        "노은채 군수의 지지자 표모씨는",
        "노은채 감독의 팬 표모(41)씨는",
        "노은채 군수 지지자 표모씨는",
        "노은채 군수 대변인은",
        "노은채 대표 비서실장은",
        "노은채 의원 아내 표씨는",
    ] {
        assert_eq!(named(&format!("{subject} “곧 알리겠다”고 했다."), &names), ["-"], "{subject}");
    }
    for subject in [
        "노은채 너울당 대변인은",
        "노은채 대통령 비서실장은",
        "노은채 너울당 당대표 특보(예비후보)는",
        "노은채 누리상의 회장은",
        "노은채 가온상공회의소의 아시아 담당 부사장은",
        "노은채 의원 겸 위원장은",
    ] {
        assert_eq!(named(&format!("{subject} “곧 알리겠다”고 했다."), &names), names, "{subject}");
    }
    let body = "노은채 대통령은 웃었다. 노은채 대통령 비서실장은 “곧 알리겠다”고 했다.";
    assert_eq!(named(body, &names), ["-"]);
}

#[test]
fn short_speech_before_more_speech_is_kept() {
    for (short, particle) in
        [("야당 탄압", "이라며"), ("찬성", "이라면서"), ("옳다", "며"), ("주민이 먼저", "라며")]
    {
        let body = format!("노은채 군수는 \"{short}\"{particle} \"내년에도 하겠다\"고 말했다.");
        let texts: Vec<_> = said(&body, &["노은채"]).into_iter().map(|(text, _, _)| text).collect();
        assert_eq!(texts, [short, "내년에도 하겠다"]);
    }
    let body = "노은채 의원이 “내려와라”고 하자 장내가 술렁였다.";
    assert_eq!(said(body, &["노은채"]), [("내려와라", "노은채".to_owned(), "노은채 의원이")]);
    assert_eq!(said("그는 “깜깜이”라며 불리는 제도를 없앴다.", &[]), []);
}
