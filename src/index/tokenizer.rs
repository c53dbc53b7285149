//! The adapter between Korean analysis and tantivy.
//!
//! tantivy asks four tokenizers in turn for the same text, on the same thread. The first analyses it; the
//! others find the analysis in a thread-local slot. So one pass feeds all lanes.

use std::cell::RefCell;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::schema::tokenizer_names;
use crate::korean::Korean;
use crate::korean::analysis::{Analysis, Analyzer};
use crate::korean::joins::{Join, JoinLane};

/// Registers the lanes' tokenizers.
pub(super) fn register(manager: &TokenizerManager, korean: &Korean) {
    let lane = |lane| LaneTokenizer { korean: korean.clone(), lane };
    manager.register(tokenizer_names::MORPH, lane(Lane::Morph));
    manager.register(tokenizer_names::GRAM, lane(Lane::Gram));
    manager.register(tokenizer_names::EDGE, lane(Lane::Edge));
    manager.register(tokenizer_names::TITLE, lane(Lane::Title));
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    Morph,
    Gram,
    Edge,
    Title,
}

/// The last text that this thread analysed.
struct Analysed {
    text: String,
    /// Which [`Korean`] did it: a reindex after a lexicon change brings another.
    by: u64,
    analyzer: Analyzer,
    analysis: Analysis,
}

thread_local! {
    static LAST: RefCell<Option<Analysed>> = const { RefCell::new(None) };
}

#[derive(Clone)]
struct LaneTokenizer {
    korean: Korean,
    lane: Lane,
}

impl Tokenizer for LaneTokenizer {
    type TokenStream<'a> = LaneStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LaneStream {
        let last = LAST.take().filter(|last| last.by == self.korean.id());
        let mut analysed = last.unwrap_or_else(|| Analysed {
            text: String::new(),
            by: self.korean.id(),
            analyzer: self.korean.analyzer(),
            analysis: Analysis::default(),
        });
        if analysed.text != text || text.is_empty() {
            analysed.analyzer.analyze(text, &mut analysed.analysis);
            analysed.text.clear();
            analysed.text.push_str(text);
        }
        LaneStream { analysed: Some(analysed), lane: self.lane, next: 0, joined: 0, token: Token::default() }
    }
}

struct LaneStream {
    analysed: Option<Analysed>,
    lane: Lane,
    next: usize,
    /// Joins that were looked at.
    joined: usize,
    token: Token,
}

impl LaneStream {
    /// Writes the next token's text; its position and length in kept characters, or `None` at the end.
    fn fill(&mut self) -> Option<(u32, u32)> {
        let analysis = &self.analysed.as_ref()?.analysis;
        let text = &mut self.token.text;
        match self.lane {
            Lane::Morph | Lane::Title => {
                let token = analysis.tokens.get(self.next)?;
                if self.lane == Lane::Title && token.index >= analysis.title_kept {
                    return None;
                }
                self.next += 1;
                text.clear();
                text.push_str(analysis.term(token));
                Some((analysis.position(token.index), u32::from(token.length)))
            }
            Lane::Gram => loop {
                if let Some(join) = next_join(analysis, JoinLane::Gram, &mut self.joined, self.next as u32) {
                    text.clear();
                    text.push_str(&join.term);
                    return Some((analysis.position(join.index), 2));
                }
                let index = self.next as u32;
                if self.next >= analysis.kept.len() {
                    return None;
                }
                self.next += 1;
                if analysis.bigram(index, text) {
                    return Some((analysis.position(index), 2));
                }
            },
            // The positions of a term ascend: an edge across a mark may be the same term as another edge.
            Lane::Edge => {
                let edge = analysis.edges.get(self.next).copied();
                let before = edge.unwrap_or(u32::MAX);
                if let Some(join) = next_join(analysis, JoinLane::Edge, &mut self.joined, before) {
                    text.clear();
                    text.push_str(&join.term);
                    return Some((analysis.position(join.index), 2));
                }
                let index = edge?;
                self.next += 1;
                analysis.bigram(index, text);
                Some((analysis.position(index), 2))
            }
        }
    }
}

/// The next join of `lane` that begins before kept index `before`; `at` counts those that were looked at.
fn next_join<'a>(analysis: &'a Analysis, lane: JoinLane, at: &mut usize, before: u32) -> Option<&'a Join> {
    while let Some(join) = analysis.joins.get(*at).filter(|join| join.index < before) {
        *at += 1;
        if join.lane == lane {
            return Some(join);
        }
    }
    None
}

impl TokenStream for LaneStream {
    fn advance(&mut self) -> bool {
        match self.fill() {
            Some((position, length)) => {
                self.token.position = position as usize;
                self.token.position_length = length as usize;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl Drop for LaneStream {
    fn drop(&mut self) {
        LAST.set(self.analysed.take());
    }
}
