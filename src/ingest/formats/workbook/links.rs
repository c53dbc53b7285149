//! The addresses behind the cells of a workbook that show a text in their place: `기사보기`.
//!
//! Excel keeps them beside the cells: in `<hyperlinks>` after all rows, by numbers that the relations of the sheet explain, or in the formula
//! `HYPERLINK("https://…", "기사보기")`. The sheet is read once more for them, only where a column of addresses shows none.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::super::super::address::is_bare_address;
use super::super::rows::Place;

/// The longest address that Excel takes.
const LONGEST: usize = 2083;
/// The most bytes of relations that are looked through.
const MAX_RELATIONS: u64 = 16 << 20;
/// Excel has no more links in a sheet.
const MAX_LINKS: usize = 65_530;

/// The zip archive that a workbook is.
type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The addresses behind those of the cells in `wanted` of the sheet called `name` that have one. What cannot be read has none.
pub(super) fn links(bytes: &[u8], name: &str, wanted: &BTreeSet<Place>) -> BTreeMap<Place, String> {
    let found = || -> Option<BTreeMap<Place, String>> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let sheet = path_of(&mut archive, name)?;
        let (folder, file) = sheet.rsplit_once('/').unwrap_or(("", &sheet));
        let targets = relations(&mut archive, &format!("{folder}/_rels/{file}.rels"));
        let mut reader = Reader::from_reader(BufReader::new(archive.by_name(&sheet).ok()?));
        Some(links_in(&mut reader, &targets, wanted))
    };
    found().unwrap_or_default()
}

/// Where the sheet called `name` lies in the archive.
fn path_of(archive: &mut Archive<'_>, name: &str) -> Option<String> {
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
fn relations(archive: &mut Archive<'_>, path: &str) -> BTreeMap<String, String> {
    let mut targets = BTreeMap::new();
    let Ok(file) = archive.by_name(path) else { return targets };
    let mut reader = Reader::from_reader(BufReader::new(file.take(MAX_RELATIONS)));
    each_start(&mut reader, |start| {
        if let (Some(id), Some(target)) = (attribute(start, "Id"), attribute(start, "Target"))
            && target.len() <= LONGEST
        {
            targets.insert(id, target);
        }
    });
    targets
}

/// Gives each element of a document to `take`.
fn each_start<R: BufRead>(reader: &mut Reader<R>, mut take: impl FnMut(&BytesStart<'_>)) {
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

fn links_in<R: BufRead>(
    reader: &mut Reader<R>,
    targets: &BTreeMap<String, String>,
    wanted: &BTreeSet<Place>,
) -> BTreeMap<Place, String> {
    let (mut found, mut buffer) = (BTreeMap::new(), Vec::new());
    let (mut cell, mut formula, mut count) = (None, None::<String>, 0);
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match event {
            Event::Start(start) | Event::Empty(start) => match start.local_name().as_ref() {
                "c" => cell = attribute(&start, "r").and_then(|cell| place_of(&cell)),
                "f" => formula = cell.filter(|cell| wanted.contains(cell)).map(|_| String::new()),
                "hyperlink" => {
                    count += 1;
                    let target = attribute(&start, "id").and_then(|id| targets.get(&id));
                    let target = target.filter(|target| is_address(target));
                    let (Some(area), Some(target)) = (attribute(&start, "ref"), target) else { continue };
                    let (from, to) = area.split_once(':').unwrap_or((&area, &area));
                    let (Some(from), Some(to)) = (place_of(from), place_of(to)) else { continue };
                    let inside = wanted.range(from..=to.max(from));
                    for place in inside.filter(|(_, column)| (from.1..=to.1).contains(column)) {
                        found.entry(*place).or_insert_with(|| target.clone());
                    }
                }
                _ => {}
            },
            Event::Text(text) => {
                if let Some(formula) = formula.as_mut().filter(|formula| formula.len() <= LONGEST) {
                    formula.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(formula) = &mut formula {
                    let name = reference.into_inner();
                    formula.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default());
                }
            }
            Event::End(end) if end.local_name().as_ref() == "f" => {
                let address = formula.take().and_then(|formula| address_in(&formula));
                if let (Some(place), Some(address)) = (cell, address) {
                    found.insert(place, address);
                }
            }
            Event::Eof => break,
            _ => {}
        }
        if count > MAX_LINKS {
            break;
        }
        buffer.clear();
    }
    found
}

/// The address in `HYPERLINK("https://…", …)`.
fn address_in(formula: &str) -> Option<String> {
    let inside = formula.trim().trim_start_matches('=').strip_prefix("HYPERLINK(")?.trim_start();
    let (address, _) = inside.strip_prefix('"')?.split_once('"')?;
    is_address(address).then(|| address.to_owned())
}

/// Whether a link leads into the web, and not to a mailbox or a file.
fn is_address(target: &str) -> bool {
    target.len() <= LONGEST && is_bare_address(target)
}

/// `C7` → row 7, column 2.
fn place_of(cell: &str) -> Option<Place> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at_checked(digits)?;
    let column = letters
        .bytes()
        .filter(u8::is_ascii_alphabetic)
        .take(4)
        .fold(0, |column, letter| column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    Some((row.parse().ok()?, column.checked_sub(1)?))
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}
