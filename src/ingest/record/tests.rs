#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::ingest::files::SourceKind;
use std::io::Write;
use std::sync::atomic::AtomicBool;

fn source(folder: &tempfile::TempDir, name: &str, kind: SourceKind, bytes: &[u8]) -> SourceFile {
    let full_path = folder.path().join(name);
    std::fs::write(&full_path, bytes).unwrap();
    SourceFile {
        path: name.into(),
        kind,
        compressed: false,
        bytes: bytes.len() as u64,
        modified_ns: 0,
        number: 0,
        full_path,
        rule: None,
    }
}

fn gz(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn bytes(content: RecordContent) -> Vec<u8> {
    match content {
        RecordContent::Json(bytes) | RecordContent::Html(bytes) | RecordContent::ScrapedPage(bytes) => bytes,
        RecordContent::Fields(fields) | RecordContent::Feed { fields, .. } => {
            serde_json::to_vec(&fields).unwrap()
        }
    }
}

fn lines(reader: RecordReader) -> Vec<(Option<u64>, Result<String, RefusalCode>)> {
    reader
        .map(|found| match found {
            Ok(record) => (record.line, Ok(String::from_utf8(bytes(record.content)).unwrap())),
            Err(refused) => (refused.line, Err(refused.refusal.code)),
        })
        .collect()
}

#[test]
fn lines_keep_their_numbers_over_blanks_and_breaks() {
    let folder = tempfile::tempdir().unwrap();
    let file = source(&folder, "a.jsonl", SourceKind::Lines, b"{}\r\n\n \n{\"a\":1}");
    let mut reader = RecordReader::open(&file).unwrap();
    let first = reader.next_record().unwrap().unwrap();
    assert_eq!((first.line, bytes(first.content)), (Some(1), b"{}".to_vec()));
    assert_eq!(reader.next_record().unwrap().unwrap().line, Some(4));
    assert!(reader.next_record().is_none());
    assert_eq!(reader.bytes_read(), file.bytes);
}

#[test]
fn an_action_is_one_also_as_the_last_line() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"{\"index\":{\"_id\":\"a\"}}\n{\"title\":\"x\"}\n{\"delete\":{\"_id\":\"b\"}}";
    for ending in [&b""[..], b"\n"] {
        let file = source(&folder, "a.jsonl", SourceKind::Lines, &[text, ending].concat());
        let mut reader = RecordReader::open(&file).unwrap();
        assert_eq!(reader.next_record().unwrap().unwrap().id.as_deref(), Some("a"));
        assert!(reader.next_record().is_none());
        assert_eq!(reader.skipped().get(&SkipRule::Deletion), Some(&1));
    }
}

