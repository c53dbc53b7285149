//! Metrics in Prometheus' text format. There is one recorder for the whole process, as the `metrics` macros require.
//!
//! Every name gets the prefix `gisa_` here, so that the code counts `search_seconds` and Prometheus sees `gisa_search_seconds`. What
//! all programs report of themselves keeps the name that Prometheus' own client libraries give it: `process_open_fds`.

use std::sync::OnceLock;

use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SetRecorderError, SharedString, Unit,
    describe_counter, describe_gauge, describe_histogram,
};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use metrics_process::Collector;

use super::connections::REFUSED_FOR;
use crate::korean::dictionary;

/// Upper bounds of the histograms' buckets, in seconds: from a cached search to the deadline.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];
/// Counters without labels. They are there from the start: an alert on a counter's growth misses the first event of one that
/// appears with it.
const FROM_ZERO: [&str; 16] = [
    "alerts_delivered_hits_total",
    "alerts_delivered_total",
    "alerts_delivery_errors_total",
    "audit_errors_total",
    "exported_articles_total",
    "http_server_errors_total",
    "index_write_errors_total",
    "journal_entries_total",
    "journal_errors_total",
    "kept_queries_lost_total",
    "search_partial_total",
    "search_relaxed_total",
    "search_shed_total",
    "search_timeouts_total",
    "search_zero_hits_total",
    "unauthorized_total",
];

static TELEMETRY: OnceLock<Option<Telemetry>> = OnceLock::new();

/// The metrics of this process.
pub(super) struct Telemetry {
    handle: PrometheusHandle,
    /// Memory, processor time and descriptors, as the operating system sees them.
    process: Collector,
}

/// The metrics of this process; `None` if another part of it has installed its own recorder.
pub(super) fn telemetry() -> Option<&'static Telemetry> {
    let installed = TELEMETRY.get_or_init(|| {
        install().inspect_err(|error| tracing::warn!(%error, "metrics are not available")).ok()
    });
    installed.as_ref()
}

impl Telemetry {
    /// All metrics in Prometheus' text format.
    pub(super) fn render(&self) -> String {
        self.process.collect();
        self.handle.render()
    }

    /// Sums up histograms, so that they do not grow while nobody reads them.
    pub(super) fn run_upkeep(&self) {
        self.handle.run_upkeep();
    }
}

/// Why there are no metrics.
#[derive(Debug, thiserror::Error)]
enum InstallError {
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Set(#[from] SetRecorderError<Prefixed>),
}

/// A recorder that puts `gisa_` before names.
struct Prefixed(PrometheusRecorder);

impl Prefixed {
    fn name(name: &str) -> String {
        if name.starts_with("process_") { name.to_owned() } else { format!("gisa_{name}") }
    }

    fn key(key: &Key) -> Key {
        Key::from_parts(Self::name(key.name()), key.labels())
    }
}

impl Recorder for Prefixed {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.0.describe_counter(Self::name(name.as_str()).into(), unit, description);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.0.describe_gauge(Self::name(name.as_str()).into(), unit, description);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.0.describe_histogram(Self::name(name.as_str()).into(), unit, description);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        self.0.register_counter(&Self::key(key), metadata)
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        self.0.register_gauge(&Self::key(key), metadata)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        self.0.register_histogram(&Self::key(key), metadata)
    }
}

fn install() -> Result<Telemetry, InstallError> {
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(Prefixed(recorder))?;
    let process = Collector::default();
    process.describe();
    describe_requests();
    describe_searches();
    describe_articles();
    for name in FROM_ZERO {
        metrics::counter!(name).absolute(0);
    }
    for reason in REFUSED_FOR {
        metrics::counter!("http_connections_refused_total", "reason" => reason).absolute(0);
    }
    describe_gauge!("build_info", "Always 1; the labels say what is running.");
    let dictionary = dictionary::archive_hash().get(..12).unwrap_or_default();
    metrics::gauge!("build_info", "version" => env!("CARGO_PKG_VERSION"), "dictionary" => dictionary)
        .set(1.0);
    Ok(Telemetry { handle, process })
}

