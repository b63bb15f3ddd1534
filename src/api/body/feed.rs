//! Hands a request's body to the thread that reads it, and keeps on disk what that thread cannot take yet.
//!
//! A client that reads its answer while it sends is answered as fast as it sends, from memory. One that sends all before
//! it reads holds the answer up, and the thread with it; so that it can come to the end of its sending, what it sends
//! goes into a temporary file meanwhile and is answered from there.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::incoming::Incoming;
use super::sending::CHUNK;
use crate::api::error::{ApiResult, Kind, Problem};

/// How long the thread may take nothing before the disk is used: it is not slow then, but held up.
const HELD_UP: Duration = Duration::from_millis(200);

/// Disk is taken in steps of this many bytes.
const STEP: u64 = 1024 * 1024;

/// The disk that all bodies together may take, in steps of a mebibyte.
#[derive(Clone, Debug)]
pub(crate) struct SpoolRoom(Arc<Semaphore>);

impl SpoolRoom {
    pub(crate) fn new(mebibytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(mebibytes.min(Semaphore::MAX_PERMITS))))
    }
}

/// The thread that read the body has ended.
struct ReaderGone;

/// Sends `first` and then the rest of `incoming` into `chunks`, with the problem that ended it, if one did.
pub(crate) async fn feed(
    first: Vec<Bytes>,
    incoming: Incoming,
    chunks: mpsc::Sender<ApiResult<Bytes>>,
    room: SpoolRoom,
) {
    // With the reader gone nothing is left to do.
    let _ = Feed { incoming, chunks, room }.run(first).await;
}

struct Feed {
    incoming: Incoming,
    chunks: mpsc::Sender<ApiResult<Bytes>>,
    room: SpoolRoom,
}

impl Feed {
    async fn run(mut self, first: Vec<Bytes>) -> Result<(), ReaderGone> {
        for chunk in first {
            self.send(Ok(chunk)).await?;
        }
        loop {
            let next = tokio::select! {
                () = self.chunks.closed() => return Err(ReaderGone),
                next = self.incoming.next() => next,
            };
            let chunk = match next {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(()),
                Err(problem) => return self.send(Err(problem)).await,
            };
            if let Ok(place) = timeout(HELD_UP, self.chunks.reserve()).await {
                place.map_err(|_| ReaderGone)?.send(Ok(chunk));
                continue;
            }
            match self.by_way_of_disk(chunk).await? {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(problem) => return self.send(Err(problem)).await,
            }
        }
    }

    async fn send(&mut self, chunk: ApiResult<Bytes>) -> Result<(), ReaderGone> {
        self.chunks.send(chunk).await.map_err(|_| ReaderGone)
    }

    /// Goes on with the body while its reader is held up, `first` before all, until the reader has all that has come.
    /// Tells whether there may be more.
    async fn by_way_of_disk(&mut self, first: Bytes) -> Result<ApiResult<bool>, ReaderGone> {
        let mut spool = match Spool::new(self.room.clone(), &first) {
            Ok(Some(spool)) => spool,
            // No more disk: the sender waits, as it would without any.
            Ok(None) => return self.send(Ok(first)).await.map(|()| Ok(true)),
            Err(error) => return Ok(Err(failed(&error))),
        };
        let mut incoming = match spool.put(first).await {
            Ok(()) => Ok(true),
            Err(error) => return Ok(Err(failed(&error))),
        };
        while !spool.is_empty() {
            let goes_on = matches!(incoming, Ok(true)) && spool.has_room();
            let moved = tokio::select! {
                place = self.chunks.reserve() => {
                    let place = place.map_err(|_| ReaderGone)?;
                    spool.take().await.map(|chunk| place.send(Ok(chunk)))
                }
                chunk = self.incoming.next(), if goes_on => match chunk {
                    Ok(Some(chunk)) => spool.put(chunk).await,
                    Ok(None) => { incoming = Ok(false); Ok(()) }
                    Err(problem) => { incoming = Err(problem); Ok(()) }
                },
            };
            if let Err(error) = moved {
                return Ok(Err(failed(&error)));
            }
        }
        Ok(incoming)
    }
}

fn failed(error: &io::Error) -> Problem {
    tracing::error!(%error, "a body cannot be kept on disk");
    Problem::new(Kind::Internal)
}

/// Bytes on disk between one who writes and one who reads. The file has no name and is gone with the process.
struct Spool {
    file: Arc<File>,
    written: u64,
    read: u64,
    room: SpoolRoom,
    taken: Vec<OwnedSemaphorePermit>,
}

