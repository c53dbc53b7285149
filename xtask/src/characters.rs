//! `char.bin`: which category each character belongs to and how unknown words of it are formed.
//!
//! Layout: MeCab 0.996, `src/char_property.h` (`struct CharInfo`) and `src/char_property.cpp`.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context as _, Result, bail, ensure};

use crate::little_endian::{Fields, text_until_nul};

/// Bytes of a category name.
const NAME: usize = 32;
/// Characters described: U+0000 to U+FFFE.
const CHARACTERS: u32 = 0xffff;
/// Category of every character that no line of `char.def` names.
const DEFAULT: &str = "DEFAULT";

/// How unknown words that start in a category are formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule {
    /// Try unknown words even where the lexicon has a word.
    invoke: bool,
    /// Take a whole run of the category as one word.
    group: bool,
    /// Also try words of 1 to this many characters.
    length: u32,
}

/// One decoded `CharInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CharInfo {
    /// Bit `n` is set when the character belongs to category `n`.
    set: u32,
    /// The first category of the character's line.
    default: u32,
    rule: Rule,
}

impl CharInfo {
    /// Bit fields from the lowest bit: 18 set, 8 default, 4 length, 1 group, 1 invoke.
    fn decode(word: u32) -> Self {
        Self {
            set: word & 0x3_ffff,
            default: (word >> 18) & 0xff,
            rule: Rule { length: (word >> 26) & 0xf, group: (word >> 30) & 1 == 1, invoke: word >> 31 == 1 },
        }
    }
}

/// Characters `first..=last` that share their categories.
#[derive(Debug)]
struct Run {
    first: u32,
    last: u32,
    /// Category numbers, the default one first.
    categories: Vec<usize>,
}

/// The character categories of a dictionary.
#[derive(Debug)]
pub(crate) struct Characters {
    /// Names in the order of their numbers.
    pub(crate) names: Vec<String>,
    rules: Vec<Rule>,
    runs: Vec<Run>,
}

/// Decodes `char.bin`.
///
/// # Errors
/// When the file is cut short, names a category it lacks, or gives one category two rules.
pub(crate) fn decode(bytes: &[u8]) -> Result<Characters> {
    let mut fields = Fields::new(bytes);
    let count = fields.length()?;
    let names = (0..count)
        .map(|_| Ok(text_until_nul(fields.bytes(NAME)?)?.to_owned()))
        .collect::<Result<Vec<_>>>()?;
    let mut rules: BTreeMap<u32, Rule> = BTreeMap::new();
    let mut runs: Vec<Run> = Vec::new();
    for character in 0..CHARACTERS {
        let info = CharInfo::decode(fields.u32()?);
        let rule = *rules.entry(info.default).or_insert(info.rule);
        ensure!(
            rule == info.rule,
            "category {} has two rules, the second at U+{character:04X}",
            info.default
        );
        let categories = categories(&info, count).with_context(|| {
            format!("U+{character:04X} belongs to a category that char.bin does not name")
        })?;
        match runs.last_mut() {
            Some(run) if run.categories == categories => run.last = character,
            _ => runs.push(Run { first: character, last: character, categories }),
        }
    }
    ensure!(fields.remaining() == 0, "{} bytes follow the characters", fields.remaining());
    // The file states a category's rule only at the characters that have it as their default.
    let rules = (0..u32::try_from(count)?)
        .zip(&names)
        .map(|(category, name)| {
            rules.get(&category).copied().with_context(|| format!("no character shows the rule of {name}"))
        })
        .collect::<Result<_>>()?;
    Ok(Characters { names, rules, runs })
}

/// Category numbers of a character, its default first; `None` when one is not below `count`.
fn categories(info: &CharInfo, count: usize) -> Option<Vec<usize>> {
    let default = usize::try_from(info.default).ok()?;
    let rest = (0..u32::BITS).filter(|bit| *bit != info.default && info.set >> bit & 1 == 1);
    let all: Vec<usize> =
        std::iter::once(default).chain(rest.filter_map(|bit| usize::try_from(bit).ok())).collect();
    all.iter().all(|category| *category < count).then_some(all)
}

impl Characters {
    /// Writes MeCab's `char.def`. Characters of the default category alone need no line.
    pub(crate) fn write_def(&self, out: &mut impl Write) -> Result<()> {
        for (name, rule) in self.names.iter().zip(&self.rules) {
            writeln!(out, "{name} {} {} {}", u8::from(rule.invoke), u8::from(rule.group), rule.length)?;
        }
        for run in &self.runs {
            let names: Vec<&str> = run
                .categories
                .iter()
                .filter_map(|category| self.names.get(*category))
                .map(String::as_str)
                .collect();
            if names == [DEFAULT] {
                continue;
            }
            // lindera reads the bounds through a UTF-16 decoder: it takes these for a byte order mark or an error.
            for bound in [run.first, run.last] {
                if matches!(bound, 0xd800..=0xdfff | 0xfeff | 0xfffe) {
                    bail!("U+{bound:04X} bounds a range of char.def, which lindera cannot read");
                }
            }
            writeln!(out, "0x{:04X}..0x{:04X} {}", run.first, run.last, names.join(" "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn file(words: &[u32]) -> Vec<u8> {
        let mut bytes = 2_u32.to_le_bytes().to_vec();
        for name in ["DEFAULT", "HANGUL"] {
            let mut field = name.as_bytes().to_vec();
            field.resize(NAME, 0);
            bytes.extend(field);
        }
        bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        bytes
    }

    /// Every character DEFAULT (group), but U+0041 and U+0042 HANGUL (group, length 2), U+0043 HANGUL and DEFAULT.
    fn words() -> Vec<u32> {
        let mut words = vec![0x4000_0001_u32; usize::try_from(CHARACTERS).unwrap()];
        words[0x41] = (1 << 30) | (2 << 26) | (1 << 18) | 0b10;
        words[0x42] = words[0x41];
        words[0x43] = words[0x41] | 0b01;
        words
    }

    #[test]
    fn runs_and_rules_become_char_def() {
        let mut out = Vec::new();
        decode(&file(&words())).unwrap().write_def(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "DEFAULT 0 1 0\nHANGUL 0 1 2\n0x0041..0x0042 HANGUL\n0x0043..0x0043 HANGUL DEFAULT\n"
        );
    }

    #[test]
    fn contradictions_are_refused() {
        let mut two_rules = words();
        two_rules[0x42] |= 1 << 31;
        assert!(decode(&file(&two_rules)).unwrap_err().to_string().contains("two rules"));
        let mut unnamed = words();
        unnamed[0x42] |= 0b100;
        assert!(decode(&file(&unnamed)).unwrap_err().to_string().contains("U+0042"));
        assert!(decode(&file(&words()[1..])).unwrap_err().to_string().contains("4 bytes early"));
    }
}
