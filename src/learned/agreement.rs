//! Of one short form: which long forms its mentions agree on, and where those begin.
//!
//! Before `한국토지주택공사(LH)` stand the words of many sentences: `이날 한국토지주택공사`, `사장 한국토지주택공사`. The name is one of the ends that
//! nearly all of them share. Which of these, only the archive can tell: see `decision`.

use rustc_hash::FxHashMap;

use super::candidate::{Reason, suffixes};
use crate::korean::fold::fold;

/// A longer end may be the name where this part of those has it that have the shorter one.
const MOST: f32 = 0.7;
/// A longer end that takes a word in 의 (`자유의 방패`) needs this part: the word is mostly one of the sentence (`이날의`).
const NEARLY_ALL: f32 = 0.9;
/// So alike are two long forms that are spellings of one.
const LIKE: f32 = 0.65;
/// Fewest mentions that agree.
const FEWEST: usize = 3;
/// Most long forms of one short form.
const MOST_FORMS: usize = 4;
/// How words end that belong to the sentence before a name: the name begins after them.
const ENDINGS: [&str; 26] = [
    "은", "는", "이", "가", "을", "를", "에", "에서", "와", "과", "로", "한", "된", "인", "해", "며", "고",
    "른", "라", "및", "등", "들", "약", "중", "전", "후",
];
/// Surnames that three syllables begin with which are a person's name rather than a word.
const SURNAMES: &str = "김이박최정강조윤장임오서신권황안송홍손배백허남심노곽";
/// How words end that are no person's name.
const NOT_OF_NAMES: &str = "위원청부처국회당법차권제율률금비관형성용";

/// A long form that articles have for one short form.
pub(super) struct Heard<'a> {
    pub(super) short: &'a str,
    pub(super) long: &'a str,
    pub(super) open: bool,
    pub(super) reason: Reason,
    pub(super) articles: &'a [u32],
}

/// A long form that enough of them have.
pub(super) struct Agreed {
    pub(super) short: Box<str>,
    pub(super) reason: Reason,
    /// The ends that may be the name, the shortest first.
    pub(super) ends: Vec<End>,
}

/// An end that may be the name.
pub(super) struct End {
    pub(super) long: Box<str>,
    /// The articles that have it.
    pub(super) articles: Vec<u32>,
    /// Those that have it, something that holds it (`미국항공우주국` and 항공우주국), or nearly the same (`소형모듈원전` and 소형모듈원자로).
    pub(super) alike: Vec<u32>,
}

/// What `heard`, all of one short form, agree on: the commonest first.
pub(super) fn agreed(heard: &[Heard<'_>]) -> Vec<Agreed> {
    let all: Vec<Mention<'_>> = heard.iter().map(Mention::new).collect();
    let mut left: Vec<&Mention<'_>> = all.iter().collect();
    let mut found = Vec::new();
    while found.len() < MOST_FORMS {
        let names = commonest(&left);
        let Some(first) = names.first() else { break };
        let (of_it, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|mention| mention.says(first));
        left = others;
        let reason = of_it.iter().map(|mention| mention.heard.reason).min().unwrap_or(Reason::Usage);
        let short = most_written(of_it.iter().map(|mention| (mention.heard.short, mention.count())));
        let ends = names.iter().filter_map(|name| end(name, &of_it, &all)).collect();
        found.extend(short.map(|short| Agreed { short: short.into(), reason, ends }));
    }
    found
}

fn end(name: &str, of_it: &[&Mention<'_>], all: &[Mention<'_>]) -> Option<End> {
    let having: Vec<_> = of_it.iter().filter(|mention| mention.says(name)).collect();
    let long =
        most_written(having.iter().filter_map(|mention| Some((mention.written(name)?, mention.count()))))?;
    let articles = sorted(having.iter().flat_map(|mention| mention.heard.articles));
    let alike = all.iter().filter(|mention| mention.folded.contains(name) || mention.is_like(name));
    Some(End { long: long.into(), articles, alike: sorted(alike.flat_map(|mention| mention.heard.articles)) })
}

fn sorted<'a>(articles: impl Iterator<Item = &'a u32>) -> Vec<u32> {
    let mut articles: Vec<u32> = articles.copied().collect();
    articles.sort_unstable();
    articles.dedup();
    articles
}

/// A long form with the folded ends that may be the name.
struct Mention<'a> {
    heard: &'a Heard<'a>,
    folded: String,
    /// Each end, folded and as it is written, and how well it fits.
    ends: Vec<(String, &'a str, Fit)>,
}

