//! Keys as they are now, for a server: read again whenever the file has changed.

use std::fs;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::error::AccessError;
use super::file::KeyFile;
use super::key::Keys;

/// How a file looks from outside. A file that is replaced has another number, whatever its time and length.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    modified: Option<SystemTime>,
    bytes: u64,
    number: u64,
}

/// What the file held when it was last read.
#[derive(Clone)]
struct Read {
    /// `None` where there was no file.
    look: Option<Look>,
    keys: Result<Arc<Keys>, Arc<AccessError>>,
}

/// The keys of a file as they are now. Looking whether it changed is one call of the system, so it is done each time.
pub struct LiveKeys {
    file: KeyFile,
    read: Mutex<Option<Read>>,
}

impl LiveKeys {
    /// The keys of `file`, which need not exist yet.
    pub fn new(file: KeyFile) -> Self {
        Self { file, read: Mutex::new(None) }
    }

    /// The keys of now.
    ///
    /// # Errors
    /// The file cannot be read, or is not one of keys: nobody is let in by a key until it can be.
    pub fn now(&self) -> Result<Arc<Keys>, Arc<AccessError>> {
        let look = match self.look() {
            Ok(look) => look,
            Err(error) => return Err(Arc::new(AccessError::file("cannot read", self.file.path())(error))),
        };
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = read.as_ref().filter(|read| read.look == look) {
            return read.keys.clone();
        }
        let keys = self.file.read().map(Arc::new).map_err(Arc::new);
        match &keys {
            Ok(keys) => tracing::info!(keys = keys.iter().count(), "read the keys"),
            Err(error) => tracing::error!(%error, "no key is accepted until this is mended"),
        }
        *read = Some(Read { look, keys: keys.clone() });
        keys
    }

    fn look(&self) -> io::Result<Option<Look>> {
        let meta = match fs::metadata(self.file.path()) {
            Ok(meta) => meta,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&meta);
        #[cfg(not(unix))]
        let number = 0;
        Ok(Some(Look { modified: meta.modified().ok(), bytes: meta.len(), number }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::access::{Digest, NewKey, Scope};
    use crate::article::Timestamp;

    #[test]
    fn a_change_is_in_force_at_once_and_a_spoilt_file_lets_nobody_in() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path());
        let live = LiveKeys::new(file.clone());
        assert_eq!(live.now().unwrap().iter().count(), 0);
        let new = |name: &str| NewKey {
            name: name.to_owned(),
            scopes: [Scope::Read].into_iter().collect(),
            ..NewKey::default()
        };
        let clear = file.change(|keys| keys.add(new("one"), Timestamp::now())).unwrap();
        let digest = Digest::of(clear.as_bytes());
        assert!(live.now().unwrap().find(&digest).is_some());
        file.change(|keys| keys.add(new("two"), Timestamp::now())).unwrap();
        file.change(|keys| keys.remove("one")).unwrap();
        assert!(live.now().unwrap().find(&digest).is_none());
        fs::write(file.path(), "spoilt").unwrap();
        assert!(live.now().is_err() && live.now().is_err());
        fs::remove_file(file.path()).unwrap();
        assert_eq!(live.now().unwrap().iter().count(), 0);
    }
}
