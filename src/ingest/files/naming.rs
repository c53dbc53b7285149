//! What the name of a file says of it.

use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use super::super::format::way_out;
use super::SourceKind;

/// Whether programs give this name to what they have not finished writing: a download, a copy, the lock of an office program.
pub(super) fn is_unfinished(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with(b"~$") || name.ends_with(b".part") || name.ends_with(b".tmp")
}

/// What the file is by its name, and whether it is compressed; `Err` says what to do with it.
pub(super) fn kind_of(path: &Path) -> Result<(SourceKind, bool), String> {
    // As bytes: a name need not be UTF-8, and the endings are ASCII.
    let name = path.file_name().unwrap_or_default().as_encoded_bytes().to_ascii_lowercase();
    let unpacked = [&b".gz"[..], b".zst"].iter().find_map(|ending| name.strip_suffix(*ending));
    let (bare, compressed) = (unpacked.unwrap_or(&name), unpacked.is_some());
    let at = bare.iter().rposition(|byte| *byte == b'.').unwrap_or(0);
    let (stem, ending) = bare.split_at(at);
    let kind = match ending {
        b".jsonl" | b".ndjson" | b".jl" | b".jsonlines" | b".ldjson" => SourceKind::Lines,
        b".json" => SourceKind::Json,
        b".csv" | b".tsv" | b".tab" => SourceKind::Table,
        b".xlsx" | b".xlsm" | b".xls" | b".ods" => SourceKind::Workbook,
        b".xml" | b".rss" | b".atom" | b".rdf" => SourceKind::Xml,
        b".html" | b".htm" | b".xhtml" => SourceKind::Html,
        b".txt" | b".text" | b".md" | b".markdown" if is_about_the_folder(stem) => {
            let detail = "a file that explains the folder is not an article; keep it outside of the articles folder, or hide it (.README.txt)";
            return Err(detail.to_owned());
        }
        b".txt" | b".text" => SourceKind::Text,
        b".md" | b".markdown" => SourceKind::Markdown,
        b".dat" | b".data" | b".log" | b".dump" | b".out" | b".asc" | b".prn" | b".php" | b".asp"
        | b".aspx" | b".jsp" | b".do" | b".nhn" | b".naver" | b".daum" | b".bak" | b".backup" | b".old"
        | b".orig" | b".save" | b".download" | b".export" | b".cgi" | b".shtml" => SourceKind::Unknown,
        // `news.20310501`, `part.003`
        [b'.', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            SourceKind::Unknown
        }
        _ if bare.contains(&b'?') || !bare.contains(&b'.') => SourceKind::Unknown,
        _ => return Err(way_out(String::from_utf8_lossy(ending).trim_start_matches('.'))),
    };
    Ok((kind, compressed))
}

/// Whether people give this name, in lower case, to files that explain a folder, or list what is in it.
fn is_about_the_folder(stem: &[u8]) -> bool {
    const NAMES: [&str; 22] = [
        "license",
        "licence",
        "changelog",
        "press_list",
        "press-list",
        "presslist",
        "url_list",
        "file_list",
        "filelist",
        "urls",
        "읽어주세요",
        "읽어보세요",
        "읽어 주세요",
        "읽어 보세요",
        "필독",
        "설명",
        "설명서",
        "목록",
        "언론사목록",
        "언론사_목록",
        "매체목록",
        "기사목록",
    ];
    // A Mac writes names in single jamo.
    let name: String = String::from_utf8_lossy(stem).nfc().collect();
    let name =
        name.trim_start_matches(|c: char| matches!(c, '_' | '!' | '(' | '[' | ' ') || c.is_ascii_digit());
    let is_readme = ["readme", "read_me", "read-me", "read me"].iter().any(|word| name.starts_with(word));
    // `LICENSE_ko`, `설명(필독)`; `license-plates-found` is a headline.
    is_readme || NAMES.iter().any(|word| name.strip_prefix(word).is_some_and(is_short_addition))
}

