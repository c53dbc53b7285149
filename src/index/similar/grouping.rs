//! Puts articles into groups, one after the other.
//!
//! Articles come in the order of publication. Each is compared with earlier ones that share part of its sketch, and joins
//! the group of the one that it resembles most; if it resembles none it leads a group of its own. It must also be near
//! the leader, the first published: so a group cannot drift from story to story, as mere chains of similar pairs do. The
//! result depends on the articles alone, not on segments or threads.

use std::cmp::Reverse;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::fingerprint::SKETCH;
use super::text::Text;

/// Hashes of the sketch that must be shared before two texts are compared.
const SHARED: u32 = 2;

/// Of two bodies that are the same text, at least half of the shorter stands in the longer. Then of 32 hashes some 16 are
/// shared, times the shorter length by the longer; 6 leave room for chance.
const SHARED_OF_EQUAL_LENGTH: f32 = 6.0;

/// A hash that so many articles have is a phrase that everybody writes: it no longer proposes anything.
const COMMONPLACE: usize = 500;

/// Members of a group that others are compared with; a story printed a thousand times is no phrase.
const WITNESSES: u32 = 8;

/// Articles that one is compared with at most, those with most in common first.
const COMPARED: usize = 24;

/// Where an article was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It leads a group of its own.
    Leads,
    /// It belongs to the group of this leader.
    Joins(u32),
}

/// The articles so far. Takes them one by one, so it can go on where a build left off.
#[derive(Debug, Default)]
pub struct Grouping {
    /// Articles by the hashes of their sketches.
    holders: FxHashMap<u32, Vec<u32>>,
    /// Articles that others are compared with: the leader of each, and how many shingles its body has, roughly.
    known: FxHashMap<u32, (u32, f32)>,
    /// Such members of each leader's group.
    witnesses: FxHashMap<u32, u32>,
    /// Scratch: how many hashes the present article shares with each.
    shared: FxHashMap<u32, u32>,
}

impl Grouping {
    /// Puts `article` into a group. `text` loads what articles are compared by; it is asked for `article` and for earlier
    /// ones.
    ///
    /// # Errors
    /// Those of `text`.
    pub fn place<E>(
        &mut self,
        article: u32,
        sketch: &[u32],
        mut text: impl FnMut(u32) -> Result<Rc<Text>, E>,
    ) -> Result<Place, E> {
        let length = length(sketch);
        let mut best: Option<(f32, u32)> = None;
        let candidates = self.candidates(sketch, length);
        if !candidates.is_empty() {
            let own = text(article)?;
            for (candidate, leader) in candidates {
                let Some(score) = own.same(&*text(candidate)?) else { continue };
                let better = best.is_none_or(|(most, first)| score > most || score == most && leader < first);
                if better && (candidate == leader || own.near(&*text(leader)?)) {
                    best = Some((score, leader));
                }
            }
        }
        let leader = best.map_or(article, |(_, leader)| leader);
        let witnesses = self.witnesses.entry(leader).or_default();
        if *witnesses < WITNESSES {
            *witnesses += 1;
            self.known.insert(article, (leader, length));
            for hash in sketch {
                let holders = self.holders.entry(*hash).or_default();
                if holders.len() < COMMONPLACE {
                    holders.push(article);
                }
            }
        }
        Ok(if leader == article { Place::Leads } else { Place::Joins(leader) })
    }

    /// Earlier articles that may be the same text, with their leaders; most in common first, then by publication.
    fn candidates(&mut self, sketch: &[u32], length: f32) -> Vec<(u32, u32)> {
        self.shared.clear();
        for holders in sketch.iter().filter_map(|hash| self.holders.get(hash)) {
            if holders.len() < COMMONPLACE {
                for holder in holders {
                    *self.shared.entry(*holder).or_default() += 1;
                }
            }
        }
        let mut found: Vec<(Reverse<u32>, u32, u32)> = Vec::new();
        for (&holder, &shared) in self.shared.iter().filter(|(_, shared)| **shared >= SHARED) {
            let Some(&(leader, other)) = self.known.get(&holder) else { continue };
            let unequal = length.min(other) / length.max(other).max(1.0);
            if shared as f32 >= SHARED_OF_EQUAL_LENGTH * unequal {
                found.push((Reverse(shared), holder, leader));
            }
        }
        found.sort_unstable();
        found.into_iter().take(COMPARED).map(|(_, holder, leader)| (holder, leader)).collect()
    }
}

/// How many different shingles a body has, by its sketch: where the hashes of a full one end, the closer the more there
/// are.
fn length(sketch: &[u32]) -> f32 {
    match sketch.last() {
        Some(last) if sketch.len() == SKETCH => {
            (SKETCH - 1) as f32 * (u32::MAX as f32 / (*last).max(1) as f32)
        }
        _ => sketch.len() as f32,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::super::fingerprint::{shingles, sketch};
    use super::*;

    /// A body of words that no other number has.
    fn body(number: usize, words: usize) -> String {
        let syllables: Vec<char> =
            "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로".chars().collect();
        let mut state = number as u64 + 1;
        let mut text = String::new();
        for _ in 0..words * 3 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push(syllables[(state >> 33) as usize % syllables.len()]);
        }
        text
    }

    fn place(bodies: &[String]) -> Vec<u32> {
        let texts: Vec<Rc<Text>> = bodies.iter().map(|body| Rc::new(Text::of("같은 제목", body))).collect();
        let mut grouping = Grouping::default();
        let load = |number: u32| Ok::<_, Infallible>(Rc::clone(&texts[number as usize]));
        let placed = (0..bodies.len()).map(|number| {
            match grouping.place(number as u32, &sketch(shingles(&bodies[number])), load).unwrap() {
                Place::Leads => number as u32,
                Place::Joins(leader) => leader,
            }
        });
        placed.collect()
    }

    #[test]
    fn a_story_printed_a_thousand_times_stays_one_group() {
        let bodies: Vec<String> =
            (0..1000).map(|copy| format!("{}{}", body(1, 60), body(copy % 7, 3))).collect();
        assert!(place(&bodies).iter().all(|leader| *leader == 0));
    }

    #[test]
    fn groups_do_not_drift() {
        // Each replaces a sixth of the one before: neighbours are the same, the ends are not.
        let parts = |from: usize| (from..from + 6).map(|part| body(part, 20)).collect::<String>();
        let bodies: Vec<String> = (0..12).map(parts).collect();
        let leaders = place(&bodies);
        assert_eq!(leaders[1], 0);
        assert_ne!(leaders[11], 0);
        for (number, leader) in leaders.iter().enumerate() {
            let (one, other) =
                (Text::of("같은 제목", &bodies[number]), Text::of("같은 제목", &bodies[*leader as usize]));
            assert!(one.near(&other), "{number} is near its leader {leader}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn copies_find_each_other_among_others(stories in prop::collection::vec((0_usize..30, 0_usize..4), 1..80)) {
            let bodies: Vec<String> =
                stories.iter().map(|(story, ending)| format!("{}{}", body(*story, 50), body(100 + ending, 4))).collect();
            let leaders = place(&bodies);
            for (number, (story, _)) in stories.iter().enumerate() {
                let first = stories.iter().position(|(other, _)| other == story).unwrap();
                prop_assert_eq!(leaders[number] as usize, first);
            }
        }
    }
}
