//! `[ranking]`: the options themselves are those of search; here they are checked.

use std::ops::RangeInclusive;

use super::error::{ConfigError, in_range};
use crate::search::{PAGE_WINDOW, RankingOptions};

const WEIGHT: RangeInclusive<f32> = 0.0..=100.0;
const SHARE: RangeInclusive<f32> = 0.0..=1.0;
const HALF_LIFE_DAYS: RangeInclusive<f64> = 0.01..=1_000_000.0;
/// In letters and digits.
const WINDOW: RangeInclusive<u32> = 0..=10_000;
/// No more than can be paged through.
const DEPTH: RangeInclusive<usize> = 0..=PAGE_WINDOW;

/// Checks every option. A weight that is not a number (NaN) would leave hits without an order.
///
/// # Errors
/// [`ConfigError::Invalid`] names the key.
pub(super) fn check(ranking: &RankingOptions) -> Result<(), ConfigError> {
    in_range("ranking.k1", ranking.k1, &WEIGHT)?;
    in_range("ranking.b", ranking.b, &SHARE)?;
    in_range("ranking.bigrams", ranking.bigrams, &WEIGHT)?;
    in_range("ranking.runs", ranking.runs, &WEIGHT)?;
    in_range("ranking.variants", ranking.variants, &WEIGHT)?;
    in_range("ranking.title", ranking.title, &WEIGHT)?;
    in_range("ranking.adjacent", ranking.adjacent, &WEIGHT)?;
    in_range("ranking.near", ranking.near, &WEIGHT)?;
    in_range("ranking.window", ranking.window, &WINDOW)?;
    in_range("ranking.literal", ranking.literal, &WEIGHT)?;
    in_range("ranking.depth", ranking.depth, &DEPTH)?;
    in_range("ranking.recency_weight", ranking.recency_weight, &SHARE)?;
    in_range("ranking.recency_half_life_days", ranking.recency_half_life_days, &HALF_LIFE_DAYS)?;
    Ok(())
}
