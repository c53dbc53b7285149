//! Subjects whose names are not known.
//!
//! A recogniser of names does not know all of them. Where somebody stands before a quotation as its subject and has no name that is known
//! (`주장 한소담도 “…”고 했다`, `일각에서는 “…”`), nobody is named: least of all whoever spoke before.

use std::ops::Range;

use super::candidate::{SUBJECT, TOPIC, words};
use super::roles::TITLES;
use super::words::says_word;

/// First syllables of names.
const SURNAMES: &str = "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용예경봉사부가복태목형피두감호제독갈빙";
/// What somebody is, besides the titles: it comes before a name.
const ROLES: &[&str] = &[
    "주장",
    "골키퍼",
    "공격수",
    "수비수",
    "미드필더",
    "투수",
    "포수",
    "타자",
    "내야수",
    "외야수",
    "세터",
    "리베로",
    "막내",
    "맏형",
    "에이스",
    "선장",
    "기관사",
    "승무원",
    "상인",
    "주민",
    "시민",
    "농민",
    "어민",
    "학부모",
    "대학생",
    "직장인",
    "주부",
    "변호인",
    "대리인",
    "유족",
    "생존자",
    "목격자",
    "피해자",
    "제보자",
    "신자",
    "팬",
    "관람객",
    "관광객",
    "비서",
    "연출자",
    "안무가",
    "무용수",
    "사진가",
    "번역가",
    "기획자",
    "개발자",
    "활동가",
    "봉사자",
    "해녀",
    "소방관",
    "경찰관",
    "농부",
    "요리사",
    "미용사",
    "조종사",
];
/// Those among whom something is said: `정치권 일각에서는`.
const AMONG: &[&str] = &[
    "일각",
    "업계",
    "학계",
    "재계",
    "정계",
    "의료계",
    "법조계",
    "노동계",
    "교육계",
    "문화계",
    "종교계",
    "경제계",
    "금융계",
    "체육계",
    "과학계",
    "여성계",
    "정치권",
    "여권",
    "야권",
    "금융권",
    "대학가",
    "증권가",
    "당내",
    "당",
    "안팎",
    "내부",
    "온라인",
    "온라인상",
    "커뮤니티",
    "사이",
    "주변",
    "여당",
    "야당",
    "시민사회",
    "지역사회",
    "누리꾼들",
    "시민들",
    "주민들",
    "진영",
    "학부모들",
];
/// Words that lead on to the subject of a sentence.
const LEADING: &[&str] = &[
    "하지만",
    "그러나",
    "반면",
    "반면에",
    "이에",
    "한편",
    "특히",
    "그런데",
    "다만",
    "그러자",
    "또",
    "또한",
    "이어",
    "여기에",
    "마찬가지로",
];
/// Words for things and times, which do not speak.
const THINGS: &[&str] = &[
    "실패",
    "성공",
    "만남",
    "프로젝트",
    "핵심",
    "배치",
    "이름",
    "제목",
    "별명",
    "메시지",
    "표현",
    "주제",
    "기준",
    "원칙",
    "방향",
    "과제",
    "해법",
    "책임",
    "권한",
    "판단",
    "결정",
    "결론",
    "효과",
    "가격",
    "비용",
    "관계",
    "모습",
    "장면",
    "경기",
    "시즌",
    "승리",
    "패배",
    "작품",
    "영화",
    "앨범",
    "노래",
    "무대",
    "역할",
    "요구",
    "요청",
    "제안",
    "협의",
    "합의",
    "논의",
    "출마",
    "사퇴",
    "인수",
    "매각",
    "투자",
    "개발",
    "건설",
    "추진",
    "참여",
    "까닭",
    "심경",
    "소감",
    "비결",
    "이날",
    "오늘",
    "내일",
    "어제",
    "지금",
    "현재",
    "당시",
    "이번",
    "이것",
    "그것",
    "이유",
    "원인",
    "이후",
    "최근",
    "사실",
    "여기",
    "거기",
    "무엇",
    "이는",
    "우선",
    "앞으로",
    "결과",
    "문제",
    "전망",
    "주장",
    "지적",
    "방안",
    "대책",
    "목표",
    "계획",
    "사업",
    "공사",
    "정책",
    "제도",
    "예산",
    "조건",
    "사안",
    "사건",
    "사고",
    "상황",
    "의혹",
    "논란",
    "질문",
    "답변",
    "가능성",
    "부분",
    "내용",
    "발언",
    "인사",
    "선거",
    "수사",
    "재판",
    "협상",
    "회의",
    "회담",
    "관련",
    "규모",
    "시기",
    "시점",
    "일정",
    "배경",
    "의미",
    "취지",
    "자신",
    "본인",
    "스스로",
    "하나",
    "둘",
    "우리",
    "모두",
    "각각",
    "대부분",
    "일부",
    "해당",
];
/// Last syllables of what is not a subject before 은 and 는: particles, and stems of verbs and adjectives.
const NO_SUBJECT: &[char] = &[
    '다', '에', '서', '게', '로', '고', '며', '면', '터', '까', '지', '하', '되', '있', '없', '않', '같',
    '많', '높', '낮', '받', '짓', '니', '리', '시', '키', '려', '져', '들',
];

