//! gisa (기사, "article"): full-text search over Korean news articles.
//!
//! The stages, in the order in which data flows; each imports only from those before it:
//!
//! * [`article`]: the one domain type
//! * [`ingest`]: files and lines → clean articles
//! * [`korean`]: text → tokens
//! * [`index`]: articles → generations
//! * [`search`]: queries → answers

pub mod article;
pub mod index;
pub mod ingest;
pub mod korean;
pub mod search;
