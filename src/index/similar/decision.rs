//! When two articles count as the same text.
//!
//! The same is a story's text that is printed again: as it was, lightly edited, with another heading or caption in front,
//! cut, or carried on. Not the same is one that was written anew, however alike the news, and one of the same pattern with
//! other facts. What a pair is judged by reading stands in `benches/similar/README.md`; all figures here were chosen on
//! the pairs that are called `chosen-on`, `fresh-1` and `fresh-2` there, and measured on others.

use super::alignment::{Stretch, passages, stretches};
use super::text::Text;

/// The share of the shorter body's characters that must stand in the longer one, in passages in the same order. Three
/// quarters, but for the characters that small edits and the ends of cut words take.
pub const COVERED: f32 = 0.68;

/// The share of the shorter body's shingles that must stand in the longer one in whatever order: passages are moved.
const MOVED: f32 = 0.8;

/// The same as [`COVERED`] for the members of a group and its leader, where a third article connects them.
const NEAR: f32 = 0.5;

/// What articles of one pattern must reach in coverage and half of the Jaccard similarity: some 85 % on both sides, or
/// all of the shorter.
const PATTERN: f32 = 1.2;

/// Texts of which none has more kept characters are short: in one or two sentences, what differs may be the news.
const SHORT: usize = 137;

/// What of short texts must agree: of what both have, an end that one goes on behind left out.
const SHORT_COVERED: f32 = 0.85;

/// Kept characters that short texts must have in common.
const SHORT_PASSAGE: usize = 36;

/// What captions must have in common: all but a character or two.
const IDENTICAL: f32 = 0.97;

/// Numbers that may stand in place of others: three dead, then four. More are another day, match or market.
const CORRECTED: usize = 2;

/// So many pairs of characters of the own title that stand in place of others make another story (of another town, product,
/// match) of texts that are otherwise alike, and of any.
const RENAMED: (usize, usize) = (2, 5);

/// Kept characters of a heading or a caption in front of a text, at most.
const HEADING: usize = 60;

/// Stretches up to so many characters replace one another word by word; longer ones are other sentences.
const REPLACED: usize = 40;

/// Of two excerpts that are cut at different places, the share of the longer that must stand at the end of one and at the
/// beginning of the other, without a difference.
const OVERLAP: f32 = 0.45;

/// Shingles of that, at least.
const OVERLAP_SHORTEST: usize = 30;

/// How far two texts must resemble each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Demand {
    /// To be called the same.
    Same,
    /// Although what they have in common recurs in other articles.
    Pattern,
    /// To be in one group by way of a third.
    Near,
}

/// How much two articles, each a title and a body, are the same text: the higher the more; `None` where they are not.
/// `pattern` says that what they have in common recurs in other articles over days: then they must be nearly identical.
pub(crate) fn same(one: &Text, other: &Text, pattern: bool) -> Option<f32> {
    score(one, other, if pattern { Demand::Pattern } else { Demand::Same })
}

/// Whether the two may be versions of the same text by way of a third one that is the same as both.
pub(crate) fn near(one: &Text, other: &Text, pattern: bool) -> bool {
    score(one, other, if pattern { Demand::Pattern } else { Demand::Near }).is_some()
}

fn score(one: &Text, other: &Text, demand: Demand) -> Option<f32> {
    // Of two as long as each other, which is which must not depend on who asks.
    let (shorter, longer) = if (one.length, &one.shingles) <= (other.length, &other.shingles) {
        (one, other)
    } else {
        (other, one)
    };
    let shared = shared(shorter, longer);
    if shared * 5 < shorter.different * 2 {
        return None;
    }
    let pair = Pair::new(shorter, longer, shared);
    let score = pair.covered + pair.jaccard / 2.0;
    let same = if shorter.picture || longer.picture {
        pair.jaccard >= IDENTICAL || pair.jaccard >= 0.9 && pair.covered >= 0.99
    } else if demand == Demand::Pattern {
        score >= PATTERN && pair.is_one_story()
    } else if pair.titles_agree() && overlap(shorter, longer) {
        true
    } else if longer.length <= SHORT {
        pair.jaccard >= 0.9 || pair.is_one_short_text()
    } else {
        let least = if demand == Demand::Near { NEAR } else { COVERED };
        let moved = shared as f32 >= MOVED * shorter.different as f32;
        (pair.covered >= least || moved) && pair.is_one_story()
    };
    same.then_some(score)
}

/// Two texts side by side.
struct Pair<'a> {
    shorter: &'a Text,
    longer: &'a Text,
    /// What is not the same: before, between and behind the passages that are.
    stretches: Vec<Stretch>,
    /// Characters in passages.
    common: usize,
    /// The share of the shorter text in passages.
    covered: f32,
    /// The share of all different shingles that both have.
    jaccard: f32,
}

impl<'a> Pair<'a> {
    fn new(shorter: &'a Text, longer: &'a Text, shared: usize) -> Self {
        let passages = passages((&shorter.shingles, &shorter.by_hash), (&longer.shingles, &longer.by_hash));
        let common = passages.iter().map(|passage| passage.length).sum::<usize>();
        let all = shorter.different + longer.different - shared;
        Self {
            shorter,
            longer,
            stretches: stretches(&passages, (shorter.length, longer.length)),
            common,
            covered: common as f32 / shorter.length.max(1) as f32,
            jaccard: shared as f32 / all.max(1) as f32,
        }
    }

