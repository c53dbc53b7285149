//! Maintenance commands that are not part of the server: `cargo xtask <command>`.

mod archive;
mod characters;
mod compile;
mod components;
mod dictionary;
mod dist;
mod figures;
mod lexicon;
mod little_endian;
mod matrix;
mod pack;
mod ranking;
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
    /// Make a large archive out of the words of a small one, for measuring.
    Archive(archive::Arguments),
    /// Rebuild the Korean dictionary archive from the MeCab wheel.
    Dictionary(dictionary::Arguments),
    /// Make what is installed: a folder, and a tarball of it.
    Dist(dist::Arguments),
    /// Learn the weights of what ranking sees of the best articles, from judged queries.
    Ranking(ranking::Arguments),
    /// Learn the weights of the measures that tell reprints, from judged pairs.
    Weights(weights::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Archive(arguments) => archive::write(&arguments),
        Command::Dist(arguments) => dist::make(&arguments),
        Command::Dictionary(arguments) => dictionary::rebuild(&arguments),
        Command::Ranking(arguments) => ranking::print_weights(&arguments),
        Command::Weights(arguments) => weights::print_weights(&arguments),
    }
}
