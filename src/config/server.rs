//! `[server]`.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use ipnet::IpNet;
use serde::Deserialize;

use super::error::{ConfigError, in_range, invalid};
use super::public_url::PublicUrl;

/// `[server]` as written: connections, and what is believed of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSection {
    /// Connections at once.
    pub max_connections: usize,
    /// Connections of one address at once; 0: half of `max_connections`.
    pub max_connections_per_address: usize,
    /// Seconds in which the head of a request must arrive.
    pub header_timeout_s: u64,
    /// Seconds after which a connection that asks nothing, or takes nothing of its answer, is closed.
    pub idle_timeout_s: u64,
    /// Addresses or networks of proxies whose `X-Forwarded-*` is believed.
    pub trusted_proxies: Vec<String>,
    /// The address under which readers reach gisa; empty: what proxies and requests say.
    pub public_url: String,
    /// Names under which the server may be asked; none: any.
    pub allowed_hosts: Vec<String>,
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            max_connections: 4096,
            max_connections_per_address: 0,
            header_timeout_s: 10,
            idle_timeout_s: 75,
            trusted_proxies: Vec::new(),
            public_url: String::new(),
            allowed_hosts: Vec::new(),
        }
    }
}

/// Connections, and what is believed of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSettings {
    /// Connections at once.
    pub max_connections: usize,
    /// Connections of one address at once.
    pub max_connections_per_address: usize,
    /// How long the head of a request may take.
    pub header_timeout: Duration,
    /// How long a connection may ask nothing, or take nothing of its answer.
    pub idle_timeout: Duration,
    /// Proxies whose `X-Forwarded-*` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The address under which readers reach gisa, if it is set.
    pub public_url: Option<PublicUrl>,
    /// Names under which the server may be asked, in lower case and without ports; none: any.
    pub allowed_hosts: Vec<String>,
}

impl ServerSection {
    /// One for the probe, one for the search, and a few more.
    const MAX_CONNECTIONS: RangeInclusive<usize> = 8..=1_000_000;
    /// 0 is half of `max_connections`.
    const MAX_CONNECTIONS_PER_ADDRESS: RangeInclusive<usize> = 0..=1_000_000;
    /// Longer than the slowest network, shorter than a reader's patience.
    const TIMEOUT_S: RangeInclusive<u64> = 1..=3600;

    /// Checks the values.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(&self) -> Result<ServerSettings, ConfigError> {
        let max_connections =
            in_range("server.max_connections", self.max_connections, &Self::MAX_CONNECTIONS)?;
        let max_connections_per_address = match in_range(
            "server.max_connections_per_address",
            self.max_connections_per_address,
            &Self::MAX_CONNECTIONS_PER_ADDRESS,
        )? {
            0 => max_connections / 2,
            number => number,
        };
        let seconds = |key, value| in_range(key, value, &Self::TIMEOUT_S).map(Duration::from_secs);
        Ok(ServerSettings {
            max_connections,
            max_connections_per_address,
            header_timeout: seconds("server.header_timeout_s", self.header_timeout_s)?,
            idle_timeout: seconds("server.idle_timeout_s", self.idle_timeout_s)?,
            allowed_hosts: hosts("server.allowed_hosts", &self.allowed_hosts)?,
            trusted_proxies: networks("server.trusted_proxies", &self.trusted_proxies)?,
            public_url: public_url("server.public_url", &self.public_url)?,
        })
    }
}

impl ServerSettings {
    /// Whether `address` is a proxy whose `X-Forwarded-*` is believed.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&address))
    }
}

/// An address with scheme, host and maybe a path; `None` if nothing is written.
fn public_url(key: &str, written: &str) -> Result<Option<PublicUrl>, ConfigError> {
    if written.is_empty() {
        return Ok(None);
    }
    let reason = "is not an address; write for example \"https://intranet.newsroom.example/news/\"";
    PublicUrl::parse(written).map(Some).map_err(|_| invalid(key, format!("{written:?} {reason}")))
}

/// Networks, written as `10.0.0.0/8`, or as one address.
fn networks(key: &str, written: &[String]) -> Result<Vec<IpNet>, ConfigError> {
    let network = |written: &String| {
        let network = written.parse().or_else(|_| written.parse::<IpAddr>().map(IpNet::from));
        network.map_err(|_| {
            let reason = "is not an address or network; write for example \"127.0.0.1\" or \"10.1.0.0/16\"";
            invalid(key, format!("{written:?} {reason}"))
        })
    };
    written.iter().map(network).collect()
}

/// Names or addresses of hosts, without scheme, port and path.
fn hosts(key: &str, written: &[String]) -> Result<Vec<String>, ConfigError> {
    let host = |written: &String| {
        let bare = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(written);
        let is_name = bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if bare.is_empty() || !is_name && bare.parse::<IpAddr>().is_err() {
            let reason =
                "is not a host; write for example \"gisa.newsroom.example\", without scheme and port";
            return Err(invalid(key, format!("{written:?} {reason}")));
        }
        Ok(bare.to_ascii_lowercase())
    };
    written.iter().map(host).collect()
}
