//! Where tantivy keeps a generation's files: memory-mapped, and in debug builds with places where tests let the disk fail.

use std::path::Path;

use tantivy::directory::{Directory, MmapDirectory};

use super::error::IndexError;

/// The files of the generation at `path`.
///
/// # Errors
/// [`IndexError::Damaged`] where there is no such folder.
pub(super) fn open(path: &Path) -> Result<Box<dyn Directory>, IndexError> {
    let damaged = |error: tantivy::directory::error::OpenDirectoryError| IndexError::Damaged {
        path: path.to_owned(),
        what: error.to_string(),
    };
    let directory = MmapDirectory::open(path).map_err(damaged)?;
    #[cfg(debug_assertions)]
    return Ok(Box::new(failing::Failing(directory)));
    #[cfg(not(debug_assertions))]
    Ok(Box::new(directory))
}

/// Names of the places, for tests that go through them one by one.
pub const FAULT_POINTS: [&str; 5] =
    ["index open", "index write", "index finish file", "index replace file", "index sync folder"];

#[cfg(debug_assertions)]
mod failing {
    use std::io::{self, BufWriter, Write};
    use std::path::Path;
    use std::sync::Arc;

    use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
    use tantivy::directory::{
        AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite,
        WatchCallback, WatchHandle, WritePtr,
    };

    use crate::faults::point;

    #[derive(Debug, Clone)]
    pub(super) struct Failing(pub(super) MmapDirectory);

    impl Directory for Failing {
        fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
            self.0.get_file_handle(path)
        }

        fn delete(&self, path: &Path) -> Result<(), DeleteError> {
            self.0.delete(path)
        }

        fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
            self.0.exists(path)
        }

        fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
            point("index open").map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
            let writer: Box<dyn TerminatingWrite + Send + Sync> =
                Box::new(FailingWriter(self.0.open_write(path)?));
            Ok(BufWriter::new(writer))
        }

        fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
            self.0.atomic_read(path)
        }

        fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
            point("index replace file")?;
            self.0.atomic_write(path, data)
        }

        fn sync_directory(&self) -> io::Result<()> {
            point("index sync folder")?;
            self.0.sync_directory()
        }

        fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
            self.0.acquire_lock(lock)
        }

        fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
            self.0.watch(callback)
        }
    }

    struct FailingWriter(WritePtr);

    impl Write for FailingWriter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            point("index write")?;
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }

    impl TerminatingWrite for FailingWriter {
        fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
            point("index finish file")?;
            self.0.terminate_ref(token)
        }
    }
}
