//! Korean analysis: text → tokens of both lanes, and the lexicons. Total: it never fails and never panics.
//!
//! [`Language`] is loaded once and shared by index and search. It holds the newsroom's lexicons ([`lexicon`]) and gives
//! each thread an [`analysis::Analyzer`], which turns a text into the tokens of both lanes. Everything refers to
//! characters by their kept index ([`fold`]).

pub mod analysis;
pub mod collation;
mod conjugated;
pub mod dictionary;
mod endings;
pub mod fold;
pub mod hanja;
mod hanja_forms;
mod hanja_words;
pub mod jamo;
pub mod joins;
pub mod keyboard;
mod language;
pub mod lexicon;
pub mod morpheme;
pub mod nobodys;
pub mod number;
pub mod other_cuts;
pub mod pos;
pub mod segmenter;
pub mod sense;
pub mod sentence;
pub mod spoken;
mod stem;
pub mod surname;
pub mod verb_forms;
mod verbs;
pub mod word_memory;

pub use language::{Korean, Language};
