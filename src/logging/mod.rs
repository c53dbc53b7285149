//! Where log lines go: stderr or a file, through a thread of its own.
//!
//! **A log that cannot be written costs log lines and nothing else.** Requests hand their lines over and go on: a full disk, a
//! closed pipe or one that nobody reads makes lines get lost, which is counted ([`status`]), shown in `/ready` and in
//! `/metrics`, and said in the log itself once it can be written again. (`tracing-subscriber` alone would print its own failure
//! to stderr and panic where stderr is what failed; `tracing-appender` prints when it cannot stop.)

mod queue;
mod trouble;

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

pub use trouble::{Trouble, WatchedQueue};

use queue::{NotQueued, Queue};

/// Lines that may wait for the thread that writes them: a burst, but not the memory.
const WAITING_LINES: usize = 8192;

/// The log of this process, once it was started.
static LOG: OnceLock<Arc<Shared>> = OnceLock::new();

/// What of the log was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogStatus {
    /// Lines lost since the start.
    pub lost_lines: u64,
    /// Why lines are being lost now; `None` once one could be written again.
    pub error: Option<String>,
}

/// What of this process's log was lost. Nothing where no log was started.
pub fn status() -> LogStatus {
    LOG.get().map_or(LogStatus { lost_lines: 0, error: None }, |shared| shared.status())
}

/// Opens the log file again before the next line is written, as after it was renamed by whoever rotates logs. Nothing where the
/// log goes to stderr.
pub fn reopen() {
    if let Some(shared) = LOG.get() {
        shared.reopen.store(true, Ordering::Release);
    }
}

/// Starts the thread that writes the log of this process: to `file`, or to stderr.
///
/// # Errors
/// The file cannot be opened, or the machine refuses a thread.
pub fn start(file: Option<&Path>) -> io::Result<(LogWriter, LastLines)> {
    let shared = Arc::new(Shared::default());
    let shared = Arc::clone(LOG.get_or_init(|| shared));
    let target = match file {
        Some(path) => Target::File { file: open(path)?, path: path.to_owned(), broken: false },
        None => Target::Other(Box::new(io::stderr())),
    };
    start_with(target, shared)
}

fn start_with(mut target: Target, shared: Arc<Shared>) -> io::Result<(LogWriter, LastLines)> {
    let of_thread = Arc::clone(&shared);
    // Lines lost that the log itself does not know of yet.
    let mut said = shared.lost.load(Ordering::Relaxed);
    let lines = Queue::start("gisa-log", WAITING_LINES, move |line: Vec<u8>| {
        write_line(&line, &mut target, &of_thread, &mut said);
    })?;
    Ok((LogWriter { lines: lines.clone(), shared }, LastLines { lines }))
}

fn open(path: &Path) -> io::Result<File> {
    open_at_line(path, File::options().create(true))
}

