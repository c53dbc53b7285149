//! The same dice in every run.

/// SplitMix64 (Steele et al. 2014).
pub struct Chance(pub u64);

impl Chance {
    /// A number from 0 to `end`, without it.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    /// One of several.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// None to `most` of several, each once, in their order.
    pub fn some(&mut self, of: &[&str], most: usize) -> Vec<String> {
        let mut chosen: Vec<String> = (0..self.below(most + 1)).map(|_| self.one(of).to_owned()).collect();
        chosen.sort();
        chosen.dedup();
        chosen
    }
}
