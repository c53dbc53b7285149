//! Near-identical articles: reprints, wire copies, updated versions of one story.
//!
//! * [`fingerprint`]: at ingest, a MinHash sketch of each body is made and stored as a column of the index.
//! * [`text`], [`alignment`], [`pair`]: what two articles are compared by, how the one stands in the other, and what differs.
//! * [`decision`], [`mod@evidence`]: how likely readers call the two the same text, by rules, and by measures that are weighed.
//! * [`grouping`]: all articles in the order of publication; each joins the groups that it resembles, or leads a new one.
//! * [`mod@file`]: the groups beside the index, with a checksum; made once, at the end of a build.
//! * [`groups`]: puts these to work over a whole index, on all cores.
//! * [`members`]: the groups in memory, by the documents of an open generation; kept up as articles come and go.
//! * [`arrival`]: which of them an article joins that arrives after the build.

pub mod alignment;
pub mod decision;
pub mod evidence;
pub mod fingerprint;
pub mod grouping;
pub mod pair;
pub mod text;

pub(crate) use evidence::WEIGHTS;
