//! The articles that the contract is tried on: written ones, a reader's cases; and generated ones, many that differ in what
//! can be counted and ordered. All are invented.

use serde_json::{Value, json};

use crate::contract::chance::Chance;

/// An article as a plain record: what the truth is computed from.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: String,
    pub title: String,
    pub body: String,
    pub outlet: Option<String>,
    pub reporters: Vec<String>,
    pub section: Option<String>,
    /// Year, month, day, hour, minute, second in Korean time.
    pub published: Option<Moment>,
}

/// Year, month, day, hour, minute, second in Korean time.
pub type Moment = (i32, u32, u32, u32, u32, u32);

/// As an article's JSON has it.
pub fn written((year, month, day, hour, minute, second): Moment) -> String {
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+09:00")
}

impl Item {
    /// Where it was published: only generated articles were.
    pub fn address(&self) -> Option<String> {
        let number = self.id.strip_prefix("기사/")?;
        Some(format!("https://www.news.example/read/{number}/?id={number}&utm_source=sns"))
    }

    /// As it is dropped into the articles folder.
    pub fn json(&self) -> Value {
        json!({"id": self.id, "title": self.title, "body": self.body, "outlet": self.outlet,
            "reporters": self.reporters, "section": self.section, "published_at": self.published.map(written),
            "url": self.address()})
    }
}

/// An id as long as one may be.
pub fn longest_id() -> String {
    format!("{}끝", "긴".repeat(199))
}

