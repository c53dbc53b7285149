//! Text → the tokens of both lanes, from one pass.
//!
//! * **Morpheme lane**: the words of the text. Nouns, names and foreign words as written, verbs and
//!   adjectives in dictionary form, parts of compounds, readings of hanja words.
//! * **Bigram lane**: pairs of neighbouring kept characters, `한국`, or `는 한` across a gap, `국,인` across one at which words end;
//!   queried as a phrase it is an exact substring search.
//! * **Edge lane**: the first two characters at each word beginning and morpheme boundary where the
//!   morpheme lane has no two-character token. It makes two-syllable queries precise: `동산` is not in
//!   `부동산`.
//!
//! The position of every token is its kept index (see [`super::fold`]), so tokens of different lanes can
//! be compared, and a position alone finds the characters in the text again.
//!
//! **Why both.** Morphemes say what a text is about and rank best, but the same name is cut differently in different sentences
//! (`우크라이나` → 우크라 + 이나, `브록만` → 브록 + 만), so alone they lose articles. Bigrams at their positions are an exact substring
//! search, whatever the segmenter did. Each finds what the other misses; docs/MEASURED.md has what each is worth.
//!
//! | lane (field) | tokens | used for |
//! |---|---|---|
//! | `morph` | morphemes; stems as dictionary form (`밝히다`); parts of compounds and of full names where each part has two characters or more; nouns written together as one (`30일`); hanja singly and as read; amounts in one form (`1조2000억` = `1.2조`) | finding and ranking |
//! | `gram` | all pairs of neighbouring kept characters | exact substrings, ranking at half weight |
//! | `edge` | pairs where a word or morpheme begins, unless `morph` has that pair as a token | two-syllable queries |
//! | `title` | `morph` of the title, no positions | ranking of short queries |
//!
//! A number is one token whatever cuts it: `1,200` is 1200, and the inner digits of `2.5%` and `1조2000억` are not tokens of their own, so
//! that `5%` and `2000억` do not find them. Of user words in mixed script the Latin part counts too (`GPT` in 챗GPT).
//!
//! Only particles, endings, copula and punctuation are dropped, by a table of one byte for each dictionary entry (`pos`).

use super::fold::{Between, KeptChar, Script, kept_chars_into, script};
use super::hanja::HanjaReadings;
use super::joins::{self, Join, Places};
use super::morpheme::{CutWord, Morpheme};
use super::number::{NumberToken, number_tokens};
use super::other_cuts::OtherCuts;
use super::pos::{Role, Structure, is_nominal};
use super::segmenter::{Origin, Segmenter, Worker, expression_parts};
use super::stem::Stems;
use super::verbs::KnownVerbs;
use crate::article::Article;
use rustc_hash::FxHashMap;

/// Signs that bind Latin words: their tokens have them (`KT&G`, `C++`, `SK-II`, `C#`).
pub const BINDING_SIGNS: [char; 4] = ['&', '+', '-', '#'];

/// Separates title and body where both are analysed as one text. Ingest removes control characters, so no stored text
/// holds it.
pub const TITLE_END: char = '\u{1E}';

/// Positions left free between the last of a title and the first of its body: too many for a phrase or proximity window to
/// bridge by accident, few enough to cost no bits in the index.
pub const TITLE_GAP: u32 = 16;

/// Longest term of the morpheme lane, in characters; a longer word (a pasted key, a URL) is cut to it.
const LONGEST_TERM: usize = 64;

/// Longest run of morphemes in characters that becomes a token of its own.
const LONGEST_RUN: usize = 16;

/// The kind of a token of the morpheme lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A dictionary word as written.
    Dictionary,
    /// A word of the newsroom's `words.txt`.
    UserWord,
    /// A word that no dictionary has, as written.
    Unknown,
    /// The dictionary form of a verb or adjective.
    Stem,
    /// A part of a compound or of a pre-analysed name.
    Part,
    /// One hanja of a longer hanja word.
    Character,
    /// The reading of a hanja word.
    Reading,
    /// A number in one canonical form (`1조2000억` = `1.2조`).
    Number,
    /// Morphemes written without a gap, as one (`30일`, `챗gpt`, `두산베어스`).
    Run,
}

impl TokenKind {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dictionary => "dictionary",
            Self::UserWord => "user_word",
            Self::Unknown => "unknown",
            Self::Stem => "stem",
            Self::Part => "part",
            Self::Character => "character",
            Self::Reading => "reading",
            Self::Number => "number",
            Self::Run => "run",
        }
    }
}

