//! Gathers what the brackets of an archive put side by side, and says what most of them agree on.

use rustc_hash::{FxHashMap, FxHashSet};

use super::agreement::{Agreed, End, Heard, agreed};
use super::bracket::brackets;
use super::candidate::{Reason, candidates, is_latin, name_of, pieces, suffixes};
use crate::korean::fold::{Script, fold, script};

/// Fewest stories that put two names side by side. Reprints of one story are one.
const FEWEST_STORIES: u64 = 3;
/// Fewest outlets that do.
const FEWEST_OUTLETS: u64 = 2;
/// Articles that are named as examples of a pair.
const EXAMPLES: usize = 3;

/// What one article puts side by side.
#[derive(Debug, Default)]
pub struct Reading {
    said: Vec<Said>,
    /// Hashes of the folded names that stand before a bracket or in one.
    touched: Vec<u64>,
}

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Clone)]
struct Said {
    short: Box<str>,
    long: Box<str>,
    open: bool,
    reason: Reason,
}

impl Reading {
    /// Whether it has nothing to say.
    pub fn is_empty(&self) -> bool {
        self.touched.is_empty()
    }

    /// Reads one article.
    pub fn of(title: &str, body: &str) -> Self {
        let mut said = FxHashSet::default();
        let mut touched = FxHashSet::default();
        for bracket in brackets(title).chain(brackets(body)) {
            let Some(inside) = name_of(bracket.inside).filter(|inside| is_name(inside)) else { continue };
            for before in suffixes(bracket.before) {
                touched.insert(hash(&fold(before)));
            }
            touched.insert(hash(&fold(inside)));
            for piece in pieces(inside) {
                touched.insert(hash(&fold(piece)));
            }
            for candidate in candidates(bracket) {
                said.insert(Said {
                    short: candidate.short.into(),
                    long: candidate.long.into(),
                    open: candidate.open,
                    reason: candidate.reason,
                });
            }
        }
        Self { said: said.into_iter().collect(), touched: touched.into_iter().collect() }
    }
}

/// Whether `inside` may be a name: neither digits nor hanja alone.
fn is_name(inside: &str) -> bool {
    is_latin(inside)
        || !inside.chars().any(|ch| ch.is_ascii_digit() || ch == '%' || script(ch) == Script::Hanja)
}

fn hash(text: &str) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

struct ReadArticle {
    id: Box<str>,
    outlet: u64,
    /// The number of the record, by which a later one with the same id is told apart.
    number: u64,
    there: bool,
}

/// What all articles put side by side.
#[derive(Default)]
pub struct Collector {
    articles: Vec<ReadArticle>,
    said: FxHashMap<Said, Vec<u32>>,
    touched: FxHashMap<u64, u32>,
}

/// Two names that enough articles put side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The short form.
    pub short: Box<str>,
    /// What speaks for the pair.
    pub reason: Reason,
    /// The long forms that may be meant, each the end of the next.
    pub places: Vec<Place>,
}

/// A long form, and what articles say for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// As it is written most often.
    pub long: Box<str>,
    /// Stories that put it beside the short form; reprints of one story count once.
    pub stories: u64,
    /// Articles that do.
    pub articles: u64,
    /// Outlets that do.
    pub outlets: u64,
    /// Records that do, replaced ones included, as the next three count.
    pub readings: u64,
    /// Records that put it, or something that holds it, beside the short form.
    pub alike: u64,
    /// Records with the short form before or in a bracket.
    pub short_bracketed: u64,
    /// Records with the long form before or in a bracket.
    pub long_bracketed: u64,
    /// Ids of the first articles.
    pub examples: Vec<Box<str>>,
}

impl Collector {
    /// Adds what the record `number` put side by side, that of the article `id`.
    pub fn add(&mut self, reading: Reading, id: &str, outlet: Option<&str>, number: u64) {
        for key in reading.touched {
            *self.touched.entry(key).or_default() += 1;
        }
        if reading.said.is_empty() {
            return;
        }
        let article = self.articles.len() as u32;
        self.articles.push(ReadArticle {
            id: id.into(),
            outlet: hash(outlet.unwrap_or_default()),
            number,
            there: true,
        });
        for said in reading.said {
            self.said.entry(said).or_default().push(article);
        }
    }

    /// Leaves out the articles that a later record replaced or removed: `is_there` tells by id and number.
    pub fn retain(&mut self, is_there: impl Fn(&str, u64) -> bool) {
        for article in &mut self.articles {
            article.there = is_there(&article.id, article.number);
        }
    }

