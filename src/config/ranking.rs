//! `[ranking]`: the options themselves are those of search; here they are checked.

use std::ops::RangeInclusive;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::error::{ConfigError, in_range};
use crate::search::{PAGE_WINDOW, RankingOptions};

const WEIGHT: RangeInclusive<f32> = 0.0..=100.0;
const SHARE: RangeInclusive<f32> = 0.0..=1.0;
const HALF_LIFE_DAYS: RangeInclusive<f64> = 0.01..=1_000_000.0;
/// No more than can be paged through.
const DEPTH: RangeInclusive<usize> = 0..=PAGE_WINDOW;

/// Keys that no longer mean anything, each with what took its place. They are accepted, with a warning, until the next release.
const LAPSED: [(&str, &str); 3] = [
    ("adjacent", "words next to each other are weighed with everything else that is learned"),
    ("near", "words near each other are weighed with everything else that is learned"),
    ("window", "what counts as near is what the weights were learned with"),
];

/// Reads the options, without keys that mean nothing any more.
pub(super) fn without_lapsed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RankingOptions, D::Error> {
    let mut written = toml::Table::deserialize(deserializer)?;
    for (key, _) in LAPSED {
        written.remove(key);
    }
    written.try_into().map_err(D::Error::custom)
}

/// What is to be said of keys in the config file `text` that mean nothing any more.
pub(super) fn warnings(text: &str) -> Vec<String> {
    let written = toml::from_str::<toml::Table>(text).ok();
    let ranking = written.as_ref().and_then(|table| table.get("ranking")?.as_table());
    let lapsed = LAPSED.iter().filter(|(key, _)| ranking.is_some_and(|ranking| ranking.contains_key(*key)));
    lapsed.map(|(key, why)| format!("ranking.{key} no longer means anything: {why}; remove it")).collect()
}

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
    in_range("ranking.literal", ranking.literal, &WEIGHT)?;
    in_range("ranking.depth", ranking.depth, &DEPTH)?;
    in_range("ranking.recency_weight", ranking.recency_weight, &SHARE)?;
    in_range("ranking.recency_half_life_days", ranking.recency_half_life_days, &HALF_LIFE_DAYS)?;
    Ok(())
}
