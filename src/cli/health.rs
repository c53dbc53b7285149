//! `gisa health`: asks the server at the configured address whether it is ready. For containers: the image needs no
//! other client.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use gisa::config::Config;

use super::Failure;

const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn run(config: &Config) -> Result<ExitCode, Failure> {
    let address = reachable(config.listen);
    let failed = |error| Failure::new(format_args!("no answer from http://{address}/ready: {error}"));
    let answer = ask(address).map_err(failed)?;
    let status = answer.split_ascii_whitespace().nth(1).unwrap_or("no HTTP");
    if status == "200" {
        return Ok(ExitCode::SUCCESS);
    }
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let problem: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let detail = problem.get("detail").and_then(serde_json::Value::as_str).unwrap_or("no reason given");
    Err(Failure::new(format_args!("the server is not ready ({status}): {detail}")))
}

/// A server that listens on all addresses is asked on this machine's own.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // HTTP/1.0: the server closes the connection behind the answer and does not cut it into chunks.
    write!(stream, "GET /ready HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
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
