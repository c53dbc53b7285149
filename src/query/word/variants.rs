//! What the lexicons have for a query's words: synonyms, hanja, and names of several words.

use super::WordReader;
use super::spelling::{Junctions, as_word, exact, push_form};
use crate::korean::analysis::TokenKind;
use crate::korean::fold::{kept_chars, kept_len};
use crate::korean::lexicon::VariantKind;
use crate::query::shape::{Clause, Extent, Form, Lane, Origin, Probe, Shape, Slot};

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
            // What is in a lexicon is one name however it is spaced: `챗 GPT`, `코로나 19`.
            let shape = exact(&kept_chars(&joined), Junctions::Loose);
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
            period: None,
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
            self.analysis.tokens.iter().filter(|token| token.kind == TokenKind::Number && token.index == 0);
        let number = numbers.into_iter().find(|token| usize::from(token.length) > last)?;
        Some(Shape::term(Lane::Morph, self.analysis.term(number), Extent::Number))
    }

    /// A phrase with one of its words, or several neighbouring ones, replaced by what the lexicons have for it.
    pub(super) fn phrase_variants(&self, text: &str) -> Vec<(String, VariantKind)> {
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
}
