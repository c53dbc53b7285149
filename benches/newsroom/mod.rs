//! A made-up archive for the benches, from templates: the same articles in every run.
//!
//! It has everything that costs time in real news: names that no dictionary knows, long compounds, numbers with units, hanja
//! in headlines, bylines, footers, markup and entities. But templates repeat themselves more than reporters do, so the
//! segmenter's memory of words hits more often than on real news: compare runs with one another, and measure absolute
//! speed on your own articles with `gisa reindex`, which prints it.

use std::fmt::Write as _;
use std::path::Path;

/// Articles that [`write_archive`] makes.
pub const ARTICLES: usize = 2_000;

const OUTLETS: [&str; 8] = [
    "온새미통신",
    "가람일보",
    "미리내신문",
    "너울경제",
    "다솜방송",
    "디지털여울",
    "스포츠한마루",
    "남녘매일",
];
const SECTIONS: [&str; 7] = ["정치", "경제", "사회", "국제", "문화", "스포츠", "IT"];
const PLACES: [&str; 16] = [
    "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "수원", "창원", "전주", "청주", "제주",
    "춘천", "포항", "목포",
];
const BODIES: [&str; 16] = [
    "중소벤처기업부",
    "과학기술정보통신부",
    "개인정보보호위원회",
    "금융감독원",
    "한국은행",
    "국토교통부",
    "서울시의회",
    "국민연금공단",
    "질병관리청",
    "공정거래위원회",
    "전국경제인연합회",
    "한국반도체산업협회",
    "대법원",
    "헌법재판소",
    "세계보건기구",
    "국제통화기금",
];
const TOPICS: [&str; 24] = [
    "인공지능 규제",
    "반도체 수출",
    "전기요금 인상",
    "부동산 대책",
    "기준금리",
    "연금 개혁",
    "스타트업 육성",
    "이차전지",
    "철도 지하화",
    "의대 정원",
    "재난안전 통신망",
    "청년 주택",
    "우주 발사체",
    "데이터센터",
    "저출생 대책",
    "지역 축제",
    "프로야구 개막",
    "드라마 수출",
    "가뭄 피해",
    "산불 예방",
    "자율주행차",
    "양자컴퓨터",
    "해상풍력",
    "온라인 플랫폼",
];
const TITLES: [&str; 10] =
    ["장관", "대표", "교수", "의원", "위원장", "연구원", "감독", "시장", "원장", "사무총장"];
const SYLLABLES: [&str; 30] = [
    "민", "서", "준", "지", "현", "우", "하", "은", "도", "윤", "예", "진", "수", "아", "영", "태", "린",
    "호", "경", "나", "람", "슬", "온", "빈", "율", "결", "담", "솔", "찬", "혁",
];
const SURNAMES: [&str; 16] =
    ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권", "남궁"];
const HEADS: [&str; 8] = [
    "美·中 {t} 힘겨루기",
    "[단독] {b}, {t} 전면 재검토",
    "{t}, {p}서 첫발",
    "{n} \"{t} 더는 못 미룬다\"",
    "[속보] {b} {t} 방안 발표",
    "與野 {t} 놓고 정면충돌",
    "{p} {t} 현장을 가다",
    "{t} 1년… {b}의 성적표",
];
const SENTENCES: [&str; 22] = [
    "{b}는 {d}일 {p}에서 열린 간담회에서 {t} 관련 종합대책을 발표했다.",
    "{n} {r}은 “{t}은 더 미룰 수 없는 과제”라며 “관계부처와 협의를 서두르겠다”고 말했다.",
    "이에 따라 올해 관련 예산은 {m}억원으로 지난해보다 {c}.{d}% 늘어난다.",
    "업계에서는 {t} 시장 규모가 2030년 {c}조{m}억원에 이를 것으로 내다본다.",
    "{n} {r}가 이끄는 연구팀은 {p}의 시험시설에서 {m}회에 걸쳐 성능을 확인했다.",
    "그러나 현장에서는 {t} 정책이 실제로 작동하지 않는다는 지적이 이어졌다.",
    "{p} 주민 {n}씨는 “설명회가 한 번도 없었다”며 답답함을 드러냈다.",
    "전문가들은 K-{t} 전략이 성공하려면 표준화와 인력양성이 먼저라고 입을 모았다.",
    "{b} 관계자는 기자와 통화에서 “아직 결정된 것은 없다”고 선을 그었다.",
    "{n}·{x} {r}이 공동으로 낸 보고서를 보면 응답자 {m}명 가운데 {c}%가 찬성했다.",
    "코스피는 전 거래일보다 {c}.{d}포인트 오른 2,{m}에 거래를 마쳤다.",
    "챗GPT와 같은 생성형AI가 퍼지면서 {t} 논의도 빨라지고 있다.",
    "{x} {r}은 지난 5·18 기념식에서도 같은 취지로 발언한 바 있다.",
    "한편 {b}와 {p}시는 업무협약을 맺고 2027년까지 {t} 거점을 만들기로 했다.",
    "{n} 감독이 이끄는 {p} 유나이티드는 {c} 대 {d}로 앞서다 후반 추가시간에 동점골을 내줬다.",
    "이 사업에는 {m}개 기업이 참여하고, 총사업비는 {c}조원을 넘을 것으로 보인다.",
    "반대하는 쪽은 {t}이 중소상공인에게 부담을 떠넘긴다고 주장한다.",
    "재판부는 “{b}의 처분은 재량권을 벗어났다”고 판시했다.",
    "우크라이나 전쟁 장기화로 원자재 가격이 {c}%가량 뛰면서 {t}에도 그늘이 드리웠다.",
    "{p}의 낮 최고기온은 {d}도로 평년보다 {c}도 높았다.",
    "{x} {r}의 새 책 『{t}의 시간』은 출간 {d}일 만에 {m}부가 팔렸다.",
    "누리집과 모바일앱에서 {t} 신청을 받으며, 접수기간은 {d}일까지다.",
];

