//! Text typed so far, and the entries that it may become.

use super::table::{Entry, Table};
use crate::korean::fold::kept_chars;
use crate::korean::jamo::{initials, is_consonant, key, without_final};

/// What was typed, ready to be compared. An entry fits if
///
/// * it begins so, stroke by stroke, as it is written or as it is said; or
/// * only consonants were typed and its initial consonants begin so, as it is written or as it is said; or
/// * consonants were typed after whole syllables (`삼성ㅈㅈ`), it begins with the syllables, and its initial consonants go on
///   so. The final consonant of the last syllable may be one of them: an input method makes `우클ㅇㄴ` of 우크 ㄹㅇㄴ.
///
/// Case, spaces and punctuation do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    key: String,
    /// The initials, where nothing else was typed.
    initials: Option<String>,
    /// Keys of the syllables, how many characters those are, and the initials after them.
    mixed: Vec<(String, usize, String)>,
}

impl Typed {
    /// `None` where nothing that counts was typed.
    pub fn new(text: &str) -> Option<Self> {
        let key = key(text);
        if key.is_empty() {
            return None;
        }
        let kept: Vec<char> = kept_chars(text).iter().map(|kept| kept.ch).collect();
        let loose = kept.iter().rev().take_while(|ch| is_consonant(**ch)).count();
        let (before, after) = kept.split_at_checked(kept.len() - loose).unwrap_or((&kept, &[]));
        let after: String = after.iter().collect();
        let Some((last, whole)) = before.split_last() else {
            return Some(Self { initials: Some(initials(&after)), key, mixed: Vec::new() });
        };
        let mut mixed = Vec::new();
        let mut add = |syllables: String, after: &str| {
            mixed.push((self::key(&syllables), syllables.chars().count(), initials(after)));
        };
        if !after.is_empty() {
            add(before.iter().collect(), &after);
            if let Some((open, typed)) = without_final(*last) {
                let open = whole.iter().copied().chain([open]);
                // Of a cluster, the first stroke may stay.
                add(open.clone().collect(), &format!("{typed}{after}"));
            }
        }
        Some(Self { key, initials: None, mixed })
    }

    /// How many strokes were typed.
    pub fn strokes(&self) -> usize {
        self.key.chars().count()
    }

    /// Calls `each` with every entry of `table` that fits and its number, maybe more than once.
    pub(super) fn find<'a>(&self, table: &'a Table, mut each: impl FnMut(&'a Entry, u32)) {
        let mut give = |at: u32| {
            if let Some(entry) = table.entries().get(at as usize) {
                each(entry, at);
            }
        };
        table.plain.beginning(&self.key).for_each(&mut give);
        table.spoken.beginning(&self.key).for_each(&mut give);
        if let Some(initials) = &self.initials {
            table.initials.beginning(initials).for_each(&mut give);
            table.spoken_initials.beginning(initials).for_each(&mut give);
        }
        for (syllables, count, after) in &self.mixed {
            let goes_on = |text: &str| {
                let initials = initials(text);
                let rest = initials
                    .char_indices()
                    .nth(*count)
                    .map_or("", |(at, _)| initials.get(at..).unwrap_or(""));
                rest.starts_with(after.as_str())
            };
            for at in table.plain.beginning(syllables) {
                if table.entries().get(at as usize).is_some_and(|entry| goes_on(&entry.text)) {
                    give(at);
                }
            }
            for at in table.spoken.beginning(syllables) {
                let spoken = table.entries().get(at as usize).and_then(|entry| entry.spoken.as_deref());
                if spoken.is_some_and(goes_on) {
                    give(at);
                }
            }
        }
    }

    /// Calls `each` with every entry of `table` of which the initials are what was typed, to the last, and its number, maybe twice.
    pub(super) fn find_whole<'a>(&self, table: &'a Table, mut each: impl FnMut(&'a Entry, u32)) {
        let Some(initials) = &self.initials else { return };
        for at in table.initials.exactly(initials).chain(table.spoken_initials.exactly(initials)) {
            if let Some(entry) = table.entries().get(at as usize) {
                each(entry, at);
            }
        }
    }

    /// Whether it is a single syllable or letter, so that most of what fits is by chance.
    pub fn is_short(&self) -> bool {
        self.strokes() < 2
    }
}
