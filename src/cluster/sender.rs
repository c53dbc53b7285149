//! Documents on their way into an index: in batches, each item of each answer read, and sent again where the cluster was too busy.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::http::Method;

use super::client::{Again, Client};
use super::document::{Came, DocumentWriter, document_id, place_of};
use super::error::ClusterError;
use super::reply::cause_of;
use crate::article::Article;
use crate::korean::Language;
use crate::query::archive::Deadline;

/// Bytes of documents that are sent at once.
const BATCH_BYTES: usize = 3 << 20;
/// How long a busy cluster is asked again for the same documents.
const PATIENCE: Duration = Duration::from_secs(120);
/// The pause before a busy cluster is asked again; it doubles each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// See [`FIRST_PAUSE`].
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A document on its way.
struct Sent {
    id: String,
    lines: String,
}

/// A thread's way into an index.
pub(super) struct Sender<'a> {
    client: &'a Client,
    path: String,
    writer: DocumentWriter<'a>,
    waiting: Vec<Sent>,
    bytes: usize,
    given: u64,
}

impl<'a> Sender<'a> {
    pub(super) fn new(client: &'a Client, index: &str, language: &'a Language) -> Self {
        Self {
            client,
            path: format!("/{index}/_bulk"),
            writer: DocumentWriter::new(language),
            waiting: Vec::new(),
            bytes: 0,
            given: 0,
        }
    }

    /// Adds an article, which came as `came` says, of the group of near-identical ones `group`.
    ///
    /// # Errors
    /// [`ClusterError::Article`] for one that cannot be held, or two with one id; whatever the cluster says.
    pub(super) fn add(
        &mut self,
        article: &Article,
        came: Came,
        group: Option<&str>,
    ) -> Result<(), ClusterError> {
        let document = self.writer.document(article, came, group)?;
        let id = document_id(place_of(article.id.as_str()));
        // `create` refuses a second document of the same number.
        let lines = format!("{}\n{document}\n", json!({"create": {"_id": id}}));
        self.bytes += lines.len();
        self.given += 1;
        self.waiting.push(Sent { id: article.id.to_string(), lines });
        if self.bytes >= BATCH_BYTES { self.send() } else { Ok(()) }
    }

    /// Sends what is left. How many articles it took in all.
    pub(super) fn finish(mut self) -> Result<u64, ClusterError> {
        self.send()?;
        Ok(self.given)
    }

    /// Sends what waits, and again what the cluster was too busy for.
    fn send(&mut self) -> Result<(), ClusterError> {
        let mut batch = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        while !batch.is_empty() {
            let (left, busy) = self.send_once(batch)?;
            batch = left;
            let Some(busy) = busy else { continue };
            if begun.elapsed() > PATIENCE {
                return Err(busy);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }

    /// Sends documents once. Those that the cluster was too busy for, and what it said of the last of them.
    fn send_once(&self, batch: Vec<Sent>) -> Result<(Vec<Sent>, Option<ClusterError>), ClusterError> {
        let body: String = batch.iter().map(|sent| sent.lines.as_str()).collect();
        let answer = match self.client.send(Method::POST, &self.path, Some(body), Again::No, Deadline::NONE) {
            Ok(answer) => answer,
            Err(busy @ ClusterError::Busy { .. }) => return Ok((batch, Some(busy))),
            Err(error) => return Err(error),
        };
        let items = answer.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if items.len() != batch.len() {
            return Err(ClusterError::Unreadable { what: "items of a bulk request are missing".to_owned() });
        }
        let mut left = Vec::new();
        let mut busy = None;
        for (sent, item) in batch.into_iter().zip(items) {
            match outcome(&sent.id, item.get("create").unwrap_or(&Value::Null)) {
                Ok(()) => {}
                Err(error @ (ClusterError::Busy { .. } | ClusterError::Red { .. })) => {
                    left.push(sent);
                    busy = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        Ok((left, busy))
    }
}

/// What became of one document.
fn outcome(id: &str, item: &Value) -> Result<(), ClusterError> {
    let status = item.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    match status {
        Some(200..300) => Ok(()),
        Some(409) => Err(ClusterError::Article {
            id: id.to_owned(),
            reason: "another article has its number: their ids are the same, or share a hash".to_owned(),
        }),
        Some(status) => {
            let text = |name: &str| {
                item.pointer(&format!("/error/{name}")).and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            match cause_of(status, &[text("type")], text("reason")) {
                ClusterError::Refused { reason, .. } => {
                    Err(ClusterError::Article { id: id.to_owned(), reason })
                }
                error => Err(error),
            }
        }
        None => Err(ClusterError::Unreadable { what: "an item of a bulk request has no status".to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_of_an_answer_is_read() {
        assert!(outcome("가", &json!({"status": 201})).is_ok());
        let twice =
            outcome("가", &json!({"status": 409, "error": {"type": "version_conflict_engine_exception"}}));
        assert!(matches!(twice, Err(ClusterError::Article { .. })));
        let busy =
            json!({"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "full"}});
        assert!(matches!(outcome("가", &busy), Err(ClusterError::Busy { .. })));
        let long =
            json!({"status": 400, "error": {"type": "illegal_argument_exception", "reason": "immense term"}});
        assert!(matches!(outcome("가", &long), Err(ClusterError::Article { id, .. }) if id == "가"));
        assert!(outcome("가", &Value::Null).is_err());
    }
}
