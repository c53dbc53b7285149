//! Who says a quotation.
//!
//! In this order: the subject before it in its sentence (`김 장관은 “…”고 말했다`); the one right after it (`“…”고 김 장관은 밝혔다`); whoever says
//! the quotation before it in the same sentence; whoever speaks in the sentence before, where this one has no subject (`이어 “…”고 덧붙였다`).
//! Speech that stands alone is told by the sentence after it or before it. A pronoun is whoever spoke or was spoken of last. Where none of
//! this is sure, nobody is named.

use std::ops::Range;

use super::Quotation;
use super::candidate::{Candidate, People, Who, candidates};
use super::frame::Frames;
use super::marks::Quoted;
use super::speech::Speech;
use super::told::{Owned, cited, is_reported, owned, owner};
use super::unknown::{Sure, Unknown, unknown_subject};
use super::words::{GOING_ON, quotative, says};
use crate::entities::Entities;

/// Sentences without a subject up to which the last speaker goes on, and those where a word says so.
const GOES_ON: usize = 2;
const GOES_ON_SAID: usize = 4;
/// Bytes between a subject that is not a topic and the quotation after another one.
const AT_HAND: usize = 45;
/// The most bytes before a colon that are whoever speaks.
const LONGEST_LABEL: usize = 60;
/// Sentences back to which a pronoun looks for whom it means.
const PRONOUN_BACK: usize = 8;

/// Finds who says what in one body.
pub(super) struct Speakers<'a> {
    body: &'a str,
    people: People<'a>,
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

impl Speaker {
    /// Somebody whose name is not known, with the words for it where there are any.
    fn nobody(text: Option<Range<usize>>) -> Self {
        Self { entity: None, text, known: true }
    }
}

/// What is around a quotation in its sentence.
#[derive(Clone, Copy)]
struct Around {
    /// The number of the sentence, and where it begins.
    sentence: usize,
    start: usize,
    /// Whether another quotation is before it in the sentence.
    follows: bool,
    /// Where what belongs to it begins and ends: at the quotations before and after it, or with the sentence.
    from: usize,
    until: usize,
}

/// A quotation whose speaker was decided.
struct Decided {
    sentence: usize,
    speaker: Speaker,
    /// Who goes on speaking after it: whoever reports, where that is another one.
    goes_on: Speaker,
}

impl<'a> Speakers<'a> {
    pub(super) fn new(
        body: &'a str,
        entities: &'a Entities,
        frames: &'a Frames,
        spoken: &'a [(Quoted, Speech)],
    ) -> Self {
        Self { body, people: People::new(body, entities), frames, spoken }
    }

    /// The quotations with their speakers.
    pub(super) fn quotations(&self) -> Vec<Quotation> {
        let mut decided: Vec<Decided> = Vec::with_capacity(self.spoken.len());
        for (index, (quoted, speech)) in self.spoken.iter().enumerate() {
            let sentence = self.frames.number(quoted.outer.start);
            let (speaker, goes_on) = match self.around(index, sentence) {
                Some(around) => self.spoken_by(quoted, *speech, around, &decided),
                None => Default::default(),
            };
            decided.push(Decided { sentence, speaker, goes_on });
        }
        let name =
            |entity: usize| self.people.entities.entities.get(entity).map(|entity| entity.name.clone());
        let quotations = self.spoken.iter().zip(decided).map(|((quoted, _), decided)| Quotation {
            text: quoted.inner.clone(),
            speaker: decided.speaker.entity.and_then(name),
            speaker_text: decided.speaker.text,
        });
        quotations.collect()
    }

    /// What is around the quotation `index`, which is in the sentence `sentence`.
    fn around(&self, index: usize, sentence: usize) -> Option<Around> {
        let Range { start, end } = self.frames.sentence(sentence)?;
        let other = |at: usize| self.spoken.get(at).map(|(quoted, _)| quoted);
        let before = index.checked_sub(1).and_then(other).filter(|other| other.outer.start >= start);
        let next = other(index + 1).filter(|other| other.outer.start < end);
        let from = before.map_or(start, |other| other.outer.end);
        let until = next.map_or(end, |other| other.outer.start);
        Some(Around { sentence, start, follows: before.is_some(), from, until })
    }

