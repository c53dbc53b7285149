//! `gisa reindex`: shows progress, then a report.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use gisa::config::{AdminToken, Config};
use gisa::index::{BuildReport, IndexError, Phase, Progress};
use gisa::service::{Access, ChangedOptions, ReindexOptions, Service, ServiceError, Withheld};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::Failure;
use super::files::print_files;

/// Time between two redraws of the bar.
const REDRAW_INTERVAL: Duration = Duration::from_millis(150);
/// Time between two lines if there is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(5);
/// The token that a server makes for itself, in the index folder.
const TOKEN_FILE: &str = "admin-token";
/// Refused records printed; a last line says how many more there are.
const MAX_PRINTED: usize = 100;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Put the new index into service also where it has lost much of the archive: far fewer articles than serve
    /// (index.max_shrink_percent), no article of a file any more, or pushed articles that are gone
    #[arg(long)]
    force: bool,
    /// Read only the files that are new, have changed or are gone, into the index that is there
    #[arg(long, conflicts_with = "into")]
    changed: bool,
    /// Build the index in this folder, while a server goes on with the one in index_dir: for an upgrade. A server that is
    /// started with index_dir = DIR serves it at once, with what was pushed meanwhile
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

pub(super) fn run(config: Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let token = arguments.into.as_ref().and_then(|_| generated_token(&config));
    let service = match &arguments.into {
        Some(into) => open_beside(config, into)?,
        None => open(config)?,
    };
    let progress = Progress::default();
    let outcome = std::thread::scope(|scope| {
        let (done, waits) = channel::<()>();
        let progress = &progress;
        let watcher = scope.spawn(move || {
            let mut view = View::new();
            while let Err(RecvTimeoutError::Timeout) = waits.recv_timeout(REDRAW_INTERVAL) {
                view.show(progress);
            }
            view.end();
        });
        let outcome = work(&service, arguments, progress);
        drop(done);
        // The watcher only draws: if it panicked, the reindex has succeeded all the same.
        let _ = watcher.join();
        outcome
    });
    let Outcome { report, changed } = outcome?;
    print_report(&report)?;
    if let Some((summary, withheld)) = changed {
        writeln!(io::stdout(), "{summary}")?;
        if let Some(withheld) = withheld {
            return Err(Failure::new(withheld));
        }
    }
    if arguments.into.is_none()
        && let Some(index) = service.cluster_status().and_then(|status| status.index)
    {
        writeln!(io::stdout(), "{index} serves in the cluster")?;
    }
    if let Some(into) = &arguments.into {
        if let Some(token) = token {
            keep_token(&token, into)?;
        }
        let into = into.display();
        writeln!(io::stdout(), "restart the server with index_dir = {into} (or GISA_INDEX_DIR) to serve it")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What came of it.
struct Outcome {
    report: BuildReport,
    /// Of a changed run: its figures in words, and why only new files were read.
    changed: Option<(String, Option<Withheld>)>,
}

fn work(service: &Service, arguments: &Arguments, progress: &Progress) -> Result<Outcome, ServiceError> {
    let force = arguments.force;
    if arguments.changed {
        let done =
            service.reindex_changed(&ChangedOptions { force, ..ChangedOptions::default() }, progress)?;
        let changed = Some((done.summary(), done.withheld));
        return Ok(Outcome { report: done.report, changed });
    }
    let options = ReindexOptions { threads: service.config().index.threads, force };
    Ok(Outcome { report: service.reindex_with(options, progress)?, changed: None })
}

fn open(config: Config) -> Result<Service, Failure> {
    let (listen, token) = (config.listen, header(&config));
    Service::open_engine(config, Access::Write).map_err(|error| match error {
        ServiceError::Index(IndexError::Locked { path }) => Failure::new(format_args!(
            "a gisa server is using this index folder (it holds {}); let that server reindex: \
             curl -N -X POST -H \"Authorization: Bearer {token}\" 'http://{listen}/api/admin/reindex?follow=true'",
            path.display()
        )),
        ServiceError::DataInUse { path } => Failure::new(format_args!(
            "a gisa server with another index folder takes articles into this data folder (it holds {}); let that server \
             reindex, with the token of its own index folder, or build an index beside it: gisa reindex --into DIR",
            path.display()
        )),
        other => other.into(),
    })
}

fn open_beside(config: Config, into: &Path) -> Result<Service, Failure> {
    let same = |folder: &Path| std::fs::canonicalize(folder).ok();
    if same(into).is_some_and(|folder| Some(folder) == same(&config.index_dir)) {
        let message = "--into is index_dir itself; name another folder, or reindex without --into";
        return Err(Failure::new(message));
    }
    if config.is_of_data(into) || into.join("articles").is_dir() {
        let message =
            "--into is a data folder, or a folder of it that has another use; name a folder of its own";
        return Err(Failure::new(message));
    }
    Ok(Service::open_beside(config, into.to_owned())?)
}

/// What stands for the token for administration in a command.
fn header(config: &Config) -> String {
    match &config.admin.token {
        AdminToken::Given(_) => "$GISA_ADMIN_TOKEN".to_owned(),
        AdminToken::File(file) => format!("$(cat {})", file.display()),
        AdminToken::Generated => format!("$(cat {})", config.index_dir.join(TOKEN_FILE).display()),
    }
}

/// The file with the token that a server made for itself, if there is one.
fn generated_token(config: &Config) -> Option<PathBuf> {
    let file = config.index_dir.join(TOKEN_FILE);
    (config.admin.token == AdminToken::Generated && file.is_file()).then_some(file)
}

/// Copies the token to the new index folder, with its mode: scripts that use it must work after the restart.
fn keep_token(token: &Path, into: &Path) -> Result<(), Failure> {
    let copy = into.join(TOKEN_FILE);
    if copy.symlink_metadata().is_err() {
        std::fs::copy(token, &copy)?;
    }
    Ok(())
}

/// Steps of the bar, whatever a phase counts.
const BAR_STEPS: u64 = 1000;

/// A progress bar on a terminal, otherwise a line now and then; both on stderr.
struct View {
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl View {
    fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            let template = "{bar:32} {percent:>3} %  {msg}  {elapsed}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, last_line: Instant::now() }
    }

    fn show(&mut self, progress: &Progress) {
        let (phase, share) = (progress.phase(), progress.share());
        let left = progress.remaining().map(|left| left.as_secs());
        let (articles, refused) = (load(&progress.articles_indexed), load(&progress.refused));
        if let Some(bar) = &self.bar {
            bar.set_length(BAR_STEPS);
            bar.set_position((share.unwrap_or_default() * BAR_STEPS as f64) as u64);
            let left = left.map(|seconds| format!(", 남은 시간 약 {seconds}초")).unwrap_or_default();
            let doing = phase.map(in_korean).unwrap_or_default();
            bar.set_message(format!("{doing}  기사 {articles}건, 거절 {refused}건{left}"));
        } else if self.last_line.elapsed() >= LINE_INTERVAL {
            self.last_line = Instant::now();
            let phase = phase.map_or_else(|| "beginning".to_owned(), |phase| phase.with_share(share));
            let left = left.map(|seconds| format!(", about {seconds} s left")).unwrap_or_default();
            let _ = writeln!(io::stderr(), "{phase}: {articles} articles indexed, {refused} refused{left}");
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// What a phase does, for the line of the bar.
fn in_korean(phase: Phase) -> &'static str {
    match phase {
        Phase::Reading => "읽고 색인하는 중",
        Phase::Writing => "색인 파일을 쓰는 중",
        Phase::Grouping => "같은 기사를 묶는 중",
        Phase::Verifying => "검사하는 중",
        Phase::CatchingUp => "그동안 온 기사를 넣는 중",
        Phase::Copying => "클러스터에 옮기는 중",
    }
}

fn load(counter: &std::sync::atomic::AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

fn print_report(report: &BuildReport) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let rate = HumanBytes((report.bytes as f64 / report.seconds.max(0.001)) as u64);
    writeln!(
        out,
        "{}: {} articles from {} in {:.1} s ({rate}/s)",
        report.generation,
        report.articles,
        HumanBytes(report.bytes),
        report.seconds
    )?;
    if report.replaced > 0 {
        writeln!(out, "{} were replaced by later articles with the same ids", report.replaced)?;
    }
    if report.names_left_out > 0 {
        let left_out = report.names_left_out;
        writeln!(
            out,
            "{left_out} names were left out: an article keeps the first 512 persons, places and organisations"
        )?;
    }
    writeln!(out, "{} refused", report.refused)?;
    for refused in report.refusals.iter().take(MAX_PRINTED) {
        let line = refused.line.map(|line| format!(":{line}")).unwrap_or_default();
        writeln!(out, "  {}{line}: {}", refused.file.display(), refused.refusal)?;
    }
    let more = report.refused.saturating_sub(MAX_PRINTED as u64);
    if more > 0 {
        writeln!(out, "  … and {more} more")?;
    }
    print_files(&mut out, &report.files, report.files_more)
}
