//! Opening a listed file, and reading it under watch.
//!
//! A file is opened long after it was listed. By then it may be gone, or something else: a pipe, which would never end, or a
//! link out of the folder. And a small compressed file can hold bytes without end. So it is opened without waiting and
//! without following links, must still be a regular file, can be stopped between two reads of the disk or of the decoder, and
//! is given up where it expands far beyond what articles do.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::files::SourceKind;

const BUFFER: usize = 256 << 10;
/// Bytes out of one byte of a compressed file, at most. Articles give 3 to 10, whole reprints in one window perhaps 50.
const LARGEST_EXPANSION: u64 = 200;
/// Up to so many bytes a compressed file may hold whatever it likes.
const HARMLESS_BYTES: u64 = 1_000_000_000;

/// What the reader of a file shares with whoever waits for it.
#[derive(Debug, Clone, Copy)]
pub struct ReadWatch<'a> {
    /// Counts the bytes that are read from disk, compressed where the file is.
    pub bytes: &'a AtomicU64,
    /// Set to end the reading early.
    pub stop: &'a AtomicBool,
}

/// The content of a file, decompressed.
pub(super) type Input<'a> = Box<dyn BufRead + Send + 'a>;

/// Opens the file at `path`. Gives its content, and the count of bytes that were read from disk so far.
///
/// # Errors
/// The system's reason, or that it is not a regular file.
pub(super) fn open<'a>(
    path: &Path,
    kind: SourceKind,
    watch: Option<ReadWatch<'a>>,
) -> io::Result<(Input<'a>, Arc<AtomicU64>)> {
    let file = open_regular(path)?;
    let read = Arc::new(AtomicU64::new(0));
    let raw = BufReader::with_capacity(BUFFER, Raw { file, read: Arc::clone(&read), watch });
    let count = Arc::clone(&read);
    let input: Input<'a> = match kind {
        SourceKind::Jsonl | SourceKind::Json | SourceKind::ScrapedPage => Box::new(raw),
        SourceKind::JsonlGz => expanded(MultiGzDecoder::new(raw), read, watch),
        SourceKind::JsonlZst => expanded(zstd::stream::read::Decoder::with_buffer(raw)?, read, watch),
    };
    Ok((input, count))
}

fn expanded<'a>(
    decoder: impl Read + Send + 'a,
    read: Arc<AtomicU64>,
    watch: Option<ReadWatch<'a>>,
) -> Input<'a> {
    Box::new(BufReader::with_capacity(BUFFER, Expanded { decoder, made: 0, read, watch }))
}

fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlags::NONBLOCK | OFlags::NOFOLLOW).bits() as i32);
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::other("it is not a regular file any more"))
    }
}

fn go_on(watch: Option<ReadWatch<'_>>) -> io::Result<()> {
    match watch {
        Some(watch) if watch.stop.load(Ordering::Relaxed) => Err(io::Error::other("the reading was stopped")),
        _ => Ok(()),
    }
}

/// The bytes on disk.
struct Raw<'a> {
    file: File,
    read: Arc<AtomicU64>,
    watch: Option<ReadWatch<'a>>,
}

impl Read for Raw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        go_on(self.watch)?;
        let count = self.file.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        if let Some(watch) = self.watch {
            watch.bytes.fetch_add(count as u64, Ordering::Relaxed);
        }
        Ok(count)
    }
}

/// The bytes that a decoder makes of those on disk.
struct Expanded<'a, R> {
    decoder: R,
    made: u64,
    read: Arc<AtomicU64>,
    watch: Option<ReadWatch<'a>>,
}

impl<R: Read> Read for Expanded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        go_on(self.watch)?;
        let count = self.decoder.read(buffer)?;
        self.made += count as u64;
        let read = self.read.load(Ordering::Relaxed);
        if self.made > HARMLESS_BYTES && self.made > read.saturating_mul(LARGEST_EXPANSION) {
            let what = format!(
                "it expands to more than {LARGEST_EXPANSION} times its size and {} GB, as no file of articles does",
                HARMLESS_BYTES / 1_000_000_000
            );
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        Ok(count)
    }
}
