//! One file → its raw records, one after the other, in bounded memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::encoding::decode;
use super::files::{SourceFile, SourceKind};
use super::json_split::JsonSplitter;
use super::refusal::{IngestError, Refusal, RefusalCode, RefusedRecord};

/// The longest line of a JSONL file and the largest scraped page, in bytes.
pub const MAX_RECORD_BYTES: usize = 16 << 20;
/// The largest `.json` file, in bytes: it is held in memory while its articles are read.
pub const MAX_JSON_FILE_BYTES: usize = 256 << 20;

const BUFFER: usize = 256 << 10;

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
pub struct RecordReader {
    file: PathBuf,
    consumed: Arc<AtomicU64>,
    state: State,
}

/// A record or a refusal, with the line it begins on.
type Found = (Option<u64>, Result<RawRecord, Refusal>);

enum State {
    /// A file of one JSON object a line; `line` is the number of the last line read.
    Lines {
        input: Box<dyn BufRead + Send>,
        line: u64,
    },
    /// A scraped page, not yet read.
    ScrapedPage {
        input: Box<dyn BufRead + Send>,
    },
    /// A `.json` file, not yet read.
    JsonFile {
        input: Box<dyn BufRead + Send>,
    },
    /// A `.json` file whose elements are being cut off one by one.
    Elements(JsonSplitter),
    Done,
}

impl RecordReader {
    /// Opens `source`.
    ///
    /// # Errors
    /// [`IngestError::Open`] if the file has vanished or may not be read.
    pub fn open(source: &SourceFile) -> Result<Self, IngestError> {
        let open_error = |error| IngestError::Open { path: source.path.clone(), source: error };
        let consumed = Arc::new(AtomicU64::new(0));
        let file = File::open(&source.full_path).map_err(open_error)?;
        let raw = BufReader::with_capacity(BUFFER, Counting { inner: file, consumed: Arc::clone(&consumed) });
        let state = match source.kind {
            SourceKind::Jsonl => State::Lines { input: Box::new(raw), line: 0 },
            SourceKind::JsonlGz => {
                let input = BufReader::with_capacity(BUFFER, MultiGzDecoder::new(raw));
                State::Lines { input: Box::new(input), line: 0 }
            }
            SourceKind::JsonlZst => {
                let decoder = zstd::stream::read::Decoder::with_buffer(raw).map_err(open_error)?;
                State::Lines { input: Box::new(BufReader::with_capacity(BUFFER, decoder)), line: 0 }
            }
            SourceKind::Json => State::JsonFile { input: Box::new(raw) },
            SourceKind::ScrapedPage => State::ScrapedPage { input: Box::new(raw) },
        };
        Ok(Self { file: source.path.clone(), consumed, state })
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
                Ok(None) => None,
                Ok(Some(found)) => {
                    self.state = State::Lines { input, line };
                    Some((Some(line), found.into_record(line)))
                }
                Err(error) => Some((Some(line), Err(damaged(&error)))),
            },
            State::ScrapedPage { mut input } => {
                let bytes = read_whole(input.as_mut(), MAX_RECORD_BYTES, "page");
                let record =
                    bytes.map(|bytes| RawRecord { line: None, bytes, kind: RecordKind::ScrapedPage });
                Some((None, record))
            }
            State::JsonFile { mut input } => {
                match read_whole(input.as_mut(), MAX_JSON_FILE_BYTES, "JSON file").and_then(into_text) {
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
}

impl Iterator for RecordReader {
    type Item = Result<RawRecord, RefusedRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record()
    }
}

enum Line {
    Bytes(Vec<u8>),
    TooLong,
}

impl Line {
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
            Some(Line::Bytes(bytes)) if bytes.iter().all(u8::is_ascii_whitespace) => {}
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
    loop {
        let buffer = match input.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            break;
        }
        any = true;
        let (part, ended) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(end) => (buffer.get(..end).unwrap_or_default(), true),
            None => (buffer, false),
        };
        if too_long || bytes.len() + part.len() > MAX_RECORD_BYTES {
            too_long = true;
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(part);
        }
        let used = part.len() + usize::from(ended);
        input.consume(used);
        if ended {
            break;
        }
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(any.then_some(if too_long { Line::TooLong } else { Line::Bytes(bytes) }))
}

fn read_whole(input: &mut dyn BufRead, limit: usize, what: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file at the limit from one above it.
    input.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
    if bytes.len() > limit { Err(too_large(what, limit)) } else { Ok(bytes) }
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
    let detail = format!(
        "cannot read any further: {error}; the records before this are kept, the rest of the file is skipped"
    );
    Refusal::new(RefusalCode::Damaged, detail)
}

/// Counts the bytes that pass through, for progress reports from other threads.
struct Counting<R> {
    inner: R,
    consumed: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.consumed.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use std::io::Write;

