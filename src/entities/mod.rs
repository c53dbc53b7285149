//! Who, where and what: an article → the persons, places and organisations that it names, and its most telling words.
//!
//! Takes an article, cut by the dictionary, and the lexicons. Gives [`Entities`]: each name once, written one way, with the number of
//! its mentions, and where each mention stands. It depends on the article and the lexicons alone, so an article that is pushed gets what a
//! reindex would give it.
//!
//! How it goes: the text becomes words (`words`), of each of which something is known without its neighbours (`facts`: `look_up`, `candidate`,
//! `endings`). Then places and organisations that stand by themselves are taken (`fixed`), Korean persons by what stands around them (`persons`, `bands`), foreign
//! ones (`foreign`, `foreign_run`), organisations that only their surroundings tell (`beside`, `introduced`, `listed`), names of two words (`two_words`), offices with
//! what they belong to (`offices`), and short forms (`short`). Each name gets one way of writing
//! (`one_way`), the rest are telling words (`keywords`), and `assemble` counts. What they know is in `data/entities/` (`tables`).

mod assemble;
mod bands;
mod beside;
mod candidate;
mod endings;
mod entity;
mod facts;
mod fixed;
mod foreign;
mod foreign_run;
mod introduced;
mod keywords;
mod listed;
mod look_up;
mod names;
mod offices;
mod one_way;
mod particles;
mod persons;
mod piece;
mod recogniser;
mod scene;
mod short;
mod tables;
mod two_words;
mod words;

pub use entity::{Entities, Entity, EntityKind, MOST_NAMES, MOST_WORDS, Mention, Part};
pub use one_way::stored_names;
pub use recogniser::{Recogniser, entities_of};
