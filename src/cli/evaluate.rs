//! `gisa evaluate`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gisa::article::Timestamp;
use gisa::config::{Config, Overrides};
use gisa::index::{measure_pairs, pair_measures};
use gisa::search::evaluate::{self, EvaluateError, Judged};
use gisa::search::{RankingOptions, SearchContext};
use time::Date;
use time::macros::format_description;

use super::{Failure, open_for_search};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Judged queries, one JSON object per line: questions with the ids of their answers (`relevant`), or queries with graded
    /// articles (`judgments`); several files for --looks
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present_any = ["similar", "precision", "entities", "names", "quotes", "written_quotes"])]
    queries: Vec<PathBuf>,
    /// Pairs of articles: per line two ids and 1 (the same text) or 0, separated by tabs
    #[arg(long, value_name = "FILE")]
    similar: Option<PathBuf>,
    /// Print the measurements of each pair instead, for learning weights (`cargo xtask weights`)
    #[arg(long, requires = "similar")]
    measures: bool,
    /// Print what ranking sees of the hits instead, for learning its weights (`cargo xtask ranking`)
    #[arg(long, requires = "queries")]
    looks: bool,
    /// Number of the first query in that table: tables of several indexes are put together
    #[arg(long, default_value_t = 0, requires = "looks")]
    first: usize,
    /// Compare the `[ranking]` of two config files: the queries with grades that moved, the largest change first
    #[arg(long, num_args = 2, value_names = ["CONFIG", "CONFIG"], requires = "queries", conflicts_with_all = ["looks", "similar"])]
    compare: Option<Vec<PathBuf>>,
    /// Search for so many nouns of the index, and say which share of the hits holds its word, by a plain rule
    #[arg(long, value_name = "WORDS", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    precision: Option<u16>,
    /// Articles with judged people, places and organisations: per line {"id", "entities": [{"kind", "part", "start", "end"}], "optional"}
    #[arg(long, value_name = "FILE")]
    entities: Option<PathBuf>,
    /// List the names or quotations that were missed or are wrong as well
    #[arg(long)]
    misses: bool,
    /// Turn a file of names, per line {"id", "person": [names], "place", "organisation", "optional"}, into lines for --entities
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// Articles with judged quotations: per line {"id", "quotes": [{"start", "end", "speaker": {"part", "start", "end"} or null}], "optional"}
    #[arg(long, value_name = "FILE")]
    quotes: Option<PathBuf>,
    /// Turn a file of quotations, per line {"id", "quotes": [{"text", "speaker"}], "optional"}, into lines for --quotes
    #[arg(long, value_name = "FILE")]
    written_quotes: Option<PathBuf>,
    /// Hits considered for each question
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    depth: u16,
    /// Include recency in the score, as the server does; without it only the text counts
    #[arg(long)]
    recency: bool,
    /// Ask as if it were this day, YYYY-MM-DD: recency and words like 올해 depend on it
    #[arg(long, value_name = "DATE", value_parser = end_of_day)]
    now: Option<Timestamp>,
}

pub(super) fn run(mut config: Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut compared = Vec::new();
    for file in arguments.compare.iter().flatten() {
        let ranking = Config::load(Some(file), &Overrides::default()).map_err(Failure::new)?.ranking;
        compared.push(RankingOptions { recency_weight: weight_of_recency(&ranking, arguments), ..ranking });
    }
    config.ranking.recency_weight = weight_of_recency(&config.ranking, arguments);
    let (service, serving) = open_for_search(config)?;
    let context = serving.context(service.config(), None);
    let context = SearchContext { now: arguments.now.unwrap_or(context.now), ..context };
    let mut out = io::stdout().lock();
    if let [before, after] = compared.as_slice() {
        for file in &arguments.queries {
            for line in moved(&context, file, before, after).map_err(Failure::new)? {
                writeln!(out, "{line}")?;
            }
        }
    } else if arguments.looks {
        write!(out, "{}", looks(&context, arguments).map_err(Failure::new)?)?;
    } else {
        for file in &arguments.queries {
            writeln!(out, "{}", measured(&context, file, arguments).map_err(Failure::new)?)?;
        }
    }
    if let Some(words) = arguments.precision {
        let report = evaluate::precision(&context, usize::from(words)).map_err(Failure::new)?;
        writeln!(out, "{report}")?;
    }
    if let Some(file) = &arguments.names {
        write!(out, "{}", evaluate::judged_from_names(&context, file).map_err(Failure::new)?)?;
    }
    if let Some(file) = &arguments.entities {
        let report = evaluate::entities(&context, file).map_err(Failure::new)?;
        writeln!(out, "{report}")?;
        if arguments.misses {
            write!(out, "{}", report.misses())?;
        }
    }
    if let Some(file) = &arguments.written_quotes {
        write!(out, "{}", evaluate::judged_from_quotes(&context, file).map_err(Failure::new)?)?;
    }
    if let Some(file) = &arguments.quotes {
        let report = evaluate::quotes(&context, file).map_err(Failure::new)?;
        writeln!(out, "{report}")?;
        if arguments.misses {
            report.misses.iter().try_for_each(|miss| writeln!(out, "{miss}"))?;
        }
    }
    if let Some(pairs) = &arguments.similar {
        let generation =
            serving.generation().ok_or_else(|| Failure::new("only an embedded index has groups"))?;
        let report = if arguments.measures {
            pair_measures(generation, pairs)
        } else {
            measure_pairs(generation, pairs).map(|report| report.to_string())
        };
        writeln!(out, "{}", report.map_err(Failure::new)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn weight_of_recency(ranking: &RankingOptions, arguments: &Arguments) -> f32 {
    if arguments.recency { ranking.recency_weight } else { 0.0 }
}

/// The figures of a file, as they are printed.
fn measured(
    context: &SearchContext<'_>,
    file: &Path,
    arguments: &Arguments,
) -> Result<String, EvaluateError> {
    Ok(match evaluate::read(file)? {
        Judged::Questions(questions) => {
            evaluate::measure(context, &questions, usize::from(arguments.depth))?.to_string()
        }
        Judged::Graded(queries) => evaluate::grade(context, &queries)?.to_string().trim_end().to_owned(),
    })
}

/// The table of what ranking sees, over all files.
fn looks(context: &SearchContext<'_>, arguments: &Arguments) -> Result<String, EvaluateError> {
    let mut table = format!("{}\n", evaluate::HEADER);
    let mut first = arguments.first;
    for file in &arguments.queries {
        let (lines, count) = match evaluate::read(file)? {
            Judged::Questions(questions) => {
                (evaluate::looks_at_answers(context, &questions, first)?, questions.len())
            }
            Judged::Graded(queries) => (evaluate::looks_at_judged(context, &queries, first)?, queries.len()),
        };
        table.push_str(&lines);
        first += count;
    }
    Ok(table)
}

/// The queries of `file` that moved from one setting to another.
fn moved(
    context: &SearchContext<'_>,
    file: &Path,
    before: &RankingOptions,
    after: &RankingOptions,
) -> Result<Vec<String>, EvaluateError> {
    let Judged::Graded(queries) = evaluate::read(file)? else {
        return Err(EvaluateError::NoGrades { path: file.to_owned() });
    };
    let before = evaluate::grade(&SearchContext { ranking: before, ..*context }, &queries)?;
    let after = evaluate::grade(&SearchContext { ranking: after, ..*context }, &queries)?;
    Ok(evaluate::moved(&before, &after))
}

fn end_of_day(text: &str) -> Result<Timestamp, String> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]"));
    day.map(Timestamp::end_of_day).map_err(|_| "write a day as 2026-02-28".to_owned())
}
