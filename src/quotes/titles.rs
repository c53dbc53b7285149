//! Who holds which title, and whom a short form (`김 장관`) means.
//!
//! A title is compared as a whole: 부시장 is not 시장, and 원내대표 is not 대표. Where two of one surname hold the same title, or the only one of a
//! surname is the deputy of whoever is called, a short form means nobody: a wrong name is worse than none.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::entities::{Entities, EntityKind, Mention};

use super::roles::{SERVING, TITLES};

/// The most bytes between a name and the last syllable of its title (`김하늘 국토교통부 제2차관`).
pub(super) const LONGEST_TITLE: usize = 90;
/// The most words of a title, and the most titles of one person that are remembered.
const TITLE_WORDS: usize = 6;
const MOST_TITLES: usize = 24;
/// Words that say that a title is not held any more.
const FORMER: &[&str] = &["전", "前"];
/// Words between a surname and its title.
const BETWEEN: &[&str] = &["전", "前", "신임", "당시", "현", "現", "예비"];
/// Titles before which 부 is the end of a ministry: 국방부장관 is 장관, and only 부장관 is not.
const OF_MINISTRIES: &[&str] = &["장관", "차관", "대변인"];
/// Titles whose lower ranks are called by the same word: 부교수 is 김 교수.
const OF_ALL_RANKS: &[&str] = &["교수", "검사", "판사"];
/// What makes a title one of honour: whoever is called by the bare title is the one in office.
const HONORARY: &[&str] = &["명예", "창업", "선대", "초대"];
/// What may follow a title inside its word.
const ADDED: &[&str] = &["이사", "님", "직무대행", "권한대행"];
const PARTICLES: &[&str] = &[
    "께서는",
    "께서",
    "에게",
    "으로",
    "과의",
    "와의",
    "에는",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "과",
    "와",
    "의",
    "도",
    "로",
    "에",
    "며",
];

/// How the title of somebody and the title that is called compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Same,
    /// One is the deputy of the other.
    Kin,
    Other,
}

/// Whether `prefix` makes another office of `title`.
fn is_apart(prefix: &str, title: &str) -> bool {
    match title {
        "대표" if prefix.ends_with("원내") => true,
        "사장" if prefix.ends_with('이') => true,
        "원장" if prefix.ends_with('위') => true,
        _ if OF_ALL_RANKS.contains(&title) => false,
        _ if OF_MINISTRIES.contains(&title) => prefix == "부",
        _ => prefix.ends_with('부'),
    }
}

fn compare(held: &str, called: &str) -> Fit {
    let kind = |prefix: &str, title: &str| if is_apart(prefix, title) { Fit::Kin } else { Fit::Same };
    if held == called {
        return Fit::Same;
    }
    let bare = ADDED.iter().find_map(|added| held.strip_suffix(added)).unwrap_or(held);
    for held in [held, bare] {
        if let Some(prefix) = held.strip_suffix(called) {
            return kind(prefix, called);
        }
    }
    if let Some(prefix) = called.strip_suffix(bare) {
        return kind(prefix, bare);
    }
    // 가온시장 is kin of 부시장.
    let base = ["부", "원내"].iter().find_map(|prefix| called.strip_prefix(prefix));
    match base.filter(|base| base.chars().count() >= 2 && held.ends_with(base)) {
        Some(_) => Fit::Kin,
        None => Fit::Other,
    }
}

/// A title that a person holds somewhere in the body.
#[derive(Debug)]
struct Held {
    entity: usize,
    title: String,
    former: bool,
    /// Whether no word after it makes it the title of somebody else: 시장 대변인.
    last: bool,
    /// The byte of the first name that it stands with.
    at: usize,
}

/// The titles of the persons of a body, and who has which surname.
#[derive(Debug, Default)]
pub(super) struct Titles {
    held: BTreeMap<char, Vec<Held>>,
    families: BTreeMap<char, Vec<usize>>,
}