    /// Whose words a quotation is, and who goes on speaking after it.
    fn spoken_by(
        &self,
        quoted: &Quoted,
        speech: Speech,
        around: Around,
        decided: &[Decided],
    ) -> (Speaker, Speaker) {
        let ahead = candidates(self.body, around.from..quoted.outer.start, &self.people, true);
        let speaker = self.speaker(quoted, speech, around, &ahead, decided);
        match self.others(quoted, around, &ahead, decided) {
            Some(other) => {
                let outer = if speaker.known { speaker } else { other.clone() };
                (other, outer)
            }
            None => (speaker.clone(), speaker),
        }
    }

    /// Whose words a quotation is, where that is not the one who tells of it: its owner (`“…”는 김 장관의 지적을 들었다`), or whose words are
    /// reported (`김 대표는 박 대표가 “…”고 말했다고 전했다`).
    fn others(
        &self,
        quoted: &Quoted,
        around: Around,
        ahead: &[Candidate],
        decided: &[Decided],
    ) -> Option<Speaker> {
        let Around { sentence, from, until, .. } = around;
        if let Some((range, who)) = owner(self.body, quoted.outer.end, until, &self.people) {
            return Some(self.of(&Candidate { range, topic: false, who }, sentence, decided));
        }
        if let Some(found) = cited(self.body, from..quoted.outer.start, &self.people) {
            let Some((range, who)) = found else {
                return Some(Speaker::nobody(None));
            };
            return Some(self.of(&Candidate { range, topic: false, who }, sentence, decided));
        }
        if !is_reported(self.body.get(quoted.outer.end..until)?) {
            return None;
        }
        let other = self.reported(foremost(ahead)?, ahead, quoted.outer.start)?;
        Some(self.of(&other, sentence, decided))
    }

