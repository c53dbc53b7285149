//! Readers of the rows of a table. To make one takes longer than to read a row with it, so that each thread keeps those that it made.

use std::cell::RefCell;

use csv_core::{Reader, ReaderBuilder};

/// Readers that a thread keeps: of each delimiter that is looked for, and of a declared one.
const MOST: usize = 12;

thread_local! {
    static KEPT: RefCell<Vec<(ReaderRules, Reader)>> = const { RefCell::new(Vec::new()) };
}

/// What a reader has to know of a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReaderRules {
    pub(super) delimiter: u8,
    pub(super) quoting: bool,
    pub(super) escape: Option<u8>,
}

impl ReaderRules {
    fn make(self) -> Reader {
        let Self { delimiter, quoting, escape } = self;
        ReaderBuilder::new().delimiter(delimiter).quoting(quoting).escape(escape).build()
    }
}

/// A reader, which the thread keeps for the next row when it is dropped.
pub(super) struct KeptReader {
    rules: ReaderRules,
    reader: Option<Reader>,
}

impl KeptReader {
    /// A reader by these rules that has read nothing.
    pub(super) fn of(rules: ReaderRules) -> Self {
        let kept = KEPT.with_borrow_mut(|kept| {
            let at = kept.iter().position(|(known, _)| *known == rules)?;
            Some(kept.swap_remove(at).1)
        });
        Self { rules, reader: kept }
    }

    pub(super) fn get(&mut self) -> &mut Reader {
        self.reader.get_or_insert_with(|| self.rules.make())
    }
}

impl Drop for KeptReader {
    fn drop(&mut self) {
        // Not copied instead: csv-core 0.1.13 copies a reader without a part of its tables.
        let Some(mut reader) = self.reader.take() else { return };
        reader.reset();
        // A thread that ends keeps nothing.
        let _ = KEPT.try_with(|kept| {
            let mut kept = kept.borrow_mut();
            kept.truncate(MOST - 1);
            kept.push((self.rules, reader));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_was_used_reads_as_a_new_one() {
        let rules = ReaderRules { delimiter: b',', quoting: true, escape: None };
        for _ in 0..3 {
            let mut reader = KeptReader::of(rules);
            let (mut out, mut ends) = ([0; 16], [0; 4]);
            // Ends inside of quotes.
            let (_, _, wrote, _) = reader.get().read_record(b"ab,\"c", &mut out, &mut ends);
            assert_eq!(out.get(..wrote), Some(b"abc".as_slice()));
        }
    }
}
