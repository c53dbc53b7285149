//! A word or phrase of a query → the shapes that find it.

use super::query::TextField;
use super::shape::{Clause, Extent, Form, Lane, Origin, Probe, Shape, Slot};
use crate::korean::Language;
use crate::korean::analysis::{Analysis, Analyzer, Why, push_bigram};
use crate::korean::fold::{KeptChar, Script, script};
use crate::korean::pos::Role;

/// Tells how many articles hold a shape; what decides whether `브록만` ends in a particle.
pub trait Counter {
    /// Articles that hold `shape`, exactly.
    fn count(&self, shape: &Shape) -> u64;

    /// How rare a posting list is: its inverse document frequency, 0 where no article has it.
    fn rarity(&self, probe: &Probe) -> f32;
}

/// Where there is no index to ask (marking a text from outside): particles are always stripped.
pub struct NoCounter;

impl Counter for NoCounter {
    fn count(&self, _: &Shape) -> u64 {
        0
    }

    fn rarity(&self, _: &Probe) -> f32 {
        1.0
    }
}

/// A word keeps its apparent particle if at least this share of what its stem finds has it too: `브록` is hardly ever
/// followed by anything but 만, `중기부` by everything.
const NAME_SHARE: f64 = 0.7;

/// Turns query words into clauses.
pub struct WordReader<'a> {
    language: &'a Language,
    analyzer: Analyzer,
    analysis: Analysis,
    counter: &'a dyn Counter,
}

impl<'a> WordReader<'a> {
    /// A reader that asks `counter` where grammar alone cannot decide.
    pub fn new(language: &'a Language, counter: &'a dyn Counter) -> Self {
        Self { language, analyzer: language.korean().analyzer(), analysis: Analysis::default(), counter }
    }

    /// How much a clause says: the rarity of its rarest morpheme, or of its rarest bigram where it has none.
    pub fn rarity(&self, clause: &Clause) -> f32 {
        let most = |lane: Lane, terms: &mut dyn Iterator<Item = &String>| {
            terms.map(|term| self.counter.rarity(&Probe { lane, term: term.clone() })).fold(0.0, f32::max)
        };
        let by_morphemes = most(Lane::Morph, &mut clause.morphemes.iter().map(|(term, _)| term));
        if by_morphemes > 0.0 { by_morphemes } else { most(Lane::Gram, &mut clause.bigrams.iter()) }
    }

    /// An unquoted word.
    pub fn word(&mut self, text: &str, field: Option<TextField>) -> Clause {
        let mut clause = self.plain_word(text, field);
        let core = self.core_text(text).to_owned();
        let mut variants = self.language.variants().of(text).to_vec();
        if core != text {
            variants.extend_from_slice(self.language.variants().of(&core));
        }
        for variant in variants {
            for form in self.variant_forms(&variant.text) {
                push_form(&mut clause.forms, form.shape, Origin::Variant(variant.kind));
            }
        }
        clause
    }

    /// A quoted phrase: exactly these characters, whatever gaps stand between them.
    pub fn phrase(&mut self, text: &str, field: Option<TextField>) -> Clause {
        self.analyzer.analyze(text, &mut self.analysis);
        let kept = std::mem::take(&mut self.analysis.kept);
        let mut clause = self.ranked(text, field, 0, kept.len(), &kept);
        clause.forms = match exact(&kept, Junctions::AsTyped) {
            Some(shape) => vec![Form { shape, origin: Origin::Literal }],
            None => Vec::new(),
        };
        self.analysis.kept = kept;
        for (text, kind) in self.phrase_variants(text) {
            let kept = crate::korean::fold::kept_chars(&text);
            if let Some(shape) = exact(&kept, Junctions::AsTyped) {
                push_form(&mut clause.forms, shape, Origin::Variant(kind));
            }
        }
        clause
    }