/// How sure it must be that the subject is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sure {
    /// Somebody's role and a name, or a name alone at the place of the speaker.
    Person,
    /// Whoever stands where the speaker stands.
    Place,
}

/// A subject that speaks and has no known name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unknown {
    /// Bytes in the body: the words for it, where they are those of a person.
    pub(super) text: Option<Range<usize>>,
}

/// The last subject in `range` of `body` that speaks and has no known name. The range ends where the quotation begins.
pub(super) fn unknown_subject(body: &str, range: Range<usize>, sure: Sure) -> Option<Unknown> {
    let words: Vec<_> = words(body, range).collect();
    let last = words.len().checked_sub(1)?;
    let mut leading = true;
    let mut found = None;
    for (index, word) in words.iter().enumerate() {
        let plain = word.text.trim_end_matches([',', ':', '=', '·', '-', '…']);
        let first = leading;
        leading = leading && LEADING.contains(&plain);
        let before = index.checked_sub(1).and_then(|index| words.get(index));
        let among = ["에서는", "에선", "에서도"].iter().find_map(|end| plain.strip_suffix(end));
        let among =
            among.or_else(|| plain.strip_suffix("에서").filter(|stem| *stem == "일각" && index == last));
        if among.is_some_and(|stem| AMONG.contains(&stem)) {
            found = Some(Unknown { text: None });
            continue;
        }
        let strip = |particles: &[&str]| particles.iter().find_map(|particle| plain.strip_suffix(*particle));
        let topic = strip(TOPIC);
        let Some(stem) = topic.or_else(|| strip(SUBJECT)) else { continue };
        if THINGS.contains(&stem) || stem.chars().count() <= 2 && says_word(stem) {
            continue;
        }
        let role = before.filter(|word| {
            is_role(word.text) && (topic.is_some() && !plain.ends_with('도') || index == last)
        });
        if let Some(role) = role.filter(|_| is_name_like(stem, 2)) {
            found = Some(Unknown { text: Some(role.start..word.start + plain.len()) });
            continue;
        }
        let subject = topic.is_some() && !stem.ends_with(NO_SUBJECT) && stem.chars().count() >= 2;
        let placed = index == last || first && sure == Sure::Place;
        if subject && placed && (is_name_like(stem, 3) || index == last && sure == Sure::Place) {
            found = Some(Unknown { text: Some(word.start..word.start + plain.len()) });
        }
    }
    found
}

fn is_role(word: &str) -> bool {
    // 장 is the end of many a title; the others of one syllable are the end of many a word.
    let whole = |title: &str| title == "장" || title.chars().count() >= 2;
    let titled =
        || word.chars().count() >= 2 && TITLES.iter().any(|title| whole(title) && word.ends_with(title));
    ROLES.contains(&word) || titled() && !THINGS.contains(&word)
}

fn is_name_like(stem: &str, least: usize) -> bool {
    let length = stem.chars().count();
    (least..=4).contains(&length)
        && stem.chars().all(|ch| ('가'..='힣').contains(&ch))
        && stem.chars().next().is_some_and(|first| SURNAMES.contains(first))
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;

    /// The words for the subject, and `-` where it has none.
    fn found(text: &str, sure: Sure) -> Option<&str> {
        let unknown = unknown_subject(text, 0..text.len(), sure)?;
        Some(unknown.text.map_or("-", |range| &text[range]))
    }

    #[test]
    fn somebody_stands_where_the_speaker_stands() {
        for (text, sure, subject) in [
            ("주장 한소담도 ", Sure::Person, Some("주장 한소담도")),
            ("대변인 표미르는 5일 ", Sure::Person, Some("대변인 표미르는")),
            ("하지만 표미르는 5일 ", Sure::Place, Some("표미르는")),
            ("이에 정치권 일각에서는 ", Sure::Person, Some("-")),
            ("일각에서 ", Sure::Person, Some("-")),
            ("톨스토르는 ", Sure::Place, Some("톨스토르는")),
            ("톨스토르는 ", Sure::Person, None),
        ] {
            assert_eq!(found(text, sure), subject, "{text}");
        }
    }

    #[test]
    fn things_and_verbs_do_not_speak() {
        for text in [
            "이날은 ",
            "이에 대해서는 ",
            "그러면서 문제는 ",
            "다리를 놓겠다는 ",
            "회견에서는 ",
            "일각에서 나온 말에 대해 ",
        ] {
            assert_eq!(found(text, Sure::Place), None, "{text}");
        }
    }
}
