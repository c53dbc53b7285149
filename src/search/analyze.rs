//! How a text is analysed and why, lane by lane: for the editor who wonders about a miss.

use serde::Serialize;
use utoipa::ToSchema;

use crate::korean::Language;
use crate::korean::analysis::{Analysis, TokenKind};
use crate::korean::fold::fold;
use crate::korean::joins::{BEGINS, ENDS, Join, JoinLane, MARK, MAY_BEGIN, NUMBER_BEGINS, READ, money_sign};
use crate::korean::pos::Role;
use crate::korean::segmenter::Origin;
use crate::learned::LearnedNames;
use crate::query::shape::{Alternative, Why};
use crate::search::types::AlsoLookedFor;

/// The tokens of a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AnalyzeResponse {
    /// The text that was analysed, normalised as at ingest.
    pub text: String,
    /// How the dictionary cuts it, dropped morphemes included.
    pub morphemes: Vec<AnalyzedToken>,
    /// The tokens of both lanes.
    pub tokens: Vec<AnalyzedToken>,
    /// What a search for a word of the text also looks for, word by word; each word once.
    pub variants: Vec<WordVariants>,
}

/// A word of the text that has variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WordVariants {
    /// The word, without its particles.
    pub word: String,
    /// What is looked for beside it, and why.
    pub also: Vec<AlsoLookedFor>,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnalyzedToken {
    /// The term.
    pub text: String,
    /// Part of speech (mecab-ko-dic tag), for morphemes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pos: Option<String>,
    /// Where it begins in the text, in UTF-16 code units.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Its position: the number of its first character among those that count.
    pub position: u32,
    /// `morpheme`, `bigram`, `edge`, or `dropped`.
    pub lane: &'static str,
    /// Why it is there: `dictionary`, `user_word`, `unknown`, `stem`, `part`, `character`, `reading`, `number`, `run`,
    /// `bigram`, `edge`, `particle_or_ending`; `mark` (over a mark between letters), `read` (of hanja, as read), `begins` and `ends` (of a
    /// word or a run of Latin letters or digits), `may_begin` (a noun may, although its word is cut otherwise), `number_begins` (one in words),
    /// `money` (a number after the sign of a currency).
    pub why: &'static str,
}

/// Analyses `text`, normalised as at ingest. `learned` are the names that the archive teaches.
pub fn analyze(language: &Language, learned: &LearnedNames, text: &str) -> AnalyzeResponse {
    let text = crate::ingest::normalise(text).into_owned();
    let mut analysis = Analysis::default();
    language.korean().analyzer().analyze(&text, &mut analysis);
    let segmenter = language.korean().segmenter();
    let units = utf16_offsets(&text);
    let unit = |byte: usize| units.get(byte).copied().unwrap_or_default();
    let kept = |index: usize| analysis.kept.get(index);
    let span = |index: u32, length: u32| {
        let first = kept(index as usize).map_or(0, |k| k.start as usize);
        let last = (index + length.max(1) - 1) as usize;
        let last = kept(last).or(analysis.kept.last()).map_or(first, |k| k.end as usize);
        (unit(first), unit(last))
    };
    let morphemes = analysis.morphemes.iter().map(|morpheme| {
        let entry = segmenter.entry(morpheme);
        let dropped = morpheme.class.role == crate::korean::pos::Role::Dropped;
        let range = morpheme.start as usize..morpheme.end as usize;
        AnalyzedToken {
            text: text.get(range.clone()).unwrap_or_default().to_owned(),
            pos: Some(entry.tag.to_owned()),
            start: unit(range.start),
            end: unit(range.end),
            position: analysis.kept.partition_point(|k| k.start < morpheme.start) as u32,
            lane: if dropped { "dropped" } else { "morpheme" },
            why: match entry.origin {
                _ if dropped => "particle_or_ending",
                Origin::Dictionary => "dictionary",
                Origin::UserWord => "user_word",
                Origin::Unknown => "unknown",
            },
        }
    });
    let morphemes = morphemes.collect();
    let mut tokens = Vec::new();
    for token in &analysis.tokens {
        let (start, end) = span(token.index, u32::from(token.length));
        let tag = match token.kind {
            TokenKind::Dictionary | TokenKind::UserWord | TokenKind::Unknown | TokenKind::Stem => {
                analysis.morphemes.get(token.morpheme as usize).map(|m| segmenter.entry(m).tag.to_owned())
            }
            _ => None,
        };
        tokens.push(AnalyzedToken {
            text: analysis.term(token).to_owned(),
            pos: tag,
            start,
            end,
            position: token.index,
            lane: "morpheme",
            why: token.kind.name(),
        });
    }
    let mut term = String::new();
    let bigrams = (0..analysis.kept.len() as u32).map(|index| (index, "bigram"));
    let edges = analysis.edges.iter().map(|&index| (index, "edge"));
    for (index, lane) in bigrams.chain(edges) {
        if analysis.bigram(index, &mut term) {
            let (start, end) = span(index, 2);
            let text = term.clone();
            tokens.push(AnalyzedToken { text, pos: None, start, end, position: index, lane, why: lane });
        }
    }
    for join in &analysis.joins {
        let (start, end) = span(join.index, 1);
        let lane = match join.lane {
            JoinLane::Gram => "bigram",
            JoinLane::Edge => "edge",
        };
        tokens.push(AnalyzedToken {
            text: join.term.clone(),
            pos: None,
            start,
            end,
            position: join.index,
            lane,
            why: why_joined(join, &analysis),
        });
    }
    let variants = variants(language, learned, &text, &analysis);
    AnalyzeResponse { text, morphemes, tokens, variants }
}

