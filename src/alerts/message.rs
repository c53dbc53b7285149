//! What is delivered, as the receiver takes it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;

use super::saved::Format;
use crate::search::Arrived;

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
}

#[derive(Serialize)]
struct Text {
    text: String,
}

impl Message {
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

    /// One text for people, with links as Slack and Mattermost write them.
    fn text(&self) -> String {
        let test = if self.test { "[시험] " } else { "" };
        let mut text = format!("{test}*{}* 새 기사 {}건", escaped(&self.title), self.hits.len());
        for arrived in &self.hits {
            let hit = &arrived.hit;
            let title = if hit.title.is_empty() { hit.id.as_str() } else { &hit.title };
            text.push_str("\n• ");
            match hit.url.as_deref().filter(|url| url.starts_with("http")) {
                // A bar would end the address.
                Some(url) => {
                    let url = escaped(url).replace('|', "%7C");
                    text.push_str(&format!("<{url}|{}>", escaped(title)));
                }
                None => text.push_str(&escaped(title)),
            }
            for more in
                hit.outlet.iter().cloned().chain(hit.published_at.map(|at| day_and_time(&at.to_string())))
            {
                text.push_str(&format!(" · {}", escaped(&more)));
            }
            if arrived.changed {
                text.push_str(" · 수정됨");
            }
        }
        text
    }
}

/// `2026-02-05 10:58` of `2026-02-05T10:58:19+09:00`.
fn day_and_time(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}

/// The three characters that mean something in such a text.
fn escaped(text: &str) -> String {
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
