//! Saved searches as they are sent and answered.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::access::FixedFilter;
use crate::alerts::{
    Delivery, Entry, Failing, Format, LONGEST_SEARCH_NAME, REMEMBERED_DELIVERIES, Recipient, SEARCH_NAME,
    SavedSearch, Target, When,
};
use crate::article::Timestamp;

/// The name of a saved search in an address.
pub(in crate::http) struct NameInPath;

impl PartialSchema for NameInPath {
    fn schema() -> RefOr<Schema> {
        let name = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
        name.max_length(Some(LONGEST_SEARCH_NAME)).pattern(Some(SEARCH_NAME)).into()
    }
}

impl ToSchema for NameInPath {}

/// A search to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SearchToSave {
    /// What people call it.
    #[schema(max_length = 200, min_length = 1)]
    title: String,
    /// Parameters of `/api/search`.
    #[serde(default)]
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// Where what comes is delivered, at most 8 places; nowhere if left out: then it is only read.
    #[serde(default)]
    #[schema(max_items = 8)]
    deliver: Vec<Target>,
    /// `at_once`, `hourly` (with the full hour) or `daily` (at `alerts.daily_at`).
    #[serde(default)]
    when: When,
    /// Whether nothing is delivered for now. What comes meanwhile is delivered afterwards.
    #[serde(default)]
    paused: bool,
}

/// A saved search.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SavedSearchAnswer {
    name: String,
    title: String,
    /// The parameters, as they were given.
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// Where what comes is delivered.
    deliver: Vec<SavedTarget>,
    /// When.
    when: When,
    paused: bool,
    /// When it was saved, or last changed.
    #[schema(value_type = String)]
    saved_at: Timestamp,
    /// Everything up to this sequence was delivered everywhere, or does not match.
    last_sequence: u64,
    /// The last 20 deliveries, the newest first.
    deliveries: Vec<DeliveryTo>,
    /// Addresses that cannot be reached, and why.
    failing: Vec<FailingTarget>,
}

/// Where something is delivered; its secret is not shown.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(in crate::http) enum SavedTarget {
    /// A `POST` to an address.
    Webhook {
        url: String,
        format: Format,
        /// Whether there is a secret with which the body is signed.
        signed: bool,
    },
    /// A mail to each of some mailboxes.
    Email { to: Vec<String> },
}

/// A delivery, or an attempt at one.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct DeliveryTo {
    /// The address; of a mailbox `mailto:` and its own.
    url: String,
    #[serde(flatten)]
    delivery: Delivery,
}

/// An address that cannot be reached.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct FailingTarget {
    /// The address; of a mailbox `mailto:` and its own.
    url: String,
    #[serde(flatten)]
    failing: Failing,
}

impl SearchToSave {
    /// What is saved in place of `former`, by whoever has this fixed filter.
    pub(super) fn search(
        self,
        former: Option<&Entry>,
        filter: Option<FixedFilter>,
        saved_at: Timestamp,
    ) -> SavedSearch {
        let Self { title, params, mut deliver, when, paused } = self;
        // Secrets are not shown, so whoever changes another part cannot send them back.
        let known = |url: &str| {
            let recipients = former.into_iter().flat_map(|former| former.search.recipients());
            let mut secrets = recipients.filter_map(|recipient| match recipient {
                Recipient::Webhook { url: known, secret, .. } if known == url => Some(secret?.to_owned()),
                _ => None,
            });
            secrets.next()
        };
        for target in &mut deliver {
            if let Target::Webhook { url, secret: secret @ None, .. } = target {
                *secret = known(url);
            }
        }
        SavedSearch { title, params, deliver, when, paused, filter, saved_at }
    }
}

impl SavedSearchAnswer {
    /// A search as it is shown, where searches see everything up to the sequence `last`.
    pub(super) fn of(name: String, entry: Entry, last: u64) -> Self {
        let Entry { search, targets, .. } = entry;
        let last_sequence = targets.values().map(|progress| progress.delivered).min().unwrap_or(last);
        let mut deliveries = Vec::new();
        let mut failing = Vec::new();
        for (url, progress) in targets {
            let of_target = progress.deliveries.into_iter();
            deliveries.extend(of_target.map(|delivery| DeliveryTo { url: url.clone(), delivery }));
            failing.extend(progress.failing.map(|failing| FailingTarget { url, failing }));
        }
        deliveries.sort_by_key(|delivery| std::cmp::Reverse(delivery.delivery.at));
        deliveries.truncate(REMEMBERED_DELIVERIES);
        let deliver = search.deliver.into_iter().map(|target| match target {
            Target::Webhook { url, secret, format } => {
                SavedTarget::Webhook { url, format, signed: secret.is_some() }
            }
            Target::Email { to } => SavedTarget::Email { to },
        });
        Self {
            name,
            title: search.title,
            params: search.params,
            deliver: deliver.collect(),
            when: search.when,
            paused: search.paused,
            saved_at: search.saved_at,
            last_sequence,
            deliveries,
            failing,
        }
    }
}
