//! The file of a day: `2026-11-28.jsonl`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use time::Date;
use time::macros::format_description;

use super::counts::Counts;
use super::error::AskedError;
use super::event::Event;

/// The name under which a file that is added up is written.
const TEMPORARY: &str = ".adding-up";

/// The file of a day in `folder`.
pub(super) fn path(folder: &Path, day: Date) -> PathBuf {
    folder.join(format!("{day}.jsonl"))
}

/// The days that have a file, oldest first.
///
/// # Errors
/// [`AskedError`]: the folder cannot be read.
pub(super) fn days(folder: &Path) -> Result<Vec<Date>, AskedError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(AskedError::of("cannot read", folder))?,
    };
    let mut days = Vec::new();
    for entry in entries {
        let name = entry.map_err(AskedError::of("cannot read", folder))?.file_name();
        days.extend(name.to_str().and_then(|name| name.strip_suffix(".jsonl")).and_then(day_of));
    }
    days.sort_unstable();
    Ok(days)
}

fn day_of(name: &str) -> Option<Date> {
    Date::parse(name, format_description!("[year]-[month]-[day]")).ok()
}

/// Hands the events of a day to `take`. Returns how many lines are damaged: the last one is, where the machine went down while it was
/// written.
///
/// # Errors
/// [`AskedError`]: the file is there and cannot be read.
pub(super) fn read(folder: &Path, day: Date, mut take: impl FnMut(Event)) -> Result<u64, AskedError> {
    let path = path(folder, day);
    let text = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        text => text.map_err(AskedError::of("cannot read", &path))?,
    };
    let mut damaged = 0;
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice(line) {
            Ok(event) => take(event),
            Err(_) => damaged += 1,
        }
    }
    Ok(damaged)
}

/// Writes a day anew, each query on one line: as a whole or not at all. Without a line the file goes.
///
/// # Errors
/// [`AskedError`].
pub(super) fn write(folder: &Path, day: Date, counts: &Counts) -> Result<(), AskedError> {
    let path = path(folder, day);
    if counts.events().next().is_none() {
        return remove(folder, day);
    }
    let temporary = folder.join(TEMPORARY);
    let written = || -> io::Result<()> {
        let mut file = BufWriter::new(options().write(true).truncate(true).open(&temporary)?);
        for event in counts.events() {
            file.write_all(&line(&event)?)?;
        }
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&temporary, &path)
    };
    written().map_err(AskedError::of("cannot write", &path))
}

/// Opens a day's file for appending.
///
/// # Errors
/// [`AskedError`].
pub(super) fn append(folder: &Path, day: Date) -> Result<File, AskedError> {
    let path = path(folder, day);
    let file = fs::create_dir_all(folder).and_then(|()| options().append(true).open(&path));
    file.map_err(AskedError::of("cannot open", &path))
}

/// Removes a day.
///
/// # Errors
/// [`AskedError`].
pub(super) fn remove(folder: &Path, day: Date) -> Result<(), AskedError> {
    let path = path(folder, day);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(AskedError::of("cannot remove", &path)(error))
        }
        _ => Ok(()),
    }
}

/// An event as a line.
pub(super) fn line(event: &Event) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    Ok(line)
}

/// Queries may hold the names of sources: only the owner reads the file.
fn options() -> fs::OpenOptions {
    let mut options = File::options();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
