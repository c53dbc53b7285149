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

use encoding_rs::{Decoder, Encoding};
use flate2::bufread::MultiGzDecoder;

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

/// Opens the file at `path`. Gives its content, decompressed and as UTF-8 where it is UTF-16 or in the encoding `declared`, and the count of bytes that were read
/// from disk so far.
///
/// # Errors
/// The system's reason, or that it is not a regular file.
pub(super) fn open<'a>(
    path: &Path,
    watch: Option<ReadWatch<'a>>,
    declared: Option<&'static Encoding>,
) -> io::Result<(Content<'a>, Arc<AtomicU64>)> {
    let file = open_regular(path)?;
    let read = Arc::new(AtomicU64::new(0));
    let mut raw = BufReader::with_capacity(BUFFER, Raw { file, read: Arc::clone(&read), watch });
    let count = Arc::clone(&read);
    // By what it is, not by its name: people rename. A disk that cannot be read says so again where it is read for good.
    let magic = raw.fill_buf().unwrap_or_default();
    let mut input: Input<'a> = if magic.starts_with(&[0x1F, 0x8B]) {
        expanded(MultiGzDecoder::new(raw), read, watch)
    } else if magic.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) || is_skippable_frame(magic) {
        expanded(zstd::stream::read::Decoder::with_buffer(raw)?, read, watch)
    } else {
        Box::new(raw)
    };
    let (mut head, mut whole) = head_of(&mut input);
    let other = declared.filter(|encoding| *encoding != encoding_rs::UTF_8);
    if let Some(encoding) = utf16_of(&head).or(other) {
        let before = io::Cursor::new(std::mem::take(&mut head)).chain(input);
        input = Box::new(BufReader::with_capacity(BUFFER, Transcoded::new(before, encoding)));
        (head, whole) = head_of(&mut input);
    }
    // The head is given again to whoever reads on.
    let mut input: Input<'a> = Box::new(io::Cursor::new(head.clone()).chain(input));
    if ends_lines_as_macs_did(&head) {
        head.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        input = Box::new(BufReader::with_capacity(BUFFER, BrokenLines(input)));
    }
    Ok((Content { head, whole, input }, count))
}

/// A file that was opened.
pub(super) struct Content<'a> {
    /// Its first bytes.
    pub(super) head: Vec<u8>,
    /// Whether there are no others.
    pub(super) whole: bool,
    /// All of it, from the first byte on.
    pub(super) input: Input<'a>,
}

/// Bytes by which a file is judged.
const HEAD: usize = 64 << 10;

/// The first bytes of `input`, and whether these are all. An error ends them: it comes again when reading goes on.
fn head_of(input: &mut Input<'_>) -> (Vec<u8>, bool) {
    let mut head = Vec::new();
    while head.len() < HEAD {
        match input.fill_buf() {
            Ok([]) => return (head, true),
            Ok(bytes) => {
                let part = bytes.get(..bytes.len().min(HEAD - head.len())).unwrap_or_default();
                let length = part.len();
                head.extend_from_slice(part);
                input.consume(length);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return (head, false),
        }
    }
    (head, false)
}

/// A frame of Zstandard that holds nothing; some programs write one first.
fn is_skippable_frame(magic: &[u8]) -> bool {
    matches!(magic, [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..])
}

fn utf16_of(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] => Some(encoding_rs::UTF_16LE),
        [0xFE, 0xFF, ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// Whether the lines of a text end with a carriage return alone, as programs for the Macintosh still write them. Breaks inside of cells
/// may be others.
fn ends_lines_as_macs_did(head: &[u8]) -> bool {
    let first = head.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(head.len());
    let is_text = !head.contains(&0) && !head.starts_with(b"PK\x03\x04");
    if !is_text || head.get(first) != Some(&b'\r') {
        return false;
    }
    let line_feeds = head.iter().filter(|byte| **byte == b'\n').count();
    let alone = head.windows(2).filter(|pair| pair.first() == Some(&b'\r') && pair.get(1) != Some(&b'\n'));
    head.get(first + 1).is_some_and(|next| !matches!(next, b'\r' | b'\n')) && alone.count() > line_feeds
}

/// A text whose lines end with carriage returns, with line feeds instead.
struct BrokenLines<R>(R);

impl<R: Read> Read for BrokenLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        let bytes = buffer.iter_mut().take(count);
        bytes.filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        Ok(count)
    }
}

/// Another encoding as UTF-8. A broken character becomes U+FFFD, as an editor shows it.
struct Transcoded<R> {
    input: R,
    decoder: Decoder,
    made: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: BufRead> Transcoded<R> {
    fn new(input: R, encoding: &'static Encoding) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            made: Vec::new(),
            given: 0,
            ended: false,
        }
    }
}

impl<R: BufRead> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.made.len() && !self.ended {
            let bytes = self.input.fill_buf()?;
            let last = bytes.is_empty();
            self.made.resize(self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(BUFFER), 0);
            let (_, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.made, last);
            self.input.consume(read);
            self.made.truncate(written);
            self.given = 0;
            self.ended = last;
        }
        let ready = self.made.get(self.given..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
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