/// Why a term is beside the bigrams and edges.
fn why_joined(join: &Join, analysis: &Analysis) -> &'static str {
    let term = join.term.as_str();
    let kept = |at: u32| analysis.kept.get(at as usize).map(|kept| kept.ch);
    let as_written = || term.chars().zip(join.index..).all(|(ch, at)| kept(at) == Some(ch));
    match (term.chars().next(), term.chars().next_back()) {
        (Some(READ), _) => "read",
        (Some(BEGINS), _) => "begins",
        (Some(MAY_BEGIN), _) => "may_begin",
        (Some(NUMBER_BEGINS), _) => "number_begins",
        (_, Some(ENDS)) => "ends",
        (Some(sign), _) if money_sign(sign).is_some() => "money",
        _ if term.contains(MARK) || as_written() => "mark",
        _ => "read",
    }
}

/// What lexicons, readings and the archive have for the words of `text`, each without its particles.
fn variants(
    language: &Language,
    learned: &LearnedNames,
    text: &str,
    analysis: &Analysis,
) -> Vec<WordVariants> {
    let mut found: Vec<WordVariants> = Vec::new();
    let mut content =
        analysis.morphemes.iter().filter(|morpheme| morpheme.class.role != Role::Dropped).peekable();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += word.len();
        let mut end = start;
        while let Some(morpheme) = content.next_if(|morpheme| (morpheme.start as usize) < at) {
            end = (morpheme.end as usize).min(at);
        }
        let core = text.get(start..end).unwrap_or_default();
        let trimmed = core.trim_matches(|ch: char| !ch.is_alphanumeric());
        if found.iter().any(|known| known.word == trimmed) {
            continue;
        }
        let of_lexicons = language.variants().of(trimmed).iter().map(|variant| Alternative {
            text: variant.text.to_string(),
            why: Why::Lexicon { kind: variant.kind, line: variant.line },
        });
        let known = language.variants().of(trimmed);
        let learned = learned.others(trimmed, language);
        let learned = learned.filter(|text| known.iter().all(|variant| fold(&variant.text) != fold(text)));
        let learned = learned.map(|text| Alternative { text: text.to_owned(), why: Why::Learned });
        let alternatives = of_lexicons.chain(learned).chain(read(language, trimmed));
        let also: Vec<AlsoLookedFor> = alternatives.map(|one| AlsoLookedFor::from(&one)).collect();
        if !also.is_empty() {
            found.push(WordVariants { word: trimmed.to_owned(), also });
        }
    }
    found
}

/// A word with hanja as it is read.
fn read(language: &Language, word: &str) -> Option<Alternative> {
    language.korean().read(word).map(|text| Alternative { text, why: Why::Reading })
}

/// By byte of `text`, and past its last: the UTF-16 code units in front of the character that the byte belongs to.
fn utf16_offsets(text: &str) -> Vec<u32> {
    let mut offsets = Vec::with_capacity(text.len() + 1);
    let mut units = 0;
    for ch in text.chars() {
        offsets.extend(std::iter::repeat_n(units, ch.len_utf8()));
        units += ch.len_utf16() as u32;
    }
    offsets.push(units);
    offsets
}
