//! The state that all handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::access::Gatekeeper;
use super::answer::{ApiError, Code};
use super::audit::AuditLog;
use super::one_address::OneAddress;
use super::permits::{ExportPermit, Permits};
use super::share::Share;
use super::telemetry;
use super::token::Token;
use crate::asked::{self, KeptQueries};
use crate::config::Config;
use crate::search::types::Cursor;
use crate::search::{SearchContext, SearchError};
use crate::service::{Service, Serving};

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    shared: Arc<Shared>,
}

struct Shared {
    service: Arc<Service>,
    permits: Permits,
    one_address: OneAddress,
    gatekeeper: Gatekeeper,
    audit: Option<AuditLog>,
    queries: Option<KeptQueries>,
    stopping: AtomicBool,
}

impl AppState {
    /// The state of a server over `service`, administered with `admin_token`.
    pub fn new(service: Arc<Service>, admin_token: Token) -> Self {
        // First of all: what counts from here on would otherwise count for nobody.
        telemetry::telemetry();
        let config = service.config();
        let permits =
            Permits::new(config.search.max_concurrent, config.search.max_waiting, config.search.deadline);
        let gatekeeper = Gatekeeper::new(&service, admin_token);
        let audit = config.log.audit.as_ref().map(AuditLog::open);
        let queries =
            config.search.keep_queries.then(|| KeptQueries::open(config.data_dir.join(asked::FOLDER)));
        let stopping = AtomicBool::new(false);
        let one_address = OneAddress::default();
        Self {
            shared: Arc::new(Shared { service, permits, one_address, gatekeeper, audit, queries, stopping }),
        }
    }

    /// The service.
    pub fn service(&self) -> &Arc<Service> {
        &self.shared.service
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        self.shared.service.config()
    }

    /// Who may do what.
    pub(super) fn gatekeeper(&self) -> &Gatekeeper {
        &self.shared.gatekeeper
    }

    /// The log of writes and administration, if one is kept.
    pub(super) fn audit(&self) -> Option<&AuditLog> {
        self.shared.audit.as_ref()
    }

    /// What readers look for, if that is kept.
    pub(super) fn queries(&self) -> Option<&KeptQueries> {
        self.shared.queries.as_ref()
    }

    /// Whether all requests come from one address.
    pub(super) fn one_address(&self) -> &OneAddress {
        &self.shared.one_address
    }

    /// Whether the server is stopping.
    pub(super) fn is_stopping(&self) -> bool {
        self.shared.stopping.load(Ordering::Relaxed)
    }

    /// From now on `/ready` says no, so that load balancers send nothing more.
    pub(super) fn stop(&self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
    }

    /// The generation that serves, or why none does.
    pub(super) fn serving(&self) -> Result<Arc<Serving>, ApiError> {
        self.service().serving().ok_or_else(|| self.not_ready())
    }

    /// The edition in which the paging of `cursor` continues; without a cursor, the generation that serves.
    pub(super) fn serving_for(&self, cursor: Option<&Cursor>) -> Result<Arc<Serving>, ApiError> {
        match cursor {
            Some(cursor) => self.service().serving_for(cursor.walk.edition).ok_or_else(|| self.not_ready()),
            None => self.serving(),
        }
    }

    /// Searches a generation on a blocking thread, under a permit and a deadline. Routes have a
    /// [`Reader`](super::access::reader::Reader) for this, which keeps to the fixed filter of whoever asks.
    pub(super) async fn search_in<T, F>(&self, serving: Arc<Serving>, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&SearchContext<'_>) -> Result<T, SearchError> + Send + 'static,
    {
        let state = self.clone();
        self.blocking(move |deadline| work(&serving.context(state.config(), Some(deadline))))
            .await?
            .map_err(ApiError::from)
    }

    /// Like [`AppState::search_in`], for suggestions, which someone who is typing can do without: they never hold more than half of
    /// the permits.
    pub(super) async fn suggest<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&SearchContext<'_>) -> Result<T, SearchError> + Send + 'static,
    {
        let serving = self.serving()?;
        let permit = self.shared.permits.suggest().await?;
        let work = move |context: &SearchContext<'_>| {
            // Moved in here, so that it is given back when the work ends, not when the client goes away.
            let _permit = permit;
            work(context)
        };
        self.search_in(serving, work).await
    }

    /// Does other bounded work on a blocking thread, under a permit.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        self.blocking(move |_| work()).await
    }

    /// The right to write an export in many short turns; see [`Permits::export`].
    pub(super) fn export(&self) -> Result<ExportPermit, ApiError> {
        self.shared.permits.export()
    }

    /// Does one short turn of an export of `client` on a blocking thread: waits for a permit as long as it takes.
    pub(super) async fn export_turn<T: Send + 'static>(
        &self,
        client: Share,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let permit = self.shared.permits.export_turn(client).await?;
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        task.await.map_err(ApiError::internal)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(Instant) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let permit = self.shared.permits.acquire().await?;
        let span = tracing::Span::current();
        let task = tokio::task::spawn_blocking(move || {
            let _entered = span.entered();
            // Moved in here, so that it is given back when the work ends, not when the client goes away.
            let permit = permit;
            work(permit.deadline)
        });
        task.await.map_err(ApiError::internal)
    }

    /// Why no generation serves, for whoever waits for one.
    pub(super) fn not_ready(&self) -> ApiError {
        let service = self.service();
        if let Some(job) = service.jobs().running() {
            let phase = job.phase.map(|phase| format!(", {}", phase.with_share(job.phase_share)));
            let phase = phase.unwrap_or_default();
            let left = job.eta_s.map(|seconds| format!(", about {seconds:.0} s left")).unwrap_or_default();
            let articles = job.articles_indexed;
            let detail = format!("the index is being built: {articles} articles so far{phase}{left}");
            return ApiError::new(Code::NotReady, detail).with("job_id", job.id).retry_after(2);
        }
        if let Some(cluster) = service.cluster_status() {
            tracing::debug!(error = cluster.error, "no index of the cluster is open");
            let detail = if service.reads_only() {
                "no index of the cluster could be opened yet; the server's log says why"
            } else {
                "no index of the cluster could be opened yet; the server's log says why, and `gisa reindex` fills one"
            };
            return ApiError::new(Code::NotReady, detail).retry_after(5);
        }
        let failed = service.jobs().last_finished().and_then(|job| Some((job.kind, job.error?)));
        let reason = match (service.damage(), failed) {
            (_, Some((kind, error))) => format!("the last {} failed: {error}", kind.name()),
            (Some(damage), None) => damage,
            (None, None) => "there is no index yet".to_owned(),
        };
        let reason = self.config().without_places(&reason);
        let detail = format!("{reason}; POST /api/admin/reindex builds an index");
        ApiError::new(Code::NotReady, detail).retry_after(5)
    }
}
