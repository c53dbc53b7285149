//! Serving: from a bound listener to the last drained request.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::net::TcpListener;

use super::middleware::observe;
use super::routes::searches::given;
use super::state::AppState;
use super::{connections, router, telemetry};
use crate::korean::Language;
use crate::service::{JobRefused, Service};

/// How long requests and a running job may take to end after the server is told to stop.
const DRAIN: Duration = Duration::from_secs(7);
/// How long the last commit may take after that: the sum is below the ten seconds that service managers wait.
const LAST_COMMIT: Duration = Duration::from_secs(2);
/// How often histograms are summed up, so that they do not grow while nobody reads `/metrics`, and former generations are
/// released.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves on `listener` until `stop` ends, then drains for at most seven seconds.
///
/// Builds an index in the background if there is none, and verifies an existing one.
pub async fn serve(listener: TcpListener, state: AppState, stop: impl Future<Output = ()> + Send + 'static) {
    let kept = Arc::clone(state.service());
    let upkeep = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            if let Some(telemetry) = telemetry::telemetry() {
                telemetry.run_upkeep();
            }
            observe::say_what_was_left_out();
            kept.close_unused_editions();
        }
    });
    if let Err(error) = state.service().start_writing() {
        tracing::error!(%error, "articles cannot be written over HTTP");
    }
    if let Err(error) = state.service().start_following() {
        tracing::error!(%error, "the cluster is not followed");
    }
    if let Err(error) = state.service().start_watching() {
        tracing::error!(%error, "the articles folder is not followed");
    }
    let read = |params: &Map<String, Value>, language: &Language| {
        given::request(params, language).map_err(|error| error.detail().to_owned())
    };
    let alerting = match state.service().alerting(Arc::new(read)) {
        Ok(alerting) => Some(tokio::spawn(alerting)),
        Err(error) => {
            tracing::error!(%error, "what comes for saved searches is not delivered");
            None
        }
    };
    settle(state.service());

    let (drained, begins) = (state.clone(), Arc::new(tokio::sync::Notify::new()));
    let begun = Arc::clone(&begins);
    let stopping = async move {
        stop.await;
        tracing::info!("stopping: no new requests");
        // The time runs from here: whatever hangs from now on, a folder on a network too, is waited for no longer than that.
        begun.notify_one();
        drained.stop();
        // Before its last job is cancelled: it must not begin another.
        let watched = Arc::clone(drained.service());
        if tokio::task::spawn_blocking(move || watched.stop_watching()).await.is_err() {
            tracing::error!("the thread that follows the articles folder could not be waited for");
        }
        drained.service().jobs().cancel_running();
    };
    let service = Arc::clone(state.service());
    let last = state.clone();
    let settings = state.config().server.clone();
    let server = connections::serve(listener, router::router(state), &settings, stopping);
    let drain_timeout = async {
        begins.notified().await;
        tokio::time::sleep(DRAIN).await;
    };
    let all_ended = async {
        server.await;
        // All connections have ended; the job may still be removing its files.
        ended(&service).await;
    };
    tokio::select! {
        () = all_ended => {}
        () = drain_timeout => {
            tracing::warn!("some requests or a job did not end in time and were cut off");
            service.jobs().cancel_running();
        }
    }
    upkeep.abort();
    let over = tokio::time::Instant::now() + LAST_COMMIT;
    if let Some(alerting) = alerting {
        alerting.abort();
        // Cancelled or not: its tasks are gone when it is.
        let _ = tokio::time::timeout_at(over, alerting).await;
    }
    // Acknowledged articles are durable already; the last commit makes them searchable at the next start.
    let writing = tokio::task::spawn_blocking(move || {
        if let Some(audit) = last.audit() {
            audit.wait_for_last();
        }
        if let Some(queries) = last.queries() {
            queries.wait_for_last();
        }
        last.service().stop_writing();
        last.service().stop_following();
        if let Err(error) = last.service().saved_searches().write_down() {
            tracing::error!(%error, "what was delivered last is delivered again after the start");
        }
    });
    if tokio::time::timeout_at(over, writing).await.is_err() {
        tracing::warn!("the last pushed articles become searchable only after the next start");
    }
    tracing::info!("stopped");
}

/// Waits until no job runs.
async fn ended(service: &Service) {
    let mut changes = service.jobs().changes();
    while service.jobs().running().is_some() {
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// Gets a generation to serve: builds one if there is none, and looks for damage in an existing one, in the background.
fn settle(service: &Arc<Service>) {
    let build = |service: &Arc<Service>| match service.start_reindex(false) {
        Ok(job) => tracing::info!(job = job.id, "there is no index to serve; building one"),
        Err(JobRefused::Running(_)) => {}
        Err(error) => tracing::error!(%error, "cannot build an index"),
    };
    if service.needs_an_index() {
        build(service);
        return;
    }
    if let Some(reason) = service.out_of_date() {
        tracing::warn!(reason, "a reindex is due: POST /api/admin/reindex");
    }
    let service = Arc::clone(service);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = service.verify_dictionary() {
            tracing::error!(%error, "the unpacked dictionary is damaged and cannot be mended");
        }
        if let Err(error) = service.verify_serving() {
            tracing::error!(%error, "cannot look for an older generation");
        }
        if service.needs_an_index() {
            build(&service);
        }
    });
}
