//! Characters → the shapes that find them as they are written.

use crate::korean::analysis::push_bigram;
use crate::korean::fold::{Between, KeptChar, Script, kept_chars, script};
use crate::korean::hanja::HanjaReadings;
use crate::korean::joins::{BEGINS, ENDS, MARK, MAY_BEGIN, MAY_END, READ};
use crate::query::shape::{Extent, Form, Lane, Origin, Probe, Shape, Slot};

/// Adds a form unless its shape is there.
pub fn push_form(forms: &mut Vec<Form>, shape: Shape, origin: Origin) {
    if forms.iter().all(|form| form.shape != shape) {
        forms.push(Form { shape, origin });
    }
}

/// What may come between two neighbouring characters of a word, besides what was typed. A mark that joins letters and nothing
/// are the same everywhere, but for single syllables (`한·미` is not `한 미`) only in so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Junctions {
    /// For quoted strings: what was typed, and a mark for a blank.
    AsTyped,
    /// Where the script changes a gap or none: `AI칩` is `AI 칩`, `GPT-4o` is `GPT4o`.
    Soft,
    /// Besides, a mark for nothing: `시도지사` is `시·도지사`.
    Marked,
    /// Besides, where a gap was typed either: the words of a lexicon entry, `샘 올트먼` and `샘올트먼`.
    Loose,
    /// A gap, a mark or nothing everywhere: `오픈런` is `오픈 런`.
    Any,
}

/// The shape that finds exactly `kept`; `None` for nothing. A single character is looked for as a morpheme.
pub fn exact(kept: &[KeptChar], junctions: Junctions) -> Option<Shape> {
    spelt(kept, junctions, None)
}

/// Like [`exact`]; with `readings`, hanja and what is read so are the same.
pub fn spelt(kept: &[KeptChar], junctions: Junctions, readings: Option<&HanjaReadings>) -> Option<Shape> {
    let extent = Extent::Kept(kept.len() as u32);
    match kept {
        [] => None,
        [only] => Some(Shape::term(Lane::Morph, only.ch.to_string(), extent)),
        _ => Some(Shape { slots: gram_slots(kept, junctions, readings), extent }),
    }
}

/// What keeps `G2` from `G20` and `B형` from `AB형`: where `kept` begins or ends in Latin letters or digits, their run does.
pub fn end_slots(kept: &[KeptChar]) -> Vec<Slot> {
    let edge = |offset: usize, term: String| Slot {
        offset: offset as u32,
        probes: vec![Probe { lane: Lane::Edge, term }],
    };
    let first = kept.first().filter(|k| k.ch.is_ascii_lowercase());
    let last = kept.last().filter(|k| k.ch.is_ascii_alphanumeric());
    let begin = first.map(|k| edge(0, format!("{BEGINS}{}", k.ch)));
    let end = last.map(|k| edge(kept.len() - 1, format!("{}{ENDS}", k.ch)));
    begin.into_iter().chain(end).collect()
}

/// A word of letters and digits after them, as lexicons have its letters: `iPhone15`, also apart, and where more is joined to it
/// (`iPhone15프로`).
pub fn numbered(text: &str) -> Option<Shape> {
    let kept = kept_chars(text);
    let mut shape = exact(&kept, Junctions::Soft)?;
    shape.slots.extend(end_slots(&kept));
    if kept.first().is_some_and(|k| matches!(script(k.ch), Script::Hangul | Script::Hanja)) {
        shape.slots.extend(begin_slot(&kept));
    }
    Some(shape)
}

/// The shape that finds the name `text` anywhere, joined or spaced; Latin letters only as a word of their own.
pub fn name_shape(text: &str) -> Option<Shape> {
    let kept = kept_chars(text);
    let mut shape = exact(&kept, Junctions::Any)?;
    shape.slots.extend(end_slots(&kept));
    Some(shape)
}

