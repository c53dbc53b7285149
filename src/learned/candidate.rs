//! A bracket → the two names that it may put side by side.
//!
//! Where one of them says how the other is made (its syllables in order, its sound), both are known at once. Of an acronym (`LH`) nothing
//! tells where the long form before it begins: it stays open, and many articles decide.

use serde::{Deserialize, Serialize};

use super::bracket::Bracket;
use super::sound;
use crate::korean::fold::fold;

/// Most characters of a short form that is made of syllables or initials.
const LONGEST_SHORT: usize = 10;
/// Most characters of a name.
const LONGEST_NAME: usize = 30;

/// Why two names may be one.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The short form is made of syllables of the long one, in order: `보건의료정책심의위원회(보정심)`.
    Syllables,
    /// One is how the other is said: `블루아울(Blue Owl)`.
    Sound,
    /// Nothing but that they stand side by side: `한국토지주택공사(LH)`.
    Usage,
}

/// Two names that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'t> {
    /// The short form, or the Latin one.
    pub short: &'t str,
    /// The long form; where it is open, the words that it ends.
    pub long: &'t str,
    /// Whether `long` may begin with words that do not belong to it.
    pub open: bool,
    /// Why.
    pub reason: Reason,
}

/// What `bracket` may say.
pub fn candidates<'t>(bracket: Bracket<'t>) -> Vec<Candidate<'t>> {
    let mut found = Vec::new();
    let Some(inside) = name_of(bracket.inside) else { return found };
    if ends_in_number(bracket.before) {
        return found;
    }
    let pieces = pieces(inside);
    for piece in &pieces {
        found.extend(forward(bracket, piece));
    }
    if found.is_empty() && !inside.contains(',') {
        found.extend(backward(bracket.before, inside));
    }
    found
}

/// The pieces of a bracket that may each name what stands before it: `Fed·연준`.
pub fn pieces(inside: &str) -> Vec<&str> {
    const MOST: usize = 3;
    let pieces: Vec<&str> = inside
        .split([',', '·', '/', 'ㆍ', '‧', '・'])
        .filter_map(name_of)
        .filter(|piece| !fold(piece).is_empty())
        .collect();
    if pieces.len() > MOST { Vec::new() } else { pieces }
}

/// `text` without what only introduces a name (`이하`, `약칭`) and without quotation marks; `None` where it says something else: what a
/// name was before, a number, an amount.
pub fn name_of(text: &str) -> Option<&str> {
    let quotes = |ch: char| {
        matches!(ch, '\'' | '"' | '‘' | '’' | '“' | '”' | '「' | '」' | '『' | '』' | '《' | '》')
            || ch.is_whitespace()
    };
    let mut text = text.trim_matches(quotes);
    for introduction in ["이하 ", "약칭 ", "이하:", "약칭:", "영문명 "] {
        text = text.strip_prefix(introduction).unwrap_or(text).trim_matches(quotes);
    }
    let other = ["옛 ", "구 ", "현 ", "전 ", "옛", "본명", "가칭", "가명", "사진", "자료"]
        .iter()
        .any(|word| text.starts_with(word));
    let count = text.chars().count();
    (!other && (1..=LONGEST_NAME).contains(&count) && !text.starts_with(|ch: char| ch.is_ascii_digit()))
        .then_some(text)
}

/// Whether the last word of `text` is a number with its unit: `20일(현지시간)`.
fn ends_in_number(text: &str) -> bool {
    text.rsplit([' ', '·']).next().is_some_and(|word| word.starts_with(|ch: char| ch.is_ascii_digit()))
}

/// A short, said or Latin form in the bracket, the long one before it.
fn forward<'t>(bracket: Bracket<'t>, piece: &'t str) -> Option<Candidate<'t>> {
    let before = bracket.before;
    if is_hangul(piece) {
        if is_latin(last_word(before)) {
            return None;
        }
        let long = suffixes(before).find(|long| is_made_of(piece, long))?;
        return Some(Candidate { short: piece, long, open: false, reason: Reason::Syllables });
    }
    if !is_latin(piece) || !last_word(before).chars().any(is_syllable) {
        return None;
    }
    let said = suffixes(before)
        .filter_map(|long| Some((long, sound::distance(long, piece)?)))
        .min_by(|one, other| one.1.total_cmp(&other.1));
    if let Some((long, _)) = said.filter(|(long, _)| sound::sounds_like(long, piece)) {
        return Some(Candidate { short: piece, long, open: false, reason: Reason::Sound });
    }
    is_acronym(piece).then_some(Candidate {
        short: piece,
        long: before,
        open: !bracket.quoted,
        reason: Reason::Usage,
    })
}

/// The long form in the bracket, the short one before it.
fn backward<'t>(before: &'t str, inside: &'t str) -> Option<Candidate<'t>> {
    let word = last_word(before);
    if is_latin(word) && inside.chars().any(is_syllable) && !inside.chars().any(|ch| ch.is_ascii_digit()) {
        // `Blue Owl` is two words; how many belong together its sound tells.
        let said = suffixes(before)
            .take_while(|short| is_latin(short))
            .filter_map(|short| Some((short, sound::distance(inside, short)?)))
            .min_by(|one, other| one.1.total_cmp(&other.1));
        if let Some((short, _)) = said.filter(|(short, _)| sound::sounds_like(inside, short)) {
            return Some(Candidate { short, long: inside, open: false, reason: Reason::Sound });
        }
        let fits = is_acronym(word) && inside.chars().count() >= 3;
        return fits.then_some(Candidate { short: word, long: inside, open: false, reason: Reason::Usage });
    }
    (is_hangul(word) && is_made_of(word, inside)).then_some(Candidate {
        short: word,
        long: inside,
        open: false,
        reason: Reason::Syllables,
    })
}

