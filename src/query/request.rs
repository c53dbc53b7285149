//! The parts of a request that an archive sees: conditions, how many words must match, the order, what is counted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::article::{Article, Timestamp};
use crate::entities::EntityKind;

/// Exact conditions: OR within a field, AND between fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filters {
    /// Outlet names (canonical).
    pub outlets: Vec<String>,
    /// The outlets of the groups asked for, of which one must be the article's; `None` where no group is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlet_groups: Option<Vec<String>>,
    /// Only articles without an outlet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_outlet: bool,
    /// Only articles without a date.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_date: bool,
    /// Reporter names.
    pub reporters: Vec<String>,
    /// Section names.
    pub sections: Vec<String>,
    /// Persons that the text names, as the column writes them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
    /// Places that the text names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Organisations that the text names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organisations: Vec<String>,
    /// First second of publication that counts. An article without a date meets no condition on time.
    pub from: Option<Timestamp>,
    /// Last second of publication that counts.
    pub to: Option<Timestamp>,
}

impl Filters {
    /// The names wanted of one kind; none of words, which are no field of a search.
    pub fn entities(&self, kind: EntityKind) -> &[String] {
        match kind {
            EntityKind::Person => &self.persons,
            EntityKind::Place => &self.places,
            EntityKind::Organisation => &self.organisations,
            EntityKind::Word => &[],
        }
    }

    /// Whether there is a condition on time.
    pub fn has_period(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// The same without conditions on time.
    #[must_use]
    pub fn whenever(&self) -> Self {
        Self { from: None, to: None, ..self.clone() }
    }

    /// Whether an article meets all conditions on what it is. Those on persons, places and organisations are not looked at: only the
    /// index knows what a text names, and no key is limited to them.
    pub fn admit(&self, article: &Article) -> bool {
        let one_of = |wanted: &[String], names: &[String]| {
            wanted.is_empty() || names.iter().any(|name| wanted.contains(name))
        };
        let in_time = match article.published_at {
            None => self.from.is_none() && self.to.is_none(),
            Some(at) => self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to),
        };
        let outlet = article.outlet.as_deref();
        let in_groups = self
            .outlet_groups
            .as_ref()
            .is_none_or(|members| outlet.is_some_and(|outlet| members.iter().any(|member| member == outlet)));
        in_time
            && in_groups
            && !(self.no_outlet && outlet.is_some())
            && !(self.no_date && article.published_at.is_some())
            && one_of(&self.outlets, article.outlet.as_slice())
            && one_of(&self.reporters, &article.reporters)
            && one_of(&self.sections, article.section.as_slice())
    }
}

/// How many words of a query an article must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchMode {
    /// Every word.
    All,
    /// At least one.
    Any,
    /// Every word of a short query, most of a long one; fewer when nothing matches.
    #[default]
    Auto,
}

/// How many of the words must match, decided for one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strictness {
    /// All of them.
    All,
    /// Most of them.
    Most,
    /// One of them.
    Any,
    /// A weighty part of them and not all: what comes near what was asked for, and is not an answer to it. Where near-identical
    /// articles are one hit, none of whose group one holds all.
    Part,
}

impl Strictness {
    /// Name in explanations.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Most => "most",
            Self::Any => "any",
            Self::Part => "part",
        }
    }
}

/// Which article of a group of near-identical ones is the hit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Representative {
    /// The first published; articles without a date last, ties by id.
    #[default]
    First,
    /// The last published.
    Newest,
    /// The one with the highest score, before nearness of words is looked at; ties and searches without words: the first
    /// published.
    Best,
}

/// Order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best match first.
    Relevance,
    /// Last published first; articles without a date at the end.
    Newest,
    /// First published first; articles without a date at the end.
    Oldest,
}

/// Fields that can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FacetField {
    /// Outlet names.
    Outlet,
    /// Groups of outlets, as the lexicon `outlet-groups.txt` has them; an outlet is in one at most.
    OutletGroup,
    /// Reporter names; an article counts for each of its reporters.
    Reporter,
    /// Section names.
    Section,
    /// Persons that the text names, each once for an article.
    Person,
    /// Places that the text names.
    Place,
    /// Organisations that the text names.
    Organisation,
    /// Days in Korean time, `2023-06-09`.
    Day,
    /// Months in Korean time, `2023-06`.
    Month,
    /// Years in Korean time, `2023`.
    Year,
}

impl FacetField {
    /// All fields, in the order of documentation.
    pub const ALL: [Self; 10] = [
        Self::Outlet,
        Self::OutletGroup,
        Self::Reporter,
        Self::Section,
        Self::Person,
        Self::Place,
        Self::Organisation,
        Self::Day,
        Self::Month,
        Self::Year,
    ];

    /// The field's name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outlet => "outlet",
            Self::OutletGroup => "outlet_group",
            Self::Reporter => "reporter",
            Self::Section => "section",
            Self::Person => "person",
            Self::Place => "place",
            Self::Organisation => "organisation",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// What it counts of what texts name; `None` for what an article is.
    pub fn entity_kind(self) -> Option<EntityKind> {
        match self {
            Self::Person => Some(EntityKind::Person),
            Self::Place => Some(EntityKind::Place),
            Self::Organisation => Some(EntityKind::Organisation),
            _ => None,
        }
    }

    /// The field of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Whether its values are times: those are listed by time, names by how often they occur.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Day | Self::Month | Self::Year)
    }
}
