//! Connections: accepted, bounded in number and time, and answered by the router.
//!
//! `axum::serve` bounds nothing: whoever opens as many connections as the process may have files silences it. hyper's own time
//! limit for heads also runs between requests, so that it cannot be short; the [`registry`] has one for each.

mod files;
mod registry;
mod watched;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use axum::response::IntoResponse as _;
use futures::FutureExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use tower::ServiceExt as _;

use super::answer::ApiError;
use super::sampling::Sampler;
use super::share::site;
use crate::config::ServerSettings;
use registry::{Connections, Full, Limits, Place};
use watched::{Answer, Watched};

pub(super) use registry::Room;

/// The reason of a refusal where the process may open no more files, as the metric's label has it.
const NO_FILES: &str = "files";
/// All reasons for which connections are refused.
pub(super) const REFUSED_FOR: [&str; 3] = [Full::All.label(), Full::Address.label(), NO_FILES];

/// The longest head of a request, in bytes: an address of 64 KiB, the longest that hyper takes, and a few headers.
const LONGEST_HEAD: usize = 72 * 1024;
/// What the system may hold of an answer, in bytes (Linux takes twice as much). Less than the usual megabytes, so that a slow
/// reader is seen to read: the system asks for more only after a third of it was taken.
const SEND_BUFFER: usize = 128 * 1024;
/// How often connections are looked at whose time may be over.
const LOOK: Duration = Duration::from_secs(1);
/// How long the loop waits where the system has no file for a connection.
const NO_FILE: Duration = Duration::from_millis(50);

static REFUSED: Sampler = Sampler::new("connections that were refused");

/// Accepts connections on `listener` and answers them with `router` until `stop` ends; then waits until all have ended.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    settings: &ServerSettings,
    stop: impl Future<Output = ()>,
) {
    let connections = Connections::new(limits(settings));
    let (stopping, is_stopping) = watch::channel(false);
    // Closed once every connection has dropped its end.
    let (open, mut all_closed) = mpsc::channel::<Infallible>(1);
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stop = pin!(stop);
    let http = http();
    loop {
        let accepted = tokio::select! {
            () = stop.as_mut() => break,
            _ = look.tick() => {
                connections.close_overdue(Instant::now());
                REFUSED.say(Instant::now());
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                cannot_accept(&connections, &error).await;
                continue;
            }
        };
        let address = Some(peer.ip().to_canonical()).filter(|address| !settings.trusts(*address)).map(site);
        match connections.enter(address) {
            Ok(place) => {
                let connection = Connection { peer, place: Arc::new(place), router: router.clone() };
                let (open, is_stopping) = (open.clone(), is_stopping.clone());
                let http = http.clone();
                tokio::spawn(async move {
                    connection.serve(&http, stream, is_stopping).await;
                    drop(open);
                });
            }
            Err(full) => {
                metrics::counter!("http_connections_refused_total", "reason" => full.label()).increment(1);
                if REFUSED.allows(Instant::now()) {
                    tracing::warn!(client = %peer.ip(), limit = full.label(), "a connection was refused: too many at once");
                }
            }
        }
    }
    drop((listener, open));
    stopping.send_replace(true);
    // Connections that begin to wait while the server stops end by themselves; those that never end are cut off by the caller.
    loop {
        tokio::select! {
            _ = all_closed.recv() => return,
            _ = look.tick() => connections.close_overdue(Instant::now()),
        }
    }
}

/// The limits in force: the system's for open files, less what the index needs, may be the smaller.
fn limits(settings: &ServerSettings) -> Limits {
    let all = match files::raise_limit() {
        Ok(files) => {
            let all = settings.max_connections.min(files.saturating_sub(files::KEPT).max(1));
            if all < settings.max_connections {
                tracing::warn!(
                    max_connections = all,
                    configured = settings.max_connections,
                    files,
                    "fewer connections than configured: the system allows too few open files (ulimit -n, LimitNOFILE)"
                );
            }
            all
        }
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be read");
            settings.max_connections
        }
    };
    Limits {
        all,
        of_address: settings.max_connections_per_address.min(all),
        head: settings.header_timeout,
        idle: settings.idle_timeout,
    }
}

fn http() -> http1::Builder {
    let mut http = http1::Builder::new();
    // The registry has its own limit.
    http.header_read_timeout(None).max_buf_size(LONGEST_HEAD);
    // hyper cannot write an earlier date, and would panic: a machine without a battery may begin there.
    http.auto_date_header(SystemTime::now() >= SystemTime::UNIX_EPOCH);
    http
}

/// A connection that broke before it was accepted is nobody's fault; otherwise there are no files left, and one that waits gives
/// its own up.
async fn cannot_accept(connections: &Connections, error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    metrics::counter!("http_connections_refused_total", "reason" => NO_FILES).increment(1);
    if REFUSED.allows(Instant::now()) {
        tracing::error!(%error, "a connection cannot be accepted");
    }
    connections.make_room();
    // Its task has to end first; and where nothing waits, asking again at once would only burn the processor.
    tokio::time::sleep(NO_FILE).await;
}

/// One connection.
struct Connection {
    peer: SocketAddr,
    place: Arc<Place>,
    router: Router,
}

impl Connection {
    /// Answers its requests until it ends, is closed, or the server stops.
    async fn serve(self, http: &http1::Builder, stream: TcpStream, mut stopping: watch::Receiver<bool>) {
        let place = Arc::clone(&self.place);
        // Both only make things better; a socket that refuses them serves as well.
        let _ = stream.set_nodelay(true);
        let _ = socket2::SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER);
        let stream = TokioIo::new(Watched { stream, place: Arc::clone(&place), unread: false });
        // Boxed: hyper keeps room for the future as long as the connection is open.
        let service = service_fn(|request| Box::pin(self.answer(request)));
        let mut connection = pin!(http.serve_connection(stream, service));
        let mut told = false;
        loop {
            tokio::select! {
                // A client that broke off is not worth a line.
                _ = connection.as_mut() => return,
                () = place.closed() => return,
                _ = stopping.wait_for(|stopping| *stopping), if !told => {
                    told = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Answer>, Infallible> {
        let Some(room) = self.place.answering() else {
            // The connection was closed a moment ago: nobody would read the answer.
            return std::future::pending().await;
        };
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(room);
        // Handlers' panics are caught inside, where the answer gets its headers. This one is for everything outside of that.
        let answered = AssertUnwindSafe(self.router.clone().oneshot(request)).catch_unwind().await;
        let response = match answered {
            Ok(Ok(response)) => response,
            Err(_) => ApiError::internal("a panic outside of the handlers").into_response(),
        };
        Ok(response.map(|body| Answer::new(body, Arc::clone(&self.place))))
    }
}
