//! All saved searches, in memory and in their file.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::entry::{Addressee, Entry};
use super::error::AlertError;
use super::file::SearchesFile;
use super::progress::{Delivery, Failing, Progress};
use super::saved::SavedSearch;
use crate::article::Timestamp;

/// Saved searches at most.
const MOST_SEARCHES: usize = 2_000;

/// All saved searches.
#[derive(Debug)]
pub struct SavedSearches {
    file: SearchesFile,
    /// Held by whoever writes the file, and taken before the state: nobody who only looks waits for the disk.
    writing: Mutex<()>,
    state: Mutex<State>,
    /// Told whenever something else is to be delivered, or elsewhere.
    changes: watch::Sender<()>,
}

#[derive(Debug)]
struct State {
    /// Or why the file cannot be read: then nothing is written over it.
    entries: Result<BTreeMap<String, Entry>, Arc<AlertError>>,
    /// Whether progress was made that is not in the file.
    is_ahead: bool,
}

impl State {
    fn of(read: Result<BTreeMap<String, Entry>, AlertError>) -> Self {
        if let Err(error) = &read {
            tracing::error!(%error, "saved searches are neither shown nor delivered");
        }
        Self { entries: read.map_err(Arc::new), is_ahead: false }
    }
}

impl SavedSearches {
    /// Those of the data folder. A file that cannot be read is no error yet: every use says so.
    pub fn open(data_dir: &Path) -> Self {
        let file = SearchesFile::new(data_dir);
        let state = Mutex::new(State::of(file.read()));
        Self { file, writing: Mutex::default(), state, changes: watch::Sender::new(()) }
    }

    /// All of them, by name.
    ///
    /// # Errors
    /// Why the file cannot be read.
    pub fn all(&self) -> Result<BTreeMap<String, Entry>, Arc<AlertError>> {
        self.lock().entries.clone()
    }

