//! Quotes inside of a cell that nobody doubled: `"그는 "간다"고 했다",가람일보`, `"간다"고 했다,가람일보`.
//!
//! A reader that follows the standard drops some of them without a word.

use super::fits;
use super::splitter::Row;

/// The cells of `line` as they were meant, if they are `columns` cells: with quotes around a cell that holds others, or with quotes that are
/// a part of the cell.
pub(super) fn mended(line: &[u8], delimiter: u8, columns: usize) -> Option<Row> {
    let fits = |row: &Row| fits(row, columns);
    let written = || Some(as_written(line, delimiter)).filter(fits);
    let nested = || nested(line, delimiter).filter(fits);
    if opens_another(line, delimiter) { nested().or_else(written) } else { written().or_else(nested) }
}

/// Whether after the quote that opens the first such cell the next one opens too, as it does after a blank.
fn opens_another(line: &[u8], delimiter: u8) -> bool {
    let starts = std::iter::once(0)
        .chain(line.iter().enumerate().filter(|(_, byte)| **byte == delimiter).map(|(at, _)| at + 1));
    for start in starts {
        let cell = line.get(start..).unwrap_or_default();
        let Some(inside) = cell.strip_prefix(b"\"") else { continue };
        let Some(at) = inside.iter().position(|byte| *byte == b'"') else { continue };
        if inside.get(at + 1).is_none_or(|next| *next == delimiter || *next == b'"') {
            continue;
        }
        return at
            .checked_sub(1)
            .and_then(|before| inside.get(before))
            .is_some_and(|before| matches!(before, b' ' | b'(' | b'['));
    }
    false
}

/// The line cut at every separator, all quotes kept.
fn as_written(line: &[u8], delimiter: u8) -> Row {
    let mut row = Row { bytes: Vec::with_capacity(line.len()), ends: Vec::new() };
    for cell in line.split(|byte| *byte == delimiter) {
        // One that is quoted rightly is what it is.
        let inside = cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\""));
        match inside.filter(|inside| is_doubled(inside)) {
            Some(inside) => push_undoubled(inside, &mut row.bytes),
            None => row.bytes.extend_from_slice(cell),
        }
        row.ends.push(row.bytes.len());
    }
    row
}

/// Whether each quote in the inside of a cell is written twice.
fn is_doubled(inside: &[u8]) -> bool {
    inside.chunk_by(|a, b| a == b).all(|run| !run.starts_with(b"\"") || run.len() % 2 == 0)
}

/// Appends such an inside as it is meant.
fn push_undoubled(inside: &[u8], bytes: &mut Vec<u8>) {
    for run in inside.chunk_by(|a, b| a == b) {
        let meant = if run.starts_with(b"\"") { run.len() / 2 } else { run.len() };
        bytes.extend_from_slice(run.get(..meant).unwrap_or(run));
    }
}

/// The line where a quote ends a cell only before a separator or at the end. `None` if one is open there.
fn nested(line: &[u8], delimiter: u8) -> Option<Row> {
    let mut row = Row { bytes: Vec::with_capacity(line.len()), ends: Vec::new() };
    let mut at = 0;
    loop {
        let quoted = line.get(at) == Some(&b'"');
        at += usize::from(quoted);
        loop {
            let (byte, next) = (line.get(at).copied(), line.get(at + 1).copied());
            match byte {
                None if quoted => return None,
                None => break,
                Some(b'"') if quoted && next == Some(b'"') => {
                    row.bytes.push(b'"');
                    at += 1;
                }
                Some(b'"') if quoted && next.is_none_or(|next| next == delimiter) => {
                    at += 1;
                    break;
                }
                Some(byte) if !quoted && byte == delimiter => break,
                Some(byte) => row.bytes.push(byte),
            }
            at += 1;
        }
        row.ends.push(row.bytes.len());
        if line.get(at).is_none() {
            return Some(row);
        }
        // The separator.
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::Dialect;
    use super::*;

    fn cells(line: &str, columns: usize) -> Option<Vec<String>> {
        Some(mended(line.as_bytes(), b',', columns)?.lossy(Dialect::separated_by(b',')))
    }

    #[test]
    fn no_quote_is_lost() {
        for (line, columns, wanted) in [
            ("하나,\"본문 \"인용\" 넷.\"", 2, "하나|본문 \"인용\" 넷."),
            (
                "\"하나\",\"그는 \"간다, 온다\"고 했다\",가람일보",
                3,
                "하나|그는 \"간다, 온다\"고 했다|가람일보",
            ),
            ("하나,\"간다\"고 했다,가람일보", 3, "하나|\"간다\"고 했다|가람일보"),
            ("하나,\"간다\"고 한 \"시장\",가람일보", 3, "하나|\"간다\"고 한 \"시장\"|가람일보"),
            ("\"그는 \"\"옳다\"\" 했다\",\"간다\"고 했다", 2, "그는 \"옳다\" 했다|\"간다\"고 했다"),
            ("하나,\"간다\"고 했다,가람일보,,", 3, "하나|\"간다\"고 했다|가람일보||"),
            ("\"하, 나\",\"그는 \"\"옳다\"\" \"간다\" 했다\"", 2, "하, 나|그는 \"옳다\" \"간다\" 했다"),
        ] {
            assert_eq!(cells(line, columns).map(|cells| cells.join("|")).as_deref(), Some(wanted), "{line}");
        }
        assert_eq!(cells("하나,\"그는 \"간다\", 했다\",가람일보", 3), None);
    }
}
