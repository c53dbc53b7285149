//! Words that differ from a typed one by a slip or two: a weighted edit distance over strokes.
//!
//! Of the sorted keys most are passed over by their length and the set of their letters ([`Letters`]); of the others, rows of the distance
//! matrix are shared by those with the same beginning. Distances are optimal string alignments
//! (Damerau 1964, without edits inside of a transposition), in tenths of an edit.

use super::patience::Patience;
use super::table::{Entry, Keys, Letters, Table};
use crate::korean::jamo::{key, stroke_of};
use crate::korean::keyboard::{are_neighbours, key_of_stroke};

/// A stroke too many, missing, or another one.
const EDIT: u32 = 10;
/// Two strokes in the wrong order.
const SWAP: u32 = 7;
/// The key next to the right one.
const NEIGHBOUR: u32 = 6;
/// A key that was hit twice, or once where it is needed twice.
const DOUBLE: u32 = 6;
/// Letters that sound alike, or differ by shift.
const SOUND: u32 = 5;
/// The most that is looked for, in tenths of an edit.
const FAR: u32 = 20;
/// Keys between two looks at the time.
const KEYS_AT_ONCE: usize = 1024;

/// Letters that are taken for one another because they sound alike, or differ by shift.
const ALIKE: [&str; 8] = ["ㅐㅔ", "ㅐㅒ", "ㅔㅖ", "ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅅㅆ", "ㅈㅉㅊ"];

/// A typed word, ready to be compared.
pub struct Alike {
    key: Vec<u8>,
    letters: Letters,
    /// The largest distance that counts.
    bound: u32,
}

impl Alike {
    /// The longer a word, the more of it may be wrong.
    pub fn new(word: &str) -> Self {
        let key = key(word);
        let letters = Letters::of(&key);
        let key = key.into_bytes();
        let bound = match key.len() {
            // Work grows with the length, and nobody slips in words as long as that.
            0..=3 | 65.. => 0,
            4..=6 => EDIT,
            _ => FAR,
        };
        Self { key, letters, bound }
    }

    /// The same, for one slip at most.
    #[must_use]
    pub fn closely(self) -> Self {
        Self { bound: self.bound.min(EDIT), ..self }
    }

    /// Calls `each` with every single word of `table` within the bound, other than the typed one, and its distance: 0 for
    /// one that is said as it was typed. Whether it came to the end before its patience did.
    pub(super) fn find<'a>(
        &self,
        table: &'a Table,
        patience: Patience,
        mut each: impl FnMut(&'a Entry, u32),
    ) -> bool {
        if self.bound == 0 {
            return true;
        }
        [(&table.plain, &table.plain_letters, 1), (&table.spoken, &table.spoken_letters, 0)].into_iter().all(
            |(keys, letters, least)| {
                self.each_alike(keys, letters, patience, |at, distance| {
                    let entry = table.entries().get(at as usize);
                    if let Some(entry) = entry.filter(|entry| distance >= least && entry.is_word()) {
                        each(entry, distance);
                    }
                })
            },
        )
    }

    /// The distance between the typed word and a text, whatever it is.
    pub fn distance(&self, text: &str) -> u32 {
        let other = key(text);
        let mut rows = Rows::new(&self.key);
        other.bytes().for_each(|code| rows.push(code));
        rows.distance()
    }

    fn each_alike(
        &self,
        keys: &Keys,
        letters: &[Letters],
        patience: Patience,
        mut each: impl FnMut(u32, u32),
    ) -> bool {
        let mut rows = Rows::new(&self.key);
        'keys: for (at, other) in letters.iter().enumerate() {
            if at % KEYS_AT_ONCE == 0 && patience.is_over() {
                return false;
            }
            if !self.may_be(*other) {
                continue;
            }
            let Some((key, entry)) = keys.get(at) else { continue };
            let shared = rows.other.iter().zip(key.as_bytes()).take_while(|(a, b)| a == b).count();
            rows.truncate(shared);
            if rows.least() > self.bound {
                continue;
            }
            for code in key.bytes().skip(shared) {
                rows.push(code);
                if rows.least() > self.bound {
                    continue 'keys;
                }
            }
            let distance = rows.distance();
            if distance <= self.bound {
                each(entry, distance);
            }
        }
        true
    }

    /// Whether a word of these letters may be within the bound. A letter for one that sounds alike or is there already changes nothing
    /// of the set; any other one costs a neighbouring key at least, a letter more or less a double one.
    fn may_be(&self, other: Letters) -> bool {
        let most = self.bound / NEIGHBOUR;
        let (added, removed, length) = self.letters.differences(other);
        added <= most && removed <= most && length <= self.bound / DOUBLE
    }
}

/// The rows of the distance matrix, one for each stroke of the other word so far and one before the first.
struct Rows<'a> {
    typed: &'a [u8],
    other: Vec<u8>,
    /// Row by row, each as long as `typed` and one more.
    cells: Vec<u32>,
}

