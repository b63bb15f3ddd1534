//! `gridmap serve`: opens the store, follows it, and answers over HTTP until told to stop.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal;

use crate::api;
use crate::config::{DatabaseSettings, ServeSettings};
use crate::domain::Principal;
use crate::domain::clock::SystemClock;
use crate::service::{Gridmap, follow};
use crate::store;

/// Serve the county: the page, the API, and who answers for a point
#[derive(Args, Clone, Debug)]
pub struct Serve {
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    serve: ServeSettings,
}

impl Serve {
    /// Serves until SIGTERM or ctrl-c; answers under way are finished then.
    pub async fn run(self) -> ExitCode {
        let store = match store::open(&self.database.database).await {
            Ok(store) => store,
            Err(error) => return failed(&error),
        };
        let listener = match TcpListener::bind(self.serve.listen).await {
            Ok(listener) => listener,
            Err(error) => {
                eprintln!("gridmap cannot listen on {}: {error}", self.serve.listen);
                return ExitCode::FAILURE;
            }
        };
        let gridmap = Gridmap::new(store, Arc::new(SystemClock));
        let following = tokio::spawn(follow::run(gridmap.clone()));
        let principal = if self.serve.open { Principal::Open } else { Principal::Public };
        if let Ok(address) = listener.local_addr() {
            let open = if self.serve.open { ", open to everyone: for synthetic data only" } else { "" };
            println!("gridmap serves on http://{address}{open}");
        }
        let app = api::App::new(gridmap, principal, self.serve.limits.clone());
        api::serve(listener, api::router(app), &self.serve.limits, told_to_stop()).await;
        following.abort();
        ExitCode::SUCCESS
    }
}

/// Prints an error with all its causes: here the reader is whoever runs the server.
fn failed(error: &dyn std::error::Error) -> ExitCode {
    eprint!("gridmap: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprint!(": {error}");
        cause = error.source();
    }
    eprintln!();
    ExitCode::FAILURE
}

async fn told_to_stop() {
    let interrupt = async { signal::ctrl_c().await.is_ok() };
    let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) else {
        interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
