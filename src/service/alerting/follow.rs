//! The task of one target.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Came, Shared};
use crate::alerts::{Addressee, Delivery, Message, SavedSearch};
use crate::article::Timestamp;
use crate::search::{Arrivals, SearchContext};
use crate::service::Service;

/// Hits of one delivery at most.
const LARGEST_DELIVERY: usize = 100;
/// From one question to the next at least: commits come four times a second, and all targets ask after each.
const PACE: Duration = Duration::from_millis(500);
/// How long a question may take.
const DEADLINE: Duration = Duration::from_secs(30);
/// When to look again whether anything can come at all, after a restore has closed the journal.
const REOPENED: Duration = Duration::from_millis(200);

/// Tells a target what comes, until its search is saved anew or removed, or the server stops.
pub(super) async fn follow(shared: Arc<Shared>, addressee: Addressee) {
    let Addressee { search: name, address, .. } = &addressee;
    loop {
        let Ok(Some(entry)) = shared.saved.get(name) else { return };
        if entry.revision != addressee.revision {
            // Another task has taken over, or is about to.
            return;
        }
        let target = entry.search.deliver.iter().find(|target| target.address() == address);
        let (Some(target), Some(progress)) = (target, entry.targets.get(address)) else { return };
        if let Some(failing) = &progress.failing {
            until(failing.next_at).await;
        }
        let Some(service) = shared.service.upgrade() else { return };
        let (searchable, durable) = (service.searchable_changes(), service.durable());
        drop(service);
        let Some(mut searchable) = searchable else {
            tokio::time::sleep(REOPENED).await;
            continue;
        };
        if progress.delivered > durable {
            // A backup was restored, whose journal has not come so far.
            shared.saved.passed(&addressee, durable);
            continue;
        }
        let delivered = progress.delivered;
        if searchable.wait_for(|now| *now > delivered).await.is_err() {
            tokio::time::sleep(REOPENED).await;
            continue;
        }
        until(entry.search.when.due(Timestamp::now(), shared.daily_at)).await;
        let failed = |first, last, hits, error| Delivery {
            at: Timestamp::now(),
            first,
            last,
            hits,
            error: Some(error),
        };
        let came = match ask(&shared, entry.search.clone(), delivered).await {
            Ok(came) => came,
            Err(error) => {
                tracing::warn!(search = name, error, "a saved search cannot be asked");
                shared.saved.failed(&addressee, failed(0, 0, 0, error));
                continue;
            }
        };
        let (Some(first), Some(last)) = (came.hits.first(), came.hits.last()) else {
            shared.saved.passed(&addressee, came.settled);
            tokio::time::sleep(PACE).await;
            continue;
        };
        let (first, last, hits) = (first.sequence, last.sequence, came.hits.len());
        let message =
            Message { search: name.clone(), title: entry.search.title.clone(), hits: came.hits, test: false };
        match shared.webhooks.deliver(target, &message).await {
            Ok(()) => {
                let delivery = Delivery { at: Timestamp::now(), first, last, hits, error: None };
                shared.saved.confirmed(&addressee, delivery, came.settled);
                metrics::counter!("alerts_delivered_total").increment(1);
                metrics::counter!("alerts_delivered_hits_total").increment(hits as u64);
            }
            Err(error) => {
                let error = error.to_string();
                tracing::warn!(search = name, error, "a delivery failed; it is tried again");
                shared.saved.failed(&addressee, failed(first, last, hits, error));
                metrics::counter!("alerts_delivery_errors_total").increment(1);
                continue;
            }
        }
        if hits < LARGEST_DELIVERY {
            tokio::time::sleep(PACE).await;
        }
    }
}

/// What came for a search after the sequence `after`; the error is for people.
async fn ask(shared: &Arc<Shared>, search: SavedSearch, after: u64) -> Result<Came, String> {
    let asked = Arc::clone(shared);
    let work = move || {
        let Some(service) = asked.service.upgrade() else {
            return Ok(Came { hits: Vec::new(), settled: after });
        };
        came(&asked, &service, &search, after)
    };
    let answer = shared.asking.ask(work).await;
    answer.unwrap_or_else(|| Err("a bug in gisa; see the server's log for where it happened".to_owned()))
}

fn came(shared: &Shared, service: &Service, search: &SavedSearch, after: u64) -> Result<Came, String> {
    let Some(serving) = service.serving() else { return Ok(Came { hits: Vec::new(), settled: after }) };
    let request = (shared.read)(&search.params, &serving.language)?;
    let context = serving.context(service.config(), Some(Instant::now() + DEADLINE));
    let window = Arrivals { after, size: LARGEST_DELIVERY, latest: false };
    let last = serving.archive().about().sequence;
    let find =
        |context: &SearchContext<'_>| super::came(context, &request, service.earlier_texts(), window, last);
    let came = match &search.filter {
        Some(filter) => context.restricted(&filter.conditions(&serving.language), find),
        None => find(&context),
    };
    came.map_err(|error| error.to_string())
}

/// Waits until a moment of the calendar, at once where it has passed.
async fn until(moment: Timestamp) {
    let left = moment.seconds().saturating_sub(Timestamp::now().seconds());
    if let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) {
        tokio::time::sleep(Duration::from_secs(left)).await;
    }
}
