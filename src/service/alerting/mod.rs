//! Telling others what came for saved searches.
//!
//! Each target of each search, and of a mail each mailbox, has a task of its own, which knows up to which sequence the target has been told. When searches see more, it
//! asks the generation in service for what came after that and matches, delivers it, and goes on from there once the receiver has
//! confirmed. So a receiver that is slow or gone holds up nobody else, order is kept, and what was not confirmed is asked for again, after
//! a restart too. Nothing is queued: the index is the queue.
//!
//! All tasks ask the index on one thread that gives way to searches ([`asking`]). What was confirmed is written down once a second: after a
//! crash a receiver may get some of it again, and misses nothing.

mod asking;
mod follow;

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::{Service, ServiceError};
use crate::alerts::{Addressee, Deliveries, DeliveryError, Message, Recipient, SavedSearches};
use crate::journal::EarlierTexts;
use crate::korean::Language;
use crate::search::types::SearchRequest;
use crate::search::{Arrivals, Arrived, SearchContext, SearchError, arrived, matcher};
use asking::Asking;

/// How often it is written down what was delivered.
const WRITTEN_DOWN: Duration = Duration::from_secs(1);

/// Reads the parameters of a saved search, as a search does; the error is for people.
pub type ReadParameters =
    dyn Fn(&Map<String, Value>, &Language) -> Result<SearchRequest, String> + Send + Sync;

/// What the tasks of all targets share.
struct Shared {
    service: Weak<Service>,
    saved: Arc<SavedSearches>,
    deliveries: Arc<Deliveries>,
    read: Arc<ReadParameters>,
    asking: Asking,
    /// The minute of the Korean day of daily deliveries.
    daily_at: u32,
}

impl Service {
    /// The saved searches.
    pub fn saved_searches(&self) -> &Arc<SavedSearches> {
        &self.saved
    }

    /// What delivers to others.
    ///
    /// # Errors
    /// A file that the settings name cannot be read, or the system's reason.
    pub fn deliveries(&self) -> Result<Arc<Deliveries>, DeliveryError> {
        let made =
            self.deliveries.get_or_init(|| Deliveries::new(&self.config.alerts.delivery).map(Arc::new));
        made.clone()
    }

    /// Delivers what comes for saved searches, for as long as the future is polled. `read` reads their parameters.
    ///
    /// # Errors
    /// [`ServiceError::Deliveries`], and [`ServiceError::Thread`] if the machine refuses a thread.
    pub fn alerting(
        self: &Arc<Self>,
        read: Arc<ReadParameters>,
    ) -> Result<impl Future<Output = ()> + Send + 'static, ServiceError> {
        let shared = Shared {
            service: Arc::downgrade(self),
            saved: Arc::clone(&self.saved),
            deliveries: self.deliveries()?,
            read,
            asking: Asking::start().map_err(ServiceError::Thread)?,
            daily_at: self.config.alerts.daily_at,
        };
        Ok(deliver_all(Arc::new(shared)))
    }

    /// Sends a message to somebody now, whatever they have been told.
    ///
    /// # Errors
    /// Why it was not confirmed.
    pub async fn deliver_now(&self, to: &Recipient<'_>, message: &Message) -> Result<(), DeliveryError> {
        let deliveries = self.deliveries()?;
        let _turn = deliveries.turn(to).await;
        deliveries.deliver(to, message).await
    }

    /// Changes when searches see more, to the last entry of the journal that they see; none where nothing can come.
    pub fn searchable_changes(&self) -> Option<watch::Receiver<u64>> {
        let writes = self.writes.load();
        let writes = writes.as_ref()?;
        Some(match &self.cluster {
            Some(side) => side.progress.searchable_changes(),
            None => writes.progress.searchable_changes(),
        })
    }

    /// The last entry of the journal that searches see.
    pub fn last_arrival(&self) -> u64 {
        self.serving().map_or(0, |serving| serving.archive().about().sequence)
    }
}

/// What came for a search, and up to which sequence nothing else did.
pub struct Came {
    /// The first that came first.
    pub hits: Vec<Arrived>,
    /// No hit up to this sequence is missing.
    pub settled: u64,
}

impl Came {
    /// Nothing, and nothing more is settled than was before.
    fn nothing(settled: u64) -> Self {
        Self { hits: Vec::new(), settled }
    }
}

/// What came for `request` in a `window`, where searches see everything up to the sequence `last`. That is asked of the
/// whole archive: one that is restricted does not know it.
///
/// # Errors
/// Those of [`arrived`], and a failing disk.
pub fn came(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    earlier: &EarlierTexts,
    window: Arrivals,
    last: u64,
) -> Result<Came, SearchError> {
    let mut hits = arrived(context, request, window)?;
    mark_changed(context, request, earlier, &mut hits)?;
    let shown = hits.last().map_or(window.after, |hit| hit.sequence);
    // An older generation that took over has not come so far as what was shown before.
    let all = window.latest || !window.is_filled_by(hits.len());
    let settled = if all { last.max(shown) } else { shown };
    Ok(Came { hits, settled })
}

/// Says of each hit whether it matched before, with an earlier text.
///
/// # Errors
/// The deadline, or a failing archive or disk.
fn mark_changed(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    earlier: &EarlierTexts,
    arrived: &mut [Arrived],
) -> Result<(), SearchError> {
    if !earlier.may_hold_any() {
        return Ok(());
    }
    // Most hits have none, and then the query need not be read again.
    let mut matches = None;
    for arrived in arrived {
        let kept = earlier.of(arrived.hit.id.as_str());
        let texts = kept.map_err(|error| SearchError::Archive(Box::new(error)))?.texts;
        if texts.is_empty() {
            continue;
        }
        let matches = match &mut matches {
            Some(matches) => matches,
            None => matches.insert(matcher(context, request)?),
        };
        for text in texts {
            if matches(&text.article)? {
                arrived.changed = true;
                break;
            }
        }
    }
    Ok(())
}

/// The tasks of targets; they end with it.
#[derive(Default)]
struct Tasks(HashMap<Addressee, AbortHandle>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.values().for_each(AbortHandle::abort);
    }
}

/// Keeps a task for each target, and writes down how far they have come.
async fn deliver_all(shared: Arc<Shared>) {
    let mut tasks = Tasks::default();
    let mut changes = shared.saved.changes();
    let mut write_down = tokio::time::interval(WRITTEN_DOWN);
    write_down.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        changes.mark_unchanged();
        let wanted = shared.saved.addressees();
        tasks.0.retain(|addressee, task| {
            let stays = wanted.contains(addressee);
            if !stays {
                task.abort();
            }
            stays
        });
        for addressee in wanted {
            let shared = &shared;
            tasks.0.entry(addressee).or_insert_with_key(|addressee| {
                tokio::spawn(follow::follow(Arc::clone(shared), addressee.clone())).abort_handle()
            });
        }
        loop {
            tokio::select! {
                _ = changes.changed() => break,
                _ = write_down.tick() => {
                    let saved = Arc::clone(&shared.saved);
                    let failing = saved.failing();
                    metrics::gauge!("alerts_failing").set(failing as f64);
                    let written = tokio::task::spawn_blocking(move || saved.write_down()).await;
                    if let Ok(Err(error)) = written {
                        tracing::error!(%error, "what was delivered is not written down: after a restart it is delivered again");
                    }
                }
            }
        }
    }
}
