//! `gisa evaluate`.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use gisa::config::Config;
use gisa::index::{measure_pairs, pair_measures};
use gisa::search::evaluate;

use super::{Failure, open_for_search};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Questions with the ids of their answers, one JSON object per line
    #[arg(long, value_name = "FILE", required_unless_present = "similar")]
    queries: Option<PathBuf>,
    /// Pairs of articles: per line two ids and 1 (the same text) or 0, separated by tabs
    #[arg(long, value_name = "FILE")]
    similar: Option<PathBuf>,
    /// Print the measurements of each pair instead, for learning weights (`cargo xtask weights`)
    #[arg(long, requires = "similar")]
    measures: bool,
    /// Hits considered for each question
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    depth: u16,
    /// Include recency in the score, as the server does; without it only the text counts
    #[arg(long)]
    recency: bool,
}

pub(super) fn run(mut config: Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if !arguments.recency {
        config.ranking.recency_weight = 0.0;
    }
    let (service, serving) = open_for_search(config)?;
    let context = serving.context(service.config(), None);
    let mut out = io::stdout().lock();
    if let Some(queries) = &arguments.queries {
        let depth = usize::from(arguments.depth);
        writeln!(out, "{}", evaluate::run(&context, queries, depth).map_err(Failure::new)?)?;
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