impl Titles {
    pub(super) fn new(body: &str, entities: &Entities) -> Self {
        let mut titles = Self::default();
        for (number, entity) in entities.entities.iter().enumerate() {
            let length = entity.name.chars().count();
            if entity.kind == EntityKind::Person
                && (2..=4).contains(&length)
                && let Some(family) = entity.name.chars().next()
            {
                titles.families.entry(family).or_default().push(number);
            }
        }
        let in_body = entities.in_body();
        for (index, mention) in in_body.iter().enumerate() {
            let Some(name) = entities.entities.get(mention.entity).map(|entity| entity.name.as_str()) else {
                continue;
            };
            let Some(family) = name.chars().next() else { continue };
            let of_family = titles.families.get(&family).is_some_and(|all| all.contains(&mention.entity));
            if !of_family || body.get(mention.range.clone()).is_none_or(|text| text != name) {
                continue;
            }
            let person = |other: &&Mention| entities.is_person(other.entity);
            let next = in_body.get(index + 1..).and_then(|rest| rest.iter().take(8).find(person));
            let before = in_body.get(..index).and_then(|rest| rest.iter().rev().take(8).find(person));
            let until = next.map_or(body.len(), |next| next.range.start);
            let from = before.map_or(0, |before| before.range.end);
            let all = titles.held.entry(family).or_default();
            for (title, former, last) in beside(body, &mention.range, from, until) {
                let mut same = all.iter().filter(|held| held.entity == mention.entity);
                let known = same
                    .clone()
                    .any(|held| held.title == title && held.former == former && held.last == last);
                if !known && same.by_ref().count() < MOST_TITLES {
                    let at = mention.range.start;
                    all.push(Held { entity: mention.entity, title, former, last, at });
                }
            }
        }
        titles
    }

    /// Who is called `title` at the byte `at` by the surname `family`, if the text leaves no doubt.
    pub(super) fn called(&self, at: usize, family: char, title: &str, former: bool) -> Option<usize> {
        let none = Vec::new();
        let members = self.families.get(&family)?;
        let all = self.held.get(&family).unwrap_or(&none);
        let same = || all.iter().filter(|held| compare(&held.title, title) == Fit::Same);
        let one = |found: Vec<&Held>| {
            let single = |found: &[&Held]| {
                let first = found.first()?.entity;
                found.iter().all(|held| held.entity == first).then_some(first)
            };
            single(&found).or_else(|| {
                let in_office = |held: &&Held| !HONORARY.iter().any(|word| held.title.contains(word));
                let alike = found.into_iter().filter(in_office).filter(|held| held.former == former);
                single(&alike.collect::<Vec<_>>())
            })
        };
        let before: Vec<&Held> = same().filter(|held| held.at < at).collect();
        if !before.is_empty() {
            return one(before);
        }
        let after: Vec<&Held> = same().collect();
        if !after.is_empty() {
            return one(after);
        }
        let of = |entity: usize| all.iter().filter(move |held| held.entity == entity);
        // Whoever wrote the article is not one of those that it tells of.
        let told = |entity: &usize| {
            let reporter =
                of(*entity).next().is_some() && of(*entity).all(|held| held.title.ends_with("기자"));
            !reporter || title.ends_with("기자")
        };
        let told: Vec<usize> = members.iter().copied().filter(told).collect();
        let untitled = || told.iter().copied().filter(|entity| of(*entity).next().is_none());
        match told.as_slice() {
            [only] => of(*only).all(|held| compare(&held.title, title) != Fit::Kin).then_some(*only),
            _ if title == "씨" => {
                let mut untitled = untitled();
                untitled.next().filter(|_| untitled.next().is_none())
            }
            _ => None,
        }
    }

    /// Whether `entity` is called by `title` somewhere, with no other title after it.
    pub(super) fn holds(&self, entity: usize, name: &str, title: &str) -> bool {
        let family = name.chars().next().and_then(|family| self.held.get(&family));
        family.is_some_and(|all| {
            all.iter().any(|held| held.entity == entity && held.last && held.title == title)
        })
    }
}

