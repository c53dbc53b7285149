//! An archive copied into a cluster: whatever holds the articles, its groups, its offers and what its articles teach come along.
//!
//! So the embedded index that a reindex builds is what a cluster is filled from: it has read the files and the journal, found near-identical
//! articles and learned names, and was verified.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use rustc_hash::FxHashMap;

use super::beside::Beside;
use super::client::Client;
use super::document::Came;
use super::error::{ClusterError, CopyError};
use super::fill::{Filling, Given, put_into_service};
use super::groups::groups_of;
use super::mapping::Layout;
use super::sender::Sender;
use super::settled::settle;
use super::source::{AT_ONCE, arrived_after, select};
use crate::article::Timestamp;
use crate::korean::Language;
use crate::query::archive::{Archive, ArchiveError, Deadline, Place};

/// Where an archive is copied to.
#[derive(Debug, Clone)]
pub struct Target {
    /// The alias that names what serves; indexes are called `PREFIX-NAME`.
    pub prefix: String,
    /// The name of the new index.
    pub name: String,
    /// How it is laid out.
    pub layout: Layout,
    /// Threads that analyse and send.
    pub threads: usize,
    /// The files of the lexicon that its language was loaded from, by name; none where it is the built-in one.
    pub lexicon: Vec<(String, String)>,
}

impl Target {
    /// The name of the index.
    #[must_use]
    pub fn index(&self) -> String {
        format!("{}-{}", self.prefix, self.name)
    }
}

/// How far a copy is, seen from elsewhere; and whether to go on.
#[derive(Debug, Default)]
pub struct Copying {
    /// Articles that were taken.
    pub taken: AtomicU64,
    /// Set to stop it.
    pub cancelled: AtomicBool,
}

/// Copies `from`, which was analysed in `language`, into a new index of the cluster and puts that into service. Its name.
///
/// # Errors
/// [`CopyError`]; what served before serves on.
pub fn copy(
    from: &dyn Archive,
    language: &Language,
    client: &Client,
    target: &Target,
    copying: &Copying,
) -> Result<String, CopyError> {
    let key = from.about().sequence.to_string();
    let index = fill(from, &key, language, client, target, copying)?;
    put_into_service(client, &target.prefix, &index)?;
    Ok(index)
}

/// Copies `from`, which holds what `key` names, into a new index of the cluster. It serves once it is put into service. Its name.
///
/// # Errors
/// [`CopyError`].
pub fn fill(
    from: &dyn Archive,
    key: &str,
    language: &Language,
    client: &Client,
    target: &Target,
    copying: &Copying,
) -> Result<String, CopyError> {
    let source = Source::read(from)?;
    let filling = Filling::begin(client, language, &target.prefix, &target.name, target.layout)?;
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<CopyError>> = Mutex::default();
    let given = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..target.threads.max(1) {
            scope.spawn(|| match source.send(from, filling.sender(), &next, copying) {
                Ok(sent) => {
                    given.fetch_add(sent, Ordering::Relaxed);
                }
                Err(error) => {
                    // The others need not go on.
                    next.store(usize::MAX / 2, Ordering::Relaxed);
                    failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        return Err(error);
    }
    let articles = given.into_inner();
    if articles != source.places.len() as u64 {
        return Err(ClusterError::Count {
            name: target.prefix.clone(),
            found: articles,
            given: from.about().articles,
        }
        .into());
    }
    settle(client, &target.index(), articles, &copying.cancelled)?;
    if copying.cancelled.load(Ordering::Relaxed) {
        return Err(CopyError::Cancelled);
    }
    let suggestions = from.suggestions()?;
    let beside = Beside {
        entries: suggestions.entries().cloned().collect(),
        reference: suggestions.reference().seconds(),
        learned: from.vocabulary().learned().pairs().to_vec(),
        lexicon: target.lexicon.clone(),
    };
    let given = Given { articles, sequence: from.about().sequence, key: key.to_owned() };
    Ok(filling.finish(given, &beside, Timestamp::now())?)
}

/// What is known of an archive before its articles are read.
struct Source {
    places: Vec<Place>,
    /// When those came that came over HTTP.
    came: FxHashMap<Place, Came>,
    /// The groups of those that are near-identical to another.
    groups: FxHashMap<Place, String>,
}

impl Source {
    fn read(from: &dyn Archive) -> Result<Self, ArchiveError> {
        let all = select(from, None, None)?;
        let came = arrived_after(from, 0)?.into_iter().collect();
        let places = all.into_iter().map(|found| found.place).collect();
        Ok(Self { places, came, groups: groups_of(from)? })
    }

    /// Reads articles and sends them, some at a time, until all are taken. How many it sent.
    fn send(
        &self,
        from: &dyn Archive,
        mut sender: Sender<'_>,
        next: &AtomicUsize,
        copying: &Copying,
    ) -> Result<u64, CopyError> {
        loop {
            if copying.cancelled.load(Ordering::Relaxed) {
                return Err(CopyError::Cancelled);
            }
            let begin = next.fetch_add(AT_ONCE, Ordering::Relaxed);
            let end = begin.saturating_add(AT_ONCE).min(self.places.len());
            let Some(some) = self.places.get(begin..end).filter(|some| !some.is_empty()) else { break };
            for (place, article) in some.iter().zip(from.read(some, Deadline::NONE)?) {
                let came = self.came.get(place).copied().unwrap_or_default();
                sender.add(&article, came, self.groups.get(place).map(String::as_str))?;
            }
            copying.taken.fetch_add(some.len() as u64, Ordering::Relaxed);
        }
        Ok(sender.finish()?)
    }
}
