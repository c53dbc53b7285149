//! What became of a file, in words: printed by `reindex` and `import`.

use std::io::{self, Write};

use gisa::ingest::{FileReport, FilesMore};

/// Files that `reindex` prints one by one; the job over HTTP lists a thousand.
pub(super) const MAX_PRINTED_FILES: usize = 50;

/// Prints which key fed which field, and what is missing. `indent` stands before each line.
pub(super) fn print_file(out: &mut impl Write, file: &FileReport, indent: &str) -> io::Result<()> {
    if !file.fields.is_empty() {
        let fields: Vec<String> =
            file.fields.iter().map(|(field, keys)| format!("{field} ← {keys}")).collect();
        writeln!(out, "{indent}{}", fields.join("   "))?;
    }
    let mut notes = Vec::new();
    let mut note = |count: u64, what: &str| {
        if count > 0 {
            notes.push(format!("{count} {what}"));
        }
    };
    note(file.without.body, "without body");
    note(file.without.date, "without date");
    note(file.without.outlet, "without outlet");
    note(file.extracts, "extracts only");
    note(file.undecoded, "with characters that could not be decoded (�)");
    note(file.replaced, "replaced by a later article with the same id");
    for (rule, count) in &file.skipped_by {
        note(*count, &format!("skipped ({})", rule.as_str()));
    }
    for (field, count) in &file.unread {
        note(*count, &format!("{field} not readable, kept aside"));
    }
    if file.is_empty() {
        notes.push("no records: the file is empty, or holds names of columns only".to_owned());
    }
    if !notes.is_empty() {
        writeln!(out, "{indent}{}", notes.join(", "))?;
    }
    if !file.sheets_left_out.is_empty() {
        writeln!(out, "{indent}sheets not read: {}", file.sheets_left_out.join(", "))?;
    }
    if !file.unused.is_empty() {
        writeln!(out, "{indent}not used: {}", file.unused.join(", "))?;
    }
    if !file.cut.is_empty() {
        writeln!(out, "{indent}too much for an article, not kept: {}", file.cut.join(", "))?;
    }
    Ok(())
}

/// Prints the files of a reindex that somebody should look at, and how many there are besides.
pub(super) fn print_files(
    out: &mut impl Write,
    files: &[FileReport],
    more: Option<FilesMore>,
) -> io::Result<()> {
    let worth_a_look: Vec<&FileReport> = files.iter().filter(|file| file.needs_a_look()).collect();
    for file in worth_a_look.iter().take(MAX_PRINTED_FILES) {
        let format = file.format.map_or("not read", |format| format.as_str());
        writeln!(out, "{}  {format}: {} articles, {} refused", file.file, file.articles, file.refused)?;
        print_file(out, file, "  ")?;
    }
    let others =
        worth_a_look.len().saturating_sub(MAX_PRINTED_FILES) as u64 + more.map_or(0, |more| more.files);
    if others > 0 {
        writeln!(out, "… and {others} more files")?;
    }
    Ok(())
}
