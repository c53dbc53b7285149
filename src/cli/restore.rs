//! `gisa restore DIR`: asks a running server to do it; if none runs, takes the index folder's lock and does it itself.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gisa::config::Config;
use gisa::http;
use gisa::index::{IndexError, IndexFolder};
use gisa::service::backup::{RestoreReport, restore_at_restart, restore_in_place};
use indicatif::HumanBytes;
use serde_json::{Value, json};

use super::Failure;
use super::client::{Client, reason};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The backup
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// With a running server: verify and copy now, replace the data at the server's next start
    #[arg(long)]
    at_restart: bool,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if arguments.at_restart {
        let report = restore_at_restart(&arguments.dir, config)?;
        return print(&report, "ready, to be restored at the next start of gisa");
    }
    match IndexFolder::new(&config.index_dir)?.lock() {
        Ok(_lock) => print(&restore_in_place(&arguments.dir, config)?, "restored"),
        Err(IndexError::Locked { .. }) => ask_the_server(config, &arguments.dir),
        Err(error) => Err(error.into()),
    }
}

/// The server has the folders locked: it restores the backup while it continues to serve. Prints each line of its progress.
fn ask_the_server(config: &Config, dir: &Path) -> Result<ExitCode, Failure> {
    let dir = dir.canonicalize().map_err(|error| Failure::new(format_args!("{}: {error}", dir.display())))?;
    let client = Client::new(config);
    let asked = http::admin_secret(config).map_err(Failure::new).and_then(|token| {
        client.post("/api/admin/restore?follow=true", token.expose(), &json!({ "backup": dir }))
    });
    let answer = asked.map_err(|failure| {
        failure.with_context(
            "another gisa process is using this index folder and does not answer; nothing was changed. If it is a reindex, wait \
             until it ends; if it is a server, check its address in config.toml, or use --at-restart",
        )
    })?;
    if !answer.status().is_success() {
        let status = answer.status().as_u16();
        return Err(Failure::new(format_args!("the server refused ({status}): {}", reason(answer))));
    }
    let mut out = io::stdout().lock();
    let mut last = Value::Null;
    for line in BufReader::new(answer.into_body().into_reader()).lines() {
        last = serde_json::from_str(&line?)?;
        let count = |name: &str| last.get(name).and_then(Value::as_u64).unwrap_or(0);
        let (articles, bytes) = (count("articles_indexed"), count("bytes"));
        writeln!(out, "{}: {articles} articles, {}", text(&last, "state"), HumanBytes(bytes))?;
    }
    for note in last.get("notes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        writeln!(out, "{note}")?;
    }
    match text(&last, "state") {
        "succeeded" => {
            writeln!(out, "the restored articles are in service: {}", text(&last, "generation"))?;
            Ok(ExitCode::SUCCESS)
        }
        "" | "queued" | "running" => {
            Err(Failure::new("the server stopped before the restore was finished; start both again"))
        }
        state => Err(Failure::new(format_args!("the restore {state}: {}", text(&last, "error")))),
    }
}

fn text<'a>(line: &'a Value, name: &str) -> &'a str {
    line.get(name).and_then(Value::as_str).unwrap_or("")
}

fn print(report: &RestoreReport, how: &str) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    let (files, bytes) = (report.files, HumanBytes(report.bytes));
    let made = report.manifest.created_at;
    writeln!(out, "{files} files, {bytes} {how}, as of {made}, {:.1} s", report.seconds)?;
    for note in report.notes() {
        writeln!(out, "{note}")?;
    }
    match &report.generation {
        Some(generation) => writeln!(out, "the index is {generation}")?,
        None => writeln!(out, "the index is built at the next start, or by `gisa reindex`")?,
    }
    Ok(ExitCode::SUCCESS)
}
