//! One way to write a name: what brackets and the lexicon say is the same, gets the same name.

use rustc_hash::FxHashMap;

use crate::korean::fold::fold;
use crate::korean::lexicon::{VariantKind, Variants};

use super::entity::EntityKind;
use super::fixed::Named;
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// Provinces and great cities as papers write them in short.
const PROVINCES: &[(&str, &str)] = &[
    ("서울특별시", "서울"),
    ("서울시", "서울"),
    ("부산광역시", "부산"),
    ("부산시", "부산"),
    ("대구광역시", "대구"),
    ("대구시", "대구"),
    ("인천광역시", "인천"),
    ("인천시", "인천"),
    ("광주광역시", "광주"),
    ("대전광역시", "대전"),
    ("대전시", "대전"),
    ("울산광역시", "울산"),
    ("울산시", "울산"),
    ("세종특별자치시", "세종"),
    ("세종시", "세종"),
    ("경기도", "경기"),
    ("강원도", "강원"),
    ("강원특별자치도", "강원"),
    ("충청북도", "충북"),
    ("충북도", "충북"),
    ("충청남도", "충남"),
    ("충남도", "충남"),
    ("전라북도", "전북"),
    ("전북특별자치도", "전북"),
    ("전북도", "전북"),
    ("전라남도", "전남"),
    ("전남도", "전남"),
    ("경상북도", "경북"),
    ("경북도", "경북"),
    ("경상남도", "경남"),
    ("경남도", "경남"),
    ("제주도", "제주"),
    ("제주특별자치도", "제주"),
    ("대한민국", "한국"),
    ("터키", "튀르키예"),
    ("타이완", "대만"),
    ("워싱턴DC", "워싱턴"),
    ("로스앤젤레스", "LA"),
    ("호치민", "호찌민"),
];

/// What names are written as, remembered: few of the many that articles name have another name.
#[derive(Default)]
pub(super) struct OneWay {
    known: FxHashMap<Box<str>, Option<Box<str>>>,
}

/// Names that are remembered before all are forgotten.
const MOST_REMEMBERED: usize = 200_000;

impl OneWay {
    fn name(&mut self, name: &str, variants: &Variants) -> Option<String> {
        if let Some(known) = self.known.get(name) {
            return known.as_deref().map(str::to_owned);
        }
        if self.known.len() >= MOST_REMEMBERED {
            self.known.clear();
        }
        let found = of_lexicon(name, variants);
        self.known.insert(name.into(), found.as_deref().map(Into::into));
        found
    }
}

/// The names under which an index may have what a reader calls `name`: that, and how it is written wherever it was recognised (한은 is
/// 한국은행, 서울시 is 서울).
pub fn stored_names(kind: EntityKind, name: &str, variants: &Variants) -> Vec<String> {
    let written = of_lexicon(name, variants).unwrap_or_else(|| name.to_owned());
    let written = in_short(kind, &written).map_or(written, str::to_owned);
    let typed = (written != name).then(|| name.to_owned());
    // What is asked for in hanja is stored as it is read: 李在明.
    let is_hanja = name.chars().any(|ch| ('\u{4E00}'..='\u{9FFF}').contains(&ch));
    let read = variants.of(name).iter().filter(|variant| is_hanja && variant.kind == VariantKind::Hanja);
    [written].into_iter().chain(typed).chain(read.map(|variant| variant.text.to_string())).collect()
}

/// A province or great city as papers write it in short.
fn in_short(kind: EntityKind, name: &str) -> Option<&'static str> {
    let found = PROVINCES.iter().find(|(long, _)| kind == EntityKind::Place && *long == name)?;
    Some(found.1)
}

/// Gives the names in `named` that stand for one thing the same name. They are in the order of the text.
pub(super) fn write(scene: &Scene<'_>, named: &mut [Named], variants: &Variants, known: &mut OneWay) {
    let mut names: FxHashMap<String, String> = FxHashMap::default();
    for pair in named.windows(2) {
        let [long, short] = pair else { continue };
        if let Some((from, to)) = in_brackets(scene, long, short) {
            names.entry(from).or_insert(to);
        }
    }
    for name in named.iter_mut() {
        let written = name.name.take().unwrap_or_else(|| scene.slice(name.start, name.end).to_owned());
        let written = names.get(&written).cloned().unwrap_or(written);
        let one = known.name(&written, variants);
        let written = one.unwrap_or(written);
        name.name = Some(in_short(name.kind, &written).map_or(written, str::to_owned));
    }
    cities(named);
    bodies(named);
}

/// `한국토지주택공사(LH)`: the short name, and the long one. The shorter in hangul is the short name.
fn in_brackets(scene: &Scene<'_>, before: &Named, inside: &Named) -> Option<(String, String)> {
    let same_kind =
        before.kind == inside.kind && matches!(before.kind, EntityKind::Organisation | EntityKind::Place);
    let beside = inside.first == before.last + 1 && scene.gap(inside.first) == Gap::Open;
    let alone = scene.text.get(inside.end..).is_some_and(|rest| rest.starts_with([')', '）', ',']));
    if !same_kind || !beside || !alone || before.nameless || inside.nameless {
        return None;
    }
    let text =
        |name: &Named| name.name.clone().unwrap_or_else(|| scene.slice(name.start, name.end).to_owned());
    let (one, other) = (text(before), text(inside));
    let (long, short) = if hangul(&one) >= hangul(&other) { (one, other) } else { (other, one) };
    (long != short).then_some((short, long))
}

