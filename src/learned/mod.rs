//! Names that the archive teaches: papers write `한국토지주택공사(LH)`, `블루아울(Blue Owl)`, `보건의료정책심의위원회(보정심)`, `AI(인공지능)`.
//!
//! Each article gives its brackets (`bracket`) and what they may put side by side (`candidate`, `sound`). All of them together agree on where a
//! name begins (`agreement`, `collector`). What is left is judged by how the archive uses the names (`decision`). Nothing here knows of an
//! index: whoever builds one counts, and keeps the pairs.

mod agreement;
mod bracket;
mod candidate;
mod collector;
mod decision;
mod pair;
mod sound;

pub use candidate::Reason;
pub use collector::{Collector, Place, Proposed, Reading};
pub use decision::{Held, decide};
pub use pair::{LearnedNames, LearnedPair};
