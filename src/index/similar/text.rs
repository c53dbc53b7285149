//! What two articles are compared by, and when they count as the same text.

use super::fingerprint::shingles;
use crate::korean::fold::fold;

/// A pair counts as the same from this score on: the share of the shorter body that stands in the longer, plus half the
/// share that both have in common. A body that stands whole within another passes, one that is rewritten does not.
/// Chosen on 270 pairs judged by reading them, and measured on others: `benches/similar/`.
pub const THRESHOLD: f32 = 0.94;

/// What the members of a group must reach with its leader at least, also where a third article connects them.
const NEAR: f32 = 0.75;

/// What articles of one pattern must reach: some 85 % of the characters in common on both sides, or all of the shorter.
const PATTERN: f32 = 1.2;

/// Of two excerpts that are cut at different places, the share of the longer that must stand at the end of one and at the
/// beginning of the other, without a difference.
const OVERLAP: f32 = 0.45;

/// Shingles of that, at least.
const OVERLAP_SHORTEST: usize = 30;

/// Bodies shorter than this (in shingles) must be all but identical: in one sentence, the one word that differs may be
/// what it is about.
const SHORT: usize = 60;

/// What captions must have in common: all but a character or two.
const IDENTICAL: f32 = 0.97;

/// Headings of pictures. Captions of one event differ in a name only, and that is the news.
const PICTURES: [&str; 6] = ["포토", "사진", "화보", "photo", "한 컷", "영상"];

/// An article reduced to what is compared.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Hashes of the body's shingles in its order.
    shingles: Vec<u32>,
    /// The same, ascending, each once.
    set: Vec<u32>,
    /// Pairs of neighbouring characters of the title, ascending, each once.
    title: Vec<[char; 2]>,
    /// Numbers in the body as written, but without grouping commas; ascending, each once.
    numbers: Vec<String>,
    /// The same of the title.
    title_numbers: Vec<String>,
    /// Whether it is a picture with a caption.
    picture: bool,
}

impl Text {
    /// Reduces an article with that title and body.
    pub fn of(title: &str, body: &str) -> Self {
        let shingles = shingles(body);
        let folded = fold(title);
        Self {
            set: ascending(shingles.clone()),
            shingles,
            title: ascending(folded.chars().zip(folded.chars().skip(1)).map(|(a, b)| [a, b]).collect()),
            numbers: numbers(body),
            // A title is never cut off: what ends it counts too.
            title_numbers: numbers(&format!("{title} 끝")),
            picture: is_picture(title),
        }
    }

    /// Characters of the body that count, roughly.
    pub fn len(&self) -> usize {
        self.shingles.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.shingles.is_empty()
    }

    /// How much the two are the same text: [`THRESHOLD`] to 1.5, or `None` where they are not.
    /// `pattern` says that what they have in common recurs in other articles: then they must be nearly identical.
    pub fn same(&self, other: &Self, pattern: bool) -> Option<f32> {
        self.score(other, if pattern { PATTERN } else { THRESHOLD })
    }

    /// Whether the two may be versions of the same text by way of a third one that is the same as both.
    pub fn near(&self, other: &Self) -> bool {
        self.score(other, NEAR).is_some()
    }

    fn score(&self, other: &Self, threshold: f32) -> Option<f32> {
        let (shorter, longer) =
            if self.shingles.len() <= other.shingles.len() { (self, other) } else { (other, self) };
        let common: Vec<u32> = common(&self.set, &other.set).copied().collect();
        if common.len() * 5 < shorter.set.len() * 2 {
            return None;
        }
        let jaccard = common.len() as f32 / (self.set.len() + other.set.len() - common.len()).max(1) as f32;
        let score = shorter.covered(&common) + jaccard / 2.0;
        if threshold < PATTERN
            && !self.picture
            && !other.picture
            && self.overlaps(other)
            && self.titles_agree(other, jaccard)
        {
            return Some(score.max(THRESHOLD));
        }
        let enough = if self.picture || other.picture {
            jaccard >= IDENTICAL
        } else if longer.shingles.len() < SHORT {
            // Three characters that differ take seven shingles with them.
            jaccard >= 0.9
        } else {
            score >= threshold
        };
        let same = enough && self.facts_agree(other, jaccard) && self.titles_agree(other, jaccard);
        same.then_some(score)
    }

    /// The share of the body's characters that stand in shingles of `common`, 0 to 1.
    fn covered(&self, common: &[u32]) -> f32 {
        let width = super::fingerprint::SHINGLE;
        let mut covered = 0;
        let mut ends = 0;
        for (start, _) in
            self.shingles.iter().enumerate().filter(|(_, shingle)| common.binary_search(shingle).is_ok())
        {
            covered += start + width - start.max(ends);
            ends = start + width;
        }
        covered as f32 / (self.shingles.len() + width - 1) as f32
    }

    /// Whether one ends with what the other begins with: the same text behind another heading, cut at another place. At
    /// least [`OVERLAP`] of the longer and a sentence. A text that stands whole in the other is not meant: the other may be a
    /// collection.
    fn overlaps(&self, other: &Self) -> bool {
        let ends_in = |one: &Self, other: &Self| {
            let Some(first) = other.shingles.first() else { return false };
            one.shingles.iter().enumerate().filter(|(_, shingle)| *shingle == first).any(|(start, _)| {
                let tail = one.shingles.get(start..).unwrap_or(&[]);
                tail.len() >= OVERLAP_SHORTEST
                    && tail.len() as f32 >= one.shingles.len().max(other.shingles.len()) as f32 * OVERLAP
                    && tail.len() < other.shingles.len()
                    && other.shingles.starts_with(tail)
            })
        };
        ends_in(self, other) || ends_in(other, self)
    }

