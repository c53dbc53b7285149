//! What holds for any file: it is read to its end, each record becomes an article with text or a refusal with a reason, and what became of
//! it adds up.

use std::cell::RefCell;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use gisa::ingest::{Cleaner, FileTally, OutletNames, RecordReader, SourceFile};

thread_local! {
    /// The one file that is written again and again: a name of its own for each process that fuzzes.
    static FILE: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// Reads `bytes` as a reindex would read a file with this ending.
pub fn read(bytes: &[u8], ending: &str) {
    let path = FILE.with_borrow_mut(|file| {
        let name = format!("gisa-fuzz-{}.{ending}", std::process::id());
        file.get_or_insert_with(|| std::env::temp_dir().join(name)).clone()
    });
    std::fs::File::create(&path).and_then(|mut file| file.write_all(bytes)).expect("the temporary folder can be written");
    let source = SourceFile::from_path(&path).expect("an ending that is read");
    let cleaner = Cleaner::new(Arc::new(OutletNames::default()));
    let mut tally = FileTally::default();
    let (mut articles, mut refused) = (0, 0);
    match RecordReader::open(&source) {
        Err(refusal) => {
            tally.refuse(&refusal.refusal);
            refused += 1;
        }
        Ok(mut reader) => {
            while let Some(record) = reader.next_record() {
                match record.map_err(|refused| refused.refusal).and_then(|record| cleaner.read(record, "file")) {
                    Ok(reading) => {
                        let article = &reading.article;
                        assert!(!article.title.is_empty() || !article.body.is_empty());
                        serde_json::to_string(article).expect("an article is JSON");
                        tally.count(&reading);
                        articles += 1;
                    }
                    Err(refusal) => {
                        assert!(!refusal.detail.is_empty());
                        tally.refuse(&refusal);
                        refused += 1;
                    }
                }
            }
            tally.read_as(reader.format(), reader.skipped());
        }
    }
    let report = tally.report(&path);
    assert_eq!((report.articles, report.refused), (articles, refused));
}
