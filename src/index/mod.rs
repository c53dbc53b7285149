//! Clean articles → searchable generations. Takes articles from `ingest` and tokens from `korean`; gives
//! `search` [`Generation`]s, each immutable as it is at one commit; [`LiveIndex`] makes the next. Everything under the index folder can be rebuilt from `data/`.

pub mod build;
pub mod directory;
mod error;
pub mod folder;
pub mod generation;
pub mod journal;
mod live;
pub mod pushed;
pub mod reindex;
pub mod schema;
mod sealed;
mod segments;
pub mod similar;
pub mod space;
pub mod suggest;
mod tokenizer;

pub use build::{BuildOptions, BuildReport, Progress, Sources, build};
pub use error::IndexError;
pub use folder::IndexFolder;
pub use generation::{Generation, GenerationInfo};
pub use live::LiveIndex;
pub use reindex::{build_verified, put_into_service};
pub use schema::{Fields, analysed_text};
pub use segments::{OpenLane, OpenSegment};
pub use similar::SimilarGroups;
pub use suggest::Suggestions;