/// One token of the morpheme lane.
#[derive(Debug, Clone, Copy)]
pub struct MorphToken {
    term_start: u32,
    term_end: u32,
    /// Kept index of its first character.
    pub index: u32,
    /// The number of kept characters it covers.
    pub length: u16,
    /// Its kind, which decides how queries and scores use it.
    pub kind: TokenKind,
    /// The place in [`Analysis::morphemes`] of the one it was made from, the first of several.
    pub morpheme: u32,
}

/// A text analysed for both lanes. Reused from text to text: buffers keep their capacity.
#[derive(Default)]
pub struct Analysis {
    terms: String,
    /// The characters of the text that count for search; a place here is a kept index.
    pub kept: Vec<KeptChar>,
    /// The words of the text.
    pub words: Vec<CutWord>,
    /// The dictionary's cut of the whole text, dropped morphemes included.
    pub morphemes: Vec<Morpheme>,
    /// The morpheme lane, in the order of [`MorphToken::index`].
    pub tokens: Vec<MorphToken>,
    /// The edge lane: kept indices at which a two-character edge term begins.
    pub edges: Vec<u32>,
    /// The terms across marks, of hanja as read, and of ends, in the order of their index.
    pub joins: Vec<Join>,
    /// How many kept characters belong to the title (0 for a text without [`TITLE_END`]).
    pub title_kept: u32,
    has_title: bool,
}

/// Title and body of an article as the one text that is analysed: positions go through both.
pub fn analysed_text(article: &Article) -> String {
    let mut text = String::with_capacity(article.title.len() + article.body.len() + 1);
    text.push_str(&article.title);
    text.push(TITLE_END);
    text.push_str(&article.body);
    text
}

impl Analysis {
    /// The term of a morpheme-lane token.
    pub fn term(&self, token: &MorphToken) -> &str {
        self.terms.get(token.term_start as usize..token.term_end as usize).unwrap_or_default()
    }

    /// The index position of a kept index: after the title, [`TITLE_GAP`] is added.
    pub fn position(&self, index: u32) -> u32 {
        if self.has_title && index >= self.title_kept { index + TITLE_GAP } else { index }
    }

    /// Position of the first kept character of the body.
    pub fn body_start(&self) -> u32 {
        self.position(self.title_kept)
    }

    /// The bigram that begins at kept index `index`, written to `out`; `false` where none begins, at the last
    /// character of the text or of the title.
    pub fn bigram(&self, index: u32, out: &mut String) -> bool {
        out.clear();
        let at = index as usize;
        if self.has_title && index + 1 == self.title_kept {
            return false;
        }
        let (Some(first), Some(second)) = (self.kept.get(at), self.kept.get(at + 1)) else { return false };
        push_bigram(first.ch, second.ch, second.between(), out);
        true
    }

    fn clear(&mut self) {
        self.terms.clear();
        self.kept.clear();
        self.words.clear();
        self.morphemes.clear();
        self.tokens.clear();
        self.edges.clear();
        self.joins.clear();
        self.title_kept = 0;
        self.has_title = false;
    }

    /// Adds a token whose term is the kept characters `index..index + length`.
    fn push_kept(&mut self, index: usize, length: usize, suffix: &str, kind: TokenKind, morpheme: usize) {
        let start = self.terms.len();
        let taken = length.min(LONGEST_TERM);
        for kept in self.kept.iter().skip(index).take(taken) {
            self.terms.push(kept.ch);
        }
        self.terms.push_str(suffix);
        self.push_from(start, index, length, kind, morpheme);
    }

    /// Adds a token with a term of its own.
    fn push_term(&mut self, term: &str, index: usize, length: usize, kind: TokenKind, morpheme: usize) {
        let start = self.terms.len();
        self.terms.push_str(term);
        self.push_from(start, index, length, kind, morpheme);
    }

    /// Adds the canonical token of a number expression.
    fn push_number(&mut self, number: &NumberToken) {
        let start = self.terms.len();
        self.terms.push_str(&format!("#{}", number.value));
        self.push_from(start, number.index, number.length, TokenKind::Number, 0);
    }