/// Whether `short` is made of syllables of `long`, in order, and `long` has nothing in front or at its end that gives none: its first word
/// and its last word each give one. A long form cut off at its end (`금융위원회`, `금융위`) is one, its end alone (`공사`) is not.
pub fn is_made_of(short: &str, long: &str) -> bool {
    let syllables: Vec<char> = short.chars().collect();
    let count = syllables.len();
    let length = fold(long).chars().count();
    if !(2..=LONGEST_SHORT).contains(&count) || !is_hangul(short) || length < count + 2 {
        return false;
    }
    if fold(long).ends_with(short) {
        return false;
    }
    // The first syllable is as early as can be, the last one as late: each word at an end must give one.
    let words: Vec<&str> = long.split([' ', '·']).filter(|word| !word.is_empty()).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let (Some(head), Some(tail)) = (syllables.first(), syllables.last()) else { return false };
    if !first.contains(*head) || !last.contains(*tail) {
        return false;
    }
    // A short form of two syllables is made of one word or two, and begins where the first one does.
    if count == 2 && (words.len() > 2 || !first.starts_with(*head) && words.len() > 1) {
        return false;
    }
    // In order, with each word passed over at most once.
    let mut wanted = syllables.iter().peekable();
    for ch in long.chars() {
        wanted.next_if(|syllable| **syllable == ch);
    }
    wanted.next().is_none()
}

/// Whether `text` is made of initials, not a word of a foreign language: `Boring` only says what 지루하다 is in English.
fn is_acronym(text: &str) -> bool {
    let capitals = text.chars().filter(char::is_ascii_uppercase).count();
    let others = text.chars().filter(char::is_ascii_lowercase).count();
    capitals > 0 && capitals >= others && !text.contains(' ')
}

/// The ends of `text` that begin where a word does, the shortest first.
pub fn suffixes(text: &str) -> impl Iterator<Item = &str> {
    let starts = text
        .char_indices()
        .rev()
        .filter(|(_, ch)| matches!(ch, ' ' | '·' | 'ㆍ'))
        .map(|(at, ch)| at + ch.len_utf8());
    starts.chain(std::iter::once(0)).filter_map(|at| text.get(at..)).filter(|end| !end.is_empty())
}

fn last_word(text: &str) -> &str {
    text.rsplit([' ', '·', 'ㆍ']).next().unwrap_or(text)
}

pub fn is_syllable(ch: char) -> bool {
    ('가'..='힣').contains(&ch)
}

fn is_hangul(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_syllable)
}

/// Whether `text` is a name in Latin letters, with digits and marks perhaps: `R&D`, `HBM4`.
pub fn is_latin(text: &str) -> bool {
    text.starts_with(|ch: char| ch.is_ascii_alphabetic())
        && text.chars().filter(char::is_ascii_alphabetic).nth(1).is_some()
        && text
            .chars()
            .all(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '&' | '-' | '.' | ' ' | '+' | '\''))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::learned::bracket::brackets;

    fn found(text: &str) -> Vec<(&str, &str, Reason)> {
        let found = brackets(text).flat_map(candidates);
        found.map(|candidate| (candidate.short, candidate.long, candidate.reason)).collect()
    }

    #[test]
    fn a_short_form_of_syllables_says_where_the_long_one_begins() {
        assert_eq!(
            found("정부는 보건정책심의위원회(보정심)를"),
            [("보정심", "보건정책심의위원회", Reason::Syllables)]
        );
        assert_eq!(found("노사가 임금·단체협약(임단협)을"), [("임단협", "임금·단체협약", Reason::Syllables)]);
        assert_eq!(found("올해 가온의사협회(이하 의협)는"), [("의협", "가온의사협회", Reason::Syllables)]);
        assert_eq!(found("가온의사협회(약칭 ‘협회’)는"), [], "its end alone");
        assert_eq!(
            found("보정심(보건정책심의위원회)"),
            [("보정심", "보건정책심의위원회", Reason::Syllables)]
        );
    }

    #[test]
    fn a_latin_form_is_said_or_stands_open() {
        assert_eq!(found("운용사 블루헤론(Blue Heron)"), [("Blue Heron", "블루헤론", Reason::Sound)]);
        assert_eq!(found("Blue Heron(블루헤론)"), [("Blue Heron", "블루헤론", Reason::Sound)]);
        assert_eq!(found("더블유씨피(WCP)"), [("WCP", "더블유씨피", Reason::Sound)]);
        assert_eq!(found("이날 한내수자원공단(HNW)"), [("HNW", "이날 한내수자원공단", Reason::Usage)]);
        assert_eq!(found("HNW(한내수자원공단)"), [("HNW", "한내수자원공단", Reason::Usage)]);
        assert_eq!(
            found("나라은행 기준금리위원회(NRC·기금위)"),
            [
                ("NRC", "나라은행 기준금리위원회", Reason::Usage),
                ("기금위", "기준금리위원회", Reason::Syllables)
            ]
        );
    }

    #[test]
    fn glosses_places_ranks_and_employers_are_no_names() {
        for text in [
            "20일(현지시간)",
            "최가람(한빛여고)",
            "중의원(하원)",
            "무내군(군수 김하늘)",
            "김하늘(더불어한마음당)",
            "김하늘(34)",
            "한내전자(005930)",
            "상승률(3.2%)",
            "현대(現代)",
            "가온그룹(옛 나온그룹)",
            "지루하다(Boring)",
            "은행(가람·나래·다솜·라온)",
            "가온공사(공사)",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
