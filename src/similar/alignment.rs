//! Which passages of one text occur in another, in the same order, and what is between them.
//!
//! Shingles that occur once in each text anchor it; the longest chain of anchors that ascend in both is kept (patience
//! diff), and each grows as far as the texts agree.

use super::fingerprint::SHINGLE;

/// A passage that is in both texts, in kept characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// Where it begins in the one.
    pub one: usize,
    /// Where it begins in the other.
    pub other: usize,
    /// How long it is.
    pub length: usize,
}

/// A stretch between two passages, or before the first, or after the last: kept characters in the one and in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins in the one, and where it ends, exclusive.
    pub one: (usize, usize),
    /// The same in the other.
    pub other: (usize, usize),
}

impl Stretch {
    /// How many kept characters it has in the one and in the other.
    pub fn lengths(&self) -> (usize, usize) {
        (self.one.1.saturating_sub(self.one.0), self.other.1.saturating_sub(self.other.0))
    }
}

/// The shingles of a text by hash, for [`passages`]: hash and place, ascending.
pub fn by_hash(shingles: &[u32]) -> Vec<(u32, u32)> {
    let mut order: Vec<(u32, u32)> = shingles.iter().copied().zip(0..).collect();
    order.sort_unstable();
    order
}

/// The passages that are in both texts in the same order, each at least a shingle long; they neither overlap nor touch
/// in both. A text is given by its shingles in its order, and [`by_hash`].
pub fn passages(one: (&[u32], &[(u32, u32)]), other: (&[u32], &[(u32, u32)])) -> Vec<Passage> {
    let chain = ascending(anchors(one.1, other.1));
    let mut found: Vec<Passage> = Vec::new();
    // Behind the last shingle of the last passage.
    let (mut one_end, mut other_end) = (0, 0);
    for (first, second) in chain {
        let (first, second) = (first as usize, second as usize);
        if first < one_end || second < other_end {
            continue;
        }
        let back = back(one.0.get(one_end..first), other.0.get(other_end..second));
        let (from, to) = (first - back, second - back);
        let length = agree(one.0.get(from..), other.0.get(to..));
        (one_end, other_end) = (from + length, to + length);
        // Two passages of which the characters overlap, though not the shingles: the second begins after it.
        let covered = |last: &Passage| {
            (last.one + last.length).saturating_sub(from).max((last.other + last.length).saturating_sub(to))
        };
        let overlap = found.last().map_or(0, covered);
        let length = length + SHINGLE - 1;
        if overlap < length {
            found.push(Passage { one: from + overlap, other: to + overlap, length: length - overlap });
        }
    }
    found
}

/// How many of the last shingles agree.
fn back(one: Option<&[u32]>, other: Option<&[u32]>) -> usize {
    let pairs = one.unwrap_or_default().iter().rev().zip(other.unwrap_or_default().iter().rev());
    pairs.take_while(|(one, other)| one == other).count()
}

/// How many of the first shingles agree.
fn agree(one: Option<&[u32]>, other: Option<&[u32]>) -> usize {
    let pairs = one.unwrap_or_default().iter().zip(other.unwrap_or_default());
    pairs.take_while(|(one, other)| one == other).count()
}

/// Places of the shingles that occur once in each, ascending in the one.
fn anchors(one: &[(u32, u32)], other: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let once = |list: &[(u32, u32)], at: usize| {
        let hash = |at: Option<usize>| at.and_then(|at| list.get(at)).map(|(hash, _)| *hash);
        let own = hash(Some(at));
        own != hash(at.checked_sub(1)) && own != hash(Some(at + 1))
    };
    let (mut first, mut second) = (0, 0);
    let mut found = Vec::new();
    while let (Some((one_hash, one_at)), Some((other_hash, other_at))) = (one.get(first), other.get(second)) {
        match one_hash.cmp(other_hash) {
            std::cmp::Ordering::Less => first += 1,
            std::cmp::Ordering::Greater => second += 1,
            std::cmp::Ordering::Equal => {
                if once(one, first) && once(other, second) {
                    found.push((*one_at, *other_at));
                }
                first += 1;
                second += 1;
            }
        }
    }
    found.sort_unstable();
    found
}

