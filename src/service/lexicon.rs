//! Loading the lexicon, and loading it again while the server runs.
//!
//! A reload replaces at once what queries alone depend on: synonyms, newspaper hanja, outlet names in filters. Words and
//! hanja readings decide how a text is analysed, and the index was built with the old ones: queries keep to those until a
//! reindex. The next reindex, and [`Service::language`], have the new ones.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Service, ServiceError};
use crate::config::Config;
use crate::korean::lexicon::{LexiconFile, Warning};
use crate::korean::{Language, dictionary};

/// Changed lines listed of one file; more are only counted.
const LISTED: usize = 100;

/// What a reload of the lexicon did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LexiconReload {
    /// Every lexicon file, changed or not.
    pub files: Vec<LexiconChange>,
    /// Lines that were left out or look wrong.
    pub warnings: Vec<Warning>,
    /// Whether the index in service was built with another lexicon than the one loaded now.
    pub reindex_due: bool,
    /// Why, if it is.
    pub reason: Option<String>,
    /// Hash of all lexicons as loaded now, hexadecimal.
    pub hash: String,
}

/// How one lexicon file has changed since it was last loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LexiconChange {
    /// Its name.
    pub file: &'static str,
    /// Whether its content differs from before; comments do not count.
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

impl Service {
    /// Loads the lexicon again and lets queries use it at once. Blocks while it loads, and while another reload is under
    /// way.
    ///
    /// # Errors
    /// [`ServiceError::Lexicon`] with the name of a file that cannot be read; everything stays as it was. Bad lines are not
    /// an error: they are listed in the answer's warnings, and the rest is used.
    pub fn reload_lexicon(&self) -> Result<LexiconReload, ServiceError> {
        if self.reads_only() {
            return Err(ServiceError::LexiconElsewhere);
        }
        let turn = self.served.lexicon_turn();
        let before = self.served.language();
        let dictionary = || Ok(dictionary::open(&self.config.index_dir)?);
        let (after, warnings) =
            before.reload::<ServiceError>(dictionary, self.config.lexicon_dir().as_deref())?;
        log(&warnings);
        let files = before.files().iter().zip(after.files());
        let files = files.map(|(before, after)| LexiconChange::between(before, after)).collect();
        let hash = after.hash().to_owned();
        let serving =
            self.built().map(|serving| serving.with_language(serving.language.with_lexicon_of(&after)));
        if let Some(side) = &self.cluster {
            let shown = side.shown.lexicon_turn();
            if let Some(serving) = side.shown.serving() {
                shown.serve(serving.with_language(serving.language.with_lexicon_of(&after)));
            }
        }
        let reason = match &serving {
            Some(serving) => serving.out_of_date(),
            None => Some("there is no index yet"),
        };
        turn.set_language(Arc::new(after));
        if let Some(serving) = serving {
            turn.serve(serving);
        }
        let reason = reason.map(str::to_owned);
        tracing::info!(hash, reindex_due = reason, "lexicon reloaded");
        Ok(LexiconReload { files, warnings, reindex_due: reason.is_some(), reason, hash })
    }
}

/// The doubtful lines of the configured lexicon.
///
/// # Errors
/// [`ServiceError`] if a lexicon file or the dictionary cannot be read.
pub fn check_lexicon(config: &Config) -> Result<Vec<Warning>, ServiceError> {
    load(config, config.lexicon_dir().as_deref()).map(|(_, warnings)| warnings)
}

/// The dictionary with the lexicon in `folder`, or the built-in one if that is `None`; and the lexicon's doubtful lines.
pub(super) fn load(config: &Config, folder: Option<&Path>) -> Result<(Language, Vec<Warning>), ServiceError> {
    let (language, warnings) = Language::load(dictionary::open(&config.index_dir)?, folder)?;
    Ok((language.learning(config.lexicon.learn), warnings))
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
    fn changes_are_lines_and_comments_do_not_count() {
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
