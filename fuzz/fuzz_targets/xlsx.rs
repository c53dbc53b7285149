//! Any sheet in a workbook, and any bytes in its place, are read to the end, without a panic and in bounded memory.
//!
//! The first byte says which: a mutated archive would fail at its checksums and never reach the sheet.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none xlsx -- -max_len=16384 -timeout=5 -rss_limit_mb=512`
#![no_main]

mod reading;

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="sheet" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const HEAD: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c><c r="B1" t="inlineStr"><is><t>body</t></is></c><c r="C1" t="inlineStr"><is><t>id</t></is></c></row>"#;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    match kind % 4 {
        0 => reading::read(rest, "xlsx"),
        1 => reading::read(&book(&[], rest), "xlsx"),
        _ => reading::read(&book(HEAD.as_bytes(), rest), "xlsx"),
    }
});

/// A workbook whose one sheet is `head` and `rest`.
fn book(head: &[u8], rest: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let sheet = [head, rest].concat();
    let parts: [(&str, &[u8]); 3] = [
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    for (name, content) in parts {
        archive.start_file(name, stored).and_then(|()| Ok(archive.write_all(content)?)).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}
