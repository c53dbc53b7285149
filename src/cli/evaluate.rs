//! `gisa evaluate`.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use gisa::config::Config;
use gisa::search::evaluate;

use super::{Failure, open_for_search};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Questions with the ids of their answers, one JSON object a line
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
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
    let report =
        evaluate::run(&context, &arguments.queries, usize::from(arguments.depth)).map_err(Failure::new)?;
    writeln!(io::stdout().lock(), "{report}")?;
    Ok(ExitCode::SUCCESS)
}
