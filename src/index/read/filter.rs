//! Exact conditions: outlet, reporter, section, what the text names, time of publication.

use fixedbitset::FixedBitSet;
use tantivy::DocId;
use tantivy::columnar::Column;

use super::error::ReadError;
use super::pace::Pace;
use super::segment::Segment;
use crate::entities::EntityKind;
use crate::index::schema::column;
use crate::query::archive::Deadline;
use crate::query::request::{FacetField, Filters};

/// Documents within `within` that meet all of `filters`.
pub(in crate::index) fn filter_docs(
    segment: &Segment,
    filters: &Filters,
    within: &FixedBitSet,
    deadline: Deadline,
) -> Result<FixedBitSet, ReadError> {
    let conditions = Conditions::new(segment, filters)?;
    let mut pace = Pace::new(deadline);
    let mut found = FixedBitSet::with_capacity(segment.max_doc());
    for doc in within.ones() {
        pace.step()?;
        if conditions.failed(doc as DocId) == Failed::None {
            found.insert(doc);
        }
    }
    Ok(found)
}

/// Documents within `within` that have no date and meet all of `filters` but those on time.
pub(super) fn undated_docs(
    segment: &Segment,
    filters: &Filters,
    within: &FixedBitSet,
    deadline: Deadline,
) -> Result<FixedBitSet, ReadError> {
    if segment.published.get_cardinality().is_full() {
        return Ok(FixedBitSet::with_capacity(segment.max_doc()));
    }
    filter_docs(segment, &Filters { no_date: true, ..filters.whenever() }, within, deadline)
}

/// Documents that meet all conditions, and those that fail only one field's.
pub(super) struct Filtered {
    /// Those that meet all.
    pub(super) hits: FixedBitSet,
    /// How many more would meet all if they had a date.
    pub(super) undated: u64,
    /// Those that fail only their own field's conditions, by field: they count in that field's facet.
    pub(super) own_field: Vec<(FacetField, FixedBitSet)>,
}

/// Splits `docs` by the conditions that they fail.
pub(super) fn split(
    segment: &Segment,
    docs: FixedBitSet,
    filters: &Filters,
    deadline: Deadline,
) -> Result<Filtered, ReadError> {
    let conditions = Conditions::new(segment, filters)?;
    if conditions.is_empty() {
        return Ok(Filtered { hits: docs, undated: 0, own_field: Vec::new() });
    }
    let mut pace = Pace::new(deadline);
    let mut undated = 0;
    let mut hits = FixedBitSet::with_capacity(segment.max_doc());
    let mut own_field: Vec<(FacetField, FixedBitSet)> = Vec::new();
    for doc in docs.ones() {
        pace.step()?;
        match conditions.failed(doc as DocId) {
            Failed::None => hits.insert(doc),
            Failed::Only(field) => match own_field.iter_mut().find(|(own, _)| *own == field) {
                Some((_, set)) => set.insert(doc),
                None => {
                    let mut set = FixedBitSet::with_capacity(segment.max_doc());
                    set.insert(doc);
                    own_field.push((field, set));
                }
            },
            Failed::Undated => undated += 1,
            Failed::Several => {}
        }
    }
    Ok(Filtered { hits, undated, own_field })
}

/// Which of the conditions a document fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failed {
    /// None.
    None,
    /// Only those on this field: the document still counts in that field's own facet.
    Only(FacetField),
    /// Only those on time, for want of a date.
    Undated,
    /// Those on several fields, or on time.
    Several,
}

/// The filters of a request, resolved for one segment.
struct Conditions {
    names: Vec<(FacetField, NameCondition)>,
    time: Option<TimeCondition>,
    /// Columns of which an article must have no value.
    none: Vec<Column<u64>>,
    no_date: Option<Column<i64>>,
}

impl Conditions {
    /// Resolves `filters` for a segment.
    fn new(segment: &Segment, filters: &Filters) -> tantivy::Result<Self> {
        let mut names = Vec::new();
        for (field, column, wanted) in [
            (FacetField::Outlet, column::OUTLET, &filters.outlets),
            (FacetField::Reporter, column::REPORTER, &filters.reporters),
            (FacetField::Section, column::SECTION, &filters.sections),
            (FacetField::Person, column::of_entities(EntityKind::Person), &filters.persons),
            (FacetField::Place, column::of_entities(EntityKind::Place), &filters.places),
            (FacetField::Organisation, column::of_entities(EntityKind::Organisation), &filters.organisations),
        ] {
            if !wanted.is_empty() {
                names.push((field, NameCondition::new(segment, column, wanted)?));
            }
        }
        if let Some(members) = &filters.outlet_groups {
            let condition = NameCondition::new(segment, column::OUTLET, members)?;
            names.push((FacetField::OutletGroup, condition));
        }
        let mut none = Vec::new();
        if filters.no_outlet {
            none.push(segment.names(column::OUTLET)?.ords().clone());
        }
        let no_date = filters.no_date.then(|| segment.published.clone());
        let time = match (filters.from, filters.to) {
            (None, None) => None,
            (from, to) => Some(TimeCondition {
                published: segment.published.clone(),
                from: from.map_or(i64::MIN, |from| from.seconds()),
                to: to.map_or(i64::MAX, |to| to.seconds()),
            }),
        };
        Ok(Self { names, time, none, no_date })
    }

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.time.is_none() && self.none.is_empty() && self.no_date.is_none()
    }

    /// Which conditions `doc` fails.
    fn failed(&self, doc: DocId) -> Failed {
        let has_value = self.none.iter().any(|column| column.first(doc).is_some());
        if has_value || self.no_date.as_ref().is_some_and(|published| published.first(doc).is_some()) {
            return Failed::Several;
        }
        let mut failed = match self.time.as_ref().map(|time| time.holds(doc)) {
            None | Some(Some(true)) => Failed::None,
            Some(Some(false)) => return Failed::Several,
            Some(None) => Failed::Undated,
        };
        for (field, condition) in &self.names {
            if !condition.holds(doc) {
                failed = match failed {
                    Failed::None => Failed::Only(*field),
                    _ => return Failed::Several,
                };
            }
        }
        failed
    }
}

struct NameCondition {
    ords: Column<u64>,
    wanted: Vec<u64>,
}

impl NameCondition {
    fn new(segment: &Segment, column: &str, wanted: &[String]) -> tantivy::Result<Self> {
        let column = segment.names(column)?;
        let mut ords = Vec::new();
        for name in wanted {
            if let Some(ord) = column.dictionary().term_ord(name.as_bytes())? {
                ords.push(ord);
            }
        }
        Ok(Self { ords: column.ords().clone(), wanted: ords })
    }

    fn holds(&self, doc: DocId) -> bool {
        !self.wanted.is_empty() && self.ords.values_for_doc(doc).any(|ord| self.wanted.contains(&ord))
    }
}

struct TimeCondition {
    published: Column<i64>,
    from: i64,
    to: i64,
}

impl TimeCondition {
    /// Whether it holds; `None` for a document without a date, in which it does not.
    fn holds(&self, doc: DocId) -> Option<bool> {
        self.published.first(doc).map(|seconds| (self.from..=self.to).contains(&seconds))
    }
}