    fn speaker(
        &self,
        quoted: &Quoted,
        speech: Speech,
        around: Around,
        ahead: &[Candidate],
        decided: &[Decided],
    ) -> Speaker {
        let Around { sentence, start, follows, from, until } = around;
        let last = decided.last();
        let at_hand = |found: &&Candidate| {
            let near = quoted.outer.start.saturating_sub(found.range.end) <= AT_HAND;
            !follows || found.topic || near && matches!(found.who, Who::Named(_))
        };
        if let Some(found) = foremost(ahead).filter(at_hand) {
            let between = found.range.end..quoted.outer.start;
            return match unknown_subject(self.body, between, Sure::Person) {
                Some(unknown) => Speaker::nobody(unknown.text),
                None => self.of(found, sentence, decided),
            };
        }
        let after = self.after(quoted.outer.end..until, sentence, decided);
        if let Some(found) = after.or_else(|| self.bracketed(quoted.outer.end)) {
            return found;
        }
        let between = self.body.get(from..quoted.outer.start).unwrap_or_default();
        let joined = quotative(between)
            .map_or("", |rest| between.get(..between.len() - rest.len()).unwrap_or_default());
        // Whoever says the one says the other: `“…”며 다리도 “…”고 말했다`.
        let goes_on = follows && (joined.ends_with('며') || joined.ends_with("면서"));
        let unknown =
            if goes_on { None } else { unknown_subject(self.body, from..quoted.outer.start, Sure::Place) };
        if let Some(unknown) = unknown.or_else(|| self.unknown_after(quoted.outer.end..until)) {
            return Speaker::nobody(unknown.text);
        }
        if speech == Speech::Nobodys {
            return Speaker::default();
        }
        if follows {
            return last.map(|last| last.goes_on.clone()).unwrap_or_default();
        }
        if speech == Speech::Alone {
            return self.of_alone(quoted, sentence, decided);
        }
        let begins = self.body.get(start..quoted.outer.start).unwrap_or_default();
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
            (None, Some(last)) if !said_to && self.unknown_between(last.sentence, sentence) => {
                Speaker::default()
            }
            (_, Some(last)) => Speaker { text: None, ..last.goes_on.clone() },
            (Some((number, found)), None) if speech == Speech::Said => {
                let speaker = self.of(&found, number, decided);
                Speaker { text: speaker.text.filter(|_| speaker.entity.is_some()), ..speaker }
            }
            _ => Speaker::default(),
        }
    }

    /// Whose words are reported between `found`, who reports, and the quotation at `until`: `김 대표는 박 대표가 “…”고 말했다고 전했다`.
    fn reported(&self, found: &Candidate, ahead: &[Candidate], until: usize) -> Option<Candidate> {
        if !found.topic {
            return None;
        }
        let inner = ahead.iter().rev().find(|other| !other.topic && other.range.start >= found.range.end);
        inner.cloned().or_else(|| {
            let named = self.body.get(found.range.end..until)?;
            let subject = |word: &&str| word.ends_with(['이', '가']) && word.chars().count() >= 3;
            let word = named.split_whitespace().find(subject)?;
            let start = word.as_ptr() as usize - self.body.as_ptr() as usize;
            Some(Candidate { range: start..start + word.len(), topic: false, who: Who::Unnamed })
        })
    }

    /// The subject right after a quotation: `“…”라고 김 장관은 밝혔다`, `“…”고 말한 김 장관은`, `“…”(김 장관)`.
    fn after(&self, range: Range<usize>, sentence: usize, decided: &[Decided]) -> Option<Speaker> {
        let text = self.body.get(range.clone())?;
        let rest = text.trim_start();
        let joined = quotative(rest).unwrap_or(rest);
        let start = range.end - joined.len();
        let found = candidates(self.body, start..range.end, &self.people, false);
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

    /// Somebody without a known name right after a quotation: `“…”고 주장 한소담은 말했다`.
    fn unknown_after(&self, range: Range<usize>) -> Option<Unknown> {
        let rest = self.body.get(range.clone())?;
        let joined = quotative(rest)?;
        rest.get(..rest.len() - joined.len()).filter(|particle| particle.ends_with('고'))?;
        let mut words = joined.split_whitespace();
        let topic = words.by_ref().take(2).find(|word| word.ends_with(['은', '는']))?;
        let end = topic.as_ptr() as usize - self.body.as_ptr() as usize + topic.len();
        says(self.body.get(end..range.end)?, 4).then_some(())?;
        unknown_subject(self.body, range.end - joined.len()..end, Sure::Person)
    }

    /// Who stands in brackets right after a quotation: `“…”(김하늘 장관)`.
    fn bracketed(&self, at: usize) -> Option<Speaker> {
        let inside = self.body.get(at..)?.strip_prefix('(')?.split([')', '\n']).next()?;
        let (start, end) = (at + 1, at + 1 + inside.len());
        let in_body = self.people.entities.in_body();
        let first = in_body.partition_point(|mention| mention.range.start < start);
        let mut inside = in_body.get(first..)?.iter().take_while(|mention| mention.range.start < end);
        let named = inside
            .find(|mention| mention.range.end <= end && self.people.entities.is_person(mention.entity))?;
        Some(Speaker { entity: Some(named.entity), text: Some(named.range.clone()), known: true })
    }

    /// Who stands before a colon at the head of a quotation, as in minutes: `김하늘 위원장: “…”`; `None` within where that is nobody known.
    fn labelled(&self, quoted: &Quoted, sentence: usize) -> Option<Option<Candidate>> {
        let range = self.frames.sentence(sentence.checked_sub(1)?)?;
        let label = self.body.get(range.start..quoted.outer.start)?.trim();
        if label.len() > LONGEST_LABEL || !label.ends_with([':', '=']) || label.contains('\n') {
            return None;
        }
        let mut found = candidates(self.body, range.start..quoted.outer.start, &self.people, true);
        Some(found.pop())
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
        if let Some(found) = self.labelled(quoted, sentence) {
            return match found {
                Some(found) => self.of(&found, sentence, decided),
                None => Speaker::nobody(None),
            };
        }
        // `“…” 김 장관은 이렇게 말했다.`
        if let Some(range) = self.frames.sentence(sentence + 1).filter(close) {
            let text = self.body.get(range.clone()).unwrap_or_default();
            match owned(self.body, range.clone(), &self.people) {
                Owned::By(range, who) => {
                    return self.of(&Candidate { range, topic: false, who }, sentence, decided);
                }
                Owned::Unknown => return Speaker::nobody(None),
                Owned::Unsaid => {}
            }
            let quotes = self.first_spoken(&range).is_some();
            let next = range.clone();
            let found = candidates(self.body, range, &self.people, false);
            let told = says(text, 40)
                || text.contains("말이다")
                || text.contains("이같이")
                || text.contains("이렇게");
            if let Some(found) = foremost(&found).filter(|_| told && !quotes) {
                return self.of(found, sentence, decided);
            }
            let unknown = unknown_subject(self.body, next, Sure::Place);
            if let Some(unknown) = unknown.filter(|_| told && !quotes) {
                return Speaker::nobody(unknown.text);
            }
        }
        let Some(before) = sentence.checked_sub(1) else { return Speaker::default() };
        if let Some(last) = decided.last().filter(|last| last.sentence == before) {
            let alone =
                self.spoken.get(decided.len() - 1).is_some_and(|(_, speech)| *speech == Speech::Alone);
            if alone || last.goes_on.known {
                return Speaker { text: None, ..last.goes_on.clone() };
            }
        }
        let told = self.frames.sentence(before).and_then(|range| self.body.get(range));
        let topic = told.filter(|text| says(text, 40)).and_then(|_| self.topic_of(before));
        topic.map(|found| self.of(&found, sentence, decided)).unwrap_or_default()
    }

    /// Whether one of the sentences between two is about somebody without a known name.
    fn unknown_between(&self, first: usize, last: usize) -> bool {
        (first + 1..last).any(|number| {
            let range = self.frames.sentence(number);
            range.is_some_and(|range| unknown_subject(self.body, range, Sure::Person).is_some())
        })
    }

    /// Where the first quotation in `range` begins.
    fn first_spoken(&self, range: &Range<usize>) -> Option<usize> {
        let at = self.spoken.partition_point(|(other, _)| other.outer.start < range.start);
        self.spoken.get(at).map(|(other, _)| other.outer.start).filter(|start| *start < range.end)
    }

    /// What the sentence `number` is about.
    fn topic_of(&self, number: usize) -> Option<Candidate> {
        let range = self.frames.sentence(number)?;
        let end = self.first_spoken(&range).unwrap_or(range.end);
        let found = candidates(self.body, range.start..end, &self.people, false);
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
            decided.last().filter(|last| last.goes_on.known && sentence - last.sentence <= PRONOUN_BACK);
        let nearest = last.map_or(0, |last| last.sentence);
        let oldest = nearest.max(sentence.saturating_sub(PRONOUN_BACK));
        for number in (oldest..=sentence).rev() {
            let Some(range) = self.frames.sentence(number) else { continue };
            if number == nearest && last.is_some() {
                break;
            }
            let found = candidates(self.body, range.start..range.end.min(at), &self.people, false);
            let topic = found.iter().rev().find(|found| found.topic && found.who != Who::Pronoun);
            // Who merely does something in a sentence is not who was spoken of last.
            let other = found.iter().rev().find(|found| found.who != Who::Pronoun && last.is_none());
            match topic.or(other).map(|found| found.who) {
                Some(Who::Named(entity)) => return Some(entity),
                _ => continue,
            }
        }
        last?.goes_on.entity
    }
}

/// The one of the subjects before a quotation that speaks: the last that the sentence is about, or else the last.
fn foremost(found: &[Candidate]) -> Option<&Candidate> {
    let topic = found.iter().rev().find(|found| found.topic);
    topic.or(found.last())
}
