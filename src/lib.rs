//! gisa (기사, "article"): full-text search over Korean news articles.
//!
//! The stages, in the order in which data flows; each imports only from those before it:
//!
//! * [`faults`]: where tests let the disk fail; nothing in release builds
//! * [`article`]: the one domain type
//! * [`ingest`]: files and lines → clean articles
//! * [`korean`]: text → tokens
//! * [`index`]: articles → generations
//! * [`search`]: queries → answers
//! * [`config`], [`service`]: settings, and the stages put together
//! * [`http`]: answers → HTTP

pub mod article;
pub mod config;
pub mod faults;
pub mod http;
pub mod index;
pub mod ingest;
pub mod journal;
pub mod korean;
pub mod query;
pub mod search;
pub mod service;
pub mod similar;
pub mod suggest;
