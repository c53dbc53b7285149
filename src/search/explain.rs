//! How a query was read, what it looks for, and where the time went.

use std::collections::BTreeMap;

use super::types::{ClauseExplanation, Explanation};
use super::{Deadline, SearchError};
use crate::index::read::matching::{alive, clause_docs};
use crate::index::read::segment::SegmentView;
use crate::korean::lexicon::VariantKind;
use crate::query::language::Query;
use crate::query::plan::Plan;
use crate::query::request::Strictness;
use crate::query::shape::{Form, Lane, Origin};

/// Explains `plan`, made of `query`.
pub fn explain(
    query: &Query,
    plan: &Plan,
    strictness: Strictness,
    segments: &[SegmentView<'_>],
    deadline: &Deadline,
) -> Result<Explanation, SearchError> {
    let mut clauses = Vec::with_capacity(plan.clauses.len());
    for clause in &plan.clauses {
        let mut articles = 0;
        for segment in segments {
            let docs = clause_docs(clause, segment, &alive(segment), false, deadline)?;
            articles += docs.all.count_ones(..) as u64;
        }
        let forms = clause.forms.iter().map(describe).collect();
        clauses.push(ClauseExplanation { text: clause.text.clone(), forms, articles });
    }
    Ok(Explanation {
        read_as: query.to_string(),
        description: query.describe(),
        clauses,
        matched: strictness.name(),
        phases_ms: BTreeMap::new(),
    })
}

/// A form in words: `literal: bigram `중소`@0, …`.
fn describe(form: &Form) -> String {
    let origin = match form.origin {
        Origin::Literal => "literal",
        Origin::Analysed => "analysed",
        Origin::Variant(VariantKind::Synonym) => "synonym",
        Origin::Variant(VariantKind::Hanja) => "hanja",
    };
    let slots: Vec<String> = form
        .shape
        .slots
        .iter()
        .map(|slot| {
            let probes: Vec<String> = slot
                .probes
                .iter()
                .map(|probe| {
                    let lane = match probe.lane {
                        Lane::Morph => "morpheme",
                        Lane::Gram => "bigram",
                        Lane::Edge => "edge",
                        Lane::Title => "title",
                    };
                    format!("{lane} `{}`", probe.term)
                })
                .collect();
            format!("{}@{}", probes.join(" or "), slot.offset)
        })
        .collect();
    format!("{origin}: {}", slots.join(", "))
}
