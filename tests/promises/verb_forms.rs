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

/// The stems that a form was read as.
fn stems(analysis: &Analysis) -> impl Iterator<Item = &str> {
    let first = analysis.tokens.iter().filter(|token| token.kind == TokenKind::Stem && token.index == 0);
    first.map(|token| analysis.term(token))
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
            let read: BTreeSet<&str> = stems(&analysis).collect();
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

/// Other forms of news: -ㄴ다 or -는다, -ㅂ니다 or -습니다, -던, -았던, -았으며, -았음에도, -(으)며, -(으)려는, -아야.
fn more_forms(word: &str, class: &str, verb: bool) -> Vec<String> {
    let stem = word.strip_suffix('다').unwrap();
    let last = stem.chars().next_back().unwrap();
    let [_, _, _, _, past, condition, _, _] = forms(word, class, verb);
    let past = past.strip_suffix('다').unwrap();
    let before_eu = condition.strip_suffix('면').unwrap();
    let open = class == "ㄹ" || final_of(last) == 0;
    let fused = |coda: char, open_end: &str, closed_end: &str| match open {
        true => format!("{}{open_end}", replaced(stem, with_final(last, coda))),
        false => format!("{stem}{closed_end}"),
    };
    let mut found = vec![
        fused('ㅂ', "니다", "습니다"),
        format!("{stem}던"),
        format!("{past}던"),
        format!("{past}으며"),
        format!("{past}음에도"),
        format!("{before_eu}며"),
    ];
    if verb {
        found.extend([fused('ㄴ', "다", "는다"), format!("{before_eu}려는")]);
        // Of two syllables 내야 and 세야 are something else as often.
        found.extend(Some(format!("{}야", infinitive(stem, class))).filter(|form| form.chars().count() > 2));
    }
    found
}

#[test]
fn other_forms_lead_to_their_verb_too() {
    // What the dictionary has a wrong stem of.
    const OPEN: [&str; 10] = [
        "벴던",
        "벴으며",
        "벴음에도",
        "댔으며",
        "졌으며",
        "안타까우며",
        "들어서야",
        "벗어났으며",
        "쓰여야",
        "거칩니다",
    ];
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verbs.tsv")).unwrap();
    let mut analyzer = language().korean().analyzer();
    let mut analysis = Analysis::default();
    let mut wrong = Vec::new();
    for line in table.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [kind @ ("동사" | "형용사"), class, listed] = columns.as_slice() else { continue };
        for word in listed.split(' ') {
            for form in more_forms(word, class, *kind == "동사") {
                analyzer.analyze(&form, &mut analysis);
                let read: BTreeSet<&str> = stems(&analysis).collect();
                if !read.contains(word) && !OPEN.contains(&form.as_str()) {
                    wrong.push(format!("{form}: {read:?}, not {word}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} forms are read wrongly:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nouns_and_verbs_that_are_spelt_alike_are_told_apart() {
    let mut analyzer = language().korean().analyzer();
    let mut analysis = Analysis::default();
    for (form, verb) in [
        ("세운", Some("세우다")),
        ("도운", Some("돕다")),
        ("닫은", Some("닫다")),
        ("입은", Some("입다")),
        ("뒤집은", Some("뒤집다")),
        ("개인", None),
        ("고인", None),
        ("배우자", None),
        ("사기로", None),
        ("남자", None),
        ("막은", Some("막다")),
        ("집은", None),
        ("끝내려는", Some("끝내다")),
    ] {
        analyzer.analyze(form, &mut analysis);
        let read: Vec<&str> = stems(&analysis).collect();
        assert_eq!(read, verb.into_iter().collect::<Vec<_>>(), "{form}");
    }
}
