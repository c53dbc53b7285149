//! `gisa key add|list|remove`: changes the file of keys. A running server sees the change with its next request.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Subcommand;
use gisa::access::{FixedFilter, Key, KeyFile, NewKey, Scope};
use gisa::article::Timestamp;
use gisa::config::Config;

use super::Failure;
use super::output::{columns, padded};

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a key and print it: it is shown once and kept nowhere
    Add(New),
    /// List all keys: names, scopes, ends and filters
    List,
    /// Remove a key: from now on nobody is let in by it, or by a sign-in with it
    Remove {
        /// The key's name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(clap::Args)]
struct New {
    /// What people call it
    #[arg(value_name = "NAME")]
    name: String,
    /// What it allows: read, push (write and delete articles), searches (saved searches) or admin (everything); may be repeated
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = scope)]
    scopes: Vec<Scope>,
    /// The last day on which it is valid, as 2026-12-31, in Korean time
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// It shows only these articles: outlet=NAME, outlet_group=NAME, reporter=NAME or section=NAME; may be repeated
    #[arg(long = "filter", value_name = "FIELD=NAME")]
    filters: Vec<String>,
}

fn scope(name: &str) -> Result<Scope, String> {
    Scope::from_name(name).ok_or_else(|| "write read, push, searches or admin".to_owned())
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let file = KeyFile::new(&config.data_dir);
    let mut out = io::stdout().lock();
    match &arguments.command {
        Command::Add(new) => add(&file, new, &mut out)?,
        Command::List => list(&file, &mut out)?,
        Command::Remove { name } => {
            file.change(|keys| keys.remove(name))?;
            writeln!(out, "removed {name}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn add(file: &KeyFile, new: &New, out: &mut impl Write) -> Result<(), Failure> {
    let mut filter = FixedFilter::default();
    for condition in &new.filters {
        filter.add(condition)?;
    }
    let wanted = NewKey {
        name: new.name.clone(),
        scopes: new.scopes.iter().copied().collect(),
        until: new.until.clone(),
        filter,
    };
    let clear = file.change(|keys| keys.add(wanted, Timestamp::now()))?;
    writeln!(out, "{clear}")?;
    Ok(())
}

fn list(file: &KeyFile, out: &mut impl Write) -> Result<(), Failure> {
    let (keys, now) = (file.read()?, Timestamp::now());
    let width = keys.iter().map(|key| columns(&key.name)).max().unwrap_or_default();
    for key in keys.iter() {
        writeln!(out, "{}  {}{}{}", padded(&key.name, width), key.scopes, end(key, now), filter(key))?;
    }
    Ok(())
}

fn end(key: &Key, now: Timestamp) -> String {
    let ended = if key.has_ended(now) { " (ended)" } else { "" };
    key.until.map(|day| format!("  until {day}{ended}")).unwrap_or_default()
}

fn filter(key: &Key) -> String {
    key.filter.as_ref().map(|filter| format!("  only {filter}")).unwrap_or_default()
}
