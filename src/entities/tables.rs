//! The tables in `data/entities/`, read once: names that no rule can find, and words that tell what stands beside them.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::entity::EntityKind;

const PLACES: &str = include_str!("../../data/entities/places.txt");
const ORGANISATIONS: &str = include_str!("../../data/entities/organisations.txt");
const PERSONS: &str = include_str!("../../data/entities/persons.txt");
const TITLES: &str = include_str!("../../data/entities/titles.txt");
const NOT_NAMES: &str = include_str!("../../data/entities/not-names.txt");
const ENDINGS: &str = include_str!("../../data/entities/endings.txt");
const GIVEN_NAMES: &str = include_str!("../../data/entities/given-names.txt");
const COMMON_WORDS: &str = include_str!("../../data/entities/common-words.txt");

/// What a word of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) kind: EntityKind,
    /// A body without a name of its own, such as 정부: no entity, and nothing else may be made of it.
    pub(super) nameless: bool,
}

/// All tables.
pub(super) struct Tables {
    /// Names by their text without blanks.
    names: FxHashMap<&'static str, Known>,
    /// What a name is written as, where it is not written as it is looked up: with blanks.
    written: FxHashMap<String, &'static str>,
    /// The first words of names that are written with blanks.
    first_words: Words,
    /// The most characters of a name.
    longest: usize,
    /// Titles that stand after a name.
    titles_after: Words,
    /// Words that stand before a name.
    titles_before: Words,
    longest_title: usize,
    not_names: Words,
    doubtful_places: Words,
    doubtful_persons: Words,
    bands: Words,
    of_bands: Words,
    given_names: Words,
    /// Endings of institutions and of places, and whether each needs a name before it.
    institutions: FxHashMap<&'static str, bool>,
    places: FxHashMap<&'static str, bool>,
    after_any_word: Words,
    no_name_before: Words,
    areas: Words,
    loanwords: Words,
    loanword_ends: Words,
    not_districts: Words,
    common_latin: Words,
    nameless: Words,
    of_every_article: Words,
}

type Words = FxHashSet<&'static str>;

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

/// The tables of this program.
pub(super) fn tables() -> &'static Tables {
    &TABLES
}

/// The words of a table: separated by white space, `_` for a blank inside of one, `#` begins a comment.
fn entries(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().map(|line| line.split('#').next().unwrap_or_default()).flat_map(str::split_whitespace)
}

/// The words under a head such as `[before]`, which stands in a line of its own.
fn section(table: &'static str, head: &str) -> impl Iterator<Item = &'static str> {
    let text = table.split_once(&format!("\n{head}\n")).map_or("", |(_, rest)| rest);
    entries(text.split("\n[").next().unwrap_or_default())
}

/// The endings under two heads: those that stand for themselves, and those that need a name before them.
fn endings(alone: &str, of_a_name: &str) -> FxHashMap<&'static str, bool> {
    let alone = section(ENDINGS, alone).map(|ending| (ending, false));
    alone.chain(section(ENDINGS, of_a_name).map(|ending| (ending, true))).collect()
}

/// Whether `word` ends with one of `ends`.
fn ends_with_any(word: &str, ends: &Words) -> bool {
    word.char_indices().any(|(at, _)| word.get(at..).is_some_and(|end| ends.contains(end)))
}

impl Tables {
    fn read() -> Self {
        let mut tables = Self {
            names: FxHashMap::default(),
            written: FxHashMap::default(),
            first_words: Words::default(),
            longest: 0,
            titles_after: section(TITLES, "[after]").collect(),
            titles_before: section(TITLES, "[before]").collect(),
            longest_title: 0,
            doubtful_places: section(PLACES, "[doubtful]").collect(),
            doubtful_persons: section(PERSONS, "[doubtful]").collect(),
            bands: section(PERSONS, "[bands]").collect(),
            of_bands: section(PERSONS, "[of bands]").collect(),
            institutions: endings("[institutions]", "[of a name]"),
            places: endings("[places]", "[of a place]"),
            after_any_word: section(ENDINGS, "[after any word]").collect(),
            no_name_before: section(ENDINGS, "[no name before]").collect(),
            areas: section(ENDINGS, "[areas]").collect(),
            loanwords: section(ENDINGS, "[loanwords]").collect(),
            loanword_ends: section(ENDINGS, "[loanword ends]").collect(),
            not_districts: section(ENDINGS, "[not districts]").collect(),
            common_latin: section(ENDINGS, "[common latin]").collect(),
            nameless: section(ENDINGS, "[nameless]").collect(),
            of_every_article: section(COMMON_WORDS, "[words]").collect(),
            not_names: entries(NOT_NAMES).collect(),
            given_names: entries(GIVEN_NAMES).collect(),
        };
        tables.longest_title =
            tables.titles_after.iter().map(|title| title.chars().count()).max().unwrap_or(0);
        for (kind, table) in [
            (EntityKind::Place, section(PLACES, "[places]")),
            (EntityKind::Organisation, section(ORGANISATIONS, "[organisations]")),
            (EntityKind::Person, section(PERSONS, "[persons]")),
        ] {
            for name in table {
                tables.add(name, Known { kind, nameless: false });
            }
        }
        for name in section(ORGANISATIONS, "[nameless]") {
            tables.add(name, Known { kind: EntityKind::Organisation, nameless: true });
        }
        tables
    }

