//! The spoken form of a text: letters of abbreviations by their names, hanja as read. `오픈AI` is 오픈에이아이, `尹대통령` 윤대통령.

use super::fold::{Script, script};
use super::hanja::HanjaReadings;

/// Names of the letters as newspapers spell abbreviations out (씨제이, 알앤디).
const LETTERS: [&str; 26] = [
    "에이",
    "비",
    "씨",
    "디",
    "이",
    "에프",
    "지",
    "에이치",
    "아이",
    "제이",
    "케이",
    "엘",
    "엠",
    "엔",
    "오",
    "피",
    "큐",
    "알",
    "에스",
    "티",
    "유",
    "브이",
    "더블유",
    "엑스",
    "와이",
    "제트",
];

/// Longest word of capitals that is said letter by letter, in letters.
const LONGEST_ABBREVIATION: usize = 5;

/// The names of the Latin letters of `word`, one after another: `WCP` is 더블유씨피. Other characters are left out.
pub fn spelt_out(word: &str) -> String {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic);
    let number = |letter: u8| usize::from(letter.to_ascii_uppercase() - b'A');
    letters.filter_map(|letter| LETTERS.get(number(letter)).copied()).collect()
}

/// `text` in its spoken form; `None` where that is the same. Latin words that are not abbreviations stay.
pub fn spoken_form(text: &str, readings: &HanjaReadings) -> Option<String> {
    let mut said = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text;
    let mut after_hanja = false;
    while let Some(ch) = rest.chars().next() {
        if ch.is_ascii_alphabetic() {
            let end = rest.find(|ch: char| !ch.is_ascii_alphabetic()).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let abbreviated =
                word.len() <= LONGEST_ABBREVIATION && word.bytes().all(|byte| byte.is_ascii_uppercase());
            if abbreviated {
                said.push_str(&spelt_out(word));
                changed = true;
            } else {
                said.push_str(word);
            }
            rest = after;
            after_hanja = false;
            continue;
        }
        if ch == '&' {
            said.push('앤');
            changed = true;
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let read = readings.reading(ch, !after_hanja).filter(|_| script(ch) == Script::Hanja);
        said.push(read.unwrap_or(ch));
        changed |= read.is_some();
        after_hanja = read.is_some();
        rest = rest.get(ch.len_utf8()..).unwrap_or_default();
    }
    changed.then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn abbreviations_are_spelt_out_and_words_are_not() {
        let none = HanjaReadings::default();
        for (text, said) in [
            ("오픈AI", Some("오픈에이아이")),
            ("SK하이닉스", Some("에스케이하이닉스")),
            ("R&D", Some("알앤디")),
            ("OpenAI", None),
            ("스타트업", None),
            ("KOSPIX", None),
            ("尹대통령", None),
        ] {
            assert_eq!(spoken_form(text, &none).as_deref(), said, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_said(text in any::<String>()) {
            spoken_form(&text, &HanjaReadings::default());
        }
    }
}
