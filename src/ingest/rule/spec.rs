//! A rule as it is written, and its checks.

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::super::names::{self, Field};
use super::{Columns, FieldPath, IngestRule};

/// Why a rule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", if key.is_empty() { String::new() } else { format!("{key}: ") })]
pub struct RuleError {
    /// The key of the rule; empty where it cannot be read at all.
    pub key: String,
    /// The problem, and what to write instead.
    pub reason: String,
}

impl RuleError {
    pub(super) fn new(key: &str, reason: impl Into<String>) -> Self {
        Self { key: key.to_owned(), reason: reason.into() }
    }
}

/// One text, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Several; the first that holds something counts.
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl OneOrMore {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::More(texts) => texts,
        }
    }

    fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

/// A rule as it is written in TOML. All keys may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleSpec {
    /// Which files it is for: a pattern of paths relative to the articles folder. `*` stays within a folder, `**` does not.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub files: String,
    /// Where the list of articles is in a JSON file: `return_object.documents`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub records: String,
    /// The names of a table's columns in order; `-` for one that is left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Whether the table has a line of names of its own, which `columns` replaces. Without `columns` it must have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// For a key the values whose records are passed over.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub skip: BTreeMap<String, OneOrMore>,
    /// The outlet of articles that name none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub outlet_default: String,
    /// The encoding of the text: `cp949`, `utf-16le`; by default it is found.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub encoding: String,
    /// The keys of the id.
    #[serde(skip_serializing_if = "OneOrMore::is_empty")]
    pub id: OneOrMore,
    /// The keys of the headline.
    #[serde(skip_serializing_if = "OneOrMore::is_empty")]
    pub title: OneOrMore,
    /// The keys of the story.
    #[serde(skip_serializing_if = "OneOrMore::is_empty")]
    pub body: OneOrMore,
    /// The keys of the outlet.
    #[serde(skip_serializing_if = "OneOrMore::is_empty")]
    pub outlet: OneOrMore,
    /// The keys of the reporters.
    #[serde(skip_serializing_if = "OneOrMore::is_empty")]
    pub reporters: OneOrMore,
    /// The keys of the section.
    #[serde(skip_serializing_if = "OneOrMore::is_empty")]
    pub section: OneOrMore,
    /// The keys of the date.
    #[serde(skip_serializing_if = "OneOrMore::is_empty")]
    pub published_at: OneOrMore,
    /// The keys of the address.
    #[serde(skip_serializing_if = "OneOrMore::is_empty")]
    pub url: OneOrMore,
}

