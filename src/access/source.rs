//! Where a server has its keys from.

use std::path::Path;
use std::sync::Arc;

use super::error::AccessError;
use super::file::KeyFile;
use super::key::Keys;
use super::live::LiveKeys;
use super::taken::TakenKeys;

/// Where a server has its keys from.
pub enum KeySource {
    /// From its own file.
    File(LiveKeys),
    /// From the server that has the file.
    Taken(TakenKeys),
}

impl KeySource {
    /// From the file in the data folder `data_dir`.
    #[must_use]
    pub fn file(data_dir: &Path) -> Self {
        Self::File(LiveKeys::new(KeyFile::new(data_dir)))
    }

    /// The keys of now.
    ///
    /// # Errors
    /// They are not known: nobody is let in by a key.
    pub fn now(&self) -> Result<Arc<Keys>, Arc<AccessError>> {
        match self {
            Self::File(keys) => keys.now(),
            Self::Taken(keys) => keys.now().map(|taken| taken.keys),
        }
    }

    /// Whether the server that these come from has closed reading; not where they are this server's own.
    ///
    /// # Errors
    /// That is not known.
    pub fn closes_reading(&self) -> Result<bool, Arc<AccessError>> {
        match self {
            Self::File(_) => Ok(false),
            Self::Taken(keys) => keys.now().map(|taken| taken.reading_closed),
        }
    }
}
