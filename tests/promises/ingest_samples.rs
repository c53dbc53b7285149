//! Promise: of every kind of file that newsrooms, archives and researchers have, it is known what becomes of it: each article whole, and
//! for everything else a reason.
//!
//! `tests/fixtures/samples/` holds invented files with the structures and the quirks of real ones. What comes of them stands in
//! `tests/golden/ingest_samples.txt`, one block a file: the report, the articles as they are stored, the refusals.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gisa::ingest::{
    Cleaner, FileReport, FileTally, IngestRules, OutletNames, RecordReader, RefusedRecord, SourceFile,
    list_files,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn cleaner() -> Cleaner {
    Cleaner::new(Arc::new(OutletNames::parse("가람일보 = (주)가람일보\n너울경제\n새벽신문\n온새미통신\n").0))
}

/// What one file gives: its report, and its articles and refusals in order.
fn read(file: &SourceFile) -> (FileReport, String) {
    let (cleaner, mut tally, mut text) = (cleaner(), FileTally::default(), String::new());
    let refuse = |tally: &mut FileTally, text: &mut String, refused: RefusedRecord| {
        tally.refuse(&refused.refusal);
        let line = refused.line.map(|line| format!(" in line {line}")).unwrap_or_default();
        writeln!(text, "refused{line}: {}", refused.refusal).unwrap();
    };
    match RecordReader::open(file) {
        Err(refused) => refuse(&mut tally, &mut text, refused),
        Ok(mut reader) => {
            while let Some(record) = reader.next_record() {
                let record = match record {
                    Ok(record) => record,
                    Err(refused) => {
                        refuse(&mut tally, &mut text, refused);
                        continue;
                    }
                };
                let line = record.line;
                match cleaner.read(record, &file.path.to_string_lossy()) {
                    Ok(reading) => {
                        tally.count(&reading);
                        writeln!(text, "{}", serde_json::to_string(&reading.article).unwrap()).unwrap();
                    }
                    Err(refusal) => {
                        let refused = RefusedRecord { file: file.path.clone(), line, refusal };
                        refuse(&mut tally, &mut text, refused);
                    }
                }
            }
            tally.read_as(reader.format(), reader.skipped());
            tally.leave_out(reader.sheets_left_out());
            tally.note_beside(reader.keys_beside());
        }
    }
    (tally.report(&file.path), text)
}

#[test]
fn every_sample_becomes_what_the_golden_file_says() {
    let folder = root().join("fixtures/samples");
    let list = list_files(&folder, &IngestRules::default()).unwrap();
    let mut blocks: Vec<(PathBuf, String)> = list
        .refused
        .iter()
        .map(|refused| (refused.file.clone(), format!("refused: {}\n", refused.refusal)))
        .collect();
    for file in &list.files {
        let (report, text) = read(file);
        let mut report = serde_json::to_value(report).unwrap();
        report.as_object_mut().unwrap().shift_remove("file");
        blocks.push((file.path.clone(), format!("{report}\n{text}")));
    }
    blocks.sort();
    let text: String =
        blocks.iter().map(|(path, block)| format!("== {}\n{block}\n", path.display())).collect();
    let golden = root().join("golden/ingest_samples.txt");
    if std::env::var_os("GISA_BLESS").is_some() {
        std::fs::write(&golden, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    let blocks = |text: &str| text.split("\n\n").map(str::to_owned).collect::<Vec<_>>();
    for (found, expected) in blocks(&text).iter().zip(blocks(&expected)) {
        assert_eq!(*found, expected, "a sample changed; see the head of this file");
    }
    assert_eq!(text.len(), expected.len(), "samples came or went: run with GISA_BLESS=1 and read the diff");
}

#[test]
fn ids_of_the_samples_that_came_with_the_program_stay() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let mut ids = Vec::new();
    for file in &list_files(&folder, &IngestRules::default()).unwrap().files {
        for record in RecordReader::open(file).unwrap() {
            ids.push(cleaner().read(record.unwrap(), "").unwrap().article.id.to_string());
        }
    }
    let golden = std::fs::read_to_string(root().join("golden/ids_of_samples.txt")).unwrap();
    assert_eq!(ids, golden.lines().collect::<Vec<_>>());
}
