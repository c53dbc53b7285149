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
    book_of(&[("s", "visible", rows)])
}

/// A workbook with sheets: the name, the state and the rows of each.
fn book_of(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let (mut list, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, state, rows)) in (1..).zip(sheets) {
        list.push_str(&format!(
            "<sheet name=\"{name}\" sheetId=\"{number}\" state=\"{state}\" r:id=\"rId{number}\"/>"
        ));
        relations.push_str(&format!("<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"));
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
        );
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
    }
    let book = format!(
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{list}</sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>"
    );
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ("_rels/.rels", b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
    ];
    entries.extend(parts.iter().map(|(name, sheet)| (name.as_str(), sheet.as_bytes())));
    zipped(&entries)
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

/// A sheet of a row of names and a row of values.
fn sheet(names: &[&str], values: &[&str]) -> String {
    let row = |number: usize, cells: &[&str]| {
        let cells: String =
            ('A'..).zip(cells).map(|(column, cell)| text(&format!("{column}{number}"), cell)).collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    row(1, names) + &row(2, values)
}

#[test]
fn all_sheets_that_people_see_are_read_and_the_others_are_named() {
    let articles = |title: &str| sheet(&["제목", "본문"], &[title, "비가 온다."]);
    let about = sheet(&["제목", "설명"], &["이 파일은", "3월의 기사다"]);
    let bytes = book_of(&[
        ("옛것", "hidden", &articles("숨은 기사")),
        ("안내", "visible", &about),
        ("1월", "visible", &articles("첫 기사")),
        ("빈 시트", "visible", ""),
        ("2월", "visible", &articles("둘째 기사")),
    ]);
    let book = Workbook::of_zip(bytes, None).unwrap();
    assert_eq!(book.left_out, ["옛것", "안내"]);
    assert_eq!(
        records(book),
        [r#"2 {"제목":"첫 기사","본문":"비가 온다."}"#, r#"2 {"제목":"둘째 기사","본문":"비가 온다."}"#]
    );
    // Where nothing else is there, a sheet without stories or a hidden one is better than none.
    let book = Workbook::of_zip(book_of(&[("안내", "visible", &about)]), None).unwrap();
    assert_eq!((book.left_out.len(), records(book).len()), (0, 1));
    let hidden = articles("숨은 기사");
    let book =
        Workbook::of_zip(book_of(&[("빈 시트", "visible", ""), ("옛것", "hidden", &hidden)]), None).unwrap();
    assert_eq!((book.left_out.len(), records(book).len()), (0, 1));
}

#[test]
fn a_time_of_day_is_no_day_of_1899() {
    let moment =
        |days: f64| moment_value(&ExcelDateTime::new(days, calamine::ExcelDateTimeType::DateTime, false));
    assert_eq!(moment(0.628_472_222_222_222_2), Some(Value::from("15:05:00")));
    assert_eq!(moment(46_086.628_472_222_22), Some(Value::from("2026-03-05 15:05:00")));
}

#[test]
fn addresses_behind_cells_are_read_where_these_show_none() {
    let row = |n: u32, title: &str, cells: &str| {
        format!(
            "<row r=\"{n}\">{}{}{cells}</row>",
            text(&format!("A{n}"), title),
            text(&format!("B{n}"), "글")
        )
    };
    let shown = |n: u32| text(&format!("C{n}"), "기사보기");
    let formula = "<c r=\"C4\" t=\"str\"><f>HYPERLINK(\"https://a.example/n?a=1&amp;b=4\",\"기사보기\")</f><v>기사보기</v></c>";
    let rows = [
        row(1, "제목", &text("C1", "링크")).replace(">글<", ">본문<"),
        row(2, "가", &shown(2)),
        row(3, "나", &shown(3)),
        row(4, "다", formula),
        row(5, "라", &shown(5)),
        row(6, "마", &text("C6", "https://a.example/6")),
    ];
    let links = "</sheetData><hyperlinks><hyperlink ref=\"A2\" r:id=\"x9\"/><hyperlink ref=\"C2:C3\" r:id=\"x1\"/><hyperlink ref=\"C5\" r:id=\"x2\"/>\
                 <hyperlink ref=\"C6\" r:id=\"x1\"/></hyperlinks>";
    let relations = "<Relationships><Relationship Id=\"x1\" Target=\"https://a.example/2\"/><Relationship Id=\"x2\" Target=\"mailto:a@post.example\"/>\
                     <Relationship Id=\"x9\" Target=\"https://a.example/9\"/></Relationships>";
    let mut archive = ZipArchive::new(Cursor::new(book(&rows.concat()))).unwrap();
    let mut entries: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let sheet = String::from_utf8(content.clone()).unwrap().replace("</sheetData>", links);
        let is_sheet = file.name().unwrap().ends_with("sheet1.xml");
        entries
            .push((file.name().unwrap().into_owned(), if is_sheet { sheet.into_bytes() } else { content }));
    }
    entries.push(("xl/worksheets/_rels/sheet1.xml.rels".to_owned(), relations.as_bytes().to_vec()));
    let entries: Vec<(&str, &[u8])> =
        entries.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    let found = records(Workbook::of_zip(zipped(&entries), None).unwrap());
    let links: Vec<&str> =
        found.iter().map(|row| row.split("링크\":\"").nth(1).unwrap().trim_end_matches("\"}")).collect();
    assert_eq!(
        links,
        [
            "https://a.example/2",
            "https://a.example/2",
            "https://a.example/n?a=1&b=4",
            "기사보기",
            "https://a.example/6"
        ]
    );
}

#[test]
fn a_cell_that_was_merged_with_those_below_it_holds_for_their_rows() {
    let cells = |n: u32, cells: &[(char, &str)]| {
        let cells: String = cells.iter().map(|(column, cell)| text(&format!("{column}{n}"), cell)).collect();
        format!("<row r=\"{n}\">{cells}</row>")
    };
    let rows = [
        cells(1, &[('A', "너울 신문 모음")]),
        cells(2, &[('A', "언론사"), ('B', "일자"), ('C', "제목"), ('D', "본문")]),
        cells(3, &[('A', "가람일보"), ('B', "2031-03-02"), ('C', "가"), ('D', "나")]),
        cells(4, &[('C', "다"), ('D', "라")]),
        // A row without cells of its own is no article.
        cells(5, &[]),
        cells(6, &[('B', "2031-03-04"), ('C', "마"), ('D', "바")]),
        cells(7, &[('C', "사"), ('D', "아")]),
        "</sheetData><mergeCells count=\"4\"><mergeCell ref=\"A1:D1\"/><mergeCell ref=\"A3:A6\"/><mergeCell ref=\"B3:B4\"/>\
         <mergeCell ref=\"A1:XFD1048576\"/><mergeCell ref=\"7\"/></mergeCells><sheetData>"
            .to_owned(),
    ];
    assert_eq!(
        records(Workbook::of_zip(book(&rows.concat()), None).unwrap()),
        [
            r#"3 {"언론사":"가람일보","일자":"2031-03-02","제목":"가","본문":"나"}"#,
            r#"4 {"언론사":"가람일보","일자":"2031-03-02","제목":"다","본문":"라"}"#,
            r#"6 {"언론사":"가람일보","일자":"2031-03-04","제목":"마","본문":"바"}"#,
            r#"7 {"제목":"사","본문":"아"}"#,
        ]
    );
}

/// Written by Apache POI: two sheets, an outlet over three rows and a date over two, links behind texts that are shown.
#[test]
fn a_workbook_of_excel_97_has_merged_cells_and_links_too() {
    let bytes = include_bytes!("../../../../tests/fixtures/workbooks/merged.xls").to_vec();
    assert_eq!(
        records(Workbook::of_ole(bytes, None).unwrap()),
        [
            r#"2 {"언론사":"가람일보","일자":"2031-03-02","제목":"한내군, 강변 도서관 연다","본문":"한내군이 강변 도서관을 연다고 2일 밝혔다.","링크":"https://news.example/1?a=1&b=2"}"#,
            r#"3 {"언론사":"가람일보","일자":"2031-03-02","제목":"한내군 도서관에 책 3만 권","본문":"한내군 도서관에 책 3만 권이 들어왔다.","링크":"https://news.example/2"}"#,
            r#"4 {"언론사":"가람일보","일자":"2031-03-03","제목":"너울시 시장 하루","본문":"너울시 전통시장이 문을 열었다.","링크":"메일"}"#,
            r#"5 {"언론사":"너울경제","일자":"2031-03-03","제목":"너울항 물동량 늘어","본문":"너울항의 물동량이 늘었다.","링크":"https://news.example/4"}"#,
        ]
    );
}
