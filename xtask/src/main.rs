//! Maintenance commands that are not part of the server: `cargo xtask <command>`.

mod characters;
mod compile;
mod dictionary;
mod figures;
mod lexicon;
mod little_endian;
mod matrix;
mod pack;
mod source;
mod weights;
mod wheel;

use clap::{Parser, Subcommand};

/// Maintenance commands of gisa.
#[derive(Debug, Parser)]
#[command(name = "xtask", about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Rebuild the Korean dictionary archive from the MeCab wheel.
    Dictionary(dictionary::Arguments),
    /// Learn the weights of the measures that tell reprints, from judged pairs.
    Weights(weights::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Dictionary(arguments) => dictionary::rebuild(&arguments),
        Command::Weights(arguments) => weights::print_weights(&arguments),
    }
}
