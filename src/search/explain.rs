//! How a query was read, what it looks for, and where the time went.

use std::collections::BTreeMap;

use super::error::SearchError;
use super::session::Session;
use super::types::{ClauseExplanation, Explanation, Filters, Strictness};
use crate::korean::lexicon::VariantKind;
use crate::query::archive::Wanted;
use crate::query::plan::Plan;
use crate::query::shape::{Form, Lane, Origin};

/// Explains a search that was content with `strictness`.
pub(super) fn explain(session: &Session<'_>, strictness: Strictness) -> Result<Explanation, SearchError> {
    let Session { context, query, plan, .. } = session;
    let filters = Filters::default();
    let mut clauses = Vec::with_capacity(plan.clauses.len());
    for clause in &plan.clauses {
        let alone = Plan::of_clause(clause.clone());
        let wanted = Wanted::total(
            alone.attempts(),
            &filters,
            context.language.outlet_groups(),
            context.ranking,
            context.deadline(),
        );
        let articles = context.archive.select(&alone, &wanted)?.total;
        let forms = clause.forms.iter().map(describe).collect();
        let period = clause.period.map(|period| format!("{}..{}", period.first, period.last));
        clauses.push(ClauseExplanation { text: clause.text.clone(), forms, articles, period });
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
