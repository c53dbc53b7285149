//! Which articles are compared, and how groups are made from the results.
//!
//! Articles are numbered in the order of publication. Each is compared with earlier ones that share enough of its sketch
//! ([`Candidates`]), and joins the groups of those that are the same text; if there are none it leads a group of its own
//! ([`Groups`]). The groups must also resemble each other as a whole, on the mean of their members (average linkage): so a group
//! cannot drift from story to story, as mere chains of similar pairs do. Only the last step looks at what came before; the
//! others are for threads to share. The result depends on the articles alone, not on segments or threads.
//!
//! An article joins at a likelihood of .7 or more, and two groups are joined where the mean over pairs of their members (the first eight of
//! each) is .3 or more. Ties in the order of publication go by id; articles without a date come last.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::fingerprint::SKETCH;
use super::holders::{Holders, SHARED};

/// Tenths of the hashes that they could share at most. Where the texts are the same, half of the shorter is in the
/// longer, mostly far more: of 7,300 pairs that are the same by their texts 29 share less, of 1.2 million others that share
/// two hashes one in twenty shares as much.
const SHARED_TENTHS: usize = 3;

/// How likely readers must call the members of two groups the same, on the mean over their pairs, for the two to be one.
/// Lower than what leads from one text to another: versions of a story differ more from each other than from what is
/// between them.
pub(crate) const TOGETHER: f32 = 0.3;

/// Members of a group that represent all, the first published: of a story that is printed a thousand times, not all are
/// compared with all.
pub(crate) const LOOKED_AT: usize = 8;

/// Articles that one is compared with at most, those with most in common first.
const COMPARED: usize = 24;

/// The sketches of all articles, and the days of publication.
#[derive(Debug, Default)]
pub struct Sketches {
    days: Vec<Option<i64>>,
    hashes: Vec<u32>,
    /// Where the hashes of each article end.
    ends: Vec<usize>,
}

impl Sketches {
    /// Adds the next article: the day of publication, counted from any, and its sketch, ascending.
    pub fn push(&mut self, day: Option<i64>, sketch: impl IntoIterator<Item = u32>) {
        self.days.push(day);
        self.hashes.extend(sketch);
        self.ends.push(self.hashes.len());
    }

    /// The sketch of an article; empty for one that there is not.
    pub fn get(&self, article: u32) -> &[u32] {
        let article = article as usize;
        let start = article.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(article).and_then(|end| self.hashes.get(start..*end)).unwrap_or(&[])
    }
}

/// An earlier article that may be the same text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Which one.
    pub article: u32,
    /// Whether at least half of what both have in common recurs, and they are not of the same two days: then it is the
    /// pattern, and the rest is the news.
    pub pattern: bool,
}

/// How many hashes an article shares with each other one: a table that a thread uses again and again.
#[derive(Debug, Default)]
pub struct Counts {
    /// Of each article: hashes in common, and those of them that recur. All zero between two uses.
    shared: Vec<(u8, u8)>,
    /// Articles that have any.
    seen: Vec<u32>,
}

/// Finds what to compare an article with.
#[derive(Debug)]
pub struct Candidates {
    sketches: Sketches,
    holders: Holders,
    /// Hashes that recur, where that is known of more articles than these.
    recurring: Option<FxHashSet<u32>>,
}

impl Candidates {
    /// Inverts `sketches`. Takes eight bytes a hash while it runs, a fraction of it afterwards: most hashes occur once.
    pub fn new(sketches: Sketches) -> Self {
        let holders = holders_of(&sketches, |_| true);
        Self { sketches, holders, recurring: None }
    }

    /// The same where candidates are wanted of the articles from number `first` on alone, and the sketches of what cannot be one were left
    /// out: which hashes recur is known of `all` articles.
    pub fn of_later(sketches: Sketches, first: usize, all: &Holders) -> Self {
        let later = (first as u32..sketches.ends.len() as u32).flat_map(|article| sketches.get(article));
        let wanted: FxHashSet<u32> = later.copied().collect();
        let holders = holders_of(&sketches, |hash| wanted.contains(&hash));
        let recurring = wanted.into_iter().filter(|hash| all.recurs(*hash)).collect();
        Self { sketches, holders, recurring: Some(recurring) }
    }

