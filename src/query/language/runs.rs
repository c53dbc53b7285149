//! What comes before the word in a run (`-`, `(`, a field's name), and which round brackets group.

use std::ops::Range;

use super::pieces::Piece;
use super::text::Source;

/// A field that can be named before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldName {
    Outlet,
    Reporter,
    Section,
    Title,
    Body,
    Date,
}

const FIELD_NAMES: [(&str, FieldName); 12] = [
    ("언론사", FieldName::Outlet),
    ("outlet", FieldName::Outlet),
    ("기자", FieldName::Reporter),
    ("reporter", FieldName::Reporter),
    ("섹션", FieldName::Section),
    ("section", FieldName::Section),
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

/// The markers at the beginning of a run, and where the rest begins. `phrase_follows`: a quoted passage stands directly
/// behind the run.
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

/// `-제외`, `-"구절"`, `-(가 나)`, not `--`, `-` or `-/`.
fn excludes(source: &Source<'_>, at: usize, end: usize, phrase_follows: bool) -> bool {
    match source.get(at + 1).filter(|_| at + 1 < end) {
        None => phrase_follows,
        Some('-') => false,
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

/// What a character is for, where that is not decided by the character alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Part of a word, or what the character says.
    Plain,
    /// `(` that opens a group.
    GroupOpen,
    /// `)` that closes one.
    GroupClose,
    /// A round bracket without partner: separates words.
    Stray,
}

/// A run with its markers taken off.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// All of it.
    pub(super) range: Range<usize>,
    /// What stands in front.
    pub(super) markers: Vec<Marker>,
    /// Where the markers end.
    pub(super) body_start: usize,
}

/// Takes the runs apart and decides on every round bracket.
///
/// A `(` groups only at the beginning of a token, and only if its partner stands at the end of one: `(주)카카오`, `f(x)` and
/// `윤(尹)` are words. Brackets are paired inside their run first, so that a word's own pair never closes a group.
pub(super) fn resolve(source: &Source<'_>, pieces: &[Piece]) -> (Vec<Run>, Vec<Role>) {
    let mut roles = vec![Role::Plain; source.len()];
    let mut set = |at: usize, role: Role| {
        if let Some(slot) = roles.get_mut(at) {
            *slot = role;
        }
    };
    let mut runs = Vec::new();
    let mut groups: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Run(range) = piece else { continue };
        let phrase_follows = matches!(pieces.get(at + 1),
            Some(Piece::Phrase { outer, .. }) if outer.start == range.end);
        let (mut markers, mut body_start) = scan_markers(source, range, phrase_follows);
        let closers = range.clone().rev().take_while(|at| source.get(*at) == Some(')')).count();
        let closers_start = (range.end - closers).max(body_start);

        let is_marker = |markers: &[Marker], at: usize| markers.contains(&Marker::Open(at));
        let mut open: Vec<usize> = Vec::new();
        let mut closing: Vec<usize> = Vec::new();
        let mut literal: Option<usize> = None;
        for at in range.clone() {
            match source.get(at) {
                Some('(') => open.push(at),
                Some(')') => match open.pop() {
                    Some(partner) if !is_marker(&markers, partner) => {}
                    Some(partner) if at >= closers_start => {
                        set(partner, Role::GroupOpen);
                        set(at, Role::GroupClose);
                    }
                    Some(partner) => literal = Some(literal.map_or(partner, |first| first.min(partner))),
                    None if at >= closers_start => closing.push(at),
                    None => set(at, Role::Stray),
                },
                _ => {}
            }
        }
        if let Some(first) = literal {
            let kept =
                markers.iter().position(|marker| *marker == Marker::Open(first)).unwrap_or(markers.len());
            markers.truncate(kept);
            body_start = first;
        }
        for at in open {
            set(at, Role::Stray);
            if is_marker(&markers, at) {
                groups.push(at);
            }
        }
        for at in closing {
            match groups.pop() {
                Some(partner) => {
                    set(partner, Role::GroupOpen);
                    set(at, Role::GroupClose);
                }
                None => set(at, Role::Stray),
            }
        }
        runs.push(Run { range: range.clone(), markers, body_start });
    }
    (runs, roles)
}
