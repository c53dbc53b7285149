//! What a reindex makes of one file.

use std::fs;
use std::sync::Arc;

use gisa::article::Article;
use gisa::ingest::{
    Cleaner, FileReport, FileTally, IngestRules, OutletNames, RecordReader, RefusedRecord, list_files,
};

/// What a file under this name gives: its articles, its report, and its refusals, each with its line.
pub fn read(name: &str, content: &[u8]) -> (Vec<Article>, FileReport, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    let cleaner = Cleaner::new(Arc::new(OutletNames::parse("가람일보\n너울경제\n").0));
    let list = list_files(folder.path(), &IngestRules::default()).unwrap();
    let (mut articles, mut tally, mut refused) = (Vec::new(), FileTally::default(), Vec::new());
    let mut refuse = |tally: &mut FileTally, no: RefusedRecord| {
        tally.refuse(&no.refusal);
        let line = no.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        refused.push(format!("{line}{}", no.refusal));
    };
    for no in list.refused {
        refuse(&mut tally, no);
    }
    for file in &list.files {
        let mut reader = match RecordReader::open(file) {
            Ok(reader) => reader,
            Err(no) => {
                refuse(&mut tally, no);
                continue;
            }
        };
        while let Some(record) = reader.next_record() {
            let record = match record {
                Ok(record) => record,
                Err(no) => {
                    refuse(&mut tally, no);
                    continue;
                }
            };
            let line = record.line;
            match cleaner.read(record, name) {
                Ok(reading) => {
                    tally.count(&reading);
                    articles.push(reading.article);
                }
                Err(refusal) => {
                    refuse(&mut tally, RefusedRecord { file: file.path.clone(), line, refusal });
                }
            }
        }
        tally.read_as(reader.format(), reader.skipped());
        tally.leave_out(reader.sheets_left_out());
        tally.note_beside(reader.keys_beside());
    }
    (articles, tally.report(name.as_ref()), refused)
}