    fn push_from(
        &mut self,
        term_start: usize,
        index: usize,
        length: usize,
        kind: TokenKind,
        morpheme: usize,
    ) {
        self.tokens.push(MorphToken {
            term_start: term_start as u32,
            term_end: self.terms.len() as u32,
            index: index as u32,
            length: length.min(usize::from(u16::MAX)) as u16,
            kind,
            morpheme: morpheme as u32,
        });
    }
}

/// Writes the bigram term of two kept characters with `between` between them.
pub fn push_bigram(first: char, second: char, between: Between, out: &mut String) {
    out.push(first);
    out.extend(between.sign());
    out.push(second);
}

/// A thread's analyzer: a segmenting worker, and the readings of hanja.
pub struct Analyzer {
    worker: Worker,
    readings: HanjaReadings,
    /// The verbs that an entry of the dictionary may stand for, by its number.
    stems: FxHashMap<u32, Stems>,
    /// Kept indices at which morphemes of the text begin, and of the last characters before particles and endings.
    boundaries: Vec<u32>,
    cores: Vec<u32>,
    /// Kept indices at which words of two syllables begin that the dictionary has as they are.
    short_words: Vec<u32>,
    /// Kept indices at which nouns may begin inside of words that are cut otherwise.
    may_begin: Vec<u32>,
    other_cuts: OtherCuts,
    verbs: KnownVerbs,
}

impl Analyzer {
    /// An analyzer that borrows a worker from `segmenter`'s pool.
    pub fn new(segmenter: &Segmenter, readings: HanjaReadings) -> Self {
        Self {
            worker: segmenter.worker(),
            readings,
            stems: FxHashMap::default(),
            boundaries: Vec::new(),
            cores: Vec::new(),
            short_words: Vec::new(),
            may_begin: Vec::new(),
            other_cuts: OtherCuts::default(),
            verbs: KnownVerbs::default(),
        }
    }

    /// The segmenter, which knows the dictionary entry of each morpheme.
    pub fn segmenter(&self) -> &Segmenter {
        self.worker.segmenter()
    }

    /// Analyses `text` into `out`, replacing its content. Total: every text has an analysis.
    pub fn analyze(&mut self, text: &str, out: &mut Analysis) {
        out.clear();
        kept_chars_into(text, &mut out.kept);
        if let Some(title_bytes) = text.find(TITLE_END) {
            out.has_title = true;
            out.title_kept = out.kept.partition_point(|kept| (kept.start as usize) < title_bytes) as u32;
        }
        let mut morphemes = std::mem::take(&mut out.morphemes);
        self.worker.segment(text, &mut out.words, &mut morphemes);
        let mut index = 0;
        self.boundaries.clear();
        self.cores.clear();
        self.short_words.clear();
        self.may_begin.clear();
        for (number, morpheme) in morphemes.iter().enumerate() {
            while out.kept.get(index).is_some_and(|kept| kept.start < morpheme.start) {
                index += 1;
            }
            let length = out.kept.iter().skip(index).take_while(|kept| kept.start < morpheme.end).count();
            if length > 0 && morpheme.class.role != Role::Dropped {
                self.boundaries.push(index as u32);
                if length == 2 && morpheme.class.role == Role::Surface && morpheme.number().is_some() {
                    self.short_words.push(index as u32);
                }
                let next = morphemes.get(number + 1).map(|next| next.class.role);
                if morpheme.class.role == Role::Surface && next == Some(Role::Dropped) {
                    self.cores.push((index + length) as u32 - 1);
                }
            }
            // A number is one token from its first digit on, also where the segmenter cut it at a point or comma.
            if length > 0 && !continues_number(&out.kept, index) {
                let covered = length.max(digits_from(&out.kept, index));
                self.emit(out, morpheme, number, index, covered);
            }
            index += length;
        }
        out.morphemes = morphemes;
        self.look_at_words(out);
        for number in number_tokens(&out.kept) {
            out.push_number(&number);
        }
        bind_signs(text, out);
        add_initials(out);
        // Runs first: they also hold the inner digits of amounts, which are dropped then.
        add_runs(out);
        drop_inner_numbers(out);
        out.tokens.sort_by_key(|token| token.index);
        if out.kept.iter().any(|kept| script(kept.ch) == Script::Hanja) {
            self.read_cut_hanja(out);
            out.tokens.sort_by_key(|token| token.index);
        }
        find_edges(out);
        let title_kept = out.has_title.then_some(out.title_kept);
        let places = Places {
            begins: &self.boundaries,
            cores: &self.cores,
            short_words: &self.short_words,
            may_begin: &self.may_begin,
        };
        joins::find(text, &out.kept, title_kept, &places, &self.readings, &mut out.joins);
    }

