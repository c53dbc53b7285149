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
use super::fill::{Filling, Given};
use super::mapping::Layout;
use super::sender::Sender;
use crate::article::Timestamp;
use crate::korean::Language;
use crate::korean::lexicon::OutletGroups;
use crate::query::archive::{
    Archive, ArchiveError, Arrivals, Arriving, Deadline, Found, Place, Wanted, Window,
};
use crate::query::plan::Plan;
use crate::query::ranking::RankingOptions;
use crate::query::request::{Filters, Representative, Sort, Strictness};

/// Articles that a thread takes at once.
const AT_ONCE: usize = 200;
/// Articles that came, read at once.
const ARRIVED_AT_ONCE: usize = 100_000;

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
    let suggestions = from.suggestions()?;
    let beside = Beside {
        entries: suggestions.entries().cloned().collect(),
        reference: suggestions.reference().seconds(),
        learned: from.vocabulary().learned().pairs().to_vec(),
    };
    let given = Given { articles, sequence: from.about().sequence };
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
        let mut groups = FxHashMap::default();
        for (number, first) in select(from, Some(Representative::First), None)?.iter().enumerate() {
            if first.alike > 0 {
                let members = select(from, None, Some(first.place))?;
                groups.extend(members.into_iter().map(|member| (member.place, number.to_string())));
            }
        }
        let mut came: FxHashMap<Place, Came> = FxHashMap::default();
        let mut after = 0;
        loop {
            let window = Arrivals { after, size: ARRIVED_AT_ONCE, latest: false };
            let filters = Filters::default();
            let arriving = Arriving {
                strictness: Strictness::All,
                filters: &filters,
                similar_to: None,
                window,
                deadline: Deadline::NONE,
            };
            let arrived = from.arrived(&everything(), &arriving)?;
            after = arrived.last().map_or(after, |last| last.sequence);
            let more = arrived.len() == ARRIVED_AT_ONCE;
            came.extend(
                arrived
                    .into_iter()
                    .map(|one| (one.place, Came { sequence: one.sequence, replaced: one.replaced })),
            );
            if !more {
                break;
            }
        }
        Ok(Self { places: all.into_iter().map(|found| found.place).collect(), came, groups })
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

fn everything() -> Plan {
    Plan::of_filters(Filters::default())
}

/// All articles, or one of each group, or those of one group; the first published first.
fn select(
    from: &dyn Archive,
    group: Option<Representative>,
    similar_to: Option<Place>,
) -> Result<Vec<Found>, ArchiveError> {
    let (filters, groups, ranking) = (Filters::default(), OutletGroups::default(), RankingOptions::default());
    let size = usize::try_from(from.about().articles).unwrap_or(usize::MAX);
    let wanted = Wanted {
        group,
        similar_to,
        sort: Sort::Oldest,
        window: Window { offset: 0, size, after: None },
        ..Wanted::total(&[Strictness::All], &filters, &groups, &ranking, Deadline::NONE)
    };
    Ok(from.select(&everything(), &wanted)?.hits)
}
