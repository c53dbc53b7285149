//! Hangul as it is typed: syllables ↔ keystrokes of the two-set keyboard, and keys made of them that sort and compare.
//!
//! A *stroke* is one letter that a key of the two-set layout (KS X 5002) types: 19 consonants and 14 vowels. Compound vowels
//! and final clusters are several strokes (`ㅘ` = ㅗ ㅏ, `ㄳ` = ㄱ ㅅ), tense consonants one (shift and a key). In strokes a
//! syllable that is half typed begins the finished word: `우클` (ㅇㅜㅋㅡㄹ) begins 우크라이나.

use super::fold::{fold_char, is_kept};

/// Consonants in the order of Unicode's initial consonants.
const CONSONANTS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ',
    'ㅍ', 'ㅎ',
];

/// Vowels that have a key.
const VOWELS: [char; 14] =
    ['ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅛ', 'ㅜ', 'ㅠ', 'ㅡ', 'ㅣ'];

/// Vowels in the order of Unicode's medials, with their strokes.
const MEDIALS: [(char, &str); 21] = [
    ('ㅏ', "ㅏ"),
    ('ㅐ', "ㅐ"),
    ('ㅑ', "ㅑ"),
    ('ㅒ', "ㅒ"),
    ('ㅓ', "ㅓ"),
    ('ㅔ', "ㅔ"),
    ('ㅕ', "ㅕ"),
    ('ㅖ', "ㅖ"),
    ('ㅗ', "ㅗ"),
    ('ㅘ', "ㅗㅏ"),
    ('ㅙ', "ㅗㅐ"),
    ('ㅚ', "ㅗㅣ"),
    ('ㅛ', "ㅛ"),
    ('ㅜ', "ㅜ"),
    ('ㅝ', "ㅜㅓ"),
    ('ㅞ', "ㅜㅔ"),
    ('ㅟ', "ㅜㅣ"),
    ('ㅠ', "ㅠ"),
    ('ㅡ', "ㅡ"),
    ('ㅢ', "ㅡㅣ"),
    ('ㅣ', "ㅣ"),
];

/// Final consonants in the order of Unicode's finals, without its first (no final), with their strokes.
const FINALS: [(char, &str); 27] = [
    ('ㄱ', "ㄱ"),
    ('ㄲ', "ㄲ"),
    ('ㄳ', "ㄱㅅ"),
    ('ㄴ', "ㄴ"),
    ('ㄵ', "ㄴㅈ"),
    ('ㄶ', "ㄴㅎ"),
    ('ㄷ', "ㄷ"),
    ('ㄹ', "ㄹ"),
    ('ㄺ', "ㄹㄱ"),
    ('ㄻ', "ㄹㅁ"),
    ('ㄼ', "ㄹㅂ"),
    ('ㄽ', "ㄹㅅ"),
    ('ㄾ', "ㄹㅌ"),
    ('ㄿ', "ㄹㅍ"),
    ('ㅀ', "ㄹㅎ"),
    ('ㅁ', "ㅁ"),
    ('ㅂ', "ㅂ"),
    ('ㅄ', "ㅂㅅ"),
    ('ㅅ', "ㅅ"),
    ('ㅆ', "ㅆ"),
    ('ㅇ', "ㅇ"),
    ('ㅈ', "ㅈ"),
    ('ㅊ', "ㅊ"),
    ('ㅋ', "ㅋ"),
    ('ㅌ', "ㅌ"),
    ('ㅍ', "ㅍ"),
    ('ㅎ', "ㅎ"),
];

/// The places of initial, medial and final of a syllable in Unicode's order; the final counts from 1, and 0 means none.
fn syllable_parts(syllable: char) -> Option<(usize, usize, usize)> {
    let code = match syllable {
        '가'..='힣' => syllable as usize - '가' as usize,
        _ => return None,
    };
    Some((code / 588, code % 588 / 28, code % 28))
}

/// Calls `each` with the strokes that type `ch`; with `ch` itself where it is not hangul.
pub fn strokes(ch: char, mut each: impl FnMut(char)) {
    if let Some((initial, medial, last)) = syllable_parts(ch) {
        CONSONANTS.get(initial).copied().into_iter().for_each(&mut each);
        MEDIALS.get(medial).into_iter().flat_map(|(_, typed)| typed.chars()).for_each(&mut each);
        let last = last.checked_sub(1).and_then(|last| FINALS.get(last));
        last.into_iter().flat_map(|(_, typed)| typed.chars()).for_each(each);
        return;
    }
    let compound = |(jamo, _): &&(char, &str)| *jamo == ch;
    match MEDIALS.iter().find(compound).or_else(|| FINALS.iter().find(compound)) {
        Some((_, typed)) => typed.chars().for_each(each),
        None => each(ch),
    }
}

