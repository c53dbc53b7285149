//! Stems that a conjugated word must have come from, by the rules of conjugation: 닫히 of `닫혀서`, 새롭 of `새로워서`, 춤추 of `춤췄다`.
//!
//! For words that the dictionary cuts as a noun with something after it. A stem counts only if the dictionary has it, and from two syllables
//! on: shorter ones are spelt like too much else.

use super::stem::parts;

/// Numbers of vowels and final consonants in Unicode's order.
pub(super) mod letter {
    pub(in crate::korean) const A: u32 = 0;
    pub(in crate::korean) const AE: u32 = 1;
    pub(in crate::korean) const EO: u32 = 4;
    pub(in crate::korean) const YEO: u32 = 6;
    pub(in crate::korean) const O: u32 = 8;
    pub(in crate::korean) const WA: u32 = 9;
    pub(in crate::korean) const WAE: u32 = 10;
    pub(in crate::korean) const OE: u32 = 11;
    pub(in crate::korean) const U: u32 = 13;
    pub(in crate::korean) const WEO: u32 = 14;
    pub(in crate::korean) const EU: u32 = 18;
    pub(in crate::korean) const I: u32 = 20;

    pub(in crate::korean) const NONE: u32 = 0;
    pub(in crate::korean) const NIEUN: u32 = 4;
    pub(in crate::korean) const DIEUT: u32 = 7;
    pub(in crate::korean) const RIEUL: u32 = 8;
    pub(in crate::korean) const BIEUP: u32 = 17;
    pub(in crate::korean) const SIOT: u32 = 19;
    pub(in crate::korean) const SSANGSIOT: u32 = 20;
    pub(in crate::korean) const HIEUT: u32 = 27;
}

/// The stem of `word`, of those that its spelling allows the first that is `known`; `None` where there is none.
pub(super) fn stem_of(word: &[char], known: impl Fn(&str) -> bool) -> Option<String> {
    let (last, before) = word.split_last()?;
    let (lead, vowel, end) = parts(*last)?;
    let candidates = match last {
        '서' => of_infinitive(before),
        '다' => of_past(before),
        '면' => [vec![before.to_vec()], of_open(before)].concat(),
        '고' => vec![before.to_vec()],
        // 두꺼울, 빨갈, 엿들을: what was before ㄹ.
        _ if end == letter::RIEUL => {
            let open = with(before, syllable(lead, vowel, letter::NONE)?);
            let hieut = with(before, syllable(lead, vowel, letter::HIEUT)?);
            let closed = if *last == '을' { of_closed(before) } else { Vec::new() };
            [of_open(&open), vec![hieut], closed].concat()
        }
        _ => Vec::new(),
    };
    let two = candidates.into_iter().filter(|stem| stem.len() >= 2).map(String::from_iter);
    two.into_iter().find(|stem: &String| known(stem))
}

/// The stems whose form in 아 or 어 is `form`.
pub(super) fn of_infinitive(form: &[char]) -> Vec<Vec<char>> {
    let Some((last, before)) = form.split_last() else { return Vec::new() };
    let Some((lead, vowel, letter::NONE)) = parts(*last) else { return Vec::new() };
    let spelt = |vowel: u32| syllable(lead, vowel, letter::NONE).map(|last| with(before, last));
    let mut stems: Vec<Vec<char>> = Vec::new();
    match last {
        '아' | '어' => stems.extend(of_closed(before)),
        '워' | '와' => stems.extend(closed_with(before, letter::BIEUP)),
        '러' | '라' => stems.extend(reopened(before).map(|open| with(&open, '르'))),
        '해' => stems.push(with(before, '하')),
        _ => {}
    }
    match vowel {
        letter::YEO => stems.extend(spelt(letter::I)),
        letter::WEO => stems.extend(spelt(letter::U)),
        letter::WA => stems.extend(spelt(letter::O)),
        letter::WAE => stems.extend(spelt(letter::OE)),
        letter::A | letter::EO => stems.extend(spelt(letter::EU)),
        letter::AE => stems.extend(syllable(lead, letter::A, letter::HIEUT).map(|last| with(before, last))),
        _ => {}
    }
    if matches!(vowel, letter::A | letter::AE | letter::EO | 5 | letter::YEO) {
        stems.push(form.to_vec());
    }
    stems
}

/// The stems whose past tense is `form`.
pub(super) fn of_past(form: &[char]) -> Vec<Vec<char>> {
    let Some((last, before)) = form.split_last() else { return Vec::new() };
    let Some((lead, vowel, letter::SSANGSIOT)) = parts(*last) else { return Vec::new() };
    syllable(lead, vowel, letter::NONE).map(|open| of_infinitive(&with(before, open))).unwrap_or_default()
}

