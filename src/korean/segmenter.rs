//! Morphological segmentation: lindera wrapped into something total, shared and reusable.
//!
//! One [`Segmenter`] is shared by the whole process. Each thread borrows a [`Worker`] from its pool:
//! a worker keeps the Viterbi lattice between calls, which is several times as fast (docs/MEASURED.md).
//!
//! **Word by word, with a memory.** Segmenting costs most of indexing. So sentences are cut into words, and these are segmented one
//! by one: a result depends on the word alone and can be remembered. A word then means the same in an article and in a query, which
//! also makes recall steadier. The price is that context across a space no longer decides between two readings of a word; the bigram
//! lane covers what that loses. One part of the context is restored: at the end of the lattice a noun is likelier than a particle
//! (`유영철의` = 유영 + 철의), so a word that may have swallowed one is cut once more with a word after it, and that cut is taken if it ends
//! in a particle. `cargo bench --bench indexing` shows both ways; docs/MEASURED.md has what they are worth.
//!
//! **Total.** No input makes segmentation fail: runs of one class longer than 24 characters are cut, sentences longer than 4 KB too, and
//! where lindera returns an error or panics, that piece is cut at white space and counted (`analyzer_fallbacks` in `/metrics`).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use lindera::dictionary::{Dictionary, UserDictionary, WordId};
use lindera::mode::Mode;
use lindera::worker::SegmentWorker;

use super::fold::{fold_char, is_kept};
use super::hanja_forms::written_so;
use super::morpheme::{CutWord, Morpheme, WordNumber};
use super::pos::{Role, Structure, WordClass};
use super::sense::Sense;
use super::sentence::sentences;
use super::word_memory::WordMemory;

/// The dictionary's columns for one morpheme, as far as search uses them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DictionaryEntry<'a> {
    /// Part of speech, `NNG` or joined as `VV+EP`; `UNKNOWN` without an entry.
    pub tag: &'a str,
    /// Semantic class, `인명` or `지명`; `*` without one.
    pub meaning: &'a str,
    /// Reading in hangul, `*` without one.
    pub reading: &'a str,
    /// Parts, `국민/NNG/*+연금/NNG/*`; `*` for one morpheme.
    pub expression: &'a str,
    /// What the entry is made of, `Compound` or `Inflect`; `*` for one morpheme.
    pub kind: &'a str,
    /// The dictionary that holds the entry.
    pub origin: Origin,
}

impl DictionaryEntry<'_> {
    /// The columns of a morpheme without an entry.
    const NONE: Self = Self {
        tag: "UNKNOWN",
        meaning: "*",
        reading: "*",
        expression: "*",
        kind: "*",
        origin: Origin::Unknown,
    };

    /// Whether it has parts.
    pub fn structure(&self) -> Structure {
        Structure::of(self.kind)
    }
}

/// The parts of an expression column, `국민/NNG/*+연금/NNG/*`, as surface and tag. Homograph digits that
/// strayed into 19 entries (`정진7`) are cut off.
pub fn expression_parts(expression: &str) -> impl Iterator<Item = (&str, &str)> {
    expression.split('+').filter_map(|part| {
        let mut columns = part.split('/');
        let surface = columns.next()?.trim_end_matches(|ch: char| ch.is_ascii_digit());
        (!surface.is_empty()).then_some((surface, columns.next().unwrap_or("")))
    })
}

/// The origin of a dictionary entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The built-in dictionary, mecab-ko-dic.
    Dictionary,
    /// A line of the newsroom's `words.txt`.
    UserWord,
    /// No entry: a guess by character class.
    Unknown,
}

/// The shared segmenter; cheap to clone.
#[derive(Clone)]
pub struct Segmenter {
    shared: Arc<Shared>,
}

struct Shared {
    template: lindera::segmenter::Segmenter,
    /// [`WordClass::pack`] by word id, filled when a word first occurs: filling all 816,283 at start would take a tenth of
    /// a second, and most never occur.
    system_classes: Box<[AtomicU8]>,
    user_classes: Box<[AtomicU8]>,
    unknown_classes: Box<[AtomicU8]>,
    /// [`Sense::pack`] by word id of the built-in dictionary, filled as above.
    system_senses: Box<[AtomicU8]>,
    idle: Mutex<Vec<SegmentWorker>>,
    fallbacks: AtomicU64,
}

