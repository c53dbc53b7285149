//! The thread that makes pushed articles searchable once they are durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::progress::NotBefore;
use super::{Follower, WriteProgress};
use crate::article::Timestamp;
use crate::index::{Generation, IndexError};
use crate::ingest::Cleaner;
use crate::service::served::WriterTurn;
use crate::service::serving::Serving;
use crate::service::{Service, ServiceError};

/// Time from the start of one commit to the start of the next, if nobody waits: each makes a segment that must be merged
/// later. Well below the second that a newsroom is promised.
const COMMIT_INTERVAL: Duration = Duration::from_millis(250);
/// Pushed articles whose titles are read again at a start, the latest ones: a few tenths of a second.
const RECALLED_ARTICLES: usize = 1_000;
/// Pause after a first failure; it doubles with each further one.
const FIRST_RETRY: Duration = Duration::from_millis(100);
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// Follows the journal until it is told to stop, or the service is gone.
pub(super) fn run(service: &Weak<Service>, progress: &WriteProgress) {
    if let Some(service) = service.upgrade()
        && let Err(error) = service.recall()
    {
        tracing::warn!(%error, "articles pushed before this start are not suggested until the next reindex");
    }
    let mut not_before = NotBefore::Unhurried(Instant::now());
    let mut retry = FIRST_RETRY;
    while progress.wait(not_before) {
        let Some(service) = service.upgrade() else { return };
        let began = Instant::now();
        match service.follow_journal() {
            Ok(()) => {
                progress.set_error(None);
                retry = FIRST_RETRY;
                not_before = NotBefore::Unhurried(began + COMMIT_INTERVAL);
            }
            Err(error) => {
                tracing::error!(%error, "pushed articles are safe in the journal but cannot be made searchable; trying again");
                metrics::counter!("index_write_errors_total").increment(1);
                progress.set_error(Some(error));
                not_before = NotBefore::Failed(Instant::now() + retry);
                retry = LONGEST_RETRY.min(retry * 2);
            }
        }
    }
    // Once more, so that the next start has little to catch up with.
    if let Some(service) = service.upgrade() {
        if let Err(error) = service.follow_journal() {
            tracing::warn!(error, "the articles pushed last become searchable at the next start");
        }
        *service.served.writer_turn().follower = None;
    }
}

impl Service {
    /// Lets the search box suggest titles of articles pushed since the build: the files of suggestions do not have them.
    fn recall(&self) -> Result<(), IndexError> {
        let writer = self.served.writer_turn();
        let Some(serving) = self.built() else { return Ok(()) };
        let Some(generation) = serving.generation() else { return Ok(()) };
        let info = generation.info();
        if info.sequence == info.built_sequence && info.changed_since.is_none() {
            return Ok(());
        }
        let korean = serving.language.korean();
        let suggestions = generation.recalled(korean, Timestamp::now(), RECALLED_ARTICLES)?;
        self.show(Arc::new(generation.with_suggestions(suggestions)?), &serving, &writer);
        Ok(())
    }

    /// Lets searches see `generation`, the one of `former` at a later commit. It is the writer's turn, so nobody else has
    /// replaced the generation; a reload may have replaced the language.
    pub(in crate::service) fn show(
        &self,
        generation: Arc<Generation>,
        former: &Serving,
        writer: &WriterTurn<'_>,
    ) {
        let change = writer.change();
        let language = self.built().map_or_else(|| former.language.clone(), |now| now.language.clone());
        change.serve(Serving::new(generation, language));
    }

    /// Applies the next entries of the journal to the generation in service, and lets searches see them. The error is for
    /// people.
    fn follow_journal(&self) -> Result<(), String> {
        self.follow_in_turn(&mut self.served.writer_turn())
    }

    /// Lets the generation in service apply what the journal has by now, before another takes its place: only what applies an entry sees
    /// which text it replaces. What is pushed meanwhile the other one applies itself. Where it cannot, texts that were replaced just now
    /// are not kept, and everything else is as it should be.
    pub(in crate::service) fn follow_to_the_end(&self, writer: &mut WriterTurn<'_>) {
        let sequence = || {
            let serving = self.built();
            serving.as_ref().and_then(|serving| serving.generation()).map(|served| served.info().sequence)
        };
        // Not a moving end: those who push may never pause.
        let end = self.durable();
        while let Some(before) = sequence().filter(|before| *before < end) {
            if let Err(error) = self.follow_in_turn(writer) {
                tracing::warn!(error, "texts that were replaced during the reindex are perhaps not kept");
                return;
            }
            if sequence() == Some(before) {
                return;
            }
        }
    }

    fn follow_in_turn(&self, writer: &mut WriterTurn<'_>) -> Result<(), String> {
        let bug = |_| "a bug in gisa; see the server's log for where it happened".to_owned();
        let outcome = catch_unwind(AssertUnwindSafe(|| self.follow(writer)));
        let outcome = outcome.map_err(bug).and_then(|outcome| outcome.map_err(|error| error.to_string()));
        if outcome.is_err() {
            // Entries that were applied but not committed are read again from the journal. Dropping a writer whose threads
            // failed may panic as well.
            let broken = writer.follower.take();
            catch_unwind(AssertUnwindSafe(|| drop(broken))).map_err(bug)?;
        }
        outcome
    }

    /// A follower of `generation`, the one of `serving`. No other may be open.
    pub(in crate::service) fn new_follower(
        &self,
        generation: &Arc<Generation>,
        serving: &Serving,
    ) -> Result<Follower, IndexError> {
        let suggestions = generation.suggestions().clone();
        // After a failure the last commit may be newer than the edition in service. Else opening it again would only take time: a second for
        // each million articles.
        let generation = if generation.is_last_commit() {
            Arc::clone(generation)
        } else {
            Arc::new(Generation::open(&self.folder, generation.name())?)
        };
        Follower::open(generation, suggestions, &serving.language, self.followed_journal())
    }

    fn follow(&self, writer: &mut WriterTurn<'_>) -> Result<(), ServiceError> {
        let (Some(writes), Some(serving)) = (self.writes.load_full(), self.built()) else { return Ok(()) };
        let Some(generation) = serving.generation() else { return Ok(()) };
        let up_to = writes.progress.durable();
        let follower = match &mut *writer.follower {
            Some(follower) if follower.generation().name() == generation.name() => follower,
            _ if generation.info().sequence >= up_to => {
                writes.progress.set_searchable(up_to);
                return Ok(());
            }
            _ => {
                *writer.follower = None;
                writer.follower.insert(self.new_follower(generation, &serving)?)
            }
        };
        let cleaner = Cleaner::new(Arc::clone(self.language().outlets()));
        let generation = follower.follow(up_to, &cleaner)?;
        let sequence = generation.info().sequence;
        self.show(generation, &serving, writer);
        writes.progress.set_searchable(sequence);
        Ok(())
    }
}
