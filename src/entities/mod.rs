//! Who, where and what: an article → the persons, places and organisations that it names, and its most telling words.
//!
//! Takes an article, cut by the dictionary, and the lexicons. Gives [`Entities`]: each name once, written one way, with the number of
//! its mentions, and where each mention stands. It depends on the article and the lexicons alone, so an article that is pushed gets what a
//! reindex would give it.

mod assemble;
mod beside;
mod endings;
mod entity;
mod facts;
mod fixed;
mod foreign;
mod keywords;
mod names;
mod one_way;
mod particles;
mod persons;
mod recogniser;
mod scene;
mod short;
mod tables;
mod words;

pub use entity::{Entities, Entity, EntityKind, MOST_NAMES, MOST_WORDS, Mention, Part};
pub use recogniser::{Recogniser, entities_of};
