//! An index that serves, made equal to its source again after that has changed.
//!
//! What came since is written, what was deleted is removed, and near-identical articles whose group has changed are written again. All of it
//! is sent before any of it is seen. A document has the journal's number of the change as its version: sending it once more changes nothing,
//! and what a writer sent that has ended does not win over what came later. Whatever fails, the next time begins where the last ended.

use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;

use super::client::Client;
use super::document::Came;
use super::error::{ClusterError, CopyError};
use super::fill::{articles_in, is_complete, named, put_into_service, refresh};
use super::groups::{Groups, groups_of};
use super::reached::Reached;
use super::sender::Sender;
use super::source::{AT_ONCE, arrived_after, ids_of, select};
use super::there::Documents;
use crate::article::ArticleId;
use crate::korean::Language;
use crate::query::archive::{Archive, Deadline, Place};

/// How long a short answer may take.
const ANSWER: Duration = Duration::from_secs(10);
/// Articles from which on all groups are looked at, rather than the group of each.
const MANY: usize = 500;

/// An index of the cluster that follows a source.
pub struct Mirror<'a> {
    client: &'a Client,
    index: String,
    language: &'a Language,
    reached: Reached,
}

impl<'a> Mirror<'a> {
    /// The index `PREFIX-NAME`, if it was filled to its end: it is put into service unless it serves. `None` where it has to be filled first.
    /// Its source is analysed in `language`. With `take_over` it takes the place of whatever serves.
    ///
    /// # Errors
    /// [`ClusterError::FilledElsewhere`] where a later index serves; whatever the cluster says.
    pub fn attach(
        client: &'a Client,
        prefix: &str,
        name: &str,
        language: &'a Language,
        take_over: bool,
    ) -> Result<Option<Self>, ClusterError> {
        let index = format!("{prefix}-{name}");
        let serves = named(client, prefix, soon())?;
        let elsewhere =
            |serves: String| ClusterError::FilledElsewhere { serves, own: format!("{prefix}-{name}") };
        if serves.as_deref() != Some(index.as_str()) {
            match (is_complete(client, &index)?, serves) {
                (Some(true), Some(serves)) if !take_over && moment(&serves) > moment(&index) => {
                    return Err(elsewhere(serves));
                }
                (Some(true), _) => put_into_service(client, prefix, &index)?,
                (_, Some(serves)) if !take_over => return Err(elsewhere(serves)),
                _ => return Ok(None),
            }
        }
        let reached = Reached::read(client, &index, soon())?;
        Ok(Some(Self { client, index, language, reached }))
    }

