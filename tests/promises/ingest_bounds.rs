//! Promise: no file, however hostile, stops a reindex. What is not an article is refused with a reason, and the files after it are read.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::cases::cases;
use gisa::ingest::{Cleaner, IngestRules, OutletNames, RecordReader, RefusalCode, list_files};
use proptest::prelude::*;

/// How many articles a folder gives, and each refusal with its file.
fn read(folder: &Path) -> (u64, Vec<(String, RefusalCode)>) {
    let cleaner = Cleaner::new(Arc::new(OutletNames::default()));
    let list = list_files(folder, &IngestRules::default()).unwrap();
    let (mut articles, mut refused) = (0, Vec::new());
    for file in &list.files {
        let name = file.path.to_string_lossy().into_owned();
        match RecordReader::open(file) {
            Err(no) => refused.push((name, no.refusal.code)),
            Ok(reader) => {
                for record in reader {
                    let read = record.map_err(|no| no.refusal).and_then(|record| cleaner.read(record, &name));
                    match read {
                        Ok(_) => articles += 1,
                        Err(refusal) => refused.push((name.clone(), refusal.code)),
                    }
                }
            }
        }
    }
    (articles, refused)
}

#[test]
fn hostile_files_are_refused_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    let good = "제목,본문\n좋은 기사,본문이다.\n";
    let cell = "가".repeat(34 << 20);
    write("a-wide.csv", format!("제목,본문{}\n", ",가".repeat(1_000_000)).as_bytes());
    write("b-long-cell.csv", format!("{good}긴 칸,{cell}\n끝,본문이다.\n").as_bytes());
    write(
        "c-long-quoted.csv",
        format!("{good}긴 칸,\"{}\"\n끝,본문이다.\n", "줄이다.\n".repeat(3 << 20)).as_bytes(),
    );
    write("d-long.xml", format!("<rss><item><title>긴 글</title><description>{cell}</description></item><item><title>끝</title></item></rss>").as_bytes());
    write("e-deep.html", "<div>".repeat(2 << 20).as_bytes());
    write("f-deep.json", "[".repeat(1 << 20).as_bytes());
    write("g-deep.jsonl", format!("{{\"title\":{}\n{{\"title\":\"끝\"}}\n", "[".repeat(1 << 20)).as_bytes());
    let laughs = "<!DOCTYPE a [<!ENTITY a \"&b;&b;\"><!ENTITY b \"&a;&a;\">]>";
    write(
        "h-cyclic.xml",
        format!("<?xml version=\"1.0\"?>{laughs}<rss><item><title>&a; 제목</title></item></rss>").as_bytes(),
    );
    write("i-cut.xlsx", b"PK\x03\x04 cut off");
    write("j-cut.xls", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0]);
    write(
        "k-quotes.csv",
        format!("제목,본문\n{}끝,본문이다.\n", "\"가,나\n다,라\n".repeat(20_000)).as_bytes(),
    );
    #[cfg(unix)]
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        folder.path().join("l-pipe.csv"),
        rustix::fs::Mode::from_raw_mode(0o600),
    )
    .unwrap();
    write("m-zeros.txt", &vec![0; 4 << 20]);
    // Small values by the hundred thousand, which take a hundred times their size when they are parsed.
    write(
        "n-values.jsonl",
        format!("{{\"title\":\"가\",\"x\":[{}0]}}\n{{\"title\":\"끝\"}}\n", "[0],".repeat(300_000))
            .as_bytes(),
    );
    write(
        "o-children.xml",
        format!(
            "<rss><item><title>가</title>{}</item><item><title>끝</title></item></rss>",
            "<a/>".repeat(400_000)
        )
        .as_bytes(),
    );
    let columns: Vec<String> = (0..4_000_100).map(|row| format!("\"{row}\":0")).collect();
    write("p-columns.json", format!("{{\"title\":{{{}}}}}", columns.join(",")).as_bytes());
    write("z-good.csv", good.as_bytes());

    let (articles, refused) = read(folder.path());
    let codes = |file: &str| -> Vec<RefusalCode> {
        refused.iter().filter(|(name, _)| name == file).map(|(_, code)| *code).collect()
    };
    assert_eq!(codes("a-wide.csv"), [RefusalCode::TooLarge]);
    assert_eq!(codes("b-long-cell.csv"), [RefusalCode::TooLarge]);
    // A quoted cell of three million lines is a quote that was never closed: what it swallowed is refused, what follows is read.
    assert!(!codes("c-long-quoted.csv").is_empty());
    assert_eq!(codes("d-long.xml"), [RefusalCode::TooLarge]);
    assert_eq!(codes("e-deep.html"), [RefusalCode::EmptyArticle]);
    assert_eq!(codes("f-deep.json"), [RefusalCode::BadJson]);
    assert_eq!(codes("g-deep.jsonl"), [RefusalCode::TooLarge]);
    assert_eq!(
        (codes("i-cut.xlsx"), codes("j-cut.xls")),
        (vec![RefusalCode::Damaged], vec![RefusalCode::Damaged])
    );
    assert!(codes("k-quotes.csv").iter().all(|code| *code == RefusalCode::BadRow));
    assert!(!codes("k-quotes.csv").is_empty());
    assert_eq!(codes("m-zeros.txt"), [RefusalCode::EmptyArticle]);
    for name in ["n-values.jsonl", "o-children.xml", "p-columns.json"] {
        assert_eq!(codes(name), [RefusalCode::TooLarge], "{name}");
    }
    assert!(codes("z-good.csv").is_empty());
    assert!(articles > 20_000, "{articles}");
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn reading_is_total_over_any_bytes_under_any_name(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        begin in prop::sample::select(vec![
            "", "PK\x03\x04", "<?xml version=\"1.0\"?><rss><item>", "<html><p>", "title,body\n", "[{", "{\"title\":", "DATE 1\nTIT1 a\nTEXT\n",
        ]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        for ending in ["jsonl", "json", "csv", "tsv", "xlsx", "xls", "ods", "xml", "html", "txt", "csv.gz", "json.zst"] {
            let content = [begin.as_bytes(), &bytes].concat();
            fs::write(folder.path().join(format!("a.{ending}")), content).unwrap();
        }
        let _ = read(folder.path());
    }
}
