//! Articles in an OpenSearch cluster, and an [`Archive`](crate::query::archive::Archive) over them. Off by default, and only read yet: what
//! is pushed does not come in.
//!
//! gisa analyses, the cluster stores what it is told and finds it again: every token of every lane at its position, by stock filters
//! alone (`cells`), so that the same plan finds the same articles as in the embedded index. Queries on positions are spans
//! (`asked::spans`); totals, facets and groups are exact, or an error.
//!
//! An index is filled once, verified, closed to writes and put into service by an alias (`fill`). So an edition is an index, several
//! requests of one search see the same articles, and no point in time has to be kept open.
//!
//! **Whatever the cluster cannot give is an error with a plain message**, never a smaller answer: a shard that did not answer, a query of too
//! many parts, more articles than can be looked at one by one.
//!
//! | file | takes → gives |
//! |---|---|
//! | `client`, `nodes`, `reply` | a request → JSON from a node that answers; errors by cause |
//! | `cells`, `mapping`, `document` | an article → a document |
//! | `copy`, `sender`, `fill`, `beside` | another archive → an index in service, and what belongs beside it |
//! | `asked` | a plan → queries |
//! | `archive`, `questions`, `select`, `hits`, `facets`, `folding`, `scoring`, `second_look` | queries → a selection |
//! | `near`, `texts`, `terms`, `quotations`, `nearest` | what is worked out here, from the texts of what the cluster finds |

mod archive;
mod asked;
mod beside;
mod cells;
mod client;
mod copy;
mod document;
mod error;
mod facets;
mod fill;
mod folding;
mod hits;
mod mapping;
mod near;
mod nearest;
mod nodes;
mod questions;
mod quotations;
mod reply;
mod scoring;
mod second_look;
mod select;
mod sender;
mod terms;
mod texts;

pub use archive::ClusterArchive;
pub use client::{Client, Credentials};
pub use copy::{Copying, Target, copy};
pub use error::{ClusterError, CopyError};
pub use mapping::Layout;
