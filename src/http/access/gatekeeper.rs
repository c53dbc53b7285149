//! From what a request shows to a [`Caller`].

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, Method};

use super::caller::{Caller, Password, Who};
use super::credentials::{Shown, cookie, is_same_origin};
use super::session::{COOKIE, Session, Sessions};
use super::wrong_keys::{LONGEST_WAIT, Turn, WrongKeys};
use crate::access::{Digest, Key, KeySource, Scope, Scopes};
use crate::article::Timestamp;
use crate::config::Gate;
use crate::http::answer::{ApiError, Code};
use crate::http::client::Client;
use crate::http::token::Token;
use crate::service::Service;

/// The longest name of a person that a proxy may send, in bytes.
const LONGEST_PERSON: usize = 200;

/// Knows the tokens, the keys and the settings of access.
pub(in crate::http) struct Gatekeeper {
    admin: Token,
    read: Option<Token>,
    service: Arc<Service>,
    sessions: Sessions,
    wrong: WrongKeys,
    reading: Gate,
    metrics: Gate,
    person_header: Option<String>,
}

/// A key that was found for what a request shows.
struct Found {
    digest: Digest,
    caller: Caller,
}

/// Why what a request shows is not a key.
enum NoKey {
    /// No key is like that.
    Unknown,
    /// Its last day has passed.
    Ended,
    /// The keys are not known.
    Unreadable,
}

impl Gatekeeper {
    /// With the settings and keys of `service`, and the token for administration.
    pub(in crate::http) fn new(service: &Arc<Service>, admin: Token) -> Self {
        let config = service.config();
        Self {
            admin,
            read: config.auth.read_token.as_ref().map(Token::of),
            sessions: Sessions::open(&config.data_dir),
            wrong: WrongKeys::default(),
            reading: config.auth.reading,
            metrics: config.auth.metrics,
            person_header: config.auth.trusted_user_header.clone(),
            service: Arc::clone(service),
        }
    }

    /// Who sends a request. After too many wrong keys from an address this waits; see [`WrongKeys`].
    ///
    /// # Errors
    /// It shows a key that is none. That matters only to routes that ask who it is.
    pub(in crate::http) async fn caller(
        &self,
        client: &Client,
        method: &Method,
        headers: &HeaderMap,
    ) -> Result<Caller, ApiError> {
        let person = self.person(client, headers);
        let (mut password, mut unchecked) = (None, false);
        let mut signed_in = || {
            self.signed_in(headers).unwrap_or_else(|_| {
                unchecked = true;
                None
            })
        };
        let caller = match Shown::of(method, headers) {
            Shown::Nothing => signed_in(),
            Shown::Malformed => {
                return Err(unauthorized("the header `Authorization` must have the form `Bearer KEY`"));
            }
            Shown::Bearer(key) => Some(self.in_turn(&key, client.address).await?.caller),
            Shown::Password(key) => {
                let signed_in = signed_in();
                // A proxy may ask for passwords of its own, and pass them on.
                let may_be_passed_on = signed_in.is_some() || person.is_some() || self.is_open();
                if may_be_passed_on {
                    let digest = Digest::of(&key);
                    // Nobody who only reads waits for somebody else's wrong keys.
                    match self.wrong.turn(&digest, client.address, Duration::ZERO) {
                        Turn::Now => match self.key(digest) {
                            Ok(found) => Some(found.caller),
                            Err(NoKey::Unknown) => {
                                password = Some(Password::Wrong(client.address));
                                signed_in
                            }
                            Err(why) => return Err(self.no_key(&why, client.address)),
                        },
                        Turn::After(left) | Turn::Never(left) => {
                            password = Some(Password::NotLookedAt(left));
                            signed_in
                        }
                    }
                } else {
                    Some(self.in_turn(&key, client.address).await?.caller)
                }
            }
        };
        Ok(match (caller, person) {
            (Some(caller), person) => Caller { person, ..caller },
            (None, Some(person)) => Caller {
                who: Who::Person(person.clone()),
                scopes: [Scope::Read].into_iter().collect(),
                person: Some(person),
                ..Caller::nobody()
            },
            (None, None) => Caller { password, unchecked, ..Caller::nobody() },
        })
    }

    /// What the tokens and keys have for a clear key from `address`, once it may be looked at.
    ///
    /// # Errors
    /// It is none; or 429 where too many wait.
    async fn in_turn(&self, key: &[u8], address: IpAddr) -> Result<Found, ApiError> {
        let digest = Digest::of(key);
        match self.wrong.turn(&digest, address, LONGEST_WAIT) {
            Turn::Now => {}
            Turn::After(wait) => tokio::time::sleep(wait).await,
            Turn::Never(left) => return Err(too_many(left)),
        }
        self.key(digest).map_err(|why| self.no_key(&why, address))
    }

