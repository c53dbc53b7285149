//! Sending a message to an address.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::hosts::AllowedHosts;
use super::message::{Message, signature};
use super::saved::Target;

/// How long a receiver may take in all.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long it may take to accept the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a message was not delivered, for people: the receiver cannot or may not be reached, or did not confirm. One type, because it is
/// tried again whatever the reason.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DeliveryError(String);

/// What sends messages to addresses. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Webhooks {
    client: Client,
    hosts: AllowedHosts,
}

impl Webhooks {
    /// What reaches public hosts, and of others those in `hosts`.
    ///
    /// # Errors
    /// The system's reason.
    pub fn new(hosts: AllowedHosts) -> Result<Self, DeliveryError> {
        let client = Client::builder()
            .redirect(Policy::none())
            // A proxy would reach in our place what may not be reached.
            .no_proxy()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(1)
            .dns_resolver(Arc::new(AllowedNames(hosts.clone())))
            .user_agent(concat!("gisa/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| DeliveryError(in_full(&error)))?;
        Ok(Self { client, hosts })
    }

    /// Sends `message` to `target`, which has confirmed it when this returns.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn deliver(&self, target: &Target, message: &Message) -> Result<(), DeliveryError> {
        let Target::Webhook { url, secret, format } = target;
        let url = Url::parse(url).map_err(|error| DeliveryError(error.to_string()))?;
        // The settings may have changed since it was saved.
        self.hosts.check_url(&url).map_err(|reason| DeliveryError(format!("the address {reason}")))?;
        let body = message.body(*format).map_err(|error| DeliveryError(error.to_string()))?;
        let mut request = self.client.post(url).header("content-type", "application/json");
        if let Some(secret) = secret {
            request = request.header("x-gisa-signature", signature(secret, &body));
        }
        let answer = request.body(body).send().await;
        let answer = answer.map_err(|error| DeliveryError(in_full(&error.without_url())))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let note = if status.is_redirection() { "; redirects are not followed" } else { "" };
        Err(DeliveryError(format!("it answered {status}{note}")))
    }
}

/// An error with its causes: the outermost only says that a request failed.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    text
}

/// Looks names up, and gives only addresses that may be reached: those are the ones that are connected to, so a name cannot mean
/// another address a moment later.
struct AllowedNames(AllowedHosts);

impl Resolve for AllowedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> =
                found.into_iter().filter(|found| hosts.allow(&host, found.ip())).collect();
            if allowed.is_empty() {
                let reason = format!(
                    "{host} has no public address; list it in `alerts.allow_hosts` of config.toml if it should be reached"
                );
                return Err(io::Error::other(reason).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
