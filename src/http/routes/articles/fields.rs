//! What the answer to a push says of the fields: the same as the report of a file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use utoipa::ToSchema;

use crate::ingest::{FileReport, FileTally, Format};

/// How pushed articles were read.
#[derive(Default, Serialize, ToSchema)]
pub(in crate::http) struct ReadFields {
    /// For each field the key that fed it; several are separated by a comma, the most frequent first.
    fields: BTreeMap<&'static str, String>,
    /// Articles that lack what a reader looks for.
    without: Lacking,
    /// Values that could not be read and were kept aside, by field.
    unread: BTreeMap<&'static str, u64>,
    /// Keys that fed no field, the most frequent first, at most 40. They are stored and not searched.
    unused: Vec<String>,
    /// Keys that fed no field and are not stored, because an article would have too many or too large ones; at most 40.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cut: Vec<String>,
    /// What the body was read as, for many articles: `jsonl`.
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    /// Lines that were passed over, for many articles: drafts, and deletions of a bulk file.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<u64>,
    /// The same by rule: `not_published`, `deletion`.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped_by: Option<BTreeMap<&'static str, u64>>,
    /// Articles that a later line with the same id replaced, for many articles; of the first 1,000,000 ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced: Option<u64>,
}

/// Articles that lack something.
#[derive(Default, Serialize, ToSchema)]
pub(in crate::http) struct Lacking {
    /// Articles without a story.
    body: u64,
    /// Articles without a date.
    date: u64,
    /// Articles without an outlet.
    outlet: u64,
}

impl ReadFields {
    /// What `tally` counted.
    pub(super) fn of(tally: FileTally) -> Self {
        Self::of_report(tally.report(Path::new("")))
    }

    fn of_report(report: FileReport) -> Self {
        let named = |counts: BTreeMap<_, u64>| {
            counts
                .into_iter()
                .map(|(field, count): (crate::ingest::Field, u64)| (field.as_str(), count))
                .collect()
        };
        let without = report.without;
        Self {
            fields: report.fields.into_iter().map(|(field, keys)| (field.as_str(), keys)).collect(),
            without: Lacking { body: without.body, date: without.date, outlet: without.outlet },
            unread: named(report.unread),
            unused: report.unused,
            cut: report.cut,
            ..Self::default()
        }
    }

    /// The same of a body of many lines, with what became of those that are not articles.
    pub(super) fn of_lines(tally: FileTally) -> Self {
        let report = tally.report(Path::new(""));
        let skipped_by = report.skipped_by.iter().map(|(rule, count)| (rule.as_str(), *count)).collect();
        Self {
            format: report.format.map(Format::as_str),
            skipped: Some(report.skipped),
            skipped_by: Some(skipped_by),
            replaced: Some(report.replaced),
            ..Self::of_report(report)
        }
    }
}