impl Spool {
    /// `None` when there is no room for `first`.
    fn new(room: SpoolRoom, first: &Bytes) -> io::Result<Option<Self>> {
        let file = Arc::new(tempfile::tempfile()?);
        let mut spool = Self { file, written: 0, read: 0, room, taken: Vec::new() };
        Ok(spool.has_room_for(first.len() as u64).then_some(spool))
    }

    fn is_empty(&self) -> bool {
        self.read == self.written
    }

    /// Tells whether another chunk may come; chunks are well under a step.
    fn has_room(&mut self) -> bool {
        self.has_room_for(STEP)
    }

    fn has_room_for(&mut self, n_bytes: u64) -> bool {
        while self.written + n_bytes > self.taken.len() as u64 * STEP {
            let Ok(step) = Arc::clone(&self.room.0).try_acquire_owned() else {
                tracing::warn!("no disk is left for bodies: those who send all before they read have to wait");
                return false;
            };
            self.taken.push(step);
        }
        true
    }

    async fn put(&mut self, chunk: Bytes) -> io::Result<()> {
        let (file, at, n_bytes) = (Arc::clone(&self.file), self.written, chunk.len() as u64);
        on_a_thread(move || file.write_all_at(&chunk, at)).await?;
        self.written += n_bytes;
        Ok(())
    }

    async fn take(&mut self) -> io::Result<Bytes> {
        let (file, at) = (Arc::clone(&self.file), self.read);
        let n_bytes = (self.written - self.read).min(CHUNK as u64);
        let chunk = on_a_thread(move || {
            let mut chunk = vec![0; usize::try_from(n_bytes).unwrap_or(CHUNK)];
            file.read_exact_at(&mut chunk, at).map(|()| chunk)
        })
        .await?;
        self.read += n_bytes;
        Ok(chunk.into())
    }
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures::stream;

    use super::*;

    fn numbered(n: u32) -> Incoming {
        let chunks = stream::iter((0..n).map(|i| Ok::<_, io::Error>(Bytes::from(vec![i.to_le_bytes()[0]; 10_000]))));
        Incoming::new(Body::from_stream(chunks), usize::MAX, Duration::from_secs(20))
    }

    async fn fed(n: u32, mebibytes: usize, pause: Duration) -> (Vec<u8>, SpoolRoom) {
        let room = SpoolRoom::new(mebibytes);
        let (chunks, mut reader) = mpsc::channel(2);
        let feeding = tokio::spawn(feed(Vec::new(), numbered(n), chunks, room.clone()));
        tokio::time::sleep(pause).await;
        let mut bytes = Vec::new();
        while let Some(chunk) = reader.recv().await {
            bytes.extend_from_slice(&chunk.unwrap());
        }
        feeding.await.unwrap();
        (bytes, room)
    }

    #[tokio::test]
    async fn a_body_comes_whole_and_in_order_however_late_it_is_read() {
        let expected: Vec<u8> = (0..1000_u32).flat_map(|i| vec![i.to_le_bytes()[0]; 10_000]).collect();
        for (mebibytes, pause) in [(64, 0), (64, 600), (3, 600), (0, 600)] {
            let (bytes, room) = fed(1000, mebibytes, Duration::from_millis(pause)).await;
            assert!(bytes == expected, "{mebibytes} MiB, {pause} ms");
            assert_eq!(room.0.available_permits(), mebibytes, "the disk is given back");
        }
    }

    #[tokio::test]
    async fn a_sender_comes_to_its_end_while_nobody_reads_and_disk_is_bounded() {
        let (chunks, _held_up) = mpsc::channel(2);
        let room = SpoolRoom::new(64);
        let (mut incoming, read) = (numbered(1000), Arc::new(std::sync::atomic::AtomicUsize::new(0)));
        let counting = Arc::clone(&read);
        let body = stream::unfold((), move |()| {
            let chunk = futures::executor::block_on(incoming.next()).unwrap();
            counting.fetch_add(chunk.as_ref().map_or(0, Bytes::len), std::sync::atomic::Ordering::SeqCst);
            std::future::ready(chunk.map(|chunk| (Ok::<_, io::Error>(chunk), ())))
        });
        let incoming = Incoming::new(Body::from_stream(body), usize::MAX, Duration::from_secs(20));
        let _ = timeout(Duration::from_secs(3), feed(Vec::new(), incoming, chunks, room)).await;
        assert_eq!(read.load(std::sync::atomic::Ordering::SeqCst), 10_000_000);
    }

    #[tokio::test]
    async fn a_reader_that_is_gone_ends_the_feed() {
        let (chunks, reader) = mpsc::channel(2);
        drop(reader);
        timeout(Duration::from_secs(5), feed(Vec::new(), numbered(10), chunks, SpoolRoom::new(1))).await.unwrap();
    }
}
