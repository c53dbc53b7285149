//! `[alerts]`.

use serde::Deserialize;

use super::error::{ConfigError, invalid};
use crate::alerts::AllowedHosts;

/// `[alerts]` as written: what saved searches deliver.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertsSection {
    /// Hosts that may be reached although their addresses are not public.
    pub allow_hosts: Vec<String>,
    /// The time of day of daily deliveries, in Korean time.
    pub daily_at: String,
}

impl Default for AlertsSection {
    fn default() -> Self {
        Self { allow_hosts: Vec::new(), daily_at: "07:00".to_owned() }
    }
}

/// What saved searches deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertsSettings {
    /// Hosts that may be reached although their addresses are not public.
    pub allow_hosts: AllowedHosts,
    /// The minute of the Korean day of daily deliveries.
    pub daily_at: u32,
}

impl AlertsSection {
    /// Checks the values.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(&self) -> Result<AlertsSettings, ConfigError> {
        let allow_hosts =
            AllowedHosts::parse(&self.allow_hosts).map_err(|reason| invalid("alerts.allow_hosts", reason))?;
        let daily_at = minute_of_day(&self.daily_at).ok_or_else(|| {
            invalid(
                "alerts.daily_at",
                format!("{:?} is not a time of day; write for example 07:00", self.daily_at),
            )
        })?;
        Ok(AlertsSettings { allow_hosts, daily_at })
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
