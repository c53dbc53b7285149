//! How deliveries reach others, as the settings say it.

use std::fmt;
use std::path::PathBuf;

use lettre::address::Address;
use lettre::message::Mailbox;
use serde::Deserialize;

use super::error::DeliveryError;
use super::hosts::AllowedHosts;

/// The longest address of a mailbox, in bytes (RFC 5321, with the angle brackets).
const LONGEST_ADDRESS: usize = 254;
/// What to do where there is no mail server.
pub(super) const NO_MAIL_SERVER: &str =
    "set `alerts.smtp_host` and `alerts.smtp_from` in config.toml, and restart";

/// How deliveries reach others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliverySettings {
    /// Hosts that webhooks may reach although their addresses are not public.
    pub allow_hosts: AllowedHosts,
    /// A PEM file of authorities that are believed besides those of the machine.
    pub ca_file: Option<PathBuf>,
    /// The mail server; none: no mails.
    pub mail: Option<MailSettings>,
    /// The address under which readers reach gisa, without a slash at the end; none: mails have no links to it.
    pub site: Option<String>,
}

/// The mail server, and from whom mails are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: MailSecurity,
    /// As whom mails are given to it; none where it asks nobody.
    pub login: Option<MailLogin>,
    /// From whom mails are: `gisa@newsroom.example` or `기사 알림 <gisa@newsroom.example>`.
    pub from: String,
}

/// How the connection to the mail server is secured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// It begins in clear and changes to TLS; a server that cannot is given nothing.
    #[default]
    Starttls,
    /// TLS from the beginning.
    Tls,
    /// Not at all.
    None,
}

/// As whom mails are given to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLogin {
    /// The name.
    pub user: String,
    /// Where the password is.
    pub password: MailPassword,
}

/// Where the password is. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub enum MailPassword {
    /// Here.
    Given(String),
    /// Alone in a file; white space around it does not count.
    File(PathBuf),
    /// Nowhere that this process knows of: it may be in the environment of the server alone.
    Missing,
}

impl fmt::Debug for MailPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given(…)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Missing => f.write_str("Missing"),
        }
    }
}

impl MailPassword {
    /// The password.
    ///
    /// # Errors
    /// There is none, or its file cannot be read.
    pub(super) fn read(&self) -> Result<String, DeliveryError> {
        let path = match self {
            Self::Given(password) => return Ok(password.clone()),
            Self::File(path) => path,
            Self::Missing => {
                let reason = "alerts.smtp_user is set, but there is no password; name a file with it in \
                              alerts.smtp_password_file, or set GISA_SMTP_PASSWORD";
                return Err(DeliveryError(reason.to_owned()));
            }
        };
        let wrong =
            |reason: String| DeliveryError(format!("alerts.smtp_password_file {}: {reason}", path.display()));
        let text =
            std::fs::read_to_string(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        match text.trim() {
            "" => Err(wrong("is empty".to_owned())),
            password => Ok(password.to_owned()),
        }
    }
}

/// Refuses what is not the address of a mailbox.
///
/// # Errors
/// What to write instead.
pub(super) fn check_mailbox(address: &str) -> Result<(), String> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"(),:;<>[]\\".contains(&byte);
    let is_one =
        address.len() <= LONGEST_ADDRESS && address.bytes().all(plain) && address.parse::<Address>().is_ok();
    if is_one { Ok(()) } else { Err("is not an e-mail address, such as desk@newsroom.example".to_owned()) }
}

/// Refuses what cannot be the sender of mails.
///
/// # Errors
/// What to write instead.
pub fn check_sender(from: &str) -> Result<(), String> {
    match from.parse::<Mailbox>() {
        Ok(mailbox) if !from.chars().any(char::is_control) => check_mailbox(mailbox.email.as_ref()),
        _ => {
            Err("is not a sender, such as \"gisa@newsroom.example\" or \"기사 알림 <gisa@newsroom.example>\""
                .to_owned())
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_mailboxes_are_taken() {
        for good in ["desk@newsroom.example", "a.b+c@x.example", "root@localhost"] {
            check_mailbox(good).unwrap();
        }
        let long = format!("{}@newsroom.example", "a".repeat(300));
        for bad in [
            "",
            "desk",
            "@newsroom.example",
            "desk@",
            "desk@a b.example",
            "데스크@newsroom.example",
            "desk@newsroom.example\r\nBcc: x@y.example",
            "Desk <desk@newsroom.example>",
            "a@x.example,b@x.example",
            "\"a b\"@x.example",
            long.as_str(),
        ] {
            assert!(check_mailbox(bad).is_err(), "{bad}");
        }
        check_sender("기사 알림 <gisa@newsroom.example>").unwrap();
        check_sender("gisa@newsroom.example").unwrap();
        for bad in ["", "기사 알림", "gisa@newsroom.example\r\nBcc: x@y.example", "a@b.example, c@d.example"]
        {
            assert!(check_sender(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let given = MailPassword::Given("아주 긴 비밀".to_owned());
        assert!(!format!("{given:?}").contains("비밀"));
        let folder = tempfile::tempdir().unwrap();
        let file = MailPassword::File(folder.path().join("password"));
        assert!(file.read().unwrap_err().to_string().contains("alerts.smtp_password_file"));
        std::fs::write(folder.path().join("password"), "비밀 번호\n").unwrap();
        assert_eq!(file.read().unwrap(), "비밀 번호");
        std::fs::write(folder.path().join("password"), "\n").unwrap();
        assert!(file.read().unwrap_err().to_string().contains("is empty"));
    }
}
