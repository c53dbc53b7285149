//! Places where tests let the disk fail or the process die.
//!
//! Every step that makes something durable passes its [`FaultPoint`] first, by a call of [`point`]. In release builds that
//! is nothing. In debug builds a test arms a fault, inside the process with [`arm`] or from outside with `GISA_FAULT`:
//!
//! * `fail:N`: the N-th point that is passed, whichever it is, fails with an I/O error, and none after it;
//! * `fail-from:N`: the N-th and all after it (a disk that stays full);
//! * `fail:NAME:N`, `kill:NAME:N`: when the point NAME is passed for the N-th time it fails, or the process dies as by
//!   `kill -9`.
//!
//! This is how SQLite tests its I/O (<https://www.sqlite.org/testing.html>, "I/O error testing"). The tests go through all
//! points of an [`Area`] and fail if one of them was never reached, so that a new point cannot be forgotten.

#[cfg(debug_assertions)]
pub use armed::{Fault, arm, passed};

/// Writes the points down once: variant and name, by area. Everything else that lists them is made from this.
macro_rules! fault_points {
    ($($(#[$about:meta])* $area:ident { $($point:ident = $name:literal,)* })*) => {
        /// A step that tests can let fail. Its name is what `GISA_FAULT` calls it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum FaultPoint {
            $($(#[doc = concat!("`", $name, "`")] $point,)*)*
        }

        /// The work that a point belongs to. Each area has a test that goes through all of its points.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Area {
            $($(#[$about])* $area,)*
        }

        impl FaultPoint {
            /// Every point there is.
            pub const ALL: &[Self] = &[$($(Self::$point,)*)*];

            /// The point's name, unique among all.
            pub const fn name(self) -> &'static str {
                match self {
                    $($(Self::$point => $name,)*)*
                }
            }

            /// The work it belongs to.
            pub const fn area(self) -> Area {
                match self {
                    $($(Self::$point => Area::$area,)*)*
                }
            }
        }
    };
}

fault_points! {
    /// Writing, reading, recovering and compacting the journal.
    Journal {
        JournalCreateFolder = "journal create folder",
        JournalList = "journal list",
        JournalOpen = "journal open",
        JournalRead = "journal read",
        JournalCreate = "journal create",
        JournalAppend = "journal append",
        JournalSync = "journal sync",
        JournalRoll = "journal roll",
        JournalSyncFolder = "journal sync folder",
        JournalTruncate = "journal truncate",
        JournalSetAside = "journal set aside",
        JournalRemoveLeftover = "journal remove leftover",
        JournalCompactWrite = "journal compact write",
        JournalCompactSync = "journal compact sync",
        JournalCompactRename = "journal compact rename",
        JournalCompactRemove = "journal compact remove",
    }
    /// Keeping what articles said before a push replaced it.
    Versions {
        VersionRead = "version read",
        VersionWrite = "version write",
        VersionSync = "version sync",
        VersionRename = "version rename",
        VersionRemove = "version remove",
    }
    /// Keeping saved searches, and how far each was delivered.
    Alerts {
        AlertsRead = "alerts read",
        AlertsWrite = "alerts write",
        AlertsSync = "alerts sync",
        AlertsRename = "alerts rename",
        AlertsSyncFolder = "alerts sync folder",
    }
    /// Building a generation, putting it into service, and committing to it.
    Index {
        IndexOpen = "index open",
        IndexWrite = "index write",
        IndexFinishFile = "index finish file",
        IndexReplaceFile = "index replace file",
        IndexSyncFolder = "index sync folder",
        IndexCommit = "index commit",
        IndexCommitted = "index committed",
        CreateGeneration = "create generation",
        WriteSimilar = "write similar.jsonl",
        WriteBook = "write files.zst",
        WriteSuggestions = "write suggestions.zst",
        WriteLearned = "write learned.zst",
        SyncIndexFolder = "sync index folder",
        WriteCurrent = "write CURRENT",
        RenameCurrent = "rename CURRENT",
        Retire = "retire",
        Swap = "swap",
    }
    /// Making and restoring backups.
    Backup {
        BackupCopy = "backup copy",
        BackupWrite = "backup write",
        BackupSyncFolder = "backup sync folder",
        BackupRename = "backup rename",
        RestoreRemove = "restore remove",
        RestoreSwap = "restore swap",
        RestoreBegin = "restore begin",
    }
    /// Copying files of articles into the data folder.
    Import {
        ImportCopy = "import copy",
        ImportRename = "import rename",
    }
}

impl FaultPoint {
    /// The points of one area, in the order in which they are written down above.
    pub fn of(area: Area) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |point| point.area() == area)
    }

    /// The point with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|point| point.name() == name)
    }
}

