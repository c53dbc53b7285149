//! Folding: the characters of a text that count for search, in their search form.
//!
//! Both lanes, the query side and the highlighter share one coordinate: the **kept index**, the
//! number of a character among those that count (letters, digits and `%`, after NFKC and lower
//! case). White space and punctuation have no index; they only leave a *gap* between two kept
//! characters. So `밝혔다.중수본`, `밝혔다. 중수본` and a line break there read the same, while
//! `다시장` and `다시 장` stay different.
//!
//! Every token of every lane has its kept index as position. Hence positions of different lanes can be compared, and a
//! condition may mix lanes; and a position alone finds the characters in the stored text again, by counting: nothing else
//! is stored for highlighting.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::hanja_forms::korean_form;

/// One character that counts, with where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptChar {
    /// The character in search form: NFKC, lower case.
    pub ch: char,
    /// Byte offset of the source character in the text.
    pub start: u32,
    /// Byte offset after the source character and the combining marks on it.
    pub end: u32,
    /// Whether there is anything between this and the previous kept character, such as white space.
    pub gap: bool,
    /// Whether the gap is exactly one mark that joins letters (`한·미`, `온-오프라인`, `U.S.`): it neither makes nor breaks a word.
    pub mark: bool,
    /// Whether the gap holds a sign that parts what is before it from what is after it (`한국, 인도`): no word goes over it.
    pub apart: bool,
    /// Whether the gap is exactly one `.`, which distinguishes `1.2조` from `1, 2조`.
    pub after_point: bool,
}

/// What is between two neighbouring kept characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Nothing, or what separates nothing.
    Nothing,
    /// White space, quotation marks or a mark that joins letters.
    Blank,
    /// A sign at which words end.
    Apart,
}

impl Between {
    /// How terms of the index write it; `None` for nothing.
    pub fn sign(self) -> Option<char> {
        match self {
            Self::Nothing => None,
            Self::Blank => Some(' '),
            Self::Apart => Some(','),
        }
    }
}

impl KeptChar {
    /// What is between this and the previous kept character.
    pub fn between(&self) -> Between {
        match self {
            Self { apart: true, .. } => Between::Apart,
            Self { gap: true, .. } => Between::Blank,
            _ => Between::Nothing,
        }
    }
}

/// Script of a folded character, as far as search cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Hangul syllables and jamo.
    Hangul,
    /// Han characters.
    Hanja,
    /// Decimal digits of any script.
    Digit,
    /// Everything else that counts: Latin, Cyrillic, kana, `%`.
    Other,
}

/// The script of a folded character.
pub fn script(ch: char) -> Script {
    match ch {
        '가'..='힣' | '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' => Script::Hangul,
        '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3134F}' => Script::Hanja,
        '0'..='9' => Script::Digit,
        _ if ch.is_numeric() => Script::Digit,
        _ => Script::Other,
    }
}

/// Whether a folded character counts for search.
pub fn is_kept(ch: char) -> bool {
    match ch {
        '가'..='힣' | '0'..='9' | 'a'..='z' | '%' => true,
        // Newsrooms type the old letter ㆍ for a middle dot.
        '\u{318D}' => false,
        _ => ch.is_alphanumeric(),
    }
}

