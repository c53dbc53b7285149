//! When two articles count as the same text.
//!
//! The same is a story's text that is printed again: as it was, lightly edited, with another heading or caption in front,
//! cut, or carried on. Not the same is one that was written anew, however alike the news, and one of the same pattern with
//! other facts. What a pair is judged by reading stands in `benches/similar/README.md`; all figures here were chosen on
//! the pairs that are called `chosen-on`, `fresh-1` and `fresh-2` there, and measured on others.

use super::alignment::{Stretch, passages, stretches};
use super::text::Text;

/// The share of the shorter body's characters that must stand in the longer one, in passages in the same order. Three
/// quarters, but for the characters that small edits and the ends of cut words take.
pub const COVERED: f32 = 0.68;

/// The share of the shorter body's shingles that must stand in the longer one in whatever order: passages are moved.
const MOVED: f32 = 0.8;

/// The same as [`COVERED`] for the members of a group and its leader, where a third article connects them.
const NEAR: f32 = 0.5;

/// What articles of one pattern must reach in coverage and half of the Jaccard similarity: some 85 % on both sides, or
/// all of the shorter.
const PATTERN: f32 = 1.2;

/// Texts of which none has more kept characters are short: in one or two sentences, what differs may be the news.
const SHORT: usize = 137;

/// What of short texts must agree: of what both have, an end that one goes on behind left out.
const SHORT_COVERED: f32 = 0.85;

/// Kept characters that short texts must have in common.
const SHORT_PASSAGE: usize = 36;

/// What captions must have in common: all but a character or two.
const IDENTICAL: f32 = 0.97;

/// Numbers that may stand in place of others: three dead, then four. More are another day, match or market.
const CORRECTED: usize = 2;

/// So many pairs of characters of the own title that stand in place of others make another story (of another town, product,
/// match) of texts that are otherwise alike, and of any.
const RENAMED: (usize, usize) = (2, 5);

/// Kept characters of a heading or a caption in front of a text, at most.
const HEADING: usize = 60;

/// Stretches up to so many characters replace one another word by word; longer ones are other sentences.
const REPLACED: usize = 40;

/// Of two excerpts that are cut at different places, the share of the longer that must stand at the end of one and at the
/// beginning of the other, without a difference.
const OVERLAP: f32 = 0.45;

/// Shingles of that, at least.
const OVERLAP_SHORTEST: usize = 30;

/// How far two texts must resemble each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Demand {
    /// To be called the same.
    Same,
    /// Although what they have in common recurs in other articles.
    Pattern,
    /// To be in one group by way of a third.
    Near,
}

/// How much two articles, each a title and a body, are the same text: the higher the more; `None` where they are not.
/// `pattern` says that what they have in common recurs in other articles over days: then they must be nearly identical.
pub(crate) fn same(one: &Text, other: &Text, pattern: bool) -> Option<f32> {
    score(one, other, if pattern { Demand::Pattern } else { Demand::Same })
}

/// Whether the two may be versions of the same text by way of a third one that is the same as both.
pub(crate) fn near(one: &Text, other: &Text, pattern: bool) -> bool {
    score(one, other, if pattern { Demand::Pattern } else { Demand::Near }).is_some()
}

fn score(one: &Text, other: &Text, demand: Demand) -> Option<f32> {
    let (shorter, longer) = if one.length <= other.length { (one, other) } else { (other, one) };
    let shared = shared(shorter, longer);
    if shared * 5 < shorter.different * 2 {
        return None;
    }
    let pair = Pair::new(shorter, longer, shared);
    let score = pair.covered + pair.jaccard / 2.0;
    let same = if shorter.picture || longer.picture {
        pair.jaccard >= IDENTICAL || pair.jaccard >= 0.9 && pair.covered >= 0.99
    } else if demand == Demand::Pattern {
        score >= PATTERN && pair.is_one_story()
    } else if pair.titles_agree() && overlap(shorter, longer) {
        true
    } else if longer.length <= SHORT {
        pair.jaccard >= 0.9 || pair.is_one_short_text()
    } else {
        let least = if demand == Demand::Near { NEAR } else { COVERED };
        let moved = shared as f32 >= MOVED * shorter.different as f32;
        (pair.covered >= least || moved) && pair.is_one_story()
    };
    same.then_some(score)
}

