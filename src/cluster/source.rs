//! What is asked of the archive that a cluster is filled from.

use super::document::Came;
use crate::korean::lexicon::OutletGroups;
use crate::query::archive::{
    Archive, ArchiveError, Arrival, Arrivals, Arriving, Deadline, Found, Place, Wanted, Window,
};
use crate::query::plan::Plan;
use crate::query::ranking::RankingOptions;
use crate::query::request::{Filters, Representative, Sort, Strictness};

/// Articles that are read at once.
pub(super) const AT_ONCE: usize = 200;
/// Articles that came, read at once.
const ARRIVED_AT_ONCE: usize = 100_000;

fn everything() -> Plan {
    Plan::of_filters(Filters::default())
}

/// What came after the journal's entry `after`, in that order.
pub(super) fn arrived_after(from: &dyn Archive, mut after: u64) -> Result<Vec<(Place, Came)>, ArchiveError> {
    let filters = Filters::default();
    let mut came = Vec::new();
    loop {
        let window = Arrivals { after, size: ARRIVED_AT_ONCE, latest: false };
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
        let came_as = |one: &Arrival| Came { sequence: one.sequence, replaced: one.replaced };
        came.extend(arrived.iter().map(|one| (one.place, came_as(one))));
        if !more {
            return Ok(came);
        }
    }
}

/// The ids of the articles at `places`, in the same order.
pub(super) fn ids_of(from: &dyn Archive, places: &[Place]) -> Result<Vec<String>, ArchiveError> {
    let mut ids = Vec::with_capacity(places.len());
    for some in places.chunks(AT_ONCE) {
        ids.extend(from.read(some, Deadline::NONE)?.into_iter().map(|article| article.id.to_string()));
    }
    Ok(ids)
}

/// All articles, or one of each group, or those of one group; the first published first.
pub(super) fn select(
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
