//! Readings of hanja: from the lexicon, else from the dictionary.

use std::sync::Arc;

use rustc_hash::FxHashMap;

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
                let inner = segmenter.hanja_reading(hanja)?;
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

    /// How many hanja have a reading.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether no hanja has a reading.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
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
}
