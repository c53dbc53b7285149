//! One saved search, as it was given.

use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::error::AlertError;
use super::hosts::AllowedHosts;
use crate::access::FixedFilter;
use crate::article::Timestamp;

/// The longest name, in characters.
pub const LONGEST_SEARCH_NAME: usize = 64;
/// The longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// The longest address of a webhook, in bytes.
const LONGEST_URL: usize = 2_000;
/// The longest secret, in bytes.
const LONGEST_SECRET: usize = 256;
/// The most places that a search is delivered to.
const MOST_TARGETS: usize = 8;

/// A search that was saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedSearch {
    /// What people call it.
    pub title: String,
    /// The parameters of the search, as given: a text, a number, a truth value, or a list of texts each.
    pub params: Map<String, Value>,
    /// Where what comes is delivered; nowhere if empty.
    pub deliver: Vec<Target>,
    /// When it is delivered.
    pub when: When,
    /// Whether nothing is delivered for now. What comes meanwhile is delivered afterwards.
    pub paused: bool,
    /// The fixed filter of the key that saved it: it finds no more than that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<FixedFilter>,
    /// When it was saved, or last changed.
    pub saved_at: Timestamp,
}

/// When what comes is delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// As soon as searches find it.
    #[default]
    AtOnce,
    /// With the next full hour.
    Hourly,
    /// At the time of day that the settings say.
    Daily,
}

/// Where something is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// A `POST` to an address.
    Webhook {
        /// The address, over http.
        url: String,
        /// What the body is signed with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret: Option<String>,
        /// What the body looks like.
        #[serde(default)]
        format: Format,
    },
}

/// What the body of a webhook looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Hits as in the answer to a search.
    #[default]
    Gisa,
    /// One text, as Slack and Mattermost take it.
    Slack,
}

impl Target {
    /// What tells it from the other targets of its search.
    pub fn address(&self) -> &str {
        match self {
            Self::Webhook { url, .. } => url,
        }
    }
}

impl SavedSearch {
    /// Refuses what cannot be saved, but for the parameters, which only a search understands.
    ///
    /// # Errors
    /// [`AlertError::Invalid`] names the part.
    pub fn check(&self, name: &str, hosts: &AllowedHosts) -> Result<(), AlertError> {
        check_name(name)?;
        let title = self.title.trim();
        if title.is_empty() || title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
            let reason = format!("must be one line of 1 to {LONGEST_TITLE} characters");
            return Err(AlertError::invalid("title", reason));
        }
        if self.deliver.len() > MOST_TARGETS {
            return Err(AlertError::invalid("deliver", format!("has more than {MOST_TARGETS} entries")));
        }
        for (number, target) in self.deliver.iter().enumerate() {
            let Target::Webhook { url, secret, .. } = target;
            let field = |part: &str| format!("deliver[{number}].{part}");
            check_url(url, hosts).map_err(|reason| AlertError::invalid(field("url"), reason))?;
            let again = self.deliver.iter().take(number).any(|other| other.address() == url);
            if again {
                return Err(AlertError::invalid(field("url"), "is there twice; each address is told once"));
            }
            if secret.as_ref().is_some_and(|secret| secret.is_empty() || secret.len() > LONGEST_SECRET) {
                let reason = format!("must have 1 to {LONGEST_SECRET} bytes; leave it out to sign nothing");
                return Err(AlertError::invalid(field("secret"), reason));
            }
        }
        Ok(())
    }
}

/// What `check_name` asks, as a regular expression that JSON Schema knows.
pub const SEARCH_NAME: &str = "^[A-Za-z0-9_가-힣-]+$";

fn check_name(name: &str) -> Result<(), AlertError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '가'..='힣');
    if name.is_empty() || name.chars().count() > LONGEST_SEARCH_NAME || !name.chars().all(fits) {
        let reason = format!(
            "must be 1 to {LONGEST_SEARCH_NAME} letters of A to Z or Hangul, digits, `-` or `_`, and is {name:?}"
        );
        return Err(AlertError::invalid("name", reason));
    }
    Ok(())
}

/// Why nothing can be delivered to `url`.
fn check_url(url: &str, hosts: &AllowedHosts) -> Result<(), String> {
    if url.len() > LONGEST_URL {
        return Err(format!("is longer than {LONGEST_URL} bytes"));
    }
    let parsed = Url::parse(url).map_err(|error| format!("is not an address: {error}"))?;
    if parsed.scheme() != "http" {
        return Err(format!("begins with `{}:`; webhooks are sent over http only", parsed.scheme()));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("holds a name or password; use `secret`, with which the body is signed".to_owned());
    }
    hosts.check_url(&parsed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn search(url: &str) -> SavedSearch {
        SavedSearch {
            title: "한빛은행 소식".to_owned(),
            params: Map::new(),
            deliver: vec![Target::Webhook { url: url.to_owned(), secret: None, format: Format::Gisa }],
            when: When::AtOnce,
            paused: false,
            filter: None,
            saved_at: Timestamp::from_seconds(0),
        }
    }

    fn refused(name: &str, search: &SavedSearch) -> String {
        search.check(name, &AllowedHosts::default()).unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_delivered_or_named_is_refused_by_its_place() {
        let good = search("http://hooks.example/news");
        for name in ["desk-1", "사회부_속보"] {
            good.check(name, &AllowedHosts::default()).unwrap();
        }
        let long = "가".repeat(65);
        for name in ["", "a b", "a/b", "a.atom", "..", long.as_str()] {
            assert!(refused(name, &good).contains("`name`"), "{name}");
        }
        for url in [
            "hooks.example",
            "ftp://hooks.example",
            "http://user:pass@hooks.example",
            "http://127.0.0.1/x",
            "http://[::1]/x",
            "http://[::ffff:10.0.0.1]/x",
            "http://169.254.169.254/latest/meta-data",
            "http://2130706433/",
        ] {
            assert!(refused("a", &search(url)).contains("`deliver[0].url`"), "{url}");
        }
        let mut twice = good.clone();
        twice.deliver.push(twice.deliver[0].clone());
        assert!(refused("a", &twice).contains("`deliver[1].url` is there twice"));
        let untitled = SavedSearch { title: " ".to_owned(), ..good };
        assert!(refused("a", &untitled).contains("`title`"));
    }
}
