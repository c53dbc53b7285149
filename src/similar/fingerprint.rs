//! A MinHash sketch of a body: the smallest hashes of its shingles.
//!
//! Two bodies that share much share many of their smallest hashes (bottom-k MinHash, Broder 1997), so articles that
//! may be the same are found without comparing all with all. MinHash rather than SimHash: the question is how much of
//! one text is in the other, also where one is much longer, and the Hamming distance of two SimHashes does not
//! say. Shingles are of characters rather than morphemes: they cost a fiftieth of an analysis, and groups do not
//! change when the dictionary or a newsroom's lexicon does.

use crate::korean::fold::{fold_char, is_kept};

/// Characters of a shingle: two Korean words, roughly. Of 3 to 8, 4 to 6 told reprints best from other articles, and
/// hardly differed.
pub const SHINGLE: usize = 5;

/// Hashes that a sketch keeps. Two bodies that have a fifth of their shingles in common share six of them on average,
/// and fewer than two once in a hundred and thirty pairs.
pub const SKETCH: usize = 32;

/// Bodies with fewer shingles have no sketch: a line that everybody writes says nothing about where it came from.
pub const SHORTEST: usize = 20;

/// The hashes of all shingles of `text`, in its order. Only kept characters count (see [`crate::korean::fold`]), so
/// line breaks, quotation marks and spacing make no difference.
pub fn shingles(text: &str) -> Vec<u32> {
    let mut hashes = Vec::with_capacity(text.len() / 3);
    let mut window = [0_u32; SHINGLE];
    let mut seen = 0;
    for ch in text.chars() {
        fold_char(ch, |folded| {
            if is_kept(folded) {
                window.rotate_left(1);
                if let Some(last) = window.last_mut() {
                    *last = u32::from(folded);
                }
                seen += 1;
                if seen >= SHINGLE {
                    hashes.push(hash(window));
                }
            }
        });
    }
    hashes
}

/// The sketch of a text by its [`shingles`]: the [`SKETCH`] smallest, ascending; none where there are fewer than
/// [`SHORTEST`].
pub fn sketch(mut shingles: Vec<u32>) -> Vec<u32> {
    if shingles.len() < SHORTEST {
        return Vec::new();
    }
    // Repeated shingles are few: twice as many as wanted hold enough different ones, except in a text that repeats
    // itself throughout.
    let enough = 2 * SKETCH;
    if shingles.len() > enough {
        shingles.select_nth_unstable(enough);
        let mut smallest: Vec<u32> = shingles.iter().take(enough).copied().collect();
        smallest.sort_unstable();
        smallest.dedup();
        if smallest.len() >= SKETCH {
            smallest.truncate(SKETCH);
            return smallest;
        }
    }
    shingles.sort_unstable();
    shingles.dedup();
    shingles.truncate(SKETCH);
    shingles
}

/// The same on every machine and in every version: sketches are stored.
fn hash(window: [u32; SHINGLE]) -> u32 {
    // Multiply and rotate as in FxHash, then the finaliser of SplitMix64, because the smallest values are chosen.
    let mixed = window
        .iter()
        .fold(0_u64, |hash, &ch| (hash.rotate_left(5) ^ u64::from(ch)).wrapping_mul(0x517c_c1b7_2722_0a95));
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed >> 32) as u32
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_kept_characters_count() {
        let plain = shingles("시의회가 자전거 도로 예산을 통과시켰다");
        assert_eq!(plain, shingles("“시의회가 자전거\n도로—예산을, 통과시켰다.”"));
        assert_eq!(plain.len(), "시의회가자전거도로예산을통과시켰다".chars().count() + 1 - SHINGLE);
        assert_ne!(plain, shingles("시의회가 자전거 도로 예산을 부결시켰다"));
    }

    #[test]
    fn hashes_are_stable() {
        // Stored in every index: another value here means ANALYZER_VERSION must change.
        assert_eq!(shingles("기사를찾는다"), [2_549_359_908, 2_191_834_294]);
    }

    #[test]
    fn short_texts_have_no_sketch() {
        assert!(sketch(shingles("짧은 기사다.")).is_empty());
        assert!(sketch(Vec::new()).is_empty());
    }

    proptest! {
        #[test]
        fn a_sketch_is_the_smallest_hashes_in_any_order(
            mut hashes in prop::collection::vec(0_u32..500, 0..400),
            by in any::<u64>(),
        ) {
            let sketched = sketch(hashes.clone());
            let mut smallest = hashes.clone();
            smallest.sort_unstable();
            smallest.dedup();
            smallest.truncate(SKETCH);
            prop_assert_eq!(&sketched, if hashes.len() < SHORTEST { &[][..] } else { &smallest[..] });
            let length = hashes.len();
            hashes.rotate_left((by as usize) % length.max(1));
            hashes.reverse();
            prop_assert_eq!(sketched, sketch(hashes));
        }
    }
}
