//! One file → its raw records, one after the other, in bounded memory.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::encoding::decode;
use super::files::{SourceFile, SourceKind};
use super::json_split::JsonSplitter;
use super::opened::{self, Input, ReadWatch};
use super::refusal::{Refusal, RefusalCode, RefusedRecord};

/// The longest line of a JSONL file and the largest scraped page, in bytes.
pub const MAX_RECORD_BYTES: usize = 16 << 20;
/// The largest `.json` file, in bytes: it is held in memory while its articles are read.
pub const MAX_JSON_FILE_BYTES: usize = 256 << 20;

/// The layout of a [`RawRecord`]'s bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// One JSON object, for [`Cleaner::article_from_json`](super::Cleaner::article_from_json).
    Json,
    /// One scraped page, for [`Cleaner::article_from_scraped_page`](super::Cleaner::article_from_scraped_page).
    ScrapedPage,
}

/// One record, not yet decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRecord {
    /// The line it begins on, from 1; none for a scraped page.
    pub line: Option<u64>,
    /// The bytes as they were read, without the line break.
    pub bytes: Vec<u8>,
    /// How to read the bytes.
    pub kind: RecordKind,
}

/// Reads the records of one file. Also an [`Iterator`].
pub struct RecordReader<'a> {
    file: PathBuf,
    /// Bytes on disk when the file was listed.
    listed: u64,
    consumed: Arc<AtomicU64>,
    state: State<'a>,
}

/// A record or a refusal, with the line it begins on.
type Found = (Option<u64>, Result<RawRecord, Refusal>);

enum State<'a> {
    /// A file of one JSON object a line; `line` is the number of the last line read.
    Lines {
        input: Input<'a>,
        line: u64,
    },
    /// A scraped page, not yet read.
    ScrapedPage {
        input: Input<'a>,
    },
    /// A `.json` file, not yet read.
    JsonFile {
        input: Input<'a>,
    },
    /// A `.json` file whose elements are being cut off one by one.
    Elements(JsonSplitter),
    Done,
}

impl RecordReader<'static> {
    /// Opens `source`.
    ///
    /// # Errors
    /// The refusal of the whole file: it has vanished, may not be read, or is not a regular file any more.
    pub fn open(source: &SourceFile) -> Result<Self, RefusedRecord> {
        RecordReader::opened(source, None)
    }
}

impl<'a> RecordReader<'a> {
    /// Opens `source`; whoever holds what `watch` refers to sees how far it is read, and can stop it. A file that was stopped
    /// ends with a refusal.
    ///
    /// # Errors
    /// Those of [`RecordReader::open`].
    pub fn open_watched(source: &SourceFile, watch: ReadWatch<'a>) -> Result<Self, RefusedRecord> {
        Self::opened(source, Some(watch))
    }

    fn opened(source: &SourceFile, watch: Option<ReadWatch<'a>>) -> Result<Self, RefusedRecord> {
        let opened = opened::open(&source.full_path, source.kind, watch);
        let (input, consumed) = opened.map_err(|error| RefusedRecord {
            file: source.path.clone(),
            line: None,
            refusal: Refusal::new(RefusalCode::Unreadable, format!("cannot open the file: {error}")),
        })?;
        let state = match source.kind {
            SourceKind::Jsonl | SourceKind::JsonlGz | SourceKind::JsonlZst => State::Lines { input, line: 0 },
            SourceKind::Json => State::JsonFile { input },
            SourceKind::ScrapedPage => State::ScrapedPage { input },
        };
        Ok(Self { file: source.path.clone(), listed: source.bytes, consumed, state })
    }

