//! The telling nouns of an article that are no names: compounds and nouns as they are written, without particles.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::assemble::CountedWord;
use super::entity::MOST_WORDS;
use super::scene::Scene;

/// Nouns of every article, which tell nothing of any.
const OF_EVERY_ARTICLE: &[&str] = &[
    "기자",
    "뉴스",
    "사진",
    "제공",
    "이날",
    "오전",
    "오후",
    "지난",
    "지난해",
    "지난달",
    "올해",
    "내년",
    "최근",
    "현재",
    "당시",
    "이번",
    "이후",
    "이전",
    "오늘",
    "어제",
    "내일",
    "관계자",
    "경우",
    "때문",
    "정도",
    "이상",
    "이하",
    "미만",
    "가운데",
    "대상",
    "내용",
    "결과",
    "과정",
    "상황",
    "문제",
    "부분",
    "사실",
    "생각",
    "모습",
    "이유",
    "방법",
    "방식",
    "분야",
    "지역",
    "전체",
    "일부",
    "대부분",
    "다음",
    "이어",
    "한편",
    "그동안",
    "앞서",
    "등록",
    "진행",
    "예정",
    "계획",
    "가능",
    "필요",
    "사용",
    "이용",
    "확인",
    "발표",
    "설명",
    "강조",
    "주장",
    "지적",
    "언급",
    "발언",
    "전망",
    "예상",
    "기대",
    "평가",
    "분석",
    "조사",
    "의견",
    "입장",
    "관련",
    "포함",
    "제외",
    "기준",
    "비교",
    "증가",
    "감소",
    "상승",
    "하락",
    "기록",
    "달성",
    "시작",
    "종료",
    "참석",
    "참여",
    "마련",
    "추진",
    "운영",
    "실시",
    "개최",
    "지원",
    "제시",
    "제안",
    "요청",
    "요구",
    "결정",
    "선정",
    "사람",
    "모두",
    "자신",
    "우리",
    "여러",
    "각종",
    "다양",
    "주요",
    "최대",
    "최고",
    "최초",
    "처음",
    "마지막",
    "전년",
    "전월",
    "동기",
    "대비",
    "수준",
    "규모",
    "비율",
    "평균",
    "합계",
    "무단전재",
    "재배포",
    "금지",
    "저작권",
    "구독",
    "기사",
    "취재",
    "보도",
    "인터뷰",
    "자료",
    "영상",
    "전날",
    "이튿날",
    "하루",
    "이틀",
    "사흘",
    "매일",
    "매년",
    "연간",
    "월간",
    "동안",
    "사이",
    "이외",
    "나머지",
    "소식",
    "com",
    "www",
    "co",
    "kr",
    "http",
    "https",
    "net",
    "naver",
    "뿐",
    "중",
    "등",
    "것",
    "수",
    "더",
    "및",
    "또",
    "또한",
    "당초",
    "이미",
    "역시",
    "특히",
    "바로",
    "다시",
    "함께",
    "서로",
    "직접",
    "거의",
    "약간",
    "매우",
];

/// The most telling words of `scene`, at most as many as an article has, and how many more there were. `taken` says which words belong to names.
pub(super) fn find(scene: &Scene<'_>, title: usize, taken: &[Option<usize>]) -> (Vec<CountedWord>, usize) {
    let mut counted: FxHashMap<&str, (u32, bool, usize)> = FxHashMap::default();
    for (at, word) in scene.words.iter().enumerate() {
        if !word.facts.is_keyword || taken.get(at).copied().flatten().is_some() {
            continue;
        }
        let stem = scene.slice(word.start, scene.stem_end(at));
        let (count, in_title, _) = counted.entry(stem).or_insert((0, false, at));
        *count += 1;
        *in_title |= word.start < title;
    }
    let mut words: Vec<(u32, usize, &str, u32, bool)> = counted
        .into_iter()
        .map(|(stem, (count, in_title, first))| {
            // A compound tells more than a noun of two syllables.
            let long = u32::from(stem.chars().nth(3).is_some());
            (2 * count + 3 * u32::from(in_title) + long, first, stem, count, in_title)
        })
        .collect();
    words.sort_unstable_by_key(|(weight, first, ..)| (Reverse(*weight), *first));
    let left_out = words.len().saturating_sub(MOST_WORDS);
    let kept = words.into_iter().take(MOST_WORDS).map(|(_, _, stem, count, in_title)| CountedWord {
        name: stem.to_owned(),
        count,
        in_title,
    });
    (kept.collect(), left_out)
}

/// Whether `stem` is a noun of every article.
pub(super) fn is_of_every_article(stem: &str) -> bool {
    OF_EVERY_ARTICLE.contains(&stem)
}
