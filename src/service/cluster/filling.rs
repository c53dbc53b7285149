//! The thread that makes the cluster hold what the embedded index holds, and the copy that a reindex makes.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{PoisonError, Weak};
use std::time::{Duration, Instant};

use super::{ClusterProgress, ClusterSide, lexicon_files};
use crate::article::ArticleId;
use crate::cluster::{ClusterError, Copying, Mirror, Target, fill};
use crate::index::{Generation, IndexError, Phase, Progress};
use crate::journal::{Change, JournalError, Reader};
use crate::korean::Language;
use crate::service::{Service, ServiceError, lexicon};

/// How long to wait for something to do. After that it is looked whether the cluster still is as it was left.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Pause after a first failure; it doubles with each further one.
const FIRST_RETRY: Duration = Duration::from_millis(200);
const LONGEST_RETRY: Duration = Duration::from_secs(5);

/// Fills the cluster until it is told to stop, or the service is gone.
pub(super) fn run(service: &Weak<Service>, progress: &ClusterProgress) {
    let mut retry = FIRST_RETRY;
    loop {
        {
            let Some(service) = service.upgrade() else { return };
            match service.fill_once(false, &Progress::default()) {
                Ok(()) => retry = FIRST_RETRY,
                Err(error) => {
                    tracing::error!(%error, "the cluster does not have what is in the journal yet; trying again");
                    metrics::counter!("cluster_fill_errors_total").increment(1);
                    progress.cannot_fill(error.to_string());
                    retry = LONGEST_RETRY.min(retry * 2);
                }
            }
        }
        let goes_on = if progress.is_filled() { progress.wait(LONGEST_WAIT) } else { progress.rest(retry) };
        if !goes_on {
            break;
        }
    }
    // What was committed last, so that it is searched while this server is away.
    if progress.is_filled()
        && let Some(service) = service.upgrade()
        && let Err(error) = service.fill_once(false, &Progress::default())
    {
        tracing::warn!(%error, "the articles pushed last come into the cluster at the next start");
    }
}

/// What the journal deletes, read on from where it was left: a file of it may be large.
pub(super) struct Deletions {
    reader: Reader,
    /// Everything that is deleted after this entry is in `ids`, as far as was read.
    after: u64,
    ids: Vec<ArticleId>,
}

impl Deletions {
    fn after(after: u64, journal: &Path) -> Self {
        Self { reader: Reader::new(journal, after), after, ids: Vec::new() }
    }

    fn read(&mut self, up_to: u64) -> Result<(), JournalError> {
        while let Some(entry) = self.reader.next_entry(up_to)? {
            if matches!(entry.change, Change::Delete) {
                self.ids.push(entry.id);
            }
        }
        Ok(())
    }

    /// The cluster has come to the entry `sequence`, up to which all was read.
    fn passed(&mut self, sequence: u64) {
        self.after = sequence;
        self.ids.clear();
    }
}

/// Names what a generation holds at one commit.
fn key_of(generation: &Generation) -> String {
    let info = generation.info();
    format!("{}.{}.{}", info.sequence, info.articles, info.book.unwrap_or(0))
}

/// The end of the name of the index that a generation is copied to: names there are in small letters.
pub(super) fn name_of(generation: &Generation) -> String {
    generation.name().to_lowercase()
}

impl Service {
    /// Makes the cluster hold what the embedded index holds by now, and lets searches here see it. With `take_over` that takes the place of what
    /// another machine, or another moment of this one, has put there.
    ///
    /// # Errors
    /// [`ServiceError::Cluster`], [`ServiceError::Copy`]; the next time begins where this one ended.
    pub(in crate::service) fn fill_once(
        &self,
        take_over: bool,
        progress: &Progress,
    ) -> Result<(), ServiceError> {
        let Some(side) = self.cluster.as_ref().filter(|side| !side.reads_only) else { return Ok(()) };
        let mut deletions = side.filling.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(serving) = self.built() else { return Ok(()) };
        let Some(generation) = serving.generation() else { return Ok(()) };
        let attach = || {
            let prefix = &side.settings.prefix;
            Mirror::attach(&side.client, prefix, &name_of(generation), &serving.language, take_over)
        };
        let mut mirror = match attach()? {
            Some(mirror) => mirror,
            None => {
                self.copy(side, generation, &serving.language, progress)?;
                attach()?.ok_or_else(|| ClusterError::NoIndex { name: side.settings.prefix.clone() })?
            }
        };
        // A cluster may lose what it has acknowledged, where disks or all copies of a shard fail.
        if mirror.key() != key_of(generation) || !mirror.is_whole()? {
            self.bring_up(side, &mut deletions, &mut mirror, generation)?;
        } else {
            side.progress.taken(mirror.sequence(), 0, mirror.left_out());
        }
        self.look()
    }