/// Ids, titles and bodies of the written articles.
const WRITTEN: [(&str, &str, &str); 52] = [
    (
        "집값",
        "정부, 부동산 규제 다시 조인다",
        "정부가 부동산을 규제한다. 집을 여러 채 가진 이들의 대출이 막힌다.",
    ),
    ("동산", "동산에 오른 아이들", "아이들이 동산에 올랐다. 소풍에는 스무 명이 함께했다."),
    (
        "협상",
        "우크라이나 휴전 협상 열려",
        "우크라이나에서 휴전 협상이 열렸다. 젤렌스키 대통령이 사절을 맞았다.",
    ),
    ("배우", "배우 이나 데뷔", "이나 씨는 배우로 데뷔했다."),
    ("위기", "금융위기 경고음", "금융위기가 다시 온다는 경고가 나왔다."),
    ("전자", "삼성전자 새 공장", "삼성전자는 반도체를 판다. 공장은 내년에 문을 연다."),
    ("공학", "반도체공학과 생긴다", "대학이 반도체공학을 가르친다."),
    ("도체", "도체란 무엇인가", "도체와 부도체를 나눈다. 초등학생을 위한 실험이다."),
    ("한은", "한국은행 금리 올려", "한국은행이 금리를 올렸다."),
    ("창구", "붐비는 은행 창구", "은행 창구가 붐볐다. 신권을 바꾸려는 줄이 길었다."),
    ("개혁", "국민연금 개혁안 나와", "국민연금 개혁안이 나왔다."),
    ("노인", "연금 받는 노인 늘어", "연금을 받는 노인이 늘었다."),
    ("수술", "서울대병원 심장 수술", "서울대병원에서 수술을 받았다. 환자는 나흘 만에 걸었다."),
    ("예산", "중기부 예산 늘어", "중기부가 예산을 짰다. 소상공인을 돕는 돈이 가장 크게 늘었다."),
    ("설명", "설명회 줄이어", "중기부에서 설명회를 열었다. 시장 상인들이 자리를 메웠다."),
    ("방한", "브록만 회장 방한", "브록만 회장이 방한했다. 회장은 공장 터를 둘러보았다."),
    ("귀", "무선 이어폰 새 제품", "에어팟 새 제품이 나왔다. 배터리가 오래간다."),
    ("회담", "정상 회담 사흘째", "젤렌스키 대통령과 회담했다. 곡물 항로가 의제였다."),
    ("정당", "국민의힘 반대 당론", "국민의힘은 반대했다. 표결은 미뤄졌다."),
    ("극복", "함께 이겨낸 겨울", "국민의 힘으로 이겨냈다. 눈을 치운 이들은 이웃이었다."),
    ("침묵", "질문에 침묵", "이재명은 답하지 않았다."),
    ("대표", "대표 연설", "이재명 대표가 말했다. 연설은 한 시간을 넘겼다."),
    ("방미", "尹, 다음달 방미", "대통령실이 일정을 발표했다. 수행단은 서른 명이다."),
    ("윤리", "윤리위 회의", "윤리위원회가 윤활유 회사를 조사했다."),
    ("동결", "美 금리 동결", "연준은 기다리기로 했다."),
    ("고용", "미국 고용 늘어", "미국 고용이 늘었다. 실업률은 내렸다."),
    ("미술", "미술관 개관", "시민들이 미술을 즐겼다."),
    ("예비비", "예비비 1조2000억원 풀린다", "정부가 예비비 1조2000억원을 쓴다."),
    ("추경", "추경 1.2조원", "국회가 추경 1.2조원을 의결했다."),
    ("칩", "AI칩 설계 대회", "학생들이 AI칩을 설계했다."),
    ("칩2", "AI 칩 값 올라", "가게마다 AI 칩이 동났다."),
    ("에이즈", "AIDS 예방 주간", "보건소가 AIDS 예방을 알린다."),
    ("노래", "K-팝 축제", "K-팝 가수들이 광장에 모였다."),
    ("노래2", "K팝 배우는 어르신", "복지관에서 K팝을 배운다."),
    ("카카오", "㈜카카오 본사 옮긴다", "㈜카카오가 본사를 옮긴다."),
    ("카카오2", "상장 앞둔 계열사", "(주)카카오 계열사가 상장을 앞뒀다."),
    ("챗봇", "챗GPT 쓰는 시청", "시청이 챗GPT로 민원을 나눈다. ChatGPT 교육도 한다."),
    ("만세", "3·1절 기념식", "3·1절 기념식이 열렸다. 1,200명이 만세를 불렀다."),
    ("인구", "읍 인구 1200명", "읍의 인구가 1200명으로 줄었다."),
    (
        "장미",
        "장미 축제 개막",
        "온실에 장미가 피었다. 장미 축제는 보름 동안 이어진다. 장미를 그리는 시간도 있다.",
    ),
    (
        "장터",
        "가을 장터 열린다",
        "장터 한쪽에서 장미 축제 사진을 판다. 순대와 국밥, 헌책과 화분이 골목마다 늘어선다.",
    ),
    ("이모지", "😀 웃음 강좌", "😀 웃음 강좌가 열린다. 참가비는 없다. 웃음 강좌는 석 달 동안 이어진다."),
    ("밤", "서울 올림픽 앞두고 밤 공사", "체육관 마감 공사가 밤새 이어졌다."),
    ("새벽", "첫차 타는 사람들", "새벽 첫차에 오른 이들이 말을 아꼈다."),
    ("무제", "", "제목을 달지 못한 원고다. 편집자는 말줄임표만 남겼다."),
    ("말줄임", "… !?", "…"),
    ("연수", "인재개발원 지붕 고쳐", "인재개발원이 지붕을 고쳤다."),
    ("골목", "공공재개발 첫 삽", "공공재개발 터에 첫 삽을 꽂았다."),
    ("조합", "정기대의원총회 뒷이야기", "정기대의원총회가 자정에 끝났다."),
    ("창고", "마을 창고에 불", "소방서는 창고지기 박모(41) 씨에게 까닭을 물었다."),
    ("연못", "연못에 빠진 강아지 구해", "지나던 박 모 씨가 강아지를 건졌다."),
    ("환율", "換率 석 달 만에 내려", "수입상들은 한숨을 돌렸다."),
];

const WORDS: [&str; 12] = [
    "해바라기밭",
    "무지개다방",
    "수레바퀴옆",
    "도토리묵집",
    "반딧불축제",
    "옹기종기숲",
    "달팽이걸음",
    "소나기마을",
    "별똥별사냥",
    "고슴도치굴",
    "물레방앗간",
    "징검다리목",
];
const PARTICLES: [&str; 5] = ["", "을", "에서", "까지", "."];
/// In the order in which a Korean reader expects them, as are the next two.
pub const OUTLETS: [&str; 7] =
    ["24시새벽", "가온누리신문", "각별일보", "나들목뉴스", "하늘재방송", "日出週報", "Zoom인뉴스"];
/// Groups of outlets, by the order of their names; one outlet is in none.
pub const OUTLET_GROUPS: [(&str, &[&str]); 3] = [
    ("경제지", &["각별일보", "日出週報"]),
    ("방송", &["하늘재방송"]),
    ("지역", &["24시새벽", "나들목뉴스", "Zoom인뉴스"]),
];
pub const REPORTERS: [&str; 5] = ["가람슬", "나도담", "문새벽", "한서리", "Amy Han"];
pub const SECTIONS: [&str; 4] = ["경제", "문화", "사회", "IT"];

