//! How much of what is found is what was asked for, judged by a plain rule that knows nothing of lanes and shapes: an article that a word
//! finds must hold it, or what a lexicon or a rule has for it, where a word or a morpheme begins. Where the dictionary cuts across a noun
//! that a reader sees (정기대+의원), it begins as well. What only ends where a word or a morpheme ends (폴리에스터 by 에스터) is counted apart.

use std::fmt;

use super::{EvaluateError, searched};
use crate::korean::analysis::{Analysis, Analyzer, TokenKind, analysed_text};
use crate::korean::fold::{KeptChar, Script, kept_chars, script};
use crate::korean::joins::MAY_BEGIN;
use crate::korean::pos::Role;
use crate::query::language::parse;
use crate::query::request::MatchMode;
use crate::search::context::{SearchContext, article};
use crate::search::error::SearchError;
use crate::suggest::EntryKind;

/// Hits of a word that are judged, the best of them.
const JUDGED: usize = 100;
/// Hits that do not hold their word which are listed.
const LISTED: usize = 200;

/// Figures over all words.
#[derive(Debug, Clone, PartialEq)]
pub struct PrecisionReport {
    /// Words that were searched for.
    pub words: usize,
    /// Hits that were judged.
    pub hits: usize,
    /// Hits that hold their word where a word or a morpheme begins.
    pub precise: usize,
    /// Other hits that hold their word where one ends.
    pub ending: usize,
    /// The first words and articles that do not belong together.
    pub exceptions: Vec<(String, String)>,
}

impl PrecisionReport {
    /// The share of hits that hold their word where a word or a morpheme begins; 1 where nothing was found.
    pub fn share(&self) -> f64 {
        self.share_of(self.precise)
    }

    /// The share of hits that hold their word where a word or a morpheme begins or ends; 1 where nothing was found.
    pub fn share_at_either_end(&self) -> f64 {
        self.share_of(self.precise + self.ending)
    }

    fn share_of(&self, hits: usize) -> f64 {
        if self.hits == 0 { 1.0 } else { hits as f64 / self.hits as f64 }
    }
}

impl fmt::Display for PrecisionReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "words           {}", self.words)?;
        writeln!(f, "hits            {}", self.hits)?;
        writeln!(f, "precision       {:.4}", self.share())?;
        write!(f, "at either end   {:.4}", self.share_at_either_end())?;
        for (word, id) in &self.exceptions {
            write!(f, "\n  {word}  {id}")?;
        }
        Ok(())
    }
}

/// Searches for `most` nouns of two and three syllables of the archive's titles, evenly spread over the alphabet, and judges their hits.
///
/// # Errors
/// [`EvaluateError::Search`].
pub fn precision(context: &SearchContext<'_>, most: usize) -> Result<PrecisionReport, EvaluateError> {
    let failed = |query: &str| {
        let query = query.to_owned();
        move |source| EvaluateError::Search { query, source }
    };
    let words = words(context, most).map_err(failed(""))?;
    let mut report =
        PrecisionReport { words: words.len(), hits: 0, precise: 0, ending: 0, exceptions: Vec::new() };
    let mut judge =
        Judge { context, analyzer: context.language.korean().analyzer(), analysis: Analysis::default() };
    for word in words {
        let Some(wanted) = wanted(context, &word).map_err(failed(&word))? else { continue };
        for hit in searched(context, &word, JUDGED, false)?.hits {
            report.hits += 1;
            match judge.place(hit.id.as_str(), &wanted).map_err(failed(&word))? {
                Stands::Begins => {
                    report.precise += 1;
                    continue;
                }
                Stands::Ends => report.ending += 1,
                Stands::Nowhere => {}
            }
            if report.exceptions.len() < LISTED {
                report.exceptions.push((word.clone(), hit.id.to_string()));
            }
        }
    }
    Ok(report)
}

/// Nouns of two and three syllables, every so many of all that titles have.
fn words(context: &SearchContext<'_>, most: usize) -> Result<Vec<String>, SearchError> {
    let korean = context.language.korean();
    let fits = |text: &str| {
        let syllables = text.chars().count();
        let noun = || {
            let tags = korean.segmenter().tags_of(text);
            korean.name(text).is_some() || tags.iter().any(|tag| tag.starts_with("NN"))
        };
        // 고르다 is a verb's dictionary form, which its articles inflect.
        let verb = text.ends_with('다');
        (2..=3).contains(&syllables) && !verb && text.chars().all(|ch| script(ch) == Script::Hangul) && noun()
    };
    let suggestions = context.archive.suggestions()?;
    let entries = suggestions.entries().filter(|entry| entry.kind == EntryKind::Text);
    let mut all: Vec<String> =
        entries.map(|entry| entry.text.to_string()).filter(|text| fits(text)).collect();
    all.sort_unstable();
    all.dedup();
    let step = all.len().div_ceil(most.max(1)).max(1);
    Ok(all.into_iter().step_by(step).collect())
}

