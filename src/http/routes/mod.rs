//! The resources, one file each: what a request asks for, and what it is answered.

pub mod admin;
pub mod analyze;
pub mod articles;
pub mod bulk;
pub mod export;
pub mod facets;
pub mod feed;
pub mod highlight;
pub mod lexicon;
pub mod opensearch;
pub mod ops;
pub mod related;
pub mod restore;
pub mod search;
pub mod suggest;
pub mod writes;