/// Whether `ch` is a single consonant or final cluster, not part of a syllable.
pub fn is_consonant(ch: char) -> bool {
    ('ㄱ'..='ㅎ').contains(&ch)
}

/// Whether `ch` is a single letter, not part of a syllable.
pub fn is_loose(ch: char) -> bool {
    ('ㄱ'..='ㅣ').contains(&ch)
}

/// A syllable without its final consonant, and the strokes of that consonant; `None` for a syllable without one.
pub fn without_final(syllable: char) -> Option<(char, &'static str)> {
    let (_, _, last) = syllable_parts(syllable)?;
    let (_, typed) = FINALS.get(last.checked_sub(1)?)?;
    Some((char::from_u32(syllable as u32 - last as u32)?, typed))
}

/// Types `strokes` as an input method does: letters become syllables where they can. Any other character stays and ends a
/// syllable.
pub fn compose(strokes: impl IntoIterator<Item = char>) -> String {
    let mut typed = Composer::default();
    strokes.into_iter().for_each(|stroke| typed.push(stroke));
    typed.flush();
    typed.out
}

/// The text typed so far and the letters of the syllable that is being typed.
#[derive(Default)]
struct Composer {
    out: String,
    initial: Option<char>,
    medial: Option<char>,
    last: Option<char>,
}

impl Composer {
    fn push(&mut self, stroke: char) {
        if VOWELS.contains(&stroke) {
            self.vowel(stroke);
        } else if CONSONANTS.contains(&stroke) {
            self.consonant(stroke);
        } else {
            self.flush();
            self.out.push(stroke);
        }
    }

    fn consonant(&mut self, stroke: char) {
        let last = match (self.initial, self.medial, self.last) {
            (Some(_), Some(_), None) => FINALS.iter().map(|(jamo, _)| *jamo).find(|jamo| *jamo == stroke),
            (Some(_), Some(_), Some(last)) => joined(&FINALS, last, stroke),
            _ => None,
        };
        if last.is_some() {
            self.last = last;
        } else {
            self.flush();
            self.initial = Some(stroke);
        }
    }

    fn vowel(&mut self, stroke: char) {
        match (self.medial, self.last) {
            (None, _) => self.medial = Some(stroke),
            (Some(medial), None) => match joined(&MEDIALS, medial, stroke) {
                Some(compound) => self.medial = Some(compound),
                None => {
                    self.flush();
                    self.medial = Some(stroke);
                }
            },
            (Some(_), Some(last)) => {
                // The final, or its second stroke, begins the next syllable.
                let mut typed =
                    FINALS.iter().find(|(jamo, _)| *jamo == last).map_or("", |(_, typed)| typed).chars();
                let moves = typed.next_back();
                self.last = typed.next();
                self.flush();
                self.initial = moves;
                self.medial = Some(stroke);
            }
        }
    }

    fn flush(&mut self) {
        let (initial, medial, last) = (self.initial.take(), self.medial.take(), self.last.take());
        let place = |list: &[(char, &str)], jamo| list.iter().position(|(known, _)| *known == jamo);
        let syllable = initial.zip(medial).and_then(|(initial, medial)| {
            let initial = CONSONANTS.iter().position(|known| *known == initial)?;
            let medial = place(&MEDIALS, medial)?;
            let last = last.and_then(|last| place(&FINALS, last)).map_or(0, |last| last + 1);
            char::from_u32('가' as u32 + (initial * 588 + medial * 28 + last) as u32)
        });
        match syllable {
            Some(syllable) => self.out.push(syllable),
            None => self.out.extend(initial.into_iter().chain(medial)),
        }
    }
}

/// The compound of `list` that is typed as `first` and then `second`.
fn joined(list: &[(char, &str)], first: char, second: char) -> Option<char> {
    list.iter().find(|(_, typed)| typed.chars().eq([first, second])).map(|(jamo, _)| *jamo)
}

/// The first byte of a stroke in a key: strokes take up `@` to `` ` ``, which no folded text holds.
const FIRST_STROKE: u8 = b'@';

/// Appends one stroke, or any other character, to a key.
fn push_code(stroke: char, key: &mut String) {
    let consonant = CONSONANTS.iter().position(|known| *known == stroke);
    let place = consonant
        .or_else(|| VOWELS.iter().position(|known| *known == stroke).map(|at| at + CONSONANTS.len()));
    key.push(place.map_or(stroke, |place| char::from(FIRST_STROKE + place as u8)));
}

