//! What a request shows: `Authorization`, cookies, and whether a page of this site sent it.

use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::{HeaderMap, Method, Uri};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::http::client::Client;

/// What is in `Authorization`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing, or nothing that is meant for gisa.
    Nothing,
    /// A key or token.
    Bearer(Vec<u8>),
    /// A password, which may be a key, or what a proxy in front asked for and passes on.
    Password(Vec<u8>),
    /// Something else.
    Malformed,
}

impl Shown {
    /// What a request of `method` with `headers` shows.
    pub(super) fn of(method: &Method, headers: &HeaderMap) -> Self {
        let Some(header) = headers.get(AUTHORIZATION).map(|header| header.as_bytes()) else {
            return Self::Nothing;
        };
        let after = |scheme: &str| {
            let (name, rest) = header.split_at_checked(scheme.len())?;
            let (space, rest) = rest.split_first()?;
            (name.eq_ignore_ascii_case(scheme.as_bytes()) && *space == b' ').then(|| rest.trim_ascii())
        };
        if let Some(key) = after("bearer") {
            return Self::Bearer(key.to_owned());
        }
        // Feed readers and spreadsheets know nothing else; what writes can send a header of its own.
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let decoded = after("basic").filter(|_| reads).and_then(|pair| STANDARD.decode(pair).ok());
        let password = decoded.and_then(|pair| {
            let colon = pair.iter().position(|byte| *byte == b':')?;
            pair.get(colon + 1..).map(<[u8]>::to_vec)
        });
        password.map_or(Self::Malformed, Self::Password)
    }
}

/// The value of the cookie `name`.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all("cookie").into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// Whether a page of this site sent the request, for forms that work without a cookie. Browsers say so in `Sec-Fetch-Site`; over
/// plain http they leave that out, and `Origin` has to name the host that was asked.
pub(in crate::http) fn comes_from_here(client: &Client, uri: &Uri, headers: &HeaderMap) -> bool {
    if headers.contains_key("sec-fetch-site") {
        return is_same_origin(headers);
    }
    // No browser sends a form without one: it is a script, and nobody's cookie is at stake.
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let from = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let from =
        from.as_ref().and_then(Uri::host).map(|host| host.trim_matches(['[', ']']).to_ascii_lowercase());
    from.is_some() && from == client.asked_name(uri, headers)
}

/// Whether the browser says that a page of this site sent the request.
pub(super) fn is_same_origin(headers: &HeaderMap) -> bool {
    // All of them, where something on the way has added one.
    let sites = headers.get_all("sec-fetch-site");
    sites.iter().next().is_some() && sites.iter().all(|site| site == "same-origin")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(header).collect()
    }

    #[test]
    fn schemes_are_case_insensitive_and_keys_exact() {
        let shown = |method: Method, value: &str| Shown::of(&method, &headers(&[("authorization", value)]));
        for value in ["Bearer abc", "bearer  abc", "BEARER abc "] {
            assert_eq!(shown(Method::PUT, value), Shown::Bearer(b"abc".to_vec()), "{value}");
        }
        let pair = format!("Basic {}", STANDARD.encode("reader:a:b"));
        assert_eq!(shown(Method::GET, &pair), Shown::Password(b"a:b".to_vec()));
        assert_eq!(shown(Method::POST, &pair), Shown::Malformed);
        for value in ["Bearer", "Basic ???", "Digest x", "abc", ""] {
            assert_eq!(shown(Method::GET, value), Shown::Malformed, "{value}");
        }
        assert_eq!(Shown::of(&Method::GET, &HeaderMap::new()), Shown::Nothing);
    }

    #[test]
    fn cookies_are_found_among_others() {
        let headers = headers(&[("cookie", "a=1; gisa=x.y=z; b"), ("cookie", "c=2")]);
        assert_eq!((cookie(&headers, "gisa"), cookie(&headers, "c")), (Some("x.y=z"), Some("2")));
        assert_eq!(cookie(&headers, "gis"), None);
    }

    #[test]
    fn a_form_of_another_site_is_known() {
        for (pairs, here) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://a:1"), ("host", "a:1")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "http://a:1"), ("host", "A:1")], true),
            (&[("origin", "http://evil"), ("host", "a:1")], false),
            (&[("origin", "null"), ("host", "a:1")], false),
            (&[("host", "a:1")], true),
        ] {
            let client = Client { address: "10.0.0.1".parse().unwrap(), through_proxy: false };
            assert_eq!(
                comes_from_here(&client, &Uri::from_static("/sign-in"), &headers(pairs)),
                here,
                "{pairs:?}"
            );
        }
    }
}
