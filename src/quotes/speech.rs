//! What tells speech from emphasis and titles: how a quotation ends, and what follows it.

use super::marks::{MarkKind, Quoted};
use super::words::{adnominal, ends_sentence, is_nobodys, is_said, names, quotative, says};

/// How a quotation is joined to the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    /// By a particle and a verb of saying: `"…"고 말했다`.
    Said,
    /// As the content of a noun: `"…"는 입장이다`.
    Content,
    /// As the content of a noun that is nobody's in particular: `"…"는 지적이 나온다`.
    Nobodys,
    /// Not at all: sentences of their own.
    Alone,
}

/// The most quotations in a row that one verb of saying follows.
const LONGEST_ROW: usize = 4;

/// How `quoted` is joined to the text around it; `None` where it is no speech.
pub(super) fn speech(body: &str, quoted: &Quoted) -> Option<Speech> {
    let inner = body.get(quoted.inner.clone())?.trim();
    let after = body.get(quoted.outer.end..)?;
    let words = inner.split_whitespace().count();
    let sentence = ends_sentence(inner);
    let attached = after.trim_start_matches([' ', '\u{a0}']);
    let spaced = attached.len() < after.len();
    if quoted.kind == MarkKind::Single {
        let said = quotative(after).is_some_and(|rest| says(rest, 3) && !names(rest));
        return (said && sentence && words >= 3).then_some(Speech::Said);
    }
    if let Some(rest) = quotative(attached)
        && !(spaced && attached.starts_with("이라 "))
    {
        if names(rest) {
            return None;
        }
        let particle = attached.get(..attached.len() - rest.len()).unwrap_or_default();
        let more = leads_on(particle, rest) || rest.trim_start().starts_with("하자");
        let enough = words >= 3 || says(rest, 8) || (sentence && words == 2) || more;
        let corner = quoted.kind == MarkKind::Corner;
        let nobodys = adnominal(attached).is_some_and(|rest| is_said(rest) && is_nobodys(rest));
        let speech = if nobodys { Speech::Nobodys } else { Speech::Said };
        return (enough && (!corner || says(rest, 8))).then_some(speech);
    }
    if quoted.kind == MarkKind::Corner {
        return (sentence && words >= 4 && inner.ends_with(['.', '?', '!'])).then_some(Speech::Alone);
    }
    if let Some(rest) = adnominal(attached).filter(|_| !spaced) {
        let said =
            if is_said(rest) { words >= 2 && (sentence || words >= 3) } else { sentence && words >= 3 };
        return said.then_some(if is_nobodys(rest) { Speech::Nobodys } else { Speech::Content });
    }
    let stops = inner.ends_with(['.', '?', '!', '…', '？', '！']);
    // The text ends within it.
    let cut_off = attached.is_empty() && quoted.inner.end == quoted.outer.end;
    match attached.chars().next() {
        None if cut_off => {
            // What is before it in its sentence says who speaks; the verb is what was cut.
            let before = body.get(..quoted.outer.start)?.trim_end();
            let begun = !before.ends_with(['.', '?', '!', '”', '"']) && !before.is_empty();
            (words >= 2).then_some(if begun { Speech::Said } else { Speech::Alone })
        }
        None | Some('\n' | '.' | ',' | '(' | '·' | '/' | ';') => {
            (stops && words >= 2 || sentence && words >= 3).then_some(Speech::Alone)
        }
        Some(_) if spaced => {
            let said = says(attached, 2) && !stops;
            if said && words >= 2 && (sentence || words >= 3) {
                return Some(Speech::Said);
            }
            if attached.starts_with("등") || attached.starts_with("이란 ") {
                return (sentence && words >= 2).then_some(Speech::Content);
            }
            (stops && words >= 2 || sentence && words >= 4).then_some(Speech::Alone)
        }
        // `"…해야 한다"를 외쳤다`; a mark that ends a sentence needs no space after it: `"…습니다."이 의원은`.
        Some(_) if stops && words >= 3 => Some(Speech::Alone),
        Some(ch) => {
            ("을를에로으의와과도만처".contains(ch) && sentence && words >= 4).then_some(Speech::Content)
        }
    }
}

/// Whether `particle` leads on to another quotation in `rest`, and the last of such a row is followed by a verb of saying: then all are said,
/// however short the first is (`“반대”라며 “…”고 말했다`).
fn leads_on(particle: &str, rest: &str) -> bool {
    let (mut leads, mut rest) = (particle.ends_with('며') || particle.ends_with("면서"), rest);
    for _ in 0..LONGEST_ROW {
        let Some((inner, particle, after)) = next_in_row(rest).filter(|_| leads) else { return false };
        if inner.contains('\n') || names(after) {
            return false;
        }
        if says(after, 8) {
            return true;
        }
        (leads, rest) = (particle.ends_with(['며', '고']) || particle.ends_with("면서"), after);
    }
    false
}

/// The next quotation of a row: its text, the particle after it, and what follows.
fn next_in_row(rest: &str) -> Option<(&str, &str, &str)> {
    let (between, next) = rest.split_once(['"', '“'])?;
    let near = between.split_whitespace().count() <= 3 && !between.contains(['.', '\n']);
    let (inner, tail) = next.split_once(['"', '”']).filter(|_| near)?;
    let after = quotative(tail)?;
    Some((inner, tail.get(..tail.len() - after.len())?, after))
}
