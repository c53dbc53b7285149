//! Words that say nothing about an article: they ask (`왜`, `얼마나`), carry a purpose or a condition (`받으려면`), or are a verb
//! that any sentence has (`있는`, `하나요`).

use super::WordReader;
use crate::korean::fold::{Script, script};
use crate::korean::morpheme::Morpheme;
use crate::korean::pos::{Role, first_tag};

/// What asks, where it stands alone or with particles and endings after it.
const INTERROGATIVES: [&str; 30] = [
    "왜",
    "어째서",
    "어찌",
    "얼마",
    "얼마나",
    "얼마만큼",
    "어떻",
    "어떻게",
    "어떤",
    "어떠하",
    "언제",
    "누구",
    "누가",
    "누굴",
    "무엇",
    "뭐",
    "뭘",
    "뭔",
    "무얼",
    "무슨",
    "어느",
    "어디",
    "어디서",
    "몇",
    "웬",
    "어떨",
    "어땠",
    "어떠",
    "뭣",
    "무어",
];

/// Ends of questions that are words of their own, and are cut as nouns.
const QUESTION_ENDS: [&str; 13] = [
    "하나요",
    "되나요",
    "있나요",
    "없나요",
    "인가요",
    "인가",
    "일까",
    "할까",
    "될까",
    "있을까",
    "건가요",
    "뭔가요",
    "되나",
];

/// What begins with something that asks and does not ask: `누구나`, `언제나`, `얼마든지`.
const NOT_ASKING: [&str; 4] = ["나", "든지", "든", "라도"];

/// Stems of verbs that are in any sentence.
const LIGHT_STEMS: [&str; 12] = [
    "하다",
    "되다",
    "있다",
    "않다",
    "아니다",
    "같다",
    "싶다",
    "위하다",
    "의하다",
    "관하다",
    "이러하다",
    "그러하다",
];

/// Endings of purpose and condition.
const PURPOSES: [&str; 10] =
    ["면", "으면", "려면", "으려면", "려고", "으려고", "려는", "으려는", "고자", "다면"];

impl WordReader<'_> {
    /// Whether the analysed word asks, or says nothing that an article could be looked for by.
    pub(super) fn says_nothing(&self) -> bool {
        let whole: String = self.analysis.kept.iter().map(|kept| kept.ch).collect();
        let hangul = self.analysis.kept.iter().all(|kept| script(kept.ch) == Script::Hangul);
        hangul && (self.asks(&whole) || self.is_light_verb(&whole))
    }

    /// Whether the analysed word is an interrogative, with or without particles: 누구인가, 언제, 어디서, 얼마였나, 무슨.
    fn asks(&self, whole: &str) -> bool {
        if INTERROGATIVES.contains(&whole) || QUESTION_ENDS.contains(&whole) {
            return true;
        }
        let Some((first, class)) = self.only_content() else { return false };
        let end = self.analysis.kept.partition_point(|kept| kept.start < first.end);
        let head: String = whole.chars().take(end).collect();
        let tail: String = whole.chars().skip(end).collect();
        // 얼마나 asks, 누구나 does not.
        let asks = head == "얼마" || !NOT_ASKING.contains(&&*tail);
        matches!(class, "NP" | "MM" | "MAG" | "NR" | "IC" | "VA" | "VV" | "NNG")
            && INTERROGATIVES.contains(&&*head)
            && asks
            && !self.is_dictionary_noun(whole)
    }

    /// Whether the analysed word is one verb or adjective that any sentence has, or one with an ending of purpose or condition.
    fn is_light_verb(&self, whole: &str) -> bool {
        let Some((_, class)) = self.only_content() else { return false };
        if !matches!(class, "VV" | "VA" | "VX" | "VCN") {
            return false;
        }
        let stems = self.analysis.tokens.iter().filter(|token| token.index == 0);
        let light = |term: &str| LIGHT_STEMS.contains(&term);
        // The stem of an auxiliary verb is not a token.
        class == "VX"
            || stems.clone().any(|token| light(self.analysis.term(token)))
            || self.has_purpose(whole) && !self.is_dictionary_noun(whole)
    }

    /// The first morpheme of the analysed word and its tag, if particles and endings are all that follows it.
    fn only_content(&self) -> Option<(&Morpheme, &str)> {
        let (first, rest) = self.analysis.morphemes.split_first()?;
        let bound = rest.iter().all(|morpheme| morpheme.class.role == Role::Dropped);
        bound.then(|| (first, first_tag(self.analyzer.segmenter().entry(first).tag)))
    }

    /// Whether the analysed verb ends in an ending of purpose or condition, which may be fused with its stem (`하려면`, `될까`).
    fn has_purpose(&self, whole: &str) -> bool {
        let last = self.analysis.morphemes.last();
        let ending = last.and_then(|last| {
            let tag = self.analyzer.segmenter().entry(last).tag;
            let from = self.analysis.kept.partition_point(|kept| kept.start < last.start);
            let text: String = self.analysis.kept.iter().skip(from).map(|kept| kept.ch).collect();
            tag.contains('E').then_some(text)
        });
        ending.is_some_and(|ending| {
            PURPOSES
                .iter()
                .any(|purpose| ending == *purpose || whole.ends_with(purpose) && ending.ends_with(purpose))
        })
    }
}
