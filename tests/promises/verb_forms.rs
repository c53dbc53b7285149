//! Verbs and adjectives are found in every form: their forms lead to the right dictionary form, and to no other verb.
//!
//! `tests/verbs.tsv` has the commonest ones of Korean news with their class; the forms are made here. What a form that belongs to two
//! verbs leads to, and which forms are a noun where they stand alone, is in the table too,
//! and so are those that are still read wrongly.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::searchable::language;
use gisa::korean::analysis::{Analysis, TokenKind};

const FINALS: [char; 5] = ['ㄴ', 'ㄹ', 'ㅂ', 'ㅆ', 'ㄷ'];

/// `syllable` with this final consonant instead of its own; none for a blank.
fn with_final(syllable: char, last: char) -> char {
    let number = match last {
        ' ' => 0,
        'ㄴ' => 4,
        'ㄷ' => 7,
        'ㄹ' => 8,
        'ㅂ' => 17,
        'ㅆ' => 20,
        _ => panic!("{last} is not one of {FINALS:?}"),
    };
    char::from_u32((syllable as u32 - 0xAC00) / 28 * 28 + 0xAC00 + number).unwrap()
}

fn final_of(syllable: char) -> u32 {
    (syllable as u32 - 0xAC00) % 28
}

fn vowel_of(syllable: char) -> u32 {
    (syllable as u32 - 0xAC00) % 588 / 28
}

fn with_vowel(syllable: char, vowel: u32) -> char {
    char::from_u32((syllable as u32 - 0xAC00) / 588 * 588 + 0xAC00 + vowel * 28).unwrap()
}

/// A stem with `syllable` instead of its last one.
fn replaced(stem: &str, syllable: char) -> String {
    let mut chars: Vec<char> = stem.chars().collect();
    chars.pop();
    chars.push(syllable);
    chars.into_iter().collect()
}

/// The stem and 아 or 어, as one where they become one.
fn infinitive(stem: &str, class: &str) -> String {
    const A: u32 = 0;
    const O: u32 = 8;
    let last = stem.chars().next_back().unwrap();
    let bright = matches!(vowel_of(last), A | O);
    let a = if bright { '아' } else { '어' };
    match class {
        "하" => replaced(stem, '해'),
        "ㄷ" => format!("{}{a}", replaced(stem, with_final(last, 'ㄹ'))),
        "ㅅ" => format!("{}{a}", replaced(stem, with_final(last, ' '))),
        "ㅂ" => {
            let open = replaced(stem, with_final(last, ' '));
            if ["돕다", "곱다"].contains(&format!("{stem}다").as_str()) {
                format!("{open}와")
            } else {
                format!("{open}워")
            }
        }
        "ㅎ" => {
            let open = with_final(last, ' ');
            // 그렇다 그래, 빨갛다 빨개, 하얗다 하얘.
            let vowel = if matches!(vowel_of(open), 2) { 3 } else { 1 };
            replaced(stem, with_vowel(open, vowel))
        }
        "러" => format!("{stem}러"),
        "르" => {
            let before = stem.chars().rev().nth(1).unwrap();
            let ra = if matches!(vowel_of(before), A | O) { '라' } else { '러' };
            let mut chars: Vec<char> = stem.chars().collect();
            chars.pop();
            chars.pop();
            chars.extend([with_final(before, 'ㄹ'), ra]);
            chars.into_iter().collect()
        }
        "으" => {
            let before = stem.chars().rev().nth(1);
            let bright = before.is_some_and(|before| matches!(vowel_of(before), A | O));
            replaced(stem, with_vowel(last, if bright { A } else { 4 }))
        }
        _ if final_of(last) > 0 => format!("{stem}{a}"),
        _ => match vowel_of(last) {
            // ㅗ ㅘ, ㅜ ㅝ, ㅣ ㅕ, ㅚ ㅙ; ㅏ, ㅓ, ㅐ, ㅔ, ㅕ swallow the vowel.
            8 => replaced(stem, with_vowel(last, 9)),
            13 => replaced(stem, with_vowel(last, 14)),
            20 => replaced(stem, with_vowel(last, 6)),
            11 => replaced(stem, with_vowel(last, 10)),
            0 | 1 | 4 | 5 | 6 => stem.to_owned(),
            _ => format!("{stem}{a}"),
        },
    }
}

