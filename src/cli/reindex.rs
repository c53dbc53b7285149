//! `gisa reindex`: shows progress, then a report.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use gisa::config::Config;
use gisa::index::{BuildReport, IndexError, Progress};
use gisa::service::{Access, Service, ServiceError};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::Failure;

/// Time between two redraws of the bar.
const REDRAW_INTERVAL: Duration = Duration::from_millis(150);
/// Time between two lines if there is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(5);
/// Refused records printed; a last line says how many more there are.
const MAX_PRINTED: usize = 100;

pub(super) fn run(config: Config) -> Result<ExitCode, Failure> {
    let listen = config.listen;
    let service = Service::open(config, Access::Write).map_err(|error| match error {
        ServiceError::Index(IndexError::Locked { .. }) => Failure::new(format_args!(
            "a gisa server is using this index folder; let that server reindex: \
             curl -N -X POST -H \"Authorization: Bearer $(cat {}/admin-token)\" http://{listen}/api/admin/reindex?follow=true",
            locked_folder(&error)
        )),
        other => other.into(),
    })?;
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
        let outcome = service.reindex(progress);
        drop(done);
        // The watcher only draws: if it panicked, the reindex has succeeded all the same.
        let _ = watcher.join();
        outcome
    });
    print_report(&outcome?)?;
    Ok(ExitCode::SUCCESS)
}

/// The folder that is locked, for the message.
fn locked_folder(error: &ServiceError) -> String {
    match error {
        ServiceError::Index(IndexError::Locked { path }) => {
            path.parent().unwrap_or(path).display().to_string()
        }
        _ => String::new(),
    }
}

/// A progress bar on a terminal, otherwise a line now and then; both on stderr.
struct View {
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl View {
    fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            let template = "{bar:32} {percent:>3} %  {msg}  {elapsed}  남은 시간 {eta}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, last_line: Instant::now() }
    }

    fn show(&mut self, progress: &Progress) {
        let (bytes, total) = (load(&progress.bytes_read), load(&progress.bytes_total));
        let (articles, refused) = (load(&progress.articles_indexed), load(&progress.refused));
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(bytes);
            bar.set_message(if total > 0 && bytes == total {
                format!("기사 {articles}건, 거절 {refused}건, 색인 파일을 쓰는 중")
            } else {
                format!("기사 {articles}건, 거절 {refused}건")
            });
        } else if self.last_line.elapsed() >= LINE_INTERVAL {
            self.last_line = Instant::now();
            let percent = (bytes * 100).checked_div(total).unwrap_or(0);
            let _ = writeln!(io::stderr(), "{percent} %: {articles} articles indexed, {refused} refused");
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
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
    writeln!(out, "{} refused", report.refused)?;
    for refused in report.refusals.iter().take(MAX_PRINTED) {
        let line = refused.line.map(|line| format!(":{line}")).unwrap_or_default();
        writeln!(out, "  {}{line}: {}", refused.file.display(), refused.refusal)?;
    }
    let more = report.refused.saturating_sub(MAX_PRINTED as u64);
    if more > 0 {
        writeln!(out, "  … and {more} more")?;
    }
    Ok(())
}
