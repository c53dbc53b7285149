//! Organisations among organisations: `가람제분·노을제분·한내당 등 세 곳`.

use rustc_hash::FxHashSet;

use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// Adds to `names` what stands in a list with organisations; `is_organisation` says of a word whether a name of one ends with it, and
/// `is_free` whether no name has it.
pub(super) fn add<'t>(
    scene: &Scene<'t>,
    names: &mut FxHashSet<&'t str>,
    is_organisation: impl Fn(usize) -> bool,
    is_free: impl Fn(usize) -> bool,
) {
    let mut walk = |at: usize| {
        if !is_free(at) || !may_be_listed(scene, at) {
            return;
        }
        let is_one = |other: usize| {
            (is_organisation(other) && scene.is_bare(other)) || names.contains(scene.word(other))
        };
        let before = at > 0 && is_one(at - 1);
        let after = scene.is_bare(at) && (is_organisation(at + 1) || names.contains(scene.stem(at + 1)));
        let (left, right) = (scene.gap(at), scene.gap(at + 1));
        let by_dots = (before && left == Gap::Dot) || (after && right == Gap::Dot);
        let by_commas = before && after && left == Gap::Comma && right == Gap::Comma;
        if by_dots || by_commas {
            names.insert(scene.stem(at));
        }
    };
    // A list may begin or end with those that are known.
    (0..scene.words.len()).for_each(&mut walk);
    (0..scene.words.len()).rev().for_each(&mut walk);
}

/// Whether word `at` may be an organisation that nothing but a list tells.
fn may_be_listed(scene: &Scene<'_>, at: usize) -> bool {
    let facts = scene.facts(at);
    let stem = scene.stem(at);
    let starts_with_digit = stem.starts_with(|ch: char| ch.is_ascii_digit());
    stem.chars().nth(1).is_some()
        && !starts_with_digit
        && ((!facts.is_common && !tables().begins_with_place(stem)) || tables().ends_as_institution(stem))
        && !(facts.is_title || facts.is_before || facts.is_given || facts.looks_like_person(5))
        && facts.found.is_none()
        && !tables().is_doubtful_place(stem)
        && !tables().is_not_a_name(stem)
        && !tables().is_common_latin(stem)
        && !tables().is_loanword(stem)
        // A particle that the dictionary did not see.
        && (tables().ends_as_institution(stem) || !stem.ends_with(['과', '와', '은', '는', '을', '를']))
}
