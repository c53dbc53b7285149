//! The one thread on which saved searches ask the index: however many there are, they take the processor from searches as little as one
//! thread can that gives way to them.

use std::sync::mpsc;

use tokio::sync::oneshot;

use crate::service::jobs::give_way;

/// Below searches, above a reindex: arrivals are wanted within seconds.
const NICENESS: u8 = 10;

type Question = Box<dyn FnOnce() + Send>;

/// The thread; it ends when this is dropped and what waits is answered.
pub(super) struct Asking {
    questions: mpsc::Sender<Question>,
}

impl Asking {
    /// Starts the thread.
    ///
    /// # Errors
    /// The machine refuses it.
    pub(super) fn start() -> std::io::Result<Self> {
        let (questions, waiting) = mpsc::channel::<Question>();
        std::thread::Builder::new().name("gisa-alerts".to_owned()).spawn(move || {
            if let Err(error) = give_way(NICENESS) {
                tracing::warn!(%error, "saved searches do not give way to searches");
            }
            for question in waiting {
                // One that panics must not end the others; whoever asked is told by the sender that is dropped.
                let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(question));
                if asked.is_err() {
                    tracing::error!("a saved search could not be asked because of a bug in gisa");
                }
            }
        })?;
        Ok(Self { questions })
    }

    /// Does `work` there; `None` where it panicked.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        let question = Box::new(move || {
            // Whoever asked may have gone away.
            let _ = answer.send(work());
        });
        self.questions.send(question).ok()?;
        answered.await.ok()
    }
}