    /// Whether the numbers are not those of another day, game or share: most of the fewer ones must stand in the other
    /// text. One alone may differ (three dead, then four), unless the texts are otherwise alike. Of several in the titles
    /// half must agree: the third week is not the fourth.
    fn facts_agree(&self, other: &Self, jaccard: f32) -> bool {
        let in_titles = self.title_numbers.len().min(other.title_numbers.len());
        let agreeing = common(&self.title_numbers, &other.title_numbers).count();
        if in_titles > 1 && agreeing * 2 < in_titles {
            return false;
        }
        let fewer = self.numbers.len().min(other.numbers.len());
        let agreeing = common(&self.numbers, &other.numbers).count();
        match fewer {
            0 => true,
            1 => agreeing == 1 || jaccard < 0.5,
            _ => agreeing * 2 > fewer || fewer == 2 && agreeing == 1,
        }
    }

    /// Whether the titles have anything in common. A collection of several stories holds each of them whole, but its
    /// title is of the first; bodies that are largely the same need no such sign.
    fn titles_agree(&self, other: &Self, jaccard: f32) -> bool {
        jaccard >= 0.6
            || common(&self.title, &other.title).count() * 20
                >= self.title.len().min(other.title.len()).max(1)
    }
}

fn ascending<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values.dedup();
    values
}

/// What stands in both, both ascending.
fn common<'a, T: Ord>(one: &'a [T], other: &'a [T]) -> impl Iterator<Item = &'a T> {
    let mut others = other.iter().peekable();
    one.iter().filter(move |value| {
        while others.next_if(|next| next < value).is_some() {}
        others.peek() == Some(value)
    })
}

/// Whether a title begins with a picture's heading: `[포토]`, `<사진>`, `포토 |`.
fn is_picture(title: &str) -> bool {
    let heading = title.trim_start().trim_start_matches(['[', '<', '(', '【', '〈', '■', '▲']).trim_start();
    let lower: String = heading.chars().take(5).flat_map(char::to_lowercase).collect();
    PICTURES.iter().any(|picture| {
        lower.strip_prefix(picture).is_some_and(|rest| {
            // `사진관 화재` is no picture.
            heading.len() < title.trim_start().len() || !rest.starts_with(char::is_alphanumeric)
        })
    })
}

/// Numbers as written, without grouping commas. One at the very end is left out: an excerpt may have cut it.
fn numbers(body: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut number = String::new();
    let mut chars = body.chars().peekable();
    while let Some(ch) = chars.next() {
        if ch.is_ascii_digit() {
            number.push(ch);
            continue;
        }
        let inside = !number.is_empty() && chars.peek().is_some_and(char::is_ascii_digit);
        match ch {
            ',' if inside => {}
            '.' if inside => number.push('.'),
            _ if number.is_empty() => {}
            _ => {
                let rest_is_silent =
                    !ch.is_alphanumeric() && chars.clone().take(8).all(|ch| !ch.is_alphanumeric());
                if !rest_is_silent {
                    found.push(std::mem::take(&mut number));
                }
                number.clear();
            }
        }
    }
    ascending(found)
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
        assert_eq!(one.same(&other, false), other.same(&one, false), "both ways");
        one.same(&other, false).is_some()
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
        assert!(one.same(&other, false).is_some(), "as far as the texts say");
        assert!(one.same(&other, true).is_none());
        assert!(one.same(&one, true).is_some());
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
            !Text::of("자전거 도로", &middle).overlaps(&Text::of("자전거 길", STORY)),
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
    fn a_collection_is_not_the_story_that_it_holds() {
        let collection = format!(
            "한빛시는 봄꽃 축제를 사흘 동안 연다고 알렸다. 축제에는 열두 마을이 참여하고 밤마다 불꽃놀이가 열린다. 시는 임시 \
             주차장을 세 곳에 마련했고 셔틀버스를 이십 분마다 보낸다. 첫날 개막식에는 시립합창단이 무대에 오른다. \
             먹을거리 장터와 체험 마당도 열린다. {STORY}"
        );
        assert!(!same(("자전거 도로 예산 통과", STORY), ("한빛시 봄꽃 축제 연다", &collection)));
    }

    #[test]
    fn pictures_are_known_by_their_heading() {
        for title in ["[포토] 봄", "[사진]봄", "<화보> 봄", "포토 | 봄", "[포토뉴스] 봄", "[PHOTO] 봄"]
        {
            assert!(is_picture(title), "{title}");
        }
        for title in ["사진관 화재", "사진전 열려", "봄 [포토]", "[속보] 봄", ""] {
            assert!(!is_picture(title), "{title}");
        }
    }

    #[test]
    fn numbers_are_read_as_written() {
        assert_eq!(
            numbers("1,200명과 3.5%, 2024.01.02 그리고 42억, 5천"),
            ["1200", "2024.01.02", "3.5", "42", "5"]
        );
        assert_eq!(numbers("3명 가운데 10.."), ["3"], "the last one is cut");
    }
}