    fn add(&mut self, name: &'static str, known: Known) {
        if name.contains('_') {
            let joined: String = name.split('_').collect();
            self.longest = self.longest.max(joined.chars().count());
            self.written.insert(joined.to_lowercase(), name);
            self.first_words.extend(name.split('_').next());
        } else {
            self.longest = self.longest.max(name.chars().count());
        }
        self.names.entry(name).or_insert(known);
    }

    /// What `name` is, written without blanks.
    pub(super) fn name(&self, name: &str) -> Option<Known> {
        self.names.get(name).copied()
    }

    /// What `joined` is, words of the text without the blanks between them, where a table writes it with blanks.
    pub(super) fn with_blanks(&self, joined: &str) -> Option<Known> {
        self.written.get(joined).and_then(|name| self.names.get(name)).copied()
    }

    /// Whether a table has `name`, written with or without blanks.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
            || (name.contains(' ') && self.names.contains_key(name.replace(' ', "_").as_str()))
    }

    /// Whether a name that is written with blanks begins with the word `word`.
    pub(super) fn begins_name(&self, word: &str) -> bool {
        self.first_words.contains(word)
    }

    /// The most characters of a name.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Whether `word` is a title that stands after a name: 장관.
    pub(super) fn is_title(&self, word: &str) -> bool {
        self.titles_after.contains(word)
    }

    /// The most characters of a title.
    pub(super) fn longest_title(&self) -> usize {
        self.longest_title
    }

    /// Whether `word` stands before names: 배우.
    pub(super) fn is_before_names(&self, word: &str) -> bool {
        self.titles_before.contains(word)
    }

    /// Whether `word` is a place as well as a common word: 공주, 예산.
    pub(super) fn is_doubtful_place(&self, word: &str) -> bool {
        self.doubtful_places.contains(word)
    }

    /// Whether `word` is a person as well as a common word: 조국.
    pub(super) fn is_doubtful_person(&self, word: &str) -> bool {
        self.doubtful_persons.contains(word)
    }

    /// Whether `word` is a band whose members are named right after it.
    pub(super) fn is_band(&self, word: &str) -> bool {
        self.bands.contains(word)
    }

    /// Whether `word` is the name on stage of a member of a band, and a common word as well: 지수, 가을.
    pub(super) fn is_of_band(&self, word: &str) -> bool {
        self.of_bands.contains(word)
    }

    /// Whether `word` looks like a name and is none: 이번, 정부.
    pub(super) fn is_not_a_name(&self, word: &str) -> bool {
        self.not_names.contains(word)
    }

    /// Whether `word` is a given name of other languages in hangul: 그렉.
    pub(super) fn is_given_name(&self, word: &str) -> bool {
        self.given_names.contains(word)
    }

    /// Whether `ending` makes a name of an institution; and if so, whether only after another name.
    pub(super) fn institution(&self, ending: &str) -> Option<bool> {
        self.institutions.get(ending).copied()
    }

    /// Whether `ending` makes a name of an institution after `front`, a common word.
    pub(super) fn institution_after(&self, front: &str, ending: &str) -> bool {
        self.after_any_word.contains(ending) && !ends_with_any(front, &self.no_name_before)
    }

    /// Whether `ending` makes a name of a place; and if so, whether only after another name.
    pub(super) fn place(&self, ending: &str) -> Option<bool> {
        self.places.get(ending).copied()
    }

    /// Whether a place with `word` after it is that place still: 지역.
    pub(super) fn is_area(&self, word: &str) -> bool {
        self.areas.contains(word)
    }

    /// Whether `word` is a loanword, or ends as companies and works do, and so is no part of a foreign name.
    pub(super) fn is_loanword(&self, word: &str) -> bool {
        self.loanwords.contains(word) || ends_with_any(word, &self.loanword_ends)
    }

    /// Whether `word` ends like a district and is none: 관리.
    pub(super) fn is_no_district(&self, word: &str) -> bool {
        ends_with_any(word, &self.not_districts)
    }

    /// Whether `word` is in Latin letters and names nothing: AI.
    pub(super) fn is_common_latin(&self, word: &str) -> bool {
        self.common_latin.contains(word)
    }

    /// Whether `word` is a noun of every article.
    pub(super) fn is_of_every_article(&self, word: &str) -> bool {
        self.of_every_article.contains(word)
    }

    /// Whether `word` ends like a name and has none: 물류센터.
    pub(super) fn is_nameless(&self, word: &str) -> bool {
        let ends = ["의약품", "유가증권", "데이터센터", "물류센터", "콜센터"];
        self.nameless.contains(word) || ends.iter().any(|end| word.ends_with(end))
    }

    /// Whether `word` ends as names of institutions do, after another name or not.
    pub(super) fn ends_as_institution(&self, word: &str) -> bool {
        let mut ends = word.char_indices().skip(1).filter_map(|(at, _)| word.get(at..));
        ends.any(|end| end.chars().nth(1).is_some() && self.institutions.contains_key(end))
    }

    /// Whether a place stands in front of `word`: `한국공예·디자인진흥원` is one body.
    pub(super) fn begins_with_place(&self, word: &str) -> bool {
        let mut fronts = word.char_indices().skip(2).filter_map(|(end, _)| word.get(..end));
        fronts.any(|front| self.name(front).is_some_and(|known| known.kind == EntityKind::Place))
    }
}
