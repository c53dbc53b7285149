//! Sending a message as a mail, by the one mail server that the settings name.
//!
//! Each address gets a mail of its own: one that the server refuses holds up no other, and nobody sees who else is told.

use std::time::Duration;

use lettre::address::{Address, Envelope};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::digest::{Digest, line};
use super::error::DeliveryError;
use super::message::Message;
use super::settings::{MailSecurity, MailSettings};
use super::trust::{Trust, insecure};

/// How long a mail may take in all: servers look into a mail before they take it.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long the server may take to accept the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it is waited for a farewell, after the mail was accepted.
const FAREWELL: Duration = Duration::from_secs(2);
/// Connections to the server at once: with the full hour hundreds of mails may be due.
const MOST_CONNECTIONS: usize = 4;
/// What is shown of a server's answer, in characters.
const LONGEST_ANSWER: usize = 300;
/// How somebody proves who they are; both send the password as it is: `smtp_security = "none"` sends it in clear.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// What sends mails.
pub(super) struct Mails {
    host: String,
    port: u16,
    security: MailSecurity,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    from: Mailbox,
    /// The address under which readers reach gisa, for links.
    site: Option<String>,
    turns: Semaphore,
}

impl Mails {
    /// What gives mails to the server of the `settings`, with links to `site`; it believes a server that shows a certificate of `trust`.
    ///
    /// # Errors
    /// The password cannot be read, or the sender is none.
    pub(super) fn new(
        settings: &MailSettings,
        site: Option<&str>,
        trust: &Trust,
    ) -> Result<Self, DeliveryError> {
        let mut tls = TlsParameters::builder(settings.host.clone()).certificate_store(CertificateStore::None);
        for certificate in trust.certificates() {
            let certificate = Certificate::from_der(certificate.to_vec());
            tls = tls.add_root_certificate(certificate.map_err(|error| DeliveryError::in_full(&error))?);
        }
        let credentials = match &settings.login {
            Some(login) => Some(Credentials::new(login.user.clone(), login.password.read()?)),
            None => None,
        };
        let from = settings.from.parse();
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            security: settings.security,
            tls: tls.build_rustls().map_err(|error| DeliveryError::in_full(&error))?,
            credentials,
            from: from.map_err(|error| DeliveryError(format!("alerts.smtp_from: {error}")))?,
            site: site.map(str::to_owned),
            turns: Semaphore::new(MOST_CONNECTIONS),
        })
    }

    /// The right to send a mail now, until it is dropped; waits for it.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.turns.acquire().await.ok()
    }

    /// Sends `message` to the mailbox `to`; the server has accepted it when this returns.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub(super) async fn deliver(&self, to: &str, message: &Message) -> Result<(), DeliveryError> {
        let (envelope, mail) = self.mail(to, message)?;
        let given = tokio::time::timeout(TIMEOUT, self.give(&envelope, &mail)).await;
        let late = |_| DeliveryError(format!("the mail server took longer than {} s", TIMEOUT.as_secs()));
        let mut connection = given.map_err(late)?.map_err(|error| reason(&error))?;
        // The mail is the server's now, however the farewell goes.
        let _ = tokio::time::timeout(FAREWELL, connection.quit()).await;
        Ok(())
    }

    /// Gives the server a mail, and the connection back once it has accepted it.
    async fn give(
        &self,
        envelope: &Envelope,
        mail: &[u8],
    ) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let hello = ClientId::default();
        let at = (self.host.as_str(), self.port);
        let tls = || self.tls.clone();
        let from_the_beginning = (self.security == MailSecurity::Tls).then(tls);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(at, Some(CONNECT_TIMEOUT), &hello, from_the_beginning, None);
        let mut connection = connecting.await?;
        if self.security == MailSecurity::Starttls {
            connection.starttls(tls(), &hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&MECHANISMS, credentials).await?;
        }
        connection.send(envelope, mail).await?;
        Ok(connection)
    }

    /// A message as it goes to the server, with whom it is from and for.
    fn mail(&self, to: &str, message: &Message) -> Result<(Envelope, Vec<u8>), DeliveryError> {
        let wrong = |error: &dyn std::error::Error| DeliveryError::in_full(error);
        let address: Address = to.parse().map_err(|error| wrong(&error))?;
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![address.clone()]);
        let Digest { subject, plain, html } = Digest::of(message, self.site.as_deref());
        let id = id(to, message, &plain, self.from.email.domain());
        let mut mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(subject)
            .message_id(Some(id))
            // Nobody who is away answers that they are (RFC 3834).
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()));
        if let Some((first, last)) = message.sequences() {
            mail = mail.raw_header(raw("X-Gisa-Sequence", format!("{first}-{last}")));
        }
        let mail = mail.multipart(MultiPart::alternative_plain_html(plain, html));
        let mail = mail.map_err(|error| wrong(&error))?;
        Ok((envelope.map_err(|error| wrong(&error))?, mail.formatted()))
    }
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// The same for the same content: a mail that comes twice, because a confirmation was lost, is shown once by many programs. A test, which
/// has no sequence, is one of its own each time.
fn id(to: &str, message: &Message, plain: &str, domain: &str) -> String {
    let mut hash = Sha256::new();
    for part in [to, &message.search, plain, &format!("{:?}", message.sequences())] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    if message.test {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        hash.update(now.as_nanos().to_be_bytes());
    }
    let digits: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("<{digits}@{domain}>")
}

/// Why the server was given nothing, for people.
fn reason(error: &lettre::transport::smtp::Error) -> DeliveryError {
    let cause = || {
        let source = std::error::Error::source(error);
        let text = source.map_or_else(|| error.to_string(), |source| DeliveryError::in_full(source).0);
        let line: String = line(&text).chars().take(LONGEST_ANSWER).collect();
        line.trim().to_owned()
    };
    if let Some(DeliveryError(reason)) = insecure(error) {
        return DeliveryError(format!("the mail server cannot be trusted: {reason}"));
    }
    DeliveryError(match error.status() {
        Some(code) => format!("the mail server answered {code}: {}", cause()),
        None => format!("the mail server takes nothing: {}", cause()),
    })
}