#[test]
fn answers_of_an_api_one_a_line_are_taken_apart() {
    let folder = tempfile::tempdir().unwrap();
    let answers = concat!(
        r#"{"total":2,"items":[{"title":"가"},{"title":"나"}]}"#,
        "\n",
        r#"{"title":"다","body":"본문","related":[{"title":"관련"}]}"#,
        "\n\n",
        r#"{"return_object":{"documents":[{"title":"라"}]}}"#,
        "\n",
        r#"{"resultList":[ {"TITLE":"마","CONTENT":"바"} ]}"#,
    );
    let of = |last: &str| {
        let text = format!("{answers}{last}");
        let file = source(&folder, "a.jsonl", SourceKind::Lines, text.as_bytes());
        lines(RecordReader::open(&file).unwrap())
    };
    let record = |line, text: &str| (Some(line), Ok(text.to_owned()));
    let mut expected = vec![
        record(1, r#"{"title":"가"}"#),
        record(1, r#"{"title":"나"}"#),
        record(2, r#"{"title":"다","body":"본문","related":[{"title":"관련"}]}"#),
        record(4, r#"{"title":"라"}"#),
        record(5, r#"{"TITLE":"마","CONTENT":"바"}"#),
    ];
    assert_eq!(of(""), expected);
    expected.push(record(6, r#"{"title":"사"}"#));
    assert_eq!(of("\n{\"title\":\"사\"}\n"), expected);
}

#[test]
fn a_line_above_the_limit_is_refused_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = vec![b'x'; MAX_RECORD_BYTES + 1];
    bytes.extend_from_slice(b"\n{}\n");
    let file = source(&folder, "a.jsonl", SourceKind::Lines, &bytes);
    let found = lines(RecordReader::open(&file).unwrap());
    assert_eq!(found, [(Some(1), Err(RefusalCode::TooLarge)), (Some(2), Ok("{}".to_owned()))]);
}

#[test]
fn several_gzip_members_and_zstd_frames() {
    let folder = tempfile::tempdir().unwrap();
    let both = [gz(b"{}\n"), gz(b"{\"b\":2}\n")].concat();
    let file = source(&folder, "a.jsonl.gz", SourceKind::Lines, &both);
    assert_eq!(lines(RecordReader::open(&file).unwrap()).len(), 2);
    let both =
        [zstd::encode_all(&b"{}\n"[..], 1).unwrap(), zstd::encode_all(&b"{}\n"[..], 1).unwrap()].concat();
    let file = source(&folder, "a.jsonl.zst", SourceKind::Lines, &both);
    assert_eq!(lines(RecordReader::open(&file).unwrap()).len(), 2);
}

#[test]
fn a_damaged_tail_keeps_what_came_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = gz(b"{}\n{}\n");
    bytes.extend_from_slice(&gz(b"{\"lost\":1}\n")[..12]);
    let file = source(&folder, "a.jsonl.gz", SourceKind::Lines, &bytes);
    let found = lines(RecordReader::open(&file).unwrap());
    assert_eq!(found.iter().filter(|(_, line)| line.is_ok()).count(), 2);
    assert_eq!(found.last(), Some(&(Some(3), Err(RefusalCode::Damaged))));

    let whole = zstd::encode_all("{\"a\":\"가\"}\n".repeat(9).as_bytes(), 1).unwrap();
    let file = source(&folder, "a.jsonl.zst", SourceKind::Lines, &whole[..whole.len() - 2]);
    let found = lines(RecordReader::open(&file).unwrap());
    assert_eq!(found.last().map(|(_, line)| line.clone()), Some(Err(RefusalCode::Damaged)));
}

#[test]
fn a_cp949_array_comes_out_as_utf8_elements() {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, _, _) = encoding_rs::EUC_KR.encode("[{\"title\":\"첫째\"},\n{\"title\":\"둘째\"}]");
    let file = source(&folder, "a.json", SourceKind::Json, &bytes);
    let found = lines(RecordReader::open(&file).unwrap());
    assert_eq!(
        found,
        [(Some(1), Ok("{\"title\":\"첫째\"}".to_owned())), (Some(2), Ok("{\"title\":\"둘째\"}".to_owned()))]
    );
    let file = source(&folder, "b.json", SourceKind::Json, &[b'{', 0xFF, 0xFF]);
    assert_eq!(lines(RecordReader::open(&file).unwrap()), [(None, Err(RefusalCode::BadEncoding))]);
}

#[test]
fn a_scraped_page_is_one_record() {
    let folder = tempfile::tempdir().unwrap();
    let file = source(&folder, "a.txt", SourceKind::Text, "제목\n본문".as_bytes());
    let found: Vec<_> = RecordReader::open(&file).unwrap().collect();
    assert_eq!(found.len(), 1);
    assert!(matches!(found[0].as_ref().unwrap().content, RecordContent::ScrapedPage(_)));
}

#[test]
fn a_file_that_cannot_be_opened_is_one_refusal_and_nothing_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let gone = source(&folder, "gone.jsonl", SourceKind::Lines, b"{}\n");
    std::fs::remove_file(&gone.full_path).unwrap();
    let mut sources = vec![gone];
    #[cfg(unix)]
    {
        // Each takes the place of a file after it was listed. A pipe that nobody writes to would be waited for.
        let pipe = source(&folder, "pipe.jsonl", SourceKind::Lines, b"{}\n");
        std::fs::remove_file(&pipe.full_path).unwrap();
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe.full_path, mode).unwrap();
        let link = source(&folder, "link.jsonl", SourceKind::Lines, b"{}\n");
        std::fs::rename(&link.full_path, folder.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), &link.full_path).unwrap();
        let device = SourceFile { full_path: "/dev/zero".into(), ..link.clone() };
        sources.extend([pipe, link, device]);
    }
    let directory = SourceFile { full_path: folder.path().to_owned(), ..sources[0].clone() };
    sources.push(directory);
    for source in sources {
        let refused = RecordReader::open(&source).err().unwrap();
        assert_eq!((refused.refusal.code, refused.line), (RefusalCode::Unreadable, None), "{source:?}");
        assert_eq!(refused.file, source.path);
    }
}

#[test]
fn a_file_cut_short_while_it_is_read_is_one_refusal_after_its_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("{{\"title\": \"{}\"}}\n", "가".repeat(300));
    let whole = line.repeat(2000);
    let file = source(&folder, "a.jsonl", SourceKind::Lines, whole.as_bytes());
    let mut reader = RecordReader::open(&file).unwrap();
    reader.next_record().unwrap().unwrap();
    let cut = std::fs::File::options().write(true).open(&file.full_path).unwrap();
    // In the middle of a line, which is no record any more.
    cut.set_len(1000 * line.len() as u64 + 17).unwrap();
    let found = lines(reader);
    assert_eq!(found.iter().filter(|(_, line)| line.is_ok()).count(), 999);
    assert_eq!(found.last(), Some(&(Some(1001), Err(RefusalCode::Damaged))));
    assert_eq!(found.len(), 1000);

    // Between two lines, and before it was opened.
    cut.set_len(3 * line.len() as u64).unwrap();
    let found = lines(RecordReader::open(&file).unwrap());
    assert_eq!(found.len(), 4);
    assert_eq!(found[3], (Some(4), Err(RefusalCode::Damaged)));
    cut.set_len(0).unwrap();
    for kind in [SourceKind::Lines, SourceKind::Json, SourceKind::Text, SourceKind::Table] {
        let found = lines(RecordReader::open(&SourceFile { kind, ..file.clone() }).unwrap());
        assert_eq!(found.len(), 1, "{kind:?}");
        assert_eq!(found[0].1, Err(RefusalCode::Damaged), "{kind:?}");
    }
}

