//! What the machine that fills a cluster says of its keys: one document in a small index of its own, `PREFIX-keys`, which no reindex replaces.
//!
//! Documents take turns by their number: what a writer sent that has ended, and that comes late, counts no more.

use serde_json::{Value, json};

use super::client::Client;
use super::error::ClusterError;
use super::fill::named;
use super::mapping::new_keys;
use super::mirror::moment;
use crate::query::archive::Deadline;

/// The document's name.
const DOCUMENT: &str = "keys";

/// The index with what is said of keys under one prefix.
pub struct KeysIndex<'a> {
    client: &'a Client,
    prefix: &'a str,
}

impl<'a> KeysIndex<'a> {
    /// That of `prefix`.
    #[must_use]
    pub fn new(client: &'a Client, prefix: &'a str) -> Self {
        Self { client, prefix }
    }

    fn name(&self) -> String {
        format!("{}-keys", self.prefix)
    }

    /// What was said last; `None` where nothing ever was.
    ///
    /// # Errors
    /// Whatever the cluster says.
    pub fn read(&self, deadline: Deadline) -> Result<Option<Value>, ClusterError> {
        Ok(self.document(deadline)?.map(|(_, said)| said))
    }

    /// With its number.
    fn document(&self, deadline: Deadline) -> Result<Option<(u64, Value)>, ClusterError> {
        let mut found = match self.client.get(&format!("/{}/_doc/{DOCUMENT}", self.name()), deadline) {
            Ok(found) => found,
            Err(ClusterError::Refused { status: 404, .. } | ClusterError::NoIndex { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let number = found.get("_version").and_then(Value::as_u64);
        let number =
            number.ok_or_else(|| ClusterError::Unreadable { what: "keys have no number".to_owned() })?;
        // What is not there, or is something else, is whoever reads it to judge.
        Ok(Some((number, found.pointer_mut("/_source/text").map(Value::take).unwrap_or_default())))
    }

    /// Says it, unless it was said last. `name` is that of the generation which this machine fills the cluster from. Whether anything had to be
    /// written.
    ///
    /// # Errors
    /// [`ClusterError::FilledElsewhere`] where another machine has filled the cluster since; whatever the cluster says.
    pub fn say(&self, said: &Value, name: &str, deadline: Deadline) -> Result<bool, ClusterError> {
        let own = format!("{}-{name}", self.prefix);
        if let Some(serves) = named(self.client, self.prefix, deadline)?
            && moment(&serves) > moment(&own)
        {
            return Err(ClusterError::FilledElsewhere { serves, own });
        }
        let before = self.document(deadline)?;
        if before.as_ref().is_some_and(|(_, before)| before == said) {
            return Ok(false);
        }
        let index = self.name();
        match self.client.get(&format!("/{index}/_mapping"), deadline) {
            Ok(_) => {}
            Err(ClusterError::NoIndex { .. }) => {
                self.client.put(&format!("/{index}"), &new_keys(), deadline)?;
            }
            Err(error) => return Err(error),
        }
        let number = before.map_or(0, |(number, _)| number) + 1;
        let path = format!("/{index}/_doc/{DOCUMENT}?version={number}&version_type=external");
        self.client.put(&path, &json!({"text": said}), deadline)?;
        Ok(true)
    }
}
