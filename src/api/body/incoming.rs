//! Bodies of requests, read while they arrive.
//!
//! A body has a length and a pace. Its sender is in arrears for as long as it is waited for, catches up by what it
//! sends, and is given up when it is behind by the whole patience: a byte a second ends as surely as silence.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use futures::StreamExt as _;
use hyper::body::{Frame, SizeHint};
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};

use crate::api::error::{ApiResult, Kind, Problem};

/// The bytes a second that a body must keep up in the long run.
const PACE: u32 = 8 * 1024;

/// How long the rest of a body is taken that nobody reads, and how long it may stand still meanwhile.
const LINGER: Duration = Duration::from_secs(10);
const LINGER_STILL: Duration = Duration::from_secs(1);

/// A request's body, chunk by chunk; one that is too slow or too long is given up.
#[derive(Debug)]
pub(crate) struct Incoming {
    chunks: BodyDataStream,
    most: usize,
    left: Option<usize>,
    patience: Duration,
    patience_left: Duration,
    /// Since when the next chunk is waited for.
    waiting: Option<Instant>,
}

impl Incoming {
    /// Reads `body` up to `most` bytes. It may be waited for `patience` altogether, and longer the more has come.
    pub(crate) fn new(body: Body, most: usize, patience: Duration) -> Self {
        let is_too_long = body.size_hint().lower() > most as u64;
        let left = (!is_too_long).then_some(most);
        Self { chunks: body.into_data_stream(), most, left, patience, patience_left: patience, waiting: None }
    }

    /// The next chunk, or `None` after the last. May be dropped and called again: the time it waited counts on.
    ///
    /// # Errors
    /// When the body is too long, too slow, breaks off or cannot be unpacked.
    pub(crate) async fn next(&mut self) -> ApiResult<Option<Bytes>> {
        let left = self.left.ok_or_else(|| self.too_long())?;
        let since = *self.waiting.get_or_insert_with(Instant::now);
        let Ok(chunk) = timeout_at(since + self.patience_left, self.chunks.next()).await else {
            return Err(Problem::because(Kind::BodyTimeout, "send it at once, at 8 KiB a second or more"));
        };
        self.waiting = None;
        let broken = "the body broke off, or is not packed as its content-encoding says";
        let Some(chunk) = chunk.transpose().map_err(|_| Problem::because(Kind::InvalidBody, broken))? else {
            return Ok(None);
        };
        let caught_up = Duration::from_secs(chunk.len() as u64) / PACE;
        self.patience_left = (self.patience_left.saturating_sub(since.elapsed()) + caught_up).min(self.patience);
        self.left = left.checked_sub(chunk.len());
        if self.left.is_some() { Ok(Some(chunk)) } else { Err(self.too_long()) }
    }

    /// The next chunks, until they hold `enough` bytes or the body ends.
    ///
    /// # Errors
    /// As for [`Self::next`].
    pub(crate) async fn first(&mut self, enough: usize) -> ApiResult<Vec<Bytes>> {
        let (mut chunks, mut n_bytes) = (Vec::new(), 0);
        while n_bytes < enough
            && let Some(chunk) = self.next().await?
        {
            n_bytes += chunk.len();
            chunks.push(chunk);
        }
        Ok(chunks)
    }

    /// The whole body.
    ///
    /// # Errors
    /// As for [`Self::next`].
    pub(crate) async fn whole(mut self) -> ApiResult<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.next().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    fn too_long(&self) -> Problem {
        Problem::because(Kind::BodyTooLarge, format!("at most {} bytes, unpacked", self.most))
    }
}

/// A body of which the rest is taken for a while, and thrown away, when it is dropped before its end. Many clients hear an
/// answer only after they have sent all: without this they would see the connection break instead.
#[derive(Debug)]
pub(crate) struct Lingering<B: Rest>(Option<B>);

/// A body that can be taken to its end behind everyone's back.
pub(crate) trait Rest: HttpBody<Data = Bytes> + Unpin + Send + 'static {}

impl<B: HttpBody<Data = Bytes> + Unpin + Send + 'static> Rest for B {}

impl<B: Rest> Lingering<B> {
    pub(crate) fn new(body: B) -> Self {
        Self(Some(body))
    }
}

impl<B: Rest> HttpBody for Lingering<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.0.as_mut().map_or(Poll::Ready(None), |body| Pin::new(body).poll_frame(cx))
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or_else(SizeHint::default, HttpBody::size_hint)
    }
}

impl<B: Rest> Drop for Lingering<B> {
    fn drop(&mut self) {
        let unread = self.0.take().filter(|body| !body.is_end_stream());
        if let (Some(body), Ok(runtime)) = (unread, Handle::try_current()) {
            runtime.spawn(timeout(LINGER, drain(body)));
        }
    }
}

async fn drain<B: Rest>(mut body: B) {
    let mut frame = async || std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
    while let Ok(Some(Ok(_))) = timeout(LINGER_STILL, frame()).await {}
}

#[cfg(test)]
mod tests {
    use futures::stream;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    /// A body of `n` chunks of `size` bytes, one every `pause`.
    fn paced(n: usize, size: usize, pause: Duration) -> Body {
        Body::from_stream(stream::unfold(0, move |i| async move {
            if i == n {
                return None;
            }
            tokio::time::sleep(pause).await;
            Some((Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; size])), i + 1))
        }))
    }

    async fn read(body: Body, most: usize) -> Result<usize, Kind> {
        Incoming::new(body, most, PATIENCE).whole().await.map(|bytes| bytes.len()).map_err(|problem| problem.kind())
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_a_second_is_given_up_as_silence_is() {
        for (size, pause) in [(1, 1), (1000, 1), (1_000_000, 21)] {
            let begun = Instant::now();
            let body = paced(100_000, size, Duration::from_secs(pause));
            assert_eq!(read(body, usize::MAX).await, Err(Kind::BodyTimeout), "{size} bytes every {pause} s");
            assert!(begun.elapsed() < PATIENCE * 2, "{:?}", begun.elapsed());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_body_may_take_its_time_if_it_keeps_its_pace() {
        let hour = paced(3600, 10_000, Duration::from_secs(1));
        assert_eq!(read(hour, usize::MAX).await, Ok(36_000_000));
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_we_take_ourselves_is_not_the_sender_s() {
        let mut incoming = Incoming::new(paced(50, 10, Duration::ZERO), usize::MAX, PATIENCE);
        while incoming.next().await.unwrap().is_some() {
            tokio::time::sleep(PATIENCE).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn asking_again_and_again_does_not_lengthen_the_wait() {
        let mut incoming = Incoming::new(paced(1, 1, PATIENCE * 3), usize::MAX, PATIENCE);
        let begun = Instant::now();
        let ended = loop {
            if let Ok(ended) = timeout(Duration::from_secs(1), incoming.next()).await {
                break ended;
            }
        };
        assert_eq!(ended.unwrap_err().kind(), Kind::BodyTimeout);
        assert!(begun.elapsed() < PATIENCE * 2);
    }

    #[tokio::test]
    async fn a_body_is_refused_by_its_stated_length_before_it_comes_and_by_its_real_one() {
        assert_eq!(read(Body::from(vec![0; 1001]), 1000).await, Err(Kind::BodyTooLarge));
        assert_eq!(read(paced(11, 100, Duration::ZERO), 1000).await, Err(Kind::BodyTooLarge));
        assert_eq!(read(paced(10, 100, Duration::ZERO), 1000).await, Ok(1000));
    }
}
