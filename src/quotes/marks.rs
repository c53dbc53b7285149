//! Pairs of quotation marks, of all kinds, nested and unbalanced.
//!
//! What people type is not what the marks mean: `“…"`, `“…“`, a mark too many or too few. So a mark is read by its neighbours: one after
//! white space opens, one before a particle closes. Where that contradicts what is open, the mark that is open was one too many.

use std::ops::Range;

use super::words::starts_with_quotative;

/// The most bytes between two marks: what is longer has lost its closing mark.
const LONGEST: usize = 6_000;
/// The most bytes between single marks: they enclose a sentence, and are apostrophes too.
const LONGEST_SINGLE: usize = 900;

/// Which marks enclose something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// `"…"`, `“…”` and their like.
    Double,
    /// `'…'` and `‘…’`.
    Single,
    /// `「…」` and `『…』`.
    Corner,
}

/// A text between quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    pub(super) kind: MarkKind,
    /// Bytes in the body, with the marks.
    pub(super) outer: Range<usize>,
    /// Bytes in the body, without the marks.
    pub(super) inner: Range<usize>,
}

/// How a mark is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drawn {
    Straight,
    Opening,
    Closing,
}

/// A mark in the text.
#[derive(Debug, Clone, Copy)]
struct Mark {
    start: usize,
    end: usize,
    drawn: Drawn,
}

/// What stands between quotation marks in `body`, in the order of the text, none inside another.
pub(super) fn quoted(body: &str) -> Vec<Quoted> {
    let mut found = doubles(body);
    let outside = |range: &Range<usize>, found: &[Quoted]| {
        let before = found.partition_point(|other| other.outer.end <= range.start);
        found.get(before).is_none_or(|other| other.outer.start >= range.end)
    };
    let mut others = corners(body);
    others.extend(singles(body));
    others.retain(|other| outside(&other.outer, &found));
    found.extend(others);
    found.sort_by_key(|quoted| (quoted.outer.start, quoted.outer.end));
    let mut end = 0;
    found.retain(|quoted| {
        let apart = quoted.outer.start >= end;
        if apart {
            end = quoted.outer.end;
        }
        apart && !body.get(quoted.inner.clone()).unwrap_or_default().trim().is_empty()
    });
    found
}

fn double(ch: char) -> Option<Drawn> {
    match ch {
        '"' | '＂' | '″' | '˝' => Some(Drawn::Straight),
        '“' | '„' | '‟' | '〝' => Some(Drawn::Opening),
        '”' | '〞' => Some(Drawn::Closing),
        _ => None,
    }
}

/// How the neighbours of a mark read it.
struct Neighbours<'t> {
    before: Option<char>,
    after: Option<char>,
    rest: &'t str,
}

impl<'t> Neighbours<'t> {
    fn of(body: &'t str, mark: Mark) -> Self {
        let rest = body.get(mark.end..).unwrap_or_default();
        let before = body.get(..mark.start).and_then(|text| text.chars().next_back());
        Self { before, after: rest.chars().next(), rest }
    }

    fn opens(&self) -> bool {
        let begins = self.before.is_none_or(|ch| ch.is_whitespace() || "([{<〈《【".contains(ch));
        begins && self.after.is_some_and(|ch| !ch.is_whitespace()) && !starts_with_quotative(self.rest)
    }

    fn closes(&self) -> bool {
        let ends = self.before.is_some_and(|ch| !ch.is_whitespace());
        ends && (self.after.is_none_or(|ch| ch.is_whitespace() || ",.)]}>·…".contains(ch))
            || starts_with_quotative(self.rest))
    }
}

fn doubles(body: &str) -> Vec<Quoted> {
    let marks: Vec<Mark> = body
        .char_indices()
        .filter_map(|(start, ch)| Some(Mark { start, end: start + ch.len_utf8(), drawn: double(ch)? }))
        .collect();
    let mut found = Vec::new();
    let mut open: Option<Mark> = None;
    let mut depth = 0_usize;
    for (index, mark) in marks.iter().enumerate() {
        let near = Neighbours::of(body, *mark);
        let Some(first) = open else {
            // A closing mark whose opening one is missing.
            let orphan = match mark.drawn {
                Drawn::Opening => false,
                Drawn::Closing => !near.opens(),
                Drawn::Straight => {
                    near.closes() && !near.opens() && near.after.is_none_or(char::is_whitespace)
                }
            };
            if !orphan {
                open = Some(*mark);
                depth = 0;
            }
            continue;
        };
        let next = marks.get(index + 1).map(|next| next.drawn);
        let after_next = marks.get(index + 2).map(|next| next.drawn);
        let too_long = mark.start - first.end > LONGEST;
        let opens_again = match mark.drawn {
            Drawn::Opening => !near.closes(),
            Drawn::Straight => near.opens(),
            Drawn::Closing => false,
        };
        if opens_again {
            let nested = match (first.drawn, mark.drawn) {
                (Drawn::Opening, Drawn::Opening) => {
                    next == Some(Drawn::Closing) && after_next == Some(Drawn::Closing)
                }
                (Drawn::Opening, Drawn::Straight) => {
                    next == Some(Drawn::Straight) && after_next == Some(Drawn::Closing)
                }
                _ => false,
            };
            if nested && !too_long {
                depth += 1;
                continue;
            }
            found.extend(unclosed(body, first, *mark));
            open = Some(*mark);
            depth = 0;
            continue;
        }
        if too_long {
            open = if near.closes() { None } else { Some(*mark) };
            depth = 0;
            continue;
        }
        if depth > 0 {
            depth -= 1;
            continue;
        }
        found.push(Quoted {
            kind: MarkKind::Double,
            outer: first.start..mark.end,
            inner: first.end..mark.start,
        });
        open = None;
    }
    found.extend(open.and_then(|first| cut_off(body, first)));
    found
}

