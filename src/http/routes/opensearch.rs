//! `GET /opensearch.xml`: the description with which a browser offers gisa in its search bar (OpenSearch 1.1, draft 6).
//!
//! Browsers keep the document apart from where they found it, so its addresses are absolute. They are made from the request's
//! `Host` and the headers that a proxy adds, all of them checked. Whoever forges a header gets their own address back, and
//! nobody else does, because the answer must not be stored.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, VARY};
use axum::response::{IntoResponse, Response};
use quick_xml::escape::escape;

use super::suggest::SUGGESTIONS;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{NoParameters, Params};

/// The longest host with its port, and the longest prefix, in bytes.
const LONGEST: usize = 255;

/// Describe this search for browsers
///
/// OpenSearch description with the addresses of the search page and of the suggestions. They are made from `Host`,
/// `X-Forwarded-Proto` and `X-Forwarded-Prefix` (the path under which a proxy serves gisa).
#[utoipa::path(
    get, path = "/opensearch.xml", tag = "search", operation_id = "opensearch_description",
    responses(
        (status = 200, description = "The description", body = String, content_type = "application/opensearchdescription+xml"),
        (status = 400, description = "A parameter is unknown, or `Host` or a forwarded header is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn description(
    headers: HeaderMap,
    _: Params<NoParameters>,
) -> Result<Response, ApiError> {
    let base = base(&headers).map_err(|header| {
        ApiError::new(
            Code::BadParameter,
            format!("the header `{header}` is missing or is not a valid address"),
        )
        .with("parameter", header)
    })?;
    let base = escape(&base);
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>gisa</ShortName>
  <Description>기사 검색</Description>
  <InputEncoding>UTF-8</InputEncoding>
  <Language>ko</Language>
  <Image width="16" height="16" type="image/svg+xml">{base}/favicon.svg</Image>
  <Url type="text/html" template="{base}/?q={{searchTerms}}"/>
  <Url type="{SUGGESTIONS}" template="{base}/api/suggest/opensearch?q={{searchTerms}}"/>
  <Url type="application/opensearchdescription+xml" rel="self" template="{base}/opensearch.xml"/>
</OpenSearchDescription>
"#
    );
    let content = HeaderValue::from_static("application/opensearchdescription+xml; charset=utf-8");
    let vary = HeaderValue::from_static("host, x-forwarded-proto, x-forwarded-prefix");
    let headers =
        [(CONTENT_TYPE, content), (VARY, vary), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((headers, document).into_response())
}

/// Scheme, host and prefix, without a slash at the end; or the header that is wrong.
fn base(headers: &HeaderMap) -> Result<String, &'static str> {
    let one = |name: &'static str| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value.to_str().map(Some).map_err(|_| name),
            (Some(_), Some(_)) => Err(name),
        }
    };
    let host = one(HOST.as_str())?.filter(|host| is_host(host)).ok_or("host")?;
    let proto = match one("x-forwarded-proto")? {
        None | Some("http") => "http",
        Some("https") => "https",
        Some(_) => return Err("x-forwarded-proto"),
    };
    let prefix = one("x-forwarded-prefix")?.unwrap_or_default();
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    if !is_prefix(prefix) {
        return Err("x-forwarded-prefix");
    }
    Ok(format!("{proto}://{host}{prefix}"))
}

/// A name or an address (IPv6 in brackets), and maybe a port.
fn is_host(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => {
            let v6 = address.parse::<std::net::Ipv6Addr>().is_ok();
            (if v6 { "v6" } else { "" }, port.strip_prefix(':').or(port.is_empty().then_some("80")))
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, Some("80")),
        },
    };
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    host.len() <= LONGEST
        && name.strip_suffix('.').unwrap_or(name).split('.').all(label)
        && port.is_some_and(|port| {
            port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
        })
}

/// Nothing, or segments of a path that need no escaping and lead nowhere else.
fn is_prefix(prefix: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let segment =
        |segment: &str| !segment.is_empty() && !matches!(segment, "." | "..") && segment.bytes().all(plain);
    prefix.is_empty()
        || prefix.len() <= LONGEST
            && prefix.strip_prefix('/').is_some_and(|path| path.split('/').all(segment))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn base_of(pairs: &[(&'static str, &str)]) -> Result<String, &'static str> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        base(&headers)
    }

    #[test]
    fn addresses_are_made_of_what_the_request_says() {
        for (pairs, expected) in [
            (vec![("host", "localhost:7878")], Ok("http://localhost:7878")),
            (vec![("host", "[::1]:7878")], Ok("http://[::1]:7878")),
            (vec![("host", "[::1]")], Ok("http://[::1]")),
            (vec![("host", "news.example"), ("x-forwarded-proto", "https")], Ok("https://news.example")),
            (
                vec![("host", "news.example"), ("x-forwarded-prefix", "/a/gisa/")],
                Ok("http://news.example/a/gisa"),
            ),
            (vec![("host", "news.example"), ("x-forwarded-prefix", "/")], Ok("http://news.example")),
            (vec![], Err("host")),
            (vec![("host", "a"), ("host", "b")], Err("host")),
            (vec![("host", "a"), ("x-forwarded-proto", "javascript")], Err("x-forwarded-proto")),
        ] {
            assert_eq!(base_of(&pairs), expected.map(str::to_owned), "{pairs:?}");
        }
    }

    #[test]
    fn what_is_no_host_or_path_is_refused() {
        for host in [
            "", "a b", "a/b", "a@b", "a\"b", "<a>", "a:b", "a:0", "a:65536", "a:+1", "a..b", "[x]", "[::1]x",
            "a?b", "a#",
        ] {
            assert_eq!(base_of(&[("host", host)]), Err("host"), "{host}");
        }
        for prefix in
            ["gisa", "//evil.example", "/a//b", "/../x", "/a b", "/\"><x", "/a?b", "/%2e", "/a#b", "/{x}"]
        {
            let pairs = [("host", "a"), ("x-forwarded-prefix", prefix)];
            assert_eq!(base_of(&pairs), Err("x-forwarded-prefix"), "{prefix}");
        }
    }
}
