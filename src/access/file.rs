//! `keys.toml`: read as a whole, written as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::AccessError;
use super::key::Keys;

/// What stands above the keys.
const HEAD: &str =
    "# Keys of gisa, as hashes. Written by `gisa key add` and `gisa key remove`; in force at once.\n\n";
/// The name beside the file under which a new one is written.
const TEMPORARY: &str = ".keys.toml.new";
/// The name beside the file of the lock that whoever changes it holds.
const LOCK: &str = "keys.lock";

/// The file of keys.
#[derive(Debug, Clone)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// The file in the data folder `data_dir`; it need not exist.
    pub fn new(data_dir: &Path) -> Self {
        Self { path: data_dir.join(super::FILE) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The keys; none where there is no file.
    ///
    /// # Errors
    /// [`AccessError::File`] or [`AccessError::Damaged`].
    pub fn read(&self) -> Result<Keys, AccessError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Keys::default()),
            Err(error) => return Err(AccessError::file("cannot read", &self.path)(error)),
        };
        let damaged = |reason: String| AccessError::Damaged { path: self.path.clone(), reason };
        let keys: Keys =
            toml::from_str(&text).map_err(|error| damaged(error.to_string().trim().to_owned()))?;
        keys.problem().map_or(Ok(keys), |reason| Err(damaged(reason)))
    }

    /// Changes the keys: what `change` makes of them is the file's content afterwards, durable, or nothing has changed. Two
    /// that change it at once take turns.
    ///
    /// # Errors
    /// Those of [`KeyFile::read`] and of `change`, and [`AccessError::File`] where it cannot be written.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut Keys) -> Result<T, AccessError>,
    ) -> Result<T, AccessError> {
        let lock_path = self.path.with_file_name(LOCK);
        let lock = File::options().create(true).append(true).open(&lock_path);
        let lock = lock.and_then(|lock| lock.lock().map(|()| lock));
        // Released when the file is closed.
        let _lock = lock.map_err(AccessError::file("cannot lock", &lock_path))?;
        let mut keys = self.read()?;
        let changed = change(&mut keys)?;
        self.write(&keys)?;
        Ok(changed)
    }

    fn write(&self, keys: &Keys) -> Result<(), AccessError> {
        let body = toml::to_string(keys).map_err(|error| AccessError::Invalid(error.to_string()))?;
        let temporary = self.path.with_file_name(TEMPORARY);
        let written = || -> io::Result<()> {
            let mut options = File::options();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&temporary)?;
            file.write_all(HEAD.as_bytes())?;
            file.write_all(body.as_bytes())?;
            file.sync_all()?;
            fs::rename(&temporary, &self.path)?;
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        written().map_err(AccessError::file("cannot write", &self.path))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::access::{Digest, NewKey, Scope, Scopes};
    use crate::article::Timestamp;

    fn new(name: &str, scope: Scope) -> NewKey {
        NewKey { name: name.to_owned(), scopes: [scope].into_iter().collect(), ..NewKey::default() }
    }

    #[test]
    fn a_key_is_kept_as_its_hash_alone_and_only_its_owner_reads_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path());
        assert_eq!(file.read().unwrap(), Keys::default());
        let now = Timestamp::now();
        let mut wanted = new("가람 피드", Scope::Read);
        wanted.until = Some("2999-12-31".to_owned());
        wanted.filter = "outlet=가람일보".parse().unwrap();
        let clear = file.change(|keys| keys.add(wanted, now)).unwrap();
        file.change(|keys| keys.add(new("cms", Scope::Push), now)).unwrap();
        let text = fs::read_to_string(file.path()).unwrap();
        assert!(!text.contains(&clear) && text.contains("가람일보") && text.contains("2999-12-31"), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let keys = file.read().unwrap();
        let found = keys.find(&Digest::of(clear.as_bytes())).unwrap();
        assert_eq!((found.name.as_str(), found.scopes.to_string().as_str()), ("가람 피드", "read"));
        assert!(keys.find(&Digest::of(b"another")).is_none());
        file.change(|keys| keys.remove("가람 피드")).unwrap();
        assert_eq!(file.read().unwrap().iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["cms"]);
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path());
        let now = Timestamp::now();
        file.change(|keys| keys.add(new("cms", Scope::Push), now)).unwrap();
        let before = fs::read_to_string(file.path()).unwrap();
        let past = NewKey { until: Some("2001-02-03".to_owned()), ..new("past", Scope::Read) };
        let day = NewKey { until: Some("soon".to_owned()), ..new("day", Scope::Read) };
        let filtered = NewKey { filter: "section=경제".parse().unwrap(), ..new("filtered", Scope::Admin) };
        let nothing = NewKey { scopes: Scopes::NONE, ..new("nothing", Scope::Read) };
        for wrong in [
            new("cms", Scope::Read),
            new("", Scope::Read),
            new("a\nb", Scope::Read),
            past,
            day,
            filtered,
            nothing,
        ] {
            let name = wrong.name.clone();
            assert!(file.change(|keys| keys.add(wrong, now)).is_err(), "{name}");
        }
        assert!(matches!(file.change(|keys| keys.remove("none")), Err(AccessError::NoSuchKey(_))));
        assert_eq!(fs::read_to_string(file.path()).unwrap(), before);
    }

    #[test]
    fn a_file_that_somebody_spoilt_is_an_error_and_never_no_keys() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path());
        let hash = "0".repeat(64);
        for text in [
            "[[key]]\nname = \"a\"".to_owned(),
            "[[key]".to_owned(),
            format!("[[key]]\nname = \"a\"\nsha256 = \"{hash}\"\nscopes = [\"reed\"]"),
            format!("[[key]]\nname = \"a\"\nsha256 = \"{hash}\"\nscopes = [\"read\"]\nfilters = 1"),
            format!("[[key]]\nname = \"a\"\nsha256 = \"{hash}\"\nscopes = [\"read\"]\n[key.filter]\n"),
            format!(
                "[[key]]\nname = \"a\"\nsha256 = \"{hash}\"\nscopes = [\"read\"]\n[key.filter]\nsektion = [\"x\"]"
            ),
            format!(
                "[[key]]\nname = \"a\"\nsha256 = \"{hash}\"\nscopes = [\"push\"]\n[key.filter]\noutlet = [\"x\"]"
            ),
            "[[key]]\nname = \"a\"\nsha256 = \"12\"\nscopes = [\"read\"]".to_owned(),
        ] {
            fs::write(file.path(), &text).unwrap();
            assert!(matches!(file.read(), Err(AccessError::Damaged { .. })), "{text}");
            assert!(file.change(|keys| keys.add(new("b", Scope::Read), Timestamp::now())).is_err());
            assert_eq!(fs::read_to_string(file.path()).unwrap(), text, "it is not written over");
        }
    }
}
