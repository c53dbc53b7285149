//! What the file system says by itself: that something in a folder was written, has come or has gone. Linux's inotify.
//!
//! It only says that it is time to look: what there is, the list of files says. So what it leaves out, on network drives or where it has
//! no room for more folders, costs time, and never an article.

use std::io;
use std::path::PathBuf;

#[cfg(target_os = "linux")]
use rustc_hash::FxHashMap;

#[cfg(target_os = "linux")]
pub(super) use linux::Notices;
#[cfg(not(target_os = "linux"))]
pub(super) use nothing::Notices;

#[cfg(target_os = "linux")]
mod linux {
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;

    use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
    use rustix::io::Errno;

    use super::{FxHashMap, PathBuf, io};

    /// Bytes for notices that are read at once.
    const BUFFER: usize = 16 << 10;

    /// The notices of some folders.
    #[derive(Debug)]
    pub(in crate::service::watch) struct Notices {
        inotify: OwnedFd,
        /// With the number that the system gave each.
        folders: FxHashMap<PathBuf, i32>,
    }

    impl Notices {
        /// Of no folder yet.
        ///
        /// # Errors
        /// The system's reason.
        pub(in crate::service::watch) fn new() -> io::Result<Self> {
            let inotify = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
            Ok(Self { inotify, folders: FxHashMap::default() })
        }

        /// Also of these folders; those that are gone are forgotten. Whether any is new: what happened in it before was not noticed.
        ///
        /// # Errors
        /// The system's reason, after all folders were tried.
        pub(in crate::service::watch) fn follow(&mut self, folders: &[PathBuf]) -> io::Result<bool> {
            let what = WatchFlags::CREATE
                | WatchFlags::MODIFY
                | WatchFlags::CLOSE_WRITE
                | WatchFlags::ATTRIB
                | WatchFlags::MOVE
                | WatchFlags::DELETE
                | WatchFlags::ONLYDIR;
            let before = std::mem::take(&mut self.folders);
            let (mut any_new, mut outcome) = (false, Ok(()));
            // All of them each time: another folder may have come under a name, which the number tells.
            for folder in folders {
                match inotify::add_watch(&self.inotify, folder, what) {
                    Ok(number) => {
                        any_new |= before.get(folder) != Some(&number);
                        self.folders.insert(folder.clone(), number);
                    }
                    Err(Errno::NOENT) => {}
                    Err(error) => outcome = Err(error.into()),
                }
            }
            outcome.map(|()| any_new)
        }

        /// Whether there were any since the last time.
        pub(in crate::service::watch) fn any(&mut self) -> bool {
            let mut buffer = [MaybeUninit::uninit(); BUFFER];
            let mut reader = inotify::Reader::new(&self.inotify, &mut buffer);
            let mut any = false;
            while reader.next().is_ok() {
                any = true;
            }
            any
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod nothing {
    use super::{PathBuf, io};

    /// There are none: the folder is looked at now and then.
    #[derive(Debug)]
    pub(in crate::service::watch) struct Notices;

    impl Notices {
        pub(in crate::service::watch) fn new() -> io::Result<Self> {
            Err(io::Error::other("this system gives no notices"))
        }

        pub(in crate::service::watch) fn follow(&mut self, _: &[PathBuf]) -> io::Result<bool> {
            Ok(false)
        }

        pub(in crate::service::watch) fn any(&mut self) -> bool {
            false
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_changes_and_goes_is_noticed_in_followed_folders() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("2024");
        std::fs::create_dir(&below).unwrap();
        let mut notices = Notices::new().unwrap();
        let folders = [folder.path().to_owned(), below.clone(), folder.path().join("gone")];
        assert!(notices.follow(&folders).unwrap() && !notices.follow(&folders).unwrap());
        assert!(!notices.any());
        let file = below.join("a.jsonl");
        std::fs::write(&file, "x").unwrap();
        assert!(notices.any() && !notices.any());
        std::fs::rename(&file, folder.path().join("b.jsonl")).unwrap();
        assert!(notices.any());
        std::fs::remove_file(folder.path().join("b.jsonl")).unwrap();
        assert!(notices.any() && !notices.any());
        // Another folder under the same name.
        std::fs::rename(&below, folder.path().join("aside")).unwrap();
        std::fs::create_dir(&below).unwrap();
        assert!(notices.any());
        assert!(notices.follow(&folders).unwrap() && !notices.any());
        std::fs::write(file, "x").unwrap();
        assert!(notices.any());
    }
}