    /// The beginning of a word, two characters or more.
    pub fn prefix(&mut self, text: &str, field: Option<TextField>) -> Clause {
        let kept = crate::korean::fold::kept_chars(text);
        let mut forms = Vec::new();
        if let (Some(first), Some(second)) = (kept.first(), kept.get(1)) {
            let mut pair = String::new();
            push_bigram(first.ch, second.ch, second.gap, &mut pair);
            let begins = [Lane::Morph, Lane::Edge].map(|lane| Probe { lane, term: pair.clone() });
            let mut slots = vec![Slot { offset: 0, probes: begins.to_vec() }];
            slots.extend(gram_slots(&kept, Junctions::Soft).into_iter().skip(1));
            let extent = Extent::Kept(kept.len() as u32);
            forms.push(Form { shape: Shape { slots, extent }, origin: Origin::Literal });
            if !matches!(script(first.ch), Script::Hangul | Script::Hanja) {
                // Edges hold hangul and hanja only; for other scripts a beginning is any occurrence.
                forms.extend(exact(&kept, Junctions::Soft).map(|shape| Form { shape, origin: Origin::Literal }));
            }
        }
        Clause {
            text: text.to_owned(),
            forms,
            field,
            morphemes: Vec::new(),
            runs: Vec::new(),
            bigrams: bigrams(&kept),
            asks: false,
        }
    }

    /// Shapes of a lexicon entry, one word or several.
    fn variant_forms(&mut self, text: &str) -> Vec<Form> {
        if text.split_whitespace().nth(1).is_some() {
            let kept = crate::korean::fold::kept_chars(text);
            let shape = exact(&kept, Junctions::Loose);
            return shape.map(|shape| Form { shape, origin: Origin::Literal }).into_iter().collect();
        }
        // Not any substring: 금융위 would bring every 금융위기.
        self.analyzer.analyze(text, &mut self.analysis);
        let end = self.analysis.kept.len();
        let mut forms = Vec::new();
        let whole: String = self.analysis.kept.iter().map(|k| k.ch).collect();
        if self.analysis.kept.iter().skip(1).all(|k| !k.gap) && end > 0 {
            push_form(&mut forms, Shape::term(Lane::Morph, whole, Extent::Kept(end as u32)), Origin::Literal);
        }
        self.analysed_forms(0, end, &mut forms);
        forms
    }

    /// Several words of a query that together have entries in a lexicon: clauses for those.
    pub fn group_variants(&mut self, words: &[&str]) -> Vec<Clause> {
        let joined = words.join(" ");
        let variants = self.language.variants().of(&joined).to_vec();
        let mut clauses = Vec::new();
        for variant in variants {
            let forms: Vec<Form> = self
                .variant_forms(&variant.text)
                .into_iter()
                .map(|form| Form { origin: Origin::Variant(variant.kind), ..form })
                .collect();
            if !forms.is_empty() {
                clauses.push(Clause {
                    text: variant.text.to_string(),
                    forms,
                    field: None,
                    morphemes: Vec::new(),
                    runs: Vec::new(),
                    bigrams: Vec::new(),
                    asks: false,
                });
            }
        }
        clauses
    }

    /// A phrase with one of its words, or several neighbouring ones, replaced by what the lexicons have for it.
    fn phrase_variants(&self, text: &str) -> Vec<(String, crate::korean::lexicon::VariantKind)> {
        const MOST: usize = 24;
        let variants = self.language.variants();
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut found = Vec::new();
        for first in 0..words.len() {
            for count in 1..=variants.longest().min(words.len() - first) {
                let Some(window) = words.get(first..first + count) else { continue };
                for variant in variants.of(&window.join(" ")) {
                    let before = words.iter().take(first).copied();
                    let after = words.iter().skip(first + count).copied();
                    let replaced: Vec<&str> = before.chain([&*variant.text]).chain(after).collect();
                    found.push((replaced.join(" "), variant.kind));
                    if found.len() == MOST {
                        return found;
                    }
                }
            }
        }
        found
    }