impl Segmenter {
    /// A segmenter over a loaded dictionary and the newsroom's own words.
    pub fn new(dictionary: Dictionary, user_words: Option<UserDictionary>) -> Self {
        let classes = |count: usize| (0..count).map(|_| AtomicU8::new(0)).collect::<Box<[AtomicU8]>>();
        let system_classes = classes(dictionary.prefix_dictionary.word_count());
        let system_senses = classes(dictionary.prefix_dictionary.word_count());
        let user_classes = classes(user_words.as_ref().map_or(0, |words| words.dict.word_count()));
        let mut dictionary = dictionary;
        // What comes after a blank does not change how the word before it is cut, and nothing else is asked for: the table of penalties
        // after blanks would take a third of the start.
        Arc::make_mut(&mut dictionary.metadata).space_penalty = None;
        let mut template = lindera::segmenter::Segmenter::new(Mode::Normal, dictionary, user_words);
        // A base64 line or a row of dashes must not become one token of thousands of characters.
        template.max_grouping_len = Some(LONGEST_GROUP);
        let shared = Shared {
            template,
            system_classes,
            user_classes,
            unknown_classes: classes(256),
            system_senses,
            idle: Mutex::new(Vec::new()),
            fallbacks: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared) }
    }

    /// A worker from the pool, or a new one. It returns to the pool when dropped.
    pub fn worker(&self) -> Worker {
        let pooled = self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let worker = pooled.unwrap_or_else(|| self.shared.template.new_worker());
        Worker {
            segmenter: self.clone(),
            worker: Some(worker),
            known: WordMemory::default(),
            extended: String::new(),
            second_cut: Vec::new(),
        }
    }

    /// The dictionary's columns for `morpheme`.
    pub fn entry(&self, morpheme: &Morpheme) -> DictionaryEntry<'_> {
        match morpheme.word {
            Some(word) => self.shared.entry(word, self.origin(morpheme)),
            None => DictionaryEntry::NONE,
        }
    }

    /// The origin of the entry of `morpheme`; cheaper than [`Segmenter::entry`].
    pub fn origin(&self, morpheme: &Morpheme) -> Origin {
        match morpheme.word {
            Some(word) if word.is_unknown() => Origin::Unknown,
            Some(word) if word.is_system() => Origin::Dictionary,
            Some(_) => Origin::UserWord,
            None => Origin::Unknown,
        }
    }

    /// What kind of word `morpheme` is.
    pub fn sense(&self, morpheme: &Morpheme) -> Sense {
        let Some(word) = morpheme.word else { return Sense::Unknown };
        let slot = morpheme.number().and_then(|number| self.shared.system_senses.get(number as usize));
        if let Some(known) = slot.and_then(|slot| Sense::unpack(slot.load(Ordering::Relaxed))) {
            return known;
        }
        let entry = self.shared.entry(word, Origin::Dictionary);
        let sense = Sense::of(entry.tag, entry.meaning);
        if let Some(slot) = slot {
            slot.store(sense.pack(), Ordering::Relaxed);
        }
        sense
    }

    /// All entries of the dictionary written exactly `surface`, without user words.
    pub(super) fn entries_of(&self, surface: &str) -> impl Iterator<Item = DictionaryEntry<'_>> {
        let found = self.shared.template.dictionary.prefix_dictionary.find_surface_iter(surface);
        let words: Vec<WordId> = found.map(|entry| entry.word_id()).collect();
        words.into_iter().map(|word| self.shared.entry(word, Origin::Dictionary))
    }

    /// Tags of all dictionary entries written exactly `surface`, user words included.
    pub fn tags_of(&self, surface: &str) -> Vec<&str> {
        let dictionary = &self.shared.template.dictionary;
        dictionary
            .prefix_dictionary
            .find_surface_iter(surface)
            .filter_map(|entry| dictionary.word_details_iter(entry.word_id().id() as usize).next())
            .collect()
    }

    /// What the entries of the dictionary written exactly `surface` mean.
    pub fn senses_of(&self, surface: &str) -> impl Iterator<Item = Sense> {
        self.entries_of(surface).map(|entry| Sense::of(entry.tag, entry.meaning))
    }

    /// Cost of the likeliest dictionary entry written exactly `surface` whose tag `fits`; the lower, the commoner. None without one.
    pub(super) fn cost_of(&self, surface: &str, fits: impl Fn(&str) -> bool) -> Option<i16> {
        let dictionary = &self.shared.template.dictionary;
        let entries = dictionary.prefix_dictionary.find_surface_iter(surface);
        let fitting = entries.filter(|entry| {
            dictionary.word_details_iter(entry.word_id().id() as usize).next().is_some_and(&fits)
        });
        fitting.map(|entry| entry.word_cost()).min()
    }

    /// Whether the dictionary has `surface`, in hangul of two syllables or more, as a proper noun and as nothing else.
    pub fn is_proper_noun(&self, surface: &str) -> bool {
        let syllables = surface.chars().count();
        if syllables < 2 || !surface.chars().all(|ch| ('가'..='힣').contains(&ch)) {
            return false;
        }
        let dictionary = &self.shared.template.dictionary;
        let mut entries = dictionary.prefix_dictionary.find_surface_iter(surface).peekable();
        entries.peek().is_some()
            && entries.all(|entry| {
                dictionary.word_details_iter(entry.word_id().id() as usize).next() == Some("NNP")
            })
    }

    /// How a word in hanja is read, by the likeliest entry of the dictionary: as many syllables of hangul as `word` has characters. 令狀 is 영장,
    /// though 狀 alone is 상.
    pub fn hanja_reading(&self, word: &str) -> Option<String> {
        let dictionary = &self.shared.template.dictionary;
        let length = word.chars().count();
        let entries = written_so(word).into_iter().flat_map(|word| {
            let entries = dictionary.prefix_dictionary.find_surface_iter(&word);
            entries.map(|entry| (entry.word_cost(), entry.word_id())).collect::<Vec<_>>()
        });
        let mut entries: Vec<(i16, WordId)> = entries.collect();
        entries.sort_by_key(|(cost, _)| *cost);
        entries.into_iter().find_map(|(_, entry)| {
            let reading = dictionary.word_details_iter(entry.id() as usize).nth(3)?;
            let fits =
                reading.chars().count() == length && reading.chars().all(|ch| ('가'..='힣').contains(&ch));
            fits.then(|| reading.to_owned())
        })
    }

    /// How often a sentence had to be cut at white space because the segmenter failed on it.
    pub fn fallbacks(&self) -> u64 {
        self.shared.fallbacks.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn entry(&self, word: WordId, origin: Origin) -> DictionaryEntry<'_> {
        let mut entry = DictionaryEntry { origin, ..DictionaryEntry::NONE };
        for (index, column) in self.columns(word).enumerate() {
            match index {
                0 => entry.tag = column,
                1 => entry.meaning = column,
                3 => entry.reading = column,
                4 => entry.kind = column,
                7 => entry.expression = column,
                _ => {}
            }
        }
        entry
    }

    /// The columns of an entry after its costs: tag, meaning, final consonant, reading, type, first tag, last tag, parts.
    fn columns(&self, word: WordId) -> impl Iterator<Item = &str> {
        let dictionary = &self.template.dictionary;
        let id = word.id() as usize;
        if word.is_unknown() {
            return dictionary.unknown_word_details_iter(id);
        }
        if word.is_system() {
            return dictionary.word_details_iter(id);
        }
        match &self.template.user_dictionary {
            Some(user) => user.word_details_iter(id),
            None => dictionary.unknown_word_details_iter(id),
        }
    }

    fn class(&self, word: WordId) -> WordClass {
        let table = if word.is_unknown() {
            &self.unknown_classes
        } else if word.is_system() {
            &self.system_classes
        } else {
            &self.user_classes
        };
        let slot = table.get(word.id() as usize);
        if let Some(known) = slot.and_then(|slot| WordClass::unpack(slot.load(Ordering::Relaxed))) {
            return known;
        }
        let class = self.look_up(word);
        if let Some(slot) = slot {
            slot.store(class.pack(), Ordering::Relaxed);
        }
        class
    }

    fn look_up(&self, word: WordId) -> WordClass {
        let mut columns = self.columns(word);
        let tag = columns.next().unwrap_or("UNKNOWN");
        let kind = columns.nth(3).unwrap_or("*");
        WordClass::from_columns(tag, kind)
    }
}

