//! Organisations that a word beside them tells: what it is before the name (`스타트업 한내트릭스`), its legal form (`㈜한내`), its initials in
//! brackets after it (`노을통계국(NBS)`).

use super::entity::EntityKind;
use super::fixed::{Named, is_untaken};
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// Legal forms that touch a name, before or after it.
const TOUCHING: &[&str] = &["㈜", "(주)", "㈔", "(사)", "(재)", "(유)"];
/// Legal forms before a name, with a blank between.
const LEGAL_FORMS: &[&str] = &[
    "주식회사",
    "유한회사",
    "사단법인",
    "재단법인",
    "학교법인",
    "의료법인",
    "사회복지법인",
    "농업회사법인",
    "사회적협동조합",
];

/// Ends of words that stand before a name of an organisation: `매체 엘헤랄도`.
pub(super) const INTRODUCERS: &[&str] = &[
    "매체",
    "일간지",
    "통신사",
    "방송사",
    "언론사",
    "조사기관",
    "시민단체",
    "업체",
    "기업",
    "스타트업",
    "제조사",
    "제약사",
    "개발사",
    "게임사",
    "자회사",
    "계열사",
    "모회사",
    "운영사",
    "시행사",
    "소속사",
    "기획사",
    "로펌",
    "걸그룹",
    "보이그룹",
    "그룹",
    "밴드",
    "구단",
    "플랫폼",
    "거래소",
];

/// Ends of words before a name in quotation marks. What a platform is called so is a product as often.
const BEFORE_QUOTES: &[&str] = &[
    "단체",
    "모임",
    "봉사단",
    "동호회",
    "동아리",
    "협동조합",
    "법인",
    "업체",
    "기업",
    "스타트업",
    "자회사",
    "계열사",
    "소속사",
    "기획사",
    "그룹",
    "밴드",
    "로펌",
    "매체",
    "전문지",
    "일간지",
    "주간지",
    "조사기관",
    "연구소",
];

/// The most words of a name in quotation marks.
const MOST_QUOTED: usize = 5;

/// The bytes of a name beside its legal form.
pub(super) fn incorporated(scene: &Scene<'_>, at: usize) -> Option<usize> {
    let start = scene.start(at);
    let stem = scene.stem_end(at) - start;
    let before = scene.text.get(..start)?;
    let after = scene.text.get(start + scene.word(at).len()..)?;
    // Asked of each word of a text: the last character before it mostly says at once that there is no form.
    let touches = before.ends_with([')', '㈜', '㈔']) && TOUCHING.iter().any(|form| before.ends_with(form));
    let first = touches
        || (at > 0
            && scene.word(at - 1).ends_with(['사', '인', '합'])
            && scene.gap(at) == Gap::Space
            && LEGAL_FORMS.contains(&scene.word(at - 1)));
    let last = after.starts_with('㈜') || after.starts_with("(주)");
    let word = scene.stem(at);
    // `사단법인 함께 크는 나무`: the name has several words.
    if scene.facts(at).is_common && word.chars().nth(2).is_none() && !tables().ends_as_institution(word) {
        return None;
    }
    (first || last).then_some(if last { scene.word(at).len() } else { stem })
}

/// Whether what word `at - 1` says it is stands before word `at`.
pub(super) fn is_introduced(scene: &Scene<'_>, at: usize) -> bool {
    at > 0
        && scene.gap(at) == Gap::Space
        && scene.is_bare(at - 1)
        && INTRODUCERS.iter().any(|end| scene.word(at - 1).ends_with(end))
}

/// The names in quotation marks after what they are, as far as no words of theirs are `taken`.
pub(super) fn in_quotes(scene: &Scene<'_>, taken: &[Option<usize>]) -> Vec<Named> {
    let name = |at: usize| {
        let last = quoted(scene, at).filter(|&last| (at..=last).all(|at| is_untaken(taken, at)))?;
        Some(Named::of_words(EntityKind::Organisation, scene, at, last, scene.end(last)))
    };
    (0..scene.words.len()).filter_map(name).collect()
}

