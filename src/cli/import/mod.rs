//! `gisa import FILE…`: checks files as a reindex would read them, and copies them into the articles folder.

mod importer;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use gisa::config::Config;
use gisa::ingest::{OneOrMore, RuleSpec};
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
    /// Where the list of articles is in a JSON file, as in return_object.documents
    #[arg(long, value_name = "PATH", help_heading = RULE)]
    records: Option<String>,
    /// The key that feeds a field, as in title=headline.main or body=paragraph[1:].form; may be repeated
    #[arg(long, value_name = "FIELD=PATH", help_heading = RULE)]
    field: Vec<String>,
    /// The names of a table's columns in order, separated by commas; - leaves one out
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = RULE)]
    columns: Vec<String>,
    /// The table has a line of names of its own, which --columns replaces
    #[arg(long, requires = "columns", help_heading = RULE)]
    header: bool,
    /// Passes over records with one of these values, as in "분석제외 여부=중복,예외"; may be repeated
    #[arg(long, value_name = "KEY=VALUES", help_heading = RULE)]
    skip: Vec<String>,
    /// The outlet of articles that name none
    #[arg(long, value_name = "OUTLET", help_heading = RULE)]
    outlet_default: Option<String>,
    /// The encoding of the text: utf-8, cp949, utf-16le; found by default
    #[arg(long, value_name = "NAME", help_heading = RULE)]
    encoding: Option<String>,
}

const RULE: &str = "What is said of the files (as [[ingest]] of config.toml, kept beside each)";

impl Arguments {
    /// What the options say of the files.
    fn said(&self) -> Result<RuleSpec, Failure> {
        let pair = |text: &str, option: &str, example: &str| match text.split_once('=') {
            Some((key, value)) if !key.is_empty() && !value.is_empty() => {
                Ok((key.to_owned(), value.to_owned()))
            }
            _ => Err(Failure::new(format_args!("{option} {text}: write it as in {option} {example}"))),
        };
        let mut said = RuleSpec {
            records: self.records.clone().unwrap_or_default(),
            columns: self.columns.clone(),
            header: self.header.then_some(true),
            outlet_default: self.outlet_default.clone().unwrap_or_default(),
            encoding: self.encoding.clone().unwrap_or_default(),
            ..RuleSpec::default()
        };
        for text in &self.field {
            let (field, path) = pair(text, "--field", "title=headline")?;
            said.set_field(&field, &path).map_err(Failure::new)?;
        }
        for text in &self.skip {
            let (key, values) = pair(text, "--skip", "state=draft,deleted")?;
            let values = values.split(',').map(str::to_owned).collect();
            said.skip.insert(key, OneOrMore::More(values));
        }
        Ok(said)
    }
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let importer = Importer::new(config, arguments.replace, &arguments.said()?).map_err(Failure::new)?;
    let mut out = io::stdout().lock();
    let (mut imported, mut failed) = (0, Vec::new());
    let mut names = std::collections::HashSet::new();
    for file in &arguments.files {
        if let Some(name) = file.file_name().filter(|name| !names.insert(name.to_owned())) {
            let name = name.to_string_lossy();
            failed.push(format!(
                "{}: another file of this import is called {name} too; rename one of them",
                file.display()
            ));
            continue;
        }
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
        errors => Err(Failure::new(errors.join("\n"))),
    }
}

fn print_report(out: &mut impl Write, report: &ImportReport, what: &str) -> io::Result<()> {
    let (articles, refused, bytes) = (report.articles, report.refused, HumanBytes(report.bytes));
    writeln!(out, "{}  {what}: {articles} articles, {refused} refused, {bytes}", report.name)?;
    if let Some(file) = &report.file {
        print_file(out, file, "  ")?;
    }
    if let Some(rule) = &report.rule {
        writeln!(out, "  read by the rule in {}", rule.display())?;
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