#[test]
fn a_file_that_grows_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = source(&folder, "a.jsonl", SourceKind::Lines, b"{}\n");
    let mut more = std::fs::File::options().append(true).open(&file.full_path).unwrap();
    more.write_all(b"{\"b\":2}").unwrap();
    assert_eq!(lines(RecordReader::open(&file).unwrap()).len(), 2);
}

/// A compressed file whose content has no end for all practical purposes: 64 GB of one byte in a few megabytes.
fn endless(folder: &tempfile::TempDir, byte: u8) -> SourceFile {
    let frame = zstd::encode_all(&vec![byte; 16 << 20][..], 1).unwrap();
    source(folder, "a.jsonl.zst", SourceKind::Lines, &frame.repeat(4096))
}

#[test]
fn reading_stops_when_it_is_told_to_even_where_there_is_no_record() {
    let folder = tempfile::tempdir().unwrap();
    let file = endless(&folder, b'\n');
    let (bytes, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while bytes.load(Ordering::Relaxed) == 0 {
                std::thread::yield_now();
            }
            stop.store(true, Ordering::Relaxed);
        });
        let mut reader = RecordReader::open_watched(&file, ReadWatch { bytes: &bytes, stop: &stop }).unwrap();
        let refused = reader.next_record().unwrap().unwrap_err();
        assert!(refused.refusal.detail.contains("stopped"), "{refused:?}");
        assert!(reader.next_record().is_none());
        assert_eq!(bytes.load(Ordering::Relaxed), reader.bytes_read());
    });
}

#[test]
fn a_file_that_expands_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = endless(&folder, b'x');
    let found = lines(RecordReader::open(&file).unwrap());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].1, Err(RefusalCode::TooLarge));
}
