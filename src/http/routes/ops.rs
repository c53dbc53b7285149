//! `/live`, `/ready`, `/version`, `/metrics`: for operators. None of them waits for search permits.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

use crate::config::Gate;
use crate::http::access::{Caller, Who};
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::audit::AuditLog;
use crate::http::connections::Room;
use crate::http::middleware::turned_away;
use crate::http::state::AppState;
use crate::http::telemetry;
use crate::index::schema::ANALYZER_VERSION;
use crate::korean::dictionary;
use crate::logging::{self, LogStatus};
use crate::search;
use crate::search::types::SearchRequest;
use crate::service::{ClusterStatus, JobKind, Serving, WatchStatus, WriteStatus};

/// The process is alive.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Live {
    status: &'static str,
}

/// Check that the process is alive
///
/// Never touches the index.
#[utoipa::path(get, path = "/live", tag = "operations", operation_id = "live",
    responses((status = 200, description = "It is alive", body = Live)))]
pub(in crate::http) async fn live() -> Json<Live> {
    Json(Live { status: "live" })
}

/// Searches are answered.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Ready {
    status: &'static str,
    /// The generation that serves.
    generation: String,
    /// `true` where a part of the cluster does not answer, so that searches are answered without it, and say so; left out where none is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<bool>,
    /// Its articles; null where reading is closed to whoever asks, or a fixed filter hides some.
    articles: Option<u64>,
    /// Why a reindex is due, if it is.
    out_of_date: Option<String>,
    /// The damage of the generation that should serve, if an older one serves instead.
    damage: Option<String>,
    /// The damage of the unpacked dictionary, also after it was unpacked anew, until the next reindex.
    dictionary_damage: Option<String>,
    /// How far writing has come; null if articles cannot be written over HTTP, and where `articles` is.
    writes: Option<WriteStatus>,
    /// Why not, if they cannot, and what to do.
    writes_off: Option<String>,
    /// How far the cluster is, where one holds the articles; null where none does.
    cluster: Option<ClusterStatus>,
    /// Damage that was found in the journal of pushed articles and set aside.
    journal_damage: Vec<String>,
    /// Lines of the server's log that could not be written.
    log: LogHealth,
    /// Why no key is accepted; null if the file of keys is sound. A server that only reads is not ready without the writer's keys.
    keys: Option<&'static str>,
    /// Why the audit log cannot be written; null if it can, or there is none.
    audit: Option<String>,
    /// What came from changed files since the last full reindex.
    changes: Changes,
    /// The last job, if it failed; what served before it still does. Null where `articles` is.
    failed_job: Option<FailedJob>,
    /// How many addresses of saved searches cannot be reached; `GET /api/searches` says which, and why.
    alerts_failing: usize,
    /// What to look at, though searches are answered.
    advice: Vec<String>,
}

/// What changed runs have done, and have left undone.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Changes {
    /// Since when articles were taken from changed files one by one: reprint groups and scores may differ from those of a full
    /// reindex until the next one. Null if all are of one build.
    since: Option<String>,
    /// Why files that are gone or have changed were not followed, with both numbers; null if they were. Null where `articles` is.
    withheld: Option<String>,
    /// How the articles folder is followed (`[ingest] watch`); null if it is not.
    watch: Option<WatchStatus>,
}

/// Lines of the server's log that could not be written.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LogHealth {
    /// Lines lost since the start.
    lost_lines: u64,
    /// Why lines are being lost now; null if they are written.
    error: Option<String>,
}

/// A job that failed.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct FailedJob {
    id: String,
    kind: JobKind,
    error: String,
}

