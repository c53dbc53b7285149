//! The address under which readers reach gisa: scheme, host and path.

use std::fmt;

/// The longest host with its port, and the longest path, in bytes.
const LONGEST: usize = 255;

/// `scheme://host[:port][/path]`, without a slash at the end. Everything in it can stand in an address, in XML and in a header as
/// it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

/// Which part of an address is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongPart {
    /// Neither `http` nor `https`.
    Scheme,
    /// Not a name or an address, or a wrong port.
    Host,
    /// Not a path that begins with `/`, or one that needs escaping or leads elsewhere.
    Path,
}

impl PublicUrl {
    /// The address of these parts. `path` is empty, or begins with `/`; a slash at its end is left out.
    ///
    /// # Errors
    /// The part that is wrong.
    pub fn of(scheme: &str, host: &str, path: &str) -> Result<Self, WrongPart> {
        let path = path.strip_suffix('/').unwrap_or(path);
        match scheme {
            "http" | "https" if !is_host(host) => Err(WrongPart::Host),
            "http" | "https" if !is_path(path) => Err(WrongPart::Path),
            "http" | "https" => Ok(Self(format!("{scheme}://{host}{path}"))),
            _ => Err(WrongPart::Scheme),
        }
    }

    /// The address as a person writes it.
    ///
    /// # Errors
    /// The part that is wrong.
    pub fn parse(written: &str) -> Result<Self, WrongPart> {
        let (scheme, rest) = written.split_once("://").ok_or(WrongPart::Scheme)?;
        let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        Self::of(scheme, host, path)
    }

    /// As text, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
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
fn is_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let segment =
        |segment: &str| !segment.is_empty() && !matches!(segment, "." | "..") && segment.bytes().all(plain);
    path.is_empty()
        || path.len() <= LONGEST && path.strip_prefix('/').is_some_and(|path| path.split('/').all(segment))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_they_are() {
        for (written, expected) in [
            ("http://localhost:7878", "http://localhost:7878"),
            ("https://news.example/desk/gisa/", "https://news.example/desk/gisa"),
            ("https://news.example/", "https://news.example"),
            ("http://[::1]:7878", "http://[::1]:7878"),
            ("http://[::1]", "http://[::1]"),
        ] {
            assert_eq!(PublicUrl::parse(written).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for host in [
            "", "a b", "a@b", "a\"b", "<a>", "a:b", "a:0", "a:65536", "a:+1", "a..b", "[x]", "[::1]x", "a?b",
            "a#",
        ] {
            assert_eq!(PublicUrl::of("http", host, ""), Err(WrongPart::Host), "{host}");
        }
        for path in
            ["gisa", "//evil.example", "/a//b", "/../x", "/a b", "/\"><x", "/a?b", "/%2e", "/a#b", "/{x}"]
        {
            assert_eq!(PublicUrl::of("http", "a", path), Err(WrongPart::Path), "{path}");
        }
        for written in ["", "news.example", "javascript://news.example", "ftp://a"] {
            assert_eq!(PublicUrl::parse(written), Err(WrongPart::Scheme), "{written}");
        }
    }
}
