//! Which verb or adjective a stem belongs to, by the ending that follows it.
//!
//! The dictionary has one entry for each spelling of a stem, and where two verbs share one (`걸` of 걸다 and of 걷다) both at the
//! same cost, so the lattice takes either. The ending decides: `걸고` is 걸다, `걸으면` 걷다, and `걸어` both. Besides, some entries
//! name a verb that no conjugation leads to (`막` as 박다) or that standard Korean does not have (`주` as 줏다): they count only
//! where there is nothing else.

use super::morpheme::Morpheme;
use super::pos::{Structure, first_tag};
use super::segmenter::{DictionaryEntry, Segmenter, expression_parts};

/// How the spelling of a stem comes from the stem in the dictionary form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// It is the same.
    None,
    /// ㄷ became ㄹ: 걷 → 걸, before vowels.
    Dieut,
    /// ㄹ fell out: 갈 → 가, before ㄴ, ㅂ, ㅅ and 오.
    Rieul,
    /// ㅅ fell out: 짓 → 지, before vowels.
    Siot,
    /// ㅂ became 우: 돕 → 도우, before vowels.
    Bieup,
    /// ㅎ of an adjective fell out: 그렇 → 그러, before ㄴ, ㅁ and vowels.
    Hieut,
    /// The stem took up the vowel of an ending: 되 → 돼.
    Contracted,
    /// Nothing that conjugation does.
    Strange,
}

/// A stem that a spelling may stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    stem: Box<str>,
    change: Change,
    /// Whether it is an adjective: those have no form in 는.
    adjective: bool,
}

/// The stems that one spelling may stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stems {
    candidates: Vec<Candidate>,
}

/// Stems that end in a vowel and are verbs beside the one in ㄹ that is spelt alike (가다, 갈다). Of others the dictionary has only
/// the spelling: there is no 만드다.
const VOWEL_STEMS: [&str; 15] =
    ["가", "나", "사", "파", "주", "쓰", "끄", "까", "비", "푸", "트", "거치", "고", "기", "지"];

/// Stems in ㄹ that are verbs beside the one in ㄷ that is spelt alike (걸다, 걷다).
const RIEUL_STEMS: [&str; 5] = ["걸", "들", "물", "길", "불"];

/// Stems that standard Korean does not have.
const NOT_STEMS: [&str; 3] = ["줏", "누릏", "그릏"];

/// Whether the dictionary has a common noun that is written so.
pub(super) fn is_noun(segmenter: &Segmenter, word: &str) -> bool {
    segmenter.tags_of(word).iter().any(|tag| tag.starts_with("NNG"))
}

/// Whether the dictionary has the stem of a verb or adjective that is written so.
pub(super) fn is_plain(segmenter: &Segmenter, stem: &str) -> bool {
    let plain = |entry: DictionaryEntry<'_>| {
        matches!(entry.tag, "VV" | "VA" | "VCN") && entry.structure() != Structure::Inflect
    };
    segmenter.entries_of(stem).any(plain)
}

impl Stems {
    /// The stems that `morpheme`, a verb or adjective spelt `surface`, may stand for.
    pub(super) fn of(segmenter: &Segmenter, morpheme: &Morpheme, surface: &str) -> Self {
        let entry = segmenter.entry(morpheme);
        if entry.tag.contains('+') {
            return Self::fused_as(segmenter, entry, surface);
        }
        Self::spelt(segmenter, surface, &["VV", "VA", "VCN"])
    }

