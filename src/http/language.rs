//! The language of whoever asks. A page is Korean unless the address or the browser asks for English; a failure is told in English,
//! as programs know it, unless Korean is asked for.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Language {
    Korean,
    English,
}

impl Language {
    /// All of them, the default first.
    pub(in crate::http) const ALL: [Self; 2] = [Self::Korean, Self::English];

    /// The BCP 47 tag.
    pub(in crate::http) fn tag(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// `lang` of the address, else what the browser prefers (RFC 9110 §12.5.4), else Korean.
    pub(in crate::http) fn of_request(query: Option<&str>, headers: &HeaderMap) -> Self {
        let asked = query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("lang="));
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        asked.and_then(Self::of_tag).or_else(|| Self::preferred(accepted)).unwrap_or(Self::Korean)
    }

    /// The one with the highest weight, of equal ones the first; `None` where neither is named.
    pub(in crate::http) fn preferred(accepted: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for range in accepted.split(',') {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let Some(language) = Self::of_tag(tag) else { continue };
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse().ok()).unwrap_or(0.0);
            if weight > best.map_or(0.0, |(best, _)| best) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// One for each language.
#[derive(Debug, Default)]
pub(in crate::http) struct Each<T> {
    pub(in crate::http) korean: T,
    pub(in crate::http) english: T,
}

impl<T> Each<T> {
    pub(in crate::http) fn of(&self, language: Language) -> &T {
        match language {
            Language::Korean => &self.korean,
            Language::English => &self.english,
        }
    }

    pub(in crate::http) fn of_mut(&mut self, language: Language) -> &mut T {
        match language {
            Language::Korean => &mut self.korean,
            Language::English => &mut self.english,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn korean_unless_english_is_asked_for() {
        use Language::{English, Korean};
        for (query, accepted, expected) in [
            (None, "", Korean),
            (None, "en-US,en;q=0.9", English),
            (None, "ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Korean),
            (None, "en;q=0.3, ko;q=0.4", Korean),
            (None, "fr-FR, en;q=0.2", English),
            (None, "ja, *;q=0.5", Korean),
            (None, "en;q=0", Korean),
            (Some("q=x&lang=en"), "ko", English),
            (Some("lang=ko&q=en"), "en", Korean),
            (Some("lang=tlh"), "en", English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(accepted).unwrap());
            assert_eq!(Language::of_request(query, &headers), expected, "{query:?} {accepted}");
        }
    }
}
