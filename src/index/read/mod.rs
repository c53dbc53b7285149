//! A plan over an open generation: which articles hold it, in which order, and how many by outlet or day.

pub mod arrival;
pub mod facet;
pub mod filter;
pub mod group;
pub mod judged_pairs;
pub mod matching;
pub mod members;
pub mod nearness;
pub mod order;
pub mod rank;
pub mod score;
pub mod segment;
pub mod stored;
pub mod vocabulary;
