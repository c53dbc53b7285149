//! The articles that a key may see at most.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::error::AccessError;
use crate::korean::Language;
use crate::query::request::Filters;

/// Conditions that hold for everything a key asks: one of the names of each field that is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FixedFilter {
    /// Outlets, under any of their names.
    #[serde(rename = "outlet", skip_serializing_if = "Vec::is_empty")]
    pub outlets: Vec<String>,
    /// Groups of outlets, as the lexicon has them.
    #[serde(rename = "outlet_group", skip_serializing_if = "Vec::is_empty")]
    pub outlet_groups: Vec<String>,
    /// Reporters.
    #[serde(rename = "reporter", skip_serializing_if = "Vec::is_empty")]
    pub reporters: Vec<String>,
    /// Sections.
    #[serde(rename = "section", skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<String>,
}

impl FixedFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, names)| names.is_empty())
    }

    /// Adds a condition, `outlet=가람일보`.
    ///
    /// # Errors
    /// [`AccessError::Invalid`] for another field, or no value.
    pub fn add(&mut self, condition: &str) -> Result<(), AccessError> {
        let (field, value) = condition.split_once('=').unwrap_or((condition, ""));
        let value = value.trim();
        let values = match field.trim() {
            "outlet" => &mut self.outlets,
            "outlet_group" => &mut self.outlet_groups,
            "reporter" => &mut self.reporters,
            "section" => &mut self.sections,
            _ => {
                let wanted = "write outlet=NAME, outlet_group=NAME, reporter=NAME or section=NAME";
                return Err(AccessError::Invalid(format!("a filter cannot be {condition:?}; {wanted}")));
            }
        };
        if value.is_empty() {
            return Err(AccessError::Invalid(format!("the filter {condition:?} names nothing")));
        }
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
        Ok(())
    }

    /// The conditions as an archive knows them: `language` has other names of the outlets, and the outlets of the groups. A group that
    /// the lexicon does not know has no outlets: then nothing is shown.
    pub fn conditions(&self, language: &Language) -> Filters {
        let outlets = self.outlets.iter().flat_map(|name| language.outlets().stored_names(name));
        let members = |group: &String| language.outlet_groups().members(group).unwrap_or_default();
        Filters {
            outlets: outlets.collect(),
            outlet_groups: (!self.outlet_groups.is_empty())
                .then(|| self.outlet_groups.iter().flat_map(members).collect()),
            reporters: self.reporters.clone(),
            sections: self.sections.clone(),
            ..Filters::default()
        }
    }

    /// Each field that can be limited, with the names that are let through.
    fn fields(&self) -> [(&'static str, &[String]); 4] {
        [
            ("outlet", &self.outlets),
            ("outlet_group", &self.outlet_groups),
            ("reporter", &self.reporters),
            ("section", &self.sections),
        ]
    }
}

impl FromStr for FixedFilter {
    type Err = AccessError;

    fn from_str(condition: &str) -> Result<Self, AccessError> {
        let mut filter = Self::default();
        filter.add(condition)?;
        Ok(filter)
    }
}

impl fmt::Display for FixedFilter {
    /// `outlet=가람일보, outlet=새벽신문`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.fields();
        let conditions = fields.iter().flat_map(|(field, names)| names.iter().map(move |name| (field, name)));
        for (number, (field, name)) in conditions.enumerate() {
            write!(f, "{}{field}={name}", if number == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
