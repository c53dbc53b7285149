//! A table of HTML that a program calls a workbook: what many portals give as `.xls`.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use serde_json::Value;

use super::MAX_COLUMNS;
use super::rows::Rows;

/// Gives the rows of all tables of `html` to `rows`, each table as a sheet.
pub(super) fn read(html: &str, rows: &mut Rows) {
    let mut emitter = DefaultEmitter::<()>::default();
    emitter.naively_switch_states(true);
    let (mut number, mut table) = (0, 0);
    let mut row: Vec<(usize, Value)> = Vec::new();
    let (mut column, mut cell) = (0, None::<String>);
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        let (name, starts) = match &token {
            Token::StartTag(tag) => (String::from_utf8_lossy(&tag.name).into_owned(), true),
            Token::EndTag(tag) => (String::from_utf8_lossy(&tag.name).into_owned(), false),
            Token::String(text) => {
                if let Some(cell) = &mut cell {
                    cell.push_str(&String::from_utf8_lossy(text));
                }
                continue;
            }
            _ => continue,
        };
        // End tags of cells and rows are often left out.
        if matches!(name.as_str(), "td" | "th" | "tr" | "table") {
            if let Some(text) = cell.take() {
                let text = text.trim();
                if !text.is_empty() && column < MAX_COLUMNS {
                    row.push((column, Value::from(text)));
                }
                column += 1;
            }
            if matches!(name.as_str(), "tr" | "table") && !row.is_empty() {
                rows.push(number, std::mem::take(&mut row));
            }
        }
        match (name.as_str(), starts) {
            ("table", true) => {
                table += 1;
                number = 0;
                rows.begin_sheet(&format!("table {table}"));
            }
            ("tr", true) => (number, column) = (number + 1, 0),
            ("td" | "th", true) => cell = Some(String::new()),
            ("br" | "p" | "div" | "li", _) => {
                if let Some(cell) = cell.as_mut().filter(|cell| !cell.is_empty()) {
                    cell.push('\n');
                }
            }
            _ => {}
        }
        if rows.is_full() {
            return;
        }
    }
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
}
