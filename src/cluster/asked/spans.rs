//! Clauses and their shapes as queries on positions.
//!
//! **Every slot is exactly one position wide.** Ordered spans never backtrack: with alternatives of unequal width articles would be lost
//! (LUCENE-7398). So each form of a clause is a query of its own, and in it only terms of one position are alternatives.
//!
//! Positions of all lanes are the same, so a slot of another lane is masked to look as if it were of the first.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cluster::cells::{BODY_MARK, field_of, term};
use crate::query::language::TextField;
use crate::query::shape::{Clause, Lane, Probe, Shape, Slot};

/// More positions than a text has: what comes after something, however far.
const ANYWHERE: u32 = 1_000_000_000;

/// What holds none of the articles.
pub(in crate::cluster) fn nothing() -> Value {
    json!({"match_none": {}})
}

/// The articles that hold one of the ways to find a clause.
pub(in crate::cluster) fn clause(clause: &Clause) -> Value {
    shapes(clause.forms.iter().map(|form| &form.shape), clause.field)
}

/// The articles that hold one of `shapes`.
pub(in crate::cluster) fn shapes<'s>(
    shapes: impl Iterator<Item = &'s Shape>,
    field: Option<TextField>,
) -> Value {
    // Single terms anywhere need no positions, and however many are one part of the query.
    let mut anywhere: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut placed = Vec::new();
    for shape in shapes {
        match shape.slots.as_slice() {
            [Slot { offset: 0, probes }] if field.is_none() => {
                for probe in probes {
                    anywhere.entry(field_of(probe.lane)).or_default().push(term(&probe.term));
                }
            }
            _ => placed.extend(span(shape, field)),
        }
    }
    let mut any: Vec<Value> =
        anywhere.into_iter().map(|(field, terms)| json!({"terms": {field: terms}})).collect();
    any.append(&mut placed);
    match any.len() {
        0 => nothing(),
        1 => any.swap_remove(0),
        _ => json!({"bool": {"should": any, "minimum_should_match": 1}}),
    }
}

/// The articles that hold a term.
pub(in crate::cluster) fn probe(probe: &Probe) -> Value {
    json!({"term": {field_of(probe.lane): term(&probe.term)}})
}

/// A shape as spans; `None` for one without slots, or with a slot that nothing fills.
fn span(shape: &Shape, field: Option<TextField>) -> Option<Value> {
    let mut by_offset: BTreeMap<u32, Vec<&Slot>> = BTreeMap::new();
    for slot in &shape.slots {
        by_offset.entry(slot.offset).or_default().push(slot);
    }
    let (first_offset, first_slots) = by_offset.first_key_value()?;
    let (first_offset, lane) = (*first_offset, first_slots.first()?.probes.first()?.lane);
    let cells: Vec<(u32, Value)> =
        by_offset.iter().map(|(offset, slots)| Some((*offset, cell(slots, lane)?))).collect::<Option<_>>()?;
    let first = cells.first()?.1.clone();
    let mut parts = Vec::new();
    let mut next = first_offset;
    for (offset, cell) in cells {
        if offset > next {
            parts.push(json!({"span_gap": {field_of(lane): offset - next}}));
        }
        parts.push(cell);
        next = offset + 1;
    }
    let mut whole = in_order(parts, 0);
    if first_offset > 0 {
        // The shape begins before its first slot, and no text begins before its first position.
        let early = json!({"span_first": {"match": first, "end": first_offset}});
        whole = json!({"span_not": {"include": whole, "exclude": early}});
    }
    let mark = || masked(json!({"span_term": {field_of(Lane::Edge): BODY_MARK}}), Lane::Edge, lane);
    Some(match field {
        None => whole,
        Some(TextField::Title) => in_order(vec![whole, mark()], ANYWHERE),
        Some(TextField::Body) => in_order(vec![mark(), whole], ANYWHERE),
    })
}