/// Passes `point`: to be called before the step that it stands for.
///
/// # Errors
/// Where a test wants one; never in release builds.
#[inline]
pub fn point(point: FaultPoint) -> std::io::Result<()> {
    #[cfg(debug_assertions)]
    return armed::pass(point);
    #[cfg(not(debug_assertions))]
    {
        let _ = point;
        Ok(())
    }
}

#[cfg(debug_assertions)]
mod armed {
    use std::io;
    use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

    use super::FaultPoint;

    /// What goes wrong, and where. Numbers count from 1.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Fault {
        /// This passing of any point fails.
        Fail(u64),
        /// This passing of any point fails, and all after it.
        FailFrom(u64),
        /// This passing of one point fails.
        FailAt(FaultPoint, u64),
        /// At this passing of one point the process dies.
        KillAt(FaultPoint, u64),
    }

    #[derive(Default)]
    struct State {
        fault: Option<Fault>,
        /// Points passed, whichever they were.
        passed: u64,
        /// How often the point that the fault names was passed.
        passed_named: u64,
    }

    static STATE: LazyLock<Mutex<State>> = LazyLock::new(|| {
        let text = std::env::var("GISA_FAULT").ok();
        let fault = text.as_deref().and_then(parse);
        if let (Some(text), None) = (&text, fault) {
            tracing::error!(GISA_FAULT = text, "this fault is unknown; nothing will fail");
        }
        Mutex::new(State { fault, ..State::default() })
    });

    /// Arms `fault`, or disarms with `None`, and counts from the beginning.
    pub fn arm(fault: Option<Fault>) {
        *state() = State { fault, ..State::default() };
    }

    /// Points passed since the last [`arm`].
    pub fn passed() -> u64 {
        state().passed
    }

    fn state() -> MutexGuard<'static, State> {
        STATE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn pass(point: FaultPoint) -> io::Result<()> {
        let mut state = state();
        state.passed += 1;
        if let Some(Fault::FailAt(at, _) | Fault::KillAt(at, _)) = state.fault
            && at == point
        {
            state.passed_named += 1;
        }
        let fails = match state.fault {
            None => false,
            Some(Fault::Fail(number)) => state.passed == number,
            Some(Fault::FailFrom(number)) => state.passed >= number,
            Some(Fault::FailAt(at, number)) => at == point && state.passed_named == number,
            Some(Fault::KillAt(at, number)) => {
                if at == point && state.passed_named == number {
                    die();
                }
                false
            }
        };
        if fails { Err(io::Error::other(format!("a test lets `{}` fail", point.name()))) } else { Ok(()) }
    }

    /// Ends the process at once: nothing is flushed, nothing is dropped.
    fn die() -> ! {
        #[cfg(unix)]
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        std::process::abort()
    }

    fn parse(text: &str) -> Option<Fault> {
        let parts: Vec<&str> = text.split(':').collect();
        let number = |text: &str| text.parse().ok();
        Some(match parts.as_slice() {
            ["fail", at] => Fault::Fail(number(at)?),
            ["fail-from", at] => Fault::FailFrom(number(at)?),
            ["fail", name, at] => Fault::FailAt(FaultPoint::named(name)?, number(at)?),
            ["kill", name, at] => Fault::KillAt(FaultPoint::named(name)?, number(at)?),
            _ => return None,
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn faults_are_read_from_text() {
            assert_eq!(parse("fail:3"), Some(Fault::Fail(3)));
            assert_eq!(parse("fail-from:3"), Some(Fault::FailFrom(3)));
            assert_eq!(parse("kill:write CURRENT:2"), Some(Fault::KillAt(FaultPoint::WriteCurrent, 2)));
            assert_eq!(parse("fail:retire:1"), Some(Fault::FailAt(FaultPoint::Retire, 1)));
            assert_eq!(parse("fail:no such point:1"), None);
            assert_eq!(parse("fail:x"), None);
            assert_eq!(parse(""), None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        for point in FaultPoint::ALL {
            assert_eq!(FaultPoint::named(point.name()), Some(*point));
        }
    }
}
