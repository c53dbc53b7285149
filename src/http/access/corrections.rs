//! What a reader may see of earlier texts: a fixed filter hides those that it would hide if they were articles of today.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::article::{Article, Timestamp};
use crate::http::request::VERSION_LETTERS;
use crate::journal::{EarlierText, EarlierTexts, JournalError};
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
        let mut earlier = self.visible(article.id.as_str())?;
        // A push that is not searchable yet: what is shown is the text that it replaces.
        while earlier.first().is_some_and(|newest| !EarlierTexts::differ(&newest.article, article)) {
            earlier.remove(0);
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
            hit.corrected_at = self.visible(hit.id.as_str())?.first().map(|newest| newest.until);
        }
        Ok(())
    }

    fn visible(&self, id: &str) -> Result<Vec<EarlierText>, SearchError> {
        let mut earlier = self.texts.of(id).map_err(failed)?;
        if let Some(visible) = &self.visible {
            earlier.retain(|text| visible.admit(&text.article));
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
