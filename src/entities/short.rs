//! Short forms of names: `김 장관`, `김씨` and `李대통령` are whom the article named in full.

use crate::korean::Language;
use crate::korean::hanja::HanjaReadings;

use super::entity::EntityKind;
use super::fixed::{Named, is_untaken};
use super::names::surname_length;
use super::particles::are_particles;
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// Words that stand between surname and title: `김 전 장관`.
const BETWEEN: &[&str] = &["전", "前", "신임", "당시", "현", "前전", "예비"];

/// A person of the article: the full name, where it stands, and the titles beside it.
struct Known<'t> {
    name: &'t str,
    at: usize,
    titles: Vec<&'t str>,
}

/// The short forms in `scene` of the persons in `named`.
pub(super) fn find(
    scene: &Scene<'_>,
    named: &[Named],
    taken: &[Option<usize>],
    language: &Language,
) -> Vec<Named> {
    let readings = language.korean().readings();
    let mut persons: Vec<Known<'_>> = Vec::new();
    for name in named.iter().filter(|name| name.kind == EntityKind::Person && name.first == name.last) {
        let full = scene.slice(name.start, name.end);
        if surname_length(full).is_some() && full.chars().nth(1).is_some() {
            persons.push(Known { name: full, at: name.first, titles: titles_beside(scene, name) });
        }
    }
    if persons.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for at in 0..scene.words.len() {
        if !is_untaken(taken, at) {
            continue;
        }
        let alone = || Some((by_hanja(scene, at, &persons, language)?, at, scene.end(at)));
        let short = || {
            let (surname, last, title, end) = short_form(scene, at, readings)?;
            Some((resolve(&persons, surname, title, at)?, last, end))
        };
        if let Some((person, last, end)) = short().or_else(alone) {
            found.push(Named {
                kind: EntityKind::Person,
                first: at,
                last,
                start: scene.start(at),
                end,
                name: Some(person.to_owned()),
                nameless: false,
            });
        }
    }
    found
}

/// The person for whom a hanja stands alone in a headline, as the lexicon says: 尹 of 윤석열.
fn by_hanja<'t>(scene: &Scene<'_>, at: usize, persons: &[Known<'t>], language: &Language) -> Option<&'t str> {
    let word = scene.word(at);
    let hanja = word.chars().next().filter(|ch| ('\u{4E00}'..='\u{9FFF}').contains(ch))?;
    if word.len() != hanja.len_utf8() {
        return None;
    }
    let variants = language.variants().of(word);
    let person = |person: &&Known<'_>| variants.iter().any(|variant| *variant.text == *person.name);
    persons.iter().find(person).map(|person| person.name)
}

/// The titles beside a full name.
fn titles_beside<'t>(scene: &Scene<'t>, name: &Named) -> Vec<&'t str> {
    let mut titles = Vec::new();
    let word = scene.word(name.first);
    if let Some(rest) = word.get(name.end - name.start..).filter(|rest| rest.chars().nth(1).is_some()) {
        titles.push(rest);
    }
    if name.first > 0 && scene.gap(name.first) == Gap::Space && scene.facts(name.first - 1).is_before {
        titles.push(scene.word(name.first - 1));
    }
    for next in name.last + 1..name.last + 6 {
        if !matches!(scene.gap(next), Gap::Space | Gap::Dot) {
            break;
        }
        let stem = scene.stem(next);
        if scene.facts(next).is_title || stem.ends_with("시장") {
            titles.push(stem);
            break;
        }
        if !scene.is_bare(next) {
            break;
        }
    }
    titles
}

/// A short form that begins with word `at`: surname, last word, title, and the byte after the title.
fn short_form<'t>(
    scene: &Scene<'t>,
    at: usize,
    readings: &HanjaReadings,
) -> Option<(char, usize, &'t str, usize)> {
    let word = scene.word(at);
    let first = word.chars().next()?;
    let surname =
        if ('\u{4E00}'..='\u{9FFF}').contains(&first) { readings.reading(first, true)? } else { first };
    if super::names::surname(surname) == 0 {
        return None;
    }
    let rest = word.get(first.len_utf8()..)?;
    if !rest.is_empty() {
        // `김씨는`, `李대통령`
        let title = (1..=rest.len()).filter(|&end| rest.is_char_boundary(end)).rev().find(|&end| {
            let (Some(title), Some(tail)) = (rest.get(..end), rest.get(end..)) else { return false };
            are_particles(tail) && tables().is_title(title)
        })?;
        let title_text = rest.get(..title)?;
        // `이사장은` is a title and no 사장 of the name of 이.
        if tables().is_title(scene.stem(at)) {
            return None;
        }
        let end = scene.start(at) + first.len_utf8() + title;
        return Some((surname, at, title_text, end));
    }
    let mut last = at + 1;
    if scene.gap(last) == Gap::Space && BETWEEN.contains(&scene.word(last)) {
        last += 1;
    }
    if scene.gap(last) != Gap::Space || !scene.facts(last).is_title {
        return None;
    }
    let end = scene.stem_end(last);
    Some((surname, last, scene.slice(scene.start(last), end), end))
}

/// The full name of the person that a short form at word `at` stands for: of those with the surname one with the title, the last before it
/// or else the first after it.
fn resolve<'t>(persons: &[Known<'t>], surname: char, title: &str, at: usize) -> Option<&'t str> {
    let same_end = |other: &str| other.chars().rev().take(2).eq(title.chars().rev().take(2));
    let of_surname = || persons.iter().filter(|person| person.name.starts_with(surname));
    let fits = |person: &&Known<'_>| {
        // Whoever wrote the article is no one that it tells of.
        let reporter = !person.titles.is_empty() && person.titles.iter().all(|title| title.ends_with("기자"));
        !reporter || title.ends_with("기자")
    };
    let nearest = |titled: bool| {
        let suits = |person: &&Known<'t>| {
            fits(person) && (!titled || person.titles.iter().any(|other| same_end(other)))
        };
        let before = of_surname().filter(suits).rev().find(|person| person.at < at);
        before.or_else(|| of_surname().find(suits)).map(|person| person.name)
    };
    nearest(true).or_else(|| nearest(false))
}
