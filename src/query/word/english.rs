//! The forms of an English word that news has: plurals, -ed and -ing. A few rules and no stemmer: a stemmer joins university and universe.
//! A form that no article has costs a look into the dictionary of the index.

/// Shortest word, and shortest base of an inflected one.
const LEAST: usize = 3;
/// Longest word: longer ones are not English.
const MOST: usize = 16;
/// Words that look inflected and are not, or mean something else.
const OTHERS: [&str; 22] = [
    "aid",
    "aids",
    "during",
    "evening",
    "nothing",
    "something",
    "anything",
    "everything",
    "morning",
    "new",
    "news",
    "series",
    "species",
    "united",
    "wedding",
    "spring",
    "string",
    "sterling",
    "means",
    "always",
    "sometimes",
    "politics",
];

/// The other forms of `word`, in lower case; none for what is not a word in Latin letters, nor for an acronym in capitals (`AIDS`).
pub(super) fn other_forms(word: &str) -> Vec<String> {
    let letters = word.bytes().all(|b| b.is_ascii_alphabetic());
    let acronym = word.bytes().all(|b| b.is_ascii_uppercase());
    let lower = word.to_ascii_lowercase();
    if !letters || acronym || !(LEAST..=MOST).contains(&word.len()) || OTHERS.contains(&lower.as_str()) {
        return Vec::new();
    }
    // Boeing and Beijing are names, and no forms of a verb.
    if lower.ends_with("ing") && word.starts_with(|first: char| first.is_ascii_uppercase()) {
        return vec![format!("{lower}s")];
    }
    let mut forms = Vec::new();
    let singulars = singulars(&lower);
    let bases = bases(&lower);
    if bases.is_empty() {
        for base in if singulars.is_empty() { std::slice::from_ref(&lower) } else { &singulars } {
            forms.extend(inflected(base));
        }
    }
    // building, meeting, earning are nouns too.
    if lower.ends_with("ing") {
        forms.push(format!("{lower}s"));
    }
    for singular in singulars.iter().filter(|singular| singular.ends_with("ing")) {
        forms.retain(|form| !form.starts_with(singular.as_str()));
    }
    forms.extend(singulars);
    forms.extend(bases);
    let mut seen = vec![lower];
    forms.retain(|form| {
        let new = !seen.contains(form) && !OTHERS.contains(&form.as_str());
        seen.push(form.clone());
        new
    });
    forms
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// Whether it can be a word: long enough, with a vowel.
fn is_base(text: &str) -> bool {
    text.len() >= LEAST && text.bytes().any(|b| is_vowel(b) || b == b'y')
}

/// What `word` is the plural of, or the third person.
fn singulars(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(stem) = word.strip_suffix("ies") {
        found.push(format!("{stem}y"));
        found.push(format!("{stem}ie"));
    } else if let Some(stem) = word
        .strip_suffix("es")
        .filter(|stem| ["s", "x", "z", "sh", "ch", "o"].iter().any(|end| stem.ends_with(end)))
    {
        found.push(stem.to_owned());
        found.push(format!("{stem}e"));
    } else if let Some(stem) = word.strip_suffix('s').filter(|stem| !stem.ends_with(['s', 'u', 'i'])) {
        found.push(stem.to_owned());
    }
    found.retain(|base| is_base(base));
    found
}

/// What `word` may be the past tense or the -ing of.
fn bases(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(stem) = word.strip_suffix("ied") {
        found.push(format!("{stem}y"));
    } else if let Some(stem) =
        word.strip_suffix("ing").or_else(|| word.strip_suffix("ed").filter(|stem| !stem.ends_with('e')))
    {
        found.push(stem.to_owned());
        found.push(format!("{stem}e"));
        let mut letters = stem.bytes().rev();
        if let (Some(last), Some(before)) = (letters.next(), letters.next())
            && last == before
            && !is_vowel(last)
        {
            found.extend(stem.get(..stem.len() - 1).map(str::to_owned));
        }
        if !is_base(stem) {
            found.clear();
        }
    }
    found.retain(|base| is_base(base));
    found
}

/// The forms of a base.
fn inflected(base: &str) -> Vec<String> {
    let mut letters = base.bytes().rev();
    let (last, before) = (letters.next().unwrap_or_default(), letters.next().unwrap_or_default());
    let of =
        |stem: &str, endings: &[&str]| endings.iter().map(|end| format!("{stem}{end}")).collect::<Vec<_>>();
    let stem = base.get(..base.len() - 1).unwrap_or_default();
    if last == b'y' && !is_vowel(before) {
        let mut forms = of(stem, &["ies", "ied"]);
        forms.push(format!("{base}ing"));
        return forms;
    }
    if last == b'e' {
        let mut forms = of(base, &["s", "d"]);
        forms.push(format!("{stem}ing"));
        return forms;
    }
    if ["s", "x", "z", "sh", "ch"].iter().any(|end| base.ends_with(end)) {
        return of(base, &["es", "ed", "ing"]);
    }
    let mut forms = of(base, &["s"]);
    if last == b'o' {
        forms.push(format!("{base}es"));
    }
    // run, plan, stop: a consonant after one vowel is doubled; in a word of one syllable always, so that caring is not of car.
    let third = letters.next().unwrap_or_default();
    let doubles =
        !is_vowel(last) && !matches!(last, b'w' | b'x' | b'y') && is_vowel(before) && !is_vowel(third);
    if doubles {
        let doubled = char::from(last);
        forms.extend([format!("{base}{doubled}ed"), format!("{base}{doubled}ing")]);
    }
    if !doubles || letters.any(is_vowel) {
        forms.extend(of(base, &["ed", "ing"]));
    }
    forms
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_lead_to_one_another() {
        for (typed, other) in [
            ("company", "companies"),
            ("companies", "company"),
            ("Run", "running"),
            ("running", "run"),
            ("invest", "invested"),
            ("investing", "invest"),
            ("make", "making"),
            ("making", "make"),
            ("chips", "chip"),
            ("chip", "chips"),
            ("match", "matches"),
            ("matches", "match"),
            ("movies", "movie"),
            ("plan", "planned"),
            ("planned", "plan"),
            ("star", "starring"),
            ("visit", "visiting"),
            ("chips", "chipping"),
            ("wing", "wings"),
            ("thing", "things"),
            ("building", "buildings"),
            ("buildings", "building"),
            ("meeting", "meetings"),
            ("Boeing", "boeings"),
        ] {
            let forms = other_forms(typed);
            assert!(forms.iter().any(|form| form == other), "{typed}: {forms:?}");
        }
    }

    #[test]
    fn other_words_have_no_other_forms() {
        for typed in ["AIDS", "KBS", "SK", "news", "united", "series", "iphone15", "삼성", "it", "C++"] {
            assert!(other_forms(typed).is_empty(), "{typed}: {:?}", other_forms(typed));
        }
        for (typed, other) in [
            ("university", "universal"),
            ("bring", "br"),
            ("speed", "spe"),
            ("glass", "glas"),
            ("Boeing", "boe"),
            ("car", "caring"),
            ("star", "staring"),
            ("hop", "hoped"),
        ] {
            assert!(!other_forms(typed).iter().any(|form| form == other), "{typed}: {other}");
        }
    }
}
