//! A plan over an open generation: which articles it finds, in which order, and how many by outlet or day.

mod arrival;
pub(in crate::index) mod articles;
pub(in crate::index) mod compared;
pub(in crate::index) mod error;
mod facet;
pub(in crate::index) mod filter;
mod group;
mod lengths;
mod look;
pub(in crate::index) mod matching;
pub(in crate::index) mod members;
mod near;
pub(in crate::index) mod nearest;
mod order;
mod pace;
pub(in crate::index) mod place;
pub(in crate::index) mod positions;
mod publication;
mod rank;
pub(in crate::index) mod regroup;
mod score;
pub(in crate::index) mod segment;
pub(in crate::index) mod select;
mod shape_docs;
pub(in crate::index) mod stored;
pub(in crate::index) mod vocabulary;
mod within;
