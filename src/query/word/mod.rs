//! A word or phrase of a query → the shapes that find it.
//!
//! * Three characters or more: the morpheme, or the substring, so that any word copied from an article finds it; a common noun of three only
//!   where a noun begins or may begin. Two: a morpheme or an edge. One: a morpheme.
//! * Short Latin words and numbers only as whole tokens: `AI` is not in `AIDS`.
//! * Where the script changes, a gap does not matter: `AI칩` is `AI 칩`.

mod amounts;
mod asking;
mod core;
mod english;
mod money;
mod names;
mod spelling;
mod spellings;
mod variants;

pub use spelling::name_shape;

use super::archive::{ArchiveError, Deadline, Vocabulary};
use super::language::TextField;
use super::shape::{Alternative, Clause, Extent, Form, Lane, Origin, Probe, Shape, Slot, Why};
use crate::korean::Language;
use crate::korean::analysis::{Analysis, Analyzer, BINDING_SIGNS, TokenKind, push_bigram};
use crate::korean::fold::{Between, KeptChar, Script, kept_chars, script};
use crate::korean::joins::BEGINS;
use crate::korean::lexicon::VariantKind;
use crate::korean::nobodys::is_nobodys;
use crate::korean::other_cuts::is_known_noun;
use amounts::{counted, number_begin, written_out};
use spelling::{
    Junctions, after_first, begin_slot, bigrams, cut_in_number, digit_head, end_slots, exact, gram_slots,
    has_long_pieces, is_hangul_word, may_begin_slot, numbered, of_digits, push_form, spaced, spelt,
    unparted_slot,
};
use variants::push_learned;

/// Turns query words into clauses.
pub struct WordReader<'a> {
    language: &'a Language,
    analyzer: Analyzer,
    analysis: Analysis,
    vocabulary: &'a dyn Vocabulary,
    deadline: Deadline,
}

impl<'a> WordReader<'a> {
    /// A reader that asks `vocabulary` where grammar alone cannot decide.
    pub fn new(language: &'a Language, vocabulary: &'a dyn Vocabulary, deadline: Deadline) -> Self {
        let analyzer = language.korean().analyzer();
        Self { language, analyzer, analysis: Analysis::default(), vocabulary, deadline }
    }

    /// The words of the longest name that is known, from lexicons or from the archive.
    pub fn longest_name(&self) -> usize {
        self.language.variants().longest().max(self.vocabulary.learned().longest())
    }

    /// How much a clause says: the rarity of its rarest morpheme, or of its rarest bigram where no article has one of those.
    ///
    /// # Errors
    /// The deadline, or a failing archive.
    pub fn rarity(&self, clause: &Clause) -> Result<f32, ArchiveError> {
        let probe = |lane, term: &String| Probe { lane, term: term.clone() };
        let by_morphemes =
            self.rarest(clause.morphemes.iter().map(|(term, _)| probe(Lane::Morph, term)).collect())?;
        if by_morphemes > 0.0 && clause.morphemes.len() < 2 {
            return Ok(by_morphemes);
        }
        // 이순재 is cut into pieces that are everywhere: what is cut apart is as rare as its letters are together.
        let by_bigrams = self.rarest(clause.bigrams.iter().map(|term| probe(Lane::Gram, term)).collect())?;
        if by_morphemes.max(by_bigrams) > 0.0 {
            return Ok(by_morphemes.max(by_bigrams));
        }
        // What a lexicon has for several words has no terms that rank it, only forms.
        let slots = clause.forms.iter().flat_map(|form| &form.shape.slots);
        self.rarest(slots.flat_map(|slot| &slot.probes).cloned().collect())
    }

    /// The rarity of the rarest of `probes` that any article has; 0 where there is none.
    fn rarest(&self, probes: Vec<Probe>) -> Result<f32, ArchiveError> {
        if probes.is_empty() {
            return Ok(0.0);
        }
        Ok(self.vocabulary.frequencies(&probes, self.deadline)?.rarities().fold(0.0, f32::max))
    }

