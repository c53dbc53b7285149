//! Who says a quotation.
//!
//! In this order: the subject before it in its sentence (`김 장관은 “…”고 말했다`); the one right after it (`“…”고 김 장관은 밝혔다`); whoever says
//! the quotation before it in the same sentence; whoever speaks in the sentence before, where this one has no subject (`이어 “…”고 덧붙였다`).
//! Speech that stands alone is told by the sentence after it or before it. A pronoun is whoever spoke or was spoken of last. Where none of
//! this is sure, nobody is named.

use std::ops::Range;

use super::Quotation;
use super::candidate::{Candidate, Who, candidates};
use super::frame::Frames;
use super::marks::Quoted;
use super::speech::Speech;
use super::words::{quotative, says};
use crate::entities::Entities;

/// Sentences without a subject up to which the last speaker goes on, and those where a word says so.
const GOES_ON: usize = 2;
const GOES_ON_SAID: usize = 4;
/// Words at the beginning of a sentence that say that the last speaker goes on.
const GOING_ON: &[&str] =
    &["이어", "이어서", "그러면서", "그러면서도", "아울러", "또", "또한", "더불어", "덧붙여", "계속해서"];
/// Bytes between a subject that is no topic and the quotation after another one.
const AT_HAND: usize = 45;
/// Sentences back to which a pronoun looks for whom it means.
const PRONOUN_BACK: usize = 8;

/// Finds who says what in one body.
pub(super) struct Speakers<'a> {
    body: &'a str,
    entities: &'a Entities,
    frames: &'a Frames,
    spoken: &'a [(Quoted, Speech)],
}

/// Who speaks, and in which words that is said.
#[derive(Debug, Clone, Default)]
struct Speaker {
    entity: Option<usize>,
    text: Option<Range<usize>>,
    /// Whether the text says who it is, also where that has no name.
    known: bool,
}

/// A quotation whose speaker was decided.
struct Decided {
    sentence: usize,
    speaker: Speaker,
}

impl<'a> Speakers<'a> {
    pub(super) fn new(
        body: &'a str,
        entities: &'a Entities,
        frames: &'a Frames,
        spoken: &'a [(Quoted, Speech)],
    ) -> Self {
        Self { body, entities, frames, spoken }
    }

    /// The quotations with their speakers.
    pub(super) fn quotations(&self) -> Vec<Quotation> {
        let mut decided: Vec<Decided> = Vec::with_capacity(self.spoken.len());
        for (index, (quoted, speech)) in self.spoken.iter().enumerate() {
            let sentence = self.frames.number(quoted.outer.start);
            let speaker = self.speaker(index, quoted, *speech, sentence, &decided);
            decided.push(Decided { sentence, speaker });
        }
        let name = |entity: usize| self.entities.entities.get(entity).map(|entity| entity.name.clone());
        let quotations = self.spoken.iter().zip(decided).map(|((quoted, _), decided)| Quotation {
            text: quoted.inner.clone(),
            speaker: decided.speaker.entity.and_then(name),
            speaker_text: decided.speaker.text,
        });
        quotations.collect()
    }

