//! Where words of a text end: what a mark covers that a position alone cannot tell.
//!
//! A posting list says where a verb's stem or a word's beginning stands, not how long the word is. Only the one word
//! around such a position is cut into morphemes again, the same way as when it was indexed.

use std::ops::Range;

use crate::korean::Language;
use crate::korean::analysis::{Analysis, Analyzer};
use crate::korean::fold::KeptChar;
use crate::korean::pos::Role;

/// What a mark may cover behind what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    /// The one verb.
    Verb,
    /// The whole word, compounds included.
    Word,
}

/// Finds word ends; borrows an analyzer only when the first is asked for.
pub struct WordEnds<'a> {
    language: &'a Language,
    analyzer: Option<Analyzer>,
    analysis: Analysis,
}

impl<'a> WordEnds<'a> {
    /// Finds ends of words of this language.
    pub fn new(language: &'a Language) -> Self {
        Self { language, analyzer: None, analysis: Analysis::default() }
    }

    /// The kept index behind the verb or adjective whose stem begins at `stem` in `text`, endings and auxiliary verbs
    /// included, particles not: 밝힘 of `밝힘에`, 밝혔다고 of `밝혔다고전했다`. `kept` are the kept characters of `text`.
    pub fn of_verb(&mut self, text: &str, kept: &[KeptChar], stem: usize) -> usize {
        self.end(text, kept, stem..stem + 1, Only::Verb)
    }

    /// The kept index behind the word whose beginning is `from..to`, without its particles: 이재명 of `이재명이`; for a
    /// verb, its endings included.
    pub fn of_word(&mut self, text: &str, kept: &[KeptChar], from: usize, to: usize) -> usize {
        self.end(text, kept, from..to, Only::Word)
    }

    /// From the morpheme that holds the last of `found` on, everything up to the first particle, or, behind a noun, up to
    /// the first ending.
    fn end(&mut self, text: &str, kept: &[KeptChar], found: Range<usize>, only: Only) -> usize {
        let Range { start: from, end: to } = found;
        let before = kept.get(..=from).unwrap_or_default();
        let first = before.iter().rposition(|k| k.gap).unwrap_or(0);
        let behind = from + 1 + kept.iter().skip(from + 1).take_while(|k| !k.gap).count();
        // What was found over a gap ends where its last word ends.
        if to > behind {
            return to;
        }
        let (Some(start), Some(last)) = (kept.get(first), kept.get(behind - 1)) else { return to };
        let Some(word) = text.get(start.start as usize..last.end as usize) else { return to };
        let language = self.language;
        let analyzer = self.analyzer.get_or_insert_with(|| language.korean().analyzer());
        analyzer.analyze(word, &mut self.analysis);
        let own = &self.analysis.kept;
        let mut end = to;
        let mut in_verb = false;
        let mut seen = false;
        for morpheme in &self.analysis.morphemes {
            let morpheme_end = first + own.partition_point(|k| k.start < morpheme.end);
            if morpheme_end < to {
                continue;
            }
            match morpheme.class.role {
                Role::Dropped => {
                    let particle = analyzer.segmenter().entry(morpheme).tag.starts_with('J');
                    if !in_verb || particle {
                        break;
                    }
                }
                // `밝혔다고전했다` is two verbs written together, and only one of them was found.
                _ if only == Only::Verb && seen => break,
                Role::Stem => in_verb = true,
                Role::Surface => in_verb = false,
            }
            seen = true;
            end = end.max(morpheme_end);
        }
        end.min(behind)
    }
}
