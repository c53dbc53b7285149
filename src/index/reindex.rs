//! A whole reindex: build aside, verify, put into service, retire what nothing needs.

use std::path::Path;

use super::build::{BuildOptions, BuildReport, Progress, build};
use super::{Generation, IndexError, IndexFolder};
use crate::ingest::Cleaner;
use crate::korean::KoreanAnalyzer;

/// Builds a generation from `articles_dir` and puts it into service. What served before is untouched until the new
/// one is verified, and stays on disk as the one to fall back to.
pub fn reindex(
    articles_dir: &Path,
    folder: &IndexFolder,
    cleaner: &Cleaner,
    korean: &KoreanAnalyzer,
    options: &BuildOptions,
    progress: &Progress,
) -> Result<(BuildReport, Generation), IndexError> {
    let report = build(articles_dir, folder, cleaner, korean, options, progress)?;
    let checked = Generation::open(folder, &report.generation).and_then(|generation| {
        generation.verify()?;
        Ok(generation)
    });
    let generation = match checked {
        Ok(generation) => generation,
        Err(error) => {
            folder.remove(&report.generation)?;
            return Err(error);
        }
    };
    // The last moment to cancel: behind this line the new generation is in service.
    if progress.is_cancelled() {
        folder.remove(&report.generation)?;
        return Err(IndexError::Cancelled);
    }
    folder.publish(&report.generation)?;
    match folder.retire() {
        Ok(retired) if retired.is_empty() => {}
        Ok(retired) => tracing::info!(?retired, "retired generations"),
        // The new generation serves all the same; the next reindex tries again.
        Err(error) => tracing::warn!(%error, "an old generation could not be removed"),
    }
    Ok((report, generation))
}
