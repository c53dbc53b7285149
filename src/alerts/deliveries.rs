//! What delivers, whatever kind of place it goes to.

use super::error::DeliveryError;
use super::message::Message;
use super::saved::Recipient;
use super::settings::{DeliverySettings, NO_MAIL_SERVER};
use super::smtp::Mails;
use super::trust::Trust;
use super::webhook::Webhooks;

/// What delivers to others.
pub struct Deliveries {
    webhooks: Webhooks,
    mails: Option<Mails>,
}

/// The right to deliver now; given back when it is dropped.
pub struct Turn<'a> {
    _permit: Option<tokio::sync::SemaphorePermit<'a>>,
}

impl Deliveries {
    /// Those of the `settings`.
    ///
    /// # Errors
    /// A file that they name cannot be read, or the system's reason.
    pub fn new(settings: &DeliverySettings) -> Result<Self, DeliveryError> {
        let trust = Trust::load(settings.ca_file.as_deref())?;
        let webhooks = Webhooks::new(settings.allow_hosts.clone(), &trust)?;
        let mails = settings.mail.as_ref().map(|mail| Mails::new(mail, settings.site.as_deref(), &trust));
        Ok(Self { webhooks, mails: mails.transpose()? })
    }

    /// Waits until something may be delivered to `to`: a mail server is not asked by all at once.
    pub async fn turn(&self, to: &Recipient<'_>) -> Turn<'_> {
        let permit = match (to, &self.mails) {
            (Recipient::Mailbox(_), Some(mails)) => mails.turn().await,
            _ => None,
        };
        Turn { _permit: permit }
    }

    /// Sends `message` to `to`, which has confirmed it when this returns. Whoever calls it has its [`turn`](Self::turn).
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn deliver(&self, to: &Recipient<'_>, message: &Message) -> Result<(), DeliveryError> {
        match to {
            Recipient::Webhook { url, secret, format } => {
                self.webhooks.deliver(url, *secret, *format, message).await
            }
            Recipient::Mailbox(to) => match &self.mails {
                Some(mails) => mails.deliver(to, message).await,
                None => Err(DeliveryError(format!("nothing is sent by e-mail: {NO_MAIL_SERVER}"))),
            },
        }
    }
}
