//! `gisa serve`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use gisa::config::Config;
use gisa::http::{self, AppState};
use gisa::service::{Access, Service};
use tokio::net::TcpListener;

use super::Failure;

/// Blocking work that has started cannot be stopped; it gets this much time once everything else has ended.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

pub(super) fn run(config: Config) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::new)?;
    let outcome = runtime.block_on(serve(config));
    runtime.shutdown_timeout(SHUTDOWN_GRACE);
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(config: Config) -> Result<(), Failure> {
    let listen = config.listen;
    // The port first: a second server must fail at once, before it waits for anything else.
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        Failure::new(format_args!("cannot listen on {listen}: {error}; another gisa may be running there"))
    })?;
    let address = listener.local_addr()?;
    let stop = stop_signal()?;
    let service = Arc::new(Service::open(config, Access::Write)?);
    let token = http::admin_token(service.config()).map_err(Failure::new)?;
    let generation = service.serving().map(|serving| serving.archive().about().name.to_owned());
    tracing::info!(generation, "serving on http://{address}");
    http::serve(listener, AppState::new(service, token), stop).await;
    Ok(())
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
