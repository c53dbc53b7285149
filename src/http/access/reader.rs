//! The only way of a route to the archive: with the fixed filter of whoever asks, so that no route can forget it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::caller::Identity;
use super::corrections::Corrections;
use crate::access::FixedFilter;
use crate::http::answer::ApiError;
use crate::http::permits::ExportPermit;
use crate::http::state::AppState;
use crate::query::archive::Archive;
use crate::search::types::Cursor;
use crate::search::{SearchContext, SearchError};
use crate::service::Serving;

/// Somebody who reads.
#[derive(Clone)]
pub(in crate::http) struct Reader {
    state: AppState,
    filter: Option<Arc<FixedFilter>>,
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let identity = parts.extensions.get::<Identity>();
        let missing = || ApiError::internal("a request came to a route without its caller");
        let Identity(caller) = identity.ok_or_else(missing)?;
        let caller = caller.clone()?;
        state.gatekeeper().require_reading(&caller)?;
        Ok(Self { state: state.clone(), filter: caller.filter })
    }
}

impl Reader {
    /// The state that all routes share.
    pub(in crate::http) fn state(&self) -> &AppState {
        &self.state
    }

    /// Whether a fixed filter hides a part of the archive from them.
    pub(in crate::http) fn is_filtered(&self) -> bool {
        self.filter.is_some()
    }

    /// The generation that serves, or why none does.
    pub(in crate::http) fn serving(&self) -> Result<Arc<Serving>, ApiError> {
        self.state.serving()
    }

    /// The edition in which the paging of `cursor` continues; without a cursor, the generation that serves.
    pub(in crate::http) fn serving_for(&self, cursor: Option<&Cursor>) -> Result<Arc<Serving>, ApiError> {
        self.state.serving_for(cursor)
    }

    /// Searches what they may see of the generation in service, on a blocking thread, under a permit and a deadline.
    pub(in crate::http) async fn search<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&SearchContext<'_>) -> Result<T, SearchError> + Send + 'static,
    {
        self.search_in(self.serving()?, work).await
    }

    /// Like [`Reader::search`], in a given generation.
    pub(in crate::http) async fn search_in<T, F>(&self, serving: Arc<Serving>, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&SearchContext<'_>) -> Result<T, SearchError> + Send + 'static,
    {
        self.search_saved(serving, None, work).await
    }

    /// Like [`Reader::search_in`], on what is there of the archive where a part of it is not, unless `strict`: for answers that say so.
    pub(in crate::http) async fn search_or_partly<T, F>(
        &self,
        serving: Arc<Serving>,
        strict: bool,
        work: F,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: Fn(&SearchContext<'_>) -> Result<T, SearchError> + Send + 'static,
    {
        let filter = self.filter.clone();
        let as_seen = move |context: &SearchContext<'_>| filtered(filter.as_deref(), context, &work);
        self.state
            .search_in(
                serving,
                move |context| {
                    if strict { as_seen(context) } else { context.or_partly(as_seen) }
                },
            )
            .await
    }

    /// Like [`Reader::search_in`], for a search that was saved with this filter. A filter of the reader goes before it: whoever has one
    /// sees only searches that were saved with the same.
    pub(in crate::http) async fn search_saved<T, F>(
        &self,
        serving: Arc<Serving>,
        saved: Option<FixedFilter>,
        work: F,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&SearchContext<'_>) -> Result<T, SearchError> + Send + 'static,
    {
        let filter = self.filter.clone().or_else(|| saved.map(Arc::new));
        self.state.search_in(serving, move |context| filtered(filter.as_deref(), context, work)).await
    }

    /// Like [`Reader::search`], for suggestions, which someone who is typing can do without.
    pub(in crate::http) async fn suggest<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&SearchContext<'_>) -> Result<T, SearchError> + Send + 'static,
    {
        let filter = self.filter.clone();
        self.state.suggest(move |context| filtered(filter.as_deref(), context, work)).await
    }

    /// What they may see of earlier texts.
    pub(in crate::http) fn corrections(&self) -> Result<Corrections, ApiError> {
        let serving = self.serving()?;
        let visible = self.filter.as_ref().map(|filter| filter.conditions(&serving.language));
        Ok(Corrections::new(Arc::clone(self.state.service().earlier_texts()), visible))
    }

    /// Does `work` with what they may see of a generation's archive, without permit and deadline: for turns of an export.
    pub(in crate::http) fn with_archive<T>(
        &self,
        serving: &Serving,
        work: impl FnOnce(&dyn Archive) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let context = serving.context(self.state.config(), None);
        filtered(self.filter.as_deref(), &context, |context| work(context.archive))
    }

    /// The right to write an export in many short turns.
    pub(in crate::http) fn export(&self) -> Result<ExportPermit, ApiError> {
        self.state.export()
    }
}

/// Does `work` on what a filter lets through of the archive.
fn filtered<T>(
    filter: Option<&FixedFilter>,
    context: &SearchContext<'_>,
    work: impl FnOnce(&SearchContext<'_>) -> Result<T, SearchError>,
) -> Result<T, SearchError> {
    let Some(filter) = filter else { return work(context) };
    let conditions = filter.conditions(context.language);
    context.restricted(&conditions, work)
}