    fn source(folder: &tempfile::TempDir, name: &str, kind: SourceKind, bytes: &[u8]) -> SourceFile {
        let full_path = folder.path().join(name);
        std::fs::write(&full_path, bytes).unwrap();
        SourceFile { path: name.into(), kind, bytes: bytes.len() as u64, full_path }
    }

    fn gz(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn lines(reader: RecordReader) -> Vec<(Option<u64>, Result<String, RefusalCode>)> {
        reader
            .map(|found| match found {
                Ok(record) => (record.line, Ok(String::from_utf8(record.bytes).unwrap())),
                Err(refused) => (refused.line, Err(refused.refusal.code)),
            })
            .collect()
    }

    #[test]
    fn lines_keep_their_numbers_over_blanks_and_breaks() {
        let folder = tempfile::tempdir().unwrap();
        let file = source(&folder, "a.jsonl", SourceKind::Jsonl, b"{}\r\n\n \n{\"a\":1}");
        let mut reader = RecordReader::open(&file).unwrap();
        let first = reader.next_record().unwrap().unwrap();
        assert_eq!((first.line, first.bytes.as_slice()), (Some(1), &b"{}"[..]));
        assert_eq!(reader.next_record().unwrap().unwrap().line, Some(4));
        assert!(reader.next_record().is_none());
        assert_eq!(reader.bytes_read(), file.bytes);
    }

    #[test]
    fn a_line_above_the_limit_is_refused_and_reading_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = vec![b'x'; MAX_RECORD_BYTES + 1];
        bytes.extend_from_slice(b"\n{}\n");
        let file = source(&folder, "a.jsonl", SourceKind::Jsonl, &bytes);
        let found = lines(RecordReader::open(&file).unwrap());
        assert_eq!(found, [(Some(1), Err(RefusalCode::TooLarge)), (Some(2), Ok("{}".to_owned()))]);
    }

    #[test]
    fn several_gzip_members_and_zstd_frames() {
        let folder = tempfile::tempdir().unwrap();
        let both = [gz(b"{}\n"), gz(b"{\"b\":2}\n")].concat();
        let file = source(&folder, "a.jsonl.gz", SourceKind::JsonlGz, &both);
        assert_eq!(lines(RecordReader::open(&file).unwrap()).len(), 2);
        let both =
            [zstd::encode_all(&b"{}\n"[..], 1).unwrap(), zstd::encode_all(&b"{}\n"[..], 1).unwrap()].concat();
        let file = source(&folder, "a.jsonl.zst", SourceKind::JsonlZst, &both);
        assert_eq!(lines(RecordReader::open(&file).unwrap()).len(), 2);
    }

    #[test]
    fn a_damaged_tail_keeps_what_came_before() {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = gz(b"{}\n{}\n");
        bytes.extend_from_slice(&gz(b"{\"lost\":1}\n")[..12]);
        let file = source(&folder, "a.jsonl.gz", SourceKind::JsonlGz, &bytes);
        let found = lines(RecordReader::open(&file).unwrap());
        assert_eq!(found.iter().filter(|(_, line)| line.is_ok()).count(), 2);
        assert_eq!(found.last(), Some(&(Some(3), Err(RefusalCode::Damaged))));

        let whole = zstd::encode_all("{\"a\":\"가\"}\n".repeat(9).as_bytes(), 1).unwrap();
        let file = source(&folder, "a.jsonl.zst", SourceKind::JsonlZst, &whole[..whole.len() - 2]);
        let found = lines(RecordReader::open(&file).unwrap());
        assert_eq!(found.last().map(|(_, line)| line.clone()), Some(Err(RefusalCode::Damaged)));
    }

    #[test]
    fn a_cp949_array_comes_out_as_utf8_elements() {
        let folder = tempfile::tempdir().unwrap();
        let (bytes, _, _) = encoding_rs::EUC_KR.encode("[{\"title\":\"첫째\"},\n{\"title\":\"둘째\"}]");
        let file = source(&folder, "a.json", SourceKind::Json, &bytes);
        let found = lines(RecordReader::open(&file).unwrap());
        assert_eq!(
            found,
            [
                (Some(1), Ok("{\"title\":\"첫째\"}".to_owned())),
                (Some(2), Ok("{\"title\":\"둘째\"}".to_owned()))
            ]
        );
        let file = source(&folder, "b.json", SourceKind::Json, &[b'{', 0xFF, 0xFF]);
        assert_eq!(lines(RecordReader::open(&file).unwrap()), [(None, Err(RefusalCode::BadEncoding))]);
    }

    #[test]
    fn a_scraped_page_is_one_record() {
        let folder = tempfile::tempdir().unwrap();
        let file = source(&folder, "a.txt", SourceKind::ScrapedPage, "제목\n본문".as_bytes());
        let found: Vec<_> = RecordReader::open(&file).unwrap().collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].as_ref().unwrap().kind, RecordKind::ScrapedPage);
    }
}