/// Whether `ch` is invisible, so that it separates nothing: variation selectors, zero-width characters, directional marks
/// (Default_Ignorable_Code_Point of Unicode, without the blanks of hangul). Pasted queries hold them.
fn is_invisible(ch: char) -> bool {
    matches!(ch,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether `ch` is a mark on the character before it.
fn is_combining(ch: char) -> bool {
    // The table is slow, so it is asked only about characters that are rare in news.
    ch >= '\u{300}' && !matches!(ch, '가'..='힣' | '一'..='鿿') && canonical_combining_class(ch) != 0
}

/// Calls `each` with the characters that `ch` folds to (NFKC, lower case), kept or not.
///
/// Compatibility jamo (`ㅋㅋ`, U+3130–318F) stay as typed: NFKC would turn them into conjoining jamo
/// that no keyboard produces.
pub fn fold_char(ch: char, mut each: impl FnMut(char)) {
    match ch {
        '가'..='힣' | '0'..='9' | 'a'..='z' | '\u{3130}'..='\u{318F}' => each(ch),
        'A'..='Z' => each(ch.to_ascii_lowercase()),
        _ if ch.is_ascii() => each(ch),
        _ => {
            for folded in std::iter::once(ch).nfkc() {
                for lower in folded.to_lowercase() {
                    each(one_form(lower));
                }
            }
        }
    }
}

/// A letter without its accent, a hanja in the form that Korean newspapers print.
fn one_form(ch: char) -> char {
    if ('一'..='鿿').contains(&ch) {
        return korean_form(ch);
    }
    if !matches!(ch, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}') {
        return ch;
    }
    let mut parts = std::iter::once(ch).nfd();
    parts.next().filter(char::is_ascii_alphabetic).unwrap_or(ch)
}

/// `text` folded, with characters that do not count left out.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Appends `text` folded, with characters that do not count left out, to `out`.
pub fn fold_into(text: &str, out: &mut String) {
    for ch in text.chars() {
        fold_char(ch, |folded| {
            if is_kept(folded) {
                out.push(folded);
            }
        });
    }
}

/// The kept characters of `text`, in order; the kept index of each is its place in the result.
pub fn kept_chars(text: &str) -> Vec<KeptChar> {
    let mut kept = Vec::with_capacity(text.len() / 3 + 8);
    kept_chars_into(text, &mut kept);
    kept
}

/// Like [`kept_chars`], appending to a buffer that the caller reuses.
pub fn kept_chars_into(text: &str, kept: &mut Vec<KeptChar>) {
    let before = kept.len();
    kept.reserve(text.len() / '가'.len_utf8());
    let mut gap = 0_u32;
    let mut only = ' ';
    let mut parted = false;
    for (start, ch) in text.char_indices() {
        // Most of a Korean text: a syllable after another needs no questions.
        if gap == 0 && matches!(ch, '가'..='힣') {
            let (start, end) = (start as u32, (start + ch.len_utf8()) as u32);
            kept.push(KeptChar { ch, start, end, gap: false, mark: false, apart: false, after_point: false });
            continue;
        }
        if is_invisible(ch) {
            continue;
        }
        let end = start + ch.len_utf8();
        if is_combining(ch) {
            // Readers see an accent as a part of its character, so a mark on the character must cover it too.
            let carriers = kept.iter_mut().skip(before).rev();
            carriers
                .take_while(|carrier| carrier.end as usize == start)
                .for_each(|carrier| carrier.end = end as u32);
        }
        fold_char(ch, |folded| {
            if is_kept(folded) {
                let after_point = gap == 1 && only == '.';
                // `1,200` and `1200` are one number: a comma that groups thousands is not a gap.
                let grouped = gap == 1 && only == ',' && groups_thousands(text, start);
                // What is between digits belongs to the number, or the number says itself that it does not.
                let digits = folded.is_numeric() && kept.last().is_some_and(|before| before.ch.is_numeric());
                kept.push(KeptChar {
                    ch: folded,
                    start: start as u32,
                    end: end as u32,
                    gap: gap > 0 && !grouped,
                    mark: gap == 1 && joins(text, start, only, folded, kept.last()),
                    apart: parted && !digits,
                    after_point,
                });
                gap = 0;
                parted = false;
            } else {
                gap += 1;
                only = folded;
                // The full stop of an abbreviation (`A.I. 반도체`, `St. 루이스`) ends no sentence, or nobody can tell.
                let abbreviates =
                    || gap == 1 && kept.last().is_some_and(|before| before.ch.is_ascii_alphabetic());
                parted |= parts(folded) && !(folded == '.' && abbreviates());
            }
        });
    }
}

/// Whether words end at `ch`: at what ends or divides sentences, and at brackets. Quotation marks stand around parts of words
/// (`'오픈' 런`), and a line may end anywhere.
fn parts(ch: char) -> bool {
    matches!(
        ch,
        ',' | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | '、'
            | '。'
            | '|'
            | '('
            | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '<'
            | '>'
            | '〈'
            | '〉'
            | '《'
            | '》'
            | '【'
            | '】'
            | '〔'
            | '〕'
    )
}

/// Whether `mark`, right before the letter `then` at byte `at` of `text` and after `before`, joins the two. Between digits
/// nothing does; a full stop only single Latin letters: after hangul it ends a sentence, often without a blank.
fn joins(text: &str, at: usize, mark: char, then: char, before: Option<&KeptChar>) -> bool {
    let Some(before) = before else { return false };
    if before.ch.is_numeric() && then.is_numeric() {
        return false;
    }
    match mark {
        '·' | '\u{318D}' | '‧' | '∙' | '•' | '・' | '⋅' | '/' | '∕' | '-' | '‐' | '‑' | '‒' | '–' | '~'
        | '∼' | '〜' => true,
        '.' => {
            let latin = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_alphabetic());
            let head = text.get(..before.start as usize).unwrap_or_default();
            let tail = text.get(at..).unwrap_or_default();
            latin(Some(before.ch))
                && latin(Some(then))
                && !head.chars().next_back().is_some_and(char::is_alphanumeric)
                && !latin(tail.chars().nth(1))
        }
        _ => false,
    }
}

