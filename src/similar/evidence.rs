//! The measures of two texts, and how likely they make it that readers would call them the same text.
//!
//! No single figure tells a text that was printed again from one that was written anew after the same release: both share
//! half of their words. Taken together a few do, in a logistic regression. What tells most is how the text that is not shared
//! differs: a copy-editor leaves many small traces (a particle, a verb of saying, the way a number is written), somebody who
//! writes anew replaces whole clauses.

use super::alignment::{Passage, Stretch};
use super::pair::Pair;
use super::text::Text;

/// A stretch that differs by no more characters on either side is a small edit.
const EDIT: usize = 8;

/// Characters of a lead: two sentences, roughly.
const LEAD: usize = 100;

/// Hours beyond which it makes no difference how far apart two articles are.
const LONGEST_APART: f32 = 720.0;

/// What counts as the share of numbers in a text without any.
const NO_NUMBERS: f32 = 0.9;

/// The name and the weight of each measure, learned by `cargo xtask weights` from the pairs of
/// `benches/similar/learned-on.tsv`, and [`BIAS`] with them.
pub(crate) const WEIGHTS: [(&str, f32); 8] = [
    ("shared", 14.38),
    ("edits", 0.75),
    ("scattered", -1.37),
    ("titles", 1.48),
    ("told", 1.82),
    ("apart", -0.23),
    ("numbers", 0.72),
    ("lead", 1.7),
];

/// The weighed sum of a pair whose measures are all 0.
const BIAS: f32 = -10.95;

/// What a pair of texts shows. Shares are from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// The share of the shorter text's shingles that the longer one has, wherever.
    pub(super) shared: f32,
    /// Small edits in a hundred characters of the shorter text.
    pub(super) edits: f32,
    /// Over how much of the longer text the passages of the shorter one are scattered: the logarithm of 1 and of how many
    /// times as long as the shorter text that is.
    pub(super) scattered: f32,
    /// The share of the shorter title's pairs of characters that the other title has.
    pub(super) titles: f32,
    /// The share of a title that is told in the other's text; the lower one of both.
    pub(super) told: f32,
    /// The square root of the hours between two articles of one outlet, which seldom prints a text twice and often takes
    /// paragraphs of yesterday's into today's; 0 for those of two.
    pub(super) apart: f32,
    /// The share of the shorter text's different numbers that the longer one has.
    pub(super) numbers: f32,
    /// The share of the later text's lead that is in the earlier one: what is new is told first.
    pub(super) lead: f32,
}

impl Evidence {
    /// What a pair shows.
    pub(super) fn of(pair: &Pair<'_>) -> Self {
        let shorter_length = pair.shorter.length.max(1) as f32;
        let small = |stretch: &&Stretch| stretch.lengths().0.max(stretch.lengths().1) <= EDIT;
        let ends = pair.passages.first().zip(pair.passages.last());
        let span = ends.map_or(0, |(first, last)| (last.other + last.length).saturating_sub(first.other));
        Self {
            shared: pair.contained,
            edits: pair.between().iter().filter(small).count() as f32 * 100.0 / shorter_length,
            scattered: (span as f32 / shorter_length).ln_1p(),
            titles: pair.title_share(),
            told: pair.titles_told(),
            apart: hours_apart(pair.shorter, pair.longer).map_or(0.0, f32::sqrt),
            numbers: pair.number_share().unwrap_or(NO_NUMBERS),
            lead: lead(pair),
        }
    }

    /// The measures in the order of [`WEIGHTS`].
    pub(crate) fn values(&self) -> [f32; WEIGHTS.len()] {
        let Self { shared, edits, scattered, titles, told, apart, numbers, lead } = *self;
        [shared, edits, scattered, titles, told, apart, numbers, lead]
    }

    /// How likely readers call the texts the same, from 0 to 1.
    pub(crate) fn likelihood(&self) -> f32 {
        let weighed = self.values().into_iter().zip(WEIGHTS).map(|(value, (_, weight))| value * weight);
        1.0 / (1.0 + (-BIAS - weighed.sum::<f32>()).exp())
    }
}

/// The hours between two articles of one outlet; `None` for those of two, and where something is not known.
fn hours_apart(one: &Text, other: &Text) -> Option<f32> {
    let same_outlet = one.outlet.is_some() && one.outlet == other.outlet;
    let (first, second) = one.published.zip(other.published)?;
    same_outlet.then(|| (first.abs_diff(second) as f32 / 3600.0).min(LONGEST_APART))
}