fn describe_requests() {
    describe_counter!("http_requests_total", "Requests by route, method and status.");
    describe_counter!("http_server_errors_total", "Requests that ended with a server error other than 503.");
    describe_histogram!("http_request_seconds", "Seconds until the answer began, by route.");
    describe_gauge!("http_requests_in_flight", "Requests being answered.");
    describe_gauge!("http_connections", "Open connections.");
    describe_counter!(
        "http_connections_refused_total",
        "Connections refused because too many were being answered, in all or of an address, or because no files were left."
    );
    describe_counter!(
        "http_connections_closed_total",
        "Connections closed because they were idle, slow, or made room for a new one."
    );
    describe_counter!("log_lines_lost_total", "Lines of the log that could not be written.");
    describe_gauge!("keys_unavailable", "1 while no key is accepted, because keys are not known.");
    describe_counter!("unauthorized_total", "Requests whose key was missing or wrong.");
    describe_counter!("audit_errors_total", "Lines of the audit log that could not be written.");
    describe_counter!(
        "kept_queries_lost_total",
        "What readers asked that could not be kept, where search.keep_queries is on."
    );
    describe_gauge!("exports_running", "Exports and feeds of more than one batch that are being written.");
    describe_counter!("exported_articles_total", "Articles written into exports and feeds.");
}

fn describe_searches() {
    describe_histogram!("search_seconds", "Seconds that searches took.");
    describe_histogram!(
        "suggest_seconds",
        "Seconds that suggestions took, including the wait for their turn."
    );
    describe_counter!("search_zero_hits_total", "Searches with a query that found nothing.");
    describe_counter!("search_partial_total", "Searches that were answered without a part of the cluster.");
    describe_counter!("search_relaxed_total", "Searches in which fewer words had to match than requested.");
    describe_counter!(
        "search_shed_total",
        "Searches, suggestions and exports turned away because too many were running or waiting."
    );
    describe_counter!("search_timeouts_total", "Searches that did not finish before their deadline.");
}

fn describe_articles() {
    describe_gauge!("index_documents", "Articles in the generation that serves.");
    describe_gauge!("index_segments", "Segments of the generation that serves.");
    describe_gauge!("index_bytes", "Bytes of the generation that serves.");
    describe_gauge!("index_age_seconds", "Seconds since the generation that serves was built.");
    describe_gauge!(
        "index_out_of_date",
        "1 if a reindex is due, because analyzer, dictionary or lexicon changed."
    );
    describe_counter!(
        "index_write_errors_total",
        "Failures to make pushed articles searchable; each is tried again."
    );
    describe_gauge!("reindex_running", "1 while a reindex, a changed run or a restore runs.");
    describe_counter!("changed_runs_total", "Changed runs that have ended, by outcome.");
    describe_gauge!("last_changed_seconds", "Seconds of the last successful changed run.");
    describe_gauge!(
        "files_not_followed",
        "1 if files that are gone or have changed are not followed, and /ready says why."
    );
    describe_gauge!("last_reindex_seconds", "Seconds of the last successful reindex.");
    describe_gauge!("last_reindex_refused", "Records and files refused by the last successful reindex.");
    describe_gauge!(
        "last_reindex_replaced",
        "Articles that later ones with the same id replaced in the last successful reindex."
    );
    describe_gauge!("last_reindex_articles", "Articles of files in the last successful reindex, by format.");
    describe_gauge!(
        "last_reindex_refused_records",
        "Records and files refused by the last successful reindex, by reason."
    );
    describe_gauge!(
        "last_reindex_articles_without",
        "Articles of files in the last successful reindex without body, date or outlet."
    );
    describe_gauge!(
        "analyzer_fallbacks",
        "Words that the segmenter could not split and that were indexed whole."
    );
    describe_gauge!("journal_sequence", "The number of the last durable write over HTTP.");
    describe_gauge!("cluster_failing", "1 while the cluster cannot be asked or filled.");
    describe_gauge!("cluster_entries_behind", "Durable writes that the cluster has not taken yet.");
    describe_gauge!("cluster_seconds_behind", "Seconds for which the first of them has been waiting.");
    describe_gauge!("cluster_articles_left_out", "Articles that the cluster cannot hold.");
    describe_counter!("cluster_fill_errors_total", "Failed attempts to fill the cluster.");
    describe_histogram!("cluster_fill_seconds", "Seconds in which the cluster took what was committed.");
    describe_gauge!("journal_not_searchable", "Durable writes that searches do not see yet.");
    describe_counter!("journal_entries_total", "Articles and deletions written over HTTP.");
    describe_counter!("journal_errors_total", "Writes that could not be stored; nothing was acknowledged.");
    describe_counter!("alerts_delivered_total", "Deliveries of saved searches that were confirmed.");
    describe_counter!(
        "alerts_delivered_hits_total",
        "Hits in deliveries of saved searches that were confirmed."
    );
    describe_counter!(
        "alerts_delivery_errors_total",
        "Deliveries of saved searches that failed; each is tried again."
    );
    describe_gauge!("alerts_failing", "Addresses of saved searches that cannot be reached.");
    // There before the first look, though what sets it begins after the server.
    metrics::gauge!("alerts_failing").set(0.0);
    describe_histogram!("journal_sync_seconds", "Seconds until a group of writes was on the disk.");
}