    /// Adds the tokens of one morpheme, number `number`, which covers the kept characters `index..index + length`.
    fn emit(&mut self, out: &mut Analysis, morpheme: &Morpheme, number: usize, index: usize, length: usize) {
        let class = morpheme.class;
        match class.role {
            Role::Dropped => {}
            Role::Surface => {
                let kind = self.token_kind(morpheme);
                out.push_kept(index, length, "", kind, number);
                if kind == TokenKind::UserWord {
                    emit_latin(out, number, index, length);
                }
                // By script, not by tag: the dictionary has 臨時 as a noun.
                if out.kept.get(index).is_some_and(|kept| script(kept.ch) == Script::Hanja) {
                    self.emit_hanja(out, number, index, length, class.hanja);
                }
                if class.structure == Structure::Simple {
                    return;
                }
                let expression = self.segmenter().entry(morpheme).expression;
                match class.structure {
                    Structure::Compound => emit_parts(out, expression, number, index, length, true),
                    Structure::Preanalysis => emit_parts(out, expression, number, index, length, false),
                    // A fused noun would be a noun and a particle, but is not in news: the dictionary has 연준 as 연주+ㄴ.
                    Structure::Inflect | Structure::Simple => {}
                }
            }
            Role::Stem => self.emit_stems(out, morpheme, number, index, length),
        }
    }

    /// Adds the dictionary form of a verb or adjective; both where the spelling and the ending leave two.
    fn emit_stems(
        &mut self,
        out: &mut Analysis,
        morpheme: &Morpheme,
        number: usize,
        index: usize,
        length: usize,
    ) {
        let Some(entry) = morpheme.number() else {
            out.push_kept(index, length, "다", TokenKind::Stem, number);
            return;
        };
        let Self { worker, stems, .. } = self;
        let stems = stems.entry(entry).or_insert_with(|| {
            let surface: String = out.kept.iter().skip(index).take(length).map(|kept| kept.ch).collect();
            Stems::of(worker.segmenter(), morpheme, &surface)
        });
        let next = out.kept.get(index + length).filter(|kept| !kept.gap).map(|kept| kept.ch);
        let before = out.tokens.len();
        for stem in stems.before(next) {
            let start = out.terms.len();
            super::fold::fold_into(stem, &mut out.terms);
            out.terms.push('다');
            out.push_from(start, index, length, TokenKind::Stem, number);
        }
        if out.tokens.len() == before {
            out.push_kept(index, length, "다", TokenKind::Stem, number);
        }
    }

    /// Adds the verbs that the cut of a word does not show, and finds where nouns may begin inside of a word.
    fn look_at_words(&mut self, out: &mut Analysis) {
        let mut at = 0;
        let mut added: Vec<(String, usize, usize, usize)> = Vec::new();
        let mut replaced: Vec<usize> = Vec::new();
        for word in &out.words {
            let segmenter = self.worker.segmenter();
            let cut = out.morphemes.get(word.morphemes()).unwrap_or_default();
            while out.kept.get(at).is_some_and(|kept| kept.start < word.start) {
                at += 1;
            }
            let rest = out.kept.get(at..).unwrap_or_default();
            let length = rest.iter().take_while(|kept| kept.start < word.end).count();
            let kept = rest.get(..length).unwrap_or_default();
            // After `%` no word begins.
            if kept.first().is_some_and(|first| first.gap || at == 0) {
                let begins = self.other_cuts.of(segmenter, word, kept, cut);
                self.may_begin.extend(begins.iter().map(|begin| at as u32 + u32::from(*begin)));
            }
            let verbs = self.verbs.of(segmenter, word, kept, cut);
            if !verbs.is_empty() {
                // Tokens are in the order of their morphemes.
                let begin = out.tokens.partition_point(|token| (token.index as usize) < at);
                let here = out.tokens.iter().enumerate().skip(begin);
                let here = here.take_while(|(_, token)| token.index as usize == at);
                let stems: Vec<(usize, &str)> = here
                    .filter(|(_, token)| token.kind == TokenKind::Stem)
                    .map(|(nth, token)| (nth, out.term(token)))
                    .collect();
                let is_one =
                    |term: &str| verbs.iter().any(|verb| term.strip_suffix('다') == Some(&verb.stem));
                if verbs.iter().any(|verb| verb.instead) {
                    replaced.extend(stems.iter().filter(|(_, term)| !is_one(term)).map(|(nth, _)| nth));
                }
                let terms = verbs.iter().map(|verb| (format!("{}다", verb.stem), verb.length));
                let new = terms.filter(|(term, _)| stems.iter().all(|(_, known)| known != term));
                let first = word.morphemes().start;
                added.extend(new.map(|(term, length)| (term, at, length, first)));
            }
            at += kept.len();
        }
        if !replaced.is_empty() {
            let mut replaced = replaced.into_iter().peekable();
            let mut nth = 0;
            out.tokens.retain(|_| {
                nth += 1;
                replaced.next_if_eq(&(nth - 1)).is_none()
            });
        }
        for (term, index, length, morpheme) in added {
            out.push_term(&term, index, length, TokenKind::Stem, morpheme);
        }
    }

