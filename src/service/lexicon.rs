//! Loading the lexicon, and loading it anew while the server runs.
//!
//! A reload replaces at once what queries alone depend on: synonyms, newspaper hanja, outlet names of filters. Words and
//! hanja readings decide how a text is cut, and the index was cut with those that it was built with: queries keep to them
//! until a reindex. The next reindex, and [`Engine::language`], have the new ones.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError};
use crate::config::Config;
use crate::korean::lexicon::{LexiconFile, Warning};
use crate::korean::{Language, dictionary};

/// Changed lines of one file that are listed; more are only counted.
const LISTED: usize = 100;

/// What a reload of the lexicon did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LexiconReload {
    /// Every lexicon file, changed or not.
    pub files: Vec<LexiconChange>,
    /// Lines that were left out or look wrong.
    pub warnings: Vec<Warning>,
    /// Whether the index in service was built with something else than what is loaded now.
    pub reindex_due: bool,
    /// Why, if it is.
    pub reason: Option<String>,
    /// Hash of all lexicons as loaded now, hexadecimal.
    pub hash: String,
}

/// What became of one lexicon file since it was loaded before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LexiconChange {
    /// Its name.
    pub file: &'static str,
    /// Whether it says something else than before; comments do not count.
    pub changed: bool,
    /// When the change takes effect; `null` without a change.
    pub takes_effect: Option<TakesEffect>,
    /// How many lines are new.
    pub added_count: usize,
    /// The first 100 of them, without comments.
    pub added: Vec<String>,
    /// How many lines are gone.
    pub removed_count: usize,
    /// The first 100 of them, without comments.
    pub removed: Vec<String>,
}

/// When a change of a lexicon file takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TakesEffect {
    /// With the reload.
    Now,
    /// With the next reindex.
    Reindex,
    /// In queries with the reload, in articles with the next reindex.
    NowAndReindex,
}

impl LexiconChange {
    fn between(before: &LexiconFile, after: &LexiconFile) -> Self {
        let changed = before.lines != after.lines;
        let takes_effect = match (after.for_queries, before.index_hash != after.index_hash) {
            _ if !changed => None,
            (true, true) => Some(TakesEffect::NowAndReindex),
            (_, false) => Some(TakesEffect::Now),
            (false, true) => Some(TakesEffect::Reindex),
        };
        let (added_count, added) = only_in(&after.lines, &before.lines);
        let (removed_count, removed) = only_in(&before.lines, &after.lines);
        Self { file: after.name, changed, takes_effect, added_count, added, removed_count, removed }
    }
}

/// The lines that `these` has and `those` has not, or has less often: how many, and the first of them.
fn only_in(these: &[String], those: &[String]) -> (usize, Vec<String>) {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for line in those {
        *left.entry(line).or_default() += 1;
    }
    let mut only = Vec::new();
    for line in these {
        match left.get_mut(line.as_str()).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => only.push(line.clone()),
        }
    }
    let count = only.len();
    only.truncate(LISTED);
    (count, only)
}

impl Engine {
    /// Loads the lexicon anew and lets queries use it at once. Blocks for as long as loading takes, and for other reloads.
    ///
    /// # Errors
    /// [`EngineError::Lexicon`] with the name of a file that cannot be read; everything stays as it was. Bad lines are no
    /// error: they are in the answer's warnings, and the rest is taken.
    pub fn reload_lexicon(&self) -> Result<LexiconReload, EngineError> {
        let _turn = self.change();
        let before = self.language.load_full();
        let dictionary = || Ok(dictionary::load(&dictionary::unpack(&self.config.index_dir)?)?);
        let (after, warnings) =
            before.reload::<EngineError>(dictionary, self.config.lexicon_dir().as_deref())?;
        log(&warnings);
        let files = before.files().iter().zip(after.files());
        let files = files.map(|(before, after)| LexiconChange::between(before, after)).collect();
        let hash = after.hash().to_owned();
        let serving =
            self.serving().map(|serving| serving.with_language(serving.language.with_lexicon_of(&after)));
        let reason = match &serving {
            Some(serving) => serving.out_of_date(),
            None => Some("there is no index yet"),
        };
        self.language.store(Arc::new(after));
        if let Some(serving) = serving {
            self.put_into_service(serving);
        }
        let reason = reason.map(str::to_owned);
        tracing::info!(hash, reindex_due = reason, "lexicon reloaded");
        Ok(LexiconReload { files, warnings, reindex_due: reason.is_some(), reason, hash })
    }
}

/// The doubtful lines of the configured lexicon.
///
/// # Errors
/// [`EngineError`] if a lexicon file or the dictionary cannot be read.
pub fn check_lexicon(config: &Config) -> Result<Vec<Warning>, EngineError> {
    load(config, config.lexicon_dir().as_deref()).map(|(_, warnings)| warnings)
}

/// Dictionary and the lexicon in `folder`, the built-in one where there is none; and the lexicon's doubtful lines.
pub(super) fn load(config: &Config, folder: Option<&Path>) -> Result<(Language, Vec<Warning>), EngineError> {
    let unpacked = dictionary::unpack(&config.index_dir)?;
    Ok(Language::load(dictionary::load(&unpacked)?, folder)?)
}

/// Writes the doubtful lines to the log.
pub(super) fn log(warnings: &[Warning]) {
    for warning in warnings {
        tracing::warn!(file = warning.file, line = warning.line, "lexicon: {}", warning.message);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn file(lines: &[&str], index_hash: &str) -> LexiconFile {
        LexiconFile {
            name: "hanja.txt",
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            for_queries: true,
            index_hash: index_hash.to_owned(),
        }
    }

    #[test]
    fn changes_are_lines_and_comments_are_none() {
        let change = |before: &LexiconFile, after: &LexiconFile| LexiconChange::between(before, after);
        let before = file(&["가", "나", "나"], "1");
        assert_eq!(change(&before, &before).takes_effect, None);
        let less = change(&before, &file(&["나", "다"], "1"));
        assert_eq!(
            (less.added, less.removed),
            (vec!["다".to_owned()], vec!["가".to_owned(), "나".to_owned()])
        );
        assert_eq!(less.takes_effect, Some(TakesEffect::Now));
        assert_eq!(change(&before, &file(&["가"], "2")).takes_effect, Some(TakesEffect::NowAndReindex));
        let moved = change(&before, &file(&["나", "가", "나"], "1"));
        assert!(moved.changed && moved.added.is_empty() && moved.removed.is_empty());
    }

    #[test]
    fn many_changes_are_counted_and_the_first_listed() {
        let many: Vec<String> = (0..250).map(|number| number.to_string()).collect();
        let (count, listed) = only_in(&many, &[]);
        assert_eq!((count, listed.len(), listed.last().unwrap().as_str()), (250, LISTED, "99"));
    }
}