    /// The pairs that enough articles agree on, in the order of their short forms. `story_of` gives the story that an article tells, by its id: the same
    /// for reprints.
    pub fn finish(self, story_of: impl Fn(&str) -> u64) -> Vec<Proposed> {
        let stories: Vec<u64> = self.articles.iter().map(|article| story_of(&article.id)).collect();
        let mut by_short: FxHashMap<String, Vec<(Said, Vec<u32>)>> = FxHashMap::default();
        for (said, articles) in self.said {
            by_short.entry(fold(&said.short)).or_default().push((said, articles));
        }
        let bracketed =
            |text: &str| u64::from(self.touched.get(&hash(&fold(text))).copied().unwrap_or_default());
        let place = |short: &str, end: End| {
            let there = end.articles.iter().filter_map(|at| {
                let article = self.articles.get(*at as usize).filter(|article| article.there)?;
                Some((article, stories.get(*at as usize)?))
            });
            let there: Vec<(&ReadArticle, &u64)> = there.collect();
            let told: FxHashSet<u64> = there.iter().map(|(_, story)| **story).collect();
            let outlets: FxHashSet<u64> = there.iter().map(|(article, _)| article.outlet).collect();
            let mut ids: Vec<Box<str>> = there.iter().map(|(article, _)| article.id.clone()).collect();
            ids.sort_unstable();
            let place = Place {
                short_bracketed: bracketed(short),
                long_bracketed: bracketed(&end.long),
                long: end.long,
                stories: told.len() as u64,
                articles: ids.len() as u64,
                outlets: outlets.len() as u64,
                readings: end.articles.len() as u64,
                alike: end.alike.len() as u64,
                examples: ids.into_iter().take(EXAMPLES).collect(),
            };
            (place.stories >= FEWEST_STORIES && place.outlets >= FEWEST_OUTLETS).then_some(place)
        };
        let mut found = Vec::new();
        for heard in by_short.values_mut() {
            heard.sort_unstable();
            let heard: Vec<Heard<'_>> = heard
                .iter()
                .map(|(said, articles)| Heard {
                    short: &said.short,
                    long: &said.long,
                    open: said.open,
                    reason: said.reason,
                    articles,
                })
                .collect();
            for Agreed { short, reason, ends } in agreed(&heard) {
                let places: Vec<Place> = ends.into_iter().filter_map(|end| place(&short, end)).collect();
                if !places.is_empty() {
                    found.push(Proposed { short, reason, places });
                }
            }
        }
        let order = |proposed: &Proposed| {
            (proposed.short.clone(), proposed.places.first().map(|place| place.long.clone()))
        };
        found.sort_by_cached_key(order);
        found
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// What articles teach: outlet, story and text of each.
    fn proposed(articles: &[(&str, u64, &str)]) -> Vec<Proposed> {
        let mut gathered = Collector::default();
        for (number, (outlet, _, text)) in (0..).zip(articles) {
            gathered.add(Reading::of("", text), &number.to_string(), Some(outlet), number);
        }
        gathered.finish(|id| articles[id.parse::<usize>().unwrap()].1)
    }

    fn longs(proposed: &[Proposed]) -> Vec<Vec<&str>> {
        proposed.iter().map(|one| one.places.iter().map(|place| &*place.long).collect()).collect()
    }

    #[test]
    fn many_sentences_agree_on_where_a_name_begins() {
        let found = proposed(&[
            ("가람일보", 1, "이날 한내수자원공단(HNW)은"),
            ("너울경제", 2, "정부와 한내수자원공단(HNW)이"),
            ("다솜방송", 3, "사장은 한내수자원공단(HNW) 노조와"),
        ]);
        assert_eq!(longs(&found), [["한내수자원공단"]]);
        let place = &found[0].places[0];
        assert_eq!((place.stories, place.articles, place.outlets), (3, 3, 2 + 1));
        assert_eq!(place.examples, ["0".into(), "1".into(), "2".into()]);
    }

    #[test]
    fn words_that_all_of_them_have_may_belong_to_it() {
        let found = proposed(&[
            ("가람일보", 1, "시험한 지대공 유도무기(L-SAN)를"),
            ("너울경제", 2, "개발된 지대공 유도무기(L-SAN)와"),
            ("다솜방송", 3, "새 지대공 유도무기(L-SAN)"),
        ]);
        assert_eq!(longs(&found), [["유도무기", "지대공 유도무기"]], "{found:?}");
    }

    #[test]
    fn neither_people_nor_numbers_nor_words_of_the_sentence_begin_a_name() {
        let found = proposed(&[
            ("가람일보", 1, "위해 이해솔 글로벌투자책임자(GIO)"),
            ("너울경제", 2, "위해 이해솔 글로벌투자책임자(GIO)"),
            ("다솜방송", 3, "위해 이해솔 글로벌투자책임자(GIO)"),
            ("가람일보", 4, "2026 세계배구연맹(WVF) 대회에"),
            ("너울경제", 5, "2026 세계배구연맹(WVF) 대회를"),
            ("다솜방송", 6, "2026 세계배구연맹(WVF)"),
        ]);
        assert_eq!(longs(&found), [["글로벌투자책임자"], ["세계배구연맹"]]);
    }

    #[test]
    fn reprints_of_one_story_and_one_outlet_alone_prove_nothing() {
        let text = "한내수자원공단(HNW)은";
        assert_eq!(proposed(&[("가", 1, text), ("나", 1, text), ("다", 1, text), ("라", 2, text)]), []);
        assert_eq!(proposed(&[("가", 1, text), ("가", 2, text), ("가", 3, text)]), []);
        assert_eq!(proposed(&[("가", 1, text), ("나", 2, text), ("가", 3, text)]).len(), 1);
    }

    #[test]
    fn replaced_and_removed_articles_prove_nothing() {
        let mut gathered = Collector::default();
        for number in 0..3 {
            gathered.add(
                Reading::of("", "한내공단(HNW)"),
                "가나다",
                Some(["가", "나", "다"][number]),
                number as u64,
            );
        }
        gathered.retain(|_, number| number == 2);
        assert_eq!(gathered.finish(|_| 0), []);
    }

    #[test]
    fn brackets_that_hold_something_else_count_against_a_pair() {
        let found = proposed(&[
            ("가", 1, "한내공단(HNW)"),
            ("나", 2, "한내공단(HNW)"),
            ("다", 3, "한내공단(HNW)"),
            ("라", 4, "한내공단(서울)"),
            ("라", 5, "하늘누리(HNW)"),
        ]);
        let place = &found[0].places[0];
        assert_eq!((place.readings, place.short_bracketed, place.long_bracketed), (3, 4, 4));
    }
}
