//! Lines of a table → records of cells, whatever quotes hold.

use csv_core::ReadRecordResult;

use super::super::MAX_COLUMNS;
use super::readers::KeptReader;

/// One record, not yet decoded.
pub(super) struct Row {
    pub(super) bytes: Vec<u8>,
    pub(super) ends: Vec<usize>,
}

/// The record in `bytes`; `None` if it does not end there, because a quote is open.
pub(super) fn split(bytes: &[u8], reader: KeptReader) -> Option<Row> {
    let mut splitter = Splitter::new(reader);
    match splitter.push(bytes) {
        Pushed::Complete => Some(splitter.row()),
        Pushed::Open | Pushed::TooMany => None,
    }
}

/// What a line did to a record.
pub(super) enum Pushed {
    Complete,
    Open,
    TooMany,
}

/// Takes the lines of one record.
pub(super) struct Splitter {
    reader: KeptReader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    written: usize,
    columns: usize,
}

impl Splitter {
    pub(super) fn new(reader: KeptReader) -> Self {
        Self { reader, bytes: vec![0; 4096], ends: vec![0; 64], written: 0, columns: 0 }
    }

    /// Adds a line without its break.
    pub(super) fn push(&mut self, line: &[u8]) -> Pushed {
        // Nothing at all would mean the end of the file to the reader.
        let mut broken = line.is_empty();
        let mut input: &[u8] = if broken { b"\n" } else { line };
        loop {
            let (output, ends) = (self.bytes.get_mut(self.written..), self.ends.get_mut(self.columns..));
            let (result, read, wrote, ended) =
                self.reader.get().read_record(input, output.unwrap_or_default(), ends.unwrap_or_default());
            self.written += wrote;
            self.columns += ended;
            input = input.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::InputEmpty if !broken => (input, broken) = (b"\n", true),
                ReadRecordResult::InputEmpty => return Pushed::Open,
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if self.ends.len() >= MAX_COLUMNS => return Pushed::TooMany,
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => return Pushed::Complete,
            }
        }
    }

    /// The record that is complete.
    pub(super) fn row(mut self) -> Row {
        self.bytes.truncate(self.written);
        self.ends.truncate(self.columns);
        Row { bytes: self.bytes, ends: self.ends }
    }
}