    /// The stems of the classes `tags` that are spelt `surface`.
    pub(super) fn spelt(segmenter: &Segmenter, surface: &str, tags: &[&str]) -> Self {
        let mut stems = Self::default();
        for entry in segmenter.entries_of(surface).filter(|entry| tags.contains(&entry.tag)) {
            let adjective = entry.tag == "VA";
            let candidate = match entry.structure() {
                Structure::Inflect => named(&entry).map(|stem| Candidate {
                    change: change(&stem, surface, entry.tag),
                    stem: stem.into(),
                    adjective,
                }),
                _ => {
                    // 참으 is 참 with a part of its ending.
                    let stem = surface.strip_suffix('으').filter(|stem| is_closed(stem)).unwrap_or(surface);
                    Some(Candidate { stem: stem.into(), change: Change::None, adjective })
                }
            };
            let known = &mut stems.candidates;
            if let Some(new) = candidate
                .filter(|new| known.iter().all(|one| (&one.stem, one.change) != (&new.stem, new.change)))
            {
                known.push(new);
            }
        }
        if tags.contains(&"VV")
            && let Some(partner) = rieul_partner(segmenter, surface)
        {
            let candidate = Candidate { stem: partner.into(), change: Change::Rieul, adjective: false };
            if !stems.candidates.is_empty() && !stems.candidates.contains(&candidate) {
                stems.candidates.push(candidate);
            }
        }
        // The spelling itself first, whatever the order of the dictionary.
        stems.candidates.sort_by_key(|candidate| candidate.change != Change::None);
        stems
    }

    /// The stems of which `surface` is a form that the dictionary has as one with its ending: `버릴`.
    pub(super) fn fused(segmenter: &Segmenter, surface: &str) -> Self {
        let fused = |tag: &str| tag.starts_with("VV+") || tag.starts_with("VA+");
        let entries = segmenter.entries_of(surface).filter(|entry| fused(entry.tag));
        // 누를 is of 누르다, and of no 누릏다.
        let stems = entries.map(|entry| Self::fused_as(segmenter, entry, surface));
        stems.into_iter().find(|stems| !stems.candidates.is_empty()).unwrap_or_default()
    }

    fn fused_as(segmenter: &Segmenter, entry: DictionaryEntry<'_>, surface: &str) -> Self {
        let Some(stem) = named(&entry).filter(|stem| !NOT_STEMS.contains(&&**stem)) else {
            return Self::default();
        };
        let stem = corrected(segmenter, &stem, surface).unwrap_or(stem);
        let partner = fused_partner(segmenter, entry.tag, &stem, surface);
        Self::listed([Some(stem), partner].into_iter().flatten())
    }

    fn listed(stems: impl Iterator<Item = String>) -> Self {
        let candidates =
            stems.map(|stem| Candidate { stem: stem.into(), change: Change::None, adjective: false });
        Self { candidates: candidates.collect() }
    }

    /// The stems of the verbs that are meant before an ending that begins with `next`, the likelier first.
    pub(super) fn before(&self, next: Option<char>) -> impl Iterator<Item = &str> {
        let fits = |candidate: &&Candidate| self.fits(candidate, next);
        let one = || self.candidates.first().filter(|only| self.is_verb(only)).or(self.candidates.last());
        let fallback = if self.candidates.iter().any(|candidate| fits(&candidate)) { None } else { one() };
        self.candidates
            .iter()
            .filter(move |candidate| self.fits(candidate, next))
            .chain(fallback)
            .map(|c| &*c.stem)
    }

    fn has(&self, change: Change) -> bool {
        self.candidates.iter().any(|candidate| candidate.change == change && self.is_verb(candidate))
    }

    /// Whether a candidate is a verb of standard Korean beside the others.
    fn is_verb(&self, candidate: &Candidate) -> bool {
        let others = |change| self.candidates.iter().any(|other| other.change == change);
        match candidate.change {
            Change::None if others(Change::Contracted) || others(Change::Bieup) => false,
            Change::None if others(Change::Rieul) => VOWEL_STEMS.contains(&&*candidate.stem),
            Change::None if others(Change::Dieut) => RIEUL_STEMS.contains(&&*candidate.stem),
            Change::None => true,
            _ => !NOT_STEMS.contains(&&*candidate.stem),
        }
    }

