//! Members of bands whose names on stage are words as well: `블랙핑크 지수`, `멤버 가을·레이`.

use rustc_hash::FxHashSet;

use super::entity::EntityKind;
use super::fixed::{Named, owner_of};
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// The members in `scene` of whom a band, 멤버 or a person beside them tells; `taken` are the words that the names in `named` have.
pub(super) fn find(scene: &Scene<'_>, named: &[Named], taken: &[Option<usize>]) -> Vec<Named> {
    let owner = |at: usize| owner_of(named, taken, at);
    let person = |at: usize| owner(at).is_some_and(|name| name.kind == EntityKind::Person);
    let member = |at: usize| Some(usize::from(scene.facts(at).of_band)).filter(|length| *length > 0);
    let listed = |gap: Gap| matches!(gap, Gap::Dot | Gap::Comma);
    let mut members: Vec<Option<usize>> =
        (0..scene.words.len()).map(|at| member(at).filter(|_| !person(at))).collect();
    // From the left, then from the right: one of a list tells the others.
    let mut told = vec![false; members.len()];
    for at in 0..members.len() {
        let before = at.checked_sub(1);
        let introduced = before.is_some_and(|before| {
            (tables().is_band(scene.word(before)) || scene.word(before) == "멤버")
                && matches!(scene.gap(at), Gap::Space | Gap::Open)
        });
        // `김하늘, 가을 나들이`: after a comma and a person who is of no band, only in a list that goes on.
        let beside = before.is_some_and(|before| {
            let in_list = scene.gap(at) == Gap::Dot || listed(scene.gap(at + 1));
            listed(scene.gap(at)) && (told.get(before) == Some(&true) || (person(before) && in_list))
        });
        if let Some(slot) = told.get_mut(at) {
            *slot = members.get(at).is_some_and(Option::is_some) && (introduced || beside);
        }
    }
    for at in (0..members.len()).rev() {
        let after = (listed(scene.gap(at + 1)) && told.get(at + 1) == Some(&true))
            || (scene.gap(at + 1) == Gap::Dot && person(at + 1));
        let bare = members.get(at).copied().flatten() == Some(scene.word(at).len());
        if let Some(slot) = told.get_mut(at) {
            *slot |= after && bare;
        }
    }
    for (member, told) in members.iter_mut().zip(&told) {
        *member = member.filter(|_| *told);
    }
    // Whoever was told once is meant wherever the name stands.
    let names: FxHashSet<&str> = members
        .iter()
        .enumerate()
        .filter_map(|(at, length)| Some(scene.slice(scene.start(at), scene.start(at) + (*length)?)))
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let again = |at: usize| {
        member(at).filter(|&length| {
            owner(at).is_none() && names.contains(scene.slice(scene.start(at), scene.start(at) + length))
        })
    };
    let all = members.iter().enumerate().map(|(at, told)| (at, told.or_else(|| again(at))));
    all.filter_map(|(at, length)| Some(Named::in_word(EntityKind::Person, scene, at, length?))).collect()
}
