//! Names that stand by themselves: places and organisations of the tables, the dictionary and by their endings.

use super::entity::EntityKind;
use super::names::is_hangul;
use super::particles::{are_particles, may_follow};
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) kind: EntityKind,
    /// The first and the last of its words.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Its bytes in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The name, where it is not what stands there: a short form, or another spelling.
    pub(super) name: Option<String>,
    /// A body without a name of its own: it only keeps others away.
    pub(super) nameless: bool,
}

impl Named {
    /// The name of this kind in the first `length` bytes of word `at`.
    pub(super) fn in_word(kind: EntityKind, scene: &Scene<'_>, at: usize, length: usize) -> Self {
        Self::of_words(kind, scene, at, at, scene.start(at) + length)
    }

    /// The name of this kind from word `first` to byte `end` of word `last`.
    pub(super) fn of_words(
        kind: EntityKind,
        scene: &Scene<'_>,
        first: usize,
        last: usize,
        end: usize,
    ) -> Self {
        Self { kind, first, last, start: scene.start(first), end, name: None, nameless: false }
    }
}

/// The name in `named` that word `at` belongs to; `taken` says for each word its number.
pub(super) fn owner_of<'n>(named: &'n [Named], taken: &[Option<usize>], at: usize) -> Option<&'n Named> {
    named.get(taken.get(at).copied().flatten()?)
}

/// Whether word `at` belongs to no name.
pub(super) fn is_untaken(taken: &[Option<usize>], at: usize) -> bool {
    taken.get(at).copied().flatten().is_none()
}

/// The most words of a name in the tables.
const MOST_WORDS: usize = 6;

/// The names of `scene`, in the order of the text, without overlap.
pub(super) fn find(scene: &Scene<'_>) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    let mut at = 0;
    while at < scene.words.len() {
        let several = of_several_words(scene, at);
        if let Some(joined) = in_two_words(scene, at).filter(|_| several.is_none()) {
            // `서울 강북경찰서`: the city stays a name of its own.
            named.extend(of_one_word(scene, at).filter(|_| joined.first > at));
            at = joined.last + 1;
            named.push(joined);
            continue;
        }
        let found = several.or_else(|| of_one_word(scene, at));
        let district = district(scene, at, named.last());
        // `한내군 부산면` is no Busan.
        let longer = district.filter(|district| found.as_ref().is_none_or(|found| found.end < district.end));
        if let Some(found) = longer.or(found) {
            at = found.last + 1;
            named.push(found);
        } else {
            at += 1;
        }
    }
    named.retain(|name| name.kind != EntityKind::Place || !is_in_event(scene, name));
    if named.iter().any(|name| name.kind == EntityKind::Place) {
        let more = along_districts(scene, &named);
        if !more.is_empty() {
            named.extend(more);
            named.sort_by_key(|name| name.start);
        }
    }
    named
}

/// Districts that share an ending, as far as they are not in `named`, which is in the order of the text: `한내·구름·노을면`.
fn along_districts(scene: &Scene<'_>, named: &[Named]) -> Vec<Named> {
    let is_free = |at: usize| {
        let next = named.partition_point(|name| name.last < at);
        named.get(next).is_none_or(|name| at < name.first)
    };
    let ends = |at: usize| {
        let length = usize::from(scene.facts(at).district);
        (length > 0 && scene.gap(at) == Gap::Dot && scene.word(at).chars().nth(2).is_some()).then_some(length)
    };
    let is_name = |at: usize| {
        let word = scene.word(at);
        matches!(word.len(), 6 | 9) && is_hangul(word) && !tables().is_title(word)
    };
    let place = |at: usize, length: usize| Named::in_word(EntityKind::Place, scene, at, length);
    let mut more = Vec::new();
    for (at, length) in (1..scene.words.len()).filter_map(|at| Some((at, ends(at)?))) {
        more.extend(is_free(at).then(|| place(at, length)));
        // What stands before one that ends so was looked at with that one: a list may have any number of them.
        let before = (0..at).rev().take_while(|&before| {
            scene.gap(before + 1) == Gap::Dot && is_name(before) && ends(before).is_none()
        });
        more.extend(before.filter(|&at| is_free(at)).map(|at| place(at, scene.word(at).len())));
    }
    more
}

