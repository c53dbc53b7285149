//! The second look at the best articles: query words near each other, and words literally as typed.
//!
//! Pairs of neighbouring query morphemes that stand together in an article, or within a few words, say more than both
//! somewhere (Rasolofo & Savoy 2003; measured here: +1 to +2 points of MRR@10). That needs positions, which are too slow
//! to read for every match, so only the best by the base score are looked at.

use tantivy::postings::Postings;
use tantivy::{DocId, DocSet};

use super::plan::{Plan, SHORT_QUERY};
use super::score::Scorer;
use super::segment::SegmentView;
use super::shape::{Lane, Origin, Probe};
use super::{Deadline, SearchError};

/// What the second look adds to a score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bonus {
    /// For words near each other.
    pub nearness: f32,
    /// For words literally as typed.
    pub literal: f32,
}

/// A morpheme of the query in its place.
struct Word {
    probe: Probe,
    idf: f32,
    /// Kept characters that it covers.
    length: u32,
}

/// The bonuses of `docs`, ascending documents of one segment, in the same order.
pub fn bonuses(
    plan: &Plan,
    scorer: &Scorer<'_>,
    segment: &SegmentView<'_>,
    docs: &[DocId],
    deadline: &Deadline,
) -> Result<Vec<Bonus>, SearchError> {
    let mut bonuses = vec![Bonus::default(); docs.len()];
    nearness(plan, scorer, segment, docs, &mut bonuses, deadline)?;
    if plan.word_count() <= SHORT_QUERY && scorer.options().literal > 0.0 {
        literal(plan, scorer, segment, docs, &mut bonuses, deadline)?;
    }
    Ok(bonuses)
}

fn nearness(
    plan: &Plan,
    scorer: &Scorer<'_>,
    segment: &SegmentView<'_>,
    docs: &[DocId],
    bonuses: &mut [Bonus],
    deadline: &Deadline,
) -> Result<(), SearchError> {
    let words: Vec<Word> = plan
        .wanted
        .iter()
        .filter_map(|index| plan.clauses.get(*index))
        .flat_map(|clause| &clause.morphemes)
        .map(|(term, _)| Word {
            idf: scorer.idf_of(term),
            length: term.chars().count() as u32,
            probe: Probe { lane: Lane::Morph, term: term.clone() },
        })
        .filter(|word| word.idf > 0.0)
        .collect();
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
                Some(gap) if gap <= 1 => bonus.nearness += worth * (options.adjacent + options.near),
                Some(gap) if gap <= options.window => bonus.nearness += worth * options.near,
                _ => {}
            }
        }
    }
    Ok(())
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
        let behind = others.peek().map(|&other| other.saturating_sub(at + first_length));
        let ahead = before.map(|other| at.saturating_sub(other + second_length));
        best = [best, behind, ahead].into_iter().flatten().min();
    }
    best
}

fn literal(
    plan: &Plan,
    scorer: &Scorer<'_>,
    segment: &SegmentView<'_>,
    docs: &[DocId],
    bonuses: &mut [Bonus],
    deadline: &Deadline,
) -> Result<(), SearchError> {
    for clause in plan.wanted.iter().filter_map(|index| plan.clauses.get(*index)) {
        deadline.check()?;
        // Only substrings tell: where the literal form is a single term, every match has it.
        let Some(form) = clause.forms.iter().find(|f| f.origin == Origin::Literal && f.shape.slots.len() > 1) else {
            continue;
        };
        let Some(mut cursor) = segment.cursor(&form.shape, clause.field)? else { continue };
        let idf: f32 = clause.morphemes.iter().map(|(term, _)| scorer.idf_of(term)).fold(1.0, f32::max);
        for (doc, bonus) in docs.iter().zip(bonuses.iter_mut()) {
            if cursor.seek(*doc) == *doc && cursor.matches(*doc) {
                bonus.literal += idf * scorer.options().literal;
            }
        }
    }
    Ok(())
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
