//! Who may do what: keys with names, scopes, an end and a fixed filter.
//!
//! Keys are in one file, `keys.toml` in the data folder ([`KeyFile`]), as hashes: whoever reads it, or a backup of it, learns no
//! key. `gisa key` changes it; a server sees the change with its next request ([`LiveKeys`]) and needs no restart. A file that
//! cannot be read is an error for everybody who shows a key: it never opens anything. Servers without a file have what the one with it says
//! ([`TakenKeys`]).
//!
//! Knows neither HTTP nor the index. How a key is sent is the business of `http`; what a filter lets through that of `index`.

mod error;
mod file;
mod filter;
mod key;
mod live;
mod source;
mod taken;

pub use error::AccessError;
pub use file::KeyFile;
pub use filter::FixedFilter;
pub use key::{Digest, Key, Keys, NewKey, Scope, Scopes};
pub use live::LiveKeys;
pub use source::KeySource;
pub use taken::{HOLDS, Taken, TakenKeys, written};

/// The file with the keys, in the data folder.
pub const FILE: &str = "keys.toml";
