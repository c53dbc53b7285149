//! Characters → the shapes that find them as they are written.

use crate::korean::analysis::push_bigram;
use crate::korean::fold::{KeptChar, Script, script};
use crate::query::shape::{Extent, Form, Lane, Origin, Probe, Shape, Slot};

/// Adds a form unless its shape is there.
pub fn push_form(forms: &mut Vec<Form>, shape: Shape, origin: Origin) {
    if forms.iter().all(|form| form.shape != shape) {
        forms.push(Form { shape, origin });
    }
}

/// What may come between two neighbouring characters of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Junctions {
    /// A gap where there is one, none where there is none.
    AsTyped,
    /// Besides, where the script changes either: `AI칩` is `AI 칩`, `GPT-4o` is `GPT4o`.
    Soft,
    /// Besides, where a gap was typed either: the words of a lexicon entry, `샘 올트먼` and `샘올트먼`.
    Loose,
}

/// The shape that finds exactly `kept`; `None` for nothing. A single character is looked for as a morpheme.
pub fn exact(kept: &[KeptChar], junctions: Junctions) -> Option<Shape> {
    let extent = Extent::Kept(kept.len() as u32);
    match kept {
        [] => None,
        [only] => Some(Shape::term(Lane::Morph, only.ch.to_string(), extent)),
        _ => Some(Shape { slots: gram_slots(kept, junctions), extent }),
    }
}

/// The digits that `kept` begins with.
pub fn digit_head(kept: &[KeptChar]) -> &[KeptChar] {
    let past = |at: &usize| kept.get(*at).is_none_or(|k| !k.ch.is_ascii_digit() || *at > 0 && k.gap);
    let end = (0..=kept.len()).find(past).unwrap_or(0);
    kept.get(..end).unwrap_or_default()
}

/// A number of five digits or more with a unit, as the amount that it is: `35,000명` is `3만5천 명`.
pub fn written_out(kept: &[KeptChar]) -> Option<Shape> {
    let digits = digit_head(kept);
    let unit = kept.get(digits.len())?;
    let written: String = digits.iter().map(|k| k.ch).collect();
    let value: u64 =
        (digits.len() > 4 && script(unit.ch) == Script::Hangul).then(|| written.parse().ok())??;
    Some(Shape::term(Lane::Morph, format!("#{value}"), Extent::Number))
}

/// `kept` of `text` for a copy that ends inside a number: after the comma of `1,2`, copied from `1,200`, there is no gap.
pub fn ungapped_tail(text: &str, kept: &[KeptChar]) -> Option<Vec<KeptChar>> {
    let digits = kept.iter().rev().take_while(|k| k.ch.is_ascii_digit() && !k.gap).count();
    let tail = kept.len().checked_sub(digits + 1)?;
    let (before, first) = (kept.get(tail.checked_sub(1)?)?, kept.get(tail)?);
    let cut = digits < 2 && first.gap && first.ch.is_ascii_digit() && before.ch.is_ascii_digit();
    let comma = matches!(text.get(before.end as usize..first.start as usize)?, "," | "，");
    let mut kept = (cut && comma).then(|| kept.to_vec())?;
    kept.get_mut(tail)?.gap = false;
    Some(kept)
}

/// The shape that finds a lexicon's `kept` where the dictionary cuts it otherwise: `중소벤처기업부가` ends in 부가 there.
///
/// Four syllables are rarely a part of anything else. Shorter ones must begin a word or morpheme and be followed
/// by a particle: 금융위 would bring every 금융위기.
pub fn as_word(kept: &[KeptChar]) -> Option<Shape> {
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
        let followed = PARTICLES.map(|particle| Probe { lane: Lane::Gram, term: pair(last.ch, particle) });
        shape.slots.push(Slot { offset: 0, probes: begins.to_vec() });
        shape.slots.push(Slot { offset: kept.len() as u32 - 1, probes: followed.to_vec() });
    }
    Some(shape)
}

/// A slot for each pair of neighbours in `kept`.
pub fn gram_slots(kept: &[KeptChar], junctions: Junctions) -> Vec<Slot> {
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

/// The bigrams of `kept`, as the index has them.
pub fn bigrams(kept: &[KeptChar]) -> Vec<String> {
    kept.iter()
        .zip(kept.iter().skip(1))
        .map(|(first, second)| {
            let mut term = String::with_capacity(8);
            push_bigram(first.ch, second.ch, second.gap, &mut term);
            term
        })
        .collect()
}
