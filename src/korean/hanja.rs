//! Readings of hanja: from the lexicon, else from the dictionary.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fold::{Script, fold, script};
use super::hanja_words::word_reading;
use super::segmenter::Segmenter;

/// How one hanja is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// At the beginning of a word, where the initial sound rule applies (李 이, 女 여).
    pub initial: char,
    /// Elsewhere (李 리, 女 녀).
    pub inner: char,
}

/// The readings of single hanja; cheap to clone.
#[derive(Clone, Default)]
pub struct HanjaReadings {
    table: Arc<FxHashMap<char, Reading>>,
}

impl HanjaReadings {
    /// The dictionary's readings, overridden and completed by `given` (the lexicon's).
    pub fn new(segmenter: &Segmenter, given: impl IntoIterator<Item = (char, Reading)>) -> Self {
        let mut table: FxHashMap<char, Reading> = ('\u{4E00}'..='\u{9FFF}')
            .filter_map(|hanja| {
                let inner = segmenter.hanja_reading(hanja.encode_utf8(&mut [0; 4]))?.chars().next()?;
                Some((hanja, Reading { initial: initial_sound(inner), inner }))
            })
            .collect();
        table.extend(given);
        Self { table: Arc::new(table) }
    }

    /// The reading of `hanja`, at the beginning of a word or elsewhere.
    pub fn reading(&self, hanja: char, initial: bool) -> Option<char> {
        self.table.get(&hanja).map(|reading| if initial { reading.initial } else { reading.inner })
    }

    /// `text` with its hanja as they are read ([`Self::read_word`]); `None` where nothing of it is read otherwise. What has no reading stays.
    pub fn read(&self, text: &str, segmenter: &Segmenter) -> Option<String> {
        let is_hanja = |ch: &char| script(*ch) == Script::Hanja;
        let letters: Vec<char> = text.chars().collect();
        let mut read = String::with_capacity(text.len());
        for run in letters.chunk_by(|one, next| is_hanja(one) == is_hanja(next)) {
            let hanja = run.first().is_some_and(is_hanja);
            let run: String = run.iter().collect();
            // Simplified and Japanese forms are read as the Korean ones.
            let before = read.chars().next_back();
            let reading = hanja.then(|| self.read_word(&fold(&run), before, segmenter)).flatten();
            read.push_str(&reading.unwrap_or(run));
        }
        (read != text).then_some(read)
    }

    /// How `word` is read, which is of hanja alone and comes after `before` in one word: as words are, by a table and by the dictionary of `segmenter`,
    /// longest first (不實企業 is 부실기업, 令狀 영장), else character by character. `None` where a character has no reading.
    pub fn read_word(&self, word: &str, before: Option<char>, segmenter: &Segmenter) -> Option<String> {
        let letters: Vec<char> = word.chars().collect();
        let mut read = String::with_capacity(word.len());
        let mut at = 0;
        while let Some(hanja) = letters.get(at) {
            let last = read.chars().next_back().or(before);
            let longest = if is_read_alone(&letters, at, last) { 1 } else { LONGEST_WORD };
            let known = (2..=longest.min(letters.len() - at)).rev().find_map(|length| {
                let word: String = letters.get(at..at + length)?.iter().collect();
                Some((known_reading(&word, segmenter)?, length))
            });
            if let Some((known, length)) = known {
                read.push_str(&known);
                at += length;
                continue;
            }
            let next = letters.get(at + 1).and_then(|next| self.reading(*next, false));
            let syllable = match hanja {
                // 김 is a surname alone, which stands first, and names have three characters.
                '金' if last.is_some() || letters.len() == 2 => '금',
                '不' if next.is_some_and(|next| matches!(lead(next), DIGEUT | JIEUT)) => '부',
                _ => after_sound(self.reading(*hanja, last.is_none())?, last),
            };
            read.push(syllable);
            at += 1;
        }
        Some(read)
    }