/// Whether exactly three digits begin at byte `at` of `text`, with a digit before the comma in front of them; full-width
/// ones (a query is not cleaned as articles are) too.
fn groups_thousands(text: &str, at: usize) -> bool {
    let digit = |ch: char| ch.is_ascii_digit() || ('０'..='９').contains(&ch);
    let before = text.get(..at).and_then(|before| before.chars().rev().nth(1));
    let after = text.get(at..).unwrap_or_default();
    // Four are asked for: `1,2000` is not grouped.
    before.is_some_and(digit) && after.chars().take(4).take_while(|&ch| digit(ch)).count() == 3
}

/// How many kept characters `text` has.
pub fn kept_len(text: &str) -> usize {
    let mut count = 0;
    for ch in text.chars() {
        fold_char(ch, |folded| count += usize::from(is_kept(folded)));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape(text: &str) -> String {
        kept_chars(text).iter().flat_map(|k| [k.gap.then_some('_'), Some(k.ch)]).flatten().collect()
    }

    #[test]
    fn gaps_are_alike_whatever_made_them() {
        for text in [
            "밝혔다.중수본은",
            "밝혔다. 중수본은",
            "밝혔다.\n중수본은",
            "밝혔다·“중수본은",
            "밝혔다ㆍ중수본은",
        ] {
            assert_eq!(shape(text), "밝혔다_중수본은");
        }
    }

    #[test]
    fn folds_case_width_and_compatibility_forms() {
        assert_eq!(shape("ＧＰＴ-4ｏ"), "gpt_4o");
        assert_eq!(shape("㈜카카오"), shape("(주)카카오"));
        assert_eq!(fold("ㅋㅋ K-팝 5%"), "ㅋㅋk팝5%");
        assert_eq!(shape("葛\u{E0100}城 중\u{AD}기\u{200B}부\u{FE0F}"), "葛城_중기부");
    }

    #[test]
    fn accents_belong_to_what_they_stand_on() {
        let text = "관\u{301}\u{302}은 ㈜\u{301} \u{301}가";
        let seen = kept_chars(text);
        let seen: Vec<_> = seen.iter().filter_map(|k| text.get(k.start as usize..k.end as usize)).collect();
        assert_eq!(seen, ["관\u{301}\u{302}", "은", "㈜\u{301}", "가"]);
    }

    #[test]
    fn thousands_commas_are_not_gaps() {
        assert_eq!(shape("1,200원과 1,234,567원"), "1200원과_1234567원");
        assert_eq!(shape("1,2등"), "1_2등");
        assert_eq!(shape("１，２００원, 1,2000원"), "1200원_1_2000원");
        assert_eq!(shape("3.5%"), "3_5%");
    }

    #[test]
    fn words_end_at_what_divides_sentences() {
        let last = |text: &str| kept_chars(text).pop().map(|k| (k.gap, k.apart));
        for text in ["국, 인", "국,인", "국. 인", "국(인", "국…인", "국: 인", "국\u{FF0C}인", "국”, ‘인"]
        {
            assert_eq!(last(text), Some((true, true)), "{text}");
        }
        for text in
            ["국 인", "국\n인", "국·인", "국’ 인", "‘국’인", "국-인", "국 · 인", "A.I. 인", "1, 2", "1.2"]
        {
            assert_eq!(last(text), Some((true, false)), "{text}");
        }
        assert_eq!(last("1,200"), Some((false, false)));
    }

    proptest! {
        #[test]
        fn offsets_are_ordered_and_on_character_bounds(text in any::<String>()) {
            let kept = kept_chars(&text);
            prop_assert_eq!(kept.len(), kept_len(&text));
            for k in &kept {
                prop_assert!(text.is_char_boundary(k.start as usize) && text.is_char_boundary(k.end as usize));
            }
            prop_assert!(kept.windows(2).all(|pair| pair[0].start <= pair[1].start));
        }
    }
}
