//! What comes before the word in a run: `-`, `(`, a field's name.

use std::ops::Range;

use super::text::Source;
use crate::entities::EntityKind;

/// A field that can be named before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldName {
    Outlet,
    Reporter,
    Section,
    Named(EntityKind),
    Title,
    Body,
    Date,
}

const FIELD_NAMES: [(&str, FieldName); 18] = [
    ("언론사", FieldName::Outlet),
    ("outlet", FieldName::Outlet),
    ("기자", FieldName::Reporter),
    ("reporter", FieldName::Reporter),
    ("섹션", FieldName::Section),
    ("section", FieldName::Section),
    ("인물", FieldName::Named(EntityKind::Person)),
    ("person", FieldName::Named(EntityKind::Person)),
    ("장소", FieldName::Named(EntityKind::Place)),
    ("place", FieldName::Named(EntityKind::Place)),
    ("기관", FieldName::Named(EntityKind::Organisation)),
    ("organisation", FieldName::Named(EntityKind::Organisation)),
    ("제목", FieldName::Title),
    ("title", FieldName::Title),
    ("본문", FieldName::Body),
    ("body", FieldName::Body),
    ("날짜", FieldName::Date),
    ("date", FieldName::Date),
];

/// Something in front of a word that changes how it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Marker {
    /// A `(` at the beginning of a token; whether it groups is in the [`Role`] of its character.
    Open(usize),
    /// A `-` directly before something to exclude.
    Minus(usize),
    /// A field's name; the range leaves out the colon.
    Field(FieldName, Range<usize>),
}

/// The markers at the beginning of a run, and where the rest begins. `phrase_follows`: a quoted passage comes directly
/// after the run.
pub(super) fn scan_markers(
    source: &Source<'_>,
    run: &Range<usize>,
    phrase_follows: bool,
) -> (Vec<Marker>, usize) {
    let mut markers: Vec<Marker> = Vec::new();
    let mut has_field = false;
    let mut at = run.start;
    while at < run.end {
        let after_minus = matches!(markers.last(), Some(Marker::Minus(_)));
        match source.get(at) {
            Some('(') => {
                markers.push(Marker::Open(at));
                has_field = false;
                at += 1;
            }
            Some('-') if !after_minus && excludes(source, at, run.end, phrase_follows) => {
                markers.push(Marker::Minus(at));
                at += 1;
            }
            _ => {
                let Some((name, range)) =
                    field_at(source, at, run.end, phrase_follows).filter(|_| !has_field)
                else {
                    break;
                };
                has_field = true;
                at = range.end + 1;
                markers.push(Marker::Field(name, range));
            }
        }
    }
    (markers, at)
}

/// `-제외`, `-"구절"`, `-(가 나)`, not `--`, `-` or `-/`. Before a digit it is a sign: `-2.3%`, `-20도`.
fn excludes(source: &Source<'_>, at: usize, end: usize, phrase_follows: bool) -> bool {
    match source.get(at + 1).filter(|_| at + 1 < end) {
        None => phrase_follows,
        Some(sign) if sign == '-' || sign.is_numeric() => false,
        Some('(') => true,
        Some(_) => phrase_follows || source.has_word(at + 1..end),
    }
}

fn field_at(
    source: &Source<'_>,
    at: usize,
    end: usize,
    phrase_follows: bool,
) -> Option<(FieldName, Range<usize>)> {
    FIELD_NAMES.iter().find_map(|&(name, field)| {
        let colon = at + name.chars().count();
        let named = colon < end
            && matches!(source.get(colon), Some(':' | '：'))
            && source.slice(&(at..colon)).eq_ignore_ascii_case(name);
        let has_value = match source.get(colon + 1).filter(|_| colon + 1 < end) {
            None => phrase_follows,
            Some('(') => field != FieldName::Date,
            Some(_) => true,
        };
        (named && has_value).then_some((field, at..colon))
    })
}