    /// Adds the reading of a hanja word, and the characters one by one where the dictionary does not know the word
    /// (`unknown`): newspapers string hanja together. A known word is not about its characters: 美術 is not about 美.
    fn emit_hanja(&self, out: &mut Analysis, number: usize, index: usize, length: usize, unknown: bool) {
        if length < 2 {
            return;
        }
        if unknown {
            for nth in 0..length {
                out.push_kept(index + nth, 1, "", TokenKind::Character, number);
            }
        }
        self.push_reading(out, index, length, number);
    }

    /// Adds how the kept characters `index..index + length` are read, which are hanja; `number` is the morpheme that they begin in.
    fn push_reading(&self, out: &mut Analysis, index: usize, length: usize, number: usize) {
        let word: String = out.kept.iter().skip(index).take(length).map(|kept| kept.ch).collect();
        if let Some(reading) = self.readings.read_word(&word, None, self.segmenter()) {
            out.push_term(&reading, index, length, TokenKind::Reading, number);
        }
    }

    /// Adds the readings of hanja that the dictionary cuts apart: 환율 of 換率, which is 換 and 率 to it.
    fn read_cut_hanja(&self, out: &mut Analysis) {
        let is_hanja = |kept: &KeptChar| script(kept.ch) == Script::Hanja;
        let mut index = 0;
        let mut cut: Vec<(usize, usize)> = Vec::new();
        for part in out.kept.chunk_by(|one, next| is_hanja(one) && is_hanja(next) && !next.gap) {
            cut.extend((part.len() > 1).then_some((index, part.len())));
            index += part.len();
        }
        // Title and body are one text here, and no word goes from the one to the other.
        let title_end = if out.has_title { out.title_kept as usize } else { 0 };
        cut.retain(|(index, length)| {
            *length <= LONGEST_RUN && !(*index < title_end && title_end < index + length)
        });
        for (index, length) in cut {
            let first = out.tokens.partition_point(|token| (token.index as usize) < index);
            let mut here = out.tokens.iter().skip(first).take_while(|token| token.index as usize == index);
            let Some(morpheme) = here.clone().next().map(|token| token.morpheme) else { continue };
            if here.any(|token| token.kind == TokenKind::Reading && usize::from(token.length) == length) {
                continue;
            }
            self.push_reading(out, index, length, morpheme as usize);
        }
    }

    fn token_kind(&self, morpheme: &Morpheme) -> TokenKind {
        match self.segmenter().origin(morpheme) {
            Origin::Dictionary => TokenKind::Dictionary,
            Origin::UserWord => TokenKind::UserWord,
            Origin::Unknown => TokenKind::Unknown,
        }
    }
}

/// Adds abbreviations with full stops as one token: `U.S.` is US.
fn add_initials(out: &mut Analysis) {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for at in 1..=out.kept.len() {
        let joined = out.kept.get(at).is_some_and(|kept| kept.mark && kept.after_point);
        if joined {
            continue;
        }
        if at - from > 1 {
            found.push((from, at - from));
        }
        from = at;
    }
    for (index, length) in found {
        let morpheme =
            out.tokens.iter().find(|token| token.index as usize == index).map(|token| token.morpheme);
        if let Some(morpheme) = morpheme {
            out.push_kept(index, length, "", TokenKind::Run, morpheme as usize);
        }
    }
}

