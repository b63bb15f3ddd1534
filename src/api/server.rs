//! Connections: accepted one by one, bounded in number and patience, ended in good order.
//!
//! hyper is driven directly because `axum::serve` waits for a request's head for ever.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures::future::{Either, ready};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::router::Routes;
use crate::config::LimitSettings;

/// How long answers under way may go on after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// The most bytes of a request's head.
const MAX_HEAD: usize = 64 * 1024;

/// Serves `routes` on `listener` until `stop` is done; answers under way are finished then.
pub async fn serve(listener: TcpListener, routes: Routes, limits: &LimitSettings, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.read_timeout()).max_buf_size(MAX_HEAD);
    let slots = Arc::new(Semaphore::new(limits.connections));
    let (ending, end) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let slot = Arc::clone(&slots).acquire_owned();
        let accepted = async { (slot.await, accept(&listener).await) };
        let (slot, stream) = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accepted => accepted,
        };
        let connection = connection(http.clone(), stream, routes.clone(), end.clone());
        tokio::spawn(async move {
            connection.await;
            drop(slot);
        });
    }
    drop(listener);
    drop(end);
    let _ = ending.send(());
    if tokio::time::timeout(DRAIN, ending.closed()).await.is_err() {
        tracing::warn!("answers under way were cut off after {} s", DRAIN.as_secs());
    }
}

/// Waits for the next connection; a failure (too many open files) is waited out.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn connection(http: http1::Builder, stream: TcpStream, routes: Routes, mut end: watch::Receiver<()>) {
    let answer = hyper::service::service_fn(move |request: Request<Incoming>| {
        if let Some(response) = routes.at_once(&request) {
            return Either::Left(ready(Ok::<_, Infallible>(response)));
        }
        let routes = routes.clone();
        Either::Right(async move { Ok(routes.answer(request.map(Body::new)).await) })
    });
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), answer));
    tokio::select! {
        _ = serving.as_mut() => {}
        _ = end.changed() => {
            serving.as_mut().graceful_shutdown();
            let _ = serving.await;
        }
    }
}