    /// The journal's last entry that the index holds.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.reached.sequence
    }

    /// Names what it holds.
    #[must_use]
    pub fn key(&self) -> &str {
        if self.reached.is_steady { &self.reached.key } else { "" }
    }

    /// How many articles it holds.
    #[must_use]
    pub fn articles(&self) -> u64 {
        self.reached.articles
    }

    /// Whether all that it is said to hold is to be seen.
    ///
    /// # Errors
    /// Whatever the cluster says, also where a shard does not answer.
    pub fn is_whole(&self) -> Result<bool, ClusterError> {
        Ok(articles_in(self.client, &self.index, soon())? == self.reached.articles)
    }

    /// The index.
    #[must_use]
    pub fn index(&self) -> &str {
        &self.index
    }

    /// Articles that the cluster cannot hold, with its reasons.
    #[must_use]
    pub fn left_out(&self) -> &[(String, String)] {
        &self.reached.left_out
    }

    fn documents(&self) -> Documents<'_> {
        Documents { client: self.client, index: &self.index }
    }

    /// Makes the index hold what `from` holds, which is named by `key`. Since the entry [`Mirror::sequence`] the articles `deleted` may have
    /// been.
    ///
    /// # Errors
    /// [`CopyError`]; what was to be seen is so still, or somewhat more.
    pub fn follow(&mut self, from: &dyn Archive, key: &str, deleted: &[ArticleId]) -> Result<(), CopyError> {
        let about = from.about();
        let (sequence, articles) = (about.sequence, about.articles);
        let mut left_out = self.reached.left_out.clone();
        left_out.extend(self.send(from, sequence, deleted)?);
        self.reached.changing().write(self.client, &self.index, sequence, soon())?;
        refresh(self.client, &self.index, later())?;
        let mut found = articles_in(self.client, &self.index, later())?;
        let mut mended = self.reached.mended;
        let kept = |left_out: &[(String, String)]| -> Result<u64, CopyError> {
            // What was left out once may be gone, or have become another text since.
            let mut missing = 0;
            for (id, _) in left_out {
                missing += u64::from(from.find(id)?.is_some());
            }
            Ok(articles.saturating_sub(missing))
        };
        self.settle(from, &mut left_out)?;
        if found != kept(&left_out)? {
            left_out.extend(self.mend(from, sequence)?);
            mended += 1;
            refresh(self.client, &self.index, later())?;
            self.settle(from, &mut left_out)?;
            found = articles_in(self.client, &self.index, later())?;
            let given = kept(&left_out)?;
            if found != given {
                return Err(ClusterError::Count { name: self.index.clone(), found, given }.into());
            }
        }
        let reached =
            Reached { sequence, key: key.to_owned(), mended, articles: found, left_out, is_steady: true };
        reached.write(self.client, &self.index, sequence, soon())?;
        self.reached = reached;
        Ok(())
    }

    /// Drops from `left_out` what the index holds by now, or the source does not any more; of one article the last reason stays.
    fn settle(&self, from: &dyn Archive, left_out: &mut Vec<(String, String)>) -> Result<(), CopyError> {
        if left_out.is_empty() {
            return Ok(());
        }
        let there: FxHashSet<String> = self
            .documents()
            .of(left_out.iter().map(|(id, _)| id.as_str()))?
            .into_iter()
            .map(|one| one.id)
            .collect();
        let mut reasons: Vec<(String, String)> = Vec::new();
        for (id, reason) in left_out.drain(..) {
            reasons.retain(|(other, _)| *other != id);
            if !there.contains(&id) && from.find(&id)?.is_some() {
                reasons.push((id, reason));
            }
        }
        *left_out = reasons;
        Ok(())
    }

    /// Sends what differs. The articles that the cluster cannot hold.
    fn send(
        &self,
        from: &dyn Archive,
        sequence: u64,
        deleted: &[ArticleId],
    ) -> Result<Vec<(String, String)>, CopyError> {
        let came = arrived_after(from, self.reached.sequence)?;
        let ids = ids_of(from, &came.iter().map(|(place, _)| *place).collect::<Vec<_>>())?;
        let mut sender = Sender::live(self.client, &self.index, self.language, sequence);
        let mut touched: FxHashSet<&str> = ids.iter().map(String::as_str).collect();
        for id in deleted {
            // Perhaps it was written again since.
            if touched.insert(id.as_str()) && from.find(id.as_str())?.is_none() {
                sender.remove(id.as_str())?;
            }
        }
        // Groups are what they are in the source. Those that were in one with what has changed may be in another.
        let before = self.documents().of(touched.iter().copied())?;
        let left: FxHashSet<&str> = before.iter().filter_map(|one| one.group.as_deref()).collect();
        let mut groups = Groups::of(from, came.len() > MANY)?;
        let mut others: FxHashMap<String, Place> = FxHashMap::default();
        for (place, _) in &came {
            for (member, id) in groups.members(*place)? {
                others.insert(id, member);
            }
        }
        let mates = self.documents().in_groups(&left)?;
        for one in &mates {
            if let Some(place) = from.find(&one.id)? {
                others.insert(one.id.clone(), place);
            }
        }
        others.retain(|id, _| !touched.contains(id.as_str()));
        for one in self.documents().of(others.keys().map(String::as_str))? {
            let Some(place) = others.get(&one.id) else { continue };
            let group = groups.name(*place)?;
            if group != one.group {
                let article = from.read(&[*place], Deadline::NONE)?;
                for article in &article {
                    sender.add(article, one.came, group.as_deref())?;
                }
            }
        }
        for some in came.chunks(AT_ONCE) {
            let places: Vec<Place> = some.iter().map(|(place, _)| *place).collect();
            for (article, (place, came)) in from.read(&places, Deadline::NONE)?.iter().zip(some) {
                sender.add(article, *came, groups.name(*place)?.as_deref())?;
            }
        }
        Ok(sender.finish_live()?)
    }

    /// Compares all that is to be seen with the source, and sends what lacks. The articles that the cluster cannot hold.
    fn mend(&self, from: &dyn Archive, sequence: u64) -> Result<Vec<(String, String)>, CopyError> {
        tracing::warn!(
            index = self.index,
            "articles of the cluster differ from this machine's: comparing all"
        );
        let mut there: FxHashSet<String> = FxHashSet::default();
        self.documents().each(&json!({"match_all": {}}), |one| {
            there.insert(one.id);
        })?;
        let came: FxHashMap<Place, Came> = arrived_after(from, 0)?.into_iter().collect();
        let groups = groups_of(from)?;
        let mut sender = Sender::live(self.client, &self.index, self.language, sequence);
        let all: Vec<Place> = select(from, None, None)?.into_iter().map(|found| found.place).collect();
        for some in all.chunks(AT_ONCE) {
            for (article, place) in from.read(some, Deadline::NONE)?.iter().zip(some) {
                if !there.remove(article.id.as_str()) {
                    let came = came.get(place).copied().unwrap_or_default();
                    sender.add(article, came, groups.get(place).map(String::as_str))?;
                }
            }
        }
        for id in &there {
            sender.remove(id)?;
        }
        Ok(sender.finish_live()?)
    }
}

/// When an index was begun, from the end of its name: `…-20261129t160507z`.
pub(super) fn moment(index: &str) -> &str {
    index.rsplit('-').next().unwrap_or_default()
}

fn soon() -> Deadline {
    Deadline::within(ANSWER)
}

fn later() -> Deadline {
    Deadline::within(6 * ANSWER)
}