/// Makes the sign that binds two Latin words a part of both: KT is not a word of `KT&G`, nor C of `C++`, nor SK of `SK-II`.
/// A hyphen, dot or slash lists them: QD-OLED is an OLED.
fn bind_signs(text: &str, out: &mut Analysis) {
    const ROMAN: [&str; 9] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let Analysis { tokens, kept, terms, .. } = out;
    for token in tokens.iter_mut() {
        let (from, to) = (token.index as usize, token.index as usize + usize::from(token.length));
        let latin = kept.get(from..to).is_some_and(|word| word.iter().all(|k| k.ch.is_ascii_lowercase()));
        let (Some(first), Some(last)) = (kept.get(from), to.checked_sub(1).and_then(|last| kept.get(last)))
        else {
            continue;
        };
        // Names are in capitals; in an address `&` parts the settings of a page.
        let named = text
            .get(first.start as usize..)
            .is_some_and(|at| at.starts_with(|ch: char| ch.is_ascii_uppercase()));
        if !latin || !named {
            continue;
        }
        let before = text.get(..first.start as usize).unwrap_or_default();
        let after = text.get(last.end as usize..).unwrap_or_default();
        let letter = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_alphanumeric());
        let roman = after.strip_prefix('-').is_some_and(|rest| {
            let end = rest.find(|ch: char| !ch.is_ascii_alphabetic()).unwrap_or(rest.len());
            ROMAN.contains(&rest.get(..end).unwrap_or_default())
        });
        let behind = match after.chars().next() {
            Some('&') if letter(after.chars().nth(1)) => Some('&'),
            Some(sign @ ('+' | '#')) => Some(sign),
            _ if roman => Some('-'),
            _ => None,
        };
        let mut back = before.chars().rev();
        let in_front = (back.next() == Some('&') && letter(back.next())).then_some('&');
        if behind.is_none() && in_front.is_none() {
            continue;
        }
        let word =
            terms.get(token.term_start as usize..token.term_end as usize).unwrap_or_default().to_owned();
        token.term_start = terms.len() as u32;
        terms.extend(in_front);
        terms.push_str(&word);
        terms.extend(behind);
        token.term_end = terms.len() as u32;
    }
}

/// Adds the parts of a compound or of a full name, where together they spell the surface.
///
/// 76 % of ko-dic's compounds have a one-syllable part (부+동산, 반+도체); splitting those only adds
/// noise, so a compound's parts count only if each has two characters or more.
fn emit_parts(
    out: &mut Analysis,
    expression: &str,
    number: usize,
    index: usize,
    length: usize,
    all_long: bool,
) {
    let mut total = 0;
    let mut shortest = usize::MAX;
    for (surface, _) in expression_parts(expression) {
        let count = surface.chars().count();
        total += count;
        shortest = shortest.min(count);
    }
    if total != length || (all_long && shortest < 2) {
        return;
    }
    let mut at = index;
    for (surface, tag) in expression_parts(expression) {
        let count = surface.chars().count();
        if count >= 2 && count < length && is_nominal(tag) {
            out.push_kept(at, count, "", TokenKind::Part, number);
        }
        at += count;
    }
}

/// Adds the Latin letters of a user word of mixed script, two or more in a row: `GPT` of 챗GPT.
fn emit_latin(out: &mut Analysis, number: usize, index: usize, length: usize) {
    let latin = |nth: usize| out.kept.get(index + nth).is_some_and(|kept| kept.ch.is_ascii_lowercase());
    let mut found = Vec::new();
    let mut from = 0;
    for nth in 0..=length {
        if nth < length && latin(nth) {
            continue;
        }
        if nth - from >= 2 && nth - from < length {
            found.push((index + from, nth - from));
        }
        from = nth + 1;
    }
    for (index, length) in found {
        out.push_kept(index, length, "", TokenKind::Part, number);
    }
}

/// Whether the kept character at `index` continues a number, after its decimal point or a comma of thousands: punctuation
/// cuts words but not numbers, and `2.5%` is not `5%`. With two points it is a date or a version, whose parts count alone.
fn continues_number(kept: &[KeptChar], index: usize) -> bool {
    if !kept.get(index).is_some_and(is_plain_digit) {
        return false;
    }
    let linked = |at: usize| {
        kept.get(at).is_some_and(|kept| is_plain_digit(kept) && (!kept.gap || kept.after_point))
            && at.checked_sub(1).and_then(|before| kept.get(before)).is_some_and(is_plain_digit)
    };
    let before = (0..LONGEST_TERM).take_while(|back| index.checked_sub(*back).is_some_and(linked)).count();
    let after = (1..LONGEST_TERM).take_while(|ahead| linked(index + ahead)).count();
    let number = kept.iter().skip(index - before + 1).take(before + after);
    before > 0 && before + after < LONGEST_TERM && number.filter(|kept| kept.gap).count() < 2
}

