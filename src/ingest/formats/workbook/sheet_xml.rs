//! The parts of a workbook in XML that the library does not give: a sheet's own file, its relations, and places such as `C7`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::super::merged::Place;

/// The longest address that Excel takes.
pub(super) const LONGEST_ADDRESS: usize = 2083;
/// The most bytes of relations that are looked through.
const MAX_RELATIONS: u64 = 16 << 20;

/// The zip archive that a workbook is.
pub(super) type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The archive; `None` if it is none.
pub(super) fn open(bytes: &[u8]) -> Option<Archive<'_>> {
    ZipArchive::new(Cursor::new(bytes)).ok()
}

/// Where the sheet called `name` lies in the archive.
pub(super) fn path_of(archive: &mut Archive<'_>, name: &str) -> Option<String> {
    let targets = relations(archive, "xl/_rels/workbook.xml.rels");
    let file = archive.by_name("xl/workbook.xml").ok()?;
    let mut reader = Reader::from_reader(BufReader::new(file.take(MAX_RELATIONS)));
    let mut id = None;
    each_start(&mut reader, |start| {
        if start.local_name().as_ref() == "sheet" && attribute(start, "name").as_deref() == Some(name) {
            id = attribute(start, "id");
        }
    });
    let target = targets.get(&id?)?;
    Some(target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned))
}

/// What the relations in the file at `path` lead to, by their ids.
pub(super) fn relations(archive: &mut Archive<'_>, path: &str) -> BTreeMap<String, String> {
    let mut targets = BTreeMap::new();
    let Ok(file) = archive.by_name(path) else { return targets };
    let mut reader = Reader::from_reader(BufReader::new(file.take(MAX_RELATIONS)));
    each_start(&mut reader, |start| {
        if let (Some(id), Some(target)) = (attribute(start, "Id"), attribute(start, "Target"))
            && target.len() <= LONGEST_ADDRESS
        {
            targets.insert(id, target);
        }
    });
    targets
}

/// Gives each element of a document to `take`.
pub(super) fn each_start<R: BufRead>(reader: &mut Reader<R>, mut take: impl FnMut(&BytesStart<'_>)) {
    let mut buffer = Vec::new();
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match event {
            Event::Start(start) | Event::Empty(start) => take(&start),
            Event::Eof => return,
            _ => {}
        }
        buffer.clear();
    }
}

/// `C7` → row 7, column 2.
pub(super) fn place_of(cell: &str) -> Option<Place> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at_checked(digits)?;
    let column = letters
        .bytes()
        .filter(u8::is_ascii_alphabetic)
        .take(4)
        .fold(0, |column, letter| column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    Some((row.parse().ok()?, column.checked_sub(1)?))
}

/// What an element says under `name`, whatever its namespace.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}
