//! `gisa backup DIR`: needs no lock, so a server may be running.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use gisa::config::Config;
use gisa::service::backup::{BackupOptions, BackupReport, backup, verify};
use indicatif::HumanBytes;

use super::Failure;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The backup: a folder that is empty or does not exist yet
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Also copy the index in service; without it, a restore rebuilds the index
    #[arg(long)]
    index: bool,
    /// Only read every byte of the backup in DIR and compare it with its checksums
    #[arg(long, conflicts_with = "index")]
    verify: bool,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let dir = arguments.dir.display();
    let mut out = io::stdout().lock();
    if arguments.verify {
        let manifest = verify(&arguments.dir)?;
        let (files, bytes) = (manifest.files.len(), HumanBytes(manifest.bytes()));
        writeln!(out, "{dir} is complete: {files} files, {bytes}, made {}", manifest.created_at)?;
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.index && !config.index_dir.is_dir() {
        return Err(Failure::new(format_args!(
            "there is no index in {} to back up; omit --index",
            config.index_dir.display()
        )));
    }
    let options = BackupOptions { index: arguments.index };
    let report = backup(config, &arguments.dir, options)?;
    print_report(&mut out, &report)?;
    writeln!(out, "backup in {dir}")?;
    Ok(ExitCode::SUCCESS)
}

fn print_report(out: &mut impl Write, report: &BackupReport) -> io::Result<()> {
    for skipped in &report.skipped {
        writeln!(out, "doubtful  {}: {}", skipped.path.display(), skipped.why)?;
    }
    for damage in &report.journal_damaged {
        writeln!(
            out,
            "damaged   pushed/{}: {} bytes at {}: {}",
            damage.file, damage.bytes, damage.offset, damage.why
        )?;
    }
    for missing in &report.journal_missing {
        writeln!(out, "missing   pushed: entries {} to {}", missing.first, missing.last)?;
    }
    let index = report.generation.as_deref().unwrap_or("no index");
    let (files, bytes, last) = (report.files, HumanBytes(report.bytes), report.journal_last_sequence);
    writeln!(out, "{files} files, {bytes}, journal up to entry {last}, {index}, {:.1} s", report.seconds)
}
