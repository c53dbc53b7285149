//! Completions: the whole text as the beginning of a phrase or name, or its last word with what comes before it.
//!
//! What fits is looked up by keystrokes, one byte each, so that a half-typed syllable is a beginning (`우클` → 우크라이나); by the same of what
//! is said (오픈AI: 오픈에이아이, 尹: 윤); and by initial consonants. Of what fits, all is weighed; what initials spell to the last
//! (`initials.rs`) comes first. Text typed with the keyboard in the other language is the same strokes, and is looked for where nothing
//! fits as typed.

use std::ops::Range;

use super::{Searching, initials};
use crate::korean::fold::fold;
use crate::korean::jamo::{is_loose, key};
use crate::korean::keyboard;
use crate::korean::spoken::spoken_form;
use crate::query::language::{Filter, Node, Query, parse};
use crate::search::error::SearchError;
use crate::search::types::Completion;
use crate::suggest::{EntryKind, Typed};

/// Searches per completion wanted: what was deleted, and what says nothing that another does not, is passed over.
const TRIES: usize = 3;

/// Where a longer word has this share of the articles of its beginning, the beginning, if it is not a word, is not shown with
/// it.
const STUB_SHARE: f64 = 0.9;

/// What was found.
pub(super) struct Completed {
    pub(super) completions: Vec<Completion>,
    /// Whether any of it begins with what was typed, rather than with what the keyboard should have typed.
    pub(super) as_typed: bool,
}

/// At most `size` completions of `text`.
pub(super) fn completed(search: &Searching<'_>, text: &str, size: usize) -> Result<Completed, SearchError> {
    let query = parse(text)?;
    let Some(open) = Open::of(&query) else {
        return Ok(Completed { completions: Vec::new(), as_typed: false });
    };
    let mut list = List { search, size, tries: TRIES * size, seen: Vec::new(), shown: Vec::new() };
    // What the initials spell to the last stands before what goes on: it is also what they are searched as.
    if open.plain
        && let Some(spelt) = initials::spelt(search, open.text)?
    {
        list.take(spelt)?;
    }
    for what in open.readings() {
        list.add_all(&what, |word| Some(word.to_owned()))?;
    }
    let as_typed = !list.shown.is_empty();
    if !as_typed {
        for what in open.readings() {
            list.add_all(&what, |word| {
                // Half typed, the last syllable may not be whole: only the direction must be clear.
                keyboard::to_hangul(word, false).or_else(|| keyboard::to_latin(word))
            })?;
            if list.shown.is_empty() {
                list.add_all(&what, |word| keyboard::to_hangul(word, true))?;
            }
            list.add_shortened(&what)?;
        }
    }
    let completion = |shown: Shown| Completion { text: shown.text, count: shown.count };
    Ok(Completed { completions: list.shown.into_iter().map(completion).collect(), as_typed })
}

/// What can be completed of a query.
struct Open<'q> {
    text: &'q str,
    /// The last word.
    word: Range<usize>,
    /// Whether the query is words and nothing else.
    plain: bool,
    /// Whether the word is the name after `기자:`.
    reporter: bool,
}

/// One thing to be completed.
struct Reading<'q> {
    /// What stays in front.
    head: &'q str,
    /// What is completed.
    word: &'q str,
    /// Kinds of entries that fit there.
    texts: bool,
    reporters: bool,
    /// What is written in front of a reporter's name.
    marked: bool,
}

impl<'q> Open<'q> {
    fn of(query: &'q Query) -> Option<Self> {
        let text = query.text();
        let (id, node) = query.leaves().last()?;
        let word = query.range(id)?;
        let reporter = match node {
            Node::Word { .. } => false,
            Node::Filter(Filter::Reporter(_)) => true,
            _ => return None,
        };
        // After a quote or a bracket nothing is open.
        if word.end != text.trim_end().len()
            || text.get(word.clone()).is_none_or(|word| word.starts_with('"'))
        {
            return None;
        }
        let mut nodes = query.post_order();
        let plain = nodes.all(|(_, node)| matches!(node, Node::Word { .. } | Node::And(_)));
        let words =
            plain && query.ignored().is_empty() && word_count(query) == text.split_whitespace().count();
        Some(Self { text, word, plain: words, reporter })
    }

    fn readings(&self) -> Vec<Reading<'q>> {
        let head = self.text.get(..self.word.start).unwrap_or_default();
        let word = self.text.get(self.word.clone()).unwrap_or_default();
        let mut readings = Vec::new();
        if self.plain {
            let alone = head.trim().is_empty();
            readings.push(Reading {
                head: "",
                word: self.text.trim(),
                texts: true,
                reporters: alone,
                marked: true,
            });
        }
        // A space after a word ends it.
        let ended = self.text.ends_with(char::is_whitespace);
        if !ended && (!self.plain || !head.trim().is_empty()) {
            let texts = !self.reporter;
            readings.push(Reading { head, word, texts, reporters: self.reporter, marked: false });
        }
        readings
    }
}

fn word_count(query: &Query) -> usize {
    query.leaves().count()
}