/// A name of the tables that is written in one word there and in two here: `아사히 신문`.
fn in_two_words(scene: &Scene<'_>, at: usize) -> Option<Named> {
    /// Of fewer syllables two words are too often something else.
    const FEWEST: usize = 5;
    let (word, next) = (scene.word(at), scene.stem(at + 1));
    let facts = scene.facts(at);
    let place = facts.found.is_some_and(|found| found.known.kind == EntityKind::Place);
    let may_be = !facts.is_common && scene.is_bare(at) && scene.gap(at + 1) == Gap::Space;
    if !may_be || word.chars().nth(1).is_none() || next.chars().nth(1).is_none() {
        return None;
    }
    let joined = format!("{word}{next}");
    let known = tables().name(&joined).filter(|known| !known.nameless && known.kind != EntityKind::Person)?;
    let fits = joined.chars().count() >= FEWEST && !(place && known.kind == EntityKind::Place);
    let first = at + usize::from(place);
    let name = || Named::of_words(known.kind, scene, first, at + 1, scene.stem_end(at + 1));
    fits.then(|| Named { name: Some(joined), ..name() })
}

/// A name of the tables that is written with blanks.
fn of_several_words(scene: &Scene<'_>, at: usize) -> Option<Named> {
    if !scene.facts(at).begins_name {
        return None;
    }
    let mut joined = scene.word(at).to_lowercase();
    let mut best = None;
    for last in at + 1..(at + MOST_WORDS).min(scene.words.len()) {
        if scene.gap(last) != Gap::Space {
            break;
        }
        let word = scene.word(last);
        let ends = word.char_indices().map(|(at, ch)| at + ch.len_utf8());
        for end in ends {
            let (Some(name), Some(rest)) = (word.get(..end), word.get(end..)) else { continue };
            // `한내 이글스전에서`: a match against a team.
            let game = rest.strip_prefix('전').is_some_and(are_particles);
            if !may_follow(name, rest) && !game {
                continue;
            }
            let known = tables().with_blanks(&format!("{joined}{}", name.to_lowercase()));
            if let Some(known) = known {
                let name = Named::of_words(known.kind, scene, at, last, scene.start(last) + end);
                best = Some(Named { nameless: known.nameless, ..name });
            }
        }
        joined.push_str(&word.to_lowercase());
    }
    best
}

fn of_one_word(scene: &Scene<'_>, at: usize) -> Option<Named> {
    let found = scene.facts(at).found?;
    if found.doubtful && !beside_place(scene, at) && !has_office(scene, at) || is_word_here(scene, at) {
        return None;
    }
    if found.known.kind == EntityKind::Organisation && is_sponsor(scene, at) {
        return None;
    }
    let name = Named::in_word(found.known.kind, scene, at, usize::from(found.length));
    Some(Named { nameless: found.known.nameless, ..name })
}

/// Whether nothing is written after a name in its last word.
pub(super) fn ends_bare(scene: &Scene<'_>, name: &Named) -> bool {
    name.end == scene.end(name.last)
}

/// A district after the place that it is in: `대구 수성구 고모동의`.
fn district(scene: &Scene<'_>, at: usize, before: Option<&Named>) -> Option<Named> {
    let length = usize::from(scene.facts(at).district);
    let before = before.filter(|before| before.kind == EntityKind::Place && before.last + 1 == at)?;
    let beside = scene.gap(at) == Gap::Space && ends_bare(scene, before);
    (length > 0 && beside).then(|| Named::in_word(EntityKind::Place, scene, at, length))
}

/// Offices that a country or a county has, and nothing else does.
const OFFICES: [&str; 9] =
    ["대통령", "총리", "외무장관", "외교장관", "국방장관", "국왕", "군수", "군민", "군청"];

/// Whether a place is where games are held and a part of their name: `2026 한내·가람 동계올림픽`.
fn is_in_event(scene: &Scene<'_>, name: &Named) -> bool {
    const GAMES: [&str; 6] = ["올림픽", "패럴림픽", "동계올림픽", "동계패럴림픽", "하계올림픽", "아시안게임"];
    // Several places share the games: nobody names more than three.
    let mut next = name.last + 1;
    while next <= name.last + 2 && scene.gap(next) == Gap::Dot && scene.is_bare(next) {
        next += 1;
    }
    let season = usize::from(matches!(scene.word(next), "동계" | "하계"));
    let games = scene.word(next + season);
    ends_bare(scene, name)
        && (name.last + 1..=next + season).all(|at| matches!(scene.gap(at), Gap::Space | Gap::Dot))
        && GAMES.iter().any(|game| games.starts_with(game))
}

