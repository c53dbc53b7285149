//! The cells of a sheet of XLSX that were merged with those below them, which Excel names after all rows: `<mergeCell ref="A2:A5"/>`.

use std::io::{self, BufReader, Write};

use memchr::memmem;
use quick_xml::Reader;

use super::super::merged::Place;
use super::sheet_xml::{attribute, each_start, open, path_of, place_of};

/// The most areas that are noted: more are no work of people.
const MAX_AREAS: usize = 1 << 20;
/// What a sheet with merged cells holds.
const ELEMENT: &[u8] = b"mergeCell ";

/// The first cell of each area of several rows in the sheet called `name`, with its last row. What cannot be read has none.
pub(super) fn merged_areas(bytes: &[u8], name: &str) -> Vec<(Place, u64)> {
    let mut areas = Vec::new();
    let found = open(bytes).and_then(|mut archive| {
        let path = path_of(&mut archive, name)?;
        let mut reader = Reader::from_reader(BufReader::new(archive.by_name(&path).ok()?));
        each_start(&mut reader, |start| {
            if start.local_name().as_ref() != "mergeCell" || areas.len() == MAX_AREAS {
                return;
            }
            let area = attribute(start, "ref").unwrap_or_default();
            let Some((first, last)) = area.split_once(':') else { return };
            if let (Some(first), Some((last, _))) = (place_of(first), place_of(last))
                && last > first.0
            {
                areas.push((first, last));
            }
        });
        Some(())
    });
    found.map(|()| areas).unwrap_or_default()
}

/// Takes what a sheet expands to and keeps nothing but whether it has merged cells: only then is it read once more for them.
#[derive(Default)]
pub(super) struct MergedCellsSeen {
    pub(super) seen: bool,
    /// The end of what came before, in which the element may begin.
    tail: Vec<u8>,
}

impl Write for MergedCellsSeen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.seen {
            self.tail.extend_from_slice(bytes);
            self.seen = memmem::find(&self.tail, ELEMENT).is_some();
            let surplus = self.tail.len().saturating_sub(ELEMENT.len());
            self.tail.drain(..surplus);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_element_is_seen_wherever_it_is_cut() {
        let sheet = b"<sheetData/><mergeCells count=\"1\"><mergeCell ref=\"A1:A2\"/></mergeCells>";
        for size in 1..sheet.len() {
            let mut seen = MergedCellsSeen::default();
            assert!(sheet.chunks(size).all(|chunk| seen.write_all(chunk).is_ok()));
            assert!(seen.seen, "in pieces of {size}");
        }
        let mut seen = MergedCellsSeen::default();
        assert!(seen.write_all(b"<sheetData/><mergeCells count=\"0\"/>").is_ok() && !seen.seen);
    }
}
