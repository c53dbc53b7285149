//! A word or phrase of a query → the shapes that find it.

use super::query::TextField;
use super::shape::{Clause, Extent, Form, Lane, Origin, Probe, Shape, Slot};
use crate::korean::Language;
use crate::korean::analysis::{Analysis, Analyzer, Why, push_bigram};
use crate::korean::fold::{KeptChar, Script, kept_len, script};
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
        if let Some(shape) = ungapped_tail(text, &kept).and_then(|kept| exact(&kept, Junctions::AsTyped)) {
            push_form(&mut clause.forms, shape, Origin::Literal);
        }
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
                forms.extend(
                    exact(&kept, Junctions::Soft).map(|shape| Form { shape, origin: Origin::Literal }),
                );
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
            let Some(mut shape) = exact(&kept, Junctions::Loose) else { return Vec::new() };
            if let [first, second, ..] = kept.as_slice()
                && second.gap
            {
                // 윤 대통령 is not in 홍상윤 대통령실: a single syllable must be a word.
                let probes = vec![Probe { lane: Lane::Morph, term: first.ch.to_string() }];
                shape.slots.push(Slot { offset: 0, probes });
            }
            return vec![Form { shape, origin: Origin::Literal }];
        }
        self.analyzer.analyze(text, &mut self.analysis);
        let end = self.analysis.kept.len();
        let mut forms = Vec::new();
        let whole: String = self.analysis.kept.iter().map(|k| k.ch).collect();
        if self.analysis.kept.iter().skip(1).all(|k| !k.gap) && end > 0 {
            push_form(&mut forms, Shape::term(Lane::Morph, whole, Extent::Kept(end as u32)), Origin::Literal);
        }
        self.analysed_forms(0, end, &mut forms);
        if let Some(shape) = as_word(&self.analysis.kept) {
            push_form(&mut forms, shape, Origin::Literal);
        }
        forms
    }

    /// Several words of a query that together have entries in a lexicon: clauses for those.
    pub fn group_variants(&mut self, words: &[&str]) -> Vec<Clause> {
        let joined = words.join(" ");
        let variants = self.language.variants().of(&joined).to_vec();
        let mut found: Vec<(String, Vec<Form>)> = Vec::new();
        for variant in &variants {
            let forms = self.variant_forms(&variant.text).into_iter();
            let forms = forms.map(|form| Form { origin: Origin::Variant(variant.kind), ..form }).collect();
            found.push((variant.text.to_string(), forms));
        }
        if !variants.is_empty() {
            // What stands in a lexicon is one name however it is spaced: `챗 GPT`, `코로나 19`.
            let shape = exact(&crate::korean::fold::kept_chars(&joined), Junctions::Loose);
            let form = shape.map(|shape| Form { shape, origin: Origin::Analysed });
            found.push((joined.clone(), form.into_iter().collect()));
        }
        let number = self.number_across(words, &joined);
        found.extend(number.map(|shape| (joined, vec![Form { shape, origin: Origin::Analysed }])));
        found.retain(|(_, forms)| !forms.is_empty());
        let clause = |(text, forms)| Clause {
            text,
            forms,
            field: None,
            morphemes: Vec::new(),
            runs: Vec::new(),
            bigrams: Vec::new(),
            asks: false,
        };
        found.into_iter().map(clause).collect()
    }

    /// The number that `words` (with spaces between them: `joined`) write together: `1조 2천억`.
    fn number_across(&mut self, words: &[&str], joined: &str) -> Option<Shape> {
        let last =
            words.split_last().map(|(_, before)| before.iter().map(|word| kept_len(word)).sum::<usize>())?;
        if !words.iter().all(|word| word.starts_with(|ch: char| ch.is_numeric())) {
            return None;
        }
        self.analyzer.analyze(joined, &mut self.analysis);
        let numbers =
            self.analysis.tokens.iter().filter(|token| token.why == Why::Number && token.index == 0);
        let number = numbers.into_iter().find(|token| usize::from(token.length) > last)?;
        Some(Shape::term(Lane::Morph, self.analysis.term(number), Extent::Number))
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
            if let Some(shape) = self.analysis.kept.get(start..).and_then(|kept| exact(kept, Junctions::Soft))
            {
                push_form(&mut forms, shape, Origin::Literal);
            }
            let typed = forms.len();
            self.forms_of(start, end, &mut forms);
            if let Some(shape) = self.singular(start, end) {
                push_form(&mut forms, shape, Origin::Analysed);
            }
            for form in forms.iter_mut().skip(typed) {
                form.origin = Origin::Analysed;
            }
        } else {
            self.forms_of(start, end, &mut forms);
            if let Some(shape) = self.singular(start, end) {
                push_form(&mut forms, shape, Origin::Analysed);
            }
        }
        let kept = std::mem::take(&mut self.analysis.kept);
        let mut clause = self.ranked(text, field, start, end, &kept);
        clause.forms = forms;
        self.analysis.kept = kept;
        clause
    }

    /// The kept characters `start..end` without a plural ending, as a word of its own: `창업자들` is 창업자, not 창업자금.
    fn singular(&self, start: usize, end: usize) -> Option<Shape> {
        let kept = self.analysis.kept.get(start..end)?;
        let (last, noun) = kept.split_last()?;
        let cut = self.analysis.morphemes.iter().find(|morpheme| morpheme.start == last.start)?;
        let plural = last.ch == '들' && !last.gap && self.analyzer.segmenter().entry(cut).tag == "XSN";
        let noun: String = (plural && noun.len() >= 2).then(|| noun.iter().map(|k| k.ch).collect())?;
        Some(Shape::term(Lane::Morph, noun, Extent::Kept(end as u32 - start as u32 - 1)))
    }

    /// The word without trailing particles and endings, as typed.
    fn core_text<'t>(&mut self, text: &'t str) -> &'t str {
        self.analyzer.analyze(text, &mut self.analysis);
        let end = self.core_end(text);
        let start = self.core_start(text, end);
        let from = self.analysis.kept.get(start).map_or(0, |kept| kept.start as usize);
        let to = end
            .checked_sub(1)
            .and_then(|last| self.analysis.kept.get(last))
            .map_or(text.len(), |k| k.end as usize);
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
        // What a lexicon has is no inflected word: 인하대 is not 인하 with an ending, 경남도 not 경남 with a particle.
        if !self.language.variants().of(text).is_empty() {
            return whole;
        }
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
        if end == whole && !self.is_dictionary_noun(text) {
            return self.spelt_end();
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

    /// Like [`Self::core_end`] where the dictionary sees no particle because it cuts the word otherwise: `우크라이나와` is
    /// cut before 나와, `금융위가` before 위가. Goes by the spelling, if what is left is three syllables or more that the
    /// index holds, mostly without what looks like a particle.
    fn spelt_end(&self) -> usize {
        const PARTICLES: &str = "에서는 으로는 에게는 에서도 에서 에게 에는 으로 까지 부터 보다 처럼 은 는 이 가 을 를 의 에 와 과 도 로";
        let kept = &self.analysis.kept;
        let whole = kept.len();
        let hangul =
            kept.iter().all(|k| script(k.ch) == Script::Hangul) && kept.iter().skip(1).all(|k| !k.gap);
        if !hangul {
            return whole;
        }
        let text: String = kept.iter().map(|k| k.ch).collect();
        let Some(particle) = PARTICLES.split(' ').find(|particle| text.ends_with(particle)) else {
            return whole;
        };
        let end = whole - particle.chars().count().min(whole);
        let held = |end: usize| kept.get(..end).and_then(|stem| exact(stem, Junctions::Soft));
        let known = end >= 3 && held(end).is_some_and(|stem| self.counter.count(&stem) > 0);
        if known && !self.is_name(end) { end } else { whole }
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
        let tag =
            self.analysis.morphemes.first().map(|morpheme| self.analyzer.segmenter().entry(morpheme).tag);
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
        // A lexicon's word is no name with its end cut off, however few articles there are to tell.
        if !self.language.variants().of(&stem).is_empty() {
            return false;
        }
        let as_morpheme = Shape::term(Lane::Morph, stem, Extent::Kept(end as u32));
        let mut without = self.counter.count(&as_morpheme);
        if end >= 3
            && let Some(shape) = kept.get(..end).and_then(|stem| exact(stem, Junctions::Soft))
        {
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
        let same_script =
            kept.iter().all(|k| script(k.ch) == kept.first().map_or(Script::Other, |f| script(f.ch)));
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
            _ if digits && gapless => {
                if let Some(shape) = in_thousands(kept) {
                    push_form(forms, shape, Origin::Analysed);
                }
            }
            _ => {
                if let Some(mut shape) = exact(kept, Junctions::Soft) {
                    shape.slots.extend(self.number_head(start, kept));
                    push_form(forms, shape, Origin::Literal);
                }
                if let Some(shape) = written_out(kept) {
                    push_form(forms, shape, Origin::Analysed);
                }
            }
        }
        self.analysed_forms(start, end, forms);
    }

    /// Where `kept`, the kept characters from `start` on, begins with digits: what keeps `4시간` from `24시간`.
    fn number_head(&self, start: usize, kept: &[KeptChar]) -> Option<Slot> {
        let digits: String = digit_head(kept).iter().map(|k| k.ch).collect();
        let probe = |term: &str| Probe { lane: Lane::Morph, term: term.to_owned() };
        let mut probes = (!digits.is_empty()).then(|| vec![probe(&digits)])?;
        let grouped = digits.len() % 3;
        if digits.len() > 3 {
            // `1200원` begins with the word 1 where it is written `1,200원`.
            probes.push(probe(digits.get(..if grouped == 0 { 3 } else { grouped })?));
        }
        for token in self.analysis.tokens.iter().filter(|token| token.index as usize == start) {
            probes.push(probe(self.analysis.term(token)));
        }
        probes.dedup();
        Some(Slot { offset: 0, probes })
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
                Why::Dictionary | Why::UserWord | Why::Unknown | Why::Stem
                    if token.index as usize == covered =>
                {
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
            self.is_dictionary_noun(&text) || !self.language.variants().of(&text).is_empty()
        };
        if reaches_end && !noun_too && !slots.is_empty() {
            let extent = if verb { Extent::ToGap } else { Extent::Kept((covered - start) as u32) };
            push_form(forms, Shape { slots, extent }, Origin::Analysed);
        }
    }

    /// A clause without forms: what ranks the kept characters `start..end`.
    fn ranked(
        &self,
        text: &str,
        field: Option<TextField>,
        start: usize,
        end: usize,
        kept: &[KeptChar],
    ) -> Clause {
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
            .filter(|token| {
                token.why == Why::Run && token.index as usize >= start && (token.index as usize) < end
            })
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

/// The digits that `kept` begins with.
fn digit_head(kept: &[KeptChar]) -> &[KeptChar] {
    let behind = |at: &usize| kept.get(*at).is_none_or(|k| !k.ch.is_ascii_digit() || *at > 0 && k.gap);
    let end = (0..=kept.len()).find(behind).unwrap_or(0);
    kept.get(..end).unwrap_or_default()
}

/// A number of five digits or more with a unit, as the amount that it is: `35,000명` is `3만5천 명`.
fn written_out(kept: &[KeptChar]) -> Option<Shape> {
    let digits = digit_head(kept);
    let unit = kept.get(digits.len())?;
    let written: String = digits.iter().map(|k| k.ch).collect();
    let value: u64 =
        (digits.len() > 4 && script(unit.ch) == Script::Hangul).then(|| written.parse().ok())??;
    Some(Shape::term(Lane::Morph, format!("#{value}"), Extent::Number))
}

/// `kept` of `text` for a copy that ends inside a number: behind the comma of `1,2`, copied from `1,200`, is no gap there.
fn ungapped_tail(text: &str, kept: &[KeptChar]) -> Option<Vec<KeptChar>> {
    let digits = kept.iter().rev().take_while(|k| k.ch.is_ascii_digit() && !k.gap).count();
    let behind = kept.len().checked_sub(digits + 1)?;
    let (before, first) = (kept.get(behind.checked_sub(1)?)?, kept.get(behind)?);
    let cut = digits < 2 && first.gap && first.ch.is_ascii_digit() && before.ch.is_ascii_digit();
    let comma = matches!(text.get(before.end as usize..first.start as usize)?, "," | "，");
    let mut kept = (cut && comma).then(|| kept.to_vec())?;
    kept.get_mut(behind)?.gap = false;
    Some(kept)
}

/// A number of four digits or more as it is cut where it is written with commas: `1200` as `1,200`.
fn in_thousands(digits: &[KeptChar]) -> Option<Shape> {
    let groups: Vec<String> =
        digits.rchunks(3).rev().map(|group| group.iter().map(|k| k.ch).collect()).collect();
    let mut offset = 0;
    let slots = groups.into_iter().map(|term: String| {
        let slot = Slot { offset, probes: vec![Probe { lane: Lane::Morph, term: term.clone() }] };
        offset += term.len() as u32;
        slot
    });
    let slots: Vec<Slot> = slots.collect();
    (slots.len() > 1).then_some(Shape { slots, extent: Extent::Kept(digits.len() as u32) })
}

/// The shape that finds a lexicon's `kept` where the dictionary cuts it otherwise: `중소벤처기업부가` ends in 부가 there.
///
/// Four syllables are rarely a part of anything else. Shorter ones must begin a word or morpheme and have a particle
/// behind them: 금융위 would bring every 금융위기.
fn as_word(kept: &[KeptChar]) -> Option<Shape> {
    const PARTICLES: [char; 15] =
        ['은', '는', '이', '가', '을', '를', '의', '에', '와', '과', '도', '로', '만', '께', '측'];
    let hangul = kept.iter().all(|k| script(k.ch) == Script::Hangul) && kept.iter().skip(1).all(|k| !k.gap);
    let ([first, second, ..], Some(last)) = (kept, kept.last()) else { return None };
    if !hangul {
        return None;
    }
    let mut shape = exact(kept, Junctions::AsTyped)?;
    if kept.len() < 4 {
        let pair = |first: char, second: char| {
            let mut term = String::with_capacity(6);
            push_bigram(first, second, false, &mut term);
            term
        };
        let begins = pair(first.ch, second.ch);
        let begins = [Lane::Morph, Lane::Edge].map(|lane| Probe { lane, term: begins.clone() });
        let behind = PARTICLES.map(|particle| Probe { lane: Lane::Gram, term: pair(last.ch, particle) });
        shape.slots.push(Slot { offset: 0, probes: begins.to_vec() });
        shape.slots.push(Slot { offset: kept.len() as u32 - 1, probes: behind.to_vec() });
    }
    Some(shape)
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
