//! Metrics in Prometheus' text format. There is one recorder for the whole process, as the `metrics` macros require.

use std::sync::OnceLock;

use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the histograms' buckets, in seconds: from a cached search to the deadline.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// The recorder's handle; `None` if another part of the process has installed its own recorder.
pub(super) fn handle() -> Option<&'static PrometheusHandle> {
    let installed = HANDLE.get_or_init(|| {
        install().inspect_err(|error| tracing::warn!(%error, "metrics are not available")).ok()
    });
    installed.as_ref()
}

fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    describe_counter!("http_requests_total", "Requests by route, method and status.");
    describe_histogram!("http_request_seconds", "Seconds until the answer began, by route.");
    describe_gauge!("http_requests_in_flight", "Requests being answered.");
    describe_histogram!("search_seconds", "Seconds that searches took.");
    describe_counter!("search_zero_hits_total", "Searches with a query that found nothing.");
    describe_counter!("search_relaxed_total", "Searches in which fewer words had to match than requested.");
    describe_counter!(
        "search_shed_total",
        "Searches, suggestions and exports turned away because too many were running or waiting."
    );
    describe_counter!("search_timeouts_total", "Searches that did not finish before their deadline.");
    describe_gauge!("exports_running", "Exports and feeds of more than one batch that are being written.");
    describe_counter!("unauthorized_total", "Requests whose token was missing or wrong.");
    describe_counter!("audit_errors_total", "Lines of the audit log that could not be written.");
    describe_gauge!("index_documents", "Articles in the generation that serves.");
    describe_gauge!("index_bytes", "Bytes of the generation that serves.");
    describe_gauge!("index_age_seconds", "Seconds since the generation that serves was built.");
    describe_gauge!(
        "index_out_of_date",
        "1 if a reindex is due, because analyzer, dictionary or lexicon changed."
    );
    describe_gauge!("reindex_running", "1 while a reindex runs.");
    describe_gauge!("last_reindex_seconds", "Seconds of the last successful reindex.");
    describe_gauge!("last_reindex_refused", "Records and files refused by the last successful reindex.");
    describe_gauge!(
        "analyzer_fallbacks",
        "Words that the segmenter could not split and that were indexed whole."
    );
    Ok(handle)
}
