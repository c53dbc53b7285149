//! Puts articles into groups, one after the other.
//!
//! Articles come in the order of publication. Each is compared with the leaders of the groups so far, those with which
//! it shares part of its sketch, and joins the one that it resembles most; if it resembles none it leads a group of its
//! own. Hence every member resembles the first published, and a group cannot drift from story to story, as it could
//! if members joined members. The result depends on the articles alone, not on segments or threads.

use rustc_hash::FxHashMap;

use super::text::Text;

/// Hashes of the sketch that must be shared before two texts are compared.
const SHARED: u32 = 2;

/// A hash that so many leaders have is a phrase that everybody writes: it no longer proposes anything.
const COMMONPLACE: usize = 500;

/// Leaders that an article is compared with at most, those with most in common first.
const COMPARED: usize = 32;

/// Where an article was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It leads a group of its own.
    Leads,
    /// It belongs to the group of this leader.
    Joins(u32),
}

/// The leaders so far. Takes articles one by one, so it can go on where a build left off.
#[derive(Debug, Default)]
pub struct Grouping {
    leaders: FxHashMap<u32, Vec<u32>>,
    /// Scratch: how many hashes the present article shares with each leader.
    shared: FxHashMap<u32, u32>,
}

impl Grouping {
    /// Puts `article` into a group. `text` loads what articles are compared by; it is asked for `article` and for leaders
    /// only.
    ///
    /// # Errors
    /// Those of `text`.
    pub fn place<E>(
        &mut self,
        article: u32,
        sketch: &[u32],
        mut text: impl FnMut(u32) -> Result<std::rc::Rc<Text>, E>,
    ) -> Result<Place, E> {
        self.shared.clear();
        for hash in sketch {
            let leaders = self.leaders.get(hash).map_or(&[][..], Vec::as_slice);
            if leaders.len() < COMMONPLACE {
                for leader in leaders {
                    *self.shared.entry(*leader).or_default() += 1;
                }
            }
        }
        let mut candidates: Vec<(u32, u32)> =
            self.shared.iter().filter(|(_, shared)| **shared >= SHARED).map(|(leader, shared)| (*leader, *shared)).collect();
        // Most in common first, then in the order of publication.
        candidates.sort_unstable_by_key(|(leader, shared)| (std::cmp::Reverse(*shared), *leader));
        candidates.truncate(COMPARED);
        let mut best: Option<(f32, u32)> = None;
        if !candidates.is_empty() {
            let own = text(article)?;
            for (leader, _) in candidates {
                if let Some(score) = own.same(&*text(leader)?) {
                    let better = best.is_none_or(|(least, first)| score > least || score == least && leader < first);
                    if better {
                        best = Some((score, leader));
                    }
                }
            }
        }
        if let Some((_, leader)) = best {
            return Ok(Place::Joins(leader));
        }
        for hash in sketch {
            let leaders = self.leaders.entry(*hash).or_default();
            if leaders.len() < COMMONPLACE {
                leaders.push(article);
            }
        }
        Ok(Place::Leads)
    }
}