    /// Bytes of the file on disk consumed so far (compressed bytes of a compressed file): at most one buffer ahead of
    /// the records.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.consumed.load(Ordering::Relaxed)
    }

    /// The next record, or why the next line (or the rest of the file) is not one. `None` at the end of the file.
    ///
    /// # Errors
    /// [`RefusedRecord`] names the line. Reading goes on after it, unless the file is damaged there.
    pub fn next_record(&mut self) -> Option<Result<RawRecord, RefusedRecord>> {
        let (line, found) = self.step()?;
        Some(found.map_err(|refusal| RefusedRecord { file: self.file.clone(), line, refusal }))
    }

    fn step(&mut self) -> Option<Found> {
        // The state is taken out and put back only where reading goes on: whatever ends the file leaves `Done`.
        match std::mem::replace(&mut self.state, State::Done) {
            State::Done => None,
            State::Lines { mut input, mut line } => match next_line(input.as_mut(), &mut line) {
                Ok(None) => self.cut_short().map(|refusal| (Some(line), Err(refusal))),
                // The last line, without a line break: the beginning of one where the file was cut short.
                Ok(Some(Line { ended: false, content })) => {
                    let found = self.cut_short().map_or_else(|| content.into_record(line), Err);
                    Some((Some(line), found))
                }
                Ok(Some(Line { ended: true, content })) => {
                    self.state = State::Lines { input, line };
                    Some((Some(line), content.into_record(line)))
                }
                Err(error) => Some((Some(line), Err(damaged(&error)))),
            },
            State::ScrapedPage { mut input } => {
                let bytes = self.whole(input.as_mut(), MAX_RECORD_BYTES, "page");
                let record =
                    bytes.map(|bytes| RawRecord { line: None, bytes, kind: RecordKind::ScrapedPage });
                Some((None, record))
            }
            State::JsonFile { mut input } => {
                match self.whole(input.as_mut(), MAX_JSON_FILE_BYTES, "JSON file").and_then(into_text) {
                    Ok(text) => {
                        self.state = State::Elements(JsonSplitter::new(text));
                        self.step()
                    }
                    Err(refusal) => Some((None, Err(refusal))),
                }
            }
            State::Elements(mut splitter) => {
                let (line, element) = splitter.next_element()?;
                self.state = State::Elements(splitter);
                let record = element.and_then(|bytes| json_record(bytes, line));
                Some((Some(line), record))
            }
        }
    }

    /// The file as a whole, unless it is too large or was cut short.
    fn whole(&self, input: &mut dyn BufRead, limit: usize, what: &str) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        // One byte more than allowed tells a file at the limit from one above it.
        input.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        if bytes.len() > limit {
            return Err(too_large(what, limit));
        }
        self.cut_short().map_or(Ok(bytes), Err)
    }

    /// At the end of the file: whether it has fewer bytes than when it was listed. A copy over it begins in this way, and so
    /// does an editor that saves: what is read then is not the file.
    fn cut_short(&self) -> Option<Refusal> {
        let (read, listed) = (self.bytes_read(), self.listed);
        (read < listed).then(|| {
            let detail = format!(
                "the file became shorter before it was read to its end: {read} of {listed} bytes; whole records before this \
                 are kept; write files under a hidden name and rename them when they are complete, and reindex"
            );
            Refusal::new(RefusalCode::Damaged, detail)
        })
    }
}

impl Iterator for RecordReader<'_> {
    type Item = Result<RawRecord, RefusedRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record()
    }
}

struct Line {
    content: LineContent,
    /// Whether it has its line break.
    ended: bool,
}

enum LineContent {
    Bytes(Vec<u8>),
    TooLong,
}

impl LineContent {
    fn into_record(self, line: u64) -> Result<RawRecord, Refusal> {
        match self {
            Self::Bytes(bytes) => Ok(RawRecord { line: Some(line), bytes, kind: RecordKind::Json }),
            Self::TooLong => Err(too_large("line", MAX_RECORD_BYTES)),
        }
    }
}

/// The next line that is not blank; `line` is counted up to its number. `None` at the end of the file.
fn next_line(input: &mut dyn BufRead, line: &mut u64) -> io::Result<Option<Line>> {
    loop {
        *line += 1;
        match read_line(input)? {
            Some(Line { content: LineContent::Bytes(bytes), .. })
                if bytes.iter().all(u8::is_ascii_whitespace) => {}
            found => return Ok(found),
        }
    }
}

/// An element of a `.json` file as a record, unless it is too large.
fn json_record(bytes: Vec<u8>, line: u64) -> Result<RawRecord, Refusal> {
    if bytes.len() > MAX_RECORD_BYTES {
        return Err(too_large("article", MAX_RECORD_BYTES));
    }
    Ok(RawRecord { line: Some(line), bytes, kind: RecordKind::Json })
}

/// One line without its line break. A line above the limit is read to its end, but its bytes are dropped, so that
/// memory stays bounded.
fn read_line(input: &mut dyn BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    let mut too_long = false;
    let mut any = false;
    let mut ended = false;
    while !ended {
        let buffer = match input.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            break;
        }
        any = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        ended = end.is_some();
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        if too_long || bytes.len() + part.len() > MAX_RECORD_BYTES {
            too_long = true;
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(part);
        }
        let used = part.len() + usize::from(ended);
        input.consume(used);
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    let content = if too_long { LineContent::TooLong } else { LineContent::Bytes(bytes) };
    Ok(any.then_some(Line { content, ended }))
}

fn into_text(bytes: Vec<u8>) -> Result<String, Refusal> {
    match String::from_utf8(bytes) {
        Ok(text) => match text.strip_prefix('\u{FEFF}') {
            Some(rest) => Ok(rest.to_owned()),
            None => Ok(text),
        },
        Err(error) => decode(error.as_bytes()).map(std::borrow::Cow::into_owned),
    }
}

fn too_large(what: &str, limit: usize) -> Refusal {
    let detail = format!("the {what} is larger than {} MiB; split it", limit >> 20);
    Refusal::new(RefusalCode::TooLarge, detail)
}

fn damaged(error: &io::Error) -> Refusal {
    let code = match error.kind() {
        io::ErrorKind::FileTooLarge => RefusalCode::TooLarge,
        _ => RefusalCode::Damaged,
    };
    let detail = format!(
        "cannot read any further: {error}; the records before this are kept, the rest of the file is skipped"
    );
    Refusal::new(code, detail)
}

#[cfg(test)]
mod tests;
