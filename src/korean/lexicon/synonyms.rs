//! `synonyms.txt`: `가, 나, 다` find each other; a query for 가 of `가 => 나, 다` also finds 나 and 다, but not the
//! reverse.

use rustc_hash::FxHashMap;

use super::file::{Warnings, lines};
use super::variants::{VariantKind, Variants};
use crate::korean::fold::fold;

/// Adds the rules of `text` to `variants`.
pub(super) fn parse(text: &str, variants: &mut Variants, warnings: &mut Warnings) {
    let mut group_of: FxHashMap<String, usize> = FxHashMap::default();
    for (line, content) in lines(text) {
        if let Some((left, right)) = content.split_once("=>") {
            let (left, right) = (members(left), members(right));
            if left.is_empty() || right.is_empty() {
                warnings.add(line, "a one-way rule needs words on both sides: `산은 => 산업은행`");
            }
            if !left.is_empty()
                && !right.is_empty()
                && let Some(same) = same_word(left.iter().chain(&right))
            {
                warnings.add(line, same);
            }
            for from in &left {
                for to in &right {
                    variants.add(from, to, VariantKind::Synonym, line);
                }
            }
            continue;
        }
        let group = members(content);
        if group.len() < 2 {
            warnings
                .add(line, "a group needs two or more words, separated by commas: `중소벤처기업부, 중기부`");
            continue;
        }
        if let Some(same) = same_word(group.iter()) {
            warnings.add(line, same);
        }
        for member in &group {
            if let Some(first) = group_of.insert(fold(member), line).filter(|first| *first != line) {
                warnings.add(
                    line,
                    format!("`{member}` is also in the group on line {first}; make them one group"),
                );
            }
        }
        for from in &group {
            for to in &group {
                variants.add(from, to, VariantKind::Synonym, line);
            }
        }
    }
}

/// What to say of a line whose words are one for search already: spaces and marks make no difference, so the line does nothing.
fn same_word<'t>(members: impl Iterator<Item = &'t &'t str>) -> Option<String> {
    let mut members = members.copied();
    let first = members.next()?;
    let folded = fold(first);
    let same = members.all(|member| fold(member) == folded);
    same.then(|| {
        format!(
            "the words of this line are `{first}` for search already, spaces and marks apart: it does nothing"
        )
    })
}

fn members(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|member| !fold(member).is_empty()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn texts<'a>(variants: &'a Variants, word: &str) -> Vec<&'a str> {
        variants.of(word).iter().map(|variant| &*variant.text).collect()
    }

    #[test]
    fn groups_and_rules() {
        let mut variants = Variants::default();
        let mut warnings = Warnings::default();
        parse(
            "중소벤처기업부, 중기부\n산은 => 산업은행\n샘 알트만, 샘 올트먼\n",
            &mut variants,
            &mut warnings,
        );
        assert_eq!(texts(&variants, "중기부"), ["중소벤처기업부"]);
        assert_eq!(texts(&variants, "산은"), ["산업은행"]);
        assert!(texts(&variants, "산업은행").is_empty());
        assert_eq!(texts(&variants, "샘올트먼"), ["샘 알트만"]);
        assert_eq!(variants.longest(), 2);
        assert!(warnings.list.is_empty());
    }

    #[test]
    fn a_line_that_does_nothing_says_so() {
        let mut warnings = Warnings::default();
        parse(
            "한미, 한·미\n물가상승률 => 물가 상승률\n한미, 한국과 미국",
            &mut Variants::default(),
            &mut warnings,
        );
        let lines: Vec<usize> = warnings.list.iter().map(|w| w.line).collect();
        assert_eq!(lines.first(), Some(&1));
        assert!(lines.contains(&2));
        assert!(warnings.list.iter().take(2).all(|w| w.message.contains("does nothing")));
    }

    #[test]
    fn bad_lines_are_named() {
        let mut warnings = Warnings::default();
        parse("홀로\n가, 나\n나, 다\n=> 라", &mut Variants::default(), &mut warnings);
        assert_eq!(warnings.list.iter().map(|w| w.line).collect::<Vec<_>>(), [1, 3, 4]);
    }
}