fn in_order(mut parts: Vec<Value>, slop: u32) -> Value {
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => json!({"span_near": {"clauses": parts, "slop": slop, "in_order": true}}),
    }
}

/// All of `slots`, which are at one offset.
fn cell(slots: &[&Slot], lane: Lane) -> Option<Value> {
    let all = slots.iter().map(|slot| any_of(&slot.probes, lane)).collect::<Option<Vec<_>>>()?;
    // Both are one position wide: the one that contains the other is where it is.
    all.into_iter().reduce(|big, little| json!({"span_containing": {"big": big, "little": little}}))
}

fn any_of(probes: &[Probe], lane: Lane) -> Option<Value> {
    let mut any: Vec<Value> = probes
        .iter()
        .map(|probe| {
            masked(json!({"span_term": {field_of(probe.lane): term(&probe.term)}}), probe.lane, lane)
        })
        .collect();
    match any.len() {
        0 => None,
        1 => any.pop(),
        _ => Some(json!({"span_or": {"clauses": any}})),
    }
}

/// A span of the lane `own` as if it were of the lane `shown`.
fn masked(span: Value, own: Lane, shown: Lane) -> Value {
    match own == shown {
        true => span,
        false => json!({"field_masking_span": {"query": span, "field": field_of(shown)}}),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::query::shape::Extent;

    fn slot(offset: u32, probes: &[(Lane, &str)]) -> Slot {
        let probe = |(lane, term): &(Lane, &str)| Probe { lane: *lane, term: (*term).to_owned() };
        Slot { offset, probes: probes.iter().map(probe).collect() }
    }

    fn shape(slots: Vec<Slot>) -> Shape {
        Shape { slots, extent: Extent::Kept(1) }
    }

    fn one(slots: Vec<Slot>, field: Option<TextField>) -> Value {
        shapes([shape(slots)].iter(), field)
    }

    #[test]
    fn single_terms_of_a_lane_are_one_part() {
        let forms = [
            shape(vec![slot(0, &[(Lane::Morph, "국회"), (Lane::Edge, "국회")])]),
            shape(vec![slot(0, &[(Lane::Morph, "의회")])]),
        ];
        let any = shapes(forms.iter(), None);
        let expected = json!([{"terms": {"edge": ["국회"]}}, {"terms": {"morph": ["국회", "의회"]}}]);
        assert_eq!(any["bool"]["should"], expected);
        assert_eq!(shapes([].iter(), None), nothing());
    }

    #[test]
    fn holes_are_gaps_and_other_lanes_are_masked() {
        let query = one(vec![slot(0, &[(Lane::Gram, "가나")]), slot(3, &[(Lane::Morph, "마")])], None);
        let clauses = &query["span_near"]["clauses"];
        assert_eq!(clauses[0], json!({"span_term": {"gram": "가나"}}));
        assert_eq!(clauses[1], json!({"span_gap": {"gram": 2}}));
        assert_eq!(clauses[2]["field_masking_span"]["field"], "gram");
    }

    #[test]
    fn slots_at_one_offset_contain_each_other() {
        let query = one(vec![slot(0, &[(Lane::Gram, "3 1")]), slot(0, &[(Lane::Morph, "3")])], None);
        assert_eq!(query["span_containing"]["big"], json!({"span_term": {"gram": "3\u{E001}1"}}));
    }

    #[test]
    fn title_and_body_are_before_and_after_the_mark() {
        let term = || vec![slot(0, &[(Lane::Edge, "국회")])];
        let mark = json!({"span_term": {"edge": BODY_MARK}});
        assert_eq!(one(term(), Some(TextField::Title))["span_near"]["clauses"][1], mark);
        assert_eq!(one(term(), Some(TextField::Body))["span_near"]["clauses"][0], mark);
        let late = one(vec![slot(2, &[(Lane::Morph, "말")])], None);
        assert_eq!(late["span_not"]["exclude"]["span_first"]["end"], 2);
    }
}
