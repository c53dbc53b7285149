//! What a reader may see of earlier texts: a fixed filter hides those that it would hide if they were articles of today.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::article::{Article, Timestamp};
use crate::http::request::VERSION_LETTERS;
use crate::journal::{EarlierText, EarlierTexts, JournalError, Kept};
use crate::query::request::Filters;
use crate::search::SearchError;
use crate::search::types::Hit;

/// Earlier texts, as somebody may see them.
pub(in crate::http) struct Corrections {
    texts: Arc<EarlierTexts>,
    visible: Option<Filters>,
}

impl Corrections {
    /// Those of `texts` that `visible` lets through; all where there is no filter.
    pub(super) fn new(texts: Arc<EarlierTexts>, visible: Option<Filters>) -> Self {
        Self { texts, visible }
    }

    /// The earlier texts of `article`, the newest first.
    ///
    /// # Errors
    /// A failing disk.
    pub(in crate::http) fn of(&self, article: &Article) -> Result<Vec<EarlierText>, SearchError> {
        Ok(self.kept(article)?.texts)
    }

    /// The same, and whether there were others before them.
    ///
    /// # Errors
    /// A failing disk.
    pub(in crate::http) fn kept(&self, article: &Article) -> Result<Kept, SearchError> {
        let mut earlier = self.visible(article.id.as_str())?;
        // A push that is not searchable yet: what is shown is the text that it replaces.
        while earlier.texts.first().is_some_and(|newest| !EarlierTexts::differ(&newest.article, article)) {
            earlier.texts.remove(0);
        }
        Ok(earlier)
    }

    /// When an article was last given another text; none where it never was, as far as is known.
    ///
    /// # Errors
    /// A failing disk.
    pub(in crate::http) fn last(&self, article: &Article) -> Result<Option<Timestamp>, SearchError> {
        Ok(self.of(article)?.first().map(|newest| newest.until))
    }

    /// Says of each hit when it was last given another text.
    ///
    /// # Errors
    /// A failing disk.
    pub(in crate::http) fn mark<'a>(
        &self,
        hits: impl IntoIterator<Item = &'a mut Hit>,
    ) -> Result<(), SearchError> {
        if !self.texts.may_hold_any() {
            return Ok(());
        }
        for hit in hits {
            hit.corrected_at = self.visible(hit.id.as_str())?.texts.first().map(|newest| newest.until);
        }
        Ok(())
    }

    fn visible(&self, id: &str) -> Result<Kept, SearchError> {
        let mut earlier = self.texts.of(id).map_err(failed)?;
        if let Some(visible) = &self.visible {
            earlier.texts.retain(|text| visible.admit(&text.article));
            // Whether those that are gone could be seen is not known any more.
            earlier.earlier_dropped = earlier.earlier_dropped.filter(|dropped| !dropped);
        }
        Ok(earlier)
    }
}

fn failed(error: JournalError) -> SearchError {
    SearchError::Archive(Box::new(error))
}

/// Names a text: the same title and body have the same name. A number would tell how many texts there are that are hidden.
pub(in crate::http) fn version(article: &Article) -> String {
    let hash =
        Sha256::new().chain_update(&article.title).chain_update([0]).chain_update(&article.body).finalize();
    hash.iter().take(VERSION_LETTERS / 2).map(|byte| format!("{byte:02x}")).collect()
}
