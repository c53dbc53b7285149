//! How far an index of the cluster has followed its source: one document beside it, which whoever reads looks at.
//!
//! Nothing of an index becomes visible by itself (`refresh_interval: -1`). The writer sends its changes, says that it is about to show them,
//! shows them, and says what is to be seen then. So whoever finds the same steady word before and after opening a view has exactly that.

use serde_json::{Value, json};

use super::beside::beside_of;
use super::client::Client;
use super::error::ClusterError;
use crate::query::archive::Deadline;

/// The document's name.
const DOCUMENT: &str = "reached";

/// How far an index has followed its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reached {
    /// The journal's last entry that it holds.
    pub(super) sequence: u64,
    /// Names what it holds: the source had it under the same key.
    pub(super) key: String,
    /// How often articles were lost there and put back: what is seen then has another edition.
    pub(super) mended: u64,
    /// How many articles that are.
    pub(super) articles: u64,
    /// Articles that the cluster cannot hold, with its reasons: they are found nowhere.
    pub(super) left_out: Vec<(String, String)>,
    /// Whether that is all that is to be seen. Otherwise more is being shown at this moment.
    pub(super) is_steady: bool,
}

impl Reached {
    /// What is said of `index`.
    ///
    /// # Errors
    /// [`ClusterError::Unreadable`] where nothing is, or nothing that can be read; [`ClusterError::NoIndex`]; whatever the cluster says.
    pub(super) fn read(client: &Client, index: &str, deadline: Deadline) -> Result<Self, ClusterError> {
        let unreadable = || ClusterError::Unreadable { what: format!("how far {index} is") };
        let document = client.document(&beside_of(index), DOCUMENT, deadline)?.ok_or_else(unreadable)?;
        Self::of(document.get("text").unwrap_or(&Value::Null)).ok_or_else(unreadable)
    }

    fn of(text: &Value) -> Option<Self> {
        let left_out = text.get("left_out")?.as_array()?.iter();
        let pair =
            |pair: &Value| Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned()));
        Some(Self {
            sequence: text.get("sequence")?.as_u64()?,
            key: text.get("key")?.as_str()?.to_owned(),
            mended: text.get("mended")?.as_u64()?,
            articles: text.get("articles")?.as_u64()?,
            left_out: left_out.map(pair).collect::<Option<_>>()?,
            is_steady: text.get("steady")?.as_bool()?,
        })
    }

    fn text(&self) -> Value {
        json!({"sequence": self.sequence, "key": self.key, "mended": self.mended, "articles": self.articles, "left_out": self.left_out,
            "steady": self.is_steady})
    }

    /// Says it of `index`, on the way to the journal's entry `aim`. What a writer said that has ended, and that comes late, counts no more.
    pub(super) fn write(
        &self,
        client: &Client,
        index: &str,
        aim: u64,
        deadline: Deadline,
    ) -> Result<(), ClusterError> {
        let version = aim.max(self.sequence) + 1;
        let path =
            format!("/{}/_doc/{DOCUMENT}?version={version}&version_type=external_gte", beside_of(index));
        client.put(&path, &json!({"text": self.text()}), deadline)?;
        Ok(())
    }

    /// The same while more is being shown.
    pub(super) fn changing(&self) -> Self {
        Self { is_steady: false, ..self.clone() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_written() {
        let left_out = vec![("기사/1".to_owned(), "immense term".to_owned())];
        let reached = Reached {
            sequence: 7,
            key: "7.3.0".to_owned(),
            mended: 1,
            articles: 3,
            left_out,
            is_steady: true,
        };
        assert_eq!(Reached::of(&reached.text()), Some(reached.clone()));
        let changing = reached.changing();
        assert!(!changing.is_steady && changing.sequence == reached.sequence);
        assert_eq!(Reached::of(&json!({"sequence": 1})), None);
    }
}