/// Check that searches are answered
///
/// 200 if a generation is open and a canary search finds its articles, even while a reindex runs; 503 with the reason otherwise.
#[utoipa::path(get, path = "/ready", tag = "operations", operation_id = "ready",
    responses(
        (status = 200, description = "They are answered", body = Ready),
        (status = 503, description = "Not yet; `detail` says why", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn ready(
    State(state): State<AppState>,
    caller: Result<Caller, ApiError>,
) -> Result<Json<Ready>, ApiError> {
    if state.is_stopping() {
        return Err(ApiError::new(Code::NotReady, "the server is stopping"));
    }
    let service = state.service();
    let for_readers = |text: String| state.config().without_places(&text);
    // Before asking for the generation: the one that serves afterwards holds at least the writes seen here.
    let mut followed = service.write_status();
    if let Some(error) = followed.as_mut().and_then(|followed| followed.error.as_mut()) {
        *error = for_readers(std::mem::take(error));
    }
    let writes_off = service.writes_off().map(for_readers);
    let serving = state.serving()?;
    let keys = state.gatekeeper().keys_trouble();
    if let Some(closed) = keys.as_ref().filter(|error| error.code() == Code::KeysUnavailable) {
        return Err(closed.clone());
    }
    let about = serving.archive().about();
    let LogStatus { lost_lines, error } = logging::status();
    let ready = Ready {
        status: "ready",
        generation: about.name.to_owned(),
        partial: None,
        articles: Some(about.articles),
        out_of_date: service.out_of_date().map(str::to_owned),
        damage: service.damage().map(for_readers),
        dictionary_damage: service.dictionary_damage().map(for_readers),
        // A journal that is only read is followed too, but nothing is written.
        writes: followed.clone().filter(|_| writes_off.is_none()),
        writes_off,
        cluster: service.cluster_status(),
        journal_damage: service
            .journal_recovery()
            .map(|recovery| recovery.damage().into_iter().map(for_readers).collect())
            .unwrap_or_default(),
        log: LogHealth { lost_lines, error },
        changes: Changes {
            since: service.changed_since(),
            withheld: service.withheld().map(for_readers),
            watch: service.watch_status().map(|watch| {
                let error = watch.error.map(for_readers);
                WatchStatus { error, ..watch }
            }),
        },
        alerts_failing: service.saved_searches().failing(),
        advice: state.one_address().advice().into_iter().collect(),
        failed_job: service
            .jobs()
            .last_finished()
            .and_then(|job| Some(FailedJob { id: job.id, kind: job.kind, error: for_readers(job.error?) })),
        keys: keys.map(|_| "keys.toml cannot be read; the server's log says why"),
        audit: state.audit().and_then(AuditLog::trouble),
    };
    let sees_all = sees_all(&state, caller.as_ref().ok());
    let held = about.articles;
    if let Some(writes) = followed.as_ref().filter(|writes| !writes.caught_up) {
        let WriteStatus { durable, searchable, error, .. } = writes;
        let reason = error.as_ref().map(|error| format!(" ({error})")).unwrap_or_default();
        let counts = if sees_all { format!(": {searchable} of {durable}") } else { String::new() };
        let detail = format!("pushed articles are being made searchable{counts}{reason}");
        return Err(ApiError::new(Code::NotReady, detail).retry_after(1));
    }
    let asked = state.clone();
    let canary = move || {
        let request = SearchRequest { size: 1, page: 1, ..SearchRequest::default() };
        let context = serving.context(asked.config(), None);
        context.or_partly(|context| search::search(context, &request))
    };
    match tokio::task::spawn_blocking(canary).await {
        Ok(Ok(answer)) if answer.total == held || answer.partial.is_some() => {
            let ready = Ready { partial: answer.partial, ..ready };
            if sees_all {
                return Ok(Json(ready));
            }
            // Whoever sees a part of the archive, or nothing of it, learns nothing of the whole.
            let changes = Changes { withheld: None, ..ready.changes };
            let cluster = ready.cluster.map(ClusterStatus::for_anybody);
            Ok(Json(Ready { articles: None, writes: None, failed_job: None, changes, cluster, ..ready }))
        }
        Ok(Ok(answer)) => {
            let found = answer.total;
            let counts = if sees_all {
                format!(" {found} of {held} articles")
            } else {
                " too few articles".to_owned()
            };
            Err(ApiError::new(Code::NotReady, format!("the canary search found{counts}")))
        }
        Ok(Err(error)) => {
            let detail = format!("the canary search failed: {}", for_readers(error.to_string()));
            Err(ApiError::new(Code::NotReady, detail))
        }
        Err(panicked) => Err(ApiError::internal(panicked)),
    }
}

/// Whether somebody may know how much the whole archive holds.
fn sees_all(state: &AppState, caller: Option<&Caller>) -> bool {
    caller.is_some_and(|caller| state.gatekeeper().sees_all(caller))
}

/// The running program and the generation that serves.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Version {
    name: &'static str,
    version: &'static str,
    /// Version of this program's analysis.
    analyzer: u32,
    /// SHA-256 of the dictionary.
    dictionary: &'static str,
    /// Hash of the part of the lexicon that an index depends on.
    lexicon: String,
    /// Whether it is kept how often each query is asked (`search.keep_queries`), so that pages say so and tell which were meant.
    keeps_queries: bool,
    /// The generation that serves; null where there is none, where reading is closed to whoever asks, and for a key with a
    /// fixed filter.
    index: Option<IndexVersion>,
}

/// The generation that serves, and what it was built with.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct IndexVersion {
    generation: String,
    built_at: String,
    articles: u64,
    /// The last entry of the journal of pushed articles that it holds.
    sequence: u64,
    bytes: u64,
    analyzer: u32,
    dictionary: String,
    lexicon: String,
    /// Why a reindex is due, if it is.
    out_of_date: Option<String>,
}

impl IndexVersion {
    fn of(serving: &Serving) -> Result<Self, ApiError> {
        let about = serving.archive().about();
        let (analyzer, dictionary, lexicon) = match serving.generation() {
            Some(generation) => {
                let info = generation.info();
                (info.analyzer, info.dictionary.clone(), info.lexicon.clone())
            }
            // An archive that another engine keeps was analysed as this program does.
            None => {
                let (dictionary, lexicon) = (dictionary::archive_hash(), serving.language.index_hash());
                (ANALYZER_VERSION, dictionary.to_owned(), lexicon.to_owned())
            }
        };
        Ok(Self {
            generation: about.name.to_owned(),
            built_at: about.built_at.to_owned(),
            articles: about.articles,
            sequence: about.sequence,
            bytes: serving.archive().bytes().map_err(ApiError::internal)?,
            analyzer,
            dictionary,
            lexicon,
            out_of_date: serving.out_of_date().map(str::to_owned),
        })
    }
}

