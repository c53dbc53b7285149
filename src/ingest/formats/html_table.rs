//! A table of HTML that a program calls a workbook: what many portals give as `.xls`.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use serde_json::Value;

use super::super::address::is_bare_address;
use super::MAX_COLUMNS;
use super::rows::Rows;

/// The most rows or columns that a cell may span.
const MAX_SPAN: usize = 10_000;
/// The most columns that cells may reach down in: each row looks at all of them.
const MAX_SPANNED: usize = 200;

/// The cell that is being read.
struct Cell {
    text: String,
    columns: usize,
    rows: usize,
}

/// The row that is being read, and what reaches into it and the next ones from above.
#[derive(Default)]
struct Row {
    cells: Vec<(usize, Value)>,
    /// The next column.
    column: usize,
    /// By column, what a cell above says of so many rows more.
    from_above: BTreeMap<usize, (usize, Value)>,
}

impl Row {
    /// Takes in a cell. One over several rows is said of each; one over several columns of the first.
    fn push(&mut self, cell: Cell) {
        self.pass_spanned();
        let text = cell.text.trim();
        let value = (!text.is_empty()).then(|| Value::from(text));
        for column in self.column..self.column + cell.columns {
            let value = value.as_ref().filter(|_| column == self.column);
            if cell.rows > 1 && self.from_above.len() < MAX_SPANNED {
                self.from_above.insert(column, (cell.rows, value.cloned().unwrap_or_default()));
            }
            if let Some(value) = value.filter(|_| column < MAX_COLUMNS) {
                self.cells.push((column, value.clone()));
            }
        }
        self.column += cell.columns;
    }

    /// Goes on to the next column that no cell from above is in.
    fn pass_spanned(&mut self) {
        while let Some((_, value)) = self.from_above.get(&self.column).filter(|(left, _)| *left > 0) {
            if !value.is_null() {
                self.cells.push((self.column, value.clone()));
            }
            self.column += 1;
        }
    }

    /// The cells of the row that ends here.
    fn end(&mut self) -> Vec<(usize, Value)> {
        self.pass_spanned();
        let rest = self.from_above.range(self.column..).filter(|(_, (_, value))| !value.is_null());
        self.cells.extend(rest.map(|(column, (_, value))| (*column, value.clone())));
        self.from_above.retain(|_, (left, _)| {
            *left -= 1;
            *left > 0
        });
        self.column = 0;
        std::mem::take(&mut self.cells)
    }
}

/// Gives the rows of all tables of `html` to `rows`, each table as a sheet.
pub(super) fn read(html: &str, rows: &mut Rows) {
    let mut emitter = DefaultEmitter::<()>::default();
    emitter.naively_switch_states(true);
    let (mut number, mut table, mut is_open) = (0, 0, false);
    let (mut row, mut cell) = (Row::default(), None::<Cell>);
    let mut links = BTreeMap::new();
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        let (name, starts) = match &token {
            Token::StartTag(tag) => (String::from_utf8_lossy(&tag.name).into_owned(), true),
            Token::EndTag(tag) => (String::from_utf8_lossy(&tag.name).into_owned(), false),
            Token::String(text) => {
                if let Some(cell) = &mut cell {
                    cell.text.push_str(&String::from_utf8_lossy(text));
                }
                continue;
            }
            _ => continue,
        };
        // End tags of cells and rows are often left out.
        if matches!(name.as_str(), "td" | "th" | "tr" | "table") {
            if let Some(cell) = cell.take() {
                row.push(cell);
            }
            if matches!(name.as_str(), "tr" | "table") && std::mem::take(&mut is_open) {
                rows.push(number, row.end());
            }
            if name == "table" {
                rows.link(&std::mem::take(&mut links));
            }
        }
        match (name.as_str(), starts) {
            ("table", true) => {
                table += 1;
                (number, row) = (0, Row::default());
                rows.begin_sheet(&format!("table {table}"));
            }
            ("tr", true) => (number, is_open) = (number + 1, true),
            ("td" | "th", true) => {
                let span = |name: &str| {
                    let value = attribute(&token, name).and_then(|value| value.trim().parse().ok());
                    value.unwrap_or(1).clamp(1, MAX_SPAN)
                };
                is_open = true;
                cell = Some(Cell { text: String::new(), columns: span("colspan"), rows: span("rowspan") });
            }
            ("a", true) if cell.is_some() => {
                // The text of the cell may be `기사보기`.
                if let Some(address) = attribute(&token, "href").filter(|address| is_bare_address(address)) {
                    row.pass_spanned();
                    if rows.wants_link(row.column) {
                        links.entry((number as u64, row.column)).or_insert(address);
                    }
                }
            }
            ("br" | "p" | "div" | "li", _) => {
                if let Some(cell) = cell.as_mut().filter(|cell| !cell.text.is_empty()) {
                    cell.text.push('\n');
                }
            }
            _ => {}
        }
        if rows.is_full() {
            return;
        }
    }
    // What was never closed is a row all the same.
    if let Some(cell) = cell {
        row.push(cell);
    }
    if is_open {
        rows.push(number, row.end());
    }
}

