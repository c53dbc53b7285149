//! Clean articles → searchable generations. Takes articles from `ingest` and `journal`, and tokens from `korean`; gives
//! `search` each [`Generation`] as an [`Archive`](crate::query::archive::Archive), immutable as it is at one commit;
//! [`LiveIndex`] makes the next. Everything under the index folder can be rebuilt from `data/`.
//!
//! The one stage that knows tantivy: none of its types is in a public signature.
//!
//! Posting lists, positions, columns and the store are tantivy's. Its query parser, scorer and snippets are not used: the reasons are in the
//! heads of `query::language`, `read::score` and `search::snippet`.

mod archive;
pub mod directory;
mod document;
mod error;
pub mod folder;
mod generation;
mod judged_pairs;
mod read;
mod reindex;
mod restricted;
pub mod schema;
mod sealed;
pub mod space;
mod tokenizer;
mod verify;
mod view;
mod write;

pub use error::IndexError;
pub use folder::IndexFolder;
pub use generation::{Generation, GenerationInfo};
pub use judged_pairs::{JudgedPairsError, PairReport, measure_pairs, pair_measures};
pub use reindex::{build_verified, put_into_service};
pub use write::book::{FilesRead, Left};
pub use write::build::{BuildOptions, BuildReport, Phase, Progress, Sources, build};
pub use write::changed_run::{ChangedCounts, ChangedSources, Taken};
pub use write::live::LiveIndex;