/// Writes the archive as JSON lines into `folder` and returns its bytes.
pub fn write_archive(folder: &Path) -> u64 {
    let mut lines = String::new();
    let mut random = Random(0x6769_7361);
    for number in 0..ARTICLES {
        let article = article(number, &mut random);
        writeln!(lines, "{article}").expect("writing to a string cannot fail");
    }
    std::fs::write(folder.join("archive.jsonl"), &lines).expect("the bench folder is writable");
    lines.len() as u64
}

fn article(number: usize, random: &mut Random) -> serde_json::Value {
    let outlet = random.pick(&OUTLETS);
    let topic = random.pick(&TOPICS);
    let reporter = name(random);
    let head = random.pick(&HEADS);
    let title = fill(head, topic, random);
    let place = random.pick(&PLACES);
    let mut body = format!("({place}={outlet}) {reporter} 기자 = ");
    for paragraph in 0..random.below(4) + 2 {
        if paragraph > 0 {
            body.push_str("<br/><br/>\n");
        }
        for _ in 0..random.below(4) + 2 {
            // Most of an article is about its topic, the rest about something else.
            let about = if random.below(4) == 0 { random.pick(&TOPICS) } else { topic };
            let sentence = random.pick(&SENTENCES);
            body.push_str(&fill(sentence, about, random));
            body.push_str(if random.below(8) == 0 { "&nbsp;" } else { " " });
        }
    }
    let _ = write!(
        body,
        "\n{reporter} 기자 reporter{number}@newsroom.example\nⓒ{outlet} 무단 전재 및 재배포 금지"
    );
    let (month, day, hour) = (random.below(12) + 1, random.below(28) + 1, random.below(24));
    serde_json::json!({
        "id": format!("bench-{number:05}"),
        "title": title,
        "body": body,
        "outlet": outlet,
        "reporters": [reporter],
        "section": random.pick(&SECTIONS),
        "published_at": format!("{}-{month:02}-{day:02}T{hour:02}:30:00+09:00", 2023 + number * 3 / ARTICLES),
    })
}

/// A template with its places filled: topic, body, place, two names, title, and numbers.
fn fill(template: &str, topic: &str, random: &mut Random) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (key, behind) = after.split_once('}').unwrap_or((after, ""));
        match key {
            "t" => text.push_str(topic),
            "b" => text.push_str(random.pick(&BODIES)),
            "p" => text.push_str(random.pick(&PLACES)),
            "n" | "x" => text.push_str(&name(random)),
            "r" => text.push_str(random.pick(&TITLES)),
            "m" => text.push_str(&(random.below(980) + 10).to_string()),
            "c" => text.push_str(&(random.below(90) + 2).to_string()),
            _ => text.push_str(&(random.below(28) + 1).to_string()),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// One of 14,400 names; most of them stand in no dictionary.
fn name(random: &mut Random) -> String {
    let (surname, first, second) = (random.pick(&SURNAMES), random.pick(&SYLLABLES), random.pick(&SYLLABLES));
    format!("{surname}{first}{second}")
}

/// SplitMix64 (Steele, Lea & Flood 2014): the same numbers everywhere, for ever.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        let place = self.below(from.len());
        from.get(place).expect("the place is below the length")
    }
}
