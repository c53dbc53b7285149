//! Whether a text is a table without a line that names its columns.

use super::super::super::dates::find_date;
use super::super::most;
use super::dialect::Dialect;
use super::splitter::{Pushed, Splitter};

/// What separates the columns of `text`, if most of its rows have as many columns. `whole` says that nothing follows.
pub(in super::super) fn without_header(text: &str, whole: bool) -> Option<u8> {
    let separators = [b'\t', b'|', b',', b';'].into_iter();
    separators.filter(|delimiter| text.as_bytes().contains(delimiter)).find(|delimiter| {
        let is_table = |quoted: bool| {
            rows(text, *delimiter, quoted, whole).is_some_and(|rows| is_table(&rows, *delimiter))
        };
        // In prose a quote may open at any place; of tabs and bars one line is one row all the same.
        is_table(true) || matches!(delimiter, b'\t' | b'|') && is_table(false)
    })
}

/// The rows of `text`; `None` if a quote is open at the end.
fn rows(text: &str, delimiter: u8, quoted: bool, whole: bool) -> Option<Vec<Vec<String>>> {
    let mut dialect = Dialect::separated_by(delimiter);
    dialect.escaped_breaks = !quoted;
    let mut rows = Vec::new();
    let mut open: Option<Splitter> = None;
    // Blanks before a line are what is left of a page.
    for line in text.lines().map(str::trim) {
        if line.is_empty() && open.is_none() {
            continue;
        }
        let mut splitter = open.take().unwrap_or_else(|| Splitter::new(dialect.reader()));
        match splitter.push(line.as_bytes()) {
            Pushed::Complete => rows.push(splitter.row().lossy(dialect)),
            Pushed::Open => open = Some(splitter),
            Pushed::TooMany => return None,
        }
    }
    if open.is_some() && whole {
        return None;
    }
    // The last row may be cut off.
    if !whole && open.is_none() && rows.len() > 1 {
        rows.pop();
    }
    Some(rows)
}

fn is_table(rows: &[Vec<String>], delimiter: u8) -> bool {
    let counts: Vec<usize> = rows.iter().map(|row| columns(row, delimiter)).collect();
    let often = |count: usize| counts.iter().filter(|other| **other == count).count();
    let Some(count) = counts.iter().copied().max_by_key(|count| (often(*count), *count)) else {
        return false;
    };
    if !most(often(count), rows.len()) {
        return false;
    }
    let is_prose = matches!(delimiter, b',' | b';');
    // A blank follows a comma in a sentence.
    let tight = rows.iter().filter(|row| !row.iter().skip(1).any(|cell| cell.starts_with(' '))).count();
    let is_tight = most(tight, rows.len());
    if let [row] = rows {
        let says =
            row.iter().any(|cell| cell.starts_with("http") || cell.len() < 40 && find_date(cell).is_some());
        return delimiter == b'\t' && count >= 3 || count >= 4 && says && is_tight;
    }
    match is_prose {
        true => count >= 3 && is_tight || count >= 4 && rows.len() >= 3,
        false => count >= 2,
    }
}

/// The columns of a row, without those that a number with commas makes: `3,000`.
fn columns(row: &[String], delimiter: u8) -> usize {
    let is_number = |pair: &[String]| match pair {
        [before, after] => {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            delimiter == b',' && before.ends_with(|c: char| c.is_ascii_digit()) && digits == 3
        }
        _ => false,
    };
    row.len() - row.windows(2).filter(|pair| is_number(pair)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_what_is_none() {
        for (text, delimiter) in [
            (
                "20310501,정치,가람일보,\"하나, 둘\",\"물이 맑다. 산이 높다.\",https://a.example/1\n20310502,사회,가람일보,\"셋\",\"비가 온다.\",https://a.example/2\n",
                b',',
            ),
            (
                "20310501,정치,\"하나\",\"물이 맑다.\n\n산이 높다.\"\n20310502,사회,\"둘\",\"비가 온다.\n\n눈도 온다.\"\n",
                b',',
            ),
            ("20310501,정치,가람일보,\"하나\",\"물이 맑다.\",https://a.example/1\n", b','),
            ("하나\t물이 맑다.\n둘\t비가 온다.\n셋\t눈이 온다.\t나한별 기자\n", b'\t'),
            ("하나\t\"맑다\" 했다.\n둘\t\"온다 했다.\n", b'\t'),
            ("하나|물이 맑다.|가람일보|2031-05-01\n둘|비가 온다.|가람일보|2031-05-02\n", b'|'),
            ("2031-05-01;하나;물이 맑다.\n2031-05-02;둘;비가 온다.\n", b';'),
        ] {
            assert_eq!(without_header(text, true), Some(delimiter), "{text}");
        }
        for text in [
            "물이 맑다, 산이 높다.\n비가 온다, 바람이 분다.\n",
            "값은 3,000원, 4,000원이다.\n길이는 1,200m, 2,100m다.\n",
            "\t강이 맑다\n\t2031.05.01 10:00\n\t강이 맑다고 한다.\n",
            "홈 | 정치 | 경제\n강이 맑다\n강이 맑다고 한다.\n산이 높다고 한다.\n",
            "그는 \"옳다\"고 했다.\n\"간다\n",
            "한 줄이다, 정말, 그렇다, 2031년 5월 1일에 그랬다.\n",
            "",
        ] {
            assert_eq!(without_header(text, true), None, "{text}");
        }
    }
}