/// Show versions
///
/// Versions of program, analysis, dictionary and lexicon, and of those that the serving generation was built with.
#[utoipa::path(get, path = "/version", tag = "operations", operation_id = "version",
    responses((status = 200, description = "Versions", body = Version)))]
pub(in crate::http) async fn version(
    State(state): State<AppState>,
    caller: Result<Caller, ApiError>,
) -> Result<Json<Version>, ApiError> {
    let serving = state.service().serving().filter(|_| sees_all(&state, caller.as_ref().ok()));
    Ok(Json(Version {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        analyzer: ANALYZER_VERSION,
        dictionary: dictionary::archive_hash(),
        lexicon: state.service().language().index_hash().to_owned(),
        keeps_queries: state.queries().is_some(),
        index: serving.as_deref().map(IndexVersion::of).transpose()?,
    }))
}

/// Read metrics
///
/// In Prometheus' text format. With `auth.metrics = "closed"` they need a key that may read; one with a fixed filter never reads
/// them.
#[utoipa::path(get, path = "/metrics", tag = "operations", operation_id = "metrics",
    responses(
        (status = 200, description = "Metrics", body = String, content_type = "text/plain"),
        (status = 401, description = "They are closed, and the key is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key does not allow this", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "They are closed, and too many wrong keys came from this address", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "They are closed, and keys cannot be read at the moment; or there is room for keys alone", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn metrics(
    State(state): State<AppState>,
    caller: Result<Caller, ApiError>,
    room: Option<Extension<Room>>,
) -> Result<Response, ApiError> {
    // They are long: whoever does not read them holds a connection, and anybody may ask.
    let known = caller.as_ref().is_ok_and(|caller| caller.who != Who::Nobody);
    if !known && room.is_some_and(|Extension(room)| room == Room::Last) {
        return Ok(turned_away());
    }
    match caller {
        Ok(caller) => state.gatekeeper().require_metrics(&caller)?,
        Err(error) if state.config().auth.metrics == Gate::Closed => return Err(error),
        Err(_) => {}
    }
    let text = telemetry::telemetry().map(|telemetry| {
        measure(&state);
        telemetry.render()
    });
    let head = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((head, text.unwrap_or_default()).into_response())
}

/// Sets the gauges that follow from the state.
fn measure(state: &AppState) {
    let flag = |on: bool| if on { 1.0 } else { 0.0 };
    metrics::counter!("log_lines_lost_total").absolute(logging::status().lost_lines);
    metrics::gauge!("reindex_running").set(flag(state.service().jobs().running().is_some()));
    let service = state.service();
    let watch_fails = service.watch_status().is_some_and(|watch| watch.error.is_some());
    metrics::gauge!("keys_unavailable").set(flag(state.gatekeeper().keys_trouble().is_some()));
    metrics::gauge!("files_not_followed").set(flag(watch_fails || service.withheld().is_some()));
    if let Some(cluster) = service.cluster_status() {
        metrics::gauge!("cluster_failing").set(flag(cluster.error.is_some()));
        if let (Some(entries), Some(seconds)) = (cluster.entries_behind, cluster.seconds_behind) {
            metrics::gauge!("cluster_entries_behind").set(entries as f64);
            metrics::gauge!("cluster_seconds_behind").set(seconds as f64);
            metrics::gauge!("cluster_articles_left_out").set(cluster.left_out.len() as f64);
        }
    }
    let Some(serving) = state.service().serving() else { return };
    if let Some(writes) = state.service().write_status() {
        metrics::gauge!("journal_sequence").set(writes.durable as f64);
        metrics::gauge!("journal_not_searchable")
            .set(writes.durable.saturating_sub(writes.searchable) as f64);
    }
    let about = serving.archive().about();
    metrics::gauge!("index_segments").set(about.segments as f64);
    metrics::gauge!("index_documents").set(about.articles as f64);
    match serving.archive().bytes() {
        Ok(bytes) => metrics::gauge!("index_bytes").set(bytes as f64),
        Err(error) => tracing::warn!(%error, "the size of the index cannot be measured"),
    }
    metrics::gauge!("index_out_of_date").set(flag(service.out_of_date().is_some()));
    metrics::gauge!("analyzer_fallbacks").set(serving.language.korean().segmenter().fallbacks() as f64);
    if let Ok(built_at) = OffsetDateTime::parse(about.built_at, &Rfc3339) {
        metrics::gauge!("index_age_seconds").set((OffsetDateTime::now_utc() - built_at).as_seconds_f64());
    }
}
