//! How fast files of each format are read and cleaned, beside JSON lines: the same articles in each, in one run.
//!
//! `cargo bench --bench formats`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod newsroom;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, SamplingMode, Throughput};
use gisa::article::Article;
use gisa::ingest::{Cleaner, IngestRules, OutletNames, RecordReader, list_files};
use rust_xlsxwriter::Workbook;

/// Articles in each format: what a day brings to a large archive.
const ARTICLES: usize = 2000;

/// Reads and cleans all of a folder, and gives the articles.
fn read(folder: &Path, cleaner: &Cleaner) -> Vec<Article> {
    let mut articles = Vec::new();
    for file in list_files(folder, &IngestRules::default()).unwrap().files {
        for record in RecordReader::open(&file).unwrap() {
            articles.push(cleaner.read(record.unwrap(), "").unwrap().article);
        }
    }
    articles
}

fn cells(article: &Article) -> [String; 5] {
    [
        article.id.to_string(),
        article.title.clone(),
        article.body.clone(),
        article.outlet.clone().unwrap_or_default(),
        article.published_at.map(|at| at.to_string()).unwrap_or_default(),
    ]
}

const HEADER: [&str; 5] = ["id", "title", "body", "outlet", "published_at"];

/// `text` with what XML and HTML keep for themselves written as entities.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Writes the articles as one format into `folder`.
fn write(folder: &Path, format: &str, articles: &[Article]) {
    let mut text = String::new();
    match format {
        "jsonl" => {
            for article in articles {
                writeln!(text, "{}", serde_json::to_string(article).unwrap()).unwrap();
            }
        }
        "json" => text = serde_json::to_string(articles).unwrap(),
        "csv" => {
            let mut writer = csv::Writer::from_path(folder.join("a.csv")).unwrap();
            writer.write_record(HEADER).unwrap();
            articles.iter().for_each(|article| writer.write_record(cells(article)).unwrap());
            return writer.flush().unwrap();
        }
        "xlsx" => {
            let mut book = Workbook::new();
            let sheet = book.add_worksheet();
            sheet.write_row(0, 0, HEADER).unwrap();
            for (row, article) in (1..).zip(articles) {
                sheet.write_row(row, 0, cells(article)).unwrap();
            }
            return book.save(folder.join("a.xlsx")).unwrap();
        }
        "rss" => {
            text.push_str("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>가람일보</title>");
            for [id, title, body, outlet, date] in articles.iter().map(cells) {
                let (title, body) = (escaped(&title), escaped(&body).replace('\n', "<br/>"));
                write!(text, "<item><guid>{id}</guid><title>{title}</title><description><![CDATA[{body}]]></description><source>{outlet}</source><pubDate>{date}</pubDate></item>").unwrap();
            }
            text.push_str("</channel></rss>");
        }
        _ => {
            for (number, article) in articles.iter().enumerate() {
                let [_, title, body, outlet, date] = cells(article);
                let head = serde_json::json!({"@type": "NewsArticle", "headline": title, "articleBody": body,
                    "datePublished": date, "publisher": {"name": outlet}});
                let body = escaped(&body).replace('\n', "</p><p>");
                let page = format!(
                    "<!doctype html><html><head><title>{}</title><script type=\"application/ld+json\">{head}</script></head><body><nav><a href=\"/\">처음</a></nav><article><p>{body}</p></article></body></html>",
                    escaped(&title)
                );
                fs::write(folder.join(format!("{number}.html")), page).unwrap();
            }
            return;
        }
    }
    fs::write(folder.join("a").with_extension(if format == "rss" { "xml" } else { format }), text).unwrap();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let temp = tempfile::tempdir().unwrap();
    let data = temp.path().join("articles");
    fs::create_dir(&data).unwrap();
    newsroom::write_archive(&data);
    let cleaner = Cleaner::new(Arc::new(OutletNames::default()));
    let mut articles = read(&data, &cleaner);
    articles.truncate(ARTICLES);

    let mut group = criterion.benchmark_group("formats");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for format in ["jsonl", "json", "csv", "xlsx", "rss", "html"] {
        let folder = temp.path().join(format);
        fs::create_dir(&folder).unwrap();
        write(&folder, format, &articles);
        let bytes: u64 =
            fs::read_dir(&folder).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
        let found = read(&folder, &cleaner);
        assert_eq!(found.len(), articles.len(), "{format}");
        assert!(
            found.iter().all(|article| !article.body.is_empty() && !article.title.is_empty()),
            "{format}"
        );
        println!("{format}: {bytes} bytes");
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(format, |bench| bench.iter(|| read(&folder, &cleaner)));
    }
    group.finish();
    criterion.final_summary();
}
