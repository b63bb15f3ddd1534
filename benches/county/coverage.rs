//! The figures of all groups of the county for 64 clients at once, against the same where each asks for another moment, so
//! that every answer is made by itself.

use crate::databases::Databases;
use crate::report::{Better, Row};
use crate::shared::load;
use crate::shared::server::Server;

const N_CLIENTS: u32 = 64;

/// More moments than are asked for while answers are kept.
const N_MOMENTS: u32 = 20_000;

pub fn coverage(databases: &Databases) -> Vec<Row> {
    let server = Server::gridmap(&databases.sqlite);
    let whole = "/api/coverage?level=group".to_owned();
    let moment = |n: u32| format!("{whole}&at=2026-02-{:02}T{:02}:{:02}:00Z", 1 + n / 1440, n / 60 % 24, n % 60);
    let each: Vec<String> = (0..N_MOMENTS).map(moment).collect();
    let sides = [(&server, std::slice::from_ref(&whole), load::SECONDS), (&server, each.as_slice(), load::SECONDS)];
    let [shared, each] = load::in_turns_of(sides, "identity", N_CLIENTS);
    let row = |unit, ours, peer| Row::new("coverage", "1995 groups, 64 clients", unit, Better::Higher, ours, peer);
    vec![
        row("requests/s", shared.requests_per_s, ("each made", each.requests_per_s)),
        row("requests/cpu_s", shared.requests_per_cpu_s, ("each made", each.requests_per_cpu_s)),
    ]
}