    /// Earlier articles that may be the same text as `article`; most in common first, then by publication. `counts` saves
    /// allocating.
    pub fn of(&self, article: u32, counts: &mut Counts) -> Vec<Candidate> {
        let sketch = self.sketches.get(article);
        counts.shared.resize(self.sketches.ends.len(), (0, 0));
        counts.seen.clear();
        for (holders, recurring) in sketch.iter().filter_map(|hash| self.holders(*hash)) {
            for holder in holders.iter().take_while(|holder| **holder < article) {
                let Some((shared, pattern)) = counts.shared.get_mut(*holder as usize) else { continue };
                if *shared == 0 {
                    counts.seen.push(*holder);
                }
                *shared += 1;
                *pattern += u8::from(recurring);
            }
        }
        let mut found: Vec<(Reverse<u8>, u32, bool)> = Vec::new();
        for holder in &counts.seen {
            let Some(count) = counts.shared.get_mut(*holder as usize) else { continue };
            let (shared, pattern) = std::mem::take(count);
            if shared >= SHARED
                && usize::from(shared) * 10 >= shareable(sketch, self.sketches.get(*holder)) * SHARED_TENTHS
            {
                let pattern = pattern * 2 >= shared && self.days_apart(article, *holder) > 1;
                found.push((Reverse(shared), *holder, pattern));
            }
        }
        found.sort_unstable();
        found.into_iter().take(COMPARED).map(|(_, article, pattern)| Candidate { article, pattern }).collect()
    }

    /// Zero where one has no date.
    fn days_apart(&self, one: u32, other: u32) -> i64 {
        let day = |article: u32| self.sketches.days.get(article as usize).copied().flatten();
        day(one).zip(day(other)).map_or(0, |(one, other)| (one - other).abs())
    }

    /// Whether at least half of what two articles have in common recurs, and they are not of the same two days.
    pub fn is_pattern(&self, one: u32, other: u32) -> bool {
        let (sketch, others) = (self.sketches.get(one), self.sketches.get(other));
        let shared = sketch.iter().filter(|hash| others.binary_search(hash).is_ok());
        let (shared, recurring) = shared.fold((0, 0), |(shared, recurring), hash| {
            (shared + 1, recurring + usize::from(self.holders(*hash).is_some_and(|(_, recurs)| recurs)))
        });
        recurring * 2 >= shared && recurring > 0 && self.days_apart(one, other) > 1
    }

    /// The articles that have a hash, the first published, and whether it recurs; `None` where only one has it.
    fn holders(&self, hash: u32) -> Option<(&[u32], bool)> {
        let (holders, recurs) = self.holders.of(hash)?;
        Some((holders, self.recurring.as_ref().map_or(recurs, |recurring| recurring.contains(&hash))))
    }
}

/// Which of the articles have each of the hashes that are wanted.
fn holders_of(sketches: &Sketches, is_wanted: impl Fn(u32) -> bool) -> Holders {
    let mut pairs = Vec::new();
    for article in 0..sketches.ends.len() as u32 {
        let wanted = sketches.get(article).iter().filter(|hash| is_wanted(**hash));
        pairs.extend(wanted.map(|hash| (*hash, article)));
    }
    let day = |article: u32| sketches.days.get(article as usize).copied().flatten();
    Holders::new(pairs, day, |article| article)
}

/// How many hashes two sketches would share if the shorter text was in the longer: both hold all hashes of their texts
/// up to where the one of the longer text ends, so only those count.
fn shareable(one: &[u32], other: &[u32]) -> usize {
    let end = |sketch: &[u32]| match sketch.last() {
        Some(last) if sketch.len() >= SKETCH => *last,
        _ => u32::MAX,
    };
    let end = end(one).min(end(other));
    let count = |sketch: &[u32]| sketch.partition_point(|hash| *hash <= end);
    count(one).min(count(other))
}

/// The groups so far.
#[derive(Debug, Default)]
pub struct Groups {
    /// The leader of each article's group.
    leaders: Vec<u32>,
    /// By leader: the other members, where there are any; ascending.
    members: FxHashMap<u32, Vec<u32>>,
}