    fn speaker(
        &self,
        index: usize,
        quoted: &Quoted,
        speech: Speech,
        sentence: usize,
        decided: &[Decided],
    ) -> Speaker {
        let Some(range) = self.frames.sentence(sentence) else { return Speaker::default() };
        let last = decided.last();
        let before = index.checked_sub(1).and_then(|before| self.spoken.get(before));
        let in_sentence = before.filter(|(other, _)| other.outer.start >= range.start);
        let from = in_sentence.map_or(range.start, |(other, _)| other.outer.end);
        let next = self.spoken.get(index + 1).filter(|(other, _)| other.outer.start < range.end);
        let until = next.map_or(range.end, |(other, _)| other.outer.start);

        let ahead = candidates(self.body, from..quoted.outer.start, self.entities, true);
        let at_hand = |found: &&Candidate| {
            let near = quoted.outer.start.saturating_sub(found.range.end) <= AT_HAND;
            in_sentence.is_none() || found.topic || near && matches!(found.who, Who::Named(_))
        };
        if let Some(found) = foremost(&ahead).filter(at_hand) {
            return self.of(found, sentence, decided);
        }
        let after = self.after(quoted.outer.end..until, sentence, decided);
        if let Some(found) = after.or_else(|| self.bracketed(quoted.outer.end)) {
            return found;
        }
        if speech == Speech::Nobodys {
            return Speaker::default();
        }
        if in_sentence.is_some() {
            return last.map(|last| last.speaker.clone()).unwrap_or_default();
        }
        if speech == Speech::Alone {
            return self.of_alone(quoted, sentence, decided);
        }
        let begins = self.body.get(range.start..quoted.outer.start).unwrap_or_default();
        let first = begins.split_whitespace().next().unwrap_or_default().trim_end_matches(',');
        let said_to = GOING_ON.contains(&first);
        let far = match speech {
            _ if said_to => GOES_ON_SAID,
            Speech::Said => GOES_ON,
            _ => 1,
        };
        let goes_on = last.filter(|last| sentence - last.sentence <= far);
        // Who is the subject of the sentence before, unless that only leads on from who speaks.
        let previous = sentence.checked_sub(1).and_then(|number| Some((number, self.topic_of(number)?)));
        match (previous, goes_on) {
            (Some((number, found)), Some(last)) if number > last.sentence && !said_to => {
                self.of(&found, number, decided)
            }
            (_, Some(last)) => Speaker { text: None, ..last.speaker.clone() },
            (Some((number, found)), None) if speech == Speech::Said => {
                let speaker = self.of(&found, number, decided);
                Speaker { text: speaker.text.filter(|_| speaker.entity.is_some()), ..speaker }
            }
            _ => Speaker::default(),
        }
    }

    /// The subject right after a quotation: `“…”라고 김 장관은 밝혔다`, `“…”고 말한 김 장관은`, `“…”(김 장관)`.
    fn after(&self, range: Range<usize>, sentence: usize, decided: &[Decided]) -> Option<Speaker> {
        let text = self.body.get(range.clone())?;
        let rest = text.trim_start();
        let joined = quotative(rest).unwrap_or(rest);
        let start = range.end - joined.len();
        let found = candidates(self.body, start..range.end, self.entities, false);
        if let Some(found) = found.first() {
            let between = self.body.get(start..found.range.start)?.trim();
            let words = between.split_whitespace().count();
            let said =
                between.ends_with(['한', '힌', '던', '은', '인', '뗀', '운', '뒤', '후']) && says(between, 4);
            let plain = words <= 2 && !says(between, 3) && !between.contains([',', '.']);
            // Of one who is not named, only right after the particle: `“…”라며 대통령실은 …` is told of somebody else.
            if (plain || said)
                && (quotative(rest).is_some() || says(self.body.get(found.range.end..range.end)?, 4))
            {
                return Some(self.of(found, sentence, decided));
            }
        }
        None
    }

    /// Who stands in brackets right after a quotation: `“…”(김하늘 장관)`.
    fn bracketed(&self, at: usize) -> Option<Speaker> {
        let inside = self.body.get(at..)?.strip_prefix('(')?.split([')', '\n']).next()?;
        let (start, end) = (at + 1, at + 1 + inside.len());
        let named = self.entities.in_body().iter().find(|mention| {
            let within = mention.range.start >= start && mention.range.end <= end;
            within && self.entities.is_person(mention.entity)
        })?;
        Some(Speaker { entity: Some(named.entity), text: Some(named.range.clone()), known: true })
    }