/// Opens a file for lines at its end, where a new line begins.
///
/// # Errors
/// The file cannot be opened or written. One that may only be written is taken as it is.
pub fn open_at_line(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.append(true);
    match options.read(true).open(path) {
        Ok(mut file) => {
            begin_line(&mut file)?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => options.read(false).open(path),
        Err(error) => Err(error),
    }
}

/// Ends a line of which only a part could be written before the disk was full, so that the next one can be read. Where the last
/// character cannot be read, a line is ended in any case.
fn begin_line(file: &mut File) -> io::Result<()> {
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    let read = file.seek(SeekFrom::End(-1)).and_then(|_| file.read_exact(&mut last));
    if read.is_ok() && last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

/// What the writers and the thread share.
#[derive(Debug, Default)]
struct Shared {
    lost: AtomicU64,
    error: Mutex<Option<String>>,
    reopen: AtomicBool,
}

impl Shared {
    fn status(&self) -> LogStatus {
        let error = self.error.lock().unwrap_or_else(PoisonError::into_inner).clone();
        LogStatus { lost_lines: self.lost.load(Ordering::Relaxed), error }
    }

    fn lose(&self, reason: impl ToString) {
        self.lost.fetch_add(1, Ordering::Relaxed);
        self.fails(Some(reason.to_string()));
    }

    fn fails(&self, reason: Option<String>) {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = reason;
    }
}

/// Takes lines and never fails, nor waits.
#[derive(Debug, Clone)]
pub struct LogWriter {
    lines: Queue<Vec<u8>>,
    shared: Arc<Shared>,
}

impl Write for LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match self.lines.write(line.to_vec()) {
            Ok(()) => {}
            Err(NotQueued::Full) => self.shared.lose("the log takes no more lines: its reader is too slow"),
            Err(NotQueued::Ended) => self.shared.lose("the thread that writes the log has ended"),
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for LogWriter {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Waits, when dropped, until the lines so far are written, or for half a second.
#[derive(Debug)]
pub struct LastLines {
    lines: Queue<Vec<u8>>,
}

impl Drop for LastLines {
    fn drop(&mut self) {
        self.lines.wait_for_last();
    }
}

/// Where lines go.
enum Target {
    File {
        file: File,
        path: PathBuf,
        /// Whether the last line may have been written in part.
        broken: bool,
    },
    Other(Box<dyn Write + Send>),
}

impl Target {
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        match self {
            Self::File { file, broken, .. } => {
                if std::mem::replace(broken, true) {
                    begin_line(file)?;
                }
                file.write_all(line)?;
                *broken = false;
                Ok(())
            }
            Self::Other(writer) => writer.write_all(line),
        }
    }

    /// Opens the file by its name again. Where that fails the former one goes on: better a line in a file with another name
    /// than none.
    fn reopen(&mut self) -> io::Result<()> {
        if let Self::File { file, path, broken } = self {
            *file = open(path)?;
            *broken = false;
        }
        Ok(())
    }
}

/// Writes a line, and after it, if it is the first that could be written again, how many are missing. `said` counts the lost lines that
/// the log knows of.
fn write_line(line: &[u8], target: &mut Target, shared: &Shared, said: &mut u64) {
    if shared.reopen.swap(false, Ordering::AcqRel)
        && let Err(error) = target.reopen()
    {
        shared.lose(format!("the log file cannot be opened again: {error}"));
    }
    if let Err(error) = target.write(line) {
        return shared.lose(error);
    }
    let lost = shared.lost.load(Ordering::Relaxed);
    if lost > *said {
        let missing = lost - *said;
        let text = format!("{missing} lines of the log are missing here: they could not be written\n");
        if target.write(text.as_bytes()).is_ok() {
            *said = lost;
        }
    }
    shared.fails(None);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Takes lines only while `works`.
    struct Disk {
        works: Arc<AtomicBool>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if !self.works.load(Ordering::SeqCst) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.written.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_costs_lines_that_are_counted_and_said_later() {
        let (works, written) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let disk = Disk { works: Arc::clone(&works), written: Arc::clone(&written) };
        let shared = Arc::new(Shared::default());
        let (mut log, last) = start_with(Target::Other(Box::new(disk)), Arc::clone(&shared)).unwrap();
        for _ in 0..3 {
            writeln!(log, "lost").unwrap();
        }
        drop(last);
        let status = shared.status();
        assert_eq!(status.lost_lines, 3);
        assert!(status.error.is_some(), "{status:?}");

        works.store(true, Ordering::SeqCst);
        writeln!(log, "kept").unwrap();
        drop(LastLines { lines: log.lines.clone() });
        let text = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        assert!(text.starts_with("kept\n3 lines of the log are missing"), "{text}");
        assert_eq!(shared.status(), LogStatus { lost_lines: 3, error: None });
    }

    #[test]
    fn a_pipe_that_nobody_reads_holds_up_nobody() {
        let (reader, writer) = io::pipe().unwrap();
        let shared = Arc::new(Shared::default());
        let (mut log, _last) = start_with(Target::Other(Box::new(writer)), Arc::clone(&shared)).unwrap();
        // More than the queue holds and the pipe buffers: whatever does not fit is lost at once.
        let line = [b'x'; 4096];
        for _ in 0..WAITING_LINES * 2 {
            log.write_all(&line).unwrap();
        }
        assert!(shared.status().lost_lines > 0);
        drop(reader);
    }

    #[test]
    fn a_renamed_file_is_left_alone_after_it_was_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gisa.log");
        let shared = Arc::new(Shared::default());
        let target = Target::File { file: open(&path).unwrap(), path: path.clone(), broken: false };
        let (mut log, _last) = start_with(target, Arc::clone(&shared)).unwrap();
        let mut say = |line: &str| {
            writeln!(log, "{line}").unwrap();
            drop(LastLines { lines: log.lines.clone() });
        };
        say("first");
        std::fs::rename(&path, folder.path().join("gisa.log.1")).unwrap();
        say("second");
        shared.reopen.store(true, Ordering::Release);
        say("third");
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!((read("gisa.log.1").as_str(), read("gisa.log").as_str()), ("first\nsecond\n", "third\n"));
    }
}