/// Two texts side by side.
struct Pair<'a> {
    shorter: &'a Text,
    longer: &'a Text,
    /// What is not the same: before, between and behind the passages that are.
    stretches: Vec<Stretch>,
    /// Characters in passages.
    common: usize,
    /// The share of the shorter text in passages.
    covered: f32,
    /// The share of all different shingles that both have.
    jaccard: f32,
}

impl<'a> Pair<'a> {
    fn new(shorter: &'a Text, longer: &'a Text, shared: usize) -> Self {
        let passages = passages((&shorter.shingles, &shorter.by_hash), (&longer.shingles, &longer.by_hash));
        let common = passages.iter().map(|passage| passage.length).sum::<usize>();
        let all = shorter.different + longer.different - shared;
        Self {
            shorter,
            longer,
            stretches: stretches(&passages, (shorter.length, longer.length)),
            common,
            covered: common as f32 / shorter.length.max(1) as f32,
            jaccard: shared as f32 / all.max(1) as f32,
        }
    }

    /// Whether nothing says that texts with much in common are about different things.
    fn is_one_story(&self) -> bool {
        let otherwise_alike = self.common as f32 >= 0.85 * self.longer.length as f32;
        let renamed = self.title_words_replaced();
        self.titles_agree()
            && self.title_numbers_agree()
            && self.contradictions() <= CORRECTED
            && renamed < if otherwise_alike { RENAMED.0 } else { RENAMED.1 }
    }

    /// Whether two short texts are the same one behind other headings, or cut at other places.
    fn is_one_short_text(&self) -> bool {
        let end = |stretch: Option<&Stretch>| {
            stretch.map_or(0, |stretch| length(stretch.one).min(length(stretch.other)))
        };
        let between = self.between().iter().map(|stretch| length(stretch.one)).sum::<usize>();
        let both = self.common + between + end(self.stretches.first()) + end(self.stretches.last());
        self.common >= SHORT_PASSAGE
            && self.common as f32 >= both as f32 * SHORT_COVERED
            && self.title_share() >= 0.4
            && self.contradictions() == 0
            && self.title_words_replaced() == 0
    }

    fn between(&self) -> &[Stretch] {
        self.stretches.get(1..self.stretches.len().saturating_sub(1)).unwrap_or_default()
    }

    /// The share of the shorter title's pairs of characters that the other has.
    fn title_share(&self) -> f32 {
        let (one, other) = (&self.shorter.title, &self.longer.title);
        common(one, other).count() as f32 / one.len().min(other.len()).max(1) as f32
    }

    /// Whether the titles have anything to do with each other, or each with the other's text. A collection of several
    /// stories holds each of them whole, but its title is of the first. No such sign need bodies that are largely the same,
    /// and a text with which the longer one begins.
    fn titles_agree(&self) -> bool {
        let told = |title: &Text, body: &Text| {
            let told = title.title.iter().filter(|pair| body.pairs.contains(pair)).count();
            told as f32 / title.title.len().max(1) as f32
        };
        let begins = self.stretches.first().is_some_and(|before| length(before.other) <= HEADING);
        self.common as f32 >= 0.6 * self.longer.length as f32
            || begins && self.covered >= 0.85
            || self.title_share() >= 0.05
            || told(self.shorter, self.longer).min(told(self.longer, self.shorter)) > 0.3
    }

    /// Whether of several numbers in the titles half agree: the third week is not the fourth.
    fn title_numbers_agree(&self) -> bool {
        let (one, other) = (&self.shorter.title_numbers, &self.longer.title_numbers);
        let fewer = one.len().min(other.len());
        fewer < 2 || common(one, other).count() * 2 >= fewer
    }

    /// Numbers that stand in place of others and nowhere in the other text.
    fn contradictions(&self) -> usize {
        let new = |text: &Text, at: (usize, usize), other: &Text| {
            let touched = text.numbers.iter().filter(|number| number.at.0 <= at.1 && number.at.1 >= at.0);
            touched.filter(|number| !other.numbers.iter().any(|known| known.value == number.value)).count()
        };
        let replaced = self.between().iter().filter(|stretch| is_replaced(stretch));
        replaced
            .map(|stretch| {
                new(self.shorter, stretch.one, self.longer).min(new(self.longer, stretch.other, self.shorter))
            })
            .sum()
    }

