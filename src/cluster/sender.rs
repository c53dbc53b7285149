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
/// How long a busy cluster is asked again for the same documents while an index is filled.
const PATIENCE: Duration = Duration::from_secs(120);
/// The same where whoever sends comes again anyway.
const LITTLE_PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer may take where whoever sends comes again anyway.
const ANSWER: Duration = Duration::from_secs(30);
/// The pause before a busy cluster is asked again; it doubles each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// See [`FIRST_PAUSE`].
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What is done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    /// Refused where there is one of the same number.
    Create,
    /// Takes the place of an earlier one.
    Write,
    Delete,
}

impl Action {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Write => "index",
            Self::Delete => "delete",
        }
    }
}

/// A document on its way.
struct Sent {
    id: String,
    action: Action,
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
    /// Of an index that is live: each change has this version, and one that is older than what is there does nothing. An article that the
    /// cluster cannot hold is set aside.
    version: Option<u64>,
    refused: Vec<(String, String)>,
}

impl<'a> Sender<'a> {
    /// A way into an index while it is filled.
    pub(super) fn new(client: &'a Client, index: &str, language: &'a Language) -> Self {
        Self {
            client,
            path: format!("/{index}/_bulk"),
            writer: DocumentWriter::new(language),
            waiting: Vec::new(),
            bytes: 0,
            given: 0,
            version: None,
            refused: Vec::new(),
        }
    }

    /// A way into an index that is live, for changes of the version `version`.
    pub(super) fn live(client: &'a Client, index: &str, language: &'a Language, version: u64) -> Self {
        // Where the alias is asked for, an index that was deleted is not made again by being written to.
        let path = format!("/{}/_bulk?require_alias=true", writes_of(index));
        Self { path, version: Some(version), ..Self::new(client, index, language) }
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
        let document = match self.writer.document(article, came, group) {
            Err(ClusterError::Article { id, reason }) if self.version.is_some() => {
                self.refused.push((id.clone(), reason));
                return self.remove(&id);
            }
            document => document?,
        };
        self.given += 1;
        let action = if self.version.is_some() { Action::Write } else { Action::Create };
        self.push(article.id.as_str(), action, Some(&document))
    }

    /// Removes the article `id`, where it is there.
    pub(super) fn remove(&mut self, id: &str) -> Result<(), ClusterError> {
        self.push(id, Action::Delete, None)
    }

    fn push(&mut self, id: &str, action: Action, document: Option<&Value>) -> Result<(), ClusterError> {
        let mut about = json!({"_id": document_id(place_of(id))});
        if let (Some(version), Some(about)) = (self.version, about.as_object_mut()) {
            about.insert("version".to_owned(), json!(version));
            // What is sent once more has the version that is there.
            about.insert("version_type".to_owned(), json!("external_gte"));
        }
        let mut lines = format!("{}\n", json!({action.name(): about}));
        if let Some(document) = document {
            lines.push_str(&format!("{document}\n"));
        }
        self.bytes += lines.len();
        self.waiting.push(Sent { id: id.to_owned(), action, lines });
        if self.bytes >= BATCH_BYTES { self.send() } else { Ok(()) }
    }

    /// Sends what is left. How many articles it took in all.
    pub(super) fn finish(mut self) -> Result<u64, ClusterError> {
        self.send()?;
        Ok(self.given)
    }

    /// Sends what is left. The articles that the cluster cannot hold, with its reasons; no earlier text of them is there either.
    pub(super) fn finish_live(mut self) -> Result<Vec<(String, String)>, ClusterError> {
        self.send()?;
        for (id, _) in self.refused.clone() {
            self.remove(&id)?;
        }
        self.send()?;
        Ok(self.refused)
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
            let patience = if self.version.is_some() { LITTLE_PATIENCE } else { PATIENCE };
            if begun.elapsed() > patience {
                return Err(busy);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }

    /// Sends documents once. Those that the cluster was too busy for, and what it said of the last of them.
    fn send_once(&mut self, batch: Vec<Sent>) -> Result<(Vec<Sent>, Option<ClusterError>), ClusterError> {
        let body: String = batch.iter().map(|sent| sent.lines.as_str()).collect();
        // What has a version can be sent twice.
        let (again, deadline) = match self.version {
            Some(_) => (Again::Harmless, Deadline::within(ANSWER)),
            None => (Again::No, Deadline::NONE),
        };
        let answer = match self.client.send(Method::POST, &self.path, Some(body), again, deadline) {
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
            match outcome(&sent.id, sent.action, item.get(sent.action.name()).unwrap_or(&Value::Null)) {
                Ok(()) => {}
                Err(ClusterError::Article { id, reason }) if self.version.is_some() => {
                    self.refused.push((id, reason));
                }
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

/// The alias through which `index` is written to while it is live.
pub(super) fn writes_of(index: &str) -> String {
    format!("{index}-writes")
}

/// What became of one document.
fn outcome(id: &str, action: Action, item: &Value) -> Result<(), ClusterError> {
    let status = item.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    match status {
        Some(200..300) => Ok(()),
        // Nothing was there, or something later is.
        Some(404) if action == Action::Delete && item.get("error").is_none() => Ok(()),
        Some(409) if action != Action::Create => Ok(()),
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
        assert!(outcome("가", Action::Create, &json!({"status": 201})).is_ok());
        let twice = outcome(
            "가",
            Action::Create,
            &json!({"status": 409, "error": {"type": "version_conflict_engine_exception"}}),
        );
        assert!(matches!(twice, Err(ClusterError::Article { .. })));
        let busy =
            json!({"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "full"}});
        assert!(matches!(outcome("가", Action::Create, &busy), Err(ClusterError::Busy { .. })));
        let long =
            json!({"status": 400, "error": {"type": "illegal_argument_exception", "reason": "immense term"}});
        assert!(
            matches!(outcome("가", Action::Create, &long), Err(ClusterError::Article { id, .. }) if id == "가")
        );
        assert!(outcome("가", Action::Create, &Value::Null).is_err());
        let later = json!({"status": 409, "error": {"type": "version_conflict_engine_exception"}});
        assert!(
            outcome("가", Action::Write, &later).is_ok() && outcome("가", Action::Delete, &later).is_ok()
        );
        assert!(outcome("가", Action::Delete, &json!({"status": 404, "result": "not_found"})).is_ok());
        let gone = json!({"status": 404, "error": {"type": "index_not_found_exception", "reason": "no such index [x]"}});
        assert!(matches!(outcome("가", Action::Delete, &gone), Err(ClusterError::NoIndex { .. })));
    }
}
