//! How many exports are written at once.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use crate::http::share::Share;

/// Exports at once. Each holds the places of its rows (0.4 MB for 50,000) and a few batches of text.
const ALL: usize = 16;
/// Exports of one client at once: a client that reads slowly keeps its own for long.
pub(super) const OF_A_CLIENT: usize = 2;

/// Exports that are being written, by client.
#[derive(Debug, Default)]
pub(super) struct Exports {
    running: Mutex<FxHashMap<Share, usize>>,
}

/// Which limit is reached.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Limit {
    All,
    OfAClient,
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => write!(out, "{ALL} exports are already running; try again when one has ended"),
            Self::OfAClient => {
                write!(
                    out,
                    "{OF_A_CLIENT} exports of yours are already running; try again when one has ended"
                )
            }
        }
    }
}

/// The right to write an export; given back when dropped.
#[derive(Debug)]
pub(in crate::http) struct ExportPermit {
    client: Share,
    exports: Arc<Exports>,
}

impl Exports {
    /// The right to write an export of `client`.
    pub(super) fn enter(self: &Arc<Self>, client: Share) -> Result<ExportPermit, Limit> {
        let mut running = self.lock();
        if running.values().sum::<usize>() >= ALL {
            return Err(Limit::All);
        }
        let own = running.entry(client).or_default();
        if *own >= OF_A_CLIENT {
            return Err(Limit::OfAClient);
        }
        *own += 1;
        metrics::gauge!("exports_running").increment(1.0);
        Ok(ExportPermit { client, exports: Arc::clone(self) })
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<Share, usize>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ExportPermit {
    fn drop(&mut self) {
        let mut running = self.exports.lock();
        if let Some(own) = running.get_mut(&self.client) {
            *own -= 1;
            if *own == 0 {
                running.remove(&self.client);
            }
        }
        // Last: an export that is no longer counted has given its permit back.
        drop(running);
        metrics::gauge!("exports_running").decrement(1.0);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn one_client_never_takes_the_exports_of_others() {
        let exports = Arc::new(Exports::default());
        let client = |number| Share::Address(Ipv4Addr::new(127, 0, 0, number).into());
        let mut running = vec![exports.enter(client(0)).unwrap(), exports.enter(client(0)).unwrap()];
        assert_eq!(exports.enter(client(0)).unwrap_err(), Limit::OfAClient);
        running.extend((1..).map_while(|number| exports.enter(client(number)).ok()));
        assert_eq!(running.len(), ALL);
        drop(running);
        assert!(exports.lock().is_empty());
    }
}
