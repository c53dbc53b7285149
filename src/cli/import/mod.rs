//! `gisa import FILE…`: checks files as a reindex would read them, and copies them into the articles folder.

mod importer;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use gisa::config::Config;
use indicatif::HumanBytes;

use super::Failure;
use super::files::print_file;
use importer::{ImportError, ImportReport, Importer};

/// Refused records, and overridden ids, printed per file.
const MAX_PRINTED: usize = 20;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Files of articles: .jsonl, .json, .csv, .tsv, .xlsx, .xls, .ods, .xml (RSS, Atom, WordPress), .html, .txt; also .gz and .zst
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Replace a file of the same name with different content
    #[arg(long)]
    replace: bool,
    /// Only say what would come of the files: which column or key feeds which field, what is refused, missing or not used.
    /// Nothing is written
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let importer = Importer::new(config, arguments.replace).map_err(Failure::new)?;
    let mut out = io::stdout().lock();
    let (mut imported, mut failed) = (0, Vec::new());
    for file in &arguments.files {
        let read = if arguments.dry_run { importer.look_at(file) } else { importer.import(file) };
        match read {
            Ok(report) if arguments.dry_run => print_report(&mut out, &report, "would be imported")?,
            Ok(report) => {
                print_report(&mut out, &report, if report.unchanged { "already there" } else { "imported" })?;
                imported += 1;
            }
            Err(error) => {
                if let ImportError::NoArticle { report } = &error {
                    print_refused(&mut out, report)?;
                }
                failed.push(error.to_string());
            }
        }
    }
    if imported > 0 {
        writeln!(out, "searchable after the next reindex")?;
    }
    if arguments.dry_run {
        writeln!(out, "nothing was written")?;
    }
    match failed.as_slice() {
        [] => Ok(ExitCode::SUCCESS),
        [error] => Err(Failure::new(error)),
        [error, rest @ ..] => Err(Failure::new(format_args!("{error} (and {} more files)", rest.len()))),
    }
}

fn print_report(out: &mut impl Write, report: &ImportReport, what: &str) -> io::Result<()> {
    let (articles, refused, bytes) = (report.articles, report.refused, HumanBytes(report.bytes));
    writeln!(out, "{}  {what}: {articles} articles, {refused} refused, {bytes}", report.name)?;
    if let Some(file) = &report.file {
        print_file(out, file, "  ")?;
    }
    print_refused(out, report)?;
    for overridden in report.overridden.iter().take(MAX_PRINTED) {
        let what = if overridden.deleted { "was deleted" } else { "was pushed" };
        writeln!(out, "  {} {what} over HTTP, which takes precedence over this file", overridden.id)?;
    }
    if report.overridden_count > MAX_PRINTED as u64 {
        writeln!(
            out,
            "  {} more articles that were pushed or deleted over HTTP",
            report.overridden_count - MAX_PRINTED as u64
        )?;
    }
    Ok(())
}

fn print_refused(out: &mut impl Write, report: &ImportReport) -> io::Result<()> {
    for refused in report.refusals.iter().take(MAX_PRINTED) {
        let line = refused.line.map(|line| format!(":{line}")).unwrap_or_default();
        writeln!(out, "  {}{line}: {}", refused.file.display(), refused.refusal)?;
    }
    if report.refused > MAX_PRINTED as u64 {
        writeln!(out, "  {} more refused", report.refused - MAX_PRINTED as u64)?;
    }
    Ok(())
}
