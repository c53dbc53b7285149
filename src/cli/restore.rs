//! `gisa restore DIR`: holds the index folder's lock, so that no server writes meanwhile; with `--at-restart` beside one.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gisa::config::Config;
use gisa::engine::backup::{restore_at_restart, restore_in_place};
use gisa::index::{IndexError, IndexFolder};
use indicatif::HumanBytes;

use super::Failure;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The backup
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Beside a running server: verify and copy now, take the place of what is there at its next start
    #[arg(long)]
    at_restart: bool,
}

pub(super) fn run(
    config: &Config,
    config_file: Option<&Path>,
    arguments: &Arguments,
) -> Result<ExitCode, Failure> {
    let report = if arguments.at_restart {
        restore_at_restart(&arguments.dir, config, config_file)?
    } else {
        let _lock = IndexFolder::new(&config.index_dir)?.lock().map_err(|error| match error {
            IndexError::Locked { .. } => Failure::new(
                "a gisa server is using this index folder and would go on writing to what is replaced; nothing was changed. \
                 Stop it first, or use --at-restart: everything is copied now and takes its place when the server starts again",
            ),
            other => other.into(),
        })?;
        restore_in_place(&arguments.dir, config, config_file)?
    };
    let mut out = io::stdout().lock();
    let (files, bytes) = (report.files, HumanBytes(report.bytes));
    let made = report.manifest.created_at;
    let how = if arguments.at_restart { "ready for the restart of gisa" } else { "restored" };
    writeln!(out, "{files} files, {bytes} {how}, as of {made}, {:.1} s", report.seconds)?;
    for former in &report.former {
        writeln!(out, "what was there before: {}", former.display())?;
    }
    if let Some(settings) = &report.config_restored {
        writeln!(out, "the backup's settings differ; they are in {}", settings.display())?;
    }
    match &report.generation {
        Some(generation) => writeln!(out, "the index is {generation}")?,
        None => writeln!(out, "the index is built by the next start, or by `gisa reindex`")?,
    }
    Ok(ExitCode::SUCCESS)
}
