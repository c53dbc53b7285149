//! How many characters so many words of an article cover, at least and at most. That tells of most articles whether two positions are near
//! each other, and the text need not be read.

/// Numbers of neighbouring words whose least width is known.
const LEAST: [u32; 4] = [2, 5, 10, 20];
/// Numbers of neighbouring words whose greatest width is known.
const MOST: [u32; 4] = [3, 6, 11, 21];
/// A least width that may be more, a greatest one that nobody knows.
const UNKNOWN: u8 = u8::MAX;

/// The least and the greatest number of kept characters of so many neighbouring words, over title and body of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordWidths {
    least: [u8; LEAST.len()],
    most: [u8; MOST.len()],
}

impl WordWidths {
    /// Of the parts of an article; of each, the number of the word that each kept character is in.
    pub(super) fn of_parts<'p>(parts: impl IntoIterator<Item = &'p Vec<u32>>) -> Self {
        let starts = |part: &'p Vec<u32>| -> Vec<usize> {
            let begins = |at: &usize| *at == 0 || part.get(*at) != part.get(*at - 1);
            (0..part.len()).filter(begins).chain([part.len()]).collect()
        };
        let parts: Vec<Vec<usize>> = parts.into_iter().map(starts).collect();
        // Where a part has fewer words there is no run of so many: any two of its positions are nearer.
        let runs = |starts: &Vec<usize>, words: u32| -> Vec<usize> {
            starts.iter().zip(starts.iter().skip(words as usize)).map(|(from, to)| to - from).collect()
        };
        let whole = |starts: &Vec<usize>| starts.last().copied().unwrap_or_default();
        let byte = |width: usize| u8::try_from(width).unwrap_or(UNKNOWN);
        Self {
            least: LEAST.map(|words| {
                let least = parts.iter().flat_map(|starts| runs(starts, words)).min();
                least.map_or(UNKNOWN, byte)
            }),
            most: MOST.map(|words| {
                let of_part = |starts: &Vec<usize>| {
                    runs(starts, words).into_iter().max().unwrap_or_else(|| whole(starts))
                };
                byte(parts.iter().map(of_part).max().unwrap_or_default())
            }),
        }
    }

    /// Whether two positions of one part, so many characters `apart`, are `within` so many words; `None` where the widths do not tell.
    pub(super) fn are_near(&self, apart: u32, within: u32) -> Option<bool> {
        // Further apart than that, there are so many whole words between the two.
        if apart <= self.at_least(within) {
            return Some(true);
        }
        // All words from the one to the other are one more than the words between.
        let far = self.at_most(within.saturating_add(1)).is_some_and(|most| apart >= most);
        far.then_some(false)
    }

    /// What so many neighbouring words cover at least: they are made up of runs whose widths are known.
    fn at_least(&self, words: u32) -> u32 {
        let mut left = words;
        let mut width = 0_u32;
        for (run, least) in LEAST.iter().zip(self.least).rev() {
            width = width.saturating_add((left / run).saturating_mul(least.into()));
            left %= run;
        }
        width.saturating_add(left)
    }

    /// What so many neighbouring words cover at most; `None` where nobody knows.
    fn at_most(&self, words: u32) -> Option<u32> {
        let longest = MOST.last().copied().unwrap_or(1);
        let (full, rest) = (words / longest, words % longest);
        let known = |(run, most): (&u32, u8)| (*run >= rest && most < UNKNOWN).then_some(u32::from(most));
        let rest = if rest == 0 { Some(0) } else { MOST.iter().zip(self.most).find_map(known) };
        let of_longest = self.most.last().copied().filter(|most| *most < UNKNOWN);
        match (full, of_longest) {
            (0, _) => rest,
            (_, Some(most)) => full.checked_mul(most.into())?.checked_add(rest?),
            (_, None) => None,
        }
    }

    /// As a number, for a column.
    pub fn pack(self) -> u64 {
        let [a, b, c, d] = self.least;
        let [e, f, g, h] = self.most;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    /// Inverse of [`WordWidths::pack`].
    pub fn unpack(number: u64) -> Self {
        let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
        Self { least: [a, b, c, d], most: [e, f, g, h] }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The number of the word that each character is in, of words so long.
    fn numbers(lengths: &[usize]) -> Vec<u32> {
        (0_u32..).zip(lengths).flat_map(|(word, length)| vec![word; *length]).collect()
    }

    #[test]
    fn widths_are_those_of_the_narrowest_and_the_widest_words() {
        let widths = WordWidths::of_parts([&numbers(&[1, 2]), &numbers(&[1, 2, 3, 1, 4])]);
        assert_eq!(widths.least, [3, 11, UNKNOWN, UNKNOWN]);
        assert_eq!(widths.most, [8, 11, 11, 11]);
        assert_eq!(WordWidths::unpack(widths.pack()), widths);
        let long = WordWidths::of_parts([&numbers(&[400; 3]), &numbers(&[])]);
        assert_eq!((long.are_near(799, 2), long.are_near(1, 2)), (None, Some(true)));
    }

    proptest! {
        #[test]
        fn what_widths_tell_is_true(lengths in prop::collection::vec(1_usize..9, 1..100), within in 0_u32..70) {
            let body = numbers(&lengths);
            let widths = WordWidths::of_parts([&numbers(&[2, 3]), &body]);
            for (at, from) in body.iter().enumerate() {
                for (apart, to) in (0_u32..).zip(body.iter().skip(at)) {
                    let near = to - from <= within;
                    let told = widths.are_near(apart, within);
                    prop_assert!(told.is_none_or(|told| told == near), "{at} {apart}: {told:?}");
                }
            }
        }
    }
}
