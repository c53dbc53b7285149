//! Clean articles → searchable generations. Takes articles from `ingest` and tokens from `korean`; gives
//! `search` immutable [`Generation`]s. Everything under the index folder can be rebuilt from `data/`.

pub mod build;
mod error;
pub mod folder;
pub mod generation;
pub mod reindex;
pub mod schema;
mod segments;
pub mod similar;
pub mod suggest;
mod tokenizer;

pub use build::{BuildOptions, BuildReport, Progress, build};
pub use error::IndexError;
pub use folder::IndexFolder;
pub use generation::{Generation, GenerationInfo};
pub use reindex::reindex;
pub use schema::{Fields, analysed_text};
pub use segments::{OpenLane, OpenSegment};
pub use similar::SimilarGroups;
pub use suggest::Suggestions;
