//! Searches made up at random, and what each must find.

use crate::contract::articles::{
    Item, Moment, OUTLET_GROUPS, OUTLETS, REPORTERS, SECTIONS, moment, word, written,
};
use crate::contract::chance::Chance;

/// A condition on texts, as it is typed and as it is true.
#[derive(Debug, Clone)]
enum Text {
    All(Vec<&'static str>),
    Any(Vec<&'static str>),
    Without(&'static str, &'static str),
    Phrase(&'static str, &'static str),
    EitherAnd(&'static str, &'static str, &'static str),
    NeitherNor(&'static str, &'static str, &'static str),
    Beginning(&'static str),
    Title(&'static str),
    Body(&'static str),
    Of(&'static str, &'static str, &'static str),
    Except(&'static str, &'static str),
    Within(&'static str, Moment, Moment),
    Grouped(&'static str, &'static str),
    Undated(&'static str),
    Nameless(&'static str),
}

impl Text {
    fn at_random(chance: &mut Chance) -> Self {
        let (a, b, c) = (word(chance), word(chance), word(chance));
        match chance.below(17) {
            0 => Self::All(Vec::new()),
            1 | 2 => Self::All(vec![a]),
            3 => Self::All(vec![a, b]),
            4 => Self::Any(vec![a, b, c]),
            5 => Self::Without(a, b),
            6 => Self::Phrase(a, b),
            7 => Self::EitherAnd(a, b, c),
            8 => Self::NeitherNor(a, b, c),
            9 => Self::Beginning(a),
            10 => Self::Title(a),
            11 => Self::Body(a),
            12 if chance.below(2) == 0 => Self::Of(a, chance.one(&OUTLETS), chance.one(&SECTIONS)),
            12 => Self::Except(a, chance.one(&REPORTERS)),
            14 => Self::Grouped(a, chance.one(&OUTLET_GROUPS).0),
            15 => Self::Undated(a),
            16 => Self::Nameless(a),
            _ => {
                let (one, other) = (moment(chance), moment(chance));
                let day = |(y, m, d, ..): Moment, (h, mi, s)| (y, m, d, h, mi, s);
                Self::Within(a, day(one.min(other), (0, 0, 0)), day(one.max(other), (23, 59, 59)))
            }
        }
    }

    fn query(&self) -> String {
        match self {
            Self::All(words) | Self::Any(words) => words.join(" "),
            Self::Without(a, b) => format!("{a} -{b}"),
            Self::Phrase(a, b) => format!("\"{a} {b}\""),
            Self::EitherAnd(a, b, c) => format!("({a} OR {b}) {c}"),
            Self::NeitherNor(a, b, c) => format!("{a} -({b} OR {c})"),
            Self::Beginning(a) => format!("{}*", begun(a)),
            Self::Title(a) => format!("제목:{a}"),
            Self::Body(a) => format!("본문:{a}"),
            Self::Of(a, outlet, section) => format!("{a} 언론사:\"{outlet}\" 섹션:{section}"),
            Self::Except(a, reporter) => format!("{a} -기자:\"{reporter}\""),
            Self::Grouped(a, group) => format!("{a} -언론사:@{group}"),
            Self::Undated(a) => format!("{a} 날짜:없음"),
            Self::Nameless(a) => format!("{a} 언론사:없음"),
            Self::Within(a, from, to) => {
                format!("{a} 날짜:{}..{}", &written(*from)[..10], &written(*to)[..10])
            }
        }
    }

    fn holds(&self, item: &Item) -> bool {
        match self {
            Self::All(words) => words.iter().all(|word| item.holds(word)),
            Self::Any(words) => words.iter().any(|word| item.holds(word)),
            Self::Without(a, b) => item.holds(a) && !item.holds(b),
            Self::Phrase(a, b) => item.holds(&format!("{a} {b}")),
            Self::EitherAnd(a, b, c) => (item.holds(a) || item.holds(b)) && item.holds(c),
            Self::NeitherNor(a, b, c) => item.holds(a) && !item.holds(b) && !item.holds(c),
            Self::Beginning(a) => item.holds(begun(a)),
            Self::Title(a) => item.title.contains(a),
            Self::Body(a) => item.body.contains(a),
            Self::Of(a, outlet, section) => {
                item.holds(a)
                    && item.outlet.as_deref() == Some(*outlet)
                    && item.section.as_deref() == Some(*section)
            }
            Self::Except(a, reporter) => item.holds(a) && !item.reporters.iter().any(|name| name == reporter),
            Self::Grouped(a, group) => {
                item.holds(a) && !item.values("outlet_group").iter().any(|of| of == group)
            }
            Self::Undated(a) => item.holds(a) && item.published.is_none(),
            Self::Nameless(a) => item.holds(a) && item.outlet.is_none(),
            Self::Within(a, from, to) => {
                item.holds(a) && item.published.is_some_and(|at| (*from..=*to).contains(&at))
            }
        }
    }
}

/// The first three syllables of a word.
fn begun(word: &str) -> &str {
    let end = word.char_indices().nth(3).map_or(word.len(), |(at, _)| at);
    &word[..end]
}

/// A whole search.
#[derive(Debug, Clone)]
pub struct Asked {
    text: Text,
    outlets: Vec<String>,
    reporters: Vec<String>,
    sections: Vec<String>,
    groups: Vec<String>,
    persons: Vec<String>,
    places: Vec<String>,
    from: Option<Moment>,
    to: Option<Moment>,
}

impl Asked {
    /// Half of them have filters.
    pub fn at_random(chance: &mut Chance) -> Self {
        let text = Text::at_random(chance);
        let filters = chance.below(2);
        let most_groups = filters * chance.below(2);
        let mut bound = |rarely: usize| (filters == 1 && chance.below(rarely) == 0).then(|| moment(chance));
        let (from, to) = match (bound(3), bound(3)) {
            (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
            open => open,
        };
        Self {
            text,
            outlets: chance.some(&OUTLETS, 2 * filters),
            reporters: chance.some(&REPORTERS, 2 * filters),
            sections: chance.some(&SECTIONS, filters),
            groups: chance.some(&OUTLET_GROUPS.map(|(group, _)| group), most_groups),
            persons: if chance.below(4) == 0 {
                chance.some(&["김하늘", "박민준", "없는이"], filters)
            } else {
                Vec::new()
            },
            places: if chance.below(4) == 0 {
                chance.some(&["부산", "서울"], 2 * filters)
            } else {
                Vec::new()
            },
            from,
            to,
        }
    }

    /// The parameters that choose articles.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("q", self.text.query())];
        match &self.text {
            Text::Any(_) => parameters.push(("match", "any".to_owned())),
            Text::All(words) if words.len() < 2 => {}
            _ => parameters.push(("match", "all".to_owned())),
        }
        for (name, values) in [
            ("outlet", &self.outlets),
            ("outlet_group", &self.groups),
            ("reporter", &self.reporters),
            ("section", &self.sections),
            ("person", &self.persons),
            ("place", &self.places),
        ] {
            parameters.extend(values.iter().map(|value| (name, value.clone())));
        }
        parameters.extend(self.from.map(|from| ("from", written(from))));
        parameters.extend(self.to.map(|to| ("to", written(to))));
        parameters
    }

    /// The articles that match, the filter on `except` left out.
    pub fn matching<'a>(&self, items: &'a [Item], except: Option<&str>) -> Vec<&'a Item> {
        let passes = |field: &str, wanted: &[String], item: &Item| {
            wanted.is_empty()
                || except == Some(field)
                || item.values(field).iter().any(|value| wanted.contains(value))
        };
        let in_time = |item: &Item| match (self.from, self.to) {
            (None, None) => true,
            (from, to) => item
                .published
                .is_some_and(|at| from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to)),
        };
        let all = items.iter().filter(|item| {
            self.text.holds(item)
                && passes("outlet", &self.outlets, item)
                && passes("outlet_group", &self.groups, item)
                && passes("reporter", &self.reporters, item)
                && passes("section", &self.sections, item)
                && passes("person", &self.persons, item)
                && passes("place", &self.places, item)
                && in_time(item)
        });
        all.collect()
    }

    /// The articles that pass the filters, whatever the query.
    pub fn passing<'a>(&self, items: &'a [Item]) -> Vec<&'a Item> {
        Self { text: Text::All(Vec::new()), ..self.clone() }.matching(items, None)
    }

    /// Whether it has a condition on time, beside the query or in it.
    pub fn has_period(&self) -> bool {
        self.has_period_beside() || matches!(self.text, Text::Within(..))
    }

    /// Whether it has a condition on time beside the query.
    pub fn has_period_beside(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// How many articles without a date pass the filters but those on time, and `holds`.
    pub fn undated_passing(&self, items: &[Item], holds: impl Fn(&Item) -> bool) -> usize {
        let whenever = Self { from: None, to: None, ..self.clone() };
        whenever.passing(items).iter().filter(|item| item.published.is_none() && holds(item)).count()
    }

    /// How many more articles would match if they had a date.
    pub fn undated(&self, items: &[Item]) -> usize {
        if !self.has_period() {
            return 0;
        }
        let text = match &self.text {
            Text::Within(a, ..) => Text::All(vec![a]),
            text => text.clone(),
        };
        let whenever = Self { text, from: None, to: None, ..self.clone() };
        whenever.matching(items, None).iter().filter(|item| item.published.is_none()).count()
    }

    /// Whether it has filters.
    pub fn is_filtered(&self) -> bool {
        !self.outlets.is_empty() || !self.reporters.is_empty() || !self.sections.is_empty()
    }
}