impl Groups {
    /// Adds the next article, a group of its own, and joins it with the groups of `same`, earlier articles that are the
    /// same text: the one that it resembles most first, and each only if the two groups are `TOGETHER`. `likelihood` says
    /// how likely readers call two articles the same.
    ///
    /// # Errors
    /// Those of `likelihood`.
    pub fn place<E>(
        &mut self,
        same: &[u32],
        mut likelihood: impl FnMut(u32, u32) -> Result<f32, E>,
    ) -> Result<(), E> {
        let number = self.leaders.len() as u32;
        self.leaders.push(number);
        let mut groups: Vec<u32> = same.iter().map(|article| self.leader(*article)).collect();
        groups.sort_unstable();
        groups.dedup();
        let mut ways = Vec::with_capacity(groups.len());
        for group in groups {
            ways.push((mean(&[number], &self.first(group), &mut likelihood)?, group));
        }
        ways.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, group) in ways {
            self.join(self.leader(number), self.leader(group), &mut likelihood)?;
        }
        Ok(())
    }

    /// Joins the groups of two leaders if they are [`TOGETHER`].
    fn join<E>(
        &mut self,
        one: u32,
        other: u32,
        likelihood: &mut impl FnMut(u32, u32) -> Result<f32, E>,
    ) -> Result<(), E> {
        let (earlier, later) = (one.min(other), one.max(other));
        if earlier == later || mean(&self.first(later), &self.first(earlier), likelihood)? < TOGETHER {
            return Ok(());
        }
        let mut joining = vec![later];
        joining.extend(self.members.remove(&later).into_iter().flatten());
        for member in &joining {
            if let Some(leader) = self.leaders.get_mut(*member as usize) {
                *leader = earlier;
            }
        }
        let members = self.members.entry(earlier).or_default();
        members.append(&mut joining);
        members.sort_unstable();
        Ok(())
    }

    /// The first members of a leader's group, [`LOOKED_AT`] at most.
    fn first(&self, leader: u32) -> Vec<u32> {
        let others = self.members.get(&leader).into_iter().flatten().copied();
        std::iter::once(leader).chain(others).take(LOOKED_AT).collect()
    }

    fn leader(&self, article: u32) -> u32 {
        self.leaders.get(article as usize).copied().unwrap_or(article)
    }

    /// Groups of two or more articles, each ascending, in the order of their leaders.
    pub fn into_groups(self) -> Vec<Vec<u32>> {
        let mut groups: Vec<Vec<u32>> =
            self.members.into_iter().map(|(leader, members)| [vec![leader], members].concat()).collect();
        groups.sort_unstable();
        groups
    }
}