/// Where Korean days, months and years end, and where those of UTC do. In June 1988 Korean clocks were an hour ahead:
/// days are those of +09:00 nevertheless.
pub const EDGES: [Moment; 14] = [
    (1969, 12, 31, 23, 59, 59),
    (1970, 1, 1, 0, 0, 0),
    (1988, 6, 14, 23, 59, 59),
    (1988, 6, 15, 0, 0, 0),
    (1988, 6, 15, 23, 0, 0),
    (1988, 6, 15, 23, 59, 59),
    (2023, 12, 31, 23, 59, 59),
    (2024, 1, 1, 0, 0, 0),
    (2024, 1, 1, 8, 59, 59),
    (2024, 1, 1, 9, 0, 0),
    (2024, 2, 29, 23, 59, 0),
    (2024, 3, 1, 0, 0, 0),
    (2024, 3, 1, 8, 59, 59),
    (2024, 3, 1, 9, 0, 0),
];

/// A word that only generated articles hold.
pub fn word(chance: &mut Chance) -> &'static str {
    chance.one(&WORDS)
}

/// A moment; one in three is an edge, so that many share one.
pub fn moment(chance: &mut Chance) -> Moment {
    if chance.below(3) == 0 {
        return chance.one(&EDGES);
    }
    let (hour, minute) = (chance.below(24) as u32, chance.below(60) as u32);
    (2023 + chance.below(3) as i32, 1 + chance.below(12) as u32, 1 + chance.below(28) as u32, hour, minute, 0)
}

/// All articles, in no order.
pub fn articles() -> Vec<Item> {
    let mut items: Vec<Item> =
        WRITTEN.iter().enumerate().map(|(at, (id, title, body))| told(at, id, title, body)).collect();
    let mut chance = Chance(1988);
    items.extend((0..240).map(|number| generated(&mut chance, format!("기사/{number:04}"))));
    let mut longest = generated(&mut chance, longest_id());
    longest.published = Some(EDGES[7]);
    items.push(longest);
    items
}

/// A written article; who printed it, and when, goes by its number.
fn told(at: usize, id: &str, title: &str, body: &str) -> Item {
    let published = match id {
        "밤" => Some((1988, 6, 15, 0, 30, 0)),
        "새벽" => Some((1988, 6, 14, 23, 30, 0)),
        _ => (at % 9 != 8).then_some((2019, 1 + at as u32 % 12, 3, 7, 0, 0)),
    };
    Item {
        id: format!("글/{id}"),
        title: title.to_owned(),
        body: body.to_owned(),
        outlet: (at % 7 != 6).then(|| OUTLETS[at % OUTLETS.len()].to_owned()),
        reporters: if at % 5 == 4 { Vec::new() } else { vec![REPORTERS[at % REPORTERS.len()].to_owned()] },
        section: (at % 6 != 5).then(|| SECTIONS[at % SECTIONS.len()].to_owned()),
        published,
    }
}

/// What some generated articles say at their end: who, where and what.
pub const NAMING: [&str; 7] = [
    "김하늘 장관은 서울에서 이바다 대표를 만났다.",
    "이바다 대표는 부산에서 기상청을 찾았다.",
    "박민준 의원은 김하늘 장관에게 물었다.",
    "기상청은 대전에 관측소를 짓는다.",
    "부산에서 회의가 열렸다.",
    "박민준 의원은 서울대학교에서 강연했다.",
    "",
];

fn generated(chance: &mut Chance, id: String) -> Item {
    let (in_title, in_body) = (1 + chance.below(2), 2 + chance.below(6));
    // Not by chance: what is chosen there stays as it was.
    let named = NAMING[id.bytes().map(usize::from).sum::<usize>() % NAMING.len()];
    Item {
        id,
        title: text(chance, in_title),
        body: format!("{} {named}", text(chance, in_body)).trim_end().to_owned(),
        outlet: (chance.below(12) > 0).then(|| chance.one(&OUTLETS).to_owned()),
        reporters: chance.some(&REPORTERS, 3),
        section: (chance.below(6) > 0).then(|| chance.one(&SECTIONS).to_owned()),
        published: (chance.below(8) > 0).then(|| moment(chance)),
    }
}

fn text(chance: &mut Chance, words: usize) -> String {
    let words = (0..words).map(|_| format!("{}{}", word(chance), chance.one(&PARTICLES)));
    words.collect::<Vec<_>>().join(" ")
}
