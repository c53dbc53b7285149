//! Metrics in Prometheus' text format. One recorder serves the whole process: the `metrics` macros know no other.

use std::sync::OnceLock;

use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the histograms' buckets, in seconds: from a cached search to the deadline.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// The recorder's handle; none if another part of the process has installed its own recorder.
pub(super) fn handle() -> Option<&'static PrometheusHandle> {
    let installed = HANDLE
        .get_or_init(|| install().inspect_err(|error| tracing::warn!(%error, "there are no metrics")).ok());
    installed.as_ref()
}

fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    describe_counter!("http_requests_total", "Requests by route, method and status.");
    describe_histogram!("http_request_seconds", "Seconds until the answer began, by route.");
    describe_gauge!("http_requests_in_flight", "Requests that are being answered.");
    describe_histogram!("search_seconds", "Seconds in the search engine.");
    describe_counter!("search_zero_hits_total", "Searches with a query that found nothing.");
    describe_counter!("search_relaxed_total", "Searches in which fewer words had to match than asked.");
    describe_counter!("search_shed_total", "Searches turned away because too many waited.");
    describe_counter!("search_timeouts_total", "Searches given up at their deadline.");
    describe_counter!("unauthorized_total", "Requests without the right token.");
    describe_gauge!("index_documents", "Articles in the generation that serves.");
    describe_gauge!("index_bytes", "Bytes of the generation that serves.");
    describe_gauge!("index_age_seconds", "Seconds since the generation that serves was built.");
    describe_gauge!(
        "index_out_of_date",
        "1 if a reindex is due, because analyzer, dictionary or lexicon changed."
    );
    describe_gauge!("reindex_running", "1 while a reindex runs.");
    describe_gauge!("last_reindex_seconds", "Seconds of the last successful reindex.");
    describe_gauge!("last_reindex_refused", "Records and files that the last successful reindex refused.");
    describe_gauge!(
        "analyzer_fallbacks",
        "Words that the segmenter could not take and that were taken whole."
    );
    Ok(handle)
}