    /// Whether nothing says that texts with much in common are about different things.
    fn is_one_story(&self) -> bool {
        let otherwise_alike = self.common as f32 >= 0.85 * self.longer.length as f32;
        let renamed = self.title_words_replaced();
        self.titles_agree()
            && self.title_numbers_agree()
            && self.contradictions() <= CORRECTED
            && renamed < if otherwise_alike { RENAMED.0 } else { RENAMED.1 }
    }

    /// Whether two short texts are the same one behind other headings, or cut at other places.
    fn is_one_short_text(&self) -> bool {
        let end = |stretch: Option<&Stretch>| {
            stretch.map_or(0, |stretch| length(stretch.one).min(length(stretch.other)))
        };
        let between = self.between().iter().map(|stretch| length(stretch.one)).sum::<usize>();
        let both = self.common + between + end(self.stretches.first()) + end(self.stretches.last());
        self.common >= SHORT_PASSAGE
            && self.common as f32 >= both as f32 * SHORT_COVERED
            && self.title_share() >= 0.4
            && self.contradictions() == 0
            && self.title_words_replaced() == 0
    }

    fn between(&self) -> &[Stretch] {
        self.stretches.get(1..self.stretches.len().saturating_sub(1)).unwrap_or_default()
    }

    /// The share of the shorter title's pairs of characters that the other has.
    fn title_share(&self) -> f32 {
        let (one, other) = (&self.shorter.title, &self.longer.title);
        common(one, other).count() as f32 / one.len().min(other.len()).max(1) as f32
    }

    /// Whether the titles have anything to do with each other, or each with the other's text. A collection of several
    /// stories holds each of them whole, but its title is of the first. No such sign need bodies that are largely the same,
    /// and a text with which the longer one begins.
    fn titles_agree(&self) -> bool {
        let told = |title: &Text, body: &Text| {
            let told = title.title.iter().filter(|pair| body.pairs.contains(pair)).count();
            told as f32 / title.title.len().max(1) as f32
        };
        let begins = self.stretches.first().is_some_and(|before| length(before.other) <= HEADING);
        self.common as f32 >= 0.6 * self.longer.length as f32
            || begins && self.covered >= 0.85
            || self.title_share() >= 0.05
            || told(self.shorter, self.longer).min(told(self.longer, self.shorter)) > 0.3
    }

    /// Whether of several numbers in the titles half agree: the third week is not the fourth.
    fn title_numbers_agree(&self) -> bool {
        let (one, other) = (&self.shorter.title_numbers, &self.longer.title_numbers);
        let fewer = one.len().min(other.len());
        fewer < 2 || common(one, other).count() * 2 >= fewer
    }

    /// Numbers that stand in place of others and nowhere in the other text.
    fn contradictions(&self) -> usize {
        let new = |text: &Text, at: (usize, usize), other: &Text| {
            let touched = text.numbers.iter().filter(|number| number.at.0 <= at.1 && number.at.1 >= at.0);
            touched.filter(|number| !other.numbers.iter().any(|known| known.value == number.value)).count()
        };
        let replaced = self.between().iter().filter(|stretch| is_replaced(stretch));
        replaced
            .map(|stretch| {
                new(self.shorter, stretch.one, self.longer).min(new(self.longer, stretch.other, self.shorter))
            })
            .sum()
    }

    /// Pairs of characters that stand in place of others, in both texts, and in the own title but not in the other: what
    /// differs is what the articles are about.
    fn title_words_replaced(&self) -> usize {
        let own = |text: &Text, at: (usize, usize), other: &Text| {
            let stands_in = |title: &[u16], pair: &u16| title.binary_search(pair).is_ok();
            let pairs =
                text.pairs.get(at.0.saturating_sub(1)..at.1.min(text.pairs.len())).unwrap_or_default();
            pairs.iter().filter(|pair| stands_in(&text.title, pair) && !stands_in(&other.title, pair)).count()
        };
        let replaced = self.stretches.iter().filter(|stretch| is_replaced(stretch));
        replaced
            .map(|stretch| {
                own(self.shorter, stretch.one, self.longer).min(own(self.longer, stretch.other, self.shorter))
            })
            .sum()
    }
}

fn length((from, to): (usize, usize)) -> usize {
    to.saturating_sub(from)
}

fn is_replaced(stretch: &Stretch) -> bool {
    length(stretch.one) <= REPLACED && length(stretch.other) <= REPLACED
}

/// How many different shingles both have.
fn shared(one: &Text, other: &Text) -> usize {
    let mut others = other.by_hash.iter().map(|(hash, _)| *hash).peekable();
    let different = one.by_hash.chunk_by(|one, other| one.0 == other.0).filter_map(|same| same.first());
    different
        .filter(|(hash, _)| {
            while others.next_if(|next| next < hash).is_some() {}
            others.peek() == Some(hash)
        })
        .count()
}

/// What stands in both, both ascending.
fn common<'a, T: Ord>(one: &'a [T], other: &'a [T]) -> impl Iterator<Item = &'a T> {
    let mut others = other.iter().peekable();
    one.iter().filter(move |value| {
        while others.next_if(|next| next < value).is_some() {}
        others.peek() == Some(value)
    })
}

/// Whether one ends with what the other begins with: the same text behind another heading, cut at another place. At
/// least [`OVERLAP`] of the longer and a sentence. A text that stands whole in the other is not meant: the other may be a
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
