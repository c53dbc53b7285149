//! Files of one record a line, read line by line.

use std::io::{self, BufRead};

use super::super::raw::{MAX_RECORD_BYTES, RawRecord, RecordContent, too_large};
use super::super::refusal::Refusal;

pub(super) struct Line {
    pub(super) content: LineContent,
    /// Whether it has its line break.
    pub(super) ended: bool,
}

pub(super) enum LineContent {
    Bytes(Vec<u8>),
    TooLong,
}

impl LineContent {
    pub(super) fn into_record(self, line: u64, id: Option<String>) -> Result<RawRecord, Refusal> {
        match self {
            Self::Bytes(bytes) => {
                Ok(RawRecord { id, ..RawRecord::new(Some(line), RecordContent::Json(bytes)) })
            }
            Self::TooLong => Err(too_large("line", MAX_RECORD_BYTES)),
        }
    }
}

/// The next line that is not blank; `line` is counted up to its number. `None` at the end of the file.
pub(super) fn next_line(input: &mut dyn BufRead, line: &mut u64) -> io::Result<Option<Line>> {
    loop {
        *line += 1;
        match read_line(input)? {
            Some(Line { content: LineContent::Bytes(bytes), .. })
                if bytes.iter().all(u8::is_ascii_whitespace) => {}
            found => return Ok(found),
        }
    }
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
        let end = memchr::memchr(b'\n', buffer);
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
