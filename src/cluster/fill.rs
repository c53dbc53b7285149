//! Filling a new index of a cluster, and putting it into service.
//!
//! A generation is an index `PREFIX-NAME` that is filled while nobody asks it, verified, and named by the alias `PREFIX` in one action. Whoever
//! is killed on the way leaves an index that no alias names, and the one before serves on; what was left is removed when the next is put into
//! service.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Method;

use super::beside::{Beside, beside_of};
use super::client::{Again, Client};
use super::error::ClusterError;
use super::mapping::{FORMAT, Layout, check_settings, new_beside, new_index};
use super::reached::Reached;
use super::reply::total;
use super::sender::{Sender, writes_of};
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
#[derive(Debug, Clone)]
pub(super) struct Given {
    /// Names what that is.
    pub(super) key: String,
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
        if is_complete(client, &index)? == Some(false) {
            // Whoever filled it was killed.
            remove(client, &index)?;
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

    /// Verifies the index and completes it, so that it can be put into service. Gives its name.
    ///
    /// # Errors
    /// [`ClusterError::Count`] where articles are missing; whatever the cluster says.
    pub(super) fn finish(
        self,
        given: Given,
        beside: &Beside,
        built_at: Timestamp,
    ) -> Result<String, ClusterError> {
        let (client, index) = (self.client, self.index.as_str());
        refresh(client, index, Deadline::NONE)?;
        let found = articles_in(client, index, Deadline::NONE)?;
        if found != given.articles {
            return Err(ClusterError::Count { name: index.to_owned(), found, given: given.articles });
        }
        let beside_index = beside_of(index);
        // Of one that was killed.
        remove(client, &beside_index)?;
        put(client, &format!("/{beside_index}"), &new_beside())?;
        beside.write(client, &beside_index)?;
        let Given { sequence, key, .. } = given;
        let reached =
            Reached { sequence, key, mended: 0, articles: found, left_out: Vec::new(), is_steady: true };
        reached.write(client, index, sequence, Deadline::NONE)?;
        let actions = json!({"actions": [{"add": {"index": index, "alias": writes_of(index)}}]});
        client.ask("/_aliases", &actions, Deadline::NONE)?;
        let about = json!({"format": FORMAT, "prefix": self.prefix, "complete": true, "articles": found,
            "sequence": sequence, "built_at": built_at.to_string(), "language": self.language.index_hash()});
        let replicas = json!({"index.number_of_replicas": self.layout.replicas});
        put(client, &format!("/{index}/_settings"), &replicas)?;
        put(client, &format!("/{beside_index}/_settings"), &replicas)?;
        self.wait_until_copied()?;
        put(client, &format!("/{index}/_mapping"), &json!({"_meta": {"gisa": about}}))?;
        Ok(self.index)
    }

    fn wait_until_copied(&self) -> Result<(), ClusterError> {
        let wait = COPYING.as_secs();
        let (index, beside) = (&self.index, beside_of(&self.index));
        let path = format!("/_cluster/health/{index},{beside}?wait_for_status=green&timeout={wait}s");
        let patience = Deadline::within(COPYING * 2);
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
}

/// Puts a complete index into service: after that, whoever opens `prefix` finds it. The one that served before stays, for whoever still reads
/// it; other indexes of this prefix are removed.
///
/// # Errors
/// Whatever the cluster says; then what served before serves on.
pub(super) fn put_into_service(client: &Client, prefix: &str, index: &str) -> Result<(), ClusterError> {
    let before = named(client, prefix, Deadline::NONE)?;
    let actions = json!({"actions": [
        {"remove": {"index": format!("{prefix}-*"), "alias": prefix, "must_exist": false}},
        {"add": {"index": index, "alias": prefix}},
    ]});
    client.ask("/_aliases", &actions, Deadline::NONE)?;
    let names = named(client, prefix, Deadline::NONE)?;
    if names.as_deref() != Some(index) {
        return Err(ClusterError::Unreadable { what: format!("the alias {prefix} names {names:?}") });
    }
    remove_all_but(client, prefix, &[Some(index), before.as_deref()])
}

fn remove_all_but(client: &Client, prefix: &str, stay: &[Option<&str>]) -> Result<(), ClusterError> {
    let mappings = client.get(&format!("/{prefix}-*/_mapping"), Deadline::NONE)?;
    for (name, mapping) in mappings.as_object().into_iter().flatten() {
        // Another installation's prefix may begin with this one.
        let own = mapping.pointer("/mappings/_meta/gisa/prefix").and_then(Value::as_str) == Some(prefix);
        if own && !stay.contains(&Some(name.as_str())) {
            remove(client, &beside_of(name))?;
            remove(client, name)?;
        }
    }
    Ok(())
}

/// Removes an index, where there is one.
fn remove(client: &Client, index: &str) -> Result<(), ClusterError> {
    match client.send(Method::DELETE, &format!("/{index}"), None, Again::Harmless, Deadline::NONE) {
        Ok(_) | Err(ClusterError::NoIndex { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether the index was filled to its end; `None` where there is none.
pub(super) fn is_complete(client: &Client, index: &str) -> Result<Option<bool>, ClusterError> {
    match client.get(&format!("/{index}/_mapping"), Deadline::NONE) {
        Ok(found) => {
            let complete = found.pointer(&format!("/{index}/mappings/_meta/gisa/complete"));
            Ok(Some(complete.and_then(Value::as_bool) == Some(true)))
        }
        Err(ClusterError::NoIndex { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Lets searches see what was written to `index`, in every shard.
pub(super) fn refresh(client: &Client, index: &str, deadline: Deadline) -> Result<(), ClusterError> {
    let path = format!("/{index}/_refresh");
    let answer = client.send(Method::POST, &path, None, Again::Harmless, deadline)?;
    let shards = |name: &str| answer.pointer(&format!("/_shards/{name}")).and_then(Value::as_u64);
    match (shards("total"), shards("successful"), shards("failed")) {
        (_, Some(1..), Some(0)) => Ok(()),
        (total, successful, _) => Err(ClusterError::Partial {
            successful: successful.unwrap_or_default(),
            total: total.unwrap_or_default(),
        }),
    }
}

/// How many articles are to be seen in `index`, in every shard.
pub(super) fn articles_in(client: &Client, index: &str, deadline: Deadline) -> Result<u64, ClusterError> {
    total(&client.search(index, &json!({"size": 0, "track_total_hits": true}), deadline)?)
}

/// The index that the alias `prefix` names; `None` where it names none.
pub(super) fn named(
    client: &Client,
    prefix: &str,
    deadline: Deadline,
) -> Result<Option<String>, ClusterError> {
    let named = match client.get(&format!("/_alias/{prefix}"), deadline) {
        Ok(named) => named,
        // It says 404 and, instead of a type, `alias [news] missing`.
        Err(ClusterError::Refused { status: 404, .. } | ClusterError::NoIndex { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut names = named.as_object().into_iter().flat_map(|named| named.keys());
    match (names.next(), names.next()) {
        (Some(name), None) => Ok(Some(name.clone())),
        (None, _) => Ok(None),
        _ => Err(ClusterError::Unreadable { what: format!("the alias {prefix} names several indexes") }),
    }
}

/// The index that the alias `prefix` names.
///
/// # Errors
/// [`ClusterError::NoIndex`] where it names none; whatever the cluster says.
pub(super) fn serving(client: &Client, prefix: &str, deadline: Deadline) -> Result<String, ClusterError> {
    named(client, prefix, deadline)?.ok_or_else(|| ClusterError::NoIndex { name: prefix.to_owned() })
}

fn put(client: &Client, path: &str, body: &Value) -> Result<Value, ClusterError> {
    client.send(Method::PUT, path, Some(body.to_string()), Again::No, Deadline::NONE)
}
