//! One saved search, as it was given.

use std::collections::HashSet;

use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::error::AlertError;
use super::hosts::AllowedHosts;
use super::settings::{DeliverySettings, NO_MAIL_SERVER, check_mailbox};
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
/// The most mailboxes that a search is delivered to.
const MOST_MAILBOXES: usize = 20;

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
        /// The address, over http or https.
        url: String,
        /// What the body is signed with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret: Option<String>,
        /// What the body looks like.
        #[serde(default)]
        format: Format,
    },
    /// A mail to each of some mailboxes.
    Email {
        /// Their addresses, at most 20.
        #[schema(min_items = 1, max_items = 20)]
        to: Vec<String>,
    },
}

/// One of those whom a target names: told by itself, and tried again by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient<'a> {
    /// A `POST` to an address.
    Webhook {
        /// The address.
        url: &'a str,
        /// What the body is signed with.
        secret: Option<&'a str>,
        /// What the body looks like.
        format: Format,
    },
    /// A mail to an address.
    Mailbox(&'a str),
}

impl Recipient<'_> {
    /// What tells it from the others of its search: an address of the web, or `mailto:` and that of the mailbox.
    pub fn address(&self) -> String {
        match self {
            Self::Webhook { url, .. } => (*url).to_owned(),
            Self::Mailbox(to) => format!("mailto:{to}"),
        }
    }
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
    /// Whom it names.
    pub fn recipients(&self) -> Vec<Recipient<'_>> {
        match self {
            Self::Webhook { url, secret, format } => {
                vec![Recipient::Webhook { url, secret: secret.as_deref(), format: *format }]
            }
            Self::Email { to } => to.iter().map(|to| Recipient::Mailbox(to)).collect(),
        }
    }
}

impl SavedSearch {
    /// Who is told, each by itself.
    pub fn recipients(&self) -> impl Iterator<Item = Recipient<'_>> {
        self.deliver.iter().flat_map(Target::recipients)
    }

    /// Refuses what cannot be saved, but for the parameters, which only a search understands.
    ///
    /// # Errors
    /// [`AlertError::Invalid`] names the part.
    pub fn check(&self, name: &str, settings: &DeliverySettings) -> Result<(), AlertError> {
        check_name(name)?;
        let title = self.title.trim();
        if title.is_empty() || title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
            let reason = format!("must be one line of 1 to {LONGEST_TITLE} characters");
            return Err(AlertError::invalid("title", reason));
        }
        if self.deliver.len() > MOST_TARGETS {
            return Err(AlertError::invalid("deliver", format!("has more than {MOST_TARGETS} entries")));
        }
        let mut told = HashSet::new();
        let mut mailboxes = 0;
        for (number, target) in self.deliver.iter().enumerate() {
            let refused = |part: &str, reason: String| {
                Err(AlertError::invalid(format!("deliver[{number}].{part}"), reason))
            };
            if let Target::Email { to } = target {
                mailboxes += to.len();
                // One that is paused may wait for a server.
                if settings.mail.is_none() && !self.paused {
                    return refused(
                        "kind",
                        format!("is `email`, but there is no mail server; {NO_MAIL_SERVER}"),
                    );
                }
                if to.is_empty() || mailboxes > MOST_MAILBOXES {
                    let reason =
                        format!("must be a list of 1 to {MOST_MAILBOXES} addresses, of all entries together");
                    return refused("to", reason);
                }
            }
            for (place, recipient) in target.recipients().into_iter().enumerate() {
                let (part, checked, key) = match recipient {
                    Recipient::Webhook { url, .. } => {
                        ("url".to_owned(), check_url(url, &settings.allow_hosts), url.to_owned())
                    }
                    // Of a mailbox upper and lower case are the same in practice.
                    Recipient::Mailbox(to) => (format!("to[{place}]"), check_mailbox(to), to.to_lowercase()),
                };
                if let Err(reason) = checked {
                    return refused(&part, reason);
                }
                if !told.insert(key) {
                    return refused(&part, "is there twice; each address is told once".to_owned());
                }
                if let Recipient::Webhook { secret: Some(secret), .. } = recipient
                    && (secret.is_empty() || secret.len() > LONGEST_SECRET)
                {
                    let reason =
                        format!("must have 1 to {LONGEST_SECRET} bytes; leave it out to sign nothing");
                    return refused("secret", reason);
                }
            }
        }
        Ok(())
    }
}

/// What a name must be, as a regular expression that JSON Schema knows.
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
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(format!("begins with `{}:`; webhooks are sent over http or https", parsed.scheme()));
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
    use crate::alerts::{MailSecurity, MailSettings};

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
        search.check(name, &DeliverySettings::default()).unwrap_err().to_string()
    }

    fn mail(to: &[&str]) -> Target {
        Target::Email { to: to.iter().map(|to| (*to).to_owned()).collect() }
    }

    #[test]
    fn a_mail_is_for_so_many_mailboxes_where_there_is_a_mail_server() {
        let mut search = search("https://hooks.example/news");
        search.deliver.push(mail(&["desk@newsroom.example"]));
        let reason = refused("a", &search);
        assert!(reason.contains("`deliver[1].kind`") && reason.contains("alerts.smtp_host"), "{reason}");
        let mail_server = MailSettings {
            host: "mail.newsroom.example".to_owned(),
            port: 587,
            security: MailSecurity::Starttls,
            login: None,
            from: "gisa@newsroom.example".to_owned(),
        };
        let settings = DeliverySettings { mail: Some(mail_server), ..DeliverySettings::default() };
        search.check("a", &settings).unwrap();
        let many: Vec<String> = (0..19).map(|number| format!("a{number}@newsroom.example")).collect();
        search.deliver.push(Target::Email { to: many });
        search.check("a", &settings).unwrap();
        let mut refused = |to: &[&str]| {
            search.deliver.truncate(3);
            search.deliver.push(mail(to));
            search.check("a", &settings).unwrap_err().to_string()
        };
        assert!(refused(&["b@newsroom.example"]).contains("`deliver[3].to` must be a list of 1 to 20"));
        assert!(refused(&[]).contains("`deliver[3].to`"));
        search.deliver.truncate(2);
        search.deliver.push(mail(&["b@newsroom.example", "Desk@newsroom.example"]));
        let twice = search.check("a", &settings).unwrap_err().to_string();
        assert!(twice.contains("`deliver[2].to[1]` is there twice"), "{twice}");
        search.deliver[2] = mail(&["b@newsroom.example\r\nBcc: x@y.example"]);
        let wrong = search.check("a", &settings).unwrap_err().to_string();
        assert!(wrong.contains("`deliver[2].to[0]` is not an e-mail address"), "{wrong}");
    }

    #[test]
    fn what_cannot_be_delivered_or_named_is_refused_by_its_place() {
        let good = search("http://hooks.example/news");
        for name in ["desk-1", "사회부_속보"] {
            good.check(name, &DeliverySettings::default()).unwrap();
        }
        let long = "가".repeat(65);
        for name in ["", "a b", "a/b", "a.atom", "..", long.as_str()] {
            assert!(refused(name, &good).contains("`name`"), "{name}");
        }
        for url in [
            "hooks.example",
            "ftp://hooks.example",
            "https://10.1.2.3/x",
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