    fn fits(&self, candidate: &Candidate, next: Option<char>) -> bool {
        if !self.is_verb(candidate) {
            return false;
        }
        let open = matches!(next, Some('아' | '어' | '았' | '었'));
        let close = matches!(next, Some('으' | '은' | '을' | '음' | '읍'));
        match candidate.change {
            // A stem in ㄹ or a vowel takes no 으, and where ㅅ fell out the vowels stay apart (지어, not 져).
            Change::None if close => !self.has(Change::Dieut) && !self.has(Change::Siot),
            Change::None if open => !self.has(Change::Siot),
            Change::None => true,
            Change::Dieut | Change::Siot => open || close,
            Change::Rieul => next.is_some_and(drops_rieul) && !(candidate.adjective && next == Some('는')),
            Change::Hieut => matches!(next, Some('면' | '며' | '네' | '니' | '므')),
            Change::Bieup | Change::Contracted => true,
            Change::Strange => self.candidates.len() == 1,
        }
    }
}

/// Whether ㄹ at the end of a stem falls out before an ending that begins with `next`.
fn drops_rieul(next: char) -> bool {
    let lead = (next as u32).wrapping_sub('가' as u32) / 588;
    const NIEUN: u32 = 2;
    lead == NIEUN || matches!(next, '시' | '신' | '실' | '심' | '십' | '셨' | '세' | '셔' | '소' | '오')
}

/// The stem that an entry of several parts names.
fn named(entry: &DictionaryEntry<'_>) -> Option<String> {
    expression_parts(entry.expression).next().map(|(stem, _)| stem.to_owned())
}

/// The lead, vowel and final consonant of a syllable, as numbers of their order in Unicode.
pub(super) fn parts(syllable: char) -> Option<(u32, u32, u32)> {
    let code = (syllable as u32).checked_sub('가' as u32).filter(|code| *code < 11_172)?;
    Some((code / 588, code % 588 / 28, code % 28))
}

const NO_FINAL: u32 = 0;
const FINAL_NIEUN: u32 = 4;
const FINAL_DIEUT: u32 = 7;
const FINAL_RIEUL: u32 = 8;
const FINAL_BIEUP: u32 = 17;
const FINAL_SIOT: u32 = 19;
const FINAL_HIEUT: u32 = 27;

/// How `surface` comes from `stem`.
fn change(stem: &str, surface: &str, tag: &str) -> Change {
    let (mut stems, mut surfaces) = (stem.chars(), surface.chars());
    let (Some(of_stem), Some(of_surface)) = (stems.next_back(), surfaces.next_back()) else {
        return Change::Strange;
    };
    let (Some(from), Some(to)) = (parts(of_stem), parts(of_surface)) else { return Change::Strange };
    if of_surface == '우' && from.2 == FINAL_BIEUP {
        let kept = surfaces.next_back().and_then(parts);
        let same = kept == Some((from.0, from.1, NO_FINAL)) && stems.as_str() == surfaces.as_str();
        return if same { Change::Bieup } else { Change::Strange };
    }
    if stems.as_str() != surfaces.as_str() || from.0 != to.0 {
        return Change::Strange;
    }
    match (from.1 == to.1, from.2, to.2) {
        (true, FINAL_DIEUT, FINAL_RIEUL) => Change::Dieut,
        (true, FINAL_RIEUL, NO_FINAL) => Change::Rieul,
        (true, FINAL_SIOT, NO_FINAL) => Change::Siot,
        (true, FINAL_HIEUT, NO_FINAL) if tag == "VA" => Change::Hieut,
        (false, NO_FINAL, NO_FINAL) if is_contraction(from.1, to.1) => Change::Contracted,
        _ => Change::Strange,
    }
}

/// Whether a vowel and 아 or 어 after it make the other one: ㅗ ㅘ, ㅜ ㅝ, ㅣ ㅕ, ㅚ ㅙ.
fn is_contraction(from: u32, to: u32) -> bool {
    matches!((from, to), (8, 9) | (13, 14) | (20, 6) | (11, 10))
}