/// Whether the file at `path` is called a file of readers' comments.
pub(super) fn is_named_for_comments(path: &Path) -> bool {
    const NAMES: [&str; 9] = [
        "comments",
        "comment",
        "replies",
        "댓글",
        "댓글목록",
        "댓글_목록",
        "comment_list",
        "comment-list",
        "commentlist",
    ];
    let lower = |name: &std::ffi::OsStr| name.to_string_lossy().to_lowercase().nfc().collect::<String>();
    let stem = lower(path.file_name().unwrap_or_default());
    let stem = stem.split('.').next().unwrap_or_default();
    // `comments_001-0010429592`
    let numbered = |rest: &str| {
        rest.starts_with(|c: char| !c.is_alphanumeric()) && rest.chars().all(|c| !c.is_alphabetic())
    };
    let is_named = NAMES
        .iter()
        .any(|name| stem.strip_prefix(name).is_some_and(|rest| is_short_addition(rest) || numbered(rest)));
    let mut folders = path.parent().into_iter().flat_map(Path::iter).map(lower);
    is_named || folders.any(|folder| matches!(folder.as_str(), "comments" | "댓글"))
}

/// What may follow such a name: nothing, a number, a language, `(필독)`.
fn is_short_addition(rest: &str) -> bool {
    rest.is_empty()
        || rest.bytes().all(|byte| byte.is_ascii_digit())
        // A blank joins the words of a headline: `설명 못한다`.
        || rest.starts_with(|c: char| !c.is_alphanumeric() && c != ' ') && rest.chars().count() <= 5
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn endings_say_what_a_file_is_or_what_to_do() {
        for (name, kind, compressed) in [
            ("a.jsonl", SourceKind::Lines, false),
            ("a.JSON.gz", SourceKind::Json, true),
            ("NewsResult_20240301-20240307.xlsx", SourceKind::Workbook, false),
            ("a.csv.zst", SourceKind::Table, true),
            ("feed.rss", SourceKind::Xml, false),
            ("2024.03.05.htm", SourceKind::Html, false),
            ("articleView.html?idxno=7", SourceKind::Unknown, false),
            ("view.php", SourceKind::Unknown, false),
            ("20240305001.gz", SourceKind::Unknown, true),
            ("news.20310501", SourceKind::Unknown, false),
            ("wire.dat.gz", SourceKind::Unknown, true),
            ("items.jl", SourceKind::Lines, false),
            ("items.jsonlines.gz", SourceKind::Lines, true),
            ("news.csv.bak", SourceKind::Unknown, false),
            ("export.download", SourceKind::Unknown, false),
            ("page.text", SourceKind::Text, false),
            ("2031-05-05-library.md", SourceKind::Markdown, false),
        ] {
            assert_eq!(kind_of(Path::new(name)), Ok((kind, compressed)), "{name}");
        }
        for (name, word) in [
            ("a.parquet", "duckdb"),
            ("a.hwp", "한글"),
            ("a.exe", "unknown"),
            ("README.txt", "explains"),
            ("README.md", "explains"),
            ("a.tgz", "unpack"),
            ("a.tar.gz", "unpack"),
            ("a.eml", "mails"),
        ] {
            let detail = kind_of(Path::new(name)).unwrap_err();
            assert!(detail.contains(word), "{name}: {detail}");
        }
    }

    #[test]
    fn names_of_what_is_no_article() {
        for name in [
            "README_ko.txt",
            "readme-utf8.txt",
            "README(필독).txt",
            "00_readme first.txt",
            "LICENSE_en.txt",
            "설명.txt",
            "설명(필독).txt",
            "목록_2.txt",
            "press_list2.txt",
            // In single jamo.
            "\u{1106}\u{1169}\u{11A8}\u{1105}\u{1169}\u{11A8}.txt",
        ] {
            assert!(kind_of(Path::new(name)).unwrap_err().contains("explains"), "{name}");
        }
        for name in ["license-plates-found.txt", "설명회.txt", "설명 못한다.txt", "목록에 없는 책.txt"]
        {
            assert_eq!(kind_of(Path::new(name)), Ok((SourceKind::Text, false)), "{name}");
        }
        for path in [
            "comments.txt",
            "comment_list.txt",
            "Comments_001-0010429592.txt",
            "comments/001.txt",
            "댓글.txt",
            "2031/댓글/7.txt",
            "댓글_001.txt",
        ] {
            assert!(is_named_for_comments(Path::new(path)), "{path}");
        }
        for path in
            ["comment-on-the-budget.txt", "댓글 조작.txt", "댓글공작.txt", "commentary/1.txt", "a.txt"]
        {
            assert!(!is_named_for_comments(Path::new(path)), "{path}");
        }
    }
}
