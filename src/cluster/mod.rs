//! Articles in an OpenSearch cluster, and an [`Archive`](crate::query::archive::Archive) over them. Off by default.
//!
//! gisa analyses, the cluster stores what it is told and finds it again: every token of every lane at its position, by stock filters
//! alone (`cells`), so that the same plan finds the same articles as in the embedded index. Queries on positions are spans
//! (`asked::spans`); totals, facets and groups are exact, or an error.
//!
//! An index is filled from another archive, verified, and put into service by an alias (`fill`). Then it follows that archive: what has changed is
//! sent, shown in one step, and said to be there (`mirror`, `reached`). An edition is what was to be seen between two such steps: several
//! requests of one search see the same articles, by a point in time (`point`).
//!
//! **Whatever the cluster cannot give is an error with a plain message**, never a smaller answer: a shard that did not answer, a query of too
//! many parts, more articles than can be looked at one by one. Whoever wants a smaller answer and says so asks for that (`part`).
//!
//! | file | takes → gives |
//! |---|---|
//! | `client`, `nodes`, `trust`, `reply` | a request → JSON from a node that answers; errors by cause |
//! | `cells`, `mapping`, `document` | an article → a document |
//! | `source`, `groups`, `copy`, `sender`, `fill`, `beside` | another archive → an index that can serve, and what belongs beside it |
//! | `mirror`, `there`, `reached` | an index that serves, and its source → the same index, equal to its source |
//! | `keys` | what the writer says of its keys, for servers that only read |
//! | `open`, `point`, `part`, `checking` | an alias → an edition, what of it is there, whether it is still what serves, and whether it is whole |
//! | `asked` | a plan → queries |
//! | `archive`, `questions`, `select`, `hits`, `buckets`, `aggregations`, `facets`, `folding`, `scoring`, `second_look`, `remembered` | queries → a selection |
//! | `near`, `texts`, `terms`, `quotations`, `nearest` | what is worked out here, from the texts of what the cluster finds |

mod aggregations;
mod archive;
mod asked;
mod beside;
mod buckets;
mod cells;
mod checking;
mod client;
mod copy;
mod document;
mod error;
mod facets;
mod fill;
mod folding;
mod groups;
mod hits;
mod keys;
mod mapping;
mod mirror;
mod near;
mod nearest;
mod nodes;
mod open;
mod part;
mod point;
mod questions;
mod quotations;
mod reached;
mod remembered;
mod reply;
mod scoring;
mod second_look;
mod select;
mod sender;
mod settled;
mod source;
mod terms;
mod texts;
mod there;
mod trust;

pub use archive::ClusterArchive;
pub use checking::Condition;
pub use client::{Client, Credentials};
pub use copy::{Copying, Target, copy, fill};
pub use error::{ClusterError, CopyError};
pub use keys::KeysIndex;
pub use mapping::Layout;
pub use mirror::Mirror;
pub use open::{Door, Look};
pub use trust::Trust;