/// The last word of a name in quotation marks that begins with word `at`, after what it is: `시민단체 ‘한내를 여는 사람들’`.
fn quoted(scene: &Scene<'_>, at: usize) -> Option<usize> {
    let before = at.checked_sub(1)?;
    if scene.gap(at) != Gap::Other || !BEFORE_QUOTES.iter().any(|end| scene.word(before).ends_with(end)) {
        return None;
    }
    let closing = match scene.slice(scene.end(before), scene.start(at)).trim_start() {
        "'" => '\'',
        "‘" => '’',
        "「" => '」',
        _ => return None,
    };
    let last = (at..at + MOST_QUOTED)
        .take_while(|&word| word == at || matches!(scene.gap(word), Gap::Space | Gap::Dot))
        .find(|&word| scene.text.get(scene.end(word)..).is_some_and(|rest| rest.starts_with(closing)))?;
    let letters = scene.slice(scene.start(at), scene.end(last)).chars().count();
    (letters >= 2).then_some(last)
}

/// Whether word `at` is free and a known organisation in Latin letters stands alone in brackets after it: `한내옵트로닉스(HNO)`.
pub(super) fn has_known_in_brackets(scene: &Scene<'_>, at: usize) -> bool {
    let facts = scene.facts(at);
    let inside = scene.facts(at + 1).found;
    scene.gap(at + 1) == Gap::Open
        && inside.is_some_and(|found| found.known.kind == EntityKind::Organisation && !found.known.nameless)
        && scene.word(at + 1).bytes().all(|byte| byte.is_ascii_alphanumeric())
        && scene.text.get(scene.end(at + 1)..).is_some_and(|rest| rest.starts_with([')', '）']))
        && scene.word(at).chars().nth(2).is_some()
        && !(facts.is_common || facts.is_title || facts.is_before || facts.looks_like_person(4))
        && (!tables().begins_with_place(scene.word(at)) || tables().ends_as_institution(scene.word(at)))
}

/// Ends of bodies whose initials stand in brackets after them.
const WITH_INITIALS: &[&str] = &[
    "포스트",
    "타임스",
    "타임즈",
    "저널",
    "트리뷴",
    "월드와이드",
    "기구",
    "기관",
    "동맹",
    "전선",
    "여단",
    "공동체",
    "협의체",
    "국",
    "원",
    "처",
    "청",
    "부",
    "회",
    "단",
    "당",
    "군",
    "연구소",
    "재단",
    "협회",
    "연맹",
    "연합",
    "공사",
    "센터",
    "대학",
    "대학교",
    "은행",
    "그룹",
    "조합",
    "거래소",
    "기금",
];

/// Whether word `at` is a body by its end, and a bracket says how it is called from here on: `한내교육재단(이하 재단)`.
pub(super) fn is_shortened(scene: &Scene<'_>, at: usize) -> bool {
    scene.word(at + 1) == "이하"
        && scene.gap(at + 1) == Gap::Open
        && scene.is_bare(at)
        && scene.word(at).chars().nth(3).is_some()
        && tables().ends_as_institution(scene.word(at))
        && !tables().is_nameless(scene.word(at))
}

/// Whether word `at` is a body by its end, and its initials stand in brackets after it.
pub(super) fn has_initials(scene: &Scene<'_>, at: usize) -> bool {
    let inside = scene.word(at + 1);
    let word = scene.word(at);
    let initials = (2..=8).contains(&inside.len())
        && inside.bytes().all(|byte| byte.is_ascii_uppercase())
        && !tables().is_common_latin(inside)
        && scene.text.get(scene.end(at + 1)..).is_some_and(|rest| rest.starts_with([')', '）', ',']));
    let is_body = || {
        let front = WITH_INITIALS.iter().find_map(|end| word.strip_suffix(end));
        // A 공동협의체 is one of many.
        word.chars().nth(4).is_some() && front.is_some_and(|front| front.chars().nth(2).is_some())
    };
    initials && scene.gap(at + 1) == Gap::Open && scene.is_bare(at) && is_body()
}