    /// Lets `caller` do what needs `scope`.
    ///
    /// # Errors
    /// 401 for nobody, 403 for whoever has a key that does not allow it.
    pub(in crate::http) fn require(&self, caller: &Caller, scope: Scope) -> Result<(), ApiError> {
        match &caller.who {
            _ if caller.may(scope) => Ok(()),
            Who::Nobody if caller.unchecked => Err(self.unknown_keys()),
            Who::Nobody => Err(match caller.password {
                Some(Password::Wrong(address)) => self.wrong(address),
                Some(Password::NotLookedAt(left)) => too_many(left),
                None => unauthorized("this address needs a key: send `Authorization: Bearer KEY`"),
            }),
            // Here it is a wrong token, as it was before there were keys.
            Who::ReadToken => Err(unauthorized("the token is wrong")),
            _ => {
                let detail = format!("the key does not allow this: it needs the scope `{}`", scope.name());
                Err(ApiError::new(Code::Forbidden, detail))
            }
        }
    }

    /// Lets `caller` read.
    ///
    /// # Errors
    /// As [`Gatekeeper::require`], where reading is closed.
    pub(in crate::http) fn require_reading(&self, caller: &Caller) -> Result<(), ApiError> {
        match self.reading() {
            _ if caller.may(Scope::Read) => Ok(()),
            Some(Gate::Open) => Ok(()),
            Some(Gate::Closed) => self.require(caller, Scope::Read),
            None => Err(self.unknown_keys()),
        }
    }

    /// Whether reading needs a key; `None` where that is not known. Where keys come from another server, it is closed where either closes it.
    fn reading(&self) -> Option<Gate> {
        match (self.reading, self.keys().closes_reading()) {
            (Gate::Closed, _) | (_, Ok(true)) => Some(Gate::Closed),
            (Gate::Open, Ok(false)) => Some(Gate::Open),
            (Gate::Open, Err(_)) => None,
        }
    }

    fn is_open(&self) -> bool {
        self.reading() == Some(Gate::Open)
    }

    fn keys(&self) -> &KeySource {
        self.service.keys()
    }

    /// Whether `caller` may read.
    pub(in crate::http) fn may_read(&self, caller: &Caller) -> bool {
        self.is_open() || caller.may(Scope::Read)
    }

    /// Whether `caller` may know what the whole archive holds: sizes and counts.
    pub(in crate::http) fn sees_all(&self, caller: &Caller) -> bool {
        caller.filter.is_none() && self.may_read(caller)
    }

    /// Lets `caller` read metrics, which count the whole archive.
    ///
    /// # Errors
    /// As [`Gatekeeper::require`], where metrics are closed.
    pub(in crate::http) fn require_metrics(&self, caller: &Caller) -> Result<(), ApiError> {
        if caller.filter.is_some() {
            let detail = "the key shows a part of the archive, and metrics count all of it";
            return Err(ApiError::new(Code::Forbidden, detail));
        }
        if self.metrics == Gate::Open { Ok(()) } else { self.require(caller, Scope::Read) }
    }

    /// Lets what changes something pass if a cookie alone does not speak for it: another site can make a browser send one.
    ///
    /// # Errors
    /// 403 where the browser does not say that a page of this site asked.
    pub(in crate::http) fn require_intent(
        &self,
        caller: &Caller,
        headers: &HeaderMap,
    ) -> Result<(), ApiError> {
        if !caller.by_cookie || is_same_origin(headers) {
            return Ok(());
        }
        let detail = "by cookie, only pages of this site can change something (`Sec-Fetch-Site: same-origin`, which browsers send \
                      over https); send `Authorization: Bearer KEY`";
        Err(ApiError::new(Code::Forbidden, detail))
    }

    /// The cookie of a sign-in with the clear key, and who that is: with what the key has of `wanted`, and with `read` in any case.
    ///
    /// # Errors
    /// The key is wrong, has ended, or allows nothing that a sign-in is for; or nobody can sign in.
    pub(in crate::http) async fn sign_in(
        &self,
        client: &Client,
        key: &[u8],
        wanted: Scopes,
    ) -> Result<(String, Caller), ApiError> {
        let Found { digest, caller } = self.in_turn(key, client.address).await?;
        // What scripts push with has no place in a browser.
        let wanted = wanted.named().filter(|scope| matches!(scope, Scope::Searches | Scope::Admin));
        let scopes: Scopes = wanted.chain([Scope::Read]).filter(|scope| caller.may(*scope)).collect();
        let reads = scopes.named().any(|scope| scope == Scope::Read);
        if scopes.is_empty() || !reads && !self.is_open() {
            return Err(ApiError::new(Code::Forbidden, "the key does not allow reading"));
        }
        let caller = Caller { scopes, by_cookie: true, ..caller };
        let sealed = self.sessions.seal(&digest, scopes, Timestamp::now()).map_err(ApiError::internal)?;
        Ok((sealed, caller))
    }