    /// The search `name`; none where there is none.
    ///
    /// # Errors
    /// Why the file cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<Entry>, Arc<AlertError>> {
        match &self.lock().entries {
            Ok(entries) => Ok(entries.get(name).cloned()),
            Err(error) => Err(Arc::clone(error)),
        }
    }

    /// Saves `search` under `name`, in place of the one that is there. Targets that are new are told what comes after the sequence
    /// `now`, and also what waited for one that failed and is no longer there: its address was mended. The others go on where they were.
    /// Durable when this returns; gives whether it is a new one.
    ///
    /// # Errors
    /// [`AlertError`]; nothing has changed.
    pub fn put(&self, name: &str, search: SavedSearch, now: u64) -> Result<bool, Arc<AlertError>> {
        self.change(|entries| {
            let former = entries.remove(name);
            let is_new = former.is_none();
            if is_new && entries.len() >= MOST_SEARCHES {
                return Err(AlertError::TooMany { most: MOST_SEARCHES });
            }
            // One that was removed and is saved again is another one.
            let first = u64::try_from(search.saved_at.seconds()).unwrap_or_default();
            let revision = former.as_ref().map_or(first, |former| former.revision + 1);
            let known = former.map(|former| former.targets).unwrap_or_default();
            let stays: HashSet<String> = search.recipients().map(|recipient| recipient.address()).collect();
            let mended = known.iter().filter(|(address, progress)| {
                progress.failing.is_some() && !stays.contains(address.as_str())
            });
            let begins = mended.map(|(_, progress)| progress.delivered).min().unwrap_or(now);
            let targets = stays.into_iter().map(|address| {
                let progress =
                    known.get(&address).cloned().unwrap_or_else(|| Progress::beginning_after(begins));
                // Whoever saves it again has perhaps mended what failed: the next attempt is made at once, also of what was due by the hour
                // or day.
                let failing =
                    progress.failing.map(|failing| Failing { next_at: Timestamp::now(), ..failing });
                (address, Progress { failing, ..progress })
            });
            let targets = targets.collect();
            entries.insert(name.to_owned(), Entry { search, revision, targets });
            Ok(is_new)
        })
    }

    /// Removes the search `name`; gives whether there was one. Durable when this returns.
    ///
    /// # Errors
    /// [`AlertError`]; it is still there.
    pub fn remove(&self, name: &str) -> Result<bool, Arc<AlertError>> {
        self.change(|entries| Ok(entries.remove(name).is_some()))
    }

    fn change<T>(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, Entry>) -> Result<T, AlertError>,
    ) -> Result<T, Arc<AlertError>> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut entries = self.all()?;
        let changed = change(&mut entries).map_err(Arc::new)?;
        self.file.write(&entries).map_err(Arc::new)?;
        let mut state = self.lock();
        if let Ok(present) = &mut state.entries {
            // Deliveries went on while it was written.
            for (name, entry) in &mut entries {
                if let Some(present) =
                    present.remove(name).filter(|present| present.revision == entry.revision)
                {
                    entry.targets = present.targets;
                }
            }
        }
        state.entries = Ok(entries);
        drop(state);
        self.changes.send_replace(());
        Ok(changed)
    }

    /// Changes when other searches are saved, or others have to be delivered.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Everybody to whom something is to be delivered; nobody where the file cannot be read, which was logged when that was tried.
    pub fn addressees(&self) -> HashSet<Addressee> {
        let state = self.lock();
        let active = state.entries.iter().flatten().filter(|(_, entry)| !entry.search.paused);
        active.flat_map(|(name, entry)| entry.addressees(name)).collect()
    }

    /// Notes that a target has been told everything up to the sequence `up_to`, because nothing else matched. What failed before is over:
    /// its articles are gone, or say something else now.
    pub fn passed(&self, to: &Addressee, up_to: u64) {
        self.progress(to, |progress| {
            progress.delivered = up_to;
            progress.failing = None;
        });
    }

    /// Notes that a target has confirmed a delivery, after which everything up to `up_to` is settled.
    pub fn confirmed(&self, to: &Addressee, delivery: Delivery, up_to: u64) {
        self.progress(to, |progress| progress.confirmed(delivery, up_to));
    }

    /// Notes that a delivery failed, with the reason that it names.
    pub fn failed(&self, to: &Addressee, delivery: Delivery) {
        self.progress(to, |progress| progress.failed(delivery));
    }

    /// How many targets cannot be reached.
    pub fn failing(&self) -> usize {
        let state = self.lock();
        let targets =
            state.entries.iter().flat_map(BTreeMap::values).flat_map(|entry| entry.targets.values());
        targets.filter(|progress| progress.failing.is_some()).count()
    }

    fn progress(&self, to: &Addressee, change: impl FnOnce(&mut Progress)) {
        let mut state = self.lock();
        let State { entries: Ok(entries), is_ahead } = &mut *state else { return };
        let entry = entries.get_mut(&to.search).filter(|entry| entry.revision == to.revision);
        if let Some(progress) = entry.and_then(|entry| entry.targets.get_mut(&to.address)) {
            change(progress);
            *is_ahead = true;
        }
    }

    /// Writes down what was delivered since the last time. Durable when this returns.
    ///
    /// # Errors
    /// [`AlertError`]: what was delivered since would be delivered again after a crash.
    pub fn write_down(&self) -> Result<(), AlertError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = {
            let mut state = self.lock();
            if !std::mem::take(&mut state.is_ahead) {
                return Ok(());
            }
            match &state.entries {
                Ok(entries) => entries.clone(),
                Err(_) => return Ok(()),
            }
        };
        self.file.write(&entries).inspect_err(|_| self.lock().is_ahead = true)
    }

    /// Lets `replace` put another file in place, as a restore does, and goes on with that. What is reported meanwhile of the searches
    /// that were there before does not count; they can be read until then.
    pub fn while_replaced<T>(&self, replace: impl FnOnce() -> T) -> T {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        // Not those of the file alone: what is being delivered belongs to those of now.
        let highest = |state: &State| {
            let entries = state.entries.iter().flat_map(BTreeMap::values);
            entries.map(|entry| entry.revision).max().unwrap_or_default()
        };
        let renumber = |state: &mut State, revision: u64| {
            state
                .entries
                .iter_mut()
                .flat_map(BTreeMap::values_mut)
                .for_each(|entry| entry.revision = revision);
        };
        let above = {
            let mut state = self.lock();
            let above = highest(&state).saturating_add(1);
            renumber(&mut state, above);
            above
        };
        let replaced = replace();
        let mut read = State::of(self.file.read());
        let above = above.max(highest(&read)).saturating_add(1);
        renumber(&mut read, above);
        *self.lock() = read;
        self.changes.send_replace(());
        replaced
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::*;
    use crate::alerts::{Format, Target, When};
    use crate::article::Timestamp;

    fn search(title: &str, urls: &[&str]) -> SavedSearch {
        let webhook =
            |url: &&str| Target::Webhook { url: (*url).to_owned(), secret: None, format: Format::Slack };
        SavedSearch {
            title: title.to_owned(),
            params: [("q".to_owned(), "금리".into())].into_iter().collect(),
            deliver: urls.iter().map(webhook).collect(),
            when: When::AtOnce,
            paused: false,
            filter: None,
            saved_at: Timestamp::from_seconds(1),
        }
    }

    fn to(saved: &SavedSearches, address: &str) -> Addressee {
        let entry = saved.get("desk").unwrap().unwrap();
        entry.addressees("desk").find(|to| to.address == address).unwrap()
    }

    fn delivery(first: u64, last: u64) -> Delivery {
        Delivery { at: Timestamp::from_seconds(2), first, last, hits: 1, error: None }
    }

    #[test]
    fn what_was_saved_and_delivered_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let saved = SavedSearches::open(folder.path());
        assert!(saved.put("desk", search("금리", &["http://a/", "http://b/"]), 5).unwrap());
        let a = to(&saved, "http://a/");
        saved.confirmed(&a, delivery(6, 7), 8);
        saved.write_down().unwrap();
        saved.failed(&to(&saved, "http://b/"), Delivery { error: Some("503".to_owned()), ..delivery(6, 7) });
        saved.write_down().unwrap();
        // A target that stays goes on where it was, one in place of another that failed is told what waited for that one, and what is
        // reported of before does not count.
        assert!(!saved.put("desk", search("금리", &["http://a/", "http://c/"]), 9).unwrap());
        saved.confirmed(&a, delivery(9, 9), 99);
        saved.write_down().unwrap();
        let again = SavedSearches::open(folder.path());
        let entry = again.get("desk").unwrap().unwrap();
        let told: Vec<(&str, u64)> =
            entry.targets.iter().map(|(url, progress)| (url.as_str(), progress.delivered)).collect();
        assert_eq!((told, entry.revision), (vec![("http://a/", 8), ("http://c/", 5)], 2));
        assert_eq!(again.all().unwrap(), saved.all().unwrap());
        // Nothing waited for the one that goes: the new one begins now.
        assert!(!again.put("desk", search("금리", &["http://c/", "http://d/"]), 12).unwrap());
        assert_eq!(again.get("desk").unwrap().unwrap().targets["http://d/"].delivered, 12);
        assert!(again.remove("desk").unwrap() && !again.remove("desk").unwrap());
        assert!(SavedSearches::open(folder.path()).all().unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        SavedSearches::open(folder.path()).put("desk", search("금리", &[]), 0).unwrap();
        let mode = fs::metadata(folder.path().join(crate::alerts::FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_somebody_spoilt_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(crate::alerts::FILE);
        fs::write(&path, "{\"format\":1,\"searches\":{\"a\":").unwrap();
        let saved = SavedSearches::open(folder.path());
        assert!(saved.all().is_err() && saved.get("a").is_err() && saved.remove("a").is_err());
        let error = saved.put("b", search("금리", &[]), 0).unwrap_err();
        assert!(error.to_string().contains("searches.json is not a file of saved searches"), "{error}");
        saved.write_down().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"format\":1,\"searches\":{\"a\":");
    }

    #[test]
    fn there_are_so_many_at_most() {
        let folder = tempfile::tempdir().unwrap();
        let saved = SavedSearches::open(folder.path());
        let entry = Entry { search: search("금리", &[]), revision: 1, targets: BTreeMap::new() };
        let full = (0..MOST_SEARCHES).map(|number| (format!("s{number}"), entry.clone())).collect();
        *saved.lock() = State { entries: Ok(full), is_ahead: false };
        assert!(matches!(
            *saved.put("more", search("금리", &[]), 0).unwrap_err(),
            AlertError::TooMany { .. }
        ));
        assert!(!saved.put("s7", search("환율", &[]), 0).unwrap(), "one that is there can be changed");
    }
}
