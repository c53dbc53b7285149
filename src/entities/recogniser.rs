//! [`Recogniser`]: one thread's buffers and memory for finding entities.

use std::cell::{OnceCell, RefCell};

use crate::article::Article;
use crate::korean::Language;
use crate::korean::analysis::analysed_text;
use crate::korean::morpheme::{CutWord, Morpheme};
use crate::korean::segmenter::Worker;

use super::assemble::{Span, assemble};
use super::bands;
use super::beside;
use super::entity::Entities;
use super::facts::{Facts, KnownFacts};
use super::fixed::{self, Named};
use super::foreign;
use super::introduced;
use super::keywords;
use super::offices;
use super::one_way::{self, OneWay};
use super::persons;
use super::scene::Scene;
use super::short;
use super::two_words;
use super::words::{Word, cut};

/// Finds the entities of articles. A thread makes one and keeps it: it has buffers, and a memory of words.
pub struct Recogniser {
    language: Language,
    worker: Worker,
    cut_words: Vec<CutWord>,
    morphemes: Vec<Morpheme>,
    words: Vec<Word>,
    facts: KnownFacts,
    one_way: OneWay,
}

impl Recogniser {
    /// A recogniser with the words, names and synonyms of `language`.
    pub fn new(language: &Language) -> Self {
        let worker = language.korean().segmenter().worker();
        Self {
            language: language.clone(),
            worker,
            cut_words: Vec::new(),
            morphemes: Vec::new(),
            words: Vec::new(),
            facts: KnownFacts::default(),
            one_way: OneWay::default(),
        }
    }

    /// The entities of `article`. Total: any text has some, or none.
    pub fn entities(&mut self, article: &Article) -> Entities {
        let text = analysed_text(article);
        let mut cut_words = std::mem::take(&mut self.cut_words);
        let mut morphemes = std::mem::take(&mut self.morphemes);
        cut_words.clear();
        morphemes.clear();
        self.worker.segment(&text, &mut cut_words, &mut morphemes);
        let entities = self.entities_in(&text, article.title.len(), &cut_words, &morphemes);
        self.cut_words = cut_words;
        self.morphemes = morphemes;
        entities
    }

    /// The entities of a text that was cut already: `text` is [`analysed_text`] of an article whose title has `title` bytes, and
    /// `cut_words` and `morphemes` are [`crate::korean::analysis::Analysis::words`] and its morphemes.
    pub fn entities_in(
        &mut self,
        text: &str,
        title: usize,
        cut_words: &[CutWord],
        morphemes: &[Morpheme],
    ) -> Entities {
        let mut words = std::mem::take(&mut self.words);
        words.clear();
        cut(text, cut_words, morphemes, &mut words);
        for word in &mut words {
            let own = morphemes.get(word.morphemes.clone()).unwrap_or_default();
            let (before, after) = (text.get(..word.start), text.get(word.end..));
            // What stands in an address names nobody.
            let address = before.is_some_and(|before| before.ends_with('@'))
                || after.is_some_and(|after| after.starts_with('@'));
            word.facts = if address {
                Facts { stem: u8::MAX, is_common: true, ..Facts::default() }
            } else {
                let written = text.get(word.start..word.end).unwrap_or_default();
                self.facts.of(written, word.number, own, &self.language)
            };
        }
        let different = OnceCell::new();
        let scene = Scene { text, words: &words, different: &different };
        let Names { named, taken } = find_names(&scene, &self.language, &mut self.one_way);
        let telling = keywords::find(&scene, title, &taken);
        let spans = named.into_iter().filter(|name| !name.nameless).map(|name| Span {
            kind: name.kind,
            start: name.start,
            end: name.end,
            name: name.name.unwrap_or_default(),
        });
        let entities = assemble(spans.collect(), telling, title);
        self.words = words;
        entities
    }
}

/// The names of a text, in order and without overlap.
fn find_names(scene: &Scene<'_>, language: &Language, one_way: &mut OneWay) -> Names {
    let mut names = Names { named: fixed::find(scene), taken: vec![None; scene.words.len()] };
    names.number();
    names.put(persons::find(scene, &names.named, &names.taken));
    names.put(bands::find(scene, &names.named, &names.taken));
    names.put(foreign::find(scene, &names.named, &names.taken));
    names.put(beside::find(scene, &names.named, &names.taken));
    names.put(introduced::in_quotes(scene, &names.taken));
    names.put(two_words::find(scene, &names.named, &names.taken));
    offices::join(scene, &mut names.named, &names.taken);
    names.number();
    names.put(short::find(scene, &names.named, &names.taken, language));
    one_way::write(scene, &mut names.named, language.variants(), one_way);
    names
}

/// The names found so far, in the order of the text, and for each word the number of the one that it belongs to.
struct Names {
    named: Vec<Named>,
    taken: Vec<Option<usize>>,
}

impl Names {
    /// Adds names; they replace those whose words they share.
    fn put(&mut self, more: Vec<Named>) {
        if more.is_empty() {
            return;
        }
        let mut replaced = vec![false; self.named.len()];
        for at in more.iter().flat_map(|name| name.first..=name.last) {
            if let Some(slot) = self.taken.get(at).copied().flatten().and_then(|n| replaced.get_mut(n)) {
                *slot = true;
            }
        }
        let mut replaced = replaced.into_iter();
        self.named.retain(|_| !replaced.next().unwrap_or(false));
        self.named.extend(more);
        self.number();
    }

    fn number(&mut self) {
        self.named.sort_by_key(|name| name.start);
        self.taken.fill(None);
        for (number, name) in self.named.iter().enumerate() {
            for slot in self.taken.iter_mut().take(name.last + 1).skip(name.first) {
                *slot = Some(number);
            }
        }
    }
}

thread_local! {
    static LAST: RefCell<Option<Recogniser>> = const { RefCell::new(None) };
}

/// The entities of `article`, as [`Recogniser::entities`] finds them with a recogniser that this thread keeps.
pub fn entities_of(article: &Article, language: &Language) -> Entities {
    // A reload of the lexicons brings other words, or other names for the same thing.
    let is_same = |kept: &Recogniser| {
        kept.language.korean().id() == language.korean().id() && kept.language.hash() == language.hash()
    };
    let mut recogniser = LAST.take().filter(is_same).unwrap_or_else(|| Recogniser::new(language));
    let entities = recogniser.entities(article);
    LAST.set(Some(recogniser));
    entities
}
