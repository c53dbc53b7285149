//! Sending a message to an address, over http or https.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::error::DeliveryError;
use super::hosts::AllowedHosts;
use super::message::{Message, signature};
use super::saved::Format;
use super::trust::{Trust, insecure};

/// How long a receiver may take in all.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long it may take to accept the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What sends messages to addresses.
pub(super) struct Webhooks {
    client: Client,
    hosts: AllowedHosts,
}

impl Webhooks {
    /// What reaches public hosts, and of others those in `hosts`; over https those that show a certificate of `trust`.
    ///
    /// # Errors
    /// The system's reason.
    pub(super) fn new(hosts: AllowedHosts, trust: &Trust) -> Result<Self, DeliveryError> {
        let client = Client::builder()
            .redirect(Policy::none())
            // A proxy would reach in our place what may not be reached.
            .no_proxy()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(1)
            .tls_backend_preconfigured(trust.client()?)
            .dns_resolver(Arc::new(AllowedNames(hosts.clone())))
            .user_agent(concat!("gisa/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| DeliveryError::in_full(&error))?;
        Ok(Self { client, hosts })
    }

    /// Sends `message` to `url`, which has confirmed it when this returns; with a `secret` the body is signed.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub(super) async fn deliver(
        &self,
        url: &str,
        secret: Option<&str>,
        format: Format,
        message: &Message,
    ) -> Result<(), DeliveryError> {
        let url = Url::parse(url).map_err(|error| DeliveryError(error.to_string()))?;
        // The settings may have changed since it was saved.
        self.hosts.check_url(&url).map_err(|reason| DeliveryError(format!("the address {reason}")))?;
        let body = message.body(format).map_err(|error| DeliveryError(error.to_string()))?;
        let mut request = self.client.post(url).header("content-type", "application/json");
        if let Some(secret) = secret {
            request = request.header("x-gisa-signature", signature(secret, &body));
        }
        let answer = request.body(body).send().await;
        let answer = answer.map_err(|error| {
            let error = error.without_url();
            insecure(&error).unwrap_or_else(|| DeliveryError::in_full(&error))
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let note = if status.is_redirection() { "; redirects are not followed" } else { "" };
        Err(DeliveryError(format!("it answered {status}{note}")))
    }
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