/// Speech at the end of a body that is an extract: it has no closing mark, for the text ends within it.
fn cut_off(body: &str, first: Mark) -> Option<Quoted> {
    let text = body.get(first.end..)?;
    let line = text.trim_end();
    let whole = !line.contains('\n') && line.len() <= LONGEST && Neighbours::of(body, first).opens();
    let end = first.end + line.len();
    whole.then_some(Quoted { kind: MarkKind::Double, outer: first.start..end, inner: first.end..end })
}

/// A paragraph of speech that goes on in the next one has no closing mark: it ends with its line, before the next opening mark.
fn unclosed(body: &str, first: Mark, next: Mark) -> Option<Quoted> {
    let text = body.get(first.end..next.start)?;
    let line = text.trim_end();
    let ends = line.ends_with(['.', '?', '!', '…']) && !line.contains('\n');
    let whole = ends && text.get(line.len()..)?.contains('\n');
    let end = first.end + line.len();
    whole.then_some(Quoted { kind: MarkKind::Double, outer: first.start..end, inner: first.end..end })
}

/// `「…」` and `『…』`.
fn corners(body: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize, char)> = None;
    for (start, ch) in body.char_indices() {
        let end = start + ch.len_utf8();
        match (ch, open) {
            ('「', None) => open = Some((start, end, '」')),
            ('『', None) => open = Some((start, end, '』')),
            (_, Some((from, inner, closing))) if ch == closing => {
                found.push(Quoted { kind: MarkKind::Corner, outer: from..end, inner: inner..start });
                open = None;
            }
            _ => {}
        }
    }
    found
}

/// `'…'` and `‘…’`, but for apostrophes.
fn singles(body: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let mut before: Option<char> = None;
    for (start, ch) in body.char_indices() {
        let end = start + ch.len_utf8();
        if ch == '\n' {
            open = None;
        } else if matches!(ch, '\'' | '‘' | '’' | '＇' | '`') {
            let after = body.get(end..).and_then(|rest| rest.chars().next());
            let in_word = before.is_some_and(|ch| ch.is_ascii_alphanumeric())
                && after.is_some_and(|ch| ch.is_ascii_alphanumeric());
            open = match open {
                _ if in_word => open,
                Some(_) if ch == '‘' && before.is_some_and(char::is_whitespace) => Some((start, end)),
                Some((from, inner)) if start - inner <= LONGEST_SINGLE => {
                    found.push(Quoted { kind: MarkKind::Single, outer: from..end, inner: inner..start });
                    None
                }
                _ if ch == '’' => None,
                _ => Some((start, end)),
            };
        }
        before = Some(ch);
    }
    found
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;

    fn inner(body: &str) -> Vec<&str> {
        quoted(body).into_iter().map(|quoted| &body[quoted.inner]).collect()
    }

    #[test]
    fn marks_of_all_kinds() {
        assert_eq!(
            inner("“가나 다”고 했다. \"라마\"며 ＂바사＂라고 「아자」 『차카』"),
            ["가나 다", "라마", "바사", "아자", "차카"]
        );
        assert_eq!(inner("그는 ‘간다’고 했고 it's 'fine' here"), ["간다", "fine"]);
    }

    #[test]
    fn nested_and_unbalanced() {
        assert_eq!(inner("“그가 ‘간다’고 했다”고 전했다"), ["그가 ‘간다’고 했다"]);
        assert_eq!(inner("“그가 “간다”고 했다”고 전했다"), ["그가 “간다”고 했다"]);
        assert_eq!(inner("“산불은 대비가 최선\"이라고 했다"), ["산불은 대비가 최선"]);
        assert_eq!(
            inner("“산불은 대비가 최선“이라고 했다. “또 말한다”고"),
            ["산불은 대비가 최선", "또 말한다"]
        );
        assert_eq!(inner("”산불은 대비가 최선”이라고 했다"), ["산불은 대비가 최선"]);
        assert_eq!(inner("\"열고 닫지 않았다. 그는 \"다시 연다\"고 했다"), ["다시 연다"]);
        assert_eq!(inner("닫기만 했다\" 그는 \"다시 연다\"고 했다"), ["다시 연다"]);
        assert_eq!(inner("그는 \" 띄어 썼다 \"고 했다"), [" 띄어 썼다 "]);
        assert_eq!(inner("\"첫 문단이다.\n\"둘째 문단이다.\" 그는"), ["첫 문단이다.", "둘째 문단이다."]);
    }
}