    fn plain_word(&mut self, text: &str, field: Option<TextField>) -> Clause {
        self.analyzer.analyze(text, &mut self.analysis);
        let end = self.core_end(text);
        let start = self.core_start(text, end);
        let mut forms = Vec::new();
        if end < self.analysis.kept.len() {
            // What is written exactly so comes first: `경남도` before `경남`, `밝혔다` before `밝히`.
            if let Some(shape) = self.analysis.kept.get(start..).and_then(|kept| exact(kept, Junctions::Soft)) {
                push_form(&mut forms, shape, Origin::Literal);
            }
            let typed = forms.len();
            self.forms_of(start, end, &mut forms);
            for form in forms.iter_mut().skip(typed) {
                form.origin = Origin::Analysed;
            }
        } else {
            self.forms_of(start, end, &mut forms);
        }
        let kept = std::mem::take(&mut self.analysis.kept);
        let mut clause = self.ranked(text, field, start, end, &kept);
        clause.forms = forms;
        self.analysis.kept = kept;
        clause
    }

    /// The word without trailing particles and endings, as typed.
    fn core_text<'t>(&mut self, text: &'t str) -> &'t str {
        self.analyzer.analyze(text, &mut self.analysis);
        let end = self.core_end(text);
        let start = self.core_start(text, end);
        let from = self.analysis.kept.get(start).map_or(0, |kept| kept.start as usize);
        let to = end.checked_sub(1).and_then(|last| self.analysis.kept.get(last)).map_or(text.len(), |k| k.end as usize);
        text.get(from..to).unwrap_or(text)
    }

    /// Kept index at which the core begins: `(주)카카오` and `㈜카카오` are 카카오.
    fn core_start(&self, text: &str, end: usize) -> usize {
        let marked = ["(주)", "㈜", "(사)", "(재)", "(유)"].iter().any(|mark| text.starts_with(mark));
        usize::from(marked && end > 1)
    }

    /// Kept index behind the core: trailing particles and endings cut off, unless they are part of a name.
    fn core_end(&self, text: &str) -> usize {
        let kept = &self.analysis.kept;
        let whole = kept.len();
        let mut end = whole;
        for morpheme in self.analysis.morphemes.iter().rev() {
            let from = kept.partition_point(|k| k.start < morpheme.start);
            let to = kept.partition_point(|k| k.start < morpheme.end);
            if from == to {
                continue;
            }
            if morpheme.class.role != Role::Dropped {
                break;
            }
            end = from;
        }
        let one_syllable = end == 1 && kept.first().is_some_and(|k| script(k.ch) != Script::Hanja);
        if end == 0 || end == whole || one_syllable || self.is_dictionary_noun(text) {
            return whole;
        }
        if self.ends_in_verb() {
            return end;
        }
        if self.is_name(end) { whole } else { end }
    }

    fn is_dictionary_noun(&self, text: &str) -> bool {
        self.analyzer.segmenter().tags_of(text).iter().any(|tag| tag.starts_with("NN"))
    }

    /// Whether the last morpheme that counts is a verb or adjective.
    fn ends_in_verb(&self) -> bool {
        let last = self.analysis.morphemes.iter().rfind(|morpheme| morpheme.class.role != Role::Dropped);
        last.is_some_and(|morpheme| morpheme.class.role == Role::Stem)
    }

    /// Whether the analysed word begins with an interrogative: 누구인가, 언제, 어디서, 얼마였나, 몇, 무슨.
    fn asks(&self) -> bool {
        const WORDS: [&str; 12] =
            ["누구", "누가", "무엇", "언제", "어디", "얼마", "몇", "무슨", "어느", "어떤", "어떻게", "왜"];
        let first = self.analysis.kept.iter().map(|kept| kept.ch).take(3).collect::<String>();
        let tag = self.analysis.morphemes.first().map(|morpheme| self.analyzer.segmenter().entry(morpheme).tag);
        let class = tag.map(|tag| tag.split('+').next().unwrap_or(tag));
        matches!(class, Some("NP" | "MM" | "MAG" | "NR" | "IC" | "VA" | "VV" | "NNG"))
            && WORDS.iter().any(|word| first.starts_with(word))
            && !self.is_dictionary_noun(&self.analysis.kept.iter().map(|kept| kept.ch).collect::<String>())
    }

    /// Whether the index shows that what looks like a particle behind kept index `end` belongs to the word.
    fn is_name(&self, end: usize) -> bool {
        let kept = &self.analysis.kept;
        let Some(whole) = exact(kept, Junctions::Soft) else { return false };
        let with = self.counter.count(&whole);
        if with == 0 {
            return false;
        }
        let stem = kept.get(..end).unwrap_or_default();
        let stem: String = stem.iter().map(|k| k.ch).collect();
        let as_morpheme = Shape::term(Lane::Morph, stem, Extent::Kept(end as u32));
        let mut without = self.counter.count(&as_morpheme);
        if end >= 3 && let Some(shape) = kept.get(..end).and_then(|stem| exact(stem, Junctions::Soft)) {
            without = without.max(self.counter.count(&shape));
        }
        with as f64 >= NAME_SHARE * without as f64
    }

    /// Adds the ways to find the kept characters `start..end` of the analysed text as an unquoted word.
    fn forms_of(&self, start: usize, end: usize, forms: &mut Vec<Form>) {
        let Some(kept) = self.analysis.kept.get(start..end).filter(|kept| !kept.is_empty()) else { return };
        let count = kept.len() as u32;
        let text: String = kept.iter().map(|k| k.ch).collect();
        let gapless = kept.iter().skip(1).all(|k| !k.gap);
        let same_script = kept.iter().all(|k| script(k.ch) == kept.first().map_or(Script::Other, |f| script(f.ch)));
        let latin = same_script && kept.iter().all(|k| k.ch.is_ascii_alphabetic());
        let digits = same_script && kept.iter().all(|k| k.ch.is_ascii_digit());
        let korean = kept.iter().all(|k| matches!(script(k.ch), Script::Hangul | Script::Hanja));
        if gapless {
            push_form(forms, Shape::term(Lane::Morph, &*text, Extent::Kept(count)), Origin::Literal);
        }
        match count {
            1 => {}
            2 if korean && gapless => {
                push_form(forms, Shape::term(Lane::Edge, &*text, Extent::Kept(2)), Origin::Literal);
            }
            // A short Latin word or a number is a word of its own or nothing: `AI` is not in `AIDS`, 24 not in 2024.
            2 | 3 if latin && gapless => {}
            _ if digits && gapless => {}
            _ => {
                if let Some(shape) = exact(kept, Junctions::Soft) {
                    push_form(forms, shape, Origin::Literal);
                }
            }
        }
        self.analysed_forms(start, end, forms);
    }

    /// Adds the forms that analysis gives: morphemes next to each other, verb stems, numbers.
    fn analysed_forms(&self, start: usize, end: usize, forms: &mut Vec<Form>) {
        let inside =
            |index: u32, length: u16| index as usize >= start && index as usize + usize::from(length) <= end;
        let mut slots = Vec::new();
        let mut covered = start;
        let mut verb = false;
        for token in &self.analysis.tokens {
            match token.why {
                Why::Number if inside(token.index, token.length) => {
                    let shape = Shape::term(Lane::Morph, self.analysis.term(token), Extent::Number);
                    push_form(forms, shape, Origin::Analysed);
                }
                Why::Dictionary | Why::UserWord | Why::Unknown | Why::Stem if token.index as usize == covered => {
                    verb = token.why == Why::Stem;
                    let probe = Probe { lane: Lane::Morph, term: self.analysis.term(token).to_owned() };
                    slots.push(Slot { offset: token.index - start as u32, probes: vec![probe] });
                    covered += usize::from(token.length);
                }
                _ => {}
            }
        }
        let reaches_end = covered >= end || verb;
        let noun_too = verb && slots.len() == 1 && {
            let text: String = self.analysis.kept.iter().map(|k| k.ch).collect();
            self.is_dictionary_noun(&text)
        };
        if reaches_end && !noun_too && !slots.is_empty() {
            let extent = if verb { Extent::ToGap } else { Extent::Kept((covered - start) as u32) };
            push_form(forms, Shape { slots, extent }, Origin::Analysed);
        }
    }

    /// A clause without forms: what ranks the kept characters `start..end`.
    fn ranked(&self, text: &str, field: Option<TextField>, start: usize, end: usize, kept: &[KeptChar]) -> Clause {
        let morphemes = self
            .analysis
            .tokens
            .iter()
            .filter(|token| token.index as usize >= start && (token.index as usize) < end)
            .filter(|token| !matches!(token.why, Why::Part | Why::Character | Why::Number | Why::Run))
            .map(|token| (self.analysis.term(token).to_owned(), token.index - start as u32))
            .collect();
        let runs = self
            .analysis
            .tokens
            .iter()
            .filter(|token| token.why == Why::Run && token.index as usize >= start && (token.index as usize) < end)
            .map(|token| self.analysis.term(token).to_owned())
            .collect();
        let bigrams = bigrams(kept.get(start..end).unwrap_or_default());
        let asks = field.is_none() && self.asks();
        Clause { text: text.to_owned(), forms: Vec::new(), field, morphemes, runs, bigrams, asks }
    }
}

