//! One point over HTTP, against a bare axum hello and against `ST_Covers` behind the same axum.

use std::fs;

use crate::databases::{Databases, fixture};
use crate::report::{Better, Row};
use crate::serving::peer;
use crate::shared::load;
use crate::shared::server::Server;

/// Requests for the first `n` homes of the county, spread over it.
pub fn paths(n: usize) -> Vec<String> {
    let homes = fs::read_to_string(fixture("houses.csv")).expect("the demo county");
    let positions: Vec<(&str, &str)> = homes
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',').skip(1);
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    let every = positions.len() / n;
    positions.iter().step_by(every).map(|(lon, lat)| format!("/api/locate?lon={lon}&lat={lat}")).collect()
}

/// Requests a second of `/api/locate` over the homes of the county.
pub fn http_locate(databases: &Databases) -> Vec<Row> {
    let paths = paths(5000);
    let paths = paths.as_slice();
    let ours = Server::gridmap(&databases.sqlite);
    let peer = peer(&databases.postgres);
    let renamed = |to: &str| paths.iter().map(|p| p.replace("/api/locate", to)).collect::<Vec<_>>();
    let (hello, st_covers) = (renamed("/hello"), renamed("/st_covers"));
    let [ours, hello, st_covers] =
        load::in_turns([(&ours, paths), (&peer, hello.as_slice()), (&peer, st_covers.as_slice())], "identity");
    let size = "770 grids";
    let row = |unit, ours, peer| Row::new("http_locate", size, unit, Better::Higher, ours, peer);
    vec![
        row("requests/s", ours.requests_per_s, ("hello", hello.requests_per_s)),
        row("requests/cpu_s", ours.requests_per_cpu_s, ("hello", hello.requests_per_cpu_s)),
        row("requests/s", ours.requests_per_s, ("st_covers", st_covers.requests_per_s)),
    ]
}
