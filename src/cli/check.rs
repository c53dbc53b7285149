//! `gisa check`: every generation, thoroughly, the unpacked dictionary, the journal of pushed articles, saved searches, and the lexicon's doubtful lines. Needs no
//! lock, so a server may be running.

use std::io::{self, Write};
use std::process::ExitCode;

use gisa::alerts::SavedSearches;
use gisa::cluster::Condition;
use gisa::config::Config;
use gisa::index::folder::is_newer;
use gisa::index::{Generation, IndexError, IndexFolder};
use gisa::ingest::PUSHED_FOLDER;
use gisa::journal;
use gisa::korean::dictionary;
use gisa::service::check_lexicon;
use indicatif::HumanBytes;

use super::Failure;

pub(super) fn run(config: &Config) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    let sound = [
        check_generations(config, &mut out)?,
        check_dictionary(config, &mut out)?,
        check_journal(config, &mut out)?,
        check_searches(config, &mut out)?,
        check_cluster(config, &mut out)?,
    ];
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
    let names = folder.generations()?;
    if names.is_empty() && config.engine.is_some() {
        // A machine that only reads from the cluster.
        return Ok(true);
    }
    let (current, mut sound) = match folder.current() {
        Ok(None) if names.is_empty() => return Err(missing().into()),
        Ok(Some(current)) => (Some(current), true),
        Ok(None) => {
            writeln!(out, "CURRENT  DAMAGED: {}", folder.current_is_missing())?;
            (None, false)
        }
        Err(error) => {
            writeln!(out, "CURRENT  DAMAGED: {error}")?;
            (None, false)
        }
    };
    if let Some(current) = current.as_ref().filter(|current| !names.contains(current)) {
        sound = false;
        writeln!(out, "{current}  DAMAGED (in service): its folder is missing")?;
    }
    for name in &names {
        let role = if Some(name) == current.as_ref() { " (in service)" } else { "" };
        let checked = Generation::open_verified(&folder, name)
            .and_then(|generation| generation.bytes().map(|bytes| (generation, HumanBytes(bytes))));
        match checked {
            Ok((generation, bytes)) => {
                let (articles, built_at) = (generation.articles(), &generation.info().built_at);
                writeln!(out, "{name}  sound{role}: {articles} articles, {bytes}, built {built_at}")?;
            }
            // A build that is running or was killed: newer than the generation in service, and not used by anything.
            Err(_) if current.as_ref().is_none_or(|current| is_newer(name, current)) => {
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

/// Compares the unpacked dictionary with its checksums. False if it is damaged.
fn check_dictionary(config: &Config, out: &mut impl Write) -> Result<bool, Failure> {
    let folder = dictionary::folder_in(&config.index_dir).map_err(Failure::new)?;
    if !folder.is_dir() {
        writeln!(out, "dictionary  not unpacked yet")?;
        return Ok(true);
    }
    let damaged = dictionary::damaged_files(&folder).map_err(Failure::new)?;
    if damaged.is_empty() {
        writeln!(out, "dictionary  sound")?;
    } else {
        let files = damaged.join(", ");
        writeln!(out, "dictionary  DAMAGED: {files}; a start and a reindex unpack it anew, then reindex")?;
    }
    Ok(damaged.is_empty())
}

/// Reads the saved searches. False if they cannot be read.
fn check_searches(config: &Config, out: &mut impl Write) -> Result<bool, Failure> {
    match SavedSearches::open(&config.data_dir).all() {
        // Where nobody saves searches there is nothing to say.
        Ok(searches) if searches.is_empty() => Ok(true),
        Ok(searches) => {
            writeln!(out, "searches  sound: {} saved", searches.len())?;
            Ok(true)
        }
        Err(error) => {
            writeln!(out, "searches  DAMAGED: {error}")?;
            Ok(false)
        }
    }
}

/// Looks at what the cluster serves, where one is configured. False if it lacks articles.
fn check_cluster(config: &Config, out: &mut impl Write) -> Result<bool, Failure> {
    let Some(cluster) = &config.engine else { return Ok(true) };
    match cluster.client().and_then(|client| Condition::of(&client, &cluster.prefix)) {
        Ok(condition) => {
            let Condition { index, sequence, articles, found, health, left_out } = &condition;
            let state = if condition.is_sound() { "sound" } else { "DAMAGED" };
            writeln!(
                out,
                "cluster  {state}: {index}, {found} of {articles} articles, up to entry {sequence} of the journal, {health}, {left_out} left out"
            )?;
            Ok(condition.is_sound())
        }
        Err(error) => {
            writeln!(out, "cluster  DAMAGED: {error}")?;
            Ok(false)
        }
    }
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
