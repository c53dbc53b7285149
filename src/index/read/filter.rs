//! Exact conditions: outlet, reporter, section, time of publication.

use fixedbitset::FixedBitSet;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

use super::segment::SegmentView;
use crate::search::types::{FacetField, Filters};

/// Documents within `within` that pass all of `filters`.
pub fn filter_docs(
    segment: &SegmentView<'_>,
    filters: &Filters,
    within: &FixedBitSet,
) -> tantivy::Result<FixedBitSet> {
    let tests = Tests::new(segment.reader, filters)?;
    let mut found = FixedBitSet::with_capacity(segment.max_doc());
    found.extend(within.ones().filter(|doc| tests.failed(*doc as DocId) == Failed::None));
    Ok(found)
}

/// Which of the conditions a document fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// None.
    None,
    /// Only those on this field: the document still counts in that field's own facet.
    Only(FacetField),
    /// Those on several fields, or on time.
    Several,
}

/// The filters of a request, resolved for one segment.
pub struct Tests {
    names: Vec<(FacetField, NameTest)>,
    time: Option<TimeTest>,
}

impl Tests {
    /// Resolves `filters` for a segment.
    pub fn new(reader: &SegmentReader, filters: &Filters) -> tantivy::Result<Self> {
        let mut names = Vec::new();
        for (field, wanted) in [
            (FacetField::Outlet, &filters.outlets),
            (FacetField::Reporter, &filters.reporters),
            (FacetField::Section, &filters.sections),
        ] {
            if !wanted.is_empty() {
                names.push((field, NameTest::new(reader, field.name(), wanted)?));
            }
        }
        let time = match (filters.from, filters.to) {
            (None, None) => None,
            (from, to) => Some(TimeTest {
                published: reader.fast_fields().i64("published")?,
                from: from.map_or(i64::MIN, |from| from.seconds()),
                to: to.map_or(i64::MAX, |to| to.seconds()),
            }),
        };
        Ok(Self { names, time })
    }

    /// Whether there is nothing to test.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.time.is_none()
    }

    /// Which conditions `doc` fails.
    pub fn failed(&self, doc: DocId) -> Failed {
        if self.time.as_ref().is_some_and(|time| !time.passes(doc)) {
            return Failed::Several;
        }
        let mut failed = Failed::None;
        for (field, test) in &self.names {
            if !test.passes(doc) {
                failed = match failed {
                    Failed::None => Failed::Only(*field),
                    _ => return Failed::Several,
                };
            }
        }
        failed
    }
}

struct NameTest {
    ords: Column<u64>,
    wanted: Vec<u64>,
}

impl NameTest {
    fn new(reader: &SegmentReader, field: &str, wanted: &[String]) -> tantivy::Result<Self> {
        let column = reader
            .fast_fields()
            .str(field)?
            .unwrap_or_else(|| StrColumn::wrap(tantivy::columnar::BytesColumn::empty(reader.max_doc())));
        let mut ords = Vec::new();
        for name in wanted {
            if let Some(ord) = column.dictionary().term_ord(name.as_bytes())? {
                ords.push(ord);
            }
        }
        Ok(Self { ords: column.ords().clone(), wanted: ords })
    }

    fn passes(&self, doc: DocId) -> bool {
        !self.wanted.is_empty() && self.ords.values_for_doc(doc).any(|ord| self.wanted.contains(&ord))
    }
}

struct TimeTest {
    published: Column<i64>,
    from: i64,
    to: i64,
}

impl TimeTest {
    fn passes(&self, doc: DocId) -> bool {
        self.published.first(doc).is_some_and(|seconds| (self.from..=self.to).contains(&seconds))
    }
}
