//! Where a noun may begin although the lattice cuts across it: 대의원 of `정기대+의원+총회`.
//!
//! The lattice takes the cheapest cut of a word, which in a compound is not always the one that a reader sees. Another one counts where what
//! is before the noun is covered by nouns of two syllables and more, or by a prefix: `정기+대의원`, `고+위험군`, and not `인+재개발` in
//! 인재개발원 or `세+대전환` in 세대전환. Inside of one noun of the dictionary only a prefix counts (`비+정상화`): 다이아몬드 is no 아몬드.
//! Proper nouns are not analysed, so that inside of one a noun may begin anywhere: 제주특별자치도.

use super::fold::{KeptChar, Script, script};
use super::morpheme::{CutWord, Morpheme};
use super::segmenter::Segmenter;
use super::word_memory::ByWord;

/// Syllables of the nouns that are looked for: shorter ones are found where the lattice cuts them out, and longer ones anywhere.
const NOUN: usize = 3;
/// Prefixes of one syllable.
const PREFIXES: &str = "비성고중재신초준탈반친역총";
/// Longest noun before it, in syllables.
const LONGEST_PIECE: usize = 6;
/// Longest word that is looked at, in syllables.
const LONGEST: usize = 24;

/// Whether `word` is a common noun of three syllables that the dictionary knows, and cuts out where it stands as a word. What it has as a
/// name alone is one, too, where it is a noun with 사: 시공사 is also the name of a publisher. A loanword with 스 is not: it is a name as
/// often (바스코, 에스터), and names are found anywhere.
pub fn is_known_noun(segmenter: &Segmenter, word: &str) -> bool {
    let syllables = word.chars().count() == NOUN
        && word.chars().all(|ch| script(ch) == Script::Hangul)
        && !word.contains('스');
    syllables
        && (is_noun(segmenter, word, "NNG")
            || is_noun(segmenter, word, "NNP")
                && word.strip_suffix('사').is_some_and(|noun| is_noun(segmenter, noun, "NNG")))
}

/// A thread's memory of where nouns may begin.
#[derive(Default)]
pub(super) struct OtherCuts {
    known: ByWord<Box<[u8]>>,
}

impl OtherCuts {
    /// Characters of `word`, of its kept characters `kept`, at which a noun may begin inside of the hangul that the word, or a part of it
    /// after a sign, begins with; ascending. `morphemes` are its own.
    pub(super) fn of(
        &mut self,
        segmenter: &Segmenter,
        word: &CutWord,
        kept: &[KeptChar],
        morphemes: &[Morpheme],
    ) -> &[u8] {
        self.known.of(word.number, || {
            let mut found = Vec::new();
            let mut from = 0;
            // ㈜ is a letter between two signs.
            for part in kept.chunk_by(|_, next| !next.gap) {
                let begins = in_part(segmenter, part, morphemes);
                found.extend(begins.iter().filter_map(|at| u8::try_from(from + usize::from(*at)).ok()));
                from += part.len();
            }
            found.into()
        })
    }
}

/// Syllables at which a noun may begin inside of the hangul that `part` of a word begins with.
fn in_part(segmenter: &Segmenter, part: &[KeptChar], morphemes: &[Morpheme]) -> Box<[u8]> {
    let hangul = part.iter().take_while(|k| script(k.ch) == Script::Hangul);
    let syllables: Vec<char> = hangul.map(|k| k.ch).collect();
    if !(NOUN + 1..=LONGEST).contains(&syllables.len()) {
        return Box::default();
    }
    let mut cuts = vec![0];
    let starts = morphemes.iter().map(|m| part.partition_point(|k| k.start < m.start));
    cuts.extend(starts.filter(|start| (1..syllables.len()).contains(start)));
    cuts.push(syllables.len());
    begins(segmenter, &syllables, &cuts)
}

/// Where a known noun begins or may begin in a word of these syllables, whose morphemes begin at `cuts`; the last cut is its end.
fn begins(segmenter: &Segmenter, syllables: &[char], cuts: &[usize]) -> Box<[u8]> {
    let piece = |from: usize, to: usize| syllables.get(from..to).map(String::from_iter);
    let begins_noun = |at: &usize| piece(*at, at + NOUN).is_some_and(|noun| is_known_noun(segmenter, &noun));
    let candidates = 1..syllables.len().saturating_sub(NOUN - 1);
    // Also where a morpheme begins: one that is dropped, as an ending, has no edge (도서관+해+파리).
    let candidates: Vec<usize> = candidates.filter(begins_noun).collect();
    let Some(last) = candidates.last().copied() else { return Box::default() };
    let prefixed = syllables.first().is_some_and(|first| PREFIXES.contains(*first));
    let mut covered = vec![0];
    covered.extend(prefixed.then_some(1));
    let noun = |from: usize, at: usize| {
        (2..=LONGEST_PIECE).contains(&at.saturating_sub(from))
            && piece(from, at).is_some_and(|piece| is_noun(segmenter, &piece, "NN"))
    };
    for at in 2..=last {
        if covered.iter().any(|from| noun(*from, at)) {
            covered.push(at);
        }
    }
    let allowed = |at: &usize| {
        let begin = cuts.iter().rfind(|cut| *cut < at).copied().unwrap_or(0);
        let end = cuts.iter().find(|cut| *cut > at).copied().unwrap_or(syllables.len());
        let proper = || piece(begin, end).is_some_and(|name| segmenter.is_proper_noun(&name));
        // A piece that the dictionary does not know says nothing: 도서+관해파리은.
        let unknown = || piece(begin, end).is_some_and(|word| segmenter.tags_of(&word).is_empty());
        // Nor one that a noun goes across: 장가+로+등해파리, where 가로등 ends.
        let crossed = || covered.iter().any(|from| *from < begin && noun(*from, *at));
        let inside = !cuts.contains(at) && at + NOUN <= end;
        if inside {
            prefixed && *at == 1 || proper() || covered.contains(at) && (unknown() || crossed())
        } else {
            covered.contains(at)
        }
    };
    candidates.into_iter().filter(allowed).filter_map(|at| u8::try_from(at).ok()).collect()
}

/// Whether the dictionary has `word` as a noun whose tag begins so.
fn is_noun(segmenter: &Segmenter, word: &str, tag: &str) -> bool {
    segmenter.tags_of(word).iter().any(|found| found.starts_with(tag) && !found.contains('+'))
}
