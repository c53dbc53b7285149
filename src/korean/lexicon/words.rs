//! `words.txt`: words that the dictionary lacks, compiled to full dictionary rows.
//!
//! lindera's documented three-column form gives context id 0, and the particle after such a word is tagged
//! wrongly. Full rows need the ids that the dictionary itself uses for the class; ids shift between builds of
//! the dictionary, so they are derived from the one in use: the most frequent pair by class and final consonant.

use lindera::dictionary::{Dictionary, UserDictionary};
use lindera_dictionary::builder::user_dictionary::UserDictionaryBuilderOptions;
use rustc_hash::FxHashMap;

use super::file::{LexiconError, Warning, Warnings, lines};

/// The class of a word in `words.txt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordKind {
    /// The name of a person, `person`.
    Person,
    /// The name of a place, `place`.
    Place,
    /// The name of an organisation, `organisation`.
    Organisation,
    /// The name of a product or service, `product`.
    Product,
    /// A common noun, `other`.
    Other,
}

impl WordKind {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "person" | "사람" => Self::Person,
            "place" | "곳" => Self::Place,
            "organisation" | "organization" | "기관" => Self::Organisation,
            "product" | "제품" => Self::Product,
            "other" | "기타" => Self::Other,
            _ => return None,
        })
    }

    /// Part of speech and meaning columns as mecab-ko-dic writes them.
    fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Person => ("NNP", "인명"),
            Self::Place => ("NNP", "지명"),
            Self::Organisation | Self::Product => ("NNP", "*"),
            Self::Other => ("NNG", "*"),
        }
    }
}

/// One word of `words.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserWord {
    /// The word, no white space.
    pub text: String,
    /// The class, which decides its part of speech.
    pub kind: WordKind,
    /// Its line in the file, from 1.
    pub line: usize,
}

/// The cost of every user word: low enough to win against wrong cuts, high enough not to cut longer dictionary words
/// apart. -3000 was right in all samples measured; with lindera's default of -10000, `이재` cuts `이재명` apart.
const COST: i16 = -3000;

/// Reads the lines of `words.txt`.
pub(super) fn parse(text: &str, warnings: &mut Warnings) -> Vec<UserWord> {
    let mut words: Vec<UserWord> = Vec::new();
    for (line, content) in lines(text) {
        let mut columns = content.split_whitespace();
        let (Some(word), kind, None) = (columns.next(), columns.next(), columns.next()) else {
            warnings.add(line, "a line must be a word without spaces and its class: `챗GPT  product`");
            continue;
        };
        let Some(kind) = WordKind::from_name(kind.unwrap_or("other")) else {
            warnings.add(line, "the class must be one of person, place, organisation, product, other");
            continue;
        };
        if word.contains([',', '"', '\0']) || word.chars().count() > 40 {
            warnings.add(line, format!("`{word}` holds a comma or quote, or is longer than 40 characters"));
            continue;
        }
        if word.chars().count() < 2 {
            warnings.add(line, format!("`{word}` is one character; such a word would cut others apart"));
            continue;
        }
        words.push(UserWord { text: word.to_owned(), kind, line });
    }
    words
}

/// Part of speech, meaning, and whether the last syllable ends in a consonant.
type Class = (&'static str, &'static str, bool);

/// Left and right context ids.
type Ids = (u16, u16);

/// The context ids to use for each class.
type ContextIds = FxHashMap<Class, Ids>;