    /// How many hanja have a reading.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether no hanja has a reading.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}

/// Longest word in hanja that is looked up.
const LONGEST_WORD: usize = 4;

/// Whether the hanja `letters[at]`, after `last` in its word, is read by itself, whatever words begin with it: 年 after a number, and 金 at the head of
/// a name, which has three characters, and after which does not come what makes 금융, 금리 or 금강산 of it.
fn is_read_alone(letters: &[char], at: usize, last: Option<char>) -> bool {
    const AFTER_GOLD: &str = "融利額品屬曜銀錢庫塊賞型剛冠泊";
    match letters.get(at) {
        Some('年') => last.is_some(),
        Some('金') => {
            let gold = letters.get(at + 1).is_some_and(|next| AFTER_GOLD.contains(*next));
            last.is_none() && letters.len() == 3 && !gold
        }
        _ => false,
    }
}

/// How `word`, of two characters or more, is read as a word: by the table, else by the dictionary.
fn known_reading(word: &str, segmenter: &Segmenter) -> Option<String> {
    if let Some(known) = word_reading(word) {
        return Some(known.to_owned());
    }
    let mut read = String::new();
    for ch in segmenter.hanja_reading(word)?.chars() {
        let last = read.chars().next_back();
        read.push(if last.is_none() { initial_sound(ch) } else { after_sound(ch, last) });
    }
    Some(read)
}

/// Numbers of the consonants with which a syllable begins.
const DIGEUT: u32 = 3;
const JIEUT: u32 = 12;

/// The number of the consonant with which `syllable` begins; beyond all of them for what is not a syllable.
fn lead(syllable: char) -> u32 {
    (syllable as u32).checked_sub('가' as u32).map_or(u32::MAX, |code| code / 588)
}

/// 렬 and 률 after a vowel or ㄴ are 열 and 율 (한글 맞춤법 제11항): 換率 is 환율.
fn after_sound(syllable: char, before: Option<char>) -> char {
    const NO_FINAL: u32 = 0;
    const FINAL_NIEUN: u32 = 4;
    let last = before
        .filter(|before| ('가'..='힣').contains(before))
        .map(|before| (before as u32 - '가' as u32) % 28);
    match (syllable, last) {
        ('렬' | '률', Some(NO_FINAL | FINAL_NIEUN)) => initial_sound(syllable),
        _ => syllable,
    }
}

/// The initial sound rule (두음 법칙, 한글 맞춤법 제10–12항): ㄴ and ㄹ at the beginning of a Sino-Korean word.
pub fn initial_sound(syllable: char) -> char {
    const NIEUN: u32 = 2;
    const RIEUL: u32 = 5;
    const IEUNG: u32 = 11;
    if !('가'..='힣').contains(&syllable) {
        return syllable;
    }
    let code = syllable as u32 - '가' as u32;
    let (lead, rest) = (code / 588, code % 588);
    // Vowels that begin with i or y: ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ.
    let palatal = matches!(rest / 28, 2 | 3 | 6 | 7 | 12 | 17 | 20);
    let lead = match lead {
        NIEUN | RIEUL if palatal => IEUNG,
        RIEUL => NIEUN,
        other => other,
    };
    char::from_u32('가' as u32 + lead * 588 + rest).unwrap_or(syllable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initial_sounds() {
        for (inner, initial) in
            [('녀', '여'), ('리', '이'), ('로', '노'), ('래', '내'), ('미', '미'), ('년', '연')]
        {
            assert_eq!(initial_sound(inner), initial);
        }
    }

    #[test]
    fn sounds_after_a_vowel() {
        assert_eq!(after_sound('률', Some('환')), '율');
        assert_eq!(after_sound('렬', Some('나')), '열');
        assert_eq!(after_sound('률', Some('법')), '률');
        assert_eq!(after_sound('리', Some('나')), '리');
        assert_eq!((lead('당'), lead('정'), lead('가'), lead('A')), (DIGEUT, JIEUT, 0, u32::MAX));
    }
}