    /// Pairs of characters that stand in place of others, in both texts, and in the own title but not in the other: what
    /// differs is what the articles are about.
    fn title_words_replaced(&self) -> usize {
        let own = |text: &Text, at: (usize, usize), other: &Text| {
            let stands_in = |title: &[u16], pair: &u16| title.binary_search(pair).is_ok();
            let pairs =
                text.pairs.get(at.0.saturating_sub(1)..at.1.min(text.pairs.len())).unwrap_or_default();
            pairs.iter().filter(|pair| stands_in(&text.title, pair) && !stands_in(&other.title, pair)).count()
        };
        let replaced = self.stretches.iter().filter(|stretch| is_replaced(stretch));
        replaced
            .map(|stretch| {
                own(self.shorter, stretch.one, self.longer).min(own(self.longer, stretch.other, self.shorter))
            })
            .sum()
    }
}

fn length((from, to): (usize, usize)) -> usize {
    to.saturating_sub(from)
}

fn is_replaced(stretch: &Stretch) -> bool {
    length(stretch.one) <= REPLACED && length(stretch.other) <= REPLACED
}

/// How many different shingles both have.
fn shared(one: &Text, other: &Text) -> usize {
    let mut others = other.by_hash.iter().map(|(hash, _)| *hash).peekable();
    let different = one.by_hash.chunk_by(|one, other| one.0 == other.0).filter_map(|same| same.first());
    different
        .filter(|(hash, _)| {
            while others.next_if(|next| next < hash).is_some() {}
            others.peek() == Some(hash)
        })
        .count()
}

/// What stands in both, both ascending.
fn common<'a, T: Ord>(one: &'a [T], other: &'a [T]) -> impl Iterator<Item = &'a T> {
    let mut others = other.iter().peekable();
    one.iter().filter(move |value| {
        while others.next_if(|next| next < value).is_some() {}
        others.peek() == Some(value)
    })
}