/// The slot that holds where a word or morpheme begins with the first two of `kept`.
pub fn begin_slot(kept: &[KeptChar]) -> Option<Slot> {
    let [first, second, ..] = kept else { return None };
    let term = [first.ch, second.ch].iter().collect::<String>();
    let probes = [Lane::Morph, Lane::Edge].map(|lane| Probe { lane, term: term.clone() }).to_vec();
    Some(Slot { offset: 0, probes })
}

/// Like [`begin_slot`], also where one may begin inside of a word that is cut otherwise.
pub fn may_begin_slot(kept: &[KeptChar]) -> Option<Slot> {
    let mut slot = begin_slot(kept)?;
    let [first, second, ..] = kept else { return None };
    slot.probes.push(Probe { lane: Lane::Edge, term: format!("{MAY_BEGIN}{}{}", first.ch, second.ch) });
    Some(slot)
}

/// The slot that holds where a word ends with the last of `kept`, with or without a particle after it; also where that syllable makes
/// another word of it, as in `만 명이` (a herb): for what hardly begins other words, numbers and names.
pub fn end_slot(kept: &[KeptChar]) -> Option<Slot> {
    end_with(kept, &[ENDS, MAY_END])
}

/// The slot that holds where a word ends with the last of `kept`, as [`end_slot`] says, and where one of `signs` is in its term.
fn end_with(kept: &[KeptChar], signs: &[char]) -> Option<Slot> {
    let last = kept.last()?;
    let probes = signs.iter().map(|sign| Probe { lane: Lane::Edge, term: format!("{}{sign}", last.ch) });
    Some(Slot { offset: kept.len() as u32 - 1, probes: probes.collect() })
}

/// The shape of `kept`, a word of hangul, joined or spaced and over marks, where a word begins and ends there. What ends in a
/// particle is a word of its own: 국민의힘 is not `국민의 힘`. Of three syllables the first is a word only where the dictionary does not
/// know the whole (`unknown`): 빅테크 is `빅 테크`, 이사장 not `이 사장`.
pub fn spaced(kept: &[KeptChar], unknown: bool) -> Option<Shape> {
    let mut shape = exact(kept, Junctions::Any)?;
    for slot in &mut shape.slots {
        let before = kept.get(slot.offset as usize).map(|k| k.ch);
        if slot.offset >= 2 && matches!(before, Some('의' | '은' | '는' | '을' | '를')) {
            slot.probes.retain(|probe| !probe.term.contains(' '));
        }
    }
    shape.slots.push(spaced_begin_slot(kept, unknown)?);
    // 한국인 is not in `한국 인도`.
    shape.slots.extend(end_with(kept, &[ENDS]));
    Some(shape)
}

/// The shape of `kept`, a word of hangul, with a mark after its first syllable, where a word begins and may go on: 출퇴근 is in `출·퇴근길`.
/// After two syllables a mark lists words, and 한국인 is not in `한국·인도`.
pub fn after_first(kept: &[KeptChar]) -> Option<Shape> {
    let mut shape = exact(kept, Junctions::Marked)?;
    for slot in &mut shape.slots {
        slot.probes.retain(|probe| probe.term.contains(MARK) == (slot.offset == 0));
    }
    shape.slots.extend(begin_slot(kept));
    Some(shape)
}

/// Like [`begin_slot`], also where the first word is one syllable of a long one (딥 페이크), or of one of three (`of_three`).
pub fn spaced_begin_slot(kept: &[KeptChar], of_three: bool) -> Option<Slot> {
    let mut begin = begin_slot(kept)?;
    if let [first, _, _, rest @ ..] = kept
        && (of_three || !rest.is_empty())
    {
        begin.probes.push(Probe { lane: Lane::Morph, term: first.ch.to_string() });
        begin.probes.push(Probe { lane: Lane::Edge, term: format!("{BEGINS}{}", first.ch) });
    }
    Some(begin)
}