/// The verb in ㄹ that loses it in some forms and is spelt `surface` then, which is a verb too: 줄다 beside 주다.
fn rieul_partner(segmenter: &Segmenter, surface: &str) -> Option<String> {
    let last = surface.chars().next_back().filter(|_| VOWEL_STEMS.contains(&surface) && surface != "지")?;
    let before = surface.strip_suffix(last)?;
    let partner = format!("{before}{}", char::from_u32(last as u32 + FINAL_RIEUL)?);
    let known = |entry: DictionaryEntry<'_>| entry.tag == "VV" && entry.structure() != Structure::Inflect;
    let is_verb = segmenter.entries_of(&partner).any(known);
    is_verb.then_some(partner)
}

/// Whether the last syllable ends in a consonant.
fn is_closed(text: &str) -> bool {
    text.chars().next_back().and_then(parts).is_some_and(|(_, _, last)| last != NO_FINAL)
}

/// The stem that is meant where the dictionary names a wrong one for `surface`: 쌓다 of `쌓았`, not 쌓이다; 맵다 of `매웠`.
fn corrected(segmenter: &Segmenter, stem: &str, surface: &str) -> Option<String> {
    let plain = |stem: &str, tags: &[&str]| {
        let known =
            |entry: DictionaryEntry<'_>| tags.contains(&entry.tag) && entry.structure() != Structure::Inflect;
        segmenter.entries_of(stem).any(known)
    };
    if stem == "매우" {
        return Some("맵".to_owned());
    }
    let before = ["았", "었"].iter().find_map(|ending| surface.strip_suffix(ending)).or_else(|| {
        // 캐서 is of 캐다, while 커서 is of 크다.
        let before = surface.strip_suffix('서')?;
        before
            .chars()
            .next_back()
            .and_then(parts)
            .is_some_and(|(_, vowel, _)| matches!(vowel, 1 | 5))
            .then_some(before)
    })?;
    let longer = is_closed(before) && stem.starts_with(before) || surface.ends_with('서');
    (before != stem && longer && plain(before, &["VV", "VA"])).then(|| before.to_owned())
}

/// The other verb that `surface`, fused of `stem` and an ending, may come from: `간` and `갈` of 가다 and 갈다.
fn fused_partner(segmenter: &Segmenter, tag: &str, stem: &str, surface: &str) -> Option<String> {
    let mut chars = stem.chars();
    let last = chars.next_back()?;
    let (lead, vowel, end) = parts(last)?;
    let fused = parts(surface.chars().nth(chars.clone().count())?)?;
    // 걸어서 is of 걸다 and of 걷다.
    let open = matches!(surface.chars().nth(stem.chars().count()), Some('아' | '어' | '았' | '었'));
    if matches!((end, fused.2), (FINAL_DIEUT | FINAL_RIEUL, FINAL_RIEUL)) && open {
        let other = char::from_u32(last as u32 - end + FINAL_DIEUT + FINAL_RIEUL - end)?;
        let partner = format!("{}{other}", chars.as_str());
        let rieul = if end == FINAL_RIEUL { stem } else { partner.as_str() };
        return RIEUL_STEMS.contains(&rieul).then_some(partner);
    }
    let ending = matches!(fused.2, FINAL_NIEUN | FINAL_RIEUL | FINAL_BIEUP);
    if !ending || (lead, vowel) != (fused.0, fused.1) || !surface.starts_with(chars.as_str()) {
        return None;
    }
    let other = match end {
        NO_FINAL => char::from_u32(last as u32 + FINAL_RIEUL)?,
        FINAL_RIEUL => char::from_u32(last as u32 - FINAL_RIEUL)?,
        _ => return None,
    };
    let partner = format!("{}{other}", chars.as_str());
    let open = if end == NO_FINAL { stem } else { partner.as_str() };
    let first = first_tag(tag);
    let known = segmenter
        .entries_of(&partner)
        .any(|entry| entry.tag == first && entry.structure() != Structure::Inflect);
    (known && VOWEL_STEMS.contains(&open)).then_some(partner)
}