/// Compiles `words` for `dictionary`, with warnings about words that may cut longer names of the dictionary apart.
///
/// # Errors
/// [`LexiconError::Words`] where lindera refuses the rows.
pub fn compile_words(
    words: &[UserWord],
    dictionary: &Dictionary,
) -> Result<(Option<UserDictionary>, Vec<Warning>), LexiconError> {
    if words.is_empty() {
        return Ok((None, Vec::new()));
    }
    let ids = context_ids(dictionary);
    let mut rows = String::new();
    let mut warnings = Vec::new();
    for word in words {
        let (tag, meaning) = word.kind.columns();
        let coda = has_coda(&word.text);
        let Some((left, right)) = ids.get(&(tag, meaning, coda)) else { continue };
        let mark = if coda { 'T' } else { 'F' };
        let text = &word.text;
        rows.push_str(&format!("{text},{left},{right},{COST},{tag},{meaning},{mark},{text},*,*,*,*\n"));
        if let Some(name) = damaged_name(&word.text, dictionary) {
            let message = format!(
                "`{text}` is the beginning of `{name}` in the dictionary and may cut that name apart"
            );
            warnings.push(Warning { file: "words.txt".to_owned(), line: word.line, message });
        }
    }
    let compiled = UserDictionaryBuilderOptions::default()
        .builder()
        .build_from_reader(rows.as_bytes())
        .map_err(|error| LexiconError::Words(error.to_string()))?;
    Ok((Some(compiled), warnings))
}

/// Whether the last hangul syllable ends in a consonant. Words that end in Latin letters or digits are read as
/// ending in a vowel.
fn has_coda(word: &str) -> bool {
    word.chars()
        .next_back()
        .is_some_and(|ch| ('가'..='힣').contains(&ch) && !(ch as u32 - '가' as u32).is_multiple_of(28))
}

/// One in this many entries is read to find the context ids of a class.
const SAMPLE_STEP: usize = 37;

/// The most frequent (left, right) context ids of entries per class, from a sample of the dictionary.
fn context_ids(dictionary: &Dictionary) -> ContextIds {
    let (left_back, right_back) = match dictionary.metadata.context_id_map.as_ref() {
        Some(map) => (inverse(&map.left), inverse(&map.right)),
        None => (Vec::new(), Vec::new()),
    };
    let original = |table: &[u16], id: u32| table.get(id as usize).copied().unwrap_or(id as u16);
    let mut counts: FxHashMap<(Class, Ids), u32> = FxHashMap::default();
    for id in (0..dictionary.prefix_dictionary.word_count()).step_by(SAMPLE_STEP) {
        let mut columns = dictionary.word_details_iter(id);
        let (Some(tag), Some(meaning), Some(coda), Some(reading)) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            continue;
        };
        let (tag, meaning) = match (tag, meaning) {
            ("NNP", "인명") => ("NNP", "인명"),
            ("NNP", "지명") => ("NNP", "지명"),
            ("NNP", "*") => ("NNP", "*"),
            ("NNG", "*") => ("NNG", "*"),
            _ => continue,
        };
        // The details do not hold the surface, but a hangul noun is written as it is read.
        let entry =
            dictionary.prefix_dictionary.find_surface_iter(reading).find(|e| e.word_id().id() as usize == id);
        let Some(entry) = entry else { continue };
        let ids = (original(&left_back, entry.left_id()), original(&right_back, entry.right_id()));
        *counts.entry(((tag, meaning, coda == "T"), ids)).or_default() += 1;
    }
    let mut best: FxHashMap<Class, (Ids, u32)> = FxHashMap::default();
    for ((class, ids), count) in counts {
        let known = best.entry(class).or_insert((ids, 0));
        if (count, ids) > (known.1, known.0) {
            *known = (ids, count);
        }
    }
    best.into_iter().map(|(class, (ids, _))| (class, ids)).collect()
}

/// The map from new ids back to the original ones: lindera renumbers context ids when it compiles a dictionary.
fn inverse(map: &[u16]) -> Vec<u16> {
    let mut inverse = vec![0; map.len()];
    for (original, mapped) in map.iter().enumerate() {
        if let Some(slot) = inverse.get_mut(usize::from(*mapped)) {
            *slot = original as u16;
        }
    }
    inverse
}

/// A dictionary name that is one syllable longer than a two-syllable `word` and begins with it.
fn damaged_name(word: &str, dictionary: &Dictionary) -> Option<String> {
    if word.chars().count() != 2 || !word.chars().all(|ch| ('가'..='힣').contains(&ch)) {
        return None;
    }
    ('가'..='힣').map(|last| format!("{word}{last}")).find(|longer| {
        dictionary
            .prefix_dictionary
            .find_surface_iter(longer)
            .any(|entry| dictionary.word_details_iter(entry.word_id().id() as usize).nth(1) == Some("인명"))
    })
}
