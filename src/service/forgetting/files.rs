//! Files of articles: those of one JSON object a line are rewritten, the others are named.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use super::{ForgetError, ForgetReport};
use crate::article::ArticleId;
use crate::faults::{self, FaultPoint};
use crate::ingest::{Cleaner, Format, IngestRules, RecordReader, SourceFile, list_files};

/// A file that holds one of the articles, or may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftFile {
    /// The file, relative to the articles folder.
    pub path: PathBuf,
    /// What to do.
    pub advice: String,
}

/// The articles of a file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Content {
    /// Each article, in order, with its line.
    articles: Vec<(ArticleId, Option<u64>)>,
    /// Why a part of it could not be read.
    unread: Option<String>,
    /// Whether it is one object a line, each by itself.
    by_line: bool,
}

/// Rewrites the files in `articles_dir` that hold one of `ids`.
pub(super) fn rewrite(
    articles_dir: &Path,
    rules: &IngestRules,
    ids: &BTreeSet<ArticleId>,
    cleaner: &Cleaner,
    report: &mut ForgetReport,
) -> Result<(), ForgetError> {
    let list = list_files(articles_dir, rules)?;
    for refused in list.refused {
        let advice =
            format!("it is not read as articles ({}); look whether it holds them", refused.refusal.detail);
        report.left.push(LeftFile { path: refused.file, advice });
    }
    for file in list.files {
        let content = content(&file, cleaner);
        let held = content.articles.iter().filter(|(id, _)| ids.contains(id)).count();
        let advice = if held > 0 {
            match rewritten(&file, &content, ids, cleaner) {
                Ok(()) => {
                    report.rewritten.push(file.path.clone());
                    content.unread.map(may_hold)
                }
                Err(why) => Some(format!(
                    "it holds them and {why}; take them out with the program that made it, or remove the file. Until then they are \
                     hidden"
                )),
            }
        } else {
            content.unread.map(may_hold)
        };
        if let Some(advice) = advice {
            report.left.push(LeftFile { path: file.path, advice });
        }
    }
    Ok(())
}

fn may_hold(why: String) -> String {
    format!("a part of it cannot be read ({why}); look whether it holds them")
}

/// Whether the articles in `file` have one of `ids`.
pub(super) fn holds(file: &SourceFile, ids: &BTreeSet<ArticleId>, cleaner: &Cleaner) -> bool {
    content(file, cleaner).articles.iter().any(|(id, _)| ids.contains(id))
}

fn content(file: &SourceFile, cleaner: &Cleaner) -> Content {
    let mut content = Content::default();
    let mut reader = match RecordReader::open(file) {
        Ok(reader) => reader,
        Err(refused) => {
            content.unread = Some(refused.refusal.detail);
            return content;
        }
    };
    let name = file.path.to_string_lossy();
    // The line of an action belongs to the one after it.
    let mut of_pairs = false;
    while let Some(record) = reader.next_record() {
        let read = match record {
            Ok(record) => {
                let line = record.line;
                of_pairs |= record.id.is_some();
                cleaner.read(record, &name).map(|reading| (reading.article.id, line))
            }
            Err(refused) => Err(refused.refusal),
        };
        match read {
            Ok(article) => content.articles.push(article),
            Err(refusal) => content.unread = Some(refusal.detail),
        }
    }
    content.by_line = reader.format() == Format::Jsonl && !of_pairs;
    content
}

/// Replaces `file` by one without the lines of the articles `ids`; the error says why that cannot be.
fn rewritten(
    file: &SourceFile,
    content: &Content,
    ids: &BTreeSet<ArticleId>,
    cleaner: &Cleaner,
) -> Result<(), String> {
    if !content.by_line {
        return Err("is not one JSON object a line".to_owned());
    }
    let lines: BTreeSet<u64> =
        content.articles.iter().filter(|(id, _)| ids.contains(id)).filter_map(|(_, line)| *line).collect();
    let name = file.full_path.file_name().unwrap_or_default().to_string_lossy();
    let new = file.full_path.with_file_name(format!(".{name}.forget"));
    let replaced = copy_without(&file.full_path, &new, &lines).map_err(|error| error.to_string());
    let replaced = replaced.and_then(|()| {
        // Read back: only a file that holds exactly the other articles takes its place.
        let written = self::content(&SourceFile { full_path: new.clone(), ..file.clone() }, cleaner);
        let kept = content.articles.iter().map(|(id, _)| id).filter(|id| !ids.contains(*id));
        if !written.articles.iter().map(|(id, _)| id).eq(kept) {
            return Err("cannot be rewritten line by line".to_owned());
        }
        let rename = || -> io::Result<()> {
            faults::point(FaultPoint::ImportRename)?;
            fs::rename(&new, &file.full_path)?;
            File::open(file.full_path.parent().unwrap_or(Path::new(".")))?.sync_all()
        };
        rename().map_err(|error| format!("cannot be replaced ({error})"))
    });
    if replaced.is_err() {
        // It is hidden, and the next attempt replaces it.
        let _ = fs::remove_file(&new);
    }
    replaced
}

/// Copies a file without the lines of these numbers, packed as it is; durable when this returns.
fn copy_without(from: &Path, to: &Path, lines: &BTreeSet<u64>) -> io::Result<()> {
    faults::point(FaultPoint::ImportCopy)?;
    let mut source = BufReader::new(File::open(from)?);
    let magic = source.fill_buf()?.to_vec();
    let target = File::create(to)?;
    target.set_permissions(fs::metadata(from)?.permissions())?;
    let out = BufWriter::new(target);
    let out = match magic.as_slice() {
        [0x1F, 0x8B, ..] => {
            let mut out = GzEncoder::new(out, flate2::Compression::default());
            lines_without(MultiGzDecoder::new(source), &mut out, lines)?;
            out.finish()?
        }
        [0x28, 0xB5, 0x2F, 0xFD, ..] => {
            let mut out = zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?;
            lines_without(zstd::Decoder::with_buffer(source)?, &mut out, lines)?;
            out.finish()?
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Err(io::Error::other("is UTF-16")),
        _ => {
            let mut out = out;
            lines_without(source, &mut out, lines)?;
            out
        }
    };
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

fn lines_without(from: impl Read, to: &mut impl Write, lines: &BTreeSet<u64>) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if from.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if !lines.contains(&number) {
            to.write_all(&line)?;
        }
    }
    Ok(())
}