/// Whether a name may begin where an end does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    No,
    Hardly,
    Well,
}

impl<'a> Mention<'a> {
    fn new(heard: &'a Heard<'a>) -> Self {
        let mut ends = Vec::new();
        if heard.open {
            let mut fit = Fit::Well;
            for end in suffixes(heard.long) {
                let first = end.split([' ', '·']).next().unwrap_or(end);
                if first.len() < end.len() {
                    fit = fit.min(begins_name(first));
                }
                ends.push((fold(end), end, fit));
            }
        } else {
            ends.push((fold(heard.long), heard.long, Fit::Well));
        }
        Self { heard, folded: fold(heard.long), ends }
    }

    fn count(&self) -> usize {
        self.heard.articles.len()
    }

    fn says(&self, name: &str) -> bool {
        self.ends.iter().any(|(end, _, _)| end == name)
    }

    /// Whether one of its ends is nearly `name`.
    fn is_like(&self, name: &str) -> bool {
        self.ends.iter().any(|(end, _, fit)| *fit > Fit::No && likeness(end, name) >= LIKE)
    }

    fn written(&self, name: &str) -> Option<&'a str> {
        self.ends.iter().find(|(end, _, _)| end == name).map(|(_, written, _)| *written)
    }
}

/// The part of the pairs of neighbouring characters that two texts share, from 0 to 1.
fn likeness(one: &str, other: &str) -> f32 {
    let pairs = |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (one, other) = (pairs(one), pairs(other));
    let shared = one.iter().filter(|pair| other.contains(pair)).count();
    2.0 * shared as f32 / (one.len() + other.len()).max(1) as f32
}

/// Whether a name of several words may begin with `word`: not with the end of what the sentence says before it, a number, or a person.
fn begins_name(word: &str) -> Fit {
    let letters: Vec<char> = word.chars().collect();
    let person = matches!(letters.as_slice(), [_, _, _]) && looks_like_person(word);
    if word.starts_with(|ch: char| ch.is_numeric())
        || person
        || ENDINGS.iter().any(|ending| word.ends_with(ending))
    {
        Fit::No
    } else if word.ends_with('의') {
        Fit::Hardly
    } else {
        Fit::Well
    }
}

/// Whether `word` looks like a Korean person's full name.
pub(super) fn looks_like_person(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let [first, _, last] = letters.as_slice() else { return false };
    SURNAMES.contains(*first) && !NOT_OF_NAMES.contains(*last)
}

/// The folded ends that most of `mentions` have, each the end of the next.
fn commonest(mentions: &[&Mention<'_>]) -> Vec<String> {
    let mut counts: FxHashMap<&str, (usize, Fit)> = FxHashMap::default();
    for mention in mentions {
        for (end, _, fit) in mention.ends.iter().filter(|(end, _, _)| end.chars().nth(1).is_some()) {
            let known = counts.entry(end).or_insert((0, Fit::No));
            known.0 += mention.count();
            known.1 = known.1.max(*fit);
        }
    }
    // Of those that come equally often the shortest: the longer ones have it at their end.
    let best = counts.iter().max_by(|(one, (held, _)), (other, (most, _))| {
        held.cmp(most).then_with(|| other.len().cmp(&one.len())).then_with(|| other.cmp(one))
    });
    let Some((first, (mut held, _))) = best.map(|(name, seen)| (*name, *seen)) else { return Vec::new() };
    if held < FEWEST {
        return Vec::new();
    }
    let mut names = vec![first.to_owned()];
    let mut name = first;
    loop {
        let longer = counts.iter().filter(|(longer, (count, fit))| {
            let least = if *fit == Fit::Hardly { NEARLY_ALL } else { MOST };
            let enough = *count >= FEWEST && *count as f32 >= least * held as f32;
            *fit > Fit::No && enough && longer.len() > name.len() && longer.ends_with(name)
        });
        // The next one, not the longest: each is a name that may be meant.
        let next = longer.min_by(|one, other| (one.0.len(), one.0).cmp(&(other.0.len(), other.0)));
        let Some((longer, (count, _))) = next else { return names };
        (name, held) = (longer, *count);
        names.push(name.to_owned());
    }
}

/// The commonest spelling; of equals the first.
fn most_written<'a>(spellings: impl Iterator<Item = (&'a str, usize)>) -> Option<&'a str> {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for (spelling, count) in spellings {
        *counts.entry(spelling).or_default() += count;
    }
    let most = counts.into_iter().max_by(|one, other| one.1.cmp(&other.1).then_with(|| other.0.cmp(one.0)));
    most.map(|(spelling, _)| spelling)
}
