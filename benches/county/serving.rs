//! What starting the server and keeping it costs.

use std::process::Command;

use crate::databases::Databases;
use crate::report::{Better, Row};
use crate::shared::load;
use crate::shared::server::Server;

/// Starts this program as the peers' server over a PostGIS database.
pub fn peer(database: &str) -> Server {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.env("PEER_DATABASE", database).arg("peer");
    Server::spawn(command, "/readyz")
}

/// From spawning the process to `/readyz` 200, the county already stored.
pub fn start(databases: &Databases) -> Vec<Row> {
    let best = |new: &dyn Fn() -> Server| (0..5).map(|_| new().start_s).fold(f64::INFINITY, f64::min);
    let hello = best(&|| peer(&databases.postgres));
    let row = |size, database: &str| {
        Row::new("start", size, "s", Better::Lower, best(&|| Server::gridmap(database)), ("hello", hello))
    };
    vec![row("county, SQLite", &databases.sqlite), row("county, PostGIS", &databases.postgres)]
}

/// The server's peak memory with the county, after a thousand answers and every collection read once.
pub fn memory(databases: &Databases) -> Vec<Row> {
    let paths = crate::locate::paths(1000);
    let hello = peer(&databases.postgres);
    let server = Server::gridmap(&databases.sqlite);
    load::in_turns([(&server, paths.as_slice()), (&hello, paths.as_slice())], "identity");
    let pages: Vec<String> = ["grids", "households", "incidents", "holders", "duties", "service_points"]
        .map(|name| format!("/api/collections/{name}/items?limit=10000"))
        .to_vec();
    load::in_turns([(&server, pages.as_slice())], "identity");
    vec![Row::new("memory", "county, SQLite", "MB", Better::Lower, server.peak_mb(), ("hello", hello.peak_mb()))]
}