    /// What the tokens and keys have for a key.
    fn key(&self, digest: Digest) -> Result<Found, NoKey> {
        let tokens =
            self.tokens().fold(
                None,
                |found, (token, who, scopes)| {
                    if token.digest() == digest { Some((who, scopes)) } else { found }
                },
            );
        if let Some((who, scopes)) = tokens {
            self.wrong.remember_right(digest);
            return Ok(Found { digest, caller: Caller { who, scopes, ..Caller::nobody() } });
        }
        let keys = self.keys().now().map_err(|_| NoKey::Unreadable)?;
        let key = keys.find(&digest).ok_or(NoKey::Unknown)?;
        if key.has_ended(Timestamp::now()) {
            return Err(NoKey::Ended);
        }
        self.wrong.remember_right(digest);
        Ok(Found { digest, caller: caller_of(key) })
    }

    /// The tokens of the settings, whose they are, and what they allow.
    fn tokens(&self) -> impl Iterator<Item = (&Token, Who, Scopes)> {
        let admin = (&self.admin, Who::AdminToken, Scope::ALL.into_iter().collect());
        let read =
            self.read.as_ref().map(|token| (token, Who::ReadToken, [Scope::Read].into_iter().collect()));
        std::iter::once(admin).chain(read)
    }

    /// Who has signed in, by the cookie.
    ///
    /// # Errors
    /// The keys are not known.
    fn signed_in(&self, headers: &HeaderMap) -> Result<Option<Caller>, NoKey> {
        let Some(session) = cookie(headers, COOKIE).and_then(Session::read) else { return Ok(None) };
        let (sessions, now) = (&self.sessions, Timestamp::now());
        let with = |caller: Caller, signed: Scopes| {
            let scopes = signed.named().filter(|scope| caller.may(*scope)).collect();
            Caller { scopes, by_cookie: true, ..caller }
        };
        for (token, who, scopes) in self.tokens() {
            if let Some(signed) = sessions.check(&session, &token.digest(), now) {
                return Ok(Some(with(Caller { who, scopes, ..Caller::nobody() }, signed)));
            }
        }
        let keys = self.keys().now().map_err(|_| NoKey::Unreadable)?;
        let mut keys = keys.iter().filter(|key| !key.has_ended(now));
        Ok(keys.find_map(|key| Some(with(caller_of(key), sessions.check(&session, &key.sha256, now)?))))
    }

    /// Whom a trusted proxy names.
    fn person(&self, client: &Client, headers: &HeaderMap) -> Option<String> {
        let header = self.person_header.as_ref().filter(|_| client.through_proxy)?;
        let mut values = headers.get_all(header).iter();
        // Two would mean that the proxy passes on what its client wrote.
        let (Some(name), None) = (values.next(), values.next()) else { return None };
        let name = std::str::from_utf8(name.as_bytes()).ok()?.trim();
        let fits = !name.is_empty() && name.len() <= LONGEST_PERSON && !name.chars().any(char::is_control);
        fits.then(|| name.to_owned())
    }

    /// What to say where keys are not known at the moment.
    pub(in crate::http) fn keys_trouble(&self) -> Option<ApiError> {
        self.keys().now().err().map(|_| self.unknown_keys())
    }

    /// The answer to whoever may have a key while keys are not known.
    fn unknown_keys(&self) -> ApiError {
        match self.keys() {
            KeySource::File(_) => {
                let detail = "the keys cannot be read at the moment; the server's log says why";
                ApiError::new(Code::NotReady, detail).retry_after(10)
            }
            KeySource::Taken(_) => {
                let detail = "the keys of the server that writes cannot be taken from the cluster at the moment; the server's log says why";
                ApiError::new(Code::KeysUnavailable, detail).retry_after(5)
            }
        }
    }

    /// The answer to what is not a key.
    fn no_key(&self, why: &NoKey, address: IpAddr) -> ApiError {
        match why {
            NoKey::Unreadable => self.unknown_keys(),
            NoKey::Ended => unauthorized("the key has ended: ask for another one"),
            NoKey::Unknown => self.wrong(address),
        }
    }

    /// The answer to a wrong key.
    fn wrong(&self, address: IpAddr) -> ApiError {
        match self.wrong.count(address) {
            None => unauthorized("the key or token is wrong"),
            Some(left) => too_many(left),
        }
    }
}

fn too_many(left: Duration) -> ApiError {
    metrics::counter!("unauthorized_total").increment(1);
    ApiError::new(Code::WrongKeys, "too many wrong keys came from this address")
        .retry_after(left.as_secs() + 1)
}

fn caller_of(key: &Key) -> Caller {
    let filter = key.filter.clone().map(Arc::new);
    Caller { who: Who::Key(key.name.clone()), scopes: key.scopes, filter, ..Caller::nobody() }
}

fn unauthorized(detail: &str) -> ApiError {
    metrics::counter!("unauthorized_total").increment(1);
    ApiError::new(Code::Unauthorized, detail)
}