/// The share of the later article's lead in passages; the lower one of both where it is not known which is later.
fn lead(pair: &Pair<'_>) -> f32 {
    let (shorter, longer) = (pair.shorter, pair.longer);
    let share = |length: usize, begins: fn(&Passage) -> usize| {
        let end = LEAD.min(length);
        let inside = |passage: &Passage| {
            let from = begins(passage).min(end);
            (begins(passage) + passage.length).min(end) - from
        };
        pair.passages.iter().map(inside).sum::<usize>() as f32 / end.max(1) as f32
    };
    let shorter_lead = share(shorter.length, |passage| passage.one);
    let longer_lead = share(longer.length, |passage| passage.other);
    match shorter.published.zip(longer.published).map(|(one, other)| one.cmp(&other)) {
        Some(std::cmp::Ordering::Greater) => shorter_lead,
        Some(std::cmp::Ordering::Less) => longer_lead,
        _ => shorter_lead.min(longer_lead),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::super::decision::likelihood;
    use super::*;

    const STORY: &str = "시의회가 3일 본회의를 열어 자전거 도로를 넓히는 예산 42억원을 통과시켰다. 공사는 오는 9월 시작되며 \
                         강변을 따라 12km 구간에 새 길이 놓인다. 주민들은 오래 기다렸다며 반겼고, 상인들은 공사 기간의 \
                         교통 불편을 걱정했다. 시는 우회로를 미리 알리겠다고 밝혔다.";
    const NEWS: &str = "한빛시 자전거 도로 공사가 보상 문제로 석 달 넘게 멈춰 섰다. 땅 주인 다섯 명이 값을 다시 매겨 달라며 소송을 \
                        냈고, 법원은 판결이 날 때까지 땅을 파지 말라고 했다. 시는 다음 주에 새 보상안을 내놓기로 했다.";

    fn evidence(one: &Text, other: &Text) -> Evidence {
        Evidence::of(&Pair::of(one, other).unwrap())
    }

    #[test]
    fn a_copy_shares_everything_and_has_no_edits() {
        let text = Text::of("자전거 도로 예산 통과", STORY);
        let shown = evidence(&text, &text);
        assert_eq!(
            (shown.shared, shown.edits, shown.titles, shown.numbers, shown.lead),
            (1.0, 0.0, 1.0, 1.0, 1.0)
        );
        assert_eq!(shown.scattered, 2.0_f32.ln(), "once as long as itself");
        assert!(shown.told > 0.5 && shown.likelihood() > 0.95, "{shown:?}");
    }

    #[test]
    fn small_edits_say_more_than_replaced_clauses() {
        let title = "자전거 도로 예산 통과";
        let (story, of) = (Text::of(title, STORY), |body: String| Text::of(title, &body));
        let corrected =
            of(STORY.replace("반겼고", "반색했고").replace("놓인다", "난다").replace("따라", "끼고"));
        let recast = of(STORY
            .replace("강변을 따라 12km 구간에 새 길이 놓인다", "물가로 열두 킬로미터를 잇는 노선이 생긴다"));
        let (corrected, recast) = (evidence(&story, &corrected), evidence(&story, &recast));
        assert!(corrected.edits > 2.0, "{corrected:?}");
        assert_eq!(recast.edits, 0.0);
        assert!(corrected.likelihood() > recast.likelihood());
    }

    #[test]
    fn hours_count_between_articles_of_one_outlet() {
        let printed = |outlet: Option<&str>, hours: Option<i64>| {
            Text::of("", STORY).printed(outlet.map(Box::from), hours.map(|hours| hours * 3600))
        };
        let apart = |one, other| evidence(&one, &other).apart;
        let first = || printed(Some("가람일보"), Some(0));
        assert_eq!(apart(first(), printed(Some("가람일보"), Some(9))), 3.0);
        assert_eq!(apart(printed(Some("가람일보"), Some(9)), first()), 3.0);
        assert_eq!(apart(first(), printed(Some("가람일보"), Some(100_000))), LONGEST_APART.sqrt());
        assert_eq!(apart(first(), printed(Some("남녘신문"), Some(9))), 0.0);
        assert_eq!(apart(first(), printed(Some("가람일보"), None)), 0.0);
        assert_eq!(apart(printed(None, Some(0)), printed(None, Some(9))), 0.0);
    }

    #[test]
    fn the_later_text_tells_its_news_first() {
        let follow_up = format!("{NEWS} {STORY}");
        let printed = |body: &str, at: Option<i64>| Text::of("", body).printed(None, at);
        let lead = |follow_up_at, story_at| {
            evidence(&printed(&follow_up, follow_up_at), &printed(STORY, story_at)).lead
        };
        assert!(lead(Some(2), Some(1)) < 0.2, "a report that quotes the first one");
        assert_eq!(lead(Some(1), Some(2)), 1.0, "an excerpt printed later");
        assert!(
            lead(None, Some(1)) < 0.2 && lead(Some(1), Some(1)) < 0.2,
            "the lower one where nobody knows"
        );
    }

    proptest! {
        #[test]
        fn likelihoods_are_shares_and_the_same_both_ways(
            one in "[가나다라 .0-9]{0,300}", other in "[가나다라 .0-9]{0,300}", shared in "[가-힣 ]{0,200}", at in 0_i64..9,
        ) {
            let text = |own: &str, at: i64| Text::of(own, &format!("{shared}{own}")).printed(Some("가람일보".into()), Some(at));
            let (one, other) = (text(&one, at), text(&other, 4));
            let likely = likelihood(&one, &other, false);
            prop_assert!((0.0..=1.0).contains(&likely), "{}", likely);
            prop_assert_eq!(likely, likelihood(&other, &one, false));
        }
    }
}
