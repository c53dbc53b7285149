//! What a reindex would lose: compared with what serves, before anything takes its place.
//!
//! A mount that is not there, a copy that was not finished, or a journal that lies somewhere else leave a folder that looks
//! like a small archive. An index of it is sound, and would serve: so its size is not only the builder's business. Whoever
//! means it says so.

use crate::config::Config;
use crate::index::{ChangedCounts, Generation, GenerationInfo, IndexError, IndexFolder};
use crate::journal::Missing;

/// Below so many articles in service a share of them says nothing: somebody is trying things out.
const FEWEST_TO_COMPARE: u64 = 1_000;

/// Why a new index was not put into service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// It holds far fewer articles.
    #[error(
        "the new index has {found} articles and the one in service {serving}: {percent} % fewer, and more than {most} % \
         (index.max_shrink_percent) does not serve by itself; see whether the articles folder is complete; {}",
        HOW_TO_FORCE
    )]
    Fewer {
        /// Articles in the new index.
        found: u64,
        /// Articles in service.
        serving: u64,
        /// By how much it is smaller.
        percent: u64,
        /// By how much it may be.
        most: u8,
    },
    /// No file holds an article any more.
    #[error(
        "the articles folder has 0 articles in files, and {serving} of those in service came from files; see whether it is \
         there, and mounted; {}",
        HOW_TO_FORCE
    )]
    NoFiles {
        /// Articles in service that came from files.
        serving: u64,
    },
    /// Articles that were acknowledged are in no file of the journal.
    #[error(
        "the journal in the articles folder does not reach what was acknowledged: of {acknowledged} entries, {missing}; put the \
         folder pushed/ back, or send those articles again; {}",
        HOW_TO_FORCE
    )]
    JournalLost {
        /// The last entry that was acknowledged.
        acknowledged: u64,
        /// The first that are gone.
        missing: Missing,
    },
    /// Files that are gone or have changed would take far too many articles with them.
    #[error(
        "with files that are gone or have changed, {found} of {serving} articles would be left that were there since the last full \
         reindex: {percent} % fewer, and more than {most} % (index.max_shrink_percent) are not removed by themselves; see whether \
         the articles folder is complete; {}",
        HOW_TO_FORCE_CHANGED
    )]
    ManyGone {
        /// Articles that would be left.
        found: u64,
        /// These, and those that have gone since the last full reindex.
        serving: u64,
        /// By how much that is less.
        percent: u64,
        /// By how much it may be.
        most: u8,
    },
    /// No article of a file would be left.
    #[error(
        "of {serving} articles that came from files 0 would be left; see whether the articles folder is there, and mounted; {}",
        HOW_TO_FORCE_CHANGED
    )]
    AllGone {
        /// Articles that came from files.
        serving: u64,
    },
    /// The articles folder is gone.
    #[error(
        "{reason}; 0 of {serving} articles that came from files would be left: nothing was removed, and nothing is until the folder \
         is there again"
    )]
    FolderGone {
        /// Articles that came from files.
        serving: u64,
        /// Why it cannot be listed.
        reason: String,
    },
}

const HOW_TO_FORCE_CHANGED: &str = "nothing was removed, and only new files were read; to go on all the same: POST \
     /api/admin/reindex?changed=true&force=true, or `gisa reindex --changed --force` while no server runs";

const HOW_TO_FORCE: &str = "the old index stays in service; to serve the new one all the same: POST \
     /api/admin/reindex?force=true, or `gisa reindex --force` while no server runs";

/// Whether a changed run with these counts may take effect, if no more than `most` percent may go (0: as many as like).
///
/// # Errors
/// [`Withheld`], with both numbers.
pub(super) fn check_changed(counts: &ChangedCounts, most: u8) -> Result<(), Withheld> {
    if counts.removed == 0 {
        return Ok(());
    }
    if counts.of_files == 0 {
        return Err(Withheld::AllGone { serving: counts.of_files_before });
    }
    let (found, serving) = (counts.articles, counts.articles.saturating_add(counts.lost));
    match shrinks_by(found, serving, most) {
        Some(percent) => Err(Withheld::ManyGone { found, serving, percent, most }),
        None => Ok(()),
    }
}

/// By how many percent `found` articles are fewer than `serving`, if that is more than `most` of enough articles.
fn shrinks_by(found: u64, serving: u64, most: u8) -> Option<u64> {
    let fewer = serving.saturating_sub(found);
    let too_many = u128::from(fewer) * 100 > u128::from(serving) * u128::from(most);
    (most > 0 && serving >= FEWEST_TO_COMPARE && too_many)
        .then(|| u64::try_from(u128::from(fewer) * 100 / u128::from(serving)).unwrap_or(100))
}

/// What served before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Former {
    articles: u64,
    /// Articles that came from files; `None` where the index cannot be opened to count them.
    of_files: Option<u64>,
    /// Entries of the journal that it lacks already.
    gaps: Vec<Missing>,
}

