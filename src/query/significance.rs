//! How much a term stands out of a part of an archive: the signed log-likelihood ratio.
//!
//! Mere frequency puts `정부` and `서울` first whatever was asked. A ratio of frequencies puts first what stands in two articles, and χ²
//! nearly does, because it supposes many of each. Dunning's G² (1993) compares the likelihood of the counts under one frequency and under
//! two: it weighs how much more often a term stands in the part against how sure that is, and needs no constant that somebody chose. Its
//! sign is ours: a term that is rarer in the part than outside of it is not telling.

/// The numbers that a term is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Articles of the part that hold the term.
    pub count: u64,
    /// Articles of the part.
    pub part: u64,
    /// Articles of the whole archive that hold it, those of the part included.
    pub everywhere: u64,
    /// Articles of the whole archive.
    pub archive: u64,
}

impl Counts {
    /// G² with a sign: how many times likelier, as twice the natural logarithm, the counts are if the part holds the term more often than
    /// the rest; negative if it holds it more rarely, 0 if nothing speaks for either.
    pub fn significance(self) -> f64 {
        let Self { count, part, everywhere, archive } = self;
        let (rest, elsewhere) = (archive.saturating_sub(part), everywhere.saturating_sub(count));
        if part == 0 || rest == 0 {
            return 0.0;
        }
        let [count, part, elsewhere, rest] = [count, part, elsewhere, rest].map(|number| number as f64);
        let share = (count + elsewhere) / (part + rest);
        let of = |observed: f64, expected: f64| {
            if observed > 0.0 { observed * (observed / expected).ln() } else { 0.0 }
        };
        let with = of(count, part * share) + of(elsewhere, rest * share);
        let without = of(part - count, part * (1.0 - share)) + of(rest - elsewhere, rest * (1.0 - share));
        let likelihood = (2.0 * (with + without)).max(0.0);
        if count / part >= share { likelihood } else { -likelihood }
    }
}

/// What a term must have to stand out: chance alone gives it to one in twenty.
pub const LEAST_SIGNIFICANCE: f64 = 3.84;

/// The fewest articles that must hold a term of a part of `part` articles: what one of many says is a detail of it.
pub fn least_count(part: u64) -> u64 {
    if part < 10 { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn significance(count: u64, part: u64, everywhere: u64, archive: u64) -> f64 {
        Counts { count, part, everywhere, archive }.significance()
    }

    #[test]
    fn what_stands_out_is_positive_and_what_is_rare_is_negative() {
        assert!(significance(30, 100, 40, 10_000) > significance(30, 100, 3_000, 10_000));
        assert_eq!(significance(30, 100, 3_000, 10_000), 0.0);
        assert!(significance(1, 100, 3_000, 10_000) < 0.0);
    }

    #[test]
    fn sureness_counts_beside_the_ratio() {
        assert!(significance(50, 100, 60, 10_000) > significance(2, 100, 2, 10_000));
    }

    /// Dunning's formula by hand: 2 × (10 ln 10 + 90 ln(90/99) + 900 ln(900/891)).
    #[test]
    fn it_is_the_formula() {
        let by_hand =
            2.0 * (10.0 * 10.0_f64.ln() + 90.0 * (90.0_f64 / 99.0).ln() + 900.0 * (900.0_f64 / 891.0).ln());
        assert!((significance(10, 100, 10, 1_000) - by_hand).abs() < 1e-9);
    }

    #[test]
    fn nothing_stands_out_of_the_whole() {
        assert_eq!(significance(10, 1_000, 10, 1_000), 0.0);
        assert_eq!(significance(0, 0, 10, 1_000), 0.0);
        assert_eq!((least_count(9), least_count(10)), (1, 2));
    }
}