    /// Who says what stands alone.
    fn of_alone(&self, quoted: &Quoted, sentence: usize, decided: &[Decided]) -> Speaker {
        let close = |range: &Range<usize>| {
            let gap = if range.start >= quoted.outer.end {
                self.body.get(quoted.outer.end..range.start)
            } else {
                self.body.get(range.end..quoted.outer.start)
            };
            gap.is_some_and(|gap| gap.matches('\n').count() <= 1)
        };
        // `“…” 김 장관은 이렇게 말했다.`
        if let Some(range) = self.frames.sentence(sentence + 1).filter(close) {
            let text = self.body.get(range.clone()).unwrap_or_default();
            let quotes = self.spoken.iter().any(|(other, _)| range.contains(&other.outer.start));
            let found = candidates(self.body, range, self.entities, false);
            let told = says(text, 40)
                || text.contains("말이다")
                || text.contains("이같이")
                || text.contains("이렇게");
            if let Some(found) = foremost(&found).filter(|_| told && !quotes) {
                return self.of(found, sentence, decided);
            }
        }
        let Some(before) = sentence.checked_sub(1) else { return Speaker::default() };
        if let Some(last) = decided.last().filter(|last| last.sentence == before) {
            let alone =
                self.spoken.get(decided.len() - 1).is_some_and(|(_, speech)| *speech == Speech::Alone);
            if alone || last.speaker.known {
                return Speaker { text: None, ..last.speaker.clone() };
            }
        }
        let told = self.frames.sentence(before).and_then(|range| self.body.get(range));
        let topic = told.filter(|text| says(text, 40)).and_then(|_| self.topic_of(before));
        topic.map(|found| self.of(&found, sentence, decided)).unwrap_or_default()
    }

    /// What the sentence `number` is about.
    fn topic_of(&self, number: usize) -> Option<Candidate> {
        let range = self.frames.sentence(number)?;
        let first = self.spoken.iter().find(|(other, _)| range.contains(&other.outer.start));
        let end = first.map_or(range.end, |(other, _)| other.outer.start);
        let found = candidates(self.body, range.start..end, self.entities, false);
        let topic = found.iter().find(|found| found.topic);
        topic.or(found.first()).cloned()
    }

    fn of(&self, found: &Candidate, sentence: usize, decided: &[Decided]) -> Speaker {
        let entity = match found.who {
            Who::Named(entity) => Some(entity),
            Who::Pronoun => self.meant(found.range.start, sentence, decided),
            Who::Unnamed => None,
        };
        Speaker { entity, text: Some(found.range.clone()), known: true }
    }

    /// Whom a pronoun at the byte `at` means: who spoke last, or else the person whom the sentences before are about.
    fn meant(&self, at: usize, sentence: usize, decided: &[Decided]) -> Option<usize> {
        let last =
            decided.last().filter(|last| last.speaker.known && sentence - last.sentence <= PRONOUN_BACK);
        let nearest = last.map_or(0, |last| last.sentence);
        let oldest = nearest.max(sentence.saturating_sub(PRONOUN_BACK));
        for number in (oldest..=sentence).rev() {
            let Some(range) = self.frames.sentence(number) else { continue };
            if number == nearest && last.is_some() {
                break;
            }
            let found = candidates(self.body, range.start..range.end.min(at), self.entities, false);
            let topic = found.iter().rev().find(|found| found.topic && found.who != Who::Pronoun);
            // Who merely does something in a sentence is not who was spoken of last.
            let other = found.iter().rev().find(|found| found.who != Who::Pronoun && last.is_none());
            match topic.or(other).map(|found| found.who) {
                Some(Who::Named(entity)) => return Some(entity),
                _ => continue,
            }
        }
        last?.speaker.entity
    }
}

/// The one of the subjects before a quotation that speaks: the last that the sentence is about, or else the last.
fn foremost(found: &[Candidate]) -> Option<&Candidate> {
    let topic = found.iter().rev().find(|found| found.topic);
    topic.or(found.last())
}
