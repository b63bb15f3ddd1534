//! Bodies of answers that are made while they are sent.
//!
//! An answer of any length is written by a task of its own into a short queue of chunks, so a million features never sit
//! in memory. When the client leaves, the queue closes and the task is dropped with its database statement. A writer
//! that fails or panics ends the body with an error: a cut answer never looks whole.

use std::io;

use axum::body::{Body, Bytes};
use futures::{Stream, StreamExt as _, stream};
use tokio::sync::mpsc;

/// Bytes gathered before they are sent on.
pub(crate) const CHUNK: usize = 64 * 1024;

/// The client has left; one that takes nothing any more is made to by its connection.
#[derive(Debug)]
pub(crate) struct ClientGone;

enum Piece {
    Chunk(Bytes),
    End,
}

/// Where a streamed answer is written to.
#[derive(Debug)]
pub(crate) struct Sink {
    pub(crate) buffer: Vec<u8>,
    queue: mpsc::Sender<Piece>,
}

impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Chunk(_) => "chunk",
            Self::End => "end",
        })
    }
}

impl Sink {
    /// Sends what is gathered when it is enough for a chunk.
    pub(crate) async fn flush_if_full(&mut self) -> Result<(), ClientGone> {
        if self.buffer.len() < CHUNK { Ok(()) } else { self.flush().await }
    }

    pub(crate) async fn flush(&mut self) -> Result<(), ClientGone> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK + CHUNK / 4));
        self.send(Piece::Chunk(chunk.into())).await
    }

    /// Ends the body as whole. Without it the client sees the answer break off.
    pub(crate) async fn end(mut self) -> Result<(), ClientGone> {
        self.flush().await?;
        self.send(Piece::End).await
    }

    async fn send(&self, piece: Piece) -> Result<(), ClientGone> {
        self.queue.send(piece).await.map_err(|_| ClientGone)
    }

    /// Ends when the client has left.
    pub(crate) fn client_gone(&self) -> impl Future<Output = ()> + Send + use<> {
        let queue = self.queue.clone();
        async move { queue.closed().await }
    }
}

/// Returns a body written by `write`, which runs as long as the client listens.
pub(crate) fn streamed<W, F>(write: W) -> Body
where
    W: FnOnce(Sink) -> F,
    F: Future<Output = Result<(), ClientGone>> + Send + 'static,
{
    let (sink, body) = piped();
    let left = sink.queue.clone();
    let writing = write(sink);
    tokio::spawn(async move {
        tokio::select! {
            // Dropping the writer drops its statement; the answer needs no more word, since nobody hears it.
            () = left.closed() => {}
            _ = writing => {}
        }
    });
    body
}

/// Returns a sink, and the body of what is written into it by a thread that may wait.
pub(crate) fn piped() -> (Sink, Body) {
    let (queue, pieces) = mpsc::channel(2);
    (Sink { buffer: Vec::with_capacity(CHUNK + CHUNK / 4), queue }, Body::from_stream(chunks(pieces)))
}

fn chunks(pieces: mpsc::Receiver<Piece>) -> impl Stream<Item = io::Result<Bytes>> {
    let chunks = stream::unfold(Some(pieces), |pieces| async {
        let mut pieces = pieces?;
        match pieces.recv().await {
            Some(Piece::Chunk(chunk)) => Some((Ok(chunk), Some(pieces))),
            Some(Piece::End) => None,
            None => Some((Err(io::Error::other("the answer broke off")), None)),
        }
    });
    // Compression asks once more after the end.
    chunks.fuse()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn a_long_answer_arrives_whole() {
        let body = streamed(|mut sink| async move {
            for _ in 0..100 {
                sink.buffer.extend_from_slice(&[b'x'; 10_000]);
                sink.flush_if_full().await?;
            }
            sink.end().await
        });
        assert_eq!(to_bytes(body, usize::MAX).await.unwrap().len(), 1_000_000);
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_does_not_look_whole() {
        let body = streamed(|mut sink| async move {
            sink.buffer.extend_from_slice(b"[1,2,");
            sink.flush().await
        });
        assert!(to_bytes(body, usize::MAX).await.is_err());
    }

    #[tokio::test]
    async fn the_writer_is_dropped_when_the_client_leaves() {
        let (alive, mut dropped) = mpsc::channel::<()>(1);
        let body = streamed(|_sink| async move {
            let _alive = alive;
            std::future::pending().await
        });
        drop(body);
        assert_eq!(dropped.recv().await, None);
    }
}
