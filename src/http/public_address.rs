//! The address under which the client of a request reaches gisa, for answers that are kept apart from where they came from.
//!
//! `[server] public_url` says it. Otherwise a trusted proxy does, in `X-Forwarded-Proto`, `-Host` and `-Prefix`; these headers mean
//! nothing from anybody else. Without both there is only `Host`, which is right where no proxy is in between.

use axum::http::HeaderMap;
use axum::http::header::HOST;

use super::client::{Client, FORWARDED_HOST, FORWARDED_PROTO};
use crate::config::{PublicUrl, ServerSettings, WrongPart};

const PREFIX: &str = "x-forwarded-prefix";
/// What an answer depends on that holds an address.
pub(in crate::http) const VARY_ON: &str = "host, x-forwarded-proto, x-forwarded-host, x-forwarded-prefix";

/// The address that is configured, or that a trusted proxy forwards; `None` where neither is so.
///
/// # Errors
/// The header that is wrong.
pub(in crate::http) fn known(
    settings: &ServerSettings,
    client: Client,
    headers: &HeaderMap,
) -> Result<Option<PublicUrl>, &'static str> {
    if let Some(address) = &settings.public_url {
        return Ok(Some(address.clone()));
    }
    let says = [FORWARDED_PROTO, FORWARDED_HOST, PREFIX].iter().any(|name| headers.contains_key(*name));
    if client.through_proxy && says { requested(client, headers).map(Some) } else { Ok(None) }
}

/// The address that is known, else the one that the request was sent to.
///
/// # Errors
/// The header that is missing or wrong.
pub(in crate::http) fn of_request(
    settings: &ServerSettings,
    client: Client,
    headers: &HeaderMap,
) -> Result<PublicUrl, &'static str> {
    match known(settings, client, headers)? {
        Some(address) => Ok(address),
        None => requested(client, headers),
    }
}

fn requested(client: Client, headers: &HeaderMap) -> Result<PublicUrl, &'static str> {
    let scheme = client.forwarded(headers, FORWARDED_PROTO)?.unwrap_or("http");
    let prefix = client.forwarded(headers, PREFIX)?.unwrap_or_default();
    let (named, host) = match client.forwarded(headers, FORWARDED_HOST)? {
        Some(host) => (FORWARDED_HOST, host),
        None => (HOST.as_str(), host(headers)?),
    };
    PublicUrl::of(scheme, host, prefix).map_err(|part| match part {
        WrongPart::Scheme => FORWARDED_PROTO,
        WrongPart::Host => named,
        WrongPart::Path => PREFIX,
    })
}

/// `Host`, which must be there once.
fn host(headers: &HeaderMap) -> Result<&str, &'static str> {
    let mut values = headers.get_all(HOST).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().map_err(|_| HOST.as_str()),
        _ => Err("host"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use axum::http::HeaderValue;

    use super::*;
    use crate::config::ServerSection;

    fn asked(
        public_url: &str,
        through_proxy: bool,
        pairs: &[(&'static str, &str)],
    ) -> Result<String, &'static str> {
        let section = ServerSection { public_url: public_url.to_owned(), ..ServerSection::default() };
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        let client = Client { address: IpAddr::V4(Ipv4Addr::LOCALHOST), through_proxy };
        of_request(&section.resolve().unwrap(), client, &headers).map(|address| address.to_string())
    }

    #[test]
    fn an_address_is_what_is_configured_forwarded_or_asked() {
        let host = ("host", "inner:7878");
        let forwarded = [
            host,
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "made.up, news.example"),
            ("x-forwarded-prefix", "/news/"),
        ];
        assert_eq!(asked("", true, &forwarded), Ok("https://news.example/news".to_owned()));
        assert_eq!(asked("", false, &forwarded), Ok("http://inner:7878".to_owned()), "from anybody");
        assert_eq!(
            asked("https://set.example/gisa/", false, &forwarded),
            Ok("https://set.example/gisa".to_owned())
        );
        assert_eq!(asked("", true, &[host]), Ok("http://inner:7878".to_owned()));
        assert_eq!(asked("", true, &[]), Err("host"));
        assert_eq!(asked("", false, &[("host", "a"), ("host", "b")]), Err("host"));
        for (name, value) in [
            ("x-forwarded-proto", "javascript"),
            ("x-forwarded-host", "a\"b"),
            ("x-forwarded-prefix", "//evil.example"),
        ] {
            assert_eq!(asked("", true, &[host, (name, value)]), Err(name));
            assert!(asked("", false, &[host, (name, value)]).is_ok());
        }
    }
}