/// The longest part of `anchors` that ascends in the second place too (Fredman 1975).
fn ascending(anchors: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    // By length of a chain: the anchor that ends the best one so long. Of each anchor: the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(anchors.len());
    let second = |at: &usize| anchors.get(*at).map_or(0, |(_, second)| *second);
    for (number, anchor) in anchors.iter().enumerate() {
        let length = ends.partition_point(|end| second(end) < anchor.1);
        before.push(length.checked_sub(1).and_then(|last| ends.get(last)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
    }
    let mut chain = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(number) = at {
        chain.extend(anchors.get(number));
        at = before.get(number).copied().flatten();
    }
    chain.reverse();
    chain
}

/// What is around `passages`, for texts of so many kept characters: one stretch more than there are passages, the first
/// before them and the last after them.
pub fn stretches(passages: &[Passage], lengths: (usize, usize)) -> Vec<Stretch> {
    let mut found = Vec::with_capacity(passages.len() + 1);
    let (mut one, mut other) = (0, 0);
    for passage in passages {
        found.push(Stretch { one: (one, passage.one), other: (other, passage.other) });
        (one, other) = (passage.one + passage.length, passage.other + passage.length);
    }
    found.push(Stretch { one: (one, lengths.0), other: (other, lengths.1) });
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::Text;
    use super::*;

    const FIRST: &str = "한빛시가 강변에 자전거 도로를 새로 놓는다.";
    const SECOND: &str = "공사는 9월에 시작해 이듬해 봄에 끝난다.";
    const THIRD: &str = "상인들은 손님이 줄까 걱정하고 있다.";

    fn aligned(one: &str, other: &str) -> Vec<Passage> {
        let (one, other) = (Text::of("", one), Text::of("", other));
        passages((&one.shingles, &one.by_hash), (&other.shingles, &other.by_hash))
    }

    /// The passages as they read in the one text and in the other.
    fn read(one: &str, other: &str) -> Vec<(String, String)> {
        let part = |text: &str, from: usize, length: usize| {
            crate::korean::fold::fold(text).chars().skip(from).take(length).collect::<String>()
        };
        let texts = |at: &Passage| (part(one, at.one, at.length), part(other, at.other, at.length));
        aligned(one, other).iter().map(texts).collect()
    }

    #[test]
    fn a_text_is_one_passage_of_itself() {
        let text = [FIRST, SECOND, THIRD].join(" ");
        let length = crate::korean::fold::kept_len(&text);
        assert_eq!(aligned(&text, &text), [Passage { one: 0, other: 0, length }]);
        assert!(aligned(&text, "").is_empty());
        assert!(aligned(FIRST, THIRD).is_empty());
    }

    #[test]
    fn passages_end_where_a_word_is_replaced() {
        let found = read(SECOND, &SECOND.replace("이듬해 봄", "내년 4월"));
        let expected = ["공사는9월에시작해", "에끝난다"];
        // What is left after the replaced words is shorter than a shingle.
        assert_eq!(found, [(expected[0].to_owned(), expected[0].to_owned())]);
        let longer = format!("{SECOND} {THIRD}");
        let found = read(&longer, &longer.replace("이듬해 봄", "내년 4월"));
        assert_eq!(found.len(), 2);
        assert!(found[1].0.starts_with(expected[1]) && found[1].0 == found[1].1, "{found:?}");
    }

    #[test]
    fn of_passages_that_changed_places_the_longer_chain_is_kept() {
        let (one, other) = ([FIRST, SECOND, THIRD].join(" "), [SECOND, THIRD, FIRST].join(" "));
        let found = read(&one, &other);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, crate::korean::fold::fold(&format!("{SECOND}{THIRD}")));
    }

    #[test]
    fn stretches_are_what_passages_leave() {
        let passages = [Passage { one: 2, other: 0, length: 5 }, Passage { one: 7, other: 9, length: 6 }];
        let stretch = |one, other| Stretch { one, other };
        assert_eq!(
            stretches(&passages, (13, 20)),
            [stretch((0, 2), (0, 0)), stretch((7, 7), (5, 9)), stretch((13, 13), (15, 20))]
        );
        assert_eq!(stretches(&[], (3, 4)), [stretch((0, 3), (0, 4))]);
    }

    proptest! {
        #[test]
        fn passages_agree_ascend_and_do_not_overlap(one in "[가나다라 ]{0,80}", other in "[가나다라 ]{0,80}") {
            let found = aligned(&one, &other);
            for (one, other) in read(&one, &other) {
                prop_assert!(one.chars().count() >= 1);
                prop_assert_eq!(one, other);
            }
            for pair in found.windows(2) {
                let (first, second) = (pair.first().unwrap(), pair.last().unwrap());
                prop_assert!(first.one + first.length <= second.one && first.other + first.length <= second.other);
            }
        }
    }
}
