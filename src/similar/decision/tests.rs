//! Pairs of invented articles, and what they count as.
#![allow(clippy::unwrap_used)]

use super::*;

const STORY: &str = "시의회가 3일 본회의를 열어 자전거 도로를 넓히는 예산 42억원을 통과시켰다. 공사는 오는 9월 시작되며 \
                     강변을 따라 12km 구간에 새 길이 놓인다. 주민들은 오래 기다렸다며 반겼고, 상인들은 공사 기간의 \
                     교통 불편을 걱정했다. 시는 우회로를 미리 알리겠다고 밝혔다.";

fn same(one: (&str, &str), other: (&str, &str)) -> bool {
    let (one, other) = (Text::of(one.0, one.1), Text::of(other.0, other.1));
    assert_eq!(likelihood(&one, &other, false), likelihood(&other, &one, false), "both ways");
    likelihood(&one, &other, false) >= SAME
}

#[test]
fn a_reprint_with_small_edits_is_the_same() {
    let edited = STORY.replace("반겼고", "반색했고").replace("“", "\"").replace("42억원", "42억 원");
    assert!(same(("자전거 도로 예산 통과", STORY), ("시의회, 자전거 길 예산 통과시켜", &edited)));
}

#[test]
fn an_update_that_goes_on_is_the_same() {
    let longer = format!(
        "{STORY} 이에 대해 시민단체는 성명을 내고 안전 시설부터 갖추라고 요구했다. 시장은 10일 \
                          현장을 둘러보고 의견을 듣기로 했다. 의회는 다음 달 중간 점검 결과를 받는다."
    );
    assert!(same(("자전거 도로 예산 통과", STORY), ("자전거 도로 예산 통과(종합)", &longer)));
}

#[test]
fn the_same_pattern_with_other_facts_is_another() {
    let report = |day: u32, index: &str, change: &str, close: &str, buyers: &str| {
        format!(
            "{day}일 코스피는 전 거래일보다 {change}포인트 오른 {index}에 거래를 마쳤다. 유가증권시장에서 외국인은 \
             {buyers}억원어치를 순매수했고 기관은 차익을 실현했다. 코스닥 지수는 {close}로 장을 마감했다."
        )
    };
    let monday = report(4, "2512.33", "11.20", "841.07", "1204");
    let tuesday = report(5, "2530.91", "18.58", "848.66", "2871");
    assert!(!same(("코스피 상승 마감", &monday), ("코스피 상승 마감", &tuesday)));
}

#[test]
fn articles_of_one_pattern_must_be_nearly_identical() {
    let quiz = |product: &str, text: &str, answer: &str| {
        format!(
            "걷기 앱 발자국에서 오늘의 퀴즈를 풀면 상금을 받을 수 있다. 새벽신문이 현재 나온 문제와 정답을 알아보고 이를 \
             독자에게 알린다. 이날 문제는 '{product} {text}'이다. 이 문제의 정답은 '{answer}'이다. 한편 발자국은 \
             만보기와 퀴즈로 상금을 주는 앱으로, 누구나 날마다 참여할 수 있으며 틀린 사람도 다시 도전할 수 있다."
        )
    };
    let one = Text::of(
        "발자국 퀴즈 정답은?",
        &quiz(
            "단비 두유",
            "국산만 쓰고 설탕 대신 과일로 단맛을 냈다. 껍질째 갈아 넣은 콩은 무엇일까",
            "검은콩",
        ),
    );
    let other = Text::of(
        "발자국 퀴즈 정답은?",
        &quiz(
            "너울 비누",
            "찬물에도 거품이 잘 나고 향이 오래간다. 기름을 얻은 보랏빛 꽃은 무엇일까",
            "라벤더",
        ),
    );
    assert!(likelihood(&one, &other, false) >= SAME, "as far as the texts say");
    assert!(likelihood(&one, &other, true) < SAME);
    assert!(likelihood(&one, &one, true) >= SAME);
}

#[test]
fn excerpts_cut_at_different_places_are_the_same() {
    let (first, rest) = STORY.split_once("주민들은").unwrap();
    let headed = format!("강변 12km 새 길 잇는다 내년 봄 완공 목표…상인들 손님 줄까 걱정 {first}");
    assert!(same(
        ("자전거 도로 예산 통과", &headed),
        ("자전거 길 넓힌다", &format!("{first}주민들은{rest}"))
    ));
    let middle = format!("{headed}주민들은 반겼다.");
    assert!(
        !overlap(&Text::of("자전거 도로", &middle), &Text::of("자전거 길", STORY)),
        "it goes on differently"
    );
}

#[test]
fn captions_of_other_pictures_are_others() {
    let caption = |who: &str| {
        format!(
            "배우 {who}가 7일 오후 한빛시 너울디자인센터에서 열린 봄여름 패션쇼에 참석하기에 앞서 사진 기자들 앞에서 손을 \
                 흔들며 포즈를 취하고 있다. 2024.03.07"
        )
    };
    assert!(!same(
        ("[포토] 서가람, 패션쇼 참석", &caption("서가람")),
        ("[포토] 문너울, 패션쇼 참석", &caption("문너울"))
    ));
    assert!(same(
        ("[포토] 서가람, 손 인사", &caption("서가람")),
        ("[포토] 서가람, 패션쇼 참석", &caption("서가람"))
    ));
}