fn attribute(token: &Token, name: &str) -> Option<String> {
    let Token::StartTag(tag) = token else { return None };
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;
    use super::*;

    #[test]
    fn rows_of_a_table_are_records() {
        let mut rows = Rows::new(None);
        read(
            "<html><body><table><tr><th>제목</th><th>본문</th><th>언론사</th></tr><tr><td>가 &amp; 나<td>첫 줄<br>둘째 줄<td></tr>\
             <tr><td>다</td><td>라</td><td>가람일보</td></tr></table></body></html>",
            &mut rows,
        );
        let found: Vec<String> = rows.finish().found.into_iter().map(shown).collect();
        assert_eq!(
            found,
            [
                r#"2 {"제목":"가 & 나","본문":"첫 줄\n둘째 줄"}"#,
                r#"3 {"제목":"다","본문":"라","언론사":"가람일보"}"#
            ]
        );
    }

    fn records(html: &str) -> Vec<String> {
        let mut rows = Rows::new(None);
        read(html, &mut rows);
        rows.finish().found.into_iter().map(shown).collect()
    }

    #[test]
    fn cells_over_several_rows_and_columns_keep_the_others_in_their_columns() {
        let page = "<table><tr><th>언론사<th>날짜<th>제목<th colspan=2>본문<th>기자</tr>\
                    <tr><td rowspan=3>가람일보<td rowspan='2'>2031-05-01<td>가<td colspan=2>나<td>나한별</tr>\
                    <tr><td>다<td>라<td>바<td rowspan=2>도가온</tr>\
                    <tr><td>2031-05-02<td>마<td>사<td></tr>\
                    <tr><td>너울경제<td>2031-05-03<td>아<td>자<td><td></tr>";
        assert_eq!(
            records(page),
            [
                r#"2 {"언론사":"가람일보","날짜":"2031-05-01","제목":"가","본문":"나","기자":"나한별"}"#,
                r#"3 {"언론사":"가람일보","날짜":"2031-05-01","제목":"다","본문":"라","기자":"도가온"}"#,
                r#"4 {"언론사":"가람일보","날짜":"2031-05-02","제목":"마","본문":"사","기자":"도가온"}"#,
                r#"5 {"언론사":"너울경제","날짜":"2031-05-03","제목":"아","본문":"자"}"#,
            ]
        );
        let wide = "<table><tr><th>제목<th>본문</tr><tr><td rowspan=99999999>가<td colspan=99999999>나</tr><tr><td>다</table>";
        assert_eq!(records(wide), [r#"2 {"제목":"가","본문":"나"}"#, r#"3 {"제목":"가","본문":"다"}"#]);
    }

    #[test]
    fn a_link_in_the_column_of_addresses_is_the_address() {
        let page = "<table><tr><th>제목<th>본문<th>링크</tr><tr><td><a href='https://a.example/t'>가</a><td>나<td><a href='https://a.example/1'>기사보기</a></tr>\
                    <tr><td>다<td>라<td><a href='javascript:open()'>기사보기</a></tr></table>";
        assert_eq!(
            records(page),
            [
                r#"2 {"제목":"가","본문":"나","링크":"https://a.example/1"}"#,
                r#"3 {"제목":"다","본문":"라","링크":"기사보기"}"#
            ]
        );
    }

    #[test]
    fn names_that_come_again_below_are_none_of_an_article() {
        let page = "<table><tr><th>제목<th>본문</tr><tr><td>가<td>나</tr><tr><th>본문<th>제목<th>언론사</tr>\
                    <tr><td>라<td>다<td>가람일보</tr><tr><td>본문<td>제목<td>언론사</tr></table>";
        let mut rows = Rows::new(None);
        read(page, &mut rows);
        let found = rows.finish();
        assert_eq!(found.repeated, 2);
        let records: Vec<String> = found.found.into_iter().map(shown).collect();
        assert_eq!(
            records,
            [r#"2 {"제목":"가","본문":"나"}"#, r#"4 {"본문":"라","제목":"다","언론사":"가람일보"}"#]
        );
    }
}