/// A short form of a name, without particle: surname, title, and whether it is a former one.
pub(super) fn short_form(text: &str) -> Option<(char, &str, bool)> {
    let family = text.chars().next().filter(|ch| ('가'..='힣').contains(ch))?;
    let mut title = text.get(family.len_utf8()..)?.trim_start();
    let mut former = false;
    while let Some((first, rest)) = title.split_once(' ').filter(|(first, _)| BETWEEN.contains(first)) {
        former |= FORMER.contains(&first);
        title = rest.trim_start();
    }
    (!title.is_empty()).then_some((family, title, former))
}

/// The titles next to a name, between the bytes `from` and `until`: whether each is a former one, and the last.
fn beside(body: &str, name: &Range<usize>, from: usize, until: usize) -> Vec<(String, bool, bool)> {
    let is_title = |word: &str| TITLES.iter().any(|title| word.ends_with(title));
    let mut found: Vec<(String, bool, bool)> = Vec::new();
    let mut former = false;
    let near: String = body
        .get(name.end..until)
        .unwrap_or_default()
        .chars()
        .take(LONGEST_TITLE)
        .take_while(|ch| !".\"“”\n:;".contains(*ch))
        .scan(0_i32, |depth, ch| {
            *depth += i32::from(ch == '(') - i32::from(ch == ')');
            (*depth >= 0).then_some(ch)
        })
        .collect();
    let near = outside_brackets(&near);
    for word in near.split(',').next().unwrap_or_default().split_whitespace().take(TITLE_WORDS) {
        let stem = PARTICLES.iter().find_map(|particle| word.strip_suffix(particle));
        if [Some(word), stem]
            .into_iter()
            .flatten()
            .any(|word| SERVING.iter().any(|known| word.ends_with(known)))
        {
            for (_, _, last) in &mut found {
                *last = false;
            }
        }
        let stem = stem.filter(|stem| stem.is_empty() || is_title(stem));
        let whole = if stem.is_none() && is_title(word) { Some(word) } else { stem };
        match whole {
            Some("") => break,
            Some(title) => {
                for (_, _, last) in &mut found {
                    *last = false;
                }
                found.push((title.to_owned(), former, true));
                former = false;
            }
            None if word.ends_with(['을', '를', '과', '와', '며', '고', '의']) => break,
            None => former = FORMER.contains(&word) || former,
        }
        if stem.is_some() {
            break;
        }
    }
    let ahead = body.get(from..name.start).unwrap_or_default();
    let mut ahead_words = ahead.split_whitespace().rev();
    // The title right after the name before is that one's.
    let own = ahead.ends_with(' ') && (from == 0 || ahead.split_whitespace().nth(1).is_some());
    if let Some(title) = ahead_words.next().filter(|word| own && is_title(word)) {
        let former = ahead_words.next().is_some_and(|word| FORMER.contains(&word));
        found.push((title.to_owned(), former, true));
    }
    found
}

/// `text` without what it has in brackets.
pub(super) fn outside_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(ch),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_compared_as_a_whole() {
        for (held, called, fit) in [
            ("시장", "시장", Fit::Same),
            ("가온시장", "시장", Fit::Same),
            ("부시장", "시장", Fit::Kin),
            ("가온시장", "부시장", Fit::Kin),
            ("원내대표", "대표", Fit::Kin),
            ("대표", "원내대표", Fit::Kin),
            ("공동대표", "대표", Fit::Same),
            ("대표이사", "대표", Fit::Same),
            ("이사장", "사장", Fit::Kin),
            ("부위원장", "위원장", Fit::Kin),
            ("위원장", "원장", Fit::Kin),
            ("국토부장관", "장관", Fit::Same),
            ("부장관", "장관", Fit::Kin),
            ("부교수", "교수", Fit::Same),
            ("국회의원", "의원", Fit::Same),
            ("장관", "의원", Fit::Other),
        ] {
            assert_eq!(compare(held, called), fit, "{held} {called}");
        }
    }

    #[test]
    fn short_forms_are_taken_apart() {
        assert_eq!(short_form("문 전 대통령"), Some(('문', "대통령", true)));
        assert_eq!(short_form("문 시장"), Some(('문', "시장", false)));
        assert_eq!(short_form("문씨"), Some(('문', "씨", false)));
        assert_eq!(short_form("李대통령"), None);
        assert_eq!(short_form("문"), None);
    }
}
