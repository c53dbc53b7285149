//! `gisa forget ID…`: takes articles out of everything that the program keeps.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use gisa::article::ArticleId;
use gisa::config::Config;
use gisa::service::{ForgetReport, forget};

use super::Failure;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The articles' ids
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// A backup, or a folder of backups, to be looked through: those that still hold an article are listed; may be repeated
    #[arg(long, value_name = "DIR")]
    backups: Vec<PathBuf>,
}

pub(super) fn run(config: Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let ids = arguments.ids.iter().map(|id| {
        ArticleId::new(id).map_err(|error| Failure::new(format_args!("{id:?}: {error}; nothing was changed")))
    });
    let ids = ids.collect::<Result<BTreeSet<_>, _>>()?;
    // A folder that is not there is a slip of the pen: said before anything is changed.
    if let Some(missing) = arguments.backups.iter().find(|folder| !folder.is_dir()) {
        let missing = missing.display();
        return Err(Failure::new(format_args!("there is no folder {missing}; nothing was changed")));
    }
    let report = forget(config, &ids, &arguments.backups).map_err(Failure::new)?;
    let mut out = io::stdout().lock();
    print(&mut out, &report)?;
    if arguments.backups.is_empty() {
        writeln!(out, "backups were not looked through: name their folder with --backups")?;
    }
    Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(out: &mut impl Write, report: &ForgetReport) -> io::Result<()> {
    for file in &report.rewritten {
        writeln!(out, "rewritten  {}", file.display())?;
    }
    writeln!(
        out,
        "erased     {} entries of the journal, earlier texts of {} articles; {} former generations removed, the index built anew",
        report.journal.entries,
        report.versions,
        report.generations.len()
    )?;
    for left in &report.left {
        writeln!(out, "LEFT       {}: {}", left.path.display(), left.advice)?;
    }
    for file in &report.journal.set_aside {
        let advice = "damaged bytes of the journal, which may hold it; remove the file once it is not needed to repair anything";
        writeln!(out, "LEFT       {}: {advice}", file.display())?;
    }
    for copy in &report.copies {
        writeln!(
            out,
            "LEFT       {}: this copy holds it; remove it, or make a new backup in its place",
            copy.display()
        )?;
    }
    Ok(())
}