/// The eight forms of a verb or adjective: -다, -고, -지만, -아서, -았다, -(으)면, -는 or -(으)ㄴ, -(으)ㄹ or -려고.
fn forms(word: &str, class: &str, verb: bool) -> [String; 8] {
    let stem = word.strip_suffix('다').unwrap();
    let last = stem.chars().next_back().unwrap();
    let infinitive = infinitive(stem, class);
    let past = replaced(&infinitive, with_final(infinitive.chars().next_back().unwrap(), 'ㅆ'));
    // What an ending with 으 makes of the stem.
    let before_eu = match class {
        "ㄷ" => format!("{}으", replaced(stem, with_final(last, 'ㄹ'))),
        "ㅅ" => format!("{}으", replaced(stem, with_final(last, ' '))),
        "ㅂ" => format!("{}우", replaced(stem, with_final(last, ' '))),
        "ㅎ" => replaced(stem, with_final(last, ' ')),
        "ㄹ" => stem.to_owned(),
        _ if final_of(last) > 0 => format!("{stem}으"),
        _ => stem.to_owned(),
    };
    let end = before_eu.chars().next_back().unwrap();
    let coda = |coda| replaced(&before_eu, with_final(end, coda));
    let has_iss = ["있다", "없다"].contains(&word);
    let modifier = match (verb || has_iss, class) {
        (true, "ㄹ") => format!("{}는", replaced(stem, with_final(last, ' '))),
        (true, _) => format!("{stem}는"),
        (false, _) => coda('ㄴ'),
    };
    [
        word.to_owned(),
        format!("{stem}고"),
        format!("{stem}지만"),
        format!("{infinitive}서"),
        format!("{past}다"),
        format!("{before_eu}면"),
        modifier,
        // Of one syllable, `볼` and `줄` are nouns where they stand alone.
        if before_eu.chars().nth(1).is_some() { coda('ㄹ') } else { format!("{before_eu}려고") },
    ]
}

/// What the table says of single forms: `=` the verbs that it is, `~` a noun.
type Exceptions<'t> = BTreeMap<&'t str, BTreeSet<&'t str>>;

#[test]
fn every_form_leads_to_its_verb_and_to_no_other() {
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verbs.tsv")).unwrap();
    let mut words = Vec::new();
    let mut shared: Exceptions<'_> = BTreeMap::new();
    let mut nouns: BTreeSet<&str> = BTreeSet::new();
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        match columns.as_slice() {
            [kind @ ("동사" | "형용사"), class, listed] => {
                words.extend(listed.split(' ').map(|word| (*kind == "동사", *class, word)));
            }
            ["두 말", form, verbs] => {
                shared.insert(form, verbs.split(' ').collect());
            }
            ["명사", listed] => nouns.extend(listed.split(' ')),
            ["아직", listed] => open.extend(listed.split(' ')),
            _ => panic!("a line of tests/verbs.tsv is none of the five kinds: {line}"),
        }
    }
    assert!(words.len() >= 300, "only {} verbs and adjectives", words.len());
    let mut analyzer = language().korean().analyzer();
    let mut analysis = Analysis::default();
    let mut wrong = Vec::new();
    let mut unused: BTreeSet<&str> = shared.keys().chain(&nouns).chain(&open).copied().collect();
    for (verb, class, word) in words {
        for form in forms(word, class, verb) {
            unused.remove(form.as_str());
            if nouns.contains(form.as_str()) {
                continue;
            }
            analyzer.analyze(&form, &mut analysis);
            let stems =
                analysis.tokens.iter().filter(|token| token.kind == TokenKind::Stem && token.index == 0);
            let read: BTreeSet<&str> = stems.map(|token| analysis.term(token)).collect();
            let right = shared.get(form.as_str()).cloned().unwrap_or_else(|| BTreeSet::from([word]));
            if open.contains(form.as_str()) {
                assert_ne!(read, right, "{form} is read rightly now: strike it out");
                continue;
            }
            if read != right {
                let cut: Vec<&str> =
                    analysis.morphemes.iter().map(|m| &form[m.start as usize..m.end as usize]).collect();
                let tokens: Vec<&str> = analysis.tokens.iter().map(|token| analysis.term(token)).collect();
                wrong.push(format!(
                    "{form}: {read:?}, not {right:?} (cut {}; {})",
                    cut.join("+"),
                    tokens.join(" ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} forms are read wrongly:\n{}", wrong.len(), wrong.join("\n"));
    assert!(unused.is_empty(), "forms of no verb of the table: {unused:?}");
}
