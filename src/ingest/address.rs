//! Which addresses name one article, and which of them name the same one.

/// What follows `http://` or `https://`, in whichever case; `None` where neither is there.
fn without_scheme(url: &str) -> Option<&str> {
    ["https://", "http://"].iter().find_map(|scheme| {
        let (start, rest) = url.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

/// Whether `url` is the address of a page below a host: `http(s)://host/path…`. The home page of an outlet, `nan` or `/news/1` name no
/// article, and an id derived from one of them would let articles overwrite each other.
pub(super) fn names_an_article(url: &str) -> bool {
    let Some(rest) = without_scheme(url) else { return false };
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let path = path.split('#').next().unwrap_or_default();
    let page = path.trim_matches(['/', '?']);
    !host.is_empty() && !page.is_empty() && !url.contains(char::is_whitespace)
}

/// Whether a text is an address of the web, and nothing else.
pub(super) fn is_bare_address(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(char::is_whitespace)
}

/// Whether a text may be an address, also one without a host (`/news/1`) or scheme: it has something of an address, and no blank where no
/// scheme says that it is one.
pub(super) fn may_be_address(text: &str) -> bool {
    without_scheme(text).is_some()
        || (!text.contains(char::is_whitespace) && text.contains(['/', '.', '?', '=', ':']))
}

/// Parameters that say where a reader came from, not which article it is. Those that begin with `utm_` are too.
const TRACKING: [&str; 12] = [
    "fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "ref", "ref_src", "cmpid", "from",
    "sns",
];

/// An address in the form in which two addresses of one article are the same text: without scheme, `www.` or `m.`, port of the
/// scheme, fragment, tracking parameters and slashes at the end; percent-encoded text as it reads. `None` for what names no
/// article.
pub fn common_form(url: &str) -> Option<String> {
    let url = url.trim();
    let rest = names_an_article(url).then(|| url.split_once("://"))?.map(|(_, rest)| rest)?;
    let rest = rest.split('#').next().unwrap_or_default();
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let host = host.rsplit('@').next().unwrap_or_default().to_lowercase();
    let host = host.trim_end_matches(":80").trim_end_matches(":443").trim_end_matches('.');
    let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(host);
    let mut form = format!("{host}/{}", decoded(path.trim_end_matches('/')));
    let tracks = |parameter: &&str| {
        let name = parameter.split('=').next().unwrap_or_default().to_lowercase();
        parameter.is_empty() || name.starts_with("utm_") || TRACKING.contains(&name.as_str())
    };
    for (number, parameter) in parameters.split('&').filter(|parameter| !tracks(parameter)).enumerate() {
        form.push(if number == 0 { '?' } else { '&' });
        form.push_str(&decoded(parameter));
    }
    Some(form)
}

/// Percent-encoded text as it reads; as it is where it reads as nothing.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let escaped = match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        if escaped.is_some() {
            rest = ahead;
        }
        bytes.push(escaped.unwrap_or(byte));
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_article_have_one_form() {
        let form = common_form("https://www.news.example/read/2026/0105-1?id=7");
        assert_eq!(form.as_deref(), Some("news.example/read/2026/0105-1?id=7"));
        for same in [
            "http://news.example/read/2026/0105-1?id=7",
            "https://NEWS.example:443/read/2026/0105-1/?id=7#comments",
            "https://m.news.example/read/2026/0105-1?utm_source=sns&id=7&fbclid=abc",
            " https://www.news.example/read/2026/0105-1?id=7&ref=main ",
        ] {
            assert_eq!(common_form(same), form, "{same}");
        }
        for other in [
            "https://news.example/read/2026/0105-1?id=8",
            "https://news.example/read/2026/0105-2?id=7",
            "https://news.example/read/2026/0105-1",
            "https://sub.news.example/read/2026/0105-1?id=7",
        ] {
            assert_ne!(common_form(other), form, "{other}");
        }
        assert_eq!(
            common_form("https://a.example/%EA%B0%80?x=%ea%b0%80"),
            common_form("http://a.example/가?x=가")
        );
        for none in ["", "https://a.example", "가람일보", "a.example/1"] {
            assert_eq!(common_form(none), None, "{none}");
        }
    }

    #[test]
    fn what_a_sheet_shows_for_an_address_is_none() {
        for text in
            ["https://a.example/1", "HTTP://a.example/a b", "/news/1", "a.example/1", "?idxno=7", "urn:a:b"]
        {
            assert!(may_be_address(text), "{text}");
        }
        for text in ["기사보기", "원문 보기", "바로가기 >", "링크", "유효 URL 없음"] {
            assert!(!may_be_address(text), "{text}");
        }
    }

    #[test]
    fn only_pages_below_a_host() {
        for url in
            ["https://a.example/1", "HTTP://a.example/?p=7", "http://a.example/news/articleView.html?idxno=1"]
        {
            assert!(names_an_article(url), "{url}");
        }
        for url in [
            "nan",
            "-",
            "없음",
            "/news/1",
            "https://a.example",
            "https://a.example/",
            "https://a.example/#top",
            "https:///x",
            "a.example/1",
            "https://a.example/1 2",
        ] {
            assert!(!names_an_article(url), "{url}");
        }
    }
}
