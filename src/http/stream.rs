//! Long answers, written bit by bit: the hits of a listing, a batch at a time, through a short channel.
//!
//! * Memory is bounded by the batch and the channel, whatever is asked for and however slowly the client reads.
//! * A batch is read and written off the reactor, under a search permit that is given back before the next; waiting for the
//!   client holds none.
//! * A client that goes away, or takes nothing for [`STALL`], ends the work.
//! * An answer that cannot be finished is broken off, so that no client takes a part for the whole.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures::{StreamExt as _, stream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tracing::Instrument;

use super::error::ApiError;
use super::state::AppState;
use crate::article::Article;
use crate::search::Listing;
use crate::service::Serving;

/// Articles read at a time; a larger batch would make searches wait, a smaller one waits itself.
const BATCH: usize = 250;
/// Batches written ahead of what the client has taken.
const AHEAD: usize = 2;
/// A client that takes nothing for this long is given up.
const STALL: Duration = Duration::from_secs(60);

/// How articles are written.
pub(super) trait Format: Send + Sync + 'static {
    /// Writes what stands before the first article.
    fn begin(&self, out: &mut Vec<u8>) -> io::Result<()>;
    /// Writes articles.
    fn articles(&self, articles: &[Article], out: &mut Vec<u8>) -> io::Result<()>;
    /// Writes what stands behind the last.
    fn end(&self, out: &mut Vec<u8>) -> io::Result<()>;
}

/// What travels through the channel.
enum Piece {
    Text(Vec<u8>),
    End,
}

/// Everything that is written.
struct Work<F> {
    serving: Arc<Serving>,
    listing: Listing,
    format: F,
}

/// The articles of `listing`, which was made in `serving`, written in `format`.
///
/// # Errors
/// [`super::code::Code::Overloaded`] where more than one batch is wanted and enough such answers are being written.
pub(super) fn body<F: Format>(
    state: &AppState,
    serving: Arc<Serving>,
    listing: Listing,
    format: F,
) -> Result<Body, ApiError> {
    let long = (listing.len() > BATCH).then(|| state.long()).transpose()?;
    let (sender, receiver) = channel(AHEAD);
    let work = Arc::new(Work { serving, listing, format });
    tokio::spawn(write_all(state.clone(), work, sender, long).in_current_span());
    // Compression asks once more behind the end, which `unfold` alone takes for a mistake.
    Ok(Body::from_stream(stream::unfold(Some(receiver), next).fuse()))
}

/// The next piece of the body; an error where the writer ended too early.
async fn next(receiver: Option<Receiver<Piece>>) -> Option<(io::Result<Bytes>, Option<Receiver<Piece>>)> {
    let mut receiver = receiver?;
    match receiver.recv().await {
        Some(Piece::Text(text)) => Some((Ok(text.into()), Some(receiver))),
        Some(Piece::End) => None,
        None => {
            Some((Err(io::Error::other("the answer could not be finished; the log has the cause")), None))
        }
    }
}

async fn write_all<F: Format>(
    state: AppState,
    work: Arc<Work<F>>,
    sender: Sender<Piece>,
    _long: Option<OwnedSemaphorePermit>,
) {
    let mut first = 0;
    while first == 0 || first < work.listing.len() {
        let batch = Arc::clone(&work);
        let turn = state.turn(move || batch.write(first));
        let written = tokio::select! {
            // Also while it waits for its turn. A batch that is being written gives its permit back at its end.
            () = sender.closed() => return,
            written = turn => written,
        };
        let text = match written {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => return tracing::error!(%error, "an answer was broken off"),
            // Logged where it happened.
            Err(_) => return,
        };
        if !send(&sender, Piece::Text(text)).await {
            return;
        }
        first += BATCH;
    }
    send(&sender, Piece::End).await;
}

/// Whether the client goes on.
async fn send(sender: &Sender<Piece>, piece: Piece) -> bool {
    match tokio::time::timeout(STALL, sender.send(piece)).await {
        Ok(Ok(())) => true,
        // It went away.
        Ok(Err(_)) => false,
        Err(_) => {
            tracing::warn!(seconds = STALL.as_secs(), "a client took nothing of its answer and was given up");
            false
        }
    }
}

impl<F: Format> Work<F> {
    /// The batch that begins with hit `first`.
    fn write(&self, first: usize) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        let mut out = Vec::new();
        if first == 0 {
            self.format.begin(&mut out)?;
        }
        let articles = self.listing.articles(self.serving.archive(), first..first + BATCH)?;
        self.format.articles(&articles, &mut out)?;
        if first + BATCH >= self.listing.len() {
            self.format.end(&mut out)?;
        }
        metrics::counter!("exported_articles_total").increment(articles.len() as u64);
        Ok(out)
    }
}
