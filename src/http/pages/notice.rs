//! What the sign-in page says above its form.

use crate::http::language::Language;

/// What the sign-in page says above its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Notice {
    /// Nothing went wrong yet.
    None,
    /// The key is wrong or has ended.
    Wrong,
    /// The key does not allow reading.
    NoReading,
    /// Too many wrong keys came from there.
    TooMany,
    /// Keys cannot be checked at the moment.
    Unavailable,
    /// A page of another site sent the form.
    OtherSite,
}

impl Notice {
    /// All of them.
    pub(super) const ALL: [Self; 6] =
        [Self::None, Self::Wrong, Self::NoReading, Self::TooMany, Self::Unavailable, Self::OtherSite];

    /// As a paragraph that screen readers announce.
    pub(super) fn html(self, language: Language) -> String {
        let (korean, english) = match self {
            Self::None => return String::new(),
            Self::Wrong => (
                "키가 맞지 않거나 기한이 지났습니다. 다시 확인해 주세요.",
                "The key is wrong or has ended. Please check it.",
            ),
            Self::NoReading => (
                "이 키로는 기사를 읽을 수 없습니다. 관리자에게 읽기 권한이 있는 키를 받아 주세요.",
                "This key does not allow reading. Ask your administrator for one that does.",
            ),
            Self::TooMany => (
                "틀린 키를 너무 많이 입력했습니다. 1분 뒤에 다시 해 주세요.",
                "Too many wrong keys. Please try again in a minute.",
            ),
            Self::Unavailable => (
                "지금은 키를 확인할 수 없습니다. 관리자에게 알려 주세요.",
                "Keys cannot be checked at the moment. Please tell your administrator.",
            ),
            Self::OtherSite => (
                "다른 사이트에서 보낸 요청이라 처리하지 않았습니다. 여기서 다시 입력해 주세요.",
                "Another site sent this request, so nothing was done. Please enter your key here.",
            ),
        };
        let text = if language == Language::Korean { korean } else { english };
        format!("<p class=\"notice-box\" role=\"alert\">{text}</p>")
    }
}
