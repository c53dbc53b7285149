//! `gisa analyze`.

use std::io::{self, Write};
use std::process::ExitCode;

use gisa::config::Config;
use gisa::learned::LearnedNames;
use gisa::search::{AnalyzedToken, analyze};
use gisa::service::{Access, Service};

use super::Failure;
use super::output::{columns, padded};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The text; several words need no quotes
    #[arg(required = true, value_name = "TEXT")]
    text: Vec<String>,
    /// Print the tokens as JSON, in the format of /api/analyze
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let service = Service::open(config, Access::Read)?;
    let (language, serving, none) = (service.language(), service.serving(), LearnedNames::default());
    let learned = serving.as_ref().map_or(&none, |serving| serving.archive().vocabulary().learned());
    let answer = analyze(&language, learned, &arguments.text.join(" "));
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &answer)?;
        writeln!(out)?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "형태소 (사전이 나눈 대로)")?;
    print(&mut out, &answer.morphemes)?;
    writeln!(out, "\n토큰 (찾을 수 있는 것)")?;
    print(&mut out, &answer.tokens)?;
    Ok(ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, tokens: &[AnalyzedToken]) -> io::Result<()> {
    let width = tokens.iter().map(|token| columns(&token.text)).max().unwrap_or(0).max(4);
    writeln!(
        out,
        "  {}  {:<12}  {:>5}  {:>5}  {:>8}  {:<8}  why",
        padded("text", width),
        "pos",
        "start",
        "end",
        "position",
        "lane"
    )?;
    for token in tokens {
        let pos = token.pos.as_deref().unwrap_or("");
        let text = padded(&token.text, width);
        let AnalyzedToken { start, end, position, lane, why, .. } = token;
        writeln!(out, "  {text}  {pos:<12}  {start:>5}  {end:>5}  {position:>8}  {lane:<8}  {why}")?;
    }
    Ok(())
}
