//! gisa (기사, "article"): full-text search over Korean news articles.
//!
//! The stages, in the order in which data flows; each imports only from those before it (`tests/architecture.rs`):
//!
//! * [`faults`]: points at which tests make the disk fail; nothing in release builds
//! * [`logging`]: where log lines go, so that a log that cannot be written costs nothing else
//! * [`article`]: the one type that all stages share
//! * [`ingest`]: files and lines → clean articles
//! * [`journal`]: the durable log of articles that come over HTTP
//! * [`korean`]: text → tokens
//! * [`learned`], [`similar`], [`suggest`]: names that articles teach; which articles are reprints; what a half-typed query may become
//! * [`entities`]: an article → the persons, places and organisations that it names
//! * [`query`]: a query's text → what to look for
//! * [`index`]: articles → an index that answers queries
//! * [`cluster`]: articles → an index of an OpenSearch cluster, which answers the same
//! * [`search`]: queries → answers with marks, snippets and cursors
//! * [`access`]: who may do what: keys with scopes and fixed filters
//! * [`alerts`]: saved searches, and telling others what came for them
//! * [`config`], [`service`]: settings; the stages put together, with jobs, writes and backups
//! * [`http`]: requests → answers over HTTP

pub mod access;
pub mod alerts;
pub mod article;
pub mod asked;
pub mod cluster;
pub mod config;
pub mod entities;
pub mod faults;
pub mod http;
pub mod index;
pub mod ingest;
pub mod journal;
pub mod korean;
pub mod learned;
pub mod logging;
pub mod query;
pub mod quotes;
pub mod search;
pub mod service;
pub mod similar;
pub mod suggest;
