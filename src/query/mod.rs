//! What is asked, and of whom: the language that users type, words and the shapes that find them, the plan of a search.
//! Knows no engine.

pub mod language;
pub mod plan;
pub mod shape;
pub mod word;
