//! Which texts a follower's next commit replaces: they are recorded before the index forgets them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::article::{Article, ArticleId};
use crate::index::{IndexError, LiveIndex};
use crate::journal::{EarlierText, EarlierTexts, Entry, JournalError, Replaced};

/// Bytes of texts that wait for a commit, at most: very large articles are committed a few at a time.
const MOST_WAITING_BYTES: usize = 64 << 20;

/// What was applied since the last commit, as far as earlier texts are concerned.
pub(super) struct ReplacedTexts {
    store: Arc<EarlierTexts>,
    /// Articles as they are since the last commit; none where one was deleted.
    latest: FxHashMap<ArticleId, Option<Article>>,
    changes: BTreeMap<ArticleId, Vec<Replaced>>,
    bytes: usize,
}

impl ReplacedTexts {
    /// Nothing was applied yet; what is replaced goes to `store`.
    pub(super) fn new(store: Arc<EarlierTexts>) -> Self {
        Self { store, latest: FxHashMap::default(), changes: BTreeMap::new(), bytes: 0 }
    }

    /// Notes that `entry` makes `article` of an article of `index`, or deletes it. To be called before it is applied.
    ///
    /// # Errors
    /// [`IndexError`] if the text that it replaces cannot be read.
    pub(super) fn note(
        &mut self,
        entry: &Entry,
        article: Option<&Article>,
        index: &LiveIndex,
    ) -> Result<(), IndexError> {
        if entry.sequence <= index.sequence() {
            return Ok(());
        }
        let change = match article {
            None => Some(Replaced::Deleted(entry.sequence)),
            Some(_) if !self.store.is_on() => None,
            Some(article) => {
                let former = match self.latest.remove(&entry.id) {
                    Some(former) => former,
                    None => index.committed(&entry.id)?,
                };
                former.filter(|former| EarlierTexts::differ(former, article)).map(|article| {
                    self.bytes += article.body.len();
                    Replaced::Text(Box::new(EarlierText {
                        sequence: entry.sequence,
                        until: entry.at,
                        article,
                    }))
                })
            }
        };
        if let Some(change) = change {
            self.changes.entry(entry.id.clone()).or_default().push(change);
        }
        if self.store.is_on() {
            self.bytes += article.map_or(0, |article| article.body.len());
            self.latest.insert(entry.id.clone(), article.cloned());
        }
        Ok(())
    }

    /// Whether so much waits that it is time to commit.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= MOST_WAITING_BYTES
    }

    /// Makes the replaced texts durable. To be called before the index is committed, which forgets them.
    ///
    /// # Errors
    /// [`JournalError`] if the disk fails.
    pub(super) fn record(&mut self) -> Result<(), JournalError> {
        self.store.record(&self.changes)?;
        self.latest.clear();
        self.changes.clear();
        self.bytes = 0;
        Ok(())
    }
}
