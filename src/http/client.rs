//! Who sent a request: the address behind which its places, limits and log lines are counted.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Uri};

use crate::config::ServerSettings;

/// The header in which proxies say which name they were asked by.
pub(in crate::http) const FORWARDED_HOST: &str = "x-forwarded-host";
/// The header in which they say by which scheme.
pub(in crate::http) const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// Who sent a request: an extension of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct Client {
    /// Its address: that of the connection, or the one that a trusted proxy forwards.
    pub(in crate::http) address: IpAddr,
    /// Whether the connection is that of a trusted proxy: only then do headers that proxies set mean anything.
    pub(in crate::http) through_proxy: bool,
}

impl Client {
    /// The client of a request with `headers` on a connection from `peer`.
    pub(in crate::http) fn of(peer: IpAddr, headers: &HeaderMap, settings: &ServerSettings) -> Self {
        // A socket for both families shows IPv4 addresses in the other's form.
        let peer = peer.to_canonical();
        if !settings.trusts(peer) {
            return Self { address: peer, through_proxy: false };
        }
        // Each proxy appends the address that it saw. Read from the end, the first that is not a trusted proxy's is the
        // client's; whatever stands before it the client may have made up.
        let forwarded = headers.get_all("x-forwarded-for").iter();
        let written: Vec<&str> =
            forwarded.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
        let mut address = peer;
        for hop in written.iter().rev() {
            let Some(hop) = address_of(hop.trim()) else { break };
            address = hop;
            if !settings.trusts(hop) {
                break;
            }
        }
        Self { address, through_proxy: true }
    }

    /// What a trusted proxy says in the header `name`; `None` where it says nothing, and from anybody else. Of a list the last is
    /// taken, which the trusted proxy itself has written: what stands before may be the client's.
    ///
    /// # Errors
    /// The header, if it is not text.
    pub(in crate::http) fn forwarded<'a>(
        &self,
        headers: &'a HeaderMap,
        name: &'static str,
    ) -> Result<Option<&'a str>, &'static str> {
        let value = headers.get_all(name).iter().next_back().filter(|_| self.through_proxy);
        let Some(value) = value else { return Ok(None) };
        let value = value.to_str().map_err(|_| name)?;
        Ok(value.rsplit(',').next().map(str::trim))
    }

    /// The name by which the server was asked, in lower case and without its port. A trusted proxy says by which it was: `Host`
    /// is then often that of its own configuration. `None` where nobody says it in text.
    pub(in crate::http) fn asked_name(&self, uri: &Uri, headers: &HeaderMap) -> Option<String> {
        let host = match self.forwarded(headers, FORWARDED_HOST).ok()? {
            Some(forwarded) => Some(forwarded),
            None => uri.host().or_else(|| headers.get("host").and_then(|host| host.to_str().ok())),
        };
        host.map(|host| name_of(host).to_ascii_lowercase())
    }
}

/// A host without its port and brackets.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

/// An address as proxies write it: bare, with a port, or in brackets.
fn address_of(written: &str) -> Option<IpAddr> {
    let bare = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(written);
    let address = bare.parse::<IpAddr>().ok().or_else(|| Some(written.parse::<SocketAddr>().ok()?.ip()))?;
    Some(address.to_canonical())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;
    use crate::config::ServerSection;

    #[test]
    fn ports_and_brackets_are_no_part_of_a_name_and_only_proxies_forward_one() {
        let asked = |host: &str, through_proxy: bool| {
            let header =
                |name: &str, value: &str| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap());
            let headers =
                HeaderMap::from_iter([header("host", host), header(FORWARDED_HOST, "News.example:8443")]);
            let client = Client { address: "10.0.0.1".parse().unwrap(), through_proxy };
            client.asked_name(&Uri::from_static("/x"), &headers).unwrap()
        };
        for (host, name) in
            [("a.example", "a.example"), ("A.example:80", "a.example"), ("[::1]:80", "::1"), ("[::1]", "::1")]
        {
            assert_eq!(asked(host, false), name);
            assert_eq!(asked(host, true), "news.example");
        }
    }

    #[test]
    fn what_the_client_wrote_before_a_proxy_counts_for_nothing() {
        let mut headers = HeaderMap::new();
        for value in ["allowed.example", "made.up , News.example"] {
            headers.append(FORWARDED_HOST, HeaderValue::from_static(value));
        }
        headers.append(FORWARDED_PROTO, HeaderValue::from_static("http, https"));
        let client = |through_proxy| Client { address: "10.0.0.1".parse().unwrap(), through_proxy };
        assert_eq!(client(true).asked_name(&Uri::from_static("/x"), &headers).unwrap(), "news.example");
        assert_eq!(client(true).forwarded(&headers, FORWARDED_PROTO), Ok(Some("https")));
        assert_eq!(client(false).forwarded(&headers, FORWARDED_PROTO), Ok(None));
        headers.append(FORWARDED_HOST, HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(client(true).asked_name(&Uri::from_static("/x"), &headers), None);
    }

    #[test]
    fn only_trusted_proxies_are_believed_and_only_as_far_as_they_saw() {
        let section =
            ServerSection { trusted_proxies: vec!["10.0.0.0/8".into(), "::1".into()], ..Default::default() };
        let settings = section.resolve().unwrap();
        for (peer, forwarded, address, through_proxy) in [
            ("192.0.2.7", "203.0.113.1", "192.0.2.7", false),
            ("10.0.0.1", "203.0.113.1", "203.0.113.1", true),
            ("10.0.0.1", "6.6.6.6, 203.0.113.1", "203.0.113.1", true),
            ("10.0.0.1", "6.6.6.6, 203.0.113.1, 10.0.0.2", "203.0.113.1", true),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3", true),
            ("10.0.0.1", "nonsense", "10.0.0.1", true),
            ("10.0.0.1", "", "10.0.0.1", true),
            ("::1", "[2001:db8::5]:4711", "2001:db8::5", true),
            ("::1", "203.0.113.1:80", "203.0.113.1", true),
            ("::ffff:10.0.0.1", "203.0.113.1", "203.0.113.1", true),
        ] {
            let headers = HeaderMap::from_iter([(
                "x-forwarded-for".parse().unwrap(),
                HeaderValue::from_str(forwarded).unwrap(),
            )]);
            let client = Client::of(peer.parse().unwrap(), &headers, &settings);
            let expected = Client { address: address.parse().unwrap(), through_proxy };
            assert_eq!(client, expected, "{peer} forwards {forwarded:?}");
        }
    }
}
