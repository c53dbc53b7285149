//! Where words of a text end: what a mark covers that a position alone cannot tell.
//!
//! A posting list says where a verb's stem or a word's beginning is, not how long the word is. Only the one word
//! around such a position is cut into morphemes again, the same way as when it was indexed.

use rustc_hash::FxHashMap;

use crate::korean::Language;
use crate::korean::analysis::{Analysis, Analyzer};
use crate::korean::fold::KeptChar;
use crate::korean::morpheme::Morpheme;
use crate::korean::pos::Role;

/// Ends that are remembered: marks of one page hold the same words again and again.
const KNOWN: usize = 1024;

/// What is asked of a word, in its own kept indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Asked {
    /// Where the verb ends whose stem begins at this index.
    Verb(usize),
    /// Where the word ends whose beginning ends at this index.
    Word(usize),
}

/// Finds word ends; borrows an analyzer only when the first is asked for.
pub struct WordEnds<'a> {
    language: &'a Language,
    analyzer: Option<Analyzer>,
    analysis: Analysis,
    /// By what was asked of which word: the kept index of the word at which it ends.
    known: FxHashMap<(Asked, Box<str>), Option<usize>>,
}

impl<'a> WordEnds<'a> {
    /// Finds ends of words of this language.
    pub fn new(language: &'a Language) -> Self {
        Self { language, analyzer: None, analysis: Analysis::default(), known: FxHashMap::default() }
    }

    /// The kept index after the verb or adjective whose stem begins at `stem` in `text`, endings and auxiliary verbs
    /// included, particles not: 밝힘 of `밝힘에`. `None` where no verb begins there. `kept` are the kept characters of
    /// `text`.
    pub fn of_verb(&mut self, text: &str, kept: &[KeptChar], stem: usize) -> Option<usize> {
        let (first, word) = word_around(text, kept, stem)?;
        Some(first + self.end(word, Asked::Verb(stem - first))?)
    }

    /// The kept index after the word whose beginning is `from..to`, without its particles: 이재명 of `이재명이`; for a
    /// verb, its endings included.
    pub fn of_word(&mut self, text: &str, kept: &[KeptChar], from: usize, to: usize) -> usize {
        let Some((first, word)) = word_around(text, kept, from) else { return to };
        self.end(word, Asked::Word(to - first)).map_or(to, |end| first + end)
    }

    /// What was asked of `word`, from memory where it was asked before.
    fn end(&mut self, word: &str, asked: Asked) -> Option<usize> {
        let key = (asked, Box::from(word));
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let language = self.language;
        let analyzer = self.analyzer.get_or_insert_with(|| language.korean().analyzer());
        analyzer.analyze(word, &mut self.analysis);
        let end = match asked {
            Asked::Verb(stem) => self.verb_end(stem),
            Asked::Word(to) => Some(self.word_end(to)),
        };
        if self.known.len() == KNOWN {
            self.known.clear();
        }
        self.known.insert(key, end);
        end
    }

    /// Where the verb of the analysed word ends whose stem begins at `stem`.
    fn verb_end(&self, stem: usize) -> Option<usize> {
        let mut end = None;
        for morpheme in &self.analysis.morphemes {
            let (from, to) = self.place(morpheme);
            match (morpheme.class.role, end) {
                (Role::Stem, None) if from == stem => end = Some(to),
                (_, None) => {}
                (Role::Dropped, Some(_)) if !self.is_particle(morpheme) => end = Some(to),
                // A particle, or another word written together with the verb: `밝혔다고전했다`.
                _ => break,
            }
        }
        end
    }

    /// Where the analysed word ends whose beginning ends at `to`.
    fn word_end(&self, to: usize) -> usize {
        let mut end = to;
        let mut in_verb = false;
        for morpheme in &self.analysis.morphemes {
            let (_, after) = self.place(morpheme);
            match morpheme.class.role {
                _ if after < to => continue,
                Role::Dropped if !in_verb || self.is_particle(morpheme) => break,
                Role::Dropped => {}
                Role::Stem => in_verb = true,
                Role::Surface => in_verb = false,
            }
            end = end.max(after);
        }
        end
    }

    /// Where a morpheme of the analysed word is, in kept indices.
    fn place(&self, morpheme: &Morpheme) -> (usize, usize) {
        let index = |byte: u32| self.analysis.kept.partition_point(|k| k.start < byte);
        (index(morpheme.start), index(morpheme.end))
    }

    fn is_particle(&self, morpheme: &Morpheme) -> bool {
        let tag = self.analyzer.as_ref().map(|analyzer| analyzer.segmenter().entry(morpheme).tag);
        tag.is_some_and(|tag| tag.starts_with('J'))
    }
}

/// The word around kept index `at`, and the kept index at which it begins.
fn word_around<'t>(text: &'t str, kept: &[KeptChar], at: usize) -> Option<(usize, &'t str)> {
    let first = kept.get(..=at)?.iter().rposition(|k| k.gap).unwrap_or(0);
    let after = kept.iter().skip(at + 1).take_while(|k| !k.gap).count();
    let bytes = kept.get(first)?.start as usize..kept.get(at + after)?.end as usize;
    Some((first, text.get(bytes)?))
}