fn hangul(text: &str) -> usize {
    text.chars().filter(|ch| ('가'..='힣').contains(ch)).count()
}

/// The name among equal names of the lexicon that all of them are written as: one of the tables if there is one; of several the longest in
/// hangul; where no table has any, the long form of an abbreviation, or else the shortest.
fn of_lexicon(name: &str, variants: &Variants) -> Option<String> {
    let is_mutual = |text: &str, line: usize| {
        variants.of(text).iter().any(|back| back.line == line && fold(&back.text) == fold(name))
    };
    let equal: Vec<&str> = variants
        .of(name)
        .iter()
        .filter(|variant| variant.kind == VariantKind::Synonym && is_mutual(&variant.text, variant.line))
        .map(|variant| &*variant.text)
        .collect();
    if equal.is_empty() {
        return None;
    }
    let all = || equal.iter().copied().chain([name]);
    let known = all().filter(|name| tables().has(name));
    let chosen = known.max_by_key(|name| (hangul(name), std::cmp::Reverse(*name))).or_else(|| {
        let longest = all().max_by_key(|name| (name.chars().count(), std::cmp::Reverse(*name)))?;
        if all().all(|short| abbreviates(short, longest)) {
            Some(longest)
        } else {
            all().min_by_key(|name| (name.chars().count(), *name))
        }
    })?;
    (chosen != name).then(|| chosen.to_owned())
}

/// Whether the characters of `short` stand in `long` in their order.
fn abbreviates(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().all(|ch| rest.any(|other| other == ch))
}

/// A city or county with and without 시 or 군 in one article is one: the longer.
fn cities(named: &mut [Named]) {
    let is_place = |name: &&Named| name.kind == EntityKind::Place;
    let longer: FxHashMap<String, String> = named
        .iter()
        .filter(is_place)
        .filter_map(|name| name.name.as_deref())
        .filter(|name| name.chars().nth(2).is_some())
        .filter_map(|name| Some((name.strip_suffix(['시', '군'])?.to_owned(), name.to_owned())))
        .collect();
    for name in named.iter_mut().filter(|name| name.kind == EntityKind::Place) {
        if let Some(long) = name.name.as_ref().and_then(|written| longer.get(written)) {
            name.name = Some(long.clone());
        }
    }
}

/// The most different organisations of an article that are compared with one another.
const MOST_COMPARED: usize = 500;

/// An organisation without the beginning of its name, in an article that gives it in full, is that one: 민주당 of 더불어민주당, 적십자사 of
/// 대한적십자사, 한내 of 한내전자; and a news agency with and without 통신.
fn bodies(named: &mut [Named]) {
    let is_body = |name: &&Named| name.kind == EntityKind::Organisation && !name.nameless;
    let mut all: Vec<String> = named.iter().filter(is_body).filter_map(|name| name.name.clone()).collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MOST_COMPARED);
    let longer: FxHashMap<&str, &str> = all
        .iter()
        .filter_map(|short| {
            let longer = all.iter().find(|long| is_longer(short, long)).map(String::as_str);
            Some((short.as_str(), longer.or_else(|| only_longer(short, &all))?))
        })
        .collect();
    for name in named.iter_mut().filter(|name| name.kind == EntityKind::Organisation) {
        if let Some(long) = name.name.as_deref().and_then(|written| longer.get(written)) {
            name.name = Some((*long).to_owned());
        }
    }
}

/// Ends of names and what they are short for.
const SHORT_ENDS: [(&str, &str); 5] = [
    ("운용", "자산운용"),
    ("손보", "손해보험"),
    ("생명", "생명보험"),
    ("증권", "투자증권"),
    ("대", "대학교"),
];

/// Whether `long` is the full name of `short`. 부산경찰청 is another than 경찰청.
fn is_longer(short: &str, long: &str) -> bool {
    let by_end = |(end, full): &(&str, &str)| {
        short
            .strip_suffix(end)
            .is_some_and(|front| !front.is_empty() && long.strip_suffix(full) == Some(front))
    };
    if SHORT_ENDS.iter().any(by_end) {
        return true;
    }
    let is_place = |front: &str| {
        front != "한국" && tables().name(front).is_some_and(|known| known.kind == EntityKind::Place)
    };
    let front = long.strip_suffix(short).filter(|front| !front.is_empty() && !is_place(front));
    (short.chars().nth(2).is_some() && front.is_some()) || long.strip_prefix(short) == Some("통신")
}

/// The body of `all`, which are in order, that begins with `short` and goes on as names of companies, teams and schools do: the 한내그룹, or
/// else the only one (한내 of 한내전자, in an article without 한내증권).
fn only_longer<'a>(short: &str, all: &'a [String]) -> Option<&'a str> {
    let from = all.partition_point(|name| name.as_str() <= short);
    let rest = all.get(from..).unwrap_or_default();
    // A unit of it is not another body: `한내대 로봇공학과`.
    let is_unit =
        |name: &str| name.get(short.len()..).is_some_and(|end| end.starts_with(' ')) && !tables().has(name);
    let longer = rest.iter().map(String::as_str).take_while(|name| name.starts_with(short));
    let mut longer = longer.filter(|name| !is_unit(name));
    let end = |name: &str| name.get(short.len()..).unwrap_or_default().to_owned();
    if let Some(group) = longer.clone().find(|name| end(name) == "그룹") {
        return Some(group);
    }
    let only = longer.next().filter(|_| longer.next().is_none())?;
    let end = end(only);
    (tables().institution(&end).is_some() || end == "학교" || end.starts_with(' ')).then_some(only)
}
