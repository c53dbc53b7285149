#![allow(clippy::unwrap_used, clippy::string_slice, clippy::indexing_slicing)]

mod silence;

use super::*;
use crate::entities::{Entity, EntityKind, Mention, Part};

/// An article that names these persons wherever it has these names.
fn entities(body: &str, names: &[&str]) -> Entities {
    let entities = names.iter().map(|name| Entity {
        kind: EntityKind::Person,
        name: (*name).to_owned(),
        count: 1,
        in_title: false,
    });
    let mentions = names.iter().enumerate().flat_map(|(entity, name)| {
        let found = body.match_indices(name);
        found.map(move |(at, name)| Mention { entity, part: Part::Body, range: at..at + name.len() })
    });
    let mut mentions: Vec<Mention> = mentions.collect();
    mentions.sort_by_key(|mention| mention.range.start);
    Entities { entities: entities.collect(), mentions, cut: 0 }
}

/// Text, speaker and the words for the speaker; `-` for none.
fn said<'a>(body: &'a str, names: &[&str]) -> Vec<(&'a str, String, &'a str)> {
    let found = quotes_in(body, &entities(body, names));
    let shown = found.into_iter().map(|quotation| {
        let speaker = quotation.speaker.unwrap_or_else(|| "-".to_owned());
        (&body[quotation.text], speaker, quotation.speaker_text.map_or("-", |range| &body[range]))
    });
    shown.collect()
}

/// Speakers and the words for them.
fn speakers(body: &str, names: &[&str]) -> Vec<String> {
    said(body, names).into_iter().map(|(_, speaker, text)| format!("{speaker} {text}")).collect()
}

#[test]
fn the_subject_before_or_after_speaks() {
    let body = "김하늘 가온시장은 “다리를 다시 놓겠다”며 “내년에 시작한다”고 말했다.";
    assert_eq!(
        said(body, &["김하늘"]),
        [
            ("다리를 다시 놓겠다", "김하늘".to_owned(), "김하늘 가온시장은"),
            ("내년에 시작한다", "김하늘".to_owned(), "김하늘 가온시장은"),
        ]
    );
    let names = ["김하늘", "박도윤"];
    assert_eq!(speakers("“예산이 모자란다”라고 김하늘 장관은 밝혔다.", &names), ["김하늘 김하늘 장관은"]);
    assert_eq!(
        speakers("“예산이 모자란다”고 말한 박도윤 의원은 자리를 떴다.", &names),
        ["박도윤 박도윤 의원은"]
    );
    assert_eq!(speakers("“예산이 모자랍니다.”(김하늘 장관)", &names), ["김하늘 김하늘"]);
    let body = "김하늘 장관은 “예산이 모자란다”고 했고, 박도윤 의원은 “줄일 곳이 많다”고 맞섰다.";
    assert_eq!(speakers(body, &names), ["김하늘 김하늘 장관은", "박도윤 박도윤 의원은"]);
}

#[test]
fn whoever_speaks_goes_on() {
    let names = ["김하늘", "박도윤"];
    let body = "김하늘 장관은 “예산이 모자란다”고 말했다. 이어 “국회가 도와 달라”고 덧붙였다. 그는 “시간이 없다”고 했다.";
    assert_eq!(speakers(body, &names), ["김하늘 김하늘 장관은", "김하늘 -", "김하늘 그는"]);
    let body = "박도윤 의원은 20일 기자들과 만났다. 그는 “예산을 줄일 곳이 많다”고 했다.";
    assert_eq!(speakers(body, &names), ["박도윤 그는"]);
    let body = "김하늘 장관은 “예산이 모자란다”고 말했다. 경찰은 “조사하고 있다”고 밝혔다. 이어 “곧 알리겠다”고 했다.";
    assert_eq!(speakers(body, &names), ["김하늘 김하늘 장관은", "- 경찰은", "- -"]);
}

#[test]
fn short_forms_mean_who_had_that_title() {
    let names = ["김하늘", "김도윤"];
    let body =
        "김하늘 장관과 김도윤 의원이 만났다. 김 의원은 “줄일 곳이 많다”고 했다. 김 장관은 “모자란다”고 했다.";
    assert_eq!(speakers(body, &names), ["김도윤 김 의원은", "김하늘 김 장관은"]);
    assert_eq!(speakers("최 교수는 “늦었다”고 말했다.", &names), ["- 최 교수는"]);
}

