//! How close the morphemes of a query come in an article, and how much of its title they are.
//!
//! Pairs of neighbouring morphemes that are together in an article, or within a few words, say more than both somewhere (Rasolofo & Savoy
//! 2003).

use crate::korean::analysis::TITLE_GAP;

/// Kept characters between two morphemes that are near each other: a few words. The weights were learned with it.
const NEAR: u32 = 16;

/// How close two neighbouring words of the query come in an article, of all such pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nearness {
    /// Weight of the pairs that are next to each other.
    pub adjacent: f32,
    /// Weight of the pairs that are within a few words, those next to each other too.
    pub near: f32,
    /// Weight of all pairs.
    pub pairs: f32,
}

/// A morpheme of the query in an article.
#[derive(Debug, Clone, Copy)]
pub struct MorphemePlaces<'a> {
    /// Its inverse document frequency.
    pub idf: f32,
    /// Kept characters that it covers.
    pub length: u32,
    /// Where it begins, ascending.
    pub places: &'a [u32],
    /// Where the word begins that it is a part of, or what says the same.
    pub of_word: &'a [u32],
}

impl Nearness {
    /// Of the morphemes of a query, in order.
    pub fn of(morphemes: &[MorphemePlaces<'_>]) -> Self {
        let mut nearness = Self::default();
        for pair in morphemes.windows(2) {
            let [first, second] = pair else { continue };
            let worth = first.idf.min(second.idf);
            nearness.pairs += worth;
            match distance(first.places, second.places, first.length, second.length) {
                Some(gap) if gap <= 1 => {
                    nearness.adjacent += worth;
                    nearness.near += worth;
                }
                Some(gap) if gap <= NEAR => nearness.near += worth,
                _ => {}
            }
        }
        nearness
    }
}

/// The share of a title that is morphemes of the query, where they stand themselves or what says the same as their word does.
/// `body_start` is the position of the body's first character.
pub fn focus(morphemes: &[MorphemePlaces<'_>], body_start: u32) -> f32 {
    let begins = |places: &[u32]| places.iter().any(|place| *place < body_start);
    let in_title = morphemes.iter().filter(|part| begins(part.places) || begins(part.of_word));
    let asked: u32 = in_title.map(|part| part.length).sum();
    let length = body_start.saturating_sub(TITLE_GAP).max(1);
    (asked as f32 / length as f32).min(1.0)
}

/// Kept characters between the closest occurrences of two words, in either order; `None` where one is missing. Lists are
/// ascending.
fn distance(firsts: &[u32], seconds: &[u32], first_length: u32, second_length: u32) -> Option<u32> {
    let mut best: Option<u32> = None;
    let mut others = seconds.iter().copied().peekable();
    let mut before: Option<u32> = None;
    for &at in firsts {
        while let Some(passed) = others.next_if(|&other| other < at) {
            before = Some(passed);
        }
        let after = others.peek().map(|&other| other.saturating_sub(at + first_length));
        let ahead = before.map(|other| at.saturating_sub(other + second_length));
        best = [best, after, ahead].into_iter().flatten().min();
    }
    best
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances_between_closest_occurrences() {
        assert_eq!(distance(&[0], &[2], 2, 2), Some(0));
        assert_eq!(distance(&[0, 50], &[47, 90], 2, 3), Some(0));
        assert_eq!(distance(&[10], &[0], 2, 2), Some(8));
        assert_eq!(distance(&[], &[3], 2, 2), None);
    }
}
