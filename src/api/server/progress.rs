//! A connection that must go on: it fails once its caller takes nothing and sends nothing for a while.
//!
//! Only a connection that has something to write is watched. A caller that goes on sending its body without reading is
//! not cut, since it means to read later; bodies have their own deadline.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// `stream`, of which a write fails as timed out when nothing went either way for `patience`.
///
/// Cost: one timer for a connection that is blocked, none for others.
#[derive(Debug)]
pub(super) struct Progressing<S> {
    stream: S,
    patience: Duration,
    /// Runs while a write is blocked.
    blocked: Option<Pin<Box<Sleep>>>,
}

impl<S> Progressing<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, blocked: None }
    }

    /// Passes on what a write came to, or that it has been blocked for too long.
    fn watched<T>(&mut self, written: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.blocked = None;
            return written;
        }
        let patience = self.patience;
        let blocked = self.blocked.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(blocked.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Progressing<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let patience = self.patience;
        if buffer.filled().len() > before
            && let Some(blocked) = &mut self.blocked
        {
            blocked.as_mut().reset(Instant::now() + patience);
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Progressing<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watched(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_takes_nothing_is_given_up_in_time() {
        let (ours, _theirs) = duplex(1024);
        let mut ours = Progressing::new(ours, PATIENCE);
        let begun = Instant::now();
        let failed = ours.write_all(&[0; 5000]).await.unwrap_err();
        assert_eq!((failed.kind(), begun.elapsed().as_secs()), (io::ErrorKind::TimedOut, 20));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_is_served_however_long_it_takes() {
        let (ours, mut theirs) = duplex(1024);
        let mut ours = Progressing::new(ours, PATIENCE);
        let reading = tokio::spawn(async move {
            let mut read = 0;
            while read < 5000 {
                tokio::time::sleep(PATIENCE / 2).await;
                read += theirs.read(&mut [0; 512]).await.unwrap();
            }
        });
        ours.write_all(&[0; 5000]).await.unwrap();
        reading.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_goes_on_sending_is_not_given_up() {
        let (ours, mut theirs) = duplex(1024);
        let (mut reader, mut writer) = tokio::io::split(Progressing::new(ours, PATIENCE));
        let drain = tokio::spawn(async move { while reader.read(&mut [0; 16]).await.is_ok_and(|n| n > 0) {} });
        let write = tokio::spawn(async move { writer.write_all(&[0; 5000]).await });
        for _ in 0..10 {
            tokio::time::sleep(PATIENCE / 2).await;
            theirs.write_all(b"more").await.unwrap();
        }
        theirs.read_exact(&mut [0; 5000]).await.unwrap();
        write.await.unwrap().unwrap();
        drop(theirs);
        drain.await.unwrap();
    }
}
