//! `[alerts]`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::{ConfigError, file, invalid};
use super::public_url::PublicUrl;
use crate::alerts::{
    AllowedHosts, DeliverySettings, MailLogin, MailPassword, MailSecurity, MailSettings, check_sender,
};

/// `[alerts]` as written: what saved searches deliver.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertsSection {
    /// Hosts that may be reached although their addresses are not public.
    pub allow_hosts: Vec<String>,
    /// PEM file of authorities whose certificates are believed besides those of the machine; empty: none.
    pub ca_file: PathBuf,
    /// The time of day of daily deliveries, in Korean time.
    pub daily_at: String,
    /// The mail server; empty: nothing is sent by e-mail.
    pub smtp_host: String,
    /// Its port.
    pub smtp_port: u16,
    /// How the connection to it is secured.
    pub smtp_security: MailSecurity,
    /// As whom mails are given to it; empty: it asks nobody.
    pub smtp_user: String,
    /// File with the password; empty: it is in the environment.
    pub smtp_password_file: PathBuf,
    /// From whom mails are.
    pub smtp_from: String,
}

impl Default for AlertsSection {
    fn default() -> Self {
        Self {
            allow_hosts: Vec::new(),
            ca_file: PathBuf::new(),
            daily_at: "07:00".to_owned(),
            smtp_host: String::new(),
            smtp_port: 587,
            smtp_security: MailSecurity::default(),
            smtp_user: String::new(),
            smtp_password_file: PathBuf::new(),
            smtp_from: String::new(),
        }
    }
}

/// What saved searches deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertsSettings {
    /// How they reach others.
    pub delivery: DeliverySettings,
    /// The minute of the Korean day of daily deliveries.
    pub daily_at: u32,
}

impl AlertsSection {
    /// Checks the values, and resolves files against `base`. `password` is that for the mail server from the environment, and wins; `site`
    /// is the address under which readers reach gisa.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(
        &self,
        base: &Path,
        password: Option<&str>,
        site: Option<&PublicUrl>,
    ) -> Result<AlertsSettings, ConfigError> {
        let allow_hosts =
            AllowedHosts::parse(&self.allow_hosts).map_err(|reason| invalid("alerts.allow_hosts", reason))?;
        let daily_at = minute_of_day(&self.daily_at).ok_or_else(|| {
            invalid(
                "alerts.daily_at",
                format!("{:?} is not a time of day; write for example 07:00", self.daily_at),
            )
        })?;
        let delivery = DeliverySettings {
            allow_hosts,
            ca_file: file(base, &self.ca_file),
            mail: self.mail(base, password)?,
            site: site.map(|site| site.as_str().to_owned()),
        };
        Ok(AlertsSettings { delivery, daily_at })
    }

    fn mail(&self, base: &Path, password: Option<&str>) -> Result<Option<MailSettings>, ConfigError> {
        let host = self.smtp_host.trim();
        if host.is_empty() {
            return Ok(None);
        }
        if !host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':')) {
            let reason = format!(
                "{host:?} is not a host; write its name or address without a port, which is smtp_port"
            );
            return Err(invalid("alerts.smtp_host", reason));
        }
        if self.smtp_port == 0 {
            return Err(invalid(
                "alerts.smtp_port",
                "must be 1 to 65535; 587 is usual, 465 with smtp_security = \"tls\"",
            ));
        }
        check_sender(&self.smtp_from)
            .map_err(|reason| invalid("alerts.smtp_from", format!("{:?} {reason}", self.smtp_from)))?;
        let password = match (password, file(base, &self.smtp_password_file)) {
            (Some(password), _) => MailPassword::Given(password.to_owned()),
            (None, Some(path)) => MailPassword::File(path),
            // The server alone may have it in its environment: no reason for others to fail.
            (None, None) => MailPassword::Missing,
        };
        let login = match self.smtp_user.as_str() {
            "" if password == MailPassword::Missing => None,
            "" => {
                return Err(invalid(
                    "alerts.smtp_user",
                    "is missing: there is a password for the mail server",
                ));
            }
            user => Some(MailLogin { user: user.to_owned(), password }),
        };
        Ok(Some(MailSettings {
            host: host.to_owned(),
            port: self.smtp_port,
            security: self.smtp_security,
            login,
            from: self.smtp_from.clone(),
        }))
    }
}

fn minute_of_day(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str, most: u32| -> Option<u32> {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| digits && *number <= most)
    };
    Some(number(hours, 23)? * 60 + number(minutes, 59)?)
}
