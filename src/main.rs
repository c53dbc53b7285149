//! The binary: arguments → settings → one call per subcommand; nothing else.

mod cli;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Returns what a reindex took to the system, as the system's own allocator does not (`docs/MEASURED.md`).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
