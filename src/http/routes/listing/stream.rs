//! Long answers, written piece by piece: the hits of a listing, a batch at a time, through a short channel.
//!
//! * Memory is bounded by the batch and the channel, whatever is asked for and however slowly the client reads.
//! * A batch is read and written off the reactor, under a search permit that is given back before the next; waiting for the
//!   client holds no permit.
//! * The work ends if the client goes away, or its connection is closed because it takes nothing.
//! * An answer that cannot be finished is broken off, so that no client takes a part of it for all of it.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures::{StreamExt as _, stream};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tracing::Instrument;

use crate::article::Article;
use crate::http::access::reader::Reader;
use crate::http::answer::ApiError;
use crate::http::permits::ExportPermit;
use crate::http::share::Share;
use crate::http::state::AppState;
use crate::search::Listing;
use crate::service::Serving;

/// Articles read at a time: a larger batch would make searches wait longer for their turn, a smaller one would wait for turns
/// more often itself.
const BATCH: usize = 250;
/// Bytes of text after which a batch ends.
const BATCH_BYTES: usize = 4 << 20;
/// Articles read together.
const READ: usize = 25;
/// Batches that may wait for the client to take them.
const AHEAD: usize = 2;

/// How articles are written.
pub(super) trait Format: Send + Sync + 'static {
    /// Writes the beginning, before the first article.
    fn begin(&self, out: &mut Vec<u8>) -> io::Result<()>;
    /// Writes articles.
    fn articles(&self, articles: &[Article], out: &mut Vec<u8>) -> io::Result<()>;
    /// Writes the end, after the last article.
    fn end(&self, out: &mut Vec<u8>) -> io::Result<()>;
    /// Writes what only exists once all articles are there. It runs under no permit, and may wait for the client.
    fn finish(&self, _out: &mut (dyn Write + Send)) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes of a piece of what a format writes at the end.
const PIECE_BYTES: usize = 256 << 10;

/// Hands on what is written, piece by piece, as the client takes it.
struct Pieces<'a> {
    sender: &'a Sender<Piece>,
    piece: Vec<u8>,
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.sender.blocking_send(Piece::Text(std::mem::take(&mut self.piece))).map_err(gone)
    }
}

/// A message of the channel.
enum Piece {
    Text(Vec<u8>),
    End,
}

/// Everything that writing an answer needs.
struct Work<F> {
    reader: Reader,
    serving: Arc<Serving>,
    listing: Listing,
    format: F,
}

/// The articles of `listing`, which was made in `serving`, written in `format`.
///
/// # Errors
/// [`Code::Overloaded`](crate::http::Code::Overloaded) if the answer needs more than one batch and the limit of concurrent
/// exports is reached.
pub(super) fn body<F: Format>(
    reader: &Reader,
    serving: Arc<Serving>,
    listing: Listing,
    format: F,
) -> Result<Body, ApiError> {
    let permit = (listing.len() > BATCH).then(|| reader.export()).transpose()?;
    let (sender, receiver) = channel(AHEAD);
    let work = Arc::new(Work { reader: reader.clone(), serving, listing, format });
    // Taken here: the task that writes works for no request.
    let client = Share::current();
    tokio::spawn(write_all(reader.state().clone(), work, sender, client, permit).in_current_span());
    // Compression polls once more after the end, which `unfold` alone answers with a panic.
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
    client: Share,
    _permit: Option<ExportPermit>,
) {
    let mut rest = Some(0);
    while let Some(first) = rest {
        let batch = Arc::clone(&work);
        let turn = state.export_turn(client, move || batch.write(first));
        let written = tokio::select! {
            // Also while the batch waits for its turn. One that is being written gives its permit back when it ends.
            () = sender.closed() => return,
            written = turn => written,
        };
        let (text, next) = match written {
            Ok(Ok(written)) => written,
            Ok(Err(error)) => return tracing::error!(%error, "an answer was broken off"),
            // Logged where it happened.
            Err(_) => return,
        };
        if !text.is_empty() && sender.send(Piece::Text(text)).await.is_err() {
            return;
        }
        rest = next;
    }
    let (format, pieces) = (Arc::clone(&work), sender.clone());
    let finished = tokio::task::spawn_blocking(move || {
        let mut pieces = Pieces { sender: &pieces, piece: Vec::new() };
        format.format.finish(&mut pieces)?;
        pieces.flush()
    });
    match finished.await {
        Ok(Ok(())) => {}
        // The client went away.
        Ok(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => return,
        Ok(Err(error)) => return tracing::error!(%error, "an answer was broken off"),
        Err(panicked) => return tracing::error!(%panicked, "an answer was broken off"),
    }
    // Without a client nobody misses it.
    let _ = sender.send(Piece::End).await;
}

impl<F: Format> Work<F> {
    /// The batch that begins with hit `first`, and the hit after it; `None` where that was the last.
    fn write(
        &self,
        first: usize,
    ) -> Result<(Vec<u8>, Option<usize>), Box<dyn std::error::Error + Send + Sync>> {
        let mut out = Vec::new();
        if first == 0 {
            self.format.begin(&mut out)?;
        }
        let mut next = first;
        // An article may have many megabytes: whatever a batch comes to ends it.
        while next < self.listing.len() && next < first + BATCH && out.len() < BATCH_BYTES {
            let range = next..next + READ;
            let articles =
                self.reader.with_archive(&self.serving, |archive| self.listing.articles(archive, range))?;
            self.format.articles(&articles, &mut out)?;
            next += READ;
            metrics::counter!("exported_articles_total").increment(articles.len() as u64);
        }
        if next < self.listing.len() {
            return Ok((out, Some(next)));
        }
        self.format.end(&mut out)?;
        Ok((out, None))
    }
}
