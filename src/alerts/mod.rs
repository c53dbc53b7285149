//! Saved searches: what somebody wants to hear of, where it is delivered, and how far that has come.
//!
//! All of them are in one file of the data folder ([`FILE`]), which is replaced as a whole ([`SavedSearches`]): a search that was saved is
//! there after a crash. What was delivered is written down shortly after the receiver has confirmed it, so a crash in between delivers it
//! once more and nothing is passed over.
//!
//! A delivery goes to addresses that whoever saves a search chooses, from a machine inside the network: webhooks reach public addresses,
//! and of others only those that the settings name ([`AllowedHosts`]). Mails go through the one mail server of the settings.
//! [`Deliveries`] sends both. `digest` writes mails, `trust` says whose certificates are believed.
//!
//! What a search finds it does not know; the stage `service` asks the archive, and delivers ([`crate::service`]).

mod deliveries;
mod digest;
mod due;
mod entry;
mod error;
mod file;
mod hosts;
mod message;
mod progress;
mod saved;
mod settings;
mod smtp;
mod store;
mod trust;
mod webhook;

pub use deliveries::{Deliveries, Turn};
pub use entry::{Addressee, Entry};
pub use error::{AlertError, DeliveryError};
pub use hosts::{AllowedHosts, is_web_address};
pub use message::{Message, Rest, pairs};
pub use progress::{Delivery, Failing, Progress, REMEMBERED_DELIVERIES};
pub use saved::{Format, LONGEST_SEARCH_NAME, Recipient, SEARCH_NAME, SavedSearch, Target, When};
pub use settings::{DeliverySettings, MailLogin, MailPassword, MailSecurity, MailSettings, check_sender};
pub use store::SavedSearches;

/// The file of saved searches, in the data folder.
pub const FILE: &str = "searches.json";
