//! Clean articles → searchable generations. Takes articles from `ingest` and tokens from `korean`; gives
//! `search` [`Generation`]s, each immutable as it is at one commit; [`LiveIndex`] makes the next. Everything under the index folder can be rebuilt from `data/`.

pub mod directory;
mod error;
pub mod folder;
pub mod generation;
pub mod read;
pub mod reindex;
pub mod schema;
mod sealed;
mod segments;
pub mod space;
mod tokenizer;
pub mod write;

pub use error::IndexError;
pub use folder::IndexFolder;
pub use generation::{Generation, GenerationInfo};
pub use read::members::SimilarGroups;
pub use reindex::{build_verified, put_into_service};
pub use schema::{Fields, analysed_text};
pub use segments::{OpenLane, OpenSegment};
pub use write::build::{BuildOptions, BuildReport, Progress, Sources, build};
pub use write::live::LiveIndex;
