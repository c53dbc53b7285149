//! When two articles count as the same text.
//!
//! The same is a story's text that is printed again: as it was, lightly edited, with another heading or caption in front,
//! cut, or carried on. Not the same is one that was written anew, however alike the news, and one of the same pattern with
//! other facts. Of most pairs [`Evidence`] says how likely readers call them the same; captions, texts of a sentence or two,
//! excerpts cut at different places and reports of one pattern have rules of their own. How a pair is judged by reading, and what
//! each figure here was chosen on, is in `benches/similar/README.md`.
//!
//! Rules decide what must not be a matter of degree: more than two numbers in place of others (a market report of another day), words of
//! one title in place of the other's (a list by another measure), titles that have nothing to do with each other (a collection is not
//! the story that it holds). What recurs over days in other articles (a quiz, a table) must be all but identical. Precision and recall:
//! docs/MEASURED.md.

use super::alignment::Stretch;
use super::evidence::Evidence;
use super::pair::Pair;
use super::text::Text;

/// How likely readers must call two texts the same for the one to lead to the other's group. Far higher than even: a text
/// folded away wrongly costs a reader more than one that is shown twice.
pub(crate) const SAME: f32 = 0.7;

/// What articles of one pattern must reach in coverage and half of the Jaccard similarity: some 85 % on both sides, or
/// all of the shorter.
const PATTERN: f32 = 1.2;

/// Texts of which none has more kept characters are short: in one or two sentences, what differs may be the news.
const SHORT: usize = 137;

/// What of short texts must agree: of what both have, an end after which one goes on left out.
const SHORT_COVERED: f32 = 0.85;

/// Kept characters that short texts must have in common.
const SHORT_PASSAGE: usize = 36;

/// What captions must have in common: all but a character or two.
const IDENTICAL: f32 = 0.97;

/// Numbers that may be in place of others: three dead, then four. More are another day, match or market.
const CORRECTED: usize = 2;

/// So many pairs of characters of the own title that are in place of others make another story (of another town, product,
/// match) of texts that are otherwise alike, and of any.
const RENAMED: (usize, usize) = (2, 5);

/// Kept characters of a heading or a caption in front of a text, at most.
const HEADING: usize = 60;

/// Of two excerpts that are cut at different places, the share of the longer that must be at the end of one and at the
/// beginning of the other, without a difference.
const OVERLAP: f32 = 0.45;

/// Shingles of that, at least.
const OVERLAP_SHORTEST: usize = 30;

/// What is said of two texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verdict {
    /// A rule says that they are the same, or that they are not.
    Certain(bool),
    /// Their measures are weighed.
    Weighed(Evidence),
}

/// How likely readers call two articles, each a title and a body, the same text, from 0 to 1. `pattern` says that what they
/// have in common recurs in other articles over days: then they must be nearly identical.
pub(crate) fn likelihood(one: &Text, other: &Text, pattern: bool) -> f32 {
    match verdict(one, other, pattern) {
        Verdict::Certain(same) => f32::from(u8::from(same)),
        Verdict::Weighed(evidence) => evidence.likelihood(),
    }
}

/// See [`likelihood`].
pub(crate) fn verdict(one: &Text, other: &Text, pattern: bool) -> Verdict {
    let Some(pair) = Pair::of(one, other) else { return Verdict::Certain(false) };
    if one.picture || other.picture {
        let all_but_a_word = pair.jaccard >= 0.9 && pair.covered >= 0.99;
        Verdict::Certain(pair.jaccard >= IDENTICAL || all_but_a_word)
    } else if pattern {
        Verdict::Certain(pair.covered + pair.jaccard / 2.0 >= PATTERN && pair.is_one_story())
    } else if pair.titles_agree() && overlap(one, other) {
        Verdict::Certain(true)
    } else if pair.longer.length <= SHORT {
        Verdict::Certain(pair.jaccard >= 0.9 || pair.is_one_short_text())
    } else if pair.is_one_story() {
        Verdict::Weighed(Evidence::of(&pair))
    } else {
        Verdict::Certain(false)
    }
}

impl Pair<'_> {
    /// Whether nothing says that texts with much in common are about different things.
    fn is_one_story(&self) -> bool {
        let otherwise_alike = self.common as f32 >= 0.85 * self.longer.length as f32;
        let renamed = self.title_words_replaced();
        self.titles_agree()
            && self.title_numbers_agree()
            && self.contradictions() <= CORRECTED
            && renamed < if otherwise_alike { RENAMED.0 } else { RENAMED.1 }
    }

    /// Whether two short texts are the same one after other headings, or cut at other places.
    fn is_one_short_text(&self) -> bool {
        let end = |stretch: Option<&Stretch>| {
            stretch.map_or(0, |stretch| stretch.lengths().0.min(stretch.lengths().1))
        };
        let between = self.between().iter().map(|stretch| stretch.lengths().0).sum::<usize>();
        let both = self.common + between + end(self.stretches.first()) + end(self.stretches.last());
        self.common >= SHORT_PASSAGE
            && self.common as f32 >= both as f32 * SHORT_COVERED
            && self.title_share() >= 0.4
            && self.contradictions() == 0
            && self.title_words_replaced() == 0
    }

    /// Whether the titles have anything to do with each other, or each with the other's text. A collection of several
    /// stories holds each of them whole, but its title is of the first. No such sign need bodies that are largely the same,
    /// and a text with which the longer one begins.
    fn titles_agree(&self) -> bool {
        let begins = self.stretches.first().is_some_and(|before| before.lengths().1 <= HEADING);
        self.common as f32 >= 0.6 * self.longer.length as f32
            || begins && self.covered >= 0.85
            || self.title_share() >= 0.05
            || self.titles_told() > 0.3
    }
}

/// Whether one ends with what the other begins with: the same text after another heading, cut at another place. At
/// least [`OVERLAP`] of the longer and a sentence. A text that is whole in the other is not meant: the other may be a
/// collection.
fn overlap(one: &Text, other: &Text) -> bool {
    let ends_in = |one: &Text, other: &Text| {
        let Some(first) = other.shingles.first() else { return false };
        one.shingles.iter().enumerate().filter(|(_, shingle)| *shingle == first).any(|(start, _)| {
            let tail = one.shingles.get(start..).unwrap_or(&[]);
            tail.len() >= OVERLAP_SHORTEST
                && tail.len() as f32 >= one.shingles.len().max(other.shingles.len()) as f32 * OVERLAP
                && tail.len() < other.shingles.len()
                && other.shingles.starts_with(tail)
        })
    };
    ends_in(one, other) || ends_in(other, one)
}

#[cfg(test)]
mod tests;