/// A thread's own segmenting state, borrowed from the [`Segmenter`]'s pool.
pub struct Worker {
    segmenter: Segmenter,
    worker: Option<SegmentWorker>,
    known: WordMemory,
    /// Buffers of [`Worker::segment_with_continuation`], reused for their capacity.
    extended: String,
    second_cut: Vec<Morpheme>,
}

/// Particles that the lattice takes for the end of a noun where nothing follows, longer ones before their endings, each
/// with text that may follow it in a sentence.
const PARTICLE_CONTINUATIONS: [(&str, &str); 14] = [
    ("의", " 사람"),
    ("에서", " 있다"),
    ("에게", " 있다"),
    ("은", " 있다"),
    ("는", " 있다"),
    ("이", " 있다"),
    ("가", " 있다"),
    ("을", " 한다"),
    ("를", " 한다"),
    ("와", " 있다"),
    ("과", " 있다"),
    ("도", " 있다"),
    ("에", " 있다"),
    ("로", " 간다"),
];

/// Characters of one class that lindera may take for one word; MeCab's own default.
const LONGEST_GROUP: usize = 24;

impl Worker {
    /// The segmenter this worker belongs to.
    pub fn segmenter(&self) -> &Segmenter {
        &self.segmenter
    }

    /// Appends the words of `text` and their morphemes, sentence by sentence and word by word, in order and without overlap;
    /// punctuation gives neither.
    ///
    /// Total: where lindera returns an error or panics, that sentence is cut at white space and counted
    /// in [`Segmenter::fallbacks`].
    pub fn segment(&mut self, text: &str, words: &mut Vec<CutWord>, morphemes: &mut Vec<Morpheme>) {
        self.known.begin_text();
        for range in sentences(text) {
            let Some(sentence) = text.get(range.clone()) else { continue };
            self.segment_words(sentence, range.start as u32, words, morphemes);
        }
    }