/// Whether a name is a common word by what is beside it: 전주 is the week before (`전주 대비`), 인도 a delivery (`인도 물량`), and 이란
/// follows what is quoted (`“좋다”이란 말`).
fn is_word_here(scene: &Scene<'_>, at: usize) -> bool {
    let next = scene.stem(at + 1);
    match scene.stem(at) {
        "전주" => scene.word(at) == "전주보다" || matches!(scene.word(at + 1), "대비" | "같은" | "보다"),
        // `재판매 및 DB 금지`, and the currency: `한화 1370원`.
        "DB" => {
            let before = at.checked_sub(1).map_or("", |before| scene.word(before));
            next == "금지" || ["뉴스", "신문", "일보", "TV"].iter().any(|end| before.ends_with(end))
        }
        "KB" => at > 0 && scene.word(at - 1).bytes().all(|byte| byte.is_ascii_digit()),
        "한화" => next.starts_with(|ch: char| ch.is_ascii_digit()) || matches!(next, "약" | "기준"),
        "인도" => {
            matches!(next, "물량" | "시점" | "지연" | "예정" | "기일" | "시기" | "대금" | "조건" | "지원")
        }
        "이란" => {
            let quoted = scene.slice(0, scene.start(at)).strip_suffix(['\'', '"', '’', '”', '>', '》', '〉']);
            quoted.is_some_and(|quoted| !quoted.ends_with(char::is_whitespace))
        }
        _ => false,
    }
}

/// Whether word `at` is in the name of a league or a tournament, which a company pays for: `한내항공 V리그`, `한내은행 SOL KBO 리그`.
fn is_sponsor(scene: &Scene<'_>, at: usize) -> bool {
    let league = |at: usize| {
        let word = scene.word(at);
        word.contains("V리그") || word.starts_with("K리그") || matches!(word, "KBO" | "KBL" | "WKBL")
    };
    let beside = scene.is_bare(at) && scene.gap(at + 1) == Gap::Space;
    let brand = || scene.word(at + 1) == "SOL" && scene.gap(at + 2) == Gap::Space && league(at + 2);
    // `2025-2026V리그`
    let season = || {
        let year = scene.word(at + 1);
        year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) && league(at + 2)
    };
    let tournament = || {
        (at + 1..at + 3).take_while(|&at| scene.gap(at) == Gap::Space).any(|at| {
            ["챔피언십", "인비테이셔널", "매치플레이", "프로암"]
                .iter()
                .any(|end| scene.word(at).contains(end))
        })
    };
    beside && (league(at + 1) || brand() || season() || tournament())
}

/// Provinces and countries whose names are words as well.
const LARGE: [&str; 8] = ["경기", "강원", "가나", "말리", "수단", "오만", "기니", "차드"];

/// Whether an office of a country or a county follows the bare word `at`: `오만 외무장관`.
fn has_office(scene: &Scene<'_>, at: usize) -> bool {
    scene.is_bare(at) && scene.gap(at + 1) == Gap::Space && OFFICES.contains(&scene.stem(at + 1))
}

/// Whether a place that is none in doubt stands beside word `at`.
fn beside_place(scene: &Scene<'_>, at: usize) -> bool {
    let is_place = |at: usize| {
        let found = scene.facts(at).found;
        found.is_some_and(|found| found.known.kind == EntityKind::Place && !found.doubtful)
    };
    let listed = |gap: Gap| matches!(gap, Gap::Dot | Gap::Comma);
    let joins = |gap: Gap| gap == Gap::Space || listed(gap);
    // Addresses go from the large to the small: what stands before a place is one in a list, or where it is large (`경기 한내시`, and not
    // `나선 강원은`, `규제 강화로 서울은`).
    let large = LARGE.contains(&scene.word(at)) && scene.gap(at + 1) == Gap::Space;
    (at > 0 && joins(scene.gap(at)) && is_place(at - 1) && scene.is_bare(at - 1))
        || ((large || listed(scene.gap(at + 1))) && scene.is_bare(at) && is_place(at + 1))
        || (large && tables().begins_with_place(scene.word(at + 1)))
}