#[test]
fn people_without_a_name_and_institutions_have_no_speaker() {
    for (body, text) in [
        ("한 관계자는 “아직 정해진 것이 없다”고 말했다.", "한 관계자는"),
        ("김하늘 장관 측은 “사실이 아니다”라고 밝혔다.", "김하늘 장관 측은"),
        ("경찰은 “조사하고 있다”고 밝혔다.", "경찰은"),
        ("온라인에서는 “너무 늦었다”는 지적이 나온다.", "-"),
    ] {
        assert_eq!(speakers(body, &["김하늘"]), [format!("- {text}")], "{body}");
    }
}

#[test]
fn speech_that_stands_alone() {
    let names = ["김하늘"];
    let body = "“물이 무릎까지 찼어요. 아무것도 못 챙겼습니다.” 주민 김하늘 씨는 이렇게 말했다.";
    assert_eq!(speakers(body, &names), ["김하늘 김하늘 씨는"]);
    let body = "김하늘 씨는 그날 일을 이렇게 설명했다. “물이 무릎까지 찼어요.”";
    assert_eq!(speakers(body, &names), ["김하늘 김하늘 씨는"]);
}

#[test]
fn emphasis_and_titles_are_no_speech() {
    for body in [
        "“깜깜이” 심사라는 말이 돈다.",
        "영화 “푸른 다리의 밤”을 보았다.",
        "그는 “깜깜이”라고 불리는 제도를 없앴다.",
        "‘공모주 불패’ 양상이 끝났다.",
        "「가온시 하천 관리 조례」를 고쳤다.",
        "5\" 화면과 7\" 화면이 있다.",
        "그는 “… …”라고 말했다.",
    ] {
        assert_eq!(said(body, &[]), [], "{body}");
    }
}

#[test]
fn single_marks_need_a_sentence_and_a_verb_of_saying() {
    assert_eq!(said("김하늘 시장은 ‘다리를 다시 놓겠다’고 말했다.", &["김하늘"]).len(), 1);
    assert_eq!(said("김하늘 시장은 ‘다리를 다시 놓겠다’는 구호를 걸었다.", &["김하늘"]).len(), 0);
}

#[test]
fn any_text_has_quotations_inside_it() {
    let pieces = [
        "“",
        "”",
        "\"",
        "'",
        "‘",
        "’",
        "「",
        "」",
        "가나",
        " ",
        "다.",
        "고 ",
        "김하늘",
        "는 ",
        "말했다",
        "\n",
        "(",
        "𝒳",
        "라며 ",
        "그는 ",
    ];
    let mut seed = 7_u64;
    for _ in 0..3_000 {
        let mut body = String::new();
        for _ in 0..30 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            body.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
        }
        let found = quotes_in(&body, &entities(&body, &["김하늘"]));
        let texts: Vec<_> = found.iter().map(|quotation| quotation.text.clone()).collect();
        assert_eq!(texts, quote_texts(&body), "{body:?}");
        let mut end = 0;
        for quotation in found {
            assert!(quotation.text.start >= end, "{body:?}");
            end = quotation.text.end;
            assert!(body.get(quotation.text.clone()).is_some(), "{body:?}");
            assert!(quotation.speaker_text.is_none_or(|range| body.get(range).is_some()), "{body:?}");
        }
    }
}

#[test]
fn an_extract_may_end_within_speech() {
    let body = "김하늘 장관은 8일 \"내년 예산에 반영하겠다\"고 말했다. 이어 김하늘 장관은 \"다리를 놓는 일은 주민의 오랜";
    assert_eq!(
        said(body, &["김하늘"]),
        [
            ("내년 예산에 반영하겠다", "김하늘".to_owned(), "김하늘 장관은"),
            ("다리를 놓는 일은 주민의 오랜", "김하늘".to_owned(), "김하늘 장관은"),
        ]
    );
    // A closing mark that is one too many begins nothing.
    assert_eq!(said("다리를 놓겠다고 했다\" 그리고 끝났다", &[]), []);
}
