//! Offices with what they belong to: `캐나다 외교부` is not the 외교부, and `강진지부` is one of many.
//!
//! A body that says by its name only what kind of office it is takes the place or the body before it into its name. Where the article names
//! it so once, it is meant later, too, where the office stands alone.

use super::EntityKind;
use super::fixed::{Named, ends_bare};
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// Offices of other countries that Korea has as well.
const MINISTRIES: [&str; 12] = [
    "외교부",
    "국방부",
    "법무부",
    "교육부",
    "환경부",
    "내무부",
    "재무부",
    "상무부",
    "보건부",
    "무역대표부",
    "국세청",
    "대법원",
];
/// Ends of offices that are one of many.
const OFFICES: [&str; 20] = [
    "수사대",
    "지부",
    "지회",
    "노동조합",
    "노조",
    "협의체",
    "추진단",
    "지원단",
    "방범대",
    "부녀회",
    "행정복지센터",
    "주민센터",
    "선거관리위원회",
    "의용소방대",
    "자원봉사센터",
    "주민자치회",
    "새마을회",
    "체육회",
    "문화원",
    "상인회",
];
/// Ends of bodies that say what they are for, after whom they are of: `한내시 청소년참여위원회`, `국회 환경위원회`.
const BODIES: [&str; 8] = ["위원회", "센터", "연구회", "협의회", "사업단", "특별위", "상임위", "소위원회"];
/// Places whose offices are named without them.
const OWN: [&str; 3] = ["한국", "대한민국", "우리나라"];

/// Joins offices with what stands before them; `taken` are the words that names have.
pub(super) fn join(scene: &Scene<'_>, named: &mut Vec<Named>, taken: &[Option<usize>]) {
    let mut joined: Vec<Named> = Vec::with_capacity(named.len());
    for office in named.drain(..) {
        match joined.last_mut().filter(|before| belongs(scene, &office, before)) {
            Some(before) => {
                *before =
                    Named { first: before.first, start: before.start, name: None, nameless: false, ..office };
            }
            None => joined.push(office),
        }
    }
    for owner in &mut joined {
        let next = owner.last + 1;
        let free = taken.get(next).copied().flatten().is_none();
        let stem = scene.stem(next);
        let long = owner.kind == EntityKind::Organisation || stem.chars().nth(3).is_some();
        let parliament = scene.slice(owner.start, owner.end) == "국회" && stem.ends_with("위원회");
        let has_office = free
            && (!owner.nameless || parliament)
            && matches!(owner.kind, EntityKind::Organisation | EntityKind::Place)
            && long
            && (is_office(stem) || is_body(stem))
            && scene.gap(next) == Gap::Space
            && ends_bare(scene, owner);
        if has_office {
            let (kind, end) = (EntityKind::Organisation, scene.stem_end(next));
            *owner = Named { kind, last: next, end, name: None, nameless: false, ..owner.clone() };
        }
    }
    *named = joined;
}

/// Whether `office` is one of what stands before it.
fn belongs(scene: &Scene<'_>, office: &Named, before: &Named) -> bool {
    let text = scene.slice(office.start, office.end);
    let touches =
        before.last + 1 == office.first && scene.gap(office.first) == Gap::Space && ends_bare(scene, before);
    if office.kind != EntityKind::Organisation || before.nameless || !touches {
        return false;
    }
    let owner = scene.slice(before.start, before.end);
    match before.kind {
        EntityKind::Place => {
            let abroad = MINISTRIES.contains(&text) && !OWN.contains(&owner) && !is_district(owner);
            abroad || is_office(text) || is_district(owner) && is_body(text)
        }
        EntityKind::Organisation => is_office(text) || is_body(text),
        EntityKind::Person | EntityKind::Word => false,
    }
}

fn is_office(text: &str) -> bool {
    OFFICES.iter().any(|end| text.ends_with(end))
}

/// Whether `text` is a body of somebody, by its end, and says more than its kind.
fn is_body(text: &str) -> bool {
    let tables = tables();
    text.chars().nth(4).is_some()
        && !tables.is_nameless(text)
        && tables.name(text).is_none()
        && !begins_with_name(text)
        && BODIES.iter().any(|end| text.ends_with(end))
}

/// Whether a name of the tables is in front: `한내도시건축센터` says itself whose it is.
fn begins_with_name(text: &str) -> bool {
    let fronts = text.char_indices().skip(2).take(3).filter_map(|(end, _)| text.get(..end));
    fronts.into_iter().any(|front| tables().name(front).is_some_and(|known| known.kind == EntityKind::Place))
}

/// Whether a place is of Korea by its end: `서울시 교육부` is no ministry of Seoul.
fn is_district(place: &str) -> bool {
    place.chars().nth(2).is_some()
        && ["시", "도", "군", "구", "읍", "면", "동"].iter().any(|end| place.ends_with(end))
}
