//! First cut: white space, quoted passages, bars, and runs of everything else.

use std::ops::Range;

use super::markers::{Marker, scan_markers};
use super::text::{PARTICLES, Source, is_latinish};

/// A stretch of the text, in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A quoted passage.
    Phrase {
        /// The text between the quotes.
        inner: Range<usize>,
        /// With the quotes.
        outer: Range<usize>,
    },
    /// A `|`.
    Bar(usize),
    /// Characters that are none of the others.
    Run(Range<usize>),
}

impl Piece {
    pub(super) fn range(&self) -> Range<usize> {
        match self {
            Piece::Phrase { outer, .. } => outer.clone(),
            Piece::Bar(at) => *at..at + 1,
            Piece::Run(range) => range.clone(),
        }
    }
}

/// Cuts the text; a quote that is never closed separates like white space and goes to `ignored`.
///
/// Straight quotes open only where a token begins (`5" 화면` and `don't` are words); typographic ones open anywhere, as in
/// the headline style `尹“노조 부패”`.
///
/// In a headline that was pasted whole, typographic quotes are marks like others: what somebody said there is not demanded word for word.
pub(super) fn cut(source: &Source<'_>, ignored: &mut Vec<Range<usize>>) -> Vec<Piece> {
    let mut passed_over = Vec::new();
    let pieces = cut_at(source, &mut passed_over, true);
    if !is_headline(source, &pieces) {
        ignored.append(&mut passed_over);
        return pieces;
    }
    cut_at(source, ignored, false)
}

/// Words outside of typographic quotes from which on the whole text is a headline; fewer may be typed around a passage.
const HEADLINE_WORDS: usize = 2;

/// Whether the text has typographic quotes among other words, and nothing that only a query has.
fn is_headline(source: &Source<'_>, pieces: &[Piece]) -> bool {
    // A straight quote or a backslash is typed on purpose.
    if (0..source.len()).any(|at| matches!(source.get(at), Some('"' | '＂' | '\\'))) {
        return false;
    }
    let mut words = 0;
    let mut quoted = false;
    let mut end = None;
    for (nth, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Bar(_) => return false,
            Piece::Phrase { outer, .. } if source.get(outer.start).is_some_and(is_typographic) => {
                quoted = true
            }
            Piece::Phrase { .. } => return false,
            Piece::Run(range) => {
                // A field's name or a minus right before a passage is for it.
                let follows = matches!(pieces.get(nth + 1),
                    Some(Piece::Phrase { outer, .. }) if outer.start == range.end);
                let (markers, _) = scan_markers(source, range, follows);
                let asks = markers.iter().any(|marker| !matches!(marker, Marker::Open(_)));
                if asks || matches!(source.slice(range), "OR" | "AND" | "NOT") {
                    return false;
                }
                let glued = end == Some(range.start) && PARTICLES.contains(&source.slice(range));
                words += usize::from(!glued && source.has_word(range.clone()));
            }
        }
        end = Some(piece.range().end);
    }
    quoted && words >= HEADLINE_WORDS
}

fn is_typographic(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’')
}

/// Cuts the text; typographic quotes are quotes, or only separate.
fn cut_at(source: &Source<'_>, ignored: &mut Vec<Range<usize>>, typographic: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut run_start = 0;
    let mut at = 0;
    while let Some(c) = source.get(at) {
        let mark = !typographic && is_typographic(c) && !is_apostrophe(source, at);
        let quote = !mark && is_opening_quote(c, source, run_start..at);
        if !(quote || mark || c == '|' || c.is_whitespace()) {
            at += 1;
            continue;
        }
        if run_start < at {
            pieces.push(Piece::Run(run_start..at));
        }
        let mut next = at + 1;
        if c == '|' {
            pieces.push(Piece::Bar(at));
        } else if mark {
            ignored.push(at..next);
            // A particle after a closing quote is not a word of its own.
            let glued = (next..source.len())
                .find(|at| source.get(*at).is_none_or(|c| c.is_whitespace() || !c.is_alphanumeric()))
                .unwrap_or(source.len());
            if matches!(c, '”' | '’' | '»') && PARTICLES.contains(&source.slice(&(next..glued))) {
                ignored.push(next..glued);
                next = glued;
            }
        } else if quote {
            match closing_quote(source, at) {
                Some(close) => {
                    next = close + 1;
                    pieces.push(Piece::Phrase { inner: at + 1..close, outer: at..next });
                }
                None => ignored.push(at..next),
            }
        }
        at = next;
        run_start = next;
    }
    if run_start < at {
        pieces.push(Piece::Run(run_start..at));
    }
    pieces
}

/// Whether the mark at `at` is inside a Latin word.
fn is_apostrophe(source: &Source<'_>, at: usize) -> bool {
    source.get(at) == Some('’')
        && source.before(at).is_some_and(is_latinish)
        && source.get(at + 1).is_some_and(is_latinish)
}

fn is_opening_quote(c: char, source: &Source<'_>, run: Range<usize>) -> bool {
    match c {
        '“' | '„' | '‟' | '«' | '‘' => true,
        // Only after nothing but brackets, a minus or a field name.
        '"' | '＂' | '\'' => scan_markers(source, &run, true).1 == run.end,
        _ => false,
    }
}

/// Where the quote at `open` is closed.
fn closing_quote(source: &Source<'_>, open: usize) -> Option<usize> {
    let find = |closers: &[char]| {
        (open + 1..source.len()).find(|at| source.get(*at).is_some_and(|c| closers.contains(&c)))
    };
    match source.get(open)? {
        '"' | '＂' => find(&['"', '＂']).or_else(|| only_double_quote_after(source, open, '”')),
        '“' => find(&['”']).or_else(|| only_double_quote_after(source, open, '"')),
        '‟' => find(&['”']),
        '„' => find(&['“', '”']),
        '«' => find(&['»']),
        '‘' => closing_apostrophe(source, open, '’'),
        '\'' => closing_apostrophe(source, open, '\''),
        _ => None,
    }
}

/// Mixed quotes, as phones produce them (`“구절"`): accepted when there is no other way to pair them.
fn only_double_quote_after(source: &Source<'_>, open: usize, closer: char) -> Option<usize> {
    let is_double = |at: &usize| matches!(source.get(*at), Some('"' | '＂' | '“' | '”' | '„' | '‟'));
    let mut doubles = (open + 1..source.len()).filter(is_double);
    let first = doubles.next()?;
    (doubles.next().is_none() && source.get(first) == Some(closer)).then_some(first)
}

/// A single quote that is neither an apostrophe inside a Latin word nor the opening of a next one (`'23년 '24년`).
fn closing_apostrophe(source: &Source<'_>, open: usize, closer: char) -> Option<usize> {
    if source.get(open + 1).is_some_and(char::is_whitespace) {
        return None;
    }
    (open + 1..source.len()).filter(|at| source.get(*at) == Some(closer)).find(|&at| {
        let before = source.before(at);
        let inside_word = before.is_some_and(is_latinish) && source.get(at + 1).is_some_and(is_latinish);
        !inside_word && !before.is_some_and(char::is_whitespace)
    })
}