impl<'a> Rows<'a> {
    fn new(typed: &'a [u8]) -> Self {
        let mut cells = vec![0];
        let mut before = None;
        for code in typed {
            let last = cells.last().copied().unwrap_or(0);
            cells.push(last + gap(*code, before));
            before = Some(*code);
        }
        Self { typed, other: Vec::new(), cells }
    }

    fn width(&self) -> usize {
        self.typed.len() + 1
    }

    fn truncate(&mut self, strokes: usize) {
        self.other.truncate(strokes);
        self.cells.truncate((strokes + 1) * self.width());
    }

    fn cell(&self, row: usize, column: usize) -> u32 {
        self.cells.get(row * self.width() + column).copied().unwrap_or(u32::MAX / 2)
    }

    fn push(&mut self, code: u8) {
        let row = self.other.len() + 1;
        let before = self.other.last().copied();
        let missing = gap(code, before);
        self.cells.push(self.cell(row - 1, 0) + missing);
        let mut typed_before = None;
        for (column, typed) in (1..).zip(self.typed) {
            let mut best = self.cell(row - 1, column) + missing;
            best = best.min(self.cell(row, column - 1) + gap(*typed, typed_before));
            best = best.min(self.cell(row - 1, column - 1) + other(code, *typed));
            if column > 1 && row > 1 && Some(code) == typed_before && before == Some(*typed) && code != *typed
            {
                best = best.min(self.cell(row - 2, column - 2) + SWAP);
            }
            self.cells.push(best);
            typed_before = Some(*typed);
        }
        self.other.push(code);
    }

    /// The least that any word that begins so can differ: of the last row, or of the one before, over which a
    /// transposition reaches.
    fn least(&self) -> u32 {
        let row = |row: usize| {
            let start = row * self.width();
            self.cells.get(start..start + self.width()).unwrap_or_default().iter().copied().min()
        };
        let last = self.other.len();
        let before = last.checked_sub(1).and_then(row).map(|least| least + SWAP);
        row(last).into_iter().chain(before).min().unwrap_or(0)
    }

    fn distance(&self) -> u32 {
        self.cells.last().copied().unwrap_or(0)
    }
}

/// What a stroke too many or missing after `before` costs.
fn gap(code: u8, before: Option<u8>) -> u32 {
    if before == Some(code) { DOUBLE } else { EDIT }
}

/// What one stroke for another costs.
fn other(a: u8, b: u8) -> u32 {
    if a == b {
        return 0;
    }
    let (Some(first), Some(second)) = (stroke_of(a), stroke_of(b)) else {
        let touch = are_neighbours(char::from(a), char::from(b));
        return if touch { NEIGHBOUR } else { EDIT };
    };
    if ALIKE.iter().any(|alike| alike.contains(first) && alike.contains(second)) {
        return SOUND;
    }
    let touch = key_of_stroke(first).zip(key_of_stroke(second)).is_some_and(|(a, b)| are_neighbours(a, b));
    if touch { NEIGHBOUR } else { EDIT }
}

#[cfg(test)]
mod tests {
    use super::super::table::EntryKind;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slips_cost_what_they_are_worth() {
        for (typed, meant, distance) in [
            ("스타트엄", "스타트업", NEIGHBOUR),
            ("스타트업", "스타트업", 0),
            ("베터리", "배터리", SOUND),
            ("반도쳬", "반도체", SOUND),
            ("기준금ㄹ", "기준금리", EDIT),
            ("기준그미리", "기준금리", EDIT),
            ("산업붛", "산업부", EDIT),
            ("검찰", "경찰", NEIGHBOUR + EDIT),
            ("바녿체", "바넏체", NEIGHBOUR),
            ("opeani", "openai", SWAP),
            ("오오픈", "오픈", 2 * EDIT),
            ("google", "gogle", DOUBLE),
        ] {
            let found = Alike::new(typed).distance(meant);
            assert_eq!(found, distance, "{typed} {meant}");
        }
    }

    fn entry(text: &str) -> Entry {
        Entry { text: text.into(), spoken: None, kind: EntryKind::Text, articles: 1, recent: 0.0 }
    }

    proptest! {
        /// Going through sorted keys finds what comparing with each entry finds.
        #[test]
        fn the_walk_misses_nothing(
            words in prop::collection::btree_set("[가나다각갂ㄱabA]{1,5}", 0..60),
            typed in "[가나다각갂ㄱabA]{1,5}",
        ) {
            let table = Table::new(words.iter().map(|word| entry(word)).collect());
            let alike = Alike::new(&typed);
            let mut found: Vec<(String, u32)> = Vec::new();
            assert!(alike.find(&table, Patience::ENDLESS, |entry, distance| found.push((entry.text.to_string(), distance))));
            let mut expected: Vec<(String, u32)> = words
                .iter()
                .map(|word| (word.clone(), alike.distance(word)))
                .filter(|(word, distance)| *distance <= alike.bound && key(word) != key(&typed))
                .collect();
            if alike.bound == 0 {
                expected.clear();
            }
            found.sort();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn distances_are_symmetric(a in "[가-힣a-z]{0,6}", b in "[가-힣a-z]{0,6}") {
            prop_assert_eq!(Alike::new(&a).distance(&b), Alike::new(&b).distance(&a));
        }
    }
}