    /// An unquoted word.
    ///
    /// # Errors
    /// The deadline, or a failing archive.
    pub fn word(&mut self, text: &str, field: Option<TextField>) -> Result<Clause, ArchiveError> {
        self.analyzer.analyze(text, &mut self.analysis);
        let end = self.core_end(text)?;
        let start = self.core_start(text, end);
        let core = self.core_text(text, start, end).to_owned();
        let asks = field.is_none() && self.says_nothing();
        let mut clause = Clause { asks, ..self.plain_word(text, field, start, end) };
        if is_nobodys(self.analyzer.segmenter(), text, &self.analysis) && !self.is_held(&clause)? {
            // What a slip is cut into is not what was meant: 금매달 is not about 매달.
            clause = Clause { morphemes: Vec::new(), runs: Vec::new(), bigrams: Vec::new(), ..clause };
        }
        self.add_variants(text, &core, &mut clause);
        self.add_rules(text, &core, &mut clause);
        Ok(clause)
    }

    /// Whether any article holds `clause`.
    fn is_held(&self, clause: &Clause) -> Result<bool, ArchiveError> {
        for form in &clause.forms {
            if self.vocabulary.holds(&form.shape, self.deadline)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Adds what lexicons have for the word `text`, whose core is `core`.
    fn add_variants(&mut self, text: &str, core: &str, clause: &mut Clause) {
        let mut variants = self.language.variants().of(text).to_vec();
        if core != text {
            variants.extend_from_slice(self.language.variants().of(core));
        }
        for variant in variants {
            for form in self.variant_forms(&variant.text) {
                push_form(&mut clause.forms, form.shape, Origin::Variant(variant.kind));
            }
            let why = Why::Lexicon { kind: variant.kind, line: variant.line };
            clause.alternatives.push(Alternative { text: variant.text.into(), why });
        }
        let mut learned = self.learned(text);
        if core != text {
            learned.extend(self.learned(core));
        }
        for text in learned {
            for form in self.learned_forms(&text) {
                push_form(&mut clause.forms, form.shape, form.origin);
            }
            push_learned(&mut clause.alternatives, text);
        }
        for (variant, text) in self.numbered_variants(core) {
            if let Some(shape) = numbered(&text) {
                push_form(&mut clause.forms, shape, Origin::Variant(variant.kind));
                let why = Why::Lexicon { kind: variant.kind, line: variant.line };
                clause.alternatives.push(Alternative { text, why });
            }
        }
    }

    /// Adds what the word `text` is by rule: amounts, units, hanja, English forms.
    fn add_rules(&mut self, text: &str, core: &str, clause: &mut Clause) {
        for (text, shapes) in self.amounts(core) {
            for shape in shapes {
                push_form(&mut clause.forms, shape, Origin::Analysed);
            }
            clause.alternatives.push(Alternative { text, why: Why::Amount });
        }
        clause.alternatives.extend(self.read(core).map(|text| Alternative { text, why: Why::Reading }));
        for (other, origin, why) in self.other_spellings(core) {
            let digits = other.starts_with(|first: char| first.is_ascii_digit());
            if origin == Origin::Analysed
                && digits
                && let Some(shape) = of_digits(&kept_chars(&other), Junctions::Soft)
            {
                push_form(&mut clause.forms, shape, origin);
            } else if why == Why::Age || why == Why::Amount && !digits {
                // As if it were typed: a number in words begins where the number does, 백여 is not in 3백여.
                self.analyzer.analyze(&other, &mut self.analysis);
                let mut forms = Vec::new();
                self.forms_of(0, self.analysis.kept.len(), &mut forms);
                forms.into_iter().for_each(|form| push_form(&mut clause.forms, form.shape, origin));
            } else {
                for form in self.variant_forms(&other) {
                    push_form(&mut clause.forms, form.shape, origin);
                }
            }
            if clause.alternatives.iter().all(|known| (&known.text, known.why) != (&other, why)) {
                clause.alternatives.push(Alternative { text: other, why });
            }
        }
        for other in english::other_forms(core) {
            let extent = Extent::Kept(other.len() as u32);
            let origin = Origin::Variant(VariantKind::Inflected);
            push_form(&mut clause.forms, Shape::term(Lane::Morph, other.as_str(), extent), origin);
            clause.alternatives.push(Alternative { text: other, why: Why::Inflected });
        }
        self.add_money(text, core, clause);
    }

    /// A quoted phrase: exactly these characters, whatever gaps are between them; nothing of what lexicons have for them.
    pub fn phrase(&mut self, text: &str, field: Option<TextField>) -> Clause {
        self.analyzer.analyze(text, &mut self.analysis);
        let kept = std::mem::take(&mut self.analysis.kept);
        let mut clause = self.ranked(text, field, 0, kept.len(), &kept);
        clause.forms = match exact(&kept, Junctions::AsTyped) {
            Some(shape) => vec![Form { shape, origin: Origin::Literal }],
            None => Vec::new(),
        };
        if let Some(shape) = cut_in_number(text, &kept) {
            push_form(&mut clause.forms, shape, Origin::Literal);
        }
        self.analysis.kept = kept;
        clause
    }

    /// The beginning of a word, two characters or more.
    pub fn prefix(&mut self, text: &str, field: Option<TextField>) -> Clause {
        let kept = kept_chars(text);
        let mut forms = Vec::new();
        if let (Some(first), Some(second)) = (kept.first(), kept.get(1)) {
            let mut pair = String::new();
            push_bigram(first.ch, second.ch, second.between(), &mut pair);
            let begins = [Lane::Morph, Lane::Edge].map(|lane| Probe { lane, term: pair.clone() });
            let mut slots = vec![Slot { offset: 0, probes: begins.to_vec() }];
            slots.extend(gram_slots(&kept, Junctions::Soft, None).into_iter().skip(1));
            let extent = Extent::Word(kept.len() as u32);
            forms.push(Form { shape: Shape { slots, extent }, origin: Origin::Literal });
            if !matches!(script(first.ch), Script::Hangul | Script::Hanja) {
                // Edges hold hangul and hanja only; for other scripts a beginning is any occurrence.
                forms.extend(
                    exact(&kept, Junctions::Soft)
                        .map(|shape| Form { shape: Shape { extent, ..shape }, origin: Origin::Literal }),
                );
            }
        }
        Clause { text: text.to_owned(), forms, field, bigrams: bigrams(&kept), ..Clause::default() }
    }

    /// The analysed word `text` with its core at the kept characters `start..end`, without what lexicons have for it.
    fn plain_word(&mut self, text: &str, field: Option<TextField>, start: usize, end: usize) -> Clause {
        let mut forms = Vec::new();
        if end < self.analysis.kept.len() {
            // What is written exactly so comes first: `경남도` before `경남`, `밝혔다` before `밝히`.
            if let Some(mut shape) =
                self.analysis.kept.get(start..).and_then(|kept| exact(kept, Junctions::Soft))
            {
                if self.is_particle_at(end) {
                    shape.extent = Extent::Kept((end - start) as u32);
                }
                shape.slots.extend(self.known_begin(start, end));
                push_form(&mut forms, shape, Origin::Literal);
            }
            // 고속도로 may be taken for 고속도 with a particle.
            let whole = self.analysis.kept.get(start..).filter(|kept| kept.len() > 3 && is_hangul_word(kept));
            if let Some(mut shape) = whole.and_then(|kept| spaced(kept, false)) {
                if self.is_particle_at(end) {
                    shape.extent = Extent::Kept((end - start) as u32);
                }
                push_form(&mut forms, shape, Origin::Analysed);
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
        let bound =
            self.analysis.tokens.iter().any(|token| {
                token.index as usize == start && self.analysis.term(token).contains(BINDING_SIGNS)
            });
        if gapless && !(latin && bound) {
            let extent = if text.ends_with('다') { Extent::Lemma(count) } else { Extent::Kept(count) };
            push_form(forms, Shape::term(Lane::Morph, &*text, extent), Origin::Literal);
        }
        // KT in `KT&G` is a part of it: the token says so, the letters do not.
        let whole = self.analysis.tokens.iter().find(|token| {
            token.index as usize == start && u32::from(token.length) == count && token.kind != TokenKind::Stem
        });
        if let Some(whole) = whole.filter(|_| latin) {
            let shape = Shape::term(Lane::Morph, self.analysis.term(whole), Extent::Kept(count));
            push_form(forms, shape, Origin::Literal);
        }
        match count {
            1 => {
                // One hanja as read: 前 is 전.
                if korean {
                    push_form(forms, Shape::term(Lane::Edge, &*text, Extent::Kept(1)), Origin::Analysed);
                    let alone = format!("{BEGINS}{text}");
                    push_form(forms, Shape::term(Lane::Edge, alone, Extent::Kept(1)), Origin::Literal);
                }
            }
            2 if korean && gapless => {
                push_form(forms, Shape::term(Lane::Edge, &*text, Extent::Kept(2)), Origin::Literal);
                if let Some(shape) = self.name_apart(kept) {
                    push_form(forms, shape, Origin::Analysed);
                }
            }
            // A short Latin word or a number is a word of its own or nothing: `AI` is not in `AIDS`, 24 not in 2024.
            2 | 3 if latin && gapless => {}
            _ if digits && gapless => {}
            _ => {
                let readings = Some(self.language.korean().readings());
                let marked = kept.iter().any(|k| k.mark);
                let junctions = if latin { Junctions::Marked } else { Junctions::Soft };
                if let Some(mut shape) = spelt(kept, junctions, readings) {
                    shape.slots.extend(self.number_head(start, kept));
                    shape.slots.extend(end_slots(kept));
                    if korean && marked && !has_long_pieces(kept) {
                        // 한·미 is not in 북한미사일.
                        shape.slots.extend(begin_slot(kept));
                    }
                    shape.slots.extend(self.known_begin(start, end));
                    push_form(forms, shape, Origin::Literal);
                }
                if korean && count > 2 {
                    // Joined and spaced, and over marks, where a word begins and ends there.
                    let unknown = self.analyzer.segmenter().tags_of(&text).is_empty();
                    if let Some(shape) = spaced(kept, unknown) {
                        push_form(forms, shape, Origin::Analysed);
                    }
                    if let Some(shape) = after_first(kept).filter(|_| !marked) {
                        push_form(forms, shape, Origin::Analysed);
                    }
                    for shape in self.name_apart(kept).into_iter().chain(self.called(kept)) {
                        push_form(forms, shape, Origin::Analysed);
                    }
                }
                if !korean {
                    for shape in self.called(kept) {
                        push_form(forms, shape, Origin::Analysed);
                    }
                }
                for shape in written_out(kept) {
                    push_form(forms, shape, Origin::Analysed);
                }
            }
        }
        self.analysed_forms(start, end, forms);
        if let Some(begins) = number_begin(&text) {
            forms.iter_mut().for_each(|form| form.shape.slots.push(begins.clone()));
        }
    }

    /// Where the kept characters `start..end` are a common noun of three syllables, the slot that holds where a noun begins or may
    /// begin: the dictionary knows the word, so that it is cut out wherever it stands, and 재개발 is not in 인재개발원. What it does not
    /// know, and names, are found anywhere. Two syllables always begin somewhere, and four are rarely a part of anything else.
    fn known_begin(&self, start: usize, end: usize) -> Option<Slot> {
        let word = self.analysis.kept.get(start..end)?;
        let text: String = word.iter().map(|k| k.ch).collect();
        let known = word.iter().skip(1).all(|k| !k.gap) && is_known_noun(self.analyzer.segmenter(), &text);
        may_begin_slot(word).filter(|_| known)
    }

    /// Where `kept`, the kept characters from `start` on, begins with digits: what keeps `4시간` from `24시간`.
    fn number_head(&self, start: usize, kept: &[KeptChar]) -> Option<Slot> {
        let digits: String = digit_head(kept).iter().map(|k| k.ch).collect();
        let probe = |term: &str| Probe { lane: Lane::Morph, term: term.to_owned() };
        let mut probes = (!digits.is_empty()).then(|| vec![probe(&digits)])?;
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
        let typed = || self.analysis.kept.iter().map(|k| k.ch).collect::<String>();
        let mut slots = Vec::new();
        let mut covered = start;
        let mut verb = false;
        let mut base = 0;
        for token in &self.analysis.tokens {
            match token.kind {
                TokenKind::Number if inside(token.index, token.length) => {
                    // What is counted belongs to it: 2만명 is not 2만원.
                    let after = token.index as usize + usize::from(token.length);
                    let unit = self.analysis.kept.get(after..end).unwrap_or_default();
                    let value =
                        self.analysis.term(token).strip_prefix('#').and_then(|value| value.parse().ok());
                    for shape in value.map_or(Vec::new(), |value| counted(value, unit)) {
                        push_form(forms, shape, Origin::Analysed);
                    }
                }
                TokenKind::Dictionary | TokenKind::UserWord | TokenKind::Unknown | TokenKind::Stem
                    if token.index as usize == covered =>
                {
                    verb = token.kind == TokenKind::Stem;
                    if !verb && !slots.is_empty() {
                        slots.extend(self.unparted(token.index, start));
                    }
                    base = token.index;
                    let probe = Probe { lane: Lane::Morph, term: self.analysis.term(token).to_owned() };
                    slots.push(Slot { offset: token.index - start as u32, probes: vec![probe] });
                    covered += usize::from(token.length);
                }
                // Where two verbs are spelt alike (`걸어`), or a noun with a particle and a verb (`고치는`), either is meant. A noun as it is
                // typed (`보인`) is the noun.
                TokenKind::Stem
                    if !slots.is_empty()
                        && token.index == base
                        && (verb || !self.is_noun_as_typed(&typed())) =>
                {
                    let probe = Probe { lane: Lane::Morph, term: self.analysis.term(token).to_owned() };
                    slots.last_mut().into_iter().for_each(|slot| slot.probes.push(probe.clone()));
                }
                _ => {}
            }
        }
        let reaches_end = covered >= end || verb;
        let noun_too = verb && slots.len() == 1 && {
            let text = typed();
            self.is_noun_as_typed(&text) || !self.language.variants().of(&text).is_empty()
        };
        if reaches_end && !noun_too && !slots.is_empty() {
            let extent = match slots.last() {
                Some(stem) if verb => Extent::Inflected(stem.offset),
                _ => Extent::Kept((covered - start) as u32),
            };
            push_form(forms, Shape { slots, extent }, Origin::Analysed);
        }
    }

    /// The slot that keeps the morpheme at the kept index `index` of a word that begins at `start` with the one before it.
    fn unparted(&self, index: u32, start: usize) -> Option<Slot> {
        let kept = &self.analysis.kept;
        let (first, before) = (kept.get(index as usize)?, kept.get(index.checked_sub(1)? as usize)?);
        let letters = |k: &KeptChar| script(k.ch) == Script::Hangul || k.ch.is_ascii_alphabetic();
        let typed_together = first.between() != Between::Apart && letters(first) && letters(before);
        typed_together.then(|| unparted_slot(before.ch, first.ch, index - 1 - start as u32))
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
        let mut stem = None;
        let morphemes = self
            .analysis
            .tokens
            .iter()
            // Of two verbs that are spelt alike the likelier one ranks: the other one is rarer, not weightier.
            .filter(|token| token.kind != TokenKind::Stem || stem.replace(token.index) != Some(token.index))
            .filter(|token| token.index as usize >= start && (token.index as usize) < end)
            .filter(|token| {
                !matches!(
                    token.kind,
                    TokenKind::Part | TokenKind::Character | TokenKind::Number | TokenKind::Run
                )
            })
            .map(|token| (self.analysis.term(token).to_owned(), token.index - start as u32))
            .collect();
        let runs = self
            .analysis
            .tokens
            .iter()
            .filter(|token| {
                token.kind == TokenKind::Run && token.index as usize >= start && (token.index as usize) < end
            })
            .map(|token| self.analysis.term(token).to_owned())
            .collect();
        let bigrams = bigrams(kept.get(start..end).unwrap_or_default());
        Clause { text: text.to_owned(), field, morphemes, runs, bigrams, ..Clause::default() }
    }
}
