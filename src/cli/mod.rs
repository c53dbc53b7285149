//! The command line. An error is one line on stderr and exit code 1; wrong usage is exit code 2, as is clap's custom.

mod analyze;
mod backup;
mod check;
mod client;
mod evaluate;
mod files;
mod forget;
mod health;
mod import;
mod key;
mod output;
mod reindex;
mod restore;
mod search;
mod serve;

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use gisa::access::AccessError;
use gisa::config::{Config, ConfigError, LogFormat, LogSettings, Overrides};
use gisa::index::IndexError;
use gisa::logging::{self, LastLines};
use gisa::service::backup::BackupError;
use gisa::service::{Access, Service, ServiceError};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Full-text search over Korean news articles.
///
/// Without a command it serves: http://127.0.0.1:7878 by default. Settings come from config.toml; GISA_LISTEN,
/// GISA_DATA_DIR, GISA_INDEX_DIR, GISA_ADMIN_TOKEN and GISA_SMTP_PASSWORD override them.
#[derive(Parser)]
#[command(name = "gisa", version)]
struct Arguments {
    /// The config file; by default config.toml in this folder, if there is one
    #[arg(long, global = true, value_name = "FILE", env = "GISA_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the search page and the HTTP interface (the default)
    Serve(serve::Arguments),
    /// Rebuild the index from the data folder
    Reindex(reindex::Arguments),
    /// Search the index and print the hits
    Search(search::Arguments),
    /// Show how a text is split into tokens
    Analyze(analyze::Arguments),
    /// Verify every generation of the index: files, checksums, counts
    Check,
    /// Check files of articles and copy them into the data folder
    Import(import::Arguments),
    /// Copy the data folder and the settings to a new folder, with checksums; a server may be running
    Backup(backup::Arguments),
    /// Restore a backup; the former data is kept alongside
    Restore(restore::Arguments),
    /// Take articles out of everything that gisa keeps: files of articles, journal, earlier texts, indexes. Stop the server first;
    /// the index is built anew
    Forget(forget::Arguments),
    /// Add, list or remove keys for the HTTP interface; a running server sees the change at once
    Key(key::Arguments),
    /// Measure the search against questions with known answers
    Evaluate(evaluate::Arguments),
    /// Ask a running server whether it is ready (for health checks)
    Health,
}

/// Why a command failed, in one line.
#[derive(Debug)]
enum Failure {
    /// To print.
    Message(String),
    /// The reader of the output has gone (`gisa search … | head`): nothing to print.
    BrokenPipe,
}

impl Failure {
    fn new(message: impl fmt::Display) -> Self {
        Self::Message(message.to_string())
    }

    /// The same failure, introduced by its meaning for the user.
    fn with_context(self, meaning: &str) -> Self {
        match self {
            Self::Message(message) => Self::Message(format!("{meaning} ({message})")),
            Self::BrokenPipe => Self::BrokenPipe,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::new(error),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(error)
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        Self::new(error)
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        Self::new(error)
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        Self::new(error)
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        Self::new(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        error.io_error_kind().map_or_else(|| Self::new(&error), |kind| std::io::Error::from(kind).into())
    }
}

/// Reads the arguments and runs the command.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Err(Failure::Message(message)) => {
            output::complain(&message);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = Config::load(arguments.config.as_deref(), &Overrides::from_environment())?;
    let serve = Command::Serve(serve::Arguments::default());
    let command = arguments.command.as_ref().unwrap_or(&serve);
    // Held until the command has ended, so that its last lines are written.
    let _last_lines = match command {
        Command::Serve(_) => Some(start_server_log(&config.log)?),
        // The other commands say on stdout what they do: only trouble is worth a line in the log.
        _ => {
            start_log(config.log.format, EnvFilter::new("warn"), std::io::stderr, is_terminal());
            None
        }
    };
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    match command {
        Command::Serve(arguments) => serve::run(config, arguments),
        Command::Reindex(arguments) => reindex::run(config, arguments),
        Command::Search(arguments) => search::run(config, arguments),
        Command::Analyze(arguments) => analyze::run(config, arguments),
        Command::Check => check::run(&config),
        Command::Import(arguments) => import::run(&config, arguments),
        Command::Backup(arguments) => backup::run(&config, arguments),
        Command::Restore(arguments) => restore::run(&config, arguments),
        Command::Forget(arguments) => forget::run(config, arguments),
        Command::Key(arguments) => key::run(&config, arguments),
        Command::Evaluate(arguments) => evaluate::run(config, arguments),
        Command::Health => health::run(&config),
    }
}

/// Starts the log of a server: to stderr, or to a file.
fn start_server_log(log: &LogSettings) -> Result<LastLines, Failure> {
    let (writer, last_lines) = logging::start(log.file.as_deref()).map_err(|error| match &log.file {
        Some(file) => Failure::new(format_args!("cannot open the log file {}: {error}", file.display())),
        None => Failure::new(error),
    })?;
    start_log(log.format, log.filter.clone(), writer, log.file.is_none() && is_terminal());
    Ok(last_lines)
}

/// Logs to `writer`: stderr or a file, so that stdout has nothing but a command's output.
fn start_log<W>(format: LogFormat, filter: EnvFilter, writer: W, colours: bool)
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    // A line that cannot be written must not become one more line that cannot be written.
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).log_internal_errors(false);
    match format {
        LogFormat::Json => builder.json().flatten_event(true).init(),
        LogFormat::Text => builder.with_ansi(colours).with_target(false).init(),
    }
}

fn is_terminal() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stderr())
}

/// The service for searching only, and the generation that is in service.
fn open_for_search(config: Config) -> Result<(Service, std::sync::Arc<gisa::service::Serving>), Failure> {
    let service = Service::open_engine(config, Access::Read)?;
    let serving = service.serving().ok_or_else(|| {
        let missing = IndexError::Missing { path: service.config().index_dir.clone() };
        service.damage().map_or_else(|| Failure::new(missing), Failure::new)
    })?;
    Ok((service, serving))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }
}
