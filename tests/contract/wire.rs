//! Stories of a wire, each printed by one to four outlets: near-identical articles.

use serde_json::{Value, json};

/// Outlets that print them.
pub const OUTLETS: [&str; 4] = ["새벽신문", "한낮경제", "저녁방송", "물결통신"];
const REPORTERS: [&str; 3] = ["정가온", "백나린", "남다솜"];
/// How many stories there are.
pub const STORIES: usize = 14;

const TOWNS: [&str; 7] = ["가람시", "너울군", "단비구", "라온시", "마루읍", "바다군", "소담시"];
const WORKS: [&str; 7] =
    ["강변 산책로", "공공 도서관", "어린이 병원", "수소 충전소", "하천 제방", "노인 복지관", "버스 차고지"];
const PEOPLE: [&str; 7] = [
    "한서리 시장",
    "문가람 과장",
    "도윤슬 의원",
    "서나래 소장",
    "강다온 교수",
    "윤해솔 대표",
    "임보라 위원장",
];
const WORRIES: [&str; 7] =
    ["소음과 먼지", "불어난 공사비", "늦어진 보상", "부족한 인력", "어긋난 설계", "겹친 예산", "끊긴 통행로"];
const WISHES: [&str; 7] = [
    "밤에도 밝은 길",
    "걸어서 가는 병원",
    "넉넉한 주차장",
    "아이 돌봄 공간",
    "깨끗한 물길",
    "조용한 열람실",
    "촘촘한 버스편",
];

/// Every number gives another story, on the same subject.
pub fn story(number: usize) -> (String, String) {
    let pick = |words: [&'static str; 7], by: usize| words[(number * by + number / 7 * 3) % 7];
    let (town, work) = (pick(TOWNS, 1), pick(WORKS, 3));
    let title = format!("{town} {work} 공사 시작…주민 기대와 걱정");
    let body = format!(
        "{town}가 오래 미뤄 온 {work} 공사를 시작했다고 알렸다. 예산은 {}억원이며 내년 {}월까지 {}단계로 나뉘어 이어진다. \
         {}은 기공식에서 {} 하나만큼은 꼭 지키겠다고 말했다. 그러나 가까이 사는 이들은 {} 문제를 먼저 풀어야 한다며 \
         설명회를 다시 열어 달라고 요구했다. 자전거 동호회도 {}번째 서명을 모아 의회에 냈다.",
        30 + number * 7,
        1 + number % 12,
        2 + number % 5,
        pick(PEOPLE, 2),
        pick(WISHES, 4),
        pick(WORRIES, 5),
        100 + number * 13,
    );
    (title, body)
}

/// How outlets change what they take over.
fn edited(body: &str, how: usize) -> String {
    match how {
        0 => body.to_owned(),
        1 => format!("[온라인뉴스팀] {}", body.replace("말했다", "밝혔다").replace("알렸다", "전했다")),
        2 => {
            format!("{body} 공사를 맡은 회사는 안전 요원을 두 배로 늘리고 날마다 현장을 살피겠다고 덧붙였다.")
        }
        _ => body.replace(". ", ".\n").replace("요구했다", "촉구했다"),
    }
}

/// All articles; of every third story the first has no date. `story` says which one an article tells.
pub fn articles() -> Vec<Value> {
    let mut articles = Vec::new();
    for number in 0..STORIES {
        let (title, body) = story(number);
        for copy in 0..=(number % 4) {
            let dated = number % 3 != 1 || copy != 0;
            // Copies appear hours to weeks later.
            let (month, day, hour) = (1 + number % 9 + copy / 3, 3 + number, 6 + 4 * copy);
            articles.push(json!({
                "id": format!("s{number:02}-{copy}"),
                "story": format!("s{number:02}"),
                "title": if copy == 0 { title.clone() } else { format!("{title}({})", OUTLETS[copy]) },
                "body": edited(&body, copy),
                "outlet": OUTLETS[(number + copy) % OUTLETS.len()],
                "reporters": [REPORTERS[(number + copy) % 3]],
                "section": if copy % 2 == 0 { "사회" } else { "지역" },
                "published_at": dated.then(|| format!("2024-{month:02}-{day:02}T{hour:02}:00:00+09:00")),
            }));
        }
    }
    articles.extend(best_of_a_group());
    articles
}

/// Two prints of a story, of which the second says more of what one asks for, and an article of that alone.
fn best_of_a_group() -> [Value; 3] {
    let (title, body) = story(STORIES);
    let (title, body) = (title.replace("공사", "수리"), body.replace("공사", "수리"));
    let more = format!("{body} 기공식에서는 물수제비 대회도 열려 물수제비 명인이 상을 받았다.");
    [
        json!({"id": "첫판", "story": "판", "title": title, "body": body, "published_at": "2024-03-01T09:00:00+09:00"}),
        json!({"id": "둘째판", "story": "판", "title": format!("{title}, 물수제비 대회도"), "body": more,
            "published_at": "2024-03-02T09:00:00+09:00"}),
        json!({"id": "다른", "story": "다른", "title": "물수제비 대회 열려",
            "body": "강가에서 물수제비 대회가 열렸다. 어른과 아이 오십 명이 모였다."}),
    ]
}
