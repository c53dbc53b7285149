//! [`Recogniser`]: one thread's buffers and memory for finding entities.

use std::cell::RefCell;

use crate::article::Article;
use crate::korean::Language;
use crate::korean::analysis::analysed_text;
use crate::korean::segmenter::{Morpheme, Segmenter, Worker};

use super::assemble::{Span, assemble};
use super::entity::Entities;
use super::facts::KnownFacts;
use super::fixed::{self, Named};
use super::persons;
use super::scene::Scene;
use super::words::{Word, cut};

/// Finds the entities of articles. A thread makes one and keeps it: it has buffers, and a memory of words.
pub struct Recogniser {
    language: Language,
    worker: Worker,
    morphemes: Vec<Morpheme>,
    words: Vec<Word>,
    facts: KnownFacts,
}

impl Recogniser {
    /// A recogniser with the words, names and synonyms of `language`.
    pub fn new(language: &Language) -> Self {
        let worker = language.korean().segmenter().worker();
        Self {
            language: language.clone(),
            worker,
            morphemes: Vec::new(),
            words: Vec::new(),
            facts: KnownFacts::default(),
        }
    }

    /// The entities of `article`. Total: any text has some, or none.
    pub fn entities(&mut self, article: &Article) -> Entities {
        let text = analysed_text(article);
        let mut morphemes = std::mem::take(&mut self.morphemes);
        morphemes.clear();
        self.worker.segment(&text, &mut morphemes);
        let entities = self.entities_in(&text, article.title.len(), &morphemes);
        self.morphemes = morphemes;
        entities
    }

    /// The entities of a text that was cut already: `text` is [`analysed_text`] of an article whose title has `title` bytes, and
    /// `morphemes` are its [`crate::korean::analysis::Analysis::morphemes`].
    pub fn entities_in(&mut self, text: &str, title: usize, morphemes: &[Morpheme]) -> Entities {
        let segmenter: &Segmenter = self.language.korean().segmenter();
        let mut words = std::mem::take(&mut self.words);
        words.clear();
        cut(text, morphemes, &mut words);
        for word in &mut words {
            let own = morphemes.get(word.morphemes.clone()).unwrap_or_default();
            word.facts = self.facts.of(text.get(word.start..word.end).unwrap_or_default(), own, segmenter);
        }
        let scene = Scene { text, words: &words, title };
        let named = find_names(&scene);
        let spans = named.iter().filter(|name| !name.nameless).map(|name| Span {
            kind: name.kind,
            start: name.start,
            end: name.end,
            name: scene.slice(name.start, name.end).to_owned(),
        });
        let entities = assemble(spans.collect(), Vec::new(), title);
        self.words = words;
        entities
    }
}

/// The names of a text, in order and without overlap.
fn find_names(scene: &Scene<'_>) -> Vec<Named> {
    let mut named = fixed::find(scene);
    let mut taken = vec![None; scene.words.len()];
    for (number, name) in named.iter().enumerate() {
        for slot in taken.iter_mut().take(name.last + 1).skip(name.first) {
            *slot = Some(number);
        }
    }
    let persons = persons::find(scene, &named, &taken);
    let is_person = |at: usize| persons.binary_search_by_key(&at, |person| person.first).is_ok();
    named.retain(|name| !(name.first..=name.last).any(is_person));
    named.extend(persons);
    named.sort_by_key(|name| name.start);
    named
}

thread_local! {
    static LAST: RefCell<Option<(u64, Recogniser)>> = const { RefCell::new(None) };
}

/// The entities of `article`, as [`Recogniser::entities`] finds them with a recogniser that this thread keeps.
pub fn entities_of(article: &Article, language: &Language) -> Entities {
    let id = language.korean().id();
    let kept = LAST.take().filter(|(kept, _)| *kept == id).map(|(_, recogniser)| recogniser);
    let mut recogniser = kept.unwrap_or_else(|| Recogniser::new(language));
    let entities = recogniser.entities(article);
    LAST.set(Some((id, recogniser)));
    entities
}