/// Whether each piece between the gaps of `kept` has two characters or more.
pub fn has_long_pieces(kept: &[KeptChar]) -> bool {
    kept.iter().enumerate().all(|(at, k)| {
        let begins = at == 0 || k.gap;
        let ends = kept.get(at + 1).is_none_or(|next| next.gap);
        !(begins && ends)
    })
}

/// Whether `kept` is hangul and nothing else, written together.
pub fn is_hangul_word(kept: &[KeptChar]) -> bool {
    kept.iter().all(|k| script(k.ch) == Script::Hangul) && kept.iter().skip(1).all(|k| !k.gap)
}

/// The digits that `kept` begins with.
pub fn digit_head(kept: &[KeptChar]) -> &[KeptChar] {
    let past = |at: &usize| kept.get(*at).is_none_or(|k| !k.ch.is_ascii_digit() || *at > 0 && k.gap);
    let end = (0..=kept.len()).find(past).unwrap_or(0);
    kept.get(..end).unwrap_or_default()
}

/// The shape that finds `kept`, which begins with digits, where its number is one of its own: 5% is not in 25%.
pub fn of_digits(kept: &[KeptChar], junctions: Junctions) -> Option<Shape> {
    let mut shape = exact(kept, junctions)?;
    let term = digit_head(kept).iter().map(|k| k.ch).collect();
    shape.slots.push(Slot { offset: 0, probes: vec![Probe { lane: Lane::Morph, term }] });
    shape.slots.extend(end_slots(kept));
    Some(shape)
}

/// The other shape of a copy `kept` of `text` that may end inside a number, where its last comma reads otherwise than in the
/// whole one: `1,2` may be copied from `1,200`, which has no gap there, and `5,678` from `5,6783`, which has one.
pub fn cut_in_number(text: &str, kept: &[KeptChar]) -> Option<Shape> {
    let ungapped = kept.iter().rev().take_while(|k| k.ch.is_ascii_digit() && !k.gap).count();
    let (digits, grouped) = match ungapped {
        0 | 1 => (ungapped + 1, false),
        _ => (3, true),
    };
    let tail = kept.len().checked_sub(digits)?;
    let (before, first) = (kept.get(tail.checked_sub(1)?)?, kept.get(tail)?);
    let comma = matches!(text.get(before.end as usize..first.start as usize)?, "," | "，");
    if !comma || first.gap == grouped || !first.ch.is_ascii_digit() || !before.ch.is_ascii_digit() {
        return None;
    }
    let mut kept = kept.to_vec();
    kept.get_mut(tail)?.gap = grouped;
    let mut shape = exact(&kept, Junctions::AsTyped)?;
    if let Some(last) = kept.last().filter(|_| grouped) {
        // Only the fourth digit makes the gap: without it `1,200` would also be in `1, 200`.
        let followed = ('0'..='9').map(|digit| {
            let mut term = String::with_capacity(2);
            push_bigram(last.ch, digit, Between::Nothing, &mut term);
            Probe { lane: Lane::Gram, term }
        });
        shape.slots.push(Slot { offset: kept.len() as u32 - 1, probes: followed.collect() });
    }
    Some(shape)
}

