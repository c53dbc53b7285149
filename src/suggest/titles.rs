//! The parts of an article that may be offered: words and phrases of its title, names anywhere in it, its reporters.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::table::{Entry, EntryKind};
use crate::article::{Article, Timestamp};
use crate::korean::Korean;
use crate::korean::analysis::{Analysis, Analyzer, TokenKind, analysed_text};
use crate::korean::fold::{Script, fold, fold_char, is_kept, script};
use crate::korean::pos::{Role, is_nominal};
use crate::korean::spoken::spoken_form;

/// Fewest and most characters that count of an entry.
const LENGTH: Range<usize> = 2..31;
/// Most words of a phrase.
const LONGEST_PHRASE: usize = 3;
/// Bytes of an article in which names are looked for, some hundred pages: analysis takes many times its text in memory, and keeps it for
/// the next one.
const READ_BYTES: usize = 1 << 19;

/// One thing found in a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// As it is written.
    pub(crate) text: Box<str>,
    /// For a word with what looks like a particle: the word without it.
    pub(crate) core: Option<Box<str>>,
}

/// What an article adds to suggestions.
#[derive(Debug, Clone, Default)]
pub struct ArticleEntries {
    texts: Vec<(Box<str>, EntryKind, Option<Box<str>>)>,
    pub(crate) published: Option<Timestamp>,
}

impl ArticleEntries {
    /// As entries of one article that counts so much.
    pub(crate) fn entries(&self, recent: f32) -> Vec<Entry> {
        let entry = |(text, kind, spoken): &(Box<str>, EntryKind, Option<Box<str>>)| Entry {
            text: text.clone(),
            spoken: spoken.clone(),
            kind: *kind,
            articles: 1,
            recent,
        };
        self.texts.iter().map(entry).collect()
    }
}

/// Reads what articles add that arrive one by one; remembers the words that it has met.
pub struct ArrivalReader {
    korean: Korean,
    analyzer: Analyzer,
    analysis: Analysis,
}

impl ArrivalReader {
    /// Reads with `korean`.
    pub fn new(korean: &Korean) -> Self {
        Self { korean: korean.clone(), analyzer: korean.analyzer(), analysis: Analysis::default() }
    }

    /// What `article` adds. Analyses its text, the first hundred pages of a book: a millisecond for a long article.
    pub fn read(&mut self, article: &Article) -> ArticleEntries {
        let (korean, analysis) = (&self.korean, &mut self.analysis);
        let text = analysed_text(article);
        let read = text.get(..text.floor_char_boundary(READ_BYTES)).unwrap_or(&text);
        self.analyzer.analyze(read, analysis);
        let mut seen = FxHashSet::default();
        let mut texts: Vec<Box<str>> = Vec::new();
        // Whether what looks like a particle belongs to a name only many titles tell.
        let of_title = in_title(&article.title, analysis, korean);
        let words = of_title.into_iter().filter(|found| found.core.is_none()).map(|found| found.text);
        texts.extend(words.filter(|word| seen.insert(fold(word))));
        for token in &analysis.tokens {
            let name = korean.name(analysis.term(token));
            texts.extend(name.filter(|name| seen.insert(fold(name))).map(Box::from));
        }
        let texts = texts.into_iter().map(|text| (text, EntryKind::Text));
        let reporters = reporters(article).map(|name| (name.into(), EntryKind::Reporter));
        let said = |(text, kind): (Box<str>, EntryKind)| {
            let spoken = spoken_form(&text, korean.readings()).map(String::into_boxed_str);
            (text, kind, spoken)
        };
        ArticleEntries { texts: texts.chain(reporters).map(said).collect(), published: article.published_at }
    }
}

/// The reporters that can be searched by name.
pub(crate) fn reporters(article: &Article) -> impl Iterator<Item = &str> {
    article.reporters.iter().map(String::as_str).filter(|name| is_fit(name))
}

/// A word of a title: what is between spaces and punctuation, but for hyphens and `&` within (GPT-4o, R&D).
struct Word {
    /// Bytes of the title.
    range: Range<usize>,
    /// Where it ends without particles and endings.
    core_end: usize,
    /// Whether the core is nouns, names, numbers and foreign words alone.
    nominal: bool,
    /// Whether nothing but a space comes before it.
    follows: bool,
}

