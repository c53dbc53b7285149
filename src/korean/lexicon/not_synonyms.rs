//! `not-synonyms.txt`: names that an archive teaches by mistake. No two of the names on a line find each other.

use rustc_hash::FxHashSet;

use super::file::{Warnings, lines};
use super::variants::{VariantKind, Variants};
use crate::korean::fold::fold;

/// Pairs of names that are not to find each other, whatever the archive teaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotSynonyms {
    pairs: FxHashSet<(Box<str>, Box<str>)>,
}

impl NotSynonyms {
    /// Whether `one` and `other` may find each other; the order makes no difference, nor do spaces, marks and capitals.
    pub fn allow(&self, one: &str, other: &str) -> bool {
        self.pairs.is_empty() || !self.pairs.contains(&key(one, other))
    }
}

fn key(one: &str, other: &str) -> (Box<str>, Box<str>) {
    let (one, other) = (fold(one).into_boxed_str(), fold(other).into_boxed_str());
    if one <= other { (one, other) } else { (other, one) }
}

/// Reads the file. `variants` has the synonyms of `synonyms.txt`, which stay in force.
pub(super) fn parse(text: &str, variants: &Variants, warnings: &mut Warnings) -> NotSynonyms {
    let mut found = NotSynonyms::default();
    for (line, content) in lines(text) {
        let names: Vec<&str> =
            content.split(',').map(str::trim).filter(|name| !fold(name).is_empty()).collect();
        if names.len() < 2 {
            warnings.add(line, "a line needs two or more names, separated by commas: `DC, 데이터센터`");
            continue;
        }
        for (at, one) in names.iter().enumerate() {
            for other in names.iter().skip(at + 1) {
                let (first, second) = key(one, other);
                if first == second {
                    warnings.add(
                        line,
                        format!("`{one}` and `{other}` are one name for search: they find each other"),
                    );
                    continue;
                }
                if let Some(by) = synonym(variants, one, other).or_else(|| synonym(variants, other, one)) {
                    let what = format!(
                        "`{one}` and `{other}` are synonyms by synonyms.txt:{by}, which stays in force; remove one of the lines"
                    );
                    warnings.add(line, what);
                }
                found.pairs.insert((first, second));
            }
        }
    }
    found
}

/// The line of `synonyms.txt` by which `from` finds `to`.
fn synonym(variants: &Variants, from: &str, to: &str) -> Option<usize> {
    let mut known = variants.of(from).iter().filter(|variant| variant.kind == VariantKind::Synonym);
    known.find(|variant| fold(&variant.text) == fold(to)).map(|variant| variant.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (NotSynonyms, Vec<usize>) {
        let mut variants = Variants::default();
        variants.add("중기부", "중소벤처기업부", VariantKind::Synonym, 7);
        let mut warnings = Warnings::default();
        let found = parse(text, &variants, &mut warnings);
        (found, warnings.list.iter().map(|warning| warning.line).collect())
    }

    #[test]
    fn no_two_names_of_a_line_find_each_other() {
        let (found, warnings) = parsed("# 말\nDC, 데이터센터, 확정 기여형\n");
        assert!(!found.allow("dc", "데이터 센터") && !found.allow("데이터센터", "DC"));
        assert!(!found.allow("데이터센터", "확정기여형"));
        assert!(found.allow("DC", "직류"));
        assert!(warnings.is_empty());
    }

    #[test]
    fn lines_that_do_nothing_say_so() {
        let (found, warnings) = parsed("홀로\n가나, 가 나\n중소벤처기업부, 중기부\n");
        assert_eq!(warnings, [1, 2, 3]);
        assert!(found.allow("가나", "가 나"));
    }
}
