//! Sums of money: `5달러` is `$5`, `5억 유로` is `€5억`, and the other way round. The sign is not a character that counts; the index has a
//! term for it where the number begins ([`crate::korean::joins::money_term`]).

use super::WordReader;
use super::spelling::{Junctions, digit_head, end_slot, exact, push_form};
use crate::korean::analysis::{MorphToken, TokenKind};
use crate::korean::fold::{fold, kept_chars};
use crate::korean::joins::{money_sign, money_term};
use crate::query::shape::{Alternative, Clause, Extent, Lane, Origin, Probe, Shape, Slot, Why};

/// Signs, and what is written after a number instead.
const CURRENCIES: [(char, &[&str]); 5] =
    [('$', &["달러", "불"]), ('€', &["유로"]), ('£', &["파운드"]), ('¥', &["엔", "위안"]), ('₩', &["원"])];

impl WordReader<'_> {
    /// Adds the other ways to write the sum of money that `text` is: with the sign for the word, with the words for the sign.
    pub(super) fn add_money(&mut self, text: &str, core: &str, clause: &mut Clause) {
        if let Some((sign, number)) = signed(text) {
            // What was typed is the number after the sign, not any number.
            let slot = sign_slot(sign);
            for form in &mut clause.forms {
                form.shape.slots.push(slot.clone());
            }
            let names =
                CURRENCIES.iter().find(|(known, _)| *known == sign).map_or(&[][..], |(_, names)| names);
            for name in names {
                let text = format!("{number}{name}");
                for shape in self.worded(&text) {
                    push_form(&mut clause.forms, shape, Origin::Analysed);
                }
                clause.alternatives.push(Alternative { text, why: Why::Money });
            }
            return;
        }
        let Some((number, sign)) = worded(core) else { return };
        for mut shape in self.amount(number) {
            shape.slots.push(sign_slot(sign));
            push_form(&mut clause.forms, shape, Origin::Analysed);
        }
        clause.alternatives.push(Alternative { text: format!("{sign}{number}"), why: Why::Money });
    }

    /// A number with a currency's name after it, joined or apart.
    fn worded(&mut self, text: &str) -> Vec<Shape> {
        let kept = kept_chars(text);
        let digits: String = digit_head(&kept).iter().map(|k| k.ch).collect();
        let mut shapes: Vec<Shape> = exact(&kept, Junctions::Any).into_iter().collect();
        for shape in &mut shapes {
            shape
                .slots
                .push(Slot { offset: 0, probes: vec![Probe { lane: Lane::Morph, term: digits.clone() }] });
            shape.slots.extend(end_slot(&kept));
        }
        shapes
    }

    /// A number, however it is written, where it begins.
    fn amount(&mut self, number: &str) -> Vec<Shape> {
        self.analyzer.analyze(number, &mut self.analysis);
        let whole = self.analysis.kept.len() as u32;
        let whole_number = |token: &&MorphToken| token.index == 0 && u32::from(token.length) == whole;
        let shape = |token: &MorphToken| {
            let number = token.kind == TokenKind::Number;
            let extent = if number { Extent::Number } else { Extent::Kept(whole) };
            Shape::term(Lane::Morph, self.analysis.term(token), extent)
        };
        self.analysis.tokens.iter().filter(whole_number).map(shape).collect()
    }
}

/// The slot that holds where a number with this sign begins.
fn sign_slot(sign: char) -> Slot {
    Slot { offset: 0, probes: vec![Probe { lane: Lane::Edge, term: money_term(sign) }] }
}

/// The sign and the number of `$5`, `€1.2억`.
fn signed(text: &str) -> Option<(char, &str)> {
    let mut letters = text.chars();
    let sign = money_sign(letters.next()?)?;
    let number = letters.as_str();
    number.starts_with(|ch: char| ch.is_ascii_digit()).then_some((sign, number))
}

/// The number and the sign of `5달러`, `3억유로`.
fn worded(core: &str) -> Option<(&str, char)> {
    let folded = fold(core);
    let known = CURRENCIES.iter().flat_map(|(sign, names)| names.iter().map(move |name| (*sign, *name)));
    let (sign, name) = known.into_iter().find(|(_, name)| folded.ends_with(name))?;
    let number = core.strip_suffix(name)?.trim_end();
    let begins = number.starts_with(|ch: char| ch.is_ascii_digit());
    let digits = number
        .chars()
        .all(|ch| ch.is_ascii_digit() || matches!(ch, ',' | '.' | '천' | '만' | '억' | '조' | '백' | '십'));
    (begins && digits).then_some((number, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_words() {
        assert_eq!(signed("$5"), Some(('$', "5")));
        assert_eq!(signed("￦5,000"), Some(('₩', "5,000")));
        assert_eq!(signed("$"), None);
        assert_eq!(signed("5"), None);
        assert_eq!(worded("5달러"), Some(("5", '$')));
        assert_eq!(worded("1.2억유로"), Some(("1.2억", '€')));
        assert_eq!(worded("100엔"), Some(("100", '¥')));
        for word in ["달러", "5월", "엔", "5인조원", "홍원"] {
            assert_eq!(worded(word), None, "{word}");
        }
    }
}
