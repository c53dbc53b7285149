//! The addresses behind the cells of a workbook of Excel 97 to 2003 (HLINK, [MS-XLS] 2.4.140, and [MS-OSHARED] 2.3.7), after all rows of
//! their sheet.

use std::collections::{BTreeMap, BTreeSet};

use super::super::merged::Place;
use super::biff::{Record, number, short};
use super::links::is_address;

/// A record that says where a sheet begins, in the order of the sheets.
const SHEET: u16 = 0x0085;
const HYPERLINK: u16 = 0x01B8;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;

/// What a link has, in this order, by the bits of its flags: a text that is shown, the name of a frame, and its target.
const HAS_TARGET: u64 = 1;
const HAS_SHOWN_TEXT: u64 = 0x10;
const HAS_FRAME: u64 = 0x80;
/// The target is a text, and no object.
const IS_TEXT: u64 = 0x100;

/// The class of targets that are addresses.
const ADDRESS: [u8; 16] =
    [0xE0, 0xC9, 0xEA, 0x79, 0xF9, 0xBA, 0xCE, 0x11, 0x8C, 0x82, 0x00, 0xAA, 0x00, 0x4B, 0xA9, 0x0B];

/// The addresses behind those of the cells in `wanted` of the sheet number `sheet`, from 0, that have one.
pub(super) fn links(stream: &[u8], sheet: usize, wanted: &BTreeSet<Place>) -> BTreeMap<Place, String> {
    let mut found = BTreeMap::new();
    let records = |from: usize| {
        let mut at = from;
        std::iter::from_fn(move || {
            let record = Record::at(stream, at)?;
            at = record.end;
            Some(record)
        })
    };
    let starts = records(0).take_while(|record| record.kind != END).filter(|record| record.kind == SHEET);
    let Some(start) = starts.map(|record| number(record.data, 0) as usize).nth(sheet) else { return found };
    let mut depth = 0_usize;
    for record in records(start) {
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            HYPERLINK => {
                let Some(address) = target(record.data).filter(|address| is_address(address)) else {
                    continue;
                };
                let at = |at| short(record.data, at);
                let (from, to) = ((at(0) + 1, at(4) as usize), (at(2) + 1, at(6) as usize));
                let inside = wanted.range(from..=to.max(from));
                for place in inside.filter(|(_, column)| (from.1..=to.1).contains(column)) {
                    found.entry(*place).or_insert_with(|| address.clone());
                }
            }
            _ => {}
        }
    }
    found
}

/// Where a link leads; `None` for a file or a place in the workbook.
fn target(data: &[u8]) -> Option<String> {
    // Four numbers of the area, a class and a version are before the flags.
    let flags = number(data, 28);
    let mut rest = data.get(32..)?;
    for part in [HAS_SHOWN_TEXT, HAS_FRAME] {
        if flags & part != 0 {
            rest = after_text(rest)?.1;
        }
    }
    if flags & HAS_TARGET == 0 {
        return None;
    }
    if flags & IS_TEXT != 0 {
        return Some(after_text(rest)?.0);
    }
    let rest = rest.strip_prefix(&ADDRESS)?;
    let length = usize::try_from(number(rest, 0)).ok()?;
    Some(text(rest.get(4..)?.get(..length)?))
}

/// A text with its length in letters before it, and what follows it.
fn after_text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let length = usize::try_from(number(bytes, 0)).ok()?.checked_mul(2)?;
    let (letters, rest) = bytes.get(4..)?.split_at_checked(length)?;
    Some((text(letters), rest))
}

/// UTF-16 up to a zero.
fn text(letters: &[u8]) -> String {
    let units = letters.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    char::decode_utf16(units.take_while(|unit| *unit != 0)).map(|c| c.unwrap_or('\u{FFFD}')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn letters(text: &str) -> Vec<u8> {
        text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
    }

    /// A link of one cell, with a text that is shown.
    fn link(row: u16, column: u16, class: [u8; 16], address: &str) -> Vec<u8> {
        let area = [row, row, column, column].map(u16::to_le_bytes).concat();
        let shown = letters("기사보기");
        let address = letters(address);
        let counted = |bytes: &[u8], count: usize| [&(count as u32).to_le_bytes()[..], bytes].concat();
        let parts = [
            area,
            vec![0; 16],
            2_u32.to_le_bytes().to_vec(),
            0x17_u32.to_le_bytes().to_vec(),
            counted(&shown, shown.len() / 2),
            class.to_vec(),
            counted(&address, address.len()),
        ];
        record(HYPERLINK, &parts.concat())
    }

    #[test]
    fn a_link_of_the_web_is_found_in_its_own_sheet() {
        let one = |links: Vec<u8>| [record(BEGIN, &[0; 16]), links, record(END, &[])].concat();
        let (first, second) = (
            one(link(1, 2, ADDRESS, "https://other.example/1")),
            one([
                link(1, 2, ADDRESS, "https://news.example/1"),
                link(2, 2, [7; 16], "c:\\news.doc"),
                link(3, 2, ADDRESS, "mailto:a@news.example"),
                link(4, 0, ADDRESS, "https://news.example/4"),
            ]
            .concat()),
        );
        let head = |first: u32, second: u32| {
            let at = |at: u32| record(SHEET, &[&at.to_le_bytes()[..], &[0; 4]].concat());
            [record(BEGIN, &[0; 16]), at(first), at(second), record(END, &[])].concat()
        };
        let begins = head(0, 0).len() as u32;
        let stream = [head(begins, begins + first.len() as u32), first.clone(), second].concat();
        let wanted: BTreeSet<Place> = [(2, 2), (3, 2), (4, 2)].into();
        let of = |sheet| links(&stream, sheet, &wanted).into_iter().collect::<Vec<_>>();
        assert_eq!(of(1), [((2, 2), "https://news.example/1".to_owned())]);
        assert_eq!(of(0), [((2, 2), "https://other.example/1".to_owned())]);
        assert!(of(2).is_empty());
        // Wherever the stream is cut, there is nothing to fall over.
        (0..stream.len()).for_each(|end| drop(links(stream.get(..end).unwrap_or_default(), 1, &wanted)));
    }
}
