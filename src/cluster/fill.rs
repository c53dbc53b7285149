//! Filling a new index of a cluster, and putting it into service.
//!
//! A generation is an index `PREFIX-NAME` that is filled while nobody asks it, verified, closed to writes, and named by the alias `PREFIX`
//! in one action. Whoever is killed on the way leaves an index that no alias names, and the one before serves on; the next filling removes
//! what was left.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::http::Method;

use super::beside::Beside;
use super::client::{Again, Client};
use super::error::ClusterError;
use super::mapping::{FORMAT, Layout, check_settings, new_beside, new_index};
use super::reply::total;
use super::sender::Sender;
use crate::article::Timestamp;
use crate::korean::Language;
use crate::query::archive::Deadline;

/// How long copies of shards may take to be made.
const COPYING: Duration = Duration::from_secs(600);

/// An index while it is filled.
pub(super) struct Filling<'a> {
    pub(super) client: &'a Client,
    pub(super) language: &'a Language,
    pub(super) index: String,
    prefix: String,
    layout: Layout,
}

/// What an index was given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    /// Articles.
    pub(super) articles: u64,
    /// The journal's number up to which that is all that was pushed.
    pub(super) sequence: u64,
}

impl<'a> Filling<'a> {
    /// Makes the index `PREFIX-NAME`, empty.
    ///
    /// # Errors
    /// [`ClusterError::PrefixIsIndex`], [`ClusterError::Setting`] where a template changes what gisa sets, or whatever the cluster says.
    pub(super) fn begin(
        client: &'a Client,
        language: &'a Language,
        prefix: &str,
        name: &str,
        layout: Layout,
    ) -> Result<Self, ClusterError> {
        let index = format!("{prefix}-{name}");
        let in_place = match client.get(&format!("/{prefix}"), Deadline::NONE) {
            Ok(found) => found,
            Err(ClusterError::NoIndex { .. }) => Value::Null,
            Err(error) => return Err(error),
        };
        if in_place.get(prefix).is_some() {
            return Err(ClusterError::PrefixIsIndex { name: prefix.to_owned() });
        }
        put(client, &format!("/{index}"), &new_index(prefix, layout))?;
        let settings = client.get(&format!("/{index}/_settings?flat_settings=true"), Deadline::NONE)?;
        check_settings(&index, &settings)?;
        Ok(Self { client, language, index, prefix: prefix.to_owned(), layout })
    }

    /// A thread's way into it.
    pub(super) fn sender(&self) -> Sender<'_> {
        Sender::new(self.client, &self.index, self.language)
    }

    /// Verifies the index and puts it into service: after that, whoever opens `PREFIX` finds it. Gives its name.
    ///
    /// # Errors
    /// [`ClusterError::Count`] where articles are missing; whatever the cluster says. The index before it then serves on.
    pub(super) fn finish(
        self,
        given: Given,
        beside: &Beside,
        built_at: Timestamp,
    ) -> Result<String, ClusterError> {
        let (client, index) = (self.client, self.index.as_str());
        client.send(Method::POST, &format!("/{index}/_refresh"), None, Again::Harmless, Deadline::NONE)?;
        let counted = json!({"size": 0, "track_total_hits": true});
        let answer = client.search(index, &counted, Deadline::NONE)?;
        let found = total(&answer)?;
        if found != given.articles {
            return Err(ClusterError::Count { name: index.to_owned(), found, given: given.articles });
        }
        let beside_index = beside_of(index);
        put(client, &format!("/{beside_index}"), &new_beside())?;
        beside.write(client, &beside_index)?;
        let about = json!({"format": FORMAT, "prefix": self.prefix, "complete": true, "articles": found,
            "sequence": given.sequence, "built_at": built_at.to_string(), "language": self.language.index_hash()});
        put(client, &format!("/{index}/_mapping"), &json!({"_meta": {"gisa": about}}))?;
        // Nothing changes any more: an edition is an index, and every answer of it stays what it was.
        let replicas = self.layout.replicas;
        let settings = json!({"index.number_of_replicas": replicas, "index.refresh_interval": "1s",
            "index.blocks.write": true});
        put(client, &format!("/{index}/_settings"), &settings)?;
        put(client, &format!("/{beside_index}/_settings"), &json!({"index.number_of_replicas": replicas}))?;
        self.wait_until_copied()?;
        let before = self.in_service()?;
        self.swap()?;
        self.remove_all_but(before.as_deref())?;
        Ok(self.index)
    }

    fn wait_until_copied(&self) -> Result<(), ClusterError> {
        let wait = COPYING.as_secs();
        let path =
            format!("/_cluster/health/{0},{0}-beside?wait_for_status=green&timeout={wait}s", self.index);
        let patience = Deadline::new(Some(Instant::now() + COPYING * 2));
        let health = match self.client.get(&path, patience) {
            // It says 408 where the time was not enough.
            Err(ClusterError::Deadline) => Value::Null,
            health => health?,
        };
        match health.get("timed_out").and_then(Value::as_bool) {
            Some(false) => Ok(()),
            _ => {
                Err(ClusterError::Red { reason: format!("{} is not green after {wait} seconds", self.index) })
            }
        }
    }

    /// The index that the alias names, if it names one.
    fn in_service(&self) -> Result<Option<String>, ClusterError> {
        match self.client.get(&format!("/{}", self.prefix), Deadline::NONE) {
            Ok(named) => Ok(named.as_object().and_then(|named| named.keys().next()).cloned()),
            Err(ClusterError::NoIndex { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Lets the alias name this index and no other.
    fn swap(&self) -> Result<(), ClusterError> {
        let (client, prefix) = (self.client, &self.prefix);
        let actions = json!({"actions": [
            {"remove": {"index": format!("{prefix}-*"), "alias": prefix, "must_exist": false}},
            {"add": {"index": self.index, "alias": prefix}},
        ]});
        client.ask("/_aliases", &actions, Deadline::NONE)?;
        let named = client.get(&format!("/_alias/{prefix}"), Deadline::NONE)?;
        let named: Vec<&String> = named.as_object().into_iter().flat_map(|all| all.keys()).collect();
        match named.as_slice() {
            [only] if **only == self.index => Ok(()),
            _ => Err(ClusterError::Unreadable { what: format!("the alias {prefix} names {named:?}") }),
        }
    }

    /// Removes the indexes of this prefix but this one and the one before, which stays for whoever still reads it.
    fn remove_all_but(&self, before: Option<&str>) -> Result<(), ClusterError> {
        let mappings = self.client.get(&format!("/{}-*/_mapping", self.prefix), Deadline::NONE)?;
        for (name, mapping) in mappings.as_object().into_iter().flatten() {
            // Another installation's prefix may begin with this one.
            let own =
                mapping.pointer("/mappings/_meta/gisa/prefix").and_then(Value::as_str) == Some(&self.prefix);
            if own && *name != self.index && Some(name.as_str()) != before {
                for name in [beside_of(name), name.clone()] {
                    match self.client.send(
                        Method::DELETE,
                        &format!("/{name}"),
                        None,
                        Again::No,
                        Deadline::NONE,
                    ) {
                        Ok(_) | Err(ClusterError::NoIndex { .. }) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        Ok(())
    }
}

/// The index that holds what belongs beside the articles of `index`.
pub(super) fn beside_of(index: &str) -> String {
    format!("{index}-beside")
}

fn put(client: &Client, path: &str, body: &Value) -> Result<Value, ClusterError> {
    client.send(Method::PUT, path, Some(body.to_string()), Again::No, Deadline::NONE)
}
