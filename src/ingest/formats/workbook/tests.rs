#![allow(clippy::unwrap_used)]

use super::super::tests::shown;
use super::*;
use std::io::Write as _;
use zip::write::SimpleFileOptions;

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with one sheet of these rows in XML.
fn book(rows: &str) -> Vec<u8> {
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
    );
    zipped(&[
        ("[Content_Types].xml", b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ("_rels/.rels", b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("xl/workbook.xml", b"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn text(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn records(book: Workbook) -> Vec<String> {
    book.found.into_iter().map(shown).collect()
}

#[test]
fn cells_become_fields_and_rounded_ids_are_refused() {
    let rows = [
        format!("<row r=\"1\">{}</row>", text("A1", "검색 결과")),
        format!(
            "<row r=\"3\">{}{}{}</row>",
            text("A3", "뉴스 식별자"),
            text("B3", "제목"),
            text("D3", "일자")
        ),
        format!(
            "<row r=\"4\"><c r=\"A4\"><v>123456789012345</v></c>{}<c r=\"D4\"><v>20240305</v></c></row>",
            text("B4", "가_x000D_나")
        ),
        format!("<row r=\"5\"><c r=\"A5\"><v>1100101.2024030515</v></c>{}</row>", text("B5", "다")),
    ]
    .concat();
    assert_eq!(
        records(Workbook::of_zip(book(&rows), None).unwrap()),
        [r#"4 {"뉴스 식별자":123456789012345,"제목":"가\n나","일자":20240305}"#, "5 bad_id"]
    );
    let nothing =
        Workbook::of_zip(book(&format!("<row r=\"1\">{}{}</row>", text("A1", "가"), text("B1", "나"))), None)
            .unwrap();
    assert_eq!(records(nothing), ["0 no_header"]);
}

#[test]
fn a_bomb_is_refused_before_it_is_read() {
    let zeros = vec![b' '; 200 << 20];
    let bomb = zipped(&[("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", &zeros)]);
    assert!(bomb.len() < 2 << 20);
    let refusal = Workbook::of_zip(bomb, None).err().unwrap();
    assert_eq!(refusal.code, RefusalCode::TooLarge);
}

#[test]
fn other_archives_have_a_way_out() {
    let refusal = Workbook::of_zip(zipped(&[("word/document.xml", b"<w/>")]), None).err().unwrap();
    assert!(refusal.detail.contains(".txt"), "{}", refusal.detail);
    assert_eq!(Workbook::of_zip(b"PK\x03\x04".to_vec(), None).err().unwrap().code, RefusalCode::Damaged);
    assert_eq!(Workbook::of_ole(vec![0xD0; 600], None).err().unwrap().code, RefusalCode::Damaged);
    // The grid of the old format is held whole: 65,536 rows of 256 cells stay within bounds.
    assert!(size_of::<Data>() * 65_536 * 256 <= 512 << 20);
}
