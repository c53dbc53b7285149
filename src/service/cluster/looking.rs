//! The thread that looks what the cluster serves: later articles of the same index, or another index with its own lexicon.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use super::{ClusterProgress, ClusterSide};
use crate::cluster::{ClusterArchive, ClusterError, Look};
use crate::config::Config;
use crate::korean::Language;
use crate::service::serving::Serving;
use crate::service::{Service, ServiceError, lexicon};

/// From one look to the next: with what a writer needs, well below the second that a newsroom is promised.
const PAUSE: Duration = Duration::from_millis(300);
/// The same where the cluster cannot be asked.
const LONGER_PAUSE: Duration = Duration::from_secs(1);
/// A folder in the index folder with the lexicon of the index that is searched.
const LEXICON: &str = "lexicon-of-cluster";

/// Looks until it is told to stop, or the service is gone.
pub(super) fn run(service: &Weak<Service>, progress: &ClusterProgress) {
    let mut pause = PAUSE;
    while progress.rest(pause) {
        let Some(service) = service.upgrade() else { return };
        pause = if service.look().is_ok() { PAUSE } else { LONGER_PAUSE };
    }
}

/// Opens what the cluster serves, with the language that its articles were analysed in: `language` if that is it, else as the cluster has its
/// lexicon. Synonyms and the like are those of `language`, unless this server only reads.
pub(super) fn opened(
    config: &Config,
    side: &ClusterSide,
    language: &Language,
) -> Result<(Arc<ClusterArchive>, Language), ServiceError> {
    if !side.reads_only {
        match side.door.open(language.clone()) {
            Err(ClusterError::Version { what: ClusterError::LEXICON, .. }) => {}
            opened => return Ok((Arc::new(opened?), language.clone())),
        }
    }
    let (_, files) = side.door.lexicon()?;
    let folder = write_lexicon(&config.index_dir, &files).map_err(ServiceError::ClusterLexicon)?;
    let (own, warnings) = lexicon::load(config, folder.as_deref())?;
    lexicon::log(&warnings);
    let own = if side.reads_only { own } else { own.with_lexicon_of(language) };
    Ok((Arc::new(side.door.open(own.clone())?), own))
}

/// Writes the files of a lexicon into a folder of the index folder, in place of what was there. None where the built-in lexicon is meant.
fn write_lexicon(index_dir: &Path, files: &[(String, String)]) -> std::io::Result<Option<PathBuf>> {
    let folder = index_dir.join(LEXICON);
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    if files.is_empty() {
        return Ok(None);
    }
    std::fs::create_dir_all(&folder)?;
    for (name, text) in files {
        // What the cluster says is no path.
        let Some(name) = Path::new(name).file_name() else { continue };
        std::fs::write(folder.join(name), text)?;
    }
    Ok(Some(folder))
}

impl Service {
    /// Opens what the cluster serves at a start. Why that fails is said in `/ready`.
    pub fn look_first(&self) {
        self.pass_keys();
        if let Err(error) = self.look() {
            tracing::error!(%error, "what the cluster serves cannot be opened yet");
        }
    }

    /// Looks once what the cluster serves, and lets searches see that.
    pub(super) fn look(&self) -> Result<(), ServiceError> {
        let Some(side) = &self.cluster else { return Ok(()) };
        // Held all the while: two that look must not put an older edition in place of a newer one.
        let mut open = side.open.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = self.look_at(side, open.as_ref());
        side.progress.set_looking(outcome.as_ref().err().map(ToString::to_string));
        if let Some((archive, serving)) = outcome? {
            let sequence = crate::query::archive::Archive::about(&*archive).sequence;
            *open = Some(archive);
            let change = side.shown.lexicon_turn();
            change.set_language(Arc::new(serving.language.clone()));
            change.serve(serving);
            side.progress.set_searchable(sequence);
        }
        Ok(())
    }

    /// What takes the place of `open`; none where it is what serves.
    fn look_at(
        &self,
        side: &ClusterSide,
        open: Option<&Arc<ClusterArchive>>,
    ) -> Result<Option<(Arc<ClusterArchive>, Serving)>, ServiceError> {
        let look = match open {
            Some(open) => side.door.look(open)?,
            None => Look::Another(side.door.index()?),
        };
        match look {
            Look::Same => Ok(None),
            Look::Later(later) => {
                let later: Arc<ClusterArchive> = Arc::from(later);
                // A reload may have replaced synonyms.
                let language = side.shown.serving().map_or_else(
                    || ClusterArchive::language(&later).clone(),
                    |serving| serving.language.clone(),
                );
                let serving = Serving::of_archive(Arc::clone(&later) as _, language);
                Ok(Some((later, serving)))
            }
            Look::Another(index) => {
                let (archive, language) = opened(&self.config, side, &self.language())?;
                tracing::info!(index, "opened an index of the cluster");
                let serving = Serving::of_archive(Arc::clone(&archive) as _, language);
                Ok(Some((archive, serving)))
            }
        }
    }
}
