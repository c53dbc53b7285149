//! Where the core of a query word ends and its particles begin: by grammar, spelling, lexicons, and what the archive holds.
//!
//! Trailing particles are stripped, unless the word is a noun of the dictionary, or the index shows that the "particle" belongs to a name:
//! at least 70 % of what the stem finds has it too (`브록만`).

use super::WordReader;
use super::spelling::{Junctions, exact, is_hangul_word};
use crate::korean::fold::{Script, script};
use crate::korean::pos::Role;
use crate::korean::verb_forms::is_verb_form;
use crate::query::archive::ArchiveError;
use crate::query::shape::{Extent, Lane, Probe, Shape};

/// A word keeps its apparent particle if at least this share of what its stem finds has it too: `브록` is hardly ever
/// followed by anything but 만, `중기부` by everything.
const NAME_SHARE: f64 = 0.7;

impl WordReader<'_> {
    /// The kept characters `start..end` without a plural ending, as a word of its own: `창업자들` is 창업자, not 창업자금.
    pub(super) fn singular(&self, start: usize, end: usize) -> Option<Shape> {
        let kept = self.analysis.kept.get(start..end)?;
        let (last, noun) = kept.split_last()?;
        let cut = self.analysis.morphemes.iter().find(|morpheme| morpheme.start == last.start)?;
        let plural = last.ch == '들' && !last.gap && self.analyzer.segmenter().entry(cut).tag == "XSN";
        let noun: String = (plural && noun.len() >= 2).then(|| noun.iter().map(|k| k.ch).collect())?;
        Some(Shape::term(Lane::Morph, noun, Extent::Kept(end as u32 - start as u32 - 1)))
    }

    /// The kept characters `start..end` of the analysed word, as typed.
    pub(super) fn core_text<'t>(&self, text: &'t str, start: usize, end: usize) -> &'t str {
        let from = self.analysis.kept.get(start).map_or(0, |kept| kept.start as usize);
        let to = end
            .checked_sub(1)
            .and_then(|last| self.analysis.kept.get(last))
            .map_or(text.len(), |k| k.end as usize);
        text.get(from..to).unwrap_or(text)
    }

    /// Kept index at which the core begins: `(주)카카오` and `㈜카카오` are 카카오.
    pub(super) fn core_start(&self, text: &str, end: usize) -> usize {
        let marked = ["(주)", "㈜", "(사)", "(재)", "(유)"].iter().any(|mark| text.starts_with(mark));
        usize::from(marked && end > 1)
    }

    /// Kept index after the core: trailing particles and endings cut off, unless they are part of a name.
    pub(super) fn core_end(&self, text: &str) -> Result<usize, ArchiveError> {
        let kept = &self.analysis.kept;
        let whole = kept.len();
        // What a lexicon has is not an inflected word: 인하대 is not 인하 with an ending, 경남도 not 경남 with a particle.
        if !self.language.variants().of(text).is_empty() {
            return Ok(whole);
        }
        let mut end = whole;
        let mut bounds = Vec::new();
        for morpheme in self.analysis.morphemes.iter().rev() {
            let from = kept.partition_point(|k| k.start < morpheme.start);
            let to = kept.partition_point(|k| k.start < morpheme.end);
            if from == to {
                continue;
            }
            // ㎞ is dropped as a sign, and yet is a part of the word.
            let hangul =
                kept.get(from..to).is_some_and(|part| part.iter().all(|k| script(k.ch) == Script::Hangul));
            if morpheme.class.role != Role::Dropped || !hangul {
                break;
            }
            bounds.push(end);
            end = from;
        }
        if end == whole && !self.is_dictionary_noun(text) {
            return self.spelt_end();
        }
        let one_syllable = end == 1 && kept.first().is_some_and(|k| script(k.ch) != Script::Hanja);
        if end == 0 || end == whole || one_syllable || self.is_dictionary_noun(text) {
            return Ok(whole);
        }
        if self.ends_in_verb() {
            return Ok(end);
        }
        // `브록만은` is 브록만 with a particle, not 브록 with two.
        for longer in bounds {
            if (longer == whole || longer == end + 1) && self.is_name(end, longer)? {
                return Ok(longer);
            }
        }
        Ok(end)
    }

    /// Whether a particle or copula begins at kept index `at` of the analysed word, or what is spelt like one; not an
    /// ending or a verb's suffix.
    pub(super) fn is_particle_at(&self, at: usize) -> bool {
        let Some(byte) = self.analysis.kept.get(at).map(|kept| kept.start) else { return false };
        let Some(here) = self.analysis.morphemes.iter().find(|morpheme| morpheme.end > byte) else {
            return false;
        };
        let tag = self.analyzer.segmenter().entry(here).tag;
        here.start < byte || !["E", "X", "VX"].iter().any(|ending| tag.starts_with(ending))
    }

    /// Like [`Self::core_end`] where the dictionary sees no particle because it cuts the word otherwise: `우크라이나와` is
    /// cut before 나와, `금융위가` before 위가. Goes by the spelling, if what is left is three syllables or more that the
    /// archive holds, mostly without what looks like a particle.
    pub(super) fn spelt_end(&self) -> Result<usize, ArchiveError> {
        const PARTICLES: &str = "에서는 으로는 에게는 에서도 에서 에게 에는 으로 까지 부터 보다 처럼 은 는 이 가 을 를 의 에 와 과 도 로";
        let kept = &self.analysis.kept;
        let whole = kept.len();
        if !is_hangul_word(kept) {
            return Ok(whole);
        }
        let text: String = kept.iter().map(|k| k.ch).collect();
        let Some(particle) = PARTICLES.split(' ').find(|particle| text.ends_with(particle)) else {
            return Ok(whole);
        };
        let end = whole - particle.chars().count().min(whole);
        let stem = kept.get(..end).filter(|_| end >= 3).and_then(|stem| exact(stem, Junctions::Soft));
        let known = match stem {
            Some(stem) => self.vocabulary.holds(&stem, self.deadline)?,
            None => false,
        };
        Ok(if known && !self.is_name(end, whole)? { end } else { whole })
    }

    pub(super) fn is_dictionary_noun(&self, text: &str) -> bool {
        self.analyzer.segmenter().tags_of(text).iter().any(|tag| tag.starts_with("NN"))
    }

    /// Whether a word that is typed as `text` means a noun, where it may be a form of a verb as well: 보은 is a place, and 추운 an adjective.
    pub(super) fn is_noun_as_typed(&self, text: &str) -> bool {
        self.is_dictionary_noun(text) && !is_verb_form(text)
    }

    /// Whether the last morpheme that counts is a verb or adjective.
    pub(super) fn ends_in_verb(&self) -> bool {
        let last = self.analysis.morphemes.iter().rfind(|morpheme| morpheme.class.role != Role::Dropped);
        last.is_some_and(|morpheme| morpheme.class.role == Role::Stem)
    }

    /// Whether the archive shows that what looks like a particle at kept index `end` belongs to the word, which then ends at
    /// `longer`.
    pub(super) fn is_name(&self, end: usize, longer: usize) -> Result<bool, ArchiveError> {
        let kept = &self.analysis.kept;
        let Some(whole) = kept.get(..longer).and_then(|kept| exact(kept, Junctions::Soft)) else {
            return Ok(false);
        };
        let stem = kept.get(..end).unwrap_or_default();
        let stem: String = stem.iter().map(|k| k.ch).collect();
        // A lexicon's word is not a name with its end cut off, however few articles there are to tell.
        if !self.language.variants().of(&stem).is_empty() {
            return Ok(false);
        }
        let as_morpheme = Shape::term(Lane::Morph, stem, Extent::Kept(end as u32));
        let mut without = self.vocabulary.count(&as_morpheme, self.deadline)?;
        // Of most words the stem is so frequent that nothing need be counted.
        if (self.at_most(&whole)? as f64) < NAME_SHARE * without as f64 {
            return Ok(false);
        }
        let with = self.vocabulary.count(&whole, self.deadline)?;
        if with == 0 {
            return Ok(false);
        }
        if end >= 3
            && let Some(shape) = kept.get(..end).and_then(|stem| exact(stem, Junctions::Soft))
        {
            without = without.max(self.vocabulary.count(&shape, self.deadline)?);
        }
        Ok(with as f64 >= NAME_SHARE * without as f64)
    }

    /// As many articles as can hold `shape`, by its rarest slot; no article is looked at.
    fn at_most(&self, shape: &Shape) -> Result<u64, ArchiveError> {
        let probes: Vec<Probe> = shape.slots.iter().flat_map(|slot| &slot.probes).cloned().collect();
        let mut held = self.vocabulary.frequencies(&probes, self.deadline)?.held.into_iter();
        let of_slots = shape.slots.iter().map(|slot| held.by_ref().take(slot.probes.len()).sum::<u64>());
        Ok(of_slots.min().unwrap_or_default())
    }
}