fn push_form(forms: &mut Vec<Form>, shape: Shape, origin: Origin) {
    if forms.iter().all(|form| form.shape != shape) {
        forms.push(Form { shape, origin });
    }
}

/// What may stand between two neighbouring characters of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Junctions {
    /// A gap where there is one, none where there is none.
    AsTyped,
    /// Besides, where the script changes either: `AI칩` is `AI 칩`, `GPT-4o` is `GPT4o`.
    Soft,
    /// Besides, where a gap was typed either: the words of a lexicon entry, `샘 올트먼` and `샘올트먼`.
    Loose,
}

/// The shape that finds exactly `kept`; `None` for nothing. A single character is looked for as a morpheme.
fn exact(kept: &[KeptChar], junctions: Junctions) -> Option<Shape> {
    let extent = Extent::Kept(kept.len() as u32);
    match kept {
        [] => None,
        [only] => Some(Shape::term(Lane::Morph, only.ch.to_string(), extent)),
        _ => Some(Shape { slots: gram_slots(kept, junctions), extent }),
    }
}

fn gram_slots(kept: &[KeptChar], junctions: Junctions) -> Vec<Slot> {
    kept.iter()
        .zip(kept.iter().skip(1))
        .enumerate()
        .map(|(offset, (first, second))| {
            let mut probes = Vec::with_capacity(2);
            let mut probe = |gap| {
                let mut term = String::with_capacity(8);
                push_bigram(first.ch, second.ch, gap, &mut term);
                probes.push(Probe { lane: Lane::Gram, term });
            };
            probe(second.gap);
            let either = match junctions {
                Junctions::AsTyped => false,
                Junctions::Soft => script(first.ch) != script(second.ch),
                Junctions::Loose => second.gap || script(first.ch) != script(second.ch),
            };
            if either {
                probe(!second.gap);
            }
            Slot { offset: offset as u32, probes }
        })
        .collect()
}

fn bigrams(kept: &[KeptChar]) -> Vec<String> {
    kept.iter()
        .zip(kept.iter().skip(1))
        .map(|(first, second)| {
            let mut term = String::with_capacity(8);
            push_bigram(first.ch, second.ch, second.gap, &mut term);
            term
        })
        .collect()
}
