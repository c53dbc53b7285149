//! The characters of a query: normalisation, what counts as part of a word, and a word without the punctuation around it.

use std::ops::Range;

use crate::korean::joins::money_sign;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text as it is read: without what cannot be seen, then in NFC (Unicode Standard Annex 15), so that a name typed on a
/// Mac (NFD) is the name in the index.
pub(super) fn normalise(input: &str) -> String {
    input.chars().filter_map(visible).nfc().collect()
}

/// `None` for characters that print nothing and only split words: controls, zero-width and directional marks, the soft
/// hyphen, variation selectors, tags. The Hangul fillers that people use as blanks become one.
fn visible(c: char) -> Option<char> {
    match c {
        '\u{3164}' | '\u{FFA0}' => Some(' '),
        _ if c.is_whitespace() => Some(c),
        _ if c.is_control() => None,
        '\u{00AD}'
        | '\u{034F}'
        | '\u{061C}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{180B}'..='\u{180F}'
        | '\u{FEFF}' => None,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => None,
        '\u{FE00}'..='\u{FE0F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' => None,
        _ => Some(c),
    }
}

/// Whether the character can be searched: a letter, digit, syllable or ideograph, or a symbol that represents some
/// (`㈜`, `㎞`, `℃` by their compatibility decomposition; not the trademark signs, which say nothing about a word).
pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
        || (!c.is_ascii() && !matches!(c, '™' | '℠') && std::iter::once(c).nfkc().any(char::is_alphanumeric))
}

/// Letters and digits of alphabets that use an apostrophe inside a word (`don't`); Korean text does not.
pub(super) fn is_latinish(c: char) -> bool {
    c.is_alphanumeric() && c < '\u{1100}'
}

/// Signs that belong to the word they follow: `5%`, `C++`, `디즈니+`, `C#`.
fn is_final_sign(c: char) -> bool {
    matches!(c, '%' | '％' | '‰' | '+' | '＋' | '#' | '＃') || is_combining_mark(c)
}

const BRACKETS: [(char, char); 8] =
    [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>'), ('〈', '〉'), ('《', '》'), ('「', '」'), ('『', '』')];

/// Case particles and quotatives that Korean glues to a closing quote (`"노조 부패"라며`); as words of their own they would
/// be demanded of every article.
pub(super) const PARTICLES: [&str; 52] = [
    "이",
    "가",
    "은",
    "는",
    "을",
    "를",
    "의",
    "에",
    "도",
    "만",
    "와",
    "과",
    "로",
    "으로",
    "에서",
    "에게",
    "부터",
    "까지",
    "보다",
    "처럼",
    "이나",
    "나",
    "라고",
    "이라고",
    "라며",
    "이라며",
    "고",
    "며",
    "라는",
    "이라는",
    "란",
    "이란",
    "에는",
    "에도",
    "에선",
    "에서는",
    "로는",
    "으로는",
    "과의",
    "와의",
    "이다",
    "인",
    "라",
    "이라",
    "라면서",
    "이라면서",
    "면서",
    "라던",
    "이라던",
    "엔",
    "조차",
    "마저",
];

/// White space tidied to single spaces, none at the ends.
pub(super) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
thread_local! {
    /// How often [`Source::get`] was asked on this thread: the reader's work, counted instead of timed.
    pub(super) static READS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// A normalised text that can be addressed by character number.
#[derive(Debug)]
pub(super) struct Source<'a> {
    text: &'a str,
    chars: Vec<(usize, char)>,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Source { text, chars: text.char_indices().collect() }
    }

    /// The number of characters.
    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<char> {
        #[cfg(test)]
        READS.set(READS.get() + 1);
        self.chars.get(at).map(|(_, c)| *c)
    }

    /// The character before `at`, if there is one.
    pub(super) fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.get(at))
    }

    /// The same range in bytes.
    pub(super) fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        let offset = |at: usize| self.chars.get(at).map_or(self.text.len(), |(offset, _)| *offset);
        offset(range.start)..offset(range.end)
    }

    pub(super) fn slice(&self, range: &Range<usize>) -> &'a str {
        self.text.get(self.bytes(range)).unwrap_or_default()
    }

    /// Whether a word could be read somewhere in the range.
    pub(super) fn has_word(&self, range: Range<usize>) -> bool {
        range.into_iter().any(|at| self.get(at).is_some_and(is_word_char))
    }

    /// The word in a stretch without white space, and whether a `*` comes right after it.
    ///
    /// From the first to the last word character with the signs after it; a bracket outside comes along when its partner is
    /// inside, so that `(주)카카오` and `윤(尹)` stay whole while `[속보]` loses both.
    pub(super) fn word(&self, within: &Range<usize>) -> Option<(Range<usize>, bool)> {
        let is_word = |at: &usize| self.get(*at).is_some_and(is_word_char);
        let start = within.clone().find(is_word)?;
        let last = within.clone().rev().find(is_word)?;
        let mut core = start..last + 1;
        // `$5` is not any 5.
        let sign = core.start.checked_sub(1).filter(|sign| *sign >= within.start);
        if let Some(sign) = sign.filter(|sign| self.get(*sign).is_some_and(|c| money_sign(c).is_some()))
            && self.get(core.start).is_some_and(|c| c.is_ascii_digit())
        {
            core.start = sign;
        }
        while core.end < within.end && self.get(core.end).is_some_and(is_final_sign) {
            core.end += 1;
        }
        while let Some(wider) = self.with_partner(&core, within) {
            core = wider;
        }
        let starred = core.end < within.end && self.get(core.end) == Some('*');
        Some((core, starred))
    }

    /// `core` widened to the nearest partner of a bracket that is alone in it; `None` when no bracket needs one. Each step
    /// is linear and a text has at most as many steps as brackets.
    fn with_partner(&self, core: &Range<usize>, within: &Range<usize>) -> Option<Range<usize>> {
        BRACKETS.iter().find_map(|&(open, close)| {
            let (mut opened, mut stray_closers) = (0_usize, 0_usize);
            for c in core.clone().filter_map(|at| self.get(at)) {
                if c == open {
                    opened += 1;
                } else if c == close {
                    match opened.checked_sub(1) {
                        Some(left) => opened = left,
                        None => stray_closers += 1,
                    }
                }
            }
            let left = (stray_closers > 0)
                .then(|| (within.start..core.start).rev().find(|at| self.get(*at) == Some(open)))
                .flatten();
            let right = (opened > 0)
                .then(|| (core.end..within.end).find(|at| self.get(*at) == Some(close)))
                .flatten();
            match (left, right) {
                (Some(start), _) => Some(start..core.end),
                (None, Some(end)) => Some(core.start..end + 1),
                (None, None) => None,
            }
        })
    }
}