/// The shape that finds a lexicon's `kept` where the dictionary cuts it otherwise: `중소벤처기업부가` ends in 부가 there.
///
/// Four syllables are rarely a part of anything else. Shorter ones must begin a word or morpheme and be followed
/// by a particle: 금융위 would bring every 금융위기.
pub fn as_word(kept: &[KeptChar]) -> Option<Shape> {
    const PARTICLES: [char; 15] =
        ['은', '는', '이', '가', '을', '를', '의', '에', '와', '과', '도', '로', '만', '께', '측'];
    let ([first, second, ..], Some(last)) = (kept, kept.last()) else { return None };
    if !is_hangul_word(kept) {
        return None;
    }
    let mut shape = exact(kept, Junctions::AsTyped)?;
    if kept.len() < 4 {
        let pair = |first: char, second: char| {
            let mut term = String::with_capacity(6);
            push_bigram(first, second, Between::Nothing, &mut term);
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

/// The slot that holds where nothing parts the characters `last` and `first`, which two morphemes of a word end and begin with: the
/// first of them is `offset` after the word's beginning. Morphemes alone would find 국민연금 in `국민, 연금`.
pub fn unparted_slot(last: char, first: char, offset: u32) -> Slot {
    let typed = [Between::Nothing, Between::Blank].map(|between| {
        let mut pair = String::with_capacity(8);
        push_bigram(last, first, between, &mut pair);
        pair
    });
    let read = typed.clone().map(|pair| format!("{READ}{pair}"));
    let terms = typed.into_iter().chain(read);
    Slot { offset, probes: terms.map(|term| Probe { lane: Lane::Gram, term }).collect() }
}

/// A slot for each pair of neighbours in `kept`.
pub fn gram_slots(kept: &[KeptChar], junctions: Junctions, readings: Option<&HanjaReadings>) -> Vec<Slot> {
    let long = has_long_pieces(kept);
    let read = |at: usize| {
        let k = kept.get(at)?;
        let hanja = readings.filter(|_| script(k.ch) == Script::Hanja);
        Some(hanja.and_then(|readings| readings.reading(k.ch, at == 0)).unwrap_or(k.ch))
    };
    let pairs = kept.iter().zip(kept.iter().skip(1)).enumerate();
    let slot = |(offset, (first, second)): (usize, (&KeptChar, &KeptChar))| {
        let changes = script(first.ch) != script(second.ch);
        let digits = first.ch.is_numeric() && second.ch.is_numeric();
        let (blank, none, mark) = match junctions {
            Junctions::AsTyped if second.gap => (true, second.mark, false),
            Junctions::AsTyped => (false, true, !digits),
            Junctions::Any => (!digits || second.gap, !second.gap || !digits, false),
            _ if second.mark && !changes => (long, true, true),
            _ if second.gap => (true, changes || second.mark || junctions == Junctions::Loose, false),
            Junctions::Marked | Junctions::Loose => (changes, true, !changes && !digits),
            Junctions::Soft => (changes, true, false),
        };
        // A quoted blank is any gap, and a mark lists words as a comma does. Else no word goes over what parts sentences.
        let apart = second.apart || blank && second.gap && (junctions == Junctions::AsTyped || second.mark);
        let mut probes = Vec::with_capacity(2);
        let mut probe = |term: String| probes.push(Probe { lane: Lane::Gram, term });
        let pair = |first: char, between: Option<char>, second: char| {
            [Some(first), between, Some(second)].into_iter().flatten().collect::<String>()
        };
        // What is there without a gap first: it is the commonest.
        let mut spelt = |first: char, second: char| {
            if none {
                probe(pair(first, None, second));
            }
            if blank {
                probe(pair(first, Between::Blank.sign(), second));
            } else if mark {
                probe(pair(first, Some(MARK), second));
            }
            if apart {
                probe(pair(first, Between::Apart.sign(), second));
            }
        };
        spelt(first.ch, second.ch);
        if let (Some(a), Some(b)) = (read(offset), read(offset + 1)) {
            if (a, b) != (first.ch, second.ch) {
                spelt(a, b);
            }
            let hangul = |ch: char| matches!(script(ch), Script::Hangul);
            if readings.is_some() && none && (hangul(a) || hangul(b)) {
                probe(format!("{READ}{a}{b}"));
            }
        }
        Slot { offset: offset as u32, probes }
    };
    pairs.map(slot).collect()
}

/// The bigrams of `kept`, as the index has them.
pub fn bigrams(kept: &[KeptChar]) -> Vec<String> {
    kept.iter()
        .zip(kept.iter().skip(1))
        .map(|(first, second)| {
            let mut term = String::with_capacity(8);
            push_bigram(first.ch, second.ch, second.between(), &mut term);
            term
        })
        .collect()
}
