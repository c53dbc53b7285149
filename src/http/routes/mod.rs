//! The resources, one file or folder each: what a request asks for, and what it is answered.

pub mod admin;
pub mod analyze;
pub mod articles;
pub mod asked;
pub mod facets;
pub mod highlight;
pub mod learned;
pub mod listing;
pub mod lookup;
pub mod mcp;
pub mod opensearch;
pub mod ops;
pub mod quotes;
pub mod related_terms;
pub mod search;
pub mod searches;
pub mod sign_in;
pub mod suggest;
pub mod trends;