/// What an article that `word` finds may hold: the word, and what else was looked for. `None` for a time word (올해), which the articles of
/// that time need not hold, and for what may be a word with a particle.
fn wanted(context: &SearchContext<'_>, word: &str) -> Result<Option<Vec<Vec<KeptChar>>>, SearchError> {
    let plan = context.plan(&parse(word)?, MatchMode::All)?;
    if plan.clauses.iter().any(|clause| clause.period.is_some()) || has_particle(context, word) {
        return Ok(None);
    }
    let others = plan.clauses.iter().flat_map(|clause| &clause.alternatives).map(|other| other.text.as_str());
    Ok(Some([word].into_iter().chain(others).map(kept_chars).collect()))
}

/// Whether `word` may be read as a shorter one with a particle: 베이에.
fn has_particle(context: &SearchContext<'_>, word: &str) -> bool {
    let mut analysis = Analysis::default();
    context.language.korean().analyzer().analyze(word, &mut analysis);
    analysis.morphemes.last().is_some_and(|last| last.class.role == Role::Dropped)
}

/// Where in an article a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Where a word or a morpheme begins.
    Begins,
    /// Only where one ends.
    Ends,
    /// Neither.
    Nowhere,
}

struct Judge<'a> {
    context: &'a SearchContext<'a>,
    analyzer: Analyzer,
    analysis: Analysis,
}

impl Judge<'_> {
    fn place(&mut self, id: &str, wanted: &[Vec<KeptChar>]) -> Result<Stands, SearchError> {
        let Some(article) = article(self.context, id)? else { return Ok(Stands::Nowhere) };
        self.analyzer.analyze(&analysed_text(&article), &mut self.analysis);
        let kept = &self.analysis.kept;
        let title = self.analysis.title_kept as usize;
        let readings = self.context.language.korean().readings();
        let same = |k: &KeptChar, at: usize, wanted: char| {
            k.ch == wanted
                || [false, true].iter().any(|first| readings.reading(k.ch, *first || at == 0) == Some(wanted))
        };
        let mut begins: Vec<bool> =
            kept.iter().enumerate().map(|(at, k)| at == 0 || at == title || k.gap).collect();
        begins.push(true);
        let mut ends = begins.clone();
        let set =
            |places: &mut Vec<bool>, at: usize| places.get_mut(at).into_iter().for_each(|set| *set = true);
        for morpheme in &self.analysis.morphemes {
            set(&mut begins, kept.partition_point(|k| k.start < morpheme.start));
            set(&mut ends, kept.partition_point(|k| k.start < morpheme.end));
        }
        // Parts of compounds are morphemes as well.
        for token in &self.analysis.tokens {
            set(&mut begins, token.index as usize);
            if token.kind != TokenKind::Stem {
                set(&mut ends, token.index as usize + usize::from(token.length));
            }
        }
        // Where the cut goes across a noun that a reader sees; inside of one morpheme nobody has looked.
        for join in self.analysis.joins.iter().filter(|join| join.term.starts_with(MAY_BEGIN)) {
            let at = join.index as usize;
            if ends.get(at + 1..at + 3).is_some_and(|inside| inside.contains(&true)) {
                set(&mut begins, at);
            }
        }
        let stands_at = |at: usize, word: &[KeptChar]| {
            let there = kept.get(at..at + word.len());
            let crosses = at < title && at + word.len() > title;
            there.is_some_and(|there| {
                !crosses
                    && !there.iter().skip(1).any(|k| k.apart)
                    && there.iter().zip(word).enumerate().all(|(n, (k, w))| same(k, n, w.ch))
            })
        };
        let stands = |word: &Vec<KeptChar>| {
            let at_end = |at: usize| ends.get(at + word.len()) == Some(&true);
            let places = || (0..kept.len()).filter(|at| stands_at(*at, word));
            if word.is_empty() {
                Stands::Nowhere
            } else if places().any(|at| begins.get(at) == Some(&true)) {
                Stands::Begins
            } else if places().any(at_end) {
                Stands::Ends
            } else {
                Stands::Nowhere
            }
        };
        let found: Vec<Stands> = wanted.iter().map(stands).collect();
        let best = [Stands::Begins, Stands::Ends].into_iter().find(|best| found.contains(best));
        Ok(best.unwrap_or(Stands::Nowhere))
    }
}
