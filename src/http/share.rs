//! Whose share of the places a request takes: what queues and limits count by.

use std::hash::{Hash as _, Hasher as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rustc_hash::FxHasher;

tokio::task_local! {
    static SHARE: Share;
}

/// Whose share of the places a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::http) enum Share {
    /// That of an address, as [`site`] counts it.
    Address(IpAddr),
    /// That of a key, or of a person whom a trusted proxy names: a hash of which and its name. Two that collide share one.
    Named(u64),
}

/// What stands for `address` where something is counted by address: of IPv6 the network of its site (64 bits). Whoever has one address
/// of it has all.
pub(in crate::http) fn site(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

impl Share {
    /// That of whoever shows nothing but an address.
    pub(in crate::http) fn of(address: IpAddr) -> Self {
        Self::Address(site(address))
    }

    /// That of `name` among all of its kind.
    pub(in crate::http) fn named(kind: &str, name: &str) -> Self {
        let mut hash = FxHasher::default();
        (kind, name).hash(&mut hash);
        Self::Named(hash.finish())
    }

    /// That of the request that this task works for; of work of the server itself one of its own.
    pub(in crate::http) fn current() -> Self {
        SHARE.try_with(|share| *share).unwrap_or(Self::Address(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }

    /// Does `work` as a part of this share.
    pub(in crate::http) async fn during<T>(self, work: impl Future<Output = T>) -> T {
        SHARE.scope(self, work).await
    }
}