impl Former {
    /// As counted in `generation`.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn of(generation: &Generation) -> Result<Self, IndexError> {
        Ok(Self {
            articles: generation.articles(),
            of_files: Some(generation.articles_of_files()?),
            gaps: generation.info().journal_gaps.clone(),
        })
    }

    /// The generation that the index folder of `config` names, as far as this program can read it; `None` if there is none.
    pub(super) fn in_folder(config: &Config) -> Option<Self> {
        if !config.index_dir.is_dir() {
            return None;
        }
        let folder = IndexFolder::new(&config.index_dir).ok()?;
        let name = folder.current().ok().flatten()?;
        let counted = Generation::open(&folder, &name).and_then(|generation| Self::of(&generation));
        counted.ok().or_else(|| {
            let info = GenerationInfo::read(&folder, &name)?;
            Some(Self { articles: info.articles, of_files: None, gaps: info.journal_gaps })
        })
    }

    /// Whether `new` may take its place, if it must not be more than `most` percent smaller (0: as it likes).
    ///
    /// # Errors
    /// [`Withheld`], with both numbers; or a failing index.
    pub(super) fn check(&self, new: &Generation, most: u8) -> Result<Result<(), Withheld>, IndexError> {
        Ok(self.compare(&Self::of(new)?, new.info().sequence, most))
    }

    fn compare(&self, new: &Self, acknowledged: u64, most: u8) -> Result<(), Withheld> {
        let is_new = |gap: &&Missing| !self.gaps.iter().any(|known| gap.is_within(known));
        if let Some(missing) = new.gaps.iter().find(is_new) {
            return Err(Withheld::JournalLost { acknowledged, missing: *missing });
        }
        if let Some(serving) = self.of_files.filter(|serving| *serving > 0 && new.of_files == Some(0)) {
            return Err(Withheld::NoFiles { serving });
        }
        let (found, serving) = (new.articles, self.articles);
        match shrinks_by(found, serving, most) {
            Some(percent) => Err(Withheld::Fewer { found, serving, percent, most }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn former(articles: u64, of_files: u64, gaps: &[(u64, u64)]) -> Former {
        let gaps = gaps.iter().map(|(first, last)| Missing { first: *first, last: *last }).collect();
        Former { articles, of_files: Some(of_files), gaps }
    }

    fn outcome(serving: &Former, new: &Former, most: u8) -> Result<(), String> {
        serving.compare(new, 9, most).map_err(|withheld| withheld.to_string())
    }

    #[test]
    fn a_share_counts_from_a_thousand_articles_on() {
        let new = |articles| former(articles, articles, &[]);
        for (serving, found, most, withheld) in [
            (1_000, 800, 20, false),
            (1_000, 799, 20, true),
            (999, 1, 20, false),
            (50_673, 16_886, 20, true),
            (50_673, 16_886, 0, false),
            (50_673, 16_886, 67, false),
            (50_673, 1, 100, false),
            (1_000, 2_000, 1, false),
        ] {
            let outcome = outcome(&new(serving), &new(found), most);
            assert_eq!(outcome.is_err(), withheld, "{serving} → {found}, {most} %: {outcome:?}");
            if let Err(message) = outcome {
                for part in [found.to_string(), serving.to_string()] {
                    assert!(message.contains(&part), "{message}");
                }
                assert!(message.contains("force=true") && message.contains("--force"), "{message}");
            }
        }
    }

    #[test]
    fn files_that_are_all_gone_count_from_the_first_on() {
        let pushed_alone = former(3, 0, &[]);
        assert!(outcome(&former(5, 2, &[]), &pushed_alone, 0).is_err_and(|why| why.contains("2 of those")));
        assert_eq!(outcome(&pushed_alone, &pushed_alone, 20), Ok(()));
        assert_eq!(outcome(&former(5, 2, &[]), &former(4, 1, &[]), 20), Ok(()));
    }

    #[test]
    fn entries_that_are_gone_count_once() {
        let (whole, lost) = (former(3, 0, &[]), former(3, 0, &[(4, 6)]));
        let why = outcome(&whole, &lost, 0);
        assert!(why.is_err_and(|why| why.contains("of 9 entries") && why.contains("4 to 6")));
        assert_eq!(outcome(&lost, &lost, 0), Ok(()), "it is known");
        assert_eq!(outcome(&lost, &former(3, 0, &[(4, 5)]), 0), Ok(()));
        assert!(outcome(&lost, &former(3, 0, &[(4, 7)]), 0).is_err());
    }

    #[test]
    fn what_goes_with_files_adds_up() {
        let counts = |removed, articles, lost, of_files| ChangedCounts {
            removed,
            articles,
            lost,
            of_files,
            of_files_before: of_files + removed,
            ..ChangedCounts::default()
        };
        for (counts, most, withheld) in [
            (counts(100, 900, 100, 900), 20, None),
            (counts(100, 790, 210, 790), 20, Some("790 of 1000 articles")),
            (counts(0, 790, 210, 790), 20, None),
            (counts(100, 790, 210, 790), 0, None),
            (counts(100, 700, 210, 700), 20, None),
            (counts(3, 5, 3, 0), 20, Some("of 3 articles that came from files 0")),
        ] {
            let outcome = check_changed(&counts, most).map_err(|withheld| withheld.to_string());
            match withheld {
                None => assert_eq!(outcome, Ok(()), "{counts:?}"),
                Some(said) => assert!(outcome.unwrap_err().contains(said), "{counts:?}"),
            }
        }
    }
}
