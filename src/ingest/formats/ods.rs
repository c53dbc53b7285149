//! Tables of OpenDocument. Read here and not by a library, because a row may say that it is repeated a million times.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::Value;

use super::super::address::is_bare_address;
use super::super::refusal::{Refusal, RefusalCode};
use super::MAX_COLUMNS;
use super::rows::Rows;
use super::workbook::{address_in, is_address};

/// Gives the rows of `content`, the document's `content.xml`, to `rows`: those of the sheets that people see, and where these hold no
/// articles, of the hidden ones.
pub(super) fn read(content: &str, rows: &mut Rows) -> Result<(), Refusal> {
    let hidden = read_sheets(content, rows, false)?;
    if hidden.is_empty() {
        return Ok(());
    }
    if rows.has_header() {
        hidden.iter().for_each(|name| rows.pass_over(name));
        return Ok(());
    }
    read_sheets(content, rows, true).map(|_| ())
}

/// Reads either the hidden sheets or the others. Gives the names of the hidden ones.
fn read_sheets(content: &str, rows: &mut Rows, reads_hidden: bool) -> Result<Vec<String>, Refusal> {
    let mut reader = Reader::from_str(content);
    reader.config_mut().expand_empty_elements = true;
    let broken = |error: quick_xml::Error| {
        Refusal::new(
            RefusalCode::Damaged,
            format!("cannot read the workbook: {error}; open it and save it again"),
        )
    };
    let (mut number, mut column) = (0, 0);
    let mut row: Vec<(usize, Value)> = Vec::new();
    let mut cell: Option<Cell> = None;
    let (mut hidden, mut skipped): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let (mut style, mut skips) = (String::new(), false);
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Eof => return Ok(skipped),
            Event::Start(start) => match start.name().as_ref() {
                "style:style" => style = attribute(&start, "style:name").unwrap_or_default(),
                "style:table-properties"
                    if attribute(&start, "table:display").as_deref() == Some("false") =>
                {
                    hidden.push(std::mem::take(&mut style));
                }
                "table:table" => {
                    number = 0;
                    let name = attribute(&start, "table:name").unwrap_or_default();
                    let style = attribute(&start, "table:style-name");
                    skips = style.is_some_and(|style| hidden.contains(&style)) != reads_hidden;
                    if !skips {
                        rows.begin_sheet(&name);
                    } else if !reads_hidden {
                        skipped.push(name);
                    }
                }
                _ if skips => {}
                "table:table-row" => {
                    // Rows that are repeated are empty ones; a row of articles is never repeated.
                    let repeated = attribute(&start, "table:number-rows-repeated");
                    number =
                        repeated.and_then(|many| many.parse().ok()).unwrap_or(1_usize).saturating_add(number);
                    column = 0;
                    row.clear();
                }
                "table:table-cell" | "table:covered-table-cell" => cell = Some(Cell::of(&start)),
                "text:p" => {
                    if let Some(cell) = cell.as_mut().filter(|cell| !cell.text.is_empty()) {
                        cell.text.push('\n');
                    }
                }
                "text:a" => {
                    let address = attribute(&start, "xlink:href").filter(|address| is_address(address));
                    if let (Some(cell), Some(address)) = (&mut cell, address) {
                        cell.address.get_or_insert(address);
                    }
                }
                "text:line-break" => {
                    if let Some(cell) = &mut cell {
                        cell.text.push('\n');
                    }
                }
                "text:s" | "text:tab" => {
                    if let Some(cell) = &mut cell {
                        cell.text.push(' ');
                    }
                }
                _ => {}
            },
            Event::Text(text) => {
                if let Some(cell) = &mut cell {
                    cell.text.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(cell) = &mut cell {
                    match reference.resolve_char_ref() {
                        Ok(Some(c)) => cell.text.push(c),
                        _ => {
                            let name = reference.into_inner();
                            cell.text.push_str(
                                quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default(),
                            );
                        }
                    }
                }
            }
            Event::End(end) => match end.name().as_ref() {
                "table:table-cell" | "table:covered-table-cell" => {
                    let Some(ended) = cell.take() else { continue };
                    if ended.rows > 1 {
                        rows.merge((number as u64, column), (number as u64).saturating_add(ended.rows - 1));
                    }
                    if let Some(value) = ended.value(rows.wants_link(column)) {
                        for at in column..(column + ended.repeated).min(MAX_COLUMNS) {
                            row.push((at, value.clone()));
                        }
                    }
                    column = column.saturating_add(ended.repeated);
                }
                "table:table-row" if skips => row.clear(),
                "table:table-row" => rows.push(number, std::mem::take(&mut row)),
                _ => {}
            },
            _ => {}
        }
        if rows.is_full() {
            return Ok(skipped);
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

struct Cell {
    repeated: usize,
    kind: String,
    exact: Option<String>,
    text: String,
    /// Where its link leads.
    address: Option<String>,
    /// The rows that it is as high as.
    rows: u64,
}

impl Cell {
    fn of(start: &BytesStart<'_>) -> Self {
        let exact = attribute(start, "office:date-value").or_else(|| attribute(start, "office:value"));
        Self {
            repeated: attribute(start, "table:number-columns-repeated")
                .and_then(|many| many.parse().ok())
                .unwrap_or(1),
            kind: attribute(start, "office:value-type").unwrap_or_default(),
            exact,
            text: String::new(),
            address: attribute(start, "table:formula").and_then(|formula| address_in(&formula)),
            rows: attribute(start, "table:number-rows-spanned")
                .and_then(|many| many.parse().ok())
                .unwrap_or(1),
        }
    }

    /// What it says; with `wants_link` where its link leads, if it shows another text.
    fn value(&self, wants_link: bool) -> Option<Value> {
        if let Some(address) =
            self.address.as_ref().filter(|_| wants_link && !is_bare_address(self.text.trim()))
        {
            return Some(Value::from(address.as_str()));
        }
        let text = match (self.kind.as_str(), &self.exact) {
            ("float" | "currency" | "percentage", Some(exact)) => {
                return serde_json::from_str::<serde_json::Number>(exact).map_or_else(
                    |_| Some(Value::from(exact.as_str())),
                    |number| Some(Value::Number(number)),
                );
            }
            ("date", Some(exact)) => exact,
            _ => &self.text,
        };
        (!text.trim().is_empty()).then(|| Value::from(text.as_str()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::super::raw::{RawRecord, RecordContent};
    use super::super::tests::shown;
    use super::*;

    #[test]
    fn rows_dates_and_repeated_cells() {
        let cell = |text: &str| {
            format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
            )
        };
        let content = format!(
            "<office:document-content><table:table><table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
             <table:table-row>{}{}{}</table:table-row><table:table-row>{}<table:table-cell office:value-type=\"string\"><text:p>나 &amp; 다</text:p>\
             <text:p>라</text:p></table:table-cell><table:table-cell office:value-type=\"date\" office:date-value=\"2024-03-05\"><text:p>24. 3. 5.</text:p>\
             </table:table-cell><table:table-cell table:number-columns-repeated=\"16000000\"/></table:table-row>\
             <table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16000000\"/></table:table-row>\
             </table:table></office:document-content>",
            cell("제목"),
            cell("본문"),
            cell("날짜"),
            cell("가")
        );
        let mut rows = Rows::default();
        read(&content, &mut rows).unwrap();
        let found: Vec<_> = rows
            .finish()
            .found
            .into_iter()
            .map(|(line, found)| match found {
                Ok(RawRecord { content: RecordContent::Fields(fields), .. }) => {
                    (line, Value::Object(fields).to_string())
                }
                _ => (line, "refused".to_owned()),
            })
            .collect();
        assert_eq!(
            found,
            [(Some(4), r#"{"제목":"가","본문":"나 & 다\n라","날짜":"2024-03-05"}"#.to_owned())]
        );
    }

    #[test]
    fn merged_cells_hold_for_their_rows_and_links_are_addresses() {
        let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
        let link = |address: &str| {
            cell(&format!("<text:a xlink:href=\"{address}\" xlink:type=\"simple\">기사보기</text:a>"))
        };
        let outlet =
            "<table:table-cell table:number-rows-spanned=\"3\"><text:p>가람일보</text:p></table:table-cell>";
        let below = "<table:covered-table-cell/>".to_owned();
        let formula = "<table:table-cell table:formula=\"of:=HYPERLINK(&quot;https://a.example/3&quot;;&quot;기사보기&quot;)\">\
                       <text:p>기사보기</text:p></table:table-cell>";
        let rows = [
            [cell("언론사"), cell("제목"), cell("본문"), cell("링크")],
            [outlet.to_owned(), cell("가"), cell("나"), link("https://a.example/1?a=1&amp;b=2")],
            [below.clone(), cell("다"), cell("라"), link("mailto:a@post.example")],
            [below, cell("마"), cell("바"), formula.to_owned()],
            [cell("너울경제"), cell("사"), cell("아"), cell("https://a.example/4")],
        ]
        .map(|row| format!("<table:table-row>{}</table:table-row>", row.concat()));
        let content = format!(
            "<office:document-content><table:table>{}</table:table></office:document-content>",
            rows.concat()
        );
        let mut found = Rows::default();
        read(&content, &mut found).unwrap();
        let found: Vec<String> = found.finish().found.into_iter().map(shown).collect();
        assert_eq!(
            found,
            [
                r#"2 {"언론사":"가람일보","제목":"가","본문":"나","링크":"https://a.example/1?a=1&b=2"}"#,
                r#"3 {"언론사":"가람일보","제목":"다","본문":"라","링크":"기사보기"}"#,
                r#"4 {"언론사":"가람일보","제목":"마","본문":"바","링크":"https://a.example/3"}"#,
                r#"5 {"언론사":"너울경제","제목":"사","본문":"아","링크":"https://a.example/4"}"#,
            ]
        );
    }

    #[test]
    fn hidden_sheets_are_passed_over() {
        let sheet = |name: &str, style: &str, title: &str| {
            let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
            format!(
                "<table:table table:name=\"{name}\" table:style-name=\"{style}\"><table:table-row>{}{}</table:table-row>\
                 <table:table-row>{}{}</table:table-row></table:table>",
                cell("제목"),
                cell("본문"),
                cell(title),
                cell("비가 온다.")
            )
        };
        let styles = "<style:style style:name=\"ta1\"><style:table-properties table:display=\"true\"/></style:style>\
                      <style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style>";
        let read_all = |sheets: &str| {
            let mut rows = Rows::default();
            read(&format!("<office:document-content>{styles}{sheets}</office:document-content>"), &mut rows)
                .unwrap();
            rows.finish()
        };
        let hidden = sheet("옛것", "ta2", "숨은 기사");
        let both = read_all(&(hidden.clone() + &sheet("기사", "ta1", "보이는 기사")));
        assert_eq!((both.found.len(), both.left_out), (1, vec!["옛것".to_owned()]));
        assert_eq!(read_all(&hidden).found.len(), 1);
    }
}
