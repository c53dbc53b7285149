//! What is true of the articles, by means that have nothing in common with any engine: strings that stand in strings, and
//! dates as numbers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use gisa::entities::{Entities, EntityKind, entities_of};
use gisa::ingest::Cleaner;
use gisa::korean::collation;
use serde_json::{Value, json};

use crate::contract::articles::{Item, OUTLET_GROUPS, OUTLETS, REPORTERS, SECTIONS};
use crate::searchable::language;

/// Letters and digits of a text in lower case: what decides whether a passage stands in it.
pub fn kept(text: &str) -> String {
    text.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Item {
    /// Whether a passage stands in the title or in the body.
    pub fn holds(&self, passage: &str) -> bool {
        let passage = kept(passage);
        kept(&self.title).contains(&passage) || kept(&self.body).contains(&passage)
    }

    /// What it counts for in a facet.
    pub fn values(&self, field: &str) -> Vec<String> {
        let dated = |length: usize| match self.published {
            None => Vec::new(),
            Some((year, month, day, ..)) => {
                vec![format!("{year:04}-{month:02}-{day:02}")[..length].to_owned()]
            }
        };
        match field {
            "outlet" => self.outlet.iter().cloned().collect(),
            "outlet_group" => {
                let of = |(group, outlets): &(&str, &[&str])| {
                    let outlet = self.outlet.as_deref()?;
                    outlets.contains(&outlet).then(|| (*group).to_owned())
                };
                OUTLET_GROUPS.iter().filter_map(of).collect()
            }
            "reporter" => self.reporters.clone(),
            "section" => self.section.iter().cloned().collect(),
            "person" => self.names(EntityKind::Person),
            "place" => self.names(EntityKind::Place),
            "organisation" => self.names(EntityKind::Organisation),
            "day" => dated(10),
            "month" => dated(7),
            "year" => dated(4),
            _ => panic!("there is no field {field}"),
        }
    }
}

impl Item {
    /// The names of one kind in title and body. What a text names is not what an engine is asked: it is found in the text alone.
    pub fn names(&self, kind: EntityKind) -> Vec<String> {
        static KNOWN: LazyLock<Mutex<HashMap<(String, String), Arc<Entities>>>> =
            LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().unwrap();
        let named = known.entry((self.title.clone(), self.body.clone())).or_insert_with(|| {
            let cleaner = Cleaner::new(Arc::clone(language().outlets()));
            let article = cleaner.article_from_json(self.json().to_string().as_bytes()).unwrap();
            Arc::new(entities_of(&article, language()))
        });
        named.of_kind(kind).map(|entity| entity.name.clone()).collect()
    }
}

/// All facet fields.
pub const FIELDS: [&str; 10] = [
    "outlet",
    "outlet_group",
    "reporter",
    "section",
    "person",
    "place",
    "organisation",
    "day",
    "month",
    "year",
];

/// Ids in the order of publication; those without a date last, ties by id.
pub fn by_time(mut items: Vec<&Item>, newest: bool) -> Vec<String> {
    items.sort_by(|a, b| {
        let time = if newest { b.published.cmp(&a.published) } else { a.published.cmp(&b.published) };
        let undated = a.published.is_none().cmp(&b.published.is_none());
        undated.then(time).then_with(|| a.id.cmp(&b.id))
    });
    items.into_iter().map(|item| item.id.clone()).collect()
}

/// The values of a facet with their counts, as the answer lists them: by count, ties as a Korean reader expects them; dates
/// by time.
pub fn facet(items: &[&Item], field: &str) -> Vec<Value> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for value in items.iter().flat_map(|item| item.values(field)) {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    let order: &[&str] = match field {
        "outlet" => &OUTLETS,
        "outlet_group" => &OUTLET_GROUPS.map(|(group, _)| group),
        "reporter" => &REPORTERS,
        "section" => &SECTIONS,
        "person" | "place" | "organisation" => {
            counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| collation::compare(&a.0, &b.0)));
            &[]
        }
        // Dates are in their order already.
        _ => &[],
    };
    if !order.is_empty() {
        counts.sort_by_key(|(value, count)| (Reverse(*count), order.iter().position(|name| name == value)));
    }
    counts.into_iter().map(|(value, count)| json!({"value": value, "count": count})).collect()
}
