//! What comes before the word in a run (`-`, `(`, a field's name), and which round brackets group.

use std::ops::Range;

use super::markers::{Marker, scan_markers};
use super::pieces::Piece;
use super::text::Source;

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
    /// What comes before.
    pub(super) markers: Vec<Marker>,
    /// Where the markers end.
    pub(super) body_start: usize,
}

/// Takes the runs apart and decides on every round bracket.
///
/// A `(` groups only at the beginning of a token, and only if its partner is at the end of one: `(주)카카오`, `f(x)` and
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
