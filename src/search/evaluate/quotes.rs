//! Measuring quotations and their speakers in judged articles.
//!
//! A file says where quotations stand and where the name of each speaker is, not what they are: ids and offsets can be kept beside the program,
//! articles of other people cannot. A quotation is right where it covers a judged one, or nine tenths of both are the same. A speaker is right
//! where the name is that of the judged one; a quotation without a speaker is neither right nor wrong. Optional quotations are neither asked for
//! nor wrong.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::EvaluateError;
use super::entities::{Line, bytes, each_line, part, units};
use crate::article::Article;
use crate::entities::{Part, Recogniser};
use crate::korean::fold::{KeptChar, kept_chars};
use crate::quotes::quotes_of;
use crate::search::context::SearchContext;

/// The share of the longer of two ranges that both must have in common to be the same quotation, in tenths.
const SAME_TENTHS: usize = 9;

/// Where the name of a speaker stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedSpeaker {
    /// The part of the article that the offsets count in.
    pub part: Part,
    /// UTF-16 code units before it.
    pub start: usize,
    /// UTF-16 code units before what follows it.
    pub end: usize,
}

/// A judged quotation: where it stands in the body, without its marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedQuote {
    /// UTF-16 code units before it.
    pub start: usize,
    /// UTF-16 code units before what follows it.
    pub end: usize,
    /// Who says it; null where the text does not say by which person.
    #[serde(default)]
    pub speaker: Option<JudgedSpeaker>,
}

/// An article with its judged quotations: a line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedQuotes {
    /// The article.
    pub id: String,
    /// Its quotations.
    pub quotes: Vec<JudgedQuote>,
    /// Quotations that are neither asked for nor wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub optional: Vec<JudgedQuote>,
}

/// A quotation as people write it down. Words for the speaker that are not the name are not looked at.
#[derive(Debug, Clone, Deserialize)]
struct WrittenQuote {
    text: String,
    #[serde(default)]
    speaker: Option<String>,
}

/// A line of a file of written quotations.
#[derive(Debug, Clone, Deserialize)]
struct WrittenQuotes {
    id: String,
    #[serde(default)]
    quotes: Vec<WrittenQuote>,
    #[serde(default)]
    optional: Vec<WrittenQuote>,
}

/// Figures over all articles of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuoteReport {
    /// Articles that were measured.
    pub articles: usize,
    /// Judged quotations.
    pub asked: usize,
    /// Judged quotations that were found.
    pub found: usize,
    /// Quotations that are none.
    pub wrong: usize,
    /// Quotations that were found and have a judged speaker.
    pub speakers_asked: usize,
    /// Quotations whose speaker is the judged one.
    pub speakers_right: usize,
    /// Quotations with another speaker than the judged one, or with one where nobody is judged to speak.
    pub speakers_wrong: usize,
    /// What was missed or wrong, a line each: what, id, text, speaker found and speaker judged, with tabs between them.
    pub misses: Vec<String>,
}

impl fmt::Display for QuoteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let Self { articles, asked, found, wrong, speakers_asked, speakers_right, speakers_wrong, .. } = self;
        writeln!(f, "articles        {articles}")?;
        writeln!(f, "what            found   asked   wrong   precision   recall")?;
        let (precision, recall) = (share(*found, found + wrong), share(*found, *asked));
        writeln!(f, "quotations    {found:>7}{asked:>8}{wrong:>8}{precision:>12.4}{recall:>9.4}")?;
        let precision = share(*speakers_right, speakers_right + speakers_wrong);
        let recall = share(*speakers_right, *speakers_asked);
        write!(
            f,
            "speakers      {speakers_right:>7}{speakers_asked:>8}{speakers_wrong:>8}{precision:>12.4}{recall:>9.4}"
        )
    }
}

/// Finds the quotations of the articles of the judged file `path`, and compares.
///
/// # Errors
/// [`EvaluateError::Io`], [`EvaluateError::EntityLine`] where a line is not a judged article, its article is not in the index, or an offset is
/// not in its text, [`EvaluateError::Empty`], or [`EvaluateError::Article`].
pub fn quotes(context: &SearchContext<'_>, path: &Path) -> Result<QuoteReport, EvaluateError> {
    let mut report = QuoteReport::default();
    let mut recogniser = Recogniser::new(context.language);
    each_line(path, |line, text| {
        let judged: JudgedQuotes =
            serde_json::from_str(text).map_err(|error| line.wrong(error.to_string()))?;
        let article = line.article(context, &judged.id)?;
        let (asked, optional) =
            (resolved(line, &article, &judged.quotes)?, resolved(line, &article, &judged.optional)?);
        let found = quotes_of(&article, &recogniser.entities(&article));
        let found = found.into_iter().map(|quote| Resolved { range: quote.text, speaker: quote.speaker });
        compare(&article, &found.collect::<Vec<_>>(), &asked, &optional, &mut report);
        Ok(())
    })?;
    if report.articles == 0 {
        return Err(EvaluateError::Empty { path: path.to_owned() });
    }
    Ok(report)
}

/// Turns a file of written quotations, a line `{"id": …, "quotes": [{"text": …, "speaker": name or null}], "optional": […]}`, into lines for
/// [`quotes`]: where each stands, and where the name of its speaker first stands. Texts are compared by letters and digits.
///
/// # Errors
/// Those of [`quotes`]; a text or a name that does not stand in its article is one of a line.
pub fn judged_from_quotes(context: &SearchContext<'_>, path: &Path) -> Result<String, EvaluateError> {
    let mut lines = String::new();
    each_line(path, |line, text| {
        let written: WrittenQuotes =
            serde_json::from_str(text).map_err(|error| line.wrong(error.to_string()))?;
        let article = line.article(context, &written.id)?;
        let judged = JudgedQuotes {
            id: written.id.clone(),
            quotes: placed(line, &article, &written.quotes)?,
            optional: placed(line, &article, &written.optional)?,
        };
        let judged = serde_json::to_string(&judged).map_err(|error| line.wrong(error.to_string()))?;
        lines.push_str(&judged);
        lines.push('\n');
        Ok(())
    })?;
    Ok(lines)
}

