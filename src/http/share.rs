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
    /// That of an address; of IPv6 that of the network of one site (64 bits), of which every machine has as many addresses as it
    /// wants.
    Address(IpAddr),
    /// That of a key, or of a person whom a trusted proxy names: a hash of which and its name. Two that collide share one.
    Named(u64),
}

impl Share {
    /// That of whoever shows nothing but an address.
    pub(in crate::http) fn of(address: IpAddr) -> Self {
        Self::Address(match address {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
            address => address,
        })
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
