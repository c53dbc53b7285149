//! What the lexicons have for a query's words: synonyms, hanja, and names of several words.

use super::WordReader;
use super::spelling::{Junctions, as_word, begin_slot, end_slot, exact, numbered, push_form};
use crate::korean::analysis::TokenKind;
use crate::korean::fold::{KeptChar, Script, fold, kept_chars, kept_len, script};
use crate::korean::joins::BEGINS;
use crate::korean::lexicon::{Variant, VariantKind};
use crate::query::shape::{Alternative, Clause, Extent, Form, Lane, Origin, Probe, Shape, Slot, Why};

/// Adds a name that was learned, unless a lexicon has it: then its line says so.
pub(super) fn push_learned(alternatives: &mut Vec<Alternative>, text: String) {
    if alternatives.iter().all(|known| fold(&known.text) != fold(&text)) {
        alternatives.push(Alternative { text, why: Why::Learned });
    }
}

impl WordReader<'_> {
    /// Shapes of a lexicon entry, one word or several.
    pub(super) fn variant_forms(&mut self, text: &str) -> Vec<Form> {
        if text.split_whitespace().nth(1).is_some() {
            let kept = kept_chars(text);
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
        // A syllable that only stands for something must be a word: 前 is not every 전, nor 女 every 여.
        let syllable = end == 1 && self.analysis.kept.iter().all(|k| script(k.ch) == Script::Hangul);
        if self.analysis.kept.iter().skip(1).all(|k| !k.gap) && end > 0 && !syllable {
            push_form(&mut forms, Shape::term(Lane::Morph, whole, Extent::Kept(end as u32)), Origin::Literal);
        }
        if end == 1 {
            // Whatever the dictionary takes it for: 고 before a name is an ending elsewhere.
            let alone = format!("{BEGINS}{}", self.analysis.kept.iter().map(|k| k.ch).collect::<String>());
            push_form(&mut forms, Shape::term(Lane::Edge, alone, Extent::Kept(1)), Origin::Literal);
        }
        if !syllable {
            self.analysed_forms(0, end, &mut forms);
        }
        if let Some(shape) = as_word(&self.analysis.kept) {
            push_form(&mut forms, shape, Origin::Literal);
        }
        forms
    }

    /// The other names of `text`, one word or several, that the archive teaches.
    pub(super) fn learned(&self, text: &str) -> Vec<String> {
        self.vocabulary.learned().others(text, self.language).map(str::to_owned).collect()
    }

    /// Shapes of a learned name: those of a lexicon entry, and those that the name would have if it were typed itself, so that each name finds
    /// what the other one does. Of two or three syllables it must be a word: 금융위 would bring every 금융위기.
    pub(super) fn learned_forms(&mut self, text: &str) -> Vec<Form> {
        const SHORT: usize = 3;
        let mut forms = self.variant_forms(text);
        if text.split_whitespace().nth(1).is_none() {
            let kept = &self.analysis.kept;
            if kept.len() <= SHORT && kept.iter().all(|k| script(k.ch) == Script::Hangul) {
                if let Some(mut shape) = exact(kept, Junctions::Soft) {
                    shape.slots.extend(begin_slot(kept));
                    shape.slots.extend(end_slot(kept));
                    push_form(&mut forms, shape, Origin::Literal);
                }
            } else {
                self.forms_of(0, self.analysis.kept.len(), &mut forms);
            }
        }
        let origin = Origin::Variant(VariantKind::Learned);
        forms.into_iter().map(|form| Form { origin, ..form }).collect()
    }

    /// Several words of a query that together have entries in a lexicon: clauses for those.
    pub fn group_variants(&mut self, words: &[&str]) -> Vec<Clause> {
        let joined = words.join(" ");
        let variants = self.language.variants().of(&joined).to_vec();
        let mut found: Vec<(String, Vec<Form>, Vec<Alternative>)> = Vec::new();
        for variant in &variants {
            let forms = self.variant_forms(&variant.text).into_iter();
            let forms = forms.map(|form| Form { origin: Origin::Variant(variant.kind), ..form }).collect();
            let (text, why) =
                (variant.text.to_string(), Why::Lexicon { kind: variant.kind, line: variant.line });
            found.push((text.clone(), forms, vec![Alternative { text, why }]));
        }
        for (variant, text) in self.numbered_variants(&joined) {
            let form = numbered(&text).map(|shape| Form { shape, origin: Origin::Variant(variant.kind) });
            let why = Why::Lexicon { kind: variant.kind, line: variant.line };
            found.push((text.clone(), form.into_iter().collect(), vec![Alternative { text, why }]));
        }
        let learned = self.learned(&joined);
        if !variants.is_empty() || !learned.is_empty() {
            // What is in a lexicon is one name however it is spaced: `챗 GPT`, `코로나 19`.
            let shape = exact(&kept_chars(&joined), Junctions::Loose);
            let form = shape.map(|shape| Form { shape, origin: Origin::Analysed });
            let mut forms: Vec<Form> = form.into_iter().collect();
            let mut alternatives = Vec::new();
            // One word with the name itself: an article that has both names says no more than one that has it twice.
            for text in learned {
                for form in self.learned_forms(&text) {
                    push_form(&mut forms, form.shape, form.origin);
                }
                if variants.iter().all(|variant| fold(&variant.text) != fold(&text)) {
                    push_learned(&mut alternatives, text);
                }
            }
            found.push((joined.clone(), forms, alternatives));
        }
        if let Some(shape) = self.joined(words) {
            let form = Form { shape, origin: Origin::Analysed };
            found.push((words.concat(), vec![form], Vec::new()));
        }
        let number = self.number_across(words, &joined);
        found
            .extend(number.map(|shape| (joined, vec![Form { shape, origin: Origin::Analysed }], Vec::new())));
        found.retain(|(_, forms, _)| !forms.is_empty());
        let clause = |(text, forms, alternatives)| Clause { text, forms, alternatives, ..Clause::default() };
        found.into_iter().map(clause).collect()
    }

    /// What lexicons have for the letters of a word that ends in a number, with that number: `아이폰15` is `iPhone15`.
    pub(super) fn numbered_variants(&self, core: &str) -> Vec<(Variant, String)> {
        let Some(at) = core.find(|ch: char| ch.is_ascii_digit()) else { return Vec::new() };
        let Some((name, number)) = core.split_at_checked(at) else { return Vec::new() };
        let name = name.trim_end_matches(['-', '·']);
        if name.chars().nth(1).is_none() {
            return Vec::new();
        }
        let variants = self.language.variants().of(name).iter();
        let synonyms = variants.filter(|variant| variant.kind == VariantKind::Synonym);
        synonyms.map(|variant| (variant.clone(), format!("{}{number}", variant.text))).collect()
    }

    /// Words that are written as one elsewhere, where one begins and ends so: `킬러 문항` is 킬러문항.
    fn joined(&self, words: &[&str]) -> Option<Shape> {
        const MOST: usize = 3;
        let kept: Vec<KeptChar> = kept_chars(&words.concat());
        let hangul = |k: &KeptChar| script(k.ch) == Script::Hangul && !k.gap;
        let named = || self.is_spaced_name(words);
        let fits = words.len() <= MOST && kept.len() <= 12 && kept.iter().skip(1).all(hangul);
        let first = kept.first().is_some_and(|k| script(k.ch) == Script::Hangul);
        if !fits || !first || kept.len() < 3 && !named() {
            return None;
        }
        let mut shape = exact(&kept, Junctions::Marked)?;
        shape.slots.extend(begin_slot(&kept));
        shape.slots.extend(end_slot(&kept));
        Some(shape)
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
            self.analysis.tokens.iter().filter(|token| token.kind == TokenKind::Number && token.index == 0);
        let number = numbers.into_iter().find(|token| usize::from(token.length) > last)?;
        Some(Shape::term(Lane::Morph, self.analysis.term(number), Extent::Number))
    }
}
