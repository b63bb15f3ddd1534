//! Connections: accepted one by one, bounded in number and patience, ended in good order.
//!
//! hyper is driven directly because `axum::serve` waits for a request's head for ever. `admission` says who gets a
//! connection, `progress` ends one that stands still.

mod admission;
mod progress;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures::future::{Either, ready};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, watch};

use self::admission::{Admission, Caller, Place, Slot};
use self::progress::Progressing;
use super::body::Lingering;
use super::router::Routes;
use crate::config::LimitSettings;

/// How long answers under way may go on after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// How long a request on a spare connection waits for a slot.
const SPARE_WAIT: Duration = Duration::from_secs(2);

/// The most bytes of a request's head.
const MAX_HEAD: usize = 64 * 1024;

/// Serves `routes` on `listener` until `stop` is done; answers under way are finished then.
pub async fn serve(listener: TcpListener, routes: Routes, limits: &LimitSettings, stop: impl Future<Output = ()>) {
    let admission = Admission::new(limits);
    let (ending, end) = watch::channel(());
    let connections = Connections { limits: limits.clone(), routes, end };
    let mut stop = pin!(stop);
    loop {
        let admitted = async {
            let (stream, peer) = accept(&listener).await;
            admission.place(peer.ip()).await.map(|place| (stream, peer.ip(), place))
        };
        let admitted = tokio::select! {
            biased;
            () = &mut stop => break,
            admitted = admitted => admitted,
        };
        match admitted {
            Some((stream, peer, Place::Slot(slot))) => {
                tokio::spawn(connections.clone().serve(stream, peer, slot));
            }
            Some((stream, peer, Place::Spare(spare, caller))) => {
                tokio::spawn(connections.clone().serve_spare(stream, peer, spare, caller));
            }
            None => {}
        }
    }
    drop(listener);
    drop(connections);
    let _ = ending.send(());
    if tokio::time::timeout(DRAIN, ending.closed()).await.is_err() {
        tracing::warn!("answers under way were cut off after {} s", DRAIN.as_secs());
    }
}

/// Waits for the next connection; a failure (too many open files) is waited out.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// What every connection is served with.
#[derive(Clone)]
struct Connections {
    limits: LimitSettings,
    routes: Routes,
    end: watch::Receiver<()>,
}

impl Connections {
    /// Serves a connection that has a slot, request after request.
    async fn serve(self, stream: TcpStream, peer: IpAddr, slot: Slot) {
        let (routes, heard) = (self.routes.clone(), Heard::default());
        let (hearing, _counted) = (heard.clone(), self.routes.metrics().connected());
        let answer = service_fn(move |request: Request<Incoming>| {
            hearing.note();
            if let Some(response) = routes.at_once(&request) {
                return Either::Left(ready(Ok::<_, Infallible>(response)));
            }
            let routes = routes.clone();
            Either::Right(async move { Ok(routes.answer(bodied(request), peer).await) })
        });
        self.run(&http(&self.limits), stream, answer, self.limits.head_timeout(), heard).await;
        drop(slot);
    }

    /// Serves one request on a connection beyond the limits.
    async fn serve_spare(self, stream: TcpStream, peer: IpAddr, spare: OwnedSemaphorePermit, caller: Caller) {
        let (routes, heard) = (self.routes.clone(), Heard::default());
        let (hearing, held) = (heard.clone(), Arc::new(Mutex::new(Held::Spare(spare))));
        let (holding, _counted) = (Arc::clone(&held), self.routes.metrics().connected_beyond());
        let answer = service_fn(move |request: Request<Incoming>| {
            hearing.note();
            let (routes, caller, holding) = (routes.clone(), caller.clone(), Arc::clone(&holding));
            async move {
                if !Routes::asks_for_health(&request) {
                    match tokio::time::timeout(SPARE_WAIT, caller.slot()).await {
                        Ok(slot) => *holding.lock().unwrap_or_else(PoisonError::into_inner) = Held::Slot(slot),
                        Err(_elapsed) => return Ok::<_, Infallible>(Routes::busy()),
                    }
                }
                Ok(routes.answer(bodied(request), peer).await)
            }
        });
        let mut http = http(&self.limits);
        http.keep_alive(false);
        self.run(&http, stream, answer, self.limits.head_timeout().min(SPARE_WAIT), heard).await;
        drop(held);
    }

    /// Runs a connection until it ends, stands still, or the server is told to stop.
    async fn run<S>(&self, http: &http1::Builder, stream: TcpStream, answer: S, head_timeout: Duration, heard: Heard)
    where
        S: HttpService<Incoming, ResBody = Body, Error = Infallible>,
    {
        let stream = Progressing::new(stream, self.limits.write_timeout());
        let mut end = self.end.clone();
        let mut serving = pin!(http.serve_connection(TokioIo::new(stream), answer));
        tokio::select! {
            _ = serving.as_mut() => {}
            () = heard.nothing_within(head_timeout) => {}
            _ = end.changed() => {
                serving.as_mut().graceful_shutdown();
                let _ = serving.await;
            }
        }
    }
}

/// What a connection beyond the limits keeps until it ends; the spare place is free again once there is a slot.
#[expect(dead_code, reason = "held, not read")]
enum Held {
    Spare(OwnedSemaphorePermit),
    Slot(Slot),
}

/// Whether a connection has sent the head of a request yet.
#[derive(Clone, Default)]
struct Heard(Arc<AtomicBool>);

impl Heard {
    fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Ends when no head has come in time, and never when one has.
    async fn nothing_within(self, patience: Duration) {
        tokio::time::sleep(patience).await;
        if self.0.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }
}

fn http(limits: &LimitSettings) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.read_timeout()).max_buf_size(MAX_HEAD);
    http
}

fn bodied(request: Request<Incoming>) -> Request<Body> {
    request.map(|body| if body.is_end_stream() { Body::empty() } else { Body::new(Lingering::new(body)) })
}
