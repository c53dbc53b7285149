//! The task of one target.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Came, Shared};
use crate::alerts::{Addressee, Delivery, Message, Recipient, Rest, SavedSearch};
use crate::article::Timestamp;
use crate::search::types::SearchRequest;
use crate::search::{Arrivals, SearchContext, SearchError, arrived_sequences};
use crate::service::Service;

/// Hits of one delivery at most; more come with the next.
const LARGEST_DELIVERY: usize = 100;
/// Hits that a mail shows at most; more are counted.
const LARGEST_MAIL: usize = 50;
/// From one mail to the same mailbox to the next at least: people read them.
const MAIL_PACE: Duration = Duration::from_secs(60);
/// From one question to the next at least: commits come four times a second, and all targets ask after each.
const PACE: Duration = Duration::from_millis(500);
/// How long a question may take.
const DEADLINE: Duration = Duration::from_secs(30);
/// When to look again whether anything can come at all, after a restore has closed the journal.
const REOPENED: Duration = Duration::from_millis(200);

/// Tells a target what comes, until its search is saved anew or removed, or the server stops.
pub(super) async fn follow(shared: Arc<Shared>, addressee: Addressee) {
    let Addressee { search: name, address, .. } = &addressee;
    // Whether the last delivery could not hold all that was due.
    let mut is_behind = false;
    loop {
        let Ok(Some(entry)) = shared.saved.get(name) else { return };
        if entry.revision != addressee.revision {
            // Another task has taken over, or is about to.
            return;
        }
        let recipient = entry.search.recipients().find(|recipient| recipient.address() == *address);
        let (Some(recipient), Some(progress)) = (recipient, entry.targets.get(address)) else { return };
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
        // What was due and could not be delivered does not wait for the next hour or day.
        if progress.failing.is_none() && !is_behind {
            until(entry.search.when.due(Timestamp::now(), shared.daily_at)).await;
        }
        // Before the index is asked: whoever waits for the mail server holds no articles meanwhile.
        let turn = shared.deliveries.turn(&recipient).await;
        let way = Way::to(&recipient);
        let delivery = |first, last, hits, error| Delivery { at: Timestamp::now(), first, last, hits, error };
        let (came, rest) = match ask(&shared, entry.search.clone(), delivered, way).await {
            Ok(came) => came,
            Err(error) => {
                tracing::warn!(search = name, error, "a saved search cannot be asked");
                shared.saved.failed(&addressee, delivery(0, 0, 0, Some(error)));
                continue;
            }
        };
        is_behind = false;
        let settled = came.settled;
        let (title, params) = (entry.search.title.clone(), entry.search.params.clone());
        let message = Message { search: name.clone(), title, hits: came.hits, test: false, params, rest };
        let Some((first, last)) = message.sequences() else {
            shared.saved.passed(&addressee, settled);
            drop(turn);
            tokio::time::sleep(PACE).await;
            continue;
        };
        let hits = message.count();
        match shared.deliveries.deliver(&recipient, &message).await {
            Ok(()) => {
                shared.saved.confirmed(&addressee, delivery(first, last, hits, None), settled);
                metrics::counter!("alerts_delivered_total").increment(1);
                metrics::counter!("alerts_delivered_hits_total").increment(hits as u64);
            }
            Err(error) => {
                let error = error.to_string();
                tracing::warn!(search = name, error, "a delivery failed; it is tried again");
                shared.saved.failed(&addressee, delivery(first, last, hits, Some(error)));
                metrics::counter!("alerts_delivery_errors_total").increment(1);
                continue;
            }
        }
        drop(turn);
        match way {
            Way::Mail => tokio::time::sleep(MAIL_PACE).await,
            Way::Webhook => {
                is_behind = hits >= LARGEST_DELIVERY && settled < *searchable.borrow();
                if !is_behind {
                    tokio::time::sleep(PACE).await;
                }
            }
        }
    }
}

/// How a delivery goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Webhook,
    Mail,
}

impl Way {
    fn to(recipient: &Recipient<'_>) -> Self {
        match recipient {
            Recipient::Webhook { .. } => Self::Webhook,
            Recipient::Mailbox(_) => Self::Mail,
        }
    }
}

/// What came for a search after the sequence `after`, as it is delivered on its `way`; the error is for people.
async fn ask(
    shared: &Arc<Shared>,
    search: SavedSearch,
    after: u64,
    way: Way,
) -> Result<(Came, Option<Rest>), String> {
    let asked = Arc::clone(shared);
    let work = move || {
        let Some(service) = asked.service.upgrade() else { return Ok((Came::nothing(after), None)) };
        came(&asked, &service, &search, after, way)
    };
    let answer = shared.asking.ask(work).await;
    answer.unwrap_or_else(|| Err("a bug in gisa; see the server's log for where it happened".to_owned()))
}

fn came(
    shared: &Shared,
    service: &Service,
    search: &SavedSearch,
    after: u64,
    way: Way,
) -> Result<(Came, Option<Rest>), String> {
    let Some(serving) = service.serving() else { return Ok((Came::nothing(after), None)) };
    let mut request = (shared.read)(&search.params, &serving.language)?;
    // A mail without the sentences that matched would only be a list of titles.
    request.highlight |= way == Way::Mail;
    let context = serving.context(service.config(), Some(Instant::now() + DEADLINE));
    let last = serving.archive().about().sequence;
    let find = |context: &SearchContext<'_>| match way {
        Way::Webhook => {
            let window = Arrivals { after, size: LARGEST_DELIVERY, latest: false };
            let came = super::came(context, &request, service.earlier_texts(), window, last)?;
            Ok((came, None))
        }
        Way::Mail => mailed(context, &request, service, after, last),
    };
    let came: Result<_, SearchError> = match &search.filter {
        Some(filter) => context.restricted(&filter.conditions(&serving.language), find),
        None => find(&context),
    };
    came.map_err(|error| error.to_string())
}

/// What a mail shows, and what it counts: with both everything up to the sequence `last` is settled.
fn mailed(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    service: &Service,
    after: u64,
    last: u64,
) -> Result<(Came, Option<Rest>), SearchError> {
    let window = Arrivals { after, size: LARGEST_MAIL, latest: false };
    let shown = super::came(context, request, service.earlier_texts(), window, last)?;
    let counted = match shown.hits.last().filter(|_| window.is_filled_by(shown.hits.len())) {
        Some(shown) => arrived_sequences(context, request, shown.sequence)?,
        None => Vec::new(),
    };
    let rest = counted.last().map(|last| Rest { hits: counted.len(), last: *last });
    let settled = rest.map_or(shown.settled, |rest| rest.last).max(last);
    Ok((Came { settled, ..shown }, rest))
}

/// Waits until a moment of the calendar, at once where it has passed.
async fn until(moment: Timestamp) {
    let left = moment.seconds().saturating_sub(Timestamp::now().seconds());
    if let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) {
        tokio::time::sleep(Duration::from_secs(left)).await;
    }
}
