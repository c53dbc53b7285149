//! What gisa looks for, as queries of a cluster.
//!
//! * [`spans`]: shapes and clauses;
//! * [`conditions`]: expressions of a plan, and filters;
//! * [`leaves`]: how large a query is, before it is sent: a cluster refuses one of too many parts, and it is never shortened.

pub(super) mod conditions;
pub(super) mod leaves;
pub(super) mod spans;
