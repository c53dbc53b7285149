//! What is found: entities and their mentions.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// The most entities of the kind [`EntityKind::Word`] that an article has.
pub const MOST_WORDS: usize = 40;
/// The most entities of each other kind that an article has: lists of deaths and appointments name sixty people.
pub const MOST_NAMES: usize = 512;

/// What an entity is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A human being with a name.
    Person,
    /// A country, a city, a mountain, a station.
    Place,
    /// A company, a ministry, a school, a team.
    Organisation,
    /// Any other telling noun.
    Word,
}

impl EntityKind {
    /// All kinds, in their order.
    pub const ALL: [Self; 4] = [Self::Person, Self::Place, Self::Organisation, Self::Word];

    /// Its name in the API: `person`, `place`, `organisation` or `word`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Place => "place",
            Self::Organisation => "organisation",
            Self::Word => "word",
        }
    }

    /// The most entities of this kind that an article has.
    pub fn most(self) -> usize {
        if self == Self::Word { MOST_WORDS } else { MOST_NAMES }
    }
}

/// A part of an article's text.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The headline.
    Title,
    /// The story.
    Body,
}

/// Somebody or something that an article names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// The name, always written the same way.
    pub name: String,
    /// How often the article names it, short forms included.
    pub count: u32,
    /// Whether the title names it.
    pub in_title: bool,
}

/// A place in an article at which an entity is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The index of the entity in [`Entities::entities`].
    pub entity: usize,
    /// The part of the article that `range` counts in.
    pub part: Part,
    /// Bytes in the stored title or body: the name without its title or particle; of a short form (`김 장관`) the whole.
    pub range: Range<usize>,
}

/// The entities of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entities {
    /// Each once: by kind, and in each kind the most telling first.
    pub entities: Vec<Entity>,
    /// Where persons, places and organisations are named, in the order of the text, and never two at one place.
    pub mentions: Vec<Mention>,
    /// How many persons, places and organisations the limits left out ([`EntityKind::most`]).
    pub cut: usize,
}

impl Entities {
    /// The entities of one kind, the most telling first.
    pub fn of_kind(&self, kind: EntityKind) -> impl Iterator<Item = &Entity> {
        self.entities.iter().filter(move |entity| entity.kind == kind)
    }

    /// The mentions in the body, in the order of the text.
    pub fn in_body(&self) -> &[Mention] {
        let first = self.mentions.partition_point(|mention| mention.part == Part::Title);
        self.mentions.get(first..).unwrap_or_default()
    }

    /// Whether the entity of this number is a human being with a name.
    pub fn is_person(&self, entity: usize) -> bool {
        self.entities.get(entity).is_some_and(|entity| entity.kind == EntityKind::Person)
    }
}
