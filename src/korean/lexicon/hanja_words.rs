//! `hanja.txt`: newspaper hanja as words (`美 | 미 | 미국`), and readings (`李 | 이/리`) under `[읽기]`.

use super::file::{Warnings, lines};
use super::variants::{VariantKind, Variants};
use crate::korean::fold::{Script, script};
use crate::korean::hanja::{Reading, initial_sound};

/// Adds the word rules of `text` to `variants` and returns its readings.
pub(super) fn parse(text: &str, variants: &mut Variants, warnings: &mut Warnings) -> Vec<(char, Reading)> {
    let mut readings = Vec::new();
    for (line, content) in lines(text) {
        if content.starts_with('[') {
            continue;
        }
        let mut columns = content.split('|').map(str::trim);
        let (Some(hanja), Some(reading)) = (columns.next(), columns.next()) else {
            warnings.add(line, "a line needs a hanja and its reading: `美 | 미 | 미국` or `漢 | 한`");
            continue;
        };
        if hanja.is_empty() || !hanja.chars().all(|ch| script(ch) == Script::Hanja) {
            warnings.add(line, format!("`{hanja}` is not written in hanja alone"));
            continue;
        }
        let Some(parsed) = readings_of(hanja, reading) else {
            warnings.add(
                line,
                format!(
                    "`{reading}` is not a reading of `{hanja}`: write one hangul syllable for each hanja"
                ),
            );
            continue;
        };
        // Only a line of one character gives its reading; a longer word may read its characters in other ways.
        if hanja.chars().count() == 1 {
            readings.extend(parsed);
        }
        let words = columns.next().unwrap_or_default();
        let words: Vec<&str> = words.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
        for word in &words {
            variants.add(word, hanja, VariantKind::Hanja, line);
            variants.add(hanja, word, VariantKind::Hanja, line);
        }
        let plain = reading.split('/').next().unwrap_or_default();
        if finds_reading(hanja, plain, &words) {
            variants.add(hanja, plain, VariantKind::Hanja, line);
        }
    }
    readings
}

/// Whether a query for the hanja may also find its bare reading. `與野` finds 여야; a single 尹 must not find every 윤,
/// while 美 may find a separate 미, as in `미 대통령`.
fn finds_reading(hanja: &str, reading: &str, words: &[&str]) -> bool {
    // A word of three syllables that begins with the reading is a person's name.
    let surname = words.iter().any(|word| word.chars().count() == 3 && word.starts_with(reading));
    hanja.chars().count() > 1 || !words.is_empty() && !surname
}

/// The reading of a single hanja, `이` or `이/리`; nothing for a word of several. `None` where `reading` does not fit `hanja`.
fn readings_of(hanja: &str, reading: &str) -> Option<Vec<(char, Reading)>> {
    if let (Some(only), None) = {
        let mut chars = hanja.chars();
        (chars.next(), chars.next())
    } {
        let mut forms = reading.split('/').map(|form| {
            let mut chars = form.trim().chars();
            chars.next().filter(|ch| ('가'..='힣').contains(ch) && chars.next().is_none())
        });
        let first = forms.next()??;
        let second = forms.next().flatten();
        // `이/리` are the two sides of the initial sound rule; other second readings (金 금/김) are rarer and not used.
        let (initial, inner) = match second {
            Some(inner) if initial_sound(inner) == first => (first, inner),
            _ => (initial_sound(first), first),
        };
        return Some(vec![(only, Reading { initial, inner })]);
    }
    let syllables: Vec<char> = reading.split('/').next()?.chars().collect();
    let same =
        syllables.len() == hanja.chars().count() && syllables.iter().all(|ch| ('가'..='힣').contains(ch));
    same.then(Vec::new)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn words_both_ways_and_readings() {
        let mut variants = Variants::default();
        let mut warnings = Warnings::default();
        let readings = parse(
            "美 | 미 | 미국\n尹 | 윤 | 윤석열\n與野 | 여야 | 여야\n[읽기]\n李 | 이/리\n",
            &mut variants,
            &mut warnings,
        );
        let texts = |word: &str| variants.of(word).iter().map(|v| v.text.to_string()).collect::<Vec<_>>();
        assert_eq!(texts("미국"), ["美"]);
        assert_eq!(texts("美"), ["미국", "미"]);
        assert_eq!(texts("尹"), ["윤석열"]);
        assert_eq!(texts("與野"), ["여야"]);
        assert!(readings.contains(&('李', Reading { initial: '이', inner: '리' })));
        assert!(warnings.list.is_empty());
    }

    #[test]
    fn bad_lines_are_named() {
        let mut warnings = Warnings::default();
        parse("美\nA | 에이\n美 | 미국 |\n與野 | 여 |", &mut Variants::default(), &mut warnings);
        assert_eq!(warnings.list.iter().map(|w| w.line).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }
}