impl RuleSpec {
    /// Whether it says nothing at all of the files.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { files: self.files.clone(), ..Self::default() }
    }

    /// Sets the keys of the field called `name`, as in `title`.
    ///
    /// # Errors
    /// [`RuleError`] with the names that there are.
    pub fn set_field(&mut self, name: &str, path: &str) -> Result<(), RuleError> {
        let Some(field) = Field::ALL.into_iter().find(|field| field.as_str() == name) else {
            let all = Field::ALL.map(Field::as_str).join(", ");
            return Err(RuleError::new(name, format!("is not a field of an article; these are {all}")));
        };
        let mut paths = self.paths(field).as_slice().to_vec();
        paths.push(path.to_owned());
        *self.paths_mut(field) = OneOrMore::More(paths);
        Ok(())
    }

    fn paths(&self, field: Field) -> &OneOrMore {
        match field {
            Field::Id => &self.id,
            Field::Title => &self.title,
            Field::Body => &self.body,
            Field::Outlet => &self.outlet,
            Field::Reporters => &self.reporters,
            Field::Section => &self.section,
            Field::PublishedAt => &self.published_at,
            Field::Url => &self.url,
        }
    }

    fn paths_mut(&mut self, field: Field) -> &mut OneOrMore {
        match field {
            Field::Id => &mut self.id,
            Field::Title => &mut self.title,
            Field::Body => &mut self.body,
            Field::Outlet => &mut self.outlet,
            Field::Reporters => &mut self.reporters,
            Field::Section => &mut self.section,
            Field::PublishedAt => &mut self.published_at,
            Field::Url => &mut self.url,
        }
    }

    /// Checks it.
    ///
    /// # Errors
    /// [`RuleError`] names the key, and says what to write.
    pub fn resolve(&self) -> Result<IngestRule, RuleError> {
        if self.is_empty() {
            return Err(RuleError::new(
                "",
                "the rule says nothing of its files; write for example title = \"headline\"",
            ));
        }
        let path =
            |key: &str, text: &str| FieldPath::parse(text).map_err(|reason| RuleError::new(key, reason));
        let mut fields = Vec::new();
        for field in Field::ALL {
            let paths = self.paths(field).as_slice();
            let paths: Vec<_> =
                paths.iter().map(|text| path(field.as_str(), text)).collect::<Result<_, _>>()?;
            if !paths.is_empty() {
                fields.push((field, paths));
            }
        }
        let records = (!self.records.is_empty()).then(|| path("records", &self.records)).transpose()?;
        if records.as_ref().is_some_and(|records| !records.is_single()) {
            return Err(RuleError::new("records", "must name one list; write its key without [n:]"));
        }
        let skip = self.skip.iter().map(|(key, values)| {
            let values: Vec<String> = values.as_slice().iter().map(|value| value.trim().to_owned()).collect();
            if values.is_empty() {
                return Err(RuleError::new(
                    "skip",
                    format!("{key:?} has no values; write the ones that are passed over"),
                ));
            }
            Ok((path("skip", key)?, values))
        });
        Ok(IngestRule {
            records,
            columns: self.table()?,
            skip: skip.collect::<Result<_, _>>()?,
            outlet_default: Some(self.outlet_default.trim().to_owned()).filter(|name| !name.is_empty()),
            encoding: self.encoding()?,
            fields,
            written: self.clone(),
        })
    }

    fn table(&self) -> Result<Option<Columns>, RuleError> {
        if self.columns.is_empty() {
            return match self.header {
                Some(false) => {
                    let reason = "a table without a line of names needs `columns`, the names in their order";
                    Err(RuleError::new("header", reason))
                }
                _ => Ok(None),
            };
        }
        let mut names: Vec<Option<String>> = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let name = Some(column.trim().to_owned()).filter(|name| !matches!(name.as_str(), "" | "-"));
            if name.is_some() && names.contains(&name) {
                return Err(RuleError::new("columns", format!("{column:?} is there twice")));
            }
            names.push(name);
        }
        let is_text = |field| matches!(field, Field::Title | Field::Body);
        let by_name = |name: &String| names::field_of(name).is_some_and(is_text);
        let by_rule = !self.title.is_empty() || !self.body.is_empty();
        if !by_rule && !names.iter().flatten().any(by_name) {
            let reason = "no column is a title or a story; call one of them \"title\" or \"body\", or say which it is with title = …";
            return Err(RuleError::new("columns", reason));
        }
        Ok(Some(Columns { names, header: self.header.unwrap_or(false) }))
    }

    fn encoding(&self) -> Result<Option<&'static Encoding>, RuleError> {
        let label = self.encoding.trim().to_ascii_lowercase();
        let label = match label.as_str() {
            "" => return Ok(None),
            // What Korean programs call it, and the standard of the web does not.
            "cp949" | "ms949" | "uhc" | "949" => "euc-kr",
            other => other,
        };
        let known = Encoding::for_label_no_replacement(label.as_bytes());
        known.map(Some).ok_or_else(|| {
            let reason =
                format!("{:?} is not known; write utf-8, cp949, utf-16le or utf-16be", self.encoding);
            RuleError::new("encoding", reason)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_says_which_key_and_what_to_write() {
        for (text, key, word) in [
            ("", "", "says nothing"),
            ("header = false", "header", "needs `columns`"),
            ("columns = [\"date\", \"url\"]", "columns", "\"title\""),
            ("columns = [\"title\", \"title\"]", "columns", "twice"),
            ("title = \"a..b\"", "title", "not a path"),
            ("records = \"a[1:]\"", "records", "one list"),
            ("skip = { a = [] }", "skip", "values"),
            ("encoding = \"ebcdic\"", "encoding", "cp949"),
        ] {
            let error = toml::from_str::<RuleSpec>(text).unwrap().resolve().unwrap_err();
            assert_eq!(error.key, key, "{text}: {error}");
            assert!(error.to_string().contains(word), "{text}: {error}");
        }
        assert!(toml::from_str::<RuleSpec>("titel = \"a\"").is_err());
    }

    #[test]
    fn what_is_written_can_be_read_again() {
        let mut spec = RuleSpec { encoding: "CP949".to_owned(), ..RuleSpec::default() };
        spec.set_field("title", "a.b").unwrap();
        spec.skip.insert("분석제외 여부".to_owned(), OneOrMore::More(vec!["중복".to_owned()]));
        let text = toml::to_string(&spec).unwrap();
        assert_eq!(toml::from_str::<RuleSpec>(&text).unwrap(), spec, "{text}");
        assert_eq!(spec.resolve().unwrap().encoding, Some(encoding_rs::EUC_KR));
        assert!(spec.set_field("titel", "a").unwrap_err().to_string().contains("published_at"));
    }
}