/// A quotation with its range in bytes of the body, and the name of its speaker.
struct Resolved {
    range: Range<usize>,
    speaker: Option<String>,
}

fn resolved(
    line: &Line<'_>,
    article: &Article,
    judged: &[JudgedQuote],
) -> Result<Vec<Resolved>, EvaluateError> {
    let outside = |start, end| line.wrong(format!("{start} to {end} is not in the article"));
    let resolve = |quote: &JudgedQuote| {
        let range = bytes(&article.body, quote.start, quote.end);
        let range = range.ok_or_else(|| outside(quote.start, quote.end))?;
        let name = |speaker: &JudgedSpeaker| {
            let text = part(article, speaker.part);
            let name = bytes(text, speaker.start, speaker.end).and_then(|range| text.get(range));
            name.map(str::to_owned).ok_or_else(|| outside(speaker.start, speaker.end))
        };
        Ok(Resolved { range, speaker: quote.speaker.as_ref().map(name).transpose()? })
    };
    judged.iter().map(resolve).collect()
}

/// Where the letters of `wanted` stand in a text from kept character `from` on: the kept character after them, and bytes.
fn find_letters(kept: &[KeptChar], wanted: &str, from: usize) -> Option<(usize, Range<usize>)> {
    let letters: Vec<char> = kept_chars(wanted).iter().map(|kept| kept.ch).collect();
    if letters.is_empty() {
        return None;
    }
    let after = kept.get(from..)?;
    let is_same = |window: &[KeptChar]| window.iter().map(|kept| kept.ch).eq(letters.iter().copied());
    let at = from + after.windows(letters.len()).position(is_same)?;
    let (first, last) = (kept.get(at)?, kept.get(at + letters.len() - 1)?);
    Some((at + letters.len(), first.start as usize..last.end as usize))
}

fn placed(
    line: &Line<'_>,
    article: &Article,
    written: &[WrittenQuote],
) -> Result<Vec<JudgedQuote>, EvaluateError> {
    let kept = kept_chars(&article.body);
    let mut after = 0;
    let mut judged = Vec::with_capacity(written.len());
    for quote in written {
        // In the order of the text, so that one that is said twice is found twice.
        let found = find_letters(&kept, &quote.text, after).or_else(|| find_letters(&kept, &quote.text, 0));
        let (next, range) =
            found.ok_or_else(|| line.wrong(format!("`{}` is not in the article", quote.text)))?;
        after = next;
        let speaker = quote.speaker.as_deref().filter(|name| !name.trim().is_empty());
        let place = |name: &str| {
            let found = [Part::Body, Part::Title].into_iter().find_map(|place| {
                let text = part(article, place);
                let (_, range) = find_letters(&kept_chars(text), name, 0)?;
                let (start, end) = (units(text, range.start), units(text, range.end));
                Some(JudgedSpeaker { part: place, start, end })
            });
            found.ok_or_else(|| line.wrong(format!("the speaker `{name}` is not in the article")))
        };
        judged.push(JudgedQuote {
            start: units(&article.body, range.start),
            end: units(&article.body, range.end),
            speaker: speaker.map(place).transpose()?,
        });
    }
    Ok(judged)
}

/// Whether two ranges are of the same quotation.
fn is_same(one: &Range<usize>, other: &Range<usize>) -> bool {
    let common = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    common * 10 >= one.len().max(other.len()) * SAME_TENTHS
}

fn is_same_name(one: &str, other: &str) -> bool {
    one.chars().filter(|ch| !ch.is_whitespace()).eq(other.chars().filter(|ch| !ch.is_whitespace()))
}

fn compare(
    article: &Article,
    found: &[Resolved],
    asked: &[Resolved],
    optional: &[Resolved],
    report: &mut QuoteReport,
) {
    report.articles += 1;
    let mut miss = |what: &str, range: &Range<usize>, found: Option<&str>, judged: Option<&str>| {
        let text = article.body.get(range.clone()).unwrap_or_default().replace(['\n', '\t'], " ");
        let [found, judged] = [found, judged].map(|name| name.unwrap_or("-"));
        report.misses.push(format!("{what}\t{}\t{text}\t{found}\t{judged}", article.id));
    };
    for judged in asked {
        report.asked += 1;
        let matching = found.iter().find(|quote| is_same(&quote.range, &judged.range));
        let Some(quote) = matching else {
            miss("missed", &judged.range, None, judged.speaker.as_deref());
            continue;
        };
        report.found += 1;
        report.speakers_asked += usize::from(judged.speaker.is_some());
        match (quote.speaker.as_deref(), judged.speaker.as_deref()) {
            (Some(name), Some(right)) if is_same_name(name, right) => report.speakers_right += 1,
            (Some(name), right) => {
                report.speakers_wrong += 1;
                miss("wrong_speaker", &quote.range, Some(name), right);
            }
            (None, Some(right)) => miss("no_speaker", &quote.range, None, Some(right)),
            (None, None) => {}
        }
    }
    for quote in found {
        let known = |judged: &Resolved| is_same(&quote.range, &judged.range);
        if !asked.iter().chain(optional).any(known) {
            report.wrong += 1;
            miss("wrong", &quote.range, quote.speaker.as_deref(), None);
        }
    }
}
