//! `gridmap serve`: opens the store, follows it, and answers over HTTP until it is stopped.

use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal;

use super::{Exit, Failure};
use crate::api;
use crate::config::{DatabaseSettings, ServeSettings};
use crate::domain::clock::SystemClock;
use crate::domain::{Basemap, Principal};
use crate::format::basemaps;
use crate::service::{Gridmap, follow};

/// Serve the county: the page, the API, and who answers for a point
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    serve: ServeSettings,
}

/// Serves until SIGTERM or ctrl-c; answers under way are finished then.
pub async fn run(args: Args) -> Result<Exit, Failure> {
    let settings = args.serve;
    let basemaps = settings.basemaps.as_deref().map_or_else(|| Ok(Vec::new()), read_basemaps)?;
    let store = super::open(&args.database).await?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| Failure::new(format!("cannot listen on {}: {error}", settings.listen)))?;
    let gridmap = Gridmap::new(Arc::clone(&store), Arc::new(SystemClock));
    let following = tokio::spawn(follow::run(gridmap.clone()));
    let principal = if settings.open { Principal::open() } else { Principal::public() };
    let open = if settings.open { ", open to everyone: for synthetic data only" } else { "" };
    println!("gridmap serves on http://{}{open}", listener.local_addr()?);
    let app = api::App::new(gridmap, principal, settings.limits.clone(), basemaps);
    let address = api::PublicAddress::new(&settings.address);
    let routes = api::Routes::new(app, &settings.embedding_origins());
    let routes = routes.allowing(&settings.allowed_origins()).reached_at(address);
    api::serve(listener, routes, &settings.limits, told_to_stop()).await;
    following.abort();
    store.close().await;
    Ok(Exit::Done)
}

fn read_basemaps(file: &Path) -> Result<Vec<Basemap>, Failure> {
    let said = |what: String| Failure::new(format!("cannot offer the basemaps of {}: {what}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| said(error.to_string()))?;
    basemaps::parse(&text).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        said(faults.join("; "))
    })
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