/// The mean over all pairs of one and another, as `likelihood` gives it.
pub(crate) fn mean<T: Copy, E>(
    ones: &[T],
    others: &[T],
    mut likelihood: impl FnMut(T, T) -> Result<f32, E>,
) -> Result<f32, E> {
    let mut sum = 0.0;
    for one in ones {
        for other in others {
            sum += likelihood(*one, *other)?;
        }
    }
    Ok(sum / (ones.len() * others.len()).max(1) as f32)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::super::decision::{SAME, likelihood};
    use super::super::fingerprint::{shingles, sketch};
    use super::super::text::Text;
    use super::*;

    /// A body of words that no other number has.
    fn body(number: usize, words: usize) -> String {
        let syllables: Vec<char> =
            "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로".chars().collect();
        let mut state = number as u64 + 1;
        let mut text = String::new();
        for _ in 0..words * 3 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push(syllables[(state >> 33) as usize % syllables.len()]);
        }
        text
    }

    fn place(bodies: &[String]) -> Vec<u32> {
        let texts: Vec<Text> = bodies.iter().map(|body| Text::of("같은 제목", body)).collect();
        let mut sketches = Sketches::default();
        for body in bodies {
            sketches.push(None, sketch(shingles(body)));
        }
        let candidates = Candidates::new(sketches);
        let mut groups = Groups::default();
        for number in 0..bodies.len() {
            let own = &texts[number];
            let found = candidates.of(number as u32, &mut Counts::default());
            assert!(found.len() <= COMPARED && found.iter().all(|earlier| earlier.article < number as u32));
            let same: Vec<u32> = found
                .iter()
                .filter(|found| likelihood(own, &texts[found.article as usize], found.pattern) >= SAME)
                .map(|found| found.article)
                .collect();
            let likelihood = |one: u32, other: u32| {
                let pattern = candidates.is_pattern(one, other);
                Ok::<_, Infallible>(likelihood(&texts[one as usize], &texts[other as usize], pattern))
            };
            groups.place(&same, likelihood).unwrap();
        }
        groups.leaders
    }

    #[test]
    fn later_articles_alone_have_the_same_candidates() {
        let bodies: Vec<String> = (0..40).map(|number| body(number % 7, 40) + &body(number, 30)).collect();
        let sketches = || {
            let mut sketches = Sketches::default();
            for (day, body) in (0..).zip(&bodies) {
                sketches.push(Some(day), sketch(shingles(body)));
            }
            sketches
        };
        let all = Candidates::new(sketches());
        let later = Candidates::of_later(sketches(), 30, &all.holders);
        let mut found = 0;
        for number in 30..40 {
            let candidates = later.of(number, &mut Counts::default());
            assert_eq!(candidates, all.of(number, &mut Counts::default()));
            for other in 0..number {
                assert_eq!(later.is_pattern(number, other), all.is_pattern(number, other));
            }
            found += candidates.len();
        }
        assert!(found > 0);
    }

    #[test]
    fn phrases_that_recur_over_days_are_a_pattern() {
        let recurs = |articles: u32, days: i64| {
            let mut sketches = Sketches::default();
            for article in 0..articles {
                let day = i64::from(article) * days / i64::from(articles - 1);
                sketches.push(Some(day), [1, 2, 3, 1000 + article]);
            }
            let found = Candidates::new(sketches).of(articles - 1, &mut Counts::default());
            assert_eq!(found[0].article, 0);
            found[0].pattern
        };
        assert!(recurs(10, 7));
        assert!(!recurs(9, 7), "too few");
        assert!(!recurs(30, 6), "a story that everybody prints");
    }

    #[test]
    fn what_two_sketches_can_share_ends_with_the_longer_text() {
        let long: Vec<u32> = (1..=SKETCH as u32).map(|hash| hash * 2).collect();
        let short: Vec<u32> = (1..=SKETCH as u32).map(|hash| hash * 16).collect();
        assert_eq!(shareable(&long, &short), 4, "up to 64");
        assert_eq!(shareable(&short, &long), 4);
        assert_eq!(shareable(&long, &[2, 4, 400]), 2, "the third is unknown of the longer");
        assert_eq!(shareable(&[1, 2, 3], &[4, 5]), 2, "both whole");
    }

    #[test]
    fn a_story_printed_a_thousand_times_stays_one_group() {
        let bodies: Vec<String> =
            (0..1000).map(|copy| format!("{}{}", body(1, 60), body(copy % 7, 3))).collect();
        assert!(place(&bodies).iter().all(|leader| *leader == 0));
    }

    #[test]
    fn groups_do_not_drift() {
        // Each replaces a sixth of the one before: neighbours are the same, the ends are not.
        let parts = |from: usize| (from..from + 6).map(|part| body(part, 20)).collect::<String>();
        let bodies: Vec<String> = (0..12).map(parts).collect();
        let leaders = place(&bodies);
        assert_eq!(leaders[1], 0);
        assert_ne!(leaders[11], 0);
        for leader in &leaders {
            let group: Vec<usize> = (0..leaders.len()).filter(|number| leaders[*number] == *leader).collect();
            let alike = mean(&group, &group, |one, other| {
                let text = |number: usize| Text::of("같은 제목", &bodies[number]);
                Ok::<_, Infallible>(likelihood(&text(one), &text(other), false))
            });
            assert!(alike.unwrap() >= TOGETHER, "the group of {leader}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn copies_find_each_other_among_others(stories in prop::collection::vec((0_usize..30, 0_usize..4), 1..80)) {
            let bodies: Vec<String> =
                stories.iter().map(|(story, ending)| format!("{}{}", body(*story, 50), body(100 + ending, 4))).collect();
            let leaders = place(&bodies);
            for (number, (story, _)) in stories.iter().enumerate() {
                let first = stories.iter().position(|(other, _)| other == story).unwrap();
                prop_assert_eq!(leaders[number] as usize, first);
            }
        }
    }
}
