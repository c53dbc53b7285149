//! `gisa check`: every generation, thoroughly, the journal of pushed articles, and the lexicon's doubtful lines. Needs no lock: it also runs beside a server.

use std::io::{self, Write};
use std::process::ExitCode;

use gisa::config::Config;
use gisa::index::{Generation, IndexError, IndexFolder};
use gisa::ingest::PUSHED;
use gisa::journal;
use gisa::service::check_lexicon;
use indicatif::HumanBytes;

use super::Failure;

pub(super) fn run(config: &Config) -> Result<ExitCode, Failure> {
    if !config.index_dir.is_dir() {
        return Err(IndexError::Missing { path: config.index_dir.clone() }.into());
    }
    let folder = IndexFolder::new(&config.index_dir)?;
    let current = folder.current()?;
    let names = folder.generations()?;
    let Some(current) = current else {
        return Err(IndexError::Missing { path: config.index_dir.clone() }.into());
    };
    let mut out = io::stdout().lock();
    let mut sound = names.contains(&current);
    if !sound {
        writeln!(out, "{current}  DAMAGED (in service): its folder is missing")?;
    }
    for name in &names {
        let role = if *name == current { " (in service)" } else { "" };
        let checked = Generation::open_verified(&folder, name)
            .and_then(|generation| generation.bytes().map(|bytes| (generation, HumanBytes(bytes))));
        match checked {
            Ok((generation, bytes)) => {
                let articles = generation.articles();
                writeln!(
                    out,
                    "{name}  sound{role}: {articles} articles, {bytes}, built {}",
                    generation.info().built_at
                )?;
            }
            // A build at work, or one that was killed: newer than what serves, and nothing serves from it.
            Err(_) if *name > current => {
                writeln!(out, "{name}  unfinished: a reindex is running or was killed")?
            }
            Err(error) => {
                sound = false;
                writeln!(out, "{name}  DAMAGED{role}: {error}")?;
            }
        }
    }
    let journal = journal::inspect(&config.articles_dir().join(PUSHED)).map_err(Failure::new)?;
    writeln!(
        out,
        "journal  {}: {} entries, the last is {}",
        if journal.is_sound() { "sound" } else { "DAMAGED" },
        journal.entries,
        journal.last_sequence
    )?;
    for damage in journal.damage() {
        sound = false;
        writeln!(out, "journal  DAMAGED: {damage}")?;
    }
    // The index serves all the same without a line of the lexicon: warnings are no failure.
    for warning in check_lexicon(config)? {
        writeln!(out, "lexicon  {}:{}: {}", warning.file, warning.line, warning.message)?;
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
