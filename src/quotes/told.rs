//! Whose words a quotation is by what follows it: reports inside reports, and owners of what is said.

use std::ops::Range;

use super::candidate::{People, Who, candidates, head, words};
use super::words::{adnominal, quotative, said_word, says_word};

/// Words after a closing mark in which the verb of the quotation stands.
const VERB_WITHIN: usize = 3;
/// Words after a reported verb in which whoever reports stands.
const TELLER_WITHIN: usize = 5;
/// Words after a closing mark in which the owner of the quotation stands.
const OWNER_WITHIN: usize = 6;

/// Whether the verb of saying after a quotation is itself reported, `after` being what follows the closing mark: `“…”고 말했다고 전했다`,
/// `“…”고 하자`. Then the quotation is not that of whoever reports.
pub(super) fn is_reported(after: &str) -> bool {
    let Some(rest) = quotative(after) else { return false };
    let clause = rest.split(['"', '“', '”', '\n']).next().unwrap_or_default();
    let mut words = clause.split_whitespace().peekable();
    for _ in 0..VERB_WITHIN {
        let Some(word) = words.next() else { break };
        let verb = word.trim_end_matches([',', '.']);
        if verb.ends_with("하자") || verb.ends_with("묻자") {
            return true;
        }
        if !says_word(verb) && !verb.starts_with("했") {
            continue;
        }
        let adnominal = verb.ends_with(['한', '힌', '던', '은', '린']);
        let noun = |next: &&str| ["것으로", "것이", "것은", "것을", "데"].contains(next);
        let quoted = ["다고", "다며", "다면서", "다는", "다던"].iter().any(|end| verb.ends_with(end));
        // `“…”고 말했다고 대변인이 전했다`: that is whoever reports, and the subject before the quotation said it.
        let reporter = words.clone().take(TELLER_WITHIN).any(|word| {
            word.chars().count() >= 3 && word.ends_with(['이', '가', '은', '는']) && !says_word(word)
        });
        return quoted && !reporter || adnominal && words.peek().is_some_and(noun);
    }
    false
}

/// Whose words a quotation is said to be right after it: `“…”는 김 시장의 지적을 들었다`. `at` is where the closing mark ends.
pub(super) fn owner(body: &str, at: usize, until: usize, people: &People<'_>) -> Option<(Range<usize>, Who)> {
    let tail = body.get(at..until)?;
    if let Some(rest) = adnominal(tail) {
        return owner_in(body, until - rest.len()..until, people);
    }
    // `“…”고 말한 김 시장의 주장을 반박했다`
    let (verb, rest) = quotative(tail)?.trim_start().split_once(' ')?;
    let said = says_word(verb) && verb.ends_with(['한', '힌', '던', '은']);
    said.then(|| owner_in(body, until - rest.len()..until, people)).flatten()
}

/// Whose words are cited right before a quotation, which ends `range`: `김 시장의 말을 인용해 “…”`; `None` within where that is nobody known.
pub(super) fn cited(
    body: &str,
    range: Range<usize>,
    people: &People<'_>,
) -> Option<Option<(Range<usize>, Who)>> {
    let words: Vec<_> = words(body, range.clone()).collect();
    let [.., owner, said, verb] = words.as_slice() else { return None };
    let cites = ["인용", "빌려", "빌어", "전하", "소개하"].iter().any(|start| verb.text.starts_with(start));
    if !cites || !said_word(said.text) || !said.text.ends_with('을') {
        return None;
    }
    let end = owner.start + owner.text.strip_suffix('의')?.len();
    let found = head(body, range.start, owner.start, end, people, true);
    Some(found.map(|(start, who)| (start..owner.start + owner.text.len(), who)))
}

fn owner_in(body: &str, range: Range<usize>, people: &People<'_>) -> Option<(Range<usize>, Who)> {
    let words: Vec<_> = words(body, range.clone()).take(OWNER_WITHIN).collect();
    let at = words.windows(2).position(|pair| {
        let [first, second] = pair else { return false };
        first.text.ends_with('의') && (said_word(second.text) || second.text.starts_with("보고"))
    })?;
    // Something is said before: that has its own owner.
    if words.iter().take(at).any(|word| said_word(word.text)) {
        return None;
    }
    let word = words.get(at)?;
    let end = word.start + word.text.strip_suffix('의')?.len();
    let (start, who) = head(body, range.start, word.start, end, people, true)?;
    Some((start..word.start + word.text.len(), who))
}

/// What a sentence after a quotation says of whose it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Owned {
    /// Nothing.
    Unsaid,
    /// That it is somebody's, who is not known.
    Unknown,
    /// Whose it is.
    By(Range<usize>, Who),
}

/// Whose words a sentence after a quotation says that it is: `“…” 김 부시장의 말이다.`
pub(super) fn owned(body: &str, range: Range<usize>, people: &People<'_>) -> Owned {
    let words: Vec<_> = words(body, range.clone()).collect();
    let is_copula = |word: &str| {
        let plain = word.trim_end_matches(['.', ' ']);
        said_word(plain) && (plain.ends_with('다') || plain.ends_with("다”"))
    };
    let [.., owner, said] = words.as_slice() else { return Owned::Unsaid };
    if !owner.text.ends_with('의') || !is_copula(said.text) || words.len() > 2 * OWNER_WITHIN {
        return Owned::Unsaid;
    }
    let end = owner.start + owner.text.len();
    let found = candidates(body, range.start..end, people, true);
    match found.into_iter().rev().find(|found| found.range.end + '의'.len_utf8() >= end) {
        Some(found) => Owned::By(found.range, found.who),
        None => Owned::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::is_reported;

    #[test]
    fn a_reported_verb_is_another_ones() {
        for (after, reported) in [
            ("고 말했다고 전했다.", true),
            ("라고 진술했다며 웃었다.", true),
            ("고 밝힌 것으로 알려졌다.", true),
            ("고 하자 자리를 떴다.", true),
            ("고 말했다고 도청 대변인이 전했다.", false),
            ("고 말한 뒤 웃었다.", false),
            ("고 말했다.", false),
            ("며 자리를 떴다.", false),
            ("고 말하고 떠났다.", false),
        ] {
            assert_eq!(is_reported(after), reported, "{after}");
        }
    }
}
