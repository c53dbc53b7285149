//! Places where tests let the disk fail or the process die.
//!
//! Every step that makes something durable calls [`point`] first. In release builds that is nothing. In debug builds a
//! test arms one of these, inside the process with [`arm`] or from outside with `GISA_FAULT`:
//!
//! * `fail:N`: the N-th point that is passed, whichever it is, fails with an I/O error, and none after it;
//! * `fail-from:N`: the N-th and all after it (a disk that stays full);
//! * `fail:NAME:N`, `kill:NAME:N`: at the N-th passing of the point NAME it fails, or the process dies as by `kill -9`.
//!
//! This is how SQLite tests its I/O (<https://www.sqlite.org/testing.html>, "I/O error testing").

#[cfg(debug_assertions)]
pub use armed::{Fault, arm, passed};

/// Passes the point `name` (`journal append`, `write CURRENT`, …).
///
/// # Errors
/// Where a test wants one; never in release builds.
#[inline]
pub fn point(name: &'static str) -> std::io::Result<()> {
    #[cfg(debug_assertions)]
    return armed::point(name);
    #[cfg(not(debug_assertions))]
    {
        let _ = name;
        Ok(())
    }
}

#[cfg(debug_assertions)]
mod armed {
    use std::io;
    use std::sync::{LazyLock, Mutex, PoisonError};

    /// What goes wrong, and where. Numbers count from 1.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Fault {
        /// This passing of any point fails.
        Fail(u64),
        /// This passing of any point fails, and all after it.
        FailFrom(u64),
        /// This passing of the named point fails.
        FailAt(String, u64),
        /// At this passing of the named point the process dies.
        KillAt(String, u64),
    }

    #[derive(Default)]
    struct State {
        fault: Option<Fault>,
        passed: u64,
        passed_named: u64,
    }

    static STATE: LazyLock<Mutex<State>> = LazyLock::new(|| {
        let fault = std::env::var("GISA_FAULT").ok().and_then(|text| parse(&text));
        Mutex::new(State { fault, ..State::default() })
    });

    /// Arms `fault`, or disarms with `None`, and counts from the beginning.
    pub fn arm(fault: Option<Fault>) {
        *STATE.lock().unwrap_or_else(PoisonError::into_inner) = State { fault, ..State::default() };
    }

    /// Points passed since the last [`arm`].
    pub fn passed() -> u64 {
        STATE.lock().unwrap_or_else(PoisonError::into_inner).passed
    }

    pub(super) fn point(name: &'static str) -> io::Result<()> {
        let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        state.passed += 1;
        let passed = state.passed;
        if let Some(Fault::FailAt(at, _) | Fault::KillAt(at, _)) = &state.fault
            && at == name
        {
            state.passed_named += 1;
        }
        let named = state.passed_named;
        let fails = match &state.fault {
            None => false,
            Some(Fault::Fail(at)) => passed == *at,
            Some(Fault::FailFrom(from)) => passed >= *from,
            Some(Fault::FailAt(at, number)) => at == name && named == *number,
            Some(Fault::KillAt(at, number)) => {
                if at == name && named == *number {
                    die();
                }
                false
            }
        };
        if fails { Err(io::Error::other(format!("a test lets `{name}` fail"))) } else { Ok(()) }
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
            ["fail", name, at] => Fault::FailAt((*name).to_owned(), number(at)?),
            ["kill", name, at] => Fault::KillAt((*name).to_owned(), number(at)?),
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
            assert_eq!(parse("kill:write CURRENT:2"), Some(Fault::KillAt("write CURRENT".to_owned(), 2)));
            assert_eq!(parse("fail:rename:1"), Some(Fault::FailAt("rename".to_owned(), 1)));
            assert_eq!(parse("fail:x"), None);
            assert_eq!(parse(""), None);
        }
    }
}
