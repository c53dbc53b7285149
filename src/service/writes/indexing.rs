//! The thread that makes searchable what is durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::progress::NotBefore;
use super::{Follower, WriteProgress};
use crate::index::{Generation, IndexError};
use crate::ingest::Cleaner;
use crate::service::{Engine, EngineError, Serving, job};

/// Between the beginnings of two commits, if nobody waits: each makes a segment that is to be merged. Well below the second
/// that a newsroom is promised.
const BETWEEN: Duration = Duration::from_millis(250);
/// Articles whose titles are read again at a start, the last ones: some tenths of a second.
const RECALLED: usize = 1_000;
/// After a failure; doubled with each further one.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(30));

/// Follows the journal until it is told to stop, or the engine is gone.
pub(super) fn run(engine: &Weak<Engine>, progress: &WriteProgress) {
    if let Some(engine) = engine.upgrade()
        && let Err(error) = engine.recall()
    {
        tracing::warn!(%error, "what was pushed before the start is not suggested until the next reindex");
    }
    let mut not_before = NotBefore::Unhurried(Instant::now());
    let mut retry = RETRY.0;
    while progress.wait(not_before) {
        let Some(engine) = engine.upgrade() else { return };
        let began = Instant::now();
        match engine.follow_journal() {
            Ok(()) => {
                progress.set_error(None);
                retry = RETRY.0;
                not_before = NotBefore::Unhurried(began + BETWEEN);
            }
            Err(error) => {
                tracing::error!(%error, "pushed articles are safe in the journal, but cannot be made searchable; trying again");
                metrics::counter!("index_write_errors_total").increment(1);
                progress.set_error(Some(error));
                not_before = NotBefore::Failed(Instant::now() + retry);
                retry = RETRY.1.min(retry * 2);
            }
        }
    }
    // Once more, so that the next start has little to make up for.
    if let Some(engine) = engine.upgrade() {
        if let Err(error) = engine.follow_journal() {
            tracing::warn!(error, "the last pushed articles become searchable with the next start");
        }
        *engine.live() = None;
    }
}

impl Engine {
    /// The generation that follows the journal, for whoever writes to it or replaces it. Taken before the turn to change what
    /// serves, never after.
    pub(in crate::service) fn live(&self) -> MutexGuard<'_, Option<Follower>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the search box offer what was pushed since the build: that is in no file.
    fn recall(&self) -> Result<(), IndexError> {
        let _live = self.live();
        let Some(serving) = self.serving() else { return Ok(()) };
        let Some(generation) = serving.generation() else { return Ok(()) };
        if generation.info().sequence == generation.info().built_sequence {
            return Ok(());
        }
        let korean = serving.language.korean();
        let suggestions = generation.recalled(korean, job::now(), RECALLED)?;
        self.show(Arc::new(generation.with_suggestions(suggestions)?), &serving);
        Ok(())
    }

    /// Lets searches see the generation that followed the one of `former`. The caller holds `live`: nobody else replaces the
    /// generation; a reload may have replaced the language meanwhile.
    fn show(&self, generation: Arc<Generation>, former: &Serving) {
        let _turn = self.change();
        let language = self.serving().map_or_else(|| former.language.clone(), |now| now.language.clone());
        self.put_into_service(Serving::new(generation, language));
    }

    /// Applies a stretch of the journal to the generation that serves, and lets searches see it.
    fn follow_journal(&self) -> Result<(), String> {
        let mut live = self.live();
        let bug = |_| "a bug in gisa; the server's log has the place".to_owned();
        let outcome = catch_unwind(AssertUnwindSafe(|| self.follow(&mut live)));
        let outcome = outcome.map_err(bug).and_then(|outcome| outcome.map_err(|error| error.to_string()));
        if outcome.is_err() {
            // What it applied and did not commit is read again from the journal. Letting go of a writer whose threads failed
            // may panic in its turn.
            let broken = live.take();
            catch_unwind(AssertUnwindSafe(|| drop(broken))).map_err(bug)?;
        }
        outcome
    }

    fn follow(&self, live: &mut Option<Follower>) -> Result<(), EngineError> {
        let (Some(writes), Some(serving)) = (self.writes.load_full(), self.serving()) else { return Ok(()) };
        let Some(generation) = serving.generation() else { return Ok(()) };
        let up_to = writes.progress.durable();
        let follower = match live {
            Some(follower) if follower.generation().name() == generation.name() => follower,
            _ if generation.info().sequence >= up_to => {
                writes.progress.set_searchable(up_to);
                return Ok(());
            }
            _ => {
                *live = None;
                // From the disk: after a failure the last commit may be newer than what serves.
                let suggestions = generation.suggestions().clone();
                let generation = Arc::new(Generation::open(&self.folder, generation.name())?);
                let korean = serving.language.korean();
                live.insert(Follower::open(generation, suggestions, korean, &self.journal_dir())?)
            }
        };
        let cleaner = Cleaner::new(Arc::clone(self.language().outlets()));
        let generation = follower.follow(up_to, &cleaner)?;
        let sequence = generation.info().sequence;
        self.show(generation, &serving);
        writes.progress.set_searchable(sequence);
        Ok(())
    }
}