    /// Segments the words of a sentence one by one, those met before from memory.
    ///
    /// A word extends between white space and punctuation. Segmented alone, it is cut the same way in every text and in a
    /// query; segmented in its sentence, a quarter of all place names are cut differently from a query of that name.
    fn segment_words(
        &mut self,
        sentence: &str,
        base: u32,
        words: &mut Vec<CutWord>,
        morphemes: &mut Vec<Morpheme>,
    ) {
        let mut at = 0;
        for word in sentence.split(is_between_words) {
            let start = base + at as u32;
            at += word.len()
                + sentence.get(at + word.len()..).and_then(|s| s.chars().next()).map_or(0, char::len_utf8);
            if word.is_empty() {
                continue;
            }
            let before = morphemes.len();
            let known = self.known.recall(word, start, morphemes);
            let number = known.or_else(|| self.segment_word(word, start, morphemes));
            words.push(CutWord {
                start,
                end: start + word.len() as u32,
                morphemes: (before as u32, morphemes.len() as u32),
                number,
            });
        }
    }

    /// Appends the morphemes of a word that is not known, and remembers them.
    fn segment_word(&mut self, word: &str, start: u32, morphemes: &mut Vec<Morpheme>) -> Option<WordNumber> {
        if word.len() > LONGEST_GROUP && word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            // A long key or hash: lindera would cut it into single letters.
            whitespace_cut(word, start, morphemes);
            return None;
        }
        let before = morphemes.len();
        self.segment_piece(word, start, morphemes);
        let new = morphemes.get(before..).unwrap_or_default();
        if let Some(continuation) = self.may_end_in_particle(word, new) {
            self.segment_with_continuation(word, continuation, start, morphemes, before);
        }
        let new = morphemes.get_mut(before..)?;
        self.correct_final_i(word, new);
        self.known.learn(word, start, new)
    }

    /// At the end of a word the lattice takes the particle 이 for a determiner (`연준이`). A determiner never ends a word of
    /// several morphemes, so there it is made a particle again.
    fn correct_final_i(&self, word: &str, morphemes: &mut [Morpheme]) {
        let Some((last, [_, ..])) = morphemes.split_last_mut() else { return };
        if word.ends_with('이') && self.segmenter.entry(last).tag == "MM" {
            last.class =
                WordClass { role: Role::Dropped, structure: Structure::Simple, bound: true, hanja: false };
        }
    }

    /// Where the last morpheme of `word` may include a particle (`유영철의` cut 유영 + 철의), a text to follow the word.
    ///
    /// A word alone is at the end of the lattice, where a noun is likelier than a particle: in a sentence something follows
    /// a particle.
    fn may_end_in_particle(&self, word: &str, morphemes: &[Morpheme]) -> Option<&'static str> {
        // One morpheme is one dictionary word (의사, 아이): it ends in no particle.
        let [_, .., last] = morphemes else { return None };
        if last.class.role == Role::Dropped {
            return None;
        }
        let known = PARTICLE_CONTINUATIONS.iter().find(|(particle, _)| word.ends_with(particle));
        known.map(|(_, continuation)| *continuation)
    }

    /// Segments `word` again, followed by `continuation`, and replaces the morphemes from `from` on by that cut if the word
    /// then ends in a particle.
    fn segment_with_continuation(
        &mut self,
        word: &str,
        continuation: &str,
        base: u32,
        morphemes: &mut Vec<Morpheme>,
        from: usize,
    ) {
        let mut extended = std::mem::take(&mut self.extended);
        extended.clear();
        extended.push_str(word);
        extended.push_str(continuation);
        let mut cut = std::mem::take(&mut self.second_cut);
        cut.clear();
        self.segment_piece(&extended, base, &mut cut);
        let end = base + word.len() as u32;
        let ours = cut.partition_point(|morpheme| morpheme.start < end);
        let last = cut.get(..ours).and_then(<[Morpheme]>::last);
        let particle = |morpheme: &Morpheme| self.segmenter.entry(morpheme).tag.starts_with('J');
        if last.is_some_and(|last| last.end == end && particle(last)) {
            morphemes.truncate(from);
            morphemes.extend(cut.iter().take(ours));
        }
        self.extended = extended;
        self.second_cut = cut;
    }

    /// Segments `sentence` as lindera does; cut at white space where lindera fails.
    fn segment_piece(&mut self, sentence: &str, base: u32, out: &mut Vec<Morpheme>) {
        let before = out.len();
        let Self { segmenter, worker, .. } = self;
        let worker = worker.get_or_insert_with(|| segmenter.shared.template.new_worker());
        let shared = &segmenter.shared;
        let segmented = catch_unwind(AssertUnwindSafe(|| match worker.segment(sentence) {
            Ok(tokens) => {
                out.extend(tokens.iter().map(|token| Morpheme {
                    start: base + token.byte_start as u32,
                    end: base + token.byte_end as u32,
                    class: shared.class(token.word_id),
                    word: Some(token.word_id),
                }));
                true
            }
            Err(error) => {
                tracing::warn!(%error, "segmenter refused a sentence, cutting it at white space");
                false
            }
        }));
        if !matches!(segmented, Ok(true)) {
            // The lattice may be half built, and `out` may hold some of the tokens.
            worker.reset();
            out.truncate(before);
            shared.fallbacks.fetch_add(1, Ordering::Relaxed);
            whitespace_cut(sentence, base, out);
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            self.segmenter.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        }
    }
}

/// Whether `ch` separates words: white space and punctuation, but not signs that fold to letters, such as ㈜ and ①.
fn is_between_words(ch: char) -> bool {
    match ch {
        '가'..='힣' | '0'..='9' | 'a'..='z' | 'A'..='Z' => false,
        _ if ch.is_ascii() => true,
        _ => {
            let mut counts = false;
            fold_char(ch, |folded| counts |= is_kept(folded));
            !counts
        }
    }
}

/// Appends each stretch without white space as one morpheme.
fn whitespace_cut(sentence: &str, base: u32, out: &mut Vec<Morpheme>) {
    let class = WordClass { role: Role::Surface, structure: Structure::Simple, bound: false, hanja: false };
    let mut at = 0;
    for piece in sentence.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if !word.is_empty() {
            out.push(Morpheme {
                start: base + at as u32,
                end: base + (at + word.len()) as u32,
                class,
                word: None,
            });
        }
        at += piece.len();
    }
}
