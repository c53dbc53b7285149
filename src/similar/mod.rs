//! Near-identical articles: reprints, wire copies, updated versions of one story.
//!
//! * [`fingerprint`]: at ingest, a MinHash sketch of each body is made and stored as a column of the index.
//! * [`text`], [`alignment`], [`pair`]: what two articles are compared by, which passages of one occur in the other, and
//!   what differs.
//! * [`decision`], [`mod@evidence`]: how likely readers call the two the same text, by rules, and by measures that are weighed.
//! * [`grouping`]: all articles in the order of publication; each joins the groups that it resembles, or leads a new one.
//!
//! Nothing here knows an index: `index/write` puts these to work over a whole one, and `index/read` keeps the groups up as
//! articles come and go.

pub mod alignment;
pub mod decision;
pub mod evidence;
pub mod fingerprint;
pub mod grouping;
pub mod pair;
pub mod text;

pub(crate) use evidence::WEIGHTS;