#[test]
fn one_sentence_must_be_identical() {
    let notice =
        |who: &str| format!("한빛대는 새 총장에 {who} 교수를 임명했다고 알려 왔다. 임기는 다음 달 시작된다.");
    assert!(!same(("한빛대 총장 임명", &notice("윤서리")), ("한빛대 총장 임명", &notice("강여울"))));
    assert!(same(("한빛대 총장 임명", &notice("윤서리")), ("한빛대 새 총장", &notice("윤서리"))));
}

#[test]
fn a_heading_or_a_caption_in_front_makes_no_difference() {
    let headed = format!("강변에 놓일 자전거 도로의 조감도. 한빛시 제공 {STORY}");
    assert!(same(("자전거 도로 예산 통과", STORY), ("시의회, 자전거 도로 예산 통과시켜", &headed)));
    // Two excerpts of eighty characters, one of them after two subheads.
    let (first, _) = STORY.split_once(" 구간에").unwrap();
    let subheads = "내년 봄 완공 목표로 공사 상인들은 손님 줄까 걱정";
    let (start, _) = first.split_once(" 시작되며").unwrap();
    assert!(same(
        ("자전거 도로 예산 통과", first),
        ("시의회, 자전거 도로 예산", &format!("{subheads} {start}"))
    ));
}

#[test]
fn passages_that_are_moved_still_stand_there() {
    let (first, rest) = STORY.split_once(" 주민들은").unwrap();
    assert!(same(("자전거 도로 예산 통과", STORY), ("자전거 길 넓힌다", &format!("주민들은{rest} {first}"))));
}

#[test]
fn a_press_release_recast_sentence_by_sentence_is_another_text() {
    let recast = "한빛시 자전거 도로가 넓어진다. 시의회는 3일 본회의에서 예산 42억원을 의결했다. 9월에 첫 삽을 뜨는 새 길은 \
                  강변 12km에 걸쳐 있다. 기다리던 주민들은 환영하는 분위기지만 가게 주인들은 공사로 길이 막힐 것을 \
                  걱정한다. 시 관계자는 우회로를 미리 안내하겠다고 했다.";
    assert!(!same(("자전거 도로 예산 통과", STORY), ("한빛시 자전거 도로 넓힌다", recast)));
}

#[test]
fn lists_of_one_day_differ_by_what_their_titles_name() {
    let list = |what: &str| {
        format!(
            "29일 현지 시각 너울 증시에 상장된 종목 가운데 이날 {what} 50개 종목의 시세를 아래에 정리했다. 시세는 장이 \
             끝난 뒤의 값이며 정규 거래 시간 뒤의 거래는 넣지 않았다. 거래소가 쉬는 날에는 싣지 않고, 종목 이름은 \
             거래소가 쓰는 것을 그대로 옮겼다. 자세한 값은 거래소의 누리집에서 볼 수 있다."
        )
    };
    let (falling, traded) = (list("하락률이 가장 높았던"), list("거래대금이 가장 많았던"));
    assert!(!same(
        ("너울 증시 하락률 상위 50종목은", &falling),
        ("너울 증시 거래대금 상위 50종목은", &traded)
    ));
    assert!(same(("너울 증시 하락률 상위 50종목은", &falling), ("너울 증시 하락률 상위 50종목", &falling)));
}

#[test]
fn one_number_may_be_corrected() {
    let report = |dead: u32| {
        format!(
            "한빛시 물류 창고에서 불이 나 {dead}명이 숨졌다. 불은 새벽에 지게차 충전소 가까이에서 시작돼 두 시간 만에 꺼졌고 \
             소방서는 사다리차 여섯 대를 보냈다. 창고 안에서 일하던 사람들은 대부분 옥상으로 피해 구조됐다. 경찰은 \
             충전기의 과열을 의심하며 현장을 보존하고 있다."
        )
    };
    assert!(same(("한빛시 창고 화재", &report(3)), ("한빛시 창고 화재로 4명 숨져", &report(4))));
}

#[test]
fn a_collection_is_not_the_story_that_it_holds() {
    let collection = format!(
        "한빛시는 봄꽃 축제를 사흘 동안 연다고 알렸다. 축제에는 열두 마을이 참여하고 밤마다 불꽃놀이가 열린다. 시는 임시 \
         주차장을 세 곳에 마련했고 셔틀버스를 이십 분마다 보낸다. 첫날 개막식에는 시립합창단이 무대에 오른다. \
         먹을거리 장터와 체험 마당도 열린다. {STORY}"
    );
    assert!(!same(("자전거 도로 예산 통과", STORY), ("한빛시 봄꽃 축제 연다", &collection)));
}
