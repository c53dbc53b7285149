//! An article reduced to what is compared: see [`super::decision`].

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use super::alignment::by_hash;
use super::fingerprint::shingles;
use crate::korean::fold::{fold_char, is_kept};

/// Headings of pictures. Captions of one event differ in a name only, and that is the news.
const PICTURES: [&str; 6] = ["포토", "사진", "화보", "photo", "한 컷", "영상"];

/// An article reduced to what is compared.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Hashes of the body's shingles in its order.
    pub(super) shingles: Vec<u32>,
    /// The same with their places, ascending.
    pub(super) by_hash: Vec<(u32, u32)>,
    /// Kept characters of the body.
    pub(super) length: usize,
    /// How many different shingles there are.
    pub(super) different: usize,
    /// Pairs of neighbouring characters of the title as hashes, ascending, each once.
    pub(super) title: Vec<u16>,
    /// The same of the body in its order, by the place of the first.
    pub(super) pairs: Vec<u16>,
    /// Numbers in the body in its order.
    pub(super) numbers: Vec<Number>,
    /// Numbers of the title as written, ascending, each once.
    pub(super) title_numbers: Vec<String>,
    /// Whether it is a picture with a caption.
    pub(super) picture: bool,
    /// Hashes of the body's numbers, ascending, each once.
    pub(super) values: Vec<u64>,
    /// Who printed it, where that is known.
    pub(super) outlet: Option<Box<str>>,
    /// When, in seconds since the Unix epoch, where that is known.
    pub(super) published: Option<i64>,
}

/// A number in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// Where it begins and where it ends, exclusive, in kept characters.
    pub(super) at: (usize, usize),
    /// As written, but without grouping commas.
    pub(super) value: String,
}

impl Text {
    /// Reduces an article with that title and body.
    pub fn of(title: &str, body: &str) -> Self {
        let shingles = shingles(body);
        let by_hash = by_hash(&shingles);
        let different = by_hash.chunk_by(|one, other| one.0 == other.0).count();
        let read = Read::of(body);
        let of_title = Read::of(title);
        Self {
            shingles,
            by_hash,
            different,
            length: read.length,
            title: ascending(of_title.pairs),
            pairs: read.pairs,
            values: ascending(
                read.numbers.iter().map(|number| FxBuildHasher.hash_one(&number.value)).collect(),
            ),
            numbers: read.numbers,
            title_numbers: ascending(of_title.numbers.into_iter().map(|number| number.value).collect()),
            picture: is_picture(title),
            outlet: None,
            published: None,
        }
    }

    /// The same, printed by that outlet at that time, in seconds since the Unix epoch.
    pub fn printed(self, outlet: Option<Box<str>>, published: Option<i64>) -> Self {
        Self { outlet, published, ..self }
    }

    /// Characters of the body that count, roughly.
    pub fn len(&self) -> usize {
        self.shingles.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.shingles.is_empty()
    }
}

/// A pair of neighbouring characters in two bytes; that some share one makes texts seem to agree a little more.
fn pair(first: char, second: char) -> u16 {
    let both = u64::from(u32::from(first)) << 32 | u64::from(u32::from(second));
    (both.wrapping_mul(0x517c_c1b7_2722_0a95) >> 48) as u16
}

fn ascending<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values.dedup();
    values
}

/// Whether a title begins with a picture's heading: `[포토]`, `<사진>`, `포토 |`.
fn is_picture(title: &str) -> bool {
    let heading = title.trim_start().trim_start_matches(['[', '<', '(', '【', '〈', '■', '▲']).trim_start();
    let lower: String = heading.chars().take(5).flat_map(char::to_lowercase).collect();
    PICTURES.iter().any(|picture| {
        lower.strip_prefix(picture).is_some_and(|rest| {
            // `사진관 화재` is not a picture.
            heading.len() < title.trim_start().len() || !rest.starts_with(char::is_alphanumeric)
        })
    })
}

/// What one look at a text gives.
#[derive(Default)]
struct Read {
    /// Kept characters.
    length: usize,
    pairs: Vec<u16>,
    numbers: Vec<Number>,
}

impl Read {
    fn of(text: &str) -> Self {
        let mut read = Self { pairs: Vec::with_capacity(text.len() / 3), ..Self::default() };
        let (mut value, mut start, mut last) = (String::new(), 0, None);
        let mut chars = text.chars().chain([' ']).peekable();
        while let Some(ch) = chars.next() {
            if ch.is_ascii_digit() {
                if value.is_empty() {
                    start = read.length;
                }
                value.push(ch);
            } else if !value.is_empty() {
                match (ch, chars.peek().is_some_and(char::is_ascii_digit)) {
                    (',', true) => {}
                    ('.', true) => value.push('.'),
                    _ => read
                        .numbers
                        .push(Number { at: (start, read.length), value: std::mem::take(&mut value) }),
                }
            }
            fold_char(ch, |folded| {
                if is_kept(folded) {
                    read.length += 1;
                    read.pairs.extend(last.replace(folded).map(|first| pair(first, folded)));
                }
            });
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_heading() {
        for title in ["[포토] 봄", "[사진]봄", "<화보> 봄", "포토 | 봄", "[포토뉴스] 봄", "[PHOTO] 봄"]
        {
            assert!(is_picture(title), "{title}");
        }
        for title in ["사진관 화재", "사진전 열려", "봄 [포토]", "[속보] 봄", ""] {
            assert!(!is_picture(title), "{title}");
        }
    }

    #[test]
    fn numbers_are_read_as_written_with_their_places() {
        let read: Vec<(String, (usize, usize))> = Read::of("약 1,200명과 3.5%, 2024.01.02 그리고 42")
            .numbers
            .into_iter()
            .map(|number| (number.value, number.at))
            .collect();
        let expected = [("1200", (1, 5)), ("3.5", (7, 9)), ("2024.01.02", (10, 18)), ("42", (21, 23))];
        assert_eq!(read, expected.map(|(value, at)| (value.to_owned(), at)));
    }

    #[test]
    fn lengths_are_in_kept_characters() {
        for body in ["", "가", "가나", "새 길, 1,200m!"] {
            let text = Text::of("", body);
            assert_eq!(text.length, crate::korean::fold::kept_len(body), "{body}");
            assert_eq!(text.pairs.len(), text.length.saturating_sub(1), "{body}");
        }
    }
}
