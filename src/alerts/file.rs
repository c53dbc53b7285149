//! `searches.json`: read as a whole, written as a whole or not at all.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::error::AlertError;
use crate::faults::{self, FaultPoint};

/// The name beside the file under which a new one is written.
const TEMPORARY: &str = ".searches.json.new";
/// The only layout that this program reads.
const LAYOUT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content<T> {
    format: u32,
    searches: T,
}

/// The file of saved searches.
#[derive(Debug, Clone)]
pub(super) struct SearchesFile {
    path: PathBuf,
}

impl SearchesFile {
    /// The file in the data folder; it need not exist.
    pub(super) fn new(data_dir: &Path) -> Self {
        Self { path: data_dir.join(super::FILE) }
    }

    /// The searches by name; none where there is no file.
    ///
    /// # Errors
    /// [`AlertError::File`] or [`AlertError::Damaged`].
    pub(super) fn read(&self) -> Result<BTreeMap<String, Entry>, AlertError> {
        let read = faults::point(FaultPoint::AlertsRead).and_then(|()| fs::read(&self.path));
        let text = match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            text => text.map_err(AlertError::file("cannot read", &self.path))?,
        };
        let damaged = |reason: String| AlertError::Damaged { path: self.path.clone(), reason };
        let content: Content<BTreeMap<String, Entry>> =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if content.format != LAYOUT {
            return Err(damaged(format!("it has the layout {}, of a later version", content.format)));
        }
        Ok(content.searches)
    }

    /// Replaces all searches. Durable when this returns.
    ///
    /// # Errors
    /// [`AlertError::File`]; the file is as it was.
    pub(super) fn write(&self, searches: &BTreeMap<String, Entry>) -> Result<(), AlertError> {
        let temporary = self.path.with_file_name(TEMPORARY);
        let written = || -> io::Result<()> {
            let text = serde_json::to_vec(&Content { format: LAYOUT, searches })?;
            // Addresses and secrets of receivers: only the owner reads it.
            let mut options = File::options();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            faults::point(FaultPoint::AlertsWrite)?;
            let mut file = options.open(&temporary)?;
            file.write_all(&text)?;
            faults::point(FaultPoint::AlertsSync)?;
            file.sync_all()?;
            faults::point(FaultPoint::AlertsRename)?;
            fs::rename(&temporary, &self.path)?;
            faults::point(FaultPoint::AlertsSyncFolder)?;
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        written().map_err(AlertError::file("cannot write", &self.path))
    }
}
