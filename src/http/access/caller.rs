//! Who asks, and what they may do.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::access::{FixedFilter, Scope, Scopes};
use crate::http::answer::ApiError;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) enum Who {
    /// Nobody said.
    Nobody,
    /// Whoever has the token for administration.
    AdminToken,
    /// Whoever has the token for reading.
    ReadToken,
    /// Whoever has the key of that name.
    Key(String),
    /// The person that a trusted proxy names.
    Person(String),
}

impl Who {
    /// How it is known, for the audit log.
    pub(in crate::http) fn kind(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::AdminToken | Self::ReadToken => "token",
            Self::Key(_) => "key",
            Self::Person(_) => "person",
        }
    }

    /// Its name.
    pub(in crate::http) fn name(&self) -> &str {
        match self {
            Self::Nobody => "",
            Self::AdminToken => "administration",
            Self::ReadToken => "reading",
            Self::Key(name) | Self::Person(name) => name,
        }
    }
}

/// Who asks, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Caller {
    /// Who.
    pub(in crate::http) who: Who,
    /// What that allows, beyond what everybody may.
    pub(in crate::http) scopes: Scopes,
    /// The articles that they see at most; `None`: all.
    pub(in crate::http) filter: Option<Arc<FixedFilter>>,
    /// Whether a browser showed the cookie by itself: then another site may have made it ask.
    pub(in crate::http) by_cookie: bool,
    /// The person that a trusted proxy names, whatever key they show.
    pub(in crate::http) person: Option<String>,
    /// The password that nobody in particular showed: where a key is needed it is a wrong one, anywhere else a proxy may have asked for it.
    pub(in crate::http) password: Option<Password>,
    /// Whether there is a cookie that cannot be checked at the moment, because keys are not known.
    pub(in crate::http) unchecked: bool,
}

/// A password that is not known to be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Password {
    /// It is not one; it came from this address.
    Wrong(IpAddr),
    /// It was not looked at, because too many wrong keys came from its address; that is over after so long.
    NotLookedAt(Duration),
}

impl Caller {
    /// Somebody who shows nothing.
    pub(super) fn nobody() -> Self {
        Self {
            who: Who::Nobody,
            scopes: Scopes::NONE,
            filter: None,
            by_cookie: false,
            person: None,
            password: None,
            unchecked: false,
        }
    }

    /// Whether they may do what needs `scope`.
    pub(in crate::http) fn may(&self, scope: Scope) -> bool {
        self.scopes.allow(scope)
    }
}

/// What a request shows of itself: an extension of every request. An error is one only for routes that ask who it is.
#[derive(Debug, Clone)]
pub(in crate::http) struct Identity(pub(in crate::http) Result<Caller, ApiError>);
