//! The adapter between Korean analysis and tantivy.
//!
//! tantivy asks four tokenizers in turn for the same text, on the same thread, and then those of the columns of names. The first
//! analyses it; the others find the analysis in a thread-local slot. So one pass feeds all lanes and columns.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::schema::{UNSAID, tokenizer_names};
use crate::entities::{Entities, EntityKind, Recogniser};
use crate::korean::analysis::TITLE_END;
use crate::korean::analysis::{Analysis, Analyzer};
use crate::korean::fold::kept_chars;
use crate::korean::joins::{Join, JoinLane};
use crate::korean::{Korean, Language};
use crate::quotes::{Quotation, QuotePlace, SpeakerPlace, quotes_in};

/// Registers the lanes' tokenizers.
pub(super) fn register(manager: &TokenizerManager, korean: &Korean) {
    let lane = |lane| LaneTokenizer { korean: korean.clone(), lane };
    manager.register(tokenizer_names::MORPH, lane(Lane::Morph));
    manager.register(tokenizer_names::GRAM, lane(Lane::Gram));
    manager.register(tokenizer_names::EDGE, lane(Lane::Edge));
    manager.register(tokenizer_names::TITLE, lane(Lane::Title));
}

/// Registers the tokenizers of the columns of names; `left_out` counts the names that an article's limits leave out.
pub(super) fn register_columns(manager: &TokenizerManager, language: &Language, left_out: &Arc<AtomicU64>) {
    let columns = Named { language: language.clone(), left_out: Arc::clone(left_out) };
    for kind in EntityKind::ALL {
        let tokenizer = NameTokenizer { named: columns.clone(), kind };
        manager.register(tokenizer_names::of_entities(kind), tokenizer);
    }
    let speakers = |part| SpeakerTokenizer { named: columns.clone(), part };
    manager.register(tokenizer_names::SPEAKER, speakers(SpeakerPart::Name));
    manager.register(tokenizer_names::SPEAKER_PLACE, speakers(SpeakerPart::Place));
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
    /// What finds names; none before a column asked.
    recogniser: Option<Recogniser>,
    /// What the text names, once a column asked.
    named: Option<Entities>,
    /// Its quotations, once a column asked.
    quotes: Option<Vec<Quotation>>,
}

impl Analysed {
    /// `text`, analysed by this thread: the last one still stands.
    fn of(korean: &Korean, text: &str) -> Self {
        let last = LAST.take().filter(|last| last.by == korean.id());
        let mut analysed = last.unwrap_or_else(|| Self {
            text: String::new(),
            by: korean.id(),
            analyzer: korean.analyzer(),
            analysis: Analysis::default(),
            recogniser: None,
            named: None,
            quotes: None,
        });
        if analysed.text != text || text.is_empty() {
            analysed.analyzer.analyze(text, &mut analysed.analysis);
            analysed.text.clear();
            analysed.text.push_str(text);
            analysed.named = None;
            analysed.quotes = None;
        }
        analysed
    }
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
        let analysed = Analysed::of(&self.korean, text);
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

/// What finds out what a text names.
#[derive(Clone)]
struct Named {
    language: Language,
    left_out: Arc<AtomicU64>,
}

impl Named {
    /// `text`, analysed, with what it names.
    fn analysed(&self, text: &str) -> Analysed {
        let mut analysed = Analysed::of(self.language.korean(), text);
        if analysed.named.is_none() {
            let recogniser = analysed.recogniser.get_or_insert_with(|| Recogniser::new(&self.language));
            let title = text.find(TITLE_END).unwrap_or(0);
            let Analysis { words, morphemes, .. } = &analysed.analysis;
            let named = recogniser.entities_in(text, title, words, morphemes);
            self.left_out.fetch_add(named.cut as u64, Ordering::Relaxed);
            analysed.named = Some(named);
        }
        analysed
    }
}

#[derive(Clone)]
struct NameTokenizer {
    named: Named,
    kind: EntityKind,
}

impl Tokenizer for NameTokenizer {
    type TokenStream<'a> = ValueStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ValueStream {
        let analysed = self.named.analysed(text);
        let named = analysed.named.iter().flat_map(|named| named.of_kind(self.kind));
        let names: Vec<String> = named.map(|entity| entity.name.clone()).collect();
        LAST.set(Some(analysed));
        ValueStream::new(names)
    }
}

/// Which column of speakers a tokenizer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SpeakerPart {
    Name,
    Place,
}

#[derive(Clone)]
struct SpeakerTokenizer {
    named: Named,
    part: SpeakerPart,
}

impl SpeakerTokenizer {
    /// What the column has for each of `quotes`, those of `body`, in order.
    fn values(&self, body: &str, quotes: &[Quotation]) -> Vec<String> {
        let unsaid = || UNSAID.to_owned();
        if self.part == SpeakerPart::Name {
            return quotes.iter().map(|quote| quote.speaker.clone().unwrap_or_else(unsaid)).collect();
        }
        let kept = kept_chars(body);
        let place = |words: Range<usize>, quote: &Range<usize>| {
            SpeakerPlace::of(&words, QuotePlace::of(quote, body, &kept), &kept)
        };
        let places = quotes.iter().map(|quote| {
            let place = quote.speaker_text.clone().and_then(|words| place(words, &quote.text));
            place.map_or_else(unsaid, SpeakerPlace::write)
        });
        places.collect()
    }
}

impl Tokenizer for SpeakerTokenizer {
    type TokenStream<'a> = ValueStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ValueStream {
        let body =
            text.find(TITLE_END).and_then(|end| text.get(end + TITLE_END.len_utf8()..)).unwrap_or(text);
        let mut analysed = self.named.analysed(text);
        if analysed.quotes.is_none() {
            analysed.quotes = analysed.named.as_ref().map(|named| quotes_in(body, named));
        }
        let values = self.values(body, analysed.quotes.as_deref().unwrap_or_default());
        LAST.set(Some(analysed));
        ValueStream::new(values)
    }
}

/// The values of a column, each as a token.
struct ValueStream {
    values: std::vec::IntoIter<String>,
    token: Token,
}

impl ValueStream {
    fn new(values: Vec<String>) -> Self {
        Self { values: values.into_iter(), token: Token::default() }
    }
}

impl TokenStream for ValueStream {
    fn advance(&mut self) -> bool {
        let Some(value) = self.values.next() else { return false };
        self.token.text = value;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
