//! The query language: from what a reader typed to a tree of words, phrases and filters.
//!
//! The reader is total. Only the limits of [`Limits`] refuse a query; whatever is unbalanced or unknown is read as words,
//! because headlines are pasted as they are. It never recurses, and neither does anything done with the tree, so that no
//! input can overflow the stack. Work grows with the square of the characters at worst, of which there are 512.
//!
//! | typed | read as |
//! |---|---|
//! | `중기부 스타트업` | both words |
//! | `중기부 OR 벤처`, `중기부 \| 벤처`, `중기부\|벤처` | either |
//! | `가 AND 나` | both, joined more tightly than by a space |
//! | `-대선`, `NOT 대선`, `-"대선 후보"`, `-(가 나)` | without; two negations cancel |
//! | `"정확한 구절"`, also `“ ”`, `‘ ’`, `« »`, `' '` | the passage as it is |
//! | `이재명*` | words beginning so, from two characters |
//! | `언론사:` `기자:` `섹션:` `제목:` `본문:` `날짜:` and `outlet:` `reporter:` `section:` `title:` `body:` `date:` | the word, phrase or group that follows directly, in that field |
//! | `날짜:2023-06-01..2023-06-30`, `2023-06..`, `..2023`, `2023.6.1` | publication between these days, both included |
//! | `날짜:어제`, `날짜:지난주`, `날짜:"최근 7일"`, `날짜:지난달..어제` | the days that are meant on the day it is asked |
//! | `가 ~10 나`, `가 NEAR/10 나`, `(가 OR 나) ~3 "다 라"` | within ten words of each other, in either order; from 1 to 100 |
//! | `(가 OR 나) 다` | groups |
//! | `김 모 씨`, `김모 씨`, `김 모씨`, also with an age (`김모(34) 씨`) | one word, 김모씨; with `AND` between them three |
//!
//! **Precedence**, loosest first: space, `OR`, `AND`, negation, nearness. So `A B OR C` is `A (B OR C)`, as in the web search engines
//! and as `중기부 언론사:가 OR 언론사:나` is meant, while `A AND B OR C` is `(A AND B) OR C`, as in every Boolean language.
//!
//! **Operators are words where they join nothing**: `OR OR` is the word `OR` twice, `가 OR` ends in the word. A row of
//! operators between operands counts once (`가 OR | 나`). Operators are upper case; a lone `|` is passed over.
//!
//! **A bracket groups** only at the beginning of a token and if its partner is at the end of one, so `(주)카카오`, `f(x)`
//! and `윤(尹)` are words. **A backslash** in front makes anything a word: `\OR`, `\언론사:가`.
//!
//! **Why not tantivy's.** Its grammar reads `[속보] 대통령` as a range, and it aborts the process on deep nesting.
//!
//! Tests count how often a character is looked at, at most eight times the square of the length. `fuzz/` has a target for cargo-fuzz
//! (optional), whose properties are ordinary tests too.

mod date;
mod date_range;
mod describe;
mod lexer;
mod markers;
mod near;
mod parser;
mod pieces;
mod print;
#[cfg(test)]
mod properties;
mod runs;
mod spoken_date;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod withheld;

use lexer::{Leaf, Lexeme};

pub use date_range::DateRange;
pub use spoken_date::SpokenDates;
pub use tree::{Filter, Node, NodeId, Query, QueryNote, TextField};

/// Why a query is refused. Syntax never is a reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// Too much text.
    #[error("the query has {found} characters, at most {limit} are read: search for a part of it")]
    TooLong {
        /// The most characters allowed, counted in NFC.
        limit: usize,
        /// The characters there were.
        found: usize,
    },
    /// Too many words, phrases and filters.
    #[error("the query has {found} words, phrases and filters, at most {limit} are read: leave some out")]
    TooManyClauses {
        /// The most clauses allowed.
        limit: usize,
        /// The clauses there were.
        found: usize,
    },
    /// Groups too deep in each other.
    #[error("the brackets are nested {found} deep, at most {limit} are read: write it flatter")]
    TooDeep {
        /// The deepest nesting allowed.
        limit: usize,
        /// The nesting there was.
        found: usize,
    },
}

/// What bounds the work a query can cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Characters after normalisation.
    pub characters: usize,
    /// Words, phrases, prefixes and filters.
    pub clauses: usize,
    /// Groups in groups. The tree is at most four times as high: a group may add a `Not`, an `And`, an `Or` and an `And`.
    pub depth: usize,
}

impl Limits {
    /// For what users type: 512 characters (longer than any sane quotation), 64 clauses, 16 groups deep.
    pub const TYPED: Limits = Limits { characters: 512, clauses: 64, depth: 16 };

    /// For text printed from a [`Query`], which spells out what was typed short (`|` is printed ` OR `) and may be longer.
    pub const CANONICAL: Limits = Limits { characters: 4096, ..Limits::TYPED };
}

/// Reads what a user typed.
///
/// # Errors
///
/// A [`QueryError`] when the text exceeds [`Limits::TYPED`]; nothing else is an error.
pub fn parse(input: &str) -> Result<Query, QueryError> {
    parse_within(input, &Limits::TYPED)
}

/// Reads `input` as words (withheld names as one) and nothing else, whatever looks like an operator: a headline that holds one.
///
/// # Errors
///
/// A [`QueryError`] when the text exceeds [`Limits::TYPED`].
pub fn parse_words(input: &str) -> Result<Query, QueryError> {
    let text = text::normalise(input);
    let found = text.chars().count();
    if found > Limits::TYPED.characters {
        return Err(QueryError::TooLong { limit: Limits::TYPED.characters, found });
    }
    let source = text::Source::new(&text);
    let mut words = Vec::new();
    let mut ignored = Vec::new();
    let is_blank = |at: &usize| source.get(*at).is_none_or(char::is_whitespace);
    let mut at = 0;
    while at < source.len() {
        let end = (at..source.len()).find(is_blank).unwrap_or(source.len());
        match source.word(&(at..end)) {
            Some((core, _)) => {
                let node = Node::Word { text: source.slice(&core).to_owned() };
                let range = source.bytes(&core);
                words.push(Lexeme::Leaf(Leaf { negated: false, field: None, node, range }));
            }
            None if at < end => ignored.push(source.bytes(&(at..end))),
            None => {}
        }
        at = end + 1;
    }
    let (tree, root) = parser::build(words, &Limits::TYPED, &mut ignored)?;
    Ok(tree.finish(root, text, ignored, Vec::new()))
}

/// Reads a query's printed text; for every query that [`parse`] returns, printing and reading back gives an equal one.
///
/// # Errors
///
/// A [`QueryError`] when the text exceeds [`Limits::CANONICAL`].
pub fn parse_canonical(printed: &str) -> Result<Query, QueryError> {
    parse_within(printed, &Limits::CANONICAL)
}

fn parse_within(input: &str, limits: &Limits) -> Result<Query, QueryError> {
    let text = text::normalise(input);
    let found = text.chars().count();
    if found > limits.characters {
        return Err(QueryError::TooLong { limit: limits.characters, found });
    }
    let mut lexed = lexer::lex(&text);
    let (tree, root) = parser::build(lexed.lexemes, limits, &mut lexed.ignored)?;
    Ok(tree.finish(root, text, lexed.ignored, lexed.notes))
}