/// The stems in ㅂ that are `form` before 으: 갑작스럽 of 갑작스러우.
pub(super) fn of_open(form: &[char]) -> Vec<Vec<char>> {
    match form.split_last() {
        Some(('우', before)) => closed_with(before, letter::BIEUP).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The stems that are `form` before 아, 어 and 으 with a consonant at their end: 엿듣 of 엿들, 잇 of 이.
pub(super) fn of_closed(form: &[char]) -> Vec<Vec<char>> {
    let Some((last, before)) = form.split_last() else { return Vec::new() };
    let Some((lead, vowel, end)) = parts(*last) else { return Vec::new() };
    let ended = |end: u32| syllable(lead, vowel, end).map(|last| with(before, last));
    match end {
        letter::NONE => ended(letter::SIOT).into_iter().collect(),
        letter::RIEUL => ended(letter::DIEUT).into_iter().chain([form.to_vec()]).collect(),
        _ => vec![form.to_vec()],
    }
}

/// `form` with a consonant at its open end.
fn closed_with(form: &[char], end: u32) -> Option<Vec<char>> {
    let (last, before) = form.split_last()?;
    let (lead, vowel, open) = parts(*last)?;
    (open == letter::NONE).then(|| syllable(lead, vowel, end).map(|last| with(before, last)))?
}

/// `form` without the ㄹ at its end: 무찌 of 무찔.
fn reopened(form: &[char]) -> Option<Vec<char>> {
    let (last, before) = form.split_last()?;
    let (lead, vowel, end) = parts(*last)?;
    (end == letter::RIEUL).then(|| syllable(lead, vowel, letter::NONE).map(|last| with(before, last)))?
}

/// The stem in ㅂ that is `form` and 우 before 으: 안타깝 of 안타까우.
pub(super) fn with_bieup(form: &[char]) -> Option<String> {
    closed_with(form, letter::BIEUP).map(String::from_iter)
}

/// The stem in ㅅ that is `form` before vowels: 젓 of 저.
pub(super) fn with_siot(form: &[char]) -> Option<String> {
    closed_with(form, letter::SIOT).map(String::from_iter)
}

/// The stem in 르 that is `form` and 러 or 라 before 아 and 어: 거스르 of 거슬.
pub(super) fn with_reu(form: &[char]) -> Option<String> {
    reopened(form).map(|open| with(&open, '르').into_iter().collect())
}

/// The stem in ㅎ of two syllables or more whose form in ㄹ is `form`: 빨갛 of 빨갈.
pub(super) fn with_hieut(form: &[char]) -> Option<String> {
    let (last, before) = form.split_last()?;
    let (lead, vowel, end) = parts(*last)?;
    let stem = (end == letter::RIEUL && !before.is_empty()).then(|| syllable(lead, vowel, letter::HIEUT))?;
    stem.map(|last| with(before, last).into_iter().collect())
}

/// Whether a stem of this one syllable keeps it before 아 and 어: it ends in a consonant that stays.
pub(super) fn is_closed_before_vowel(stem: char) -> bool {
    parts(stem).is_some_and(|(_, _, end)| {
        !matches!(end, letter::NONE | letter::DIEUT | letter::RIEUL | letter::BIEUP | letter::SIOT)
    })
}

pub(super) fn with(before: &[char], last: char) -> Vec<char> {
    before.iter().copied().chain([last]).collect()
}

pub(super) fn syllable(lead: u32, vowel: u32, end: u32) -> Option<char> {
    char::from_u32(0xAC00 + lead * 588 + vowel * 28 + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_undone() {
        for (word, stem) in [
            ("닫혀서", "닫히"),
            ("끝내면", "끝내"),
            ("떨쳐서", "떨치"),
            ("춤춰서", "춤추"),
            ("춤췄다", "춤추"),
            ("엿들을", "엿듣"),
            ("엿들어서", "엿듣"),
            ("가르고", "가르"),
            ("무찔러서", "무찌르"),
            ("거슬렀다", "거스르"),
            ("잠가서", "잠그"),
            ("눈떠서", "눈뜨"),
            ("위했다", "위하"),
            ("두꺼울", "두껍"),
            ("새로워서", "새롭"),
            ("갑작스러우면", "갑작스럽"),
            ("빨갈", "빨갛"),
        ] {
            let word: Vec<char> = word.chars().collect();
            assert_eq!(stem_of(&word, |found| found == stem).as_deref(), Some(stem), "{word:?}");
        }
        let any = |word: &str| stem_of(&word.chars().collect::<Vec<_>>(), |_| true);
        for word in ["화면", "광고", "부서", "경찰서", "보고서"] {
            assert_eq!(any(word), None, "{word}");
        }
    }
}
