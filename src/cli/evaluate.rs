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
    /// Questions with the ids of their answers, one JSON object a line
    #[arg(long, value_name = "FILE", required_unless_present = "similar")]
    queries: Option<PathBuf>,
    /// Pairs of articles: two ids and 1 (the same text) or 0 a line, with tabs between them
    #[arg(long, value_name = "FILE")]
    similar: Option<PathBuf>,
    /// Print what each pair shows instead, to learn weights from (`cargo xtask weights`)
    #[arg(long, requires = "similar")]
    measures: bool,
    /// Hits looked at for each question
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    depth: u16,
    /// Count recency into the score, as the server does; without it only the text counts
    #[arg(long)]
    recency: bool,
}

pub(super) fn run(mut config: Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if !arguments.recency {
        config.ranking.recency_weight = 0.0;
    }
    let (engine, serving) = open_for_search(config)?;
    let context = serving.context(engine.config(), None);
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
