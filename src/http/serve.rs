//! Serving: from a bound listener to the last drained request.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::state::AppState;
use super::{router, telemetry};
use crate::service::{JobRefused, Service};

/// How long requests and a running job may take to end once the server is told to stop.
pub const DRAIN: Duration = Duration::from_secs(7);
/// How long the last commit may take after that: ten seconds in all, as service managers wait.
const LAST_COMMIT: Duration = Duration::from_secs(2);
/// How often histograms are folded, so that they do not grow where nobody reads `/metrics`, and former generations let go.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves on `listener` until `stop` ends, then drains for at most [`DRAIN`].
///
/// Builds an index in the background if there is none, and verifies the one there is.
///
/// # Errors
/// An I/O error of the listener.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let kept = Arc::clone(state.service());
    let upkeep = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            if let Some(handle) = telemetry::handle() {
                handle.run_upkeep();
            }
            kept.close_unused_editions();
        }
    });
    if let Err(error) = state.service().start_writing() {
        tracing::error!(%error, "no articles can be pushed");
    }
    settle(state.service());

    let (drained, begins) = (state.clone(), Arc::new(tokio::sync::Notify::new()));
    let begun = Arc::clone(&begins);
    let stopping = async move {
        stop.await;
        tracing::info!("stopping: no new requests");
        drained.stop();
        drained.service().jobs().cancel_running();
        begun.notify_one();
    };
    let service = Arc::clone(state.service());
    let last = Arc::clone(state.service());
    let server = axum::serve(listener, router::router(state)).with_graceful_shutdown(stopping);
    let patience = async {
        begins.notified().await;
        tokio::time::sleep(DRAIN).await;
    };
    let outcome = tokio::select! {
        outcome = async { server.await } => {
            // All connections have ended; the job may still be cleaning up behind itself.
            let _ = tokio::time::timeout(DRAIN, ended(&service)).await;
            outcome
        }
        () = patience => {
            tracing::warn!("some requests did not end in time and are cut off");
            Ok(())
        }
    };
    upkeep.abort();
    // What was acknowledged is durable; what is left is to make it searchable for the next start.
    let writing = tokio::task::spawn_blocking(move || last.stop_writing());
    if tokio::time::timeout(LAST_COMMIT, writing).await.is_err() {
        tracing::warn!("pushed articles become searchable with the next start");
    }
    tracing::info!("stopped");
    outcome
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

/// Gets a generation to serve: builds one if there is none, and looks for damage in the one there is, in the
/// background.
fn settle(service: &Arc<Service>) {
    let build = |service: &Arc<Service>| match service.start_reindex() {
        Ok(job) => tracing::info!(job = job.id, "there is no index to serve: building one"),
        Err(JobRefused::Running(_)) => {}
        Err(error) => tracing::error!(%error, "cannot build an index"),
    };
    match service.serving() {
        None => build(service),
        Some(serving) => {
            if let Some(reason) = serving.out_of_date() {
                tracing::warn!(reason, "a reindex is due: POST /api/admin/reindex");
            }
            let service = Arc::clone(service);
            tokio::task::spawn_blocking(move || {
                if let Err(error) = service.verify_serving() {
                    tracing::error!(%error, "cannot look for an older generation");
                }
                if service.serving().is_none() {
                    build(&service);
                }
            });
        }
    }
}
