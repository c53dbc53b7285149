//! [`Recogniser`]: one thread's buffers and memory for finding entities.

use std::cell::RefCell;

use crate::article::Article;
use crate::korean::Language;
use crate::korean::analysis::analysed_text;
use crate::korean::segmenter::{Morpheme, Segmenter, Worker};
use crate::korean::sense::Sense;

use super::assemble::{Span, assemble};
use super::entity::{Entities, EntityKind};

/// Finds the entities of articles. A thread makes one and keeps it: it has buffers, and a memory of words.
pub struct Recogniser {
    language: Language,
    worker: Worker,
    morphemes: Vec<Morpheme>,
}

impl Recogniser {
    /// A recogniser with the words, names and synonyms of `language`.
    pub fn new(language: &Language) -> Self {
        let worker = language.korean().segmenter().worker();
        Self { language: language.clone(), worker, morphemes: Vec::new() }
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
        let spans = morphemes.iter().filter_map(|morpheme| {
            let (start, end) = (morpheme.start as usize, morpheme.end as usize);
            let kind = match segmenter.sense(morpheme) {
                Sense::Person if end - start >= 9 => EntityKind::Person,
                Sense::Place if end - start >= 6 => EntityKind::Place,
                _ => return None,
            };
            Some(Span { kind, start, end, name: text.get(start..end)?.to_owned() })
        });
        assemble(spans.collect(), Vec::new(), title)
    }
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
