//! The two-set keyboard (KS X 5002) on a QWERTY one: text that was typed with the wrong one of the two switched on.

use super::jamo::{compose, strokes};

/// Keys and the letters they type in hangul; capitals with shift, where that types another letter.
const LAYOUT: [(char, char); 33] = [
    ('q', 'ㅂ'),
    ('w', 'ㅈ'),
    ('e', 'ㄷ'),
    ('r', 'ㄱ'),
    ('t', 'ㅅ'),
    ('y', 'ㅛ'),
    ('u', 'ㅕ'),
    ('i', 'ㅑ'),
    ('o', 'ㅐ'),
    ('p', 'ㅔ'),
    ('a', 'ㅁ'),
    ('s', 'ㄴ'),
    ('d', 'ㅇ'),
    ('f', 'ㄹ'),
    ('g', 'ㅎ'),
    ('h', 'ㅗ'),
    ('j', 'ㅓ'),
    ('k', 'ㅏ'),
    ('l', 'ㅣ'),
    ('z', 'ㅋ'),
    ('x', 'ㅌ'),
    ('c', 'ㅊ'),
    ('v', 'ㅍ'),
    ('b', 'ㅠ'),
    ('n', 'ㅜ'),
    ('m', 'ㅡ'),
    ('Q', 'ㅃ'),
    ('W', 'ㅉ'),
    ('E', 'ㄸ'),
    ('R', 'ㄲ'),
    ('T', 'ㅆ'),
    ('O', 'ㅒ'),
    ('P', 'ㅖ'),
];

/// The rows of the keyboard, each half a key further to the right than the one above.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// The stroke that a key types in hangul. Shift changes seven keys, elsewhere it makes no difference.
pub fn stroke_of_key(key: char) -> Option<char> {
    let typed = |key: char| LAYOUT.iter().find(|(known, _)| *known == key).map(|(_, jamo)| *jamo);
    typed(key).or_else(|| typed(key.to_ascii_lowercase()))
}

/// The key that types a stroke, a capital where it needs shift.
pub fn key_of_stroke(stroke: char) -> Option<char> {
    LAYOUT.iter().find(|(_, jamo)| *jamo == stroke).map(|(key, _)| *key)
}

/// `text` as it would read had the keyboard been switched to hangul: `dnzmfkdlsk` → 우크라이나. `None` where `text` holds
/// no Latin letter, or hangul, so that it was not typed with the wrong switch. `caps`: read it as if caps lock had been on, which
/// hangul ignores.
pub fn to_hangul(text: &str, caps: bool) -> Option<String> {
    let latin = text.chars().any(|ch| ch.is_ascii_alphabetic());
    let foreign = text.chars().any(|ch| ch.is_alphabetic() && !ch.is_ascii());
    (latin && !foreign).then(|| {
        let lower = |ch: char| if caps { ch.to_ascii_lowercase() } else { ch };
        compose(text.chars().map(lower).map(|ch| stroke_of_key(ch).unwrap_or(ch)))
    })
}

/// `text` as it would read had the keyboard been switched to Latin: `ㅐㅔ두ㅁㅑ` → openai. `None` where `text` holds no
/// hangul, or other letters.
pub fn to_latin(text: &str) -> Option<String> {
    let mut typed = String::with_capacity(text.len());
    let mut hangul = false;
    let mut foreign = false;
    for ch in text.chars() {
        strokes(ch, |stroke| match key_of_stroke(stroke) {
            Some(key) => {
                hangul = true;
                typed.push(key);
            }
            None => {
                foreign |= stroke.is_alphabetic();
                typed.push(stroke);
            }
        });
    }
    (hangul && !foreign).then_some(typed)
}

/// Whether two keys touch, shifted or not.
pub fn are_neighbours(a: char, b: char) -> bool {
    let (Some((row_a, at_a)), Some((row_b, at_b))) = (place(a), place(b)) else { return false };
    match row_a.abs_diff(row_b) {
        0 => at_a.abs_diff(at_b) == 1,
        1 => {
            let (above, below) = if row_a < row_b { (at_a, at_b) } else { (at_b, at_a) };
            above == below || above == below + 1
        }
        _ => false,
    }
}

fn place(key: char) -> Option<(usize, usize)> {
    let key = key.to_ascii_lowercase();
    ROWS.iter().enumerate().find_map(|(row, keys)| keys.find(key).map(|at| (row, at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_typed_with_the_wrong_switch_is_read() {
        for (typed, meant) in [
            ("dnzmfkdlsk", "우크라이나"),
            ("dhvmsdkdl", "오픈아이"),
            ("tmxkxmdjq", "스타트업"),
            ("EkfRl 2023", "딸끼 2023"),
            ("rkqt", "값"),
            ("dhksthd", "완송"),
        ] {
            assert_eq!(to_hangul(typed, false).as_deref(), Some(meant), "{typed}");
        }
        assert_eq!(to_hangul("RLWK", true).as_deref(), Some("기자"));
        assert_eq!(to_latin("ㅐㅔ두ㅁㅑ").as_deref(), Some("openai"));
        assert_eq!(to_latin("초ㅁㅅ헷").as_deref(), Some("chatgpt"));
        assert_eq!((to_hangul("한글 abc", false), to_hangul("2023", false)), (None, None));
        assert_eq!((to_latin("abc"), to_latin("한글abc")), (None, None));
    }

    #[test]
    fn keys_that_touch() {
        for (a, b) in [('q', 'w'), ('q', 'a'), ('w', 'a'), ('a', 'z'), ('P', 'l'), ('h', 'n')] {
            assert!(are_neighbours(a, b) && are_neighbours(b, a), "{a}{b}");
        }
        for (a, b) in [('q', 's'), ('q', 'z'), ('a', 'a'), ('a', '1'), ('p', 'a')] {
            assert!(!are_neighbours(a, b), "{a}{b}");
        }
    }

    proptest! {
        /// Typing hangul with the keyboard in Latin, and the reverse, is undone.
        #[test]
        fn both_ways_are_inverse(text in "[가-힣]{1,12}( [가-힣0-9]{1,6})?") {
            let latin = to_latin(&text).unwrap();
            prop_assert_eq!(to_hangul(&latin, false), Some(text));
        }

        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            to_hangul(&text, false);
            to_hangul(&text, true);
            to_latin(&text);
        }
    }
}
