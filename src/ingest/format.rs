//! The formats that are read, and what to do with a file of another one.

use serde::{Deserialize, Serialize};

/// What a file turned out to be: the closed list of formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One JSON object a line; also a bulk file of Elasticsearch.
    Jsonl,
    /// One object, an array of objects, several in a row, or an answer of an API.
    Json,
    /// A table of text, separated by commas or semicolons.
    Csv,
    /// A table of text, separated by tabs.
    Tsv,
    /// An Excel workbook.
    Xlsx,
    /// An Excel workbook of 1997 to 2003.
    Xls,
    /// An OpenDocument table.
    Ods,
    /// RSS 2.0 or 1.0.
    Rss,
    /// Atom.
    Atom,
    /// An export of WordPress.
    Wxr,
    /// A news sitemap.
    Sitemap,
    /// Other XML that holds articles under known names.
    Xml,
    /// A page in HTML.
    Html,
    /// Wire text with a tag before each part: `DATE`, `TIT1`, `TEXT`.
    Tagged,
    /// The text of one page.
    Text,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 15] = [
        Self::Jsonl,
        Self::Json,
        Self::Csv,
        Self::Tsv,
        Self::Xlsx,
        Self::Xls,
        Self::Ods,
        Self::Rss,
        Self::Atom,
        Self::Wxr,
        Self::Sitemap,
        Self::Xml,
        Self::Html,
        Self::Tagged,
        Self::Text,
    ];

    /// The format as it is written in reports and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Wxr => "wxr",
            Self::Sitemap => "sitemap",
            Self::Xml => "xml",
            Self::Html => "html",
            Self::Tagged => "tagged",
            Self::Text => "text",
        }
    }
}

/// What to do with a file that cannot be read, by the ending of its name.
pub(super) fn way_out(ending: &str) -> String {
    let advice = match ending {
        "parquet" | "arrow" | "feather" => {
            "Parquet is not read; convert it: duckdb -c \"copy (from 'x.parquet') to 'x.jsonl' (format json)\""
        }
        "sqlite" | "db" => {
            "databases are not read; export the table: sqlite3 x.db '.mode json' 'select * from article' > x.json"
        }
        "sql" => {
            "SQL is not read; load it and export the table as CSV with a header: phpMyAdmin, or mysql --batch -e 'select …' > x.tsv"
        }
        "pdf" => "PDF is not read; take the text out (pdftotext x.pdf x.txt) and check it",
        "hwp" | "hwpx" => "HWP is not read; save it as text (.txt, UTF-8) in 한글",
        "doc" | "docx" | "odt" | "rtf" => "documents of Word are not read; save them as text (.txt, UTF-8)",
        "warc" => "web archives are not read; take the pages out as .html (warcio extract)",
        "eml" | "msg" | "mbox" => {
            "saved mails are not read; save the article in each as a text (.txt, UTF-8), or as a line of JSON with title, body and date in a .jsonl"
        }
        "mhtml" | "mht" => "MHTML is not read; save the page as HTML (.html) in the browser",
        "zip" | "7z" | "rar" | "tar" | "tgz" | "tbz" | "txz" | "bz2" | "xz" | "lzma" | "lz4" | "alz"
        | "egg" | "jar" => {
            "this archive is not unpacked; unpack it, or compress single files with gzip or zstd"
        }
        "xlsb" | "numbers" => "this workbook is not read; save it as .xlsx or .csv",
        "md" => {
            "Markdown is read where title and date stand above the story between lines of ---; any other text of one article may be named .txt"
        }
        _ => {
            "unknown format; use .jsonl, .json, .csv, .tsv, .xlsx, .xls, .ods, .xml (RSS, Atom), .html or .txt, each also with .gz or .zst"
        }
    };
    advice.to_owned()
}
