//! A thread that writes, and a bounded queue to it in which nobody waits.

use std::io;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::time::Duration;

/// How long the end of the process waits for what was queued last.
const LAST: Duration = Duration::from_millis(500);

/// A queue to a thread of its own.
#[derive(Debug)]
pub struct Queue<T> {
    sender: SyncSender<Message<T>>,
}

#[derive(Debug)]
enum Message<T> {
    Write(T),
    /// To be answered when everything before it is written.
    Written(SyncSender<()>),
}

/// Why something was not queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotQueued {
    /// As much waits already as may.
    Full,
    /// The thread has ended.
    Ended,
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone() }
    }
}

impl<T: Send + 'static> Queue<T> {
    /// Starts the thread `name`, which hands one after another to `write`; at most `waiting` may wait for it. It ends with the
    /// last copy of the queue.
    ///
    /// # Errors
    /// The machine refuses a thread.
    pub fn start(name: &str, waiting: usize, mut write: impl FnMut(T) + Send + 'static) -> io::Result<Self> {
        let (sender, messages) = sync_channel(waiting);
        std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            for message in messages {
                match message {
                    Message::Write(what) => write(what),
                    // Nobody may be waiting any more.
                    Message::Written(done) => _ = done.send(()),
                }
            }
        })?;
        Ok(Self { sender })
    }

    /// Has `what` written; never waits.
    ///
    /// # Errors
    /// [`NotQueued`]: it is lost.
    pub fn write(&self, what: T) -> Result<(), NotQueued> {
        self.sender.try_send(Message::Write(what)).map_err(|error| match error {
            TrySendError::Full(_) => NotQueued::Full,
            TrySendError::Disconnected(_) => NotQueued::Ended,
        })
    }

    /// Waits until what was queued so far is written, or for half a second.
    pub fn wait_for_last(&self) {
        let (done, written) = sync_channel(1);
        // A full queue means that nothing is being written: then there is nothing to wait for.
        if self.sender.try_send(Message::Written(done)).is_ok() {
            let _ = written.recv_timeout(LAST);
        }
    }
}