    /// Lets the index of `mirror` follow to `generation`.
    fn bring_up(
        &self,
        side: &ClusterSide,
        deletions: &mut Option<Deletions>,
        mirror: &mut Mirror<'_>,
        generation: &Generation,
    ) -> Result<(), ServiceError> {
        let (began, before) = (Instant::now(), mirror.sequence());
        let sequence = generation.info().sequence;
        if before > sequence {
            return Err(
                ClusterError::Ahead { name: mirror.index().to_owned(), has: before, here: sequence }.into()
            );
        }
        let reader = match deletions.take().filter(|known| known.after <= before) {
            Some(known) => known,
            None => Deletions::after(before, &self.journal_dir()),
        };
        let deletions = deletions.insert(reader);
        deletions.read(sequence)?;
        let removed = side.progress.to_remove();
        let deleted: Vec<ArticleId> = deletions.ids.iter().chain(&removed).cloned().collect();
        mirror.follow(generation, &key_of(generation), &deleted)?;
        deletions.passed(sequence);
        side.progress.taken(mirror.sequence(), removed.len(), mirror.left_out());
        metrics::histogram!("cluster_fill_seconds").record(began.elapsed().as_secs_f64());
        Ok(())
    }

    /// Copies a generation that is to take the place of what serves into a new index of the cluster, where there is a cluster. It serves there
    /// once the generation does here.
    ///
    /// # Errors
    /// [`ServiceError::Copy`], [`IndexError::Cancelled`]; what served before serves on.
    pub(in crate::service) fn copy_beside(
        &self,
        generation: &Generation,
        language: &Language,
        progress: &Progress,
    ) -> Result<(), ServiceError> {
        let Some(side) = self.cluster.as_ref().filter(|side| !side.reads_only) else { return Ok(()) };
        self.copy(side, generation, language, progress)
    }

    fn copy(
        &self,
        side: &ClusterSide,
        generation: &Generation,
        language: &Language,
        progress: &Progress,
    ) -> Result<(), ServiceError> {
        let folder = self.config.lexicon_dir();
        let lexicon = match &folder {
            Some(folder) => lexicon_files(folder).map_err(IndexError::io("cannot read", folder))?,
            None => Vec::new(),
        };
        let (now, _) = lexicon::load(&self.config, folder.as_deref())?;
        if now.index_hash() != language.index_hash() {
            return Err(ServiceError::LexiconChanged);
        }
        let target = Target {
            prefix: side.settings.prefix.clone(),
            name: name_of(generation),
            layout: side.settings.layout,
            threads: self.threads_in_a_server(),
            lexicon,
        };
        progress.begin(Phase::Copying, generation.articles());
        let copying = Copying::default();
        std::thread::scope(|scope| {
            let copied = scope
                .spawn(|| fill(generation, &key_of(generation), language, &side.client, &target, &copying));
            let mut taken = 0;
            while !copied.is_finished() {
                copying.cancelled.store(progress.is_cancelled(), Ordering::Relaxed);
                let now = copying.taken.load(Ordering::Relaxed);
                progress.advance(now - taken);
                taken = now;
                std::thread::sleep(Duration::from_millis(50));
            }
            copied.join()
        })
        .map_err(|_| IndexError::Cancelled)?
        .map_err(|error| match error {
            crate::cluster::CopyError::Cancelled => ServiceError::from(IndexError::Cancelled),
            error => error.into(),
        })?;
        Ok(())
    }
}
