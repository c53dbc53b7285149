//! The second look at the best articles: query words near each other.
//!
//! Pairs of neighbouring query morphemes that are together in an article, or within a few words, say more than both
//! somewhere (Rasolofo & Savoy 2003; measured here: +1 to +2 points of MRR@10). That needs positions, which are too slow
//! to read for every match, so only the best by the base score are looked at.

use tantivy::postings::Postings;
use tantivy::{DocId, DocSet};

use super::error::ReadError;
use super::score::Scorer;
use super::segment::Segment;
use crate::query::archive::Deadline;
use crate::query::plan::Plan;
use crate::query::shape::{Lane, Probe};

/// A morpheme of the query in its place.
struct Word {
    probe: Probe,
    idf: f32,
    /// Kept characters that it covers.
    length: u32,
}

/// What nearness adds to the scores of `docs`, ascending documents of one segment, in the same order.
pub(super) fn bonuses(
    plan: &Plan,
    scorer: &Scorer<'_>,
    segment: &Segment,
    docs: &[DocId],
    deadline: Deadline,
) -> Result<Vec<f32>, ReadError> {
    let mut bonuses = vec![0.0; docs.len()];
    let words: Vec<Word> = plan
        .ranking()
        .flat_map(|clause| &clause.morphemes)
        .map(|(term, _)| Word {
            idf: scorer.idf_of(term),
            length: term.chars().count() as u32,
            probe: Probe { lane: Lane::Morph, term: term.clone() },
        })
        .filter(|word| word.idf > 0.0)
        .collect();
    if words.len() < 2 {
        return Ok(bonuses);
    }
    // Positions of each word in each document, one list after another.
    let mut places: Vec<Vec<Vec<u32>>> = Vec::with_capacity(words.len());
    for word in &words {
        deadline.check()?;
        let mut of_word = vec![Vec::new(); docs.len()];
        if let Some(mut postings) = segment.postings(&word.probe, true)? {
            for (doc, positions) in docs.iter().zip(&mut of_word) {
                if postings.doc() < *doc {
                    postings.seek(*doc);
                }
                if postings.doc() == *doc {
                    postings.append_positions_with_offset(0, positions);
                }
            }
        }
        places.push(of_word);
    }
    let options = scorer.options();
    for (pair, lists) in words.windows(2).zip(places.windows(2)) {
        let ([first, second], [firsts, seconds]) = (pair, lists) else { continue };
        let worth = first.idf.min(second.idf);
        for ((bonus, a), b) in bonuses.iter_mut().zip(firsts).zip(seconds) {
            match distance(a, b, first.length, second.length) {
                Some(gap) if gap <= 1 => *bonus += worth * (options.adjacent + options.near),
                Some(gap) if gap <= options.window => *bonus += worth * options.near,
                _ => {}
            }
        }
    }
    Ok(bonuses)
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
