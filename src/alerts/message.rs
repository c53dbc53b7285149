//! What is delivered, as the receiver takes it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::Sha256;

use super::hosts::is_web_address;
use super::saved::Format;
use crate::search::Arrived;
use crate::search::types::Hit;

/// What came for a saved search.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// The name of the search.
    pub search: String,
    /// Its title.
    pub title: String,
    /// What came, the first first.
    pub hits: Vec<Arrived>,
    /// Whether somebody only tries it: then nothing came.
    pub test: bool,
    /// The parameters of the search, for a link to all that it finds.
    #[serde(skip)]
    pub params: Map<String, Value>,
    /// What came after these hits and is only counted; nothing where the rest comes with the next message.
    #[serde(skip)]
    pub rest: Option<Rest>,
}

/// The parameters of a search as pairs: one that is a list is repeated.
pub fn pairs(params: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    params.iter().flat_map(|(name, value)| {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        values.iter().map(move |value| (name.as_str(), value))
    })
}

/// What came too, and is only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// How many hits.
    pub hits: usize,
    /// The sequence of the last of them.
    pub last: u64,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

impl Message {
    /// How many hits it tells of, shown or counted.
    pub fn count(&self) -> usize {
        self.hits.len() + self.rest.map_or(0, |rest| rest.hits)
    }

    /// The sequences of the first and the last hit that it tells of; none where nothing came.
    pub fn sequences(&self) -> Option<(u64, u64)> {
        let first = self.hits.first()?.sequence;
        let last = self.rest.map(|rest| rest.last).or(self.hits.last().map(|last| last.sequence))?;
        // A test shows what need not have come.
        (first > 0 && !self.test).then_some((first, last))
    }

    /// The search as the address of the page has it, the newest first where it does not say.
    pub(super) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs(&self.params) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            query.append_pair(name, &text);
        }
        if !self.params.contains_key("sort") {
            query.append_pair("sort", "newest");
        }
        query.finish()
    }

    /// The body of a webhook.
    ///
    /// # Errors
    /// A hit that cannot be written as JSON, which no hit is.
    pub(super) fn body(&self, format: Format) -> serde_json::Result<Vec<u8>> {
        match format {
            Format::Gisa => serde_json::to_vec(self),
            Format::Slack => serde_json::to_vec(&Text { text: self.text() }),
        }
    }

    /// What begins a message that only tries the search.
    pub(super) fn prefix(&self) -> &'static str {
        if self.test { "[시험] " } else { "" }
    }

    /// One text for people, with links as Slack and Mattermost write them.
    fn text(&self) -> String {
        let mut text = format!("{}*{}* 새 기사 {}건", self.prefix(), escaped(&self.title), self.hits.len());
        for arrived in &self.hits {
            let hit = &arrived.hit;
            let title = title_of(hit);
            text.push_str("\n• ");
            match link_of(hit) {
                // A bar would end the address.
                Some(url) => {
                    let url = escaped(&url).replace('|', "%7C");
                    text.push_str(&format!("<{url}|{}>", escaped(title)));
                }
                None => text.push_str(&escaped(title)),
            }
            for fact in facts(arrived) {
                text.push_str(&format!(" · {}", escaped(&fact)));
            }
        }
        text
    }
}

/// The address of a hit's article where it can be opened. A blank would end it in a text.
pub(super) fn link_of(hit: &Hit) -> Option<String> {
    let url = hit.url.as_deref().map(|url| url.replace(' ', "%20"));
    url.filter(|url| is_web_address(url))
}

/// What a hit is called: its title, or its id where it has none.
pub(super) fn title_of(hit: &Hit) -> &str {
    if hit.title.is_empty() { hit.id.as_str() } else { &hit.title }
}

/// Outlet, time, and whether it was corrected.
pub(super) fn facts(arrived: &Arrived) -> impl Iterator<Item = String> + '_ {
    let time = arrived.hit.published_at.map(|at| day_and_time(&at.to_string()));
    let facts = arrived.hit.outlet.iter().cloned().chain(time);
    facts.chain(arrived.changed.then(|| "수정됨".to_owned()))
}

/// `2026-02-05 10:58` of `2026-02-05T10:58:19+09:00`.
fn day_and_time(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}

/// The three characters that mean something in such a text.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `sha256=…`, with which a receiver knows that the body comes from whoever has the secret.
pub(super) fn signature(secret: &str, body: &[u8]) -> String {
    // A key of any length does.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_signed_as_others_sign() {
        // RFC 4231, test case 2.
        assert_eq!(
            signature("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_title_cannot_make_a_link_of_its_own() {
        assert_eq!(escaped("<http://x|y> & z"), "&lt;http://x|y&gt; &amp; z");
        assert_eq!(day_and_time("2026-02-05T10:58:19+09:00"), "2026-02-05 10:58");
    }
}
