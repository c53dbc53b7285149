//! [`Place`]s of a generation: the segment's number in the upper half, the document's in the lower.

use tantivy::DocAddress;

use crate::query::archive::Place;

/// The place of a document.
pub(in crate::index) fn of(at: DocAddress) -> Place {
    Place::new(u64::from(at.segment_ord) << 32 | u64::from(at.doc_id))
}

/// The document at a place.
pub(in crate::index) fn at(place: Place) -> DocAddress {
    DocAddress::new((place.value() >> 32) as u32, place.value() as u32)
}
