//! The binary: arguments → settings → one call per subcommand; nothing else.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
