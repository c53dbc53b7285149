//! `gisa serve`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use gisa::config::Config;
use gisa::http::{self, AppState};
use gisa::logging;
use gisa::service::{Access, Service, ServiceError};
use tokio::net::TcpListener;

use super::Failure;

/// Blocking work that has started cannot be stopped; it gets this much time once everything else has ended. With what
/// [`http::serve`] takes at most, it stays below the ten seconds after which service managers kill.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(500);

#[derive(Default, clap::Args)]
pub(super) struct Arguments {
    /// Serve what an OpenSearch cluster has (`[engine]`), without articles of this machine: data_dir and journal are not needed,
    /// lexicon and suggestions come from the cluster, and what is pushed is refused
    #[arg(long)]
    read_only: bool,
}

pub(super) fn run(config: Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::new)?;
    let outcome = runtime.block_on(serve(config, arguments.read_only));
    runtime.shutdown_timeout(SHUTDOWN_GRACE);
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(config: Config, read_only: bool) -> Result<(), Failure> {
    let listen = config.listen;
    // The port first: a second server must fail at once, before it waits for anything else.
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        Failure::new(format_args!("cannot listen on {listen}: {error}; another gisa may be running there"))
    })?;
    let address = listener.local_addr()?;
    let stop = stop_signal()?;
    // Before anything that takes long: each of these ends the process unless it is handled.
    let signals = other_signals()?;
    let service = match read_only {
        true => Service::open_to_read(config)?,
        false => Service::open_engine(config, Access::Write)?,
    };
    let service = Arc::new(service);
    service.look_first();
    // Files that the settings name: whoever made a mistake there is told now, not by a search that reports nothing.
    service.deliveries().map_err(ServiceError::from)?;
    tokio::spawn(signals(Arc::clone(&service)));
    let token = http::admin_token(service.config()).map_err(Failure::new)?;
    let generation = service.serving().map(|serving| serving.archive().about().name.to_owned());
    tracing::info!(generation, "serving on http://{address}");
    http::serve(listener, AppState::new(service, token), stop).await;
    Ok(())
}

/// Handles the signals that service managers, log rotation and closing terminals send, none of which means to stop: SIGHUP loads
/// the lexicon again and opens the log file again; SIGUSR1 and SIGUSR2 do nothing.
#[cfg(unix)]
fn other_signals() -> Result<impl FnOnce(Arc<Service>) -> BoxFuture<'static, ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    // Handled from here on, for as long as the process lives, although nobody listens.
    drop(signal(SignalKind::user_defined1())?);
    drop(signal(SignalKind::user_defined2())?);
    // A file at the limit of `ulimit -f` or `LimitFSIZE`: the write fails, and says so. SIGXFSZ has this number on every Linux but MIPS.
    drop(signal(SignalKind::from_raw(25))?);
    Ok(move |service: Arc<Service>| {
        async move {
            while hangup.recv().await.is_some() {
                logging::reopen();
                let service = Arc::clone(&service);
                let _ = tokio::task::spawn_blocking(move || reload_lexicon(&service)).await;
            }
        }
        .boxed()
    })
}

#[cfg(not(unix))]
fn other_signals() -> Result<impl FnOnce(Arc<Service>) -> BoxFuture<'static, ()>, Failure> {
    Ok(|_: Arc<Service>| std::future::ready(()).boxed())
}

fn reload_lexicon(service: &Service) {
    match service.reload_lexicon() {
        Ok(reload) => {
            let changed = reload.files.iter().filter(|file| file.changed).count();
            let (warnings, reindex_due) = (reload.warnings.len(), reload.reindex_due);
            tracing::info!(changed, warnings, reindex_due, "SIGHUP: the lexicon was loaded again");
        }
        Err(error) => tracing::error!(%error, "SIGHUP: the lexicon was not loaded again"),
    }
}

/// Completes at SIGTERM or SIGINT.
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
