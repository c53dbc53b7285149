//! The addresses behind the cells of a workbook that show a text in their place: `기사보기`.
//!
//! Excel keeps them beside the cells: in `<hyperlinks>` after all rows, by numbers that the relations of the sheet explain, or in the formula
//! `HYPERLINK("https://…", "기사보기")`. The sheet is read once more for them, only where a column of addresses shows none.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::super::address::is_bare_address;
use super::super::merged::Place;
use super::sheet_xml::{LONGEST_ADDRESS, attribute, open, path_of, place_of, relations};

/// Excel has no more links in a sheet.
const MAX_LINKS: usize = 65_530;

/// The addresses behind those of the cells in `wanted` of the sheet called `name` that have one. What cannot be read has none.
pub(super) fn links(bytes: &[u8], name: &str, wanted: &BTreeSet<Place>) -> BTreeMap<Place, String> {
    let found = || -> Option<BTreeMap<Place, String>> {
        let mut archive = open(bytes)?;
        let sheet = path_of(&mut archive, name)?;
        let (folder, file) = sheet.rsplit_once('/').unwrap_or(("", &sheet));
        let targets = relations(&mut archive, &format!("{folder}/_rels/{file}.rels"));
        let mut reader = Reader::from_reader(BufReader::new(archive.by_name(&sheet).ok()?));
        Some(links_in(&mut reader, &targets, wanted))
    };
    found().unwrap_or_default()
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
                if let Some(formula) = formula.as_mut().filter(|formula| formula.len() <= LONGEST_ADDRESS) {
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
pub(in super::super) fn address_in(formula: &str) -> Option<String> {
    // OpenDocument says before it which language it is in: `of:=HYPERLINK(…)`.
    let formula = formula.trim();
    let formula = formula.strip_prefix("of:").unwrap_or(formula);
    let inside = formula.trim_start_matches('=').strip_prefix("HYPERLINK(")?.trim_start();
    let (address, _) = inside.strip_prefix('"')?.split_once('"')?;
    is_address(address).then(|| address.to_owned())
}

/// Whether a link leads into the web, and not to a mailbox or a file.
pub(in super::super) fn is_address(target: &str) -> bool {
    target.len() <= LONGEST_ADDRESS && is_bare_address(target)
}
