//! What tells in a query whether words are a name: its surname, and an age in brackets after it.

/// Surnames of one syllable.
const SHORT: &str = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부";

/// Surnames of two syllables.
pub const LONG_SURNAMES: [&str; 8] = ["남궁", "황보", "선우", "독고", "제갈", "사공", "서문", "동방"];

/// Whether `text` is a surname and nothing more.
pub fn is_surname(text: &str) -> bool {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(only), None) => SHORT.contains(only),
        _ => LONG_SURNAMES.contains(&text),
    }
}

/// How many syllables the surname of `name` has, 1 or 2; `None` where `name` does not have the shape of one: a surname, and a given name of
/// one syllable or two.
pub fn surname_length(name: &[char]) -> Option<usize> {
    let head: String = name.iter().take(2).collect();
    match name.len() {
        3 | 4 if is_surname(&head) => Some(2),
        2 | 3 if name.first().is_some_and(|first| SHORT.contains(*first)) => Some(1),
        _ => None,
    }
}

/// What comes after the age in brackets with which `text` begins (`(34)씨`, `(34·여)`); `None` where it begins with none.
pub fn after_age(text: &str) -> Option<&str> {
    let (age, after) = text.strip_prefix('(')?.split_once(')')?;
    age.chars().any(|ch| ch.is_ascii_digit()).then_some(after)
}