/// What the title of an analysed article holds, each once. The analysis may be that of the title alone.
pub(crate) fn in_title(title: &str, analysis: &Analysis, korean: &Korean) -> Vec<Found> {
    let words = words(title, analysis, korean);
    let mut found: Vec<Found> = Vec::new();
    let mut seen = FxHashSet::default();
    let mut add = |range: Range<usize>, core: Option<Range<usize>>| {
        let text = |range: Range<usize>| title.get(range).map(str::trim).filter(|text| is_fit(text));
        let Some(whole) = text(range) else { return };
        let core = match core {
            // Without a core there is nothing to compare it with.
            Some(core) => match text(core) {
                Some(core) => Some(core.into()),
                None => return,
            },
            None => None,
        };
        if seen.insert(fold(whole)) {
            found.push(Found { text: whole.into(), core });
        }
    };
    for (at, word) in words.iter().enumerate() {
        if !word.nominal {
            continue;
        }
        let core = word.range.start..word.core_end;
        add(core.clone(), None);
        if word.core_end < word.range.end {
            add(word.range.clone(), Some(core.clone()));
        }
        // Phrases that end here, but not in an amount (`스타트업 30곳`) or a lone syllable (`중기부 등`): the words before are
        // bare.
        if !ends_phrase(title.get(core).unwrap_or_default()) {
            continue;
        }
        let mut first = word;
        for before in words.get(..at).unwrap_or_default().iter().rev().take(LONGEST_PHRASE - 1) {
            if !(first.follows && before.nominal && before.core_end == before.range.end) {
                break;
            }
            add(before.range.start..word.core_end, None);
            first = before;
        }
    }
    for token in &analysis.tokens {
        let (from, to) = (token.index as usize, token.index as usize + usize::from(token.length));
        let bounds = analysis.kept.get(from).zip(to.checked_sub(1).and_then(|last| analysis.kept.get(last)));
        let range = bounds.map(|(first, last)| first.start as usize..last.end as usize);
        let Some(range) = range.filter(|range| range.end <= title.len()) else { continue };
        let tag = || analysis.morphemes.get(token.morpheme as usize).map(|m| korean.segmenter().entry(m).tag);
        if matches!(token.kind, TokenKind::Dictionary | TokenKind::UserWord)
            && tag().is_some_and(|tag| tag.starts_with("NN") && !tag.starts_with("NNB"))
        {
            add(range, None);
        }
    }
    found
}

fn ends_phrase(word: &str) -> bool {
    !word.starts_with(|ch: char| ch.is_ascii_digit()) && word.chars().nth(1).is_some()
}

fn words(title: &str, analysis: &Analysis, korean: &Korean) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for kept in analysis.kept.iter().take_while(|kept| (kept.end as usize) <= title.len()) {
        let (start, end) = (kept.start as usize, kept.end as usize);
        let last_end = words.last().map_or(0, |word| word.range.end);
        let between = title.get(last_end..start).unwrap_or_default();
        match words.last_mut() {
            Some(word) if !kept.gap || matches!(between, "-" | "&") => {
                word.range.end = end.max(word.range.end)
            }
            last => {
                let follows = last.is_some() && between == " ";
                words.push(Word { range: start..end, core_end: start, nominal: false, follows });
            }
        }
    }
    let mut morphemes = analysis.morphemes.iter().peekable();
    for word in &mut words {
        let mut nominal = true;
        let mut counts = false;
        while let Some(morpheme) = morphemes.next_if(|morpheme| (morpheme.start as usize) < word.range.end) {
            if morpheme.class.role == Role::Dropped {
                continue;
            }
            // A particle inside, as in a quotation, or a verb: no name.
            nominal &= word.core_end == word.range.start
                || word.core_end == morpheme.start as usize
                || title
                    .get(word.core_end..morpheme.start as usize)
                    .is_some_and(|gap| !gap.chars().any(is_kept));
            word.core_end = (morpheme.end as usize).min(word.range.end);
            let tag = korean.segmenter().entry(morpheme).tag;
            let last = tag.rsplit('+').next().unwrap_or(tag);
            nominal &= morpheme.class.role == Role::Surface
                && (is_nominal(last) || matches!(last, "XSN" | "XPN" | "UNKNOWN" | "MM" | "MAG" | "IC"));
            counts |= !matches!(last, "SN" | "NNB" | "NNBC" | "NR" | "MM" | "MAG" | "IC" | "XPN");
        }
        word.nominal = nominal && counts && word.core_end > word.range.start;
    }
    words
}

/// Whether a text can be an entry: long enough, not too long, a letter in it, nothing that breaks a line.
pub(crate) fn is_fit(text: &str) -> bool {
    let mut length = 0;
    let mut letter = false;
    for ch in text.chars() {
        if ch.is_control() {
            return false;
        }
        fold_char(ch, |folded| {
            length += usize::from(is_kept(folded));
            letter |= is_kept(folded) && folded != '%' && script(folded) != Script::Digit;
        });
    }
    letter && LENGTH.contains(&length)
}
