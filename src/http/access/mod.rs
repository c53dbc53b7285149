//! Who asks: what a request shows of itself, and what that allows.
//!
//! A request shows a key in `Authorization` (`Bearer`; for `GET` also `Basic`, with the key as password), or the cookie of a
//! sign-in, or it comes through a trusted proxy that names a person. The [`Gatekeeper`] makes a [`Caller`] of that, once for each
//! request (`middleware/auth.rs`). Whether a caller may do what it asks, its route says (`router.rs`); which articles it sees,
//! [`Reader`](reader::Reader) sees to.

mod caller;
pub(in crate::http) mod corrections;
mod credentials;
mod gatekeeper;
pub(in crate::http) mod reader;
mod session;
mod wrong_keys;

pub(in crate::http) use caller::{Caller, Identity, Who};
pub(in crate::http) use credentials::comes_from_here;
pub(in crate::http) use gatekeeper::Gatekeeper;
pub(in crate::http) use session::{COOKIE, LIFETIME};