/// The stroke of a byte of a key; `None` for other characters.
pub fn stroke_of(code: u8) -> Option<char> {
    let place = usize::from(code.checked_sub(FIRST_STROKE)?);
    CONSONANTS.iter().chain(&VOWELS).nth(place).copied()
}

/// The key of `text`: its strokes, one byte each, without case, spaces and punctuation (see [`super::fold`]). Where the
/// key of one text begins with the key of another, the other may become the first by further typing.
pub fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for_kept(text, |ch| strokes(ch, |stroke| push_code(stroke, &mut key)));
    key
}

/// The key of the initial consonants of `text`: `ㅇㅋㄹㅇㄴ` of 우크라이나; one code for each syllable, other characters as they
/// are.
pub fn initials(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for_kept(text, |ch| match syllable_parts(ch) {
        Some((initial, ..)) => push_code(CONSONANTS.get(initial).copied().unwrap_or(ch), &mut key),
        None => strokes(ch, |stroke| push_code(stroke, &mut key)),
    });
    key
}

fn for_kept(text: &str, mut each: impl FnMut(char)) {
    for ch in text.chars() {
        fold_char(ch, |folded| {
            if is_kept(folded) {
                each(folded);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    fn typed(text: &str) -> String {
        let mut all = String::new();
        text.chars().for_each(|ch| strokes(ch, |stroke| all.push(stroke)));
        all
    }

    #[test]
    fn syllables_are_typed_stroke_by_stroke() {
        assert_eq!(typed("오픈AI"), "ㅇㅗㅍㅡㄴAI");
        assert_eq!(typed("값쾌쒜ㄳㅢ"), "ㄱㅏㅂㅅㅋㅗㅐㅆㅜㅔㄱㅅㅡㅣ");
        assert_eq!(compose("ㅇㅜㅋㅡㄹㅏㅇㅣㄴㅏ".chars()), "우크라이나");
        assert_eq!(compose("ㅇㅜㅋㅡㄹ".chars()), "우클");
        assert_eq!(compose("ㄷㅏㄹㄱㅇㅡㄹ".chars()), "닭을");
        assert_eq!(compose("ㄷㅏㄹㄱㅣ".chars()), "달기");
        assert_eq!(compose("ㅏㅣㅋㅋㄱㅅ-ㅎㅘ".chars()), "ㅏㅣㅋㅋㄱㅅ-ㅎㅘ");
        assert_eq!(without_final('닭'), Some(('다', "ㄹㄱ")));
        assert_eq!((without_final('다'), without_final('a')), (None, None));
    }

    #[test]
    fn what_is_half_typed_is_a_beginning() {
        for begun in ["ㅇ", "우", "웈", "우크", "우클", "우크라ㅇ", "우크라이", "우크라인", "우크라 이나"]
        {
            assert!(key("우크라이나").starts_with(&key(begun)), "{begun}");
        }
        assert!(!key("우크라이나").starts_with(&key("우클ㅇ")));
        assert_eq!(initials("우크라이나 戰爭 3월"), initials("ㅇㅋㄹㅇㄴ戰爭3ㅇ"));
        assert_eq!(initials("ㄳ"), initials("가사"));
    }

    proptest! {
        #[test]
        fn typing_the_strokes_of_syllables_gives_them_back(text in "[가-힣]{0,20}") {
            prop_assert_eq!(compose(typed(&text).chars()), text);
        }

        /// Unicode's own decomposition into conjoining jamo has the same initials, and as many parts of syllables.
        #[test]
        fn strokes_agree_with_unicode(syllable in "[가-힣]") {
            let jamo: Vec<char> = syllable.nfd().collect();
            let first = typed(&syllable).chars().next();
            prop_assert_eq!(first, CONSONANTS.get(jamo[0] as usize - 0x1100).copied());
            prop_assert_eq!(MEDIALS[jamo[1] as usize - 0x1161].0, {
                let (_, medial, _) = syllable_parts(syllable.chars().next().unwrap()).unwrap();
                MEDIALS[medial].0
            });
            prop_assert!(typed(&syllable).chars().count() >= jamo.len());
        }

        #[test]
        fn any_text_has_a_key_and_codes_are_strokes(text in any::<String>()) {
            let keyed = key(&text);
            prop_assert!(keyed.chars().all(|ch| !ch.is_ascii_uppercase() || stroke_of(ch as u8).is_some()));
            let back: String =
                keyed.chars().map(|ch| u8::try_from(ch).ok().and_then(stroke_of).unwrap_or(ch)).collect();
            prop_assert_eq!(key(&back), keyed);
            initials(&text);
            compose(text.chars());
        }
    }
}