/// Whether one ends with what the other begins with: the same text behind another heading, cut at another place. At
/// least [`OVERLAP`] of the longer and a sentence. A text that stands whole in the other is not meant: the other may be a
/// collection.
fn overlap(one: &Text, other: &Text) -> bool {
    let ends_in = |one: &Text, other: &Text| {
        let Some(first) = other.shingles.first() else { return false };
        one.shingles.iter().enumerate().filter(|(_, shingle)| *shingle == first).any(|(start, _)| {
            let tail = one.shingles.get(start..).unwrap_or(&[]);
            tail.len() >= OVERLAP_SHORTEST
                && tail.len() as f32 >= one.shingles.len().max(other.shingles.len()) as f32 * OVERLAP
                && tail.len() < other.shingles.len()
                && other.shingles.starts_with(tail)
        })
    };
    ends_in(one, other) || ends_in(other, one)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const STORY: &str = "시의회가 3일 본회의를 열어 자전거 도로를 넓히는 예산 42억원을 통과시켰다. 공사는 오는 9월 시작되며 \
                         강변을 따라 12km 구간에 새 길이 놓인다. 주민들은 오래 기다렸다며 반겼고, 상인들은 공사 기간의 \
                         교통 불편을 걱정했다. 시는 우회로를 미리 알리겠다고 밝혔다.";

    fn same(one: (&str, &str), other: (&str, &str)) -> bool {
        let (one, other) = (Text::of(one.0, one.1), Text::of(other.0, other.1));
        assert_eq!(super::same(&one, &other, false), super::same(&other, &one, false), "both ways");
        super::same(&one, &other, false).is_some()
    }

    #[test]
    fn a_reprint_with_small_edits_is_the_same() {
        let edited = STORY.replace("반겼고", "반색했고").replace("“", "\"").replace("42억원", "42억 원");
        assert!(same(("자전거 도로 예산 통과", STORY), ("시의회, 자전거 길 예산 통과시켜", &edited)));
    }

    #[test]
    fn an_update_that_goes_on_is_the_same() {
        let longer = format!(
            "{STORY} 이에 대해 시민단체는 성명을 내고 안전 시설부터 갖추라고 요구했다. 시장은 10일 \
                              현장을 둘러보고 의견을 듣기로 했다. 의회는 다음 달 중간 점검 결과를 받는다."
        );
        assert!(same(("자전거 도로 예산 통과", STORY), ("자전거 도로 예산 통과(종합)", &longer)));
    }

    #[test]
    fn the_same_pattern_with_other_facts_is_another() {
        let report = |day: u32, index: &str, change: &str, close: &str, buyers: &str| {
            format!(
                "{day}일 코스피는 전 거래일보다 {change}포인트 오른 {index}에 거래를 마쳤다. 유가증권시장에서 외국인은 \
                 {buyers}억원어치를 순매수했고 기관은 차익을 실현했다. 코스닥 지수는 {close}로 장을 마감했다."
            )
        };
        let monday = report(4, "2512.33", "11.20", "841.07", "1204");
        let tuesday = report(5, "2530.91", "18.58", "848.66", "2871");
        assert!(!same(("코스피 상승 마감", &monday), ("코스피 상승 마감", &tuesday)));
    }

    #[test]
    fn articles_of_one_pattern_must_be_nearly_identical() {
        let quiz = |product: &str, text: &str, answer: &str| {
            format!(
                "걷기 앱 발자국에서 오늘의 퀴즈를 풀면 상금을 받을 수 있다. 새벽신문이 현재 나온 문제와 정답을 알아보고 이를 \
                 독자에게 알린다. 이날 문제는 '{product} {text}'이다. 이 문제의 정답은 '{answer}'이다. 한편 발자국은 \
                 만보기와 퀴즈로 상금을 주는 앱으로, 누구나 날마다 참여할 수 있으며 틀린 사람도 다시 도전할 수 있다."
            )
        };
        let one = Text::of(
            "발자국 퀴즈 정답은?",
            &quiz(
                "단비 두유",
                "국산만 쓰고 설탕 대신 과일로 단맛을 냈다. 껍질째 갈아 넣은 콩은 무엇일까",
                "검은콩",
            ),
        );
        let other = Text::of(
            "발자국 퀴즈 정답은?",
            &quiz(
                "너울 비누",
                "찬물에도 거품이 잘 나고 향이 오래간다. 기름을 얻은 보랏빛 꽃은 무엇일까",
                "라벤더",
            ),
        );
        assert!(super::same(&one, &other, false).is_some(), "as far as the texts say");
        assert!(super::same(&one, &other, true).is_none());
        assert!(super::same(&one, &one, true).is_some());
    }

    #[test]
    fn excerpts_cut_at_different_places_are_the_same() {
        let (first, rest) = STORY.split_once("주민들은").unwrap();
        let headed = format!("강변 12km 새 길 잇는다 내년 봄 완공 목표…상인들 손님 줄까 걱정 {first}");
        assert!(same(
            ("자전거 도로 예산 통과", &headed),
            ("자전거 길 넓힌다", &format!("{first}주민들은{rest}"))
        ));
        let middle = format!("{headed}주민들은 반겼다.");
        assert!(
            !overlap(&Text::of("자전거 도로", &middle), &Text::of("자전거 길", STORY)),
            "it goes on differently"
        );
    }

    #[test]
    fn captions_of_other_pictures_are_others() {
        let caption = |who: &str| {
            format!(
                "배우 {who}가 7일 오후 한빛시 너울디자인센터에서 열린 봄여름 패션쇼에 참석하기에 앞서 사진 기자들 앞에서 손을 \
                     흔들며 포즈를 취하고 있다. 2024.03.07"
            )
        };
        assert!(!same(
            ("[포토] 서가람, 패션쇼 참석", &caption("서가람")),
            ("[포토] 문너울, 패션쇼 참석", &caption("문너울"))
        ));
        assert!(same(
            ("[포토] 서가람, 손 인사", &caption("서가람")),
            ("[포토] 서가람, 패션쇼 참석", &caption("서가람"))
        ));
    }

    #[test]
    fn one_sentence_must_be_identical() {
        let notice = |who: &str| {
            format!("한빛대는 새 총장에 {who} 교수를 임명했다고 알려 왔다. 임기는 다음 달 시작된다.")
        };
        assert!(!same(("한빛대 총장 임명", &notice("윤서리")), ("한빛대 총장 임명", &notice("강여울"))));
        assert!(same(("한빛대 총장 임명", &notice("윤서리")), ("한빛대 새 총장", &notice("윤서리"))));
    }

    #[test]
    fn a_heading_or_a_caption_in_front_makes_no_difference() {
        let headed = format!("강변에 놓일 자전거 도로의 조감도. 한빛시 제공 {STORY}");
        assert!(same(("자전거 도로 예산 통과", STORY), ("시의회, 자전거 도로 예산 통과시켜", &headed)));
        // Two excerpts of eighty characters, one of them behind two subheads.
        let (first, _) = STORY.split_once(" 구간에").unwrap();
        let subheads = "내년 봄 완공 목표로 공사 상인들은 손님 줄까 걱정";
        let (start, _) = first.split_once(" 시작되며").unwrap();
        assert!(same(
            ("자전거 도로 예산 통과", first),
            ("시의회, 자전거 도로 예산", &format!("{subheads} {start}"))
        ));
    }

    #[test]
    fn passages_that_are_moved_still_stand_there() {
        let (first, rest) = STORY.split_once(" 주민들은").unwrap();
        assert!(same(
            ("자전거 도로 예산 통과", STORY),
            ("자전거 길 넓힌다", &format!("주민들은{rest} {first}"))
        ));
    }

    #[test]
    fn a_press_release_recast_sentence_by_sentence_is_another_text() {
        let recast = "한빛시 자전거 도로가 넓어진다. 시의회는 3일 본회의에서 예산 42억원을 의결했다. 9월에 첫 삽을 뜨는 새 길은 \
                      강변 12km에 걸쳐 있다. 기다리던 주민들은 환영하는 분위기지만 가게 주인들은 공사로 길이 막힐 것을 \
                      걱정한다. 시 관계자는 우회로를 미리 안내하겠다고 했다.";
        assert!(!same(("자전거 도로 예산 통과", STORY), ("한빛시 자전거 도로 넓힌다", recast)));
    }

    #[test]
    fn lists_of_one_day_differ_by_what_their_titles_name() {
        let list = |what: &str| {
            format!(
                "29일 현지 시각 너울 증시에 상장된 종목 가운데 이날 {what} 50개 종목의 시세를 아래에 정리했다. 시세는 장이 \
                 끝난 뒤의 값이며 정규 거래 시간 뒤의 거래는 넣지 않았다. 거래소가 쉬는 날에는 싣지 않고, 종목 이름은 \
                 거래소가 쓰는 것을 그대로 옮겼다. 자세한 값은 거래소의 누리집에서 볼 수 있다."
            )
        };
        let (falling, traded) = (list("하락률이 가장 높았던"), list("거래대금이 가장 많았던"));
        assert!(!same(
            ("너울 증시 하락률 상위 50종목은", &falling),
            ("너울 증시 거래대금 상위 50종목은", &traded)
        ));
        assert!(same(
            ("너울 증시 하락률 상위 50종목은", &falling),
            ("너울 증시 하락률 상위 50종목", &falling)
        ));
    }

    #[test]
    fn one_number_may_be_corrected() {
        let report = |dead: u32| {
            format!(
                "한빛시 물류 창고에서 불이 나 {dead}명이 숨졌다. 불은 새벽에 지게차 충전소 가까이에서 시작돼 두 시간 만에 꺼졌고 \
                 소방서는 사다리차 여섯 대를 보냈다. 창고 안에서 일하던 사람들은 대부분 옥상으로 피해 구조됐다. 경찰은 \
                 충전기의 과열을 의심하며 현장을 보존하고 있다."
            )
        };
        assert!(same(("한빛시 창고 화재", &report(3)), ("한빛시 창고 화재로 4명 숨져", &report(4))));
    }

    #[test]
    fn a_collection_is_not_the_story_that_it_holds() {
        let collection = format!(
            "한빛시는 봄꽃 축제를 사흘 동안 연다고 알렸다. 축제에는 열두 마을이 참여하고 밤마다 불꽃놀이가 열린다. 시는 임시 \
             주차장을 세 곳에 마련했고 셔틀버스를 이십 분마다 보낸다. 첫날 개막식에는 시립합창단이 무대에 오른다. \
             먹을거리 장터와 체험 마당도 열린다. {STORY}"
        );
        assert!(!same(("자전거 도로 예산 통과", STORY), ("한빛시 봄꽃 축제 연다", &collection)));
    }
}
