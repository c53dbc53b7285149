//! Near-identical articles: reprints, wire copies, updated versions of one story.
//!
//! * [`fingerprint`]: at ingest, a MinHash sketch of each body is made and stored as a column of the index.
//! * [`text`], [`alignment`], [`pair`]: what two articles are compared by, which passages of one occur in the other, and what differs.
//! * [`decision`], [`mod@evidence`]: how likely readers call the two the same text, by rules, and by measures that are weighed.
//! * [`difference`]: what a reader sees that differs between two articles: sentences, and words in a changed sentence.
//! * [`grouping`], [`holders`]: all articles in the order of publication; each joins the groups that it resembles, or leads a new one.
//!
//! Shared hashes only propose; texts decide. Nothing here knows the index: `index::write::groups` puts these to work over all articles, on
//! all cores, each text read once in the order of the store; `index::write::groups_file` keeps the groups, with a checksum;
//! `index::read::members` has them in memory and keeps them up to date as articles come and go; `index::read::arrival` says which group an
//! article joins that arrives after the build.

pub mod alignment;
pub mod decision;
pub mod difference;
pub mod evidence;
pub mod fingerprint;
pub mod grouping;
pub mod holders;
pub mod pair;
pub mod text;

pub(crate) use evidence::WEIGHTS;
