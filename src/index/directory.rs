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

/// Lets reads fail while a generation is open. Apart from the [`faults`](crate::faults), which are on the way of what is
/// written, and counted for the thread alone: a search reads on the thread that asks.
#[cfg(debug_assertions)]
pub mod reads {
    use std::cell::Cell;
    use std::io;

    thread_local! {
        static FAILING: Cell<Option<u64>> = const { Cell::new(None) };
        static PASSED: Cell<u64> = const { Cell::new(0) };
    }

    /// Lets this read of the thread fail, from now on and from 1, or none; and counts from the beginning.
    pub fn fail(number: Option<u64>) {
        FAILING.set(number);
        PASSED.set(0);
    }

    /// Reads of the thread since the last [`fail`].
    pub fn passed() -> u64 {
        PASSED.get()
    }

    pub(super) fn pass() -> io::Result<()> {
        PASSED.set(PASSED.get() + 1);
        match FAILING.get() {
            Some(number) if number == PASSED.get() => Err(io::Error::other("a test lets this read fail")),
            _ => Ok(()),
        }
    }
}

#[cfg(debug_assertions)]
mod failing {
    use std::io::{self, BufWriter, Write};
    use std::ops::Range;
    use std::path::Path;
    use std::sync::Arc;

    use tantivy::HasLen;
    use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
    use tantivy::directory::{
        AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes,
        TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
    };

    use crate::faults::{FaultPoint, point};

    #[derive(Debug, Clone)]
    pub(super) struct Failing(pub(super) MmapDirectory);

    impl Directory for Failing {
        fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
            Ok(Arc::new(FailingFile(self.0.get_file_handle(path)?)))
        }

        fn delete(&self, path: &Path) -> Result<(), DeleteError> {
            self.0.delete(path)
        }

        fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
            self.0.exists(path)
        }

        fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
            point(FaultPoint::IndexOpen)
                .map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
            let writer: Box<dyn TerminatingWrite + Send + Sync> =
                Box::new(FailingWriter(self.0.open_write(path)?));
            Ok(BufWriter::new(writer))
        }

        fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
            self.0.atomic_read(path)
        }

        fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
            point(FaultPoint::IndexReplaceFile)?;
            self.0.atomic_write(path, data)
        }

        fn sync_directory(&self) -> io::Result<()> {
            point(FaultPoint::IndexSyncFolder)?;
            self.0.sync_directory()
        }

        fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
            self.0.acquire_lock(lock)
        }

        fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
            self.0.watch(callback)
        }
    }

    #[derive(Debug)]
    struct FailingFile(Arc<dyn FileHandle>);

    impl HasLen for FailingFile {
        fn len(&self) -> usize {
            self.0.len()
        }
    }

    impl FileHandle for FailingFile {
        fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
            super::reads::pass()?;
            self.0.read_bytes(range)
        }
    }

    struct FailingWriter(WritePtr);

    impl Write for FailingWriter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            point(FaultPoint::IndexWrite)?;
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }

    impl TerminatingWrite for FailingWriter {
        fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
            point(FaultPoint::IndexFinishFile)?;
            self.0.terminate_ref(token)
        }
    }
}
