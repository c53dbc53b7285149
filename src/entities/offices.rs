//! Offices with what they belong to: `캐나다 외교부` is not the 외교부, and `강진지부` is one of many.
//!
//! A body that says by its name only what kind of office it is takes the place or the body before it into its name. Where the article names
//! it so once, it is meant later, too, where the office stands alone.

use super::EntityKind;
use super::fixed::{Named, ends_bare, is_untaken};
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
const OFFICES: [&str; 25] = [
    "동문회",
    "총학생회",
    "후원회",
    "파출소",
    "보건환경연구원",
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
        match joined.last().filter(|before| belongs(scene, &office, before)) {
            Some(before) => {
                let office = with_owner(scene, office, before);
                if office.first == before.first {
                    joined.pop();
                }
                joined.push(office);
            }
            None => joined.push(office),
        }
    }
    named.reserve(joined.len());
    for owner in joined {
        let free_at = |at: usize| is_untaken(taken, at);
        let next = owner.last + 1;
        let last =
            if free_at(next) && says_what_for(scene, next) && free_at(next + 1) { next + 1 } else { next };
        let free = free_at(next);
        let stem = scene.stem(last);
        let long = owner.kind == EntityKind::Organisation || stem.chars().nth(3).is_some();
        let text = scene.slice(owner.start, owner.end);
        let parliament = text == "국회" && stem.ends_with("위원회");
        let has_office = free
            && (!owner.nameless || parliament)
            && matches!(owner.kind, EntityKind::Organisation | EntityKind::Place)
            && long
            && (is_office(stem)
                || is_body(stem) && (owner.kind == EntityKind::Organisation || is_district(text))
                || is_unit(text, owner.kind, stem))
            && scene.gap(next) == Gap::Space
            && ends_bare(scene, &owner);
        if !has_office {
            named.push(owner);
            continue;
        }
        let office = Named::of_words(EntityKind::Organisation, scene, next, last, scene.stem_end(last));
        let office = with_owner(scene, office, &owner);
        if office.first != owner.first {
            named.push(owner);
        }
        named.push(office);
    }
}

/// Whether word `at` says only what the body that the next word names is for: `한내시 기후변화대응 민관협의체`.
fn says_what_for(scene: &Scene<'_>, at: usize) -> bool {
    let facts = scene.facts(at);
    let body = scene.stem(at + 1);
    scene.is_bare(at)
        && scene.word(at).chars().nth(3).is_some()
        && !(facts.is_title || facts.is_before)
        && scene.gap(at + 1) == Gap::Space
        && (is_office(body) || is_body(body))
        && !(is_office(scene.word(at)) || is_body(scene.word(at)))
}

/// `office` under the name that it has with `owner`. An owner that is a name by itself, an organisation or another country, stays one beside
/// it, with words of its own: whoever looks for a university finds its departments.
fn with_owner(scene: &Scene<'_>, office: Named, owner: &Named) -> Named {
    let stays = match owner.kind {
        EntityKind::Organisation => !owner.nameless,
        _ => !is_district(scene.slice(owner.start, owner.end)),
    };
    let name = owner.name.as_ref().map(|name| format!("{name} {}", scene.slice(office.start, office.end)));
    let whole = || scene.slice(owner.start, office.end).to_owned();
    if stays {
        return Named { name: Some(name.unwrap_or_else(whole)), nameless: false, ..office };
    }
    Named { first: owner.first, start: owner.start, name, nameless: false, ..office }
}

/// Whether `office` is one of what stands before it.
fn belongs(scene: &Scene<'_>, office: &Named, before: &Named) -> bool {
    let text = scene.slice(office.start, office.end);
    let touches =
        before.last + 1 == office.first && scene.gap(office.first) == Gap::Space && ends_bare(scene, before);
    let owner = scene.slice(before.start, before.end);
    let parliament = owner == "국회" && text.ends_with("위원회") && !tables().is_nameless(text);
    if office.kind != EntityKind::Organisation || !touches || (before.nameless && !parliament) {
        return false;
    }
    match before.kind {
        // `미 국방부`: a country of one syllable is not what anybody looks for.
        _ if owner.chars().nth(1).is_none() => false,
        EntityKind::Organisation if parliament => true,
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

/// Ends of units of an organisation that are named with it: `한내대 로봇공학과`, `한내은행 강원지역본부`.
const UNITS: [&str; 16] = [
    "씨름단",
    "농구단",
    "배구단",
    "축구단",
    "경찰국",
    "관실",
    "본부",
    "부문",
    "사업부",
    "학과",
    "학부",
    "도당",
    "시당",
    "대학원",
    "법학연구소",
    "의과대학",
];
/// Ends of units of the administration of a city or county: `한내군 인구정책실`.
const OF_DISTRICTS: [&str; 26] = [
    "정책과",
    "행정과",
    "지원과",
    "복지과",
    "관리과",
    "관광과",
    "문화과",
    "환경과",
    "안전과",
    "교통과",
    "건설과",
    "도시과",
    "경제과",
    "교육과",
    "체육과",
    "축산과",
    "산림과",
    "민원과",
    "세무과",
    "주택과",
    "건축과",
    "정책실",
    "정책국",
    "복지국",
    "담당관",
    "방문팀",
];
/// Ends of offices of prosecution and courts, which number their units.
const WITH_NUMBERS: [&str; 7] = ["지검", "고검", "검찰청", "지법", "고법", "법원", "경찰청"];

/// Whether `stem` is a unit of `owner`, and named with it.
fn is_unit(owner: &str, kind: EntityKind, stem: &str) -> bool {
    let numbered = || {
        let unit = stem.strip_suffix(['부', '과', '대']);
        unit.is_some_and(|unit| unit.ends_with(|ch: char| ch.is_ascii_digit()))
            && WITH_NUMBERS.iter().any(|end| owner.ends_with(end))
    };
    let ends = |units: &[&str]| stem.chars().nth(3).is_some() && units.iter().any(|end| stem.ends_with(end));
    match kind {
        EntityKind::Organisation => ends(&UNITS) || numbered(),
        EntityKind::Place => is_district(owner) && ends(&OF_DISTRICTS),
        EntityKind::Person | EntityKind::Word => false,
    }
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
