//! Writing to the terminal.

use std::io::Write;

/// Prints an error as one line, `gisa: …`. If stderr is closed there is nowhere to report that.
pub(super) fn complain(message: &str) {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(std::io::stderr(), "gisa: {line}");
}

/// How many columns `text` takes on a terminal: Hangul, hanja and other wide characters take two.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// `text` and spaces up to `width` columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    let spaces = width.saturating_sub(columns(text));
    format!("{text}{:spaces$}", "")
}

/// East Asian Wide and Fullwidth (Unicode Standard Annex 11), the blocks that occur in news.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' | '\u{1F300}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_takes_two_columns() {
        assert_eq!(columns("기사 a美"), 8);
        assert_eq!(padded("기사", 6), "기사  ");
        assert_eq!(padded("기사", 1), "기사");
    }
}
