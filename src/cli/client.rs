//! Requests to the server that was started with the same settings.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use gisa::config::Config;
use serde_json::Value;

use super::Failure;

/// How long to wait for a server that does not exist, or hangs.
const TIMEOUT: Duration = Duration::from_secs(3);

/// An HTTP client for one server.
pub(super) struct Client {
    agent: ureq::Agent,
    address: SocketAddr,
}

impl Client {
    /// A client for the server of `config`. Answers must begin within seconds.
    pub(super) fn new(config: &Config) -> Self {
        let settings = ureq::Agent::config_builder()
            .timeout_connect(Some(TIMEOUT))
            .timeout_recv_response(Some(TIMEOUT))
            .proxy(None)
            .http_status_as_error(false)
            .build();
        Self { agent: settings.into(), address: reachable(config.listen) }
    }

    /// The address of `path`.
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The answer to a GET, whatever its status. All of it must arrive within seconds.
    pub(super) fn get(&self, path: &str) -> Result<Answer, Failure> {
        let url = self.url(path);
        let request = self.agent.get(&url).config().timeout_global(Some(TIMEOUT)).build();
        request.call().map_err(no_answer(&url))
    }

    /// The answer to a POST of JSON with the token for administration. It must begin within seconds, but may take long.
    pub(super) fn post(&self, path: &str, token: &str, body: &Value) -> Result<Answer, Failure> {
        let url = self.url(path);
        let request = self.agent.post(&url).header("authorization", format!("Bearer {token}"));
        request.content_type("application/json").send(body.to_string()).map_err(no_answer(&url))
    }
}

type Answer = ureq::http::Response<ureq::Body>;

fn no_answer(url: &str) -> impl FnOnce(ureq::Error) -> Failure + use<'_> {
    move |error| Failure::new(format_args!("no answer from {url}: {error}"))
}

/// The server's reason for refusing a request.
pub(super) fn reason(mut answer: Answer) -> String {
    let body = answer.body_mut().read_to_string().unwrap_or_default();
    let problem: Value = serde_json::from_str(&body).unwrap_or_default();
    problem.get("detail").and_then(Value::as_str).unwrap_or("no reason given").to_owned()
}

/// The address at which to reach a server: one that listens on all addresses is reached at this machine's own.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_means_this_machine() {
        assert_eq!(reachable("0.0.0.0:7878".parse().unwrap()).to_string(), "127.0.0.1:7878");
        assert_eq!(reachable("[::]:80".parse().unwrap()).to_string(), "[::1]:80");
        assert_eq!(reachable("10.0.0.1:80".parse().unwrap()).to_string(), "10.0.0.1:80");
    }
}
