//! Whether a text holds any of several strings, by one walk over it: most texts hold none of them, and all are asked.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Strings that a text may hold, and what looks for all of them at once, made when it is first asked.
pub(super) struct AnyOf {
    strings: &'static [&'static str],
    searcher: OnceLock<Option<AhoCorasick>>,
}

impl AnyOf {
    /// Looks for `strings`.
    pub(super) const fn new(strings: &'static [&'static str]) -> Self {
        Self { strings, searcher: OnceLock::new() }
    }

    /// Whether `text` holds one of them.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.is_in_bytes(text.as_bytes())
    }

    /// Whether `bytes` hold one of them.
    pub(super) fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        // Only this kind of match is looked for by vectors of bytes, three to ten times as fast as by states.
        let build = || AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(self.strings).ok();
        match self.searcher.get_or_init(build) {
            Some(searcher) => searcher.is_match(bytes),
            // Strings that are too many for it would be a slow list, not a wrong one.
            None => {
                self.strings.iter().any(|string| memchr::memmem::find(bytes, string.as_bytes()).is_some())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_one_wherever_it_is() {
        static WORDS: AnyOf = AnyOf::new(&["재배포", "저작권", "Copyright"]);
        for text in ["재배포", "무단 재배포 금지", "ⓒ Copyright", "새벽신문 저작권"] {
            assert!(WORDS.is_in(text), "{text}");
        }
        for text in ["", "배포", "copyright", "저작 권"] {
            assert!(!WORDS.is_in(text), "{text}");
        }
    }
}
