//! The telling nouns of an article that are no names: compounds and nouns as they are written, without particles.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::entity::{Entity, EntityKind, MOST_WORDS};
use super::fixed::is_untaken;
use super::scene::Scene;

/// The most telling words of `scene`, in that order and at most as many as an article has. `taken` says which words belong to names.
pub(super) fn find(scene: &Scene<'_>, title: usize, taken: &[Option<usize>]) -> Vec<Entity> {
    let mut counted: FxHashMap<&str, (u32, bool, usize)> = FxHashMap::default();
    for (at, word) in scene.words.iter().enumerate() {
        if !word.facts.is_keyword || !is_untaken(taken, at) {
            continue;
        }
        let stem = scene.stem(at);
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
    let kept = words.into_iter().take(MOST_WORDS).map(|(_, _, stem, count, in_title)| Entity {
        kind: EntityKind::Word,
        name: stem.to_owned(),
        count,
        in_title,
    });
    kept.collect()
}
