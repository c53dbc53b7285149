//! How a query was read, what it looks for, and where the time went.

use std::collections::BTreeMap;

use super::error::SearchError;
use super::session::Session;
use super::types::{AlsoLookedFor, ClauseExplanation, Explanation, Filters, Strictness};
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
        let also = clause.alternatives.iter().map(AlsoLookedFor::from).collect();
        let reporter = clause.reporter.clone();
        let reporter = if is_reporter(session, reporter.as_deref())? { reporter } else { None };
        let text = clause.text.clone();
        clauses.push(ClauseExplanation { text, forms, articles, also, reporter, period });
    }
    Ok(Explanation {
        read_as: query.to_string(),
        description: query.describe(),
        clauses,
        matched: strictness.name(),
        phases_ms: BTreeMap::new(),
    })
}

/// Whether any article is of a reporter of this name.
fn is_reporter(session: &Session<'_>, name: Option<&str>) -> Result<bool, SearchError> {
    let Some(name) = name else { return Ok(false) };
    let context = session.context;
    let plan = Plan::of_filters(Filters { reporters: vec![name.to_owned()], ..Filters::default() });
    let filters = Filters::default();
    let wanted = Wanted::total(
        plan.attempts(),
        &filters,
        context.language.outlet_groups(),
        context.ranking,
        context.deadline(),
    );
    Ok(context.archive.select(&plan, &wanted)?.total > 0)
}

/// A form in words: `literal: bigram `중소`@0, …`.
fn describe(form: &Form) -> String {
    let origin = match form.origin {
        Origin::Literal => "literal",
        Origin::Analysed => "analysed",
        Origin::Variant(VariantKind::Synonym) => "synonym",
        Origin::Variant(VariantKind::Hanja) => "hanja",
        Origin::Variant(VariantKind::Inflected) => "inflected",
        Origin::Variant(VariantKind::Learned) => "learned",
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
