//! A thread that writes, and what it could not write.

use std::sync::{Arc, Mutex, PoisonError};

use super::{NotQueued, Queue};

/// A queue to a thread that writes, where whatever could not be written is noted.
#[derive(Debug)]
pub struct WatchedQueue<T> {
    /// `None` where the machine refuses a thread.
    queue: Option<Queue<T>>,
    trouble: Arc<Trouble>,
}

impl<T: Send + 'static> WatchedQueue<T> {
    /// Starts the thread `name`, which hands one after another to `write`; at most `waiting` may wait for it. If the machine refuses a
    /// thread, everything is lost, and noted.
    pub fn start<E: ToString>(
        name: &str,
        waiting: usize,
        trouble: Trouble,
        mut write: impl FnMut(T) -> Result<(), E> + Send + 'static,
    ) -> Self {
        let trouble = Arc::new(trouble);
        let writing = Arc::clone(&trouble);
        let queue = Queue::start(name, waiting, move |what| match write(what) {
            Ok(()) => writing.over(),
            Err(error) => writing.lost(error.to_string()),
        });
        let queue = queue.inspect_err(|error| trouble.lost(error.to_string())).ok();
        Self { queue, trouble }
    }

    /// Has `what` written; never waits.
    pub fn write(&self, what: T) {
        let queued = self.queue.as_ref().map_or(Err(NotQueued::Ended), |queue| queue.write(what));
        if let Err(why) = queued {
            self.trouble.not_queued(why);
        }
    }

    /// Waits until what was queued so far is written, or for half a second.
    pub fn wait_for_last(&self) {
        if let Some(queue) = &self.queue {
            queue.wait_for_last();
        }
    }

    /// What could not be written.
    pub fn trouble(&self) -> &Trouble {
        &self.trouble
    }
}

/// What could not be written: counted, logged once until it can be again, and told to whoever asks.
#[derive(Debug)]
pub struct Trouble {
    /// Counts what is lost.
    losses: metrics::Counter,
    /// What the log says of the first loss.
    saying: &'static str,
    /// How much was lost, and why the last of it; no reason where the last was written.
    lost: Mutex<(u64, Option<String>)>,
}

impl Trouble {
    /// None so far. `losses` counts what is lost from now on; its name is where the type is made, so that each metric can be found.
    pub fn none(losses: metrics::Counter, saying: &'static str) -> Self {
        losses.increment(0);
        Self { losses, saying, lost: Mutex::default() }
    }

    /// Something is lost.
    pub fn lost(&self, why: String) {
        self.losses.increment(1);
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        if lost.1.is_none() {
            tracing::error!(why, "{}", self.saying);
        }
        *lost = (lost.0 + 1, Some(why));
    }

    /// Something is lost because the thread's queue did not take it.
    fn not_queued(&self, why: NotQueued) {
        self.lost(match why {
            NotQueued::Full => "the disk takes lines more slowly than they come".to_owned(),
            NotQueued::Ended => "the thread that writes it is not there".to_owned(),
        });
    }

    /// Something was written.
    fn over(&self) {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).1 = None;
    }

    /// Why the last could not be written; none if it could.
    pub fn last(&self) -> Option<String> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// How much was lost.
    pub fn count(&self) -> u64 {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).0
    }
}
