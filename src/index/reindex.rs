//! A reindex in two steps: build and verify aside, then put into service.
//!
//! Verifying means: all files, their checksums, the counts, and an article of each segment found by its id. Only then is the new
//! generation synced and named in `CURRENT`, and the open handle swapped together with the language that queries it. A kill at any
//! instant leaves the whole old or the whole new one.

use super::error::IndexError;
use super::folder::IndexFolder;
use super::generation::Generation;
use super::write::build::{BuildOptions, BuildReport, Phase, Progress, Sources, build};
use crate::ingest::Cleaner;
use crate::korean::Language;

/// Builds a generation from `sources` and verifies it. What serves is untouched.
///
/// # Errors
/// [`IndexError`]; nothing of the new generation remains.
pub fn build_verified(
    sources: &Sources,
    folder: &IndexFolder,
    cleaner: &Cleaner,
    language: &Language,
    options: &BuildOptions,
    progress: &Progress,
) -> Result<(BuildReport, Generation), IndexError> {
    let report = build(sources, folder, cleaner, language, options, progress)?;
    let opened = Generation::open(folder, &report.generation).and_then(|generation| {
        let bytes = generation.bytes()?;
        progress.begin(Phase::Verifying, bytes);
        generation.verify_watched(progress)?;
        Ok(generation)
    });
    match opened {
        Ok(generation) => Ok((report, generation)),
        Err(error) => {
            folder.remove(&report.generation)?;
            Err(error)
        }
    }
}

/// Puts generation `name` into service, and removes those that nothing needs any more. `served`, the one that served before,
/// stays on disk as the one to fall back to.
///
/// # Errors
/// [`IndexError`] if `CURRENT` cannot be replaced: what served before still does.
pub fn put_into_service(folder: &IndexFolder, name: &str, served: Option<&str>) -> Result<(), IndexError> {
    folder.publish(name)?;
    match folder.retire(served) {
        Ok(retired) if retired.is_empty() => {}
        Ok(retired) => tracing::info!(?retired, "retired generations"),
        // The new generation serves all the same; the next reindex tries again.
        Err(error) => tracing::warn!(%error, "an old generation could not be removed"),
    }
    Ok(())
}
