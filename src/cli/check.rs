//! `gisa check`: every generation, thoroughly, the journal of pushed articles, and the lexicon's doubtful lines. Needs no
//! lock, so a server may be running.

use std::io::{self, Write};
use std::process::ExitCode;

use gisa::config::Config;
use gisa::index::{Generation, IndexError, IndexFolder};
use gisa::ingest::PUSHED_FOLDER;
use gisa::journal;
use gisa::service::check_lexicon;
use indicatif::HumanBytes;

use super::Failure;

pub(super) fn run(config: &Config) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    let sound = [check_generations(config, &mut out)?, check_journal(config, &mut out)?];
    // Doubtful lines of the lexicon are left out and searches go on: they are not a failure.
    for warning in check_lexicon(config)? {
        writeln!(out, "lexicon  {}:{}: {}", warning.file, warning.line, warning.message)?;
    }
    Ok(if sound.iter().all(|sound| *sound) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Verifies every generation. False if one is damaged.
fn check_generations(config: &Config, out: &mut impl Write) -> Result<bool, Failure> {
    let missing = || IndexError::Missing { path: config.index_dir.clone() };
    if !config.index_dir.is_dir() {
        return Err(missing().into());
    }
    let folder = IndexFolder::new(&config.index_dir)?;
    let current = folder.current()?.ok_or_else(missing)?;
    let names = folder.generations()?;
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
                let (articles, built_at) = (generation.articles(), &generation.info().built_at);
                writeln!(out, "{name}  sound{role}: {articles} articles, {bytes}, built {built_at}")?;
            }
            // A build that is running or was killed: newer than the generation in service, and not used by anything.
            Err(_) if *name > current => {
                writeln!(out, "{name}  unfinished: a reindex is running or was killed")?;
            }
            Err(error) => {
                sound = false;
                writeln!(out, "{name}  DAMAGED{role}: {error}")?;
            }
        }
    }
    Ok(sound)
}

/// Reads the whole journal. False if acknowledged articles may be lost.
fn check_journal(config: &Config, out: &mut impl Write) -> Result<bool, Failure> {
    let journal = journal::inspect(&config.articles_dir().join(PUSHED_FOLDER)).map_err(Failure::new)?;
    let state = if journal.is_sound() { "sound" } else { "DAMAGED" };
    writeln!(out, "journal  {state}: {} entries, the last is {}", journal.entries, journal.last_sequence)?;
    for damage in journal.damage() {
        writeln!(out, "journal  DAMAGED: {damage}")?;
    }
    Ok(journal.is_sound())
}