/// How many digits without a gap begin at `index` (a comma of thousands is not a gap); 0 for more than a term may have.
fn digits_from(kept: &[KeptChar], index: usize) -> usize {
    let more = |(nth, kept): &(usize, &KeptChar)| is_plain_digit(kept) && (*nth == 0 || !kept.gap);
    let digits = kept.iter().skip(index).take(LONGEST_TERM + 1).enumerate().take_while(more).count();
    if digits > LONGEST_TERM { 0 } else { digits }
}

/// Whether a character was written as a digit. The digits of `½` or `²`, two bytes in UTF-8, are not: one character may
/// fold to several digits.
fn is_plain_digit(kept: &KeptChar) -> bool {
    kept.ch.is_ascii_digit() && kept.end - kept.start != 2
}

/// Removes the tokens of digits in the middle of an amount: `1조2000억` is not `2000억`.
fn drop_inner_numbers(out: &mut Analysis) {
    let amounts: Vec<(u32, u32)> = out
        .tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Number)
        .map(|token| (token.index, token.index + u32::from(token.length)))
        .collect();
    if amounts.is_empty() {
        return;
    }
    let Analysis { tokens, kept, .. } = out;
    tokens.retain(|token| {
        let inside = amounts.iter().any(|(from, to)| token.index > *from && token.index < *to);
        let digit = kept.get(token.index as usize).is_some_and(|kept| kept.ch.is_ascii_digit());
        !(inside && digit && matches!(token.kind, TokenKind::Dictionary | TokenKind::Unknown))
    });
}

/// Adds each run of two or more nouns, names, numbers or foreign words that are written without a gap or particle
/// between them, as one token: `30` and `일` are in every article, `30일` is not.
fn add_runs(out: &mut Analysis) {
    // Kept index, kept characters, first morpheme and number of tokens.
    let mut runs: Vec<(usize, usize, u32, usize)> = Vec::new();
    let mut open: Option<(usize, usize, u32, usize)> = None;
    for token in &out.tokens {
        if !matches!(token.kind, TokenKind::Dictionary | TokenKind::UserWord | TokenKind::Unknown) {
            continue;
        }
        let (index, length) = (token.index as usize, usize::from(token.length));
        let joins = open.is_some_and(|(start, covered, ..)| {
            start + covered == index
                && out.kept.get(index).is_some_and(|kept| !kept.gap)
                && !(out.has_title && token.index == out.title_kept)
        });
        match &mut open {
            Some((_, covered, _, count)) if joins => {
                *covered += length;
                *count += 1;
            }
            _ => {
                runs.extend(open.filter(|(.., count)| *count > 1));
                open = Some((index, length, token.morpheme, 1));
            }
        }
    }
    runs.extend(open.filter(|(.., count)| *count > 1));
    for (index, length, morpheme, _) in runs {
        if length <= LONGEST_RUN {
            out.push_kept(index, length, "", TokenKind::Run, morpheme as usize);
        }
    }
}

/// Finds the kept indices of the edge lane: word beginnings and token boundaries at which two letters without a gap begin
/// that are not a token of their own.
fn find_edges(out: &mut Analysis) {
    let mut tokens = out
        .tokens
        .iter()
        .filter(|token| token.kind != TokenKind::Number && token.kind != TokenKind::Run)
        .peekable();
    for (index, kept) in out.kept.iter().enumerate() {
        let mut boundary = kept.gap || index == 0 || out.has_title && index as u32 == out.title_kept;
        let mut has_pair = false;
        while let Some(token) = tokens.peek() {
            if token.index as usize > index {
                break;
            }
            if token.index as usize == index {
                boundary = true;
                has_pair |= token.length == 2 && token.kind != TokenKind::Stem;
            }
            tokens.next();
        }
        let Some(next) = out.kept.get(index + 1) else { break };
        let pairs = matches!(script(kept.ch), Script::Hangul | Script::Hanja) && !next.gap;
        if boundary && !has_pair && pairs && !(out.has_title && index as u32 + 1 == out.title_kept) {
            out.edges.push(index as u32);
        }
    }
}
