//! Two texts side by side: what they have in common, and what differs.

use super::alignment::{Passage, Stretch, passages, stretches};
use super::text::Text;

/// The share of the shorter text's shingles that must be in the longer one for the two to be compared at all.
const LEAST: f32 = 0.4;

/// Stretches up to so many characters replace one another word by word; longer ones are other sentences.
const REPLACED: usize = 40;

/// Two texts side by side.
pub(super) struct Pair<'a> {
    pub(super) shorter: &'a Text,
    pub(super) longer: &'a Text,
    /// What is not the same: before, between and after the passages that are.
    pub(super) stretches: Vec<Stretch>,
    /// What is the same, in the same order.
    pub(super) passages: Vec<Passage>,
    /// The share of the shorter text's different shingles that the longer one has.
    pub(super) contained: f32,
    /// Characters in passages.
    pub(super) common: usize,
    /// The share of the shorter text in passages.
    pub(super) covered: f32,
    /// The share of all different shingles that both have.
    pub(super) jaccard: f32,
}

impl<'a> Pair<'a> {
    /// Puts two texts side by side; `None` where too little of the shorter one is in the other to be worth a look.
    pub(super) fn of(one: &'a Text, other: &'a Text) -> Option<Self> {
        // Of two as long as each other, which is which must not depend on who asks.
        let (shorter, longer) = if (one.length, &one.shingles) <= (other.length, &other.shingles) {
            (one, other)
        } else {
            (other, one)
        };
        let shared = shared(shorter, longer);
        (shared as f32 >= LEAST * shorter.different as f32).then(|| Self::new(shorter, longer, shared))
    }

    fn new(shorter: &'a Text, longer: &'a Text, shared: usize) -> Self {
        let passages = passages((&shorter.shingles, &shorter.by_hash), (&longer.shingles, &longer.by_hash));
        let common = passages.iter().map(|passage| passage.length).sum::<usize>();
        let all = shorter.different + longer.different - shared;
        Self {
            shorter,
            longer,
            stretches: stretches(&passages, (shorter.length, longer.length)),
            passages,
            contained: shared as f32 / shorter.different.max(1) as f32,
            common,
            covered: common as f32 / shorter.length.max(1) as f32,
            jaccard: shared as f32 / all.max(1) as f32,
        }
    }

    /// The stretches between passages.
    pub(super) fn between(&self) -> &[Stretch] {
        self.stretches.get(1..self.stretches.len().saturating_sub(1)).unwrap_or_default()
    }

    /// The share of the shorter title's pairs of characters that the other has.
    pub(super) fn title_share(&self) -> f32 {
        let (one, other) = (&self.shorter.title, &self.longer.title);
        common(one, other).count() as f32 / one.len().min(other.len()).max(1) as f32
    }

    /// The share of the shorter text's different numbers that the longer one has; `None` where it has none.
    pub(super) fn number_share(&self) -> Option<f32> {
        let (one, other) = (&self.shorter.values, &self.longer.values);
        (!one.is_empty()).then(|| common(one, other).count() as f32 / one.len() as f32)
    }

    /// The share of a title's pairs of characters that are in the other's text: of both titles, the lower one.
    pub(super) fn titles_told(&self) -> f32 {
        let told = |title: &Text, body: &Text| {
            let told = title.title.iter().filter(|pair| body.pairs.contains(pair)).count();
            told as f32 / title.title.len().max(1) as f32
        };
        told(self.shorter, self.longer).min(told(self.longer, self.shorter))
    }

    /// Whether of several numbers in the titles half agree: the third week is not the fourth.
    pub(super) fn title_numbers_agree(&self) -> bool {
        let (one, other) = (&self.shorter.title_numbers, &self.longer.title_numbers);
        let fewer = one.len().min(other.len());
        fewer < 2 || common(one, other).count() * 2 >= fewer
    }

    /// Numbers that are in place of others and nowhere in the other text.
    pub(super) fn contradictions(&self) -> usize {
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

    /// Pairs of characters that are in place of others, in both texts, and in the own title but not in the other: what
    /// differs is what the articles are about.
    pub(super) fn title_words_replaced(&self) -> usize {
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

fn is_replaced(stretch: &Stretch) -> bool {
    stretch.lengths().0.max(stretch.lengths().1) <= REPLACED
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

/// What is in both, both ascending.
fn common<'a, T: Ord>(one: &'a [T], other: &'a [T]) -> impl Iterator<Item = &'a T> {
    let mut others = other.iter().peekable();
    one.iter().filter(move |value| {
        while others.next_if(|next| next < value).is_some() {}
        others.peek() == Some(value)
    })
}
