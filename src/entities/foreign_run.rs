//! Which words of a text may be one foreign name: `그렉 헤인즈`, `로버트 F. 케네디 주니어`, `린다 토머스-그린필드`.

use super::entity::EntityKind;
use super::fixed::Named;
use super::names::has_common_surname;
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// The most words of a name.
const MOST_WORDS: usize = 5;
/// Words inside of names: `루이스 이나시우 룰라 다 시우바`.
const INSIDE: [&str; 16] =
    ["다", "데", "드", "디", "델", "반", "판", "폰", "빈", "벤", "본", "알", "엘", "라", "르", "이븐"];
/// Family names of one syllable in other languages: `앤디 팽`.
const SHORT_FAMILY: [&str; 22] = [
    "웡", "왕", "팽", "쇼", "칸", "첸", "천", "량", "류", "린", "쉬", "쑨", "폴", "벨", "콜", "홀", "켈",
    "응", "쩐", "딘", "볼", "콕",
];

/// The number of words from `at` on that may be one name.
pub(super) fn run<'n>(scene: &Scene<'_>, at: usize, owner: &impl Fn(usize) -> Option<&'n Named>) -> usize {
    let mut length = 0;
    while length < MOST_WORDS && at + length < scene.words.len() {
        let here = at + length;
        let joined = scene.gap(here) == Gap::Space || is_hyphen(scene, here) || after_initial(scene, here);
        if length > 0 && !joined {
            break;
        }
        let facts = scene.facts(here);
        let is_known =
            owner(here).is_some_and(|name| name.kind == EntityKind::Person) && !looks_korean(scene, here);
        // A CEO before a name is none of its initials.
        let initials = length == 0 && is_initials(scene.word(here)) && !facts.is_title && !facts.is_before;
        let loan = length == 0 && facts.is_loan && !facts.is_before && scene.gap(here + 1) == Gap::Space && {
            let next = scene.facts(here + 1);
            next.is_foreign && next.is_given
        };
        // `그렉 헤인즈`: what follows a given name need not sound foreign.
        let after_given = length == 1
            && (scene.facts(at).is_given_name && scene.is_bare(at) || is_short_given(scene, at))
            && facts.is_after_given
            && owner(here).is_none_or(|name| name.kind == EntityKind::Person);
        // `앤드루 김`: one who has a given name of where they live.
        let surname = length == 1
            && scene.facts(at).is_given_name
            && scene.is_bare(at)
            && scene.stem(here).chars().nth(1).is_none()
            && (has_common_surname(scene.stem(here)) || SHORT_FAMILY.contains(&scene.stem(here)));
        // `닉 헤스`: a syllable that is a word as well needs what follows.
        let short = length == 0 && is_short_given(scene, here);
        let inside = length > 0
            && INSIDE.contains(&scene.word(here))
            && scene.gap(here + 1) == Gap::Space
            && scene.facts(here + 1).is_foreign;
        // `브라이언 E. 머피`, `로버트 F. 케네디 주니어`
        let initial = length > 0 && is_initial(scene.word(here)) && scene.facts(here + 1).is_foreign;
        let junior = length > 1 && matches!(scene.stem(here), "주니어" | "시니어");
        let part = loan
            || inside
            || initial
            || junior
            || short
            || surname
            || after_given
            || (facts.is_foreign
                && !facts.is_title
                && !facts.is_before
                && owner(here).is_none()
                && !looks_korean(scene, here))
            || is_known
            || initials;
        if !part {
            break;
        }
        length += 1;
        let rest = scene.slice(scene.stem_end(here), scene.end(here));
        // The dictionary takes ends of foreign names for endings: 타+라.
        let ends = !matches!(rest, "" | "라" | "나" | "다" | "아" | "만" | "로");
        if ends && !goes_on(scene, here, owner) {
            break;
        }
    }
    // Initials alone are none, and what the tables have as it stands is found already.
    match length {
        1 if is_initials(scene.word(at)) => 0,
        _ if owner(at).is_some_and(|name| name.last + 1 >= at + length) => 0,
        _ => length,
    }
}

/// Whether what belongs to a name follows word `at`: a title, an organisation, another part.
pub(super) fn goes_on<'n>(scene: &Scene<'_>, at: usize, owner: &impl Fn(usize) -> Option<&'n Named>) -> bool {
    let next = scene.facts(at + 1);
    let ends_as_genitive = scene.word(at).ends_with('의');
    scene.gap(at + 1) == Gap::Space
        && !ends_as_genitive
        && (next.is_title
            || owner(at + 1).is_some_and(|name| name.kind == EntityKind::Organisation)
                && scene.facts(at + 2).is_title)
}

/// Whether word `at` is a Korean name, which stands alone.
pub(super) fn looks_korean(scene: &Scene<'_>, at: usize) -> bool {
    scene.facts(at).candidates.iter().flatten().any(|candidate| {
        candidate.length == 9 && (candidate.likeness >= 5 || candidate.likeness == 4 && candidate.score >= 6)
    })
}

/// Whether a hyphen alone stands before word `at`, and none before the word before or after it: `토머스-그린필드`, and no list of players.
fn is_hyphen(scene: &Scene<'_>, at: usize) -> bool {
    let before = |at: usize| {
        at.checked_sub(1).is_some_and(|before| scene.slice(scene.end(before), scene.start(at)) == "-")
    };
    before(at) && !before(at + 1) && !at.checked_sub(1).is_some_and(before)
}

/// Whether word `at` follows an initial inside of a name: `브라이언 E. 머피`.
fn after_initial(scene: &Scene<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        is_initial(scene.word(before)) && scene.slice(scene.end(before), scene.start(at)) == ". "
    })
}

fn is_initial(word: &str) -> bool {
    word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether `word` is one to three capital letters.
pub(super) fn is_initials(word: &str) -> bool {
    (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether word `at` is a given name of one syllable before what sounds like the rest of a foreign name.
pub(super) fn is_short_given(scene: &Scene<'_>, at: usize) -> bool {
    let word = scene.word(at);
    let next = scene.facts(at + 1);
    word.chars().nth(1).is_none()
        && tables().is_given_name(word)
        && scene.gap(at + 1) == Gap::Space
        && next.is_after_given
        && next.is_foreign
        && !next.is_common
}