/// Completions so far.
struct List<'s, 'a> {
    search: &'s Searching<'a>,
    size: usize,
    /// Searches that are left.
    tries: usize,
    /// Folded texts that were looked at.
    seen: Vec<String>,
    shown: Vec<Shown>,
}

struct Shown {
    text: String,
    folded: String,
    count: u64,
}

impl List<'_, '_> {
    /// Adds what the generation and the lexicons have for a reading, its word read by `as_meant`.
    fn add_all(
        &mut self,
        what: &Reading<'_>,
        as_meant: impl Fn(&str) -> Option<String>,
    ) -> Result<(), SearchError> {
        let Some(word) = as_meant(what.word) else { return Ok(()) };
        let said = spoken_form(&word, self.search.context.language.korean().readings());
        let ways = || [Some(&word), said.as_ref()].into_iter().flatten();
        for way in ways() {
            self.add(what, way)?;
        }
        for way in ways() {
            self.add_from_lexicons(what, way)?;
        }
        Ok(())
    }

    /// Adds names of the lexicons that go on with `word`, unless another name for the same is shown already.
    fn add_from_lexicons(&mut self, what: &Reading<'_>, word: &str) -> Result<(), SearchError> {
        let begun = key(word);
        if !what.texts || Typed::new(word).is_none_or(|typed| typed.is_short()) {
            return Ok(());
        }
        let variants = self.search.context.language.variants();
        for name in variants.beginning(&begun).take(self.size) {
            let also: Vec<String> =
                variants.of(name).iter().map(|also| fold(&format!("{}{}", what.head, also.text))).collect();
            if !self.shown.iter().any(|shown| also.contains(&shown.folded)) {
                self.take(format!("{}{name}", what.head))?;
            }
        }
        Ok(())
    }

    /// Where nothing goes on with what the keyboard should have typed: what goes on with most of it (`dhvmsdkdl` is 오픈아이).
    /// Only where Latin letters make whole syllables, which foreign words hardly do.
    fn add_shortened(&mut self, what: &Reading<'_>) -> Result<(), SearchError> {
        let whole = |word: &String| !word.chars().any(is_loose);
        let Some(mut word) = keyboard::to_hangul(what.word, false).filter(whole) else { return Ok(()) };
        let least = (word.chars().count().div_ceil(2)).max(2);
        while self.shown.is_empty() && word.chars().count() > least {
            word.pop();
            self.add(what, &word)?;
        }
        Ok(())
    }

    fn add(&mut self, what: &Reading<'_>, word: &str) -> Result<(), SearchError> {
        let Some(typed) = Typed::new(word) else { return Ok(()) };
        let context = self.search.context;
        let most = TRIES * self.size;
        let candidates = context.archive.suggestions()?.completing(&typed, context.now, most);
        for candidate in candidates {
            let name = &candidate.text;
            let text = match candidate.kind {
                EntryKind::Text if what.texts => format!("{}{name}", what.head),
                EntryKind::Reporter if what.reporters => {
                    let mark = if what.marked { "기자:" } else { "" };
                    let quote = if name.contains(char::is_whitespace) { "\"" } else { "" };
                    format!("{}{mark}{quote}{name}{quote}", what.head)
                }
                _ => continue,
            };
            self.take(text)?;
        }
        Ok(())
    }

    /// Takes a text if it finds something and says something that the others do not.
    fn take(&mut self, text: String) -> Result<(), SearchError> {
        let folded = fold(&text);
        if self.shown.len() >= self.size || self.tries == 0 || self.seen.contains(&folded) {
            return Ok(());
        }
        self.seen.push(folded.clone());
        self.tries -= 1;
        let count = self.search.total(&text)?;
        if count == 0 {
            return Ok(());
        }
        let new = Shown { text, folded, count };
        if self.shown.iter().any(|shown| self.is_stub(&new, shown) || adds_nothing(&new, shown)) {
            return Ok(());
        }
        let stub = self.shown.iter().position(|shown| self.is_stub(shown, &new));
        match stub.and_then(|at| self.shown.get_mut(at)) {
            // The whole takes the place of the stub.
            Some(stub) => *stub = new,
            None => self.shown.push(new),
        }
        Ok(())
    }

    /// Whether `short` is a piece of the word that `long` goes on with, and found hardly without it: `우크라` of 우크라이나. A
    /// word of its own (검찰, 검찰총장) must not be found without it at all.
    fn is_stub(&self, short: &Shown, long: &Shown) -> bool {
        let rest = long.text.strip_prefix(&short.text);
        if !rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric)) || long.count == 0 {
            return false;
        }
        let korean = self.search.context.language.korean();
        let known = korean.name(&short.folded).is_some()
            || korean.segmenter().tags_of(&short.folded).iter().any(|tag| tag.starts_with("NN"));
        let share = if known { 1.0 } else { STUB_SHARE };
        long.count as f64 >= share * short.count as f64
    }
}

/// Whether `long` is `short` and more words, and finds the same.
fn adds_nothing(long: &Shown, short: &Shown) -> bool {
    long.text.strip_prefix(&short.text).is_some_and(|rest| rest.starts_with(' ')) && long.count == short.count
}
