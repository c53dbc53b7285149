//! Which hosts a delivery may reach. Whoever may save a search chooses the address, and the server that asks it stands inside the
//! network: without a rule it would be a way to whatever listens there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use reqwest::Url;

/// The hosts that may have an address that is not public.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts {
    names: Vec<String>,
    networks: Vec<IpNet>,
}

impl AllowedHosts {
    /// Reads names (`hooks.intra`), addresses (`10.1.2.3`) and networks (`10.1.0.0/16`).
    ///
    /// # Errors
    /// What is none of these, with what to write.
    pub fn parse(entries: &[String]) -> Result<Self, String> {
        let mut allowed = Self::default();
        for entry in entries {
            let entry = entry.trim().trim_start_matches('[').trim_end_matches(']').to_lowercase();
            if let Ok(network) = entry.parse::<IpNet>() {
                allowed.networks.push(network);
            } else if let Ok(address) = entry.parse::<IpAddr>() {
                allowed.networks.push(address.into());
            } else if !entry.is_empty()
                && entry.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
            {
                allowed.names.push(entry);
            } else {
                return Err(format!(
                    "{entry:?} is not a host; write a name (hooks.intra), an address (10.1.2.3) or a network (10.1.0.0/16)"
                ));
            }
        }
        Ok(allowed)
    }

    /// Refuses an address that can be seen to lead where nothing may be delivered. Names are looked up at each delivery.
    ///
    /// # Errors
    /// Why not, and what to do.
    pub fn check_url(&self, url: &Url) -> Result<(), String> {
        let host = url.host_str().ok_or("names no host")?;
        // The parser has read `127.1`, `0x7f000001` and `[::ffff:7f00:1]` by now: what is an address looks like one.
        match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            Ok(address) if !self.allow(host, address) => Err(format!(
                "leads to {address}, which is not public; list it in `alerts.allow_hosts` of config.toml if it should be reached"
            )),
            _ => Ok(()),
        }
    }

    /// Whether the host `name`, which has this address now, may be reached.
    pub fn allow(&self, name: &str, address: IpAddr) -> bool {
        let address = plain(address);
        is_public(address)
            || self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
            || self.networks.iter().any(|network| network.contains(&address))
    }
}

/// An IPv4 address that is written as IPv6 (mapped, 6to4, NAT64) as what it is.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] if high != 0 || low > 1 => four(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => four(high, low),
        _ => address,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    // This network, carriers' own, protocols, benchmarks; what is above is for groups and reserved.
    let special =
        matches!((a, b, c), (0, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18..=19, _) | (224.., ..));
    !special
        && !address.is_private()
        && !address.is_loopback()
        && !address.is_link_local()
        && !address.is_documentation()
}

/// Only the range that is given to the public, without documentation and tunnels to IPv4.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_global = first & 0xe000 == 0x2000;
    let is_special = first == 0x2001 && (second == 0xdb8 || second < 0x200);
    is_global && !is_special
}

/// Whether `url` is an address that a browser opens: of http or https, with a host. Articles keep what their source said.
pub fn is_web_address(url: &str) -> bool {
    let parsed = Url::parse(url).ok().filter(|_| !url.chars().any(char::is_control));
    parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_leads_to_pages_only() {
        for good in ["http://a.example/1", "HTTPS://a.example/?x=1&y"] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "",
            "javascript://x/%0aalert(1)",
            "data:text/html,x",
            "http://a.example/\nhttp://b",
            "a.example/1",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for address in ["https://news.example/1", "http://10.0.0.1:8080/a?b=c", "https://[::1]/"] {
            assert!(is_web_address(address), "{address}");
        }
        for other in [
            "http://",
            "http://[::1",
            "https:",
            "javascript:alert(1)",
            "ftp://news.example/",
            "news.example",
            "",
        ] {
            assert!(!is_web_address(other), "{other}");
        }
    }

    #[test]
    fn private_addresses_are_known_however_they_are_written() {
        let none = AllowedHosts::default();
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!none.allow("x", private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "203.0.114.1", "2606:4700::1", "::ffff:8.8.8.8"] {
            assert!(none.allow("x", public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn hosts_that_are_listed_may_be_private() {
        let entries = ["Hooks.Intra", "10.1.0.0/16", "::1"].map(str::to_owned);
        let allowed = AllowedHosts::parse(&entries).unwrap();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(allowed.allow("hooks.intra", address("192.168.1.1")));
        assert!(
            allowed.allow("other", address("10.1.9.9")) && allowed.allow("other", address("::ffff:10.1.9.9"))
        );
        assert!(allowed.allow("other", address("::1")));
        assert!(!allowed.allow("other", address("10.2.0.1")));
        assert!(AllowedHosts::parse(&["http://x/".to_owned()]).is_err());
    }
}
