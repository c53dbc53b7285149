//! What is asked, and of whom: the language that users type, words and the shapes that find them, the plan of a search.
//! Knows no engine.

pub mod archive;
pub mod language;
pub mod near;
pub mod period;
pub mod plan;
pub mod ranking;
pub mod request;
pub mod shape;
pub mod significance;
pub mod text;
pub mod widths;
pub mod word;
