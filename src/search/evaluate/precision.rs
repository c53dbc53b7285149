//! How much of what is found is what was asked for, judged by a plain rule that knows nothing of lanes and shapes: an article that a word
//! finds must hold it, or what a lexicon or a rule has for it, where a word or a morpheme begins.

use std::fmt;

use super::{EvaluateError, searched};
use crate::korean::analysis::{Analysis, Analyzer, analysed_text};
use crate::korean::fold::{KeptChar, Script, kept_chars, script};
use crate::korean::pos::Role;
use crate::query::language::parse;
use crate::query::request::MatchMode;
use crate::search::context::{SearchContext, article};
use crate::search::error::SearchError;
use crate::suggest::EntryKind;

/// Hits of a word that are judged, the best of them.
const JUDGED: usize = 100;
/// Hits that do not hold their word which are listed.
const LISTED: usize = 20;

/// Figures over all words.
#[derive(Debug, Clone, PartialEq)]
pub struct PrecisionReport {
    /// Words that were searched for.
    pub words: usize,
    /// Hits that were judged.
    pub hits: usize,
    /// Hits that hold their word.
    pub precise: usize,
    /// The first words and articles that do not belong together.
    pub exceptions: Vec<(String, String)>,
}

impl PrecisionReport {
    /// The share of hits that hold their word; 1 where nothing was found.
    pub fn share(&self) -> f64 {
        if self.hits == 0 { 1.0 } else { self.precise as f64 / self.hits as f64 }
    }
}

impl fmt::Display for PrecisionReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "words           {}", self.words)?;
        writeln!(f, "hits            {}", self.hits)?;
        write!(f, "precision       {:.4}", self.share())?;
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
    let mut report = PrecisionReport { words: words.len(), hits: 0, precise: 0, exceptions: Vec::new() };
    let mut judge =
        Judge { context, analyzer: context.language.korean().analyzer(), analysis: Analysis::default() };
    for word in words {
        let Some(wanted) = wanted(context, &word).map_err(failed(&word))? else { continue };
        for hit in searched(context, &word, JUDGED, false)?.hits {
            report.hits += 1;
            if judge.holds(hit.id.as_str(), &wanted).map_err(failed(&word))? {
                report.precise += 1;
            } else if report.exceptions.len() < LISTED {
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

struct Judge<'a> {
    context: &'a SearchContext<'a>,
    analyzer: Analyzer,
    analysis: Analysis,
}

impl Judge<'_> {
    fn holds(&mut self, id: &str, wanted: &[Vec<KeptChar>]) -> Result<bool, SearchError> {
        let Some(article) = article(self.context, id)? else { return Ok(false) };
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
        for morpheme in &self.analysis.morphemes {
            if let Some(begin) = begins.get_mut(kept.partition_point(|k| k.start < morpheme.start)) {
                *begin = true;
            }
        }
        // Parts of compounds are morphemes as well.
        for token in &self.analysis.tokens {
            if let Some(begin) = begins.get_mut(token.index as usize) {
                *begin = true;
            }
        }
        let stands_at = |at: usize, word: &[KeptChar]| {
            let there = kept.get(at..at + word.len());
            let crosses = at < title && at + word.len() > title;
            there.is_some_and(|there| {
                !crosses && there.iter().zip(word).enumerate().all(|(n, (k, w))| same(k, n, w.ch))
            })
        };
        let begun = || begins.iter().enumerate().filter(|(_, begins)| **begins).map(|(at, _)| at);
        Ok(wanted.iter().any(|word| !word.is_empty() && begun().any(|at| stands_at(at, word))))
    }
}
