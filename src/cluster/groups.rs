//! The groups of near-identical articles of the archive that a cluster is filled from. Each has a name that follows from its members, so that it
//! is the same whenever it is written.

use rustc_hash::FxHashMap;

use super::document::{document_id, place_of};
use super::error::CopyError;
use super::source::{ids_of, select};
use crate::query::archive::{Archive, ArchiveError, Place};
use crate::query::request::Representative;

/// The groups of those that are near-identical to another.
pub(super) fn groups_of(from: &dyn Archive) -> Result<FxHashMap<Place, String>, ArchiveError> {
    let mut groups = FxHashMap::default();
    for first in select(from, Some(Representative::First), None)?.iter().filter(|first| first.alike > 0) {
        if let Some(group) = group_of(from, first.place)? {
            groups.extend(group.members.into_iter().map(|(place, _)| (place, group.name.clone())));
        }
    }
    Ok(groups)
}

/// A group of near-identical articles.
struct Group {
    /// The same for the same members.
    name: String,
    /// Each with its id.
    members: Vec<(Place, String)>,
}

/// The group of the article at `place`; `None` where it is like no other.
fn group_of(from: &dyn Archive, place: Place) -> Result<Option<Group>, ArchiveError> {
    let members: Vec<Place> = select(from, None, Some(place))?.iter().map(|found| found.place).collect();
    if members.len() < 2 {
        return Ok(None);
    }
    let members: Vec<(Place, String)> =
        ids_of(from, &members)?.into_iter().zip(members).map(|(id, place)| (place, id)).collect();
    let name = members.iter().map(|(_, id)| document_id(place_of(id))).min().unwrap_or_default();
    Ok(Some(Group { name, members }))
}

/// The groups of a source, each looked up once.
pub(super) struct Groups<'a> {
    from: &'a dyn Archive,
    /// All of them, where many are needed.
    all: Option<FxHashMap<Place, String>>,
    known: FxHashMap<Place, Option<String>>,
}

impl<'a> Groups<'a> {
    /// Of `from`; `many` where those of many articles will be asked for.
    pub(super) fn of(from: &'a dyn Archive, many: bool) -> Result<Self, ArchiveError> {
        let all = if many { Some(groups_of(from)?) } else { None };
        Ok(Self { from, all, known: FxHashMap::default() })
    }

    /// The name of the group of the article at `place`; `None` where it is like no other.
    pub(super) fn name(&mut self, place: Place) -> Result<Option<String>, CopyError> {
        if let Some(all) = &self.all {
            return Ok(all.get(&place).cloned());
        }
        self.members(place)?;
        Ok(self.known.get(&place).cloned().flatten())
    }

    /// Those that are in one group with the article at `place`, each with its id; nothing where that was said before.
    pub(super) fn members(&mut self, place: Place) -> Result<Vec<(Place, String)>, CopyError> {
        if self.known.contains_key(&place) || self.all.as_ref().is_some_and(|all| !all.contains_key(&place)) {
            return Ok(Vec::new());
        }
        let Some(group) = group_of(self.from, place)? else {
            self.known.insert(place, None);
            return Ok(Vec::new());
        };
        self.known.extend(group.members.iter().map(|(place, _)| (*place, Some(group.name.clone()))));
        Ok(group.members)
    }
}
